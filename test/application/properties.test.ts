import { Duration, Size } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import {
  Architecture, DiskType, EmrRelease, InitialCapacity, MaximumCapacity, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeProps,
} from '../../src';
import { application, GIB, IDENTITY_CENTER_ARN, newStack } from '../util';

// the same cases in every run
const SEED = 20261122;

// https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html#worker-configs
const MEMORY_OF_WORKERS: Record<number, number[]> = {
  1: [2, 3, 4, 5, 6, 7, 8],
  2: [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
  4: [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30],
  8: [16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60],
  16: [32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120],
  32: [60, 120, 244],
};
const DISK = { [DiskType.STANDARD]: { min: 20, max: 200 }, [DiskType.SHUFFLE_OPTIMIZED]: { min: 20, max: 2048 } };

// the schema of AWS::EMRServerless::Application; all of them at most 15 characters
const CPU_SIZE = /^(?=.{1,15}$)[1-9][0-9]*(\s)?(vCPU|vcpu|VCPU)?$/;
const MEMORY_SIZE = /^(?=.{1,15}$)[1-9][0-9]*(\s)?(GB|gb|gB|Gb)?$/;
const DISK_SIZE = /^(?=.{1,15}$)[1-9][0-9]*(\s)?(GB|gb|gB|Gb)$/;
const NAME = /^[A-Za-z0-9._\/#-]{1,64}$/;

// an app for each of thousands of cases would take most of the time
const scope = newStack();

function isAccepted(props: SparkEmrServerlessRuntimeProps): boolean {
  try {
    new SparkEmrServerlessRuntime(scope, 'Spark', props);
    scope.node.tryRemoveChild('Spark');
    return true;
  } catch (error) {
    // anything else is a defect and no refusal
    expect(error).toMatchObject({ name: 'ValidationError' });
    return false;
  }
}

function legal(cpu: number, memory: number, disk: number | undefined, diskType: DiskType | undefined): boolean {
  const { min, max } = DISK[diskType ?? DiskType.STANDARD];
  return (MEMORY_OF_WORKERS[cpu] ?? []).includes(memory) && (disk === undefined || (Number.isInteger(disk) && disk >= min && disk <= max));
}

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const legalDisk = fc.constantFrom(undefined, DiskType.STANDARD, DiskType.SHUFFLE_OPTIMIZED).chain((diskType) =>
  fc.record({ diskType: fc.constant(diskType), disk: optional(fc.integer(DISK[diskType ?? DiskType.STANDARD]).map((gib) => GIB(gib))) }));

const legalWorker = fc.constantFrom(1, 2, 4, 8, 16, 32).chain((cpu) => fc.record({
  cpu: fc.constant(cpu),
  memory: fc.constantFrom(...MEMORY_OF_WORKERS[cpu]).map((gib) => GIB(gib)),
  workerCount: fc.integer({ min: 1, max: 1_000_000 }),
}));

const legalCapacity: fc.Arbitrary<InitialCapacity> = fc.tuple(legalWorker, legalDisk).map(([worker, disk]) => ({ ...worker, ...disk }));

interface Capacities {
  initialDriverCapacity?: InitialCapacity;
  initialExecutorCapacity?: InitialCapacity;
  maximumCapacity?: MaximumCapacity;
}

/** Initial capacity, and a maximum that is as much or more. */
const legalCapacities: fc.Arbitrary<Capacities> = fc.record({
  initialDriverCapacity: optional(legalCapacity),
  initialExecutorCapacity: optional(legalCapacity),
  more: optional(fc.record({ cpu: fc.nat(1000), memory: fc.nat(5000), disk: optional(fc.nat(20000)) })),
}).map(({ initialDriverCapacity, initialExecutorCapacity, more }) => {
  const initial = [initialDriverCapacity, initialExecutorCapacity].filter((capacity) => capacity !== undefined);
  const atLeast = (extra: number, ofWorker: (capacity: InitialCapacity) => number) =>
    Math.max(1, initial.reduce((sum, capacity) => sum + capacity.workerCount * ofWorker(capacity), extra));
  return {
    initialDriverCapacity,
    initialExecutorCapacity,
    maximumCapacity: more && {
      cpu: atLeast(more.cpu, ({ cpu }) => cpu),
      memory: GIB(atLeast(more.memory, ({ memory }) => memory.toGibibytes())),
      disk: more.disk === undefined ? undefined : GIB(atLeast(more.disk, ({ disk }) => disk?.toGibibytes() ?? 20)),
    },
  };
});

const legalAutoStop = fc.oneof(
  fc.record({
    autoStop: fc.constantFrom(undefined, true),
    idleTimeout: optional(fc.integer({ min: 1, max: 10080 }).map(Duration.minutes)),
  }),
  fc.constant({ autoStop: false }),
);

const legalIdentityCenter = fc.oneof(
  fc.record({ livyEndpoint: optional(fc.boolean()) }),
  fc.constant({ livyEndpoint: true, identityCenterInstanceArn: IDENTITY_CENTER_ARN }),
);

const legalKey = fc.stringMatching(/^[a-zA-Z]+[-a-zA-Z0-9_.]{0,60}$/).map((key) => `x.${key}`);
const legalValue = fc.string({ minLength: 1, maxLength: 1024 }).filter((value) => /\S/.test(value));

const legalConfigurations = fc.record({
  sparkProperties: optional(fc.dictionary(legalKey, legalValue, { maxKeys: 5 })),
  configurations: optional(fc.uniqueArray(fc.record({
    classification: fc.constantFrom('core-site', 'emrfs-site', 'hive-site', 'spark-driver-log4j2'),
    properties: fc.dictionary(legalKey, legalValue, { maxKeys: 5 }),
  }), { maxLength: 4, selector: ({ classification }) => classification })),
});

const legalProps: fc.Arbitrary<SparkEmrServerlessRuntimeProps> = fc.tuple(
  fc.record({
    name: optional(fc.stringMatching(NAME)),
    // the releases that have every feature below
    release: fc.constantFrom(
      undefined, EmrRelease.EMR_7_13_0, EmrRelease.EMR_7_14_0, EmrRelease.EMR_SPARK_8_0_0, EmrRelease.EMR_SPARK_8_2_0, EmrRelease.of('emr-9.0.0')),
    architecture: fc.constantFrom(undefined, Architecture.X86_64, Architecture.ARM64),
    autoStart: optional(fc.boolean()),
    maxConcurrentRuns: optional(fc.integer({ min: 1, max: 1000 })),
    queueTimeout: optional(fc.integer({ min: 15, max: 720 }).map(Duration.minutes)),
    studio: optional(fc.boolean()),
    sparkConnect: optional(fc.boolean()),
  }),
  legalCapacities, legalAutoStop, legalIdentityCenter, legalConfigurations,
).map((parts) => Object.assign({}, ...parts));

test('any legal combination of props synthesizes, and its worker strings are what CloudFormation takes', () => {
  fc.assert(fc.property(legalProps, (props) => {
    const stack = newStack();
    new SparkEmrServerlessRuntime(stack, 'Spark', props);

    const { Name, InitialCapacity: initial = [], MaximumCapacity: maximum } = application(stack);
    expect(Name).toMatch(NAME);
    for (const { Cpu, Memory, Disk } of [...initial.map(({ Value }: any) => Value.WorkerConfiguration), ...maximum ? [maximum] : []]) {
      expect(Cpu).toMatch(CPU_SIZE);
      expect(Memory).toMatch(MEMORY_SIZE);
      if (Disk !== undefined) { expect(Disk).toMatch(DISK_SIZE); }
    }
  }), { seed: SEED, numRuns: 60 });
});

test('initial capacity renders the numbers that it was given', () => {
  fc.assert(fc.property(legalCapacity, (capacity) => {
    const stack = newStack();
    new SparkEmrServerlessRuntime(stack, 'Spark', { initialExecutorCapacity: capacity });

    const [{ Value }] = application(stack).InitialCapacity;
    expect(Value.WorkerCount).toBe(capacity.workerCount);
    expect(parseInt(Value.WorkerConfiguration.Cpu)).toBe(capacity.cpu);
    expect(parseInt(Value.WorkerConfiguration.Memory)).toBe(capacity.memory.toGibibytes());
  }), { seed: SEED, numRuns: 20 });
});

describe('a worker', () => {
  // every size of AWS's table is hit, and so is what lies around it
  const near = (values: number[]) => fc.constantFrom(...values).chain((value) => fc.constantFrom(value - 1, value - 0.5, value, value + 1));
  const anyCpu = fc.oneof(fc.constantFrom(1, 2, 4, 8, 16, 32), near([1, 2, 4, 8, 16, 32]), fc.integer({ min: -10, max: 100 }));
  const anyMemory = fc.oneof(near(Object.values(MEMORY_OF_WORKERS).flat()), fc.integer({ min: 0, max: 300 })).filter((gib) => gib >= 0);
  const anyDisk = optional(fc.oneof(near([20, 200, 2048]), fc.integer({ min: 0, max: 2200 })));
  const anyDiskType = fc.constantFrom(undefined, DiskType.STANDARD, DiskType.SHUFFLE_OPTIMIZED);
  const anyProp = fc.constantFrom('initialDriverCapacity', 'initialExecutorCapacity');

  function isAcceptedWorker(prop: string, cpu: number, memory: number, disk?: number, diskType?: DiskType): boolean {
    return isAccepted({
      [prop]: {
        workerCount: 1,
        cpu,
        memory: Size.mebibytes(memory * 1024),
        disk: disk === undefined ? undefined : Size.mebibytes(disk * 1024),
        diskType,
      },
    });
  }

  test('is accepted if and only if it is in AWS\'s table', () => {
    fc.assert(fc.property(anyProp, anyCpu, anyMemory, anyDisk, anyDiskType, (prop, cpu, memory, disk, diskType) => {
      expect(isAcceptedWorker(prop, cpu, memory, disk, diskType)).toBe(legal(cpu, memory, disk, diskType));
    }), { seed: SEED, numRuns: 1000 });
  });

  test('is accepted if it is in AWS\'s table, with any disk that is', () => {
    fc.assert(fc.property(anyProp, legalCapacity, (prop, { cpu, memory, disk, diskType }) => {
      expect(isAcceptedWorker(prop, cpu, memory.toGibibytes(), disk?.toGibibytes(), diskType)).toBe(true);
    }), { seed: SEED, numRuns: 300 });
  });

  test('is accepted for every size in AWS\'s table', () => {
    for (const [cpu, sizes] of Object.entries(MEMORY_OF_WORKERS)) {
      for (const memory of sizes) {
        expect({ cpu, memory, accepted: isAcceptedWorker('initialDriverCapacity', Number(cpu), memory) }).toEqual({ cpu, memory, accepted: true });
      }
    }
  });

  test('is refused for every whole size that is not in AWS\'s table', () => {
    for (const [cpu, sizes] of Object.entries(MEMORY_OF_WORKERS)) {
      const accepted = Array.from({ length: 257 }, (_, gib) => gib).filter((gib) => isAcceptedWorker('initialExecutorCapacity', Number(cpu), gib));
      expect(accepted).toEqual(sizes);
    }
  });
});

describe('a name', () => {
  test('is accepted where it matches the grammar', () => {
    fc.assert(fc.property(fc.stringMatching(NAME), (name) => {
      expect(isAccepted({ name })).toBe(true);
    }), { seed: SEED, numRuns: 300 });
  });

  test('is refused where it does not match the grammar', () => {
    const illegal = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.tuple(fc.stringMatching(NAME), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 })).map((parts) => parts.join('')),
      fc.stringMatching(/^[A-Za-z0-9._\/#-]{65,100}$/),
    ).filter((name) => !NAME.test(name));

    fc.assert(fc.property(illegal, (name) => {
      expect(isAccepted({ name })).toBe(false);
    }), { seed: SEED, numRuns: 300 });
  });
});

describe('the maximum capacity', () => {
  test('is refused if and only if it is below the initial capacity', () => {
    const count = fc.integer({ min: 1, max: 5 });
    const limits: [fc.Arbitrary<number>, fc.Arbitrary<number>] = [fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 240 })];
    fc.assert(fc.property(count, count, ...limits, (drivers, executors, cpu, memory) => {
      const fits = cpu >= 2 * drivers + 4 * executors && memory >= 8 * drivers + 16 * executors;
      expect(isAccepted({
        initialDriverCapacity: { workerCount: drivers, cpu: 2, memory: GIB(8) },
        initialExecutorCapacity: { workerCount: executors, cpu: 4, memory: GIB(16) },
        maximumCapacity: { cpu, memory: GIB(memory) },
      })).toBe(fits);
    }), { seed: SEED, numRuns: 300 });
  });
});
