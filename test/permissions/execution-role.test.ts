import { basename } from 'path';
import { App, CfnParameter, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ISparkEmrServerlessRuntime, SparkEmrServerlessRuntime, SparkImage } from '../../src';
import { ACCOUNT, allow, APPLICATION_ARN, ENV, importIn, lazy, newStack, onlyResource, OTHER_ACCOUNT, policyStatements } from '../util';
import { executionPolicy, minimizingStack, READ, readStatement, role, trust } from './role-documents';

const LIST = allow('s3:ListBucket', 'arn:aws:s3:::data');

function listStatement() {
  return new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::data'] });
}

function inlinePolicies(stack: Stack) {
  return Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role')).map(({ Properties }) => Properties.Policies);
}

describe('the role', () => {
  test('is a child of the construct of the application', () => {
    const stack = newStack(ENV);

    const executionRole = new SparkEmrServerlessRuntime(stack, 'Spark').createExecutionRole('ExecutionRole');

    expect(executionRole.node.path).toBe('Stack/Spark/ExecutionRole');
  });

  test('can be granted data', () => {
    const stack = newStack(ENV);
    const executionRole = importIn(stack).createExecutionRole('ExecutionRole');

    s3.Bucket.fromBucketName(stack, 'Data', 'data').grantPut(executionRole);

    expect(onlyResource(stack, 'AWS::IAM::Policy').Roles).toEqual([stack.resolve(executionRole.roleName)]);
  });

  test('can be one of several', () => {
    const stack = newStack(ENV);
    const runtime = importIn(stack);

    runtime.createExecutionRole('One', new iam.PolicyDocument({ statements: [readStatement()] }));
    runtime.createExecutionRole('Other', new iam.PolicyDocument({ statements: [listStatement()] }));

    expect(inlinePolicies(stack)).toEqual([executionPolicy(READ), executionPolicy(LIST)]);
  });

  test('with an id that is taken is refused', () => {
    const runtime = importIn(newStack(ENV));
    runtime.createExecutionRole('ExecutionRole');

    expect(() => runtime.createExecutionRole('ExecutionRole')).toThrow("already a Construct with name 'ExecutionRole'");
  });
});

describe('the inline policy', () => {
  test('is the document', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', new iam.PolicyDocument({ statements: [readStatement(), listStatement()] }));

    expect(role(stack).Policies).toEqual(executionPolicy(READ, LIST));
  });

  test('keeps all elements of a statement', () => {
    const stack = newStack(ENV);
    const statement = {
      Sid: 'AllButDeletes',
      Effect: 'Deny',
      NotAction: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
      NotResource: ['arn:aws:s3:::data/*', 'arn:aws:s3:::more/*'],
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'data' } },
    };

    importIn(stack).createExecutionRole('ExecutionRole', iam.PolicyDocument.fromJson({ Version: '2012-10-17', Statement: [statement] }));

    expect(role(stack).Policies).toEqual(executionPolicy(statement));
  });

  test('takes tokens', () => {
    const stack = newStack(ENV);
    const bucketArn = new CfnParameter(stack, 'BucketArn').valueAsString;

    importIn(stack).createExecutionRole('ExecutionRole', new iam.PolicyDocument({
      statements: [new iam.PolicyStatement({
        actions: ['s3:GetObject'],
        resources: [`${bucketArn}/*`, lazy('arn:aws:s3:::lazy/*')],
        conditions: { StringEquals: Lazy.any({ produce: () => ({ 'aws:PrincipalTag/team': 'data' }) }) },
      })],
    }));

    expect(role(stack).Policies).toEqual(executionPolicy({
      Action: 's3:GetObject',
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'data' } },
      Effect: 'Allow',
      Resource: [{ 'Fn::Join': ['', [{ Ref: 'BucketArn' }, '/*']] }, 'arn:aws:s3:::lazy/*'],
    }));
  });

  test('takes a list of resources that is a token', () => {
    const stack = newStack(ENV);

    const resources = new CfnParameter(stack, 'Arns', { type: 'CommaDelimitedList' }).valueAsList;

    importIn(stack).createExecutionRole('ExecutionRole', new iam.PolicyDocument({
      statements: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources })],
    }));

    expect(role(stack).Policies).toEqual(executionPolicy({ Action: 's3:GetObject', Effect: 'Allow', Resource: { Ref: 'Arns' } }));
  });

  test('reaches a bucket of another stack', () => {
    const app = new App();
    const data = new Stack(app, 'Data', { env: ENV });
    const stack = new Stack(app, 'Stack', { env: ENV });
    const bucket = new s3.Bucket(data, 'Bucket');

    new SparkEmrServerlessRuntime(stack, 'Spark').createExecutionRole('ExecutionRole', new iam.PolicyDocument({
      statements: [new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] })],
    }));

    expect(role(stack).Policies).toEqual(executionPolicy({
      Action: 's3:ListBucket', Effect: 'Allow', Resource: { 'Fn::ImportValue': expect.stringContaining('Data:ExportsOutputFnGetAttBucket') },
    }));
  });

  test('is left out without a document', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole');

    expect(inlinePolicies(stack)).toEqual([undefined]);
  });

  test('is left out while the document is empty', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', new iam.PolicyDocument());

    expect(inlinePolicies(stack)).toEqual([undefined]);
  });

  test('holds statements that are added to an empty document later', () => {
    const stack = newStack(ENV);
    const document = new iam.PolicyDocument();
    importIn(stack).createExecutionRole('ExecutionRole', document);

    document.addStatements(readStatement());

    expect(role(stack).Policies).toEqual(executionPolicy(READ));
  });

  test('holds statements that are added to the document later', () => {
    const stack = newStack(ENV);
    const document = new iam.PolicyDocument({ statements: [readStatement()] });
    importIn(stack).createExecutionRole('ExecutionRole', document);

    document.addStatements(listStatement());

    expect(role(stack).Policies).toEqual(executionPolicy(READ, LIST));
  });

  test('holds what is added to a statement later', () => {
    const stack = newStack(ENV);
    const statement = readStatement();
    importIn(stack).createExecutionRole('ExecutionRole', new iam.PolicyDocument({ statements: [statement] }));

    statement.addResources('arn:aws:s3:::more/*');

    expect(role(stack).Policies).toEqual(executionPolicy({ ...READ, Resource: ['arn:aws:s3:::data/*', 'arn:aws:s3:::more/*'] }));
  });

  test('holds the same statement once', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', new iam.PolicyDocument({ statements: [readStatement(), readStatement()] }));

    expect(role(stack).Policies).toEqual(executionPolicy(READ));
  });

  test('is minimized where the feature flag says so', () => {
    const stack = minimizingStack();
    const more = new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: ['arn:aws:s3:::data/*'] });

    importIn(stack).createExecutionRole('ExecutionRole', new iam.PolicyDocument({ statements: [readStatement(), more] }));

    expect(role(stack).Policies).toEqual(executionPolicy({ ...READ, Action: ['s3:GetObject', 's3:PutObject'] }));
  });

  // the settings of a document cannot be read from it
  test('takes merging and statement ids from the app, not from the document', () => {
    const stack = newStack(ENV);
    const more = new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: ['arn:aws:s3:::data/*'] });
    const document = new iam.PolicyDocument({ statements: [readStatement(), more], minimize: true, assignSids: true });

    importIn(stack).createExecutionRole('ExecutionRole', document);

    expect(role(stack).Policies).toEqual(executionPolicy(READ, { ...READ, Action: 's3:PutObject' }));
  });

  test.each([
    ['as it is', () => newStack(ENV)],
    ['where policies are minimized', minimizingStack],
  ])('leaves the document of the caller %s', (_, makeStack) => {
    const stack = makeStack();
    const statement = readStatement();
    const document = new iam.PolicyDocument({ statements: [statement, readStatement(), listStatement()] });
    importIn(stack).createExecutionRole('ExecutionRole', document);

    Template.fromStack(stack);

    expect(document.toJSON()).toEqual({ Statement: [READ, READ, LIST], Version: '2012-10-17' });
    expect(statement.frozen).toBe(false);
  });

  test.each([
    ['', () => newStack(ENV)],
    [' where policies are minimized', minimizingStack],
  ])('may be the same for two roles%s', (_, makeStack) => {
    const stack = makeStack();
    const runtime = importIn(stack);
    const document = new iam.PolicyDocument({ statements: [readStatement(), listStatement()] });

    runtime.createExecutionRole('One', document);
    runtime.createExecutionRole('Other', document);

    const both = expect.arrayContaining([READ, LIST]);
    const policy = [{ PolicyName: 'ExecutionPolicy', PolicyDocument: { Statement: both, Version: '2012-10-17' } }];
    expect(inlinePolicies(stack)).toEqual([policy, policy]);
  });

  test('may be the same for roles of two stacks', () => {
    const app = new App();
    const first = new Stack(app, 'One', { env: ENV });
    const second = new Stack(app, 'Other', { env: ENV });
    const document = new iam.PolicyDocument({ statements: [readStatement()] });

    importIn(first).createExecutionRole('ExecutionRole', document);
    importIn(second).createExecutionRole('ExecutionRole', document);

    expect([...inlinePolicies(first), ...inlinePolicies(second)]).toEqual([executionPolicy(READ), executionPolicy(READ)]);
  });

  test('with a principal fails the synthesis', () => {
    const stack = newStack(ENV);
    const statement = readStatement();
    statement.addAccountRootPrincipal();

    importIn(stack).createExecutionRole('ExecutionRole', new iam.PolicyDocument({ statements: [statement] }));

    expect(() => Template.fromStack(stack)).toThrow(
      '[Stack/Spark/ExecutionRole] A PolicyStatement used in an identity-based policy cannot specify any IAM principals.',
    );
  });

  test('with a statement that has no resource fails the synthesis, late as it may come', () => {
    const stack = newStack(ENV);
    const document = new iam.PolicyDocument();
    importIn(stack).createExecutionRole('ExecutionRole', document);

    document.addStatements(new iam.PolicyStatement({ actions: ['s3:GetObject'] }));

    expect(() => Template.fromStack(stack)).toThrow(
      '[Stack/Spark/ExecutionRole] A PolicyStatement used in an identity-based policy must specify at least one resource.',
    );
  });

  test('does not keep the role from getting other policies', () => {
    const stack = newStack(ENV);
    const executionRole = importIn(stack).createExecutionRole('ExecutionRole', new iam.PolicyDocument({ statements: [readStatement()] }));

    executionRole.addToPolicy(listStatement());

    expect(role(stack).Policies).toEqual(executionPolicy(READ));
    expect(policyStatements(stack)).toEqual([LIST]);
  });
});

describe('accounts', () => {
  const OTHER_ACCOUNT_ARN = `arn:aws:emr-serverless:eu-west-1:${OTHER_ACCOUNT}:/applications/00abc123`;

  test('a stack of another account than the application makes no execution role', () => {
    const runtime = importIn(newStack(ENV), { applicationArn: OTHER_ACCOUNT_ARN });

    expect(() => runtime.createExecutionRole('ExecutionRole')).toThrow(
      `the applications of an execution role must belong to account ${ACCOUNT}, the account of the role: a role cannot be passed to another account,`
      + ` got: an application of ${OTHER_ACCOUNT} [Stack/Spark/ExecutionRole]`,
    );
    expect(runtime.node.tryFindChild('ExecutionRole')).toBeUndefined();
  });

  test('a stack of the account of the application does, in whichever Region', () => {
    const stack = newStack({ account: ACCOUNT, region: 'us-east-1' });

    importIn(stack).createExecutionRole('ExecutionRole');

    expect(role(stack).AssumeRolePolicyDocument).toEqual(trust({ arn: APPLICATION_ARN }));
  });

  test('a stack whose account is not known does', () => {
    const stack = newStack();

    importIn(stack, { applicationArn: OTHER_ACCOUNT_ARN }).createExecutionRole('ExecutionRole');

    expect(role(stack).AssumeRolePolicyDocument).toEqual(trust({ arn: OTHER_ACCOUNT_ARN, account: OTHER_ACCOUNT }));
  });

  test('a stack does for an application whose account is not known', () => {
    const stack = newStack(ENV);

    importIn(stack, { applicationArn: new CfnParameter(stack, 'Arn').valueAsString }).createExecutionRole('ExecutionRole');

    expect(role(stack).AssumeRolePolicyDocument.Statement).toHaveLength(1);
  });
});

describe('the id', () => {
  const MESSAGE = '`id` must not be an id that the application uses itself, got: ';
  const withVpc = (stack: Stack) => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc: new ec2.Vpc(stack, 'Vpc') });
  const image = () => SparkImage.fromAsset(__dirname, { file: basename(__filename) });

  test.each<[string, (stack: Stack) => ISparkEmrServerlessRuntime]>([
    ['Resource', (stack) => new SparkEmrServerlessRuntime(stack, 'Spark')],
    ['Resource', (stack) => importIn(stack)],
    ['Default', (stack) => new SparkEmrServerlessRuntime(stack, 'Spark')],
    ['Default', (stack) => importIn(stack)],
    ['SecurityGroup', withVpc],
    ['Image', (stack) => new SparkEmrServerlessRuntime(stack, 'Spark', { image: image() })],
    ['DriverImage', (stack) => new SparkEmrServerlessRuntime(stack, 'Spark', { driverImage: image(), executorImage: image() })],
    ['ExecutorImage', (stack) => new SparkEmrServerlessRuntime(stack, 'Spark', { driverImage: image(), executorImage: image() })],
  ])('must not be %s where the application uses it', (id, application) => {
    const runtime = application(newStack(ENV));

    expect(() => runtime.createExecutionRole(id)).toThrow(`${MESSAGE}"${id}" [Stack/Spark/${id}]`);
  });

  test.each(['SecurityGroup', 'Image', 'DriverImage', 'ExecutorImage', 'resource'])('may be %s where the application does not use it', (id) => {
    expect(() => new SparkEmrServerlessRuntime(newStack(ENV), 'Spark').createExecutionRole(id)).not.toThrow();
  });

  test('leaves the resource of the application the default child', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack(ENV), 'Spark');
    expect(() => runtime.createExecutionRole('Default')).toThrow(MESSAGE);

    expect(runtime.node.defaultChild).toBe(runtime.application);
  });
});
