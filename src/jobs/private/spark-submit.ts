import { IResolveContext, Lazy } from 'aws-cdk-lib/core';
import { SparkProperties } from '../../application/private/spark-values';
import { isLiteral, NOT_SHOWN, Problems, shown } from '../../private/checks';
import { isCredential } from '../../private/credentials';
import { mayBeKnownLater, withoutTokens } from '../../private/rendered';

export const MAX_PARAMETER_CHARACTERS = 102_400;

/**
 * The text that EMR Serverless splits at blanks. Quotes within quotes arrive with their backslashes, so that no value can have quotes.
 * Nobody knows whether a token has blanks, so that a text of the user with a token is in quotes.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html
 */
export function sparkSubmitParameters(
  mainClass: string | undefined,
  properties: SparkProperties,
  isText: (key: string) => boolean,
): string | undefined {
  const parameters = [
    ...mainClass === undefined ? [] : [`--class ${mainClass}`],
    // the maps of some languages have no order
    ...Object.keys(properties).sort().map((key) => `--conf ${key}=${quoted(properties[key], isText(key))}`),
  ];
  return parameters.length === 0 ? undefined : parameters.join(' ');
}

/** The same text, without the properties whose lazy value is absent at synthesis. It is undefined if nothing is left. */
export function renderParameters(
  mainClass: string | undefined,
  properties: SparkProperties,
  isText: (key: string) => boolean,
): string | undefined {
  if (!Object.values(properties).some(mayBeKnownLater)) { return sparkSubmitParameters(mainClass, properties, isText); }
  return Lazy.uncachedString({
    produce: (context: IResolveContext) => {
      const present = Object.entries(properties)
        .filter(([, value]) => (context.resolve(value) ?? undefined) !== undefined);
      return sparkSubmitParameters(mainClass, Object.fromEntries(present), isText);
    },
  });
}

function quoted(value: string, isText: boolean): string {
  return /[\s']/.test(withoutTokens(value)) || (isText && !isLiteral(value)) ? `"${value}"` : value;
}

/** Lists the values that `--conf` cannot carry. */
export function quotingProblems(properties: SparkProperties, propOf: (key: string) => string): Problems {
  return Object.entries(properties).filter(([, value]) => /["\\\r\n]/.test(withoutTokens(value))).map(([key, value]) =>
    `the value of ${shown(key)} in \`${propOf(key)}\` must not contain double quotes, backslashes or line breaks, which EMR Serverless`
    + ' does not accept in the parameters of spark-submit (give the property in `configurations`, in the classification "spark-defaults"),'
    + ` got: ${isCredential(key, value) ? NOT_SHOWN : shown(value)}`);
}

export function lengthProblems(parameters: string | undefined, properties: SparkProperties, propOf: (key: string) => string): Problems {
  const length = parameters === undefined ? 0 : withoutTokens(parameters).length;
  return length <= MAX_PARAMETER_CHARACTERS ? [] : [
    `the parameters of spark-submit, most of which \`${longestProp(properties, propOf)}\` gives, must have at most`
    + ` ${MAX_PARAMETER_CHARACTERS} characters, got: ${length}${isLiteral(parameters) ? '' : ' without the tokens'}`,
  ];
}

/** The prop whose properties have the most characters. */
function longestProp(properties: SparkProperties, propOf: (key: string) => string): string {
  const lengths = new Map<string, number>();
  for (const [key, value] of Object.entries(properties)) {
    lengths.set(propOf(key), (lengths.get(propOf(key)) ?? 0) + key.length + withoutTokens(value).length);
  }
  // without properties it is the class alone
  return [...lengths].reduce((longest, entry) => entry[1] > longest[1] ? entry : longest, ['mainClass', 0])[0];
}
