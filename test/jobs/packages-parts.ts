import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { inflateRawSync } from 'zlib';
import { App, Stack } from 'aws-cdk-lib';
import { Architecture, EmrRelease, PythonPackages, PythonPackagesConfig, PythonPackagesOptions, PythonPackagesTarget } from '../../src';
import { ENV, submitterIn } from '../util';

export { messageOf as message } from '../util';

export const TARGET: PythonPackagesTarget = { release: EmrRelease.EMR_7_14_0, architecture: Architecture.ARM64 };
export const X86: PythonPackagesTarget = { release: EmrRelease.EMR_SPARK_8_2_0, architecture: Architecture.X86_64 };

/** A directory for one test, in which nothing is on the PATH but what the test puts there. */
export class Sandbox {
  public readonly directory = mkdtempSync(join(tmpdir(), 'packages test '));
  public readonly cache = join(this.directory, 'cache');
  private readonly before = { ...process.env };
  private readonly stderr: jest.SpyInstance;

  public constructor() {
    Object.keys(process.env).filter((name) => /^(UV_|PIP_|.*_proxy$|CDK_DOCKER|CDK_SPARK_EMR_SERVERLESS_)/i.test(name)).forEach((name) => delete process.env[name]);
    process.env.PATH = join(this.directory, 'path');
    process.env.CDK_SPARK_EMR_SERVERLESS_CACHE = this.cache;
    this.stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  }

  public remove(): void {
    this.stderr.mockRestore();
    process.env = this.before;
    rmSync(this.directory, { recursive: true, force: true });
  }

  public file(name: string, content: string | Buffer = ''): string {
    const path = join(this.directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** Puts a tool on the PATH. It writes down what it is called with, and then runs a script. */
  public tool(name: string, script: string): void {
    const path = this.file(join('path', name), [
      '#!/bin/sh',
      'PATH=/usr/bin:/bin',
      `calls='${join(this.directory, `${name}.calls`)}'`,
      'printf \'%s\\037\' "$PWD" "$@" >> "$calls"; printf \'\\n\' >> "$calls"',
      script,
    ].join('\n'));
    chmodSync(path, 0o755);
  }

  /** What a tool was called with, and before it the directory it was called in. */
  public calls(name: string): string[][] {
    const path = join(this.directory, `${name}.calls`);
    return !existsSync(path) ? [] : readFileSync(path, 'utf8').split('\n').slice(0, -1).map((line) => line.split('\x1f').slice(0, -1));
  }

  /** A uv that installs the package `demo`, and keeps the files that it was given. */
  public uv(extra = ''): void {
    this.tool('uv', `[ "$1" = --version ] && { echo 'uv 1.2.3 (fake)'; exit; }\n${extra}\n${this.installs()}`);
  }

  /** The part of an installer that installs. */
  public installs(wheel = 'py3-none-any'): string {
    return `
      while [ $# -gt 0 ]; do case "$1" in
        --target) target="$2";; --requirements|--requirement) cp "$2" '${this.directory}/given.txt';;
        --constraints|--constraint) cp "$2" '${this.directory}/constraints.txt';; --overrides) cp "$2" '${this.directory}/overrides.txt';;
      esac; shift; done
      [ -z "$target" ] && exit 0
      env > '${this.directory}/environment.txt'
      mkdir -p "$target/demo/__pycache__" "$target/demo-1.0.dist-info" "$target/bin" "$target/pyspark"
      echo 'X = 1' > "$target/demo/__init__.py"; echo > "$target/demo/__pycache__/demo.pyc"; echo > "$target/pyspark/__init__.py"
      echo > "$target/bin/demo"; echo > "$target/.lock"
      for file in METADATA RECORD INSTALLER REQUESTED direct_url.json; do echo > "$target/demo-1.0.dist-info/$file"; done
      echo 'Tag: ${wheel}' > "$target/demo-1.0.dist-info/WHEEL"`;
  }

  /** The lines that the user saw. */
  public progress(): string[] {
    return this.stderr.mock.calls.map(([text]) => String(text).trimEnd());
  }
}

/** The sandbox of the test that runs. */
export let sandbox: Sandbox;

/** Gives a sandbox of its own to each test of a file or of a `describe`. */
export function eachTestInSandbox(): void {
  beforeEach(() => { sandbox = new Sandbox(); });
  afterEach(() => sandbox.remove());
}

/** The packages of a requirements file with this content. */
export function fromRequirements(content = 'demo==1.0\n', options?: PythonPackagesOptions): PythonPackages {
  return PythonPackages.fromRequirements(sandbox.file('requirements.txt', content), options);
}

export interface Bound {
  readonly stack: Stack;
  readonly config: PythonPackagesConfig;
  readonly outdir: string;
}

export function bind(packages: PythonPackages, target: PythonPackagesTarget = TARGET, context: Record<string, unknown> = {}): Bound {
  const outdir = mkdtempSync(join(process.env.CDK_SPARK_EMR_SERVERLESS_CACHE!, '..', 'out'));
  const stack = new Stack(new App({ outdir, context }), 'Stack', { env: ENV });
  return { stack, config: packages.bind(stack, submitterIn(stack), target), outdir };
}

/** The name of an object in the bucket of assets. */
export function keyOf(uri: string | undefined): string {
  return /[^/]*$/.exec(uri!)![0];
}

/** The key of the archive, whose name is the hash of what is in it. */
export function hashOf(packages: PythonPackages, target?: PythonPackagesTarget): string {
  return keyOf(bind(packages, target, { 'aws:cdk:bundling-stacks': [] }).config.archiveUri);
}

/** The files of a zip archive with their contents. */
export function unzipped(path: string): { [name: string]: string } {
  const archive = readFileSync(path);
  const end = archive.length - 22;
  const files: { [name: string]: string } = {};
  let at = archive.readUInt32LE(end + 16);
  for (let i = 0; i < archive.readUInt16LE(end + 10); i++) {
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26);
    files[name] = inflateRawSync(archive.subarray(start, start + archive.readUInt32LE(at + 20))).toString();
    at += 46 + nameLength;
  }
  return files;
}
