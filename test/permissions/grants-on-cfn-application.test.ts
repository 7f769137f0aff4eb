import { CfnParameter, Lazy } from 'aws-cdk-lib';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { SparkEmrServerlessRuntimeGrants } from '../../src';
import { objectsOf, streamsOf } from '../logging-props';
import { ACCOUNT, allow, APPLICATION_ARN, ENV, expectNoPolicy, KEY_ARN, newStack, partitioned, policyStatements, submitterIn, USE_KEY } from '../util';
import { ALL_KEYS, bareIn, LOG_GROUP_KEY_ARN, S3_KEY_ARN } from './bare-application';
import { executionRoleIn, VERBS, VERB_NAMES } from './verbs';

const REMOTE_WRITE_URL = 'https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1234/api/v1/remote_write';

test('an import of a CfnApplication has no keys to grant', () => {
  const stack = newStack(ENV);
  const imported = CfnApplication.fromApplicationArn(stack, 'Import', APPLICATION_ARN);

  SparkEmrServerlessRuntimeGrants.fromApplication(imported).startJobExecution(submitterIn(stack), executionRoleIn(stack));

  expect(policyStatements(stack)).toEqual(VERBS.startJobExecution.statements(APPLICATION_ARN));
});

describe('a bare CfnApplication with monitoring', () => {
  test.each(VERB_NAMES.filter((verb) => VERBS[verb].keys))('%s grants the keys of the logs', (verb) => {
    const stack = newStack(ENV);

    VERBS[verb].grant(bareIn(stack, ALL_KEYS), submitterIn(stack), executionRoleIn(stack));

    expect(policyStatements(stack)).toEqual([
      ...VERBS[verb].statements({ 'Fn::GetAtt': ['Bare', 'Arn'] }),
      allow(USE_KEY, [KEY_ARN, S3_KEY_ARN, LOG_GROUP_KEY_ARN]),
    ]);
  });

  test.each(VERB_NAMES.filter((verb) => !VERBS[verb].keys))('%s grants no key', (verb) => {
    const stack = newStack(ENV);

    VERBS[verb].grant(bareIn(stack, ALL_KEYS), submitterIn(stack), executionRoleIn(stack));

    expect(policyStatements(stack)).toEqual(VERBS[verb].statements({ 'Fn::GetAtt': ['Bare', 'Arn'] }));
  });

  test('a key that serves twice is granted once', () => {
    const stack = newStack(ENV);

    bareIn(stack, {
      managedPersistenceMonitoringConfiguration: { encryptionKeyArn: KEY_ARN },
      s3MonitoringConfiguration: { logUri: 's3://log-bucket/', encryptionKeyArn: KEY_ARN },
    }).startJobExecution(submitterIn(stack), executionRoleIn(stack));

    expect(policyStatements(stack)).toContainEqual(allow(USE_KEY, KEY_ARN));
  });

  test('a key of the stack is granted by its ARN', () => {
    const stack = newStack(ENV);
    const key = new kms.Key(stack, 'Key');

    bareIn(stack, { managedPersistenceMonitoringConfiguration: { encryptionKeyArn: key.keyArn } }).viewSparkUi(submitterIn(stack));

    expect(policyStatements(stack)).toContainEqual(allow(USE_KEY, stack.resolve(key.keyArn)));
  });

  test.each([
    ['s3://log-bucket', 'log-bucket/'],
    ['s3://log-bucket/', 'log-bucket/'],
    ['s3://log-bucket/spark', 'log-bucket/spark/'],
    ['s3://log-bucket/spark/', 'log-bucket/spark/'],
    ['s3://log-bucket/spark//', 'log-bucket/spark/'],
    ['s3://log-bucket/a/b', 'log-bucket/a/b/'],
  ])('writeLogs puts objects under the log URI %s into the folder of the application', (logUri, place) => {
    const stack = newStack(ENV);

    bareIn(stack, { s3MonitoringConfiguration: { logUri } }).writeLogs(submitterIn(stack));

    expect(policyStatements(stack)).toEqual([
      allow('s3:PutObject', objectsOf({ Ref: 'Bare' }, place)),
    ]);
  });

  test('writeLogs puts objects under a log URI that holds a token', () => {
    const stack = newStack(ENV);
    const bucketName = new CfnParameter(stack, 'BucketName').valueAsString;

    bareIn(stack, { s3MonitoringConfiguration: { logUri: `s3://${bucketName}/spark/` } }).writeLogs(submitterIn(stack));

    expect(policyStatements(stack)).toEqual([
      allow('s3:PutObject', objectsOf({ Ref: 'Bare' }, { Ref: 'BucketName' }, '/spark/')),
    ]);
  });

  // neither the prefix nor a slash at its end is known, but the application's id is in the names of its logs
  test('writeLogs puts the objects of the application into the bucket of a log URI that is a token', () => {
    const stack = newStack(ENV);
    const logUri = new CfnParameter(stack, 'LogUri').valueAsString;

    bareIn(stack, { s3MonitoringConfiguration: { logUri } }).writeLogs(submitterIn(stack));

    const bucket = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'LogUri' }] }] };
    expect(policyStatements(stack)).toEqual([allow('s3:PutObject', objectsOf({ Ref: 'Bare' }, bucket, '/*'))]);
  });

  test('writeLogs grants nothing for a log URI that is none', () => {
    const stack = newStack(ENV);

    expect(bareIn(stack, { s3MonitoringConfiguration: { logUri: 's3a://log-bucket/spark' } }).writeLogs(submitterIn(stack)).success).toBe(false);
  });

  test('writeLogs writes to the log group, and associates its key', () => {
    const stack = newStack(ENV);
    const arn = (resource: string) => partitioned(`logs:eu-west-1:${ACCOUNT}:${resource}`);

    bareIn(stack, { cloudWatchLoggingConfiguration: { enabled: true, logGroupName: '/spark', encryptionKeyArn: LOG_GROUP_KEY_ARN } })
      .writeLogs(submitterIn(stack));

    expect(policyStatements(stack)).toEqual([
      allow('logs:DescribeLogGroups', arn('*')),
      allow(['logs:CreateLogGroup', 'logs:DescribeLogStreams'], arn('log-group:/spark:*')),
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], streamsOf({ Ref: 'Bare' }, `eu-west-1:${ACCOUNT}:log-group:/spark`)),
      allow('logs:AssociateKmsKey', arn('log-group:/spark:*')),
      allow('kms:DescribeKey', LOG_GROUP_KEY_ARN),
      allow(USE_KEY, LOG_GROUP_KEY_ARN),
    ]);
  });

  test('writeLogs writes to the default log group where none is named', () => {
    const stack = newStack(ENV);

    bareIn(stack, { cloudWatchLoggingConfiguration: { enabled: true } }).writeLogs(submitterIn(stack));

    expect(policyStatements(stack)).toContainEqual(allow(
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      streamsOf({ Ref: 'Bare' }, `eu-west-1:${ACCOUNT}:log-group:/aws/emr-serverless`),
    ));
  });

  test('writeLogs grants nothing for CloudWatch logs that are off', () => {
    const stack = newStack(ENV);

    const grant = bareIn(stack, { cloudWatchLoggingConfiguration: { enabled: false, logGroupName: '/spark' } }).writeLogs(submitterIn(stack));

    expect(grant.success).toBe(false);
    expectNoPolicy(stack);
  });

  test('writeLogs writes metrics to the workspace behind the remote write URL', () => {
    const stack = newStack(ENV);

    bareIn(stack, { prometheusMonitoringConfiguration: { remoteWriteUrl: REMOTE_WRITE_URL } }).writeLogs(submitterIn(stack));

    expect(policyStatements(stack)).toEqual([allow('aps:RemoteWrite', {
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:aps:eu-west-1:${ACCOUNT}:workspace/ws-1234`]],
    })]);
  });

  test('writeLogs writes metrics to the workspace behind a remote write URL that is a token', () => {
    const stack = newStack(ENV);
    const remoteWriteUrl = new CfnParameter(stack, 'Url').valueAsString;
    const part = (i: number) => ({ 'Fn::Select': [i, { 'Fn::Split': ['/', { Ref: 'Url' }] }] });

    bareIn(stack, { prometheusMonitoringConfiguration: { remoteWriteUrl } }).writeLogs(submitterIn(stack));

    expect(policyStatements(stack)).toEqual([allow('aps:RemoteWrite', {
      'Fn::Join': ['', [
        'arn:', { Ref: 'AWS::Partition' }, ':aps:', { 'Fn::Select': [1, { 'Fn::Split': ['.', part(2)] }] }, `:${ACCOUNT}:workspace/`, part(4),
      ]],
    })]);
  });

  test('nothing is known of monitoring that is a token', () => {
    const stack = newStack(ENV);
    const grants = bareIn(stack, Lazy.any({ produce: () => ALL_KEYS }));

    const writeLogs = grants.writeLogs(submitterIn(stack));
    grants.startJobExecution(new iam.User(stack, 'User'), executionRoleIn(stack));

    expect(writeLogs.success).toBe(false);
    expect(policyStatements(stack)).toEqual(VERBS.startJobExecution.statements({ 'Fn::GetAtt': ['Bare', 'Arn'] }));
  });

  test('nothing is known of a part of monitoring that is a token, and the rest counts', () => {
    const stack = newStack(ENV);

    bareIn(stack, {
      managedPersistenceMonitoringConfiguration: Lazy.any({ produce: () => ({ encryptionKeyArn: KEY_ARN }) }),
      s3MonitoringConfiguration: { encryptionKeyArn: S3_KEY_ARN },
    }).viewSparkUi(submitterIn(stack));

    expect(policyStatements(stack)).toContainEqual(allow(USE_KEY, S3_KEY_ARN));
  });
});

test.each([
  ['CloudWatch Logs', { cloudWatchLoggingConfiguration: { enabled: false, encryptionKeyArn: LOG_GROUP_KEY_ARN } }],
  ['managed storage', { managedPersistenceMonitoringConfiguration: { enabled: false, encryptionKeyArn: LOG_GROUP_KEY_ARN } }],
])('the key of %s that is off is not granted', (_, monitoringConfiguration) => {
  const stack = newStack(ENV);
  const role = submitterIn(stack);
  const grants = bareIn(stack, monitoringConfiguration);

  const viewed = grants.viewSparkUi(role);
  const written = grants.writeLogs(role);

  expect(viewed.principalStatements).toHaveLength(1);
  expect(written.success).toBe(false);
});
