import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import { before, test } from 'node:test';
import { inspect } from 'node:util';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import {
  EmrRelease, EmrServerlessStartJobRun, PythonPackages, SparkCode, SparkCodeUse, SparkEmrServerlessJob, SparkEmrServerlessJobTarget,
  SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeGrants, SparkExecutionRole, SparkImage, SparkJobMode,
} from 'cdk-spark-emr-serverless';
import * as fc from 'fast-check';
import { requestOf } from '../lib/arbitrary-jobs';
import { JAR } from '../lib/jobs';
import { newStack, outcome, withinSeconds } from '../lib/outcome';
import { JobRunRequest, requestProblems, STATE_MACHINES } from '../lib/start-job-run';
import { skippedWithout, VERIFICATION } from '../lib/tools';
import { UNTYPED_VALUES } from '../lib/untyped';

/** What takes longer hangs. */
const SECONDS = 20;

/** The other members that a struct must have. */
const LEGAL: { readonly [prop: string]: () => Record<string, unknown> } = {
  // of an app of its own: what a refusal leaves in the stack is the library's
  s3Logs: () => ({ bucket: Bucket.fromBucketName(new Stack(new App(), 'Others'), 'Bucket', 'amzn-s3-demo-bucket') }),
  cloudWatchLogs: () => ({}),
  initialDriverCapacity: () => ({ workerCount: 1, cpu: 4 }),
  maximumCapacity: () => ({ cpu: 16 }),
};

const PROPS = [
  'name', 'release', 'architecture', 'autoStart', 'autoStop', 'idleTimeout', 'initialDriverCapacity', 'initialExecutorCapacity', 'maximumCapacity',
  'maxConcurrentRuns', 'queueTimeout', 'image', 'driverImage', 'executorImage', 'sparkProperties', 'configurations', 'livyEndpoint', 'studio',
  'sparkConnect', 'vpc', 'vpcSubnets', 'securityGroups', 'identityCenterInstanceArn', 'removalPolicy', 'managedLogs', 'managedLogsKey', 's3Logs',
  'cloudWatchLogs', 'prometheusWorkspaceArn',
  's3Logs.bucket', 's3Logs.prefix', 's3Logs.encryptionKey', 'cloudWatchLogs.logGroup', 'cloudWatchLogs.logStreamNamePrefix',
  'cloudWatchLogs.encryptionKey', 'cloudWatchLogs.driverLogTypes', 'initialDriverCapacity.workerCount', 'initialDriverCapacity.cpu',
  'initialDriverCapacity.memory', 'initialDriverCapacity.disk', 'initialDriverCapacity.diskType', 'maximumCapacity.cpu', 'maximumCapacity.memory', 'unknown',
];

/** One of each kind where several are read in the same way. */
const PROPS_OF_JOBS = [
  'runtime', 'entryPoint', 'executionRole', 'jobName', 'entryPointArguments', 'mainClass', 'pythonPackages', 'jars', 'archives', 'environment', 'driver',
  'maxExecutors', 'sparkProperties', 'configurations', 'logging', 'mode', 'executionPolicy', 'jobRunTags',
  'driver.cores', 'driver.memory', 'driver.diskType', 'logging.s3Logs', 'logging.managedLogsKey', 'archives.data', 'sparkProperties.custom',
  'environment.STAGE', 'jobRunTags.team',
];

const ATTRIBUTES = ['applicationArn', 'applicationId', 'applicationName', 'release', 'architecture', 'securityGroups', 'identityCenterInstanceArn'];

/** Everything that takes a value, and what it does with one. */
const PLACES: { readonly [place: string]: (stack: Stack, value: any) => unknown } = {
  'props': (stack, value) => new SparkEmrServerlessRuntime(stack, 'Spark', value),
  ...Object.fromEntries(PROPS.map((prop) => [prop, (stack: Stack, value: unknown) => {
    const [name, member] = prop.split('.');
    const given = member ? { ...LEGAL[name](), [member]: value } : value;
    return new SparkEmrServerlessRuntime(stack, 'Spark', { [name]: given });
  }])),
  'sparkProperties.*': (stack, value) => new SparkEmrServerlessRuntime(stack, 'Spark', { sparkProperties: { 'spark.custom': value } }),
  'configurations[0]': (stack, value) => new SparkEmrServerlessRuntime(stack, 'Spark', { configurations: [value] }),
  ...Object.fromEntries(['classification', 'properties', 'configurations'].map((member) => [`configurations[0].${member}`, (stack: Stack, value: unknown) =>
    new SparkEmrServerlessRuntime(stack, 'Spark', { configurations: [{ classification: 'spark-env', [member]: value }] })])),
  'securityGroups[0]': (stack, value) => new SparkEmrServerlessRuntime(stack, 'Spark', { securityGroups: [value] }),
  'EmrRelease.of()': (_, value) => EmrRelease.of(value),
  'SparkImage.fromUri()': (_, value) => SparkImage.fromUri(value),
  'SparkImage.fromEcrRepository() repository': (_, value) => SparkImage.fromEcrRepository(value, 'latest'),
  'SparkImage.fromAsset() directory': (_, value) => SparkImage.fromAsset(value),
  'SparkImage.fromAsset() options': (_, value) => SparkImage.fromAsset(__dirname, value),
  'fromApplicationArn()': (stack, value) => SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Spark', value),
  'attrs': (stack, value) => SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(stack, 'Spark', value),
  ...Object.fromEntries(ATTRIBUTES.map((attribute) => [`attrs.${attribute}`, (stack: Stack, value: unknown) =>
    SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(stack, 'Spark', {
      ...attribute === 'applicationArn' ? {} : { applicationId: '00f1abcdefgh0123' }, [attribute]: value,
    })])),
  'SparkEmrServerlessRuntimeGrants.fromApplication()': (_, value) => SparkEmrServerlessRuntimeGrants.fromApplication(value),
};

/** What somebody does with an application. */
const ACTS: { readonly [act: string]: (runtime: SparkEmrServerlessRuntime, somebody: Role, value: any) => unknown } = {
  'grantStartJobExecution() grantee': (runtime, _, value) => runtime.grantStartJobExecution(value, 'arn:aws:iam::111122223333:role/Job'),
  'grantStartJobExecution() executionRoleArn': (runtime, somebody, value) => runtime.grantStartJobExecution(somebody, value),
  'grants.startJobExecution() executionRole': (runtime, somebody, value) => runtime.grants.startJobExecution(somebody, value),
  'grants.readJobRuns() grantee': (runtime, _, value) => runtime.grants.readJobRuns(value),
  'grants.actions() action': (runtime, somebody, value) => runtime.grants.actions(somebody, value),
  'grants.readLogs() grantee': (runtime, _, value) => runtime.grants.readLogs(value),
  'new SparkExecutionRole() props': (runtime, _, value) => new SparkExecutionRole(runtime.stack, 'ExecutionRole', value),
  ...Object.fromEntries(['runtimes', 'policyDocument', 'inlinePolicies'].map((prop) =>
    [`new SparkExecutionRole() ${prop}`, (runtime: SparkEmrServerlessRuntime, _: Role, value: unknown) =>
      new SparkExecutionRole(runtime.stack, 'ExecutionRole', { runtimes: [runtime], [prop]: value } as any)])),
  'grants.writeLogs() grantee': (runtime, _, value) => runtime.grants.writeLogs(value),
  'createExecutionRole() document': (runtime, _, value) => runtime.createExecutionRole('ExecutionRole', value),
  'createExecutionRole() options': (runtime, _, value) => runtime.createExecutionRole('ExecutionRole', undefined, value),
  ...Object.fromEntries([
    'roleName', 'path', 'description', 'managedPolicies', 'permissionsBoundary', 'maxSessionDuration', 'grantLogging',
  ].map((option) =>
    [`createExecutionRole() options.${option}`, (runtime: SparkEmrServerlessRuntime, _: Role, value: unknown) =>
      runtime.createExecutionRole('ExecutionRole', undefined, { [option]: value })])),
};

/** A job with other props, whose request is in the template. */
function newJob(runtime: SparkEmrServerlessRuntime, props: any): SparkEmrServerlessJob {
  const job = new SparkEmrServerlessJob(runtime.stack, 'Job', { runtime, entryPoint: JAR, ...props });
  runtime.stack.templateOptions.metadata = { Input: job.startJobRunInput };
  return job;
}

/** What somebody does to have a job. */
const JOBS: { readonly [place: string]: (runtime: SparkEmrServerlessRuntime, value: any) => unknown } = {
  'new SparkEmrServerlessJob() props': (runtime, value) => new SparkEmrServerlessJob(runtime.stack, 'Job', value),
  ...Object.fromEntries(PROPS_OF_JOBS.map((prop) => [`new SparkEmrServerlessJob() ${prop}`, (runtime: SparkEmrServerlessRuntime, value: unknown) => {
    const [name, member] = prop.split('.');
    return newJob(runtime, { [name]: member ? { [member]: value } : value });
  }])),
  ...Object.fromEntries(['entryPointArguments', 'jars'].map((prop) =>
    [`new SparkEmrServerlessJob() ${prop}[0]`, (runtime: SparkEmrServerlessRuntime, value: unknown) => newJob(runtime, { [prop]: [value] })])),
  'SparkJobMode.batch() options': (_, value) => SparkJobMode.batch(value),
  'SparkJobMode.batch() executionTimeout': (_, value) => SparkJobMode.batch({ executionTimeout: value }),
  'SparkJobMode.streaming() options': (_, value) => SparkJobMode.streaming(value),
  'SparkJobMode.streaming() maxFailedAttemptsPerHour': (_, value) => SparkJobMode.streaming({ maxFailedAttemptsPerHour: value }),
};

/** One of each kind where several are read in the same way. */
const OPTIONS_OF_SCHEDULES = [
  'schedule', 'scheduleName', 'enabled', 'timeWindow', 'start', 'scheduleGroup', 'key', 'role', 'deadLetterQueue', 'maxEventAge', 'retryAttempts',
  'entryPointArguments', 'jobRunName',
];
const PROPS_OF_TASKS = [
  'job', 'jobRunName', 'entryPointArguments', 'entryPointArgumentsExpression', 'executionTimeout', 'jobRunTags', 'queryLanguage', 'stateName', 'comment',
  'timeout', 'taskTimeout', 'heartbeatTimeout', 'integrationPattern', 'credentials', 'resultPath', 'resultSelector', 'outputs', 'assign', 'unknown',
];
const MEMBERS_OF_RETRIES = ['errors', 'interval', 'maxAttempts', 'backoffRate', 'jitterStrategy', 'unknown'];

const SCHEDULE = { schedule: ScheduleExpression.rate(Duration.hours(1)) };
const REQUIREMENTS = path.join(VERIFICATION, 'spark', 'packages.txt');

/** Code of a class of the user's own. */
class OwnCode extends SparkCode {
  constructor(private readonly config: any) { super(); }

  public bind() { return this.config; }
}

/** Packages of a class of the user's own. */
class OwnPackages extends PythonPackages {
  constructor(private readonly config: any) { super(); }

  public bind() { return this.config; }
}

/** What finds code and packages, for somebody who may read them. */
const CODE: { readonly [place: string]: (stack: Stack, somebody: Role, value: any) => unknown } = {
  'SparkCode.fromAsset() path': (_, __, value) => SparkCode.fromAsset(value),
  'SparkCode.fromAsset() options': (_, __, value) => SparkCode.fromAsset(__filename, value),
  'SparkCode.fromBucket() bucket': (_, __, value) => SparkCode.fromBucket(value, 'job.py'),
  'SparkCode.fromBucket() key': (_, __, value) => SparkCode.fromBucket(LEGAL.s3Logs().bucket as Bucket, value),
  'SparkCode.fromImage() path': (_, __, value) => SparkCode.fromImage(value),
  'SparkCode.bind() scope': (_, somebody, value) => JAR.bind(value, somebody, SparkCodeUse.ENTRY_POINT),
  'SparkCode.bind() grantee': (stack, _, value) => JAR.bind(stack, value, SparkCodeUse.ENTRY_POINT),
  'SparkCode.bind() use': (stack, somebody, value) => JAR.bind(stack, somebody, value),
  'PythonPackages.fromRequirements() path': (_, __, value) => PythonPackages.fromRequirements(value),
  'PythonPackages.fromRequirements() options': (_, __, value) => PythonPackages.fromRequirements(REQUIREMENTS, value),
  ...Object.fromEntries(['pythonVersion', 'architecture', 'sourceDistributions'].map((option) =>
    [`PythonPackages.fromRequirements() options.${option}`, (_: Stack, __: Role, value: unknown) =>
      PythonPackages.fromRequirements(REQUIREMENTS, { [option]: value })])),
  'PythonPackages.fromProject() directory': (_, __, value) => PythonPackages.fromProject(value),
  'PythonPackages.fromProject() options': (_, __, value) => PythonPackages.fromProject(__dirname, value),
  'PythonPackages.fromDirectory() path': (_, __, value) => PythonPackages.fromDirectory(value),
  'PythonPackages.fromVirtualEnvironment() archive': (_, __, value) => PythonPackages.fromVirtualEnvironment(value),
  'PythonPackages.bind() scope': (_, somebody, value) => PythonPackages.fromDirectory(__dirname).bind(value, somebody, {}),
  'PythonPackages.bind() grantee': (stack, _, value) => PythonPackages.fromDirectory(__dirname).bind(stack, value, {}),
  'PythonPackages.bind() target': (stack, somebody, value) => PythonPackages.fromDirectory(__dirname).bind(stack, somebody, value),
  ...Object.fromEntries(['release', 'architecture', 'customImage'].map((member) =>
    [`PythonPackages.bind() target.${member}`, (stack: Stack, somebody: Role, value: unknown) =>
      PythonPackages.fromDirectory(__dirname).bind(stack, somebody, { [member]: value })])),
};

/** What a class of the user's own returns is known when the job is in the tree. */
const OWN_CLASSES: { readonly [place: string]: (runtime: SparkEmrServerlessRuntime, value: any) => unknown } = {
  'SparkCode.bind() of a class of the user': (runtime, value) => newJob(runtime, { jars: [new OwnCode(value)] }),
  'SparkCode.bind().uri of a class of the user': (runtime, value) => newJob(runtime, { jars: [new OwnCode({ uri: value })] }),
  'PythonPackages.bind() of a class of the user': (runtime, value) => newJob(runtime, { pythonPackages: new OwnPackages(value) }),
  ...Object.fromEntries(['archiveUri', 'virtualEnvironment', 'pythonFileUris'].map((member) =>
    [`PythonPackages.bind().${member} of a class of the user`, (runtime: SparkEmrServerlessRuntime, value: unknown) =>
      newJob(runtime, { pythonPackages: new OwnPackages({ archiveUri: 's3://amzn-s3-demo-bucket/packages.zip', [member]: value }) })])),
};

/** What somebody does with a job. */
const ACTS_WITH_JOBS: { readonly [act: string]: (job: SparkEmrServerlessJob, value: any) => unknown } = {
  'job.grants.start() grantee': (job, value) => job.grants.start(value),
  'job.grants.run() grantee': (job, value) => job.grants.run(value),
  'addSchedule() options': (job, value) => job.addSchedule('Schedule', value),
  ...Object.fromEntries(OPTIONS_OF_SCHEDULES.map((option) => [`addSchedule() options.${option}`, (job: SparkEmrServerlessJob, value: unknown) =>
    job.addSchedule('Schedule', { ...SCHEDULE, [option]: value })])),
  'new SparkEmrServerlessJobTarget() job': (_, value) => new SparkEmrServerlessJobTarget(value),
  'new SparkEmrServerlessJobTarget() props': (job, value) =>
    new Schedule(Stack.of(job), 'Schedule', { ...SCHEDULE, target: new SparkEmrServerlessJobTarget(job, value) }),
  'SparkEmrServerlessJobTarget.bind() schedule': (job, value) => new SparkEmrServerlessJobTarget(job).bind(value),
  'createRequestParameter() options': (job, value) => job.createRequestParameter('Request', value),
  ...Object.fromEntries(['description', 'parameterName', 'simpleName', 'tier'].map((option) =>
    [`createRequestParameter() options.${option}`, (job: SparkEmrServerlessJob, value: unknown) => job.createRequestParameter('Request', { [option]: value })])),
  'EmrServerlessStartJobRun.jsonPath() props': (job, value) => EmrServerlessStartJobRun.jsonPath(Stack.of(job), 'Task', value),
  'EmrServerlessStartJobRun.jsonata() props': (job, value) => EmrServerlessStartJobRun.jsonata(Stack.of(job), 'Task', value),
  ...Object.fromEntries(PROPS_OF_TASKS.flatMap((prop) => (['jsonPath', 'jsonata'] as const).map((language) =>
    [`EmrServerlessStartJobRun.${language}() ${prop}`, (job: SparkEmrServerlessJob, value: unknown) =>
      EmrServerlessStartJobRun[language](Stack.of(job), 'Task', { job, [prop]: value })]))),
};

/** What somebody does with a task. */
const ACTS_WITH_TASKS: { readonly [act: string]: (task: EmrServerlessStartJobRun, value: any) => unknown } = {
  'addRetry() props': (task, value) => task.addRetry(value),
  ...Object.fromEntries(MEMBERS_OF_RETRIES.map((member) => [`addRetry() ${member}`, (task: EmrServerlessStartJobRun, value: unknown) =>
    task.addRetry({ [member]: value })])),
};

// the first template that is validated takes seconds
before(() => { outcome(newStack(), { make: () => {}, act: () => {} }); });

/** Puts a task in a state machine, and its state in the template. The language of a state is known then. */
function inStateMachine(stack: Stack, result: unknown): void {
  if (!(result instanceof EmrServerlessStartJobRun)) { return; }
  new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(result) });
  stack.resolve(result.toStateJson());
}

function tryEvery<T, R>(
  place: string, prepare: (stack: Stack) => T, act: (value: unknown, prepared: T) => R, expect?: (result: R, value: string) => void,
  use: (stack: Stack, result: R) => void = inStateMachine,
): void {
  test(`a value of any type is accepted, or refused with an error that can be read: ${place}`, () => {
    const defects = UNTYPED_VALUES.flatMap((make) => {
      try {
        withinSeconds(SECONDS, () => outcome(newStack(), {
          make: (stack) => ({ prepared: prepare(stack), value: make(stack) }),
          act: (_, { value, prepared }) => act(value, prepared),
          use,
          expect: (_, result) => expect?.(result, fc.stringify(make)),
        }));
        return [];
      } catch (error) {
        const said = error !== null && typeof error === 'object' && 'message' in error ? `${(error as Error).name}: ${(error as Error).message}` : inspect(error);
        return [`${fc.stringify(make)}: ${said.slice(0, 300)}`];
      }
    });
    assert.deepEqual(defects, []);
  });
}

const newRuntime = (stack: Stack) => new SparkEmrServerlessRuntime(stack, 'Spark');

Object.entries(PLACES).forEach(([place, act]) => tryEvery(place, (stack) => stack, (value, stack) => act(stack, value)));
Object.entries(ACTS).forEach(([place, act]) => tryEvery(place, (stack) => ({
  runtime: newRuntime(stack), somebody: new Role(stack, 'Somebody', { assumedBy: new AccountRootPrincipal() }),
}), (value, { runtime, somebody }) => act(runtime, somebody, value)));

const requests: { [which: string]: JobRunRequest } = {};
Object.entries(JOBS).forEach(([place, act]) => tryEvery(place, newRuntime, (value, runtime) => act(runtime, value), (job, value) => {
  if (job instanceof SparkEmrServerlessJob) { requests[`${place}: ${value}`] = { form: 'json', language: 'JSONata', request: requestOf(job) }; }
}));
Object.entries(OWN_CLASSES).forEach(([place, act]) => tryEvery(
  place, newRuntime, (value, runtime) => () => act(runtime, value), undefined, (_, bindAll) => bindAll(),
));
Object.entries(CODE).forEach(([place, act]) => tryEvery(place, (stack) => ({
  stack, somebody: new Role(stack, 'Somebody', { assumedBy: new AccountRootPrincipal() }),
}), (value, { stack, somebody }) => act(stack, somebody, value)));
Object.entries(ACTS_WITH_JOBS).forEach(([place, act]) => tryEvery(
  place, (stack) => newJob(newRuntime(stack), {}), (value, job) => act(job, value),
));
Object.entries(ACTS_WITH_TASKS).forEach(([place, act]) => tryEvery(
  place, (stack) => EmrServerlessStartJobRun.jsonPath(stack, 'Task', { job: newJob(newRuntime(stack), {}) }), (value, task) => act(task, value),
));

test('StartJobRun takes the request of every job that was accepted', { skip: skippedWithout(STATE_MACHINES) }, () => {
  assert.deepEqual(Object.entries(requestProblems(requests)).filter(([, problems]) => problems.length > 0), []);
});
