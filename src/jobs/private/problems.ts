import { Stack } from 'aws-cdk-lib/core';
import { codeProblems, directoryProblems } from './code';
import { policyProblems } from './execution-policy';
import { executionRoleProblems } from './job-access';
import { jobLoggingProblems } from './logging';
import { modeProblems } from './mode';
import { isOwned, JobProperties } from './properties';
import { JobSettings } from './settings';
import { lengthProblems, programProblems, quotingProblems, sparkSubmitParameters } from './spark-submit';
import { tagKeyProblems, tagProblems } from './tags';
import { releaseProblems } from '../../application/private/release-features';
import { sparkMemoryProblems } from '../../application/private/spark-memory';
import { sparkPropertyProblems } from '../../application/private/spark-property-rules';
import { maximumCapacityProblems } from '../../application/private/spark-workers';
import { differ, isLiteral, patternProblems, Problems } from '../../private/checks';

const MAX_ARGUMENTS = 1024;

/** Lists all problems: AWS, or Spark in the job, would refuse the job run. */
export function jobProblems(stack: Stack, settings: JobSettings): Problems {
  return [
    ...placeProblems(stack, settings),
    ...codeProblems(settings),
    ...valueProblems(settings),
    ...policyProblems(settings.executionPolicy),
    ...tagKeyProblems(stack, 'jobRunTags', settings.given.jobRunTags),
  ];
}

/** Lists the problems of the values, which may have tokens. */
export function valueProblems(settings: JobSettings): Problems {
  const { application: { release }, code, configurations, given, jobName, mode, properties, runtime } = settings;
  const { submitted, isText, propOf } = properties;
  return [
    ...patternProblems('jobName', jobName, 256, /\S/, '1 to 256 characters, not only blanks'),
    ...argumentProblems(given.entryPointArguments),
    ...mainClassProblems(settings),
    ...programProblems(settings.given.mainClass, settings.code.entryPoint._fileName),
    ...modeProblems(mode, release),
    ...configurations.problems,
    ...properties.problems,
    ...quotingProblems(submitted, propOf),
    ...lengthProblems(sparkSubmitParameters(given.mainClass, submitted, isText), submitted, propOf),
    ...named(properties, ruleProblems(settings)),
    ...directoryProblems(code),
    ...jobLoggingProblems(given.logging, runtime.env),
    ...tagProblems('jobRunTags', given.jobRunTags),
    ...release ? releaseProblems(release, settings.features) : [],
  ];
}

/** Lists what the rules of Spark properties refuse. The application refuses its own, and only warns of what a job may change. */
function ruleProblems({ application: { runner }, properties: { inherited, effective, areAll } }: JobSettings): Problems {
  const ofApplication = [...sparkMemoryProblems(inherited), ...sparkPropertyProblems(inherited, runner)];
  return [
    ...[...sparkMemoryProblems(effective, areAll), ...sparkPropertyProblems(effective, runner)]
      .filter((problem) => !ofApplication.includes(problem)),
    ...maximumCapacityProblems(effective, runner.capacity?.maximumCapacity),
  ];
}

/** The problems with the props that the user gave, in place of the Spark properties that they become. */
function named(properties: JobProperties, problems: Problems): Problems {
  const owned = Object.keys(properties.submitted).filter((key) => isOwned(properties, key));
  return problems.map((problem) => owned.reduce((text, key) => text.replaceAll(`"${key}"`, `\`${properties.propOf(key)}\``), problem));
}

/** The code of the job is in the Region of its stack, and AWS passes no role from one account to another. */
function placeProblems(stack: Stack, { runtime: { env }, executionRole }: JobSettings): Problems {
  return [...executionRoleProblems(executionRole, env.account), ...(['account', 'Region'] as const).flatMap((part) => {
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
