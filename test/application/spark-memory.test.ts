import { CfnParameter } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeProps } from '../../src';
import { application, build, deployed, GIB, newStack, refusal, warnings } from '../util';

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
    expect(() => build(spark({ memory: '30336m', memoryOverheadFactor: '0.001' }))).not.toThrow();
  });

  test('must not with the least overhead of 384 MB exceed it', () => {
    expect(refusal(spark({ memory: '30337m', memoryOverheadFactor: '0.001' }))).toContain('must fit into the largest worker with 4 vCPU, 30 GiB');
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
        + ' This is the default memory: a job that does not set its memory fails [ack: cdk-spark-emr-serverless:sparkMemoryMissing]',
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
      .toContain(`"spark.${kind}.memory" and its overhead must be 52 to 60 or 112 to 120 or 236 to 244 GiB with 32 vCPU, got: `);
  });

  // AWS's own example: 102 to 109 GB are accepted for the worker with 120 GB
  test.each(['102g', '109g'])('may with 32 cores be %s and a tenth', (memory) => {
    expect(() => build(spark({ cores: '32', memory }))).not.toThrow();
  });

  test.each(['100g', '101g', '110g'])('must not with 32 cores be %s and a tenth', (memory) => {
    expect(refusal(spark({ cores: '32', memory }))).toContain('must be 52 to 60 or 112 to 120 or 236 to 244 GiB with 32 vCPU');
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
    expect(() => build(spark({ memory: '28g' }, { 'spark.emr-serverless.memoryOverheadFactor': deployed('0.01') }))).not.toThrow();
  });

  test.each(['cores', 'memoryOverheadFactor'])('is not checked where %s is no number', (name) => {
    expect(() => build(spark({ memory: '28g', [name]: '${spark.a}' }))).not.toThrow();
  });

  test('is not checked where Spark itself resolves it', () => {
    expect(() => build(spark({ cores: '1', memory: '${spark.a}' }))).not.toThrow();
  });

  test.each(['449m', '16', '1k'])('must not be %s, which Spark itself refuses', (memory) => {
    expect(refusal({ sparkProperties: { [`spark.${kind}.memory`]: memory } }))
      .toBe(`"spark.${kind}.memory" must be at least 450m (a number without a unit is MiB), got: "${memory}" [Stack/Spark]`);
  });

  test.each(['450m', '450', '1g'])('may be %s', (memory) => {
    expect(() => build({ sparkProperties: { [`spark.${kind}.memory`]: memory } })).not.toThrow();
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

describe.each([
  ['driver', 'initialDriverCapacity'],
  ['executor', 'initialExecutorCapacity'],
] as const)('pre-initialized workers for a %s', (kind, prop) => {
  const ready = (cpu: number, gib: number, names: { [name: string]: string }): SparkEmrServerlessRuntimeProps => ({
    [prop]: { workerCount: 1, cpu, memory: GIB(gib) },
    sparkProperties: Object.fromEntries(Object.entries(names).map(([name, value]) => [`spark.${kind}.${name}`, value])),
  });
  const idles = (reason: string) => [
    `AWS bills \`${prop}\`, but no job with the application's Spark properties can use it: ${reason} [ack: cdk-spark-emr-serverless:${prop}TooSmall]`,
  ];

  test('are warned of where they have too little memory', () => {
    expect(warnings(build(ready(4, 16, { memory: '15g' })))).toEqual(idles('a worker has 16 GiB, and Spark needs 15 GiB + 1.5 GiB overhead = 16.5 GiB'));
  });

  test('are warned of where they have too few vCPU', () => {
    expect(warnings(build(ready(2, 16, { cores: '4', memory: '8g' })))).toEqual(idles(`a worker has 2 vCPU, and "spark.${kind}.cores" is 4`));
  });

  test('are warned of at the application', () => {
    Annotations.fromStack(build(ready(4, 16, { memory: '15g' })))
      .hasWarning('/Stack/Spark', Match.stringLikeRegexp(`^AWS bills \`${prop}\``));
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
    expect(warnings(build(ready(2, 16, { memory: '4g' })))).toEqual(idles(`a worker has 2 vCPU, and "spark.${kind}.cores" is 4`));
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
    const otherKind = kind === 'driver' ? 'executor' : 'driver';
    const small = { workerCount: 1, cpu: 1, memory: GIB(2) };

    expect(warnings(build({ [prop]: small, sparkProperties: { [`spark.${otherKind}.memory`]: '14g' } }))).toEqual([]);
  });

  test('are not warned of where there are none', () => {
    expect(warnings(build({ sparkProperties: { [`spark.${kind}.memory`]: '14g' } }))).toEqual([]);
  });

  test.each(['cores', 'memory', 'memoryOverhead', 'memoryOverheadFactor'])('are not warned of where %s is a token', (name) => {
    expect(warnings(build(ready(1, 2, { cores: '4', memory: '14g', [name]: deployed('1') })))).toEqual([]);
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
