import { Duration, Size } from 'aws-cdk-lib';
import { recipe, Recipe } from './arbitrary-values';

function thrower(): never {
  throw new TypeError('not yours');
}

function nested(depth: number, around: (inner: unknown) => unknown): unknown {
  let value: unknown = 'x';
  for (let i = 0; i < depth; i++) { value = around(value); }
  return value;
}

function cyclic<T extends object>(value: T, tie: (value: T) => void): T {
  tie(value);
  return value;
}

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const TRAPS: readonly (keyof ProxyHandler<object>)[] = ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor'];

/**
 * Values of types that props do not have, as callers from JavaScript, JSON or another language of jsii may give them. What pretends to be a
 * token is not among them, nor an object with every member: nobody can tell it from a good one.
 */
const UNTYPED: { readonly [code: string]: () => unknown } = {
  'null': () => null,
  'NaN': () => NaN,
  '0': () => 0,
  '-1': () => -1,
  'true': () => true,
  '""': () => '',
  '"text"': () => 'text',
  '1n': () => 1n,
  'Symbol()': () => Symbol('symbol'),
  '() => {}': () => () => {},
  'class {}': () => class {},
  '{}': () => ({}),
  '[]': () => [],
  '[null]': () => [null],
  '[[]]': () => [[]],
  'Object.create(null)': () => Object.create(null),
  '{ constructor: undefined }': () => ({ constructor: undefined }),
  '{ constructor: { name: ESC } }': () => ({ constructor: { name: '\x1b[2J\u202e' } }),
  '{ unknown: 1 }': () => ({ unknown: 1 }),
  '{ __proto__: null, toString: 1 }': () => Object.assign(Object.create(null), { toString: 1 }),
  'new Date()': () => new Date(0),
  'new Map()': () => new Map([['a', 1]]),
  'new Set()': () => new Set([1]),
  '/x/': () => /x/,
  'Promise': () => Promise.resolve(),
  'new String("x")': () => new String('x'),
  'Buffer': () => Buffer.alloc(3),
  'Duration': () => Duration.minutes(15),
  'Size': () => Size.gibibytes(16),
  'a cyclic object': () => cyclic<Record<string, unknown>>({}, (value) => { value.self = value; }),
  'a cyclic list': () => cyclic<unknown[]>([], (value) => { value.push(value); }),
  'configurations in a cycle': () => cyclic([{ classification: 'spark-env', configurations: [] as unknown[] }], (value) => { value[0].configurations = value; }),
  'objects 20000 deep': () => nested(20_000, (inner) => ({ inner })),
  'lists 20000 deep': () => nested(20_000, (inner) => [inner]),
  'configurations 20000 deep': () => nested(20_000, (configurations) => [{ classification: 'spark-env', configurations }]),
  'a list of 100000': () => Array.from({ length: 100_000 }, (_, i) => `item${i}`),
  'a list of 100000 numbers': () => Array.from({ length: 100_000 }, (_, i) => i),
  'a sparse list': () => new Array(1_000_000),
  'an object of 100000': () => Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key${i}`, i])),
  'a string of a million': () => 'x'.repeat(1_000_000),
  'a getter that throws': () => Object.defineProperty({}, 'bucket', { enumerable: true, get: thrower }),
  'getters that throw': () => Object.defineProperties({}, Object.fromEntries(
    ['classification', 'properties', 'cpu', 'memory', 'workerCount', 'bucket', 'logGroup', 'prefix', 'node', 'toMinutes', 'toGibibytes', 'x']
      .map((key) => [key, { enumerable: true, get: thrower }]))),
  'a list with a getter that throws': () => Object.defineProperty(['x'], 0, { enumerable: true, get: thrower }),
  'toString that throws': () => ({ toString: thrower, valueOf: thrower, toJSON: thrower, [Symbol.toPrimitive]: thrower }),
  'a constructor that throws': () => Object.defineProperty({}, 'constructor', { get: thrower }),
  'an iterator that throws': () => ({ [Symbol.iterator]: thrower }),
  'new Proxy({}, {})': () => new Proxy({}, {}),
  'a revoked Proxy': () => revoked({}),
  'a revoked Proxy of a list': () => revoked([]),
  'a revoked Proxy of a function': () => revoked(() => {}),
  ...Object.fromEntries(TRAPS.map((trap) => [`a Proxy whose ${trap} throws`, () => new Proxy({}, { [trap]: thrower })])),
};

export const UNTYPED_VALUES: readonly Recipe<unknown>[] = Object.entries(UNTYPED).map(([code, make]) => recipe(code, make));
