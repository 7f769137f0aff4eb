import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { CreateApplicationRequest, JobRunState, StartJobRunRequest } from '@aws-sdk/client-emr-serverless';
import { ApiError } from './api-error';
import { Application } from './application';
import { Gate } from './gate';
import { deliverLogs, LogPlaces, logPlaces } from './log-delivery';
import { remove } from './remove';
import { Slots } from './slots';
import { runSpark, SparkRequest, SparkRun } from './spark-run';
import { later } from './timer';
import { Policy } from '../lib/deployment';

/** What all job runs of the service share. */
export interface World {
  readonly gate: Pick<Gate, 'assumes' | 'endpoint' | 'issue' | 'refusals' | 'revoke'>;
  readonly runSpark: typeof runSpark;
  readonly region: string;
  /** Where each attempt has a folder of its own. */
  readonly folder: string;
  readonly processes: Slots;
  /** How many milliseconds a minute has. */
  readonly minute: number;
  /** Says what a user should know and the API has no place for. */
  readonly say: (sentence: string) => void;
}

export interface Attempt {
  readonly number: number;
  readonly createdAt: Date;
  updatedAt: Date;
  state: JobRunState;
  stateDetails: string;
}

export const ENDED: readonly JobRunState[] = ['SUCCESS', 'FAILED', 'CANCELLED'];

/** What the service does where a request does not say otherwise. */
const DEFAULTS = { executionTimeoutMinutes: 720, maxAttempts: 1, maxFailedAttemptsPerHour: 5, streamingGracePeriodSeconds: 120 };

/** How an attempt ended that was not cancelled: with success, or with a reason. */
type Outcome = { readonly failed: false } | { readonly failed: true; readonly reason: string };

/** A job run, from the request to the end of its last attempt. */
export class JobRun {
  public readonly createdAt = new Date();
  public startedAt?: Date;
  public endedAt?: Date;
  public readonly attempts: Attempt[] = [];
  private readonly cancelled = new AbortController();
  private readonly logs: LogPlaces;
  private spark?: SparkRun;
  private gracePeriod = 0;
  private done: Promise<void> = Promise.resolve();

  constructor(
    private readonly world: World,
    private readonly application: Application<JobRun>,
    public readonly jobRunId: string,
    public readonly request: StartJobRunRequest,
    public readonly createdBy: string,
  ) {
    this.logs = logPlaces(application.settings.monitoringConfiguration, request.configurationOverrides?.monitoringConfiguration);
    this.newAttempt('SUBMITTED');
  }

  public get arn(): string {
    return `${this.application.arn}/jobruns/${this.jobRunId}`;
  }

  public get state(): JobRunState {
    return this.attempt.state;
  }

  public get attempt(): Attempt {
    return this.attempts.at(-1)!;
  }

  public get isActive(): boolean {
    return !ENDED.includes(this.state);
  }

  public get isStreaming(): boolean {
    return this.request.mode === 'STREAMING';
  }

  public get executionTimeoutMinutes(): number | undefined {
    return this.isStreaming ? undefined : this.request.executionTimeoutMinutes ?? DEFAULTS.executionTimeoutMinutes;
  }

  public queue(): void {
    this.enter('QUEUED');
  }

  /** Runs the job, as often as its retries allow; fulfilled when no process is left. */
  public async begin(): Promise<void> {
    const { executionTimeoutMinutes: minutes } = this;
    const timeout = minutes && later(minutes * this.world.minute, () => void this.expire(`Job execution exceeded its timeout of ${minutes} minutes`));
    this.done = this.runAttempts();
    await this.done;
    if (timeout) { clearTimeout(timeout); }
  }

  /** Its time is over, in the queue or while it runs. */
  public async expire(reason: string): Promise<void> {
    await this.cancel(0, reason).catch((error: Error) => this.world.say(`${this.jobRunId} was not ended: ${error.message}`));
  }

  /**
   * @param gracePeriod in seconds
   */
  public async cancel(gracePeriod?: number, reason = ''): Promise<void> {
    if (!this.isActive) { throw new ApiError('ValidationException', `Job run ${this.jobRunId} is in state ${this.state} and cannot be cancelled`); }
    if (this.cancelled.signal.aborted) { return; }
    this.gracePeriod = gracePeriod ?? (this.isStreaming ? DEFAULTS.streamingGracePeriodSeconds : 0);
    const waits = this.state === 'QUEUED';
    this.enter('CANCELLING', reason);
    this.cancelled.abort();
    if (waits) {
      this.application.leaveQueue(this);
      this.enter('CANCELLED', reason);
    }
    await this.spark?.stop(this.gracePeriod * 1000);
  }

  /** The service ends, and waits for no grace period. */
  public async abandon(): Promise<void> {
    if (!this.isActive) { return; }
    await this.expire('');
    await this.spark?.stop(0);
    await this.done;
  }

  private async runAttempts(): Promise<void> {
    for (;;) {
      const outcome = await this.tryIt().catch((error: Error): Outcome => ({ failed: true, reason: error.message }));
      if (this.cancelled.signal.aborted) { return this.enter('CANCELLED', this.attempt.stateDetails); }
      if (!outcome.failed) { return this.enter('SUCCESS'); }
      // a client sees no FAILED between two attempts
      this.enter('FAILED', outcome.reason);
      if (!this.mayRetry()) { return; }
      this.endedAt = undefined;
      this.newAttempt('PENDING');
    }
  }

  /** One attempt, up to its logs. */
  private async tryIt(): Promise<Outcome> {
    const { gate, region, processes, runSpark: run } = this.world;
    const { executionRoleArn, executionIamPolicy } = this.request;
    const CANCELLED: Outcome = { failed: true, reason: 'cancelled' };
    if (this.cancelled.signal.aborted) { return CANCELLED; }
    this.enter('PENDING');
    if (!await gate.assumes(executionRoleArn!, this.application.arn)) {
      const reason = `Could not assume execution role ${executionRoleArn} because it does not exist or is not set up with the required trust relationship.`;
      return { failed: true, reason };
    }

    if (this.cancelled.signal.aborted) { return CANCELLED; }
    this.enter('SCHEDULED');
    const free = await processes.take(this.cancelled.signal);
    if (!free) { return CANCELLED; }
    const folder = path.join(this.world.folder, this.jobRunId, String(this.attempt.number));
    const sessionPolicy = executionIamPolicy?.policy === undefined ? undefined : JSON.parse(executionIamPolicy.policy) as Policy;
    const credentials = gate.issue(executionRoleArn!, this.jobRunId, sessionPolicy);
    try {
      await fs.mkdir(folder, { recursive: true });
      const spark = run({ ...sparkRequest(this.application.settings, this.request), endpoint: gate.endpoint, region, credentials, folder });
      this.spark = spark;
      if (this.cancelled.signal.aborted) { await spark.stop(0); }
      const outcome = await this.follow(spark);
      const undelivered = await deliverLogs(spark, this.logs, {
        endpoint: gate.endpoint, region, credentials, jobRun: this, applicationId: this.application.applicationId,
      });
      [...spark.warnings, ...undelivered].forEach((sentence) => this.world.say(`${this.jobRunId}: ${sentence}`));
      return outcome.failed ? { failed: true, reason: withRefusals(outcome.reason, gate.refusals(credentials)) } : outcome;
    } finally {
      this.spark = undefined;
      gate.revoke(credentials);
      free();
      await remove(folder).catch((error: Error) => this.world.say(`${this.jobRunId}: ${folder} was not removed: ${error.message}`));
    }
  }

  private async follow(spark: SparkRun): Promise<Outcome> {
    try {
      await spark.started;
    } catch (error) {
      await spark.ended.catch(() => undefined);
      return { failed: true, reason: (error as Error).message };
    }
    if (!this.cancelled.signal.aborted) { this.enter('RUNNING'); }
    const { exitCode, reason = `Job failed, please check complete logs in configured logging destination. ExitCode: ${exitCode}.` } = await spark.ended;
    return exitCode === 0 ? { failed: false } : { failed: true, reason };
  }

  private mayRetry(): boolean {
    const { maxAttempts = DEFAULTS.maxAttempts, maxFailedAttemptsPerHour = DEFAULTS.maxFailedAttemptsPerHour }
      = this.request.retryPolicy ?? {};
    if (!this.isStreaming) { return this.attempts.length < maxAttempts; }
    const anHourAgo = Date.now() - 60 * this.world.minute;
    return this.attempts.filter(({ updatedAt }) => updatedAt.getTime() > anHourAgo).length < maxFailedAttemptsPerHour;
  }

  private newAttempt(state: JobRunState): void {
    const now = new Date();
    this.attempts.push({ number: this.attempts.length + 1, createdAt: now, updatedAt: now, state, stateDetails: '' });
  }

  private enter(state: JobRunState, stateDetails = ''): void {
    const now = new Date();
    if (state === 'RUNNING') { this.startedAt ??= now; }
    if (ENDED.includes(state)) { this.endedAt = now; }
    Object.assign(this.attempt, { state, stateDetails, updatedAt: now });
  }
}

/** What Spark needs of an application and of a request. */
export function sparkRequest(
  { releaseLabel, runtimeConfiguration = [] }: CreateApplicationRequest, { jobDriver, configurationOverrides = {} }: StartJobRunRequest,
): Pick<SparkRequest, 'releaseLabel' | 'jobDriver' | 'applicationConfigurations' | 'jobConfigurations'> {
  // the SDK says of every member that it may be missing
  return {
    releaseLabel,
    jobDriver,
    applicationConfigurations: runtimeConfiguration,
    jobConfigurations: configurationOverrides.applicationConfiguration ?? [],
  } as Pick<SparkRequest, 'releaseLabel' | 'jobDriver' | 'applicationConfigurations' | 'jobConfigurations'>;
}

/** HEAD has no body, so that Spark often says no more than `Forbidden`; AWS's words are those of the gate. */
function withRefusals(reason: string, refusals: string[]): string {
  const unsaid = [...new Set(refusals)].filter((refusal) => !reason.includes(refusal)).slice(-3);
  return unsaid.length === 0 ? reason : `${reason} AccessDenied: ${unsaid.join(' ')}`;
}
