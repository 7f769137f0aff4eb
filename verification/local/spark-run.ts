import { closeSync, mkdirSync, openSync } from 'node:fs';
import * as path from 'node:path';
import { failure } from './failure';
import { fetchCode } from './job-code';
import { unpackArchives } from './local-packages';
import { Credentials } from './sessions';
import { launch } from './spark-launch';
import { asked, Configuration, Sources } from './spark-properties';
import { sparkOf } from './spark-release';
import { supervised, Supervised } from './supervised';

export { CodeNotReadable } from './job-code';
export { InvalidParameters } from './spark-submit-parameters';

export interface SparkRequest extends Sources {
  readonly jobDriver: {
    readonly sparkSubmit: {
      readonly entryPoint: string;
      readonly entryPointArguments?: string[];
      readonly sparkSubmitParameters?: string;
    };
  };
  readonly applicationConfigurations: Configuration[];
  readonly jobConfigurations: Configuration[];
  readonly endpoint: string;
  readonly region: string;
  /** Of the execution role. */
  readonly credentials: Credentials;
  /** An empty folder of its own, in which the job works. */
  readonly folder: string;
}

export interface SparkOutcome {
  /** Null where Spark did not start. */
  readonly exitCode: number | null;
  /** Why the job failed, in the words of the service. */
  readonly reason?: string;
}

export interface SparkRun {
  /** Fulfilled when the code is there and Spark runs. */
  readonly started: Promise<void>;
  /** Never rejected. */
  readonly ended: Promise<SparkOutcome>;
  /** What this machine does not do. It is complete when Spark runs. */
  readonly warnings: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  /** Fulfilled when no process is left. */
  stop(graceMilliseconds: number): Promise<void>;
}

/** Why a release cannot run here, or false. In CI nothing is skipped: there the test fails for want of it. */
export function skippedWithoutSparkOf(releaseLabel: string): string | false {
  try {
    sparkOf(releaseLabel);
    return false;
  } catch (error) {
    return !process.env.CI && (error as Error).message;
  }
}

/** Fetches the code of a job as its execution role and runs it with the Spark of its release. */
export function runSpark(request: SparkRequest): SparkRun {
  return new Run(request);
}

class Run implements SparkRun {
  public readonly started: Promise<void>;
  public readonly ended: Promise<SparkOutcome>;
  public readonly warnings: string[] = [];
  public readonly stdout: string;
  public readonly stderr: string;

  private readonly abort = new AbortController();
  private spark?: Supervised;

  constructor(private readonly request: SparkRequest) {
    [this.stdout, this.stderr] = ['stdout', 'stderr'].map((name) => path.join(request.folder, name));
    const starting = this.start();
    this.started = starting.then(() => undefined);
    this.ended = starting.then(async ({ exited }) => {
      const exitCode = await exited;
      return exitCode === 0 ? { exitCode } : { exitCode, reason: failure(exitCode, this) };
    }).catch((error) => ({ exitCode: null, reason: error.message }));
    // who waits for the end hears of it there
    this.started.catch(() => undefined);
  }

  public async stop(graceMilliseconds: number): Promise<void> {
    this.abort.abort(new Error('The job was stopped before Spark ran.'));
    this.spark?.stop(graceMilliseconds);
    await this.ended;
  }

  private async start(): Promise<Supervised> {
    const { request, abort: { signal } } = this;
    const outputs = [this.stdout, this.stderr].map((file) => openSync(file, 'w'));
    try {
      const { python, args, env, cwd } = await this.prepare().catch((error) => { throw signal.aborted ? signal.reason : error; });
      signal.throwIfAborted();
      this.spark = await supervised(python, { command: args, folder: request.folder, cwd, env, stdout: outputs[0], stderr: outputs[1] });
      if (signal.aborted) { this.spark.stop(0); }
      return this.spark;
    } finally {
      outputs.forEach((file) => closeSync(file));
    }
  }

  /** Everything that needs no Spark yet. */
  private async prepare() {
    const { request, request: { folder, endpoint, region, credentials, jobDriver: { sparkSubmit } }, abort: { signal } } = this;
    const wanted = asked(request);
    this.warnings.push(...wanted.warnings);
    const spark = sparkOf(request.releaseLabel);
    const cwd = path.join(folder, 'work');
    mkdirSync(cwd);
    const code = await fetchCode(sparkSubmit.entryPoint, wanted.properties, {
      endpoint, region, credentials, folder: path.join(folder, 'code'), workDirectory: cwd, sparkHome: spark.home, signal,
    });
    const packages = await unpackArchives(code.archives, { folder, workDirectory: cwd }, spark.python, signal);
    const { args, env, warnings } = launch({ request, wanted, code, packages, spark, workDirectory: cwd });
    this.warnings.push(...code.warnings, ...packages.warnings, ...warnings);
    return { python: spark.python, args, env, cwd };
  }
}
