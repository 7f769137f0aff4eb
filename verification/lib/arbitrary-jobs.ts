import { Aws, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  Architecture, DiskType, EmrRelease, ISparkEmrServerlessRuntime, LoggingOptions, SparkBatchOptions, SparkCode, SparkEmrServerlessJob,
  SparkEmrServerlessJobProps, SparkEmrServerlessRuntime, SparkJobMode, SparkStreamingOptions, SparkWorker,
} from 'cdk-spark-emr-serverless';
import * as fc from 'fast-check';
import {
  anyOf, configurations, duration, listOf, loggingOptions, properties, size, some,
} from './arbitrary-props';
import { child, hostile, junk, list, literal, number, Recipe, recipe, struct, text, TextLike, textToken } from './arbitrary-values';
import { IRELAND, urlSuffix } from './deployment';
import { JAR, PROGRAM } from './jobs';

/** Applications that are legal, with what a job depends on: the release, the Spark properties and the logs. */
const runtime: fc.Arbitrary<Recipe<ISparkEmrServerlessRuntime>> = fc.constantFrom<Recipe<ISparkEmrServerlessRuntime>>(
  recipe('new SparkEmrServerlessRuntime', (scope) => new SparkEmrServerlessRuntime(scope, 'Spark')),
  recipe('new SparkEmrServerlessRuntime with Spark properties', (scope) => new SparkEmrServerlessRuntime(scope, 'Spark', {
    sparkProperties: { 'spark.jars': 's3://amzn-s3-demo-bucket/a.jar', 'spark.executor.cores': '2' }, architecture: Architecture.ARM64,
  })),
  ...[EmrRelease.EMR_6_15_0, EmrRelease.EMR_7_14_0, EmrRelease.EMR_SPARK_8_1_0].map((release) =>
    recipe(`new SparkEmrServerlessRuntime of ${release.label}`, (scope) => new SparkEmrServerlessRuntime(scope, 'Spark', { release }))),
  recipe('fromSparkEmrServerlessRuntimeAttributes', (scope) => SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(scope, 'Spark', {
    applicationId: '00f1abcdefgh0123', s3Logs: { bucket: new s3.Bucket(scope, 'Logs', { encryption: s3.BucketEncryption.KMS }) }, cloudWatchLogs: {},
  })),
);

// a job with a Python program refuses `mainClass` after it has made its execution role
const jar: fc.Arbitrary<Recipe<SparkCode>> = fc.constant(recipe('JAR', () => JAR));
const code: fc.Arbitrary<Recipe<SparkCode>> = fc.constant(recipe('PROGRAM', () => PROGRAM));

const mode: fc.Arbitrary<Recipe<SparkJobMode>> = fc.oneof(
  some<SparkBatchOptions>({ executionTimeout: duration(1, 1_000_000), maxAttempts: number(1, 10) }, 50)
    .map((options) => recipe(`SparkJobMode.batch(${fc.stringify(options)})`, (scope) => SparkJobMode.batch(options(scope)))),
  some<SparkStreamingOptions>({ maxFailedAttemptsPerHour: number(1, 10) }, 50)
    .map((options) => recipe(`SparkJobMode.streaming(${fc.stringify(options)})`, (scope) => SparkJobMode.streaming(options(scope)))),
);

const worker = some<SparkWorker>({
  cores: fc.oneof(anyOf(1, 2, 4, 8, 16, 32), number(1, 32)),
  memory: size(1, 220, 2, 4, 8, 14, 16, 27, 54, 108),
  disk: size(20, 200, 2048),
  diskType: anyOf(DiskType.STANDARD, DiskType.SHUFFLE_OPTIMIZED),
}, 50);

const ARGUMENT = fc.constantFrom('--date', '2026-11-28', '', 'a b', '{"a": [1]}', 'it\'s', '\\', '{% $x %}', '$.date', '<aws.scheduler.scheduled-time>');
const entryPointArguments = listOf<string>(fc.oneof(
  { weight: 9, arbitrary: fc.array(text(ARGUMENT), { maxLength: 4 }).map((items) => list(items)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, 1024, 1025).map((count) => recipe(`${count} arguments`, () => Array.from({ length: count }, (_, i) => `${i}`))),
  },
));

const role: fc.Arbitrary<Recipe<iam.IRole>> = fc.oneof(
  fc.constant(recipe('new Role', (scope) => new iam.Role(scope, child(scope, 'Role'), { assumedBy: new iam.AccountRootPrincipal() }))),
  fc.oneof(fc.constant(literal('Job')), textToken).map((name) =>
    recipe(`Role.fromRoleName(${fc.stringify(name)})`, (scope) => iam.Role.fromRoleName(scope, child(scope, 'Role'), name(scope)))),
);

/** A map with some keys, and now and then with many. */
function mapOf(key: fc.Arbitrary<string>, value: fc.Arbitrary<string>, ...counts: number[]): fc.Arbitrary<Recipe<Record<string, string>>> {
  const few = fc.array(fc.tuple(key, text(value)), { maxLength: 3 }).map((entries) =>
    struct<Record<string, string>>(Object.fromEntries(entries)));
  const many = fc.constantFrom(...counts).map((count) =>
    recipe(`${count} entries`, () => Object.fromEntries(Array.from({ length: count }, (_, i) => [`KEY${i}`, 'value']))));
  return fc.oneof({ weight: 9, arbitrary: few }, { weight: 1, arbitrary: many });
}

const NAME = fc.constantFrom('nightly', 'Orders of the day', 'é');
const CLASS = fc.constantFrom('com.example.Main', 'Main', 'com.example.Main$');
const VARIABLE = fc.constantFrom('STAGE', '_X1', 'PYTHONPATH', 'JAVA_HOME', 'a.b', '1A', '');
const TAG = fc.constantFrom('team', 'cost center', 'a/b_.:=+@-', 'aws:x', 'naïve', 'x'.repeat(128), 'x'.repeat(129), '');
const DIRECTORY = fc.constantFrom('data', 'a.b-c_1', 'environment', '.', '..', 'a/b', 'a,b', 'a#b', '');

const executionPolicy: fc.Arbitrary<Recipe<iam.PolicyDocument>> = fc.constantFrom(0, 1, 30).map((count) =>
  recipe(`PolicyDocument of ${count} statements`, () => new iam.PolicyDocument({
    statements: Array.from({ length: count }, (_, i) => new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [`arn:${Aws.PARTITION}:s3:::b${i}/*`] })),
  })));

/** Any props: most of them legal, some of them junk. */
export const jobProps: fc.Arbitrary<Recipe<SparkEmrServerlessJobProps>> = some<SparkEmrServerlessJobProps>({
  runtime,
  entryPoint: jar,
  executionRole: role,
  jobName: text(NAME),
  entryPointArguments,
  mainClass: text(CLASS),
  pythonFiles: fc.array(code, { maxLength: 2 }).map((items) => list(items)),
  pythonPackages: fc.constant(literal(undefined)) as fc.Arbitrary<Recipe<never>>,
  jars: fc.array(code, { maxLength: 2 }).map((items) => list(items)),
  files: fc.array(code, { maxLength: 2 }).map((items) => list(items)),
  archives: fc.array(fc.tuple(DIRECTORY, code), { maxLength: 2 })
    .map((entries) => struct<Record<string, SparkCode>>(Object.fromEntries(entries))),
  environment: mapOf(VARIABLE, fc.constantFrom('prod', 'a b', '', '"', '\\', '{}'), 200, 5000),
  driver: worker,
  executor: worker,
  minExecutors: number(0, 100, 0, 1),
  maxExecutors: number(1, 100, 1, 2, 3),
  sparkProperties: properties,
  configurations,
  logging: some<LoggingOptions>(loggingOptions, 30),
  mode,
  executionPolicy,
  jobRunTags: mapOf(TAG, fc.constantFrom('data', '', 'x'.repeat(256), 'x'.repeat(257)), 200, 201),
}, 12, ['runtime', 'entryPoint']);

/** Every place for a string of a job, with text that is legal there. */
const STRINGS: { readonly [place: string]: [fc.Arbitrary<string>, (given: string) => Partial<SparkEmrServerlessJobProps>] } = {
  'jobName': [NAME, (given) => ({ jobName: given })],
  'entryPointArguments': [ARGUMENT, (given) => ({ entryPointArguments: ['--date', given] })],
  'mainClass': [CLASS, (given) => ({ mainClass: given })],
  'key of archives': [fc.constantFrom('data'), (given) => ({ archives: { [given]: PROGRAM } })],
  'key of environment': [fc.constantFrom('STAGE'), (given) => ({ environment: { [given]: 'value' } })],
  'value of environment': [fc.constantFrom('prod', 'a b'), (given) => ({ environment: { STAGE: given } })],
  'key of sparkProperties': [fc.constantFrom('spark.custom'), (given) => ({ sparkProperties: { [given]: 'value' } })],
  'value of sparkProperties': [fc.constantFrom('value', 'a b'), (given) => ({ sparkProperties: { 'spark.custom': given } })],
  'classification': [fc.constantFrom('spark-env'), (given) => ({ configurations: [{ classification: given }] })],
  'key of configurations': [fc.constantFrom('a.b'), (given) => ({ configurations: [{ classification: 'hive-site', properties: { [given]: 'value' } }] })],
  'value of configurations': [fc.constantFrom('value'), (given) => ({ configurations: [{ classification: 'hive-site', properties: { 'a.b': given } }] })],
  'key of jobRunTags': [fc.constantFrom('team'), (given) => ({ jobRunTags: { [given]: 'data' } })],
  'value of jobRunTags': [fc.constantFrom('data'), (given) => ({ jobRunTags: { team: given } })],
  'executionPolicy': [fc.constantFrom('amzn-s3-demo-bucket'), (given) => ({
    executionPolicy: new iam.PolicyDocument({
      statements: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [`arn:aws:s3:::${given}/*`] })],
    }),
  })],
};

function oneOfStrings(textLike: TextLike): fc.Arbitrary<Recipe<SparkEmrServerlessJobProps>> {
  return fc.oneof(...Object.entries(STRINGS).map(([place, [legal, props]]) => textLike(legal).map((given) =>
    recipe(`${place}(${fc.stringify(given)})`, (scope): SparkEmrServerlessJobProps =>
      ({ runtime: new SparkEmrServerlessRuntime(scope, 'Spark'), entryPoint: JAR, ...props(given(scope)) })))));
}

/** One string, and nothing else: every place for one gets its share of junk. */
export const oneStringOfJob = oneOfStrings(junk);

/** One string, and nothing else, that fools a terminal, a log or a policy. */
export const oneHostileStringOfJob = oneOfStrings(hostile);

/** The request of a job as far as it is known: what only the deployment knows is an expression to the judge. */
export function requestOf(job: SparkEmrServerlessJob): unknown {
  return known(Stack.of(job).resolve(job.startJobRunRequest));
}

const UNKNOWN = '{% unknown %}';
const PSEUDO: { readonly [parameter: string]: string } = {
  'AWS::Partition': IRELAND.partition,
  'AWS::Region': IRELAND.region,
  'AWS::AccountId': IRELAND.account,
  'AWS::URLSuffix': urlSuffix(IRELAND),
};

function known(value: unknown): unknown {
  if (Array.isArray(value)) { return value.map(known); }
  if (typeof value === 'string') { return value.replace(/\{\{resolve:[^{}]*\}\}/g, 'x'); }
  if (typeof value !== 'object' || value === null) { return value; }
  const [[name, operand] = ['', undefined]] = Object.entries(value);
  if (name === 'Fn::Join') {
    const [delimiter, parts] = operand as [string, unknown[]];
    return parts.map(known).map((part) => part === UNKNOWN ? 'x' : part).join(delimiter);
  }
  if (name === 'Ref' || name.startsWith('Fn::')) { return PSEUDO[operand as string] ?? UNKNOWN; }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, known(item)]));
}
