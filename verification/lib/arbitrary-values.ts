import { Aws, Fn, Lazy, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as fc from 'fast-check';

/** How a value is made in a stack. A counterexample shows it as the code that makes it. */
export type Recipe<T> = (scope: Construct) => T;

export function recipe<T>(code: string, make: Recipe<T>): Recipe<T> {
  return Object.defineProperty((scope: Construct) => make(scope), fc.toStringMethod, { value: () => code });
}

export function literal<T>(value: T): Recipe<T> {
  return recipe(shown(value), () => value);
}

/** One recipe of several; the keys that are absent stay absent. */
export function struct<T extends object>(parts: { [key in keyof T]: Recipe<T[key]> | undefined }): Recipe<T> {
  const entries = Object.entries(parts) as [keyof T, Recipe<T[keyof T]> | undefined][];
  return recipe(`{${entries.map(([key, make]) => `${JSON.stringify(key)}: ${fc.stringify(make)}`).join(', ')}}`,
    (scope) => Object.fromEntries(entries.map(([key, make]) => [key, make?.(scope)])) as T);
}

export function list<T>(items: Recipe<T>[]): Recipe<T[]> {
  return recipe(`[${items.map((item) => fc.stringify(item)).join(', ')}]`, (scope) => items.map((item) => item(scope)));
}

export function child(scope: Construct, prefix: string): string {
  return `${prefix}${scope.node.children.length}`;
}

function shown(value: unknown): string {
  const code = fc.stringify(value);
  return code.length <= 300 ? code : `${code.slice(0, 300)}… (${code.length} characters)`;
}

const repeated = fc.record({
  part: fc.constantFrom('a', '0', '-', '.', '/', ' ', 'a.', 'a-', 'a/', 'é', '\u{1F600}', 'emr-', 'arn:aws:', ':', '${', '0g'),
  // the limits of names, prefixes, values and URIs
  length: fc.constantFrom(0, 1, 63, 64, 65, 128, 300, 301, 512, 513, 1000, 1024, 1025, 2049, 100_000),
  end: fc.constantFrom('', '!', '\n', 'a'),
}).map(({ part, length, end }) => `${part.repeat(Math.ceil(length / part.length)).slice(0, length)}${end}`);

const odd = fc.constantFrom(
  '', ' ', '\n', '\0', '\t\r\n', '*', '?', '/', '//', ':', '${', '${}', '${a}', '$', '\\', '"', '\'', '`', '%s', '{{resolve:ssm:x}}',
  '<>&', '-', '.', '..', '_', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined', 'true', 'NaN', '-1', '0', '1e3', '٣',
  '\u202e', '\ud800', '\u2028', '\ufeff', 'ﬀ', 'ſ', 'İ',
);

/** Text that nobody meant. */
const junkText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ maxLength: 80 }),
  repeated,
  odd,
);

/** What is legal but for a part of it. */
function spoilt(legal: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const part = fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 3 }));
  return fc.tuple(legal, fc.nat(), fc.nat(3), part).map(([original, where, cut, inserted]) => {
    const at = where % (original.length + 1);
    return `${original.slice(0, at)}${inserted}${original.slice(at + cut)}`;
  });
}

/** What is legal but for its length or its end, which a regular expression that backtracks does not survive. */
function stretched(legal: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const end = fc.constantFrom('', '!', '\n', ' ', '\0');
  return fc.tuple(legal, fc.nat(), fc.constantFrom(40, 1000, 100_000), end).map(([original, at, count, last]) =>
    `${original}${(original[at % original.length] ?? 'a').repeat(count)}${last}`);
}

/** A value that only the deployment knows, as a whole or in part. */
export const textToken: fc.Arbitrary<Recipe<string>> = fc.tuple(fc.constantFrom('', 'a', 'arn:', '/', '*'), fc.constantFrom(
  recipe('Aws.REGION', () => Aws.REGION),
  recipe('Lazy.string', () => Lazy.string({ produce: () => Aws.STACK_NAME })),
  recipe('Fn.importValue', () => Fn.importValue('Exported')),
), fc.constantFrom('', '', '-z')).map(([before, token, after]) =>
  recipe(`\`${before}\${${fc.stringify(token)}}${after}\``, (scope) => `${before}${token(scope)}${after}`));

/** A kind of text, by what would be legal in its place. */
export type TextLike = (legal: fc.Arbitrary<string>) => fc.Arbitrary<Recipe<string>>;

/** Text for a place where `legal` would do, most of it legal. */
export function text(legal: fc.Arbitrary<string>): fc.Arbitrary<Recipe<string>> {
  return fc.oneof({ weight: 6, arbitrary: legal.map(literal) }, { weight: 4, arbitrary: junk(legal) });
}

/** Text for a place where `legal` would do, none of it meant to be. */
export function junk(legal: fc.Arbitrary<string>): fc.Arbitrary<Recipe<string>> {
  return fc.oneof(
    { weight: 2, arbitrary: spoilt(legal).map(literal) },
    { weight: 2, arbitrary: stretched(legal).map(literal) },
    { weight: 1, arbitrary: junkText.map(literal) },
    { weight: 1, arbitrary: textToken },
  );
}

/** What is secret in every secret below. No message may have it. */
export const SECRET = 'S3cr3tV4lu3';

/** Comes before every wildcard and every policy variable below. No policy may have both. */
export const WILD = 'w1ld';

const secret = fc.constantFrom(
  `mongodb://user:${SECRET}@db.example.com/data`,
  `https://${SECRET}:x-oauth-basic@git.example.com`,
  `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqb2IifQ.${SECRET}-0123456789abcdefghijklmnopq`,
  `-----BEGIN PRIVATE KEY-----\nMIIEvAIBADANBgkqhkiG9w0BAQEFAASC${SECRET}\n-----END PRIVATE KEY-----`,
);

/** Wildcards and policy variables of IAM, and what escapes them. */
const wild = fc.constantFrom('*', '?', '**', '${aws:username}', '${aws:PrincipalTag/team}', '${', '${*}', '${$}{aws:username}', '*}')
  .map((pattern) => `${WILD}${pattern}`);

/** What moves the cursor, hides text, turns its direction or ends a line where nobody expects it. */
const unprintable = fc.oneof(
  fc.constantFrom('\x1b[2J', '\x1b]0;title\x07', '\x1b[31mred', '\r', '\n', '\n  - `name` must', '\x07', '\b', '\x7f', '\x85', '\x9b31m', '\0'),
  fc.constantFrom('\u2028', '\u2029', '\u061c', '\u200e', '\u200f', '\u202a', '\u202b', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'),
  fc.constantFrom('\ud800', '\udfff', '\udc00\ud800', `${'a'.repeat(99)}\u{1F600}${'a'.repeat(99)}`),
);

/** Text that somebody meant, beside a token or not: it fools a terminal, a log or a policy, or is none of anybody's business. */
export function hostile(legal: fc.Arbitrary<string>): fc.Arbitrary<Recipe<string>> {
  const evil = fc.oneof(unprintable, wild, secret.chain((value) => fc.constantFrom(value, ` ${value}`, `password=${value}`)));
  const part = fc.tuple(legal, fc.nat(), evil, fc.constantFrom('', '', '/', 'x')).map(([original, at, inserted, after]) => {
    const where = at % (original.length + 1);
    return `${original.slice(0, where)}${inserted}${after}${original.slice(where)}`;
  });
  return fc.oneof(
    { weight: 2, arbitrary: evil.map(literal) },
    { weight: 4, arbitrary: part.map(literal) },
    {
      weight: 3,
      arbitrary: fc.tuple(part, fc.constantFrom('${before}${token}', '${token}${before}', '${token}/${before}')).map(([before, form]) =>
        recipe(`"${form}" with ${fc.stringify(before)} and Aws.REGION`,
          () => form.replace('${before}', () => before).replace('${token}', () => Aws.REGION))),
    },
  );
}

const numberToken: fc.Arbitrary<Recipe<number>> = fc.constantFrom(
  recipe('Lazy.number', () => Lazy.number({ produce: () => Token.asNumber(Fn.importValue('Exported')) })),
  recipe('Token.asNumber', () => Token.asNumber(Fn.importValue('Exported'))),
);

/** A list of strings that only the deployment knows. */
export const listToken: fc.Arbitrary<Recipe<string[]>> = fc.constantFrom(
  recipe('Fn.split', () => Fn.split(',', Fn.importValue('Exported'))),
  recipe('Lazy.list', () => Lazy.list({ produce: () => Fn.split(',', Fn.importValue('Exported')) })),
  recipe('Token.asList', () => Token.asList(Fn.getAzs())),
);

/** A number for a place where those from `min` to `max` would do. */
export function number(min: number, max: number, ...usual: number[]): fc.Arbitrary<Recipe<number>> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max, ...usual)).map(literal) },
    { weight: 2, arbitrary: fc.constantFrom(min - 1, max + 1, min + 0.5, max - 0.000_000_1).map(literal) },
    {
      weight: 1,
      arbitrary: fc.oneof(fc.double({ min: -1e20, max: 1e20 }), fc.constantFrom(
        0, -0, -1, 0.1 + 0.2, NaN, Infinity, -Infinity, Number.MAX_SAFE_INTEGER, 2 ** 53 + 2, 1e21, 1e-7,
        Number.MIN_VALUE, Number.MAX_VALUE,
      )).map(literal),
    },
    { weight: 1, arbitrary: numberToken },
  );
}
