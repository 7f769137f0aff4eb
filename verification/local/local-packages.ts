import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { Archive, CodeNotReadable } from './job-code';
import { forInstallers, forJobs } from './machine-environment';
import { supervised } from './supervised';
import { CACHE, UV } from '../lib/tools';

const run = promisify(execFile);

/** Who waits longer waits for a network that does not answer. */
const INSTALLER_MILLISECONDS = 300_000;

interface Room {
  /** Goes when this process is killed. */
  readonly folder: string;
  readonly workDirectory: string;
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly distInfo: string;
  readonly runsHere: boolean;
}

interface Unpacked {
  /** What Python imports from. */
  readonly directory: string;
  /** The virtual environment whose interpreter does not run on this machine. */
  readonly foreignEnvironment?: string;
  readonly packages: readonly Package[];
}

export interface LocalPackages {
  /** The virtual environments whose interpreter does not run here, with the directory that has their packages. */
  readonly foreignEnvironments: readonly { readonly directory: string; readonly sitePackages: string }[];
  readonly warnings: readonly string[];
}

/**
 * Unpacks the archives into the working directory. Python packages in them are for the Python and the processor of the release, so that
 * those that this Python cannot import are installed for it, in the same version.
 */
export async function unpackArchives(
  archives: readonly Archive[],
  room: Room,
  python: string,
  signal: AbortSignal,
): Promise<LocalPackages> {
  if (archives.length === 0) { return { foreignEnvironments: [], warnings: [] }; }
  const unpacked = await unpack(archives, room, python, signal);
  const missing: string[] = [];
  for (const { directory, packages } of unpacked) {
    missing.push(...await installHere(packages.filter(({ runsHere }) => !runsHere), directory, python, signal));
  }
  return {
    foreignEnvironments: unpacked.flatMap(({ foreignEnvironment, directory }) =>
      foreignEnvironment === undefined ? [] : [{ directory: foreignEnvironment, sitePackages: directory }]),
    warnings: missing.length === 0 ? [] : [`${missing.join(', ')} cannot be imported here, because there is no such version for the Python`
      + ' and the processor of this machine.'],
  };
}

/** It runs the interpreter of an archive, which is code of the job. */
async function unpack(
  archives: readonly Archive[], { folder, workDirectory }: Room, python: string, signal: AbortSignal,
): Promise<Unpacked[]> {
  signal.throwIfAborted();
  const { process: { stdout, stderr }, exited, stop } = await supervised(python, {
    command: [python, '-I', path.join(__dirname, 'unpack.py'), ...archives.flatMap(({ file, directory }) => [file, directory])],
    folder,
    cwd: workDirectory,
    env: forJobs(),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const atOnce = () => stop(0);
  signal.addEventListener('abort', atOnce);
  if (signal.aborted) { atOnce(); }
  const [printed, complaints, exitCode] = await Promise.all([text(stdout!), text(stderr!), exited]);
  signal.removeEventListener('abort', atOnce);
  signal.throwIfAborted();
  if (exitCode !== 0) { throw new Error(`The archives cannot be unpacked: ${complaints}`); }
  const result: Unpacked[] | { readonly refusal: string } = JSON.parse(printed);
  if ('refusal' in result) { throw new CodeNotReadable(result.refusal); }
  return result;
}

/** Returns the packages that cannot be had for this Python. */
async function installHere(packages: readonly Package[], directory: string, python: string, signal: AbortSignal): Promise<string[]> {
  if (packages.length === 0) { return []; }
  // an installer leaves alone what it takes to be installed
  packages.forEach(({ distInfo }) => rmSync(distInfo, { recursive: true }));
  const requirements = packages.map(({ name, version }) => `${name}==${version}`);
  if (await install(requirements, directory, python, signal)) { return []; }
  const missing: string[] = [];
  for (const requirement of requirements) {
    if (!await install([requirement], directory, python, signal)) { missing.push(requirement); }
  }
  return missing;
}

/** uv and pip keep what they downloaded in a cache, by its content. */
async function install(requirements: readonly string[], directory: string, python: string, signal: AbortSignal): Promise<boolean> {
  const options = ['--target', directory, '--no-deps', '--only-binary', ':all:', '--quiet'];
  const commands: [program: string, args: string[]][] = existsSync(UV)
    ? ['--offline', '--no-offline'].map((network) =>
      [UV, ['pip', 'install', '--python', python, '--cache-dir', path.join(CACHE, 'uv'), network, ...options, ...requirements]])
    : [[python, ['-m', 'pip', 'install', '--cache-dir', path.join(CACHE, 'pip'), '--upgrade', ...options, ...requirements]]];
  for (const [program, args] of commands) {
    try {
      await run(program, args, { signal, env: forInstallers(), timeout: INSTALLER_MILLISECONDS });
      return true;
    } catch (error) {
      if (signal.aborted || typeof (error as { code?: unknown }).code !== 'number') { throw error; }
    }
  }
  return false;
}
