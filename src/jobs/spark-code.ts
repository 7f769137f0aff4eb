import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/**
 * What a job uses code for. It decides which files are allowed, and how a directory is packed.
 */
export enum SparkCodeUse {
  /** The program of the job. */
  ENTRY_POINT = 'entryPoint',
  /** Modules of Python that drivers and executors can import. */
  PYTHON_FILES = 'pythonFiles',
  /** JARs on the class path of drivers and executors. */
  JARS = 'jars',
  /** Files in the working directory of drivers and executors. */
  FILES = 'files',
  /** Archives that Spark unpacks in the working directory of drivers and executors. */
  ARCHIVES = 'archives',
}

/**
 * Where a job finds code.
 */
export interface SparkCodeConfig {
  /**
   * The URI of the object in S3, `s3://<bucket>/<key>`, or the path in the image.
   */
  readonly uri: string;
}

/**
 * A file for a job: its program, a module, a JAR, an archive or a file with data.
 */
export abstract class SparkCode {
  /**
   * Makes the code available to a principal.
   *
   * @param scope the construct that uses the code
   * @param grantee the principal to grant the permission to read the code to, which is the execution role of the job
   * @param use what the code is used for
   */
  public abstract bind(scope: Construct, grantee: IGrantable, use: SparkCodeUse): SparkCodeConfig;

  /**
   * What is wrong with the code for this use, before anything is created.
   *
   * @internal
   */
  public _problems(_prop: string, _use: SparkCodeUse): string[] {
    return [];
  }
}
