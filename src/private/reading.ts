import { Duration, Size, Token, Tokenization } from 'aws-cdk-lib/core';
import { Construct, IConstruct } from 'constructs';
import { isLiteral, isWellFormed, Problems, shown } from './checks';
import { MAX_PROBLEMS, refuse } from './validation-error';

/**
 * Reads a value that a caller gave. The result is a copy that nobody can change. A value of another type adds a problem.
 *
 * Callers from JavaScript, JSON or YAML have no compiler that checks the types.
 */
export type Reader<T> = (prop: string, value: unknown, problems: Problems) => T | undefined;

/** One reader for each member of a struct. */
export type Fields<T> = { readonly [Member in keyof T]-?: Reader<Exclude<T[Member], undefined>> };

/** Reads a value that a caller gave, and throws if there are problems. */
export function read<T>(scope: IConstruct | undefined, id: string, prop: string, value: unknown, reader: Reader<T>): T {
  const problems: Problems = [];
  const copy = attempt(prop, problems, () => required(reader)(prop, value, problems));
  refuse(scope, id, problems);
  return copy!;
}

/** Reads where a construct is to be. CDK would throw a TypeError. */
export function readPlace(scope: IConstruct, id: string): void {
  read(undefined, '', 'scope', scope, construct);
  read(scope, '', 'id', id, text);
}

/** An object may throw when it is read: a getter, a proxy, an object of another language. */
export function attempt<T>(prop: string, problems: Problems, reads: () => T): T | undefined {
  try {
    return reads();
  } catch (error) {
    problems.push(`\`${prop}\` must be readable, got an error: ${error instanceof Error ? error.message : 'of an unknown kind'}`);
    return undefined;
  }
}

export const text = textOf('a string');
export const number: Reader<number> = typed('a number', (value) => typeof value === 'number');
export const boolean: Reader<boolean> = typed('true or false', (value) => typeof value === 'boolean' || Tokenization.isResolvable(value));

/** Reads a value that decides something now, so that no token is taken. */
export const knownBoolean: Reader<boolean> = typed('true or false', (value) => typeof value === 'boolean');
export const construct: Reader<Construct> = typed('a construct such as a stack', (value) => Construct.isConstruct(value));

/** Reads a string. The message describes what the string means. Other checks refuse a lone surrogate in a string without tokens. */
export function textOf(described: string): Reader<string> {
  return typed(described, (value) => typeof value === 'string' && (isLiteral(value) || isWellFormed(value)));
}

/** Reads an object of a class. Its members tell the class, because `instanceof` fails if the class is loaded twice. */
export function instance<T extends object>(described: string, ...members: (string & keyof T)[]): Reader<T> {
  return typed(described, (value) => isObject(value) && members.every((member) => member in value));
}

export const duration = instance<Duration>('a Duration such as Duration.minutes(15)', 'toMinutes', 'toSeconds', 'isUnresolved');
export const size = instance<Size>('a Size such as Size.gibibytes(16)', 'toGibibytes', 'isUnresolved');

export function oneOf<T extends string>(values: { readonly [name: string]: T }): Reader<T> {
  const allowed = Object.values(values);
  return typed(`one of ${allowed.join(', ')}`, (value) => allowed.includes(value as T) || (typeof value === 'string' && !isLiteral(value)));
}

export function listOf<T>(item: Reader<T>): Reader<T[]> {
  return (prop, value, problems) => {
    if (!Array.isArray(value)) { return mismatch(prop, 'a list', value, problems); }
    const copy: T[] = [];
    // an item may be missing, and a huge list may be wrong in every item
    for (let i = 0; i < value.length && problems.length <= MAX_PROBLEMS; i++) {
      copy.push(required(item)(`${prop}[${i}]`, value[i], problems)!);
    }
    return Object.freeze(copy) as T[];
  };
}

/** Reads keys with values of any type. The caller checks the values. */
export const map: Reader<{ [key: string]: unknown }> = (prop, value, problems) => isStruct(value)
  ? Object.freeze(Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)))
  : mismatch(prop, 'an object with keys and values', value, problems);

/** No options of CDK are as deep. The limit keeps objects out that refer to themselves. */
const MAX_DEPTH = 20;

/** Copies a struct that CDK checks, with the structs and lists in it. Objects of classes stay what they are. */
export const plainCopy: Reader<object> = (prop, value, problems) => isStruct(value)
  ? plainValue(prop, { ...value }, problems) as object | undefined
  : mismatch(prop, 'an object with keys and values', value, problems);

/** Reads a value of any type, such as JSON. Structs and lists are copied, and objects of classes stay what they are. */
export const plainValue: Reader<unknown> = (prop, value, problems) => {
  const copy = (member: unknown, depth: number): unknown => {
    if (depth > MAX_DEPTH) { throw new TooDeep(); }
    if (Array.isArray(member)) { return member.map((item) => copy(item, depth + 1)); }
    if (!isObject(member) || Object.getPrototypeOf(member) !== Object.prototype) { return member; }
    return Object.fromEntries(Object.entries(member).map(([name, inner]) => [name, copy(inner, depth + 1)]));
  };
  try {
    return copy(value, 1);
  } catch (error) {
    if (!(error instanceof TooDeep)) { throw error; }
    return mismatch(prop, `an object that is at most ${MAX_DEPTH} deep`, value, problems);
  }
};

class TooDeep extends Error {}

export function struct<T extends object>(fields: Fields<T>): Reader<T> {
  const members = Object.entries(fields) as [string, Reader<unknown>][];
  return (prop, value, problems) => {
    if (!isStruct(value)) { return mismatch(prop, 'an object', value, problems); }
    const prefix = prop === PROPS || prop === ATTRIBUTES ? '' : `${prop}.`;
    const copy: { [name: string]: unknown } = {};
    for (const [name, reader] of members) {
      attempt(`${prefix}${name}`, problems, () => {
        const member = (value as { [name: string]: unknown })[name];
        if (member !== undefined || isRequired(reader)) { copy[name] = reader(`${prefix}${name}`, member, problems); }
      });
    }
    return Object.freeze(copy) as T;
  };
}

/**
 * Reads a struct that CDK gets. It may have members that only a newer version of CDK knows. The copy is not frozen, because it leaves the
 * library.
 */
export function openStruct<T extends object>(fields: Fields<T>): Reader<T> {
  const known = struct(fields);
  return (prop, value, problems) => {
    const copy = known(prop, value, problems);
    if (!copy) { return undefined; }
    const others = Object.keys(value as object).filter((name) => !Object.hasOwn(fields, name));
    const unknown = struct(Object.fromEntries(others.map((name) => [name, plainValue])));
    return { ...unknown(prop, value, problems), ...copy };
  };
}

/** The names of the props as a whole. Messages name the members without them. */
export const PROPS = 'props';
export const ATTRIBUTES = 'attrs';

const REQUIRED = Symbol('required');

/** Reads a value that must be given. */
export function required<T>(reader: Reader<T>): Reader<T> {
  const requiring: Reader<T> = (prop, value, problems) => {
    if (value !== undefined && value !== null) { return reader(prop, value, problems); }
    problems.push(`\`${prop}\` must be given, got: ${shown(value)}`);
    return undefined;
  };
  return Object.assign(requiring, { [REQUIRED]: true });
}

function isRequired(reader: Reader<unknown>): boolean {
  return REQUIRED in reader;
}

/** Reads a value that a test accepts. */
export function typed<T>(described: string, isOfType: (value: unknown) => boolean): Reader<T> {
  return (prop, value, problems) => isOfType(value) ? value as T : mismatch(prop, described, value, problems);
}

function mismatch(prop: string, described: string, value: unknown, problems: Problems): undefined {
  problems.push(`\`${prop}\` must be ${described}, got: ${shown(value)}`);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Lists and maps are objects too. The members of a token are known at deployment only, and those of a construct mean something else. */
function isStruct(value: unknown): value is object {
  return isObject(value) && !(Symbol.iterator in value) && !Token.isUnresolved(value) && !Construct.isConstruct(value);
}
