import { Duration, Reference, Size, Stack, Token, Tokenization } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { isLiteral, patternProblems, Problems, shown } from './checks';
import { refuseAtSynthesis } from './validation-error';

// A text may have tokens. Synthesis resolves some of them to a text, and only the deployment resolves the others.

/** Stands for a token in a text. */
export const UNKNOWN = '\0';

/** What CloudFormation replaces by the value of a parameter or of a secret, such as `{{resolve:ssm:/jobs/bucket}}`. */
export const DYNAMIC_REFERENCE = /\{\{resolve:[^{}]*(?:\$\{[^{}]*\}[^{}]*)*\}\}/g;

/** The text with a mark in place of what only the deployment knows. A mark that the text has itself is no token. */
export function withoutTokens(text: string): string {
  return Tokenization.reverseString(text.replace(DYNAMIC_REFERENCE, UNKNOWN))
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

/** A template cannot hold an expression as a key. */
export function mapKeyProblems(stack: Stack, prop: string, key: string): Problems {
  return Token.isUnresolved(key) && typeof stack.resolve(key) !== 'string'
    ? [`a key of \`${prop}\` must not be a token that only the deployment resolves, got: ${shown(key)}`]
    : [];
}

/** Whether a value has another token than references to resources. Structs and lists have the tokens of their members. */
export function mayBeKnownLater(value: unknown): boolean {
  if (typeof value === 'string') {
    const list = Tokenization.reverseList([value]);
    return (list ? [list] : Tokenization.reverseString(value).tokens).some((token) => !Reference.isReference(token));
  }
  if (typeof value !== 'object' || value === null) { return Token.isUnresolved(value); }
  if (Tokenization.isResolvable(value)) { return !Reference.isReference(value); }
  return isPlain(value) ? Object.entries(value).flat().some(mayBeKnownLater) : hasAmount(value) && value.isUnresolved();
}

/**
 * Copies structs and lists with the values that a template has in place of tokens. Tokens stay where only the deployment knows the value.
 *
 * Where the deployment chooses between texts or numbers, each of them is in one of the copies, and a token is in the others. Two conditions
 * may exclude each other, so that no copy has values of both.
 */
export function renderedCopies<T>(scope: IConstruct, value: T): T[] {
  const copies: T[] = [];
  let count: number;
  do {
    count = 0;
    const textOf = (text: string): string | undefined => {
      const texts = renderings(scope, text);
      if (texts.length <= 1) { return texts[0]; }
      const chosen = texts[copies.length - count];
      count += texts.length;
      return chosen ?? text;
    };
    copies.push(copyOf(Stack.of(scope), value, textOf) as T);
  } while (copies.length < count);
  return copies;
}

function copyOf(stack: Stack, value: unknown, textOf: (text: string) => string | undefined): unknown {
  if (typeof value === 'string') { return textOf(value); }
  if (Array.isArray(value)) { return listFrom(stack, value).map((item) => copyOf(stack, item, textOf)); }
  if (typeof value === 'number' || Tokenization.isResolvable(value)) {
    const resolved = stack.resolve(value);
    if (typeof resolved !== 'object' || resolved === null) { return resolved ?? undefined; }
    if (typeof value === 'number' && 'Fn::If' in resolved) { return numberIn(textOf(Token.asString(resolved)), value); }
    return 'Fn::Join' in resolved || 'Fn::Sub' in resolved ? textOf(Token.asString(resolved)) : value;
  }
  if (typeof value !== 'object' || value === null) { return value; }
  if (!isPlain(value)) { return withAmount(value, (amount) => copyOf(stack, amount, textOf)) ?? value; }
  const members = Object.entries(value).map(([name, member]) => [textOf(name), copyOf(stack, member, textOf)]);
  return Object.fromEntries(members.filter(([name, member]) => name !== undefined && member !== undefined));
}

/** The number that the deployment chooses, unless only the deployment knows it. */
function numberIn(text: string | undefined, token: number): number | undefined {
  if (text === undefined) { return undefined; }
  return isLiteral(text) ? Number(text || NaN) : token;
}

/** The items of a list that is known now. A list that only the deployment knows is one item, which is a token. */
function listFrom(stack: Stack, list: unknown[]): unknown[] {
  const resolved = Tokenization.reverseList(list as string[]) ? stack.resolve(list) : undefined;
  return Array.isArray(resolved) ? resolved.map((item) => typeof item === 'object' ? Token.asString(item) : item) : list;
}

function isPlain(value: object): boolean {
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

/**
 * The duration or the size with another amount, if its amount is a token. CDK converts no token to another unit. What is no amount becomes
 * one that no check accepts.
 */
function withAmount(value: object, amountFor: (token: number) => unknown): Duration | Size | undefined {
  if (!hasAmount(value) || !value.isUnresolved()) { return undefined; }
  const [token, make] = !('toMinutes' in value) ? sizeToken(value)
    : value.unitLabel() === 'seconds' ? [value.toSeconds(), Duration.seconds] : [value.toMinutes(), Duration.minutes];
  const amount = amountFor(token);
  if (Token.isUnresolved(amount) || !['number', 'string'].includes(typeof amount)) { return undefined; }
  return make(typeof amount === 'number' && amount >= 0 ? amount : NaN);
}

/** The amount of a size that is a token, and its unit, which CDK keeps to itself. */
export function sizeToken(size: Size): [amount: number, make: (amount: number) => Size] {
  try {
    return [size.toGibibytes(), Size.gibibytes];
  } catch {
    return [size.toMebibytes(), Size.mebibytes];
  }
}

function hasAmount(value: object): value is Duration | Size {
  return 'isUnresolved' in value && ('toMinutes' in value || 'toGibibytes' in value);
}

/**
 * The texts that a template may have in place of this one. There are several if the deployment chooses, and none if the template has
 * nothing there. Tokens stand for what only the deployment knows.
 */
export function renderings(scope: IConstruct, text: string): string[] {
  const isList = Tokenization.reverseList([text]) !== undefined;
  const resolved = Stack.of(scope).resolve(isList ? [text] : text);
  const texts = (Array.isArray(resolved) ? resolved : [resolved])
    .flatMap((resolvedText) => everyChoice((choose) => textFor(resolvedText, choose)))
    .filter((renderedText) => renderedText !== undefined);
  return [...new Set(texts)];
}

/** A function of CloudFormation, such as `{ 'Fn::Join': ['', […]] }`. */
interface Intrinsic { readonly [name: string]: any }

/** Which side of `Fn::If` the deployment takes for a condition. */
type Choose = (condition: string) => boolean;

const MAX_CHOICES = 1024;

/** Makes a text for every choice. A condition has the same answer wherever it stands in the text. */
function everyChoice<T>(make: (choose: Choose) => T): T[] {
  const made: T[] = [];
  const answers: { readonly condition: string; readonly answer: boolean }[] = [];
  const choose = (condition: string) => {
    const answered = answers.find((entry) => entry.condition === condition);
    if (!answered) { answers.push({ condition, answer: true }); }
    return answered?.answer ?? true;
  };
  do {
    made.push(make(choose));
    while (answers.length > 0 && !answers[answers.length - 1].answer) { answers.pop(); }
    const last = answers.pop();
    if (!last) { break; }
    answers.push({ ...last, answer: false });
  } while (made.length < MAX_CHOICES);
  return made;
}

function textFor(resolved: unknown, choose: Choose): string | undefined {
  if (resolved === undefined || resolved === null) { return undefined; }
  if (typeof resolved !== 'object') { return String(resolved); }
  const { 'Fn::Join': join, 'Fn::Sub': sub, 'Fn::If': condition, 'Fn::Select': select } = resolved as Intrinsic;
  if (Array.isArray(join)) { return listFor(join[1], choose)?.join(join[0]) ?? unknown(resolved); }
  if (Array.isArray(condition)) { return textFor(choose(String(condition[0])) ? condition[1] : condition[2], choose); }
  if (Array.isArray(select)) { return listFor(select[1], choose)?.[Number(select[0])] ?? unknown(resolved); }
  const [template, variables] = Array.isArray(sub) ? sub : [sub, {}];
  return typeof template === 'string' ? substituted(template, variables ?? {}, choose) : unknown(resolved);
}

/** The items of a list. What is split at a separator is split as if no token had one. */
function listFor(resolved: unknown, choose: Choose): string[] | undefined {
  if (Array.isArray(resolved)) { return resolved.map((item) => textFor(item, choose) ?? ''); }
  const { 'Fn::Split': split, 'Fn::If': condition } = (resolved ?? {}) as Intrinsic;
  if (Array.isArray(condition)) { return listFor(choose(String(condition[0])) ? condition[1] : condition[2], choose); }
  const text = Array.isArray(split) ? textFor(split[1], choose) : undefined;
  return text === undefined ? undefined : splitBetweenTokens(text, String(split[0]));
}

function splitBetweenTokens(text: string, separator: string): string[] {
  const tokens = Tokenization.reverseString(text).tokens.map((token) => Token.asString(token));
  return withoutTokens(text).split(separator).map((part) => part.replaceAll(UNKNOWN, () => tokens.shift() ?? unknown({})));
}

/** `${!name}` is the text `${name}`. */
function substituted(template: string, variables: Intrinsic, choose: Choose): string {
  return template.replace(/\$\{([^}]*)\}/g, (reference, name: string) => {
    if (name.startsWith('!')) { return `\${${name.slice(1)}}`; }
    return (Object.hasOwn(variables, name) ? textFor(variables[name], choose) : undefined) ?? unknown({ 'Fn::Sub': reference });
  });
}

/** A token for what only the deployment knows. */
function unknown(resolved: object): string {
  return Token.asString(resolved);
}
