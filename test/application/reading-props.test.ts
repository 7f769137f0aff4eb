import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Architecture, EmrRelease, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeAttributes, SparkEmrServerlessRuntimeProps, SparkImage, SparkLogType } from '../../src';
import type { ImportedApplication } from '../../src/application/private/imports';
import type { GivenSettings } from '../../src/application/private/settings';
import { APPLICATION_ARN, GIB, IDENTITY_CENTER_ARN, KEY_ARN, WORKSPACE_ARN, application, counted, importIn, newStack, policyStatements } from '../util';

const IMAGE = SparkImage.fromUri('111122223333.dkr.ecr.eu-west-1.amazonaws.com/spark:1');

/** Every prop that can be given beside the others, with a member of each struct. */
function everything(stack: Stack) {
  const key = kms.Key.fromKeyArn(stack, 'Key', KEY_ARN);
  const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0 });
  return {
    name: 'everything',
    release: EmrRelease.EMR_7_14_0,
    autoStop: true,
    idleTimeout: Duration.minutes(5),
    initialDriverCapacity: { workerCount: 1, cpu: 4, memory: GIB(16) },
    initialExecutorCapacity: { workerCount: 1, cpu: 4, memory: GIB(16) },
    maximumCapacity: { cpu: 100, memory: GIB(400) },
    image: IMAGE,
    sparkProperties: { 'spark.a': '1' },
    configurations: [{ classification: 'spark-defaults', properties: { 'spark.b': '2' } }],
    livyEndpoint: true,
    managedLogsKey: key,
    s3Logs: { bucket: new s3.Bucket(stack, 'Bucket'), prefix: 'a', encryptionKey: key },
    cloudWatchLogs: { driverLogTypes: [SparkLogType.STDOUT] },
    prometheusWorkspaceArn: WORKSPACE_ARN,
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    securityGroups: [new ec2.SecurityGroup(stack, 'Group', { vpc })],
    identityCenterInstanceArn: IDENTITY_CENTER_ARN,
  };
}

describe('the constructor', () => {
  test('reads each prop, and each member of a prop, once', () => {
    const stack = newStack();
    const props = everything(stack);
    const counts = new Map<string, number>();

    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', counted(props, counts));
    runtime.createExecutionRole('ExecutionRole');
    application(stack);

    expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
    expect(counts.size).toBeGreaterThanOrEqual(Object.keys(props).length + 20);
  });

  test('selects the subnets once', () => {
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0 });
    const select = jest.spyOn(vpc, 'selectSubnets');

    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { vpc });
    expect(runtime.subnets).toHaveLength(2);
    application(stack);

    expect(select).toHaveBeenCalledTimes(1);
  });

  test('reads props that are getters of a class', () => {
    class Props {
      public get sparkProperties() { return { 'spark.a': 'b' }; }
    }

    expect(new SparkEmrServerlessRuntime(newStack(), 'Spark', new Props()).sparkProperties).toEqual({ 'spark.a': 'b' });
  });
});

describe('a props object that changes after the constructor', () => {
  test('changes neither the logs nor the permissions of roles that are created later', () => {
    const stack = newStack();
    const s3Logs = { bucket: s3.Bucket.fromBucketName(stack, 'Bucket', 'logs'), prefix: 'a' };
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { s3Logs });

    s3Logs.prefix = 'b';
    s3Logs.bucket = s3.Bucket.fromBucketName(stack, 'Other', 'other');
    runtime.createExecutionRole('ExecutionRole');

    expect(application(stack).MonitoringConfiguration.S3MonitoringConfiguration.LogUri).toBe('s3://logs/a/');
    expect(JSON.stringify(policyStatements(stack))).toContain(':s3:::logs/a/applications/');
  });

  test('changes nothing of an imported application', () => {
    const stack = newStack();
    const s3Logs = { bucket: s3.Bucket.fromBucketName(stack, 'Bucket', 'logs'), prefix: 'a' };
    const runtime = importIn(stack, { applicationArn: APPLICATION_ARN, s3Logs });

    s3Logs.prefix = 'b';
    runtime.grants.writeLogs(runtime.createExecutionRole('ExecutionRole', undefined, { grantLogging: false }));

    expect(JSON.stringify(policyStatements(stack))).toContain(':s3:::logs/a/applications/');
  });

  test('changes no part of the template', () => {
    const unchanged = newStack();
    new SparkEmrServerlessRuntime(unchanged, 'Spark', everything(unchanged));
    const stack = newStack();
    const props = everything(stack);
    new SparkEmrServerlessRuntime(stack, 'Spark', props);

    props.initialDriverCapacity.workerCount = 7;
    props.maximumCapacity.cpu = 1;
    props.configurations[0].properties['spark.b'] = 'other';
    props.configurations.push({ classification: 'late', properties: { 'spark.b': '3' } });
    props.sparkProperties['spark.a'] = 'other';
    props.cloudWatchLogs.driverLogTypes.push(SparkLogType.STDERR);
    props.securityGroups.push(new ec2.SecurityGroup(stack, 'Late', { vpc: props.vpc }));

    expect(application(stack)).toEqual(application(unchanged));
  });

  test('changes nothing that reads back', () => {
    const properties: { [key: string]: string } = { 'spark.a': '1' };
    const runtime = new SparkEmrServerlessRuntime(newStack(), 'Spark', { sparkProperties: properties });

    properties['spark.a'] = '2';

    expect(runtime.sparkProperties).toEqual({ 'spark.a': '1' });
    expect(runtime.configurations).toEqual([{ classification: 'spark-defaults', properties: { 'spark.a': '1' } }]);
  });
});

test('what reads back cannot change the template, and can be changed', () => {
  const stack = newStack();
  const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { sparkProperties: { 'spark.a': '1' } });

  runtime.sparkProperties['spark.a'] = '2';
  runtime.configurations.push({ classification: 'late' });
  (runtime.configurations[0].properties as Record<string, string>)['spark.a'] = '2';

  expect(application(stack).RuntimeConfiguration).toEqual([{ Classification: 'spark-defaults', Properties: { 'spark.a': '1' } }]);
});

test('no object that is handed on is frozen, because jsii writes a mark into it', () => {
  const stack = newStack();
  const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0 });
  const select = jest.spyOn(vpc, 'selectSubnets');
  const vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED, subnetFilters: [ec2.SubnetFilter.byCidrMask(18)] };

  const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', {
    sparkProperties: { 'spark.a': '1' },
    configurations: [{ classification: 'a', configurations: [{ classification: 'b', properties: { c: 'd' } }] }],
    vpc,
    vpcSubnets,
    cloudWatchLogs: { driverLogTypes: [SparkLogType.STDOUT] },
  });

  const handedOn = [select.mock.calls[0][0], select.mock.calls[0][0]!.subnetFilters, runtime.sparkProperties, runtime.subnets,
    ...runtime.configurations, runtime.configurations[1].configurations![0], runtime.configurations[1].configurations![0].properties];
  expect(handedOn.map((value) => Object.isExtensible(value))).toEqual(handedOn.map(() => true));
  expect(vpcSubnets.subnetFilters).toHaveLength(1);
});

test('a list of subnets that changes later changes nothing', () => {
  const stack = newStack();
  const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0 });
  const subnets = [...vpc.isolatedSubnets];
  const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, vpcSubnets: { subnets } });

  subnets.pop();

  expect(runtime.subnets).toHaveLength(2);
});

test('options of an image that change later change nothing', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'image-'));
  fs.writeFileSync(path.join(directory, 'Dockerfile'), 'FROM scratch');
  const buildArgs: { [name: string]: string } = { version: '1' };
  const image = SparkImage.fromAsset(directory, { buildArgs });
  const unchanged = newStack();
  new SparkEmrServerlessRuntime(unchanged, 'Spark', { image: SparkImage.fromAsset(directory, { buildArgs: { version: '1' } }) });
  const stack = newStack();

  buildArgs.version = '2';
  new SparkEmrServerlessRuntime(stack, 'Spark', { image });

  expect(application(stack).ImageConfiguration).toEqual(application(unchanged).ImageConfiguration);
});

/** The compiler fails here if a prop has no reader: it would be ignored. */
test('every prop is read', () => {
  const isEveryPropRead: [Exclude<keyof SparkEmrServerlessRuntimeProps, keyof GivenSettings>] extends [never] ? true : false = true;
  type UnreadAttribute = Exclude<keyof SparkEmrServerlessRuntimeAttributes, keyof ImportedApplication>;
  const isEveryAttributeRead: [UnreadAttribute] extends [never] ? true : false = true;

  expect([isEveryPropRead, isEveryAttributeRead]).toEqual([true, true]);
});

describe('an imported application knows', () => {
  const factsOf = (attrs: SparkEmrServerlessRuntimeAttributes) =>
    (importIn(newStack(), attrs) as unknown as { _facts(): object })._facts();

  test('the name, the release and the architecture that it is told', () => {
    expect(factsOf({ applicationArn: APPLICATION_ARN, applicationName: 'shared', release: EmrRelease.EMR_7_14_0, architecture: Architecture.ARM64 }))
      .toMatchObject({ applicationName: 'shared', release: EmrRelease.EMR_7_14_0, architecture: 'ARM64' });
  });

  test('nothing that it is not told', () => {
    expect(factsOf({ applicationArn: APPLICATION_ARN }))
      .toMatchObject({ applicationName: undefined, release: undefined, architecture: undefined });
  });
});
