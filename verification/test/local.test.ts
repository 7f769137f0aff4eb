import * as assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as sdk from '@aws-sdk/client-emr-serverless';
import { EmrRelease } from 'cdk-spark-emr-serverless';
import { SparkDemo } from '../local/app';
import { FrontDoor } from '../local/front-door';
import { expected, play } from '../local/scenes';
import { PYTHON } from '../local/moto';
import { skippedWithout } from '../lib/tools';

const LOCAL = path.join(__dirname, '..', 'local');
const run = promisify(execFile);

const skip = skippedWithout(PYTHON);

let door: FrontDoor;
before(async () => { if (!skip) { door = await FrontDoor.open(); } });
after(() => door?.close());

test('the SDK starts the application, runs a job to SUCCESS and cancels another; everything else is denied', { skip }, async () => {
  assert.deepEqual(await play(door), expected(door.outputs));
});

test('boto3 gets the same answers', { skip }, async () => {
  const env = { PATH: process.env.PATH, NO_PROXY: '127.0.0.1', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
  const { stdout } = await run(PYTHON, [path.join(LOCAL, 'submit.py'), JSON.stringify(door.outputs)], { env });
  assert.deepEqual(JSON.parse(stdout), expected(door.outputs));
});

test('the applications have what the template says', { skip }, async () => {
  const { application } = await door.client('Submitter').getApplication({ applicationId: door.outputs.spark });
  assert.equal(application?.releaseLabel, 'emr-7.14.0');
  assert.equal(application?.type, 'Spark');
  assert.match(application!.name!, /^SparkDemo-?Spark/);
  assert.deepEqual(application?.autoStartConfiguration, { enabled: true });
});

test('a refusal reads as AWS has it', { skip }, async () => {
  const { roleArns, outputs: { spark: applicationId, region } } = door;
  await assert.rejects(door.client('Stranger').startApplication({ applicationId }), (error: sdk.EMRServerlessServiceException) => {
    assert.equal(error.name, 'AccessDeniedException');
    assert.equal(error.$metadata.httpStatusCode, 403);
    assert.equal(error.message, `User: ${roleArns.Stranger} is not authorized to perform: emr-serverless:StartApplication`
      + ` on resource: arn:aws:emr-serverless:${region}:111122223333:/applications/${applicationId}`);
    return true;
  });
});

test('passing a role is decided on that role', { skip }, async () => {
  const { outputs: { spark: applicationId, otherExecutionRole: executionRoleArn } } = door;
  await assert.rejects(door.client('Submitter').startJobRun({ applicationId, executionRoleArn }),
    { message: new RegExp(` is not authorized to perform: iam:PassRole on resource: ${executionRoleArn}$`) });
});

test('who has no role of the deployment is nobody', { skip }, async () => {
  await assert.rejects(door.client('nobody').listApplications(), { name: 'UnrecognizedClientException' });
});

test('in another Region it is another application', { skip }, async () => {
  const { outputs: { endpoint, spark: applicationId } } = door;
  const credentials = { accessKeyId: 'Submitter', secretAccessKey: 'not checked' };
  const elsewhere = new sdk.EMRServerless({ endpoint, region: 'eu-central-1', credentials });
  await assert.rejects(elsewhere.getApplication({ applicationId }), { name: 'AccessDeniedException', message: /:eu-central-1:/ });
});

test('what is denied does not happen', { skip }, async () => {
  const { spark: applicationId, executionRole: executionRoleArn } = door.outputs;
  const jobDriver = { sparkSubmit: { entryPoint: 's3://amzn-s3-demo-bucket/job.py' } };
  await door.client('Submitter').startJobRun({ applicationId, executionRoleArn, jobDriver });
  const before = await door.state().listJobRuns({ applicationId });
  await assert.rejects(door.client('Stranger').startJobRun({ applicationId, executionRoleArn, jobDriver }), { name: 'AccessDeniedException' });
  assert.equal((await door.state().listJobRuns({ applicationId })).jobRuns!.length, before.jobRuns!.length);
});

test('what moto answers comes through', { skip }, async () => {
  const unknown = { applicationId: door.outputs.spark, jobRunId: '00none' };
  await assert.rejects(door.client('Submitter').getJobRun(unknown), { name: 'ResourceNotFoundException', message: /00none/ });
});

test('every operation of the SDK is known, and denied to a stranger on the resource that IAM checks', { skip }, async () => {
  const { region, spark, executionRole } = door.outputs;
  const application = `arn:aws:emr-serverless:${region}:111122223333:/applications/${spark}`;
  const checked: { [resource: string]: string[] } = {
    '*': ['CreateApplication', 'ListApplications'],
    [application]: [
      'DeleteApplication', 'GetApplication', 'ListJobRuns', 'ListSessions', 'StartApplication', 'StartJobRun', 'StartSession', 'StopApplication',
      'UpdateApplication',
    ],
    [`${application}/jobruns/one`]: [
      'CancelJobRun', 'GetDashboardForJobRun', 'GetJobRun', 'ListJobRunAttempts', 'ListTagsForResource', 'TagResource', 'UntagResource',
    ],
    [`${application}/sessions/two`]: ['GetResourceDashboard', 'GetSession', 'GetSessionEndpoint', 'TerminateSession'],
  };
  const input = {
    applicationId: spark, jobRunId: 'one', sessionId: 'two', resourceId: 'two', resourceType: 'SESSION', resourceArn: `${application}/jobruns/one`,
    tags: {}, tagKeys: ['team'], clientToken: 'token', executionRoleArn: executionRole, releaseLabel: 'emr-7.14.0', type: 'SPARK',
  };

  const refusals: string[] = [];
  for (const [, Command] of Object.entries(sdk).filter(([name]) => /^[A-Z]\w+Command$/.test(name))) {
    const call = door.client('Stranger').send(new (Command as typeof sdk.GetApplicationCommand)(input));
    const refused = await call.then(() => 'allowed', (error: Error) => error.message);
    refusals.push(refused.replace(/^.* is not authorized to perform: emr-serverless:/, ''));
  }
  const expectation = Object.entries(checked).flatMap(([resource, names]) => names.map((name) => `${name} on resource: ${resource}`));
  assert.deepEqual(refusals.sort(), expectation.sort());
});

test('the story is told in a table that fits on a page', { skip }, async () => {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', path.join(LOCAL, 'story.ts')]);
  assert.match(stdout, /Submitter +│ StartApplication +│ Spark +│ allowed/);
  assert.deepEqual(stdout.split('\n').filter((line) => line.length > 110), []);
});

/** Neither the process nor its port. A process that ended and that nobody asked about is a zombie: Z. */
async function gone({ pid, endpoint }: { pid: number; endpoint: string }): Promise<boolean> {
  const state = await run('ps', ['-o', 'stat=', '-p', String(pid)]).then(({ stdout }) => stdout.trim(), () => '');
  return (state === '' || state.startsWith('Z')) && await refuses(endpoint);
}

function refuses(endpoint: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(endpoint).port), '127.0.0.1', () => { socket.destroy(); resolve(false); });
    socket.on('error', () => resolve(true));
  });
}

test('a door that is closed leaves no process and no port', { skip }, async () => {
  const visited = await FrontDoor.open();
  const { moto, outputs } = visited;
  assert.equal(await gone(moto), false);
  assert.equal(await refuses(outputs.endpoint), false);
  await visited.close();
  assert.equal(await gone(moto), true);
  assert.equal(await refuses(outputs.endpoint), true);
});

test('a door that does not open leaves no process', { skip }, async () => {
  const motos = async () => {
    const { stdout } = await run('ps', ['-A', '-o', 'ppid=,args=']);
    return stdout.split('\n').filter((line) => line.trim().startsWith(`${process.pid} `) && line.includes('moto_server.py'));
  };
  assert.equal((await motos()).length, 1);
  await assert.rejects(FrontDoor.open(new SparkDemo(EmrRelease.EMR_SPARK_8_2_0)), { name: 'ValidationException' });
  assert.equal((await motos()).length, 1);
});

test('a program that forgets to close it, fails, or is killed and cannot tidy up, leaves no process and no port', { skip }, async () => {
  await Promise.all(['', 'throw new Error()', 'process.kill(process.pid, "SIGKILL")'].map(async (end) => {
    const visit = spawn(process.execPath, ['--import', 'tsx', '--eval', `
      const { Moto } = require(${JSON.stringify(path.join(LOCAL, 'moto.ts'))});
      Moto.start('111122223333').then(({ pid, endpoint }) => {
        process.stdout.write(JSON.stringify({ pid, endpoint }), () => { ${end}; });
      });`], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [said] = await once(visit.stdout, 'data');
    const server = JSON.parse(String(said));
    for (let tries = 0; tries < 100 && !await gone(server); tries++) { await sleep(100); }
    visit.kill('SIGKILL');
    assert.equal(await gone(server), true, end);
  }));
});
