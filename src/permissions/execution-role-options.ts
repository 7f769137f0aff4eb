import { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Duration } from 'aws-cdk-lib/core';

/**
 * The options of an execution role.
 */
export interface ExecutionRoleOptions {
  /**
   * The name of the role: 1 to 64 characters of `A-Za-z0-9+=,.@_-`.
   *
   * @default - CloudFormation generates a name
   */
  readonly roleName?: string;

  /**
   * The path of the role: `/`, or 2 to 512 characters of ASCII that begin and end with a slash, without spaces, `*`, `?` and `${`.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-friendly-names
   * @default '/'
   */
  readonly path?: string;

  /**
   * The description of the role: 1 to 1000 characters of Latin-1.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * The managed policies to attach to the role.
   *
   * @default - no managed policies
   */
  readonly managedPolicies?: IManagedPolicy[];

  /**
   * The permissions boundary. It limits what the role may do, whatever its policies allow.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
   * @default - no permissions boundary
   */
  readonly permissionsBoundary?: IManagedPolicy;

  /**
   * The maximum duration of a session of the role: 1 to 12 hours, in whole seconds.
   *
   * @default Duration.hours(1)
   */
  readonly maxSessionDuration?: Duration;

  /**
   * Whether to grant the role the permissions to write the logs and metrics of its applications. Set it to `false` if a managed policy of
   * the role already has these permissions. `grants.writeLogs(managedPolicy)` grants them to a managed policy.
   *
   * @default true
   */
  readonly grantLogging?: boolean;
}
