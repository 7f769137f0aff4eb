import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Problems } from '../../private/checks';
import type { SparkCodeUse } from '../spark-code';

/** Where code is: on this machine, in a bucket or in an image. */
export interface CodeLocation {
  /** The path or the key, whose end tells what the code is. Nobody knows what bundling makes. */
  readonly fileName: string | undefined;

  /** What is wrong with the code for this use, before anything is created. */
  problems(prop: string, use: SparkCodeUse): Problems;

  /** Makes what the code needs, such as an asset or a permission, and returns its URI. */
  bind(scope: Construct, grantee: IGrantable, use: SparkCodeUse): string;
}
