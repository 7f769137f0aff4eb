import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ISparkEmrServerlessRuntime, SparkEmrServerlessRuntime, SparkExecutionRole, SparkExecutionRoleProps } from '../../src';
import { bucketIn, objectsOf } from '../logging-props';
import {
  ACCOUNT, allow, APPLICATION_ARN, ENV, expectNoLiteralPartition, expectNoPolicy, importIn, messageOf, newStack, OTHER_PARTITIONS,
  partitioned, policyStatements, resourceTypes, submitterIn, WORKSPACE_ARN,
} from '../util';
import { executionPolicy, READ, readStatement, role, roleFor, second, SECOND_ARN, trust, trustIn } from './role-documents';
import { PASS_ROLE } from './verbs';

function refusal(props: Partial<SparkExecutionRoleProps>): string {
  const stack = newStack(ENV);
  const message = messageOf(() => roleFor(stack, props));
  expect(stack.node.tryFindChild('Role')).toBeUndefined();
  return message;
}

describe('the logs', () => {
  function logging(stack: Stack): ISparkEmrServerlessRuntime[] {
    return [
      importIn(stack, { applicationArn: APPLICATION_ARN, s3Logs: { bucket: bucketIn(stack) } }),
      SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(stack, 'Second', {
        applicationArn: SECOND_ARN, prometheusWorkspaceArn: WORKSPACE_ARN,
      }),
    ];
  }

  test('of all applications are granted', () => {
    const stack = newStack(ENV);

    roleFor(stack, { runtimes: logging(stack) });

    expect(policyStatements(stack)).toEqual([
      allow('s3:PutObject', partitioned('s3:::log-bucket/applications/00abc123/*')),
      allow('aps:RemoteWrite', WORKSPACE_ARN),
    ]);
  });

  test('are not granted with grantLogging: false', () => {
    const stack = newStack(ENV);

    roleFor(stack, { runtimes: logging(stack), grantLogging: false });

    expectNoPolicy(stack);
  });
});

describe('the props of the role', () => {
  test('are those of the resource', () => {
    const stack = newStack(ENV);

    roleFor(stack, {
      roleName: 'jobs',
      path: '/spark/',
      description: 'Nightly jobs',
      maxSessionDuration: Duration.hours(2),
      permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::aws:policy/Boundary'),
      managedPolicies: [iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Managed', 'arn:aws:iam::aws:policy/Managed')],
      policyDocument: new iam.PolicyDocument({ statements: [readStatement()] }),
    });

    expect(role(stack)).toEqual({
      AssumeRolePolicyDocument: trust({ arn: APPLICATION_ARN }),
      RoleName: 'jobs',
      Path: '/spark/',
      Description: 'Nightly jobs',
      MaxSessionDuration: 7200,
      PermissionsBoundary: 'arn:aws:iam::aws:policy/Boundary',
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/Managed'],
      Policies: executionPolicy(READ),
    });
  });

  test('inlinePolicies go beside policyDocument', () => {
    const stack = newStack(ENV);
    const statement = new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::data'] });
    const list = new iam.PolicyDocument();

    roleFor(stack, {
      policyDocument: new iam.PolicyDocument({ statements: [readStatement()] }),
      inlinePolicies: { List: list, Empty: new iam.PolicyDocument() },
    });
    list.addStatements(statement);

    expect(role(stack).Policies).toEqual([
      ...executionPolicy(READ),
      { PolicyName: 'List', PolicyDocument: { Statement: [allow('s3:ListBucket', 'arn:aws:s3:::data')], Version: '2012-10-17' } },
    ]);
  });

  test('inlinePolicies are checked as policies of an identity', () => {
    const stack = newStack(ENV);
    const statement = readStatement();
    statement.addAccountRootPrincipal();

    roleFor(stack, { inlinePolicies: { Wrong: new iam.PolicyDocument({ statements: [statement] }) } });

    expect(() => Template.fromStack(stack)).toThrow('[Stack/Role] A PolicyStatement used in an identity-based policy cannot specify');
  });

  test.each<[Partial<SparkExecutionRoleProps>, string]>([
    [{ runtimes: [] }, '`runtimes` must hold at least one application, got: []'],
    [{ runtimes: undefined }, '`runtimes` must be given, got: undefined'],
    [{ runtimes: ['spark'] as never }, '`runtimes[0]` must be a SparkEmrServerlessRuntime or an imported one, got: "spark"'],
    [{ roleName: 'nightly jobs' }, '`roleName` must be 1 to 64 characters of A-Z a-z 0-9 + = , . @ _ -, got: "nightly jobs"'],
    [{ policyDocument: {} as never }, '`policyDocument` must be a policy document, got: an object of class Object'],
    [{ inlinePolicies: { Read: {} } as never }, '`inlinePolicies.Read` must be a policy document, got: an object of class Object'],
    [{ inlinePolicies: 'Read' as never }, '`inlinePolicies` must be an object with keys and values, got: "Read"'],
    [
      { inlinePolicies: { 'my policy': new iam.PolicyDocument() } },
      '`inlinePolicies` must be policies with names of 1 to 128 characters of A-Z a-z 0-9 + = , . @ _ -, got: "my policy"',
    ],
    [
      { policyDocument: new iam.PolicyDocument(), inlinePolicies: { ExecutionPolicy: new iam.PolicyDocument() } },
      '`inlinePolicies` must not have the name of the policy that `policyDocument` becomes, got: "ExecutionPolicy"',
    ],
  ])('%# are refused', (props, message) => {
    expect(refusal(props)).toBe(`${message} [Stack/Role]`);
  });

  test('are all refused at once', () => {
    expect(refusal({ roleName: 'my role', path: 'spark' })).toContain('2 problems in [Stack/Role]');
  });

  test('ExecutionPolicy may be a name without policyDocument', () => {
    const stack = newStack(ENV);

    roleFor(stack, { inlinePolicies: { ExecutionPolicy: new iam.PolicyDocument({ statements: [readStatement()] }) } });

    expect(role(stack).Policies).toEqual(executionPolicy(READ));
  });
});

describe('several stacks', () => {
  test('a role of its own stack refers to the applications, and they do not refer to it', () => {
    const app = new App();
    const applications = new Stack(app, 'Applications', { env: ENV });
    const roles = new Stack(app, 'Roles', { env: ENV });
    const runtimes = ['One', 'Other'].map((id) =>
      new SparkEmrServerlessRuntime(applications, id, { s3Logs: { bucket: s3.Bucket.fromBucketName(applications, `${id}Logs`, 'log-bucket') } }));

    new SparkExecutionRole(roles, 'Role', { runtimes });

    const exported = (name: string) => ({ 'Fn::ImportValue': expect.stringMatching(`^Applications:ExportsOutputFnGetAtt${name}`) });
    expect(role(roles).AssumeRolePolicyDocument).toEqual(trustIn([exported('One.*Arn'), exported('Other.*Arn')]));
    expect(policyStatements(roles)).toEqual([
      allow('s3:PutObject', objectsOf(exported('One.*ApplicationId'), 'log-bucket/')),
      allow('s3:PutObject', objectsOf(exported('Other.*ApplicationId'), 'log-bucket/')),
    ]);
    expect(resourceTypes(applications)).toEqual(['AWS::EMRServerless::Application', 'AWS::EMRServerless::Application']);
  });

  test('a role serves applications of two Regions', () => {
    const app = new App();
    const ireland = new Stack(app, 'Ireland', { env: ENV, crossRegionReferences: true });
    const virginia = new Stack(app, 'Virginia', { env: { account: ACCOUNT, region: 'us-east-1' }, crossRegionReferences: true });
    const here = new SparkEmrServerlessRuntime(ireland, 'Spark', { cloudWatchLogs: {} });
    const there = new SparkEmrServerlessRuntime(virginia, 'Spark', { cloudWatchLogs: {} });

    new SparkExecutionRole(ireland, 'Role', { runtimes: [here, there] });

    const statements = JSON.stringify(policyStatements(ireland));
    expect(statements).toContain(`:logs:eu-west-1:${ACCOUNT}:log-group:/aws/emr-serverless:`);
    expect(statements).toContain(`:logs:us-east-1:${ACCOUNT}:log-group:/aws/emr-serverless:`);
    const [sources] = Object.values(Template.fromStack(ireland).findResources('AWS::IAM::Role'))
      .map(({ Properties }) => Properties.AssumeRolePolicyDocument.Statement[0])
      .filter(({ Principal }) => Principal.Service === 'emr-serverless.amazonaws.com')
      .map(({ Condition }) => Condition.ArnLike['aws:SourceArn']);
    expect(sources).toHaveLength(4);
    expect(sources[0]).toEqual(ireland.resolve(here.applicationArn));
    // how CDK hands the ARN from one Region to another depends on its version
    expect(JSON.stringify(sources[2])).toMatch(/Virginia.*us-?east-?1/);
  });

  test('a role of its own stack is passed by a submitter of a third', () => {
    const app = new App();
    const [applications, roles, users] = ['Applications', 'Roles', 'Users'].map((id) => new Stack(app, id, { env: ENV }));
    const runtime = new SparkEmrServerlessRuntime(applications, 'Spark');

    runtime.grants.startJobExecution(submitterIn(users), new SparkExecutionRole(roles, 'Role', { runtimes: [runtime] }));

    expect(policyStatements(users)).toContainEqual({ ...PASS_ROLE, Resource: { 'Fn::ImportValue': expect.stringContaining('Roles:') } });
  });
});

test.each(OTHER_PARTITIONS)('in %s it names no other partition', (region) => {
  const stack = newStack({ account: ACCOUNT, region });
  const runtimes = ['One', 'Other'].map((id) => new SparkEmrServerlessRuntime(stack, id, { cloudWatchLogs: {} }));

  new SparkExecutionRole(stack, 'Role', { runtimes });

  expectNoLiteralPartition(stack);
});

test('createExecutionRole() makes one', () => {
  const executionRole: SparkExecutionRole = importIn(newStack(ENV)).createExecutionRole('ExecutionRole');

  expect(executionRole).toBeInstanceOf(SparkExecutionRole);
});

test('with Role.customizeRoles() the role that exists is used', () => {
  const app = new App();
  iam.Role.customizeRoles(app, { usePrecreatedRoles: { 'Stack/Role': 'made-by-the-platform-team' } });
  const stack = new Stack(app, 'Stack', { env: ENV });

  const executionRole = roleFor(stack, { inlinePolicies: { Read: new iam.PolicyDocument({ statements: [readStatement()] }) } });

  expect(stack.resolve(executionRole.roleArn)).toEqual(partitioned(`iam::${ACCOUNT}:role/made-by-the-platform-team`));
  expect(Template.fromStack(stack).findResources('AWS::IAM::Role')).toEqual({});
});

test('with Role.customizeRoles() a role that exists serves several applications', () => {
  const app = new App();
  iam.Role.customizeRoles(app, { usePrecreatedRoles: { 'Stack/Role': 'made-by-the-platform-team' } });
  const stack = new Stack(app, 'Stack', { env: ENV });

  const executionRole = roleFor(stack, { runtimes: [importIn(stack), second(stack)] });

  expect(stack.resolve(executionRole.roleArn)).toEqual(partitioned(`iam::${ACCOUNT}:role/made-by-the-platform-team`));
  expect(Template.fromStack(stack).findResources('AWS::IAM::Role')).toEqual({});
});
