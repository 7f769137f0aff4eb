import * as fs from 'fs';
import * as path from 'path';
import { gunzipSync } from 'zlib';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { application, GIB, IDENTITY_CENTER_ARN, newStack } from './util';
import { Architecture, DiskType, EmrRelease, SparkEmrServerlessRuntime, SparkImage, SparkLogType } from '../src';

/** What the construct leaves out, and why. */
const LEFT_OUT: Record<string, string> = {
  'CfnApplicationProps.tags': 'Tags.of(runtime).add() sets them, as for every construct',
};

const FQN = 'aws-cdk-lib.aws_emrserverless.';

interface JsiiStruct {
  readonly name: string;
  readonly properties: { readonly name: string; readonly type: JsiiType }[];
}

interface JsiiType {
  readonly fqn?: string;
  readonly collection?: { readonly elementtype: JsiiType };
  readonly union?: { readonly types: JsiiType[] };
}

const types = jsiiTypes();
const set = rendered();

test('every property of AWS::EMRServerless::Application is set or left out for a reason', () => {
  const missing = reachable().filter((property) => !set.has(property) && !(property in LEFT_OUT));

  expect(missing).toEqual([]);
});

test('nothing is left out that is set, or that does not exist', () => {
  const properties = new Set(reachable());

  expect(Object.keys(LEFT_OUT).filter((property) => set.has(property) || !properties.has(property))).toEqual([]);
});

test('the walk finds the structs that are several levels down', () => {
  expect(reachable()).toEqual(expect.arrayContaining([
    'CfnApplicationProps.releaseLabel',
    'WorkerConfigurationProperty.diskType',
    'InteractiveConfigurationProperty.sessionEnabled',
    'LogTypeMapKeyValuePairProperty.value',
    'WorkerTypeSpecificationInputProperty.imageConfiguration',
  ]));
});

/** All properties of `CfnApplicationProps` and of the structs that it reaches, from the assembly of the installed aws-cdk-lib. */
function reachable(): string[] {
  const found = new Map<string, JsiiStruct>();
  const visit = (fqn: string) => {
    if (!fqn.startsWith(FQN) || found.has(fqn)) { return; }
    found.set(fqn, types[fqn]);
    types[fqn].properties.forEach(({ type }) => namedTypes(type).forEach(visit));
  };
  visit(`${FQN}CfnApplicationProps`);
  return [...found.values()].flatMap(({ name, properties }) => properties.map((property) => `${name}.${property.name}`));
}

function namedTypes({ fqn, collection, union }: JsiiType): string[] {
  return [...fqn ? [fqn] : [], ...collection ? namedTypes(collection.elementtype) : [], ...union?.types.flatMap(namedTypes) ?? []];
}

function jsiiTypes(): Record<string, JsiiStruct> {
  const folder = path.dirname(require.resolve('aws-cdk-lib/package.json'));
  const assembly = JSON.parse(fs.readFileSync(path.join(folder, '.jsii'), 'utf8'));
  const whole = assembly.schema === 'jsii/file-redirect'
    ? JSON.parse(gunzipSync(fs.readFileSync(path.join(folder, assembly.filename))).toString())
    : assembly;
  return whole.types;
}

/** What two applications with everything set have in their templates, named as the structs name it. */
function rendered(): Set<string> {
  const found = new Set<string>();
  const visit = (struct: string, value: unknown) => {
    if (Array.isArray(value)) { return value.forEach((one) => visit(struct, one)); }
    if (typeof value !== 'object' || value === null) { return; }
    for (const [key, inner] of Object.entries(value)) {
      const name = key[0].toLowerCase() + key.slice(1);
      found.add(`${struct}.${name}`);
      const fqn = `${FQN}${struct.startsWith('Cfn') ? '' : 'CfnApplication.'}${struct}`;
      const type = types[fqn]?.properties.find((property) => property.name === name)?.type;
      const [innerStruct] = type ? namedTypes(type).filter((named) => named.startsWith(FQN)) : [];
      // the keys of a map are not properties
      const values = type && isMap(type) ? Object.values(inner as object) : [inner];
      if (innerStruct) { values.forEach((one) => visit(innerStruct.split('.').at(-1)!, one)); }
    }
  };
  everything().forEach((stack) => visit('CfnApplicationProps', application(stack)));
  return found;
}

function isMap(type: JsiiType & { collection?: { kind?: string } }): boolean {
  return type.collection?.kind === 'map' || (type.union?.types.some(isMap) ?? false);
}

function everything(): Stack[] {
  const stack = newStack();
  const key = new kms.Key(stack, 'Key');
  new SparkEmrServerlessRuntime(stack, 'Spark', {
    name: 'everything',
    release: EmrRelease.EMR_7_14_0,
    architecture: Architecture.ARM64,
    autoStart: false,
    autoStop: true,
    idleTimeout: Duration.minutes(30),
    initialDriverCapacity: { workerCount: 1, cpu: 4, memory: GIB(16), disk: GIB(50), diskType: DiskType.SHUFFLE_OPTIMIZED },
    initialExecutorCapacity: { workerCount: 1, cpu: 4, memory: GIB(16) },
    maximumCapacity: { cpu: 100, memory: GIB(400), disk: GIB(2000) },
    maxConcurrentRuns: 3,
    queueTimeout: Duration.minutes(30),
    image: SparkImage.fromUri('111122223333.dkr.ecr.eu-west-1.amazonaws.com/spark:1'),
    sparkProperties: { 'spark.executor.memory': '12g' },
    configurations: [{ classification: 'spark-env', configurations: [{ classification: 'export', properties: { A: 'b' } }] }],
    livyEndpoint: true,
    studio: true,
    sparkConnect: true,
    managedLogs: true,
    managedLogsKey: key,
    s3Logs: { bucket: new s3.Bucket(stack, 'Bucket'), prefix: 'logs', encryptionKey: key },
    cloudWatchLogs: {
      logGroup: new logs.LogGroup(stack, 'LogGroup'),
      logStreamNamePrefix: 'spark',
      encryptionKey: key,
      driverLogTypes: [SparkLogType.STDOUT],
      executorLogTypes: [SparkLogType.STDERR],
    },
    prometheusWorkspaceArn: 'arn:aws:aps:eu-west-1:111122223333:workspace/ws-1',
    vpc: new ec2.Vpc(stack, 'Vpc'),
    identityCenterInstanceArn: IDENTITY_CENTER_ARN,
    removalPolicy: RemovalPolicy.RETAIN,
  });

  // an image for all workers and one for each kind exclude each other
  const images = newStack();
  const image = SparkImage.fromUri('111122223333.dkr.ecr.eu-west-1.amazonaws.com/spark:1');
  new SparkEmrServerlessRuntime(images, 'Spark', { driverImage: image, executorImage: image });
  return [stack, images];
}
