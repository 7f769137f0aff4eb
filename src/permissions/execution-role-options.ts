import { IManagedPolicy } from 'aws-cdk-lib/aws-iam';

/**
 * How an execution role is made.
 */
export interface ExecutionRoleOptions {
  /**
   * The name of the role, 1 to 64 characters of `A-Za-z0-9+=,.@_-`.
   *
   * @default - CloudFormation generates a name
   */
  readonly roleName?: string;

  /**
   * What the role is for, 1 to 1000 characters of Latin-1.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * Managed policies for the role.
   *
   * @default - none
   */
  readonly managedPolicies?: IManagedPolicy[];

  /**
   * The policy that limits what the role may do, whatever else it is granted.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: IManagedPolicy;

  /**
   * Whether the role may write to where the application sends its logs and metrics. Turn it off where a managed policy that was given to
   * `grants.writeLogs()` does that.
   *
   * @default true
   */
  readonly grantLogging?: boolean;
}
