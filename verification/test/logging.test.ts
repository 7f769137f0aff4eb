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
  const { write, submit = {}, listsLogGroups } = LOGGING[option];
  const which = `${option}, ${kind}, ${place.partition}${context === MERGED ? ', statements are merged' : ''}`;

  test(`jobs write where the logs go, submitters use their keys, and no more: ${which}`, async () => {
    const { things, writers, submitters } = loggingRoles(kind, option, place, context);
    // the resource does not say whether its bucket has a key
    const allowed: Logging['write'] = kind === BARE ? { ...write, 'key of the bucket': [] } : write;
    for (const writer of writers) {
      const cells = thingCells(writer, await things(false), allowed);
      assert.deepEqual(await differences(cells), []);
      assert.deepEqual(unaskedActions(writer, cells), listsLogGroups ? [LIST_LOG_GROUPS] : []);
      assert.deepEqual(listableLogGroups(writer), listsLogGroups ? [`arn:${place.partition}:logs:${place.region}:${place.account}:*`] : []);
    }
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
  const things = await destinations.things(deployment, option);
  const { 'objects under the prefix': objects } = LOGGING[option].write;
  assert.deepEqual(await differences(thingCells(writer, things, { 'objects under the prefix': objects })), []);

  const unbounded = await differences(thingCells({ ...writer, boundary: undefined }, things, { 'objects under the prefix': objects }));
  assert.deepEqual(unbounded, Object.keys(ENGINES).flatMap((engine) => ['kms:Decrypt', 'kms:GenerateDataKey']
    .map((action) => `${action} on key of logs in S3 should be denied, is allowed (${engine})`)));
});

test('where the log URI is a token, jobs write under the application\'s own folder of the bucket, whatever comes before it', async () => {
  const { stack } = new LogDestinations(IRELAND);
  new CfnParameter(stack, 'LogUri');
  const application = new CfnApplication(stack, 'Spark', {
    type: 'SPARK',
    releaseLabel: 'emr-7.14.0',
    monitoringConfiguration: { s3MonitoringConfiguration: { logUri: Fn.ref('LogUri') } },
  });
  const role = new Role(stack, 'Writer', { assumedBy: new AccountRootPrincipal() });
  SparkEmrServerlessRuntimeGrants.fromApplication(application).writeLogs(role);

  for (const prefix of ['', 'spark/', 'a/b/']) {
    const deployment = Deployment.of(stack, IRELAND, { LogUri: `s3://amzn-s3-demo-bucket/${prefix}` });
    const writer = granteeOf(deployment, role);
    const id = deployment.value(application.attrApplicationId);
    const cells = Object.entries({
      [`amzn-s3-demo-bucket/${prefix}applications/${id}/jobs/00j1/SPARK_DRIVER/stdout.gz`]: true,
      [`amzn-s3-demo-bucket/${prefix}applications/${id}0/jobs/00j1/SPARK_DRIVER/stdout.gz`]: false,
      [`amzn-s3-demo-bucket/${prefix}applications/00ff0123456789ab/jobs/00j1/SPARK_DRIVER/stdout.gz`]: false,
      [`amzn-s3-demo-bucket/${prefix}data.parquet`]: false,
      [`amzn-s3-demo-bucket2/${prefix}applications/${id}/jobs/00j1/SPARK_DRIVER/stdout.gz`]: false,
    }).map(([object, isAllowed]): Cell => ({
      what: `s3:PutObject on ${object}`,
      question: { ...writer, action: 's3:PutObject', resource: `arn:aws:s3:::${object}` },
      expected: isAllowed ? 'allowed' : 'denied',
    }));
    assert.deepEqual(await differences(cells), []);
    assert.deepEqual(unaskedActions(writer, cells), []);
  }
});
