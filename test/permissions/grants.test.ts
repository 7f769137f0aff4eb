import { Annotations, App, Aws, CfnParameter, CfnResource, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { DependencyGroup } from 'constructs';
import { SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeGrants } from '../../src';
import {
  ACCOUNT, allow, APPLICATION_ARN, ENV, EXECUTION_ROLE_ARN, expectNoLiteralPartition, expectNoPolicy, importIn, KEY_ARN, lazy, newStack,
  onlyResource, OTHER_ACCOUNT, OTHER_PARTITIONS, partitioned, policyStatements, resourceTypes, submitterIn, USE_KEY, warnings,
} from '../util';

const OTHER_ACCOUNT_ROLE_ARN = `arn:aws:iam::${OTHER_ACCOUNT}:role/jobs`;
const S3_KEY_ARN = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/s3-key`;
const LOG_GROUP_KEY_ARN = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/log-group-key`;

const PASS_ROLE = {
  Action: 'iam:PassRole',
  Condition: { StringLike: { 'iam:PassedToService': 'emr-serverless.amazonaws.com' } },
  Effect: 'Allow',
  Resource: EXECUTION_ROLE_ARN,
};

/** What lies under an ARN, literal or not. */
function under(arn: unknown, path: string): unknown {
  return typeof arn === 'string' ? `${arn}${path}` : { 'Fn::Join': ['', [arn, path]] };
}

function executionRoleIn(stack: Stack): iam.IRole {
  return iam.Role.fromRoleArn(stack, 'ExecutionRole', EXECUTION_ROLE_ARN);
}

function bareIn(stack: Stack, monitoringConfiguration?: CfnApplication['monitoringConfiguration']): SparkEmrServerlessRuntimeGrants {
  return SparkEmrServerlessRuntimeGrants.fromApplication(
    new CfnApplication(stack, 'Bare', { type: 'SPARK', releaseLabel: 'emr-7.14.0', monitoringConfiguration }),
  );
}

function policies(stack: Stack) {
  return Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
}

type Verb = (grants: SparkEmrServerlessRuntimeGrants, grantee: iam.IGrantable, executionRole: iam.IRole) => iam.Grant;
type Statements = (application: unknown) => unknown[];

const VERBS: { [name: string]: { grant: Verb; statements: Statements; keys?: boolean } } = {
  startJobExecution: {
    grant: (grants, grantee, executionRole) => grants.startJobExecution(grantee, executionRole),
    statements: (application) => [
      allow(
        ['emr-serverless:GetApplication', 'emr-serverless:StartApplication', 'emr-serverless:StartJobRun', 'emr-serverless:StopApplication'],
        application,
      ),
      allow(['emr-serverless:CancelJobRun', 'emr-serverless:GetJobRun'], under(application, '/jobruns/*')),
      PASS_ROLE,
    ],
    keys: true,
  },
  readJobRuns: {
    grant: (grants, grantee) => grants.readJobRuns(grantee),
    statements: (application) => [
      allow('emr-serverless:ListJobRuns', application),
      allow(['emr-serverless:GetJobRun', 'emr-serverless:ListJobRunAttempts'], under(application, '/jobruns/*')),
    ],
  },
  cancelJobRuns: {
    grant: (grants, grantee) => grants.cancelJobRuns(grantee),
    statements: (application) => [allow('emr-serverless:CancelJobRun', under(application, '/jobruns/*'))],
  },
  viewSparkUi: {
    grant: (grants, grantee) => grants.viewSparkUi(grantee),
    statements: (application) => [allow('emr-serverless:GetDashboardForJobRun', under(application, '/jobruns/*'))],
    keys: true,
  },
  tagJobRuns: {
    grant: (grants, grantee) => grants.tagJobRuns(grantee),
    statements: (application) => [allow(
      ['emr-serverless:ListTagsForResource', 'emr-serverless:TagResource', 'emr-serverless:UntagResource'],
      under(application, '/jobruns/*'),
    )],
  },
  useLivy: {
    grant: (grants, grantee, executionRole) => grants.useLivy(grantee, executionRole),
    statements: (application) => [
      allow(['emr-serverless:AccessLivyEndpoints', 'emr-serverless:GetApplication', 'emr-serverless:StartApplication'], application),
      PASS_ROLE,
    ],
    keys: true,
  },
  useStudio: {
    grant: (grants, grantee, executionRole) => grants.useStudio(grantee, executionRole),
    statements: (application) => [allow('emr-serverless:AccessInteractiveEndpoints', application), PASS_ROLE],
    keys: true,
  },
  useSparkConnect: {
    grant: (grants, grantee, executionRole) => grants.useSparkConnect(grantee, executionRole),
    statements: (application) => [
      allow(['emr-serverless:ListSessions', 'emr-serverless:StartSession'], application),
      allow(
        [
          'emr-serverless:GetResourceDashboard',
          'emr-serverless:GetSession',
          'emr-serverless:GetSessionEndpoint',
          'emr-serverless:TerminateSession',
        ],
        under(application, '/sessions/*'),
      ),
      PASS_ROLE,
    ],
    keys: true,
  },
  manageApplication: {
    grant: (grants, grantee) => grants.manageApplication(grantee),
    statements: (application) => [allow(
      [
        'emr-serverless:DeleteApplication',
        'emr-serverless:GetApplication',
        'emr-serverless:StartApplication',
        'emr-serverless:StopApplication',
        'emr-serverless:UpdateApplication',
      ],
      application,
    )],
  },
};

const VERB_NAMES = Object.keys(VERBS);
const VERBS_WITH_ROLE = ['startJobExecution', 'useLivy', 'useStudio', 'useSparkConnect'];

const ALL_KEYS = {
  managedPersistenceMonitoringConfiguration: { enabled: true, encryptionKeyArn: KEY_ARN },
  s3MonitoringConfiguration: { logUri: 's3://log-bucket/spark/', encryptionKeyArn: S3_KEY_ARN },
  cloudWatchLoggingConfiguration: { enabled: true, logGroupName: '/spark', encryptionKeyArn: LOG_GROUP_KEY_ARN },
};

const REMOTE_WRITE_URL = 'https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1234/api/v1/remote_write';

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

describe('a bare CfnApplication with monitoring', () => {
  test.each(VERB_NAMES.filter((verb) => VERBS[verb].keys))('%s grants the keys of the logs', (verb) => {
    const stack = newStack(ENV);

    VERBS[verb].grant(bareIn(stack, ALL_KEYS), submitterIn(stack), executionRoleIn(stack));

    expect(policyStatements(stack)).toEqual([
      ...VERBS[verb].statements({ 'Fn::GetAtt': ['Bare', 'Arn'] }),
      allow(USE_KEY, [KEY_ARN, S3_KEY_ARN, LOG_GROUP_KEY_ARN]),
    ]);
  });

  test.each(VERB_NAMES.filter((verb) => !VERBS[verb].keys))('%s grants no key', (verb) => {
    const stack = newStack(ENV);

    VERBS[verb].grant(bareIn(stack, ALL_KEYS), submitterIn(stack), executionRoleIn(stack));

    expect(policyStatements(stack)).toEqual(VERBS[verb].statements({ 'Fn::GetAtt': ['Bare', 'Arn'] }));
  });

  test('a key that serves twice is granted once', () => {
    const stack = newStack(ENV);

    bareIn(stack, {
      managedPersistenceMonitoringConfiguration: { encryptionKeyArn: KEY_ARN },
      s3MonitoringConfiguration: { logUri: 's3://log-bucket/', encryptionKeyArn: KEY_ARN },
    }).startJobExecution(submitterIn(stack), executionRoleIn(stack));

    expect(policyStatements(stack)).toContainEqual(allow(USE_KEY, KEY_ARN));
  });

  test('a key of the stack is granted by its ARN', () => {
    const stack = newStack(ENV);
    const key = new kms.Key(stack, 'Key');

    bareIn(stack, { managedPersistenceMonitoringConfiguration: { encryptionKeyArn: key.keyArn } }).viewSparkUi(submitterIn(stack));

    expect(policyStatements(stack)).toContainEqual(allow(USE_KEY, stack.resolve(key.keyArn)));
  });

  test.each([
    ['s3://log-bucket', 'log-bucket/*'],
    ['s3://log-bucket/', 'log-bucket/*'],
    ['s3://log-bucket/spark', 'log-bucket/spark/*'],
    ['s3://log-bucket/spark/', 'log-bucket/spark/*'],
    ['s3://log-bucket/spark//', 'log-bucket/spark/*'],
  ])('writeLogs puts objects under the log URI %s', (logUri, objects) => {
    const stack = newStack(ENV);

    bareIn(stack, { s3MonitoringConfiguration: { logUri } }).writeLogs(submitterIn(stack));

    expect(policyStatements(stack)).toEqual([
      allow('s3:PutObject', partitioned(`s3:::${objects}`)),
    ]);
  });

  test('writeLogs puts objects under a log URI that holds a token', () => {
    const stack = newStack(ENV);
    const bucketName = new CfnParameter(stack, 'BucketName').valueAsString;

    bareIn(stack, { s3MonitoringConfiguration: { logUri: `s3://${bucketName}/spark/` } }).writeLogs(submitterIn(stack));

    expect(policyStatements(stack)).toEqual([
      allow('s3:PutObject', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { Ref: 'BucketName' }, '/spark/*']] }),
    ]);
  });

  // neither the prefix nor a slash at its end is known, but the application's id is in the names of its logs
  test('writeLogs puts the objects of the application into the bucket of a log URI that is a token', () => {
    const stack = newStack(ENV);
    const logUri = new CfnParameter(stack, 'LogUri').valueAsString;

    bareIn(stack, { s3MonitoringConfiguration: { logUri } }).writeLogs(submitterIn(stack));

    const [applicationId] = Object.keys(Template.fromStack(stack).findResources('AWS::EMRServerless::Application'));
    const bucket = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'LogUri' }] }] };
    expect(policyStatements(stack)).toEqual([allow('s3:PutObject', {
      'Fn::Join': ['', [
        'arn:', { Ref: 'AWS::Partition' }, ':s3:::', bucket, '/*applications/', { Ref: applicationId }, '/*',
      ]],
    })]);
  });

  test('writeLogs grants nothing for a log URI that is none', () => {
    const stack = newStack(ENV);

    expect(bareIn(stack, { s3MonitoringConfiguration: { logUri: 's3a://log-bucket/spark' } }).writeLogs(submitterIn(stack)).success).toBe(false);
  });

  test('writeLogs writes to the log group, and associates its key', () => {
    const stack = newStack(ENV);
    const arn = (resource: string) => partitioned(`logs:eu-west-1:${ACCOUNT}:${resource}`);

    bareIn(stack, { cloudWatchLoggingConfiguration: { enabled: true, logGroupName: '/spark', encryptionKeyArn: LOG_GROUP_KEY_ARN } })
      .writeLogs(submitterIn(stack));

    expect(policyStatements(stack)).toEqual([
      allow('logs:DescribeLogGroups', arn('*')),
      allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], arn('log-group:/spark:*')),
      allow('logs:AssociateKmsKey', arn('log-group:/spark:*')),
      allow('kms:DescribeKey', LOG_GROUP_KEY_ARN),
      allow(USE_KEY, LOG_GROUP_KEY_ARN),
    ]);
  });

  test('writeLogs writes to the default log group where none is named', () => {
    const stack = newStack(ENV);

    bareIn(stack, { cloudWatchLoggingConfiguration: { enabled: true } }).writeLogs(submitterIn(stack));

    expect(policyStatements(stack)).toContainEqual(allow(
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      partitioned(`logs:eu-west-1:${ACCOUNT}:log-group:/aws/emr-serverless:*`),
    ));
  });

  test('writeLogs grants nothing for CloudWatch logs that are off', () => {
    const stack = newStack(ENV);

    const grant = bareIn(stack, { cloudWatchLoggingConfiguration: { enabled: false, logGroupName: '/spark' } }).writeLogs(submitterIn(stack));

    expect(grant.success).toBe(false);
    expectNoPolicy(stack);
  });

  test('writeLogs writes metrics to the workspace behind the remote write URL', () => {
    const stack = newStack(ENV);

    bareIn(stack, { prometheusMonitoringConfiguration: { remoteWriteUrl: REMOTE_WRITE_URL } }).writeLogs(submitterIn(stack));

    expect(policyStatements(stack)).toEqual([allow('aps:RemoteWrite', {
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:aps:eu-west-1:${ACCOUNT}:workspace/ws-1234`]],
    })]);
  });

  test('writeLogs writes metrics to the workspace behind a remote write URL that is a token', () => {
    const stack = newStack(ENV);
    const remoteWriteUrl = new CfnParameter(stack, 'Url').valueAsString;
    const part = (i: number) => ({ 'Fn::Select': [i, { 'Fn::Split': ['/', { Ref: 'Url' }] }] });

    bareIn(stack, { prometheusMonitoringConfiguration: { remoteWriteUrl } }).writeLogs(submitterIn(stack));

    expect(policyStatements(stack)).toEqual([allow('aps:RemoteWrite', {
      'Fn::Join': ['', [
        'arn:', { Ref: 'AWS::Partition' }, ':aps:', { 'Fn::Select': [1, { 'Fn::Split': ['.', part(2)] }] }, `:${ACCOUNT}:workspace/`, part(4),
      ]],
    })]);
  });

  test('nothing is known of monitoring that is a token', () => {
    const stack = newStack(ENV);
    const grants = bareIn(stack, Lazy.any({ produce: () => ALL_KEYS }));

    const writeLogs = grants.writeLogs(submitterIn(stack));
    grants.startJobExecution(new iam.User(stack, 'User'), executionRoleIn(stack));

    expect(writeLogs.success).toBe(false);
    expect(policyStatements(stack)).toEqual(VERBS.startJobExecution.statements({ 'Fn::GetAtt': ['Bare', 'Arn'] }));
  });

  test('nothing is known of a part of monitoring that is a token, and the rest counts', () => {
    const stack = newStack(ENV);

    bareIn(stack, {
      managedPersistenceMonitoringConfiguration: Lazy.any({ produce: () => ({ encryptionKeyArn: KEY_ARN }) }),
      s3MonitoringConfiguration: { encryptionKeyArn: S3_KEY_ARN },
    }).viewSparkUi(submitterIn(stack));

    expect(policyStatements(stack)).toContainEqual(allow(USE_KEY, S3_KEY_ARN));
  });
});

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

  test.each([...VERB_NAMES, 'writeLogs', 'actions'])('%s to a service principal changes nothing, no key policy either, and says so', (verb) => {
    function build(grantIt: boolean) {
      const stack = newStack(ENV);
      const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', {
        managedLogsKey: new kms.Key(stack, 'ManagedKey'),
        cloudWatchLogs: { encryptionKey: new kms.Key(stack, 'LogGroupKey') },
      });
      const executionRole = runtime.createExecutionRole('ExecutionRole');
      const principal = new iam.ServicePrincipal('states.amazonaws.com');
      const grants: { [name: string]: () => iam.Grant } = {
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
    const one = new SparkEmrServerlessRuntime(stack, 'One');
    const other = new SparkEmrServerlessRuntime(stack, 'Other');
    const submitter = submitterIn(stack);

    one.grantStartJobExecution(submitter, EXECUTION_ROLE_ARN);
    other.grantStartJobExecution(submitter, `arn:aws:iam::${ACCOUNT}:role/others`);

    expect(onlyResource(stack, 'AWS::IAM::Policy').PolicyDocument.Statement).toEqual([
      ...VERBS.startJobExecution.statements(stack.resolve(one.applicationArn)),
      ...VERBS.startJobExecution.statements(stack.resolve(other.applicationArn)).slice(0, 2),
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

describe('the ARN of the execution role', () => {
  test.each([
    EXECUTION_ROLE_ARN,
    `arn:aws:iam::${ACCOUNT}:role/team/spark/jobs`,
    `arn:aws:iam::${ACCOUNT}:role/service-role/AmazonEMR-ExecutionRole-1234`,
    `arn:aws:iam::${ACCOUNT}:role/a`,
    `arn:aws:iam::${ACCOUNT}:role/${'a'.repeat(64)}`,
    `arn:aws:iam::${ACCOUNT}:role/Jobs_1+2=3,4.5@6-7`,
    `arn:aws-cn:iam::${ACCOUNT}:role/jobs`,
    `arn:aws-us-gov:iam::${ACCOUNT}:role/jobs`,
    `arn:aws-iso-b:iam::${ACCOUNT}:role/jobs`,
    `arn:aws-eusc:iam::${ACCOUNT}:role/jobs`,
  ])('%s is passed as it is', (arn) => {
    const stack = newStack(ENV);

    importIn(stack).grantStartJobExecution(submitterIn(stack), arn);

    expect(policyStatements(stack)).toContainEqual({ ...PASS_ROLE, Resource: arn });
  });

  test.each([
    ['an empty string', ''],
    ['a name', 'jobs'],
    ['a wildcard', '*'],
    ['a wildcard for the name', `arn:aws:iam::${ACCOUNT}:role/*`],
    ['a wildcard at the end of the name', `arn:aws:iam::${ACCOUNT}:role/jobs*`],
    ['a question mark in the name', `arn:aws:iam::${ACCOUNT}:role/job?`],
    ['a wildcard in the path', `arn:aws:iam::${ACCOUNT}:role/*/jobs`],
    ['a wildcard for the account', 'arn:aws:iam::*:role/jobs'],
    ['a wildcard for the partition', `arn:*:iam::${ACCOUNT}:role/jobs`],
    ['another service', `arn:aws:s3::${ACCOUNT}:role/jobs`],
    ['an application', APPLICATION_ARN],
    ['an assumed role', `arn:aws:sts::${ACCOUNT}:assumed-role/jobs/session`],
    ['a user', `arn:aws:iam::${ACCOUNT}:user/jobs`],
    ['an instance profile', `arn:aws:iam::${ACCOUNT}:instance-profile/jobs`],
    ['a root', `arn:aws:iam::${ACCOUNT}:root`],
    ['no name', `arn:aws:iam::${ACCOUNT}:role/`],
    ['a path without a name', `arn:aws:iam::${ACCOUNT}:role/team/`],
    ['a name of 65 characters', `arn:aws:iam::${ACCOUNT}:role/${'a'.repeat(65)}`],
    ['a space', `arn:aws:iam::${ACCOUNT}:role/my jobs`],
    ['a Region', `arn:aws:iam:eu-west-1:${ACCOUNT}:role/jobs`],
    ['no account', 'arn:aws:iam:::role/jobs'],
    ['an account of 11 digits', 'arn:aws:iam::11111111111:role/jobs'],
    ['an account of 13 digits', 'arn:aws:iam::1111111111111:role/jobs'],
    ['an unknown partition', `arn:azure:iam::${ACCOUNT}:role/jobs`],
    ['too few parts', 'arn:aws:iam::role/jobs'],
    ['three parts', 'arn:aws:iam'],
    ['something before it', `xarn:aws:iam::${ACCOUNT}:role/jobs`],
    ['a longer prefix', `arns:aws:iam::${ACCOUNT}:role/jobs`],
    ['something before the partition', `arn:xaws:iam::${ACCOUNT}:role/jobs`],
    ['a digit in the partition', `arn:aws2:iam::${ACCOUNT}:role/jobs`],
    ['something before the service', `arn:aws:xiam::${ACCOUNT}:role/jobs`],
    ['something behind the service', `arn:aws:iamx::${ACCOUNT}:role/jobs`],
    ['something before the resource', `arn:aws:iam::${ACCOUNT}:xrole/jobs`],
    ['a colon in the name', `arn:aws:iam::${ACCOUNT}:role/jobs:1`],
  ])('is refused with %s', (_, arn) => {
    const stack = newStack(ENV);
    const runtime = importIn(stack);
    const submitter = submitterIn(stack);

    expect(() => runtime.grantStartJobExecution(submitter, arn)).toThrow(
      '`executionRoleArn` must be the ARN of one IAM role (arn:<partition>:iam::<account>:role/<name>, no wildcard),'
      + ` got: ${JSON.stringify(arn)} [Stack/Spark]`,
    );
    expectNoPolicy(stack);
  });

  test.each<[string, (stack: Stack) => string, unknown]>([
    ['a parameter', (stack) => new CfnParameter(stack, 'Arn').valueAsString, { Ref: 'Arn' }],
    ['a lazy value', () => lazy(EXECUTION_ROLE_ARN), EXECUTION_ROLE_ARN],
    ['an imported value', () => Fn.importValue('RoleArn'), { 'Fn::ImportValue': 'RoleArn' }],
    [
      'an ARN with a token for the partition and for the account',
      () => `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/jobs`,
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':role/jobs']] },
    ],
    [
      'an ARN with a token for the name',
      (stack) => `arn:aws:iam::${ACCOUNT}:role/${new CfnParameter(stack, 'Name').valueAsString}`,
      { 'Fn::Join': ['', [`arn:aws:iam::${ACCOUNT}:role/`, { Ref: 'Name' }]] },
    ],
    [
      'an ARN with a token in the name',
      (stack) => `arn:aws:iam::${ACCOUNT}:role/team/jobs-${new CfnParameter(stack, 'Name').valueAsString}-1`,
      { 'Fn::Join': ['', [`arn:aws:iam::${ACCOUNT}:role/team/jobs-`, { Ref: 'Name' }, '-1']] },
    ],
    [
      'an ARN with a token for all that follows the service',
      (stack) => `arn:aws:iam:${new CfnParameter(stack, 'Rest').valueAsString}`,
      { 'Fn::Join': ['', ['arn:aws:iam:', { Ref: 'Rest' }]] },
    ],
    [
      'a token with an ARN before it',
      (stack) => `${new CfnParameter(stack, 'Prefix').valueAsString}:role/jobs`,
      { 'Fn::Join': ['', [{ Ref: 'Prefix' }, ':role/jobs']] },
    ],
  ])('may be %s', (_, arn, expected) => {
    const stack = newStack(ENV);

    importIn(stack).grantStartJobExecution(submitterIn(stack), arn(stack));

    expect(policyStatements(stack)).toContainEqual({ ...PASS_ROLE, Resource: expected });
  });

  test.each<[string, (token: string) => string]>([
    ['a wildcard after a token', (token) => `arn:aws:iam::${ACCOUNT}:role/${token}*`],
    ['a wildcard before a token', (token) => `arn:aws:iam::${ACCOUNT}:role/*${token}`],
    ['a question mark beside a token', (token) => `${token}?`],
    ['a wildcard beside a token for the account', (token) => `arn:aws:iam::${token}:role/*`],
    ['another service beside a token for the name', (token) => `arn:aws:s3:::${token}`],
    ['a user beside a token for the account', (token) => `arn:aws:iam::${token}:user/jobs`],
    ['a Region beside a token for the account', (token) => `arn:aws:iam:eu-west-1:${token}:role/jobs`],
    ['a resource that ends like a role beside a token for the account', (token) => `arn:aws:iam::${token}:xrole`],
    ['a resource that starts like a role beside a token for the account', (token) => `arn:aws:iam::${token}:roles`],
  ])('is refused with %s', (_, arn) => {
    const stack = newStack(ENV);
    const token = new CfnParameter(stack, 'Token').valueAsString;
    const runtime = importIn(stack);
    const submitter = submitterIn(stack);

    expect(() => runtime.grantStartJobExecution(submitter, arn(token))).toThrow('`executionRoleArn` must be the ARN of one IAM role');
  });

  test.each(VERBS_WITH_ROLE)('%s checks the ARN of a typed role', (verb) => {
    const stack = newStack(ENV);
    const role = iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${ACCOUNT}:role/jobs*`);
    const { grants } = importIn(stack);
    const submitter = submitterIn(stack);

    expect(() => VERBS[verb].grant(grants, submitter, role)).toThrow(`no wildcard), got: "arn:aws:iam::${ACCOUNT}:role/jobs*"`);
  });

  test('a refusal names the path of a bare CfnApplication', () => {
    const stack = newStack(ENV);
    const grants = bareIn(stack);
    const submitter = submitterIn(stack);
    const role = iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${ACCOUNT}:role/jobs*`);

    expect(() => grants.startJobExecution(submitter, role)).toThrow('[Stack/Bare]');
  });
});

describe('accounts', () => {
  test('an execution role ARN of another account is refused', () => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');
    const submitter = submitterIn(stack);

    expect(() => runtime.grantStartJobExecution(submitter, OTHER_ACCOUNT_ROLE_ARN)).toThrow(
      `\`executionRoleArn\` must be of the application's account ${ACCOUNT}, AWS passes no role to another account, got: ${OTHER_ACCOUNT} [Stack/Spark]`,
    );
    expectNoPolicy(stack);
  });

  test.each(VERBS_WITH_ROLE)('%s refuses a typed role of another account', (verb) => {
    const stack = newStack(ENV);
    const { grants } = new SparkEmrServerlessRuntime(stack, 'Spark');
    const role = iam.Role.fromRoleArn(stack, 'Role', OTHER_ACCOUNT_ROLE_ARN);
    const submitter = submitterIn(stack);

    expect(() => VERBS[verb].grant(grants, submitter, role)).toThrow(
      `\`executionRole\` must be of the application's account ${ACCOUNT}, AWS passes no role to another account, got: ${OTHER_ACCOUNT} [Stack/Spark]`,
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

    expect(() => runtime.grantStartJobExecution(submitter, EXECUTION_ROLE_ARN)).toThrow(`the application's account ${OTHER_ACCOUNT}`);
  });

  test('a bare CfnApplication refuses an execution role of another account', () => {
    const stack = newStack(ENV);
    const grants = bareIn(stack);
    const submitter = submitterIn(stack);
    const role = iam.Role.fromRoleArn(stack, 'Role', OTHER_ACCOUNT_ROLE_ARN);

    expect(() => grants.startJobExecution(submitter, role)).toThrow(`the application's account ${ACCOUNT}`);
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
    const others: { [name: string]: () => iam.Grant } = {
      writeLogs: () => grants.writeLogs(grantee),
      actions: () => grants.actions(grantee, 'emr-serverless:GetJobRun'),
    };

    (others[verb] ?? (() => VERBS[verb].grant(grants, grantee, executionRoleIn(stack))))();

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

describe('actions', () => {
  test.each([
    ['AccessInteractiveEndpoints', ['']],
    ['AccessLivyEndpoints', ['']],
    ['AccessSystemProfileLogs', ['/jobruns/*']],
    ['CancelJobRun', ['/jobruns/*']],
    ['DeleteApplication', ['']],
    ['GetApplication', ['']],
    ['GetDashboardForJobRun', ['/jobruns/*']],
    ['GetJobRun', ['/jobruns/*']],
    ['GetResourceDashboard', ['/sessions/*']],
    ['GetSession', ['/sessions/*']],
    ['GetSessionEndpoint', ['/sessions/*']],
    ['ListJobRunAttempts', ['/jobruns/*']],
    ['ListJobRuns', ['']],
    ['ListSessions', ['']],
    ['ListTagsForResource', ['/jobruns/*', '/sessions/*']],
    ['StartApplication', ['']],
    ['StartJobRun', ['']],
    ['StartSession', ['']],
    ['StopApplication', ['']],
    ['TagResource', ['/jobruns/*', '/sessions/*']],
    ['TerminateSession', ['/sessions/*']],
    ['UntagResource', ['/jobruns/*', '/sessions/*']],
    ['UpdateApplication', ['']],
  ])('%s is granted on %j of the application', (action, paths) => {
    const stack = newStack(ENV);

    importIn(stack).grants.actions(submitterIn(stack), `emr-serverless:${action}`);

    expect(policyStatements(stack)).toEqual(paths.map((path) => allow(`emr-serverless:${action}`, `${APPLICATION_ARN}${path}`)));
  });

  test.each(['CreateApplication', 'ListApplications'])('%s is refused, it knows no resource', (action) => {
    const stack = newStack(ENV);
    const { grants } = importIn(stack);
    const submitter = submitterIn(stack);

    expect(() => grants.actions(submitter, `emr-serverless:${action}`)).toThrow(
      `\`actions\` must be actions on an application, its job runs or its sessions, got: "emr-serverless:${action}"`
      + ' (it knows no resource and can only be granted on "*")',
    );
  });

  test.each([
    ['StopJobRun', 'CancelJobRun'],
    ['DescribeApplication', 'GetApplication'],
  ])('%s is refused with the right name %s', (mistaken, right) => {
    const stack = newStack(ENV);
    const { grants } = importIn(stack);
    const submitter = submitterIn(stack);

    expect(() => grants.actions(submitter, `emr-serverless:${mistaken}`)).toThrow(
      `\`actions\` must be full names of EMR Serverless actions such as "emr-serverless:GetJobRun", got: "emr-serverless:${mistaken}"`
      + ` (IAM calls it emr-serverless:${right})`,
    );
  });

  test.each([
    'emr-serverless:*',
    'emr-serverless:Get*',
    'emr-serverless:GetJobRu?',
    '*',
    'emr-serverless:FlyToTheMoon',
    'emr-serverless:constructor',
    'emr-serverless:toString',
    'emr-serverless:',
    'GetJobRun',
    'emr-containers:StartJobRun',
    's3:GetObject',
    'iam:PassRole',
    '',
  ])('%j is refused', (action) => {
    const stack = newStack(ENV);
    const { grants } = importIn(stack);
    const submitter = submitterIn(stack);

    expect(() => grants.actions(submitter, action)).toThrow(
      `\`actions\` must be full names of EMR Serverless actions such as "emr-serverless:GetJobRun", got: ${JSON.stringify(action)}`,
    );
  });

  test.each(['emr-serverless:constructor', 's3:GetObject', ''])('%j is refused without a guess at what was meant', (action) => {
    const stack = newStack(ENV);
    const { grants } = importIn(stack);
    const submitter = submitterIn(stack);

    expect(() => grants.actions(submitter, action)).toThrow(new RegExp(`, got: ${JSON.stringify(action)} \\[Stack/Spark\\]$`));
  });

  test('one refused action keeps all others from being granted', () => {
    const stack = newStack(ENV);
    const { grants } = importIn(stack);
    const submitter = submitterIn(stack);

    expect(() => grants.actions(submitter, 'emr-serverless:GetApplication', 'emr-serverless:StopJobRun')).toThrow('emr-serverless:CancelJobRun');
    expectNoPolicy(stack);
  });

  test('a list of actions that is a token is granted on all that they could be', () => {
    const stack = newStack(ENV);
    const actions = new CfnParameter(stack, 'Actions', { type: 'CommaDelimitedList' }).valueAsList;

    importIn(stack).grants.actions(submitterIn(stack), ...actions);

    expect(policyStatements(stack)).toEqual([
      allow({ Ref: 'Actions' }, APPLICATION_ARN),
      allow({ Ref: 'Actions' }, `${APPLICATION_ARN}/jobruns/*`),
      allow({ Ref: 'Actions' }, `${APPLICATION_ARN}/sessions/*`),
    ]);
  });

  test('an action that is a token is granted on all that it could be', () => {
    const stack = newStack(ENV);
    const action = new CfnParameter(stack, 'Action').valueAsString;

    importIn(stack).grants.actions(submitterIn(stack), action);

    expect(policyStatements(stack)).toEqual([
      allow({ Ref: 'Action' }, APPLICATION_ARN),
      allow({ Ref: 'Action' }, `${APPLICATION_ARN}/jobruns/*`),
      allow({ Ref: 'Action' }, `${APPLICATION_ARN}/sessions/*`),
    ]);
  });

  test('several actions are one statement for each kind of resource, sorted and each once', () => {
    const stack = newStack(ENV);

    importIn(stack).grants.actions(submitterIn(stack),
      'emr-serverless:TagResource',
      'emr-serverless:StartJobRun',
      'emr-serverless:GetSession',
      'emr-serverless:GetJobRun',
      'emr-serverless:GetApplication',
      'emr-serverless:GetJobRun',
    );

    expect(policyStatements(stack)).toEqual([
      allow(['emr-serverless:GetApplication', 'emr-serverless:StartJobRun'], APPLICATION_ARN),
      allow(['emr-serverless:GetJobRun', 'emr-serverless:TagResource'], `${APPLICATION_ARN}/jobruns/*`),
      allow(['emr-serverless:GetSession', 'emr-serverless:TagResource'], `${APPLICATION_ARN}/sessions/*`),
    ]);
  });

  test('no action is no grant', () => {
    const stack = newStack(ENV);

    const grant = importIn(stack).grants.actions(submitterIn(stack));

    expect(grant.success).toBe(false);
    expectNoPolicy(stack);
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

test.each([
  ['CloudWatch Logs', { cloudWatchLoggingConfiguration: { enabled: false, encryptionKeyArn: LOG_GROUP_KEY_ARN } }],
  ['managed storage', { managedPersistenceMonitoringConfiguration: { enabled: false, encryptionKeyArn: LOG_GROUP_KEY_ARN } }],
])('the key of %s that is off is not granted', (_, monitoringConfiguration) => {
  const stack = newStack(ENV);
  const role = submitterIn(stack);
  const grants = bareIn(stack, monitoringConfiguration);

  const viewed = grants.viewSparkUi(role);
  const written = grants.writeLogs(role);

  expect(viewed.principalStatements).toHaveLength(1);
  expect(written.success).toBe(false);
});

test.each([
  ['StopJobRun', 'CancelJobRun'],
  ['emr-serverless:stopJobRun', 'CancelJobRun'],
  ['GetJobRun', 'GetJobRun'],
  ['emr-serverless:getjobrun', 'GetJobRun'],
])('actions() tells what IAM calls %s', (action, meant) => {
  const stack = newStack(ENV);
  const { grants } = new SparkEmrServerlessRuntime(stack, 'Spark');

  expect(() => grants.actions(submitterIn(stack), action)).toThrow(`got: "${action}" (IAM calls it emr-serverless:${meant}) [Stack/Spark]`);
});

test('actions() names all that it refuses, and grants none', () => {
  const stack = newStack(ENV);
  const { grants } = new SparkEmrServerlessRuntime(stack, 'Spark');

  expect(() => grants.actions(submitterIn(stack), 'emr-serverless:GetJobRun', 'emr-serverless:Nonsense', 'emr-serverless:ListApplications'))
    .toThrow(/^2 problems in \[Stack\/Spark\]:\n.*"emr-serverless:Nonsense".*\n.*"emr-serverless:ListApplications"/);
  expectNoPolicy(stack);
});

test('an execution role ARN that CDK has yet to look up is not refused', () => {
  const stack = newStack(ENV);
  const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');

  expect(() => runtime.grantStartJobExecution(submitterIn(stack), ssm.StringParameter.valueFromLookup(stack, '/role/arn'))).not.toThrow();
});
