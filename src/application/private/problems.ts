import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { capacityFeatures, capacityProblems } from './capacity';
import { configurationFeatures } from './configurations';
import { imageFeatures, imageProblems } from './images';
import { interactiveFeatures, interactiveProblems } from './interactive';
import { loggingFeatures, loggingProblems } from './logging';
import { queueingFeatures, queueingProblems } from './queueing';
import { FeatureUse, releaseProblems } from './release-features';
import { Settings } from './settings';
import { sparkMemoryProblems } from './spark-memory';
import { sparkPropertyFeatures, sparkPropertyProblems } from './spark-property-rules';
import { startAndStopProblems } from './start-and-stop';
import { isLiteral, patternProblems, Problems } from '../../private/checks';
import { Architecture } from '../architecture';

/** Lists all problems: AWS, or Spark in the job, would refuse these settings. */
export function applicationProblems(stack: Stack, settings: Settings, features: FeatureUse[]): Problems {
  return [
    ...nameProblems('name', settings.name),
    ...releaseProblems(settings.release, features),
    ...startAndStopProblems(settings.startAndStop),
    ...queueingProblems(settings.queueing),
    ...capacityProblems(settings.capacity),
    ...imageProblems(stack, settings.images, settings),
    ...settings.configurations.problems,
    ...sparkMemoryProblems(settings.configurations.sparkProperties),
    ...sparkPropertyProblems(settings.configurations.sparkProperties, {
      ...settings,
      architecture: settings.architecture ?? Architecture.X86_64,
    }),
    ...loggingProblems(settings.logging, stack),
    ...settings.network.problems,
    ...interactiveProblems(settings.interactive),
    ...removalPolicyProblems(settings.removalPolicy),
  ];
}

/** Lists the features that the settings need and that some releases lack. */
export function usedFeatures(settings: Settings): FeatureUse[] {
  return [
    ...imageFeatures(settings.images),
    ...interactiveFeatures(settings.interactive),
    ...queueingFeatures(settings.queueing),
    ...capacityFeatures(settings.capacity),
    ...sparkPropertyFeatures(settings.configurations.sparkProperties, settings),
    ...configurationFeatures(settings.configurations),
    ...loggingFeatures(settings.logging),
  ];
}

export function nameProblems(prop: string, name: string | undefined): Problems {
  return patternProblems(prop, name, 64, /^[A-Za-z0-9._/#-]+$/, '1 to 64 characters of A-Z a-z 0-9 . _ / # -');
}

function removalPolicyProblems(removalPolicy?: RemovalPolicy): Problems {
  if (removalPolicy !== undefined && !isLiteral(removalPolicy)) { return ['`removalPolicy` must be known at synthesis, got: a token']; }
  return removalPolicy === RemovalPolicy.SNAPSHOT
    ? ['`removalPolicy` must not be SNAPSHOT, because an application has no snapshots, got: SNAPSHOT']
    : [];
}
