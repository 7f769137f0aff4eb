import { Aws, CfnParameter } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { ApplicationConfiguration, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeProps } from '../../src';
import { application, build, GIB, lazy, newStack, refusal, warnings } from '../util';

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

  test('take lazy values that break no rule before they are known', () => {
    expect(application(build({ sparkProperties: { 'spark.a': lazy('') } })).RuntimeConfiguration[0].Properties).toEqual({ 'spark.a': '' });
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

const PLACES: [string, (given: { [key: string]: string }) => SparkEmrServerlessRuntimeProps][] = [
  ['sparkProperties', (given) => ({ sparkProperties: given })],
  ['configurations[0].properties', (given) => ({ configurations: [{ classification: 'core-site', properties: given }] })],
  ['configurations[1].configurations[0].properties', (given) => ({
    configurations: [
      { classification: 'core-site' },
      { classification: 'spark-env', configurations: [{ classification: 'export', properties: given }] },
    ],
  })],
];

describe.each(PLACES)('%s', (place, given) => {
  test.each(['a', 'Z', 'spark.a', 'spark.a-b_c.D.1', 'a.', 'a-', 'AWS_REGION', 'abc1'])('may have the key %j', (key) => {
    expect(() => build(given({ [key]: 'x' }))).not.toThrow();
  });

  test.each(['', '1a', '.a', '-a', '_a', 'a b', 'a/b', 'a:b', 'a$', 'ä', 'aé', ' a', 'a ', 'a\n'])('must not have the key %j', (key) => {
    expect(refusal(given({ [key]: 'x' })))
      .toBe(`a key of \`${place}\` must start with a letter and have only A-Z a-z 0-9 - _ ., got: ${JSON.stringify(key)} [Stack/Spark]`);
  });

  test('must not have a key that is known at the deployment only', () => {
    expect(refusal(given({ [`${Aws.REGION}.a`]: 'x' })))
      .toMatch(new RegExp(`^a key of \`${escaped(place)}\` must be known before the deployment, got: "\\$\\{Token\\[AWS.Region.\\d+\\]\\}.a" \\[Stack/Spark\\]$`));
  });

  test.each(['x', ' x ', '0', 'x'.repeat(1024), '日本語', 'whole \ud83d\ude00', '${spark.a}', '{"a": [1]}'])('may have the value %j', (value) => {
    expect(() => build(given({ 'spark.a': value }))).not.toThrow();
  });

  test.each(['', ' ', ' \t\n ', 'half \ud83d'])('must not have the value %j', (value) => {
    expect(refusal(given({ 'spark.a': value })))
      .toBe(`\`${place}\` must give "spark.a" a string of 1 to 1024 characters, not only blanks, got: ${JSON.stringify(value)} [Stack/Spark]`);
  });

  test('must not have a value of more than 1024 characters', () => {
    expect(refusal(given({ 'spark.a': 'x'.repeat(1025) })))
      .toBe(`\`${place}\` must give "spark.a" a string of 1 to 1024 characters, not only blanks,`
        + ` got: "${'x'.repeat(99)}…" (1025 characters) [Stack/Spark]`);
  });

  test.each([4, Infinity, ['x']])('must not have %p for a value', (value) => {
    expect(refusal(given({ 'spark.a': value as unknown as string })))
      .toBe(`\`${place}\` must give "spark.a" a string of 1 to 1024 characters, not only blanks, got: ${value} [Stack/Spark]`);
  });

  test.each([0, 1, 99, 100])('may have %d properties', (count) => {
    expect(() => build(given(properties(count)))).not.toThrow();
  });

  test.each([101, 150])('must not have %d properties', (count) => {
    expect(refusal(given(properties(count)))).toBe(`\`${place}\` must hold at most 100 properties, got: ${count} [Stack/Spark]`);
  });
});

// these are legal keys, and names that every JavaScript object knows
test.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty'])('Spark properties may have the key %j', (key) => {
  expect(application(build({ sparkProperties: { [key]: 'x' } })).RuntimeConfiguration[0].Properties).toEqual({ [key]: 'x' });
});

test('huge configurations are refused at once', () => {
  const huge = (of: string) => ({ classification: of.repeat(100_000), properties: properties(5000) });
  const before = performance.now();

  expect(refusal({ configurations: Array.from({ length: 10 }, (_, i) => huge(String(i))) })).toMatch(/^20 problems in /);

  expect(performance.now() - before).toBeLessThan(5000);
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
    })).toBe('"spark.a" of "spark-defaults" must be given once,'
      + ' got: "1" in `sparkProperties` and "2" in `configurations[1].properties` [Stack/Spark]');
  });

  test('must not give a property of any classification two values', () => {
    expect(refusal({
      configurations: [{ classification: 'core-site', properties: { a: '1' } }, { classification: 'core-site', properties: { a: '2' } }],
    })).toBe('"a" of "core-site" must be given once,'
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
    })).toContain('"spark.a" of "spark-defaults" must be given once');
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

const CREDENTIAL_KEYS = [
  'spark.hadoop.fs.s3a.secret.key',
  'spark.hadoop.fs.s3a.access.key',
  'spark.hadoop.fs.s3a.session.token',
  'spark.hadoop.javax.jdo.option.ConnectionPassword',
  'spark.ssl.keyPassword',
  'spark.ssl.keyStorePassword',
  'spark.ssl.trustStorePassword',
  'spark.authenticate.secret',
  'spark.cassandra.auth.password',
  'spark.snowflake.sfPassword',
  'spark.snowflake.pem_private_key',
  'spark.hadoop.google.cloud.auth.service.account.private.key',
  'spark.kubernetes.authenticate.oauthToken',
  'spark.sql.catalog.rest.credential',
  'spark.sql.catalog.rest.s3.secret-access-key',
  'spark.my.apiKey',
  'spark.my.api_key',
  'spark.my.api__key',
  'spark.my.passphrase',
  'AWS_SECRET_ACCESS_KEY',
  'DB_PASSWORD',
  'password',
];

const SECRET = 'hunter2-Tr0ub4dor';

describe('a credential', () => {
  test.each(CREDENTIAL_KEYS)('is warned of by its key %s', (key) => {
    expect(warnings(build({ sparkProperties: { [key]: SECRET } }))).toEqual([
      `"${key}" looks like a credential in plain text, readable in the template and to everybody who may describe the application.`
        + ' Keep it in AWS Secrets Manager and give EMR.secret@<name of the secret> [ack: cdk-spark-emr-serverless:plainTextCredential]',
    ]);
  });

  // the name of the storage account comes last
  test.each([
    'spark.hadoop.fs.azure.account.key.mine.dfs.core.windows.net',
    'spark.hadoop.fs.azure.account.oauth2.client.secret.mine.dfs.core.windows.net',
  ])('is warned of by its key %s', (key) => {
    expect(warnings(build({ sparkProperties: { [key]: SECRET } }))).toHaveLength(1);
  });

  test('is not shown where the name of the storage account comes last in its key', () => {
    expect(refusal({ sparkProperties: { 'spark.hadoop.fs.azure.account.key.mine.dfs.core.windows.net': SECRET.repeat(100) } })).not.toContain(SECRET);
  });

  test('is warned of at the application', () => {
    Annotations.fromStack(build({ sparkProperties: { password: SECRET } }))
      .hasWarning('/Stack/Spark', Match.stringLikeRegexp('"password" looks like a credential in plain text'));
  });

  test.each([
    ['another classification', { configurations: [{ classification: 'hive-site', properties: { password: SECRET } }] }],
    ['spark-defaults among the configurations', { configurations: [{ classification: 'spark-defaults', properties: { password: SECRET } }] }],
    ['a configuration within another', {
      configurations: [{ classification: 'spark-env', configurations: [{ classification: 'export', properties: { password: SECRET } }] }],
    }],
  ])('is warned of in %s', (_, props) => {
    expect(warnings(build(props))).toEqual([expect.stringContaining('"password" looks like a credential in plain text')]);
  });

  test('is warned of once for all keys', () => {
    expect(warnings(build({ sparkProperties: { 'spark.password': SECRET, 'spark.a': 'b', 'spark.token': SECRET } })))
      .toEqual([expect.stringMatching(/^"spark\.password", "spark\.token" looks like/)]);
  });

  test('is warned of without its value', () => {
    expect(warnings(build({ sparkProperties: { password: SECRET } })).join()).not.toContain(SECRET);
  });

  test.each([
    'EMR.secret@my-secret', 'EMR.secret@arn:aws:secretsmanager:us-east-1:123456789012:secret:my-secret-a1b2c3', 'true', 'false',
  ])('is not warned of where the value is %s', (value) => {
    expect(warnings(build({ sparkProperties: { 'spark.hadoop.javax.jdo.option.ConnectionPassword': value } }))).toEqual([]);
  });

  test.each(['untrue', 'falsehood'])('is warned of where the value is %s', (value) => {
    expect(warnings(build({ sparkProperties: { password: value } }))).toHaveLength(1);
  });

  test('is not warned of where the value is a token', () => {
    const stack = newStack();

    const password = new CfnParameter(stack, 'Value', { noEcho: true }).valueAsString;

    new SparkEmrServerlessRuntime(stack, 'Spark', { sparkProperties: { password } });

    expect(warnings(stack)).toEqual([]);
  });

  test.each([
    'spark.hadoop.fs.s3a.aws.credentials.provider',
    'spark.hadoop.fs.s3.customAWSCredentialsProvider',
    'spark.sql.redaction.string.regex',
    'spark.executor.memory',
    'spark.hadoop.fs.s3a.encryption.algorithm',
    'spark.sql.shuffle.partitions',
    'spark.hadoop.hive.metastore.client.factory.class',
    'spark.dynamicAllocation.enabled',
    'spark.kryo.registrationRequired',
  ])('is not what the key %s names', (key) => {
    expect(warnings(build({ sparkProperties: { [key]: '4g' } }))).toEqual([]);
  });

  test.each(CREDENTIAL_KEYS)('is not shown where %s has two values', (key) => {
    const message = refusal({
      sparkProperties: { [key]: SECRET },
      configurations: [{ classification: 'spark-defaults', properties: { [key]: `${SECRET}-2` } }],
    });

    expect(message).toContain(`"${key}" of "spark-defaults" must be given once, got: a value that is not shown here in \`sparkProperties\``
      + ' and a value that is not shown here in `configurations[0].properties`');
    expect(message).not.toContain(SECRET);
  });

  test.each(CREDENTIAL_KEYS)('is not shown where %s is too long', (key) => {
    const message = refusal({ sparkProperties: { [key]: SECRET.repeat(100) } });

    expect(message).toContain(`must give "${key}" a string of 1 to 1024 characters, not only blanks, got: a value that is not shown here`);
    expect(message).not.toContain(SECRET);
  });

  test.each(PLACES)('is not shown where %s has it and another problem', (_, given) => {
    const message = refusal({ ...given({ '1bad': SECRET, 'spark.password': SECRET.repeat(100) }), name: '*' });

    expect(message).toContain('3 problems in [Stack/Spark]');
    expect(message).not.toContain(SECRET);
  });

  test('is not shown where it is not even a string', () => {
    const message = refusal({ sparkProperties: { password: 1234567890123 as unknown as string } });

    expect(message).not.toContain('1234567890123');
  });
});

describe.each(['driver', 'executor'])('the memory of a %s', (kind) => {
  const spark = (names: { [name: string]: string }, more: { [key: string]: string } = {}): SparkEmrServerlessRuntimeProps => ({
    sparkProperties: { ...Object.fromEntries(Object.entries(names).map(([name, value]) => [`spark.${kind}.${name}`, value])), ...more },
  });

  // the largest worker less an overhead of 1 GiB
  const largest = [
    ['1', '7g', '7169m', 1, 8],
    ['2', '15g', '15361m', 2, 16],
    ['3', '29g', '29697m', 4, 30],
    ['4', '29g', '29697m', 4, 30],
    ['5', '59g', '60417m', 8, 60],
    ['8', '59g', '60417m', 8, 60],
    ['9', '119g', '121857m', 16, 120],
    ['16', '119g', '121857m', 16, 120],
    ['17', '243g', '248833m', 32, 244],
    ['32', '243g', '248833m', 32, 244],
  ] as const;

  test.each(largest)('may with %s cores and its overhead fill the largest worker: %s', (cores, memory) => {
    expect(() => build(spark({ cores, memory, memoryOverhead: '1g' }))).not.toThrow();
  });

  test.each(largest)('must not with %s cores and its overhead exceed the largest worker: %s is the most, not %s', (cores, _, memory, cpu, gib) => {
    expect(refusal(spark({ cores, memory, memoryOverhead: '1g' })))
      .toContain(`"spark.${kind}.memory" and its overhead must fit into the largest worker with ${cpu} vCPU, ${gib} GiB, got: `);
  });

  test('is refused with how it came about', () => {
    expect(refusal(spark({ memory: '28g' }))).toBe(`"spark.${kind}.memory" and its overhead must fit into the largest worker with 4 vCPU, 30 GiB,`
      + ' got: 28 GiB + 2.8 GiB overhead = 30.8 GiB [Stack/Spark]');
  });

  test('is refused without a sum that reads as the limit', () => {
    expect(refusal(spark({ memory: '29697m', memoryOverhead: '1g' }))).not.toMatch(/= 30 GiB/);
  });

  test('is refused wherever Spark properties are given', () => {
    const configurations = [{ classification: 'spark-defaults', properties: { [`spark.${kind}.memory`]: '28g' } }];

    expect(refusal({ configurations })).toContain(`"spark.${kind}.memory" and its overhead must fit`);
  });

  test('is not checked in another classification', () => {
    const configurations = [{ classification: 'core-site', properties: { [`spark.${kind}.memory`]: '28g' } }];

    expect(() => build({ configurations })).not.toThrow();
  });

  // 27928 + 2792 (a tenth, rounded down) = 30720
  test('may with an overhead of a tenth by default fill the largest worker with 4 vCPU by default', () => {
    expect(() => build(spark({ memory: '27928m' }))).not.toThrow();
  });

  test('must not with an overhead of a tenth by default exceed it', () => {
    expect(refusal(spark({ memory: '27929m' }))).toContain('must fit into the largest worker with 4 vCPU, 30 GiB');
  });

  // 25600 + 5120 = 30720
  test('may with an overhead by factor fill the largest worker', () => {
    expect(() => build(spark({ memory: '25600m', memoryOverheadFactor: '0.2' }))).not.toThrow();
  });

  test('must not with an overhead by factor exceed it', () => {
    expect(refusal(spark({ memory: '25601m', memoryOverheadFactor: '0.2' }))).toContain('must fit into the largest worker with 4 vCPU, 30 GiB');
  });

  test('may with an overhead by EMR Serverless\'s factor fill the largest worker', () => {
    expect(() => build(spark({ memory: '25600m' }, { 'spark.emr-serverless.memoryOverheadFactor': '0.2' }))).not.toThrow();
  });

  test('must not with an overhead by EMR Serverless\'s factor exceed it', () => {
    expect(refusal(spark({ memory: '25601m' }, { 'spark.emr-serverless.memoryOverheadFactor': '0.2' })))
      .toContain('must fit into the largest worker with 4 vCPU, 30 GiB');
  });

  test('takes the factor of its own before that of EMR Serverless', () => {
    expect(() => build(spark({ memory: '27g', memoryOverheadFactor: '0.1' }, { 'spark.emr-serverless.memoryOverheadFactor': '0.5' }))).not.toThrow();
  });

  test('takes the overhead before any factor', () => {
    expect(() => build(spark({ memory: '29g', memoryOverhead: '1g', memoryOverheadFactor: '0.5' }))).not.toThrow();
  });

  // 30336 + 384 = 30720
  test('may with the least overhead of 384 MB fill the largest worker', () => {
    expect(() => build(spark({ memory: '30336m', memoryOverheadFactor: '0' }))).not.toThrow();
  });

  test('must not with the least overhead of 384 MB exceed it', () => {
    expect(refusal(spark({ memory: '30337m', memoryOverheadFactor: '0' }))).toContain('must fit into the largest worker with 4 vCPU, 30 GiB');
  });

  test('may be without overhead where that is said', () => {
    expect(() => build(spark({ memory: '30g', memoryOverhead: '0' }))).not.toThrow();
  });

  test('is 14 GiB by default, which fits with 2 cores', () => {
    expect(() => build(spark({ cores: '2' }))).not.toThrow();
  });

  test('is 14 GiB by default, which is warned of with 1 core, as a job may set it', () => {
    expect(warnings(build(spark({ cores: '1' })))).toEqual([
      `"spark.${kind}.memory" and its overhead must fit into the largest worker with 1 vCPU, 8 GiB, got: 14 GiB + 1.4 GiB overhead = 15.4 GiB.`
        + ' Jobs fail that do not set the memory themselves [ack: cdk-spark-emr-serverless:sparkMemoryMissing]',
    ]);
  });

  // 109 GiB and a tenth, that is 119.9 GiB
  test('is 109 GiB by default with 32 cores, which fits', () => {
    expect(warnings(build(spark({ cores: '32' })))).toEqual([]);
  });

  test('is 14 GiB by default, which an overhead can bring above the largest worker', () => {
    expect(refusal(spark({ memoryOverhead: '17g' }))).toContain('got: 14 GiB + 17 GiB overhead = 31 GiB');
  });

  test('is 14 GiB by default, which is warned of where EMR Serverless\'s factor brings it above the largest worker', () => {
    expect(warnings(build({ sparkProperties: { 'spark.emr-serverless.memoryOverheadFactor': '1.5' } })))
      .toEqual(expect.arrayContaining([expect.stringContaining(`"spark.${kind}.memory" and its overhead must fit into the largest worker`)]));
  });

  test.each(['33', '64'])('must not come with %s cores', (cores) => {
    expect(refusal(spark({ cores, memory: '8g' }))).toBe(`"spark.${kind}.cores" must be a whole number from 1 to 32, got: "${cores}" [Stack/Spark]`);
  });

  // a job with 32 cores must come within 8 GiB of a worker's size
  test.each([
    ['52g', '60 GiB less 8'], ['60g', '60 GiB'], ['112g', '120 GiB less 8'], ['120g', '120 GiB'], ['236g', '244 GiB less 8'], ['244g', '244 GiB'],
  ])('may with 32 cores be %s, that is %s', (memory) => {
    expect(() => build(spark({ cores: '32', memory, memoryOverhead: '0' }))).not.toThrow();
  });

  test.each(['1g', '53247m', '61441m', '114687m', '122881m', '241663m'])('must not with 32 cores be %s', (memory) => {
    expect(refusal(spark({ cores: '32', memory, memoryOverhead: '0' })))
      .toContain(`"spark.${kind}.memory" and its overhead must be at most 8 GiB below 60, 120 or 244 GiB with 32 vCPU, got: `);
  });

  // AWS's own example: 102 to 109 GB are accepted for the worker with 120 GB
  test.each(['102g', '109g'])('may with 32 cores be %s and a tenth', (memory) => {
    expect(() => build(spark({ cores: '32', memory }))).not.toThrow();
  });

  test.each(['100g', '101g', '110g'])('must not with 32 cores be %s and a tenth', (memory) => {
    expect(refusal(spark({ cores: '32', memory }))).toContain('must be at most 8 GiB below 60, 120 or 244 GiB with 32 vCPU');
  });

  test('may be left out with 32 cores', () => {
    expect(() => build(spark({ cores: '32' }))).not.toThrow();
  });

  test.each([
    '14g', '14G', ' 14g ', '14gb', '14GB', '14336m', '14336mb', '14336', '14680064k', '14680064kb', '15032385536b', '${spark.a}',
  ])('may be written %j', (memory) => {
    expect(() => build(spark({ memory }))).not.toThrow();
  });

  test.each(['14.5g', '14 g', '-14g', '14x', 'g', '14gib', 'much', '1e3m', '0x10g'])('must not be written %j', (memory) => {
    expect(refusal(spark({ memory }))).toBe(`"spark.${kind}.memory" must be a size as Spark reads it, a whole number and a unit`
      + ` such as "14g" or "1536m", got: ${JSON.stringify(memory)} [Stack/Spark]`);
  });

  test('must not be written "14bb"', () => {
    expect(refusal(spark({ memory: '14bb' }))).toContain('must be a size as Spark reads it');
  });

  test.each(['1.5g', 'much'])('must not have an overhead that is written %j', (memoryOverhead) => {
    expect(refusal(spark({ memoryOverhead }))).toBe(`"spark.${kind}.memoryOverhead" must be a size as Spark reads it, a whole number and a unit`
      + ` such as "14g" or "1536m", got: ${JSON.stringify(memoryOverhead)} [Stack/Spark]`);
  });

  test.each([
    ['27g', '1t'], ['27g', '1048576m'], ['27g', '1099511627776b'],
  ])('is read in its unit: %s and an overhead of %s', (memory, memoryOverhead) => {
    expect(refusal(spark({ memory, memoryOverhead }))).toContain('27 GiB + 1024 GiB overhead = 1051 GiB');
  });

  test('is read in pebibytes', () => {
    expect(refusal(spark({ memory: '1p', memoryOverhead: '1g' }))).toContain('1048576 GiB + 1 GiB overhead = 1048577 GiB');
  });

  test.each(['cores', 'memory', 'memoryOverhead', 'memoryOverheadFactor'])('is not checked where %s is a token', (name) => {
    const stack = newStack();
    const tooMuch = { cores: '1', memory: '500g', memoryOverhead: '1g', memoryOverheadFactor: '0.5' };

    new SparkEmrServerlessRuntime(stack, 'Spark', spark({ ...tooMuch, [name]: new CfnParameter(stack, 'Value').valueAsString }));

    expect(application(stack).RuntimeConfiguration[0].Properties[`spark.${kind}.${name}`]).toEqual({ Ref: 'Value' });
  });

  test('is not checked where EMR Serverless\'s factor is a token', () => {
    expect(() => build(spark({ memory: '28g' }, { 'spark.emr-serverless.memoryOverheadFactor': lazy('0.01') }))).not.toThrow();
  });

  test.each(['cores', 'memoryOverheadFactor'])('is not checked where %s is no number', (name) => {
    expect(() => build(spark({ memory: '28g', [name]: '${spark.a}' }))).not.toThrow();
  });

  test('is not checked where Spark itself resolves it', () => {
    expect(() => build(spark({ cores: '1', memory: '${spark.a}' }))).not.toThrow();
  });
});

describe.each([
  ['driver', 'initialDriverCapacity'],
  ['executor', 'initialExecutorCapacity'],
] as const)('ready workers for a %s', (kind, prop) => {
  const ready = (cpu: number, gib: number, names: { [name: string]: string }): SparkEmrServerlessRuntimeProps => ({
    [prop]: { workerCount: 1, cpu, memory: GIB(gib) },
    sparkProperties: Object.fromEntries(Object.entries(names).map(([name, value]) => [`spark.${kind}.${name}`, value])),
  });
  const idles = (reason: string) => [
    `\`${prop}\` is billed and never used by jobs with the application's Spark properties: ${reason} [ack: cdk-spark-emr-serverless:${prop}TooSmall]`,
  ];

  test('are warned of where they have too little memory', () => {
    expect(warnings(build(ready(4, 16, { memory: '15g' })))).toEqual(idles('it has 16 GiB and Spark asks for 15 GiB + 1.5 GiB overhead = 16.5 GiB'));
  });

  test('are warned of where they have too few vCPU', () => {
    expect(warnings(build(ready(2, 16, { cores: '4', memory: '8g' })))).toEqual(idles(`it has 2 vCPU and "spark.${kind}.cores" is 4`));
  });

  test('are warned of at the application', () => {
    Annotations.fromStack(build(ready(4, 16, { memory: '15g' })))
      .hasWarning('/Stack/Spark', Match.stringLikeRegexp(`^\`${prop}\` is billed and never used`));
  });

  test.each([
    ['15g', '1g'], ['15360m', '1024m'], ['1g', '1g'],
  ])('are not warned of where %s and an overhead of %s fit', (memory, memoryOverhead) => {
    expect(warnings(build(ready(4, 16, { memory, memoryOverhead })))).toEqual([]);
  });

  test('are warned of where a MiB does not fit', () => {
    expect(warnings(build(ready(4, 16, { memory: '15361m', memoryOverhead: '1g' })))).toHaveLength(1);
  });

  // 1664 + 384 = 2048
  test.each([['1664m', 0], ['1665m', 1]])('are measured with the least overhead of 384 MB: %s gives %d warnings', (memory, count) => {
    expect(warnings(build(ready(1, 2, { cores: '1', memory })))).toHaveLength(count);
  });

  // 14 GiB and a tenth, that is 15.4 GiB, are Spark's on EMR Serverless by default
  test.each([[16, 0], [15, 1]])('are measured with the default memory: %d GiB give %d warnings', (gib, count) => {
    expect(warnings(build(ready(4, gib, { cores: '4' })))).toHaveLength(count);
  });

  test('are measured with the default cores', () => {
    expect(warnings(build(ready(2, 16, { memory: '4g' })))).toEqual(idles(`it has 2 vCPU and "spark.${kind}.cores" is 4`));
  });

  test('are not warned of where Spark asks for fewer cores', () => {
    expect(warnings(build(ready(8, 32, { cores: '4', memory: '14g' })))).toEqual([]);
  });

  test('are not warned of where Spark itself resolves the cores', () => {
    expect(warnings(build(ready(4, 16, { cores: '${spark.a}', memory: '29g' })))).toEqual([]);
  });

  test('are not warned of where the properties say nothing of them', () => {
    expect(warnings(build({ [prop]: { workerCount: 1, cpu: 1, memory: GIB(2) }, sparkProperties: { 'spark.a': 'b' } }))).toEqual([]);
  });

  test('are not warned of for the other kind of worker', () => {
    const other = kind === 'driver' ? 'executor' : 'driver';
    const small = { workerCount: 1, cpu: 1, memory: GIB(2) };

    expect(warnings(build({ [prop]: small, sparkProperties: { [`spark.${other}.memory`]: '14g' } }))).toEqual([]);
  });

  test('are not warned of where there are none', () => {
    expect(warnings(build({ sparkProperties: { [`spark.${kind}.memory`]: '14g' } }))).toEqual([]);
  });

  test.each(['cores', 'memory', 'memoryOverhead', 'memoryOverheadFactor'])('are not warned of where %s is a token', (name) => {
    expect(warnings(build(ready(1, 2, { cores: '4', memory: '14g', [name]: lazy('1') })))).toEqual([]);
  });

  test('are not warned of where their memory is a token', () => {
    const stack = newStack();
    const memory = GIB(new CfnParameter(stack, 'Memory', { type: 'Number' }).valueAsNumber);

    new SparkEmrServerlessRuntime(stack, 'Spark', {
      [prop]: { workerCount: 1, cpu: 4, memory },
      sparkProperties: { [`spark.${kind}.memory`]: '27g' },
    });

    expect(warnings(stack)).toEqual([]);
  });

  test('are not warned of for too few vCPU where those are a token', () => {
    const stack = newStack();
    const cpu = new CfnParameter(stack, 'Cpu', { type: 'Number' }).valueAsNumber;

    new SparkEmrServerlessRuntime(stack, 'Spark', {
      [prop]: { workerCount: 1, cpu, memory: GIB(16) },
      sparkProperties: { [`spark.${kind}.cores`]: '16', [`spark.${kind}.memory`]: '10g' },
    });

    expect(warnings(stack)).toEqual([]);
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
    expect(refusal({ configurations: spark({ A: '1' }, { A: '2' }) })).toBe('"A" of "spark-env/export" must be given once,'
      + ' got: "1" in `configurations[0].configurations[0].properties` and "2" in `configurations[1].configurations[0].properties` [Stack/Spark]');
  });

  test('may give a property the same value twice', () => {
    expect(() => build({ configurations: spark({ A: '1' }, { A: '1' }) })).not.toThrow();
  });
});

describe.each(['driver', 'executor'])('the cores of a %s', (kind) => {
  const key = `spark.${kind}.cores`;

  test.each(['0', '-1', '4.5', 'four', ' '])('must not be %j', (cores) => {
    expect(refusal({ sparkProperties: { [key]: cores } })).toContain(`"${key}" must be a whole number from 1 to 32, got: ${JSON.stringify(cores)}`);
  });

  test.each(['1', '32', ' 4 ', '${spark.task.cpus}'])('may be %j', (cores) => {
    expect(() => build({ sparkProperties: { [key]: cores, [`spark.${kind}.memory`]: cores === '32' ? '109g' : '4g' } })).not.toThrow();
  });
});

test.each([
  'spark.kafka.sasl.jaas.config', 'spark.hadoop.db.pwd',
])('the value of %s is not shown', (key) => {
  expect(refusal({
    sparkProperties: { [key]: 'hunter2' },
    configurations: [{ classification: 'spark-defaults', properties: { [key]: 'hunter3' } }],
  })).not.toContain('hunter');
});

describe.each(['driver', 'executor'])('the memory of a %s', (kind) => {
  test.each(['449m', '16', '1k'])('must not be %s, which Spark itself refuses', (memory) => {
    expect(refusal({ sparkProperties: { [`spark.${kind}.memory`]: memory } }))
      .toBe(`"spark.${kind}.memory" must be at least 450m (a number without a unit is MiB), got: "${memory}" [Stack/Spark]`);
  });

  test.each(['450m', '450', '1g'])('may be %s', (memory) => {
    expect(() => build({ sparkProperties: { [`spark.${kind}.memory`]: memory } })).not.toThrow();
  });
});

test('properties are rendered in the order of their keys, whatever order a language gives them', () => {
  const rendered = application(build({ sparkProperties: { 'spark.b': '2', 'spark.a': '1', 'spark.c': '3' } })).RuntimeConfiguration[0].Properties;

  expect(Object.keys(rendered)).toEqual(['spark.a', 'spark.b', 'spark.c']);
});
