import { Duration, Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib/core';

/**
 * Every check returns the problems it found as sentences. A value that is absent or not known before the deployment is no problem.
 */
export type Problems = string[];

/** Known now: not a token, nor the only item of a list that is one, and not what CDK gives in place of a context value that it has yet to look up. */
export function isLiteral<T>(value: T | undefined): value is T {
  return value !== undefined && !Token.isUnresolved(value) && !Token.isUnresolved([value])
    && !(typeof value === 'string' && value.includes('dummy-value-for-'));
}

/** Both are known and they differ. */
export function differ(one: string, other: string): boolean {
  return isLiteral(one) && isLiteral(other) && one !== other;
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

/** No half of a character, which no template can hold. */
export function isWellFormed(value: string): boolean {
  return !/\p{Surrogate}/u.test(value);
}

/** A value as an error message shows it: one line, never huge. */
export function shown(value: unknown): string {
  if (typeof value !== 'string') { return String(value); }
  const quoted = JSON.stringify(value);
  return quoted.length <= 120 ? quoted : `${quoted.slice(0, 100)}…" (${value.length} characters)`;
}
