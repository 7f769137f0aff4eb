import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CfnParameter, Fn } from 'aws-cdk-lib';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { AccountRootPrincipal, ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeGrants } from 'cdk-spark-emr-serverless';
import { Grantee, granteeOf, MERGED } from '../lib/applications';
import { BEIJING, Deployment, GOV_CLOUD, IRELAND } from '../lib/deployment';
import { Cell, differences, ENGINES } from '../lib/iam';
import { LogDestinations } from '../lib/log-destinations';
import { BARE, LOGGING_KINDS, loggingRoles } from '../lib/logging-roles';
import { thingCells, unaskedActions } from '../lib/matrix';
import { Logging, LOGGING, VERBS } from '../lib/permissions';

/** These are asked in permissions.test.ts. */
const OF_JOBS = /^(emr-serverless:|iam:PassRole$)/;

const LIST_LOG_GROUPS = 'logs:DescribeLogGroups';

/** The engine knows no resource of this action; CloudWatch Logs asks for `log-group::log-stream:`. */
function listableLogGroups({ identityPolicies }: Grantee): unknown[] {
  return identityPolicies.flatMap(({ policy }) => policy.Statement)
    .filter(({ Action }) => Action === LIST_LOG_GROUPS)
    .map(({ Resource }) => Resource);
}

const CASES = Object.keys(LOGGING).flatMap((option) => [
  ...Object.keys(LOGGING_KINDS).map((kind) => ({ option, kind, place: IRELAND, context: {} })),
  { option, kind: 'created', place: BEIJING, context: {} },
  { option, kind: 'imported', place: GOV_CLOUD, context: {} },
  { option, kind: 'created', place: IRELAND, context: MERGED },
]);

for (const { option, kind, place, context } of CASES) {
  const { write, read = {}, submit = {}, listsLogGroups } = LOGGING[option];
  const which = `${option}, ${kind}, ${place.partition}${context === MERGED ? ', statements are merged' : ''}`;

  test(`jobs write where the logs go, readers read there, submitters use their keys, and no more: ${which}`, async () => {
    const { things, writers, reader, submitters } = loggingRoles(kind, option, place, context);
    // the resource does not say whether its bucket has a key
    const ofKind = (allowed: Logging['write']): Logging['write'] => kind === BARE ? { ...allowed, 'key of the bucket': [] } : allowed;
    for (const writer of writers) {
      const cells = thingCells(writer, await things(false), ofKind(write));
      assert.deepEqual(await differences(cells), []);
      assert.deepEqual(unaskedActions(writer, cells), listsLogGroups ? [LIST_LOG_GROUPS] : []);
      assert.deepEqual(listableLogGroups(writer), listsLogGroups ? [`arn:${place.partition}:logs:${place.region}:${place.account}:*`] : []);
    }
    const cellsOfReader = thingCells(reader, await things(place === IRELAND && kind === 'created'), ofKind(read));
    assert.deepEqual(await differences(cellsOfReader), []);
    assert.deepEqual(unaskedActions(reader, cellsOfReader), []);
    for (const [verb, submitter] of Object.entries(submitters)) {
      // all of KMS takes long
      const cells = thingCells(submitter, await things(verb === 'startJobExecution' && kind === 'created' && place === IRELAND),
        VERBS[verb].usesLogKeys ? submit : {});
      assert.deepEqual(await differences(cells), [], verb);
      assert.deepEqual(unaskedActions(submitter, cells).filter((action) => !OF_JOBS.test(action)), [], verb);
    }
  });
}

test('of all of KMS a verb uses the key of the logs, if at all, and no other', async () => {
  const { things, submitters } = loggingRoles('created', 'managedLogsKey', IRELAND);
  for (const [verb, submitter] of Object.entries(submitters)) {
    const cells = thingCells(submitter, await things(true), VERBS[verb].usesLogKeys ? LOGGING.managedLogsKey.submit! : {});
    assert.deepEqual(await differences(cells), [], verb);
  }
});

test('a permissions boundary takes from an execution role what it does not allow', async () => {
  const option = 's3Logs with a key, the bucket has another';
  const destinations = new LogDestinations(IRELAND);
  const { stack } = destinations;
  const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', destinations.options(option));
  const onlyS3 = [new PolicyStatement({ actions: ['s3:*'], resources: ['*'] })];
  const permissionsBoundary = new ManagedPolicy(stack, 'Boundary', { statements: onlyS3 });
  const role = runtime.createExecutionRole('ExecutionRole', undefined, { permissionsBoundary });

  const deployment = Deployment.of(stack, IRELAND);
  const writer = granteeOf(deployment, role);
  const things = await destinations.things(deployment, option, runtime.applicationId);
  const { 'its folder of the logs in S3': objects } = LOGGING[option].write;
  assert.deepEqual(await differences(thingCells(writer, things, { 'its folder of the logs in S3': objects })), []);

  const unbounded = await differences(thingCells({ ...writer, boundary: undefined }, things, { 'its folder of the logs in S3': objects }));
  assert.deepEqual(unbounded, Object.keys(ENGINES).flatMap((engine) => ['kms:Decrypt', 'kms:GenerateDataKey']
    .map((action) => `${action} on key of logs in S3 should be denied, is allowed (${engine})`)));
});

test('where the log URI is a token, jobs write to the application\'s own folder of the bucket and readers read it, whatever comes before it', async () => {
  const { stack } = new LogDestinations(IRELAND);
  new CfnParameter(stack, 'LogUri');
  const application = new CfnApplication(stack, 'Spark', {
    type: 'SPARK',
    releaseLabel: 'emr-7.14.0',
    monitoringConfiguration: { s3MonitoringConfiguration: { logUri: Fn.ref('LogUri') } },
  });
  const [role, reader] = ['Writer', 'Reader'].map((id) => new Role(stack, id, { assumedBy: new AccountRootPrincipal() }));
  SparkEmrServerlessRuntimeGrants.fromApplication(application).writeLogs(role);
  SparkEmrServerlessRuntimeGrants.fromApplication(application).readLogs(reader);

  for (const prefix of ['', 'spark/', 'a/b/']) {
    const deployment = Deployment.of(stack, IRELAND, { LogUri: `s3://amzn-s3-demo-bucket/${prefix}` });
    const id = deployment.value(application.attrApplicationId);
    const objects = {
      [`amzn-s3-demo-bucket/${prefix}applications/${id}/jobs/00j1/SPARK_DRIVER/stdout.gz`]: true,
      [`amzn-s3-demo-bucket/${prefix}applications/${id}0/jobs/00j1/SPARK_DRIVER/stdout.gz`]: false,
      [`amzn-s3-demo-bucket/${prefix}applications/00ff0123456789ab/jobs/00j1/SPARK_DRIVER/stdout.gz`]: false,
      [`amzn-s3-demo-bucket/${prefix}data.parquet`]: false,
      [`amzn-s3-demo-bucket2/${prefix}applications/${id}/jobs/00j1/SPARK_DRIVER/stdout.gz`]: false,
    };
    const lists = { [`${prefix}applications/${id}/jobs/`]: true, [`${prefix}applications/`]: false, [`${prefix}applications/${id}0/`]: false };
    const onObjects = (action: string, grantee: Grantee) => Object.entries(objects).map(([object, isAllowed]): Cell => ({
      what: `${action} on ${object}`,
      question: { ...grantee, action, resource: `arn:aws:s3:::${object}` },
      expected: isAllowed ? 'allowed' : 'denied',
    }));
    const onLists = (grantee: Grantee) => Object.entries(lists).map(([list, isAllowed]): Cell => ({
      what: `s3:ListBucket of ${list}`,
      question: { ...grantee, action: 's3:ListBucket', resource: 'arn:aws:s3:::amzn-s3-demo-bucket', context: { 's3:prefix': list } },
      expected: isAllowed ? 'allowed' : 'denied',
    }));
    const [writer, ofReader] = [granteeOf(deployment, role), granteeOf(deployment, reader)];
    const cellsOfWriter = onObjects('s3:PutObject', writer);
    assert.deepEqual(await differences(cellsOfWriter), []);
    assert.deepEqual(unaskedActions(writer, cellsOfWriter), []);
    const cellsOfReader = [...onObjects('s3:GetObject', ofReader), ...onLists(ofReader)];
    assert.deepEqual(await differences(cellsOfReader), []);
    assert.deepEqual(unaskedActions(ofReader, cellsOfReader), []);
  }
});
