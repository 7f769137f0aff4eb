import { IRole, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Code, CODE } from './code';
import { jobFeatures } from './features';
import { GivenMode, Mode, MODE, modeFrom } from './mode';
import { ARGUMENTS, GivenArguments } from './program';
import { JobProperties, jobProperties } from './properties';
import { Sizes, SIZES } from './sizes';
import { EmrRelease } from '../../application/emr-release';
import type { LoggingOptions } from '../../application/logging';
import { CONFIGURATIONS, Configurations, GivenConfigurations, mergedConfigurations } from '../../application/private/configurations';
import type { ApplicationFacts } from '../../application/private/facts';
import { LOGGING, logDestinations } from '../../application/private/logging';
import { FeatureUse } from '../../application/private/release-features';
import type { ISparkEmrServerlessRuntime } from '../../application/spark-emr-serverless-runtime';
import { factsOf } from '../../permissions/private/facts';
import { LogDestinations } from '../../permissions/private/log-destinations';
import { Fields, instance, map, PROPS, read, readPlace, required, struct, text } from '../../private/reading';
import { renderedCopies } from '../../private/rendered';
import type { SparkEmrServerlessJob } from '../spark-emr-serverless-job';

/** The values of the props. Tokens in them may be known when the app is synthesized. */
interface GivenValues extends GivenArguments, GivenConfigurations, Sizes {
  readonly jobName?: string;
  readonly mainClass?: string;
  readonly environment?: { readonly [name: string]: unknown };
  readonly logging?: LoggingOptions;
  readonly jobRunTags?: { readonly [key: string]: unknown };
}

/** The constructs and objects among the props. */
interface GivenObjects extends Code, GivenMode {
  readonly runtime: ISparkEmrServerlessRuntime;
  readonly executionRole?: IRole;
  readonly executionPolicy?: PolicyDocument;
}

/** The props of a job, read once. All other code reads the settings and never the objects of the caller. */
export interface JobSettings {
  readonly runtime: ISparkEmrServerlessRuntime;
  readonly application: ApplicationFacts;
  readonly executionRole?: IRole;
  readonly executionPolicy?: PolicyDocument;
  readonly code: Code;
  readonly given: GivenValues;
  readonly jobName: string;
  readonly mode: Mode;
  /** The classifications of the job, without `sparkProperties`. */
  readonly configurations: Configurations;
  readonly properties: JobProperties;
  /** The features that the job needs and that some releases lack. */
  readonly features: FeatureUse[];
  /** The places of the job's own logging, which the grants must cover. */
  readonly logDestinations: LogDestinations;
}

type KnownRuntime = ISparkEmrServerlessRuntime & { _facts(): ApplicationFacts };

export const iamRole = instance<IRole>('a role', 'roleArn', 'grantPrincipal', 'env');
export const sparkJob = instance<SparkEmrServerlessJob>('a SparkEmrServerlessJob', 'runtime', '_startJobRun', '_submissionAccess');

const VALUES: Fields<GivenValues> = {
  jobName: text,
  ...ARGUMENTS,
  mainClass: text,
  environment: map,
  logging: struct<LoggingOptions>(LOGGING),
  jobRunTags: map,
  ...SIZES,
  ...CONFIGURATIONS,
};

const givenValues = struct<GivenValues>(VALUES);

const givenJob = struct<GivenValues & GivenObjects>({
  runtime: required(instance<KnownRuntime>('a SparkEmrServerlessRuntime or an imported one', 'applicationRef', 'grants', '_facts')),
  executionRole: iamRole,
  executionPolicy: instance<PolicyDocument>('a policy document', 'addStatements', 'validateForIdentityPolicy'),
  ...CODE,
  ...MODE,
  ...VALUES,
});

export function readJobSettings(scope: Construct, id: string, props: GivenValues & GivenObjects): JobSettings {
  readPlace(scope, id);
  const copy = read(scope, id, PROPS, props, givenJob);
  const { runtime, executionRole, executionPolicy, mode, ...others } = copy;
  const { entryPoint, pythonFiles, pythonPackages, jars, files, archives, ...given } = others;
  return settingsFrom(Stack.of(scope), {
    runtime,
    application: factsOf(runtime)!,
    executionRole,
    executionPolicy,
    code: { entryPoint, pythonFiles, pythonPackages, jars, files, archives },
    given,
    jobName: given.jobName ?? id,
    mode: modeFrom(mode),
    logDestinations: logDestinations(given.logging ?? {}),
  });
}

/** What may be known when the app is synthesized: of the job, and of its application. */
export function laterKnown({ given, mode, code: { archives }, application: { release, runner, sparkProperties } }: JobSettings) {
  return { given, mode, archives, release: release?.label, capacity: runner.capacity, sparkProperties };
}

/** The settings that the template has. Tokens stay where only the deployment knows the value. */
export function renderedJobSettings(construct: Construct, settings: JobSettings): JobSettings[] {
  const { application, code, jobName } = settings;
  return renderedCopies(construct, laterKnown(settings)).map(({ given, mode, archives, release, capacity, sparkProperties }) =>
    settingsFrom(Stack.of(construct), {
      ...settings,
      application: {
        ...application,
        release: release === undefined ? undefined : EmrRelease.of(release),
        runner: { ...application.runner, capacity },
        sparkProperties,
      },
      code: { ...code, archives },
      given: read(undefined, '', PROPS, given, givenValues),
      jobName: given.jobName ?? jobName,
      mode,
    }));
}

function settingsFrom(stack: Stack, settings: Omit<JobSettings, 'configurations' | 'properties' | 'features'>): JobSettings {
  const configured = { ...settings, configurations: mergedConfigurations(stack, { configurations: settings.given.configurations }) };
  const resolved = { ...configured, properties: jobProperties(stack, configured) };
  return Object.freeze({ ...resolved, features: jobFeatures(resolved) });
}
