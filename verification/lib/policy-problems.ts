import { Statement } from './deployment';
import { actionsOf, ActionReference, fits, hasConditionKey, reference } from './iam-reference';

const ARN = /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:.+$/;
const PASSED = { 'iam:PassedToService': 'emr-serverless.amazonaws.com' };
const ELEMENTS = ['Action', 'Condition', 'Effect', 'Principal', 'Resource', 'Sid'];
/** What lies under something; a wildcard elsewhere reaches what is beside it. */
const WILDCARD = /[*?](?!$)|\?$|[^/:]\*$/;
const OPERATORS = ['ArnLike', 'StringEquals', 'StringLike'];
/** The services that the library lets in: what runs the jobs, what starts them, and what keeps their logs. */
const SERVICE = /^((emr-serverless|scheduler)\.amazonaws\.com|logs\.[a-z0-9-]+\.amazonaws\.com(\.cn)?)$/;

/**
 * What no answer of the engine would show: it takes an action that does not exist for one that nobody asks for, a resource that is no ARN
 * for all, and does not mind a grant of an action on what IAM never checks it against.
 */
export async function policyProblems(statement: Statement): Promise<string[]> {
  const ofResource = statement.Principal !== undefined;
  const actions = [statement.Action ?? []].flat();
  const resources = [statement.Resource ?? []].flat();
  const keys = Object.values(statement.Condition ?? {}).flatMap((condition) => Object.keys(condition));
  return [
    ...Object.keys(statement).filter((element) => !ELEMENTS.includes(element)).map((element) => `unexpected element ${element}`),
    ...statement.Effect === 'Allow' ? [] : [`unexpected effect ${statement.Effect}`],
    ...principalProblems(statement.Principal ?? {}),
    ...Object.keys(statement.Condition ?? {}).filter((operator) => !OPERATORS.includes(operator))
      .map((operator) => `unexpected operator ${operator}`),
    ...resources.length > 0 || ofResource ? [] : ['no resource'],
    // in the policy of a key `*` means this key
    ...resources.filter((resource) => !(ofResource ? resource === '*' : ARN.test(resource)))
      .map((resource) => `${resource} is no ARN of one Region and account`),
    ...resources.filter((resource) => resource !== '*' && WILDCARD.test(resource)).map((resource) => `${resource} has a wildcard that is not all below`),
    ...valueProblems(statement.Condition ?? {}),
    ...actions.includes('iam:PassRole') && JSON.stringify(Object.values(statement.Condition ?? {})) !== JSON.stringify([PASSED])
      ? ['iam:PassRole is not for EMR Serverless alone'] : [],
    ...(await Promise.all(actions.map((action) => actionProblems(action, ofResource ? [] : resources, keys)))).flat(),
  ];
}

function principalProblems(principal: NonNullable<Statement['Principal']>): string[] {
  return Object.entries(principal).flatMap(([type, names]) => [names].flat()
    .filter((name) => type !== 'Service' || !SERVICE.test(name))
    .map((name) => `unexpected principal ${type} ${name}`));
}

/** Only ARNs are compared with a pattern. */
function valueProblems(conditions: NonNullable<Statement['Condition']>): string[] {
  return Object.entries(conditions).filter(([operator]) => operator !== 'ArnLike')
    .flatMap(([, condition]) => Object.entries(condition))
    .flatMap(([key, values]) => [values].flat().filter((value) => /[*?]/.test(value)).map((value) => `${key} is not literal: ${value}`));
}

async function actionProblems(action: string, resources: string[], keys: string[]): Promise<string[]> {
  const isLiteral = !/[*?]/.test(action);
  const names = isLiteral ? [action] : (await actionsOf(action.split(':')[0])).filter((name) => name.startsWith(action.replace(/[*?].*/, '')));
  const references = (await Promise.all(names.map(reference))).filter((one) => one !== undefined);
  if (references.length === 0) { return [`${action} does not exist`]; }

  const known = await Promise.all(keys.map(async (key) => {
    const answers = await Promise.all(references.map((one) => hasConditionKey(one, key)));
    return answers.some(Boolean);
  }));
  return [
    ...isLiteral ? [] : [`${action} is not literal`],
    ...resources.filter((resource) => !references.some((one) => isCheckedAgainst(one, resource)))
      .map((resource) => `${action} is never checked against ${resource}`),
    ...keys.filter((_, i) => !known[i]).map((key) => `${action} has no condition key ${key}`),
  ];
}

function isCheckedAgainst({ resources }: ActionReference, arn: string): boolean {
  // the `:*` after a log group stands for its streams too
  const forms = arn.includes(':log-group:') ? [arn, arn.replace(/:\*$/, ':log-stream:*')] : [arn];
  return Object.values(resources).some((template) => forms.some((form) => fits(template, form)));
}
