import { CfnRole, Policy, PolicyDocument, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ExecutionRoleOptions } from './execution-role-options';
import { checkOptionsWhenRendered, checkTrustLength, readExecutionRole } from './private/execution-role';
import { addInlinePolicies } from './private/inline-policies';
import type { ISparkEmrServerlessRuntime } from '../application/spark-emr-serverless-runtime';
import { instance, read } from '../private/reading';

const inlinePolicy = instance<Policy>('a policy such as new Policy(this, \'Policy\')', 'attachToRole', 'document');

/**
 * The properties of an execution role.
 */
export interface SparkExecutionRoleProps extends ExecutionRoleOptions {
  /**
   * The applications whose jobs run as this role, at least one. They must belong to the account of the role. They may belong to any stack
   * and to any Region.
   */
  readonly runtimes: ISparkEmrServerlessRuntime[];

  /**
   * What the jobs may do. It becomes an inline policy of the role. Statements that you add to the document later become part of the policy.
   * Its options `assignSids` and `minimize` have no effect.
   *
   * @default - no inline policy
   */
  readonly policyDocument?: PolicyDocument;

  /**
   * More inline policies, by their names. A name has 1 to 128 characters of `A-Za-z0-9+=,.@_-`. With `policyDocument`, the name
   * `ExecutionPolicy` is not allowed, because that document has it. All inline policies of a role have at most 10,240 characters together,
   * without white space.
   *
   * @default - no more inline policies
   */
  readonly inlinePolicies?: { [name: string]: PolicyDocument };
}

/**
 * An execution role: only jobs of the given applications can run as this role. It has the permissions to write the logs of these
 * applications. Grant it access to the data, for example with `bucket.grantRead(role)`.
 *
 * Use it for one role for several applications, or for a role that is in another stack than the application. For one application,
 * `createExecutionRole()` makes such a role in the construct of the application.
 *
 * IAM allows 2,048 characters for the trust policy of a role by default. This is enough for about 10 applications. The library warns you
 * if there are more.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/security-iam-runtime-role.html
 * @resource AWS::IAM::Role
 *
 * @example
 * declare const batch: SparkEmrServerlessRuntime;
 * declare const notebooks: SparkEmrServerlessRuntime;
 * declare const data: s3.Bucket;
 *
 * const role = new SparkExecutionRole(this, 'Role', { runtimes: [batch, notebooks] });
 * data.grantReadWrite(role);
 */
export class SparkExecutionRole extends Role {
  private readonly attached = new Set<Policy>();

  /**
   * Creates the role.
   *
   * @param scope the scope of the construct
   * @param id the id of the construct
   * @param props the properties of the role
   */
  constructor(scope: Construct, id: string, props: SparkExecutionRoleProps) {
    // before the construct is in the tree
    const { grantLogging, inlinePolicies, maxSessionSeconds, options, roleProps, runtimes } = readExecutionRole(scope, id, props);
    super(scope, id, roleProps);

    const resource = this.node.defaultChild;
    if (CfnRole.isCfnRole(resource)) { resource.maxSessionDuration = maxSessionSeconds; }
    checkOptionsWhenRendered(this, options);
    if (runtimes.length > 1) { checkTrustLength(this); }
    addInlinePolicies(this, inlinePolicies, this.attached);
    if (grantLogging) { runtimes.forEach((runtime) => runtime.grants.writeLogs(this)); }
  }

  /**
   * Attaches a policy to this role. All inline policies of a role together, this one included, may have 10,240 characters.
   *
   * @param policy the policy to attach
   */
  public override attachInlinePolicy(policy: Policy): void {
    read(this, '', 'policy', policy, inlinePolicy);
    super.attachInlinePolicy(policy);
    this.attached.add(policy);
  }
}
