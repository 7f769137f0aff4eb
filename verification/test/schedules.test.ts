import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { App, aws_scheduler as scheduler, Stack } from 'aws-cdk-lib';
import { SparkEmrServerlessJob, SparkEmrServerlessRuntime } from 'cdk-spark-emr-serverless';
import { Deployment, IRELAND } from '../lib/deployment';
import { PROGRAM } from '../lib/jobs';
import { PlannedSpark } from '../lib/planned-spark';
import { Invocation, scheduledRequest, sendScheduled } from '../lib/schedules';
import { requestProblems, STATE_MACHINES } from '../lib/start-job-run';
import { skippedWithout } from '../lib/tools';
import { LocalAssembly } from '../local/assembly';
import { PYTHON } from '../local/moto';
import { LocalService } from '../local/service';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const INVOCATION: Invocation = {
  'scheduled-time': '2026-11-28T01:00:00Z',
  'schedule-arn': 'arn:aws:scheduler:eu-west-1:111122223333:schedule/default/EveryNight',
  'execution-id': 'd32c5kddcf5bb8c3',
  'attempt-number': '1',
};

function appWithSchedule(outdir?: string) {
  const app = new App({ outdir, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Stack');
  const job = new SparkEmrServerlessJob(stack, 'Job', {
    runtime: new SparkEmrServerlessRuntime(stack, 'Spark'),
    entryPoint: PROGRAM,
    configurations: [{ classification: 'spark-log4j2', properties: { 'rootLogger.level': 'warn', 'Custom': 'A b' } }],
    jobRunTags: { Team: 'data' },
  });
  job.addSchedule('EveryNight', {
    schedule: scheduler.ScheduleExpression.cron({ hour: '2', minute: '0' }),
    entryPointArguments: ['--date', scheduler.ContextAttribute.scheduledTime],
  });
  return { app, stack, job };
}

describe('the schedule of a job', () => {
  const { stack, job } = appWithSchedule();
  const deployment = Deployment.of(stack, IRELAND);
  const [target] = Object.values(deployment.scheduleTargets());

  test('makes the request of the API, with the time for which it is made', { skip: skippedWithout(STATE_MACHINES) }, () => {
    const { clientToken, ...request } = scheduledRequest(target, INVOCATION);
    assert.equal(clientToken, 'd32c5kddcf5bb8c3');
    assert.deepEqual(request.jobDriver?.sparkSubmit?.entryPointArguments, ['--date', '2026-11-28T01:00:00Z']);
    assert.deepEqual(request.tags, { Team: 'data' });
    assert.deepEqual(request.configurationOverrides?.applicationConfiguration, [
      { classification: 'spark-log4j2', properties: { 'rootLogger.level': 'warn', 'Custom': 'A b' } },
    ]);
    assert.equal(request.applicationId, deployment.value(job.runtime.applicationId));
    assert.deepEqual(requestProblems({ request: { form: 'json', request } }), { request: [] });
  });

  test('is sent as the role of the schedule, which starts the job run, once for an invocation', { skip: skippedWithout(PYTHON) }, async () => {
    const outdir = mkdtempSync(path.join(os.tmpdir(), 'schedules-'));
    const assembly = LocalAssembly.read(appWithSchedule(outdir).app.synth().directory);
    const spark = new PlannedSpark([{}]);
    const service = await LocalService.start(assembly, { runSpark: spark.run });
    try {
      const [scheduled] = Object.values(assembly.scheduleTargets());
      const accessKeyId = (arn: string) => assembly.roles.find((role) => role.arn === arn)!.accessKeyId;
      const send = (roleArn: string) => sendScheduled(scheduled, INVOCATION, { endpoint: service.endpoint, region: 'eu-west-1', accessKeyId: accessKeyId(roleArn) });
      const { applicationId, jobRunId } = await send(scheduled.RoleArn);
      const again = await send(scheduled.RoleArn);
      assert.equal(again.jobRunId, jobRunId);
      const [jobRun, ...others] = service.jobRuns(applicationId!);
      assert.deepEqual(others, []);
      assert.deepEqual(jobRun.request.tags, { Team: 'data' });
      while (jobRun.isActive) { await sleep(10); }
      assert.equal(jobRun.state, 'SUCCESS');
      const executionRole = assembly.roles.find(({ arn }) => arn !== scheduled.RoleArn)!;
      await assert.rejects(send(executionRole.arn), { name: 'AccessDeniedException' });
    } finally {
      await service.close();
      rmSync(outdir, { recursive: true });
    }
    assert.deepEqual(spark.requests.map(({ jobDriver }) => jobDriver.sparkSubmit.entryPointArguments), [['--date', '2026-11-28T01:00:00Z']]);
  });
});

test('what starts no job run, and an attribute that Scheduler does not know, are errors', () => {
  const target = { Arn: 'arn:aws:scheduler:::aws-sdk:emrserverless:startJobRun', RoleArn: 'arn:aws:iam::111122223333:role/Role' };
  assert.throws(() => scheduledRequest({ ...target, Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage', Input: '{}' }, INVOCATION), { message: /starts no job run$/ });
  assert.throws(() => scheduledRequest(target, INVOCATION), { message: 'the target has no input' });
  assert.throws(() => scheduledRequest({ ...target, Input: '{"Name":"<aws.scheduler.day>"}' }, INVOCATION), { message: 'EventBridge Scheduler has no <aws.scheduler.day>' });
});
