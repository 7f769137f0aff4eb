import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { AssetOptions } from 'aws-cdk-lib/aws-s3-assets';
import { aws_s3 } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import { AssetCode } from './private/asset-code';
import { BucketCode } from './private/bucket-code';
import { CodeLocation } from './private/code-location';
import { ImageCode } from './private/image-code';
import { grantable } from '../permissions/private/grant';
import { construct, oneOf, read } from '../private/reading';
import { refuse } from '../private/validation-error';

/**
 * What a job uses code for. It decides which files are allowed, and how a directory is packed.
 */
export enum SparkCodeUse {
  /** The program of the job: a .py or .jar file, or a path in the image. */
  ENTRY_POINT = 'entryPoint',
  /** Modules of Python that drivers and executors can import: .py, .zip and .egg files, and directories. */
  PYTHON_FILES = 'pythonFiles',
  /** JARs on the class path of drivers and executors. */
  JARS = 'jars',
  /** Files in the working directory of drivers and executors. A file has the name of its object there. */
  FILES = 'files',
  /** Archives that Spark unpacks in the working directory of drivers and executors: .zip, .tgz, .tar.gz and .jar files, and directories. */
  ARCHIVES = 'archives',
}

/**
 * Where a job finds code.
 */
export interface SparkCodeConfig {
  /**
   * The URI of the object in S3, `s3://<bucket>/<key>`, or the path in the image. It must not contain blanks, double quotes, backslashes,
   * commas or `#`.
   */
  readonly uri: string;
}

/**
 * A file for a job: its program, a module, a JAR, an archive or a file with data.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html
 */
export abstract class SparkCode {
  /**
   * Uploads a file or a directory of this machine when the app is deployed.
   *
   * CDK names the object by a hash and the suffix of the file. In `files`, the job finds the file under this name. A directory becomes a
   * `.zip` file. A `.tar.gz` file is named `.tgz`, because CDK would name it `.gz`, which Spark does not unpack.
   *
   * Python imports `pythonFiles` by their own names. A package, which is a directory that holds `__init__.py`, and a `.py` file are zipped
   * under their own names: `import common` imports the directory `common` or the file `common.py`. Any other directory is zipped by its
   * content: `import common` imports the directory `common` in it. `__pycache__` and names that start with a dot are left out.
   * `exclude: ['!.name']` keeps one of them.
   *
   * The job may read this object only, not the other assets. If CDK's bootstrap template has made a KMS key for its bucket, the policy of
   * the key lets all principals of the account decrypt what they may read. If you have given the bucket a key of your own, grant
   * kms:Decrypt on it.
   *
   * Jobs of the same stack can share one `SparkCode` from this method. Call the method again for another stack.
   *
   * @param path the path of the file or of the directory
   * @param options the options of the asset. With `bundling`, the path is that of the input directory, and what bundling makes is uploaded
   *   as it is. `deployTime`, `readers` and `sourceKMSKey` cannot be used
   */
  public static fromAsset(path: string, options: AssetOptions = {}): SparkCode {
    return new LocatedCode(new AssetCode(path, options));
  }

  /**
   * Uses an object in a bucket. Something else puts it there before the job runs.
   *
   * The job may read this object only. If the bucket has a KMS key, the job may decrypt with it. If the library does not know this key, it
   * warns you. Grant the key yourself then.
   *
   * @param bucket the bucket, which is best in the account and Region of the job
   * @param key the key of the object: 1 to 1024 bytes, without blanks, control characters and `` ,#*?"\^`|<>[]{} ``. The parts that its
   *   slashes separate must not be empty, `.` or `..`
   */
  public static fromBucket(bucket: aws_s3.IBucketRef, key: string): SparkCode {
    return new LocatedCode(new BucketCode(bucket, key));
  }

  /**
   * Uses a file in the image of the workers. Nothing is granted.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/application-custom-image.html
   * @param path the absolute path of the file, such as `/usr/lib/spark/examples/jars/spark-examples.jar`, or a URI `local:///…`. It has at
   *   most 4096 characters, without blanks, control characters, commas and `#`
   */
  public static fromImage(path: string): SparkCode {
    return new LocatedCode(new ImageCode(path));
  }

  /**
   * Makes the code available to a principal. A principal that cannot have a policy, such as an imported role of another account, gets no
   * permission. Its owner must grant it s3:GetObject on the object.
   *
   * Code from `fromAsset()` and `fromBucket()` grants
   *
   * - `s3:GetObject` on the object
   * - `kms:Decrypt` on the KMS key of the bucket, if the library knows the key
   *
   * @param scope the construct that uses the code
   * @param grantee the principal to grant the permission to read the code to, which is the execution role of the job
   * @param use what the code is used for
   */
  public abstract bind(scope: Construct, grantee: IGrantable, use: SparkCodeUse): SparkCodeConfig;

  /**
   * The path or the key of the code. It is undefined for a class of the user's own, and for what bundling makes.
   *
   * @internal
   */
  public get _fileName(): string | undefined {
    return undefined;
  }

  /**
   * What is wrong with the code for this use, before anything is created.
   *
   * @internal
   */
  public _problems(_prop: string, _use: SparkCodeUse): string[] {
    return [];
  }
}

/** Code whose location is one of the library. */
class LocatedCode extends SparkCode {
  public constructor(private readonly location: CodeLocation) {
    super();
  }

  public bind(scope: Construct, grantee: IGrantable, use: SparkCodeUse): SparkCodeConfig {
    read(undefined, '', 'scope', scope, construct);
    read(scope, '', 'grantee', grantee, grantable);
    read(scope, '', 'use', use, oneOf(SparkCodeUse));
    refuse(scope, '', this._problems(use, use));
    return { uri: this.location.bind(scope, grantee, use) };
  }

  public override get _fileName(): string | undefined {
    return this.location.fileName;
  }

  public override _problems(prop: string, use: SparkCodeUse): string[] {
    return this.location.problems(prop, use);
  }
}
