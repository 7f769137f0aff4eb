import { Call } from './call';
import { Need } from './judge';
import { Policies } from './policies';
import { invalid, jsonOf, undecided } from './refusal';

/** What a request of a service says, be it JSON or a form. */
type Input = Record<string, any>;

/** What the resources of operations are made of. */
interface Names {
  /** An ARN of the service in the Region and account of the call. */
  readonly arn: (resource: string) => string;
  /** An answer of the service itself, past IAM. */
  readonly lookUp: (operation: string, input: Input) => Promise<Input | undefined>;
}

type Resources = (input: Input, names: Names) => string[] | Promise<string[]>;

/** The resources that IAM checks an operation against; all of them must be allowed. `as` is the action where it has another name. */
interface Operation {
  readonly as?: string;
  readonly on: Resources;
}

function on(resources: Resources, operations: readonly string[]): [string, Operation][] {
  return operations.map((operation) => [operation.split(' as ')[0], { as: operation.split(' as ')[1], on: resources }]);
}

const everything: Resources = () => ['*'];
const given = (member: string): Resources => (input) => [input[member]];

/** Who answers may take any of the names that a request has for one thing. */
function named(...names: readonly (string | undefined)[]): string[] {
  return names.filter((name) => name !== undefined) as string[];
}

const LOGS = [
  ...on((input, { arn }) => logGroups(input, arn).map((group) => `${group}:log-stream:`), [
    'CreateLogGroup', 'DeleteLogGroup', 'DescribeLogStreams', 'DescribeSubscriptionFilters', 'FilterLogEvents', 'PutRetentionPolicy',
  ]),
  ...on((input, { arn }) => logGroups(input, arn).map((group) => `${group}:log-stream:${input.logStreamName}`), [
    'CreateLogStream', 'DeleteLogStream', 'GetLogEvents', 'PutLogEvents',
  ]),
  // this is how CloudWatch Logs asks IAM for all log groups
  ...on((_, { arn }) => [arn('log-group::log-stream:')], ['DescribeLogGroups']),
];

function logGroups({ logGroupName, logGroupIdentifier }: Input, arn: Names['arn']): string[] {
  return named(logGroupName, logGroupIdentifier).map((nameOrArn) =>
    nameOrArn.startsWith('arn:') ? nameOrArn.replace(/:\*$/, '') : arn(`log-group:${nameOrArn}`));
}

const SSM = [
  ...on(({ Name }, { arn }) => [parameter(Name, arn)], ['DeleteParameter', 'GetParameter', 'GetParameterHistory', 'PutParameter']),
  ...on(({ Names: names }, { arn }) => names.map((name: string) => parameter(name, arn)), ['DeleteParameters', 'GetParameters']),
  ...on(({ Path }, { arn }) => [parameter(Path, arn)], ['GetParametersByPath']),
];

/** Without the version or label that may follow the name. */
function parameter(name: string, arn: Names['arn']): string {
  const [, ofName] = /^(arn:(?:[^:]*:){5}[^:]*|[^:]*)/.exec(name)!;
  return ofName.startsWith('arn:') ? ofName : arn(`parameter/${ofName.replace(/^\//, '').replace(/\/$/, '')}`);
}

const SECRETS_MANAGER = [
  // the ARN of a secret ends with characters that only the service knows
  ...on(async ({ SecretId }, { arn, lookUp }) => {
    const secret = await lookUp('DescribeSecret', { SecretId });
    return [secret?.ARN ?? (SecretId.startsWith('arn:') ? SecretId : arn(`secret:${SecretId}`))];
  }, [
    'DescribeSecret', 'GetSecretValue', 'ListSecretVersionIds', 'PutSecretValue',
  ]),
];

const SNS = [
  ...on(given('TopicArn'), ['GetTopicAttributes', 'ListSubscriptionsByTopic', 'PublishBatch as Publish', 'Subscribe']),
  // a text message to a telephone is on no topic
  ...on(({ TopicArn, TargetArn, PhoneNumber }) => [...named(TopicArn, TargetArn), ...PhoneNumber || !(TopicArn ?? TargetArn) ? ['*'] : []], ['Publish']),
  ...on(everything, ['ListTopics']),
];

const SQS = [
  ...on(({ QueueUrl }, { arn }) => [arn(QueueUrl.split('/').at(-1))], [
    'ChangeMessageVisibility', 'ChangeMessageVisibilityBatch as ChangeMessageVisibility', 'DeleteMessage', 'DeleteMessageBatch as DeleteMessage',
    'GetQueueAttributes', 'PurgeQueue', 'ReceiveMessage', 'SendMessage', 'SendMessageBatch as SendMessage',
  ]),
  ...on(({ QueueName }, { arn }) => [arn(QueueName)], ['GetQueueUrl']),
];

const STATES = [
  ...on(given('stateMachineArn'), ['DescribeStateMachine', 'ListExecutions', 'StartExecution', 'StartSyncExecution']),
  ...on(given('executionArn'), ['DescribeExecution', 'GetExecutionHistory', 'StopExecution']),
  ...on(everything, ['ListStateMachines']),
];

const DYNAMODB = [
  ...on(({ TableName }, { arn }) => [table(TableName, arn)], ['DeleteItem', 'DescribeTable', 'GetItem', 'PutItem', 'UpdateItem']),
  ...on(({ TableName, IndexName }, { arn }) => [`${table(TableName, arn)}${IndexName ? `/index/${IndexName}` : ''}`], ['Query', 'Scan']),
  ...on(({ RequestItems }, { arn }) => Object.keys(RequestItems).map((name) => table(name, arn)), ['BatchGetItem', 'BatchWriteItem']),
];

function table(nameOrArn: string, arn: Names['arn']): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn : arn(`table/${nameOrArn}`);
}

/** Glue asks for each thing from the catalog down. */
const GLUE = [
  ...on(({ Name, DatabaseInput }, { arn }) => [arn('catalog'), ...named(Name, DatabaseInput?.Name).map((name) => arn(`database/${name}`))], [
    'CreateDatabase', 'DeleteDatabase', 'GetDatabase',
  ]),
  ...on((_, { arn }) => [arn('catalog'), arn('database/*')], ['GetDatabases']),
  ...on(({ DatabaseName, Name, TableInput, TableName }, { arn }) => [
    arn('catalog'), arn(`database/${DatabaseName}`),
    ...named(Name, TableName, TableInput?.Name).map((name) => arn(`table/${DatabaseName}/${name}`)),
  ], [
    'BatchCreatePartition', 'BatchDeletePartition', 'BatchGetPartition', 'CreatePartition', 'CreateTable', 'DeletePartition', 'DeleteTable',
    'GetPartition', 'GetPartitions', 'GetTable', 'GetTableVersion', 'GetTableVersions', 'UpdatePartition', 'UpdateTable',
  ]),
  ...on(({ DatabaseName }, { arn }) => [arn('catalog'), arn(`database/${DatabaseName}`), arn(`table/${DatabaseName}/*`)], ['GetTables']),
];

/** By the name of the service in signatures. IAM has the same for these. */
const OPERATIONS = new Map(Object.entries({
  dynamodb: new Map(DYNAMODB),
  glue: new Map(GLUE),
  logs: new Map(LOGS),
  secretsmanager: new Map(SECRETS_MANAGER),
  sns: new Map(SNS),
  sqs: new Map(SQS),
  ssm: new Map(SSM),
  states: new Map(STATES),
}));

/** The name of the operation and its input, of JSON with a target as of forms; the name is the path of others. */
export async function operationAndInput(call: Call): Promise<{ operation: string; input: Input }> {
  const { service, method, path, query, headers } = call;
  const target = headers['x-amz-target']?.toString();
  const isForm = !target && (query.has('Action') || !!headers['content-type']?.startsWith('application/x-www-form-urlencoded'));
  const operation = target?.split('.').at(-1) ?? `${method} ${path}`;
  if (!target && !isForm) { return { operation, input: {} }; }
  // who answers may take the operation, or what it is on, from a place that IAM was not asked about
  const where = service === 'sqs' ? /^\/(\d+\/[\w.-]+)?$/ : /^\/$/;
  if (!where.test(path)) { throw undecided(service, operation, `its path is ${path}`); }
  if (method !== 'POST') { throw undecided(service, operation, `its method is ${method}, not POST`); }
  if (target && (service === 'sns' || headers['content-type']?.startsWith('application/x-www-form-urlencoded'))) {
    throw undecided(service, operation, 'it has a target, and is a form');
  }
  const beside = [...query.keys()].find((name) => !/^X-Amz-/i.test(name));
  if (beside !== undefined) { throw undecided(service, operation, `it has ${beside} in its query`); }

  if (target) { return { operation, input: jsonOf(await call.body()) }; }
  const form = new URLSearchParams((await call.body()).toString());
  const repeated = [...form.keys()].find((name) => form.getAll(name).length > 1);
  const action = form.get('Action') ?? operation;
  if (repeated !== undefined) { throw undecided(service, action, `it has ${repeated} more than once`); }
  return { operation: action, input: Object.fromEntries(form) };
}

/** What IAM must allow for a call of one of the services that say their operation in the request. */
export async function awsNeedsOf(call: Call, { place }: Policies, lookUp: Names['lookUp']): Promise<Need[]> {
  const { service, region } = call;
  const { operation, input } = await operationAndInput(call);
  const known = OPERATIONS.get(service)?.get(operation);
  if (!known) { throw undecided(service, operation); }
  const arn = (resource: string) => `arn:${place.partition}:${service}:${region}:${place.account}:${resource}`;
  const resources = await resourcesOf(known, operation, input, { arn, lookUp });
  return resources.map((resource) => ({ action: `${service}:${known.as ?? operation}`, resource }));
}

async function resourcesOf(known: Operation, operation: string, input: Input, names: Names): Promise<string[]> {
  const missing = invalid(`${operation} does not say what it is done to`);
  const resources = await (async () => known.on(input, names))().catch((error: Error) => {
    // a parameter is not there, or of another type; that the service is not there has a cause
    throw error instanceof TypeError && error.cause === undefined ? missing : error;
  });
  if (resources.length === 0 || resources.some((resource) => typeof resource !== 'string')) { throw missing; }
  return resources;
}
