import { ResourceEnvironment } from 'aws-cdk-lib/core';
import type { LoggingOptions } from '../../application/logging';
import type { ApplicationFacts } from '../../application/private/facts';
import { LOGGING, loggingFeatures, loggingProblems, loggingWarnings } from '../../application/private/logging';
import { FeatureUse } from '../../application/private/release-features';
import { Warning } from '../../private/annotations';
import { Problems } from '../../private/checks';

// The logging of a job is that of an application, in a prop of its own.

/** Stands in front of the names of the props of an application. */
export const LOGGING_PLACE = 'logging.';

const PROP = new RegExp(`\`(?=(${Object.keys(LOGGING).join('|')})\\b)`, 'g');

function placed(sentence: string): string {
  return sentence.replace(PROP, `\`${LOGGING_PLACE}`);
}

export function jobLoggingProblems(logging: LoggingOptions | undefined, env: ResourceEnvironment): Problems {
  return logging ? loggingProblems(logging, env).map(placed) : [];
}

export function jobLoggingFeatures(logging: LoggingOptions | undefined): FeatureUse[] {
  return logging ? loggingFeatures(logging).map((use) => ({ ...use, usedBy: placed(use.usedBy) })) : [];
}

/** The application may have a place for the logs where the job names none. */
export function jobLoggingWarnings(logging: LoggingOptions | undefined, env: ResourceEnvironment, { logs }: ApplicationFacts): Warning[] {
  return logging
    ? loggingWarnings(logging, env).filter(({ id }) => id !== 'noLogs' || (!logs.s3 && !logs.cloudWatch))
      .map(({ id, message }) => ({ id, message: placed(message) }))
    : [];
}
