import { CfnParameter } from 'aws-cdk-lib';
import { SparkEmrServerlessRuntime } from '../../src';
import { allow, APPLICATION_ARN, ENV, expectNoPolicy, importIn, newStack, policyStatements, submitterIn } from '../util';

test('actions() refuses a dynamic reference, which CDK would refuse with another error', () => {
  const stack = newStack(ENV);
  const { grants } = importIn(stack);
  const submitter = submitterIn(stack);

  expect(() => grants.actions(submitter, '{{resolve:ssm:x}}')).toThrow('`actions` must be full names of EMR Serverless actions');
});

describe('actions', () => {
  test.each([
    ['AccessInteractiveEndpoints', ['']],
    ['AccessLivyEndpoints', ['']],
    ['AccessSystemProfileLogs', ['/jobruns/*']],
    ['CancelJobRun', ['/jobruns/*']],
    ['DeleteApplication', ['']],
    ['GetApplication', ['']],
    ['GetDashboardForJobRun', ['/jobruns/*']],
    ['GetJobRun', ['/jobruns/*']],
    ['GetResourceDashboard', ['/sessions/*']],
    ['GetSession', ['/sessions/*']],
    ['GetSessionEndpoint', ['/sessions/*']],
    ['ListJobRunAttempts', ['/jobruns/*']],
    ['ListJobRuns', ['']],
    ['ListSessions', ['']],
    ['ListTagsForResource', ['/jobruns/*', '/sessions/*']],
    ['StartApplication', ['']],
    ['StartJobRun', ['']],
    ['StartSession', ['']],
    ['StopApplication', ['']],
    ['TagResource', ['/jobruns/*', '/sessions/*']],
    ['TerminateSession', ['/sessions/*']],
    ['UntagResource', ['/jobruns/*', '/sessions/*']],
    ['UpdateApplication', ['']],
  ])('%s is granted on %j of the application', (action, paths) => {
    const stack = newStack(ENV);

    importIn(stack).grants.actions(submitterIn(stack), `emr-serverless:${action}`);

    expect(policyStatements(stack)).toEqual(paths.map((path) => allow(`emr-serverless:${action}`, `${APPLICATION_ARN}${path}`)));
  });

  test.each(['CreateApplication', 'ListApplications'])('%s is refused, it knows no resource', (action) => {
    const stack = newStack(ENV);
    const { grants } = importIn(stack);
    const submitter = submitterIn(stack);

    expect(() => grants.actions(submitter, `emr-serverless:${action}`)).toThrow(
      `\`actions\` must be actions on an application, its job runs or its sessions, got: "emr-serverless:${action}"`
      + ' (IAM checks it against no resource: grant it on "*" in a statement of your own)',
    );
  });

  test.each([
    ['StopJobRun', 'CancelJobRun'],
    ['DescribeApplication', 'GetApplication'],
  ])('%s is refused with the right name %s', (mistaken, right) => {
    const stack = newStack(ENV);
    const { grants } = importIn(stack);
    const submitter = submitterIn(stack);

    expect(() => grants.actions(submitter, `emr-serverless:${mistaken}`)).toThrow(
      `\`actions\` must be full names of EMR Serverless actions such as "emr-serverless:GetJobRun", got: "emr-serverless:${mistaken}"`
      + ` (IAM calls it emr-serverless:${right})`,
    );
  });

  test.each([
    'emr-serverless:*',
    'emr-serverless:Get*',
    'emr-serverless:GetJobRu?',
    '*',
    'emr-serverless:FlyToTheMoon',
    'emr-serverless:constructor',
    'emr-serverless:toString',
    'emr-serverless:',
    'GetJobRun',
    'emr-containers:StartJobRun',
    's3:GetObject',
    'iam:PassRole',
    '',
  ])('%j is refused', (action) => {
    const stack = newStack(ENV);
    const { grants } = importIn(stack);
    const submitter = submitterIn(stack);

    expect(() => grants.actions(submitter, action)).toThrow(
      `\`actions\` must be full names of EMR Serverless actions such as "emr-serverless:GetJobRun", got: ${JSON.stringify(action)}`,
    );
  });

  test.each(['emr-serverless:constructor', 's3:GetObject', ''])('%j is refused without a guess at what was meant', (action) => {
    const stack = newStack(ENV);
    const { grants } = importIn(stack);
    const submitter = submitterIn(stack);

    expect(() => grants.actions(submitter, action)).toThrow(new RegExp(`, got: ${JSON.stringify(action)} \\[Stack/Spark\\]$`));
  });

  test('one refused action keeps all others from being granted', () => {
    const stack = newStack(ENV);
    const { grants } = importIn(stack);
    const submitter = submitterIn(stack);

    expect(() => grants.actions(submitter, 'emr-serverless:GetApplication', 'emr-serverless:StopJobRun')).toThrow('emr-serverless:CancelJobRun');
    expectNoPolicy(stack);
  });

  test('a list of actions that is a token is granted on all that they could be', () => {
    const stack = newStack(ENV);
    const actions = new CfnParameter(stack, 'Actions', { type: 'CommaDelimitedList' }).valueAsList;

    importIn(stack).grants.actions(submitterIn(stack), ...actions);

    expect(policyStatements(stack)).toEqual([
      allow({ Ref: 'Actions' }, APPLICATION_ARN),
      allow({ Ref: 'Actions' }, `${APPLICATION_ARN}/jobruns/*`),
      allow({ Ref: 'Actions' }, `${APPLICATION_ARN}/sessions/*`),
    ]);
  });

  test('an action that is a token is granted on all that it could be', () => {
    const stack = newStack(ENV);
    const action = new CfnParameter(stack, 'Action').valueAsString;

    importIn(stack).grants.actions(submitterIn(stack), action);

    expect(policyStatements(stack)).toEqual([
      allow({ Ref: 'Action' }, APPLICATION_ARN),
      allow({ Ref: 'Action' }, `${APPLICATION_ARN}/jobruns/*`),
      allow({ Ref: 'Action' }, `${APPLICATION_ARN}/sessions/*`),
    ]);
  });

  test('several actions are one statement for each kind of resource, sorted and each once', () => {
    const stack = newStack(ENV);

    importIn(stack).grants.actions(submitterIn(stack),
      'emr-serverless:TagResource',
      'emr-serverless:StartJobRun',
      'emr-serverless:GetSession',
      'emr-serverless:GetJobRun',
      'emr-serverless:GetApplication',
      'emr-serverless:GetJobRun',
    );

    expect(policyStatements(stack)).toEqual([
      allow(['emr-serverless:GetApplication', 'emr-serverless:StartJobRun'], APPLICATION_ARN),
      allow(['emr-serverless:GetJobRun', 'emr-serverless:TagResource'], `${APPLICATION_ARN}/jobruns/*`),
      allow(['emr-serverless:GetSession', 'emr-serverless:TagResource'], `${APPLICATION_ARN}/sessions/*`),
    ]);
  });

  test('no action is no grant', () => {
    const stack = newStack(ENV);

    const grant = importIn(stack).grants.actions(submitterIn(stack));

    expect(grant.success).toBe(false);
    expectNoPolicy(stack);
  });
});

test.each([
  ['StopJobRun', 'CancelJobRun'],
  ['emr-serverless:stopJobRun', 'CancelJobRun'],
  ['GetJobRun', 'GetJobRun'],
  ['emr-serverless:getjobrun', 'GetJobRun'],
])('actions() tells what IAM calls %s', (action, meant) => {
  const stack = newStack(ENV);
  const { grants } = new SparkEmrServerlessRuntime(stack, 'Spark');

  expect(() => grants.actions(submitterIn(stack), action)).toThrow(`got: "${action}" (IAM calls it emr-serverless:${meant}) [Stack/Spark]`);
});

test('actions() names all that it refuses, and grants none', () => {
  const stack = newStack(ENV);
  const { grants } = new SparkEmrServerlessRuntime(stack, 'Spark');

  expect(() => grants.actions(submitterIn(stack), 'emr-serverless:GetJobRun', 'emr-serverless:Nonsense', 'emr-serverless:ListApplications'))
    .toThrow(/^2 problems in \[Stack\/Spark\]:\n.*"emr-serverless:Nonsense".*\n.*"emr-serverless:ListApplications"/);
  expectNoPolicy(stack);
});
