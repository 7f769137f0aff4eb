import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Size, Tokenization } from 'aws-cdk-lib/core';
import { FeatureUse } from './release-features';
import { DEFAULT_DISK, maxDisk, WORKERS, workerWith } from './workers';
import { Warning } from '../../private/annotations';
import { gibibytesProblems, isLiteral, literalGibibytes, Problems, wholeNumberProblems } from '../../private/checks';
import { Fields, number, oneOf, required, size, struct } from '../../private/reading';
import { DiskType, InitialCapacity, MaximumCapacity } from '../worker-capacity';

/** The pre-initialized workers, and the limit of all workers together. */
export interface Capacity {
  readonly initialDriverCapacity?: InitialCapacity;
  readonly initialExecutorCapacity?: InitialCapacity;
  readonly maximumCapacity?: MaximumCapacity;
}

const initialCapacity = struct<InitialCapacity>({
  workerCount: required(number),
  cpu: required(number),
  memory: required(size),
  disk: size,
  diskType: oneOf(DiskType),
});

export const CAPACITY: Fields<Capacity> = {
  initialDriverCapacity: initialCapacity,
  initialExecutorCapacity: initialCapacity,
  maximumCapacity: struct<MaximumCapacity>({ cpu: required(number), memory: required(size), disk: size }),
};

const INITIAL_CAPACITIES = ['initialDriverCapacity', 'initialExecutorCapacity'] as const;

const ALL_MEMORY = WORKERS.flatMap(({ sizes }) => sizes);

// CloudFormation accepts at most 15 characters for the number, a space and the unit
const MAX_CPU = 9_999_999_999;
const MAX_GIBIBYTES = 999_999_999_999;

export function capacityProblems(capacity: Capacity): Problems {
  return [
    ...INITIAL_CAPACITIES.flatMap((prop) => initialCapacityProblems(prop, capacity[prop])),
    ...limitProblems(capacity.maximumCapacity),
    ...totalProblems(capacity),
  ];
}

function initialCapacityProblems(prop: string, capacity?: InitialCapacity): Problems {
  if (!capacity) { return []; }
  return [
    ...wholeNumberProblems(`${prop}.workerCount`, capacity.workerCount, 1, 1_000_000),
    ...workerProblems(prop, capacity),
    ...gibibytesProblems(`${prop}.disk`, capacity.disk, DEFAULT_DISK, maxDisk(capacity.diskType)),
  ];
}

function workerProblems(prop: string, { cpu, memory }: InitialCapacity): Problems {
  if (!isLiteral(cpu)) { return gibibytesProblems(`${prop}.memory`, memory, Math.min(...ALL_MEMORY), Math.max(...ALL_MEMORY)); }
  const worker = workerWith(cpu);
  if (!worker) { return [`\`${prop}.cpu\` must be one of ${WORKERS.map((allowed) => allowed.cpu).join(', ')} vCPU, got: ${cpu}`]; }

  const gibibytes = literalGibibytes(memory);
  if (gibibytes === undefined || worker.sizes.includes(gibibytes)) { return []; }
  return [`\`${prop}.memory\` must be ${worker.described} with ${cpu} vCPU, got: ${gibibytes} GiB`];
}

function limitProblems(maximum?: MaximumCapacity): Problems {
  return [
    ...wholeNumberProblems('maximumCapacity.cpu', maximum?.cpu, 1, MAX_CPU),
    ...gibibytesProblems('maximumCapacity.memory', maximum?.memory, 1, MAX_GIBIBYTES),
    ...gibibytesProblems('maximumCapacity.disk', maximum?.disk, 1, MAX_GIBIBYTES),
  ];
}

/** Workers of one size. A value is undefined if it is not known at synthesis. Memory and disk are in GiB. */
export interface Workers {
  readonly count?: number;
  readonly cpu?: number;
  readonly memory?: number;
  readonly disk?: number;
}

/** A limit that some workers together exceed. */
export interface Shortage {
  readonly prop: string;
  readonly unit: string;
  readonly total: number;
  readonly most: number;
}

/** The resources that each worker has and that all workers together share a limit of. */
const RESOURCES = [{ name: 'cpu', unit: 'vCPU' }, { name: 'memory', unit: 'GiB' }, { name: 'disk', unit: 'GiB' }] as const;

export function shortages(maximum: MaximumCapacity, workers: Workers[]): Shortage[] {
  const limits = { cpu: literal(maximum.cpu), memory: literalGibibytes(maximum.memory), disk: literalGibibytes(maximum.disk) };
  return RESOURCES.flatMap(({ name, unit }) => {
    const total = sum(workers.map((worker) => product(worker.count, worker[name])));
    const most = limits[name];
    return total === undefined || most === undefined || !(total > most) ? [] : [{ prop: `maximumCapacity.${name}`, unit, total, most }];
  });
}

/** Checks that the maximum capacity has room for the initial capacity. */
function totalProblems(capacity: Capacity): Problems {
  const { maximumCapacity: maximum } = capacity;
  const ready = INITIAL_CAPACITIES.map((prop) => capacity[prop]).filter((workers) => workers !== undefined);
  return !maximum || ready.length === 0 ? [] : shortages(maximum, ready.map(readyWorkers)).map(({ prop, unit, total, most }) =>
    `\`${prop}\` must be at least the initial capacity of ${total} ${unit}, got: ${most} ${unit}`);
}

function readyWorkers({ workerCount, cpu, memory, disk }: InitialCapacity): Workers {
  return {
    count: literal(workerCount),
    cpu: literal(cpu),
    memory: literalGibibytes(memory),
    disk: disk ? literalGibibytes(disk) : DEFAULT_DISK,
  };
}

function sum(numbers: (number | undefined)[]): number | undefined {
  return numbers.reduce((total, summand) => total === undefined || summand === undefined ? undefined : total + summand, 0);
}

function product(factor: number | undefined, otherFactor: number | undefined): number | undefined {
  return factor === undefined || otherFactor === undefined ? undefined : factor * otherFactor;
}

function literal(value: number): number | undefined {
  return isLiteral(value) ? value : undefined;
}

export function capacityFeatures(capacity: Capacity): FeatureUse[] {
  return INITIAL_CAPACITIES
    .filter((prop) => capacity[prop]?.diskType === DiskType.SHUFFLE_OPTIMIZED)
    .map((prop) => ({ feature: 'shuffleOptimizedDisks', usedBy: `\`${prop}.diskType\`` }));
}

export function capacityWarnings({ initialDriverCapacity, initialExecutorCapacity }: Capacity, autoStop: boolean | undefined): Warning[] {
  return autoStop === false && (initialDriverCapacity || initialExecutorCapacity) ? [{
    id: 'initialCapacityAlwaysOn',
    message: 'AWS bills the initial capacity 24 hours a day after the first start, because of `autoStop: false`. Leave `autoStop` out,'
      + ' or stop the application when it is not needed',
  }] : [];
}

export function renderInitialCapacity(capacity: Capacity): CfnApplication.InitialCapacityConfigKeyValuePairProperty[] | undefined {
  const workers = [
    { key: 'Driver', capacity: capacity.initialDriverCapacity },
    { key: 'Executor', capacity: capacity.initialExecutorCapacity },
  ].flatMap(({ key, capacity: ready }) => ready ? [{ key, value: renderWorkers(ready) }] : []);
  return workers.length > 0 ? workers : undefined;
}

function renderWorkers(capacity: InitialCapacity): CfnApplication.InitialCapacityConfigProperty {
  return {
    workerCount: capacity.workerCount,
    workerConfiguration: {
      cpu: vcpus(capacity.cpu),
      memory: gigabytes(capacity.memory),
      disk: capacity.disk && gigabytes(capacity.disk),
      diskType: capacity.diskType,
    },
  };
}

export function renderMaximumCapacity({ maximumCapacity: maximum }: Capacity): CfnApplication.MaximumAllowedResourcesProperty | undefined {
  return maximum && {
    cpu: vcpus(maximum.cpu),
    memory: gigabytes(maximum.memory),
    disk: maximum.disk && gigabytes(maximum.disk),
  };
}

function vcpus(cpu: number): string {
  return `${Tokenization.stringifyNumber(cpu)} vCPU`;
}

function gigabytes(amount: Size): string {
  return `${Tokenization.stringifyNumber(amount.toGibibytes())} GB`;
}
