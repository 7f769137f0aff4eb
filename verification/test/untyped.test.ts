import * as assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { inspect } from 'node:util';
import { App, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { EmrRelease, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeGrants, SparkExecutionRole, SparkImage } from 'cdk-spark-emr-serverless';
import * as fc from 'fast-check';
import { newStack, outcome, withinSeconds } from '../lib/outcome';
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

// the first template that is validated takes seconds
before(() => { outcome(newStack(), { make: () => {}, act: () => {} }); });

function tryEvery<T>(place: string, prepare: (stack: Stack) => T, act: (stack: Stack, value: unknown, prepared: T) => unknown): void {
  test(`a value of any type is accepted, or refused with an error that can be read: ${place}`, () => {
    const defects = UNTYPED_VALUES.flatMap((make) => {
      try {
        withinSeconds(SECONDS, () => outcome(newStack(), {
          make: (stack) => ({ prepared: prepare(stack), value: make(stack) }),
          act: (stack, { value, prepared }) => { act(stack, value, prepared); },
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

Object.entries(PLACES).forEach(([place, act]) => tryEvery(place, () => {}, act));
Object.entries(ACTS).forEach(([place, act]) => tryEvery(place, (stack) => ({
  runtime: new SparkEmrServerlessRuntime(stack, 'Spark'),
  somebody: new Role(stack, 'Somebody', { assumedBy: new AccountRootPrincipal() }),
}), (_, value, { runtime, somebody }) => act(runtime, somebody, value)));
