import { randomBytes } from 'node:crypto';
import { ApplicationState, CreateApplicationRequest } from '@aws-sdk/client-emr-serverless';
import { ApiError } from './api-error';
import { later } from './timer';

/** What an application does with its job runs, each as far as it needs to know. */
interface Submitted {
  readonly isActive: boolean;
  queue(): void;
  begin(): Promise<void>;
  expire(reason: string): Promise<void>;
}

/** What the service does where an application does not say otherwise. */
export const DEFAULTS = { idleTimeoutMinutes: 15, maxConcurrentRuns: 15, queueTimeoutMinutes: 360 };

/** An application: its state, and which of its job runs wait in the queue. */
export class Application<Run extends Submitted> {
  public readonly createdAt = new Date();
  public updatedAt = this.createdAt;
  public state: ApplicationState = 'CREATED';
  public stateDetails = '';
  public readonly jobRuns = new Map<string, Run>();
  private readonly running = new Set<Run>();
  private readonly queue: { run: Run; expiry: NodeJS.Timeout }[] = [];
  private idle?: NodeJS.Timeout;

  /**
   * @param minute how many milliseconds a minute has; tests have little time
   */
  constructor(
    public readonly applicationId: string,
    public readonly arn: string,
    public settings: CreateApplicationRequest,
    private readonly minute: number,
  ) {}

  public async start(): Promise<void> {
    if (this.state === 'STARTED' || this.state === 'STARTING') { return; }
    this.enter('STARTING');
    // capacity takes no time here, but who asks sees each state
    await Promise.resolve();
    this.enter('STARTED');
    this.stopWhenIdle();
  }

  public async stop(details = ''): Promise<void> {
    if (this.state !== 'STARTED') {
      throw new ApiError('ValidationException', 'Application cannot be STOPPED. Applications must be in one of the following statuses: [STARTING, STARTED]');
    }
    const active = [...this.jobRuns.values()].filter(({ isActive }) => isActive).length;
    if (active > 0) {
      throw new ApiError('ValidationException', `Application ${this.applicationId} cannot be stopped, because it has ${active} active job runs`);
    }
    clearTimeout(this.idle);
    this.enter('STOPPING');
    await Promise.resolve();
    this.enter('STOPPED', details);
  }

  public delete(): void {
    if (this.state !== 'CREATED' && this.state !== 'STOPPED') {
      throw new ApiError('ValidationException', `Application ${this.applicationId} must be in one of the following statuses: [CREATED, STOPPED]`);
    }
    this.enter('TERMINATED');
  }

  /** Runs a job as soon as there is room for it; starts the application if it does so by itself. */
  public async submit(jobRunId: string, run: Run): Promise<void> {
    const starts = this.settings.autoStartConfiguration?.enabled ?? true;
    if (this.state !== 'STARTED' && !starts) {
      throw new ApiError('ValidationException', `Application ${this.applicationId} is in state ${this.state}, and does not start automatically`);
    }
    this.jobRuns.set(jobRunId, run);
    clearTimeout(this.idle);
    if (this.state !== 'STARTED') { await this.start(); }
    clearTimeout(this.idle);
    if (this.running.size < this.most('maxConcurrentRuns')) {
      this.begin(run);
    } else {
      run.queue();
      const minutes = this.most('queueTimeoutMinutes');
      const expiry = later(minutes * this.minute, () => {
        this.leaveQueue(run);
        void run.expire(`The job run waited longer than ${minutes} minutes in the queue`);
      });
      this.queue.push({ run, expiry });
    }
  }

  /** A job run that was cancelled before its turn came. */
  public leaveQueue(run: Run): void {
    const place = this.queue.findIndex((queued) => queued.run === run);
    if (place >= 0) { this.queue.splice(place, 1).forEach(({ expiry }) => clearTimeout(expiry)); }
  }

  public close(): void {
    clearTimeout(this.idle);
    this.queue.splice(0).forEach(({ expiry }) => clearTimeout(expiry));
  }

  private begin(run: Run): void {
    this.running.add(run);
    void run.begin().finally(() => {
      this.running.delete(run);
      const next = this.queue.shift();
      if (next) {
        clearTimeout(next.expiry);
        this.begin(next.run);
      }
      this.stopWhenIdle();
    });
  }

  private most(setting: 'maxConcurrentRuns' | 'queueTimeoutMinutes'): number {
    return this.settings.schedulerConfiguration?.[setting] ?? DEFAULTS[setting];
  }

  private stopWhenIdle(): void {
    clearTimeout(this.idle);
    const { enabled = true, idleTimeoutMinutes = DEFAULTS.idleTimeoutMinutes } = this.settings.autoStopConfiguration ?? {};
    if (!enabled || this.running.size > 0) { return; }
    const stop = () => void this.stop(`The application was idle for ${idleTimeoutMinutes} minutes`).catch(() => undefined);
    this.idle = later(idleTimeoutMinutes * this.minute, stop);
  }

  private enter(state: ApplicationState, details = ''): void {
    Object.assign(this, { state, stateDetails: details, updatedAt: new Date() });
  }
}

/** An id as the service makes them: 16 lower-case letters and digits, which start with `00`. */
export function newId(): string {
  return `00${randomBytes(7).toString('hex')}`;
}
