import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SparkEmrServerlessRuntime } from '../../src';
import { ACCOUNT, allow, APPLICATION_ARN, ENV, importIn, partitioned, resourceTypes, submitterIn, WORKSPACE_ARN } from '../util';
import { executionPolicy, READ, readStatement, role, trust } from './role-documents';

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
