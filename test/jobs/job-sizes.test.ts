import { CfnParameter, Size } from 'aws-cdk-lib';
import { DiskType, EmrRelease, SparkEmrServerlessJobProps } from '../../src';
import { ENV, GIB, importIn, lazyNumber, newStack } from '../util';
import { deployedText, jobOf, lateRefusal, parametersOf, Props, refusal } from './job-parts';

const KINDS = ['driver', 'executor'] as const;
const INITIAL = 'spark.dynamicAllocation.initialExecutors';

/** The settings in parameters of spark-submit, in alphabetical order. */
function settingsIn(parameters: string): string[] {
  return parameters.split('--conf ').map((setting) => setting.trim()).filter(Boolean).sort();
}

describe.each(KINDS)('the size of the %s', (kind) => {
  test('becomes Spark properties', () => {
    const job = jobOf({ [kind]: { cores: 8, memory: Size.mebibytes(20_481), disk: GIB(500), diskType: DiskType.SHUFFLE_OPTIMIZED } });

    expect(settingsIn(parametersOf(job))).toEqual([
      `spark.${kind}.cores=8`,
      `spark.${kind}.memory=20481m`,
      `spark.emr-serverless.${kind}.disk.type=shuffle_optimized`,
      `spark.emr-serverless.${kind}.disk=500G`,
    ].sort());
  });

  test.each([1, 2, 4, 8, 16, 32])('may have %p cores', (cores) => {
    expect(parametersOf(jobOf({ [kind]: { cores, memory: GIB(cores === 32 ? 50 : cores) } }))).toContain(`spark.${kind}.cores=${cores}`);
  });

  test.each([0, 3, 64, 1.5, NaN])('must not have %p cores', (cores) => {
    expect(refusal({ [kind]: { cores } })).toBe(`\`${kind}.cores\` must be one of 1, 2, 4, 8, 16, 32, got: ${cores}`);
  });

  test('with cores that no worker has is not refused for its memory too', () => {
    expect(refusal({ [kind]: { cores: 6, memory: GIB(50), disk: GIB(1.5) } })).toBe([
      '2 problems in [Stack/Job]:',
      `  - \`${kind}.cores\` must be one of 1, 2, 4, 8, 16, 32, got: 6`,
      `  - \`${kind}.disk\` must be a whole number of GiB, got: 1.5 GiB`,
    ].join('\n'));
  });

  test.each([[1, 7], [2, 14], [4, 27], [8, 54], [16, 109], [32, 221]])('with %p cores has room for %p GiB', (cores, memory) => {
    expect(() => jobOf({ [kind]: { cores, memory: GIB(memory) } })).not.toThrow();
    expect(refusal({ [kind]: { cores, memory: GIB(memory + 1) } })).toContain(`\`${kind}.memory\` and its overhead must`);
  });

  test('must have as much memory as Spark needs', () => {
    expect(() => jobOf({ [kind]: { memory: Size.mebibytes(450) } })).not.toThrow();
    expect(refusal({ [kind]: { memory: Size.mebibytes(449) } }))
      .toBe(`\`${kind}.memory\` must be at least 450m (a number without a unit is MiB), got: "449m"`);
  });

  test('must have whole MiB', () => {
    expect(refusal({ [kind]: { memory: Size.kibibytes(1_048_577) } })).toContain(`\`${kind}.memory\` must be a whole number of MiB, got: 1024.0009`);
  });

  test('must have memory with one core, which is too small for the default memory', () => {
    expect(() => jobOf({ [kind]: { cores: 2 } })).not.toThrow();
    expect(refusal({ [kind]: { cores: 1 } })).toBe(`"spark.${kind}.memory" and its overhead must fit into the largest worker with 1 vCPU, 8 GiB,`
      + ' got: 14 GiB + 1.4 GiB overhead = 15.4 GiB');
  });

  test('may leave the memory to the application', () => {
    expect(() => jobOf({ [kind]: { cores: 1 } }, { sparkProperties: { [`spark.${kind}.memory`]: '2g' } })).not.toThrow();
    expect(() => jobOf({ runtime: importIn(newStack(ENV)), [kind]: { cores: 1 } })).not.toThrow();
  });

  test('must not leave the memory to an application whose properties it replaces', () => {
    expect(refusal(
      { [kind]: { cores: 1 }, configurations: [{ classification: 'spark-defaults', properties: { 'spark.a': 'b' } }] },
      { release: EmrRelease.EMR_7_14_0, sparkProperties: { [`spark.${kind}.memory`]: '2g' } },
    )).toContain('and its overhead must fit into the largest worker');
  });

  test.each([20, 200])('may have a disk of %p GiB', (disk) => {
    expect(parametersOf(jobOf({ [kind]: { disk: GIB(disk) } }))).toBe(`--conf spark.emr-serverless.${kind}.disk=${disk}G`);
  });

  test.each([19, 201])('must not have a standard disk of %p GiB', (disk) => {
    expect(refusal({ [kind]: { disk: GIB(disk) } })).toMatch(new RegExp(`^\`${kind}.disk\` must be a size with a unit, from "20G" to "200G" .*"${disk}G"$`));
  });

  test.each<[string, Props, object]>([
    ['the prop', { [kind]: { disk: GIB(2048), diskType: DiskType.SHUFFLE_OPTIMIZED } }, {}],
    ['the job', { [kind]: { disk: GIB(2048) }, sparkProperties: { [`spark.emr-serverless.${kind}.disk.type`]: 'shuffle_optimized' } }, {}],
    ['the application', { [kind]: { disk: GIB(2048) } }, { [`spark.emr-serverless.${kind}.disk.type`]: 'shuffle_optimized' }],
  ])('may have a disk of 2048 GiB if %s gives the type', (_, props, sparkProperties) => {
    expect(() => jobOf(props, { sparkProperties })).not.toThrow();
  });

  test('must have a disk of whole GiB', () => {
    expect(refusal({ [kind]: { disk: Size.mebibytes(25 * 1024 + 512) } })).toBe(`\`${kind}.disk\` must be a whole number of GiB, got: 25.5 GiB`);
  });

  test('needs a release for a shuffle-optimized disk, and says so with the prop', () => {
    expect(refusal({ [kind]: { diskType: DiskType.SHUFFLE_OPTIMIZED } }, { release: EmrRelease.of('emr-7.0.0') }))
      .toBe(`\`${kind}.diskType\` needs release emr-7.1.0 or later, or emr-spark-8.0-preview or later, got: emr-7.0.0`);
  });

  test('may be a token', () => {
    const stack = newStack(ENV);
    const number = (id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;
    const job = jobOf({ [kind]: { cores: number('Cores'), memory: GIB(number('Memory')), disk: GIB(number('Disk')) } }, {}, stack);

    expect(settingsIn(deployedText(parametersOf(job))))
      .toEqual([`spark.${kind}.cores=<Cores>`, `spark.${kind}.memory=<Memory>g`, `spark.emr-serverless.${kind}.disk=<Disk>G`].sort());
  });

  test.each([
    ['MiB', Size.mebibytes(lazyNumber(2048)), '2048m'],
    ['GiB', Size.gibibytes(lazyNumber(2)), '2g'],
  ])('may be lazy memory in %s', (_, memory, text) => {
    expect(parametersOf(jobOf({ [kind]: { memory } }))).toBe(`--conf spark.${kind}.memory=${text}`);
  });

  test.each<[string, SparkEmrServerlessJobProps['driver'], string]>([
    ['cores', { cores: lazyNumber(3), memory: GIB(4) }, 'cores` must be one of 1, 2, 4, 8, 16, 32, got: 3'],
    ['memory in MiB', { memory: Size.mebibytes(lazyNumber(449)) }, 'memory` must be at least 450m'],
    ['memory in GiB', { cores: 1, memory: GIB(lazyNumber(8)) }, 'memory` and its overhead must fit into the largest worker with 1 vCPU'],
    ['a disk', { disk: GIB(lazyNumber(19)) }, 'disk` must be a size with a unit, from "20G"'],
  ])('is refused at synthesis if it is lazily wrong: %s', (_, worker, message) => {
    expect(lateRefusal(jobOf({ [kind]: worker }))).toContain(`[Stack/Job] \`${kind}.${message}`);
  });
});

describe('the numbers of executors', () => {
  test.each<[Props, string]>([
    [{ minExecutors: 0 }, '--conf spark.dynamicAllocation.minExecutors=0'],
    [{ maxExecutors: 3 }, '--conf spark.dynamicAllocation.maxExecutors=3'],
    [{ maxExecutors: 2 }, `--conf ${INITIAL}=2 --conf spark.dynamicAllocation.maxExecutors=2`],
    [{ maxExecutors: 1, sparkProperties: { [INITIAL]: 1 } }, `--conf ${INITIAL}=1 --conf spark.dynamicAllocation.maxExecutors=1`],
    [{ maxExecutors: 1, sparkProperties: { 'spark.executor.instances': 1 } },
      '--conf spark.dynamicAllocation.maxExecutors=1 --conf spark.executor.instances=1'],
    [{ maxExecutors: lazyNumber(2) }, `--conf ${INITIAL}=2 --conf spark.dynamicAllocation.maxExecutors=2`],
    [{ maxExecutors: lazyNumber(50) }, `--conf ${INITIAL}=3 --conf spark.dynamicAllocation.maxExecutors=50`],
  ])('of %p', (props, parameters) => {
    const job = jobOf(props);

    expect(parametersOf(job)).toBe(parameters);
  });

  test('that only the deployment knows start with the default', () => {
    const stack = newStack(ENV);
    const maxExecutors = new CfnParameter(stack, 'Max', { type: 'Number' }).valueAsNumber;

    expect(deployedText(parametersOf(jobOf({ maxExecutors }, {}, stack))))
      .toBe(`--conf ${INITIAL}=3 --conf spark.dynamicAllocation.maxExecutors=<Max>`);
  });

  test.each<[object, string]>([
    [{ minExecutors: -1 }, '`minExecutors` must be a whole number from 0 to 2147483647, got: -1'],
    [{ minExecutors: 2 ** 31 }, '`minExecutors` must be a whole number from 0 to 2147483647, got: 2147483648'],
    [{ maxExecutors: 0 }, '`maxExecutors` must be a whole number from 1 to 2147483647, got: 0'],
    [{ maxExecutors: 1.5 }, '`maxExecutors` must be a whole number from 1 to 2147483647, got: 1.5'],
    [{ maxExecutors: NaN }, '`maxExecutors` must be a whole number from 1 to 2147483647, got: NaN'],
    [{ minExecutors: 5, maxExecutors: 4 }, '`minExecutors` must be at most `maxExecutors` of 4, got: 5'],
    [{ maxExecutors: 4, sparkProperties: { [INITIAL]: 5 } }, `\`maxExecutors\` must be at least "${INITIAL}", which is 5, got: 4`],
    [{ maxExecutors: 4, sparkProperties: { 'spark.dynamicAllocation.maxExecutors': 5 } },
      '"spark.dynamicAllocation.maxExecutors" must have one value, got: "4" from `maxExecutors` and "5" in `sparkProperties`'],
  ])('%p are refused once, with the prop', (props, message) => {
    expect(refusal(props)).toBe(message);
  });

  test('are held against those of the application', () => {
    expect(refusal({ maxExecutors: 4 }, { sparkProperties: { [INITIAL]: '5' } })).toBe(`\`maxExecutors\` must be at least "${INITIAL}", which is 5, got: 4`);
  });
});

describe('the maximum capacity of the application', () => {
  const runtime = (cpu: number, sparkProperties = {}) => ({ maximumCapacity: { cpu, memory: GIB(100) }, sparkProperties });
  const small = { driver: { cores: 1, memory: GIB(2) }, executor: { cores: 1, memory: GIB(2) } };

  test('has room for the driver and one executor', () => {
    expect(() => jobOf(small, runtime(2))).not.toThrow();
    expect(refusal({ ...small, executor: { cores: 2, memory: GIB(2) } }, runtime(2)))
      .toBe('the driver and one executor must fit into `maximumCapacity.cpu` of the application, 2 vCPU, got: 3 vCPU');
  });

  test.each<[string, object]>([
    ['their defaults', {}],
    ['what the application gives', { 'spark.driver.cores': '4', 'spark.driver.memory': '8g' }],
  ])('must have room for %s too, if the job gives nothing', (_, sparkProperties) => {
    expect(refusal({}, runtime(7, sparkProperties))).toContain('must fit into `maximumCapacity.cpu` of the application, 7 vCPU, got: 8 vCPU');
    expect(() => jobOf({}, runtime(8, sparkProperties))).not.toThrow();
  });

  test('is not known of an imported application', () => {
    expect(() => jobOf({ runtime: importIn(newStack(ENV)), executor: { cores: 32, memory: GIB(109) } })).not.toThrow();
  });

  test('may be lazy', () => {
    expect(lateRefusal(jobOf({}, runtime(lazyNumber(7))))).toContain('[Stack/Job] the driver and one executor must fit into');
  });
});
