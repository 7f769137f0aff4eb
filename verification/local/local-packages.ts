import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { CACHE, UV } from '../lib/tools';
import { Archive } from './job-code';

const run = promisify(execFile);

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
export async function unpackArchives(archives: readonly Archive[], workDirectory: string, python: string, signal: AbortSignal): Promise<LocalPackages> {
  if (archives.length === 0) { return { foreignEnvironments: [], warnings: [] }; }
  const { stdout } = await run(python, [
    path.join(__dirname, 'unpack.py'),
    ...archives.flatMap(({ file, directory }) => [file, path.join(workDirectory, directory)]),
  ], { signal, maxBuffer: 64 * 1024 * 1024 });
  const unpacked: Unpacked[] = JSON.parse(stdout);
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
      await run(program, args, { signal });
      return true;
    } catch (error) {
      if (signal.aborted || typeof (error as { code?: unknown }).code !== 'number') { throw error; }
    }
  }
  return false;
}
