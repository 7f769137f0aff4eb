import { Aws, CfnParameter, Fn } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ApplicationConfiguration, SparkEmrServerlessRuntime } from '../../src';
import { application, build, lazy, newStack, refusal, warnings } from '../util';
import { PLACES } from './property-places';

function escaped(text: string): string {
  return text.replace(/[[\].]/g, '\\$&');
}

/** So many properties whose keys start with the prefix. */
function properties(count: number, prefix = 'spark.p'): { [key: string]: string } {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, 'x']));
}

function classifications(count: number): ApplicationConfiguration[] {
  return Array.from({ length: count }, (_, i) => ({ classification: `file-${i}` }));
}

describe('Spark properties', () => {
  test('render as the classification spark-defaults', () => {
    const stack = build({ sparkProperties: { 'spark.sql.ansi.enabled': 'false', 'spark.executor.instances': '5' } });

    expect(application(stack).RuntimeConfiguration).toEqual([
      { Classification: 'spark-defaults', Properties: { 'spark.sql.ansi.enabled': 'false', 'spark.executor.instances': '5' } },
    ]);
  });

  test.each([undefined, {}])('render nothing where there are none: %j', (sparkProperties) => {
    expect(application(build({ sparkProperties }))).not.toHaveProperty('RuntimeConfiguration');
  });

  test('read back', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack(), 'Spark', { sparkProperties: { 'spark.a': 'b' } });

    expect(runtime.sparkProperties).toEqual({ 'spark.a': 'b' });
  });

  test('read back as an empty map where there are none', () => {
    expect(new SparkEmrServerlessRuntime(newStack(), 'Spark').sparkProperties).toEqual({});
  });

  test('read back with those that `configurations` give', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack(), 'Spark', {
      sparkProperties: { 'spark.a': '1' },
      configurations: [{ classification: 'spark-defaults', properties: { 'spark.b': '2' } }],
    });

    expect(runtime.sparkProperties).toEqual({ 'spark.a': '1', 'spark.b': '2' });
  });

  test('take their values from tokens', () => {
    const stack = newStack();

    new SparkEmrServerlessRuntime(stack, 'Spark', { sparkProperties: { 'spark.a': new CfnParameter(stack, 'Value').valueAsString } });

    expect(application(stack).RuntimeConfiguration[0].Properties).toEqual({ 'spark.a': { Ref: 'Value' } });
  });

  test('take lazy values', () => {
    expect(application(build({ sparkProperties: { 'spark.a': lazy('b') } })).RuntimeConfiguration[0].Properties).toEqual({ 'spark.a': 'b' });
  });

  test('take no lazy values that break a rule', () => {
    const stack = build({ sparkProperties: { 'spark.a': lazy('') } });

    expect(() => Template.fromStack(stack)).toThrow('[Stack/Spark] the value of "spark.a" in `sparkProperties` must have 1 to 1024 characters');
  });

  test('take lazy keys', () => {
    expect(application(build({ sparkProperties: { [lazy('spark.a')]: 'b' } })).RuntimeConfiguration[0].Properties).toEqual({ 'spark.a': 'b' });
  });
});

describe('configurations', () => {
  test('render with what is within them', () => {
    const stack = build({
      configurations: [{
        classification: 'spark-env',
        configurations: [{ classification: 'export', properties: { JAVA_HOME: '/usr/lib/jvm/java-21' } }],
      }],
    });

    expect(application(stack).RuntimeConfiguration).toEqual([{
      Classification: 'spark-env',
      Configurations: [{ Classification: 'export', Properties: { JAVA_HOME: '/usr/lib/jvm/java-21' } }],
    }]);
  });

  test('render nothing where there are none', () => {
    expect(application(build({ configurations: [] }))).not.toHaveProperty('RuntimeConfiguration');
  });

  test('may have a classification without properties', () => {
    expect(application(build({ configurations: [{ classification: 'core-site' }] })).RuntimeConfiguration).toEqual([{ Classification: 'core-site' }]);
  });

  test('read back with the Spark properties before them', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack(), 'Spark', {
      sparkProperties: { 'spark.a': 'b' },
      configurations: [{ classification: 'core-site', properties: { c: 'd' } }],
    });

    expect(runtime.configurations).toEqual([
      { classification: 'spark-defaults', properties: { 'spark.a': 'b' } },
      { classification: 'core-site', properties: { c: 'd' } },
    ]);
  });

  test('read back as a copy', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack(), 'Spark', { configurations: [{ classification: 'core-site' }] });

    runtime.configurations.pop();

    expect(runtime.configurations).toHaveLength(1);
  });

  test('take their classification from a token', () => {
    const stack = newStack();

    new SparkEmrServerlessRuntime(stack, 'Spark', { configurations: [{ classification: new CfnParameter(stack, 'File').valueAsString }] });

    expect(application(stack).RuntimeConfiguration).toEqual([{ Classification: { Ref: 'File' } }]);
  });

  test('take values within them from tokens', () => {
    const stack = newStack();

    new SparkEmrServerlessRuntime(stack, 'Spark', {
      configurations: [{
        classification: 'spark-env',
        configurations: [{ classification: 'export', properties: { A: new CfnParameter(stack, 'Value').valueAsString } }],
      }],
    });

    expect(application(stack).RuntimeConfiguration[0].Configurations[0].Properties).toEqual({ A: { Ref: 'Value' } });
  });

  test.each(['a', 'x'.repeat(1024), ' a', 'spark-defaults'])('may have a classification of %j', (classification) => {
    expect(application(build({ configurations: [{ classification }] })).RuntimeConfiguration[0].Classification).toBe(classification);
  });

  test.each([
    ['', '""'], [' ', '" "'], ['\t\n', '"\\t\\n"'],
  ])('must not have a classification of %j', (classification, shown) => {
    expect(refusal({ configurations: [{ classification }] }))
      .toBe(`\`configurations[0].classification\` must have 1 to 1024 characters, not only blanks, got: ${shown} [Stack/Spark]`);
  });

  test('must not have a classification of more than 1024 characters', () => {
    expect(refusal({ configurations: [{ classification: 'core-site' }, { classification: 'x'.repeat(1025) }] }))
      .toBe('`configurations[1].classification` must have 1 to 1024 characters, not only blanks,'
        + ` got: "${'x'.repeat(99)}…" (1025 characters) [Stack/Spark]`);
  });

  test('must not have an empty classification within them', () => {
    expect(refusal({ configurations: [{ classification: 'a', configurations: [{ classification: '' }] }] }))
      .toContain('`configurations[0].configurations[0].classification` must have 1 to 1024 characters, not only blanks, got: ""');
  });
});

describe.each(PLACES)('%s', (place, propsWith) => {
  test.each(['a', 'Z', 'spark.a', 'spark.a-b_c.D.1', 'a.', 'a-', 'AWS_REGION', 'abc1'])('may have the key %j', (key) => {
    expect(() => build(propsWith({ [key]: 'x' }))).not.toThrow();
  });

  test.each(['', '1a', '.a', '-a', '_a', 'a b', 'a/b', 'a:b', 'a$', 'ä', 'aé', ' a', 'a ', 'a\n'])('must not have the key %j', (key) => {
    expect(refusal(propsWith({ [key]: 'x' })))
      .toBe(`a key of \`${place}\` must start with a letter and have only A-Z a-z 0-9 - _ ., at most 1024 characters, got: ${JSON.stringify(key)} [Stack/Spark]`);
  });

  test('must not have a key of more than 1024 characters', () => {
    expect(() => build(propsWith({ ['x'.repeat(1024)]: 'x' }))).not.toThrow();
    expect(refusal(propsWith({ ['x'.repeat(1025)]: 'x' })))
      .toBe(`a key of \`${place}\` must start with a letter and have only A-Z a-z 0-9 - _ ., at most 1024 characters,`
        + ` got: "${'x'.repeat(99)}…" (1025 characters) [Stack/Spark]`);
  });

  test('must not have a key that is known at the deployment only', () => {
    expect(refusal(propsWith({ [`${Aws.REGION}.a`]: 'x' })))
      .toMatch(new RegExp(`^a key of \`${escaped(place)}\` must not be a token that only the deployment resolves, got: "\\$\\{Token\\[AWS.Region.\\d+\\]\\}.a" \\[Stack/Spark\\]$`));
  });

  test.each(['x', ' x ', '0', 'x'.repeat(1024), '日本語', 'whole \ud83d\ude00', '${spark.a}', '{"a": [1]}'])('may have the value %j', (value) => {
    expect(() => build(propsWith({ 'spark.a': value }))).not.toThrow();
  });

  test.each(['', ' ', ' \t\n ', 'half \ud83d'])('must not have the value %j', (value) => {
    expect(refusal(propsWith({ 'spark.a': value })))
      .toBe(`the value of "spark.a" in \`${place}\` must have 1 to 1024 characters, not only blanks, got: ${JSON.stringify(value)} [Stack/Spark]`);
  });

  test('must not have a value of more than 1024 characters', () => {
    expect(refusal(propsWith({ 'spark.a': 'x'.repeat(1025) })))
      .toBe(`the value of "spark.a" in \`${place}\` must have 1 to 1024 characters, not only blanks,`
        + ` got: "${'x'.repeat(99)}…" (1025 characters) [Stack/Spark]`);
  });

  test.each([
    [Infinity, 'Infinity'], [NaN, 'NaN'], [null, 'null'], [['x'], 'a list'], [{ a: 'b' }, 'an object of class Object'],
    [new Map(), 'an object of class Map'], [() => 'x', 'a function'],
  ])('must not have %p for a value', (value, shown) => {
    expect(refusal(propsWith({ 'spark.a': value })))
      .toBe(`the value of "spark.a" in \`${place}\` must be a string, a number or a boolean, got: ${shown} [Stack/Spark]`);
  });

  test.each([[4, '4'], [0, '0'], [-1.5, '-1.5'], [true, 'true'], [false, 'false']])('may have %p for a value', (value, expected) => {
    const rendered = JSON.stringify(application(build(propsWith({ 'spark.a': value }))).RuntimeConfiguration);

    expect(rendered).toContain(`"spark.a":"${expected}"`);
  });

  test('may have a number and an object for a value that are tokens', () => {
    const stack = newStack();
    const count = new CfnParameter(stack, 'Count', { type: 'Number' }).valueAsNumber;

    new SparkEmrServerlessRuntime(stack, 'Spark', propsWith({ 'spark.a': count, 'spark.b': Fn.conditionIf('C', 'x', 'y') }));

    const rendered = JSON.stringify(application(stack).RuntimeConfiguration);
    expect(rendered).toContain('"spark.a":{"Ref":"Count"}');
    expect(rendered).toContain('"spark.b":{"Fn::If":["C","x","y"]}');
  });

  test('may have a value that is undefined, which is as if it were not there', () => {
    expect(JSON.stringify(application(build(propsWith({ 'spark.a': undefined, 'spark.b': 'x' }))).RuntimeConfiguration)).not.toContain('spark.a');
  });

  test.each([0, 1, 99, 100])('may have %d properties', (count) => {
    expect(() => build(propsWith(properties(count)))).not.toThrow();
  });

  test.each([101, 150])('must not have %d properties', (count) => {
    expect(refusal(propsWith(properties(count)))).toBe(`\`${place}\` must hold at most 100 properties, got: ${count} [Stack/Spark]`);
  });
});

// these are legal keys, and names that every JavaScript object knows
test.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty'])('Spark properties may have the key %j', (key) => {
  expect(application(build({ sparkProperties: { [key]: 'x' } })).RuntimeConfiguration[0].Properties).toEqual({ [key]: 'x' });
});

test('huge configurations are refused at once', () => {
  const huge = (of: string) => ({ classification: of.repeat(100_000), properties: properties(5000) });
  const before = process.cpuUsage();

  expect(refusal({ configurations: Array.from({ length: 10 }, (_, i) => huge(String(i))) })).toMatch(/^20 problems in /);

  expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
});

describe('the number of configurations', () => {
  test.each([1, 99, 100])('may be %d', (count) => {
    expect(application(build({ configurations: classifications(count) })).RuntimeConfiguration).toHaveLength(count);
  });

  test('must not be 101', () => {
    expect(refusal({ configurations: classifications(101) })).toBe('`configurations` must hold at most 100 classifications, got: 101 [Stack/Spark]');
  });

  test('may be 100 within one', () => {
    expect(() => build({ configurations: [{ classification: 'a', configurations: classifications(100) }] })).not.toThrow();
  });

  test('must not be 101 within one', () => {
    expect(refusal({ configurations: [{ classification: 'a', configurations: classifications(101) }] }))
      .toBe('`configurations[0].configurations` must hold at most 100 classifications, got: 101 [Stack/Spark]');
  });

  test('may be 99 beside Spark properties', () => {
    expect(application(build({ sparkProperties: { 'spark.a': 'b' }, configurations: classifications(99) })).RuntimeConfiguration).toHaveLength(100);
  });

  test('must not be 100 beside Spark properties', () => {
    expect(refusal({ sparkProperties: { 'spark.a': 'b' }, configurations: classifications(100) }))
      .toMatch(/at most 100 classifications.* got: 101/);
  });
});

describe('the same classification in two places', () => {
  test('is one classification with all properties', () => {
    const stack = build({
      sparkProperties: { 'spark.a': '1' },
      configurations: [
        { classification: 'spark-defaults', properties: { 'spark.b': '2' } },
        { classification: 'core-site', properties: { c: '3' } },
        { classification: 'spark-defaults', properties: { 'spark.d': '4' } },
      ],
    });

    expect(application(stack).RuntimeConfiguration).toEqual([
      { Classification: 'spark-defaults', Properties: { 'spark.a': '1', 'spark.b': '2', 'spark.d': '4' } },
      { Classification: 'core-site', Properties: { c: '3' } },
    ]);
  });

  test('keeps what is within both', () => {
    const stack = build({
      configurations: [
        { classification: 'spark-env', configurations: [{ classification: 'export', properties: { A: '1' } }] },
        { classification: 'spark-env', configurations: [{ classification: 'other', properties: { B: '2' } }] },
      ],
    });

    expect(application(stack).RuntimeConfiguration).toMatchObject([{
      Classification: 'spark-env',
      Configurations: [{ Classification: 'export', Properties: { A: '1' } }, { Classification: 'other', Properties: { B: '2' } }],
    }]);
  });

  test('keeps what is within the first of them', () => {
    const stack = build({
      configurations: [
        { classification: 'spark-env', configurations: [{ classification: 'export', properties: { A: '1' } }] },
        { classification: 'spark-env', properties: { B: '2' } },
      ],
    });

    expect(application(stack).RuntimeConfiguration).toEqual([{
      Classification: 'spark-env',
      Properties: { B: '2' },
      Configurations: [{ Classification: 'export', Properties: { A: '1' } }],
    }]);
  });

  test('may repeat a property with the same value', () => {
    const stack = build({
      sparkProperties: { 'spark.a': '1' },
      configurations: [{ classification: 'spark-defaults', properties: { 'spark.a': '1' } }],
    });

    expect(application(stack).RuntimeConfiguration).toEqual([{ Classification: 'spark-defaults', Properties: { 'spark.a': '1' } }]);
  });

  test('may have 100 properties together', () => {
    const stack = build({
      sparkProperties: properties(50, 'spark.a'),
      configurations: [{ classification: 'spark-defaults', properties: properties(50, 'spark.b') }],
    });

    expect(Object.keys(application(stack).RuntimeConfiguration[0].Properties)).toHaveLength(100);
  });

  test('must not have 101 properties together', () => {
    expect(refusal({
      sparkProperties: properties(50, 'spark.a'),
      configurations: [{ classification: 'spark-defaults', properties: properties(51, 'spark.b') }],
    })).toBe('`sparkProperties` and `configurations[0].properties` must hold at most 100 properties, got: 101 [Stack/Spark]');
  });

  test('must not give a Spark property two values', () => {
    expect(refusal({
      sparkProperties: { 'spark.a': '1' },
      configurations: [{ classification: 'core-site' }, { classification: 'spark-defaults', properties: { 'spark.a': '2' } }],
    })).toBe('"spark.a" of "spark-defaults" must have one value,'
      + ' got: "1" in `sparkProperties` and "2" in `configurations[1].properties` [Stack/Spark]');
  });

  test('must not give a property of any classification two values', () => {
    expect(refusal({
      configurations: [{ classification: 'core-site', properties: { a: '1' } }, { classification: 'core-site', properties: { a: '2' } }],
    })).toBe('"a" of "core-site" must have one value,'
      + ' got: "1" in `configurations[0].properties` and "2" in `configurations[1].properties` [Stack/Spark]');
  });

  test('is not the same key in another classification', () => {
    const stack = build({
      configurations: [{ classification: 'core-site', properties: { a: '1' } }, { classification: 'hive-site', properties: { a: '2' } }],
    });

    expect(application(stack).RuntimeConfiguration).toHaveLength(2);
  });

  test('may give a property a token and a value, which may be the same', () => {
    const stack = build({
      sparkProperties: { 'spark.a': lazy('1') },
      configurations: [{ classification: 'spark-defaults', properties: { 'spark.a': '1' } }],
    });

    expect(application(stack).RuntimeConfiguration[0].Properties).toEqual({ 'spark.a': '1' });
  });

  test('must not give a property two values beside a token', () => {
    expect(refusal({
      sparkProperties: { 'spark.a': lazy('1') },
      configurations: [
        { classification: 'spark-defaults', properties: { 'spark.a': '1' } },
        { classification: 'spark-defaults', properties: { 'spark.a': '2' } },
      ],
    })).toContain('"spark.a" of "spark-defaults" must have one value');
  });

  test('may repeat a property with the same token', () => {
    const stack = newStack();
    const value = new CfnParameter(stack, 'Value').valueAsString;

    new SparkEmrServerlessRuntime(stack, 'Spark', {
      sparkProperties: { 'spark.a': value },
      configurations: [{ classification: 'spark-defaults', properties: { 'spark.a': value } }],
    });

    expect(application(stack).RuntimeConfiguration[0].Properties).toEqual({ 'spark.a': { Ref: 'Value' } });
  });
});

describe('configurations within the same classification', () => {
  const spark = (...inner: Record<string, string>[]) => inner.map((exported) => (
    { classification: 'spark-env', configurations: [{ classification: 'export', properties: exported }] }));

  test('are merged as well', () => {
    expect(application(build({ configurations: spark({ A: '1' }, { B: '2' }) })).RuntimeConfiguration).toEqual([{
      Classification: 'spark-env',
      Configurations: [{ Classification: 'export', Properties: { A: '1', B: '2' } }],
    }]);
  });

  test('must not give a property two values', () => {
    expect(refusal({ configurations: spark({ A: '1' }, { A: '2' }) })).toBe('"A" of "spark-env/export" must have one value,'
      + ' got: "1" in `configurations[0].configurations[0].properties` and "2" in `configurations[1].configurations[0].properties` [Stack/Spark]');
  });

  test('may give a property the same value twice', () => {
    expect(() => build({ configurations: spark({ A: '1' }, { A: '1' }) })).not.toThrow();
  });
});

test('properties are rendered in the order of their keys, whatever order a language gives them', () => {
  const rendered = application(build({ sparkProperties: { 'spark.b': '2', 'spark.a': '1', 'spark.c': '3' } })).RuntimeConfiguration[0].Properties;

  expect(Object.keys(rendered)).toEqual(['spark.a', 'spark.b', 'spark.c']);
});

describe('a classification', () => {
  const warned = (...names: string[]) => warnings(build({ configurations: names.map((classification) => ({ classification })) }));

  test.each(['spark', 'spark-defaults', 'spark-driver-log4j2', 'spark-executor-log4j2'])('that AWS documents is not warned of: %s', (classification) => {
    expect(warned(classification)).toEqual([]);
  });

  test.each(['spark-hive-site', 'hive-site', 'core-site', 'spark-env', 'spark-log4j2', 'x'])('that AWS does not document is warned of: %s', (classification) => {
    expect(warned(classification)).toEqual([
      `AWS does not document the classification "${classification}" for Spark on EMR Serverless, which may refuse it. Set a property of Hadoop or Hive as a`
        + ' Spark property that starts with "spark.hadoop." [ack: cdk-spark-emr-serverless:undocumentedClassification]',
    ]);
  });

  test.each([
    ['spark-default', 'spark-defaults'],
    ['spark-defaultss', 'spark-defaults'],
    ['spark_defaults', 'spark-defaults'],
    ['spark-deafults', 'spark-defaults'],
    ['Spark-Defaults', 'spark-defaults'],
    ['park', 'spark'],
    ['spark-driver-log4j', 'spark-driver-log4j2'],
    ['spark-executer-log4j2', 'spark-executor-log4j2'],
  ])('that is a slip is warned of with the right one: %s', (classification, right) => {
    expect(warned(classification)).toEqual([expect.stringContaining(`the classification "${classification}" (did you mean "${right}"?)`)]);
  });

  test('is warned of once for all of them', () => {
    expect(warned('spark-default', 'spark', 'core-site'))
      .toEqual([expect.stringContaining('the classification "spark-default" (did you mean "spark-defaults"?), the classification "core-site" for Spark')]);
  });

  test('is not warned of where it is a token', () => {
    expect(warned(lazy('spark-default'))).toEqual([]);
  });

  test('is not warned of within another one', () => {
    const within = { classification: 'spark-defaults', configurations: [{ classification: 'spark-default' }] };

    expect(warnings(build({ configurations: [within] }))).toEqual([]);
  });
});
