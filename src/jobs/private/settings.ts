import { IRole, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Code, CODE } from './code';
import { GivenMode, Mode, MODE, modeFrom } from './mode';
import { JobProperties, jobProperties } from './properties';
import { Sizes, SIZES } from './sizes';
import type { LoggingOptions } from '../../application/logging';
import { CONFIGURATIONS, Configurations, GivenConfigurations, mergedConfigurations } from '../../application/private/configurations';
import type { ApplicationFacts } from '../../application/private/facts';
import { LOGGING } from '../../application/private/logging';
import type { ISparkEmrServerlessRuntime } from '../../application/spark-emr-serverless-runtime';
import { factsOf } from '../../permissions/private/facts';
import { instance, listOf, map, PROPS, read, Reader, required, struct, text } from '../../private/reading';
import { renderedCopies } from '../../private/rendered';

/** The values of the props. Tokens in them may be known when the app is synthesized. */
export interface GivenValues extends GivenConfigurations, Sizes, GivenMode {
  readonly jobName?: string;
  readonly entryPointArguments?: string[];
  readonly mainClass?: string;
  readonly environment?: { readonly [name: string]: unknown };
  readonly jobRunTags?: { readonly [key: string]: unknown };
}

/** The constructs and objects among the props. */
interface GivenObjects extends Code {
  readonly runtime: ISparkEmrServerlessRuntime;
  readonly executionRole?: IRole;
  readonly logging?: LoggingOptions;
  readonly executionPolicy?: PolicyDocument;
}

/** The props of a job, read once. All other code reads the settings and never the objects of the caller. */
export interface JobSettings {
  readonly runtime: ISparkEmrServerlessRuntime;
  readonly application: ApplicationFacts;
  readonly executionRole?: IRole;
  readonly logging?: LoggingOptions;
  readonly executionPolicy?: PolicyDocument;
  readonly code: Code;
  readonly given: GivenValues;
  readonly mode: Mode;
  /** The classifications of the job, without `sparkProperties`. */
  readonly configurations: Configurations;
  readonly properties: JobProperties;
}

type KnownRuntime = ISparkEmrServerlessRuntime & { _facts(): ApplicationFacts };

export const argumentList: Reader<string[]> = listOf(text);

const givenJob = struct<GivenValues & GivenObjects>({
  runtime: required(instance<KnownRuntime>('a SparkEmrServerlessRuntime or an imported one', 'applicationRef', 'grants', '_facts')),
  executionRole: instance<IRole>('a role', 'roleArn', 'grantPrincipal', 'env'),
  jobName: text,
  entryPointArguments: argumentList,
  mainClass: text,
  environment: map,
  logging: struct<LoggingOptions>(LOGGING),
  executionPolicy: instance<PolicyDocument>('a policy document', 'addStatements'),
  jobRunTags: map,
  ...CODE,
  ...SIZES,
  ...MODE,
  ...CONFIGURATIONS,
});

export function readJobSettings(scope: Construct, id: string, props: GivenValues & GivenObjects): JobSettings {
  const copy = read(scope, id, PROPS, props, givenJob);
  const { runtime, executionRole, logging, executionPolicy, mode, ...others } = copy;
  const { entryPoint, pythonFiles, pythonPackages, jars, files, archives, ...given } = others;
  return settingsFrom(Stack.of(scope), {
    runtime,
    application: factsOf(runtime)!,
    executionRole,
    logging,
    executionPolicy,
    code: { entryPoint, pythonFiles, pythonPackages, jars, files, archives },
    mode: modeFrom(mode),
  }, given);
}

/** The settings that the template has. Tokens stay where only the deployment knows the value. */
export function renderedJobSettings(construct: Construct, { given, mode, ...settings }: JobSettings): JobSettings[] {
  return renderedCopies(construct, { given, mode }).map((copy) =>
    settingsFrom(Stack.of(construct), { ...settings, mode: copy.mode }, copy.given));
}

function settingsFrom(
  stack: Stack,
  objects: Omit<JobSettings, 'given' | 'configurations' | 'properties'>,
  given: GivenValues,
): JobSettings {
  const settings = { ...objects, given, configurations: mergedConfigurations(stack, { configurations: given.configurations }) };
  return Object.freeze({
    ...settings,
    properties: jobProperties(stack, settings),
  });
}
