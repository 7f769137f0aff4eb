import { Annotations, App, Fn, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SparkEmrServerlessRuntime } from '../../src';
import { bucketIn, runtimeIn } from '../logging-props';
import { ACCOUNT, ENV, KEY_ARN, newStack, onlyResource, OTHER_ACCOUNT, OTHER_PARTITIONS, partitioned, USE_KEY, warnings } from '../util';

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

    runtimeIn(stack, {
      managedLogsKey: key,
      s3Logs: { bucket: bucketIn(stack), encryptionKey: key },
      cloudWatchLogs: { encryptionKey: key },
    });

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

    const [warning, ...moreWarnings] = warnings(stack);
    expect(warning).toMatch(/^CDK cannot change the policy of key Stack\/Key\. Its owner must add the statement /);
    expect(warning).toMatch(/ \[ack: cdk-spark-emr-serverless:keyPolicyByHand\]$/);
    expect(JSON.parse(/the statement (.*) \[ack: /.exec(warning)?.[1] ?? '')).toEqual({
      Effect: 'Allow',
      Principal: { Service: 'emr-serverless.amazonaws.com' },
      Action: USE_KEY,
      Resource: '*',
      Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:emr-serverless:eu-west-1:${ACCOUNT}:/applications/*` } },
    });
    expect(moreWarnings).toEqual([]);
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

  test('of an imported key names a Region that is a parameter in angle brackets', () => {
    const stack = newStack({ account: ACCOUNT, region: Fn.ref('Place') });

    runtimeIn(stack, { managedLogsKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) });

    expect(warnings(stack)).toEqual([
      expect.stringContaining(`{"aws:SourceArn":"arn:<partition>:emr-serverless:<Place>:${ACCOUNT}:/applications/*"}`),
    ]);
  });

  test('of two imported keys is two warnings', () => {
    const stack = newStack(ENV);

    runtimeIn(stack, {
      managedLogsKey: kms.Key.fromKeyArn(stack, 'Managed', KEY_ARN),
      s3Logs: { bucket: bucketIn(stack), encryptionKey: kms.Key.fromKeyArn(stack, 'S3', `${KEY_ARN}0`) },
    });

    expect(warnings(stack)).toEqual([
      expect.stringContaining('CDK cannot change the policy of key Stack/Managed.'),
      expect.stringContaining('CDK cannot change the policy of key Stack/S3.'),
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

describe.each(OTHER_PARTITIONS)('in %s', (region, partition) => {
  test('the key policies name the Region', () => {
    const stack = newStack({ account: ACCOUNT, region });
    const key = new kms.Key(stack, 'Key');

    runtimeIn(stack, { managedLogsKey: key, cloudWatchLogs: { encryptionKey: key } });

    expect(keyStatements(stack)).toEqual([serviceMayUseKey(region), cloudWatchMayUseKey(region)]);
  });

  test('the statement to add by hand names no other partition', () => {
    const stack = newStack({ account: ACCOUNT, region });

    runtimeIn(stack, { managedLogsKey: kms.Key.fromKeyArn(stack, 'Key', `arn:${partition}:kms:${region}:${ACCOUNT}:key/1234`) });

    expect(warnings(stack)).toEqual([expect.not.stringContaining('arn:aws:')]);
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
