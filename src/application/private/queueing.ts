import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Duration } from 'aws-cdk-lib/core';
import { FeatureUse } from './release-features';
import { minutesProblems, Problems, wholeNumberProblems } from '../../private/checks';
import { duration, Fields, number } from '../../private/reading';

/** How many job runs run at the same time, and how long the others wait. It does not limit interactive sessions. */
export interface Queueing {
  readonly maxConcurrentRuns?: number;
  readonly queueTimeout?: Duration;
}

export const QUEUEING: Fields<Queueing> = { maxConcurrentRuns: number, queueTimeout: duration };

export function queueingProblems({ maxConcurrentRuns, queueTimeout }: Queueing): Problems {
  return [
    ...wholeNumberProblems('maxConcurrentRuns', maxConcurrentRuns, 1, 1000),
    ...minutesProblems('queueTimeout', queueTimeout, 15, 720),
  ];
}

export function queueingFeatures(queueing: Queueing): FeatureUse[] {
  return (['maxConcurrentRuns', 'queueTimeout'] as const)
    .filter((prop) => queueing[prop] !== undefined)
    .map((prop) => ({ feature: 'queueing', usedBy: `\`${prop}\`` }));
}

export function renderQueueing({ maxConcurrentRuns, queueTimeout }: Queueing): CfnApplication.SchedulerConfigurationProperty | undefined {
  return maxConcurrentRuns === undefined && !queueTimeout ? undefined : {
    maxConcurrentRuns,
    queueTimeoutMinutes: queueTimeout?.toMinutes(),
  };
}
