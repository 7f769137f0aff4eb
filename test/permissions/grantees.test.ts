import { CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { DependencyGroup } from 'constructs';
import { SparkEmrServerlessRuntime } from '../../src';
import {
  ACCOUNT, allow, APPLICATION_ARN, ENV, EXECUTION_ROLE_ARN, expectNoPolicy, importIn, KEY_ARN, newStack, onlyResource, policyStatements,
  submitterIn, USE_KEY, warnings,
} from '../util';
import { ALL_KEYS, bareIn, LOG_GROUP_KEY_ARN, S3_KEY_ARN } from './bare-application';
import { executionRoleIn, PASS_ROLE, VERBS, VERB_NAMES } from './verbs';

function policies(stack: Stack) {
  return Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
}

describe('grantees', () => {
  const START = VERBS.startJobExecution.statements(APPLICATION_ARN);

  test('a role gets one inline policy', () => {
    const stack = newStack(ENV);
    const role = submitterIn(stack);

    const grant = importIn(stack).grantStartJobExecution(role, EXECUTION_ROLE_ARN);

    expect(grant.success).toBe(true);
    expect(onlyResource(stack, 'AWS::IAM::Policy')).toMatchObject({
      PolicyDocument: { Statement: START },
      Roles: [stack.resolve(role.roleName)],
    });
  });

  test('a user gets one inline policy', () => {
    const stack = newStack(ENV);
    const user = new iam.User(stack, 'User');

    const grant = importIn(stack).grantStartJobExecution(user, EXECUTION_ROLE_ARN);

    expect(grant.success).toBe(true);
    expect(onlyResource(stack, 'AWS::IAM::Policy')).toMatchObject({
      PolicyDocument: { Statement: START },
      Users: [stack.resolve(user.userName)],
    });
  });

  test('a group gets one inline policy', () => {
    const stack = newStack(ENV);
    const group = new iam.Group(stack, 'Group');

    const grant = importIn(stack).grantStartJobExecution(group, EXECUTION_ROLE_ARN);

    expect(grant.success).toBe(true);
    expect(onlyResource(stack, 'AWS::IAM::Policy')).toMatchObject({
      PolicyDocument: { Statement: START },
      Groups: [stack.resolve(group.groupName)],
    });
  });

  test('a managed policy takes the statements itself', () => {
    const stack = newStack(ENV);

    const grant = importIn(stack).grantStartJobExecution(new iam.ManagedPolicy(stack, 'Managed'), EXECUTION_ROLE_ARN);

    expect(grant.success).toBe(true);
    expect(onlyResource(stack, 'AWS::IAM::ManagedPolicy').PolicyDocument.Statement).toEqual(START);
    expectNoPolicy(stack);
  });

  test('what is grantable by a principal behind it is granted to that principal', () => {
    const stack = newStack(ENV);
    const role = submitterIn(stack);

    importIn(stack).grantStartJobExecution({ grantPrincipal: role }, EXECUTION_ROLE_ARN);

    expect(onlyResource(stack, 'AWS::IAM::Policy').Roles).toEqual([stack.resolve(role.roleName)]);
  });

  test('an imported role gets a policy by its name', () => {
    const stack = newStack(ENV);
    const role = iam.Role.fromRoleArn(stack, 'Submitter', `arn:aws:iam::${ACCOUNT}:role/team/submitter`);

    const grant = importIn(stack).grantStartJobExecution(role, EXECUTION_ROLE_ARN);

    expect(grant.success).toBe(true);
    expect(onlyResource(stack, 'AWS::IAM::Policy')).toMatchObject({ PolicyDocument: { Statement: START }, Roles: ['submitter'] });
  });

  test('an imported role that is not mutable stays as it is', () => {
    const stack = newStack(ENV);
    const role = iam.Role.fromRoleArn(stack, 'Submitter', `arn:aws:iam::${ACCOUNT}:role/submitter`, { mutable: false });

    importIn(stack).grantStartJobExecution(role, EXECUTION_ROLE_ARN);

    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
    expect(warnings(stack)).toEqual([]);
  });

  test.each([...VERB_NAMES, 'readLogs', 'writeLogs', 'actions'])('%s to a service principal changes nothing, no key policy either, and says so', (verb) => {
    function build(grantIt: boolean) {
      const stack = newStack(ENV);
      const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', {
        managedLogsKey: new kms.Key(stack, 'ManagedKey'),
        cloudWatchLogs: { encryptionKey: new kms.Key(stack, 'LogGroupKey') },
        livyEndpoint: true,
        studio: true,
        sparkConnect: true,
      });
      const executionRole = runtime.createExecutionRole('ExecutionRole');
      const principal = new iam.ServicePrincipal('states.amazonaws.com');
      const grants: { [name: string]: () => iam.Grant } = {
        readLogs: () => runtime.grants.readLogs(principal),
        writeLogs: () => runtime.grants.writeLogs(principal),
        actions: () => runtime.grants.actions(principal, 'emr-serverless:GetJobRun', 'emr-serverless:GetApplication'),
      };
      const grant = grantIt ? (grants[verb] ?? (() => VERBS[verb].grant(runtime.grants, principal, executionRole)))() : undefined;
      return { grant, template: Template.fromStack(stack).toJSON(), warnings: warnings(stack) };
    }

    const granted = build(true);

    expect(granted.grant?.success).toBe(false);
    expect(granted.grant?.principalStatements).toEqual([]);
    expect(granted.grant?.resourceStatements).toEqual([]);
    expect(granted.template).toEqual(build(false).template);
    expect(granted.warnings).toEqual([]);
  });

  test('grantStartJobExecution to a service principal changes nothing', () => {
    const stack = newStack(ENV);

    const grant = importIn(stack).grantStartJobExecution(new iam.ServicePrincipal('states.amazonaws.com'), EXECUTION_ROLE_ARN);

    expect(grant.success).toBe(false);
    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  });

  test.each([
    ['the first', [false, true, true], 1],
    ['the second', [true, false, true], 2],
  ])('a grantee that refuses %s of three statements is asked for no more, and the grant is no success', (_, answers, asked) => {
    const addToPrincipalPolicy = jest.fn((): iam.AddToPrincipalPolicyResult => {
      const statementAdded = answers[addToPrincipalPolicy.mock.calls.length - 1];
      return { statementAdded, policyDependable: new DependencyGroup() };
    });
    const principal = Object.assign(new iam.ServicePrincipal('states.amazonaws.com'), { addToPrincipalPolicy });

    const grant = importIn(newStack(ENV)).grantStartJobExecution(principal, EXECUTION_ROLE_ARN);

    expect(grant.success).toBe(false);
    expect(addToPrincipalPolicy).toHaveBeenCalledTimes(asked);
  });

  test('a grant to a role of the stack changes no key policy', () => {
    function keyPolicy(grantIt: boolean) {
      const stack = newStack(ENV);
      const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { managedLogsKey: new kms.Key(stack, 'Key') });
      if (grantIt) { runtime.grantStartJobExecution(submitterIn(stack), EXECUTION_ROLE_ARN); }
      return onlyResource(stack, 'AWS::KMS::Key').KeyPolicy;
    }

    expect(keyPolicy(true)).toEqual(keyPolicy(false));
  });
});

describe('the grant that is returned', () => {
  test('holds all statements', () => {
    const stack = newStack(ENV);

    const grant = bareIn(stack, ALL_KEYS).startJobExecution(submitterIn(stack), executionRoleIn(stack));

    expect(stack.resolve(grant.principalStatements.map((statement) => statement.toStatementJson()))).toEqual([
      ...VERBS.startJobExecution.statements({ 'Fn::GetAtt': ['Bare', 'Arn'] }),
      allow(USE_KEY, [KEY_ARN, S3_KEY_ARN, LOG_GROUP_KEY_ARN]),
    ]);
  });

  test('is a success that can be asserted', () => {
    const stack = newStack(ENV);

    const grant = importIn(stack).grantStartJobExecution(submitterIn(stack), EXECUTION_ROLE_ARN);

    expect(() => grant.assertSuccess()).not.toThrow();
  });

  test('makes a resource wait for the policy', () => {
    const stack = newStack(ENV);
    const after = new CfnResource(stack, 'After', { type: 'Test::After' });

    importIn(stack).grantStartJobExecution(submitterIn(stack), EXECUTION_ROLE_ARN).applyBefore(after);

    const [[policyId]] = policies(stack);
    expect(Template.fromStack(stack).findResources('Test::After').After.DependsOn).toEqual([policyId]);
  });

  test('makes a resource wait for all the policies that the statements end up in', () => {
    const stack = newStack(ENV);
    const role = submitterIn(stack);
    const after = new CfnResource(stack, 'After', { type: 'Test::After' });
    for (let i = 0; i < 60; i++) {
      const objects = `arn:aws:s3:::${'b'.repeat(50)}-${i}/${'p'.repeat(60)}/*`;
      role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [objects] }));
    }

    const grant = importIn(stack).grantStartJobExecution(role, EXECUTION_ROLE_ARN);
    grant.applyBefore(after);

    const template = Template.fromStack(stack);
    const holders = Object.entries({ ...template.findResources('AWS::IAM::Policy'), ...template.findResources('AWS::IAM::ManagedPolicy') })
      .filter(([, { Properties }]) => JSON.stringify(Properties.PolicyDocument).includes('emr-serverless'))
      .map(([id]) => id);
    expect(Object.keys(template.findResources('AWS::IAM::ManagedPolicy'))).not.toEqual([]);
    expect(template.findResources('Test::After').After.DependsOn).toEqual(expect.arrayContaining(holders));
  });
});

describe('several grants', () => {
  test('the same grant again adds nothing', () => {
    const stack = newStack(ENV);
    const runtime = importIn(stack);
    const submitter = submitterIn(stack);

    runtime.grantStartJobExecution(submitter, EXECUTION_ROLE_ARN);
    runtime.grantStartJobExecution(submitter, EXECUTION_ROLE_ARN);
    runtime.grants.startJobExecution(submitter, executionRoleIn(stack));

    expect(policyStatements(stack)).toEqual(VERBS.startJobExecution.statements(APPLICATION_ARN));
  });

  test('a second execution role adds one statement', () => {
    const stack = newStack(ENV);
    const runtime = importIn(stack);
    const submitter = submitterIn(stack);

    runtime.grantStartJobExecution(submitter, EXECUTION_ROLE_ARN);
    runtime.grantStartJobExecution(submitter, `arn:aws:iam::${ACCOUNT}:role/second`);

    expect(policyStatements(stack)).toEqual([
      ...VERBS.startJobExecution.statements(APPLICATION_ARN),
      { ...PASS_ROLE, Resource: `arn:aws:iam::${ACCOUNT}:role/second` },
    ]);
  });

  test('a submitter of two applications gets the statements of each, in one policy', () => {
    const stack = newStack(ENV);
    const first = new SparkEmrServerlessRuntime(stack, 'One');
    const second = new SparkEmrServerlessRuntime(stack, 'Other');
    const submitter = submitterIn(stack);

    first.grantStartJobExecution(submitter, EXECUTION_ROLE_ARN);
    second.grantStartJobExecution(submitter, `arn:aws:iam::${ACCOUNT}:role/others`);

    expect(onlyResource(stack, 'AWS::IAM::Policy').PolicyDocument.Statement).toEqual([
      ...VERBS.startJobExecution.statements(stack.resolve(first.applicationArn)),
      ...VERBS.startJobExecution.statements(stack.resolve(second.applicationArn)).slice(0, 2),
      { ...PASS_ROLE, Resource: `arn:aws:iam::${ACCOUNT}:role/others` },
    ]);
  });

  test('two applications that share the execution role pass it in one statement', () => {
    const stack = newStack(ENV);
    const submitter = submitterIn(stack);

    new SparkEmrServerlessRuntime(stack, 'One').grantStartJobExecution(submitter, EXECUTION_ROLE_ARN);
    new SparkEmrServerlessRuntime(stack, 'Other').grantStartJobExecution(submitter, EXECUTION_ROLE_ARN);

    expect(policyStatements(stack).filter(({ Action }) => Action === 'iam:PassRole')).toEqual([PASS_ROLE]);
  });

  test('two submitters get a policy each', () => {
    const stack = newStack(ENV);
    const runtime = importIn(stack);

    runtime.grantStartJobExecution(submitterIn(stack), EXECUTION_ROLE_ARN);
    runtime.grantStartJobExecution(new iam.User(stack, 'User'), EXECUTION_ROLE_ARN);

    expect(policies(stack).map(([, { Properties }]) => Properties.PolicyDocument.Statement)).toEqual([
      VERBS.startJobExecution.statements(APPLICATION_ARN),
      VERBS.startJobExecution.statements(APPLICATION_ARN),
    ]);
  });
});
