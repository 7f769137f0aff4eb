import { Annotations, App, CfnParameter, Stack } from 'aws-cdk-lib';
import * as aps from 'aws-cdk-lib/aws-aps';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { LoggingOptions, SparkLogType } from '../../src';
import { bucketIn, KEY_PROPS, runtimeIn } from '../logging-props';
import {
  ACCOUNT, application, ENV, expectNoLiteralPartition, KEY_ARN, lazy, newStack, OTHER_PARTITIONS, resourceTypes, warnings, WORKSPACE_ARN,
} from '../util';

function monitoring(stack: Stack) {
  return application(stack).MonitoringConfiguration;
}

describe('the monitoring of the application', () => {
  test('is left to the service where nothing is asked for', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, {});

    expect(monitoring(stack)).toBeUndefined();
  });

  test.each([true, false])('has managed logs %s', (managedLogs) => {
    const stack = newStack(ENV);

    runtimeIn(stack, { managedLogs });

    expect(monitoring(stack)).toEqual({ ManagedPersistenceMonitoringConfiguration: { Enabled: managedLogs } });
  });

  test('has managed logs on where they have a key', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { managedLogsKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) });

    expect(monitoring(stack)).toEqual({ ManagedPersistenceMonitoringConfiguration: { Enabled: true, EncryptionKeyArn: KEY_ARN } });
  });

  test('has the root of the bucket for S3 logs without a prefix', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { s3Logs: { bucket: bucketIn(stack) } });

    expect(monitoring(stack)).toEqual({ S3MonitoringConfiguration: { LogUri: 's3://log-bucket/' } });
  });

  test.each(['spark', 'spark/', 'spark//'])('has one slash after the prefix %s of S3 logs', (prefix) => {
    const stack = newStack(ENV);

    runtimeIn(stack, { s3Logs: { bucket: bucketIn(stack), prefix } });

    expect(monitoring(stack)).toEqual({ S3MonitoringConfiguration: { LogUri: 's3://log-bucket/spark/' } });
  });

  test('has the key of S3 logs', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { s3Logs: { bucket: bucketIn(stack), encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) } });

    expect(monitoring(stack)).toEqual({ S3MonitoringConfiguration: { LogUri: 's3://log-bucket/', EncryptionKeyArn: KEY_ARN } });
  });

  test('does not have the key of the bucket', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { s3Logs: { bucket: new s3.Bucket(stack, 'Bucket', { encryption: s3.BucketEncryption.KMS }) } });

    expect(monitoring(stack).S3MonitoringConfiguration.EncryptionKeyArn).toBeUndefined();
  });

  test('has CloudWatch logs on, and no more, where no more is said', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { cloudWatchLogs: {} });

    expect(monitoring(stack)).toEqual({ CloudWatchLoggingConfiguration: { Enabled: true } });
  });

  test('has all that is said of CloudWatch logs', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, {
      cloudWatchLogs: {
        logGroup: logs.LogGroup.fromLogGroupName(stack, 'LogGroup', '/spark'),
        logStreamNamePrefix: 'nightly',
        encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN),
        driverLogTypes: [SparkLogType.STDOUT, SparkLogType.STDERR],
        executorLogTypes: [SparkLogType.STDERR],
      },
    });

    expect(monitoring(stack)).toEqual({
      CloudWatchLoggingConfiguration: {
        Enabled: true,
        LogGroupName: '/spark',
        LogStreamNamePrefix: 'nightly',
        EncryptionKeyArn: KEY_ARN,
        LogTypeMap: [{ Key: 'SPARK_DRIVER', Value: ['STDOUT', 'STDERR'] }, { Key: 'SPARK_EXECUTOR', Value: ['STDERR'] }],
      },
    });
  });

  test.each([
    ['driverLogTypes', 'SPARK_DRIVER'],
    ['executorLogTypes', 'SPARK_EXECUTOR'],
  ])('has no other log types than %s', (prop, key) => {
    const stack = newStack(ENV);

    runtimeIn(stack, { cloudWatchLogs: { [prop]: [SparkLogType.STDOUT] } });

    expect(monitoring(stack).CloudWatchLoggingConfiguration.LogTypeMap).toEqual([{ Key: key, Value: ['STDOUT'] }]);
  });

  test('has the remote write URL of the Prometheus workspace', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { prometheusWorkspaceArn: WORKSPACE_ARN });

    expect(monitoring(stack)).toEqual({
      PrometheusMonitoringConfiguration: {
        RemoteWriteUrl: {
          'Fn::Join': ['', ['https://aps-workspaces.eu-west-1.', { Ref: 'AWS::URLSuffix' }, '/workspaces/ws-1234/api/v1/remote_write']],
        },
      },
    });
  });

  test('has the remote write URL of a workspace of the stack', () => {
    const stack = newStack(ENV);
    const arn = { 'Fn::GetAtt': ['Workspace', 'Arn'] };

    runtimeIn(stack, { prometheusWorkspaceArn: new aps.CfnWorkspace(stack, 'Workspace').attrArn });

    expect(monitoring(stack).PrometheusMonitoringConfiguration.RemoteWriteUrl).toEqual({
      'Fn::Join': ['', [
        'https://aps-workspaces.', { 'Fn::Select': [3, { 'Fn::Split': [':', arn] }] }, '.', { Ref: 'AWS::URLSuffix' }, '/workspaces/',
        { 'Fn::Select': [1, { 'Fn::Split': ['/', { 'Fn::Select': [5, { 'Fn::Split': [':', arn] }] }] }] }, '/api/v1/remote_write',
      ]],
    });
  });

  test('has all places that are given', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { managedLogs: true, s3Logs: { bucket: bucketIn(stack) }, cloudWatchLogs: {}, prometheusWorkspaceArn: WORKSPACE_ARN });

    expect(Object.keys(monitoring(stack)).sort()).toEqual([
      'CloudWatchLoggingConfiguration',
      'ManagedPersistenceMonitoringConfiguration',
      'PrometheusMonitoringConfiguration',
      'S3MonitoringConfiguration',
    ]);
  });

  test('creates no bucket, key or log group', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { managedLogs: true, s3Logs: { bucket: bucketIn(stack) }, cloudWatchLogs: {}, prometheusWorkspaceArn: WORKSPACE_ARN });

    expect(resourceTypes(stack)).toEqual(['AWS::EMRServerless::Application']);
  });

  test.each(KEY_PROPS)('has for %s the key behind an alias of the stack', (_, logging) => {
    const stack = newStack(ENV);
    const key = new kms.Key(stack, 'Key');

    runtimeIn(stack, logging(stack, new kms.Alias(stack, 'Alias', { aliasName: 'logs', targetKey: key })));

    expect(Object.values<any>(monitoring(stack))[0].EncryptionKeyArn).toEqual(stack.resolve(key.keyArn));
  });

  test.each(KEY_PROPS)('has for %s the key behind an alias of an alias', (_, logging) => {
    const stack = newStack(ENV);
    const key = new kms.Key(stack, 'Key');
    const alias = new kms.Alias(stack, 'Alias', { aliasName: 'logs', targetKey: key });

    runtimeIn(stack, logging(stack, new kms.Alias(stack, 'AliasOfAlias', { aliasName: 'spark', targetKey: alias })));

    expect(Object.values<any>(monitoring(stack))[0].EncryptionKeyArn).toEqual(stack.resolve(key.keyArn));
  });

  test.each(KEY_PROPS)('has for %s the key behind an imported alias that knows it', (_, logging) => {
    const stack = newStack(ENV);
    const aliasTargetKey = kms.Key.fromKeyArn(stack, 'Key', KEY_ARN);

    runtimeIn(stack, logging(stack, kms.Alias.fromAliasAttributes(stack, 'Alias', { aliasName: 'alias/logs', aliasTargetKey })));

    expect(Object.values<any>(monitoring(stack))[0].EncryptionKeyArn).toBe(KEY_ARN);
  });

  test('takes tokens', () => {
    const stack = newStack(ENV);
    const parameter = (id: string) => new CfnParameter(stack, id).valueAsString;

    runtimeIn(stack, {
      managedLogsKey: kms.Key.fromKeyArn(stack, 'Key', parameter('KeyArn')),
      s3Logs: { bucket: s3.Bucket.fromBucketName(stack, 'Bucket', parameter('BucketName')), prefix: parameter('Prefix') },
      cloudWatchLogs: {
        logGroup: logs.LogGroup.fromLogGroupName(stack, 'LogGroup', parameter('LogGroupName')),
        logStreamNamePrefix: lazy('lazy'),
      },
    });

    expect(monitoring(stack)).toEqual({
      ManagedPersistenceMonitoringConfiguration: { Enabled: true, EncryptionKeyArn: { Ref: 'KeyArn' } },
      S3MonitoringConfiguration: { LogUri: { 'Fn::Join': ['', ['s3://', { Ref: 'BucketName' }, '/', { Ref: 'Prefix' }, '/']] } },
      CloudWatchLoggingConfiguration: { Enabled: true, LogGroupName: { Ref: 'LogGroupName' }, LogStreamNamePrefix: 'lazy' },
    });
  });

  test('reaches a bucket, a log group and a key of another stack', () => {
    const app = new App();
    const shared = new Stack(app, 'Shared', { env: ENV });
    const stack = new Stack(app, 'Stack', { env: ENV });

    runtimeIn(stack, {
      managedLogsKey: new kms.Key(shared, 'Key'),
      s3Logs: { bucket: new s3.Bucket(shared, 'Bucket') },
      cloudWatchLogs: { logGroup: new logs.LogGroup(shared, 'LogGroup') },
    }).createExecutionRole('ExecutionRole');

    expect(monitoring(stack)).toEqual({
      ManagedPersistenceMonitoringConfiguration: { Enabled: true, EncryptionKeyArn: { 'Fn::ImportValue': expect.stringContaining('GetAttKey') } },
      S3MonitoringConfiguration: { LogUri: { 'Fn::Join': ['', ['s3://', { 'Fn::ImportValue': expect.stringContaining('RefBucket') }, '/']] } },
      CloudWatchLoggingConfiguration: { Enabled: true, LogGroupName: { 'Fn::ImportValue': expect.stringContaining('RefLogGroup') } },
    });
    expect(shared.dependencies).toEqual([]);
  });
});

describe('the attributes of the construct', () => {
  test('tell that managed logs are on by default', () => {
    expect(runtimeIn(newStack(ENV), {}).managedLogs).toBe(true);
  });
});

describe('the warning noLogs', () => {
  test('comes where logs go nowhere', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { managedLogs: false });

    expect(warnings(stack)).toEqual(['`managedLogs: false` without `s3Logs` and `cloudWatchLogs` keeps no logs at all: nobody can tell why a job failed.'
      + ' Leave `managedLogs` out, or give another place for the logs [ack: cdk-spark-emr-serverless:noLogs]']);
  });

  test('comes where only metrics go somewhere', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { managedLogs: false, prometheusWorkspaceArn: WORKSPACE_ARN });

    expect(warnings(stack)).toEqual([expect.stringContaining('cdk-spark-emr-serverless:noLogs')]);
  });
});

describe('the warning noSparkUi', () => {
  test('comes with S3 logs and without managed logs', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { managedLogs: false, s3Logs: { bucket: bucketIn(stack) } });

    expect(warnings(stack)).toEqual([
      '`managedLogs: false` turns off the Spark UI of job runs. Leave `managedLogs` out to have the Spark UI and the logs in S3'
      + ' [ack: cdk-spark-emr-serverless:noSparkUi]',
    ]);
  });

  test.each<[string, (stack: Stack) => LoggingOptions]>([
    ['S3 logs only', (stack) => ({ s3Logs: { bucket: bucketIn(stack) } })],
    ['S3 logs and managed logs', (stack) => ({ managedLogs: true, s3Logs: { bucket: bucketIn(stack) } })],
    ['CloudWatch logs only', () => ({ managedLogs: false, cloudWatchLogs: {} })],
  ])('does not come with %s', (_, logging) => {
    const stack = newStack(ENV);

    runtimeIn(stack, logging(stack));

    expect(warnings(stack)).toEqual([]);
  });

  test('can be acknowledged', () => {
    const stack = newStack(ENV);
    Annotations.of(stack).acknowledgeWarning('cdk-spark-emr-serverless:noSparkUi');

    runtimeIn(stack, { managedLogs: false, s3Logs: { bucket: bucketIn(stack) } });

    expect(warnings(stack)).toEqual([]);
  });
});

describe.each(OTHER_PARTITIONS)('in %s', (region, partition) => {
  test('logging names no other partition', () => {
    const stack = newStack({ account: ACCOUNT, region });
    const key = new kms.Key(stack, 'Key');
    const runtime = runtimeIn(stack, {
      managedLogsKey: key,
      s3Logs: { bucket: new s3.Bucket(stack, 'Bucket', { encryption: s3.BucketEncryption.KMS }), encryptionKey: key },
      cloudWatchLogs: { logGroup: new logs.LogGroup(stack, 'LogGroup'), encryptionKey: key },
      prometheusWorkspaceArn: `arn:${partition}:aps:${region}:${ACCOUNT}:workspace/ws-1`,
    });

    runtime.createExecutionRole('ExecutionRole');

    expectNoLiteralPartition(stack);
  });
});
