import { isLiteral } from '../../private/checks';

/** The text of each Spark property, by its key. */
export interface SparkProperties {
  readonly [key: string]: string;
}

/** The value of a property. It is undefined if the property is not given, or if only the deployment or Spark can resolve the value. */
export function knownValue(properties: SparkProperties, key: string): string | undefined {
  const value = properties[key];
  return isLiteral(value) && !value.includes('${') ? value : undefined;
}

/** Whether a property has this value. Spark trims values. The case does not matter for the values that are names. */
export function hasValue(properties: SparkProperties, key: string, value: string): boolean {
  return knownValue(properties, key)?.trim().toLowerCase() === value;
}

const UNITS: { [unit: string]: number } = { b: 1 / 1024 / 1024, k: 1 / 1024, m: 1, g: 1024, t: 1024 * 1024, p: 1024 * 1024 * 1024 };

/** Reads a size as Spark writes it: a whole number and a unit. The unit is MiB if there is none. */
export function mebibytes(value: string): number | undefined {
  const [, digits, unit] = /^(\d+)(b|[kmgtp]b?)?$/.exec(value.trim().toLowerCase()) ?? [];
  return digits === undefined ? undefined : Number(digits) * UNITS[unit?.[0] ?? 'm'];
}

export const MAX_INT = 2 ** 31 - 1;

/** Reads a whole number as Spark does. */
export function wholeNumber(value: string): number | undefined {
  const number = /^\s*[-+]?\d+\s*$/.test(value) ? Number(value) : undefined;
  return number === undefined || Math.abs(number) > MAX_INT ? undefined : number;
}
