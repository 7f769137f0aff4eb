import { App, Stack } from 'aws-cdk-lib';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import * as kms from 'aws-cdk-lib/aws-kms';
import { SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeGrants } from '../../src';
import { bucketIn } from '../logging-props';
import {
  ACCOUNT, allow, APPLICATION_ARN, ENV, EXECUTION_ROLE_ARN, expectNoLiteralPartition, expectNoPolicy, importIn, lazy, newStack,
  OTHER_PARTITIONS, policyStatements, resourceTypes, submitterIn, USE_KEY,
} from '../util';
import { bareIn } from './bare-application';
import { executionRoleIn, PASS_ROLE, VERBS, VERB_NAMES, VERBS_WITH_ROLE } from './verbs';

describe('the statements of each verb', () => {
  test.each(VERB_NAMES)('%s on an application of the stack', (verb) => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');

    VERBS[verb].grant(runtime.grants, submitterIn(stack), executionRoleIn(stack));

    expect(policyStatements(stack)).toEqual(VERBS[verb].statements(stack.resolve(runtime.applicationArn)));
  });

  test.each(VERB_NAMES)('%s on an imported application', (verb) => {
    const stack = newStack(ENV);

    VERBS[verb].grant(importIn(stack).grants, submitterIn(stack), executionRoleIn(stack));

    expect(policyStatements(stack)).toEqual(VERBS[verb].statements(APPLICATION_ARN));
  });

  test.each(VERB_NAMES)('%s on a bare CfnApplication', (verb) => {
    const stack = newStack(ENV);

    VERBS[verb].grant(bareIn(stack), submitterIn(stack), executionRoleIn(stack));

    expect(policyStatements(stack)).toEqual(VERBS[verb].statements({ 'Fn::GetAtt': ['Bare', 'Arn'] }));
  });

  test.each(VERB_NAMES)('%s on the CfnApplication behind the construct is the same as on the construct', (verb) => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');

    VERBS[verb].grant(SparkEmrServerlessRuntimeGrants.fromApplication(runtime.application), submitterIn(stack), executionRoleIn(stack));

    expect(policyStatements(stack)).toEqual(VERBS[verb].statements(stack.resolve(runtime.applicationArn)));
  });

  test('grantStartJobExecution with an ARN is the same as startJobExecution with the role', () => {
    const stack = newStack(ENV);

    importIn(stack).grantStartJobExecution(submitterIn(stack), EXECUTION_ROLE_ARN);

    expect(policyStatements(stack)).toEqual(VERBS.startJobExecution.statements(APPLICATION_ARN));
  });

  test.each(VERBS_WITH_ROLE)('%s passes an execution role of the stack by its ARN', (verb) => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');
    const executionRole = runtime.createExecutionRole('ExecutionRole');

    VERBS[verb].grant(runtime.grants, submitterIn(stack), executionRole);

    expect(policyStatements(stack)).toContainEqual({ ...PASS_ROLE, Resource: stack.resolve(executionRole.roleArn) });
  });

  test('writeLogs grants nothing where the application logs to its own storage only', () => {
    const stack = newStack(ENV);

    const grant = new SparkEmrServerlessRuntime(stack, 'Spark').grants.writeLogs(submitterIn(stack));

    expect(grant.success).toBe(false);
    expectNoPolicy(stack);
  });

  test('a runtime, an execution role, a submitter and a grant are four resources', () => {
    const stack = newStack();
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');
    const executionRole = runtime.createExecutionRole('ExecutionRole');

    runtime.grantStartJobExecution(submitterIn(stack), executionRole.roleArn);

    const types = resourceTypes(stack);
    expect(types.sort()).toEqual(['AWS::EMRServerless::Application', 'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::IAM::Role']);
  });
});

describe('several stacks', () => {
  test.each(VERB_NAMES)('%s goes to the stack of the grantee', (verb) => {
    const app = new App();
    const applications = new Stack(app, 'Applications', { env: ENV });
    const users = new Stack(app, 'Users', { env: ENV });
    const runtime = new SparkEmrServerlessRuntime(applications, 'Spark');

    VERBS[verb].grant(runtime.grants, submitterIn(users), executionRoleIn(users));

    expectNoPolicy(applications);
    expect(policyStatements(users)).toEqual(VERBS[verb].statements({ 'Fn::ImportValue': expect.stringContaining('Applications:ExportsOutput') }));
  });

  test('the execution role of one stack is passed by a submitter of another', () => {
    const app = new App();
    const applications = new Stack(app, 'Applications');
    const users = new Stack(app, 'Users');
    const runtime = new SparkEmrServerlessRuntime(applications, 'Spark');
    const executionRole = runtime.createExecutionRole('ExecutionRole');

    runtime.grants.startJobExecution(submitterIn(users), executionRole);

    expect(policyStatements(users)).toContainEqual({
      ...PASS_ROLE, Resource: { 'Fn::ImportValue': expect.stringContaining('Applications:ExportsOutputFnGetAttSparkExecutionRole') },
    });
  });

  test('the keys of a third stack are granted without a cycle', () => {
    const app = new App();
    const keys = new Stack(app, 'Keys');
    const applications = new Stack(app, 'Applications');
    const users = new Stack(app, 'Users');
    const runtime = new SparkEmrServerlessRuntime(applications, 'Spark', { managedLogsKey: new kms.Key(keys, 'Key') });

    runtime.grants.viewSparkUi(submitterIn(users));

    expect(policyStatements(users)).toContainEqual(
      allow(USE_KEY, { 'Fn::ImportValue': expect.stringContaining('Keys:ExportsOutputFnGetAttKey') }),
    );
    expect(keys.dependencies).toEqual([]);
  });
});

describe.each(OTHER_PARTITIONS)('in %s', (region, partition, urlSuffix) => {
  test.each(VERB_NAMES)('%s names no other partition', (verb) => {
    const stack = newStack({ account: ACCOUNT, region });
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', {
      managedLogsKey: new kms.Key(stack, 'Key'),
      prometheusWorkspaceArn: `arn:${partition}:aps:${region}:${ACCOUNT}:workspace/ws-1`,
      cloudWatchLogs: {},
    });
    const executionRole = runtime.createExecutionRole('ExecutionRole');

    VERBS[verb].grant(runtime.grants, submitterIn(stack), executionRole);

    expectNoLiteralPartition(stack);
  });

  test('the logs of a bare CfnApplication are granted in the partition', () => {
    const stack = newStack({ account: ACCOUNT, region });

    bareIn(stack, {
      s3MonitoringConfiguration: { logUri: 's3://log-bucket/spark/' },
      cloudWatchLoggingConfiguration: { enabled: true },
      prometheusMonitoringConfiguration: { remoteWriteUrl: `https://aps-workspaces.${region}.${urlSuffix}/workspaces/ws-1/api/v1/remote_write` },
    }).writeLogs(submitterIn(stack));

    expectNoLiteralPartition(stack);
    expect(policyStatements(stack)).toContainEqual(allow('aps:RemoteWrite', {
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:aps:${region}:${ACCOUNT}:workspace/ws-1`]],
    }));
  });

  test('an execution role is passed to EMR Serverless under its only name', () => {
    const stack = newStack({ account: ACCOUNT, region });
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');

    runtime.grantStartJobExecution(submitterIn(stack), `arn:${partition}:iam::${ACCOUNT}:role/jobs`);

    expect(policyStatements(stack)).toContainEqual({ ...PASS_ROLE, Resource: `arn:${partition}:iam::${ACCOUNT}:role/jobs` });
  });
});

describe('the whole error', () => {
  const APPLICATION = 'must be the ARN of one EMR Serverless application (arn:<partition>:emr-serverless:<region>:<account>:/applications/<id>,'
    + ' no wildcard or variable), got: "x"';

  test('of a grantee ends with the application', () => {
    expect(() => importIn(newStack(ENV)).grants.readJobRuns({} as never))
      .toThrow(new Error('`grantee` must be a principal such as a role, got: an object of class Object [Stack/Spark]'));
  });

  test('of what is no application names no place', () => {
    expect(() => SparkEmrServerlessRuntimeGrants.fromApplication(undefined as never))
      .toThrow(new Error('`application` must be given, got: undefined'));
  });

  test('of an import of a CfnApplication ends with the import', () => {
    const stack = newStack(ENV);
    const grants = SparkEmrServerlessRuntimeGrants.fromApplication(CfnApplication.fromApplicationId(stack, 'Import', '*'));
    const submitter = submitterIn(stack);

    expect(() => grants.readJobRuns(submitter)).toThrow(/, no wildcard or variable\), got: ".*\*" \[Stack\/Import\]$/);
  });

  test('of the log destinations of a CfnApplication ends with it', () => {
    const stack = newStack(ENV);
    const grants = bareIn(stack, { cloudWatchLoggingConfiguration: { enabled: true, logGroupName: '*' } });
    const submitter = submitterIn(stack);

    expect(() => grants.writeLogs(submitter)).toThrow(new Error(
      '`cloudWatchLoggingConfiguration.logGroupName` must name one resource, without a wildcard or variable, got: "*" [Stack/Bare]',
    ));
  });

  test.each<[string, (stack: Stack) => void, string[]]>([
    ['an ARN', (stack) => importIn(stack, { applicationArn: lazy('x') }).grants.readJobRuns(submitterIn(stack)), [
      `[Stack/Spark] \`applicationArn\` ${APPLICATION}`,
    ]],
    ['a prefix of the logs', (stack) => {
      new SparkEmrServerlessRuntime(stack, 'Spark', { s3Logs: { bucket: bucketIn(stack), prefix: lazy('a?') } });
    }, [expect.stringMatching(/^\[Stack\/Spark\] `s3Logs.prefix` must have /)]],
  ])('of %s that is a lazy value names the prop only', (_, make, expected) => {
    const stack = newStack(ENV);
    make(stack);

    expect(stack.node.findAll().flatMap(({ node }) => node.validate().map((problem) => `[${node.path}] ${problem}`))).toEqual(expected);
  });
});
