import * as path from 'path';
import { CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { scratchFolder, write } from './files';
import { SparkCode, SparkCodeConfig, SparkCodeUse } from '../../src';
import { allow, ENV, EXECUTION_ROLE_ARN, expectNoPolicy, lazy, newStack, policyStatements, untyped } from '../util';

const { ENTRY_POINT, PYTHON_FILES, JARS, FILES, ARCHIVES } = SparkCodeUse;
const ALL_USES = Object.values(SparkCodeUse);

const folder = write(scratchFolder(), { 'job.py': 'print()' });

function roleIn(stack: Stack): iam.Role {
  return new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
}

function bind(stack: Stack, code: SparkCode, use: SparkCodeUse = ENTRY_POINT): string {
  return stack.resolve(code.bind(stack, roleIn(stack), use).uri);
}

describe('code in the image', () => {
  test.each([
    ['/home/hadoop/app/job.py', ENTRY_POINT],
    ['/usr/lib/spark/examples/jars/spark-examples.jar', ENTRY_POINT],
    ['/opt/job', ENTRY_POINT],
    ['local:///opt/common', PYTHON_FILES],
    ['/opt/jars/*', JARS],
    [`/${'x'.repeat(4095)}`, FILES],
    ['/opt/données.zip', ARCHIVES],
  ])('is %s for %s, and nothing is granted', (file, use) => {
    const stack = newStack(ENV);
    const code = SparkCode.fromImage(file);

    expect(code._problems('prop', use)).toEqual([]);
    expect(bind(stack, code, use)).toBe(file);
    expectNoPolicy(stack);
  });

  test.each([
    ['', '""'],
    ['job.py', '"job.py"'],
    ['./job.py', '"./job.py"'],
    ['s3://bucket/job.py', '"s3://bucket/job.py"'],
    ['local://opt/job.py', '"local://opt/job.py"'],
    ['/opt/my job.py', '"/opt/my job.py"'],
    ['/opt/a.jar,/opt/b.jar', '"/opt/a.jar,/opt/b.jar"'],
    ['/opt/a.zip#a', '"/opt/a.zip#a"'],
    ['/opt/\u0000.py', '"/opt/\\u0000.py"'],
    [`/${'x'.repeat(4096)}`, `"/${'x'.repeat(98)}…" (4097 characters)`],
  ])('is not %s', (file, shown) => {
    expect(() => SparkCode.fromImage(file)).toThrow(new Error('`path` must be an absolute path in the image such as /home/hadoop/job.py,'
      + ` or local:// and such a path: at most 4096 characters without blanks, commas or #, got: ${shown}`));
  });

  test('may be known to the deployment only', () => {
    const stack = newStack(ENV);

    expect(bind(stack, SparkCode.fromImage(new CfnParameter(stack, 'Path').valueAsString))).toEqual({ Ref: 'Path' });
  });

  test('is checked at synthesis if it is known then', () => {
    const stack = newStack(ENV);

    bind(stack, SparkCode.fromImage(lazy('job.py')));

    expect(() => Template.fromStack(stack)).toThrow(/`path` must be an absolute path in the image .*, got: "job\.py"/);
  });
});

describe('a caller without a compiler', () => {
  const BUCKET = 'a bucket such as Bucket.fromBucketName(this, \'Bucket\', \'<name>\')';

  test.each<[string, () => unknown, string]>([
    ['fromAsset()', () => SparkCode.fromAsset(untyped(undefined)), '`path` must be given, got: undefined'],
    ['fromAsset(7)', () => SparkCode.fromAsset(untyped(7)), '`path` must be a string, got: 7'],
    ['fromAsset with a list', () => SparkCode.fromAsset('x', untyped([])), '`options` must be an object with keys and values, got: a list'],
    ['fromAsset with null', () => SparkCode.fromAsset('x', untyped(null)), '`options` must be given, got: null'],
    ['fromBucket()', () => untyped(SparkCode).fromBucket(), '`bucket` must be given, got: undefined'],
    ['fromBucket({}, 5)', () => SparkCode.fromBucket(untyped({}), untyped(5)), `\`bucket\` must be ${BUCKET}, got: an object of class Object`],
    ['fromBucket(\'s3://…\')', () => SparkCode.fromBucket(untyped('s3://jobs/job.py'), untyped(undefined)), `\`bucket\` must be ${BUCKET}, got: "s3://jobs/job.py"`],
    ['fromBucket(…, 5)', () => SparkCode.fromBucket(new s3.Bucket(newStack(), 'Bucket'), untyped(5)), '`key` must be a string, got: 5'],
    ['fromImage()', () => SparkCode.fromImage(untyped(undefined)), '`path` must be given, got: undefined'],
    ['fromImage({})', () => SparkCode.fromImage(untyped({})), '`path` must be a string, got: an object of class Object'],
  ])('gets a sentence for %s', (_, call, message) => {
    expect(call).toThrow(new Error(message));
  });

  test.each<[unknown, unknown, string]>([
    [{}, ENTRY_POINT, '`grantee` must be a principal such as a role, got: an object of class Object'],
    [new iam.AccountRootPrincipal(), 'script', '`use` must be one of entryPoint, pythonFiles, jars, files, archives, got: "script"'],
    [new iam.AccountRootPrincipal(), undefined, '`use` must be given, got: undefined'],
  ])('gets a sentence for bind(scope, %p, %p)', (grantee, use, message) => {
    expect(() => SparkCode.fromImage('/job.py').bind(newStack(), untyped(grantee), untyped(use))).toThrow(new Error(`${message} [Stack]`));
  });
});

test('a principal that takes no policy gets no permission, and nothing fails', () => {
  const stack = newStack(ENV);
  const role = iam.Role.fromRoleArn(stack, 'Role', EXECUTION_ROLE_ARN, { mutable: false });

  SparkCode.fromAsset(path.join(folder, 'job.py')).bind(stack, role, ENTRY_POINT);
  SparkCode.fromBucket(new s3.Bucket(stack, 'Bucket', { encryption: s3.BucketEncryption.KMS }), 'job.py').bind(stack, role, ENTRY_POINT);

  expectNoPolicy(stack);
});

test('a class of a user, such as one of another language, has bind() only', () => {
  class Latest extends SparkCode {
    public bind(scope: Construct, grantee: iam.IGrantable): SparkCodeConfig {
      iam.Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns: [Fn.importValue('LatestArn')] });
      return { uri: `s3://${Stack.of(scope).account}/job.py` };
    }
  }
  const stack = newStack(ENV);

  ALL_USES.forEach((use) => expect(new Latest()._problems('prop', use)).toEqual([]));
  expect(bind(stack, new Latest())).toBe(`s3://${ENV.account}/job.py`);
  expect(policyStatements(stack)).toEqual([allow('s3:GetObject', { 'Fn::ImportValue': 'LatestArn' })]);
});
