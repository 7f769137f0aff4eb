import { Stack } from 'aws-cdk-lib/core';
import { Code, codeOwners, environmentProperties } from './code';
import { sizeProperties, Sizes } from './sizes';
import { MAX_PARAMETER_CHARACTERS } from './spark-submit';
import {
  Configurations, GivenConfigurations, propertyTexts, SPARK_DEFAULTS, shownUnlessSecret,
} from '../../application/private/configurations';
import type { ApplicationFacts } from '../../application/private/facts';
import { replacesClassifications } from '../../application/private/release-features';
import { SparkProperties } from '../../application/private/spark-values';
import { Warning } from '../../private/annotations';
import { isLiteral, isWellFormed, Problems, shown } from '../../private/checks';
import { attempt } from '../../private/reading';

/** The props that Spark properties come from. The value is undefined until the code has a place. */
export interface Owners {
  readonly [key: string]: { readonly value?: string; readonly prop: string } | undefined;
}

/** The Spark properties of a job, before its code has a place. */
export interface JobProperties {
  /** What the parameters of spark-submit have. */
  readonly submitted: SparkProperties;
  /** What Spark gets from the application, unless the job replaces it. */
  readonly inherited: SparkProperties;
  /** What Spark gets in all. */
  readonly effective: SparkProperties;
  /** Whether these are all. Nobody knows the properties of an imported application. */
  readonly areAll: boolean;
  /** The prop that gives a property. */
  readonly propOf: (key: string) => string;
  /** Whether the user gave the text of a property, which may have any characters. */
  readonly isText: (key: string) => boolean;
  readonly problems: Problems;
}

/** What the properties are made from. */
interface Sources {
  readonly application: ApplicationFacts;
  readonly code: Code;
  readonly configurations: Configurations;
  readonly given: GivenConfigurations & Sizes & { readonly environment?: { readonly [name: string]: unknown } };
}

export function jobProperties(stack: Stack, settings: Sources): JobProperties {
  const { application, code, given, configurations } = settings;
  const problems: Problems = [];
  // a value is one of the many in the parameters
  const sparkProperties = propertyTexts(stack, given.sparkProperties ?? {}, 'sparkProperties', problems, MAX_PARAMETER_CHARACTERS);
  const environment = environmentProperties(environmentTexts(given.environment, problems));
  const defaults = configurations.sparkProperties;
  const replaced = isReplaced(settings);
  // nothing is blamed on a property that may be replaced
  const inherited = replaced === false ? application.sparkProperties ?? {} : {};
  const sizes = sizeProperties(given, { ...inherited, ...defaults, ...sparkProperties });

  const codes = codeOwners(code);
  const owners: Owners = {
    ...Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, { value, prop: 'environment' }])),
    ...codes,
    ...Object.fromEntries(sizes.map(({ key, value, prop }) => [key, { value, prop }])),
  };
  // a size with a problem of its own is left out, because the rules would report it twice. With wrong cores, the memory is left out too:
  // its limit depends on them
  const wrong = sizes.filter((size) => size.problems.length > 0).map(({ prop }) => prop);
  const rightSizes = sizes.filter(({ prop }) => !wrong.includes(prop) && !wrong.includes(prop.replace('.memory', '.cores')))
    .map(({ key, value }) => [key, value]);
  const submitted = { ...sparkProperties, ...environment, ...Object.fromEntries(rightSizes) };
  return {
    submitted,
    inherited,
    effective: { ...inherited, ...defaults, ...submitted },
    areAll: replaced === true || (replaced === false && application.sparkProperties !== undefined),
    // packages of a class of the user's own may decide about more than the library expects
    propOf: (key) => owners[key]?.prop ?? (sparkProperties[key] === undefined ? 'pythonPackages' : 'sparkProperties'),
    isText: (key) => sparkProperties[key] !== undefined || environment[key] !== undefined,
    problems: [
      ...problems,
      ...sizes.flatMap((size) => size.problems),
      ...conflicts(owners, sparkProperties, 'sparkProperties'),
      ...conflicts(owners, defaults, 'configurations'),
      ...conflicts(codes, environment, 'environment'),
      ...conflicts(
        Object.fromEntries(Object.entries(sparkProperties).map(([key, value]) => [key, { value, prop: 'sparkProperties' }])),
        defaults,
        'configurations',
      ),
    ],
  };
}

/**
 * Whether the job replaces the Spark properties of the application. Before release emr-spark-8.1.0, its `spark-defaults` do. The result is
 * undefined if the release is not known.
 */
export function isReplaced(
  { application: { release }, configurations }: Pick<Sources, 'application' | 'configurations'>,
): boolean | undefined {
  const hasDefaults = configurations.merged.some(({ classification }) => classification === SPARK_DEFAULTS);
  return hasDefaults ? replacesClassifications(release) : false;
}

export function replacedWarnings({ application, configurations }: Pick<Sources, 'application' | 'configurations'>): Warning[] {
  const { release, sparkProperties = {} } = application;
  return release && isReplaced({ application, configurations }) && Object.keys(sparkProperties).length > 0 ? [{
    id: 'replacedProperties',
    message: `"${SPARK_DEFAULTS}" in \`configurations\` of the job replaces all Spark properties of the application on release`
      + ` ${release.label}. Give the properties in \`sparkProperties\` of the job, which leave the others as they are`,
  }] : [];
}

/** The text of a message with the props that the user gave, in place of the Spark properties that they become. */
export function named({ propOf, submitted }: JobProperties, message: string): string {
  return Object.keys(submitted).filter((key) => propOf(key) !== 'sparkProperties')
    .reduce((text, key) => text.replaceAll(`"${key}"`, `\`${propOf(key)}\``), message);
}

/** A prop owns the properties that it becomes. Another place may say the same, but nothing else. */
function conflicts(owners: Owners, others: SparkProperties, place: string): Problems {
  return Object.entries(others).flatMap(([key, otherValue]) => {
    const { value, prop } = owners[key] ?? {};
    if (prop === undefined || value === otherValue) { return []; }
    return value === undefined
      ? [`${shown(key)} must not be given in \`${place}\` with \`${prop}\`, which decides it, got: ${shownUnlessSecret(key, otherValue)}`]
      : !isLiteral(value) || !isLiteral(otherValue) ? []
        : [`${shown(key)} must have one value, got: ${shownUnlessSecret(key, value)} from \`${prop}\``
          + ` and ${shownUnlessSecret(key, otherValue)} in \`${place}\``];
  });
}

function environmentTexts(environment: { readonly [name: string]: unknown } = {}, problems: Problems): { [name: string]: string } {
  return Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => {
    const [name, value] = entry;
    if (isLiteral(name) && !/^[A-Za-z_]\w*$/.test(name)) {
      problems.push(`a key of \`environment\` must have letters, digits and _, and no digit at its start, got: ${shown(name)}`);
    }
    attempt(`environment.${name}`, problems, () => {
      if (typeof value === 'string' && isWellFormed(value)) { return; }
      problems.push(`\`environment.${name}\` must be a string, got: ${shownUnlessSecret(name, value)}`);
    });
    return typeof value === 'string';
  }));
}
