import { Duration, Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { holdsCredential } from './credentials';
import { printable } from './printable';

// Checks of ranges, lengths and patterns. `reading.ts` checks the types.

/**
 * The problems that a check found, as sentences. A value that is absent is no problem, nor is a value that only the deployment knows.
 */
export type Problems = string[];

/**
 * Whether a value is known at synthesis. A token is not known, nor is the item of a list that is a token, nor a text that CloudFormation
 * resolves. Neither is the dummy value that CDK uses until it has looked up a context value.
 */
export function isLiteral<T>(value: T | undefined): value is T {
  return value !== undefined && !Token.isUnresolved(value) && !Token.isUnresolved([value])
    && !(typeof value === 'string' && /dummy-value-for-|\{\{resolve:/.test(value)) && !isDummyRole(value);
}

/** Whether CDK has not looked up a role yet. `Role.fromLookup()` has this ARN until then. */
export function isDummyRole(value: unknown): boolean {
  return typeof value === 'string' && value.endsWith(':role/DUMMY_ARN');
}

/**
 * Whether both values are known and differ. Nothing is known of a value that is empty: the ARN of a bucket has no account and no Region.
 */
export function differ(value: string, otherValue: string): boolean {
  return isLiteral(value) && isLiteral(otherValue) && value !== '' && otherValue !== '' && value !== otherValue;
}

export function wholeNumberProblems(prop: string, value: number | undefined, min: number, max: number): Problems {
  if (!isLiteral(value) || (Number.isInteger(value) && value >= min && value <= max)) { return []; }
  return [`\`${prop}\` must be a whole number from ${min} to ${max}, got: ${value}`];
}

export function minutesProblems(prop: string, value: Duration | undefined, min: number, max: number): Problems {
  if (value === undefined || value.isUnresolved()) { return []; }
  const minutes = value.toMinutes({ integral: false });
  if (Number.isInteger(minutes) && minutes >= min && minutes <= max) { return []; }
  return [`\`${prop}\` must be a whole number of minutes from ${min} to ${max}, got: ${minutes} minutes`];
}

export function secondsProblems(
  prop: string,
  value: Duration | undefined,
  min: number,
  max: number,
  allowed = `a whole number of seconds from ${min} to ${max}`,
): Problems {
  if (value === undefined || value.isUnresolved()) { return []; }
  const seconds = value.toSeconds({ integral: false });
  if (Number.isInteger(seconds) && seconds >= min && seconds <= max) { return []; }
  return [`\`${prop}\` must be ${allowed}, got: ${value.toHumanString() || `${seconds} seconds`}`];
}

export function gibibytesProblems(prop: string, value: Size | undefined, min: number, max: number): Problems {
  const gibibytes = literalGibibytes(value);
  if (gibibytes === undefined || (Number.isInteger(gibibytes) && gibibytes >= min && gibibytes <= max)) { return []; }
  return [`\`${prop}\` must be a whole number of GiB from ${min} to ${max}, got: ${gibibytes} GiB`];
}

export function literalGibibytes(value: Size | undefined): number | undefined {
  return value === undefined || value.isUnresolved() ? undefined : value.toGibibytes({ rounding: SizeRoundingBehavior.NONE });
}

export function patternProblems(prop: string, value: string | undefined, maxLength: number, pattern: RegExp, allowed: string): Problems {
  if (!isLiteral(value) || (value.length >= 1 && value.length <= maxLength && pattern.test(value) && isWellFormed(value))) { return []; }
  return [`\`${prop}\` must be ${allowed}, got: ${shown(value)}`];
}

/** Whether a text has no lone surrogates. No template can hold one. */
export function isWellFormed(value: string): boolean {
  return !/\p{Surrogate}/u.test(value);
}

/** Checks that a list has at least one and at most `max` distinct items. */
export function distinctCountProblems(prop: string, items: readonly unknown[] | undefined, max: number, what: string): Problems {
  const count = new Set(items).size;
  if (!items || Token.isUnresolved(items) || (count >= 1 && count <= max)) { return []; }
  return [`\`${prop}\` must be 1 to ${max} ${what}, got: ${count}`];
}

/** Shows a value in an error message, in one short line. It never shows a value that looks like a credential. */
export function shown(value: unknown): string {
  if (typeof value === 'string') {
    if (holdsCredential(value)) { return NOT_SHOWN; }
    const quoted = printable(JSON.stringify(value.slice(0, 120)));
    return quoted.length <= 120 ? quoted : `${quoted.slice(0, 100)}…" (${value.length} characters)`;
  }
  if (typeof value !== 'object' || value === null) { return typeof value === 'function' ? 'a function' : String(value); }
  if (Construct.isConstruct(value)) { return `the construct ${value.node.path}`; }
  if (Token.isUnresolved(value)) { return 'a token'; }
  return Array.isArray(value) ? 'a list' : `an object of class ${value.constructor?.name ?? 'Object'}`;
}

export const NOT_SHOWN = 'a value that is not shown here';
