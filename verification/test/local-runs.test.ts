import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { EMRServerless } from '@aws-sdk/client-emr-serverless';
import { App } from 'aws-cdk-lib';
import { skippedWithout } from '../lib/tools';
import { TwoApplications } from '../lib/two-applications';
import { LocalAssembly } from '../local/assembly';
import { PYTHON } from '../local/moto';
import { LocalService } from '../local/service';
import { skippedWithoutSparkOf } from '../local/spark-run';

/** How many job runs; LOCAL_RUNS=50 gives the figures of docs/local.md. */
const RUNS = Number(process.env.LOCAL_RUNS ?? 5);

const skip = skippedWithout(PYTHON) || skippedWithoutSparkOf('emr-spark-8.2.0');
const folder = mkdtempSync(path.join(os.tmpdir(), 'local-runs-'));
after(() => rmSync(folder, { recursive: true }));

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The megabytes of this process that are in use, without garbage. */
function memory(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1e6;
}

/** The processes below this one, but for `ps` itself. */
function processes(): string[] {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []).map(([, pid, ppid, args]) => ({ pid, ppid, args }));
  const below = (parent: string): string[] => all.filter(({ ppid }) => ppid === parent).flatMap(({ pid, args }) => [args, ...below(pid)]);
  return below(String(process.pid)).filter((args) => !args.startsWith('ps '));
}

test(`${RUNS} job runs in a row leave no process, no file and no memory`, { skip }, async (t) => {
  (new TwoApplications(folder).node.root as App).synth();
  const assembly = LocalAssembly.read(folder);
  const before = processes();
  const service = await LocalService.start(assembly);
  const accessKeyId = assembly.roles.find(({ logicalId }) => logicalId.startsWith('Submitter'))!.accessKeyId;
  const emr = new EMRServerless({ endpoint: service.endpoint, region: 'eu-west-1', credentials: { accessKeyId, secretAccessKey: 'not checked' } });
  const { applicationId } = assembly.applications.find(({ logicalId }) => logicalId.startsWith('Spark'))!;
  const executionRoleArn = assembly.roles.find(({ logicalId }) => logicalId.startsWith('SparkExecutionRole'))!.arn;
  const request = { applicationId, executionRoleArn, jobDriver: { sparkSubmit: { entryPoint: '/usr/lib/spark/examples/src/main/python/pi.py' } } };

  const used: number[] = [];
  const seconds: number[] = [];
  try {
    for (let i = 0; i < RUNS; i++) {
      const started = Date.now();
      const { jobRunId } = await emr.startJobRun(request);
      for (let state; state !== 'SUCCESS'; await sleep(100)) {
        const { jobRun } = await emr.getJobRun({ applicationId, jobRunId });
        state = jobRun!.state;
        assert.notEqual(state, 'FAILED', jobRun!.stateDetails);
      }
      seconds.push((Date.now() - started) / 1000);
      used.push(memory());
    }
    assert.deepEqual(processes().filter((args) => !args.includes('moto_server.py')), before);
  } finally {
    emr.destroy();
    await service.close();
  }
  const median = [...seconds].sort((one, other) => one - other)[Math.floor(RUNS / 2)];
  t.diagnostic(`seconds for a job run: ${median.toFixed(1)}; megabytes after the second and the last: ${used[1].toFixed(1)}, ${used.at(-1)!.toFixed(1)}`);
  // what the service remembers of a job run is some kilobytes
  assert.ok(used.at(-1)! - used[1] < 0.1 * RUNS + 2, `the memory grew: ${used.map((megabytes) => megabytes.toFixed(1)).join(', ')} MB`);
  assert.deepEqual(processes(), before);
});
