import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { differ, isLiteral, Problems, shown } from './checks';
import { isCredential } from './credentials';
import { FeatureName, FeatureUse } from './release-features';
import { ApplicationConfiguration } from '../application-configuration';
import { SparkEmrServerlessRuntimeProps } from '../spark-emr-serverless-runtime';

type ConfigurationProps = Pick<SparkEmrServerlessRuntimeProps, 'sparkProperties' | 'configurations'>;

export const SPARK_DEFAULTS = 'spark-defaults';

const MAX_ENTRIES = 100;

/** What switches a feature on that not every release has. */
const FEATURE_PROPERTIES: { [key: string]: { readonly feature: FeatureName; readonly onlyWhenTrue?: boolean } } = {
  'spark.ssl.internode.enabled': { feature: 'interWorkerTls', onlyWhenTrue: true },
  'spark.hadoop.fs.s3.s3AccessGrants.enabled': { feature: 's3AccessGrants', onlyWhenTrue: true },
  'spark.emr-serverless.lakeformation.enabled': { feature: 'lakeFormation', onlyWhenTrue: true },
  'spark.aws.serverlessStorage.enabled': { feature: 'serverlessStorage', onlyWhenTrue: true },
  'spark.emr-serverless.scalingProfile': { feature: 'scalingProfiles' },
};

/**
 * All configurations, each classification once: `sparkProperties` and what `configurations` says of the same classification belong together.
 */
export function mergedConfigurations({ sparkProperties, configurations = [] }: ConfigurationProps): ApplicationConfiguration[] {
  const hasOwn = Object.keys(sparkProperties ?? {}).length > 0;
  const own: ApplicationConfiguration[] = hasOwn ? [{ classification: SPARK_DEFAULTS, properties: sparkProperties }] : [];
  const merged = new Map<string, ApplicationConfiguration>();
  for (const next of [...own, ...configurations]) {
    const before = merged.get(next.classification);
    merged.set(next.classification, before ? {
      classification: next.classification,
      properties: { ...before.properties, ...next.properties },
      configurations: [...before.configurations ?? [], ...next.configurations ?? []],
    } : next);
  }
  return [...merged.values()];
}

/** The Spark properties that all jobs start with, however they were given. */
export function sparkDefaults(props: ConfigurationProps): { [key: string]: string } {
  const properties = mergedConfigurations(props).find(({ classification }) => classification === SPARK_DEFAULTS)?.properties ?? {};
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => typeof value === 'string'));
}

export function configurationProblems(props: ConfigurationProps): Problems {
  return [
    ...propertiesProblems('sparkProperties', props.sparkProperties),
    ...listProblems('configurations', props.configurations),
    ...conflictProblems(props),
  ];
}

function listProblems(prop: string, configurations: ApplicationConfiguration[] = []): Problems {
  const problems = configurations.flatMap((configuration, i) => [
    ...classificationProblems(`${prop}[${i}].classification`, configuration.classification),
    ...propertiesProblems(`${prop}[${i}].properties`, configuration.properties),
    ...listProblems(`${prop}[${i}].configurations`, configuration.configurations),
  ]);
  if (configurations.length > MAX_ENTRIES) {
    problems.push(`\`${prop}\` must hold at most ${MAX_ENTRIES} classifications, got: ${configurations.length}`);
  }
  return problems;
}

function classificationProblems(prop: string, classification: string): Problems {
  return !isLiteral(classification) || isText(classification) ? []
    : [`\`${prop}\` must have 1 to 1024 characters, not only blanks, got: ${shown(classification)}`];
}

function propertiesProblems(prop: string, properties: { [key: string]: string } = {}): Problems {
  const entries = Object.entries(properties);
  const problems = entries.flatMap(([key, value]) => propertyProblems(prop, key, value));
  if (entries.length > MAX_ENTRIES) {
    problems.push(`\`${prop}\` must hold at most ${MAX_ENTRIES} properties, got: ${entries.length}`);
  }
  return problems;
}

function propertyProblems(prop: string, key: string, value: string): Problems {
  const problems: Problems = [];
  if (isLiteral(key) && !/^[a-zA-Z]+[-a-zA-Z0-9_.]*$/.test(key)) {
    problems.push(`a key of \`${prop}\` must start with a letter and have only A-Z a-z 0-9 - _ ., got: ${shown(key)}`);
  }
  if (isLiteral(value) && !isText(value)) {
    problems.push(`\`${prop}\` must give ${shown(key)} a string of 1 to 1024 characters, not only blanks, got: ${shownUnlessSecret(key, value)}`);
  }
  return problems;
}

/** One property given different values in different places. */
function conflictProblems({ sparkProperties, configurations = [] }: ConfigurationProps): Problems {
  const problems: Problems = [];
  const seen = new Map<string, { value: string; prop: string }>();
  const sources = [
    { prop: 'sparkProperties', classification: SPARK_DEFAULTS, properties: sparkProperties },
    ...configurations.map((configuration, i) => ({ prop: `configurations[${i}].properties`, ...configuration })),
  ];
  for (const { prop, classification, properties } of sources) {
    for (const [key, value] of Object.entries(properties ?? {})) {
      const id = JSON.stringify([classification, key]);
      const before = seen.get(id);
      if (before && differ(before.value, value)) {
        problems.push(`${shown(key)} of ${shown(classification)} must be given once, got: ${shownUnlessSecret(key, before.value)} in \`${before.prop}\``
          + ` and ${shownUnlessSecret(key, value)} in \`${prop}\``);
      }
      seen.set(id, before ?? { value, prop });
    }
  }
  return problems;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 1024 && /\S/.test(value);
}

function shownUnlessSecret(key: string, value: string): string {
  return isCredential(key) ? 'a value that is not shown here' : shown(value);
}

export function configurationFeatures(props: ConfigurationProps): FeatureUse[] {
  const properties = Object.entries(sparkDefaults(props)).flatMap(([key, value]): FeatureUse[] => {
    const use = FEATURE_PROPERTIES[key];
    return use && (!use.onlyWhenTrue || value === 'true') ? [{ feature: use.feature, usedBy: key }] : [];
  });
  const classifications = mergedConfigurations(props)
    .filter(({ classification }) => classification.endsWith('-log4j2'))
    .map(({ classification }): FeatureUse => ({ feature: 'log4j2', usedBy: classification }));
  return [...properties, ...classifications];
}

export function renderConfigurations(configurations: ApplicationConfiguration[]): CfnApplication.ConfigurationObjectProperty[] | undefined {
  return configurations.length === 0 ? undefined : configurations.map(({ classification, properties, configurations: inner }) => ({
    classification,
    properties,
    configurations: renderConfigurations(inner ?? []),
  }));
}
