import { FeatureName, FeatureUse } from './release-features';

/** The text of each Spark property, by its key. */
export interface SparkProperties {
  readonly [key: string]: string;
}

/** The properties that turn on a feature that some releases lack. */
const FEATURE_OF: { readonly [key: string]: { readonly feature: FeatureName; readonly onlyWhenTrue?: boolean } } = {
  'spark.ssl.internode.enabled': { feature: 'interWorkerTls', onlyWhenTrue: true },
  'spark.hadoop.fs.s3.s3AccessGrants.enabled': { feature: 's3AccessGrants', onlyWhenTrue: true },
  'spark.emr-serverless.lakeformation.enabled': { feature: 'lakeFormation', onlyWhenTrue: true },
  'spark.aws.serverlessStorage.enabled': { feature: 'serverlessStorage', onlyWhenTrue: true },
  'spark.emr-serverless.scalingProfile': { feature: 'scalingProfiles' },
};

export function sparkPropertyFeatures(properties: SparkProperties): FeatureUse[] {
  return Object.entries(properties).flatMap(([key, value]): FeatureUse[] => {
    const use = Object.hasOwn(FEATURE_OF, key) ? FEATURE_OF[key] : undefined;
    return use && (!use.onlyWhenTrue || value.trim().toLowerCase() === 'true') ? [{ feature: use.feature, usedBy: key }] : [];
  });
}
