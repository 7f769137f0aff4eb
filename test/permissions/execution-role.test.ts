import { readFileSync } from 'fs';
import { join } from 'path';
import { App, CfnParameter, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SparkEmrServerlessRuntime } from '../../src';
import {
  ACCOUNT, allow, APPLICATION_ARN, ENV, expectNoLiteralPartition, IDENTITY_CENTER_ARN, importIn, lazy, newStack, onlyResource, OTHER_ACCOUNT,
  partitioned, policyStatements, resourceTypes, submitterIn, WORKSPACE_ARN,
} from '../util';

const READ = allow('s3:GetObject', 'arn:aws:s3:::data/*');
const LIST = allow('s3:ListBucket', 'arn:aws:s3:::data');

function readStatement() {
  return new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::data/*'] });
}

function listStatement() {
  return new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::data'] });
}

function minimizingStack(): Stack {
  return new Stack(new App({ context: { '@aws-cdk/aws-iam:minimizePolicies': true } }), 'Stack', { env: ENV });
}

function role(stack: Stack) {
  return onlyResource(stack, 'AWS::IAM::Role');
}

function inlinePolicies(stack: Stack) {
  return Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role')).map(({ Properties }) => Properties.Policies);
}

function executionPolicy(...statements: unknown[]) {
  return [{ PolicyName: 'ExecutionPolicy', PolicyDocument: { Statement: statements, Version: '2012-10-17' } }];
}

function trust({ arn, account = ACCOUNT, action = 'sts:AssumeRole' }: { arn: unknown; account?: unknown; action?: unknown }) {
  return {
    Statement: [{
      Action: action,
      Condition: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': [arn, typeof arn === 'string' ? `${arn}/*` : { 'Fn::Join': ['', [arn, '/*']] }] },
      },
      Effect: 'Allow',
      Principal: { Service: 'emr-serverless.amazonaws.com' },
    }],
    Version: '2012-10-17',
  };
}

describe('the trust policy', () => {
  test('lets this application only assume the role', () => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');

    runtime.createExecutionRole('ExecutionRole');

    expect(role(stack)).toEqual({ AssumeRolePolicyDocument: trust({ arn: stack.resolve(runtime.applicationArn) }) });
  });

  test('names the account of a stack that knows none by the pseudo parameter', () => {
    const stack = newStack();
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');

    runtime.createExecutionRole('ExecutionRole');

    expect(role(stack).AssumeRolePolicyDocument).toEqual(trust({ arn: stack.resolve(runtime.applicationArn), account: { Ref: 'AWS::AccountId' } }));
  });

  test('of an imported application names its ARN and account', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole');

    expect(role(stack).AssumeRolePolicyDocument).toEqual(trust({ arn: APPLICATION_ARN }));
  });

  test('of an application whose ARN is a token names the account in it', () => {
    const stack = newStack(ENV);

    importIn(stack, { applicationArn: new CfnParameter(stack, 'Arn').valueAsString }).createExecutionRole('ExecutionRole');

    expect(role(stack).AssumeRolePolicyDocument).toEqual(
      trust({ arn: { Ref: 'Arn' }, account: { 'Fn::Select': [4, { 'Fn::Split': [':', { Ref: 'Arn' }] }] } }),
    );
  });

  test('with Identity Center allows sts:SetContext', () => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { livyEndpoint: true, identityCenterInstanceArn: IDENTITY_CENTER_ARN });

    runtime.createExecutionRole('ExecutionRole');

    expect(role(stack).AssumeRolePolicyDocument).toEqual(
      trust({ arn: stack.resolve(runtime.applicationArn), action: ['sts:AssumeRole', 'sts:SetContext'] }),
    );
  });

  test('of an imported application with Identity Center allows sts:SetContext', () => {
    const stack = newStack(ENV);

    importIn(stack, { applicationArn: APPLICATION_ARN, identityCenterInstanceArn: IDENTITY_CENTER_ARN }).createExecutionRole('ExecutionRole');

    expect(role(stack).AssumeRolePolicyDocument).toEqual(trust({ arn: APPLICATION_ARN, action: ['sts:AssumeRole', 'sts:SetContext'] }));
  });

  test('keeps its form where policies are minimized', () => {
    const stack = minimizingStack();

    importIn(stack).createExecutionRole('ExecutionRole');

    expect(role(stack).AssumeRolePolicyDocument).toEqual(trust({ arn: APPLICATION_ARN }));
  });

  test.each(['cn-north-1', 'us-gov-west-1'])('in %s names the same service and no other partition', (region) => {
    const stack = newStack({ account: ACCOUNT, region });
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');

    runtime.createExecutionRole('ExecutionRole');

    expect(role(stack).AssumeRolePolicyDocument).toEqual(trust({ arn: stack.resolve(runtime.applicationArn) }));
  });

  test.each(['cn-north-1', 'us-gov-west-1'])('in %s of an application that is imported by its id names no other partition', (region) => {
    const stack = newStack({ account: ACCOUNT, region });

    importIn(stack, { applicationId: '00abc123' }).createExecutionRole('ExecutionRole');

    expectNoLiteralPartition(stack);
  });

  test('of roles of two applications differ in the application', () => {
    const stack = newStack(ENV);
    const one = new SparkEmrServerlessRuntime(stack, 'One');
    const other = new SparkEmrServerlessRuntime(stack, 'Other');

    one.createExecutionRole('ExecutionRole');
    other.createExecutionRole('ExecutionRole');

    const documents = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'))
      .map(({ Properties }) => Properties.AssumeRolePolicyDocument);
    expect(documents).toEqual([trust({ arn: stack.resolve(one.applicationArn) }), trust({ arn: stack.resolve(other.applicationArn) })]);
  });
});

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
    const one = new Stack(app, 'One', { env: ENV });
    const other = new Stack(app, 'Other', { env: ENV });
    const document = new iam.PolicyDocument({ statements: [readStatement()] });

    importIn(one).createExecutionRole('ExecutionRole', document);
    importIn(other).createExecutionRole('ExecutionRole', document);

    expect([...inlinePolicies(one), ...inlinePolicies(other)]).toEqual([executionPolicy(READ), executionPolicy(READ)]);
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

describe('the options', () => {
  test('roleName is the name', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, { roleName: 'jobs' });

    expect(role(stack).RoleName).toBe('jobs');
  });

  test('description is the description', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, { description: 'Nightly jobs' });

    expect(role(stack).Description).toBe('Nightly jobs');
  });

  test('a description of 1000 characters is taken', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, { description: 'x'.repeat(1000) });

    expect(role(stack).Description).toHaveLength(1000);
  });

  test.each([
    ['a'.repeat(65)],
    ['nightly jobs'],
    [''],
    ['spark/jobs'],
  ])('roleName is not %j', (roleName) => {
    const stack = newStack(ENV);

    expect(() => importIn(stack).createExecutionRole('ExecutionRole', undefined, { roleName }))
      .toThrow('`roleName` must be 1 to 64 characters of A-Z a-z 0-9 + = , . @ _ -, got: "');
    expect(stack.node.findChild('Spark').node.tryFindChild('ExecutionRole')).toBeUndefined();
  });

  test.each(['a'.repeat(64), 'A-Za-z0-9+=,.@_'])('roleName may be %j', (roleName) => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, { roleName });

    expect(role(stack).RoleName).toBe(roleName);
  });

  test.each(['x'.repeat(1001), '', 'jobs of the night 夜', '夜 jobs of the night', 'jobs\u0000', 'jobs\u007f', 'jobs\u00a0', 'jobs\ud800'])('description is not %j', (description) => {
    expect(() => importIn(newStack(ENV)).createExecutionRole('ExecutionRole', undefined, { description }))
      .toThrow('`description` must be 1 to 1000 characters of Latin-1, got: "');
  });

  test.each(['tab\t, line\n, return\r', '~ \u00a1 \u00ff', lazy('夜')])('description may be %j', (description) => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, { description });

    expect(role(stack).Description).toBe(stack.resolve(description));
  });

  // as the documentation of `ExecutionRoleOptions.description` promises
  test('managedPolicies are attached', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, {
      managedPolicies: [
        iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Data', `arn:aws:iam::${ACCOUNT}:policy/data`),
        iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonS3ReadOnlyAccess'),
      ],
    });

    expect(role(stack).ManagedPolicyArns).toEqual([
      `arn:aws:iam::${ACCOUNT}:policy/data`,
      partitioned('iam::aws:policy/AmazonS3ReadOnlyAccess'),
    ]);
  });

  test('permissionsBoundary is the boundary', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, {
      permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', `arn:aws:iam::${ACCOUNT}:policy/boundary`),
    });

    expect(role(stack).PermissionsBoundary).toBe(`arn:aws:iam::${ACCOUNT}:policy/boundary`);
  });

  test('all go together', () => {
    const stack = newStack(ENV);
    const policy = iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Policy', `arn:aws:iam::${ACCOUNT}:policy/policy`);

    importIn(stack).createExecutionRole('ExecutionRole', new iam.PolicyDocument({ statements: [readStatement()] }), {
      roleName: 'jobs', description: 'Nightly jobs', managedPolicies: [policy], permissionsBoundary: policy, grantLogging: true,
    });

    expect(role(stack)).toEqual({
      AssumeRolePolicyDocument: trust({ arn: APPLICATION_ARN }),
      Description: 'Nightly jobs',
      ManagedPolicyArns: [`arn:aws:iam::${ACCOUNT}:policy/policy`],
      PermissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/policy`,
      Policies: executionPolicy(READ),
      RoleName: 'jobs',
    });
  });

  test.each([undefined, true])('with grantLogging %s the role writes the logs', (grantLogging) => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { cloudWatchLogs: {} });

    runtime.createExecutionRole('ExecutionRole', undefined, { grantLogging });

    expect(policyStatements(stack)).toContainEqual(expect.objectContaining({ Action: expect.arrayContaining(['logs:PutLogEvents']) }));
  });

  test('with grantLogging off the role writes no logs', () => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { cloudWatchLogs: {} });

    runtime.createExecutionRole('ExecutionRole', undefined, { grantLogging: false });

    expect(policyStatements(stack)).toEqual([]);
  });

  test('with grantLogging off a managed policy that several roles share writes the logs', () => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { prometheusWorkspaceArn: WORKSPACE_ARN });
    const logging = new iam.ManagedPolicy(stack, 'Logging');

    runtime.grants.writeLogs(logging);
    runtime.createExecutionRole('ExecutionRole', undefined, { grantLogging: false, managedPolicies: [logging] });

    expect(policyStatements(stack)).toEqual([]);
    expect(onlyResource(stack, 'AWS::IAM::ManagedPolicy').PolicyDocument.Statement).toEqual([
      allow('aps:RemoteWrite', WORKSPACE_ARN),
    ]);
  });
});

describe('accounts', () => {
  const OTHER_ACCOUNT_ARN = `arn:aws:emr-serverless:eu-west-1:${OTHER_ACCOUNT}:/applications/00abc123`;

  test('a stack of another account than the application makes no execution role', () => {
    const runtime = importIn(newStack(ENV), { applicationArn: OTHER_ACCOUNT_ARN });

    expect(() => runtime.createExecutionRole('ExecutionRole')).toThrow(
      `an execution role must be of the application's account ${OTHER_ACCOUNT}, AWS passes no role to another account,`
      + ` got: ${ACCOUNT} [Stack/Spark/ExecutionRole]`,
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

describe('customized roles', () => {
  function report(app: App) {
    return JSON.parse(readFileSync(join(app.synth().directory, 'iam-policy-report.json'), 'utf8')).roles
      .find(({ roleConstructPath }: any) => roleConstructPath === 'Stack/Spark/ExecutionRole');
  }

  function customized(options?: iam.CustomizeRolesOptions) {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: ENV });
    iam.Role.customizeRoles(stack, options);
    return { app, stack };
  }

  const PRECREATED: iam.CustomizeRolesOptions = { usePrecreatedRoles: { 'Spark/ExecutionRole': 'made-by-the-platform-team' } };

  test('no role and no policy is made', () => {
    const { stack } = customized(PRECREATED);

    new SparkEmrServerlessRuntime(stack, 'Spark', { cloudWatchLogs: {} })
      .createExecutionRole('ExecutionRole', new iam.PolicyDocument({ statements: [readStatement()] }));

    expect(resourceTypes(stack)).toEqual(['AWS::EMRServerless::Application']);
  });

  // CDK's first step: a report of the roles that are needed, whose ARNs have no name yet
  test('a role that has no name yet can be passed in the report', () => {
    const { stack } = customized();
    const runtime = importIn(stack);
    const submitter = submitterIn(stack);

    const executionRole = runtime.createExecutionRole('ExecutionRole');

    expect(runtime.grantStartJobExecution(submitter, executionRole.roleArn).success).toBe(true);
    expect(runtime.grants.useLivy(submitter, executionRole).success).toBe(true);
  });

  test('the role is the one that exists', () => {
    const { stack } = customized(PRECREATED);

    const executionRole = importIn(stack).createExecutionRole('ExecutionRole');

    expect(stack.resolve(executionRole.roleArn)).toEqual(
      partitioned(`iam::${ACCOUNT}:role/made-by-the-platform-team`),
    );
  });

  test('the role that exists can be passed', () => {
    const { stack } = customized({ usePrecreatedRoles: { ...PRECREATED.usePrecreatedRoles, Submitter: 'submitter' } });
    const runtime = importIn(stack);
    const executionRole = runtime.createExecutionRole('ExecutionRole');

    const submitter = submitterIn(stack);

    const grant = runtime.grantStartJobExecution(submitter, executionRole.roleArn);

    expect(grant.success).toBe(true);
  });

  test('the report names the trust', () => {
    const { app, stack } = customized(PRECREATED);

    importIn(stack).createExecutionRole('ExecutionRole');

    expect(report(app).assumeRolePolicy).toEqual(trust({ arn: APPLICATION_ARN }).Statement);
  });

  test('the report names the statements of the document', () => {
    const { app, stack } = customized(PRECREATED);

    importIn(stack).createExecutionRole('ExecutionRole', new iam.PolicyDocument({ statements: [readStatement()] }));

    expect(report(app).identityPolicyStatements).toEqual([READ]);
  });

  test('the report names the statements for the logs', () => {
    const { app, stack } = customized(PRECREATED);

    importIn(stack, { applicationArn: APPLICATION_ARN, prometheusWorkspaceArn: WORKSPACE_ARN })
      .createExecutionRole('ExecutionRole');

    expect(report(app).identityPolicyStatements).toEqual([
      allow('aps:RemoteWrite', WORKSPACE_ARN),
    ]);
  });

  test('an empty document is no policy', () => {
    const { app, stack } = customized(PRECREATED);

    importIn(stack).createExecutionRole('ExecutionRole', new iam.PolicyDocument());

    expect(report(app).identityPolicyStatements).toEqual([]);
  });

  test('roles that are made and reported have the inline policy', () => {
    const { stack } = customized({ preventSynthesis: false });

    importIn(stack).createExecutionRole('ExecutionRole', new iam.PolicyDocument({ statements: [readStatement()] }));

    expect(role(stack).Policies).toEqual(executionPolicy(READ));
  });
});

describe('the execution principal', () => {
  test('makes a role of your own an execution role of this application', () => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');

    new iam.Role(stack, 'Role', { assumedBy: runtime.executionPrincipal });

    expect(role(stack)).toEqual({ AssumeRolePolicyDocument: trust({ arn: stack.resolve(runtime.applicationArn) }) });
  });

  test('of an imported application names its ARN', () => {
    const stack = newStack(ENV);

    new iam.Role(stack, 'Role', { assumedBy: importIn(stack).executionPrincipal });

    expect(role(stack).AssumeRolePolicyDocument).toEqual(trust({ arn: APPLICATION_ARN }));
  });

  test('with Identity Center may set the context', () => {
    const stack = newStack(ENV);
    const runtime = importIn(stack, { applicationArn: APPLICATION_ARN, identityCenterInstanceArn: IDENTITY_CENTER_ARN });

    new iam.Role(stack, 'Role', { assumedBy: runtime.executionPrincipal });

    expect(role(stack).AssumeRolePolicyDocument).toEqual(trust({ arn: APPLICATION_ARN, action: ['sts:AssumeRole', 'sts:SetContext'] }));
  });

  test('goes together with others', () => {
    const stack = newStack(ENV);
    const runtime = importIn(stack, { applicationArn: APPLICATION_ARN, identityCenterInstanceArn: IDENTITY_CENTER_ARN });

    new iam.Role(stack, 'Role', {
      assumedBy: new iam.CompositePrincipal(new iam.ServicePrincipal('glue.amazonaws.com'), runtime.executionPrincipal),
    });

    expect(role(stack).AssumeRolePolicyDocument.Statement).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' } },
      ...trust({ arn: APPLICATION_ARN, action: ['sts:AssumeRole', 'sts:SetContext'] }).Statement,
    ]);
  });

  test('of two applications makes a role that both may assume', () => {
    const stack = newStack(ENV);
    const other = SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Other', `${APPLICATION_ARN}4`);

    new iam.Role(stack, 'Role', { assumedBy: new iam.CompositePrincipal(importIn(stack).executionPrincipal, other.executionPrincipal) });

    expect(role(stack).AssumeRolePolicyDocument.Statement).toEqual([
      ...trust({ arn: APPLICATION_ARN }).Statement,
      ...trust({ arn: `${APPLICATION_ARN}4` }).Statement,
    ]);
  });

  test('can be added to a role that exists in the stack', () => {
    const stack = newStack(ENV);
    const own = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('glue.amazonaws.com') });

    own.assumeRolePolicy?.addStatements(new iam.PolicyStatement({ actions: ['sts:AssumeRole'], principals: [importIn(stack).executionPrincipal] }));

    expect(role(stack).AssumeRolePolicyDocument.Statement[1]).toEqual(trust({ arn: APPLICATION_ARN }).Statement[0]);
  });

  test('serves a role of another stack', () => {
    const app = new App();
    const applications = new Stack(app, 'Applications', { env: ENV });
    const roles = new Stack(app, 'Roles', { env: ENV });

    new iam.Role(roles, 'Role', { assumedBy: new SparkEmrServerlessRuntime(applications, 'Spark').executionPrincipal });

    expect(role(roles).AssumeRolePolicyDocument).toEqual(
      trust({ arn: { 'Fn::ImportValue': expect.stringContaining('Applications:ExportsOutputFnGetAttSpark') } }),
    );
  });

  test('takes a role of your own to the logs with writeLogs', () => {
    const stack = newStack(ENV);
    const runtime = importIn(stack, { applicationArn: APPLICATION_ARN, prometheusWorkspaceArn: WORKSPACE_ARN });

    runtime.grants.writeLogs(new iam.Role(stack, 'Role', { assumedBy: runtime.executionPrincipal }));

    expect(policyStatements(stack)).toEqual([
      allow('aps:RemoteWrite', WORKSPACE_ARN),
    ]);
  });
});
