import * as assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as sdk from '@aws-sdk/client-emr-serverless';
import { App } from 'aws-cdk-lib';
import { PlannedSpark } from '../lib/planned-spark';
import { skippedWithout } from '../lib/tools';
import { TwoApplications } from '../lib/two-applications';
import { LocalAssembly } from '../local/assembly';
import { PYTHON } from '../local/moto';
import { LocalService } from '../local/service';

const LOCAL = path.join(__dirname, '..', 'local');
const execute = promisify(execFile);

const skip = skippedWithout(PYTHON);

const folder = mkdtempSync(path.join(os.tmpdir(), 'two-applications-'));
const assembly = read();
const roleArn = (id: string) => role(id).arn;
const [applicationId, other] = ['Spark', 'Other'].map((id) => assembly.applications.find(({ logicalId }) => logicalId.startsWith(id))!.applicationId);
const APPLICATION = `arn:aws:emr-serverless:eu-west-1:111122223333:/applications/${applicationId}`;

function read(): LocalAssembly {
  (new TwoApplications(folder).node.root as App).synth();
  return LocalAssembly.read(folder);
}

function role(id: string) {
  return assembly.roles.find(({ logicalId }) => logicalId.slice(0, -8) === id)!;
}

type Who = 'Submitter' | 'Stranger' | 'Misled';

function clientOf({ endpoint }: LocalService, who: Who | 'nobody', region = 'eu-west-1'): sdk.EMRServerless {
  const accessKeyId = who === 'nobody' ? who : role(who).accessKeyId;
  return new sdk.EMRServerless({ endpoint, region, credentials: { accessKeyId, secretAccessKey: 'not checked' }, maxAttempts: 1 });
}

/** What came of a call: what it says, or the action that was denied. */
async function answer(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    const [, action] = /is not authorized to perform: (\S+) on resource: /.exec((error as Error).message) ?? [];
    if (!action) { throw error; }
    return `AccessDenied: ${action}`;
  }
}

after(() => rmSync(folder, { recursive: true }));

describe('the local service', { skip }, () => {
  let service: LocalService;
  before(async () => { service = await LocalService.start(assembly, { runSpark: new PlannedSpark([undefined]).run }); });
  after(() => service?.close());

  const client = (who: Who | 'nobody', region?: string) => clientOf(service, who, region);
  const start = (who: Who, of = applicationId, executionRoleArn = roleArn('SparkExecutionRole')) =>
    client(who).startJobRun({ applicationId: of, executionRoleArn, jobDriver: { sparkSubmit: { entryPoint: 's3://amzn-s3-demo-bucket/job.py' } } });
  const ended = async (who: Who, jobRunId: string) => {
    for (;;) {
      const { jobRun } = await client(who).getJobRun({ applicationId, jobRunId });
      if (['CANCELLED', 'FAILED'].includes(jobRun!.state!)) { return jobRun!; }
      await sleep(20);
    }
  };

  test('does for a submitter what was granted, and denies all else', async () => {
    await client('Submitter').startApplication({ applicationId });
    assert.equal((await client('Submitter').getApplication({ applicationId })).application!.state, 'STARTED');
    const { jobRunId } = await start('Submitter');
    await client('Submitter').cancelJobRun({ applicationId, jobRunId });
    assert.equal((await ended('Submitter', jobRunId!)).state, 'CANCELLED');

    assert.deepEqual(await Promise.all([
      start('Submitter', applicationId, roleArn('OtherExecutionRole')),
      start('Submitter', other),
      client('Submitter').listJobRuns({ applicationId }),
      client('Submitter').deleteApplication({ applicationId }),
      start('Stranger', applicationId, roleArn('OtherExecutionRole')),
      client('Stranger').getJobRun({ applicationId, jobRunId }),
      client('Stranger').cancelJobRun({ applicationId, jobRunId }),
    ].map(answer)), [
      'iam:PassRole', 'emr-serverless:StartJobRun', 'emr-serverless:ListJobRuns', 'emr-serverless:DeleteApplication', 'emr-serverless:StartJobRun',
      'emr-serverless:GetJobRun', 'emr-serverless:CancelJobRun',
    ].map((action) => `AccessDenied: ${action}`));
    await client('Submitter').stopApplication({ applicationId });
  });

  test('fails a job whose role does not trust the application', async () => {
    const { jobRunId } = await start('Misled', applicationId, roleArn('OtherExecutionRole'));
    const { state, stateDetails } = await ended('Misled', jobRunId!);
    assert.equal(state, 'FAILED');
    assert.match(stateDetails!, /^Could not assume execution role arn:aws:iam::111122223333:role\/OtherExecutionRole/);
  });

  test('has the applications of the template', async () => {
    const { application } = await client('Submitter').getApplication({ applicationId });
    assert.equal(application?.releaseLabel, 'emr-spark-8.2.0');
    assert.equal(application?.type, 'Spark');
    assert.match(application!.name!, /^TwoApplications-?Spark/);
    assert.deepEqual(application?.autoStartConfiguration, { enabled: true });
    assert.ok(application!.createdAt! <= new Date());
  });

  test('refuses in the words of AWS', async () => {
    await assert.rejects(client('Stranger').startApplication({ applicationId }), (error: sdk.EMRServerlessServiceException) => {
      assert.equal(error.name, 'AccessDeniedException');
      assert.equal(error.$metadata.httpStatusCode, 403);
      assert.equal(error.message, `User: ${roleArn('Stranger')} is not authorized to perform: emr-serverless:StartApplication on resource: ${APPLICATION}`);
      return true;
    });
  });

  test('does not know who has no role of the deployment', async () => {
    await assert.rejects(client('nobody').listApplications(), { name: 'UnrecognizedClientException' });
  });

  test('has another application of the same id in another Region', async () => {
    await assert.rejects(client('Submitter', 'eu-central-1').getApplication({ applicationId }), { name: 'AccessDeniedException', message: /:eu-central-1:/ });
  });

  test('does not do what it denies', async () => {
    const { length } = service.jobRuns(applicationId);
    await assert.rejects(start('Stranger'), { name: 'AccessDeniedException' });
    assert.equal(service.jobRuns(applicationId).length, length);
  });

  test('says which job run does not exist', async () => {
    await assert.rejects(client('Submitter').getJobRun({ applicationId, jobRunId: '00none' }), { name: 'ResourceNotFoundException', message: /00none/ });
  });

  test('denies every operation of the SDK to a stranger, on the resource that IAM checks', async () => {
    const checked: { [resource: string]: string[] } = {
      '*': ['CreateApplication', 'ListApplications'],
      [APPLICATION]: [
        'DeleteApplication', 'GetApplication', 'ListJobRuns', 'ListSessions', 'StartApplication', 'StartJobRun', 'StartSession', 'StopApplication',
        'UpdateApplication',
      ],
      [`${APPLICATION}/jobruns/one`]: [
        'CancelJobRun', 'GetDashboardForJobRun', 'GetJobRun', 'ListJobRunAttempts', 'ListTagsForResource', 'TagResource', 'UntagResource',
      ],
      [`${APPLICATION}/sessions/two`]: ['GetResourceDashboard', 'GetSession', 'GetSessionEndpoint', 'TerminateSession'],
    };
    const input = {
      applicationId,
      jobRunId: 'one',
      sessionId: 'two',
      resourceId: 'two',
      resourceType: 'SESSION',
      resourceArn: `${APPLICATION}/jobruns/one`,
      tags: {},
      tagKeys: ['team'],
      clientToken: 'token',
      executionRoleArn: roleArn('SparkExecutionRole'),
      releaseLabel: 'emr-7.14.0',
      type: 'SPARK',
    };

    const refusals: string[] = [];
    for (const [, Command] of Object.entries(sdk).filter(([name]) => /^[A-Z]\w+Command$/.test(name))) {
      const call = client('Stranger').send(new (Command as typeof sdk.GetApplicationCommand)(input));
      const refused = await call.then(() => 'allowed', (error: Error) => error.message);
      refusals.push(refused.replace(/^.* is not authorized to perform: emr-serverless:/, ''));
    }
    const expectation = Object.entries(checked).flatMap(([resource, names]) => names.map((name) => `${name} on resource: ${resource}`));
    assert.deepEqual(refusals.sort(), expectation.sort());
  });
});

/** Neither the process nor its port. A process that ended and that nobody asked about is a zombie: Z. */
async function gone({ pid, endpoint }: { pid: number; endpoint: string }): Promise<boolean> {
  const state = await execute('ps', ['-o', 'stat=', '-p', String(pid)]).then(({ stdout }) => stdout.trim(), () => '');
  return (state === '' || state.startsWith('Z')) && await refuses(endpoint);
}

function refuses(endpoint: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(endpoint).port), '127.0.0.1', () => { socket.destroy(); resolve(false); });
    socket.on('error', () => resolve(true));
  });
}

test('a service that is closed leaves no process and no port', { skip }, async () => {
  const visited = await LocalService.start(assembly);
  const { moto, endpoint } = visited;
  assert.equal(await gone(moto), false);
  assert.equal(await refuses(endpoint), false);
  await visited.close();
  assert.equal(await gone(moto), true);
  assert.equal(await refuses(endpoint), true);
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
