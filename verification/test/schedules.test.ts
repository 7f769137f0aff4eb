import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { json } from 'node:stream/consumers';
import { App, aws_scheduler as scheduler, Stack } from 'aws-cdk-lib';
import { SparkEmrServerlessJob, SparkEmrServerlessRuntime } from 'cdk-spark-emr-serverless';
import { Deployment, IRELAND } from '../lib/deployment';
import { PROGRAM } from '../lib/jobs';
import { Invocation, scheduledRequest, sendScheduled } from '../lib/schedules';
import { requestProblems, STATE_MACHINES } from '../lib/start-job-run';
import { skippedWithout } from '../lib/tools';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const INVOCATION: Invocation = {
  'scheduled-time': '2026-11-28T01:00:00Z',
  'schedule-arn': 'arn:aws:scheduler:eu-west-1:111122223333:schedule/default/EveryNight',
  'execution-id': 'd32c5kddcf5bb8c3',
  'attempt-number': '1',
};

describe('the schedule of a job', () => {
  const stack = new Stack(new App(), 'Stack');
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

  test('is sent as the role of the schedule', async () => {
    const received: { authorization?: string; url?: string; body: any }[] = [];
    const server = createServer(async (request, response) => {
      received.push({ authorization: request.headers.authorization, url: request.url, body: await json(request) });
      response.setHeader('content-type', 'application/json').end('{"applicationId":"00","jobRunId":"01","arn":"arn"}');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    try {
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { jobRunId } = await sendScheduled(target, INVOCATION, { endpoint, region: 'eu-west-1', accessKeyId: 'ScheduleRole' });
      assert.equal(jobRunId, '01');
      assert.equal(received.length, 1);
      assert.match(received[0].authorization!, /Credential=ScheduleRole\/\d{8}\/eu-west-1\/emr-serverless\//);
      assert.equal(received[0].url, `/applications/${deployment.value(job.runtime.applicationId)}/jobruns`);
      assert.equal(received[0].body.executionRoleArn, deployment.value(job.executionRole.roleArn));
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});

test('what starts no job run, and an attribute that Scheduler does not know, are errors', () => {
  const target = { Arn: 'arn:aws:scheduler:::aws-sdk:emrserverless:startJobRun', RoleArn: 'arn:aws:iam::111122223333:role/Role' };
  assert.throws(() => scheduledRequest({ ...target, Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage', Input: '{}' }, INVOCATION), { message: /starts no job run$/ });
  assert.throws(() => scheduledRequest(target, INVOCATION), { message: 'the target has no input' });
  assert.throws(() => scheduledRequest({ ...target, Input: '{"Name":"<aws.scheduler.day>"}' }, INVOCATION), { message: 'EventBridge Scheduler has no <aws.scheduler.day>' });
});
