import { App, Stack } from 'aws-cdk-lib';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { AccountRootPrincipal, Grant, IGrantable, IRole, Role } from 'aws-cdk-lib/aws-iam';
import { SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeGrants } from 'cdk-spark-emr-serverless';
import { Deployment, Place, Policy } from './deployment';
import { VERBS } from './permissions';

const ID = '00f1abcdefgh0123';

interface Application {
  readonly applicationArn: string;
  readonly grants: SparkEmrServerlessRuntimeGrants;
}

/** Where an application may come from. */
export const KINDS: { readonly [kind: string]: (stack: Stack, place: Place) => Application } = {
  'created': (stack) => new SparkEmrServerlessRuntime(stack, 'Spark'),
  'imported by ARN': (stack, place) => SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Spark', arnOf(place)),
  'imported by id': (stack) => SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(stack, 'Spark', { applicationId: ID }),
  'a bare CfnApplication': (stack) => {
    const application = new CfnApplication(stack, 'Spark', { type: 'SPARK', releaseLabel: 'emr-7.14.0' });
    return { applicationArn: application.attrArn, grants: SparkEmrServerlessRuntimeGrants.fromApplication(application) };
  },
};

/** A principal and all its policies. */
export interface Grantee {
  readonly principal: string;
  readonly identityPolicies: { name: string; policy: Policy }[];
  readonly boundary?: Policy;
}

export function granteeOf(deployment: Deployment, role: IRole): Grantee {
  const principal = deployment.value(role.roleArn);
  return { principal, identityPolicies: deployment.identityPolicies(principal), boundary: deployment.boundary(principal) };
}

export interface Granted {
  readonly applicationArn: string;
  readonly executionRoleArn: string;
  readonly deployment: Deployment;
  /** By verb. */
  readonly grantees: { readonly [verb: string]: Grantee };
  /** Who was granted each verb. */
  readonly all: Grantee;
}

/** What new projects have switched on: CDK merges the statements of a policy. */
export const MERGED = { '@aws-cdk/aws-iam:minimizePolicies': true };

/** A stack with an application, an execution role and a role for each verb, deployed at a place. */
export function grantAll(kind: string, place: Place, context = {}): Granted {
  const stack = new Stack(new App({ context }), 'Stack');
  const { applicationArn, grants } = KINDS[kind](stack, place);
  return grantTo(stack, place, applicationArn, grants, new Role(stack, 'ExecutionRole', { assumedBy: new AccountRootPrincipal() }));
}

/** The application and its execution role are of another account than the stack and the grantees. */
export function grantAcrossAccounts(place: Place, accountOfGrantees: string): Granted {
  const stack = new Stack(new App(), 'Stack', { env: { account: accountOfGrantees, region: place.region } });
  const { applicationArn, grants } = KINDS['imported by ARN'](stack, place);
  const executionRole = Role.fromRoleArn(stack, 'ExecutionRole', `arn:${place.partition}:iam::${place.account}:role/ExecutionRole`);
  return grantTo(stack, { ...place, account: accountOfGrantees }, applicationArn, grants, executionRole);
}

function grantTo(
  stack: Stack, place: Place, applicationArn: string, grants: SparkEmrServerlessRuntimeGrants, executionRole: IRole,
): Granted {
  const all = new Role(stack, 'All', { assumedBy: new AccountRootPrincipal() });
  const roles = Object.keys(VERBS).map((verb) => {
    const role = new Role(stack, verb, { assumedBy: new AccountRootPrincipal() });
    [role, all].forEach((grantee) => grantVerb(grants, verb, grantee, executionRole));
    return role;
  });
  const deployment = Deployment.of(stack, place);
  return {
    applicationArn: deployment.value(applicationArn),
    executionRoleArn: deployment.value(executionRole.roleArn),
    deployment,
    grantees: Object.fromEntries(Object.keys(VERBS).map((verb, i) => [verb, granteeOf(deployment, roles[i])])),
    all: granteeOf(deployment, all),
  };
}

/** Verbs that take no execution role do not look at it. */
export function grantVerb(grants: SparkEmrServerlessRuntimeGrants, verb: string, grantee: IGrantable, executionRole: IRole): Grant {
  const method = grants[verb as 'startJobExecution'];
  return method.call(grants, grantee, executionRole);
}

function arnOf({ partition, region, account }: Place): string {
  return `arn:${partition}:emr-serverless:${region}:${account}:/applications/${ID}`;
}
