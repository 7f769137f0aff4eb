import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Problems } from '../../private/checks';
import type { PythonPackagesConfig, PythonPackagesTarget } from '../python-packages';

/** Where packages come from: an installer, a directory or an archive. */
export interface PackagesOrigin {
  readonly isVirtualEnvironment?: boolean;

  /** What is wrong with the packages for these workers, before anything is created. */
  problems(prop: string, target: PythonPackagesTarget): Problems;

  /** Makes what the packages need, such as an asset and the permission to read it. */
  bind(scope: Construct, grantee: IGrantable, target: PythonPackagesTarget): PythonPackagesConfig;
}
