import { App, Aws, CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { LoggingOptions, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeAttributes, SparkEmrServerlessRuntimeGrants } from '../../src';
import {
  ACCOUNT, allow, APPLICATION_ARN, ENV, EXECUTION_ROLE_ARN, expectNoLiteralPartition, importIn, KEY_ARN, lazy, newStack, onlyResource,
  OTHER_ACCOUNT, OTHER_PARTITIONS, partitioned, policyStatements, submitterIn, USE_KEY, WORKSPACE_ARN,
} from '../util';

function resources(stack: Stack) {
  return Template.fromStack(stack).toJSON().Resources;
}

describe('by the ARN', () => {
  test('knows the ARN and the id', () => {
    const runtime = SparkEmrServerlessRuntime.fromApplicationArn(newStack(ENV), 'Spark', APPLICATION_ARN);

    expect([runtime.applicationArn, runtime.applicationId]).toEqual([APPLICATION_ARN, '00abc123']);
  });

  test('is a reference to an application', () => {
    const runtime = SparkEmrServerlessRuntime.fromApplicationArn(newStack(ENV), 'Spark', APPLICATION_ARN);

    expect(runtime.applicationRef).toEqual({ applicationArn: APPLICATION_ARN, applicationId: '00abc123' });
  });

  test('creates nothing', () => {
    const stack = newStack(ENV);

    SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Spark', APPLICATION_ARN);

    expect(resources(stack)).toBeUndefined();
  });

  test('takes the account and Region of the ARN', () => {
    const stack = newStack(ENV);

    const runtime = SparkEmrServerlessRuntime.fromApplicationArn(
      stack, 'Spark', `arn:aws:emr-serverless:us-east-1:${OTHER_ACCOUNT}:/applications/00abc123`,
    );

    expect(runtime.env).toEqual({ account: OTHER_ACCOUNT, region: 'us-east-1' });
  });

  test('takes the account and Region out of an ARN that is a token', () => {
    const stack = newStack(ENV);

    const { env } = SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Spark', new CfnParameter(stack, 'Arn').valueAsString);

    expect(stack.resolve(env)).toEqual({
      account: { 'Fn::Select': [4, { 'Fn::Split': [':', { Ref: 'Arn' }] }] },
      region: { 'Fn::Select': [3, { 'Fn::Split': [':', { Ref: 'Arn' }] }] },
    });
  });

  test('takes the id out of an ARN that is a token', () => {
    const stack = newStack(ENV);

    const runtime = SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Spark', new CfnParameter(stack, 'Arn').valueAsString);

    expect(stack.resolve([runtime.applicationArn, runtime.applicationId])).toEqual([
      { Ref: 'Arn' },
      { 'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::Select': [5, { 'Fn::Split': [':', { Ref: 'Arn' }] }] }] }] },
    ]);
  });

  test('takes the id out of an ARN that holds tokens', () => {
    const stack = newStack();

    const runtime = SparkEmrServerlessRuntime.fromApplicationArn(
      stack, 'Spark', `arn:${Aws.PARTITION}:emr-serverless:${Aws.REGION}:${Aws.ACCOUNT_ID}:/applications/00abc123`,
    );

    expect(runtime.applicationId).toBe('00abc123');
    expect(stack.resolve(runtime.env)).toEqual({ account: { Ref: 'AWS::AccountId' }, region: { Ref: 'AWS::Region' } });
  });

  test('takes an id that is a token out of an ARN', () => {
    const stack = newStack(ENV);
    const id = new CfnParameter(stack, 'Id').valueAsString;

    const runtime = SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Spark', `arn:aws:emr-serverless:eu-west-1:${ACCOUNT}:/applications/${id}`);

    expect(stack.resolve(runtime.applicationId)).toEqual({ Ref: 'Id' });
  });

  test('takes a lazy ARN', () => {
    const stack = newStack(ENV);

    const runtime = SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Spark', lazy(APPLICATION_ARN));

    expect(stack.resolve(runtime.applicationArn)).toBe(APPLICATION_ARN);
  });

  test('takes an ARN of which a token hides parts', () => {
    const stack = newStack(ENV);
    const hidden = lazy(APPLICATION_ARN.replace('arn:', ''));

    const runtime = SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Spark', `arn:${hidden}`);

    expect(stack.resolve(runtime.applicationArn)).toBe(APPLICATION_ARN);
    expect(stack.resolve(runtime.applicationId)).toEqual(
      { 'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::Select': [5, { 'Fn::Split': [':', APPLICATION_ARN] }] }] }] });
  });

  test('takes the ARN of an application of another stack', () => {
    const app = new App();
    const applications = new Stack(app, 'Applications', { env: ENV });
    const users = new Stack(app, 'Users', { env: ENV });
    const { applicationArn } = new SparkEmrServerlessRuntime(applications, 'Spark');

    SparkEmrServerlessRuntime.fromApplicationArn(users, 'Spark', applicationArn).grants.manageApplication(submitterIn(users));

    expect(policyStatements(users)[0].Resource).toEqual({ 'Fn::ImportValue': expect.stringContaining('Applications:ExportsOutputFnGetAttSpark') });
  });

  test.each([
    `arn:aws:emr-serverless:eu-west-1:${ACCOUNT}:/applications/0`,
    `arn:aws:emr-serverless:eu-west-1:${ACCOUNT}:/applications/${'a'.repeat(64)}`,
    `arn:aws-cn:emr-serverless:cn-north-1:${ACCOUNT}:/applications/00ABC123`,
    `arn:aws-us-gov:emr-serverless:us-gov-west-1:${ACCOUNT}:/applications/00abc123`,
    `arn:aws-iso-b:emr-serverless:us-isob-east-1:${ACCOUNT}:/applications/00abc123`,
  ])('takes %s', (arn) => {
    expect(SparkEmrServerlessRuntime.fromApplicationArn(newStack(ENV), 'Spark', arn).applicationArn).toBe(arn);
  });

  test.each([
    ['an empty string', ''],
    ['an id', '00abc123'],
    ['three parts of an ARN', 'arn:aws:emr-serverless'],
    ['another service', `arn:aws:emr-containers:eu-west-1:${ACCOUNT}:/applications/00abc123`],
    ['a role', EXECUTION_ROLE_ARN],
    ['a job run', `${APPLICATION_ARN}/jobruns/00def456`],
    ['a session', `${APPLICATION_ARN}/sessions/00def456`],
    ['no id', `arn:aws:emr-serverless:eu-west-1:${ACCOUNT}:/applications/`],
    ['an id of 65 characters', `arn:aws:emr-serverless:eu-west-1:${ACCOUNT}:/applications/${'a'.repeat(65)}`],
    ['an id with a hyphen', `arn:aws:emr-serverless:eu-west-1:${ACCOUNT}:/applications/00-abc`],
    ['no slash before applications', `arn:aws:emr-serverless:eu-west-1:${ACCOUNT}:applications/00abc123`],
    ['another resource', `arn:aws:emr-serverless:eu-west-1:${ACCOUNT}:/jobs/00abc123`],
    ['no Region', `arn:aws:emr-serverless::${ACCOUNT}:/applications/00abc123`],
    ['no account', 'arn:aws:emr-serverless:eu-west-1::/applications/00abc123'],
    ['an account of 11 digits', 'arn:aws:emr-serverless:eu-west-1:11111111111:/applications/00abc123'],
    ['an account of 13 digits', 'arn:aws:emr-serverless:eu-west-1:1111111111111:/applications/00abc123'],
    ['an unknown partition', `arn:azure:emr-serverless:eu-west-1:${ACCOUNT}:/applications/00abc123`],
    ['a wildcard for the id', `arn:aws:emr-serverless:eu-west-1:${ACCOUNT}:/applications/*`],
    ['a question mark in the id', `arn:aws:emr-serverless:eu-west-1:${ACCOUNT}:/applications/00abc12?`],
    ['a wildcard for the Region', `arn:aws:emr-serverless:*:${ACCOUNT}:/applications/00abc123`],
    ['a wildcard for the account', 'arn:aws:emr-serverless:eu-west-1:*:/applications/00abc123'],
    ['something before the service', `arn:aws:xemr-serverless:eu-west-1:${ACCOUNT}:/applications/00abc123`],
    ['something behind the service', `arn:aws:emr-serverless2:eu-west-1:${ACCOUNT}:/applications/00abc123`],
    ['a Region that starts with a capital', `arn:aws:emr-serverless:Eu-west-1:${ACCOUNT}:/applications/00abc123`],
    ['a Region that ends with a capital', `arn:aws:emr-serverless:eu-west-1A:${ACCOUNT}:/applications/00abc123`],
    ['something before the resource', `arn:aws:emr-serverless:eu-west-1:${ACCOUNT}:x/applications/00abc123`],
  ])('is refused with %s', (_, arn) => {
    const stack = newStack(ENV);

    expect(() => SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Spark', arn)).toThrow(
      '`applicationArn` must be the ARN of one EMR Serverless application'
      + ` (arn:<partition>:emr-serverless:<region>:<account>:/applications/<id>, no wildcard or variable), got: "${arn.slice(0, 90)}`,
    );
  });

  test.each<[string, (token: string) => string]>([
    ['a wildcard after a token', (token) => `arn:aws:emr-serverless:eu-west-1:${ACCOUNT}:/applications/${token}*`],
    ['a wildcard beside a token', (token) => `arn:aws:emr-serverless:*:${token}:/applications/00abc123`],
    ['another service beside a token', (token) => `arn:aws:emr-containers:eu-west-1:${token}:/applications/00abc123`],
    ['a NUL', () => `arn:aws:emr-serverless:eu-west-1:${ACCOUNT}:/applications/00abc\0`],
    ['a NUL beside a token', (token) => `arn:aws:emr-serverless:eu-west-1:${token}:/applications/00abc\0`],
    ['a malformed id beside a token', (token) => `arn:aws:emr-serverless:eu-west-1:${token}:/applications/00-abc`],
  ])('is refused with %s', (_, arn) => {
    const stack = newStack(ENV);
    const token = new CfnParameter(stack, 'Token').valueAsString;

    expect(() => SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Spark', arn(token)))
      .toThrow('`applicationArn` must be the ARN of one EMR Serverless application');
  });

  test('is in the message when it is refused, with the path', () => {
    const stack = newStack(ENV);

    expect(() => SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Spark', '00abc123')).toThrow('got: "00abc123" [Stack/Spark]');
  });

  test('leaves nothing in the tree when it is refused', () => {
    const stack = newStack(ENV);

    expect(() => SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Spark', '')).toThrow();

    expect(stack.node.tryFindChild('Spark')).toBeUndefined();
  });
});

describe('by the id', () => {
  test('makes the ARN of the account and Region of the stack', () => {
    const stack = newStack(ENV);

    const runtime = importIn(stack, { applicationId: '00abc123' });

    expect(runtime.applicationId).toBe('00abc123');
    expect(stack.resolve(runtime.applicationArn)).toEqual(
      partitioned(`emr-serverless:eu-west-1:${ACCOUNT}:/applications/00abc123`),
    );
  });

  test('makes the ARN with pseudo parameters where the stack knows no account and Region', () => {
    const stack = newStack();

    const runtime = importIn(stack, { applicationId: '00abc123' });

    expect(stack.resolve(runtime.applicationArn)).toEqual({
      'Fn::Join': ['', [
        'arn:', { Ref: 'AWS::Partition' }, ':emr-serverless:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':/applications/00abc123',
      ]],
    });
  });

  test('takes a token', () => {
    const stack = newStack(ENV);

    const runtime = importIn(stack, { applicationId: new CfnParameter(stack, 'Id').valueAsString });

    expect(stack.resolve(runtime.applicationRef)).toEqual({
      applicationArn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:emr-serverless:eu-west-1:${ACCOUNT}:/applications/`, { Ref: 'Id' }]] },
      applicationId: { Ref: 'Id' },
    });
  });

  test('is of the account and Region of the stack', () => {
    expect(importIn(newStack(ENV), { applicationId: '00abc123' }).env).toEqual(ENV);
  });

  test.each(['0', 'a'.repeat(64), '00ABC123'])('takes %s', (applicationId) => {
    expect(importIn(newStack(ENV), { applicationId }).applicationId).toBe(applicationId);
  });

  test.each(['', 'a'.repeat(65), '00-abc', '*', '00abc?', APPLICATION_ARN])('is refused with %j', (applicationId) => {
    const stack = newStack(ENV);

    expect(() => importIn(stack, { applicationId })).toThrow(
      `\`applicationId\` must be 1 to 64 letters and digits, got: ${JSON.stringify(applicationId)} [Stack/Spark]`,
    );
  });
});

describe('the attributes', () => {
  test('with neither ARN nor id are refused', () => {
    const stack = newStack(ENV);

    expect(() => importIn(stack, {})).toThrow('exactly one of `applicationArn` and `applicationId` must be given, got: none [Stack/Spark]');
  });

  test('with both ARN and id are refused', () => {
    const stack = newStack(ENV);

    expect(() => importIn(stack, { applicationArn: APPLICATION_ARN, applicationId: '00abc123' }))
      .toThrow('exactly one of `applicationArn` and `applicationId` must be given, got: both [Stack/Spark]');
  });

  test.each(['a', 'a'.repeat(64), 'Team_1/spark.jobs#2-b'])('take the name %s', (name) => {
    expect(() => importIn(newStack(ENV), { applicationArn: APPLICATION_ARN, applicationName: name })).not.toThrow();
  });

  test.each(['', 'a'.repeat(65), 'my spark'])('refuse the name %j', (name) => {
    const stack = newStack(ENV);

    expect(() => importIn(stack, { applicationArn: APPLICATION_ARN, applicationName: name })).toThrow(
      `\`applicationName\` must be 1 to 64 characters of A-Z a-z 0-9 . _ / # -, got: ${JSON.stringify(name)}`,
    );
  });

  test('take a name that is a token', () => {
    const stack = newStack(ENV);
    const name = new CfnParameter(stack, 'Name').valueAsString;

    expect(() => importIn(stack, { applicationArn: APPLICATION_ARN, applicationName: name })).not.toThrow();
  });

  test('refuse logging that an application could not have', () => {
    const stack = newStack(ENV);
    const bucket = s3.Bucket.fromBucketName(stack, 'Logs', 'log-bucket');

    expect(() => importIn(stack, { applicationArn: APPLICATION_ARN, s3Logs: { bucket, prefix: '/spark' } })).toThrow('`s3Logs.prefix`');
  });

  test('with several problems are refused with all of them', () => {
    const stack = newStack(ENV);

    expect(() => importIn(stack, { applicationArn: 'spark', applicationId: '*', applicationName: '' })).toThrow(
      /^4 problems in \[Stack\/Spark\]:\n {2}- exactly one of .*\n {2}- `applicationArn` .*\n {2}- `applicationId` .*\n {2}- `applicationName` .*$/,
    );
  });
});

describe('connections', () => {
  test('are those of the security groups', () => {
    const stack = newStack(ENV);
    const securityGroups = ['sg-1', 'sg-2'].map((id) => ec2.SecurityGroup.fromSecurityGroupId(stack, id, id));

    const runtime = importIn(stack, { applicationArn: APPLICATION_ARN, securityGroups });

    expect(runtime.connections.securityGroups.map(({ securityGroupId }) => securityGroupId)).toEqual(['sg-1', 'sg-2']);
  });

  test('let the jobs reach others', () => {
    const stack = newStack(ENV);
    const runtime = importIn(stack, {
      applicationArn: APPLICATION_ARN,
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Spark SG', 'sg-spark')],
    });
    const database = ec2.SecurityGroup.fromSecurityGroupId(stack, 'Database', 'sg-database');

    runtime.connections.allowTo(database, ec2.Port.tcp(5432));

    expect(onlyResource(stack, 'AWS::EC2::SecurityGroupIngress')).toMatchObject({
      GroupId: 'sg-database', SourceSecurityGroupId: 'sg-spark', IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432,
    });
  });

  test('keep a security group that is added', () => {
    const stack = newStack(ENV);
    const imported = ec2.SecurityGroup.fromSecurityGroupId(stack, 'One', 'sg-1');
    const added = ec2.SecurityGroup.fromSecurityGroupId(stack, 'Other', 'sg-2');
    const runtime = importIn(stack, { applicationArn: APPLICATION_ARN, securityGroups: [imported] });

    runtime.connections.addSecurityGroup(added);

    expect(runtime.connections.securityGroups.map(({ securityGroupId }) => securityGroupId)).toEqual(['sg-1', 'sg-2']);
  });

  test('without security groups name the prop that is missing', () => {
    const runtime = importIn(newStack(ENV), { applicationArn: APPLICATION_ARN });

    expect(() => runtime.connections).toThrow('`connections` needs security groups: import the application with `securityGroups` [Stack/Spark]');
  });
});

describe('logging', () => {
  const LOG_GROUP = partitioned(`logs:eu-west-1:${ACCOUNT}:log-group:/spark:*`);
  const MAY_USE_KEY = allow(USE_KEY, KEY_ARN);

  function loggingIn(stack: Stack): Required<Pick<LoggingOptions, 'managedLogsKey' | 's3Logs' | 'cloudWatchLogs' | 'prometheusWorkspaceArn'>> {
    return {
      managedLogsKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN),
      s3Logs: { bucket: s3.Bucket.fromBucketName(stack, 'Bucket', 'log-bucket'), prefix: 'spark' },
      cloudWatchLogs: { logGroup: logs.LogGroup.fromLogGroupName(stack, 'LogGroup', '/spark') },
      prometheusWorkspaceArn: WORKSPACE_ARN,
    };
  }

  test('lets an execution role write where the application logs to', () => {
    const stack = newStack(ENV);

    importIn(stack, { applicationArn: APPLICATION_ARN, ...loggingIn(stack) }).createExecutionRole('ExecutionRole');

    expect(policyStatements(stack)).toEqual([
      allow('s3:PutObject', partitioned('s3:::log-bucket/spark/applications/00abc123/*')),
      allow('logs:DescribeLogGroups', partitioned(`logs:eu-west-1:${ACCOUNT}:*`)),
      allow(['logs:CreateLogGroup', 'logs:DescribeLogStreams'], LOG_GROUP),
      allow(
        ['logs:CreateLogStream', 'logs:PutLogEvents'],
        partitioned(`logs:eu-west-1:${ACCOUNT}:log-group:/spark:log-stream:*applications/00abc123/*`),
      ),
      MAY_USE_KEY,
      allow('aps:RemoteWrite', WORKSPACE_ARN),
    ]);
  });

  test('lets a submitter use the keys', () => {
    const stack = newStack(ENV);

    importIn(stack, { applicationArn: APPLICATION_ARN, ...loggingIn(stack) })
      .grantStartJobExecution(submitterIn(stack), EXECUTION_ROLE_ARN);

    expect(policyStatements(stack).filter(({ Action }) => !JSON.stringify(Action).includes('emr-serverless:'))).toEqual([
      expect.objectContaining({ Action: 'iam:PassRole' }),
      MAY_USE_KEY,
    ]);
  });

  test('counts for grants that are made from the import', () => {
    const stack = newStack(ENV);
    const runtime = importIn(stack, { applicationArn: APPLICATION_ARN, ...loggingIn(stack) });

    SparkEmrServerlessRuntimeGrants.fromApplication(runtime).viewSparkUi(submitterIn(stack));

    expect(policyStatements(stack)).toContainEqual(MAY_USE_KEY);
  });

  test('is in the Region and account of the application', () => {
    const stack = newStack(ENV);
    const applicationArn = `arn:aws:emr-serverless:us-east-1:${OTHER_ACCOUNT}:/applications/00abc123`;

    importIn(stack, { applicationArn, cloudWatchLogs: {} }).grants.writeLogs(new iam.ManagedPolicy(stack, 'Logging'));

    expect(onlyResource(stack, 'AWS::IAM::ManagedPolicy').PolicyDocument.Statement.map(({ Resource }: any) => Resource)).toEqual([
      partitioned(`logs:us-east-1:${OTHER_ACCOUNT}:*`),
      partitioned(`logs:us-east-1:${OTHER_ACCOUNT}:log-group:/aws/emr-serverless:*`),
      partitioned(`logs:us-east-1:${OTHER_ACCOUNT}:log-group:/aws/emr-serverless:log-stream:*applications/00abc123/*`),
    ]);
  });

  test('that is not told gives an execution role nothing', () => {
    const stack = newStack(ENV);

    importIn(stack, { applicationArn: APPLICATION_ARN }).createExecutionRole('ExecutionRole');

    expect(policyStatements(stack)).toEqual([]);
  });
});

describe('several stacks', () => {
  test('an import is granted to a role of another stack', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: ENV });
    const users = new Stack(app, 'Users', { env: ENV });

    importIn(stack, { applicationArn: APPLICATION_ARN }).grants.cancelJobRuns(submitterIn(users));

    expect(resources(stack)).toBeUndefined();
    expect(policyStatements(users)).toEqual([
      allow('emr-serverless:CancelJobRun', `${APPLICATION_ARN}/jobruns/*`),
    ]);
  });

  test('an application of another Region is granted by its ARN', () => {
    const stack = newStack(ENV);
    const applicationArn = `arn:aws:emr-serverless:us-east-1:${ACCOUNT}:/applications/00abc123`;

    importIn(stack, { applicationArn }).grants.cancelJobRuns(submitterIn(stack));

    expect(policyStatements(stack)[0].Resource).toBe(`${applicationArn}/jobruns/*`);
  });
});

describe.each(OTHER_PARTITIONS)('in %s', (region, partition) => {
  test.each<[string, SparkEmrServerlessRuntimeAttributes]>([
    ['by the ARN', { applicationArn: `arn:${partition}:emr-serverless:${region}:${ACCOUNT}:/applications/00abc123` }],
    ['by the id', { applicationId: '00abc123' }],
  ])('an import %s names no other partition', (_, attrs) => {
    const stack = newStack({ account: ACCOUNT, region });
    const runtime = importIn(stack, {
      ...attrs,
      managedLogsKey: kms.Key.fromKeyArn(stack, 'Key', `arn:${partition}:kms:${region}:${ACCOUNT}:key/managed-key`),
      s3Logs: { bucket: s3.Bucket.fromBucketName(stack, 'Bucket', 'log-bucket') },
      cloudWatchLogs: {},
      prometheusWorkspaceArn: `arn:${partition}:aps:${region}:${ACCOUNT}:workspace/ws-1`,
    });

    const executionRole = runtime.createExecutionRole('ExecutionRole');
    runtime.grantStartJobExecution(submitterIn(stack), executionRole.roleArn);

    expectNoLiteralPartition(stack);
  });
});

test('the ARN of the Identity Center instance is checked', () => {
  expect(() => importIn(newStack(ENV), { applicationArn: APPLICATION_ARN, identityCenterInstanceArn: 'nonsense' }))
    .toThrow('`identityCenterInstanceArn` must be the ARN of an instance of IAM Identity Center');
});

test('a key of another Region is not refused, it is where the application is that counts', () => {
  const managedLogsKey = kms.Key.fromKeyArn(newStack({ account: ACCOUNT, region: 'us-east-1' }), 'Key', KEY_ARN);

  expect(() => importIn(newStack({ account: ACCOUNT, region: 'us-east-1' }), { applicationArn: APPLICATION_ARN, managedLogsKey })).not.toThrow();
});
