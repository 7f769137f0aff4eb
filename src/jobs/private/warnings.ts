import { jobLoggingWarnings } from './logging';
import { argumentWarnings } from './program';
import { replacedWarnings } from './properties';
import { JobSettings } from './settings';
import { configurationWarnings, SPARK_DEFAULTS } from '../../application/private/configurations';
import { credentialWarnings } from '../../application/private/credentials';
import { releaseWarnings } from '../../application/private/release-features';
import { sparkPropertyWarnings } from '../../application/private/spark-property-rules';
import { leastExecutorsWarnings } from '../../application/private/spark-workers';
import { Warning } from '../../private/annotations';

/** Lists all warnings: AWS accepts the job, but hardly anybody wants it so. */
export function jobWarnings(settings: JobSettings): Warning[] {
  const { application: { runner }, configurations, properties } = settings;
  const own = { ...configurations.sparkProperties, ...properties.submitted };
  return [
    ...replacedWarnings(settings),
    // what a property makes useless of the application, it does so only if all jobs and sessions have it
    ...sparkPropertyWarnings(own, { network: runner.network }),
    ...leastExecutorsWarnings(properties.effective, runner.capacity?.maximumCapacity),
    ...configurationWarnings(configurations),
    ...credentialWarnings([{ classification: SPARK_DEFAULTS, properties: properties.submitted }, ...configurations.merged], 'job run'),
    ...argumentWarnings(settings.given.entryPointArguments),
    ...jobLoggingWarnings(settings.given.logging, settings.runtime.env, settings.application),
    ...uncheckedWarnings(settings),
  ];
}

function uncheckedWarnings({ application: { release }, features }: JobSettings): Warning[] {
  return release ? releaseWarnings(release, features).filter(({ id }) => id === 'uncheckedRelease') : [];
}
