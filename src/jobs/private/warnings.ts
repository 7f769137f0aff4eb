import { jobLoggingWarnings } from './logging';
import { isReplaced } from './properties';
import { JobSettings } from './settings';
import { configurationWarnings, SPARK_DEFAULTS } from '../../application/private/configurations';
import { credentialWarnings } from '../../application/private/credentials';
import { releaseWarnings } from '../../application/private/release-features';
import { sparkPropertyWarnings } from '../../application/private/spark-property-rules';
import { leastExecutorsWarnings } from '../../application/private/spark-workers';
import { Warning } from '../../private/annotations';
import { isLiteral } from '../../private/checks';
import { holdsCredential } from '../../private/credentials';

/** Lists all warnings: AWS accepts the job, but hardly anybody wants it so. */
export function jobWarnings(settings: JobSettings): Warning[] {
  const { application: { runner }, configurations, properties } = settings;
  const own = { ...configurations.sparkProperties, ...properties.submitted };
  return [
    ...replacedWarnings(settings),
    ...sparkPropertyWarnings(own, runner),
    ...leastExecutorsWarnings(properties.effective, runner.capacity?.maximumCapacity),
    ...configurationWarnings(configurations),
    ...credentialWarnings([{ classification: SPARK_DEFAULTS, properties: properties.submitted }, ...configurations.merged], 'job run'),
    ...argumentWarnings(settings.given.entryPointArguments),
    ...jobLoggingWarnings(settings.given.logging, settings.runtime.env, settings.application),
    ...uncheckedWarnings(settings),
  ];
}

function replacedWarnings({ application, configurations }: JobSettings): Warning[] {
  const { release, sparkProperties = {} } = application;
  return release && isReplaced({ application, configurations }) && Object.keys(sparkProperties).length > 0 ? [{
    id: 'replacedProperties',
    message: `"${SPARK_DEFAULTS}" in \`configurations\` of the job replaces all Spark properties of the application on release`
      + ` ${release.label}. Give the properties in \`sparkProperties\` of the job, which leave the others as they are`,
  }] : [];
}

export function argumentWarnings(entryPointArguments: readonly string[] = []): Warning[] {
  const isPlain = (argument: string, option: string | undefined) => isLiteral(argument) && (holdsCredential(argument)
    // the value of an option, such as `--password`, may be the next argument
    || (/^--[\w-]+$/.test(option ?? '') && !argument.startsWith('--') && holdsCredential(`${option} ${argument}`)));
  const positions = entryPointArguments.flatMap((argument, i) => isPlain(argument, entryPointArguments[i - 1]) ? [`[${i}]`] : []);
  return positions.length === 0 ? [] : [{
    id: 'plainTextCredential',
    message: `\`entryPointArguments${positions.join('`, `entryPointArguments')}\` looks like a credential in plain text, readable in the`
      + ' template and to everybody who may describe the job run. Keep it in AWS Secrets Manager, and let the job read it',
  }];
}

function uncheckedWarnings({ application: { release }, features }: JobSettings): Warning[] {
  return release ? releaseWarnings(release, features).filter(({ id }) => id === 'uncheckedRelease') : [];
}
