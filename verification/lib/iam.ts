import { runSimulation, runUnsafeSimulation } from '@cloud-copilot/iam-simulate';
import { accountOf, Policy } from './deployment';
import { askSecondEngine, SECOND_ENGINE } from './second-engine';
import { skippedWithout } from './tools';

export interface Question {
  /** ARN of a role, or the name of a service. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: Record<string, string | string[]>;
  readonly identityPolicies?: { name: string; policy: Policy }[];
  /** The permissions boundary of a role. */
  readonly boundary?: Policy;
  /** The trust policy of a role, the policy of a key. */
  readonly resourcePolicy?: Policy;
  /** A policy of the organization, beside the one that allows everything. */
  readonly serviceControlPolicy?: Policy;
}

export const ALLOW_EVERYTHING: Policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

export type Answer = 'allowed' | 'denied';

/** A question and the answer that it should get; `what` says it in words. */
export interface Cell {
  readonly what: string;
  readonly question: Question;
  readonly expected: Answer;
}

/** What decides, by its name in what is said of it. The second is asked where it is installed, and in CI always. */
export const ENGINES: { readonly [engine: string]: (questions: Question[]) => Promise<Answer[]> } = {
  // it is a process of its own and answers while the other does
  ...skippedWithout(SECOND_ENGINE) ? {} : { PMapper: askSecondEngine },
  'iam-simulate': async (questions) => {
    const answers: Answer[] = [];
    for (const question of questions) { answers.push(await ask(question)); }
    return answers;
  },
};

/** The cells to which an engine answers otherwise, one sentence each. */
export async function differences(cells: Cell[]): Promise<string[]> {
  if (cells.length === 0) { throw new Error('nothing to ask'); }
  const questions = cells.map(({ question }) => question);
  const answers = await Promise.all(Object.values(ENGINES).map((answersTo) => answersTo(questions)));
  return Object.keys(ENGINES).flatMap((engine, nth) => cells.flatMap(({ what, expected }, i) =>
    answers[nth][i] === expected ? [] : [`${what} should be ${expected}, is ${answers[nth][i]} (${engine})`]));
}

/** Identity policies, and kinds of questions, that the engine understood. */
const understoodPolicies = new WeakSet<Policy>();
const understood = new Set<string>();
/** There are questions on ever new resources where the policies decide for running jobs. */
const MOST_UNDERSTOOD = 10_000;

/** Whatever an object is called, it is an object. */
const OBJECT_NAME = /(?<=^arn:[^:]+:s3:::[^/]+\/).+$/s;

/** AWS asks it of `log-group::log-stream:`, and its own data know no resource of it. */
const LIST_LOG_GROUPS = 'logs:DescribeLogGroups';

/**
 * What IAM answers, by an engine that knows its evaluation rules. Questions that it would answer without having understood them are errors
 * here: an action or context key that does not exist, a resource of a type that the action does not have, a policy resource that is no ARN,
 * a service of another domain.
 */
export async function ask(question: Question): Promise<Answer> {
  const { principal, action, resource, context = {}, identityPolicies = [], boundary, resourcePolicy, serviceControlPolicy }
    = asTheEngineTakesIt(question);
  const ofPrincipal = [...identityPolicies.map(({ policy }) => policy), ...boundary ? [boundary] : []];
  if (!/^arn:|\.amazonaws\.com$/.test(principal)) { throw new Error(`the engine does not take ${principal} for a service`); }
  const simulation = {
    request: { principal, action, resource: { resource, accountId: accountOf(resource) }, contextVariables: context },
    identityPolicies,
    permissionBoundaryPolicies: boundary && [{ name: 'Boundary', policy: boundary }],
    serviceControlPolicies: serviceControlPolicy === undefined ? [] : [{
      orgIdentifier: 'account',
      policies: [{ name: 'FullAWSAccess', policy: ALLOW_EVERYTHING }, { name: 'policy', policy: serviceControlPolicy }],
    }],
    resourceControlPolicies: [],
    resourcePolicy,
  };

  const quickly = () => runUnsafeSimulation(simulation, {}) === 'Allowed' ? 'allowed' : 'denied';
  if (action === LIST_LOG_GROUPS && resource !== '*') {
    await ask({ ...question, resource: '*' });
    return quickly();
  }

  // to check a question takes the engine five times as long as to answer it
  const kind = [action, resource.replace(OBJECT_NAME, ''), ...Object.keys(context)].join(' ');
  if (!resourcePolicy && !serviceControlPolicy && understood.has(kind) && ofPrincipal.every((policy) => understoodPolicies.has(policy))) {
    return quickly();
  }

  ofPrincipal.forEach(checkResources);
  const result = await runSimulation(simulation, {});
  const what = `${action} on ${resource} by ${principal}`;
  if (result.resultType === 'error') { throw new Error(`no answer to ${what}: ${JSON.stringify(result.errors)}`); }
  if (result.resultType !== 'single') { throw new Error(`more than one answer to ${what}`); }
  const { ignoredContextKeys = [] } = result.result;
  if (ignoredContextKeys.length > 0) { throw new Error(`context keys without effect on ${what}: ${ignoredContextKeys.join(', ')}`); }
  // the quick way does not know that some actions have no resource
  if (resource !== '*') {
    if (understood.size >= MOST_UNDERSTOOD) { understood.clear(); }
    understood.add(kind);
    ofPrincipal.forEach((policy) => understoodPolicies.add(policy));
  }
  return result.overallResult === 'Allowed' ? 'allowed' : 'denied';
}

/** To the engine a resource that is no ARN is every resource. */
function checkResources(policy: Policy): void {
  for (const resource of policy.Statement.flatMap((statement) => statement.Resource ?? [])) {
    if (resource !== '*' && !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(resource)) { throw new Error(`a resource of a policy is no ARN: ${resource}`); }
  }
}

/** What CloudWatch Logs proves itself with to a key: the log group. */
export const ENCRYPTION_CONTEXT = 'kms:EncryptionContext:aws:logs:arn';

/** CloudWatch Logs of a Region. */
const LOGS_OF_REGION = /^logs\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/;

/**
 * The engine takes no `kms:EncryptionContext:<key>` in a question and no service of the domain of China; another key that holds an ARN, and
 * another name, stand for them. The second engine takes both.
 */
function asTheEngineTakesIt(question: Question): Question {
  const { principal, context = {} } = question;
  if (!LOGS_OF_REGION.test(principal) && !(ENCRYPTION_CONTEXT in context)) { return question; }
  return JSON.parse(JSON.stringify(question), (_, value) => {
    if (typeof value === 'string') { return value.replace(LOGS_OF_REGION, 'logs-$1$2.amazonaws.com'); }
    if (typeof value !== 'object' || Array.isArray(value) || !(ENCRYPTION_CONTEXT in value)) { return value; }
    if ('aws:SourceArn' in value) { throw new Error(`the engine takes one of ${ENCRYPTION_CONTEXT} and aws:SourceArn`); }
    const { [ENCRYPTION_CONTEXT]: standsFor, ...others } = value;
    return { ...others, 'aws:SourceArn': standsFor };
  });
}
