import { Stack } from 'aws-cdk-lib/core';
import { codeProblems, directoryProblems } from './code';
import { policyProblems } from './execution-policy';
import { executionRoleProblems } from './job-access';
import { jobLoggingProblems } from './logging';
import { modeProblems } from './mode';
import { argumentProblems, entryPointProblems, mainClassProblems } from './program';
import { named } from './properties';
import { JobSettings } from './settings';
import { lengthProblems, quotingProblems, sparkSubmitParameters } from './spark-submit';
import { tagKeyProblems, tagProblems } from './tags';
import { releaseProblems } from '../../application/private/release-features';
import { sparkMemoryProblems } from '../../application/private/spark-memory';
import { sparkPropertyProblems } from '../../application/private/spark-property-rules';
import { maximumCapacityProblems } from '../../application/private/spark-workers';
import { patternProblems, Problems } from '../../private/checks';
import { partProblems } from '../../private/environments';

/** Lists all problems: AWS, or Spark in the job, would refuse the job run. */
export function jobProblems(stack: Stack, settings: JobSettings): Problems {
  return [
    ...placeProblems(stack, settings),
    ...codeProblems(settings.code, settings.application),
    ...jobValueProblems(settings),
    ...policyProblems(settings.executionPolicy),
    ...tagKeyProblems(stack, 'jobRunTags', settings.given.jobRunTags),
  ];
}

/** Lists the problems of the values, which may have tokens. */
export function jobValueProblems(settings: JobSettings): Problems {
  const { application: { release }, code, configurations, given, jobName, mode, properties, runtime } = settings;
  const { submitted, isText, propOf } = properties;
  return [
    ...jobRunNameProblems('jobName', jobName),
    ...argumentProblems(given.entryPointArguments),
    ...mainClassProblems(given.mainClass),
    ...entryPointProblems(given.mainClass, code.entryPoint._fileName),
    ...modeProblems(mode, release),
    ...configurations.problems,
    ...properties.problems,
    ...quotingProblems(submitted, propOf),
    ...lengthProblems(sparkSubmitParameters(given.mainClass, submitted, isText), submitted, propOf),
    ...ruleProblems(settings).map((problem) => named(properties, problem)),
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

/** The code of the job is in the Region of its stack, and AWS passes no role from one account to another. */
function placeProblems(stack: Stack, { runtime: { env }, executionRole }: JobSettings): Problems {
  return [
    ...executionRoleProblems(executionRole, env.account),
    ...partProblems('runtime', 'account', env.account, stack.account, 'the stack'),
    ...partProblems('runtime', 'Region', env.region, stack.region, 'the stack'),
  ];
}

export function jobRunNameProblems(prop: string, name: string | undefined): Problems {
  return patternProblems(prop, name, 256, /\S/, '1 to 256 characters, not only blanks');
}
