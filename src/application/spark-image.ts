import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { DockerImageAsset, DockerImageAssetOptions, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import { aws_ecr } from 'aws-cdk-lib/interfaces';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import { Architecture } from './architecture';
import { BaseImage, baseImage } from './private/dockerfiles';
import { allowImageRetrieval } from '../permissions/private/resource-policies';
import { isLiteral, Problems, shown } from '../private/checks';
import { partProblems } from '../private/environments';
import { whichDoesNotExist } from '../private/paths';
import { instance, plainCopy, read, Reader, text } from '../private/reading';
import { checkWhenRendered } from '../private/rendered';
import { refuse, ValidationError } from '../private/validation-error';

/**
 * A container image for the workers of an application. It is in a private repository of Amazon ECR in the Region of the application.
 *
 * Build the image from an image of EMR Serverless for the same release and architecture, such as
 * `public.ecr.aws/emr-serverless/spark/emr-7.14.0:latest`, and end its Dockerfile with `USER hadoop:hadoop`. Custom images need release
 * emr-6.9.0 or emr-spark-8.0-preview, or a later one.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/application-custom-image.html
 */
export abstract class SparkImage {
  /**
   * Uses an image in a repository of Amazon ECR.
   *
   * The policy of an `ecr.Repository` of your CDK app gets the statement that lets EMR Serverless pull images. The library cannot change
   * the policy of a `CfnRepository` or of an imported repository. A warning then shows the statement to add.
   *
   * @param repository the repository of the image
   * @param tagOrDigest the tag of the image (1 to 300 characters of `A-Za-z0-9-._`, and no `-` or `.` at the start), or its digest
   *   (`sha256:` and 64 hexadecimal digits). The default is the tag `latest`
   */
  public static fromEcrRepository(repository: aws_ecr.IRepositoryRef, tagOrDigest: string = 'latest'): SparkImage {
    read(undefined, '', 'repository', repository, ecrRepository);
    read(undefined, '', 'tagOrDigest', tagOrDigest, text);
    refuse(undefined, '', tagOrDigestProblems(tagOrDigest));
    return new EcrImage(repository, tagOrDigest);
  }

  /**
   * Builds an image from a Dockerfile when the app is deployed. The image is built for the architecture of the application, unless the
   * options name another platform.
   *
   * The environment must be bootstrapped with version 27 or later of CDK's bootstrap template. From this version on, the repository for
   * assets lets EMR Serverless pull images.
   *
   * @param directory the directory of the Dockerfile
   * @param options the options of the build
   */
  public static fromAsset(directory: string, options: DockerImageAssetOptions = {}): SparkImage {
    return new AssetImage(read(undefined, '', 'directory', directory, text), read(undefined, '', 'options', options, assetOptions));
  }

  /**
   * Uses an image by its URI. The policy of its repository must let EMR Serverless pull images.
   *
   * @param imageUri the URI of the image, `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>`, or with `@sha256:…` in place of
   *   the tag. It has at most 1024 characters
   */
  public static fromUri(imageUri: string): SparkImage {
    return new UriImage(read(undefined, '', 'imageUri', imageUri, text));
  }

  /** Use the static methods to get an image. */
  protected constructor() {}

  /**
   * The reasons why an application in this stack, with workers of this architecture, cannot use the image.
   *
   * @internal
   */
  public abstract _problems(prop: string, stack: Stack, architecture: Architecture): Problems;

  /**
   * The label of the release that the image is known to be built for.
   *
   * @internal
   */
  public _releaseLabel(): string | undefined {
    return undefined;
  }

  /**
   * Makes what the image needs, such as an asset or a policy, and returns the URI of the image.
   *
   * @internal
   */
  public abstract _bind(scope: Construct, id: string, architecture: Architecture): string;
}

const assetOptions: Reader<DockerImageAssetOptions> = (prop, value, problems) => {
  const options = plainCopy(prop, value, problems) as DockerImageAssetOptions | undefined;
  if (options?.file !== undefined) { text(`${prop}.file`, options.file, problems); }
  return options;
};

const ecrRepository = instance<aws_ecr.IRepositoryRef>('a repository of Amazon ECR', 'repositoryRef', 'node', 'env');

function tagOrDigestProblems(tagOrDigest: string): Problems {
  return !isLiteral(tagOrDigest) || /^([a-zA-Z0-9_][a-zA-Z0-9-._]{0,299}|sha256:[0-9a-f]{64})$/.test(tagOrDigest) ? []
    : ['`tagOrDigest` must be a tag (1 to 300 characters of A-Z a-z 0-9 - . _, not starting with - or .)'
      + ` or a digest (sha256: and 64 hexadecimal digits), got: ${shown(tagOrDigest)}`];
}

class EcrImage extends SparkImage {
  public constructor(private readonly repository: aws_ecr.IRepositoryRef, private readonly tagOrDigest: string) {
    super();
  }

  public _problems(prop: string, stack: Stack): Problems {
    return partProblems(prop, 'Region', this.repository.env.region, stack.region);
  }

  public _bind(scope: Construct): string {
    allowImageRetrieval(scope, this.repository);
    checkWhenRendered(scope, this.tagOrDigest, tagOrDigestProblems);
    const { repositoryArn, repositoryName } = this.repository.repositoryRef;
    const stack = Stack.of(this.repository);
    const { account, region } = stack.splitArn(repositoryArn, ArnFormat.SLASH_RESOURCE_NAME);
    const separator = this.tagOrDigest.startsWith('sha256:') ? '@' : ':';
    return `${account}.dkr.ecr.${region}.${stack.urlSuffix}/${repositoryName}${separator}${this.tagOrDigest}`;
  }
}

class AssetImage extends SparkImage {
  private baseImage?: BaseImage;

  public constructor(private readonly directory: string, private readonly options: DockerImageAssetOptions) {
    super();
    const dockerfile = join(directory, options.file ?? 'Dockerfile');
    if (!existsSync(dockerfile)) {
      const what = existsSync(directory) ? ` without ${shown(options.file ?? 'Dockerfile')}` : whichDoesNotExist(directory);
      throw new ValidationError([`\`directory\` must have a Dockerfile, got: ${shown(directory)}${what}`]);
    }
  }

  public _problems(prop: string, _: Stack, architecture: Architecture): Problems {
    const { platform } = this.options;
    return [
      ...platform ? platformProblems(`the platform of \`${prop}\``, platform.platform, architecture) : [],
      ...platformProblems(`the platform in the Dockerfile of \`${prop}\``, this.base().platform, architecture),
    ];
  }

  public override _releaseLabel(): string | undefined {
    return this.base().release;
  }

  private base(): BaseImage {
    const { buildContexts, file = 'Dockerfile', target } = this.options;
    // a build context can stand in place of an image
    this.baseImage ??= buildContexts ? {} : baseImage(readFileSync(join(this.directory, file), 'utf8'), target);
    return this.baseImage;
  }

  public _bind(scope: Construct, id: string, architecture: Architecture): string {
    return new DockerImageAsset(scope, id, {
      ...this.options,
      directory: this.directory,
      platform: this.options.platform ?? (architecture === Architecture.ARM64 ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64),
    }).imageUri;
  }
}

const MACHINES: { [architecture in Architecture]: string[] } = {
  [Architecture.ARM64]: ['arm64', 'aarch64'],
  [Architecture.X86_64]: ['amd64', 'x86_64', 'x86-64'],
};

/** A platform is `<operating system>/<machine>`, with more behind it, or a list of such. */
function platformProblems(what: string, platform: string | undefined, architecture: Architecture): Problems {
  const parts = isLiteral(platform) && isLiteral(architecture) ? platform.toLowerCase().split(/[/,]/) : undefined;
  return !parts || parts.some((part) => MACHINES[architecture].includes(part))
    ? []
    : [`${what} must be the architecture of the application, ${architecture}, got: ${shown(platform)}`];
}

const TAG_OR_DIGEST = '(:[a-zA-Z0-9_][a-zA-Z0-9-._]{0,299}|@sha256:[0-9a-f]{64})';
const HOST = '\\d{12}\\.(dkr\\.ecr|dkr-ecr)(?:-fips)?\\.([a-z0-9-]+)\\.([a-z0-9.-]+)';
const URI = new RegExp(`^${HOST}/[a-z0-9]+([._/-][a-z0-9]+)*${TAG_OR_DIGEST}$`);

/** The domains of the endpoints with IPv4 and IPv6. */
const DUAL_STACK_DOMAINS = ['on.aws', 'on.amazonwebservices.com.cn'];

/**
 * The Region of a private repository, from the URI of an image in it.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/ecr.html
 */
function regionOf(imageUri: string): string | undefined {
  const [, endpoint, region, domain] = URI.exec(imageUri) ?? [];
  const domains = endpoint === 'dkr-ecr' ? DUAL_STACK_DOMAINS : RegionInfo.regions.map(({ domainSuffix }) => domainSuffix);
  return domains.includes(domain) ? region : undefined;
}

function uriProblems(imageUri: string): Problems {
  return !isLiteral(imageUri) || (imageUri.length <= 1024 && regionOf(imageUri) !== undefined) ? []
    : ['`imageUri` must name an image of a private ECR repository with a tag or digest'
      + ` (<account>.dkr.ecr.<region>.<domain>/<repository>:<tag>), got: ${shown(imageUri)}`];
}

class UriImage extends SparkImage {
  public constructor(private readonly imageUri: string) {
    super();
    refuse(undefined, '', uriProblems(imageUri));
  }

  public _problems(prop: string, stack: Stack): Problems {
    const region = regionOf(this.imageUri);
    return region === undefined ? [] : partProblems(prop, 'Region', region, stack.region);
  }

  public _bind(scope: Construct): string {
    checkWhenRendered(scope, this.imageUri, uriProblems);
    return this.imageUri;
  }
}
