import { App, Aspects, CfnParameter, CfnResource, Lazy, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { SparkEmrServerlessRuntime, SparkExecutionRole, SparkImage } from '../../src';
import { ENV, newStack } from '../util';

let app: App;
let stack: Stack;
let key: kms.Key;

beforeEach(() => {
  stack = newStack();
  app = stack.node.root as App;
  key = new kms.Key(stack, 'Key');
});

const NO_WAY_BACK = 'what the application refers to must not lead back to it, because CloudFormation cannot create such a cycle, got: ';
const KEY_NAMES_ROLE = `${NO_WAY_BACK}Stack/Spark refers to Stack/Key (AWS::KMS::Key), which refers to Stack/Spark/Jobs (AWS::IAM::Role),`
  + ' which refers to Stack/Spark. Use another key than Stack/Key for the secret, or for what else gives the role access to the key [Stack/Spark]';

describe('an application whose key names its execution role', () => {
  let runtime: SparkEmrServerlessRuntime;
  let role: iam.Role;

  beforeEach(() => {
    runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { managedLogsKey: key });
    role = runtime.createExecutionRole('Jobs');
  });

  test('is refused where the role reads a secret', () => {
    new Secret(stack, 'Secret', { encryptionKey: key }).grantRead(role);

    expect(() => app.synth()).toThrow(KEY_NAMES_ROLE);
  });

  test('is refused in a test of the template too', () => {
    new Secret(stack, 'Secret', { encryptionKey: key }).grantRead(role);

    expect(() => Template.fromStack(stack)).toThrow(KEY_NAMES_ROLE);
  });

  test('is refused where the role reads the credential of a database', () => {
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const database = new rds.DatabaseCluster(stack, 'Database', {
      engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_4 }),
      writer: rds.ClusterInstance.serverlessV2('writer'),
      vpc,
      credentials: rds.Credentials.fromGeneratedSecret('spark', { encryptionKey: key }),
    });
    database.secret!.grantRead(role);

    expect(() => app.synth()).toThrow(KEY_NAMES_ROLE);
  });

  test('is refused where a statement of the policy names the role', () => {
    key.addToResourcePolicy(new iam.PolicyStatement({ principals: [role], actions: ['kms:Decrypt'], resources: ['*'] }));

    expect(() => app.synth()).toThrow(KEY_NAMES_ROLE);
  });

  test('is refused where a condition of the policy names the role', () => {
    key.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.AnyPrincipal()],
      actions: ['kms:Decrypt'],
      resources: ['*'],
      conditions: { ArnEquals: { 'aws:PrincipalArn': Lazy.string({ produce: () => role.roleArn }) } },
    }));

    expect(() => app.synth()).toThrow(KEY_NAMES_ROLE);
  });

  test('is refused at a second synthesis where the first was fine', () => {
    app.synth();
    new Secret(stack, 'Secret', { encryptionKey: key }).grantRead(role);

    expect(() => app.synth({ force: true })).toThrow(KEY_NAMES_ROLE);
  });

  test('is refused where an aspect lets it name the role', () => {
    const secret = new Secret(stack, 'Secret', { encryptionKey: key });
    Aspects.of(secret).add({ visit: (construct) => { if (construct === secret) { secret.grantRead(role); } } });

    expect(() => app.synth()).toThrow(KEY_NAMES_ROLE);
  });

  test('is accepted where the role reads what has another key', () => {
    new Secret(stack, 'Secret', { encryptionKey: new kms.Key(stack, 'Other') }).grantRead(role);
    new sqs.Queue(stack, 'Queue', { encryptionMasterKey: key }).grantConsumeMessages(role);

    expect(() => app.synth()).not.toThrow();
  });

  test('is accepted where the key names a role that does not trust the application', () => {
    const reader = new iam.Role(stack, 'Reader', { assumedBy: new iam.AccountRootPrincipal() });
    new Secret(stack, 'Secret', { encryptionKey: key }).grantRead(reader);

    expect(() => app.synth()).not.toThrow();
  });
});

test('the key is named for a role of one\'s own', () => {
  const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { managedLogsKey: key });
  const role = new iam.Role(stack, 'Own', { assumedBy: runtime.executionPrincipal });

  new Secret(stack, 'Secret', { encryptionKey: key }).grantRead(role);

  expect(() => app.synth()).toThrow('Stack/Key (AWS::KMS::Key), which refers to Stack/Own (AWS::IAM::Role), which refers to Stack/Spark.');
});

test.each<[string, (resource: { key: kms.Key; bucket: s3.Bucket }) => object]>([
  ['s3Logs.encryptionKey', ({ key: encryptionKey, bucket }) => ({ s3Logs: { bucket, encryptionKey } })],
  ['cloudWatchLogs.encryptionKey', ({ key: encryptionKey }) => ({ cloudWatchLogs: { encryptionKey } })],
  ['the key of the bucket', ({ bucket }) => ({ s3Logs: { bucket } })],
])('%s is a reference, too', (_, props) => {
  const bucket = new s3.Bucket(stack, 'Bucket', { encryptionKey: key });
  const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', props({ key, bucket }));

  new Secret(stack, 'Secret', { encryptionKey: key }).grantRead(runtime.createExecutionRole('Jobs'));

  expect(() => app.synth()).toThrow('Use another key than Stack/Key');
});

test('a repository whose policy names the role is refused', () => {
  const repository = new ecr.Repository(stack, 'Images');
  const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { image: SparkImage.fromEcrRepository(repository) });
  repository.addToResourcePolicy(new iam.PolicyStatement({
    principals: [runtime.createExecutionRole('Jobs')], actions: ['ecr:BatchGetImage'],
  }));

  expect(() => app.synth()).toThrow(`${NO_WAY_BACK}Stack/Spark refers to Stack/Images (AWS::ECR::Repository), which refers to Stack/Spark/Jobs`
    + ' (AWS::IAM::Role), which refers to Stack/Spark. Allow the role in its own policy and not in Stack/Images, or do not give Stack/Images to'
    + ' the application [Stack/Spark]');
});

test('a resource that names the application itself is refused', () => {
  const parameter = new CfnResource(stack, 'Parameter', { type: 'AWS::SSM::Parameter' });
  const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { sparkProperties: { 'spark.x': parameter.getAtt('Value').toString() } });
  const other = new CfnResource(stack, 'Other', { type: 'AWS::SSM::Parameter', properties: { Value: runtime.applicationId } });
  parameter.addDependency(other);

  expect(() => app.synth()).toThrow(`${NO_WAY_BACK}Stack/Spark refers to Stack/Parameter (AWS::SSM::Parameter), which refers to Stack/Other`
    + ' (AWS::SSM::Parameter), which refers to Stack/Spark [Stack/Spark]');
});

test('a dependency on a construct is a reference, too', () => {
  const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { managedLogsKey: key });
  key.node.addDependency(runtime.createExecutionRole('Jobs'));

  expect(() => app.synth()).toThrow(KEY_NAMES_ROLE);
});

test('an application that its execution role must wait for is refused', () => {
  const data = new s3.Bucket(stack, 'Data');
  const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');
  data.grantRead(runtime.createExecutionRole('Jobs')).applyBefore(runtime);

  expect(() => app.synth()).toThrow('Stack/Spark/Jobs (AWS::IAM::Role), which refers to Stack/Spark');
});

test('two applications may name each other\'s roles in the policies of keys that lead to no cycle', () => {
  const first = new SparkEmrServerlessRuntime(stack, 'First', { managedLogsKey: key });
  const second = new SparkEmrServerlessRuntime(stack, 'Second');
  new Secret(stack, 'Secret', { encryptionKey: key }).grantRead(second.createExecutionRole('Jobs'));
  first.createExecutionRole('Jobs');

  expect(() => app.synth()).not.toThrow();
});

test('the cycle of an application that another one leads to is seen', () => {
  const second = new kms.Key(stack, 'SecondKey');
  new SparkEmrServerlessRuntime(stack, 'First', { managedLogsKey: key });
  const runtime = new SparkEmrServerlessRuntime(stack, 'Second', { managedLogsKey: second });
  const role = runtime.createExecutionRole('Jobs');
  [key, second].forEach((encryptionKey, i) => new Secret(stack, `Secret${i}`, { encryptionKey }).grantRead(role));

  expect(() => app.synth()).toThrow('Use another key than Stack/SecondKey for the secret, or for what else gives the role access to the key [Stack/Second]');
});

test('a cycle through two applications is seen', () => {
  const second = new kms.Key(stack, 'SecondKey');
  const roles = [key, second].map((managedLogsKey, i) =>
    new SparkEmrServerlessRuntime(stack, `Spark${i}`, { managedLogsKey }).createExecutionRole('Jobs'));
  new Secret(stack, 'Secret0', { encryptionKey: key }).grantRead(roles[1]);
  new Secret(stack, 'Secret1', { encryptionKey: second }).grantRead(roles[0]);

  expect(() => app.synth()).toThrow(`${NO_WAY_BACK}Stack/Spark0 refers to Stack/Key (AWS::KMS::Key), which refers to Stack/Spark1/Jobs (AWS::IAM::Role),`
    + ' which refers to Stack/Spark1 (AWS::EMRServerless::Application), which refers to Stack/SecondKey (AWS::KMS::Key), which refers to'
    + ' Stack/Spark0/Jobs (AWS::IAM::Role), which refers to Stack/Spark0. Use another key than Stack/SecondKey');
});

describe('in two stacks, before CDK reports a cycle of stacks,', () => {
  let jobs: Stack;

  beforeEach(() => {
    jobs = new Stack(app, 'Jobs');
  });

  test('a key that names the role is refused', () => {
    const runtime = new SparkEmrServerlessRuntime(jobs, 'Spark', { managedLogsKey: key });
    new Secret(stack, 'Secret', { encryptionKey: key }).grantRead(runtime.createExecutionRole('Role'));

    expect(() => app.synth()).toThrow(`${NO_WAY_BACK}Jobs/Spark refers to Stack/Key (AWS::KMS::Key), which refers to Jobs/Spark/Role (AWS::IAM::Role),`
      + ' which refers to Jobs/Spark.');
  });

  test('a bucket whose policy names the role is refused', () => {
    const bucket = new s3.Bucket(stack, 'Bucket');
    const runtime = new SparkEmrServerlessRuntime(jobs, 'Spark', { s3Logs: { bucket } });
    bucket.addToResourcePolicy(new iam.PolicyStatement({
      principals: [runtime.createExecutionRole('Role')], actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')],
    }));

    expect(() => app.synth()).toThrow(`${NO_WAY_BACK}Jobs/Spark refers to Stack/Bucket/Policy (AWS::S3::BucketPolicy), which refers to`
      + ' Jobs/Spark/Role (AWS::IAM::Role), which refers to Jobs/Spark. Allow the role in its own policy and not in Stack/Bucket/Policy');
  });

  test('a log group whose policy names the role is refused', () => {
    const logGroup = new logs.LogGroup(stack, 'Logs');
    const runtime = new SparkEmrServerlessRuntime(jobs, 'Spark', { cloudWatchLogs: { logGroup } });
    logGroup.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ArnPrincipal(runtime.createExecutionRole('Role').roleArn)], actions: ['logs:PutLogEvents'], resources: [logGroup.logGroupArn],
    }));

    expect(() => app.synth()).toThrow('Jobs/Spark/Role (AWS::IAM::Role), which refers to Jobs/Spark.');
  });

  test('a bucket whose policy names the role is fine where both are in one stack', () => {
    const bucket = new s3.Bucket(jobs, 'Bucket');
    const runtime = new SparkEmrServerlessRuntime(jobs, 'Spark', { s3Logs: { bucket } });
    bucket.addToResourcePolicy(new iam.PolicyStatement({
      principals: [runtime.createExecutionRole('Role')], actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')],
    }));

    expect(() => app.synth()).not.toThrow();
  });

  test('a key that nothing leads back from is accepted', () => {
    const runtime = new SparkEmrServerlessRuntime(jobs, 'Spark', { managedLogsKey: key });
    key.grantDecrypt(runtime.createExecutionRole('Role'));

    expect(() => app.synth()).not.toThrow();
  });

  test('an application in a nested stack is refused', () => {
    const runtime = new SparkEmrServerlessRuntime(new NestedStack(stack, 'Nested'), 'Spark', { managedLogsKey: key });
    new Secret(stack, 'Secret', { encryptionKey: key }).grantRead(runtime.createExecutionRole('Role'));

    expect(() => app.synth()).toThrow('Stack/Nested/Spark refers to Stack/Key (AWS::KMS::Key), which refers to Stack/Nested/Spark/Role (AWS::IAM::Role)');
  });
});

test('a key beside a stack with a role of the application is accepted', () => {
  const platform = new Construct(new Stack(app, 'Data', { env: ENV }), 'Platform');
  const managedLogsKey = new kms.CfnKey(platform, 'Key', { keyPolicy: {} });
  const runtime = new SparkEmrServerlessRuntime(new Stack(app, 'Jobs', { env: ENV }), 'Spark', { managedLogsKey });
  new SparkExecutionRole(new Stack(platform, 'Roles', { env: ENV }), 'Role', { runtimes: [runtime] });

  expect(() => app.synth()).not.toThrow();
});

test('an application in a stage is refused', () => {
  const stage = new Stage(app, 'Stage');
  const encryptionKey = new kms.Key(new Stack(stage, 'Keys'), 'Key');
  const runtime = new SparkEmrServerlessRuntime(new Stack(stage, 'Jobs'), 'Spark', { managedLogsKey: encryptionKey });
  new Secret(encryptionKey.stack, 'Secret', { encryptionKey }).grantRead(runtime.createExecutionRole('Role'));

  expect(() => app.synth()).toThrow('Stage/Jobs/Spark refers to Stage/Keys/Key (AWS::KMS::Key), which refers to Stage/Jobs/Spark/Role (AWS::IAM::Role)');
});

test('an application in a stage is accepted where nothing leads back to it', () => {
  const stage = new Stage(app, 'Stage');
  const encryptionKey = new kms.Key(new Stack(stage, 'Keys'), 'Key');
  new SparkEmrServerlessRuntime(new Stack(stage, 'Jobs'), 'Spark', { managedLogsKey: encryptionKey }).createExecutionRole('Role');

  expect(() => app.synth()).not.toThrow();
});

test('a property that cannot be resolved is left to CDK', () => {
  const parameter = new CfnParameter(stack, 'Parameter');
  new SparkEmrServerlessRuntime(stack, 'Spark', { managedLogsKey: key, sparkProperties: { 'spark.x': parameter.valueAsString } });
  (key.node.defaultChild as kms.CfnKey).description = Lazy.string({ produce: () => { throw new Error('not yet'); } });

  expect(() => app.synth()).toThrow('not yet');
});

test('a resource is resolved once, however many applications lead to it', () => {
  const resolved = jest.fn(() => 'shared');
  (key.node.defaultChild as kms.CfnKey).description = Lazy.uncachedString({ produce: resolved });
  const countOf = (applications: number) => {
    for (let i = 0; i < applications; i++) { new SparkEmrServerlessRuntime(stack, `Spark${applications}${i}`, { managedLogsKey: key }); }
    resolved.mockClear();
    app.synth({ force: true });
    return resolved.mock.calls.length;
  };

  expect(countOf(1)).toBe(countOf(20));
});
