import { Duration } from 'aws-cdk-lib/core';
import { JobRun } from './job-run';
import type { EmrRelease } from '../../application/emr-release';
import { FeatureUse, limitsTimeouts } from '../../application/private/release-features';
import { isLiteral, minutesProblems, Problems, wholeNumberProblems } from '../../private/checks';
import { duration, Fields, instance, number, read, struct } from '../../private/reading';
import { refuse } from '../../private/validation-error';
import type { SparkBatchOptions, SparkJobMode, SparkStreamingOptions } from '../spark-job-mode';

/** The mode that the props give. */
export interface GivenMode {
  readonly mode?: SparkJobMode;
}

/** How a job ends, and how EMR Serverless retries it. */
export interface Mode {
  readonly isStreaming: boolean;
  readonly executionTimeout?: Duration;
  readonly maxAttempts?: number;
  readonly maxFailedAttemptsPerHour?: number;
}

export const MODE: Fields<GivenMode> = {
  mode: instance<SparkJobMode>('a SparkJobMode such as SparkJobMode.batch()', '_mode', '_options'),
};

const MAX_MINUTES = 1_000_000;
const MAX_MINUTES_OF_NEWER_RELEASES = 7 * 24 * 60;
const MAX_ATTEMPTS = 10;

const batchOptions = struct<SparkBatchOptions>({ executionTimeout: duration, maxAttempts: number });
const streamingOptions = struct<SparkStreamingOptions>({ maxFailedAttemptsPerHour: number });

export function readBatchOptions(options: SparkBatchOptions): SparkBatchOptions {
  return checked(read(undefined, '', 'options', options, batchOptions));
}

export function readStreamingOptions(options: SparkStreamingOptions): SparkStreamingOptions {
  return checked(read(undefined, '', 'options', options, streamingOptions));
}

/** What no release allows is refused where the mode is made. */
function checked<T extends Omit<Mode, 'isStreaming'>>(options: T): T {
  refuse(undefined, '', modeProblems({ isStreaming: false, ...options }, undefined));
  return options;
}

export function modeFrom(mode: SparkJobMode | undefined): Mode {
  return { isStreaming: mode?._mode === 'STREAMING', ...mode?._options };
}

/** The largest timeout, in minutes. */
function maxTimeout(release: EmrRelease | undefined): number {
  return release && limitsTimeouts(release) ? MAX_MINUTES_OF_NEWER_RELEASES : MAX_MINUTES;
}

export function modeProblems({ executionTimeout, maxAttempts, maxFailedAttemptsPerHour }: Mode, release: EmrRelease | undefined): Problems {
  return [
    ...minutesProblems('executionTimeout', executionTimeout, 1, maxTimeout(release)),
    ...wholeNumberProblems('maxAttempts', maxAttempts, 1, MAX_ATTEMPTS),
    ...wholeNumberProblems('maxFailedAttemptsPerHour', maxFailedAttemptsPerHour, 1, MAX_ATTEMPTS),
  ];
}

export function modeFeatures({ isStreaming, maxAttempts }: Mode): FeatureUse[] {
  return [
    ...isStreaming ? [{ feature: 'streaming', usedBy: '`mode`' } as const] : [],
    ...isLiteral(maxAttempts) && maxAttempts !== 1 ? [{ feature: 'jobRetries', usedBy: '`maxAttempts`' } as const] : [],
  ];
}

export function renderMode({ isStreaming, executionTimeout, maxAttempts, maxFailedAttemptsPerHour }: Mode)
  : Pick<JobRun, 'mode' | 'executionTimeoutMinutes' | 'retryPolicy'> {
  return {
    mode: isStreaming ? 'STREAMING' : undefined,
    executionTimeoutMinutes: executionTimeout?.toMinutes(),
    retryPolicy: maxAttempts === undefined && maxFailedAttemptsPerHour === undefined
      ? undefined
      : { maxAttempts, maxFailedAttemptsPerHour },
  };
}
