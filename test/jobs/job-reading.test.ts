import { Duration } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Schedule, ScheduleExpression, ScheduleGroup, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { ParameterTier } from 'aws-cdk-lib/aws-ssm';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { jobOf, OwnCode, requestOf } from './job-parts';
import {
  EmrServerlessStartJobRun, SparkCode, SparkEmrServerlessJob, SparkEmrServerlessJobTarget, SparkEmrServerlessRuntime, SparkExecutionRole,
  SparkJobMode, SparkLogType,
} from '../../src';
import * as logging from '../../src/application/private/logging';
import * as features from '../../src/jobs/private/features';
import { ACCOUNT, counted, ENV, EXECUTION_ROLE_ARN, GIB, importIn, KEY_ARN, newStack, submitterIn } from '../util';

/** Asserts that each member was read once, and at least so many were. */
function expectOnce(counts: Map<string, number>, least: number): void {
  expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
  expect(counts.size).toBeGreaterThanOrEqual(least);
}

describe('each prop, and each member of a prop, is read once', () => {
  test('of a job', () => {
    const stack = newStack(ENV);
    const key = Key.fromKeyArn(stack, 'Key', KEY_ARN);
    const counts = new Map<string, number>();

    const job = new SparkEmrServerlessJob(stack, 'Job', counted({
      runtime: importIn(stack),
      entryPoint: new OwnCode('s3://code/job.jar'),
      executionRole: Role.fromRoleArn(stack, 'Execution', EXECUTION_ROLE_ARN),
      jobName: 'nightly',
      entryPointArguments: ['--full'],
      mainClass: 'com.example.Main',
      pythonFiles: [new OwnCode('s3://code/a.zip')],
      jars: [new OwnCode('s3://code/a.jar')],
      files: [new OwnCode('s3://code/a.txt')],
      archives: { data: new OwnCode('s3://code/data.zip') },
      environment: { STAGE: 'test' },
      driver: { cores: 4, memory: GIB(8) },
      executor: { cores: 4, memory: GIB(8), disk: GIB(20) },
      minExecutors: 1,
      maxExecutors: 5,
      sparkProperties: { 'spark.a': 'b' },
      configurations: [{ classification: 'spark-log4j2', properties: { 'rootLogger.level': 'warn' } }],
      logging: {
        managedLogsKey: key,
        s3Logs: { bucket: Bucket.fromBucketName(stack, 'Bucket', 'logs'), prefix: 'a', encryptionKey: key },
        cloudWatchLogs: { driverLogTypes: [SparkLogType.STDOUT] },
      },
      mode: SparkJobMode.batch({ maxAttempts: 2 }),
      executionPolicy: new PolicyDocument({ statements: [new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] })] }),
      jobRunTags: { team: 'data' },
    }, counts));
    job.grants.run(submitterIn(stack));
    requestOf(job);

    expectOnce(counts, 38);
  });

  test('of an execution role', () => {
    const stack = newStack(ENV);
    const counts = new Map<string, number>();

    new SparkExecutionRole(stack, 'Role', counted({
      runtimes: [importIn(stack)],
      policyDocument: new PolicyDocument(),
      inlinePolicies: { more: new PolicyDocument() },
      roleName: 'jobs',
      path: '/spark/',
      description: 'Runs jobs',
      managedPolicies: [],
      maxSessionDuration: Duration.hours(2),
      grantLogging: false,
    }, counts));

    expectOnce(counts, 11);
  });

  test('of a schedule', () => {
    const stack = newStack(ENV);
    const counts = new Map<string, number>();

    jobOf({}, {}, stack).addSchedule('Daily', counted({
      ...targetProps(stack),
      schedule: ScheduleExpression.rate(Duration.days(1)),
      scheduleName: 'daily',
      description: 'Every day',
      enabled: false,
      timeWindow: TimeWindow.off(),
      start: new Date('2027-01-01'),
      end: new Date('2027-01-02'),
      scheduleGroup: ScheduleGroup.fromScheduleGroupName(stack, 'Group', 'jobs'),
      key: Key.fromKeyArn(stack, 'Key', KEY_ARN),
    }, counts));

    expectOnce(counts, 16);
  });

  test('of a target, which several schedules may have', () => {
    const stack = newStack(ENV);
    const counts = new Map<string, number>();

    const target = new SparkEmrServerlessJobTarget(jobOf({}, {}, stack), counted(targetProps(stack), counts));
    ['One', 'Two'].forEach((id) => new Schedule(stack, id, { schedule: ScheduleExpression.rate(Duration.days(1)), target }));

    expectOnce(counts, 7);
  });

  test('of a parameter with the request', () => {
    const counts = new Map<string, number>();

    jobOf().createRequestParameter('Request', counted({
      allowedPattern: '.*', description: 'The request', parameterName: '/jobs/nightly', simpleName: false, tier: ParameterTier.ADVANCED,
    }, counts));

    expectOnce(counts, 5);
  });

  test.each(['jsonPath', 'jsonata'] as const)('of a task in %s', (language) => {
    const stack = newStack(ENV);
    const counts = new Map<string, number>();
    const role = Role.fromRoleArn(stack, 'Runner', `arn:aws:iam::${ACCOUNT}:role/runner`);

    const task = EmrServerlessStartJobRun[language](stack, 'Start', counted({
      job: jobOf({}, {}, stack),
      jobRunName: 'daily',
      entryPointArguments: ['--day'],
      executionTimeout: Duration.hours(1),
      jobRunTags: { run: 'daily' },
      stateName: 'Run',
      comment: 'Every day',
      taskTimeout: sfn.Timeout.duration(Duration.hours(2)),
      heartbeatTimeout: sfn.Timeout.duration(Duration.hours(1)),
      integrationPattern: sfn.IntegrationPattern.RUN_JOB,
      credentials: { role: sfn.TaskRole.fromRole(role) },
      assign: { variable: { list: ['a'] } },
      ...language === 'jsonPath'
        ? { inputPath: '$.input', outputPath: '$.output', resultPath: '$.result', resultSelector: { inner: { list: ['a'] } } }
        : { outputs: { inner: { list: ['a'] } } },
      later: { than: ['this'] },
    }, counts));
    new sfn.StateMachine(stack, 'Machine', { definitionBody: sfn.DefinitionBody.fromChainable(task) });
    stack.resolve(task.toStateJson());

    expectOnce(counts, 26);
  });

  function targetProps(stack: ReturnType<typeof newStack>) {
    return {
      role: Role.fromRoleArn(stack, 'Scheduler', `arn:aws:iam::${ACCOUNT}:role/scheduler`),
      deadLetterQueue: new Queue(stack, 'Queue'),
      maxEventAge: Duration.hours(1),
      retryAttempts: 3,
      entryPointArguments: ['--day'],
      jobRunName: 'daily',
    };
  }
});

describe('what follows from the props is found out once', () => {
  test('the features that the job needs, and the places of its logs, whatever is granted', () => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');
    const destinationsOf = jest.spyOn(logging, 'logDestinations');
    const featuresOf = jest.spyOn(features, 'jobFeatures');

    const job = new SparkEmrServerlessJob(stack, 'Job', {
      runtime, entryPoint: SparkCode.fromImage('/job.py'), logging: { managedLogsKey: Key.fromKeyArn(stack, 'Key', KEY_ARN) },
    });
    job.grants.run(submitterIn(stack));
    job.addSchedule('Daily', { schedule: ScheduleExpression.rate(Duration.days(1)) });
    EmrServerlessStartJobRun.jsonPath(stack, 'Start', { job });

    expect(destinationsOf).toHaveBeenCalledTimes(1);
    expect(featuresOf).toHaveBeenCalledTimes(1);
  });

  test('the request of the job, for a task', () => {
    const stack = newStack(ENV);
    const job = jobOf({ entryPointArguments: ['--day'] }, {}, stack);
    const copy = jest.spyOn(job, '_startJobRun');

    const task = EmrServerlessStartJobRun.jsonPath(stack, 'Start', { job });
    task.addRetry();
    stack.resolve(task.toStateJson());

    expect(copy).toHaveBeenCalledTimes(1);
  });
});
