import { CfnParameter, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { DiskType, InitialCapacity, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeProps } from '../../src';
import { application, build, GIB, lazyNumber, newStack, warnings } from '../util';

const WORKER: InitialCapacity = { workerCount: 2, cpu: 4, memory: GIB(16) };

function numberToken(stack: Stack): number {
  return new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
}

describe('initial capacity', () => {
  test('renders drivers', () => {
    const stack = build({ initialDriverCapacity: { workerCount: 2, cpu: 4, memory: GIB(16) } });

    expect(application(stack).InitialCapacity).toEqual([
      { Key: 'Driver', Value: { WorkerCount: 2, WorkerConfiguration: { Cpu: '4 vCPU', Memory: '16 GB' } } },
    ]);
  });

  test('renders executors', () => {
    const stack = build({ initialExecutorCapacity: { workerCount: 10, cpu: 8, memory: GIB(60) } });

    expect(application(stack).InitialCapacity).toEqual([
      { Key: 'Executor', Value: { WorkerCount: 10, WorkerConfiguration: { Cpu: '8 vCPU', Memory: '60 GB' } } },
    ]);
  });

  test('renders drivers and executors beside each other', () => {
    const stack = build({ initialDriverCapacity: WORKER, initialExecutorCapacity: WORKER });

    expect(application(stack).InitialCapacity.map(({ Key }: { Key: string }) => Key)).toEqual(['Driver', 'Executor']);
  });

  test('renders the disk with its unit and its kind', () => {
    const stack = build({ initialExecutorCapacity: { ...WORKER, disk: GIB(500), diskType: DiskType.SHUFFLE_OPTIMIZED } });

    expect(application(stack).InitialCapacity[0].Value.WorkerConfiguration).toEqual({
      Cpu: '4 vCPU', Memory: '16 GB', Disk: '500 GB', DiskType: 'SHUFFLE_OPTIMIZED',
    });
  });

  test('converts sizes of other units to whole GiB', () => {
    const stack = build({ initialExecutorCapacity: { ...WORKER, memory: Size.mebibytes(16384), disk: Size.mebibytes(20480) } });

    expect(application(stack).InitialCapacity[0].Value.WorkerConfiguration).toMatchObject({ Memory: '16 GB', Disk: '20 GB' });
  });

  test('is absent unless it was asked for', () => {
    expect(application(build({}))).not.toHaveProperty('InitialCapacity');
  });

});

describe.each(['initialDriverCapacity', 'initialExecutorCapacity'] as const)('a worker of %s', (prop) => {
  test.each([
    [1, 2], [1, 3], [1, 7], [1, 8],
    [2, 4], [2, 5], [2, 15], [2, 16],
    [4, 8], [4, 9], [4, 29], [4, 30],
    [8, 16], [8, 20], [8, 56], [8, 60],
    [16, 32], [16, 40], [16, 112], [16, 120],
    [32, 60], [32, 120], [32, 244],
  ])('may have %d vCPU and %d GiB', (cpu, memory) => {
    const stack = build({ [prop]: { workerCount: 1, cpu, memory: GIB(memory) } });

    expect(application(stack).InitialCapacity[0].Value.WorkerConfiguration).toEqual({ Cpu: `${cpu} vCPU`, Memory: `${memory} GB` });
  });

  test.each([
    [1, 1, '2 to 8 GiB in steps of 1'], [1, 9, '2 to 8 GiB in steps of 1'], [1, 2.5, '2 to 8 GiB in steps of 1'],
    [2, 3, '4 to 16 GiB in steps of 1'], [2, 17, '4 to 16 GiB in steps of 1'], [2, 15.5, '4 to 16 GiB in steps of 1'],
    [4, 7, '8 to 30 GiB in steps of 1'], [4, 31, '8 to 30 GiB in steps of 1'], [4, 29.5, '8 to 30 GiB in steps of 1'],
    [8, 12, '16 to 60 GiB in steps of 4'], [8, 15, '16 to 60 GiB in steps of 4'], [8, 17, '16 to 60 GiB in steps of 4'],
    [8, 19, '16 to 60 GiB in steps of 4'], [8, 61, '16 to 60 GiB in steps of 4'], [8, 64, '16 to 60 GiB in steps of 4'],
    [16, 24, '32 to 120 GiB in steps of 8'], [16, 31, '32 to 120 GiB in steps of 8'], [16, 36, '32 to 120 GiB in steps of 8'],
    [16, 121, '32 to 120 GiB in steps of 8'], [16, 128, '32 to 120 GiB in steps of 8'],
    [32, 59, '60, 120 or 244 GiB'], [32, 61, '60, 120 or 244 GiB'], [32, 119, '60, 120 or 244 GiB'], [32, 121, '60, 120 or 244 GiB'],
    [32, 243, '60, 120 or 244 GiB'], [32, 245, '60, 120 or 244 GiB'], [32, 64, '60, 120 or 244 GiB'],
  ])('must not have %d vCPU and %d GiB', (cpu, memory, allowed) => {
    expect(() => build({ [prop]: { workerCount: 1, cpu, memory: Size.mebibytes(memory * 1024) } }))
      .toThrow(`\`${prop}.memory\` must be ${allowed} with ${cpu} vCPU, got: ${memory} GiB [Stack/Spark]`);
  });

  test.each([-4, 0, 0.5, 1.5, 3, 5, 7, 9, 15, 17, 31, 33, 64, NaN])('must not have %d vCPU', (cpu) => {
    expect(() => build({ [prop]: { ...WORKER, cpu } })).toThrow(`\`${prop}.cpu\` must be one of 1, 2, 4, 8, 16, 32 vCPU, got: ${cpu} [Stack/Spark]`);
  });

  test.each([1, 2, 999_999, 1_000_000])('may be there %d times', (workerCount) => {
    const stack = build({ [prop]: { ...WORKER, workerCount } });

    expect(application(stack).InitialCapacity[0].Value.WorkerCount).toBe(workerCount);
  });

  test.each([-1, 0, 1.5, 1_000_001, NaN])('must not be there %d times', (workerCount) => {
    expect(() => build({ [prop]: { ...WORKER, workerCount } }))
      .toThrow(`\`${prop}.workerCount\` must be a whole number from 1 to 1000000, got: ${workerCount} [Stack/Spark]`);
  });

  test.each([
    [undefined, 20], [undefined, 21], [undefined, 199], [undefined, 200],
    [DiskType.STANDARD, 20], [DiskType.STANDARD, 200],
    [DiskType.SHUFFLE_OPTIMIZED, 20], [DiskType.SHUFFLE_OPTIMIZED, 201],
    [DiskType.SHUFFLE_OPTIMIZED, 2047], [DiskType.SHUFFLE_OPTIMIZED, 2048],
  ])('may have a disk of kind %s with %d GiB', (diskType, disk) => {
    const stack = build({ [prop]: { ...WORKER, diskType, disk: GIB(disk) } });

    expect(application(stack).InitialCapacity[0].Value.WorkerConfiguration.Disk).toBe(`${disk} GB`);
  });

  test.each([
    [undefined, 19, 200], [undefined, 201, 200], [undefined, 20.5, 200], [undefined, 0, 200],
    [DiskType.STANDARD, 19, 200], [DiskType.STANDARD, 201, 200],
    [DiskType.SHUFFLE_OPTIMIZED, 19, 2048], [DiskType.SHUFFLE_OPTIMIZED, 2049, 2048], [DiskType.SHUFFLE_OPTIMIZED, 100.25, 2048],
  ])('must not have a disk of kind %s with %d GiB', (diskType, disk, max) => {
    expect(() => build({ [prop]: { ...WORKER, diskType, disk: Size.mebibytes(disk * 1024) } }))
      .toThrow(`\`${prop}.disk\` must be a whole number of GiB from 20 to ${max}, got: ${disk} GiB [Stack/Spark]`);
  });

  test('may be of a kind of disk without a size', () => {
    const stack = build({ [prop]: { ...WORKER, diskType: DiskType.SHUFFLE_OPTIMIZED } });

    expect(application(stack).InitialCapacity[0].Value.WorkerConfiguration).toEqual({
      Cpu: '4 vCPU', Memory: '16 GB', DiskType: 'SHUFFLE_OPTIMIZED',
    });
  });

  test('takes its count from a token', () => {
    const stack = newStack();

    new SparkEmrServerlessRuntime(stack, 'Spark', { [prop]: { ...WORKER, workerCount: numberToken(stack) } });

    expect(application(stack).InitialCapacity[0].Value.WorkerCount).toEqual({ Ref: 'Number' });
  });

  test('takes its vCPU from a token, whatever the memory', () => {
    const stack = newStack();

    new SparkEmrServerlessRuntime(stack, 'Spark', { [prop]: { ...WORKER, cpu: numberToken(stack), memory: GIB(244) } });

    expect(application(stack).InitialCapacity[0].Value.WorkerConfiguration)
      .toEqual({ Cpu: { 'Fn::Join': ['', [{ Ref: 'Number' }, ' vCPU']] }, Memory: '244 GB' });
  });

  test('takes its memory from a token', () => {
    const stack = newStack();

    new SparkEmrServerlessRuntime(stack, 'Spark', { [prop]: { ...WORKER, memory: GIB(numberToken(stack)) } });

    expect(application(stack).InitialCapacity[0].Value.WorkerConfiguration.Memory).toEqual({ 'Fn::Join': ['', [{ Ref: 'Number' }, ' GB']] });
  });

  test('takes its disk from a token', () => {
    const stack = newStack();

    new SparkEmrServerlessRuntime(stack, 'Spark', { [prop]: { ...WORKER, disk: GIB(numberToken(stack)) } });

    expect(application(stack).InitialCapacity[0].Value.WorkerConfiguration.Disk).toEqual({ 'Fn::Join': ['', [{ Ref: 'Number' }, ' GB']] });
  });

  test('takes lazy numbers', () => {
    const stack = build({ [prop]: { workerCount: lazyNumber(8), cpu: lazyNumber(8), memory: GIB(lazyNumber(16)) } });

    expect(application(stack).InitialCapacity[0].Value)
      .toEqual({ WorkerCount: 8, WorkerConfiguration: { Cpu: '8 vCPU', Memory: '16 GB' } });
  });

  test('is checked in what is known beside a token', () => {
    const stack = newStack();

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { [prop]: { ...WORKER, workerCount: numberToken(stack), memory: GIB(31) } }))
      .toThrow(`\`${prop}.memory\` must be 8 to 30 GiB in steps of 1 with 4 vCPU, got: 31 GiB`);
  });

  test('must not have a fraction of a GiB where its vCPU is a token', () => {
    const stack = newStack();

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', {
      [prop]: { ...WORKER, cpu: numberToken(stack), memory: Size.mebibytes(8 * 1024 + 512) },
    })).toThrow(`\`${prop}.memory\``);
  });

  test('takes the kind of its disk from a token', () => {
    const stack = newStack();
    const diskType = new CfnParameter(stack, 'DiskType').valueAsString as DiskType;

    new SparkEmrServerlessRuntime(stack, 'Spark', { [prop]: { ...WORKER, disk: GIB(100), diskType } });

    expect(application(stack).InitialCapacity[0].Value.WorkerConfiguration.DiskType).toEqual({ Ref: 'DiskType' });
  });
});

describe('maximum capacity', () => {
  test('renders its dimensions with their units', () => {
    const stack = build({ maximumCapacity: { cpu: 400, memory: GIB(3000), disk: GIB(20000) } });

    expect(application(stack).MaximumCapacity).toEqual({ Cpu: '400 vCPU', Memory: '3000 GB', Disk: '20000 GB' });
  });

  test('leaves the disk without a limit unless one is given', () => {
    const stack = build({ maximumCapacity: { cpu: 400, memory: GIB(3000) } });

    expect(application(stack).MaximumCapacity).toEqual({ Cpu: '400 vCPU', Memory: '3000 GB' });
  });

  test('is absent unless it was asked for', () => {
    expect(application(build({}))).not.toHaveProperty('MaximumCapacity');
  });

  test('converts sizes of other units to whole GiB', () => {
    const stack = build({ maximumCapacity: { cpu: 400, memory: Size.tebibytes(2), disk: Size.tebibytes(10) } });

    expect(application(stack).MaximumCapacity).toMatchObject({ Memory: '2048 GB', Disk: '10240 GB' });
  });

  test.each([1, 2, 33, 9_999_999_999])('may be %d vCPU', (cpu) => {
    expect(application(build({ maximumCapacity: { cpu, memory: GIB(8) } })).MaximumCapacity.Cpu).toBe(`${cpu} vCPU`);
  });

  test.each([0, 1.5, 10_000_000_000, NaN])('must not be %d vCPU', (cpu) => {
    expect(() => build({ maximumCapacity: { cpu, memory: GIB(8) } }))
      .toThrow(`\`maximumCapacity.cpu\` must be a whole number from 1 to 9999999999, got: ${cpu} [Stack/Spark]`);
  });

  test('is not compared with an initial capacity that is not there', () => {
    expect(() => build({ maximumCapacity: { cpu: -1, memory: GIB(8) } }))
      .toThrow('`maximumCapacity.cpu` must be a whole number from 1 to 9999999999, got: -1 [Stack/Spark]');
  });

  test.each([1, 2, 999_999_999_999])('may be %d GiB of memory', (memory) => {
    expect(application(build({ maximumCapacity: { cpu: 1, memory: GIB(memory) } })).MaximumCapacity.Memory).toBe(`${memory} GB`);
  });

  test.each([0, 0.5, 16.5, 1_000_000_000_000])('must not be %d GiB of memory', (memory) => {
    expect(() => build({ maximumCapacity: { cpu: 1, memory: Size.mebibytes(memory * 1024) } }))
      .toThrow(`\`maximumCapacity.memory\` must be a whole number of GiB from 1 to 999999999999, got: ${memory} GiB [Stack/Spark]`);
  });

  test.each([1, 20, 999_999_999_999])('may be %d GiB of disk', (disk) => {
    expect(application(build({ maximumCapacity: { cpu: 1, memory: GIB(1), disk: GIB(disk) } })).MaximumCapacity.Disk).toBe(`${disk} GB`);
  });

  test.each([0, 0.5, 20.5, 1_000_000_000_000])('must not be %d GiB of disk', (disk) => {
    expect(() => build({ maximumCapacity: { cpu: 1, memory: GIB(1), disk: Size.mebibytes(disk * 1024) } }))
      .toThrow(`\`maximumCapacity.disk\` must be a whole number of GiB from 1 to 999999999999, got: ${disk} GiB [Stack/Spark]`);
  });

  test('takes every dimension from a token', () => {
    const stack = newStack();
    const number = numberToken(stack);

    new SparkEmrServerlessRuntime(stack, 'Spark', { maximumCapacity: { cpu: number, memory: GIB(number), disk: GIB(number) } });

    expect(application(stack).MaximumCapacity).toEqual({
      Cpu: { 'Fn::Join': ['', [{ Ref: 'Number' }, ' vCPU']] },
      Memory: { 'Fn::Join': ['', [{ Ref: 'Number' }, ' GB']] },
      Disk: { 'Fn::Join': ['', [{ Ref: 'Number' }, ' GB']] },
    });
  });
});

describe('maximum capacity beside initial capacity', () => {
  // 1 × (2 vCPU, 8 GiB, 20 GiB by default) and 10 × (4 vCPU, 16 GiB, 50 GiB): 42 vCPU, 168 GiB, 520 GiB of disk
  const initial: SparkEmrServerlessRuntimeProps = {
    initialDriverCapacity: { workerCount: 1, cpu: 2, memory: GIB(8) },
    initialExecutorCapacity: { workerCount: 10, cpu: 4, memory: GIB(16), disk: GIB(50) },
  };

  test('may be the sum of drivers and executors exactly', () => {
    const stack = build({ ...initial, maximumCapacity: { cpu: 42, memory: GIB(168), disk: GIB(520) } });

    expect(application(stack).MaximumCapacity).toEqual({ Cpu: '42 vCPU', Memory: '168 GB', Disk: '520 GB' });
  });

  test('must not be less than the sum in vCPU', () => {
    expect(() => build({ ...initial, maximumCapacity: { cpu: 41, memory: GIB(168), disk: GIB(520) } }))
      .toThrow('`maximumCapacity.cpu` must be at least the initial capacity of 42 vCPU, got: 41 vCPU [Stack/Spark]');
  });

  test('must not be less than the sum in memory', () => {
    expect(() => build({ ...initial, maximumCapacity: { cpu: 42, memory: GIB(167), disk: GIB(520) } }))
      .toThrow('`maximumCapacity.memory` must be at least the initial capacity of 168 GiB, got: 167 GiB [Stack/Spark]');
  });

  test('must not be less than the sum in disk', () => {
    expect(() => build({ ...initial, maximumCapacity: { cpu: 42, memory: GIB(168), disk: GIB(519) } }))
      .toThrow('`maximumCapacity.disk` must be at least the initial capacity of 520 GiB, got: 519 GiB [Stack/Spark]');
  });

  test('may leave the disk without a limit', () => {
    const stack = build({ ...initial, maximumCapacity: { cpu: 42, memory: GIB(168) } });

    expect(application(stack).MaximumCapacity).not.toHaveProperty('Disk');
  });

  test.each(['initialDriverCapacity', 'initialExecutorCapacity'] as const)('is compared with %s alone', (prop) => {
    expect(() => build({ [prop]: { workerCount: 3, cpu: 4, memory: GIB(16) }, maximumCapacity: { cpu: 11, memory: GIB(48) } }))
      .toThrow('`maximumCapacity.cpu` must be at least the initial capacity of 12 vCPU, got: 11 vCPU');
  });

  test('is compared with the disk that AWS gives workers by default', () => {
    const initialExecutorCapacity = { workerCount: 3, cpu: 4, memory: GIB(16) };

    expect(() => build({ initialExecutorCapacity, maximumCapacity: { cpu: 12, memory: GIB(48), disk: GIB(59) } }))
      .toThrow('`maximumCapacity.disk` must be at least the initial capacity of 60 GiB, got: 59 GiB');
  });

  test('is compared in GiB whatever the units', () => {
    const initialExecutorCapacity = { workerCount: 2, cpu: 4, memory: Size.mebibytes(16384) };

    const maximumCapacity = { cpu: 8, memory: Size.mebibytes(32768) };

    expect(application(build({ initialExecutorCapacity, maximumCapacity })).MaximumCapacity.Memory)
      .toBe('32 GB');
  });

  test.each([
    ['the worker count', { workerCount: 0, cpu: 4, memory: GIB(16) }, 'workerCount'],
    ['the vCPU', { workerCount: 100, cpu: 0, memory: GIB(16) }, 'cpu'],
    ['the memory', { workerCount: 100, cpu: 4, memory: GIB(0) }, 'memory'],
  ] as const)('is not compared where %s is a token', (_, literal, part) => {
    const stack = newStack();
    const number = numberToken(stack);
    const initialExecutorCapacity = { ...literal, [part]: part === 'memory' ? GIB(number) : number };
    const enoughOfTheRest = { cpu: part === 'memory' ? 400 : 1, memory: GIB(part === 'cpu' ? 1600 : 1) };

    new SparkEmrServerlessRuntime(stack, 'Spark', { initialExecutorCapacity, maximumCapacity: enoughOfTheRest });

    expect(application(stack).MaximumCapacity).toBeDefined();
  });

  test('is not compared where the disk of the workers is a token', () => {
    const stack = newStack();

    new SparkEmrServerlessRuntime(stack, 'Spark', {
      initialExecutorCapacity: { ...WORKER, disk: GIB(numberToken(stack)) },
      maximumCapacity: { cpu: 8, memory: GIB(32), disk: GIB(1) },
    });

    expect(application(stack).MaximumCapacity.Disk).toBe('1 GB');
  });

  test('is not compared where it is a token itself', () => {
    const stack = newStack();
    const number = numberToken(stack);

    new SparkEmrServerlessRuntime(stack, 'Spark', { ...initial, maximumCapacity: { cpu: number, memory: GIB(number), disk: GIB(number) } });

    expect(application(stack).MaximumCapacity.Cpu).toEqual({ 'Fn::Join': ['', [{ Ref: 'Number' }, ' vCPU']] });
  });

  test('is compared in the dimensions that are known', () => {
    const stack = newStack();

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { ...initial, maximumCapacity: { cpu: numberToken(stack), memory: GIB(167) } }))
      .toThrow('`maximumCapacity.memory` must be at least the initial capacity of 168 GiB, got: 167 GiB');
  });
});

describe('initial capacity that never goes away', () => {
  test.each(['initialDriverCapacity', 'initialExecutorCapacity'] as const)('is warned of for %s', (prop) => {
    const stack = build({ [prop]: WORKER, autoStop: false });

    Annotations.fromStack(stack).hasWarning('/Stack/Spark', Match.stringLikeRegexp(
      '^AWS bills the initial capacity 24 hours a day after the first start.*\\[ack: cdk-spark-emr-serverless:initialCapacityAlwaysOn\\]$'));
  });

  test.each([undefined, true])('is not warned of with autoStop %s', (autoStop) => {
    expect(warnings(build({ initialDriverCapacity: WORKER, autoStop }))).toEqual([]);
  });

  test('is not warned of where there is no initial capacity', () => {
    expect(warnings(build({ maximumCapacity: { cpu: 8, memory: GIB(32) }, autoStop: false }))).toEqual([]);
  });
});
