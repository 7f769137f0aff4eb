import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnResource, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib/core';
import { aws_emrserverless } from 'aws-cdk-lib/interfaces';
import { warn, Warning } from '../../private/annotations';

type Application = aws_emrserverless.IApplicationRef;

/** The props that turn on the endpoints for interactive work, and the names of CloudFormation. */
const ENDPOINTS = {
  livyEndpoint: 'livyEndpointEnabled',
  studio: 'studioEnabled',
  sparkConnect: 'sessionEnabled',
} as const;

export type Endpoint = keyof typeof ENDPOINTS;

/** Warns of a grant for an endpoint that the application is known not to have. */
export function warnOfEndpoint(application: Application, verb: string, endpoint: Endpoint): void {
  const resource = namedBy(application.applicationRef.applicationArn);
  if (!CfnApplication.isCfnApplication(resource)) { return; }
  warnAtSynthesis(resource, () => isOff(resource, endpoint) ? [{
    id: 'endpointOff',
    message: `the grant \`${verb}\` has no effect, because the application has no such endpoint. Set \`${endpoint}\` of the application`
      + ` to true (of a CfnApplication, \`interactiveConfiguration.${ENDPOINTS[endpoint]}\`)`,
  }] : []);
}

/** By default, all endpoints are off. */
function isOff({ interactiveConfiguration }: CfnApplication, endpoint: Endpoint): boolean {
  if (interactiveConfiguration === undefined) { return true; }
  if (Token.isUnresolved(interactiveConfiguration)) { return false; }
  const enabled = (interactiveConfiguration as CfnApplication.InteractiveConfigurationProperty)[ENDPOINTS[endpoint]];
  return enabled === undefined || enabled === false;
}

/** Warns of an execution role of this app that EMR Serverless cannot assume for the application. */
export function warnOfTrust(application: Application, executionRoleArn: string): void {
  const role = targetOf(executionRoleArn);
  if (!CfnRole.isCfnRole(role)) { return; }
  warnAtSynthesis(role, () => {
    const answers = trustStatements(role).map((statement) => answerOf(statement, application, Stack.of(role)));
    if (answers.includes('perhaps')) { return []; }
    const trusted = answers.includes('other applications') ? 'trusts other applications only' : 'does not trust EMR Serverless';
    return [{
      id: 'executionRoleTrust',
      message: `jobs of ${application.node.path} cannot run as this role, because it ${trusted}. Let the role trust`
        + ' `executionPrincipal` of the application, or create it with `createExecutionRole()` or `SparkExecutionRole`',
    }];
  });
}

/**
 * A trust policy and the configuration of a resource may change until the synthesis.
 *
 * The warning is on the resource. Users acknowledge it on the construct of the resource before it is there, and aws-cdk-lib 2.253.0 looks
 * for such an acknowledgement only above the construct that is warned of.
 */
function warnAtSynthesis(resource: CfnResource, warnings: () => Warning[]): void {
  resource.node.addValidation({
    validate: () => {
      warn(resource, ...warnings());
      return [];
    },
  });
}

/** A statement of a policy, as far as anything is known of it. */
interface Statement {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Condition?: unknown;
}

/** A document that is a token tells nothing, and may allow everything. */
function trustStatements({ assumeRolePolicyDocument: document }: CfnRole): Statement[] {
  const isDocument = typeof document === 'object' && 'addStatements' in document;
  if (!isDocument && Token.isUnresolved(document)) { return [{ Effect: 'Allow', NotAction: [] }]; }
  return [(isDocument ? document.toJSON() : document)?.Statement ?? []].flat();
}

/** Whether EMR Serverless may assume the role for the application. */
type Answer = 'no' | 'other applications' | 'perhaps';

function answerOf(statement: Statement, application: Application, stack: Stack): Answer {
  if (Token.isUnresolved(statement) || Object.keys(statement).some((key) => key.startsWith('Fn::'))) { return 'perhaps'; }
  const { Effect, Action, NotAction, Principal, NotPrincipal, Condition } = statement;
  if (Effect === 'Deny') { return 'no'; }
  if (NotAction === undefined && !asList(Action).some(mayBeAssumeRole)) { return 'no'; }
  if (NotPrincipal === undefined && !mayBeEmrServerless(stack.resolve(Principal))) { return 'no'; }
  const sources = entriesOf(Condition)
    .filter(([operator]) => /^(Arn|String)(Like|Equals)$/.test(operator))
    .flatMap(([, keys]) => entriesOf(keys))
    .filter(([key]) => key.toLowerCase() === 'aws:sourcearn');
  return sources.some(([, arns]) => asList(arns).every((arn) => isOfOther(arn, application))) ? 'other applications' : 'perhaps';
}

function mayBeAssumeRole(action: unknown): boolean {
  return typeof action !== 'string' || Token.isUnresolved(action) || /[*?]/.test(action) || action.toLowerCase() === 'sts:assumerole';
}

function mayBeEmrServerless(principal: unknown): boolean {
  if (typeof principal !== 'object' || Array.isArray(principal)) { return true; }
  return entriesOf(principal).some(([type, names]) => asList(names).some((name) => type === 'Service'
    ? typeof name !== 'string' || name.startsWith('emr-serverless.')
    : name === '*' || /^(Ref$|Fn::)/.test(type)));
}

/** Whether an ARN certainly names another application. */
function isOfOther(arn: unknown, application: Application): boolean {
  if (typeof arn !== 'string') { return false; }
  const [named, own] = [namedBy(arn), namedBy(application.applicationRef.applicationArn)];
  return typeof named === typeof own && named !== own;
}

/** The application that an ARN names: its resource, or its id. It is undefined if only the deployment knows. */
function namedBy(arn: string): CfnResource | string | undefined {
  const target = targetOf(arn);
  return CfnApplication.isCfnApplication(target) ? target : /:\/applications\/([0-9a-zA-Z]+)(\/.*)?$/.exec(arn)?.[1];
}

/** The construct that a text refers to. */
function targetOf(text: string): unknown {
  return Tokenization.reverseString(text).tokens.filter(Reference.isReference).map(({ target }) => target)
    .find((target) => CfnApplication.isCfnApplication(target) || CfnRole.isCfnRole(target));
}

function asList(value: unknown): unknown[] {
  return value === undefined ? [] : [value].flat();
}

/** The members that a template has. */
function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value).filter(([, member]) => member !== undefined) : [];
}
