import { App, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { existing, jobOf, lateRefusal, refusal } from './job-parts';
import { EmrRelease, LoggingOptions, SparkCode, SparkEmrServerlessRuntime } from '../../src';
import { PASS_ROLE } from '../permissions/verbs';
import {
  ACCOUNT, allow, APPLICATION_ARN, ENV, EXECUTION_ROLE_ARN, expectNoPolicy, KEY_ARN, lazy, newStack, onlyResource, OTHER_ACCOUNT,
  partitioned, policyStatements, submitterIn, USE_KEY, warnings, WORKSPACE_ARN,
} from '../util';

const JOB_RUNS = `${APPLICATION_ARN}/jobruns/*`;
const OTHER_KEY_ARN = KEY_ARN.replace('1234abcd', '9999abcd');

function keyOf(stack: Stack, id: string, arn = KEY_ARN): kms.IKey {
  return kms.Key.fromKeyArn(stack, id, arn);
}

describe('a grant', () => {
  test('to start is what it takes to submit the job', () => {
    const stack = newStack(ENV);
    const grant = jobOf(existing(stack), {}, stack).grants.start(submitterIn(stack));

    expect(grant.success).toBe(true);
    expect(policyStatements(stack)).toEqual([allow('emr-serverless:StartJobRun', APPLICATION_ARN), PASS_ROLE]);
  });

  test('to run also lets an orchestrator start the application, and watch and cancel', () => {
    const stack = newStack(ENV);
    jobOf(existing(stack), {}, stack).grants.run(submitterIn(stack));

    expect(policyStatements(stack)).toEqual([
      allow(['emr-serverless:GetApplication', 'emr-serverless:StartApplication', 'emr-serverless:StartJobRun'], APPLICATION_ARN),
      allow(['emr-serverless:CancelJobRun', 'emr-serverless:GetJobRun'], JOB_RUNS),
      PASS_ROLE,
    ]);
  });

  test.each(['start', 'run'] as const)('to %s has the keys of the logs of the application and of the job, and the tags', (verb) => {
    const stack = newStack(ENV);
    const job = jobOf({
      ...existing(stack, { managedLogsKey: keyOf(stack, 'Common') }),
      logging: { s3Logs: { bucket: s3.Bucket.fromBucketName(stack, 'Logs', 'logs'), encryptionKey: keyOf(stack, 'Own', OTHER_KEY_ARN) } },
      jobRunTags: { team: 'data' },
    }, {}, stack);
    job.grants[verb](submitterIn(stack));

    expect(policyStatements(stack)).toEqual(expect.arrayContaining([
      allow(USE_KEY, KEY_ARN), allow(USE_KEY, OTHER_KEY_ARN), allow('emr-serverless:TagResource', JOB_RUNS),
    ]));
  });

  test('has no right to tag without tags', () => {
    const stack = newStack(ENV);
    jobOf({ ...existing(stack), jobRunTags: {} }, {}, stack).grants.run(submitterIn(stack));

    expect(JSON.stringify(policyStatements(stack))).not.toContain('TagResource');
  });

  test.each(['start', 'run'] as const)('to %s passes the role of the job, whose stack may be another one', (verb) => {
    const app = new App();
    const job = jobOf({}, {}, new Stack(app, 'Jobs', { env: ENV }));
    const users = new Stack(app, 'Users', { env: ENV });
    job.grants[verb](submitterIn(users));

    expect(policyStatements(users)).toContainEqual({ ...PASS_ROLE, Resource: { 'Fn::ImportValue': expect.stringContaining('JobExecutionRole') } });
  });

  test.each(['start', 'run'] as const)('to %s is none for a grantee without policies', (verb) => {
    const stack = newStack(ENV);
    const grant = jobOf(existing(stack), {}, stack).grants[verb](new iam.ServicePrincipal('lambda.amazonaws.com'));

    expect(grant.success).toBe(false);
    expectNoPolicy(stack);
  });

  test('to a principal of another account has a warning', () => {
    const stack = newStack(ENV);
    jobOf(existing(stack), {}, stack).grants.start(iam.Role.fromRoleArn(stack, 'Other', `arn:aws:iam::${OTHER_ACCOUNT}:role/x`));

    expect(warnings(stack).join()).toContain('cdk-spark-emr-serverless:granteeOfOtherAccount');
  });

  test.each([undefined, null, 'role', {}])('to %p is refused', (grantee) => {
    const stack = newStack(ENV);

    expect(() => jobOf(existing(stack), {}, stack).grants.run(grantee as any)).toThrow(/^`grantee` must be /);
  });
});

describe('the role of the job', () => {
  test('is one that only the application uses', () => {
    const stack = newStack(ENV);
    const { executionRole } = jobOf({}, {}, stack);

    const { AssumeRolePolicyDocument: trust } = onlyResource(stack, 'AWS::IAM::Role');
    expect(trust.Statement[0].Condition.StringEquals).toEqual({ 'aws:SourceAccount': ACCOUNT });
    expect(executionRole.node.path).toBe('Stack/Job/ExecutionRole');
    expect(warnings(stack)).toEqual([]);
  });

  test('is the one that is given, without another one', () => {
    const stack = newStack(ENV);
    const props = existing(stack);
    const job = jobOf(props, {}, stack);

    expect(job.executionRole).toBe(props.executionRole);
    expect(job.node.children).toEqual([]);
  });

  test('may read the code', () => {
    const stack = newStack(ENV);
    jobOf({ entryPoint: SparkCode.fromBucket(s3.Bucket.fromBucketName(stack, 'Code', 'code'), 'job.py') }, {}, stack);

    expect(policyStatements(stack)).toEqual([allow('s3:GetObject', partitioned('s3:::code/job.py'))]);
  });

  test.each<[string, (stack: Stack) => iam.IRole, string | undefined]>([
    ['that trusts another service', (stack) => new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }),
      'does not trust EMR Serverless'],
    ['that trusts another application', (stack) => new SparkEmrServerlessRuntime(stack, 'Other').createExecutionRole('Role'),
      'trusts other applications only'],
    ['that trusts all applications', (stack) => new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('emr-serverless.amazonaws.com') }),
      undefined],
    ['that is imported', (stack) => iam.Role.fromRoleArn(stack, 'Role', EXECUTION_ROLE_ARN), undefined],
  ])('%s has one warning, however often it is granted', (_, role, message) => {
    const stack = newStack(ENV);
    const job = jobOf({ executionRole: role(stack) }, {}, stack);
    job.grants.run(submitterIn(stack));
    Template.fromStack(stack);

    const found = warnings(stack).filter((warning) => warning.includes('executionRoleTrust'));
    expect(found).toHaveLength(message === undefined ? 0 : 1);
    expect(found.join()).toContain(message ?? '');
  });
});

describe('the logs of the job', () => {
  test('may be written to by the role, and nowhere else', () => {
    const stack = newStack(ENV);
    jobOf({
      ...existing(stack, { s3Logs: { bucket: s3.Bucket.fromBucketName(stack, 'Common', 'common') } }, true),
      logging: {
        s3Logs: { bucket: s3.Bucket.fromBucketName(stack, 'Logs', 'logs'), prefix: 'jobs', encryptionKey: keyOf(stack, 'Key') },
        prometheusWorkspaceArn: WORKSPACE_ARN,
      },
    }, {}, stack);

    expect(policyStatements(stack)).toEqual([
      allow('s3:PutObject', partitioned('s3:::logs/jobs/applications/00abc123/*')),
      allow(USE_KEY, KEY_ARN),
      allow('aps:RemoteWrite', WORKSPACE_ARN),
    ]);
  });

  test('may be written to by a role of the job, beside those of the application', () => {
    const stack = newStack(ENV);
    jobOf(
      { logging: { cloudWatchLogs: {} } },
      { s3Logs: { bucket: s3.Bucket.fromBucketName(stack, 'Common', 'common') } },
      stack,
    );

    expect(policyStatements(stack).flatMap(({ Action }) => Action)).toEqual(expect.arrayContaining(['s3:PutObject', 'logs:PutLogEvents']));
  });

  test('add nothing to an imported role that must not change', () => {
    const stack = newStack(ENV);
    jobOf({ ...existing(stack), logging: { cloudWatchLogs: {} } }, {}, stack);

    expectNoPolicy(stack);
  });

  test('let EMR Serverless use a key of the app', () => {
    const stack = newStack(ENV);
    jobOf({ logging: { managedLogsKey: new kms.Key(stack, 'Key') } }, {}, stack);

    const [, added] = onlyResource(stack, 'AWS::KMS::Key').KeyPolicy.Statement;
    expect(added).toMatchObject({ Action: USE_KEY, Principal: { Service: 'emr-serverless.amazonaws.com' } });
  });

  test.each<[string, (stack: Stack) => LoggingOptions, string]>([
    ['an imported key', (stack) => ({ managedLogsKey: keyOf(stack, 'Key') }), 'keyPolicyByHand'],
    ['a bucket with an alias', (stack) => ({
      s3Logs: {
        bucket: s3.Bucket.fromBucketAttributes(stack, 'Logs', { bucketName: 'logs', encryptionKey: kms.Alias.fromAliasName(stack, 'Alias', 'alias/a') }),
      },
    }), 'bucketKeyByHand'],
    ['no logs at all', () => ({ managedLogs: false }), 'noLogs'],
    ['a workspace elsewhere', () => ({ prometheusWorkspaceArn: WORKSPACE_ARN.replace('eu-west-1', 'us-east-1') }), 'workspaceOfOtherRegion'],
  ])('have the warnings of an application: %s', (_, logging, id) => {
    const stack = newStack(ENV);
    jobOf({ ...existing(stack), logging: logging(stack) }, {}, stack);

    expect(warnings(stack).filter((warning) => warning.includes(`:${id}]`))).toHaveLength(1);
  });

  test('are named as the job has them', () => {
    const stack = newStack(ENV);
    const logging = { managedLogs: false, managedLogsKey: keyOf(stack, 'Key') };
    jobOf({ ...existing(stack), logging: { managedLogs: false } }, {}, stack);

    expect(refusal({ logging }, {}, newStack(ENV))).toBe('`logging.managedLogsKey` must not be given with `logging.managedLogs: false`, because there are no logs to encrypt');
    expect(warnings(stack)).toEqual([
      expect.stringMatching(/^`logging.managedLogs: false` without `logging.s3Logs` and `logging.cloudWatchLogs` keeps no logs at all: .* Leave `logging.managedLogs` out/),
    ]);
  });

  test('are not missed where the application has a place for them, and have their other warnings', () => {
    const stack = newStack(ENV);
    const prometheusWorkspaceArn = WORKSPACE_ARN.replace('eu-west-1', 'us-east-1');
    jobOf({ ...existing(stack, { cloudWatchLogs: {} }), logging: { managedLogs: false, prometheusWorkspaceArn } }, {}, stack);

    expect(warnings(stack)).toEqual([expect.stringMatching(/^the workspace of `logging\.prometheusWorkspaceArn` is in us-east-1, .*:workspaceOfOtherRegion\]$/)]);
  });

  test.each<[string, (stack: Stack) => LoggingOptions, string]>([
    ['a prefix', (stack) => ({ s3Logs: { bucket: new s3.Bucket(stack, 'Logs'), prefix: 'a*' } }), '`logging.s3Logs.prefix` must have 1 to 512 characters'],
    ['a key of another Region', (stack) => ({ managedLogsKey: keyOf(stack, 'Key', KEY_ARN.replace('eu-west-1', 'us-east-1')) }),
      '`logging.managedLogsKey` must belong to the Region of the application, eu-west-1'],
    ['log types', () => ({ cloudWatchLogs: { driverLogTypes: [] } }), '`logging.cloudWatchLogs.driverLogTypes` must hold at least one log type'],
  ])('are checked: %s', (_, logging, message) => {
    const stack = newStack(ENV);

    expect(refusal({ logging: logging(stack) }, {}, stack)).toContain(message);
  });

  test('need a release for Prometheus', () => {
    expect(refusal({ logging: { prometheusWorkspaceArn: WORKSPACE_ARN } }, { release: EmrRelease.of('emr-7.0.0') }))
      .toContain('`logging.prometheusWorkspaceArn` needs release emr-7.1.0 or later');
  });

  test.each<[string, (stack: Stack) => LoggingOptions, string]>([
    ['prefix', (stack) => ({ s3Logs: { bucket: new s3.Bucket(stack, 'Logs'), prefix: lazy('a*') } }), '`logging.s3Logs.prefix` must have'],
    ['bucket', (stack) => ({ s3Logs: { bucket: s3.Bucket.fromBucketName(stack, 'Logs', lazy('*')) } }), '`logging.s3Logs.bucket` must'],
    ['workspace', () => ({ prometheusWorkspaceArn: lazy(WORKSPACE_ARN.replace('ws-1234', '*')) }), '`logging.prometheusWorkspaceArn` must'],
    ['key', (stack) => ({ managedLogsKey: keyOf(stack, 'Key', lazy(KEY_ARN.replace('1234abcd', '*'))) }), '`logging.managedLogsKey` must name one resource'],
  ])('hide no wildcard in a lazy %s', (_, logging, message) => {
    const stack = newStack(ENV);

    expect(lateRefusal(jobOf({ logging: logging(stack) }, {}, stack))).toContain(`[Stack/Job] ${message}`);
  });

  test('may be in a place that only the deployment knows', () => {
    const stack = newStack(ENV);
    const bucket = s3.Bucket.fromBucketName(stack, 'Logs', Fn.importValue('Bucket'));

    expect(() => {
      jobOf({ logging: { s3Logs: { bucket, prefix: Fn.importValue('Prefix') } } }, {}, stack);
      Template.fromStack(stack);
    }).not.toThrow();
  });
});

test('a job warns of what it does itself, once, and not of what the application does', () => {
  const stack = newStack(ENV);
  jobOf(
    { sparkProperties: { 'hive.a': 'b' }, configurations: [{ classification: 'core-site', properties: { a: 'b' } }] },
    { sparkProperties: { 'hive.b': lazy('c') } },
    stack,
  );
  Template.fromStack(stack);

  const own = stack.node.findChild('Job').node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => data as string);
  expect(own.map((text) => /:(\w+)\]$/.exec(text)?.[1]).sort()).toEqual(['ignoredProperty', 'undocumentedClassification']);
  expect(own.join()).not.toContain('hive.b');
});
