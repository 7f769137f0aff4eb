import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Architecture } from '../application/architecture';
import type { EmrRelease } from '../application/emr-release';

/**
 * What is known of the workers that import the packages.
 */
export interface PythonPackagesTarget {
  /**
   * The release of Amazon EMR of the application.
   *
   * @default - the release is not known
   */
  readonly release?: EmrRelease;

  /**
   * The processor architecture of the workers.
   *
   * @default - the architecture is not known
   */
  readonly architecture?: Architecture;

  /**
   * Whether the workers have an image of their own, which may have another Python than the release.
   *
   * @default false
   */
  readonly customImage?: boolean;
}

/**
 * How a job finds Python packages.
 */
export interface PythonPackagesConfig {
  /**
   * The URI of the archive with the packages, `s3://<bucket>/<key>`.
   */
  readonly archiveUri: string;

  /**
   * Whether the archive is a virtual environment, whose interpreter runs the job. If it is not, the packages are at the root of the
   * archive.
   *
   * @default false
   */
  readonly virtualEnvironment?: boolean;

  /**
   * The URIs of more modules, such as those of the project itself.
   *
   * @default - no more modules
   */
  readonly pythonFileUris?: string[];
}

/**
 * Python packages that a job imports.
 */
export abstract class PythonPackages {
  /**
   * Makes the packages available to a principal.
   *
   * @param scope the construct that uses the packages
   * @param grantee the principal to grant the permission to read the packages to, which is the execution role of the job
   * @param target what is known of the workers
   */
  public abstract bind(scope: Construct, grantee: IGrantable, target: PythonPackagesTarget): PythonPackagesConfig;

  /**
   * Whether the packages are a virtual environment.
   *
   * @internal
   */
  public get _isVirtualEnvironment(): boolean {
    return false;
  }

  /**
   * What is wrong with the packages for these workers, before anything is created.
   *
   * @internal
   */
  public _problems(_prop: string, _target: PythonPackagesTarget): string[] {
    return [];
  }
}
