import { Annotations, App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as aps from 'aws-cdk-lib/aws-aps';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EmrRelease, LoggingOptions, SparkEmrServerlessRuntime, SparkLogType } from '../../src';
import {
  ACCOUNT, allow, application, ENV, EXECUTION_ROLE_ARN, expectNoLiteralPartition, KEY_ARN, lazy, newStack, onlyResource, OTHER_ACCOUNT,
  OTHER_PARTITIONS, partitioned, policyStatements, resourceTypes, submitterIn, USE_KEY, warnings, WORKSPACE_ARN,
} from '../util';

function runtimeIn(stack: Stack, logging: LoggingOptions) {
  return new SparkEmrServerlessRuntime(stack, 'Spark', logging);
}

function monitoring(stack: Stack) {
  return application(stack).MonitoringConfiguration;
}

function bucketIn(stack: Stack): s3.IBucket {
  return s3.Bucket.fromBucketName(stack, 'Bucket', 'log-bucket');
}

/** What was added to the policy of the only key. */
function keyStatements(stack: Stack) {
  const [owner, ...added] = onlyResource(stack, 'AWS::KMS::Key').KeyPolicy.Statement;
  expect(owner.Action).toBe('kms:*');
  return added;
}

function serviceMayUseKey(region = 'eu-west-1') {
  return {
    Action: USE_KEY,
    Condition: { ArnLike: { 'aws:SourceArn': partitioned(`emr-serverless:${region}:${ACCOUNT}:/applications/*`) } },
    Effect: 'Allow',
    Principal: { Service: 'emr-serverless.amazonaws.com' },
    Resource: '*',
  };
}

function cloudWatchMayUseKey(region = 'eu-west-1') {
  return {
    Action: ['kms:Decrypt', 'kms:Describe*', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': partitioned(`logs:${region}:${ACCOUNT}:*`) } },
    Effect: 'Allow',
    Principal: { Service: { 'Fn::Join': ['', [`logs.${region}.`, { Ref: 'AWS::URLSuffix' }]] } },
    Resource: '*',
  };
}

/** A user of the key in each of its places. */
const KEY_PROPS: [string, (stack: Stack, key: kms.IKey) => LoggingOptions][] = [
  ['managedLogsKey', (_, managedLogsKey) => ({ managedLogsKey })],
  ['s3Logs.encryptionKey', (stack, encryptionKey) => ({ s3Logs: { bucket: bucketIn(stack), encryptionKey } })],
  ['cloudWatchLogs.encryptionKey', (_, encryptionKey) => ({ cloudWatchLogs: { encryptionKey } })],
];

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
  test('tell the logging that was given', () => {
    const stack = newStack(ENV);
    const given = {
      managedLogs: true,
      managedLogsKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN),
      s3Logs: { bucket: bucketIn(stack) },
      cloudWatchLogs: {},
      prometheusWorkspaceArn: WORKSPACE_ARN,
    };

    expect(runtimeIn(stack, given)).toMatchObject(given);
  });

  test('tell that managed logs are on by default', () => {
    expect(runtimeIn(newStack(ENV), {}).managedLogs).toBe(true);
  });
});

describe('the key policy', () => {
  test('of the managed logs lets EMR Serverless use the key', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { managedLogsKey: new kms.Key(stack, 'Key') });

    expect(keyStatements(stack)).toEqual([serviceMayUseKey()]);
  });

  test('of S3 logs lets EMR Serverless use the key', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { s3Logs: { bucket: bucketIn(stack), encryptionKey: new kms.Key(stack, 'Key') } });

    expect(keyStatements(stack)).toEqual([serviceMayUseKey()]);
  });

  test('of CloudWatch logs lets the logs service of the Region use the key', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { cloudWatchLogs: { encryptionKey: new kms.Key(stack, 'Key') } });

    expect(keyStatements(stack)).toEqual([cloudWatchMayUseKey()]);
  });

  test('of a key for all logs has one statement for each service', () => {
    const stack = newStack(ENV);
    const key = new kms.Key(stack, 'Key');

    runtimeIn(stack, { managedLogsKey: key, s3Logs: { bucket: bucketIn(stack), encryptionKey: key }, cloudWatchLogs: { encryptionKey: key } });

    expect(keyStatements(stack)).toEqual([serviceMayUseKey(), cloudWatchMayUseKey()]);
  });

  test('of a key that two applications share has one statement', () => {
    const stack = newStack(ENV);
    const managedLogsKey = new kms.Key(stack, 'Key');

    new SparkEmrServerlessRuntime(stack, 'One', { managedLogsKey });
    new SparkEmrServerlessRuntime(stack, 'Other', { managedLogsKey });

    expect(keyStatements(stack)).toEqual([serviceMayUseKey()]);
  });

  test('of the key and of its alias is the same', () => {
    const stack = newStack(ENV);
    const key = new kms.Key(stack, 'Key');
    const alias = new kms.Alias(stack, 'Alias', { aliasName: 'logs', targetKey: key });

    runtimeIn(stack, { managedLogsKey: key, s3Logs: { bucket: bucketIn(stack), encryptionKey: alias } });

    expect(keyStatements(stack)).toEqual([serviceMayUseKey()]);
  });

  test('of the key of a bucket is left alone', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { s3Logs: { bucket: new s3.Bucket(stack, 'Bucket', { encryptionKey: new kms.Key(stack, 'Key') }) } });

    expect(keyStatements(stack)).toEqual([]);
  });

  test('names the account and Region of a stack that knows none by the pseudo parameters', () => {
    const stack = newStack();

    runtimeIn(stack, { managedLogsKey: new kms.Key(stack, 'Key') });

    expect(keyStatements(stack)[0].Condition.ArnLike['aws:SourceArn']).toEqual({
      'Fn::Join': ['', [
        'arn:', { Ref: 'AWS::Partition' }, ':emr-serverless:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':/applications/*',
      ]],
    });
  });

  test('of a key of another stack is added there, without a cycle', () => {
    const app = new App();
    const keys = new Stack(app, 'Keys', { env: ENV });
    const stack = new Stack(app, 'Stack', { env: ENV });

    runtimeIn(stack, { managedLogsKey: new kms.Key(keys, 'Key') });

    expect(keyStatements(keys)).toEqual([serviceMayUseKey()]);
    expect(keys.dependencies).toEqual([]);
  });

  test('of a key of the stack is no warning', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { managedLogsKey: new kms.Key(stack, 'Key') });

    expect(warnings(stack)).toEqual([]);
  });

  test('of an imported key is a warning with the statement to add', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { managedLogsKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) });

    const [warning, ...others] = warnings(stack);
    expect(warning).toMatch(/^the policy of key Stack\/Key cannot be changed from here\. Its owner must add the statement /);
    expect(warning).toMatch(/ \[ack: cdk-spark-emr-serverless:keyPolicyByHand\]$/);
    expect(JSON.parse(/the statement (.*) \[ack: /.exec(warning)?.[1] ?? '')).toEqual({
      Effect: 'Allow',
      Principal: { Service: 'emr-serverless.amazonaws.com' },
      Action: USE_KEY,
      Resource: '*',
      Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:emr-serverless:eu-west-1:${ACCOUNT}:/applications/*` } },
    });
    expect(others).toEqual([]);
  });

  test('of an imported key for the log group is a warning with the statement to add', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { cloudWatchLogs: { encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) } });

    const [warning] = warnings(stack);
    expect(JSON.parse(/the statement (.*) \[ack: /.exec(warning)?.[1] ?? '')).toEqual({
      Effect: 'Allow',
      Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:Describe*', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      Resource: '*',
      Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:eu-west-1:${ACCOUNT}:*` } },
    });
  });

  test('of two imported keys is two warnings', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, {
      managedLogsKey: kms.Key.fromKeyArn(stack, 'Managed', KEY_ARN),
      s3Logs: { bucket: bucketIn(stack), encryptionKey: kms.Key.fromKeyArn(stack, 'S3', `${KEY_ARN}0`) },
    });

    expect(warnings(stack)).toEqual([
      expect.stringContaining('the policy of key Stack/Managed cannot be changed from here'),
      expect.stringContaining('the policy of key Stack/S3 cannot be changed from here'),
    ]);
  });

  test('of an imported key can be acknowledged', () => {
    const stack = newStack(ENV);
    Annotations.of(stack).acknowledgeWarning('cdk-spark-emr-serverless:keyPolicyByHand');

    runtimeIn(stack, { managedLogsKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) });

    expect(warnings(stack)).toEqual([]);
  });

  test('of a refused application is left alone', () => {
    const stack = newStack(ENV);
    const managedLogsKey = new kms.Key(stack, 'Key');

    expect(() => runtimeIn(stack, { managedLogsKey, s3Logs: { bucket: bucketIn(stack), prefix: '' } })).toThrow();

    expect(keyStatements(stack)).toEqual([]);
  });
});

describe('an execution role', () => {
  const DESCRIBE_LOG_GROUPS = allow('logs:DescribeLogGroups', partitioned(`logs:eu-west-1:${ACCOUNT}:*`));
  const WRITE_LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'];

  function granted(logging: (stack: Stack) => LoggingOptions) {
    const stack = newStack(ENV);
    runtimeIn(stack, logging(stack)).createExecutionRole('ExecutionRole');
    return { stack, statements: policyStatements(stack) };
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
    [undefined, 'log-bucket/*'],
    ['spark', 'log-bucket/spark/*'],
    ['spark/nightly/', 'log-bucket/spark/nightly/*'],
  ])('puts S3 logs with the prefix %s', (prefix, objects) => {
    const { statements } = granted((stack) => ({ s3Logs: { bucket: bucketIn(stack), prefix } }));

    expect(statements).toEqual([allow('s3:PutObject', partitioned(`s3:::${objects}`))]);
  });

  test('puts S3 logs with a prefix that is a token', () => {
    const { statements } = granted((stack) => ({ s3Logs: { bucket: bucketIn(stack), prefix: new CfnParameter(stack, 'Prefix').valueAsString } }));

    expect(statements).toEqual([
      allow('s3:PutObject', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::log-bucket/', { Ref: 'Prefix' }, '/*']] }),
    ]);
  });

  test('puts S3 logs in a bucket of the stack', () => {
    const { stack, statements } = granted((scope) => ({ s3Logs: { bucket: new s3.Bucket(scope, 'Bucket') } }));

    const [bucketId] = Object.keys(Template.fromStack(stack).findResources('AWS::S3::Bucket'));
    expect(statements).toEqual([
      allow('s3:PutObject', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { Ref: bucketId }, '/*']] }),
    ]);
  });

  test('uses the key of S3 logs', () => {
    const { statements } = granted((stack) => ({ s3Logs: { bucket: bucketIn(stack), encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) } }));

    expect(statements).toEqual([allow('s3:PutObject', partitioned('s3:::log-bucket/*')), allow(USE_KEY, KEY_ARN)]);
  });

  test('uses the key of the bucket', () => {
    const { statements } = granted((stack) => ({
      s3Logs: {
        bucket: s3.Bucket.fromBucketAttributes(stack, 'Bucket', {
          bucketName: 'log-bucket', encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN),
        }),
      },
    }));

    expect(statements).toEqual([allow('s3:PutObject', partitioned('s3:::log-bucket/*')), allow(USE_KEY, KEY_ARN)]);
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
    const { statements } = granted(() => ({ cloudWatchLogs: {} }));

    expect(statements).toEqual([
      DESCRIBE_LOG_GROUPS,
      allow(WRITE_LOGS, partitioned(`logs:eu-west-1:${ACCOUNT}:log-group:/aws/emr-serverless:*`)),
    ]);
  });

  test('writes to the log group that is given', () => {
    const { statements } = granted((stack) => ({ cloudWatchLogs: { logGroup: logs.LogGroup.fromLogGroupName(stack, 'LogGroup', '/spark') } }));

    expect(statements).toEqual([DESCRIBE_LOG_GROUPS, allow(WRITE_LOGS, partitioned(`logs:eu-west-1:${ACCOUNT}:log-group:/spark:*`))]);
  });

  test('writes to a log group of the stack', () => {
    const { stack, statements } = granted((scope) => ({ cloudWatchLogs: { logGroup: new logs.LogGroup(scope, 'LogGroup') } }));

    const [logGroupId] = Object.keys(Template.fromStack(stack).findResources('AWS::Logs::LogGroup'));
    expect(statements).toEqual([
      DESCRIBE_LOG_GROUPS,
      allow(WRITE_LOGS, {
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:logs:eu-west-1:${ACCOUNT}:log-group:`, { Ref: logGroupId }, ':*']],
      }),
    ]);
  });

  test('associates the key of the log group and uses it', () => {
    const { statements } = granted((stack) => ({ cloudWatchLogs: { encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) } }));

    const logGroupArn = partitioned(`logs:eu-west-1:${ACCOUNT}:log-group:/aws/emr-serverless:*`);
    expect(statements).toEqual([
      DESCRIBE_LOG_GROUPS,
      allow(WRITE_LOGS, logGroupArn),
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

describe('refusals', () => {
  function refusal(logging: (stack: Stack) => LoggingOptions, release?: EmrRelease) {
    const stack = newStack(ENV);
    const options = logging(stack);
    return expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { release, ...options }));
  }

  function withLogGroup(name: string): (stack: Stack) => LoggingOptions {
    return (stack) => ({ cloudWatchLogs: { logGroup: logs.LogGroup.fromLogGroupName(stack, 'LogGroup', name) } });
  }

  test.each(KEY_PROPS)('%s is no alias by its name', (prop, logging) => {
    refusal((stack) => logging(stack, kms.Alias.fromAliasName(stack, 'Alias', 'alias/logs')))
      .toThrow(`\`${prop}\` must be a KMS key, with an ARN of at most 2048 characters, or an alias whose key is known here, not an alias by name, got: `);
  });

  test.each(KEY_PROPS)('%s is no alias by its ARN', (prop, logging) => {
    const aliasArn = `arn:aws:kms:eu-west-1:${ACCOUNT}:alias/logs`;

    refusal((stack) => logging(stack, kms.Key.fromKeyArn(stack, 'Key', aliasArn)))
      .toThrow(`\`${prop}\` must be a KMS key, with an ARN of at most 2048 characters, or an alias whose key is known here, not an alias by name, got: "${aliasArn}"`);
  });

  test.each(KEY_PROPS)('%s is no key with anything behind its id', (prop, logging) => {
    refusal((stack) => logging(stack, kms.Key.fromKeyArn(stack, 'Key', `${KEY_ARN}*`)))
      .toThrow(`\`${prop}\` must be a KMS key, with an ARN of at most 2048 characters, or an alias whose key is known here, not an alias by name, got: "${KEY_ARN}*"`);
  });

  test.each(KEY_PROPS)('%s may be a multi-Region key', (_, logging) => {
    refusal((stack) => logging(stack, kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:eu-west-1:${ACCOUNT}:key/mrk-1234abcd12ab34cd56ef1234567890ab`)))
      .not.toThrow();
  });

  test('managedLogsKey has an ARN of at most 2048 characters', () => {
    const arn = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/`.padEnd(2048, '1');

    refusal((stack) => ({ managedLogsKey: kms.Key.fromKeyArn(stack, 'Key', arn) })).not.toThrow();
    refusal((stack) => ({ managedLogsKey: kms.Key.fromKeyArn(stack, 'Key', `${arn}1`) })).toThrow('(2049 characters)');
  });

  test('managedLogsKey goes not with managed logs that are off', () => {
    refusal((stack) => ({ managedLogs: false, managedLogsKey: new kms.Key(stack, 'Key') }))
      .toThrow('`managedLogsKey` must not be given with `managedLogs: false`, there is nothing to encrypt [Stack/Spark]');
  });

  test('managedLogsKey goes with managed logs that are on', () => {
    refusal((stack) => ({ managedLogs: true, managedLogsKey: new kms.Key(stack, 'Key') })).not.toThrow();
  });

  test.each(['', '/spark', '/', 'spark/*', 'spark?', 'x'.repeat(513), 'half \ud83d'])('s3Logs.prefix is not %j', (prefix) => {
    refusal((stack) => ({ s3Logs: { bucket: bucketIn(stack), prefix } }))
      .toThrow('`s3Logs.prefix` must have 1 to 512 characters, no / at its start, no * and no ?, got: "');
  });

  test.each(['s', 'spark/logs', 'team=data/a b!', 'whole \ud83d\ude00', 'x'.repeat(512)])('s3Logs.prefix may be %j', (prefix) => {
    refusal((stack) => ({ s3Logs: { bucket: bucketIn(stack), prefix } })).not.toThrow();
  });

  test('s3Logs.prefix that is refused is in the message', () => {
    refusal((stack) => ({ s3Logs: { bucket: bucketIn(stack), prefix: '/spark' } })).toThrow('got: "/spark" [Stack/Spark]');
  });

  test.each(['', 'spark logs', 'spark*', 'spark:logs', 'x'.repeat(513)])('cloudWatchLogs.logGroup is not named %j', (name) => {
    refusal(withLogGroup(name))
      .toThrow('`cloudWatchLogs.logGroup` must be a log group whose name has 1 to 512 characters of A-Z a-z 0-9 . - _ / #, got: "');
  });

  test.each(['s', '/aws/emr-serverless', 'a.b-c_d/e#f', 'x'.repeat(512)])('cloudWatchLogs.logGroup may be named %j', (name) => {
    refusal(withLogGroup(name)).not.toThrow();
  });

  test.each(['', 'spark:logs', 'spark*', 'x'.repeat(513), 'half \ud83d'])('cloudWatchLogs.logStreamNamePrefix is not %j', (logStreamNamePrefix) => {
    refusal(() => ({ cloudWatchLogs: { logStreamNamePrefix } }))
      .toThrow('`cloudWatchLogs.logStreamNamePrefix` must be 1 to 512 characters without : and *, got: "');
  });

  test.each(['s', 'spark/nightly jobs', 'x'.repeat(512)])('cloudWatchLogs.logStreamNamePrefix may be %j', (logStreamNamePrefix) => {
    refusal(() => ({ cloudWatchLogs: { logStreamNamePrefix } })).not.toThrow();
  });

  test.each(['driverLogTypes', 'executorLogTypes'])('cloudWatchLogs.%s is not empty', (prop) => {
    refusal(() => ({ cloudWatchLogs: { [prop]: [] } }))
      .toThrow(`\`cloudWatchLogs.${prop}\` must hold at least one log type, leave it out to log nothing, got: []`);
  });

  test.each(['driverLogTypes', 'executorLogTypes'])('cloudWatchLogs.%s holds each log type once', (prop) => {
    refusal(() => ({ cloudWatchLogs: { [prop]: [SparkLogType.STDOUT, SparkLogType.STDERR, SparkLogType.STDOUT] } }))
      .toThrow(`\`cloudWatchLogs.${prop}\` must hold each log type once, got: STDOUT, STDERR, STDOUT`);
  });

  test.each([
    '',
    'ws-1234',
    `https://arn:aws:aps:eu-west-1:${ACCOUNT}:workspace/ws-1234`,
    'https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1234/api/v1/remote_write',
    `arn:aws:aps:eu-west-1:${ACCOUNT}:workspace/`,
    `arn:aws:aps:eu-west-1:${ACCOUNT}:workspace/*`,
    `arn:aws:aps:eu-west-1:${ACCOUNT}:workspace/${'w'.repeat(101)}`,
    `arn:aws:aps:eu-west-1:${ACCOUNT}:rulegroupsnamespace/ws-1234/rules`,
    `arn:aws:aps::${ACCOUNT}:workspace/ws-1234`,
    'arn:aws:aps:eu-west-1:1234:workspace/ws-1234',
    `arn:aws:s3:eu-west-1:${ACCOUNT}:workspace/ws-1234`,
  ])('prometheusWorkspaceArn is not %j', (prometheusWorkspaceArn) => {
    refusal(() => ({ prometheusWorkspaceArn })).toThrow(
      '`prometheusWorkspaceArn` must be the ARN of a workspace of Amazon Managed Service for Prometheus'
      + ' (arn:<partition>:aps:<region>:<account>:workspace/<id>), got: "',
    );
  });

  test.each([
    `arn:aws:aps:eu-west-1:${ACCOUNT}:workspace/w`,
    `arn:aws:aps:eu-west-1:${ACCOUNT}:workspace/${'w'.repeat(100)}`,
    `arn:aws-cn:aps:cn-north-1:${ACCOUNT}:workspace/ws-1234`,
    `arn:aws-us-gov:aps:us-gov-west-1:${ACCOUNT}:workspace/ws-1234`,
  ])('prometheusWorkspaceArn may be %j', (prometheusWorkspaceArn) => {
    refusal(() => ({ prometheusWorkspaceArn })).not.toThrow();
  });

  test.each([EmrRelease.EMR_6_15_0, EmrRelease.EMR_7_0_0])('prometheusWorkspaceArn goes not with release %s', (release) => {
    refusal(() => ({ prometheusWorkspaceArn: WORKSPACE_ARN }), release)
      .toThrow(`\`prometheusWorkspaceArn\` needs at least release emr-7.1.0 or emr-spark-8.0-preview, got: ${release.label}`);
  });

  test.each([
    EmrRelease.EMR_7_1_0,
    EmrRelease.EMR_SPARK_8_0_PREVIEW,
    EmrRelease.EMR_SPARK_8_2_0,
  ])('prometheusWorkspaceArn goes with release %s', (release) => {
    refusal(() => ({ prometheusWorkspaceArn: WORKSPACE_ARN }), release).not.toThrow();
  });

  test('several come in one error', () => {
    refusal((stack) => ({
      s3Logs: { bucket: bucketIn(stack), prefix: '' },
      cloudWatchLogs: { logStreamNamePrefix: ':', driverLogTypes: [] },
    })).toThrow(/^3 problems in \[Stack\/Spark\]:\n {2}- `s3Logs\.prefix`.*\n {2}- `cloudWatchLogs\.logStream.*\n {2}- `cloudWatchLogs\.driver.*$/);
  });
});

describe('the warning noSparkUi', () => {
  test('comes with S3 logs and without managed logs', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { managedLogs: false, s3Logs: { bucket: bucketIn(stack) } });

    expect(warnings(stack)).toEqual([
      'with `managedLogs: false` the logs are in S3 only and there is no Spark UI for job runs. Leave `managedLogs` out to have both'
      + ' [ack: cdk-spark-emr-serverless:noSparkUi]',
    ]);
  });

  test.each<[string, (stack: Stack) => LoggingOptions]>([
    ['S3 logs only', (stack) => ({ s3Logs: { bucket: bucketIn(stack) } })],
    ['S3 logs and managed logs', (stack) => ({ managedLogs: true, s3Logs: { bucket: bucketIn(stack) } })],
    ['no logs at all', () => ({ managedLogs: false })],
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
  test('the key policies name the Region', () => {
    const stack = newStack({ account: ACCOUNT, region });
    const key = new kms.Key(stack, 'Key');

    runtimeIn(stack, { managedLogsKey: key, cloudWatchLogs: { encryptionKey: key } });

    expect(keyStatements(stack)).toEqual([serviceMayUseKey(region), cloudWatchMayUseKey(region)]);
  });

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

  test('the statement to add by hand names no other partition', () => {
    const stack = newStack({ account: ACCOUNT, region });

    runtimeIn(stack, { managedLogsKey: kms.Key.fromKeyArn(stack, 'Key', `arn:${partition}:kms:${region}:${ACCOUNT}:key/1234`) });

    expect(warnings(stack)).toEqual([expect.not.stringContaining('arn:aws:')]);
  });
});

describe.each(KEY_PROPS)('the key %s', (prop, logging) => {
  test('must be of the Region of the application', () => {
    const stack = newStack(ENV);
    const key = kms.Key.fromKeyArn(stack, 'Key', KEY_ARN.replace('eu-west-1', 'us-east-1'));

    expect(() => runtimeIn(stack, logging(stack, key)))
      .toThrow(`\`${prop}\` must be a KMS key of the application's Region eu-west-1, got: one of us-east-1 [Stack/Spark]`);
  });

  test('may be of a Region that is not known', () => {
    const stack = newStack();

    expect(() => runtimeIn(stack, logging(stack, kms.Key.fromKeyArn(stack, 'Key', KEY_ARN)))).not.toThrow();
  });
});

describe.each([
  ['s3Logs.bucket', (stack: Stack, env: { account?: string; region?: string }): LoggingOptions => (
    { s3Logs: { bucket: s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'log-bucket', ...env }) } })],
  ['cloudWatchLogs.logGroup', (stack: Stack, { account = ACCOUNT, region = 'eu-west-1' }: { account?: string; region?: string }): LoggingOptions => (
    { cloudWatchLogs: { logGroup: logs.LogGroup.fromLogGroupArn(stack, 'LogGroup', `arn:aws:logs:${region}:${account}:log-group:/spark`) } })],
])('%s', (prop, logging) => {
  test('must be of the Region of the application', () => {
    const stack = newStack(ENV);

    expect(() => runtimeIn(stack, logging(stack, { region: 'us-east-1' })))
      .toThrow(`\`${prop}\` must be of the application's Region eu-west-1, got: us-east-1 [Stack/Spark]`);
  });

  test('must be of the account of the application', () => {
    const stack = newStack(ENV);

    expect(() => runtimeIn(stack, logging(stack, { account: OTHER_ACCOUNT })))
      .toThrow(`\`${prop}\` must be of the application's account ${ACCOUNT}, got: 222222222222 [Stack/Spark]`);
  });

  test('may be of an environment that is not known', () => {
    const stack = newStack();

    expect(() => runtimeIn(stack, logging(stack, { account: OTHER_ACCOUNT, region: 'us-east-1' }))).not.toThrow();
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
  const warned = ['the key of `s3Logs.bucket` is known by an alias only, so that execution roles are not granted it.'
    + ' Grant them kms:Decrypt and kms:GenerateDataKey on the key, or import the bucket with the key itself'
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

    runtimeIn(stack, attributes(stack)).createExecutionRole('ExecutionRole');

    expect(policyStatements(stack)).toEqual([allow('s3:PutObject', partitioned('s3:::log-bucket/*'))]);
  });
});

test('a key of another account is warned of, as its policy must allow roles and submitters too', () => {
  const app = new App();
  const key = new kms.Key(new Stack(app, 'Keys', { env: { ...ENV, account: OTHER_ACCOUNT } }), 'Key', { alias: 'logs' });
  const stack = new Stack(app, 'Stack', { env: ENV });

  runtimeIn(stack, { managedLogsKey: key });

  expect(warnings(stack)).toEqual(['key Keys/Key is of account 222222222222: its policy must also allow the execution roles and the submitters of jobs'
    + ' kms:Decrypt and kms:GenerateDataKey [ack: cdk-spark-emr-serverless:keyOfOtherAccount]']);
});

test.each([
  [{ account: ACCOUNT, region: 'cn-north-1' }, 'logs.cn-north-1.amazonaws.com.cn'],
  [undefined, 'logs.<Region>.<domain suffix>'],
])('the service in the statement to add by hand is one that can be pasted, in %p', (env, service) => {
  const stack = newStack(env);

  runtimeIn(stack, { cloudWatchLogs: { encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN.replace('eu-west-1', env?.region ?? 'eu-west-1')) } });

  expect(warnings(stack)).toEqual([expect.stringContaining(`"Principal":{"Service":"${service}"}`)]);
});

test.each([
  [{ account: ACCOUNT, region: 'cn-north-1' }, `arn:aws-cn:emr-serverless:cn-north-1:${ACCOUNT}:/applications/*`],
  [undefined, 'arn:<partition>:emr-serverless:<Region>:<account>:/applications/*'],
])('the statement to add by hand is one that can be pasted, in %p', (env, sourceArn) => {
  const stack = newStack(env);

  runtimeIn(stack, { managedLogsKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN.replace('eu-west-1', env?.region ?? 'eu-west-1')) });

  expect(warnings(stack)).toEqual([expect.stringContaining(`{"ArnLike":{"aws:SourceArn":"${sourceArn}"}}`)]);
});
