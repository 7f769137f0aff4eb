import { Stack } from 'aws-cdk-lib/core';
import { capacityWarnings } from './capacity';
import { configurationWarnings } from './configurations';
import { credentialWarnings } from './credentials';
import { imageWarnings } from './images';
import { loggingWarnings } from './logging';
import { FeatureUse, releaseWarnings } from './release-features';
import { Settings } from './settings';
import { sparkMemoryWarnings } from './spark-memory';
import { sparkPropertyWarnings } from './spark-property-rules';
import { maximumCapacityWarnings } from './spark-workers';
import { Warning } from '../../private/annotations';

/** Lists all warnings: AWS accepts these settings, but hardly anybody wants them. */
export function applicationWarnings(stack: Stack, settings: Settings, features: FeatureUse[]): Warning[] {
  const { capacity, configurations, images, logging, network, release, startAndStop } = settings;
  return [
    ...capacityWarnings(capacity, startAndStop.autoStop),
    ...sparkMemoryWarnings(configurations.sparkProperties, {
      driver: capacity.initialDriverCapacity,
      executor: capacity.initialExecutorCapacity,
    }),
    ...maximumCapacityWarnings(configurations.sparkProperties, capacity.maximumCapacity),
    ...sparkPropertyWarnings(configurations.sparkProperties, settings),
    ...configurationWarnings(configurations),
    ...loggingWarnings(logging, stack),
    ...imageWarnings(images, settings),
    ...credentialWarnings(configurations.merged),
    ...releaseWarnings(release, features),
    ...network.warnings,
  ];
}
