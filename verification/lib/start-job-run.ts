import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';
import { text } from 'node:stream/consumers';
import { inEnvironment, VERIFICATION } from './tools';

/** The Python that has botocore, and moto with its interpreter of state machines. */
export const STATE_MACHINES = inEnvironment('state-machines', 'python');

/** A request of `StartJobRun`, and where it was found, which decides on the names of its members. */
export interface JobRunRequest {
  readonly form: 'json' | 'task' | 'schedule';
  /** The language of the expressions in a task. */
  readonly language?: 'JSONPath' | 'JSONata';
  readonly request: unknown;
}

/** What is wrong with each request by botocore's model of the API. */
export function requestProblems<Name extends string>(requests: Record<Name, JobRunRequest>): Record<Name, string[]> {
  return askJudge('start_job_run.py', requests) as Record<Name, string[]>;
}

/** What a judge of this environment says: JSON in, JSON out. */
export function askJudge(judge: string, question: unknown, env: Record<string, string> = {}): unknown {
  const { status, stdout, stderr, error } = spawnSync(STATE_MACHINES, [path.join(VERIFICATION, 'judges', judge)], {
    input: JSON.stringify(question),
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) { throw error; }
  if (status !== 0) { throw new Error(`${judge} did not answer: ${stderr}`); }
  return JSON.parse(stdout);
}

/** The same, while this process goes on: it may have to answer the judge. */
export async function askJudgeMeanwhile(judge: string, question: unknown, env: Record<string, string>): Promise<unknown> {
  const asked = spawn(STATE_MACHINES, [path.join(VERIFICATION, 'judges', judge)], { env: { ...process.env, ...env } });
  asked.stdin.end(JSON.stringify(question));
  const [stdout, stderr, [status]] = await Promise.all([text(asked.stdout), text(asked.stderr), once(asked, 'close')]);
  if (status !== 0) { throw new Error(`${judge} did not answer: ${stderr}`); }
  return JSON.parse(stdout);
}
