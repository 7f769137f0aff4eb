import { IManagedPolicy } from 'aws-cdk-lib/aws-iam';

/**
 * The options of an execution role that `createExecutionRole()` creates.
 */
export interface ExecutionRoleOptions {
  /**
   * The name of the role: 1 to 64 characters of `A-Za-z0-9+=,.@_-`.
   *
   * @default - CloudFormation generates a name
   */
  readonly roleName?: string;

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
   * @default - no permissions boundary
   */
  readonly permissionsBoundary?: IManagedPolicy;

  /**
   * Whether to grant the role the permissions to write the application's logs and metrics. Set it to `false` if a managed policy of the
   * role already has these permissions. `grants.writeLogs(managedPolicy)` grants them to a managed policy.
   *
   * @default true
   */
  readonly grantLogging?: boolean;
}
