import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SparkOutcome, SparkRequest, SparkRun } from '../local/spark-run';

/** A Spark that does as the test says, in place of a process. */
export class PlannedSpark {
  public readonly requests: SparkRequest[] = [];
  public readonly stops: number[] = [];
  public running = 0;
  public most = 0;

  /**
   * @param plan how each run ends, one after the other; the last one counts for all that follow, and `undefined` does not end by itself
   */
  constructor(private readonly plan: (Partial<SparkOutcome> & { unreadable?: string } | undefined)[]) {}

  public readonly run = (request: SparkRequest): SparkRun => {
    const [stdout, stderr] = ['stdout', 'stderr'].map((name) => path.join(request.folder, name));
    writeFileSync(stdout, 'computed\n');
    const planned = this.plan.length > 1 ? this.plan.shift() : this.plan[0];
    this.requests.push(request);
    this.most = Math.max(this.most, ++this.running);
    let end: (outcome: SparkOutcome) => void = () => undefined;
    const ended = new Promise<SparkOutcome>((resolve) => { end = resolve; }).finally(() => { this.running--; });
    const started = planned?.unreadable ? Promise.reject(new Error(planned.unreadable)) : sleep(10);
    started.catch(() => end({ exitCode: null }));
    if (planned && !planned.unreadable) { setTimeout(() => end({ exitCode: 0, ...planned }), 40); }
    return {
      started,
      ended,
      stdout,
      stderr,
      warnings: [],
      stop: async (grace) => {
        this.stops.push(grace);
        end({ exitCode: 143 });
        await ended;
      },
    };
  };
}
