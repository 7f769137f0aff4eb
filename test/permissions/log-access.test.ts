import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as aps from 'aws-cdk-lib/aws-aps';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { LoggingOptions, SparkEmrServerlessRuntime } from '../../src';
import { bucketIn, KEY_PROPS, objectsOf, runtimeIn, streamsOf } from '../logging-props';
import {
  ACCOUNT, allow, ENV, EXECUTION_ROLE_ARN, KEY_ARN, newStack, partitioned, policyStatements, submitterIn, USE_KEY, warnings, WORKSPACE_ARN,
} from '../util';

describe('an execution role', () => {
  const DESCRIBE_LOG_GROUPS = allow('logs:DescribeLogGroups', partitioned(`logs:eu-west-1:${ACCOUNT}:*`));
  const WRITE_STREAMS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
  const USE_LOG_GROUP = ['logs:CreateLogGroup', 'logs:DescribeLogStreams'];

  function granted(logging: (stack: Stack) => LoggingOptions) {
    const stack = newStack(ENV);
    const runtime = runtimeIn(stack, logging(stack));
    runtime.createExecutionRole('ExecutionRole');
    return { stack, statements: policyStatements(stack), id: stack.resolve(runtime.applicationId) };
  }

  test.each<[string, LoggingOptions]>([
    ['without logging options', {}],
    ['with managed logs', { managedLogs: true }],
    ['without managed logs', { managedLogs: false }],
  ])('%s gets no policy', (_, logging) => {
    expect(granted(() => logging).statements).toEqual([]);
  });

  test('uses the key of managed logs', () => {
    const { stack, statements } = granted((scope) => ({ managedLogsKey: new kms.Key(scope, 'Key') }));

    const [keyId] = Object.keys(Template.fromStack(stack).findResources('AWS::KMS::Key'));
    expect(statements).toEqual([allow(USE_KEY, { 'Fn::GetAtt': [keyId, 'Arn'] })]);
  });

  test.each([
    [undefined, 'log-bucket/'],
    ['spark', 'log-bucket/spark/'],
    ['spark/nightly/', 'log-bucket/spark/nightly/'],
  ])('puts S3 logs with the prefix %s into the folder of the application', (prefix, place) => {
    const { id, statements } = granted((stack) => ({ s3Logs: { bucket: bucketIn(stack), prefix } }));

    expect(statements).toEqual([allow('s3:PutObject', objectsOf(id, place))]);
  });

  test('puts S3 logs with a prefix that is a token', () => {
    const { id, statements } = granted((stack) => ({ s3Logs: { bucket: bucketIn(stack), prefix: new CfnParameter(stack, 'Prefix').valueAsString } }));

    expect(statements).toEqual([
      allow('s3:PutObject', objectsOf(id, 'log-bucket/', { Ref: 'Prefix' }, '/')),
    ]);
  });

  test('puts S3 logs in a bucket of the stack', () => {
    const { id, stack, statements } = granted((scope) => ({ s3Logs: { bucket: new s3.Bucket(scope, 'Bucket') } }));

    const [bucketId] = Object.keys(Template.fromStack(stack).findResources('AWS::S3::Bucket'));
    expect(statements).toEqual([
      allow('s3:PutObject', objectsOf(id, { Ref: bucketId }, '/')),
    ]);
  });

  test('uses the key of S3 logs', () => {
    const { id, statements } = granted((stack) => ({ s3Logs: { bucket: bucketIn(stack), encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) } }));

    expect(statements).toEqual([allow('s3:PutObject', objectsOf(id, 'log-bucket/')), allow(USE_KEY, KEY_ARN)]);
  });

  test('uses the key of the bucket', () => {
    const { id, statements } = granted((stack) => ({
      s3Logs: {
        bucket: s3.Bucket.fromBucketAttributes(stack, 'Bucket', {
          bucketName: 'log-bucket', encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN),
        }),
      },
    }));

    expect(statements).toEqual([allow('s3:PutObject', objectsOf(id, 'log-bucket/')), allow(USE_KEY, KEY_ARN)]);
  });

  test('does not use the key of the bucket where the logs have their own', () => {
    const { statements } = granted((stack) => ({
      s3Logs: {
        bucket: new s3.Bucket(stack, 'Bucket', { encryptionKey: new kms.Key(stack, 'BucketKey') }),
        encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN),
      },
    }));

    expect(statements.slice(1)).toEqual([allow(USE_KEY, KEY_ARN)]);
  });

  test('writes to the default log group', () => {
    const { id, statements } = granted(() => ({ cloudWatchLogs: {} }));

    const logGroup = `eu-west-1:${ACCOUNT}:log-group:/aws/emr-serverless`;
    expect(statements).toEqual([
      DESCRIBE_LOG_GROUPS,
      allow(USE_LOG_GROUP, partitioned(`logs:${logGroup}:*`)),
      allow(WRITE_STREAMS, streamsOf(id, logGroup)),
    ]);
  });

  test('writes to the log group that is given', () => {
    const { id, statements } = granted((stack) => ({
      cloudWatchLogs: { logGroup: logs.LogGroup.fromLogGroupName(stack, 'LogGroup', '/spark'), logStreamNamePrefix: 'nightly' },
    }));

    const logGroup = `eu-west-1:${ACCOUNT}:log-group:/spark`;
    expect(statements).toEqual([
      DESCRIBE_LOG_GROUPS,
      allow(USE_LOG_GROUP, partitioned(`logs:${logGroup}:*`)),
      allow(WRITE_STREAMS, streamsOf(id, logGroup)),
    ]);
  });

  test('writes to a log group of the stack', () => {
    const { id, stack, statements } = granted((scope) => ({ cloudWatchLogs: { logGroup: new logs.LogGroup(scope, 'LogGroup') } }));

    const [logGroupId] = Object.keys(Template.fromStack(stack).findResources('AWS::Logs::LogGroup'));
    expect(statements).toEqual([
      DESCRIBE_LOG_GROUPS,
      allow(USE_LOG_GROUP, {
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:logs:eu-west-1:${ACCOUNT}:log-group:`, { Ref: logGroupId }, ':*']],
      }),
      allow(WRITE_STREAMS, streamsOf(id, `eu-west-1:${ACCOUNT}:log-group:`, { Ref: logGroupId })),
    ]);
  });

  test('associates the key of the log group and uses it', () => {
    const { id, statements } = granted((stack) => ({ cloudWatchLogs: { encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) } }));

    const logGroupArn = partitioned(`logs:eu-west-1:${ACCOUNT}:log-group:/aws/emr-serverless:*`);
    expect(statements).toEqual([
      DESCRIBE_LOG_GROUPS,
      allow(USE_LOG_GROUP, logGroupArn),
      allow(WRITE_STREAMS, streamsOf(id, `eu-west-1:${ACCOUNT}:log-group:/aws/emr-serverless`)),
      allow('logs:AssociateKmsKey', logGroupArn),
      allow('kms:DescribeKey', KEY_ARN),
      allow(USE_KEY, KEY_ARN),
    ]);
  });

  test('writes metrics to the Prometheus workspace', () => {
    const { statements } = granted(() => ({ prometheusWorkspaceArn: WORKSPACE_ARN }));

    expect(statements).toEqual([allow('aps:RemoteWrite', WORKSPACE_ARN)]);
  });

  test('writes metrics to a Prometheus workspace of the stack', () => {
    const { statements } = granted((stack) => ({ prometheusWorkspaceArn: new aps.CfnWorkspace(stack, 'Workspace').attrArn }));

    expect(statements).toEqual([allow('aps:RemoteWrite', { 'Fn::GetAtt': ['Workspace', 'Arn'] })]);
  });

  test('uses a key behind an alias by the ARN of the key', () => {
    const { statements } = granted((stack) => ({
      managedLogsKey: kms.Alias.fromAliasAttributes(stack, 'Alias', {
        aliasName: 'alias/logs', aliasTargetKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN),
      }),
    }));

    expect(statements).toEqual([allow(USE_KEY, KEY_ARN)]);
  });
});

describe('who submits jobs or looks at them', () => {
  const OTHER_KEY_ARN = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/other`;

  test.each(KEY_PROPS)('is granted the key of %s with grantStartJobExecution', (_, logging) => {
    const stack = newStack(ENV);
    const runtime = runtimeIn(stack, logging(stack, kms.Key.fromKeyArn(stack, 'Key', KEY_ARN)));

    runtime.grantStartJobExecution(submitterIn(stack), EXECUTION_ROLE_ARN);

    expect(policyStatements(stack).slice(3)).toEqual([allow(USE_KEY, KEY_ARN)]);
  });

  test.each(KEY_PROPS)('is granted the key of %s with viewSparkUi', (_, logging) => {
    const stack = newStack(ENV);
    const runtime = runtimeIn(stack, logging(stack, kms.Key.fromKeyArn(stack, 'Key', KEY_ARN)));

    runtime.grants.viewSparkUi(submitterIn(stack));

    expect(policyStatements(stack).slice(1)).toEqual([allow(USE_KEY, KEY_ARN)]);
  });

  test('is granted several keys in one statement', () => {
    const stack = newStack(ENV);
    const key = kms.Key.fromKeyArn(stack, 'Key', KEY_ARN);
    const runtime = runtimeIn(stack, {
      managedLogsKey: key,
      s3Logs: { bucket: bucketIn(stack), encryptionKey: kms.Key.fromKeyArn(stack, 'Other', OTHER_KEY_ARN) },
      cloudWatchLogs: { encryptionKey: key },
    });

    runtime.grants.viewSparkUi(submitterIn(stack));

    expect(policyStatements(stack).slice(1)).toEqual([allow(USE_KEY, [KEY_ARN, OTHER_KEY_ARN])]);
  });

  test('is not granted the key of the bucket', () => {
    const stack = newStack(ENV);
    const runtime = runtimeIn(stack, { s3Logs: { bucket: new s3.Bucket(stack, 'Bucket', { encryption: s3.BucketEncryption.KMS }) } });

    runtime.grants.viewSparkUi(submitterIn(stack));

    expect(policyStatements(stack)).toHaveLength(1);
  });

  test('is not granted to write logs', () => {
    const stack = newStack(ENV);
    const runtime = runtimeIn(stack, { s3Logs: { bucket: bucketIn(stack) }, cloudWatchLogs: {}, prometheusWorkspaceArn: WORKSPACE_ARN });

    runtime.grantStartJobExecution(submitterIn(stack), EXECUTION_ROLE_ARN);

    expect(policyStatements(stack)).toHaveLength(3);
  });
});

describe('a bucket whose key is known by an alias only', () => {
  const attributes = (stack: Stack) => ({
    s3Logs: {
      bucket: s3.Bucket.fromBucketAttributes(stack, 'Bucket', {
        bucketName: 'log-bucket',
        encryptionKey: kms.Alias.fromAliasName(stack, 'Alias', 'alias/logs'),
      }),
    },
  });
  const warned = ['the library does not know the KMS key of `s3Logs.bucket`, so execution roles get no access to it.'
    + ' Grant them kms:Decrypt and kms:GenerateDataKey on the key, or import the bucket with the key instead of an alias'
    + ' [ack: cdk-spark-emr-serverless:bucketKeyByHand]'];

  test('is warned of at an application', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, attributes(stack));

    expect(warnings(stack)).toEqual(warned);
  });

  test('is warned of at an import', () => {
    const stack = newStack(ENV);

    SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(stack, 'Spark', { applicationId: '00abc123', ...attributes(stack) });

    expect(warnings(stack)).toEqual(warned);
  });

  test('leaves execution roles with the objects and without the key', () => {
    const stack = newStack(ENV);

    const runtime = runtimeIn(stack, attributes(stack));
    runtime.createExecutionRole('ExecutionRole');

    expect(policyStatements(stack)).toEqual([allow('s3:PutObject', objectsOf(stack.resolve(runtime.applicationId), 'log-bucket/'))]);
  });
});
