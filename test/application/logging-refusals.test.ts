import { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EmrRelease, LoggingOptions, SparkEmrServerlessRuntime, SparkLogType } from '../../src';
import { bucketIn, KEY_PROPS, runtimeIn } from '../logging-props';
import { ACCOUNT, ENV, KEY_ARN, newStack, OTHER_ACCOUNT, WORKSPACE_ARN } from '../util';

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
      .toThrow(`\`${prop}\` must be a KMS key (ARN of at most 2048 characters), or an alias with a known target key, got: `);
  });

  test.each(KEY_PROPS)('%s is no alias by its ARN', (prop, logging) => {
    const aliasArn = `arn:aws:kms:eu-west-1:${ACCOUNT}:alias/logs`;

    refusal((stack) => logging(stack, kms.Key.fromKeyArn(stack, 'Key', aliasArn)))
      .toThrow(`\`${prop}\` must be a KMS key (ARN of at most 2048 characters), or an alias with a known target key, got: "${aliasArn}"`);
  });

  test.each(KEY_PROPS)('%s is no key with anything behind its id', (prop, logging) => {
    refusal((stack) => logging(stack, kms.Key.fromKeyArn(stack, 'Key', `${KEY_ARN}*`)))
      .toThrow(`\`${prop}\` must be a KMS key (ARN of at most 2048 characters), or an alias with a known target key, got: "${KEY_ARN}*"`);
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
      .toThrow('`s3Logs.prefix` must have 1 to 512 characters, no / at its start, no *, no ? and no ${, got: "');
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
      .toThrow(`\`cloudWatchLogs.${prop}\` must hold at least one log type, got: []`);
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
      .toThrow(`\`prometheusWorkspaceArn\` needs release emr-7.1.0 or later, or emr-spark-8.0-preview or later, got: ${release.label}`);
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

describe.each(KEY_PROPS)('the key %s', (prop, logging) => {
  test('must be of the Region of the application', () => {
    const stack = newStack(ENV);
    const key = kms.Key.fromKeyArn(stack, 'Key', KEY_ARN.replace('eu-west-1', 'us-east-1'));

    expect(() => runtimeIn(stack, logging(stack, key)))
      .toThrow(`\`${prop}\` must be a KMS key in Region eu-west-1, the Region of the application, got: a key in us-east-1 [Stack/Spark]`);
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
