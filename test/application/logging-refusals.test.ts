import { CfnResource, Fn, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EmrRelease, LoggingOptions, SparkEmrServerlessRuntime, SparkLogType } from '../../src';
import { bucketIn, KEY_PROPS, runtimeIn } from '../logging-props';
import { ACCOUNT, ENV, importIn, KEY_ARN, newStack, OTHER_ACCOUNT, warnings, WORKSPACE_ARN } from '../util';

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
      .toThrow('`managedLogsKey` must not be given with `managedLogs: false`, because there are no logs to encrypt [Stack/Spark]');
  });

  test('managedLogsKey goes with managed logs that are on', () => {
    refusal((stack) => ({ managedLogs: true, managedLogsKey: new kms.Key(stack, 'Key') })).not.toThrow();
  });

  test.each(['', '/spark', '/', 'spark/*', 'spark?', 'x'.repeat(513), 'half \ud83d'])('s3Logs.prefix is not %j', (prefix) => {
    refusal((stack) => ({ s3Logs: { bucket: bucketIn(stack), prefix } }))
      .toThrow('`s3Logs.prefix` must have 1 to 512 characters, no / at its start, no ://, no *, no ? and no ${, got: "');
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
      .toThrow('`cloudWatchLogs.logStreamNamePrefix` must be 1 to 512 characters without : or *, got: "');
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
      .toThrow(`\`${prop}\` must belong to the Region of the application, eu-west-1, got: us-east-1 [Stack/Spark]`);
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
      .toThrow(`\`${prop}\` must belong to the Region of the application, eu-west-1, got: us-east-1 [Stack/Spark]`);
  });

  test('must be of the account of the application', () => {
    const stack = newStack(ENV);

    expect(() => runtimeIn(stack, logging(stack, { account: OTHER_ACCOUNT })))
      .toThrow(`\`${prop}\` must belong to the account of the application, ${ACCOUNT}, got: 222222222222 [Stack/Spark]`);
  });

  test('may be of an environment that is not known', () => {
    const stack = newStack();

    expect(() => runtimeIn(stack, logging(stack, { account: OTHER_ACCOUNT, region: 'us-east-1' }))).not.toThrow();
  });
});

describe('a key that cannot encrypt logs', () => {
  const MESSAGE = 'must be a symmetric KMS key that encrypts (SYMMETRIC_DEFAULT, ENCRYPT_DECRYPT), got: ';
  const props = [...KEY_PROPS, ['s3Logs.bucket.encryptionKey', (stack: Stack, encryptionKey: kms.IKeyRef) => ({
    s3Logs: { bucket: s3.Bucket.fromBucketAttributes(stack, 'WithKey', { bucketName: 'logs', encryptionKey: encryptionKey as kms.IKey }) },
  })]] as typeof KEY_PROPS;

  let stack: Stack;

  beforeEach(() => {
    stack = newStack(ENV);
  });

  test.each(props)('is refused where it is asymmetric: %s', (prop, logging) => {
    const key = new kms.Key(stack, 'Key', { keySpec: kms.KeySpec.RSA_4096 });

    expect(() => runtimeIn(stack, logging(stack, key))).toThrow(`\`${prop}\` ${MESSAGE}RSA_4096, ENCRYPT_DECRYPT [Stack/Spark]`);
  });

  test.each(props)('is refused where it signs: %s', (prop, logging) => {
    const key = new kms.Key(stack, 'Key', { keySpec: kms.KeySpec.HMAC_256, keyUsage: kms.KeyUsage.GENERATE_VERIFY_MAC });

    expect(() => runtimeIn(stack, logging(stack, key))).toThrow(`\`${prop}\` ${MESSAGE}HMAC_256, GENERATE_VERIFY_MAC [Stack/Spark]`);
  });

  test('is refused behind an alias', () => {
    const key = new kms.Key(stack, 'Key', { keySpec: kms.KeySpec.RSA_4096 }).addAlias('logs');

    expect(() => runtimeIn(stack, { managedLogsKey: key })).toThrow(`\`managedLogsKey\` ${MESSAGE}`);
  });

  test('is refused as a CfnKey', () => {
    const managedLogsKey = new kms.CfnKey(stack, 'Key', { keySpec: 'ECC_NIST_P256', keyUsage: 'SIGN_VERIFY' });

    expect(() => runtimeIn(stack, { managedLogsKey })).toThrow(`\`managedLogsKey\` ${MESSAGE}ECC_NIST_P256, SIGN_VERIFY [Stack/Spark]`);
  });

  test('is refused as a CfnKey that has its use only', () => {
    const managedLogsKey = new kms.CfnKey(stack, 'Key', { keyUsage: 'GENERATE_VERIFY_MAC' });

    expect(() => runtimeIn(stack, { managedLogsKey })).toThrow(`\`managedLogsKey\` ${MESSAGE}SYMMETRIC_DEFAULT, GENERATE_VERIFY_MAC [Stack/Spark]`);
  });

  test('is not what an imported key is that stands below a resource with such a property', () => {
    const scope = Object.assign(new CfnResource(stack, 'Other', { type: 'A::B::C' }), { keySpec: 'RSA_2048' });

    expect(() => runtimeIn(stack, { managedLogsKey: kms.Key.fromKeyArn(scope, 'Key', KEY_ARN) })).not.toThrow();
  });

  test('is refused as a key from a CfnKey', () => {
    const managedLogsKey = kms.Key.fromCfnKey(new kms.CfnKey(stack, 'Key', { keySpec: 'RSA_2048', keyPolicy: { Statement: [] } }));

    expect(() => runtimeIn(stack, { managedLogsKey })).toThrow(`\`managedLogsKey\` ${MESSAGE}RSA_2048, ENCRYPT_DECRYPT [Stack/Spark]`);
  });

  test.each<[string, kms.CfnKeyProps]>([
    ['symmetric', { keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT' }],
    ['of a kind that is a token', { keySpec: Fn.importValue('spec'), keyUsage: Fn.importValue('usage') }],
  ])('is none that is %s', (_, keyProps) => {
    expect(() => runtimeIn(stack, { managedLogsKey: new kms.CfnKey(stack, 'Key', keyProps) })).not.toThrow();
  });
});

describe('the key of the bucket', () => {
  function bucketWith(stack: Stack, keyArn: string): LoggingOptions {
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', keyArn);
    return { s3Logs: { bucket: s3.Bucket.fromBucketAttributes(stack, 'Logs', { bucketName: 'logs', encryptionKey }) } };
  }

  test('must not be a pattern, which would become a part of the policies of roles', () => {
    const stack = newStack(ENV);
    const keys = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/*`;

    expect(() => runtimeIn(stack, bucketWith(stack, keys))).toThrow('`s3Logs.bucket.encryptionKey` must be a KMS key (ARN of at most 2048 characters),'
      + ` or an alias with a known target key, got: "${keys}" [Stack/Spark]`);
  });

  test('must not be a pattern on an imported application', () => {
    const stack = newStack(ENV);

    expect(() => importIn(stack, { applicationId: '00abc123', ...bucketWith(stack, `arn:aws:kms:eu-west-1:${ACCOUNT}:key/*`) }))
      .toThrow('`s3Logs.bucket.encryptionKey` must be a KMS key');
  });

  test('must be in the Region of the application', () => {
    const stack = newStack(ENV);

    expect(() => runtimeIn(stack, bucketWith(stack, KEY_ARN.replace('eu-west-1', 'us-east-1'))))
      .toThrow('`s3Logs.bucket.encryptionKey` must belong to the Region of the application, eu-west-1, got: us-east-1 [Stack/Spark]');
  });

  test('does not matter where another key encrypts the logs', () => {
    const stack = newStack(ENV);
    const { s3Logs } = bucketWith(stack, `arn:aws:kms:eu-west-1:${ACCOUNT}:key/*`);

    expect(() => runtimeIn(stack, { s3Logs: { ...s3Logs!, encryptionKey: new kms.Key(stack, 'Own') } })).not.toThrow();
  });

  test('may be any other key', () => {
    const stack = newStack(ENV);

    expect(() => runtimeIn(stack, bucketWith(stack, KEY_ARN))).not.toThrow();
  });
});

describe('the Prometheus workspace', () => {
  test('must be of the account of the application', () => {
    const stack = newStack(ENV);

    expect(() => runtimeIn(stack, { prometheusWorkspaceArn: WORKSPACE_ARN.replace(ACCOUNT, OTHER_ACCOUNT) }))
      .toThrow(`\`prometheusWorkspaceArn\` must belong to the account of the application, ${ACCOUNT}, got: ${OTHER_ACCOUNT} [Stack/Spark]`);
  });

  test('is warned of where it is in another Region', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, { prometheusWorkspaceArn: WORKSPACE_ARN.replace('eu-west-1', 'us-east-1') });

    expect(warnings(stack)).toEqual(['the workspace of `prometheusWorkspaceArn` is in us-east-1, and the application is in eu-west-1: without a NAT gateway'
      + ' in a VPC, jobs do not reach other Regions. Give a workspace in the Region of the application [ack: cdk-spark-emr-serverless:workspaceOfOtherRegion]']);
  });

  test.each([
    ['it is of the application\'s', ENV, WORKSPACE_ARN],
    ['it is a token', ENV, Fn.importValue('workspace')],
    ['the application\'s are not known', undefined, WORKSPACE_ARN.replace(ACCOUNT, OTHER_ACCOUNT).replace('eu-west-1', 'us-east-1')],
  ])('may be of any account and Region where %s', (_, env, prometheusWorkspaceArn) => {
    const stack = newStack(env);

    runtimeIn(stack, { prometheusWorkspaceArn });

    expect(warnings(stack)).toEqual([]);
  });
});
