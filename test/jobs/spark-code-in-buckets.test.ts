import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SparkCode, SparkCodeUse } from '../../src';
import {
  allow, deployed, ENV, expectNoLiteralPartition, KEY_ARN, lazy, newStack, OTHER_ACCOUNT, OTHER_PARTITIONS, partitioned, policyStatements,
  warnings,
} from '../util';

const { ENTRY_POINT, PYTHON_FILES, JARS, FILES, ARCHIVES } = SparkCodeUse;

function bind(scope: Stack, bucket: s3.IBucket | s3.CfnBucket, key: string = 'app/job.py', use: SparkCodeUse = ENTRY_POINT): string {
  const role = new iam.Role(scope, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
  return scope.resolve(SparkCode.fromBucket(bucket, key).bind(scope, role, use).uri);
}

const imported = (stack: Stack, attrs: Partial<s3.BucketAttributes> = {}) =>
  s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'artifacts', ...attrs });

const MESSAGE = 'must be the key of one object: 1 to 1024 bytes without blanks or , # * ? " \\ ^ ` | < > [ ] { },'
  + ' and without empty segments, . or .. between its slashes, got: ';

describe('the permission', () => {
  test('is to read the object of an imported bucket', () => {
    const stack = newStack(ENV);

    expect(bind(stack, imported(stack))).toBe('s3://artifacts/app/job.py');
    expect(policyStatements(stack)).toEqual([allow('s3:GetObject', partitioned('s3:::artifacts/app/job.py'))]);
  });

  test('is to read the object of a bucket of the app', () => {
    const stack = newStack(ENV);
    const bucket = new s3.Bucket(stack, 'Bucket');

    expect(bind(stack, bucket)).toEqual({ 'Fn::Join': ['', ['s3://', stack.resolve(bucket.bucketName), '/app/job.py']] });
    expect(policyStatements(stack)).toEqual([
      allow('s3:GetObject', { 'Fn::Join': ['', [stack.resolve(bucket.bucketArn), '/app/job.py']] }),
    ]);
  });

  test('is to decrypt with the key of the bucket', () => {
    const stack = newStack(ENV);
    const bucket = new s3.Bucket(stack, 'Bucket', { encryption: s3.BucketEncryption.KMS });

    bind(stack, bucket);

    expect(policyStatements(stack)).toEqual([
      allow('s3:GetObject', { 'Fn::Join': ['', [stack.resolve(bucket.bucketArn), '/app/job.py']] }),
      allow('kms:Decrypt', stack.resolve(bucket.encryptionKey!.keyArn)),
    ]);
    expect(warnings(stack)).toEqual([]);
  });

  test('is to decrypt with the key that an alias stands for', () => {
    const stack = newStack(ENV);
    const alias = new kms.Alias(stack, 'Alias', { aliasName: 'artifacts', targetKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) });

    bind(stack, new s3.Bucket(stack, 'Bucket', { encryptionKey: alias }));

    expect(policyStatements(stack)).toContainEqual(allow('kms:Decrypt', KEY_ARN));
  });

  test('is given once, where two jobs of one role have the same code', () => {
    const stack = newStack(ENV);
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    const code = SparkCode.fromBucket(imported(stack), 'job.py');

    code.bind(stack, role, ENTRY_POINT);
    code.bind(stack, role, ENTRY_POINT);

    expect(policyStatements(stack)).toEqual([allow('s3:GetObject', partitioned('s3:::artifacts/job.py'))]);
  });

  test('leads to another stack', () => {
    const app = new App();
    const [buckets, jobs] = [new Stack(app, 'Buckets', { env: ENV }), new Stack(app, 'Jobs', { env: ENV })];

    bind(jobs, new s3.Bucket(buckets, 'Bucket', { encryption: s3.BucketEncryption.KMS }));

    const [object, key] = policyStatements(jobs);
    expect(object.Resource['Fn::Join'][1]).toEqual([{ 'Fn::ImportValue': expect.stringMatching(/^Buckets:ExportsOutput/) }, '/app/job.py']);
    expect(key).toEqual(allow('kms:Decrypt', { 'Fn::ImportValue': expect.stringMatching(/^Buckets:ExportsOutput/) }));
  });

  test('is one for a CfnBucket', () => {
    const stack = newStack(ENV);

    expect(bind(stack, new s3.CfnBucket(stack, 'Bucket'))).toEqual({ 'Fn::Join': ['', ['s3://', { Ref: 'Bucket' }, '/app/job.py']] });
    expect(policyStatements(stack)).toEqual([
      allow('s3:GetObject', { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '/app/job.py']] }),
    ]);
    expect(warnings(stack)).toEqual([]);
  });

  test.each(OTHER_PARTITIONS)('is one in %s', (region) => {
    const stack = newStack({ ...ENV, region });

    bind(stack, imported(stack));

    expect(policyStatements(stack)).toEqual([allow('s3:GetObject', partitioned('s3:::artifacts/app/job.py'))]);
    expectNoLiteralPartition(stack);
  });
});

describe('a warning', () => {
  const BY_HAND = 'the library does not know the KMS key of the bucket of `entryPoint`, so execution roles get no access to it.'
    + ' Grant them kms:Decrypt on the key';

  test('says that the key of a bucket is only known by an alias', () => {
    const stack = newStack(ENV);

    bind(stack, imported(stack, { encryptionKey: kms.Alias.fromAliasName(stack, 'Key', 'alias/artifacts') }));

    expect(warnings(stack)).toEqual([
      `${BY_HAND}, or import the bucket with the key instead of an alias [ack: cdk-spark-emr-serverless:bucketKeyByHand]`,
    ]);
  });

  test('says that the key of a CfnBucket is not known', () => {
    const stack = newStack(ENV);
    const bucketEncryption = { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms' } }] };

    bind(stack, new s3.CfnBucket(stack, 'Bucket', { bucketEncryption }));

    expect(warnings(stack)).toEqual([`${BY_HAND} [ack: cdk-spark-emr-serverless:bucketKeyByHand]`]);
  });

  test('says that the bucket is in another Region', () => {
    const stack = newStack(ENV);

    bind(stack, imported(stack, { region: 'us-east-1' }));

    expect(warnings(stack)).toEqual(['the bucket of `entryPoint` is in us-east-1, and the job is in eu-west-1: without a NAT gateway in a VPC,'
      + ' jobs do not reach other Regions. Give a bucket in the Region of the job [ack: cdk-spark-emr-serverless:codeOfOtherRegion]']);
  });

  test('says that the bucket is of another account', () => {
    const stack = newStack(ENV);

    bind(stack, imported(stack, { account: OTHER_ACCOUNT }));

    expect(warnings(stack)).toEqual([`the bucket of \`entryPoint\` is of account ${OTHER_ACCOUNT}, and the job is of account ${ENV.account}:`
      + ' its owner must let the execution role read the object in the policy of the bucket, and decrypt in the policy of its KMS key'
      + ' if there is one [ack: cdk-spark-emr-serverless:codeOfOtherAccount]']);
  });

  test('is none where the environment of the job is not known', () => {
    const stack = newStack();

    bind(stack, imported(stack, { region: 'us-east-1', account: OTHER_ACCOUNT }));

    expect(warnings(stack)).toEqual([]);
  });
});

describe('the bucket', () => {
  test.each([{ bucketName: lazy('artifacts'), bucketArn: 'arn:aws:s3:::*' }, { bucketName: `${deployed('Team')}-*` }])('is not a pattern', (attrs) => {
    const bucket = imported(newStack(), attrs);

    expect(() => SparkCode.fromBucket(bucket, 'job.py')).toThrow(/^`bucket` must be one bucket, without a wildcard or variable, got: ".*\*"$/);
  });

  test('has no pattern for a key', () => {
    const stack = newStack();
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:eu-west-1:${ENV.account}:key/*`);

    expect(() => SparkCode.fromBucket(imported(stack, { encryptionKey }), 'job.py')).toThrow(new Error('`bucket.encryptionKey` must be a KMS key'
      + ` (ARN of at most 2048 characters), or an alias with a known target key, got: "arn:aws:kms:eu-west-1:${ENV.account}:key/*"`));
  });

  test('is checked at synthesis if it is known then', () => {
    const stack = newStack(ENV);

    bind(stack, imported(stack, { bucketName: lazy('*') }));

    expect(() => Template.fromStack(stack))
      .toThrow(/the object of the code must be one resource, without a wildcard or variable, got: ".*:s3:::\*\/app\/job\.py"/);
  });

  test('has a key that is checked at synthesis if it is known then', () => {
    const stack = newStack(ENV);
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:eu-west-1:${ENV.account}:key/${lazy('*')}`);

    bind(stack, imported(stack, { encryptionKey }));

    expect(() => Template.fromStack(stack)).toThrow(/the KMS key of the code must be one resource, without a wildcard or variable, got: ".*key\/\*"/);
  });
});

describe('the key', () => {
  const bucket = imported(newStack());

  test.each(['a', 'app/v1.2/job.py', 'year=2026/job.py', 'données/job.py', '-._~!$&\'()+;=:@', '.hidden/..x', 'x'.repeat(1024), 'é'.repeat(512)])('may be %p', (key) => {
    expect(SparkCode.fromBucket(bucket, key)._problems('files', FILES)).toEqual([]);
  });

  test.each([
    '', '/', '/job.py', 'jobs/', 'jobs//job.py', './job.py', 'jobs/../job.py', 'jobs/.', '*', 'job?.py', 'jobs/${aws:PrincipalTag/team}/job.py', 'a,b', 'a#b', 'my job.py',
    'job.py\n', 'a{b}', 'a[b]', 'a\\b', 'a|b', 'a"b', 'a\u0000b', 'a\ud800b', 'x'.repeat(1025), 'é'.repeat(513),
  ])('must not be %p', (key) => {
    expect(() => SparkCode.fromBucket(bucket, key)).toThrow(`\`key\` ${MESSAGE}`);
  });

  test('is shown in the message', () => {
    expect(() => SparkCode.fromBucket(bucket, 'jobs/*.py')).toThrow(new Error(`\`key\` ${MESSAGE}"jobs/*.py"`));
  });

  test.each([`jobs/*/${deployed('Key')}`, `/${deployed('Key')}`, `${deployed('Key')}/`, `${deployed('Key')} .py`])('must not be %p where it is known', (key) => {
    expect(() => SparkCode.fromBucket(bucket, key)).toThrow(/^`key` must be the key of one object/);
  });

  test('may not have a NUL beside a token', () => {
    expect(() => SparkCode.fromBucket(new s3.Bucket(newStack(), 'Bucket'), `\0${Fn.importValue('Key')}.py`)).toThrow('`key` must be the key of one object');
  });

  test('may be known to the deployment only', () => {
    const stack = newStack(ENV);

    expect(bind(stack, imported(stack), new CfnParameter(stack, 'Key').valueAsString)).toEqual({ 'Fn::Join': ['', ['s3://artifacts/', { Ref: 'Key' }]] });
    Template.fromStack(stack);
  });

  test.each<[string, RegExp]>([
    ['jobs/*.py', /the key of `entryPoint` must be the key of one object: .*, got: "jobs\/\*\.py"/],
    ['jobs/job.sql', /`entryPoint` must be a \.py or \.jar file, got the key: "jobs\/job\.sql"/],
  ])('is checked at synthesis if it is %s then', (key, message) => {
    const stack = newStack(ENV);

    bind(stack, imported(stack), lazy(key));

    expect(() => Template.fromStack(stack)).toThrow(message);
  });

  test('is checked at synthesis where it is in a function', () => {
    const stack = newStack(ENV);

    bind(stack, imported(stack), Fn.sub('${AWS::StackName}/${wild}.py', { wild: '*' }));

    expect(() => Template.fromStack(stack)).toThrow(/the key of `entryPoint` must be the key of one object/);
  });
});

describe('the suffix of the key', () => {
  const bucket = imported(newStack());
  const problems = (key: string, use: SparkCodeUse) => SparkCode.fromBucket(bucket, key)._problems('prop', use);

  test.each<[SparkCodeUse, string[], string[], string]>([
    [ENTRY_POINT, ['a.py', 'a.jar', 'a.JAR'], ['a.PY', 'a.zip', 'a.sql', 'py', 'a.py/b', 'a.py.txt'], 'a .py or .jar file'],
    [PYTHON_FILES, ['a.py', 'a.zip', 'a.egg', 'a.ZIP'], ['a.PY', 'a.jar', 'a.whl', 'a.tgz', 'common'], 'a .py, .zip or .egg file'],
    [JARS, ['a.jar', 'a.JAR'], ['a.zip', 'a'], 'a .jar file'],
    [ARCHIVES, ['a.zip', 'a.tgz', 'a.tar.gz', 'a.TAR.GZ', 'a.jar'], ['a.gz', 'a.tar', 'a.py', 'a.7z'], 'a .zip, .tgz, .tar.gz or .jar file'],
  ])('fits %s', (use, fitting, others, described) => {
    fitting.forEach((key) => expect(problems(key, use)).toEqual([]));
    others.forEach((key) => expect(problems(key, use)).toEqual([`\`prop\` must be ${described}, got the key: "${key}"`]));
  });

  test('is any for files', () => {
    ['a', 'a.sql', 'a.py', 'a.tar.gz'].forEach((key) => expect(problems(key, FILES)).toEqual([]));
  });

  test('may be known to the deployment only', () => {
    const token = deployed('Key');

    expect(problems(token, JARS)).toEqual([]);
    expect(problems(`${token}ar`, JARS)).toEqual([]);
    expect(problems(`${token}/a.jar`, JARS)).toEqual([]);
    expect(problems(`${token}/a.py`, JARS)).toHaveLength(1);
  });
});
