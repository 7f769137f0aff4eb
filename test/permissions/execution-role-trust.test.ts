import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ISparkEmrServerlessRuntime, SparkEmrServerlessRuntime, SparkExecutionRole } from '../../src';
import {
  ACCOUNT, allow, APPLICATION_ARN, ENV, expectNoLiteralPartition, IDENTITY_CENTER_ARN, importIn, newStack, policyStatements, WORKSPACE_ARN,
} from '../util';
import { minimizingStack, role, trust } from './role-documents';

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

  test('of an application that a class of the user describes names its ARN', () => {
    const stack = newStack(ENV);
    const { applicationRef, env, grants, node } = importIn(stack);
    const runtime = { applicationRef, env, grants, node } as ISparkEmrServerlessRuntime;

    new SparkExecutionRole(stack, 'Role', { runtimes: [runtime], grantLogging: false });

    expect(role(stack).AssumeRolePolicyDocument).toEqual(trust({ arn: APPLICATION_ARN }));
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
    const first = new SparkEmrServerlessRuntime(stack, 'One');
    const second = new SparkEmrServerlessRuntime(stack, 'Other');

    first.createExecutionRole('ExecutionRole');
    second.createExecutionRole('ExecutionRole');

    const documents = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'))
      .map(({ Properties }) => Properties.AssumeRolePolicyDocument);
    expect(documents).toEqual([trust({ arn: stack.resolve(first.applicationArn) }), trust({ arn: stack.resolve(second.applicationArn) })]);
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
    const second = SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Other', `${APPLICATION_ARN}4`);

    new iam.Role(stack, 'Role', { assumedBy: new iam.CompositePrincipal(importIn(stack).executionPrincipal, second.executionPrincipal) });

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
