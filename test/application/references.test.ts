import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EmrRelease, LoggingOptions, SparkEmrServerlessRuntime, SparkImage } from '../../src';
import { objectsOf } from '../logging-props';
import { ACCOUNT, ENV, USE_KEY, allow, application, newStack, onlyResource, policyStatements, submitterIn, warnings } from '../util';

let stack: Stack;

beforeEach(() => {
  stack = newStack();
});

function roleIn(logging: LoggingOptions): iam.Role {
  return new SparkEmrServerlessRuntime(stack, 'Spark', logging).createExecutionRole('ExecutionRole');
}

describe('a CfnKey', () => {
  const arn = { 'Fn::GetAtt': ['Key', 'Arn'] };

  test('encrypts logs, and its owner must add the statement, because a first statement takes away the default policy', () => {
    const key = new kms.CfnKey(stack, 'Key');

    roleIn({ managedLogsKey: key, s3Logs: { bucket: new s3.CfnBucket(stack, 'Bucket'), encryptionKey: key } });

    expect(application(stack).MonitoringConfiguration).toMatchObject({
      ManagedPersistenceMonitoringConfiguration: { EncryptionKeyArn: arn },
      S3MonitoringConfiguration: { EncryptionKeyArn: arn },
    });
    expect(onlyResource(stack, 'AWS::KMS::Key')).toBeUndefined();
    expect(policyStatements(stack)).toContainEqual(allow(USE_KEY, arn));
    expect(warnings(stack)).toEqual([expect.stringContaining('CDK cannot change the policy of key Stack/Key. Its owner must add the statement')]);
  });

  test('keeps the policy that it has', () => {
    const keyPolicy = { Id: 'mine', Statement: { Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: '*' } };

    roleIn({ cloudWatchLogs: { encryptionKey: new kms.CfnKey(stack, 'Key', { keyPolicy }) } });

    expect(onlyResource(stack, 'AWS::KMS::Key').KeyPolicy).toEqual(keyPolicy);
  });
});

test('an alias stands for its key, never for itself', () => {
  const alias = new kms.Alias(stack, 'Alias', { aliasName: 'alias/logs', targetKey: new kms.Key(stack, 'Key') });

  roleIn({ managedLogsKey: alias });

  const keyId = stack.getLogicalId(alias.aliasTargetKey.node.defaultChild as kms.CfnKey);
  expect(application(stack).MonitoringConfiguration.ManagedPersistenceMonitoringConfiguration.EncryptionKeyArn)
    .toEqual({ 'Fn::GetAtt': [keyId, 'Arn'] });
});

describe('a CfnBucket', () => {
  test('takes logs', () => {
    roleIn({ s3Logs: { bucket: new s3.CfnBucket(stack, 'Bucket'), prefix: 'spark' } });

    expect(application(stack).MonitoringConfiguration.S3MonitoringConfiguration.LogUri)
      .toEqual({ 'Fn::Join': ['', ['s3://', { Ref: 'Bucket' }, '/spark/']] });
    expect(JSON.stringify(policyStatements(stack))).toContain('{"Ref":"Bucket"},"/spark/applications/"');
    expect(warnings(stack)).toEqual([]);
  });

  const encryption = (serverSideEncryptionByDefault: s3.CfnBucket.ServerSideEncryptionByDefaultProperty) =>
    ({ serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault }] });

  test.each(['aws:kms', 'aws:kms:dsse'])('that encrypts with %s is warned of, because its key is not known', (sseAlgorithm) => {
    const bucket = new s3.CfnBucket(stack, 'Bucket', { bucketEncryption: encryption({ sseAlgorithm, kmsMasterKeyId: 'alias/x' }) });

    roleIn({ s3Logs: { bucket } });

    expect(warnings(stack)).toEqual([
      expect.stringContaining('the library does not know the KMS key of `s3Logs.bucket`, so execution roles get no access to it. Grant them kms:Decrypt and kms:GenerateDataKey on the key [ack'),
    ]);
  });

  test('that encrypts without a key of KMS is not warned of', () => {
    roleIn({ s3Logs: { bucket: new s3.CfnBucket(stack, 'Bucket', { bucketEncryption: encryption({ sseAlgorithm: 'AES256' }) }) } });

    expect(warnings(stack)).toEqual([]);
  });

  test('that encrypts with KMS is not warned of where the logs have a key of their own', () => {
    const bucket = new s3.CfnBucket(stack, 'Bucket', { bucketEncryption: encryption({ sseAlgorithm: 'aws:kms' }) });

    roleIn({ s3Logs: { bucket, encryptionKey: new kms.Key(stack, 'Key') } });

    expect(warnings(stack)).toEqual([]);
  });
});

test('a CfnLogGroup takes logs', () => {
  roleIn({ cloudWatchLogs: { logGroup: new logs.CfnLogGroup(stack, 'LogGroup') } });

  expect(application(stack).MonitoringConfiguration.CloudWatchLoggingConfiguration.LogGroupName).toEqual({ Ref: 'LogGroup' });
  expect(JSON.stringify(policyStatements(stack))).toContain(':log-group:",{"Ref":"LogGroup"},":*"');
});

describe('a CfnRole', () => {
  const trust = { Statement: [] };

  test.each(['startJobExecution', 'useLivy', 'useStudio', 'useSparkConnect'] as const)('is passed by %s', (verb) => {
    const executionRole = new iam.CfnRole(stack, 'ExecutionRole', { assumeRolePolicyDocument: trust });

    new SparkEmrServerlessRuntime(stack, 'Spark').grants[verb](submitterIn(stack), executionRole);

    expect(policyStatements(stack)).toContainEqual({
      ...allow('iam:PassRole', { 'Fn::GetAtt': ['ExecutionRole', 'Arn'] }),
      Condition: { StringLike: { 'iam:PassedToService': 'emr-serverless.amazonaws.com' } },
    });
  });

  test('of another account is refused', () => {
    const other = new Stack(stack.node.root as never, 'Other', { env: { account: '333333333333', region: 'eu-west-1' } });
    const here = new Stack(stack.node.root as never, 'Here', { env: ENV });
    const executionRole = new iam.CfnRole(other, 'ExecutionRole', { assumeRolePolicyDocument: trust });
    const { grants } = new SparkEmrServerlessRuntime(here, 'Spark');

    expect(() => grants.startJobExecution(submitterIn(here), executionRole))
      .toThrow(`\`executionRole\` must belong to account ${ACCOUNT}, the account of the application: a role cannot be passed to another account, got: 333333333333`);
  });
});

test('a CfnRepository has the image, and its owner must add the statement', () => {
  const image = SparkImage.fromEcrRepository(new ecr.CfnRepository(stack, 'Repository'), '1');
  new SparkEmrServerlessRuntime(stack, 'Spark', { release: EmrRelease.EMR_7_14_0, image });

  const arn = { 'Fn::GetAtt': ['Repository', 'Arn'] };
  const part = (i: number) => ({ 'Fn::Select': [i, { 'Fn::Split': [':', arn] }] });
  expect(application(stack).ImageConfiguration.ImageUri).toEqual({
    'Fn::Join': ['', [part(4), '.dkr.ecr.', part(3), '.', { Ref: 'AWS::URLSuffix' }, '/', { Ref: 'Repository' }, ':1']],
  });
  expect(warnings(stack)).toEqual([expect.stringContaining('CDK cannot change the policy of repository Stack/Repository')]);
});

test('keys, buckets and log groups of aws-cdk-lib give what L1s give', () => {
  const logging = {
    managedLogsKey: kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd`),
    s3Logs: { bucket: s3.Bucket.fromBucketName(stack, 'Bucket', 'logs') },
    cloudWatchLogs: { logGroup: logs.LogGroup.fromLogGroupName(stack, 'LogGroup', '/spark') },
  };

  roleIn(logging);

  expect(Object.keys(Template.fromStack(stack).findResources('AWS::KMS::Key'))).toEqual([]);
  expect(policyStatements(stack)).toContainEqual(allow('s3:PutObject', objectsOf(stack.resolve((stack.node.findChild('Spark') as SparkEmrServerlessRuntime).applicationId), 'logs/')));
});
