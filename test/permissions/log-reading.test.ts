import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { LoggingOptions, SparkEmrServerlessRuntime } from '../../src';
import { bucketIn, objectsOf, runtimeIn, streamsOf } from '../logging-props';
import {
  ACCOUNT, allow, APPLICATION_ARN, ENV, expectNoLiteralPartition, expectNoPolicy, importIn, KEY_ARN, newStack, OTHER_PARTITIONS,
  partitioned, policyStatements, submitterIn, WORKSPACE_ARN,
} from '../util';
import { ALL_KEYS, bareIn, LOG_GROUP_KEY_ARN, S3_KEY_ARN } from './bare-application';

const READ_LOG_GROUP = ['logs:DescribeLogStreams', 'logs:FilterLogEvents'];

/** The folder of the application in the list of a bucket. */
function list(bucketArn: unknown, ...prefix: unknown[]) {
  return { ...allow('s3:ListBucket', bucketArn), Condition: { StringLike: { 's3:prefix': { 'Fn::Join': ['', prefix] } } } };
}

function read(logging: (stack: Stack) => LoggingOptions) {
  const stack = newStack(ENV);
  const runtime = runtimeIn(stack, logging(stack));
  const grant = runtime.grants.readLogs(submitterIn(stack));
  return { stack, success: grant.success, statements: policyStatements(stack), id: stack.resolve(runtime.applicationId) };
}

describe('readLogs', () => {
  test('reads the folder of the application in S3, and lists no other', () => {
    const { id, statements, success } = read((stack) => ({ s3Logs: { bucket: bucketIn(stack), prefix: 'spark' } }));

    expect(success).toBe(true);
    expect(statements).toEqual([
      allow('s3:GetObject', objectsOf(id, 'log-bucket/spark/')),
      list(partitioned('s3:::log-bucket'), 'spark/applications/', id, '/*'),
    ]);
  });

  test('reads logs that start at the root of a bucket', () => {
    const { id, stack, statements } = read((scope) => ({ s3Logs: { bucket: new s3.Bucket(scope, 'Bucket') } }));

    const bucket = { Ref: stack.getLogicalId(stack.node.findChild('Bucket').node.defaultChild as s3.CfnBucket) };
    expect(statements).toEqual([
      allow('s3:GetObject', objectsOf(id, bucket, '/')),
      list({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', bucket]] }, 'applications/', id, '/*'),
    ]);
  });

  test('reads logs below a prefix that is a token', () => {
    const { id, statements } = read((stack) => ({
      s3Logs: { bucket: bucketIn(stack), prefix: new CfnParameter(stack, 'Prefix').valueAsString },
    }));

    expect(statements).toEqual([
      allow('s3:GetObject', objectsOf(id, 'log-bucket/', { Ref: 'Prefix' }, '/')),
      list(partitioned('s3:::log-bucket'), { Ref: 'Prefix' }, '/applications/', id, '/*'),
    ]);
  });

  test('reads the streams of the application, and finds events in the whole log group', () => {
    const { id, statements } = read(() => ({ cloudWatchLogs: {} }));

    const logGroup = `eu-west-1:${ACCOUNT}:log-group:/aws/emr-serverless`;
    expect(statements).toEqual([
      allow(READ_LOG_GROUP, partitioned(`logs:${logGroup}:*`)),
      allow('logs:GetLogEvents', streamsOf(id, logGroup)),
    ]);
  });

  test('decrypts with the keys of logs in S3 and in CloudWatch, and with no other', () => {
    const { statements } = read((stack) => ({
      managedLogsKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN),
      s3Logs: {
        bucket: new s3.Bucket(stack, 'Bucket', { encryptionKey: new kms.Key(stack, 'BucketKey') }),
        encryptionKey: kms.Key.fromKeyArn(stack, 'S3Key', S3_KEY_ARN),
      },
      cloudWatchLogs: { encryptionKey: kms.Key.fromKeyArn(stack, 'LogGroupKey', LOG_GROUP_KEY_ARN) },
      prometheusWorkspaceArn: WORKSPACE_ARN,
    }));

    expect(statements.slice(-1)).toEqual([allow('kms:Decrypt', [S3_KEY_ARN, LOG_GROUP_KEY_ARN])]);
  });

  test('decrypts with the key of the bucket', () => {
    const { stack, statements } = read((scope) => ({
      s3Logs: { bucket: new s3.Bucket(scope, 'Bucket', { encryptionKey: new kms.Key(scope, 'BucketKey') }) },
    }));

    const key = stack.getLogicalId(stack.node.findChild('BucketKey').node.defaultChild as kms.CfnKey);
    expect(statements.slice(2)).toEqual([allow('kms:Decrypt', { 'Fn::GetAtt': [key, 'Arn'] })]);
  });

  test('decrypts with a key that serves twice once', () => {
    const { statements } = read((stack) => {
      const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', KEY_ARN);
      return { s3Logs: { bucket: bucketIn(stack), encryptionKey }, cloudWatchLogs: { encryptionKey } };
    });

    expect(statements.slice(-1)).toEqual([allow('kms:Decrypt', KEY_ARN)]);
  });

  test.each<[string, (stack: Stack) => LoggingOptions]>([
    ['no logging options', () => ({})],
    ['managed logs with a key', (stack) => ({ managedLogsKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) })],
    ['metrics only', () => ({ prometheusWorkspaceArn: WORKSPACE_ARN })],
  ])('grants nothing with %s', (_, logging) => {
    const { stack, success } = read(logging);

    expect(success).toBe(false);
    expectNoPolicy(stack);
  });

  test('grants nothing to a principal that cannot have a policy', () => {
    const stack = newStack(ENV);

    const grant = runtimeIn(stack, { cloudWatchLogs: {} }).grants.readLogs(new iam.ServicePrincipal('glue.amazonaws.com'));

    expect(grant.success).toBe(false);
  });

  test('reads the logs of an imported application', () => {
    const stack = newStack(ENV);

    importIn(stack, {
      applicationArn: APPLICATION_ARN,
      s3Logs: { bucket: bucketIn(stack), prefix: 'spark' },
      cloudWatchLogs: { logGroup: logs.LogGroup.fromLogGroupName(stack, 'LogGroup', '/spark') },
    }).grants.readLogs(submitterIn(stack));

    const logGroup = `logs:eu-west-1:${ACCOUNT}:log-group:/spark`;
    expect(policyStatements(stack)).toEqual([
      allow('s3:GetObject', partitioned('s3:::log-bucket/spark/applications/00abc123/*')),
      {
        ...allow('s3:ListBucket', partitioned('s3:::log-bucket')),
        Condition: { StringLike: { 's3:prefix': 'spark/applications/00abc123/*' } },
      },
      allow(READ_LOG_GROUP, partitioned(`${logGroup}:*`)),
      allow('logs:GetLogEvents', partitioned(`${logGroup}:log-stream:*applications/00abc123/*`)),
    ]);
  });

  test('reads the logs of a bare CfnApplication', () => {
    const stack = newStack(ENV);

    bareIn(stack, ALL_KEYS).readLogs(submitterIn(stack));

    const id = { Ref: 'Bare' };
    const logGroup = `eu-west-1:${ACCOUNT}:log-group:/spark`;
    expect(policyStatements(stack)).toEqual([
      allow('s3:GetObject', objectsOf(id, 'log-bucket/spark/')),
      list(partitioned('s3:::log-bucket'), 'spark/applications/', id, '/*'),
      allow(READ_LOG_GROUP, partitioned(`logs:${logGroup}:*`)),
      allow('logs:GetLogEvents', streamsOf(id, logGroup)),
      allow('kms:Decrypt', [S3_KEY_ARN, LOG_GROUP_KEY_ARN]),
    ]);
  });

  test('reads the logs of the application behind a log URI that is a token', () => {
    const stack = newStack(ENV);

    bareIn(stack, { s3MonitoringConfiguration: { logUri: new CfnParameter(stack, 'LogUri').valueAsString } }).readLogs(submitterIn(stack));

    const bucket = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'LogUri' }] }] };
    expect(policyStatements(stack)).toEqual([
      allow('s3:GetObject', objectsOf({ Ref: 'Bare' }, bucket, '/*')),
      list({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', bucket]] }, '*applications/', { Ref: 'Bare' }, '/*'),
    ]);
  });

  test('goes to the stack of the grantee', () => {
    const app = new App();
    const applications = new Stack(app, 'Applications', { env: ENV });
    const readers = new Stack(app, 'Readers', { env: ENV });

    new SparkEmrServerlessRuntime(applications, 'Spark', { cloudWatchLogs: {} }).grants.readLogs(submitterIn(readers));

    expectNoPolicy(applications);
    expect(policyStatements(readers)[1]).toEqual(allow('logs:GetLogEvents', streamsOf(
      { 'Fn::ImportValue': expect.stringContaining('Applications:ExportsOutputFnGetAttSpark') },
      `eu-west-1:${ACCOUNT}:log-group:/aws/emr-serverless`,
    )));
  });

  test.each(OTHER_PARTITIONS)('in %s names no other partition', (region) => {
    const stack = newStack({ account: ACCOUNT, region });

    runtimeIn(stack, { s3Logs: { bucket: bucketIn(stack) }, cloudWatchLogs: {} }).grants.readLogs(submitterIn(stack));

    expectNoLiteralPartition(stack);
  });
});
