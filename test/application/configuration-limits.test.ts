import { Stack } from 'aws-cdk-lib';
import { ApplicationConfiguration, SparkEmrServerlessRuntime } from '../../src';
import { build, newStack, refusal, warnings } from '../util';

/** Configurations with this many lists of configurations in all. */
function lists(count: number): ApplicationConfiguration[] {
  return [{ classification: 'spark', properties: { a: 'b' } }, ...Array.from({ length: count - 1 }, () => ({ classification: 'spark', configurations: [] }))];
}

const LISTS = '`configurations` must have at most 1000 lists of configurations';

test('there may be 1000 lists of configurations, and no more', () => {
  expect(() => build({ configurations: lists(1000) })).not.toThrow(LISTS);
  expect(refusal({ configurations: lists(1001) })).toContain(LISTS);
});

test('too many lists are named as such at the largest depth too', () => {
  const deep = (depth: number): ApplicationConfiguration[] =>
    depth === 10 ? [] : [{ classification: 'spark', configurations: deep(depth + 1) }];

  expect(refusal({ configurations: [...lists(992), ...deep(1)] })).toContain(LISTS);
});

describe('a classification that AWS does not document', () => {
  const warned = (...classifications: string[]) => {
    const stack: Stack = newStack();
    new SparkEmrServerlessRuntime(stack, 'Spark', { configurations: classifications.map((classification) => ({ classification, properties: { a: 'b' } })) });
    return warnings(stack).find((warning) => warning.includes('does not document'));
  };
  const HADOOP = 'Set a property of Hadoop or Hive as a Spark property';

  test('may be of Hadoop, unless each of them is a typo', () => {
    expect(warned('spark-default', 'core-site')).toContain(HADOOP);
    expect(warned('core-site')).toContain(HADOOP);
    expect(warned('spark-default')).toMatch(/which may refuse it\.( \[ack|$)/);
  });
});

test('a property may be a text, a number or a truth value', () => {
  const stack = build({ sparkProperties: { 'spark.a': 'x', 'spark.b': 7, 'spark.c': true } as any });

  expect(JSON.stringify(stack.resolve(stack.node.findAll().flatMap((node: any) => node.runtimeConfiguration ?? []))))
    .toContain('{"spark.a":"x","spark.b":"7","spark.c":"true"}');
});
