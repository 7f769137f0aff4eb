import { IManagedPolicy, PolicyDocument, Role, RoleProps } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { InlinePolicies, inlinePolicyProblems, knownCharacters } from './inline-policies';
import { ExecutionPrincipal } from './trust';
import type { ISparkEmrServerlessRuntime } from '../../application/spark-emr-serverless-runtime';
import { warn } from '../../private/annotations';
import { differ, isLiteral, patternProblems, Problems, secondsProblems } from '../../private/checks';
import {
  boolean, duration, Fields, instance, listOf, map, PROPS, read, Reader, readPlace, required, struct, text,
} from '../../private/reading';
import { mayBeKnownLater, policyTextProblems, renderedCopies } from '../../private/rendered';
import { refuse, refuseAtSynthesis } from '../../private/validation-error';
import { ExecutionRoleOptions } from '../execution-role-options';
import type { SparkExecutionRoleProps } from '../spark-execution-role';

const DOCUMENT_POLICY = 'ExecutionPolicy';

const managedPolicy = instance<IManagedPolicy>('a managed policy', 'managedPolicyArn');
const policyDocument = instance<PolicyDocument>('a policy document', 'addStatements');
const runtime = instance<ISparkEmrServerlessRuntime>('a SparkEmrServerlessRuntime or an imported one', 'applicationRef', 'grants', 'env');

const policyDocuments: Reader<{ [name: string]: PolicyDocument }> = (prop, value, problems) => {
  const documents = map(prop, value, problems) ?? {};
  return Object.fromEntries(Object.entries(documents).map(([name, document]) =>
    [name, required(policyDocument)(`${prop}.${name}`, document, problems)!]));
};

const OPTIONS: Fields<ExecutionRoleOptions> = {
  roleName: text,
  path: text,
  description: text,
  managedPolicies: listOf(managedPolicy),
  permissionsBoundary: managedPolicy,
  maxSessionDuration: duration,
  grantLogging: boolean,
};

export const executionRoleOptions = struct<ExecutionRoleOptions>(OPTIONS);

const executionRoleProps = struct<SparkExecutionRoleProps>({
  ...OPTIONS,
  runtimes: required(listOf(runtime)),
  policyDocument,
  inlinePolicies: policyDocuments,
});

/** The props of an execution role, read once. */
export interface ExecutionRole {
  readonly runtimes: ISparkEmrServerlessRuntime[];
  readonly roleProps: RoleProps;
  /** `Role` refuses a duration that only the deployment knows, so that it is not among the props. */
  readonly maxSessionSeconds?: number;
  readonly inlinePolicies: InlinePolicies;
  readonly grantLogging: boolean;
  /** What is checked again when the app is synthesized. */
  readonly options: CheckedOptions;
}

type CheckedOptions = Pick<ExecutionRoleOptions, 'roleName' | 'path' | 'description' | 'maxSessionDuration'>;

export function readExecutionRole(scope: Construct, id: string, props: SparkExecutionRoleProps): ExecutionRole {
  readPlace(scope, id);
  const copy = read(scope, id, PROPS, props, executionRoleProps);
  const { runtimes, policyDocument: document, inlinePolicies = {}, grantLogging = true, maxSessionDuration, ...roleProps } = copy;
  refuse(scope, id, [
    ...runtimeProblems(runtimes, Stack.of(scope).account),
    ...document && DOCUMENT_POLICY in inlinePolicies
      ? [`\`inlinePolicies\` must not have the name of the policy that \`policyDocument\` becomes, got: "${DOCUMENT_POLICY}"`]
      : [],
    ...inlinePolicyProblems(inlinePolicies),
    ...roleProblems(copy),
  ]);
  const applications = [...new Set(runtimes)];
  return {
    runtimes: applications,
    roleProps: { assumedBy: new ExecutionPrincipal(...applications), ...roleProps },
    maxSessionSeconds: maxSessionDuration?.toSeconds(),
    inlinePolicies: document ? { [DOCUMENT_POLICY]: document, ...inlinePolicies } : inlinePolicies,
    grantLogging,
    options: { roleName: copy.roleName, path: copy.path, description: copy.description, maxSessionDuration },
  };
}

/** AWS passes no role from one account to another, so that all applications must be of the account of the role. */
function runtimeProblems(runtimes: ISparkEmrServerlessRuntime[], account: string): Problems {
  const accounts = [...new Set(runtimes.map(({ env }) => env.account))].filter(isLiteral);
  return [
    ...runtimes.length === 0 ? ['`runtimes` must hold at least one application, got: []'] : [],
    ...accounts.filter((owner) => differ(owner, account)).map((owner) =>
      `the applications of an execution role must belong to account ${account}, the account of the role: a role cannot be passed to another`
      + ` account, got: an application of ${owner}`),
    ...!isLiteral(account) && accounts.length > 1
      ? [`\`runtimes\` must belong to one account: a role cannot be passed to another account, got: ${accounts.join(', ')}`]
      : [],
  ];
}

/** IAM's limits of a trust policy: the default, and what it may be raised to. */
const TRUST_CHARACTERS = 2048;
const MAX_TRUST_CHARACTERS = 4096;

/** Checks the length of the trust policy, which grows with the number of applications. */
export function checkTrustLength(role: Role): void {
  refuseAtSynthesis(role, () => {
    const characters = knownCharacters(Stack.of(role).resolve(role.assumeRolePolicy?.toJSON()));
    if (characters > MAX_TRUST_CHARACTERS) {
      return [`\`runtimes\` must make a trust policy of at most ${MAX_TRUST_CHARACTERS} characters, got: ${characters}. Use more roles`];
    }
    if (characters > TRUST_CHARACTERS) {
      warn(role, {
        id: 'trustPolicyTooLong',
        message: `the trust policy has ${characters} characters, and IAM allows ${TRUST_CHARACTERS} by default. Use more roles, or ask AWS`
          + ' to raise the quota',
      });
    }
    return [];
  });
}

/** Checks the options of the role again when the app is synthesized. */
export function checkOptionsWhenRendered(role: Role, options: CheckedOptions): void {
  if (mayBeKnownLater(options)) { refuseAtSynthesis(role, () => renderedCopies(role, options).flatMap(roleProblems)); }
}

/** Checks the props of the role itself against the rules of IAM. */
function roleProblems({ roleName, path, description, maxSessionDuration }: CheckedOptions): Problems {
  return [
    ...policyTextProblems('roleName', roleName, 64, /^[\w+=,.@-]+$/, '1 to 64 characters of A-Z a-z 0-9 + = , . @ _ -'),
    // a wildcard or a variable would be one in the policies of those who may pass the role
    ...policyTextProblems('path', path, 512, /^\/(?!.*([*?]|\$\{))([\x21-\x7e]+\/)?$/,
      '/ or a text of 2 to 512 characters of ASCII that begins and ends with /, without spaces, *, ? or ${'),
    ...patternProblems('description', description, 1000, /^[\t\n\r\x20-\x7e\xa1-\xff]+$/, '1 to 1000 characters of Latin-1'),
    ...secondsProblems('maxSessionDuration', maxSessionDuration, 3600, 43_200, '1 to 12 hours in whole seconds'),
  ];
}
