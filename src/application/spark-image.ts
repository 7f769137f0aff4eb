import * as fs from 'fs';
import * as path from 'path';
import { IRepository } from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, DockerImageAssetOptions, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Architecture } from './architecture';
import { allowImageRetrieval } from '../permissions/private/resource-policies';
import { differ, isLiteral, Problems, shown } from '../private/checks';
import { ValidationError } from '../private/validation-error';

/**
 * A container image for the workers of an application, in a private repository of Amazon ECR in the application's Region.
 *
 * It is built on an image of EMR Serverless for the same release and architecture, such as
 * `public.ecr.aws/emr-serverless/spark/emr-7.14.0:latest`, and ends with `USER hadoop:hadoop`. From release emr-6.9.0 and emr-spark-8.0-preview on.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/application-custom-image.html
 */
export abstract class SparkImage {
  /**
   * An image of a repository. A repository of this app gets the statement that lets EMR Serverless pull from it; an imported one needs it by hand.
   *
   * @param repository the repository
   * @param tagOrDigest the tag, or the digest that starts with `sha256:`, or nothing for the tag `latest`
   */
  public static fromEcrRepository(repository: IRepository, tagOrDigest: string = 'latest'): SparkImage {
    if (isLiteral(tagOrDigest) && !/^([a-zA-Z0-9_][a-zA-Z0-9-._]{0,299}|sha256:[0-9a-f]{64})$/.test(tagOrDigest)) {
      throw new ValidationError('`tagOrDigest` must be a tag (1 to 300 characters of A-Z a-z 0-9 - . _, not starting with - or .)'
        + ` or a digest (sha256: and 64 hexadecimal digits), got: ${shown(tagOrDigest)}`);
    }
    return new EcrImage(repository, tagOrDigest);
  }

  /**
   * An image that is built from a Dockerfile when the app is deployed, for the application's architecture unless the options say otherwise.
   *
   * The environment must be bootstrapped with version 27 or later of the bootstrap template: that repository lets EMR Serverless pull from it.
   *
   * @param directory where the Dockerfile is
   * @param options how to build it
   */
  public static fromAsset(directory: string, options: DockerImageAssetOptions = {}): SparkImage {
    return new AssetImage(directory, options);
  }

  /**
   * An image by its URI. The repository's policy must let EMR Serverless pull from it.
   *
   * @param imageUri `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>`, or `@sha256:…` in place of the tag
   */
  public static fromUri(imageUri: string): SparkImage {
    return new UriImage(imageUri);
  }

  /** Images come from the static methods. */
  protected constructor() {}

  /**
   * What keeps an application in this stack from using it.
   *
   * @internal
   */
  public abstract _problems(prop: string, stack: Stack): Problems;

  /**
   * The URI, once what it takes is in place.
   *
   * @internal
   */
  public abstract _bind(scope: Construct, id: string, architecture: Architecture): string;
}

class EcrImage extends SparkImage {
  public constructor(private readonly repository: IRepository, private readonly tagOrDigest: string) {
    super();
  }

  public _problems(prop: string, stack: Stack): Problems {
    return regionProblems(prop, this.repository.env.region, stack);
  }

  public _bind(scope: Construct): string {
    allowImageRetrieval(scope, this.repository);
    return this.repository.repositoryUriForTagOrDigest(this.tagOrDigest);
  }
}

class AssetImage extends SparkImage {
  public constructor(private readonly directory: string, private readonly options: DockerImageAssetOptions) {
    super();
    const dockerfile = path.join(directory, options.file ?? 'Dockerfile');
    if (!fs.existsSync(dockerfile)) {
      throw new ValidationError(`\`directory\` must have a Dockerfile, got: ${shown(directory)} without ${shown(options.file ?? 'Dockerfile')}`);
    }
  }

  public _problems(): Problems {
    return [];
  }

  public _bind(scope: Construct, id: string, architecture: Architecture): string {
    return new DockerImageAsset(scope, id, {
      ...this.options,
      directory: this.directory,
      platform: this.options.platform ?? (architecture === Architecture.ARM64 ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64),
    }).imageUri;
  }
}

class UriImage extends SparkImage {
  private readonly region?: string;

  public constructor(private readonly imageUri: string) {
    super();
    if (!isLiteral(imageUri)) { return; }

    const [match, region] = /^\d{12}\.dkr\.ecr\.([a-z0-9-]+)\.[a-z0-9.-]+\/[a-z0-9]+(?:[._/-][a-z0-9]+)*(?::[a-zA-Z0-9_][a-zA-Z0-9-._]{0,299}|@sha256:[0-9a-f]{64})$/
      .exec(imageUri) ?? [];
    if (!match || imageUri.length > 1024) {
      throw new ValidationError('`imageUri` must name an image of a private ECR repository with a tag or digest'
        + ` (<account>.dkr.ecr.<region>.<domain>/<repository>:<tag>), got: ${shown(imageUri)}`);
    }
    this.region = region;
  }

  public _problems(prop: string, stack: Stack): Problems {
    return this.region === undefined ? [] : regionProblems(prop, this.region, stack);
  }

  public _bind(): string {
    return this.imageUri;
  }
}

function regionProblems(prop: string, region: string, stack: Stack): Problems {
  return differ(region, stack.region)
    ? [`\`${prop}\` must be in a repository of the application's Region ${stack.region}, got: one of ${region}`]
    : [];
}
