import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Stack, Token } from 'aws-cdk-lib/core';
import { isCredential } from './credentials';
import { FeatureName, FeatureUse } from './release-features';
import { isLiteral, isWellFormed, Problems, shown } from '../../private/checks';
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
  return merge([...hasOwn ? [{ classification: SPARK_DEFAULTS, properties: sparkProperties }] : [], ...configurations]);
}

function merge(configurations: ApplicationConfiguration[]): ApplicationConfiguration[] {
  const merged = new Map<string, ApplicationConfiguration>();
  for (const { classification, properties, configurations: inner } of configurations) {
    const before = merged.get(classification);
    merged.set(classification, {
      classification,
      properties: before?.properties || properties ? { ...before?.properties, ...properties } : undefined,
      configurations: before?.configurations || inner ? merge([...before?.configurations ?? [], ...inner ?? []]) : undefined,
    });
  }
  return [...merged.values()];
}

/** The Spark properties that all jobs start with, however they were given. */
export function sparkDefaults(props: ConfigurationProps): { [key: string]: string } {
  const properties = mergedConfigurations(props).find(({ classification }) => classification === SPARK_DEFAULTS)?.properties ?? {};
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => typeof value === 'string'));
}

export function configurationProblems(stack: Stack, props: ConfigurationProps): Problems {
  const sources = sourcesOf(props);
  return [
    ...sources.flatMap((source) => [
      ...classificationProblems(source),
      ...Object.entries(source.properties).flatMap(propertyProblems(source, stack)),
    ]),
    ...conflictProblems(sources),
    ...countProblems(sources, mergedConfigurations(props), []),
  ];
}

/** Properties as they were given: where, and for which classification within which. */
interface Source {
  readonly prop: string;
  readonly path: string[];
  readonly properties: { [key: string]: string };
}

function sourcesOf({ sparkProperties, configurations = [] }: ConfigurationProps): Source[] {
  const within = (prop: string, path: string[], list: ApplicationConfiguration[]): Source[] => list.flatMap((configuration, i) => [
    { prop: `${prop}[${i}]`, path: [...path, configuration.classification], properties: configuration.properties ?? {} },
    ...within(`${prop}[${i}].configurations`, [...path, configuration.classification], configuration.configurations ?? []),
  ]);
  return [
    ...sparkProperties ? [{ prop: 'sparkProperties', path: [SPARK_DEFAULTS], properties: sparkProperties }] : [],
    ...within('configurations', [], configurations),
  ];
}

function propertiesProp({ prop }: Source): string {
  return prop === 'sparkProperties' ? prop : `${prop}.properties`;
}

function classificationProblems({ prop, path }: Source): Problems {
  const classification = path.at(-1);
  return !isLiteral(classification) || isText(classification) ? []
    : [`\`${prop}.classification\` must have 1 to 1024 characters, not only blanks, got: ${shown(classification)}`];
}

function propertyProblems(source: Source, stack: Stack): (property: [string, string]) => Problems {
  const prop = propertiesProp(source);
  return ([key, value]) => {
    const problems: Problems = [];
    // a template has nowhere to put it
    if (Token.isUnresolved(key) && typeof stack.resolve(key) !== 'string') {
      problems.push(`a key of \`${prop}\` must be known before the deployment, got: ${shown(key)}`);
    }
    if (isLiteral(key) && !/^[a-zA-Z][-a-zA-Z0-9_.]*$/.test(key)) {
      problems.push(`a key of \`${prop}\` must start with a letter and have only A-Z a-z 0-9 - _ ., got: ${shown(key)}`);
    }
    if (isLiteral(value) && !isText(value)) {
      problems.push(`\`${prop}\` must give ${shown(key)} a string of 1 to 1024 characters, not only blanks, got: ${shownUnlessSecret(key, value)}`);
    }
    return problems;
  };
}

/** One property given different values in different places. */
function conflictProblems(sources: Source[]): Problems {
  const problems: Problems = [];
  const seen = new Map<string, Map<string, { value: string; prop: string }>>();
  for (const source of sources) {
    const prop = propertiesProp(source);
    // a path may be huge, it is not compared for each property
    const place = JSON.stringify(source.path);
    const values = seen.get(place) ?? new Map<string, { value: string; prop: string }>();
    seen.set(place, values);
    for (const [key, value] of Object.entries(source.properties).filter(([, one]) => isLiteral(one))) {
      const before = values.get(key) ?? { value, prop };
      if (before.value !== value) {
        problems.push(`${shown(key)} of ${shown(source.path.join('/'))} must be given once, got: ${shownUnlessSecret(key, before.value)}`
          + ` in \`${before.prop}\` and ${shownUnlessSecret(key, value)} in \`${prop}\``);
      }
      values.set(key, before);
    }
  }
  return problems;
}

/** What belongs together counts together, wherever it was given. */
function countProblems(sources: Source[], configurations: ApplicationConfiguration[], path: string[]): Problems {
  const given = (within: string[], propOf: (source: Source) => string) =>
    sources.filter((source) => JSON.stringify(source.path) === JSON.stringify(within)).map((source) => `\`${propOf(source)}\``).join(' and ');
  const tooMany = (props: () => string, what: string, count: number) =>
    count > MAX_ENTRIES ? [`${props()} must hold at most ${MAX_ENTRIES} ${what}, got: ${count}`] : [];

  const props = () => path.length === 0 ? '`configurations`' : given(path, ({ prop }) => `${prop}.configurations`);
  return [
    ...tooMany(props, 'classifications', configurations.length),
    ...configurations.flatMap(({ classification, properties = {}, configurations: inner = [] }) => [
      ...tooMany(() => given([...path, classification], propertiesProp), 'properties', Object.keys(properties).length),
      ...countProblems(sources, inner, [...path, classification]),
    ]),
  ];
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 1024 && /\S/.test(value) && isWellFormed(value);
}

function shownUnlessSecret(key: string, value: string): string {
  return isCredential(key) ? 'a value that is not shown here' : shown(value);
}

export function configurationFeatures(props: ConfigurationProps): FeatureUse[] {
  const properties = Object.entries(sparkDefaults(props)).flatMap(([key, value]): FeatureUse[] => {
    const use = Object.hasOwn(FEATURE_PROPERTIES, key) ? FEATURE_PROPERTIES[key] : undefined;
    return use && (!use.onlyWhenTrue || value.trim().toLowerCase() === 'true') ? [{ feature: use.feature, usedBy: key }] : [];
  });
  const classifications = mergedConfigurations(props)
    .filter(({ classification }) => classification.endsWith('-log4j2'))
    .map(({ classification }): FeatureUse => ({ feature: 'log4j2', usedBy: classification }));
  return [...properties, ...classifications];
}

export function renderConfigurations(configurations: ApplicationConfiguration[]): CfnApplication.ConfigurationObjectProperty[] | undefined {
  return configurations.length === 0 ? undefined : configurations.map(({ classification, properties, configurations: inner }) => ({
    classification,
    // languages whose maps have no order would render another template each time
    properties: properties && Object.fromEntries(Object.entries(properties).sort(([one], [other]) => one < other ? -1 : 1)),
    configurations: renderConfigurations(inner ?? []),
  }));
}
