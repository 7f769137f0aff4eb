import { Stack } from 'aws-cdk-lib/core';
import { codeProblems } from './code';
import { policyProblems } from './execution-policy';
import { modeFeatures, modeProblems } from './mode';
import type { JobProperties } from './properties';
import { JobSettings, renderedJobSettings } from './settings';
import { sizeProblems } from './sizes';
import { lengthProblems, quotingProblems, sparkSubmitParameters } from './spark-submit';
import { tagProblems } from './tags';
import { configurationFeatures } from '../../application/private/configurations';
import { loggingFeatures, loggingProblems } from '../../application/private/logging';
import { FeatureUse, releaseProblems } from '../../application/private/release-features';
import { sparkMemoryProblems } from '../../application/private/spark-memory';
import { sparkPropertyFeatures, sparkPropertyProblems } from '../../application/private/spark-property-rules';
import { SparkProperties } from '../../application/private/spark-values';
import { maximumCapacityProblems } from '../../application/private/spark-workers';
import { otherAccountProblems } from '../../private/arn';
import { differ, isDummyRole, isLiteral, patternProblems, Problems } from '../../private/checks';
import { mayBeKnownLater } from '../../private/rendered';
import { refuseAtSynthesis } from '../../private/validation-error';
import type { SparkEmrServerlessJob } from '../spark-emr-serverless-job';

const MAX_ARGUMENTS = 1024;

/** Lists all problems: AWS, or Spark in the job, would refuse the job run. */
export function jobProblems(stack: Stack, settings: JobSettings): Problems {
  return [
    ...placeProblems(stack, settings),
    ...codeProblems(settings),
    ...valueProblems(settings),
    ...settings.logging ? loggingProblems(settings.logging, settings.runtime.env) : [],
    ...policyProblems(settings.executionPolicy),
  ];
}

/** Lists the problems of the values, which may have tokens. */
function valueProblems(settings: JobSettings): Problems {
  const { application: { release, runner }, configurations, given, mode, properties } = settings;
  const { submitted, inherited, effective, propOf } = properties;
  const rules = (of: SparkProperties) => [
    ...sparkMemoryProblems(of),
    ...sparkPropertyProblems(of, runner),
    ...maximumCapacityProblems(of, runner.capacity?.maximumCapacity),
  ];
  // the application refuses its own
  const inheritedProblems = rules(inherited);
  return [
    ...patternProblems('jobName', given.jobName, 256, /\S/, '1 to 256 characters, not only blanks'),
    ...argumentProblems(given.entryPointArguments),
    ...mainClassProblems(settings),
    ...modeProblems(mode, release),
    ...sizeProblems(given),
    ...configurations.problems,
    ...properties.problems,
    ...quotingProblems(submitted, propOf),
    ...lengthProblems(sparkSubmitParameters(given.mainClass, submitted)),
    ...named(properties, rules(effective).filter((problem) => !inheritedProblems.includes(problem))),
    ...tagProblems('jobRunTags', given.jobRunTags),
    ...release ? releaseProblems(release, jobFeatures(settings)) : [],
  ];
}

/** Checks the values again when the app is synthesized. */
export function checkJobWhenRendered(job: SparkEmrServerlessJob, settings: JobSettings): void {
  if (!mayBeKnownLater([settings.given, settings.mode])) { return; }
  refuseAtSynthesis(job, () => renderedJobSettings(job, settings).flatMap(valueProblems));
}

/** Lists the features that the job needs and that some releases lack. */
export function jobFeatures(settings: JobSettings): FeatureUse[] {
  return [
    ...modeFeatures(settings.mode),
    ...sparkPropertyFeatures({ ...settings.configurations.sparkProperties, ...settings.properties.submitted }, settings.application.runner),
    ...configurationFeatures(settings.configurations),
    ...settings.logging ? loggingFeatures(settings.logging) : [],
  ];
}

/** The problems with the props that the user gave, in place of the Spark properties that they become. */
function named({ effective, propOf, submitted }: JobProperties, problems: Problems): Problems {
  const owned = Object.keys(effective).filter((key) => submitted[key] !== undefined && propOf(key) !== 'sparkProperties');
  return problems.map((problem) => owned.reduce((text, key) => text.replaceAll(`"${key}"`, `\`${propOf(key)}\``), problem));
}

/** The code of the job is in the Region of its stack, and AWS passes no role from one account to another. */
function placeProblems(stack: Stack, { runtime: { env }, executionRole }: JobSettings): Problems {
  const roleProblems = executionRole && !isDummyRole(executionRole.roleArn)
    ? otherAccountProblems('`executionRole`', executionRole.env.account, env.account)
    : [];
  return [...roleProblems, ...(['account', 'Region'] as const).flatMap((part) => {
    const [own, others] = part === 'account' ? [env.account, stack.account] : [env.region, stack.region];
    return differ(own, others) ? [`\`runtime\` must belong to the ${part} of the stack, ${others}, got: an application of ${own}`] : [];
  })];
}

export function argumentProblems(entryPointArguments: readonly string[] | undefined): Problems {
  return entryPointArguments && isLiteral(entryPointArguments) && entryPointArguments.length > MAX_ARGUMENTS
    ? [`\`entryPointArguments\` must have at most ${MAX_ARGUMENTS} arguments, got: ${entryPointArguments.length}`]
    : [];
}

function mainClassProblems({ given: { mainClass } }: JobSettings): Problems {
  return patternProblems('mainClass', mainClass, 1024, /^[\p{L}_$][\p{L}\p{N}_$.]*$/u, 'the name of a class such as "com.example.Main"');
}
