import assert from 'node:assert/strict';
import * as path from 'node:path';
import { test } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { SparkCode, SparkEmrServerlessJob, SparkEmrServerlessRuntime } from 'cdk-spark-emr-serverless';
import { granteeOf, MERGED } from '../lib/applications';
import { BEIJING, Deployment, GOV_CLOUD, IRELAND } from '../lib/deployment';
import { Cell, differences } from '../lib/iam';
import { actionsOn } from '../lib/iam-reference';
import { JobCase, startedJob, StartedJob } from '../lib/jobs';
import { applicationCells, assumeScheduleRoleCells, passRoleCells, queueCells, ruleCells, thingCells, unaskedActions } from '../lib/matrix';
import { LOGGING, Starter, STARTERS } from '../lib/permissions';
import { VERIFICATION } from '../lib/tools';

const CASES: { readonly [what: string]: JobCase } = {
  'of an application that is created': { kind: 'created' },
  'of one that is imported by ARN': { kind: 'imported by ARN', hasTags: true },
  'of one that is imported by id': { kind: 'imported by id' },
  'with tags': { hasTags: true },
  'in China': { place: BEIJING, hasTags: true, option: 'managedLogsKey', logsOf: 'the job' },
  'in GovCloud': { place: GOV_CLOUD, hasTags: true, kind: 'imported by ARN', option: 'managedLogsKey', logsOf: 'the job' },
  'statements are merged': { context: MERGED, hasTags: true, option: 'managedLogsKey', logsOf: 'the application' },
  ...Object.fromEntries(Object.entries(LOGGING).filter(([, { submit, listsLogGroups }]) => submit || listsLogGroups).flatMap(([option]) => [
    [`${option} of the application`, { option, logsOf: 'the application' }],
    [`${option} of the application, imported`, { option, logsOf: 'the application', kind: 'imported' }],
    [`${option} of the job`, { option, logsOf: 'the job', kind: 'imported by id' }],
  ])),
};

async function cellsOf(job: StartedJob, who: string, { option = 'no option', hasTags, place = IRELAND }: JobCase): Promise<Cell[]> {
  const { applicationArn, executionRole, things, queueArn, starters } = job;
  const grantee = starters[who];
  const { on, tagsJobRuns, managesRule, sendsToQueue }: Starter = STARTERS[who];
  const jobRun = [...on.jobRun ?? [], ...tagsJobRuns && hasTags ? ['TagResource'] : []];
  return [
    ...applicationCells(grantee, applicationArn, { ...on, jobRun }),
    ...passRoleCells(grantee, executionRole.principal, true),
    ...thingCells(grantee, await things(), LOGGING[option].submit ?? {}),
    ...await ruleCells(grantee, place, managesRule),
    ...await queueCells(grantee, queueArn, sendsToQueue),
  ];
}

for (const [what, of] of Object.entries(CASES)) {
  test(`who starts a job may do what the table says and nothing else: ${what}`, async () => {
    const job = startedJob(of);
    assert.deepEqual(Object.keys(job.starters), Object.keys(STARTERS));
    const cells: { [who: string]: Cell[] } = {};
    for (const who of Object.keys(STARTERS)) {
      cells[who] = await cellsOf(job, who, of);
      assert.deepEqual(unaskedActions(job.starters[who], cells[who]), [], who);
    }
    assert.deepEqual(await differences(Object.values(cells).flat()), []);
  });

  test(`EventBridge Scheduler assumes the role of a schedule for its group only: ${what}`, async () => {
    const { deployment, scheduleGroupArn, starters: { 'a schedule': { principal } } } = startedJob(of);
    assert.deepEqual(await differences(assumeScheduleRoleCells(deployment.trustPolicy(principal), principal, scheduleGroupArn)), []);
  });

  test(`a job writes the logs of its application and its own, and does nothing else: ${what}`, async () => {
    const { executionRole, things } = startedJob(of);
    const { write, listsLogGroups } = LOGGING[of.option ?? 'no option'];
    const cells = thingCells(executionRole, await things(), write);
    assert.deepEqual(await differences(cells), []);
    assert.deepEqual(unaskedActions(executionRole, cells), listsLogGroups ? ['logs:DescribeLogGroups'] : []);
  });
}

test('a job reads its code, and no other object of the bucket with the assets', async () => {
  const stack = new Stack(new App(), 'Stack');
  const job = new SparkEmrServerlessJob(stack, 'Job', {
    runtime: new SparkEmrServerlessRuntime(stack, 'Spark'),
    entryPoint: SparkCode.fromAsset(path.join(VERIFICATION, '..', 'examples', 'jobs', 'nightly.py')),
    pythonFiles: [SparkCode.fromBucket(Bucket.fromBucketName(stack, 'Bucket', 'amzn-s3-demo-bucket'), 'code/common.zip')],
  });
  const deployment = Deployment.of(stack, IRELAND);
  const grantee = granteeOf(deployment, job.executionRole);
  const { jobDriver } = JSON.parse(deployment.value(job.startJobRunInput));
  const [, assets, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(jobDriver.sparkSubmit.entryPoint)!;
  const objects: { readonly [object: string]: boolean } = {
    [`${assets}/${key}`]: true,
    [`${assets}/${key}2`]: false,
    [`${assets}/other.py`]: false,
    'amzn-s3-demo-bucket/code/common.zip': true,
    'amzn-s3-demo-bucket/code/other.zip': false,
    'amzn-s3-demo-bucket2/code/common.zip': false,
  };
  const things = await Promise.all(Object.keys(objects).map(async (object) =>
    ({ what: object, arn: `arn:aws:s3:::${object}`, actions: await actionsOn('s3', 'object') })));
  const read = Object.fromEntries(Object.keys(objects).filter((object) => objects[object]).map((object) => [object, ['s3:GetObject']]));
  const cells = thingCells(grantee, things, read);
  assert.deepEqual(await differences(cells), []);
  assert.deepEqual(unaskedActions(grantee, cells), []);
});
