import * as assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { PROGRAMS, run } from '../lib/programs';
import { STATE_MACHINES } from '../lib/start-job-run';
import { executeWith } from '../lib/state-machines';
import { skippedWithout, useUv, UV } from '../lib/tools';
import { PYTHON } from '../local/moto';
import { asOwner, s3OfOwner } from '../local/owner';
import { DATE, Pipeline, TOTALS } from '../local/pipeline';
import { expected, play } from '../local/scenes';
import { skippedWithoutSparkOf } from '../local/spark-run';

const skip = [skippedWithout(PYTHON), skippedWithout(STATE_MACHINES), skippedWithout(UV), skippedWithoutSparkOf('emr-spark-8.2.0')].find(Boolean) ?? false;

describe('the pipeline of the examples, on this machine', () => {
  const outdir = mkdtempSync(path.join(os.tmpdir(), 'local-pipeline-'));
  let pipeline: Pipeline;

  before(async () => {
    if (skip) { return; }
    useUv();
    run(PROGRAMS.find(({ name }) => name.endsWith('/pipeline.ts'))!, { outdir, context: { 'aws:cdk:bundling-stacks': ['**'] } }).synth();
    pipeline = await Pipeline.deploy(outdir);
  });
  after(async () => {
    await pipeline?.close();
    rmSync(outdir, { recursive: true, force: true });
  });

  const totals = async () => (await pipeline.rows('totals/day=2026-11-27'))
    .map(({ country, amount }) => ({ country: String(country), amount }))
    .sort((one, other) => one.country.localeCompare(other.country));

  test('goes as it should: what is granted is done, and nothing else', { skip }, async () => {
    assert.deepEqual(await play(pipeline), expected());
    assert.deepEqual(await totals(), TOTALS);
  });

  /** The state machine, which would wait for minutes before it tries again. */
  const machine = () => {
    const [[, { definition, roleArn }]] = Object.entries(pipeline.assembly.stateMachines());
    const accessKeyId = pipeline.assembly.roles.find(({ arn }) => arn === roleArn)!.accessKeyId;
    return { accessKeyId, definition: JSON.parse(JSON.stringify(definition).replaceAll('"IntervalSeconds":300', '"IntervalSeconds":1')) as object };
  };

  /** Takes the program of the nightly job away, as if somebody had emptied the bucket, and returns how to put it back. */
  const takeProgramAway = async () => {
    const { jobDriver } = await pipeline.nightlyRequest('Airflow');
    const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(jobDriver!.sparkSubmit!.entryPoint!)!;
    const owner = s3OfOwner(pipeline.service.moto.endpoint, pipeline.assembly.place);
    const Body = await (await owner.getObject({ Bucket, Key })).Body!.transformToByteArray();
    await owner.deleteObject({ Bucket, Key });
    return async () => {
      await owner.putObject({ Bucket, Key, Body });
      owner.destroy();
    };
  };

  /** Subscribes a queue to a topic, and returns what its messages say. */
  const listen = async (topic: string) => {
    const configuration = asOwner(pipeline.service.moto.endpoint, pipeline.assembly.place);
    const [sns, sqs] = [new SNS(configuration), new SQS(configuration)];
    const { QueueUrl } = await sqs.createQueue({ QueueName: 'listener' });
    const { TopicArn } = (await sns.listTopics({})).Topics!.find(({ TopicArn: arn }) => arn!.includes(`:${topic}`))!;
    await sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:eu-west-1:111122223333:listener', Attributes: { RawMessageDelivery: 'true' } });
    return async () => {
      const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
      [sns, sqs].forEach((client) => client.destroy());
      return Messages.map(({ Body }) => Body!);
    };
  };

  /** Fulfilled when the next job run of the application failed. */
  const nextFailure = async () => {
    const { applicationId } = await pipeline.nightlyRequest('Airflow');
    const { length } = pipeline.service.jobRuns(applicationId!);
    for (let tries = 0; tries < 100; tries++, await sleep(100)) {
      if (pipeline.service.jobRuns(applicationId!)[length]?.attempt.state === 'FAILED') { return; }
    }
    throw new Error('no job run failed');
  };

  const execute = async () => {
    const { accessKeyId, definition } = machine();
    const { endpoint } = pipeline.service;
    const execution = { definition, input: { date: DATE }, applications: [] };
    const { ended } = await executeWith({ endpoint, accessKeyId }, { ended: execution });
    return ended;
  };

  test('has a state machine that tries again after a failure, and computes the same for the same day', { skip }, async () => {
    const putBack = await takeProgramAway();
    const failure = nextFailure();
    const executed = execute();
    await failure;
    await putBack();
    const { status, output, requests, cause } = await executed;
    assert.equal(status, 'SUCCEEDED', cause);
    assert.equal(output.State, 'SUCCESS');
    assert.equal(requests.length, 2);
    assert.deepEqual(await totals(), TOTALS);
  });

  test('has a state machine that tells somebody when every job run fails', { skip }, async () => {
    const messages = await listen('Failures');
    const putBack = await takeProgramAway();
    const { status, requests, error } = await execute();
    await putBack();
    assert.equal(status, 'FAILED');
    assert.equal(error, undefined);
    assert.equal(requests.length, 3);
    const [message] = await messages();
    assert.equal(JSON.parse(JSON.parse(message).Cause).State, 'FAILED');
  });
});
