import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';

export interface Program {
  /** The program with its arguments. */
  readonly command: readonly string[];
  /** Goes when this process is killed. */
  readonly folder: string;
  readonly cwd: string;
  readonly env: { readonly [variable: string]: string };
  readonly stdout: number | 'pipe';
  readonly stderr: number | 'pipe';
}

export interface Supervised {
  readonly process: ChildProcess;
  readonly exited: Promise<number>;
  stop(graceMilliseconds: number): void;
}

const SUPERVISOR = path.join(__dirname, 'supervisor.py');

/** Starts a program of which no process is left when it has exited. */
export async function supervised(python: string, { command, folder, cwd, env, stdout, stderr }: Program): Promise<Supervised> {
  // the variables are for the program, and Python itself must not heed them
  const supervisor = spawn(python, ['-I', SUPERVISOR, folder, ...command], {
    cwd,
    env,
    stdio: ['pipe', stdout, stderr],
    // Ctrl-C in a terminal is for the service, whose end the supervisor notices
    detached: true,
  });
  const exited = once(supervisor, 'exit').then(([exitCode]) => exitCode ?? 1);
  // where it does not start, the next line tells
  exited.catch(() => undefined);
  await once(supervisor, 'spawn');
  // it may have ended before it is told to
  supervisor.stdin!.on('error', () => undefined);
  return { process: supervisor, exited, stop: (graceMilliseconds) => { supervisor.stdin!.write(`stop ${graceMilliseconds}\n`); } };
}
