import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Duration } from 'aws-cdk-lib/core';
import { minutesProblems, Problems } from '../../private/checks';
import { boolean, duration, Fields } from '../../private/reading';

/** Whether and when the application starts and stops by itself. */
export interface StartAndStop {
  readonly autoStart?: boolean;
  readonly autoStop?: boolean;
  readonly idleTimeout?: Duration;
}

export const START_AND_STOP: Fields<StartAndStop> = { autoStart: boolean, autoStop: boolean, idleTimeout: duration };

export function startAndStopProblems({ autoStop, idleTimeout }: StartAndStop): Problems {
  return [
    ...autoStop === false && idleTimeout
      ? ['`idleTimeout` must not be given with `autoStop: false`, because the application does not stop then']
      : [],
    ...minutesProblems('idleTimeout', idleTimeout, 1, 10080),
  ];
}

export function renderAutoStart({ autoStart }: StartAndStop): CfnApplication.AutoStartConfigurationProperty | undefined {
  return autoStart === undefined ? undefined : { enabled: autoStart };
}

export function renderAutoStop({ autoStop, idleTimeout }: StartAndStop): CfnApplication.AutoStopConfigurationProperty | undefined {
  return autoStop === undefined && !idleTimeout ? undefined : {
    enabled: autoStop ?? true,
    idleTimeoutMinutes: idleTimeout?.toMinutes(),
  };
}
