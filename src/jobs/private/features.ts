import { jobLoggingFeatures } from './logging';
import { modeFeatures } from './mode';
import { named } from './properties';
import type { JobSettings } from './settings';
import { configurationFeatures } from '../../application/private/configurations';
import { FeatureUse } from '../../application/private/release-features';
import { sparkPropertyFeatures } from '../../application/private/spark-property-rules';

/** Lists the features that the job needs and that some releases lack. */
export function jobFeatures({ application, configurations, given, mode, properties }: Omit<JobSettings, 'features'>): FeatureUse[] {
  return [
    ...modeFeatures(mode),
    ...sparkPropertyFeatures({ ...configurations.sparkProperties, ...properties.submitted }, application.runner)
      .map((use) => ({ ...use, usedBy: named(properties, use.usedBy) })),
    ...configurationFeatures(configurations),
    ...jobLoggingFeatures(given.logging),
  ];
}
