import * as assert from 'node:assert/strict';
import { existsSync, mkdtempSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateApplicationRequest, JobRunState, StartJobRunRequest } from '@aws-sdk/client-emr-serverless';
import { IRELAND } from '../lib/deployment';
import { PlannedSpark } from '../lib/planned-spark';
import { EmrServerless } from '../local/emr-serverless';
import { Slots } from '../local/slots';

const ROLE = 'arn:aws:iam::111122223333:role/Execution';
const CALLER = { roleArn: 'arn:aws:iam::111122223333:role/Submitter', userArn: 'arn:aws:sts::111122223333:assumed-role/Submitter/session' };

/** A minute of these tests has 100 milliseconds. */
const MINUTE = 100;

interface Setting {
  readonly spark?: PlannedSpark;
  readonly application?: Partial<CreateApplicationRequest>;
  readonly trusted?: boolean;
  readonly processes?: number;
}

const open: EmrServerless[] = [];
afterEach(async () => { await Promise.all(open.splice(0).map((emr) => emr.close())); });

function service({ spark = new PlannedSpark([{}]), application, trusted = true, processes = 9 }: Setting = {}) {
  const revoked: string[] = [];
  const folder = mkdtempSync(path.join(os.tmpdir(), 'local-jobs-'));
  const emr = new EmrServerless(IRELAND, {
    gate: {
      endpoint: 'http://127.0.0.1:1',
      assumes: async () => trusted,
      issue: (_, sessionName) => ({ accessKeyId: sessionName, secretAccessKey: 'secret', sessionToken: 'token' }),
      refusals: () => ['User: execution is not authorized to perform: s3:GetObject'],
      revoke: ({ accessKeyId }) => { revoked.push(accessKeyId); },
    },
    runSpark: spark.run,
    region: 'eu-west-1',
    folder,
    processes: new Slots(processes),
    minute: MINUTE,
    say: () => undefined,
  });
  open.push(emr);
  const { applicationId } = emr.createApplication('00spark', { releaseLabel: 'emr-7.14.0', type: 'SPARK', clientToken: undefined, ...application });

  const call = async (name: string, parameters: Record<string, string> = {}, body = {}) =>
    emr.answer({ name, parameters: { applicationId, ...parameters } }, body, CALLER);
  const start = async (request: Partial<StartJobRunRequest> = {}) => {
    const { status, body } = await call('StartJobRun', {}, {
      clientToken: String(Math.random()), executionRoleArn: ROLE, jobDriver: { sparkSubmit: { entryPoint: 's3://bucket/job.py' } }, ...request,
    });
    assert.equal(status, 200, body.message);
    return body.jobRunId as string;
  };
  const get = async (jobRunId: string, attempt?: string) => (await call('GetJobRun', { jobRunId, ...attempt ? { attempt } : {} })).body.jobRun;
  const seen = async (jobRunId: string, ...states: JobRunState[]) => {
    for (let tries = 0; tries < 400; tries++) {
      const jobRun = await get(jobRunId);
      if (states.includes(jobRun.state)) { return jobRun; }
      await sleep(5);
    }
    throw new Error(`${jobRunId} is ${(await get(jobRunId)).state}, not ${states}`);
  };
  const application_ = async () => (await call('GetApplication')).body.application;
  return { emr, spark, call, start, get, seen, application: application_, revoked, folder };
}

describe('a job run', () => {
  test('goes through its states to SUCCESS, with the request that was sent', async () => {
    const { start, seen, spark, revoked, folder } = service({ application: { runtimeConfiguration: [{ classification: 'spark-defaults', properties: { a: 'b' } }] } });
    const id = await start({ name: 'nightly', tags: { team: 'data' } });
    await seen(id, 'RUNNING');
    const jobRun = await seen(id, 'SUCCESS');
    assert.equal(jobRun.name, 'nightly');
    assert.equal(jobRun.createdBy, CALLER.userArn);
    assert.deepEqual(jobRun.tags, { team: 'data' });
    assert.equal(jobRun.executionTimeoutMinutes, 720);
    assert.ok(jobRun.endedAt >= jobRun.startedAt && jobRun.startedAt >= jobRun.createdAt);
    const [{ releaseLabel, jobDriver, applicationConfigurations, credentials }] = spark.requests;
    assert.deepEqual({ releaseLabel, applicationConfigurations }, {
      releaseLabel: 'emr-7.14.0', applicationConfigurations: [{ classification: 'spark-defaults', properties: { a: 'b' } }],
    });
    assert.equal(jobDriver.sparkSubmit.entryPoint, 's3://bucket/job.py');
    assert.equal(credentials.accessKeyId, id);
    await sleep(20);
    assert.deepEqual(revoked, [id]);
    assert.equal(existsSync(path.join(folder, id, '1')), false);
  });

  test('fails with the reason of Spark and the words of AWS', async () => {
    const { start, seen } = service({ spark: new PlannedSpark([{ exitCode: 1, reason: 'ExitCode: 1. Last few exceptions: Forbidden' }]) });
    const { stateDetails } = await seen(await start(), 'FAILED');
    assert.equal(stateDetails, 'ExitCode: 1. Last few exceptions: Forbidden AccessDenied: User: execution is not authorized to perform: s3:GetObject');
  });

  test('fails if its code cannot be fetched', async () => {
    const { start, seen } = service({ spark: new PlannedSpark([{ unreadable: 'NoSuchKey' }]) });
    assert.match((await seen(await start(), 'FAILED')).stateDetails, /^NoSuchKey/);
  });

  test('fails if its role does not trust the application', async () => {
    const { start, seen, spark } = service({ trusted: false });
    assert.match((await seen(await start(), 'FAILED')).stateDetails, /^Could not assume execution role arn:aws:iam::111122223333:role\/Execution/);
    assert.equal(spark.requests.length, 0);
  });

  test('is cancelled while it runs, at once in batch mode', async () => {
    const { start, seen, call, spark } = service({ spark: new PlannedSpark([undefined]) });
    const jobRunId = await start();
    await seen(jobRunId, 'RUNNING');
    assert.equal((await call('CancelJobRun', { jobRunId })).status, 200);
    await seen(jobRunId, 'CANCELLED');
    assert.deepEqual(spark.stops, [0]);
    const again = await call('CancelJobRun', { jobRunId });
    assert.equal(again.errorType, 'ValidationException');
  });

  for (const [mode, given, seconds] of [['STREAMING', undefined, 120], ['BATCH', '30', 30]] as const) {
    test(`has ${seconds} seconds to end in mode ${mode}`, async () => {
      const { start, seen, call, spark } = service({ spark: new PlannedSpark([undefined]) });
      const jobRunId = await start({ mode });
      await seen(jobRunId, 'RUNNING');
      await call('CancelJobRun', { jobRunId, ...given ? { shutdownGracePeriodInSeconds: given } : {} });
      await seen(jobRunId, 'CANCELLED');
      assert.deepEqual(spark.stops, [seconds * 1000]);
    });
  }

  test('ends CANCELLED when its time is over', async () => {
    const { start, seen } = service({ spark: new PlannedSpark([undefined]) });
    const { stateDetails } = await seen(await start({ executionTimeoutMinutes: 1 }), 'CANCELLED');
    assert.match(stateDetails, /timeout of 1 minutes/);
  });

  test('has no timeout if it says 0, or streams', async () => {
    const { start, get } = service({ spark: new PlannedSpark([undefined]) });
    const ids = [await start({ executionTimeoutMinutes: 0 }), await start({ mode: 'STREAMING' })];
    await sleep(3 * MINUTE);
    for (const id of ids) { assert.equal((await get(id)).state, 'RUNNING'); }
  });

  test('is tried again as often as it may be, each attempt with a reason of its own', async () => {
    const failure = (reason: string) => ({ exitCode: 1, reason });
    const { start, seen, get, call } = service({ spark: new PlannedSpark([failure('one'), failure('two'), {}]) });
    const jobRunId = await start({ retryPolicy: { maxAttempts: 3 } });
    assert.equal((await seen(jobRunId, 'SUCCESS')).attempt, 3);
    assert.match((await get(jobRunId, '1')).stateDetails, /^one/);
    const { jobRunAttempts } = (await call('ListJobRunAttempts', { jobRunId })).body;
    assert.deepEqual(jobRunAttempts.map(({ state }: { state: string }) => state), ['FAILED', 'FAILED', 'SUCCESS']);
    assert.equal((await call('GetJobRun', { jobRunId, attempt: '4' })).errorType, 'ResourceNotFoundException');
  });

  test('is not tried again without a policy, nor more often than it says', async () => {
    const { start, seen, spark } = service({ spark: new PlannedSpark([{ exitCode: 1 }]) });
    assert.equal((await seen(await start(), 'FAILED')).attempt, 1);
    assert.equal((await seen(await start({ retryPolicy: { maxAttempts: 2 } }), 'FAILED')).attempt, 2);
    await sleep(150);
    assert.equal(spark.requests.length, 3);
  });

  test('that streams is tried again until it failed too often in an hour', async () => {
    const { start, seen, spark } = service({ spark: new PlannedSpark([{ exitCode: 1 }]) });
    const jobRunId = await start({ mode: 'STREAMING', retryPolicy: { maxFailedAttemptsPerHour: 2 } });
    await seen(jobRunId, 'FAILED');
    await sleep(300);
    assert.equal((await seen(jobRunId, 'FAILED')).attempt, 2);
    assert.equal(spark.requests.length, 2);
  });

  test('is the same for the same token and request; another request with the token is refused', async () => {
    const { start, call, seen, spark } = service();
    const one = await start({ clientToken: 'token' });
    assert.equal(await start({ clientToken: 'token' }), one);
    const { errorType } = await call('StartJobRun', {}, { clientToken: 'token', executionRoleArn: ROLE, name: 'other' });
    assert.equal(errorType, 'ConflictException');
    await seen(one, 'SUCCESS');
    assert.equal(spark.requests.length, 1);
  });

  test('waits for a Spark of this machine', async () => {
    const { start, seen, spark } = service({ processes: 1 });
    const ids = await Promise.all([start(), start(), start()]);
    await Promise.all(ids.map((id) => seen(id, 'SUCCESS')));
    assert.equal(spark.most, 1);
  });

  test('that waits for a Spark can be cancelled, and the next one gets its turn', async () => {
    const { start, seen, call } = service({ processes: 1, spark: new PlannedSpark([undefined]) });
    const [runs, waits, next] = [await start(), await start(), await start()];
    await seen(runs, 'RUNNING');
    await call('CancelJobRun', { jobRunId: waits });
    await seen(waits, 'CANCELLED');
    await call('CancelJobRun', { jobRunId: runs });
    await seen(next, 'RUNNING');
  });

  for (const [what, request, message] of [
    ['no entry point', { jobDriver: { sparkSubmit: { entryPoint: ' ' } } }, /entryPoint/],
    ['no role', { executionRoleArn: undefined }, /executionRoleArn/],
    ['a timeout while it streams', { mode: 'STREAMING', executionTimeoutMinutes: 5 }, /executionTimeoutMinutes/],
    ['attempts while it streams', { mode: 'STREAMING', retryPolicy: { maxAttempts: 2 } }, /maxAttempts/],
    ['attempts each hour in batch mode', { retryPolicy: { maxFailedAttemptsPerHour: 2 } }, /maxFailedAttemptsPerHour/],
  ] as [string, Partial<StartJobRunRequest>, RegExp][]) {
    test(`is refused with ${what}`, async () => {
      const { call } = service();
      const valid = { executionRoleArn: ROLE, jobDriver: { sparkSubmit: { entryPoint: 's3://bucket/job.py' } } };
      const { status, errorType, body } = await call('StartJobRun', {}, { ...valid, ...request });
      assert.deepEqual([status, errorType], [400, 'ValidationException']);
      assert.match(body.message, message);
    });
  }
});

describe('a job run, as a hostile client would have it', () => {
  test('does not end at once with a timeout that no timer takes', async () => {
    const { start, seen, get } = service({ spark: new PlannedSpark([undefined]) });
    const id = await start({ executionTimeoutMinutes: 1_000_000_000 });
    await seen(id, 'RUNNING');
    await sleep(20);
    assert.equal((await get(id)).state, 'RUNNING');
  });

  test('with a policy that is no JSON is refused, and takes no place from others', async () => {
    const { call, start, seen } = service({ processes: 1 });
    const request = { executionRoleArn: ROLE, jobDriver: { sparkSubmit: { entryPoint: 's3://bucket/job.py' } }, executionIamPolicy: { policy: '{' } };
    assert.equal((await call('StartJobRun', {}, request)).errorType, 'ValidationException');
    await seen(await start(), 'SUCCESS');
  });

  for (const shutdownGracePeriodInSeconds of ['abc', '0.5', '14', '1801', '-1']) {
    test(`is not cancelled with ${shutdownGracePeriodInSeconds} seconds of grace`, async () => {
      const { call, start, seen } = service({ spark: new PlannedSpark([undefined]) });
      const jobRunId = await start();
      await seen(jobRunId, 'RUNNING');
      assert.equal((await call('CancelJobRun', { jobRunId, shutdownGracePeriodInSeconds })).errorType, 'ValidationException');
      assert.equal((await seen(jobRunId, 'RUNNING')).state, 'RUNNING');
    });
  }

  test('is one, however often it is sent with its token at the same time', async () => {
    const { start, spark, seen } = service();
    const [id, ...others] = await Promise.all([1, 2, 3].map(() => start({ clientToken: 'token' })));
    assert.deepEqual(others, [id, id]);
    await seen(id, 'SUCCESS');
    assert.equal(spark.requests.length, 1);
  });

  test('keeps the reason of its end when it was cancelled before it ran', async () => {
    const { start, seen, spark } = service({ processes: 0, spark: new PlannedSpark([undefined]) });
    assert.match((await seen(await start({ executionTimeoutMinutes: 1 }), 'CANCELLED')).stateDetails, /timeout of 1 minutes/);
    assert.equal(spark.requests.length, 0);
  });

  test('that fails for the last time has an end', async () => {
    const { start, seen } = service({ spark: new PlannedSpark([{ exitCode: 1 }]) });
    assert.ok((await seen(await start({ mode: 'STREAMING', retryPolicy: { maxFailedAttemptsPerHour: 1 } }), 'FAILED')).endedAt);
  });

  test('is not listed page after page by a client that asks for nothing', async () => {
    const { call } = service();
    assert.equal((await call('ListJobRuns', { maxResults: '0' })).errorType, 'ValidationException');
  });

  test('is not started by a service that ends', async () => {
    const { emr, call } = service();
    await emr.close();
    const request = { executionRoleArn: ROLE, jobDriver: { sparkSubmit: { entryPoint: 's3://bucket/job.py' } } };
    assert.equal((await call('StartJobRun', {}, request)).errorType, 'ConflictException');
  });
});

describe('an application', () => {
  test('starts for a job, stops when it was idle, and starts again', async () => {
    const { start, seen, application } = service({ application: { autoStopConfiguration: { enabled: true, idleTimeoutMinutes: 1 } } });
    assert.equal((await application()).state, 'CREATED');
    await seen(await start(), 'SUCCESS');
    assert.equal((await application()).state, 'STARTED');
    await sleep(2 * MINUTE);
    assert.equal((await application()).state, 'STOPPED');
    await seen(await start(), 'SUCCESS');
  });

  test('that does not stop by itself goes on', async () => {
    const { start, seen, application } = service({ application: { autoStopConfiguration: { enabled: false, idleTimeoutMinutes: 1 } } });
    await seen(await start(), 'SUCCESS');
    await sleep(2 * MINUTE);
    assert.equal((await application()).state, 'STARTED');
  });

  test('that does not start by itself takes no job until it is started', async () => {
    const { call, start, seen } = service({ application: { autoStartConfiguration: { enabled: false } } });
    const { errorType } = await call('StartJobRun', {}, { executionRoleArn: ROLE, jobDriver: { sparkSubmit: { entryPoint: 's3://bucket/job.py' } } });
    assert.equal(errorType, 'ValidationException');
    await call('StartApplication');
    await seen(await start(), 'SUCCESS');
  });

  test('cannot be stopped while a job runs, nor deleted while it is started', async () => {
    const { call, start, seen } = service({ spark: new PlannedSpark([undefined]) });
    const jobRunId = await start();
    await seen(jobRunId, 'RUNNING');
    assert.match((await call('StopApplication')).body.message, /1 active job run/);
    assert.equal((await call('DeleteApplication')).errorType, 'ValidationException');
    await call('CancelJobRun', { jobRunId });
    await seen(jobRunId, 'CANCELLED');
    assert.equal((await call('StopApplication')).status, 200);
    assert.match((await call('StopApplication')).body.message, /^Application cannot be STOPPED/);
    assert.equal((await call('DeleteApplication')).status, 200);
    assert.equal((await call('GetApplication')).errorType, 'ResourceNotFoundException');
  });

  test('queues the jobs that are more than it may run at the same time, and runs them in their order', async () => {
    const { start, seen, get, call, spark } = service({
      application: { schedulerConfiguration: { maxConcurrentRuns: 1 } }, spark: new PlannedSpark([undefined, {}]),
    });
    const [first, second, third] = [await start(), await start(), await start()];
    assert.deepEqual((await Promise.all([second, third].map((id) => get(id)))).map(({ state }) => state), ['QUEUED', 'QUEUED']);
    await seen(first, 'RUNNING');
    await call('CancelJobRun', { jobRunId: first });
    await seen(third, 'SUCCESS');
    assert.equal(spark.most, 1);
    assert.deepEqual(spark.requests.map(({ credentials }) => credentials.accessKeyId), [first, second, third]);
  });

  test('runs 15 jobs at the same time unless it says otherwise', async () => {
    const { start, seen, get } = service({ spark: new PlannedSpark([undefined]), processes: 16 });
    const ids = [];
    for (let i = 0; i < 16; i++) { ids.push(await start()); }
    await Promise.all(ids.slice(0, 15).map((id) => seen(id, 'RUNNING')));
    assert.equal((await get(ids[15])).state, 'QUEUED');
  });

  test('gives up a job that waits too long, and leaves one alone that was cancelled in the queue', async () => {
    const application = { schedulerConfiguration: { maxConcurrentRuns: 1, queueTimeoutMinutes: 1 } };
    const { start, seen, call, spark } = service({ application, spark: new PlannedSpark([undefined]) });
    await start();
    const [late, cancelled] = [await start(), await start()];
    await call('CancelJobRun', { jobRunId: cancelled });
    await seen(cancelled, 'CANCELLED');
    assert.match((await seen(late, 'CANCELLED')).stateDetails, /waited longer than 1 minutes/);
    assert.equal(spark.requests.length, 1);
  });

  test('lists its job runs, the newest first, by state and page by page', async () => {
    const { start, seen, call } = service();
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) { ids.unshift(await start()); }
    await Promise.all(ids.map((id) => seen(id, 'SUCCESS')));
    const list = async (parameters: Record<string, string>) => (await call('ListJobRuns', parameters)).body;
    const first = await list({ maxResults: '2' });
    const second = await list({ nextToken: first.nextToken });
    assert.deepEqual([...first.jobRuns, ...second.jobRuns].map(({ id }: { id: string }) => id), ids);
    assert.equal(second.nextToken, undefined);
    assert.deepEqual((await list({ states: 'FAILED' })).jobRuns, []);
  });
});

test('a service that closes ends its job runs', async () => {
  const application = { schedulerConfiguration: { maxConcurrentRuns: 1 } };
  const { emr, start, seen, get, spark } = service({ application, spark: new PlannedSpark([undefined]) });
  const [runs, queued] = [await start(), await start()];
  await seen(runs, 'RUNNING');
  await emr.close();
  assert.equal((await get(runs)).state, 'CANCELLED');
  assert.equal((await get(queued)).state, 'CANCELLED');
  assert.equal(spark.running, 0);
});
