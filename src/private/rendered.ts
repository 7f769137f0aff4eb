import { IResolvable, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { Problems } from './checks';
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

/**
 * Checks a text with tokens again when the app is synthesized. A token that looked unknown in the constructor may be a text then, or have
 * one in it. What the text refers to is known to the deployment only.
 */
export function checkWhenRendered(construct: IConstruct, text: string | undefined, problems: (rendered: string) => Problems): void {
  if (text === undefined || !mayBeKnownLater(text)) { return; }
  refuseAtSynthesis(construct, () => [...new Set(renderings(construct, text).flatMap(problems))]);
}

/** Whether a text has another token than references to resources. */
export function mayBeKnownLater(text: string): boolean {
  return Tokenization.reverseString(text).tokens.some((token) => !Reference.isReference(token));
}

/**
 * The texts that a template may have in place of this one. There is more than one if the deployment chooses. Tokens stand for what only the
 * deployment knows.
 */
export function renderings(scope: IConstruct, text: string): string[] {
  return alternatives(Stack.of(scope).resolve(text));
}

/** A function of CloudFormation, such as `{ 'Fn::Join': ['', […]] }`. */
interface Intrinsic { readonly [name: string]: any }

const MAX_ALTERNATIVES = 64;

function alternatives(resolved: string | number | Intrinsic): string[] {
  if (typeof resolved !== 'object') { return [String(resolved)]; }
  const { 'Fn::Join': join, 'Fn::Sub': sub, 'Fn::If': condition } = resolved;
  if (Array.isArray(join?.[1])) { return joined(join[1].map(alternatives), join[0]); }
  if (sub) { return substituted(...(Array.isArray(sub) ? sub : [sub]) as [string, Intrinsic?]); }
  return condition ? condition.slice(1).flatMap(alternatives) : [Token.asString(resolved)];
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
  return Token.asString({ Ref: 'AWS::NoValue' } as unknown as IResolvable);
}
