import { CfnParameter, Duration, Fn, Lazy, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ContextAttribute, ScheduleExpression, ScheduleGroup, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { SparkEmrServerlessJobScheduleOptions, SparkJobMode } from '../../src';
import { allow, deployed, lazy, lazyNumber, newStack, policyStatements, resourceTypes, warnings } from '../util';
import { jobIn } from './job-parts';
import { DAILY, requestOf, schedule } from './scheduled-job';

let stack: Stack;

beforeEach(() => {
  stack = newStack();
});

/** The only schedule of a job that has nothing but its code. */
function scheduled(options: Partial<SparkEmrServerlessJobScheduleOptions> = {}) {
  jobIn(stack).addSchedule('Daily', { schedule: DAILY, ...options });
  return schedule(stack);
}

describe('the request', () => {
  test('is the one of the job, in the names of EventBridge Scheduler, with a token for each execution', () => {
    jobIn(stack, {
      jobName: 'orders',
      entryPointArguments: ['--full'],
      mode: SparkJobMode.batch({ executionTimeout: Duration.hours(2), maxAttempts: 3 }),
      configurations: [{ classification: 'spark-log4j2', properties: { 'rootLogger.level': 'warn' } }],
      jobRunTags: { team: 'data' },
    }).addSchedule('Daily', { schedule: DAILY });

    expect(requestOf(schedule(stack))).toEqual({
      ApplicationId: 'Spark184A4B5E.ApplicationId',
      ExecutionRoleArn: 'JobExecutionRole2C045EDD.Arn',
      ClientToken: '<aws.scheduler.execution-id>',
      Name: 'orders',
      ExecutionTimeoutMinutes: 120,
      RetryPolicy: { MaxAttempts: 3 },
      JobDriver: {
        SparkSubmit: {
          EntryPoint: 's3://code/job.py',
          EntryPointArguments: ['--full'],
        },
      },
      ConfigurationOverrides: {
        ApplicationConfiguration: [{ Classification: 'spark-log4j2', Properties: { 'rootLogger.level': 'warn' } }],
      },
      Tags: { team: 'data' },
    });
  });

  test('goes to the API itself, in the partition of the stack', () => {
    expect(scheduled().Target.Arn).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':scheduler:::aws-sdk:emrserverless:startJobRun']],
    });
    expect(resourceTypes(stack)).not.toContain('AWS::Lambda::Function');
  });

  test('has a name and arguments of the schedule in place of those of the job', () => {
    const job = jobIn(stack, { jobName: 'orders', entryPointArguments: ['--full'] });
    job.addSchedule('Daily', { schedule: DAILY, jobRunName: 'orders-daily', entryPointArguments: ['--day'] });

    const { Name, JobDriver } = requestOf(schedule(stack));

    expect([Name, JobDriver.SparkSubmit.EntryPointArguments]).toEqual(['orders-daily', ['--day']]);
    expect(job.startJobRunRequest).toMatchObject({ name: 'orders', jobDriver: { sparkSubmit: { entryPointArguments: ['--full'] } } });
  });

  test('has no arguments if the schedule has an empty list', () => {
    jobIn(stack, { entryPointArguments: ['--full'] }).addSchedule('Daily', { schedule: DAILY, entryPointArguments: [] });

    expect(requestOf(schedule(stack)).JobDriver.SparkSubmit.EntryPointArguments).toEqual([]);
  });

  test.each([
    '', ' ', 'say "hi"', 'C:\\temp\\', 'two\nlines', '{"json": [1, "a"]}', "it's", '${Ref}', 'ünïcödé',
    ContextAttribute.scheduledTime, `--at=${ContextAttribute.scheduleArn}`, '<aws.scheduler.attempt-number>',
  ])('has the argument %j as it is', (argument) => {
    expect(requestOf(scheduled({ entryPointArguments: ['before', argument, 'after'] })).JobDriver.SparkSubmit.EntryPointArguments)
      .toEqual(['before', argument, 'after']);
  });

  test('has tokens in arguments and in the name, lazy and deployed ones', () => {
    const { Name, JobDriver } = requestOf(scheduled({
      jobRunName: `orders-${deployed('Stage')}`,
      entryPointArguments: [lazy('say "hi"'), deployed('Day'), `--day=${lazy('1')}`],
    }));

    expect(Name).toBe('orders-Stage');
    expect(JobDriver.SparkSubmit.EntryPointArguments).toEqual(['say "hi"', 'Day', '--day=1']);
  });

  test('has a lazy list of arguments, and a number that only the deployment knows', () => {
    const minutes = new CfnParameter(stack, 'Minutes', { type: 'Number' });
    jobIn(stack, { mode: SparkJobMode.batch({ executionTimeout: Duration.minutes(minutes.valueAsNumber) }) })
      .addSchedule('Daily', { schedule: DAILY, entryPointArguments: Lazy.list({ produce: () => ['--a', '--b'] }) });

    const input = schedule(stack).Target.Input['Fn::Join'][1];
    expect(input).toContainEqual({ Ref: 'Minutes' });
    expect(input[input.findIndex((part: any) => part.Ref) - 1]).toMatch(/"ExecutionTimeoutMinutes":$/);
    expect(input.join('')).toContain('"EntryPointArguments":["--a","--b"]');
  });

  test('may have 1024 arguments and a name of 256 characters', () => {
    const { Name, JobDriver } = requestOf(scheduled({ jobRunName: 'n'.repeat(256), entryPointArguments: Array(1024).fill('x') }));

    expect([Name.length, JobDriver.SparkSubmit.EntryPointArguments.length]).toEqual([256, 1024]);
  });
});

describe('a schedule', () => {
  test('has the defaults of the service', () => {
    expect(scheduled()).toEqual({
      FlexibleTimeWindow: { Mode: 'OFF' },
      ScheduleExpression: 'rate(1 day)',
      ScheduleExpressionTimezone: 'Etc/UTC',
      State: 'ENABLED',
      Target: { Arn: expect.anything(), Input: expect.anything(), RoleArn: expect.anything() },
    });
  });

  test('has all that it is given', () => {
    const scheduleGroup = new ScheduleGroup(stack, 'Group');
    const key = new kms.Key(stack, 'Key');

    expect(scheduled({
      schedule: ScheduleExpression.cron({ hour: '4', minute: '30', timeZone: TimeZone.EUROPE_BERLIN }),
      scheduleName: 'orders_1.0-daily',
      description: 'Loads the orders',
      enabled: false,
      timeWindow: TimeWindow.flexible(Duration.minutes(15)),
      start: new Date('2026-01-01T00:00:00Z'),
      end: new Date('2027-01-01T00:00:00Z'),
      scheduleGroup,
      key,
      maxEventAge: Duration.minutes(5),
      retryAttempts: 2,
    })).toMatchObject({
      Name: 'orders_1.0-daily',
      Description: 'Loads the orders',
      ScheduleExpression: 'cron(30 4 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      State: 'DISABLED',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
      StartDate: '2026-01-01T00:00:00.000Z',
      EndDate: '2027-01-01T00:00:00.000Z',
      GroupName: stack.resolve(scheduleGroup.scheduleGroupName),
      KmsKeyArn: stack.resolve(key.keyArn),
      Target: { RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 2 } },
    });
    expect(policyStatements(stack)).toContainEqual(allow('kms:Decrypt', stack.resolve(key.keyArn)));
  });

  test('is a child of the job', () => {
    const job = jobIn(stack);

    const daily = job.addSchedule('Daily', { schedule: DAILY });

    expect(daily.node.path).toBe('Stack/Job/Daily');
    expect(daily.scheduleArn).toBeDefined();
    daily.applyRemovalPolicy(RemovalPolicy.RETAIN);
  });

  test.each<[string, Partial<SparkEmrServerlessJobScheduleOptions>, object]>([
    ['the least', { maxEventAge: Duration.seconds(60), retryAttempts: 0 }, { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 }],
    ['the largest', { maxEventAge: Duration.hours(24), retryAttempts: 185 }, { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 }],
    ['only an age', { maxEventAge: Duration.minutes(90) }, { MaximumEventAgeInSeconds: 5400 }],
    ['lazy', { maxEventAge: Duration.seconds(lazyNumber(90)), retryAttempts: lazyNumber(3) }, { MaximumEventAgeInSeconds: 90, MaximumRetryAttempts: 3 }],
  ])('retries with %s values', (_, options, policy) => {
    expect(scheduled(options).Target.RetryPolicy).toEqual(policy);
  });

  test('retries with values that only the deployment knows', () => {
    const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;

    expect(scheduled({ maxEventAge: Duration.seconds(number), retryAttempts: number }).Target.RetryPolicy)
      .toEqual({ MaximumEventAgeInSeconds: { Ref: 'Number' }, MaximumRetryAttempts: { Ref: 'Number' } });
  });

  test('may have a name and a description that only the deployment knows', () => {
    expect(scheduled({ scheduleName: deployed('Name'), description: Fn.ref('AWS::StackName') }))
      .toMatchObject({ Name: { 'Fn::ImportValue': 'Name' }, Description: { Ref: 'AWS::StackName' } });
  });

  test('reads the options once', () => {
    const reads: string[] = [];
    const options = new Proxy({ schedule: DAILY, retryAttempts: 1, scheduleName: 'daily' }, {
      get: (target: any, name) => {
        if (name in target) { reads.push(String(name)); }
        return target[name];
      },
    });

    jobIn(stack).addSchedule('Daily', options);

    expect(reads.sort()).toEqual(['retryAttempts', 'schedule', 'scheduleName']);
  });

  test('does not change if its list of arguments changes later', () => {
    const entryPointArguments = ['--day'];
    jobIn(stack).addSchedule('Daily', { schedule: DAILY, entryPointArguments });
    entryPointArguments.push('--more');

    expect(requestOf(schedule(stack)).JobDriver.SparkSubmit.EntryPointArguments).toEqual(['--day']);
  });
});

describe('a warning', () => {
  test('says that a schedule of a streaming job starts one more each time', () => {
    const job = jobIn(stack, { mode: SparkJobMode.streaming() });
    const { node: { path } } = job.addSchedule('Daily', { schedule: DAILY });

    schedule(stack);

    expect(path).toBe('Stack/Job/Daily');
    expect(warnings(stack)).toEqual([
      'each time the schedule fires, it starts one more job run that does not end, because the job has the mode `SparkJobMode.streaming()`. Use'
      + ' `SparkJobMode.batch()`, or a schedule that fires once (`ScheduleExpression.at()`) [ack: cdk-spark-emr-serverless:scheduledStreaming]',
    ]);
  });

  test.each([
    ['a streaming job that starts once', SparkJobMode.streaming(), ScheduleExpression.at(new Date('2027-01-01T00:00:00Z'))],
    ['a batch job', SparkJobMode.batch(), DAILY],
  ])('does not come for %s', (_, mode, expression) => {
    jobIn(stack, { mode }).addSchedule('Daily', { schedule: expression });
    schedule(stack);

    expect(warnings(stack)).toEqual([]);
  });

  test('says that a text is no context attribute, of the schedule or of the job', () => {
    const entryPointArguments = ['--at', '<aws.scheduler.scheduled-date>', 'x<aws.scheduler.execution-id>', '<aws.scheduler.scheduled-date>/<AWS.scheduler.attempt-number>'];
    jobIn(stack, { entryPointArguments }).addSchedule('Daily', { schedule: DAILY, jobRunName: 'day <aws.scheduler.scheduled-time' });

    expect(warnings(stack)).toEqual([
      'EventBridge Scheduler does not replace "<aws.scheduler.scheduled-time", "<aws.scheduler.scheduled-date>", "<AWS.scheduler.attempt-number>",'
      + ' which the job gets as it is. Use one of <aws.scheduler.scheduled-time>, <aws.scheduler.execution-id>, <aws.scheduler.schedule-arn>,'
      + ' <aws.scheduler.attempt-number> [ack: cdk-spark-emr-serverless:unknownContextAttribute]',
    ]);
  });

  test.each([
    '<aws.scheduler.scheduled-time>', '<aws.scheduler.execution-id>', '<aws.scheduler.schedule-arn>', '<aws.scheduler.attempt-number>',
    '<aws.region>', 'aws.scheduler.x', deployed('<aws.scheduler.x>'), `<aws.scheduler.${deployed('x')}>`,
  ])('does not come for an argument %s', (argument) => {
    scheduled({ entryPointArguments: ['--at', `${argument}/x`] });

    expect(warnings(stack)).toEqual([]);
  });

  test('says that an argument of the schedule looks like a credential', () => {
    scheduled({ entryPointArguments: ['--password=hunter2', '--day'] });

    expect(warnings(stack)).toEqual([expect.stringContaining('`entryPointArguments[0]` looks like a credential in plain text')]);
  });
});
