import * as iam from 'aws-cdk-lib/aws-iam';
import { SparkEmrServerlessRuntime } from '../../src';
import { ACCOUNT, allow, APPLICATION_ARN, ENV, importIn, lazy, newStack, onlyResource, partitioned, policyStatements, WORKSPACE_ARN } from '../util';
import { executionPolicy, READ, readStatement, role, trust } from './role-documents';

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
