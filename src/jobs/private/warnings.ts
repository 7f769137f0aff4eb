import { Stack } from 'aws-cdk-lib/core';
import { jobFeatures } from './problems';
import { JobSettings } from './settings';
import { configurationWarnings, SPARK_DEFAULTS } from '../../application/private/configurations';
import { credentialWarnings } from '../../application/private/credentials';
import { loggingWarnings } from '../../application/private/logging';
import { releaseWarnings, replacesClassifications } from '../../application/private/release-features';
import { sparkPropertyWarnings } from '../../application/private/spark-property-rules';
import { Warning } from '../../private/annotations';
import { isLiteral } from '../../private/checks';
import { holdsCredential } from '../../private/credentials';

/** Lists all warnings: AWS accepts the job, but hardly anybody wants it so. */
export function jobWarnings(stack: Stack, settings: JobSettings): Warning[] {
  const { application: { runner }, configurations, properties } = settings;
  const own = { ...configurations.sparkProperties, ...properties.submitted };
  return [
    ...replacedWarnings(settings),
    ...sparkPropertyWarnings(own, runner),
    ...configurationWarnings(configurations),
    ...credentialWarnings([{ classification: SPARK_DEFAULTS, properties: own }, ...configurations.merged], 'job run'),
    ...argumentWarnings(settings.given.entryPointArguments),
    ...loggingWarningsOf(stack, settings),
    ...uncheckedWarnings(settings),
  ];
}

function replacedWarnings({ application: { release, sparkProperties }, configurations }: JobSettings): Warning[] {
  const hasDefaults = configurations.merged.some(({ classification }) => classification === SPARK_DEFAULTS);
  const isReplaced = hasDefaults && Object.keys(sparkProperties ?? {}).length > 0 && release && replacesClassifications(release);
  return isReplaced ? [{
    id: 'replacedProperties',
    message: `"${SPARK_DEFAULTS}" in \`configurations\` of the job replaces all Spark properties of the application on release`
      + ` ${release.label}. Give the properties in \`sparkProperties\` of the job, which leave the others as they are`,
  }] : [];
}

export function argumentWarnings(entryPointArguments: readonly string[] = []): Warning[] {
  const positions = entryPointArguments.flatMap((argument, i) => isLiteral(argument) && holdsCredential(argument) ? [`[${i}]`] : []);
  return positions.length === 0 ? [] : [{
    id: 'plainTextCredential',
    message: `\`entryPointArguments${positions.join('`, `entryPointArguments')}\` looks like a credential in plain text, readable in the`
      + ' template and to everybody who may describe the job run. Keep it in AWS Secrets Manager, and let the job read it',
  }];
}

/** The application may have a place for the logs where the job names none. */
function loggingWarningsOf(stack: Stack, { application: { logs }, logging }: JobSettings): Warning[] {
  return logging
    ? loggingWarnings(logging, stack).filter(({ id }) => id !== 'noLogs' || (!logs.s3 && !logs.cloudWatch))
    : [];
}

function uncheckedWarnings(settings: JobSettings): Warning[] {
  const { release } = settings.application;
  return release ? releaseWarnings(release, jobFeatures(settings)).filter(({ id }) => id === 'uncheckedRelease') : [];
}
