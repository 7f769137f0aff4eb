import { Stack, Tokenization } from 'aws-cdk-lib/core';
import { BoundCode } from './code';
import { renderPolicy } from './execution-policy';
import { JobRun, JobRunOverrides } from './job-run';
import { renderMode } from './mode';
import { entryPointProblems } from './program';
import { JobSettings } from './settings';
import { lengthProblems, quotingProblems, renderParameters, sparkSubmitParameters } from './spark-submit';
import { renderConfigurations, shownUnlessSecret } from '../../application/private/configurations';
import { renderMonitoring } from '../../application/private/logging';
import { SparkProperties } from '../../application/private/spark-values';
import { Problems, shown } from '../../private/checks';
import { ordered } from '../../private/ordered';
import { refuse } from '../../private/validation-error';
import type { SparkEmrServerlessJob } from '../spark-emr-serverless-job';

/** The request of `StartJobRun`. What is not given is not in it. */
export function renderJobRun(job: SparkEmrServerlessJob, settings: JobSettings, code: BoundCode): JobRun {
  const { given, mode, runtime, executionPolicy, properties: { submitted, propOf, isText } } = settings;
  const tags = given.jobRunTags as JobRun['tags'];
  const allProperties = { ...submitted, ...code.properties };
  // the code is known now
  refuse(job, '', [
    ...entryPointProblems(given.mainClass, code.entryPoint),
    ...lateConflicts(submitted, code, propOf),
    ...quotingProblems(code.properties, propOf),
    ...lengthProblems(sparkSubmitParameters(given.mainClass, allProperties, isText), allProperties, propOf),
  ]);
  return {
    applicationId: runtime.applicationId,
    executionRoleArn: job.executionRole.roleArn,
    name: job.jobName,
    ...renderMode(mode),
    executionIamPolicy: executionPolicy && renderPolicy(job, executionPolicy),
    jobDriver: {
      sparkSubmit: {
        entryPoint: code.entryPoint,
        entryPointArguments: given.entryPointArguments?.length === 0 ? undefined : given.entryPointArguments,
        sparkSubmitParameters: renderParameters(given.mainClass, allProperties, isText),
      },
    },
    configurationOverrides: renderOverrides(Stack.of(job), settings),
    tags: tags && Object.keys(tags).length > 0 ? tags : undefined,
  };
}

/** Packages of a class of the user's own may decide about other properties than the library expects. */
function lateConflicts(submitted: SparkProperties, { properties }: BoundCode, propOf: (key: string) => string): Problems {
  return Object.keys(properties).filter((key) => submitted[key] !== undefined && submitted[key] !== properties[key]).map((key) =>
    `${shown(key)} must not be given in \`${propOf(key)}\` with \`pythonPackages\`, which decide it,`
    + ` got: ${shownUnlessSecret(key, submitted[key])}`);
}

/** The request of one job run, with what it has in place of what the job has. The result is a copy. */
export function jobRunWith(jobRun: JobRun, { name, entryPointArguments, executionTimeoutMinutes, tags }: JobRunOverrides): JobRun {
  const { sparkSubmit } = jobRun.jobDriver;
  return withoutUndefined({
    ...jobRun,
    name: name ?? jobRun.name,
    executionTimeoutMinutes: executionTimeoutMinutes ?? jobRun.executionTimeoutMinutes,
    jobDriver: { sparkSubmit: { ...sparkSubmit, entryPointArguments: entryPointArguments ?? sparkSubmit.entryPointArguments } },
    tags: ordered(tags ? { ...jobRun.tags, ...tags } : jobRun.tags),
  });
}

function withoutUndefined<T>(value: T): T {
  if (Array.isArray(value)) { return value.map(withoutUndefined) as T; }
  if (typeof value !== 'object' || value === null || Tokenization.isResolvable(value)) { return value; }
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)
    .map(([name, member]) => [name, withoutUndefined(member)])) as T;
}

function renderOverrides(stack: Stack, { configurations, given: { logging } }: JobSettings): JobRun['configurationOverrides'] {
  const applicationConfiguration = renderConfigurations(configurations.merged) as { classification: string }[] | undefined;
  const monitoring = logging && renderMonitoring(stack, logging);
  return applicationConfiguration || monitoring ? {
    applicationConfiguration,
    monitoringConfiguration: monitoring && withLogTypes(monitoring),
  } : undefined;
}

/** The API has a map where CloudFormation has a list of keys and values. */
function withLogTypes(monitoring: NonNullable<ReturnType<typeof renderMonitoring>>): object {
  const { cloudWatchLoggingConfiguration: cloudWatch, ...others } = monitoring as { cloudWatchLoggingConfiguration?: CloudWatch };
  const { logTypeMap, ...rest } = cloudWatch ?? {};
  return {
    ...others,
    cloudWatchLoggingConfiguration: cloudWatch && {
      ...rest,
      logTypes: logTypeMap && Object.fromEntries(logTypeMap.map(({ key, value }) => [key, value])),
    },
  };
}

interface CloudWatch {
  readonly logTypeMap?: { readonly key: string; readonly value: string[] }[];
}
