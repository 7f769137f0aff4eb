import { App, Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Schedule, ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { SparkEmrServerlessJobTarget } from '../../src';
import { ACCOUNT, ENV, KEY_ARN, lazy, lazyNumber, messageOf, newStack, OTHER_ACCOUNT, untyped } from '../util';
import { jobIn } from './job-parts';
import { DAILY } from './scheduled-job';

const OTHER_REGION = { account: ACCOUNT, region: 'us-east-1' };

let stack: Stack;

beforeEach(() => {
  stack = newStack(ENV);
});

describe('an option', () => {
  test.each<[object, string]>([
    [{ maxEventAge: Duration.seconds(59) }, '`maxEventAge` must be 60 seconds to 24 hours in whole seconds, got: 59 seconds'],
    [{ maxEventAge: Duration.seconds(86_401) }, '`maxEventAge` must be 60 seconds to 24 hours in whole seconds, got: 1 day 1 second'],
    [{ maxEventAge: Duration.millis(60_500) }, '`maxEventAge` must be 60 seconds to 24 hours in whole seconds, got: 1 minute 500 millis'],
    [{ retryAttempts: -1 }, '`retryAttempts` must be a whole number from 0 to 185, got: -1'],
    [{ retryAttempts: 186 }, '`retryAttempts` must be a whole number from 0 to 185, got: 186'],
    [{ retryAttempts: 1.5 }, '`retryAttempts` must be a whole number from 0 to 185, got: 1.5'],
    [{ entryPointArguments: Array(1025).fill('x') }, '`entryPointArguments` must have at most 1024 arguments, got: 1025'],
    [{ jobRunName: '' }, '`jobRunName` must be 1 to 256 characters, not only blanks, got: ""'],
    [{ jobRunName: ' ' }, '`jobRunName` must be 1 to 256 characters, not only blanks, got: " "'],
  ])('%j is refused, of a schedule and of a target', (options, message) => {
    const job = jobIn(stack);

    expect(messageOf(() => job.addSchedule('Daily', { schedule: DAILY, ...options }))).toBe(`${message} [Stack/Job/Daily]`);
    expect(messageOf(() => new SparkEmrServerlessJobTarget(job, options))).toBe(`${message} [Stack/Job]`);
    expect(job.node.tryFindChild('Daily')).toBeUndefined();
  });

  test.each<[object, string]>([
    [{ scheduleName: '' }, '`scheduleName` must be 1 to 64 characters of A-Z a-z 0-9 - _ ., got: ""'],
    [{ scheduleName: 'n'.repeat(65) }, `\`scheduleName\` must be 1 to 64 characters of A-Z a-z 0-9 - _ ., got: "${'n'.repeat(65)}"`],
    [{ scheduleName: 'a/b' }, '`scheduleName` must be 1 to 64 characters of A-Z a-z 0-9 - _ ., got: "a/b"'],
    [{ description: 'd'.repeat(513) }, `\`description\` must be at most 512 characters, got: "${'d'.repeat(99)}…" (513 characters)`],
    [{ start: new Date('2027-01-01'), end: new Date('2027-01-01') },
      '`start` must be before `end`, got: 2027-01-01T00:00:00.000Z and 2027-01-01T00:00:00.000Z'],
    [{ start: new Date('x') }, '`start` must be a valid date, got: Invalid Date'],
    [{ end: new Date('x') }, '`end` must be a valid date, got: Invalid Date'],
  ])('%j is refused', (options, message) => {
    expect(messageOf(() => jobIn(stack).addSchedule('Daily', { schedule: DAILY, ...options }))).toBe(`${message} [Stack/Job/Daily]`);
  });

  test.each([{ scheduleName: 'n'.repeat(64) }, { description: '' }, { description: 'd'.repeat(512) }, { start: new Date('2027-01-01'), end: new Date('2027-01-02') }])('%j is taken', (options) => {
    expect(() => jobIn(stack).addSchedule('Daily', { schedule: DAILY, ...options })).not.toThrow();
  });

  test.each<[unknown, string]>([
    [{}, '`options.schedule` must be given, got: undefined'],
    [{ schedule: 'rate(1 day)' }, '`options.schedule` must be a ScheduleExpression such as ScheduleExpression.rate(Duration.hours(1)), got: "rate(1 day)"'],
    [{ schedule: DAILY, enabled: 'no' }, '`options.enabled` must be true or false, got: "no"'],
    [{ schedule: DAILY, enabled: Lazy.any({ produce: () => false }) }, '`options.enabled` must be true or false, got: a token'],
    [{ schedule: DAILY, timeWindow: 15 }, '`options.timeWindow` must be a TimeWindow such as TimeWindow.flexible(Duration.minutes(15)), got: 15'],
    [{ schedule: DAILY, start: '2027-01-01' }, '`options.start` must be a date, got: "2027-01-01"'],
    [{ schedule: DAILY, end: 0 }, '`options.end` must be a date, got: 0'],
    [{ schedule: DAILY, scheduleGroup: 'orders' }, '`options.scheduleGroup` must be a schedule group, got: "orders"'],
    [{ schedule: DAILY, key: KEY_ARN }, `\`options.key\` must be a KMS key, got: "${KEY_ARN}"`],
    [{ schedule: DAILY, scheduleName: 7 }, '`options.scheduleName` must be a string, got: 7'],
    [{ schedule: DAILY, description: null }, '`options.description` must be a string, got: null'],
    [{ schedule: DAILY, role: 'arn' }, '`options.role` must be a role, got: "arn"'],
    [{ schedule: DAILY, deadLetterQueue: 'arn' }, '`options.deadLetterQueue` must be a queue, got: "arn"'],
    [{ schedule: DAILY, maxEventAge: 60 }, '`options.maxEventAge` must be a Duration such as Duration.minutes(15), got: 60'],
    [{ schedule: DAILY, maxEventAge: Size.gibibytes(1) }, '`options.maxEventAge` must be a Duration such as Duration.minutes(15), got: an object of class Size'],
    [{ schedule: DAILY, retryAttempts: '3' }, '`options.retryAttempts` must be a number, got: "3"'],
    [{ schedule: DAILY, entryPointArguments: '--day' }, '`options.entryPointArguments` must be a list, got: "--day"'],
    [{ schedule: DAILY, entryPointArguments: ['--n', 1] }, '`options.entryPointArguments[1]` must be a string, got: 1'],
    [{ schedule: DAILY, jobRunName: 7 }, '`options.jobRunName` must be a string, got: 7'],
    [undefined, '`options` must be given, got: undefined'],
    ['daily', '`options` must be an object, got: "daily"'],
  ])('of another type is refused with a sentence: %j', (options, message) => {
    expect(messageOf(() => jobIn(stack).addSchedule('Daily', untyped(options)))).toBe(`${message} [Stack/Job/Daily]`);
  });

  test('is refused together with all others', () => {
    expect(messageOf(() => jobIn(stack).addSchedule('Daily', { schedule: DAILY, retryAttempts: 200, jobRunName: '', scheduleName: '/' }))).toBe([
      '3 problems in [Stack/Job/Daily]:',
      '  - `scheduleName` must be 1 to 64 characters of A-Z a-z 0-9 - _ ., got: "/"',
      '  - `retryAttempts` must be a whole number from 0 to 185, got: 200',
      '  - `jobRunName` must be 1 to 256 characters, not only blanks, got: ""',
    ].join('\n'));
  });

  test.each<[object, string]>([
    [{ retryAttempts: lazyNumber(186) }, '`retryAttempts` must be a whole number from 0 to 185, got: 186'],
    [{ maxEventAge: Duration.seconds(lazyNumber(59)) }, '`maxEventAge` must be 60 seconds to 24 hours in whole seconds, got: 59 seconds'],
    [{ jobRunName: lazy(' ') }, '`jobRunName` must be 1 to 256 characters, not only blanks, got: " "'],
  ])('that is lazy is refused when the app is synthesized: %j', (options, message) => {
    jobIn(stack).addSchedule('Daily', { schedule: DAILY, ...options });

    expect(messageOf(() => Template.fromStack(stack))).toContain(message);
  });
});

describe('the target', () => {
  test.each<[unknown, string]>([
    [undefined, '`job` must be given, got: undefined'],
    ['job', '`job` must be a SparkEmrServerlessJob, got: "job"'],
    [{}, '`job` must be a SparkEmrServerlessJob, got: an object of class Object'],
  ])('must have a job, not %j', (job, message) => {
    expect(messageOf(() => new SparkEmrServerlessJobTarget(untyped(job)))).toBe(message);
  });

  test.each<[unknown, string]>([
    [null, '`props` must be given, got: null'],
    [7, '`props` must be an object, got: 7'],
    [{ retryAttempts: '3' }, '`retryAttempts` must be a number, got: "3"'],
  ])('must have props of their types, not %j', (props, message) => {
    expect(messageOf(() => new SparkEmrServerlessJobTarget(jobIn(stack), untyped(props)))).toBe(`${message} [Stack/Job]`);
  });
});

describe('the request', () => {
  const MAX = 262_144;

  /** The bytes of the request that are known, as the refusal counts them. */
  function bytesWith(...entryPointArguments: string[]): number {
    const sizes = newStack(ENV);
    jobIn(sizes).addSchedule('Daily', { schedule: DAILY, entryPointArguments });
    const [{ Properties }] = Object.values(Template.fromStack(sizes).findResources('AWS::Scheduler::Schedule'));
    return Buffer.byteLength(Properties.Target.Input['Fn::Join'][1].filter((part: unknown) => typeof part === 'string').join(''));
  }

  test('may have 256 KB', () => {
    expect(bytesWith('x'.repeat(MAX - bytesWith('')))).toBe(MAX);
  });

  test.each(['x', 'ü'])('must not have one byte more, which ends with %s', (last) => {
    const argument = 'x'.repeat(MAX + 1 - bytesWith(last)) + last;
    jobIn(stack).addSchedule('Daily', { schedule: DAILY, entryPointArguments: [argument] });

    expect(messageOf(() => Template.fromStack(stack))).toContain(
      'the request of the job must have at most 262144 bytes as JSON, which EventBridge Scheduler allows, got: 262145. Let the job read long arguments from S3');
  });
});

describe('a resource of another place', () => {
  const elsewhere = (env: { account: string; region: string }) => new Stack(stack.node.root as App, 'Other', { env });

  test.each<[string, object, string]>([
    ['Region', OTHER_REGION, '`schedule` must belong to the Region of the application, eu-west-1, got: us-east-1'],
    ['account', { ...ENV, account: OTHER_ACCOUNT }, `\`schedule\` must belong to the account of the application, ${ACCOUNT}, got: ${OTHER_ACCOUNT}`],
  ])('is refused: a schedule of another %s', (_, env, message) => {
    const target = new SparkEmrServerlessJobTarget(jobIn(stack));

    expect(messageOf(() => new Schedule(elsewhere(env as any), 'Daily', { schedule: DAILY, target }))).toBe(`${message} [Other/Daily]`);
  });

  test('is let through if only the deployment knows it', () => {
    const other = new Stack(new App(), 'Other');

    expect(() => new Schedule(other, 'Daily', { schedule: DAILY, target: new SparkEmrServerlessJobTarget(jobIn(other)) })).not.toThrow();
  });

  test('is refused: a group of another Region', () => {
    const scheduleGroup = new ScheduleGroup(elsewhere(OTHER_REGION), 'Group', { scheduleGroupName: 'orders' });

    expect(messageOf(() => jobIn(stack).addSchedule('Daily', { schedule: DAILY, scheduleGroup })))
      .toBe('`scheduleGroup` must belong to the Region of the application, eu-west-1, got: us-east-1 [Stack/Job/Daily]');
  });

  test('is refused: a role of another account', () => {
    const role = iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${OTHER_ACCOUNT}:role/scheduler`);

    expect(messageOf(() => jobIn(stack).addSchedule('Daily', { schedule: DAILY, role }))).toBe(
      `\`role\` must belong to account ${ACCOUNT}, the account of the application: a role cannot be passed to another account, got: ${OTHER_ACCOUNT} [Stack/Job/Daily]`);
  });

  test('is refused: a dead-letter queue of another Region', () => {
    const deadLetterQueue = sqs.Queue.fromQueueArn(stack, 'Queue', `arn:aws:sqs:us-east-1:${ACCOUNT}:failed`);

    expect(messageOf(() => jobIn(stack).addSchedule('Daily', { schedule: DAILY, deadLetterQueue })))
      .toBe('`deadLetterQueue` must belong to the Region of the application, eu-west-1, got: us-east-1 [Stack/Job/Daily]');
  });

  test('is refused: a key of another Region', () => {
    const key = kms.Key.fromKeyArn(stack, 'Key', KEY_ARN.replace('eu-west-1', 'us-east-1'));

    expect(messageOf(() => jobIn(stack).addSchedule('Daily', { schedule: DAILY, key })))
      .toBe('`key` must belong to the Region of the application, eu-west-1, got: us-east-1 [Stack/Job/Daily]');
  });
});

test('a key must be symmetric', () => {
  const key = new kms.Key(stack, 'Key', { keySpec: kms.KeySpec.RSA_2048 });

  expect(messageOf(() => jobIn(stack).addSchedule('Daily', { schedule: DAILY, key })))
    .toBe('`key` must be a symmetric KMS key that encrypts (SYMMETRIC_DEFAULT, ENCRYPT_DECRYPT), got: RSA_2048, ENCRYPT_DECRYPT [Stack/Job/Daily]');
});

test.each<[string, (of: Stack) => sqs.IQueue]>([
  ['Stack/Queue', (of) => new sqs.Queue(of, 'Queue', { fifo: true })],
  ['Stack/Queue', (of) => sqs.Queue.fromQueueArn(of, 'Queue', `arn:aws:sqs:eu-west-1:${ACCOUNT}:failed.fifo`)],
])('a dead-letter queue must be a standard queue, not %s', (path, queue) => {
  expect(messageOf(() => jobIn(stack).addSchedule('Daily', { schedule: DAILY, deadLetterQueue: queue(stack) })))
    .toBe(`\`deadLetterQueue\` must be a standard queue, got: the FIFO queue ${path} [Stack/Job/Daily]`);
});

describe('the id', () => {
  const MESSAGE = '`id` must not be an id that the job uses itself, got: ';

  test.each(['ExecutionRole', 'Resource', 'Default'])('must not be %s', (id) => {
    expect(messageOf(() => jobIn(stack).addSchedule(id, { schedule: DAILY }))).toBe(`${MESSAGE}"${id}" [Stack/Job/${id}]`);
  });

  test('may be that of the role where the job has none of its own', () => {
    const executionRole = iam.Role.fromRoleArn(stack, 'Jobs', `arn:aws:iam::${ACCOUNT}:role/jobs`);

    expect(() => jobIn(stack, { executionRole }).addSchedule('ExecutionRole', { schedule: DAILY })).not.toThrow();
  });

  test('must not be the one of another schedule, as CDK says', () => {
    const job = jobIn(stack);
    job.addSchedule('Daily', { schedule: DAILY });

    expect(messageOf(() => job.addSchedule('Daily', { schedule: DAILY }))).toContain('There is already a Construct with name \'Daily\'');
  });

  test.each([undefined, 7])('must be a string, not %j', (id) => {
    expect(messageOf(() => jobIn(stack).addSchedule(untyped(id), { schedule: DAILY }))).toMatch(/^`id` must be (given|a string), got: (undefined|7) \[Stack\/Job\]$/);
  });
});
