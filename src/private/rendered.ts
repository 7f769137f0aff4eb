import { Duration, Reference, Size, Stack, Token, Tokenization } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { isLiteral, patternProblems, Problems, shown } from './checks';
import { refuseAtSynthesis } from './validation-error';

// A text may have tokens. Synthesis resolves some of them to a text, and only the deployment resolves the others.

/** Stands for a token in a text. */
export const UNKNOWN = '\0';

/** The text with a mark in place of each token. A mark that the text has itself is no token. */
export function withoutTokens(text: string): string {
  const fragments = Tokenization.reverseString(text);
  if (fragments.tokens.length === 0) { return text; }
  return fragments
    .mapTokens({ mapToken: () => UNKNOWN })
    .join({ join: (left, right) => `${left ?? ''}${right ?? ''}` });
}

/** Whether the known parts of a text would widen a policy: a wildcard, or a variable that IAM replaces. */
export function hasWildcard(text: string): boolean {
  return /[*?]|\$\{/.test(withoutTokens(text));
}

/** Checks a text that a policy will contain. */
export function policyTextProblems(prop: string, value: string | undefined, maxLength: number, pattern: RegExp, allowed: string): Problems {
  return value !== undefined && !isLiteral(value) && hasWildcard(value)
    ? [`\`${prop}\` must be ${allowed}, got: ${shown(value)}`]
    : patternProblems(prop, value, maxLength, pattern, allowed);
}

/**
 * Checks a text with tokens again when the app is synthesized. A token that looked unknown in the constructor may be a text then, or have
 * one in it. What the text refers to is known to the deployment only.
 */
export function checkWhenRendered(construct: IConstruct, text: string | undefined, problems: (rendered: string) => Problems): void {
  if (text === undefined || !mayBeKnownLater(text)) { return; }
  refuseAtSynthesis(construct, () => renderings(construct, text).flatMap(problems));
}

/** Whether a value has another token than references to resources. Structs and lists have the tokens of their members. */
export function mayBeKnownLater(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) {
    if (Tokenization.isResolvable(value)) { return !Reference.isReference(value); }
    return isPlain(value) ? Object.entries(value).flat().some(mayBeKnownLater) : hasAmount(value) && value.isUnresolved();
  }
  if (typeof value !== 'string' || !Token.isUnresolved([value])) { return Token.isUnresolved(value); }
  const list = Tokenization.reverseList([value]);
  return (list ? [list] : Tokenization.reverseString(value).tokens).some((token) => !Reference.isReference(token));
}

/**
 * Copies structs and lists with the values that a template has in place of tokens. Tokens stay where only the deployment knows the value.
 * There are several copies if the deployment chooses between values, and each value is in one of them.
 */
export function renderedCopies<T>(scope: IConstruct, value: T): T[] {
  const copies: T[] = [];
  let count = 1;
  const textOf = (text: string) => {
    const texts = renderings(scope, text);
    count = Math.max(count, texts.length);
    return texts[copies.length % texts.length];
  };
  while (copies.length < count) { copies.push(copyOf(Stack.of(scope), value, textOf) as T); }
  return copies;
}

function copyOf(stack: Stack, value: unknown, textOf: (text: string) => string): unknown {
  if (typeof value === 'string') { return textOf(value); }
  if (Array.isArray(value)) { return value.map((item) => copyOf(stack, item, textOf)); }
  if (typeof value === 'number' || Tokenization.isResolvable(value)) {
    const resolved = stack.resolve(value);
    return typeof resolved === 'object' ? value : resolved;
  }
  if (typeof value !== 'object' || value === null) { return value; }
  if (isPlain(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [textOf(name), copyOf(stack, member, textOf)]));
  }
  return withAmount(value, (amount) => stack.resolve(amount)) ?? value;
}

function isPlain(value: object): boolean {
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

/** The duration or the size with another amount, if its amount is a token. CDK converts no token to another unit. */
function withAmount(value: object, amountFor: (token: number) => unknown): Duration | Size | undefined {
  if (!hasAmount(value) || !value.isUnresolved()) { return undefined; }
  const [token, make] = !('toMinutes' in value) ? [value.toGibibytes(), Size.gibibytes]
    : value.unitLabel() === 'seconds' ? [value.toSeconds(), Duration.seconds] : [value.toMinutes(), Duration.minutes];
  const amount = amountFor(token);
  return typeof amount === 'number' ? make(amount) : undefined;
}

function hasAmount(value: object): value is Duration | Size {
  return 'isUnresolved' in value && ('toMinutes' in value || 'toGibibytes' in value);
}

/**
 * The texts that a template may have in place of this one. There is more than one if the deployment chooses. Tokens stand for what only the
 * deployment knows.
 */
export function renderings(scope: IConstruct, text: string): string[] {
  const isList = Tokenization.reverseList([text]) !== undefined;
  const resolved = Stack.of(scope).resolve(isList ? [text] : text);
  return Array.isArray(resolved) ? resolved.flatMap(alternatives) : alternatives(resolved);
}

/** A function of CloudFormation, such as `{ 'Fn::Join': ['', […]] }`. */
interface Intrinsic { readonly [name: string]: any }

const MAX_ALTERNATIVES = 64;

function alternatives(resolved: string | number | Intrinsic): string[] {
  if (typeof resolved !== 'object') { return [String(resolved)]; }
  const { 'Fn::Join': join, 'Fn::Sub': sub, 'Fn::If': condition, 'Fn::Select': select } = resolved;
  if (Array.isArray(join?.[1])) { return joined(join[1].map(alternatives), join[0]); }
  if (sub) { return substituted(...(Array.isArray(sub) ? sub : [sub]) as [string, Intrinsic?]); }
  if (condition) { return condition.slice(1).flatMap(alternatives); }
  return selected(select) ?? [Token.asString(resolved)];
}

/** A part of a text. The parts are known only if the whole text is. */
function selected([index, { 'Fn::Split': split = undefined } = {}]: [string, Intrinsic?] | [] = []): string[] | undefined {
  const texts: string[] = split ? alternatives(split[1]) : [];
  return !split || texts.some(Token.isUnresolved) ? undefined : texts.map((text) => text.split(split[0])[Number(index)] ?? '');
}

function joined(parts: string[][], separator: string): string[] {
  return parts.reduce((texts, part, i) => {
    const longer = texts.flatMap((text) => part.map((end) => i === 0 ? end : `${text}${separator}${end}`));
    return longer.length <= MAX_ALTERNATIVES ? longer : [`${texts[0]}${separator}${unknown()}`];
  }, ['']);
}

/** `${!name}` is the text `${name}`. */
function substituted(template: string, variables: Intrinsic = {}): string[] {
  const parts = template.split(/(\$\{[^}]*\})/).map((part): string[] => {
    if (!/^\$\{.*\}$/s.test(part)) { return [part]; }
    const name = part.slice(2, -1);
    if (name.startsWith('!')) { return [`\${${name.slice(1)}}`]; }
    return Object.hasOwn(variables, name) ? alternatives(variables[name]) : [unknown()];
  });
  return joined(parts, '');
}

function unknown(): string {
  return Token.asString({ Ref: 'AWS::NoValue' });
}
