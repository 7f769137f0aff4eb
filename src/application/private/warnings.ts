import { capacityWarnings } from './capacity';
import { configurationWarnings } from './configurations';
import { credentialWarnings } from './credentials';
import { loggingWarnings } from './logging';
import { FeatureUse, releaseWarnings } from './release-features';
import { Settings } from './settings';
import { sparkMemoryWarnings } from './spark-memory';
import { sparkPropertyWarnings } from './spark-property-rules';
import { maximumCapacityWarnings } from './spark-workers';
import { Warning } from '../../private/annotations';

/** Lists all warnings: AWS accepts these settings, but hardly anybody wants them. */
export function applicationWarnings(settings: Settings, features: FeatureUse[]): Warning[] {
  const { capacity, configurations, logging, network, release, startAndStop } = settings;
  return [
    ...capacityWarnings(capacity, startAndStop.autoStop),
    ...sparkMemoryWarnings(configurations.sparkProperties, {
      driver: capacity.initialDriverCapacity,
      executor: capacity.initialExecutorCapacity,
    }),
    ...maximumCapacityWarnings(configurations.sparkProperties, capacity.maximumCapacity),
    ...sparkPropertyWarnings(configurations.sparkProperties, settings),
    ...configurationWarnings(configurations),
    ...loggingWarnings(logging),
    ...credentialWarnings(configurations.merged),
    ...releaseWarnings(release, features),
    ...network.warnings,
  ];
}
