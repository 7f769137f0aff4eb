import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { IResolvable, Stack, Token, Tokenization } from 'aws-cdk-lib/core';
import { FeatureUse } from './release-features';
import { SparkProperties } from './spark-values';
import { Warning } from '../../private/annotations';
import { isLiteral, isWellFormed, NOT_SHOWN, Problems, shown } from '../../private/checks';
import { namesCredential } from '../../private/credentials';
import { ordered } from '../../private/ordered';
import { attempt, Fields, listOf, map, Reader, required, struct, text } from '../../private/reading';
import { mapKeyProblems } from '../../private/rendered';
import { ApplicationConfiguration } from '../application-configuration';

/** The properties that the props give. */
export interface GivenConfigurations {
  readonly sparkProperties?: { readonly [key: string]: unknown };
  readonly configurations?: ApplicationConfiguration[];
}

/** No documented classification has another one within it. The limit keeps objects out that refer to themselves. */
const MAX_DEPTH = 10;

/** The limit keeps objects out that stand in many places, such as those of an anchor of YAML within an anchor. */
const MAX_LISTS = 1000;

const nestedConfigurations: Reader<ApplicationConfiguration[]> = (prop, value, problems) => {
  let lists = 0;
  const at = (depth: number): Reader<ApplicationConfiguration[]> => (listProp, list, listProblems) => {
    lists += 1;
    if (depth <= MAX_DEPTH && lists <= MAX_LISTS) {
      return listOf(struct<ApplicationConfiguration>({
        classification: required(text),
        properties: map,
        configurations: at(depth + 1),
      }))(listProp, list, listProblems);
    }
    listProblems.push(depth > MAX_DEPTH
      ? `\`configurations\` must be at most ${MAX_DEPTH} deep, got: \`${listProp}\``
      : `\`configurations\` must have at most ${MAX_LISTS} lists of configurations, got: \`${listProp}\``);
    return undefined;
  };
  return at(1)(prop, value, problems);
};

export const CONFIGURATIONS: Fields<GivenConfigurations> = {
  sparkProperties: map,
  configurations: nestedConfigurations,
};

export const SPARK_DEFAULTS = 'spark-defaults';

/**
 * The classifications that AWS documents for Spark on EMR Serverless.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html#spark-defaults-configurationOverrides
 */
const DOCUMENTED = ['spark', SPARK_DEFAULTS, 'spark-driver-log4j2', 'spark-executor-log4j2'];

const MAX_ENTRIES = 100;
const MAX_CHARACTERS = 1024;

/** The merged properties, with each classification once, and the problems of the given ones. */
export interface Configurations {
  readonly merged: ApplicationConfiguration[];
  /** The Spark properties of all jobs. */
  readonly sparkProperties: SparkProperties;
  readonly problems: Problems;
}

/** A classification with the properties that several places give for it. */
class Classification {
  public readonly properties = new Map<string, string>();
  public readonly inner = new Map<string, Classification>();
  /** The props that give properties of the classification, and the props that give configurations within it. */
  public readonly propertiesGivenBy: string[] = [];
  public readonly innerGivenBy: string[] = [];
  private readonly firstValues = new Map<string, { readonly value: string; readonly prop: string }>();

  constructor(private readonly path: string[]) {}

  public within(classification: string): Classification {
    const within = this.inner.get(classification) ?? new Classification([...this.path, classification]);
    this.inner.set(classification, within);
    return within;
  }

  /** Adds a property. It is a problem if another place gives the property another value. */
  public add(key: string, value: string, prop: string): Problems {
    this.properties.set(key, value);
    if (!isLiteral(value)) { return []; }
    const before = this.firstValues.get(key) ?? { value, prop };
    this.firstValues.set(key, before);
    return before.value === value ? [] : [`${shown(key)} of ${shown(this.path.join('/'))} must have one value,`
      + ` got: ${shownUnlessSecret(key, before.value)} in \`${before.prop}\` and ${shownUnlessSecret(key, value)} in \`${prop}\``];
  }
}

/**
 * Merges the properties of a classification that several places give. `sparkProperties` are properties of `spark-defaults`.
 */
export function mergedConfigurations(stack: Stack, { sparkProperties = {}, configurations = [] }: GivenConfigurations): Configurations {
  const root = new Classification([]);
  root.innerGivenBy.push('configurations');
  const problems: Problems = [];
  const conflicts: Problems = [];

  const addProperties = (classification: Classification, properties: { readonly [key: string]: unknown }, prop: string) => {
    classification.propertiesGivenBy.push(prop);
    const texts = propertyTexts(stack, properties, prop, problems);
    Object.entries(texts).forEach(([key, value]) => conflicts.push(...classification.add(key, value, prop)));
  };
  const addList = (parent: Classification, list: ApplicationConfiguration[], listProp: string) => list.forEach((content, i) => {
    const prop = `${listProp}[${i}]`;
    const added = parent.within(content.classification);
    problems.push(...classificationProblems(content.classification, prop));
    if (content.properties) { addProperties(added, content.properties, `${prop}.properties`); }
    if (content.configurations) {
      added.innerGivenBy.push(`${prop}.configurations`);
      addList(added, content.configurations, `${prop}.configurations`);
    }
  });

  if (Object.keys(sparkProperties).length > 0) { addProperties(root.within(SPARK_DEFAULTS), sparkProperties, 'sparkProperties'); }
  addList(root, configurations, 'configurations');

  return {
    merged: asConfigurations(root),
    sparkProperties: Object.freeze(Object.fromEntries(root.inner.get(SPARK_DEFAULTS)?.properties ?? [])),
    problems: [...problems, ...conflicts, ...tooManyProblems(root)],
  };
}

/** The texts that Spark reads. A value that cannot be one adds a problem. */
export function propertyTexts(
  stack: Stack,
  properties: { readonly [key: string]: unknown },
  prop: string,
  problems: Problems,
  maxCharacters = MAX_CHARACTERS,
): SparkProperties {
  const texts: [string, string][] = [];
  for (const [key, value] of Object.entries(properties)) {
    attempt(prop, problems, () => {
      const asText = propertyText(value);
      problems.push(...propertyKeyProblems(stack, key, prop), ...propertyValueProblems(key, value, asText, prop, maxCharacters));
      if (asText !== undefined) { texts.push([key, asText]); }
    });
  }
  return Object.fromEntries(texts);
}

function asConfigurations({ inner }: Classification): ApplicationConfiguration[] {
  return Object.freeze([...inner].map(([classification, content]) => Object.freeze({
    classification,
    properties: content.propertiesGivenBy.length > 0 ? Object.freeze(Object.fromEntries(content.properties)) : undefined,
    configurations: content.innerGivenBy.length > 0 ? asConfigurations(content) : undefined,
  }))) as ApplicationConfiguration[];
}

/** What leaves the library is not frozen: jsii writes a mark into each object that it hands to another language. */
export function copyOf(configurations: ApplicationConfiguration[]): ApplicationConfiguration[] {
  return configurations.map(({ classification, properties, configurations: inner }) => ({
    classification,
    properties: properties && { ...properties },
    configurations: inner && copyOf(inner),
  }));
}

/** Counts the merged properties, because the limits of AWS apply to them. */
function tooManyProblems(classification: Classification): Problems {
  return [
    ...countProblems(classification.innerGivenBy, 'classifications', classification.inner.size),
    ...[...classification.inner.values()].flatMap((within) => [
      ...countProblems(within.propertiesGivenBy, 'properties', within.properties.size),
      ...tooManyProblems(within),
    ]),
  ];
}

function countProblems(props: string[], what: string, count: number): Problems {
  return count <= MAX_ENTRIES ? []
    : [`${props.map((prop) => `\`${prop}\``).join(' and ')} must hold at most ${MAX_ENTRIES} ${what}, got: ${count}`];
}

function classificationProblems(classification: string, prop: string): Problems {
  return !isLiteral(classification) || isText(classification) ? []
    : [`\`${prop}.classification\` must have 1 to 1024 characters, not only blanks, got: ${shown(classification)}`];
}

function propertyKeyProblems(stack: Stack, key: string, prop: string): Problems {
  const problems = mapKeyProblems(stack, prop, key);
  return problems.length > 0 ? problems : !isLiteral(key) || /^[a-zA-Z][-a-zA-Z0-9_.]{0,1023}$/.test(key) ? []
    : [`a key of \`${prop}\` must start with a letter and have only A-Z a-z 0-9 - _ ., at most ${MAX_CHARACTERS} characters,`
      + ` got: ${shown(key)}`];
}

function propertyValueProblems(key: string, value: unknown, asText: string | undefined, prop: string, maxCharacters: number): Problems {
  if (asText === undefined) {
    return [`the value of ${shown(key)} in \`${prop}\` must be a string, a number or a boolean, got: ${shownUnlessSecret(key, value)}`];
  }
  return (isLiteral(asText) ? isText(asText, maxCharacters) : isWellFormed(asText)) ? []
    : [`the value of ${shown(key)} in \`${prop}\` must have 1 to ${maxCharacters} characters, not only blanks,`
      + ` got: ${shownUnlessSecret(key, asText)}`];
}

/** The value as the text that Spark reads. The result is undefined if the value cannot be a property. */
function propertyText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string': return value;
    case 'boolean': return String(value);
    case 'number': return Number.isFinite(value) ? Tokenization.stringifyNumber(value) : undefined;
    default: return Tokenization.isResolvable(value) ? Token.asString(value as IResolvable) : undefined;
  }
}

function isText(value: string, maxCharacters = MAX_CHARACTERS): boolean {
  return value.length <= maxCharacters && /\S/.test(value) && isWellFormed(value);
}

export function shownUnlessSecret(key: string, value: unknown): string {
  return namesCredential(key) ? NOT_SHOWN : shown(value);
}

export function configurationFeatures({ merged }: Configurations): FeatureUse[] {
  return merged
    .filter(({ classification }) => classification.endsWith('-log4j2'))
    .map(({ classification }) => ({ feature: 'log4j2', usedBy: shown(classification) }));
}

export function configurationWarnings({ merged }: Configurations): Warning[] {
  const others = merged.map(({ classification }) => classification).filter((name) => isLiteral(name) && !DOCUMENTED.includes(name));
  return others.length === 0 ? [] : [{
    id: 'undocumentedClassification',
    message: `AWS does not document ${others.map(withNearest).join(', ')} for Spark on EMR Serverless, which may refuse it.`
      + `${others.every(nearest) ? '' : ' Set a property of Hadoop or Hive as a Spark property that starts with "spark.hadoop."'}`,
  }];
}

function withNearest(classification: string): string {
  const meant = nearest(classification);
  return `the classification ${shown(classification)}${meant === undefined ? '' : ` (did you mean ${shown(meant)}?)`}`;
}

function nearest(classification: string): string | undefined {
  return DOCUMENTED.find((documented) => isTypoOf(documented, classification.toLowerCase()));
}

/** Whether the texts are the same but for one or two characters in one place. */
function isTypoOf(documented: string, classification: string): boolean {
  const inCommon = commonStart(documented, classification) + commonStart(reversed(documented), reversed(classification));
  return Math.max(documented.length, classification.length) - inCommon <= 2;
}

function commonStart(left: string, right: string): number {
  const end = [...left].findIndex((character, i) => character !== right[i]);
  return end === -1 ? left.length : end;
}

function reversed(value: string): string {
  return [...value].reverse().join('');
}

export function renderConfigurations(configurations: ApplicationConfiguration[]): CfnApplication.ConfigurationObjectProperty[] | undefined {
  return configurations.length === 0 ? undefined : configurations.map(({ classification, properties, configurations: inner }) => ({
    classification,
    properties: ordered(properties),
    configurations: renderConfigurations(inner ?? []),
  }));
}
