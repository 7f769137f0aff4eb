import { Annotations, App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SparkEmrServerlessRuntime } from '../../src';
import {
  ACCOUNT, ENV, EXECUTION_ROLE_ARN, expectNoPolicy, importIn, newStack, OTHER_ACCOUNT, policyStatements, submitterIn, warnings,
} from '../util';
import { ALL_KEYS, bareIn } from './bare-application';
import { executionRoleIn, PASS_ROLE, VERBS, VERB_NAMES, VERBS_WITH_ROLE } from './verbs';

const OTHER_ACCOUNT_ROLE_ARN = `arn:aws:iam::${OTHER_ACCOUNT}:role/jobs`;

describe('accounts', () => {
  test('an execution role ARN of another account is refused', () => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');
    const submitter = submitterIn(stack);

    expect(() => runtime.grantStartJobExecution(submitter, OTHER_ACCOUNT_ROLE_ARN)).toThrow(
      `\`executionRoleArn\` must belong to account ${ACCOUNT}, the account of the application: a role cannot be passed to another account, got: ${OTHER_ACCOUNT} [Stack/Spark]`,
    );
    expectNoPolicy(stack);
  });

  test.each(VERBS_WITH_ROLE)('%s refuses a typed role of another account', (verb) => {
    const stack = newStack(ENV);
    const { grants } = new SparkEmrServerlessRuntime(stack, 'Spark');
    const role = iam.Role.fromRoleArn(stack, 'Role', OTHER_ACCOUNT_ROLE_ARN);
    const submitter = submitterIn(stack);

    expect(() => VERBS[verb].grant(grants, submitter, role)).toThrow(
      `\`executionRole\` must belong to account ${ACCOUNT}, the account of the application: a role cannot be passed to another account, got: ${OTHER_ACCOUNT} [Stack/Spark]`,
    );
    expectNoPolicy(stack);
  });

  test('a role of a stack of another account is refused, though its ARN does not tell', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: ENV });
    const otherStack = new Stack(app, 'OtherStack', { env: { account: OTHER_ACCOUNT, region: 'eu-west-1' } });
    const role = new iam.Role(otherStack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    const { grants } = new SparkEmrServerlessRuntime(stack, 'Spark');
    const submitter = submitterIn(stack);

    expect(() => grants.startJobExecution(submitter, role)).toThrow(`got: ${OTHER_ACCOUNT}`);
  });

  test('an imported application of another account refuses a role of the account of the stack', () => {
    const stack = newStack(ENV);
    const runtime = SparkEmrServerlessRuntime.fromApplicationArn(
      stack, 'Spark', `arn:aws:emr-serverless:eu-west-1:${OTHER_ACCOUNT}:/applications/00abc123`,
    );
    const submitter = submitterIn(stack);

    expect(() => runtime.grantStartJobExecution(submitter, EXECUTION_ROLE_ARN)).toThrow(`must belong to account ${OTHER_ACCOUNT}, the account of the application`);
  });

  test('a bare CfnApplication refuses an execution role of another account', () => {
    const stack = newStack(ENV);
    const grants = bareIn(stack);
    const submitter = submitterIn(stack);
    const role = iam.Role.fromRoleArn(stack, 'Role', OTHER_ACCOUNT_ROLE_ARN);

    expect(() => grants.startJobExecution(submitter, role)).toThrow(`must belong to account ${ACCOUNT}, the account of the application`);
  });

  test('no execution role is refused where the account of the application is not known', () => {
    const stack = newStack();
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');

    runtime.grantStartJobExecution(submitterIn(stack), OTHER_ACCOUNT_ROLE_ARN);

    expect(policyStatements(stack)).toContainEqual({ ...PASS_ROLE, Resource: OTHER_ACCOUNT_ROLE_ARN });
  });

  test('no typed role is refused where the account of the application is not known', () => {
    const stack = newStack();
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');

    runtime.grants.startJobExecution(submitterIn(stack), iam.Role.fromRoleArn(stack, 'Role', OTHER_ACCOUNT_ROLE_ARN));

    expect(policyStatements(stack)).toContainEqual({ ...PASS_ROLE, Resource: OTHER_ACCOUNT_ROLE_ARN });
  });

  const WARNING = `the grant to a principal of account ${OTHER_ACCOUNT} has no effect: the application is of account ${ACCOUNT}, and EMR Serverless`
    + " has no resource policies. Grant to a role of the application's account that the principal may assume"
    + ' [ack: cdk-spark-emr-serverless:granteeOfOtherAccount]';

  test.each<[string, (stack: Stack) => iam.IGrantable]>([
    ['an imported role', (stack) => iam.Role.fromRoleArn(stack, 'Submitter', `arn:aws:iam::${OTHER_ACCOUNT}:role/submitter`)],
    ['an imported user', (stack) => iam.User.fromUserArn(stack, 'Submitter', `arn:aws:iam::${OTHER_ACCOUNT}:user/submitter`)],
    ['an account', () => new iam.AccountPrincipal(OTHER_ACCOUNT)],
    [
      'a role of a stack',
      (stack) => submitterIn(new Stack(stack.node.root as App, 'OtherStack', { env: { account: OTHER_ACCOUNT, region: 'eu-west-1' } })),
    ],
  ])('a grant to %s of another account is warned of', (_, grantee) => {
    const stack = newStack(ENV);

    importIn(stack).grants.readJobRuns(grantee(stack));

    expect(warnings(stack)).toEqual([WARNING]);
  });

  test.each([...VERB_NAMES, 'writeLogs', 'actions'])('%s warns of a grantee of another account', (verb) => {
    const stack = newStack(ENV);
    const grants = bareIn(stack, ALL_KEYS);
    const grantee = iam.Role.fromRoleArn(stack, 'Submitter', `arn:aws:iam::${OTHER_ACCOUNT}:role/submitter`);
    const moreVerbs: { [name: string]: () => iam.Grant } = {
      writeLogs: () => grants.writeLogs(grantee),
      actions: () => grants.actions(grantee, 'emr-serverless:GetJobRun'),
    };

    (moreVerbs[verb] ?? (() => VERBS[verb].grant(grants, grantee, executionRoleIn(stack))))();

    expect(warnings(stack)).toEqual([WARNING]);
  });

  test('a grant to a role of the stack on an application of another account is warned of', () => {
    const stack = newStack(ENV);
    const runtime = SparkEmrServerlessRuntime.fromApplicationArn(
      stack, 'Spark', `arn:aws:emr-serverless:eu-west-1:${OTHER_ACCOUNT}:/applications/00abc123`,
    );

    runtime.grants.readJobRuns(submitterIn(stack));

    expect(warnings(stack)).toEqual([
      expect.stringContaining(`of account ${ACCOUNT} has no effect: the application is of account ${OTHER_ACCOUNT},`),
    ]);
  });

  test('the warning can be acknowledged', () => {
    const stack = newStack(ENV);
    const runtime = importIn(stack);
    Annotations.of(stack).acknowledgeWarning('cdk-spark-emr-serverless:granteeOfOtherAccount');

    runtime.grants.readJobRuns(iam.Role.fromRoleArn(stack, 'Submitter', `arn:aws:iam::${OTHER_ACCOUNT}:role/submitter`));

    expect(warnings(stack)).toEqual([]);
  });

  test('a grantee of the same account is not warned of', () => {
    const stack = newStack(ENV);

    importIn(stack).grants.readJobRuns(submitterIn(stack));

    expect(warnings(stack)).toEqual([]);
  });

  test('a grantee is not warned of where the account of the application is not known', () => {
    const stack = newStack();

    new SparkEmrServerlessRuntime(stack, 'Spark').grants.readJobRuns(
      iam.Role.fromRoleArn(stack, 'Submitter', `arn:aws:iam::${OTHER_ACCOUNT}:role/submitter`),
    );

    expect(warnings(stack)).toEqual([]);
  });

  test('a grantee whose account is not known is not warned of', () => {
    const stack = newStack(ENV);

    importIn(stack).grants.readJobRuns(new iam.ServicePrincipal('states.amazonaws.com'));

    expect(warnings(stack)).toEqual([]);
  });
});
