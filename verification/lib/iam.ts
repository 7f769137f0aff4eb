import { runSimulation, runUnsafeSimulation } from '@cloud-copilot/iam-simulate';
import { Policy } from './deployment';

export interface Question {
  /** ARN of a role, or the name of a service. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: Record<string, string | string[]>;
  readonly identityPolicies?: { name: string; policy: Policy }[];
  /** The trust policy of a role, the policy of a key. */
  readonly resourcePolicy?: Policy;
  /** A policy of the organization, beside the one that allows everything. */
  readonly serviceControlPolicy?: Policy;
}

const ALLOW_EVERYTHING: Policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

export type Answer = 'allowed' | 'denied';

/** A question and the answer that it should get; `what` says it in words. */
export interface Cell {
  readonly what: string;
  readonly question: Question;
  readonly expected: Answer;
}

/** The cells to which IAM answers otherwise, one sentence each. */
export async function differences(cells: Cell[]): Promise<string[]> {
  if (cells.length === 0) { throw new Error('nothing to ask'); }
  const found: string[] = [];
  for (const { what, question, expected } of cells) {
    const answer = await ask(question);
    if (answer !== expected) { found.push(`${what} should be ${expected}, is ${answer}`); }
  }
  return found;
}

/** Identity policies and kinds of questions that the engine understood. */
const understood = new Set<Policy | string>();

/**
 * What IAM answers, by an engine that knows its evaluation rules. Questions that it would answer without having understood them are errors here:
 * an action or context key that does not exist, a resource of a type that the action does not have, a policy resource that is no ARN, a service
 * of another domain.
 */
export async function ask(question: Question): Promise<Answer> {
  const { principal, action, resource, context = {}, identityPolicies = [], resourcePolicy, serviceControlPolicy } = question;
  if (!/^arn:|\.amazonaws\.com$/.test(principal)) { throw new Error(`the engine does not take ${principal} for a service`); }
  const simulation = {
    request: { principal, action, resource: { resource, accountId: accountOf(resource) }, contextVariables: context },
    identityPolicies,
    serviceControlPolicies: serviceControlPolicy === undefined ? [] : [{
      orgIdentifier: 'account',
      policies: [{ name: 'FullAWSAccess', policy: ALLOW_EVERYTHING }, { name: 'policy', policy: serviceControlPolicy }],
    }],
    resourceControlPolicies: [],
    resourcePolicy,
  };

  // to check a question takes the engine five times as long as to answer it
  const toUnderstand = [[action, resource, ...Object.keys(context)].join(' '), ...identityPolicies.map(({ policy }) => policy)];
  if (!resourcePolicy && !serviceControlPolicy && toUnderstand.every((one) => understood.has(one))) {
    return runUnsafeSimulation(simulation, {}) === 'Allowed' ? 'allowed' : 'denied';
  }

  identityPolicies.forEach(({ policy }) => checkResources(policy));
  const result = await runSimulation(simulation, {});
  const what = `${action} on ${resource} by ${principal}`;
  if (result.resultType === 'error') { throw new Error(`no answer to ${what}: ${JSON.stringify(result.errors)}`); }
  if (result.resultType !== 'single') { throw new Error(`more than one answer to ${what}`); }
  const { ignoredContextKeys = [] } = result.result;
  if (ignoredContextKeys.length > 0) { throw new Error(`context keys without effect on ${what}: ${ignoredContextKeys.join(', ')}`); }
  // the quick way does not know that some actions have no resource
  if (resource !== '*') { toUnderstand.forEach((one) => understood.add(one)); }
  return result.overallResult === 'Allowed' ? 'allowed' : 'denied';
}

/** To the engine a resource that is no ARN is every resource. */
function checkResources(policy: Policy): void {
  for (const resource of policy.Statement.flatMap((statement) => statement.Resource ?? [])) {
    if (resource !== '*' && !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(resource)) { throw new Error(`a resource of a policy is no ARN: ${resource}`); }
  }
}

function accountOf(arn: string): string {
  return arn.split(':')[4] || '111122223333';
}
