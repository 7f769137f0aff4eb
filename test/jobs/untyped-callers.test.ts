import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { jobOf, OwnCode } from './job-parts';
import { DAILY } from './scheduled-job';
import {
  EmrServerlessStartJobRun,
  PythonPackages,
  SparkCode,
  SparkCodeUse,
  SparkEmrServerlessJob,
  SparkEmrServerlessJobTarget,
  SparkEmrServerlessRuntime,
  SparkEmrServerlessRuntimeGrants,
  SparkExecutionRole,
  SparkJobMode,
} from '../../src';
import { ENV, newStack, submitterIn } from '../util';

/** Callers from JavaScript, JSON and Python have no compiler. */
const untyped = (value: unknown): any => value;

/** What somebody may give in place of anything. */
const VALUES: { readonly [code: string]: () => unknown } = {
  'null': () => null,
  'undefined': () => undefined,
  '5': () => 5,
  '"x"': () => 'x',
  '[]': () => [],
  '{}': () => ({}),
};

interface Prepared {
  readonly stack: Stack;
  readonly job: SparkEmrServerlessJob;
  readonly somebody: iam.Role;
}

const runtimeOf = ({ job }: Prepared) => job.runtime as SparkEmrServerlessRuntime;

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'untyped-'));
  fs.mkdirSync(path.join(folder, 'packages', 'demo'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'packages', 'demo', '__init__.py'), '');
  fs.writeFileSync(path.join(folder, 'requirements.txt'), '');
  fs.writeFileSync(path.join(folder, 'environment.tgz'), '');
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const directoryPackages = () => PythonPackages.fromDirectory(path.join(folder, 'packages'));

class OwnPackages extends PythonPackages {
  constructor(private readonly config: unknown) { super(); }

  public bind() { return untyped(this.config); }
}

class ReturningCode extends SparkCode {
  constructor(private readonly config: unknown) { super(); }

  public bind() { return untyped(this.config); }
}

/** One act for each parameter of each public method and constructor, and for each member of what a class of the user's own returns. */
const ACTS: { readonly [place: string]: (prepared: Prepared, value: any) => unknown } = {
  'new SparkEmrServerlessJob(scope)': ({ job: { runtime } }, value) =>
    new SparkEmrServerlessJob(value, 'Other', { runtime, entryPoint: new OwnCode() }),
  'new SparkEmrServerlessJob(id)': ({ stack, job: { runtime } }, value) =>
    new SparkEmrServerlessJob(stack, value, { runtime, entryPoint: new OwnCode() }),
  'new SparkEmrServerlessJob(props)': ({ stack }, value) => new SparkEmrServerlessJob(stack, 'Other', value),
  ...Object.fromEntries([
    'runtime', 'entryPoint', 'executionRole', 'jobName', 'entryPointArguments', 'mainClass', 'pythonFiles', 'pythonPackages', 'jars', 'files', 'archives',
    'environment', 'driver', 'executor', 'minExecutors', 'maxExecutors', 'sparkProperties', 'configurations', 'logging', 'mode', 'executionPolicy', 'jobRunTags',
  ].map((prop) => [`new SparkEmrServerlessJob(props.${prop})`, ({ stack, job: { runtime } }: Prepared, value: unknown) =>
    new SparkEmrServerlessJob(stack, 'Other', untyped({ runtime, entryPoint: new OwnCode(), [prop]: value }))])),
  'bind() of own code': ({ stack, job: { runtime } }, value) =>
    new SparkEmrServerlessJob(stack, 'Other', { runtime, entryPoint: new ReturningCode(value) }),
  'bind().uri of own code': ({ stack, job: { runtime } }, value) =>
    new SparkEmrServerlessJob(stack, 'Other', { runtime, entryPoint: new ReturningCode({ uri: value }) }),
  'bind() of own code in a virtual environment': ({ stack, somebody }, value) =>
    PythonPackages.fromVirtualEnvironment(new ReturningCode(value)).bind(stack, somebody, {}),
  'bind() of own packages': ({ stack, job: { runtime } }, value) =>
    new SparkEmrServerlessJob(stack, 'Other', { runtime, entryPoint: new OwnCode(), pythonPackages: new OwnPackages(value) }),
  ...Object.fromEntries(['archiveUri', 'virtualEnvironment', 'pythonFileUris'].map((member) =>
    [`bind().${member} of own packages`, ({ stack, job: { runtime } }: Prepared, value: unknown) => new SparkEmrServerlessJob(stack, 'Other', {
      runtime, entryPoint: new OwnCode(), pythonPackages: new OwnPackages({ archiveUri: 's3://b/p.zip', [member]: value }),
    })])),
  'job.addSchedule(id)': ({ job }, value) => job.addSchedule(value, { schedule: DAILY }),
  'job.addSchedule(options)': ({ job }, value) => job.addSchedule('Daily', value),
  ...Object.fromEntries([
    'schedule', 'scheduleName', 'description', 'enabled', 'timeWindow', 'start', 'end', 'scheduleGroup', 'key', 'role', 'deadLetterQueue', 'maxEventAge',
    'retryAttempts', 'entryPointArguments', 'jobRunName',
  ].map((option) => [`job.addSchedule(options.${option})`, ({ job }: Prepared, value: unknown) =>
    job.addSchedule('Daily', untyped({ schedule: DAILY, [option]: value }))])),
  'job.createRequestParameter(id)': ({ job }, value) => job.createRequestParameter(value),
  'job.createRequestParameter(options)': ({ job }, value) => job.createRequestParameter('Request', value),
  ...Object.fromEntries(['allowedPattern', 'description', 'parameterName', 'simpleName', 'tier'].map((option) =>
    [`job.createRequestParameter(options.${option})`, ({ job }: Prepared, value: unknown) =>
      job.createRequestParameter('Request', { [option]: value })])),
  'job.grants.start()': ({ job }, value) => job.grants.start(value),
  'job.grants.run()': ({ job }, value) => job.grants.run(value),
  'new SparkEmrServerlessJobTarget(job)': (_, value) => new SparkEmrServerlessJobTarget(value),
  'new SparkEmrServerlessJobTarget(props)': ({ job }, value) => new SparkEmrServerlessJobTarget(job, value),
  'target.bind()': ({ job }, value) => new SparkEmrServerlessJobTarget(job).bind(value),
  'new EmrServerlessStartJobRun(scope)': ({ job }, value) => new EmrServerlessStartJobRun(value, 'Start', { job }),
  'new EmrServerlessStartJobRun(id)': ({ stack, job }, value) => new EmrServerlessStartJobRun(stack, value, { job }),
  'EmrServerlessStartJobRun.jsonPath(props)': ({ stack }, value) => EmrServerlessStartJobRun.jsonPath(stack, 'Start', value),
  'EmrServerlessStartJobRun.jsonata(scope)': ({ job }, value) => EmrServerlessStartJobRun.jsonata(value, 'Start', { job }),
  'EmrServerlessStartJobRun.jsonata(props)': ({ stack }, value) => EmrServerlessStartJobRun.jsonata(stack, 'Start', value),
  ...Object.fromEntries([
    'job', 'jobRunName', 'entryPointArguments', 'entryPointArgumentsExpression', 'executionTimeout', 'jobRunTags', 'queryLanguage', 'stateName', 'comment',
    'timeout', 'taskTimeout', 'heartbeat', 'heartbeatTimeout', 'integrationPattern', 'credentials', 'inputPath', 'outputPath', 'resultPath',
    'resultSelector', 'outputs', 'assign',
  ].map((prop) => [`new EmrServerlessStartJobRun(props.${prop})`, ({ stack, job }: Prepared, value: unknown) =>
    stack.resolve(new EmrServerlessStartJobRun(stack, 'Start', untyped({ job, [prop]: value })).toStateJson())])),
  'task.addRetry()': ({ stack, job }, value) => new EmrServerlessStartJobRun(stack, 'Start', { job }).addRetry(value),
  ...Object.fromEntries(['errors', 'interval', 'maxAttempts', 'maxDelay', 'jitterStrategy', 'backoffRate'].map((member) =>
    [`task.addRetry(props.${member})`, ({ stack, job }: Prepared, value: unknown) =>
      new EmrServerlessStartJobRun(stack, 'Start', { job }).addRetry({ [member]: value }).toStateJson()])),
  'SparkCode.fromAsset(path)': (_, value) => SparkCode.fromAsset(value),
  'SparkCode.fromAsset(options)': (_, value) => SparkCode.fromAsset(__filename, value),
  'SparkCode.fromBucket(bucket)': (_, value) => SparkCode.fromBucket(value, 'job.py'),
  'SparkCode.fromImage(path)': (_, value) => SparkCode.fromImage(value),
  'code.bind(scope)': ({ somebody }, value) => SparkCode.fromImage('/job.py').bind(value, somebody, SparkCodeUse.ENTRY_POINT),
  'code.bind(grantee)': ({ stack }, value) => SparkCode.fromImage('/job.py').bind(stack, value, SparkCodeUse.ENTRY_POINT),
  'code.bind(use)': ({ stack, somebody }, value) => SparkCode.fromImage('/job.py').bind(stack, somebody, value),
  'PythonPackages.fromRequirements(path)': (_, value) => PythonPackages.fromRequirements(value),
  'PythonPackages.fromRequirements(options)': (_, value) => PythonPackages.fromRequirements(path.join(folder, 'requirements.txt'), value),
  'PythonPackages.fromProject(directory)': (_, value) => PythonPackages.fromProject(value),
  'PythonPackages.fromProject(options)': (_, value) => PythonPackages.fromProject(folder, value),
  'PythonPackages.fromDirectory(path)': (_, value) => PythonPackages.fromDirectory(value),
  'PythonPackages.fromVirtualEnvironment(archive)': (_, value) => PythonPackages.fromVirtualEnvironment(value),
  'packages.bind(scope)': ({ somebody }, value) => directoryPackages().bind(value, somebody, {}),
  'packages.bind(grantee)': ({ stack }, value) => directoryPackages().bind(stack, value, {}),
  'packages.bind(target)': ({ stack, somebody }, value) => directoryPackages().bind(stack, somebody, value),
  ...Object.fromEntries(['release', 'architecture', 'customImage'].map((member) =>
    [`packages.bind(target.${member})`, ({ stack, somebody }: Prepared, value: unknown) =>
      directoryPackages().bind(stack, somebody, { [member]: value })])),
  'SparkJobMode.batch()': (_, value) => SparkJobMode.batch(value),
  'SparkJobMode.batch(executionTimeout)': (_, value) => SparkJobMode.batch({ executionTimeout: value }),
  'SparkJobMode.batch(maxAttempts)': (_, value) => SparkJobMode.batch({ maxAttempts: value }),
  'SparkJobMode.streaming()': (_, value) => SparkJobMode.streaming(value),
  'SparkJobMode.streaming(maxFailedAttemptsPerHour)': (_, value) => SparkJobMode.streaming({ maxFailedAttemptsPerHour: value }),
  'new SparkExecutionRole(scope)': ({ job: { runtime } }, value) => new SparkExecutionRole(value, 'Role', { runtimes: [runtime] }),
  'new SparkExecutionRole(id)': ({ stack, job: { runtime } }, value) => new SparkExecutionRole(stack, value, { runtimes: [runtime] }),
  'new SparkExecutionRole(props)': ({ stack }, value) => new SparkExecutionRole(stack, 'Role', value),
  ...Object.fromEntries([
    'runtimes', 'policyDocument', 'inlinePolicies', 'roleName', 'path', 'description', 'managedPolicies', 'permissionsBoundary', 'maxSessionDuration',
    'grantLogging',
  ].map((prop) => [`new SparkExecutionRole(props.${prop})`, ({ stack, job: { runtime } }: Prepared, value: unknown) =>
    new SparkExecutionRole(stack, 'Role', untyped({ runtimes: [runtime], [prop]: value }))])),
  'role.attachInlinePolicy()': ({ job }, value) => (job.executionRole as SparkExecutionRole).attachInlinePolicy(value),
  'SparkEmrServerlessRuntimeGrants.fromApplication()': (_, value) => SparkEmrServerlessRuntimeGrants.fromApplication(value),
  ...Object.fromEntries(([
    'readJobRuns', 'cancelJobRuns', 'viewSparkUi', 'tagJobRuns', 'operateApplication', 'manageApplication', 'writeLogs', 'readLogs',
  ] as const).map((verb) => [`grants.${verb}()`, (prepared: Prepared, value: iam.IGrantable) => runtimeOf(prepared).grants[verb](value)])),
  ...Object.fromEntries((['startJobExecution', 'useLivy', 'useStudio', 'useSparkConnect'] as const).flatMap((verb) => [
    [`grants.${verb}(grantee)`, (prepared: Prepared, value: iam.IGrantable) => runtimeOf(prepared).grants[verb](value, prepared.somebody)],
    [`grants.${verb}(executionRole)`, (prepared: Prepared, value: iam.IRole) => runtimeOf(prepared).grants[verb](prepared.somebody, value)],
  ])),
  'grants.actions(grantee)': (prepared, value) => runtimeOf(prepared).grants.actions(value, 'emr-serverless:GetJobRun'),
  'grants.actions(action)': (prepared, value) => runtimeOf(prepared).grants.actions(prepared.somebody, value),
  'new SparkEmrServerlessRuntime(scope)': (_, value) => new SparkEmrServerlessRuntime(value, 'Other'),
  'new SparkEmrServerlessRuntime(id)': ({ stack }, value) => new SparkEmrServerlessRuntime(stack, value),
  'fromApplicationArn(scope)': (_, value) => SparkEmrServerlessRuntime.fromApplicationArn(value, 'Other', 'arn'),
};

/** What the library or CDK says of a value. */
function refusalOf(act: (prepared: Prepared, value: any) => unknown, value: unknown): string {
  const stack = newStack(ENV);
  const prepared = { stack, job: jobOf({}, {}, stack), somebody: submitterIn(stack) };
  try {
    act(prepared, value);
    return '';
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

test.each(Object.entries(ACTS))('a value of any type is taken, or refused with a sentence: %s', (_, act) => {
  const refusals = Object.entries(VALUES).map(([code, make]) => `${code} ${refusalOf(act, make())}`);

  expect(refusals.filter((refusal) => !/^\S+ ($|ValidationError: .*`\w|InvalidJsonPathStart: )/s.test(refusal))).toEqual([]);
});

test.each<[string, unknown, string]>([
  ['new SparkEmrServerlessJob(scope)', null, '`scope` must be given, got: null'],
  ['new SparkEmrServerlessJob(scope)', {}, '`scope` must be a construct such as a stack, got: an object of class Object'],
  ['new SparkEmrServerlessJob(id)', 5, '`id` must be a string, got: 5 [Stack]'],
  ['EmrServerlessStartJobRun.jsonata(scope)', 5, '`scope` must be a construct such as a stack, got: 5'],
  ['new EmrServerlessStartJobRun(id)', undefined, '`id` must be given, got: undefined [Stack]'],
  ['new SparkExecutionRole(scope)', 'x', '`scope` must be a construct such as a stack, got: "x"'],
  ['new SparkEmrServerlessRuntime(scope)', null, '`scope` must be given, got: null'],
  ['fromApplicationArn(scope)', {}, '`scope` must be a construct such as a stack, got: an object of class Object'],
  ['bind() of own code', undefined, '`entryPoint.bind()` must be given, got: undefined [Stack/Other]'],
  ['bind() of own code', 's3://code/job.py', '`entryPoint.bind()` must be an object, got: "s3://code/job.py" [Stack/Other]'],
  ['bind().uri of own code', 5, '`entryPoint.bind().uri` must be a string, got: 5 [Stack/Other]'],
  ['bind() of own code in a virtual environment', null, '`archive.bind()` must be given, got: null [Stack]'],
  ['bind() of own packages', undefined, '`pythonPackages.bind()` must be given, got: undefined [Stack/Other]'],
  ['bind() of own packages', {}, '`pythonPackages.bind().archiveUri` must be given, got: undefined [Stack/Other]'],
  ['bind().pythonFileUris of own packages', 'x', '`pythonPackages.bind().pythonFileUris` must be a list, got: "x" [Stack/Other]'],
  ['bind().pythonFileUris of own packages', [5], '`pythonPackages.bind().pythonFileUris[0]` must be a string, got: 5 [Stack/Other]'],
  ['bind().virtualEnvironment of own packages', Lazy.any({ produce: () => false }),
    '`pythonPackages.bind().virtualEnvironment` must be true or false, got: a token [Stack/Other]'],
  ['packages.bind(scope)', null, '`scope` must be given, got: null'],
  ['packages.bind(grantee)', 'x', '`grantee` must be a principal such as a role, got: "x" [Stack]'],
  ['packages.bind(target)', null, '`target` must be given, got: null [Stack]'],
  ['packages.bind(target.architecture)', 'arm64', '`target.architecture` must be one of X86_64, ARM64, got: "arm64" [Stack]'],
  ['packages.bind(target.release)', 'emr-7.14.0', '`target.release` must be an EmrRelease such as EmrRelease.LATEST, got: "emr-7.14.0" [Stack]'],
  ['packages.bind(target.customImage)', 'no', '`target.customImage` must be true or false, got: "no" [Stack]'],
  ['code.bind(scope)', null, '`scope` must be given, got: null'],
  ['target.bind()', null, '`schedule` must be given, got: null [Stack/Job]'],
  ['target.bind()', newStack(), '`schedule` must be a schedule of EventBridge Scheduler, got: the construct Stack [Stack/Job]'],
  ['role.attachInlinePolicy()', undefined, '`policy` must be given, got: undefined [Stack/Job/ExecutionRole]'],
])('%s of %p', (place, value, message) => {
  expect(refusalOf(ACTS[place], value)).toBe(`ValidationError: ${message}`);
});
