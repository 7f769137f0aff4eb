import { Size, SizeRoundingBehavior, Tokenization } from 'aws-cdk-lib/core';
import { SparkProperties } from '../../application/private/spark-values';
import { DEFAULT_DISK, maxDisk, WORKER_KINDS, WorkerKind, WORKERS, workerWith } from '../../application/private/workers';
import { DiskType } from '../../application/worker-capacity';
import { gibibytesProblems, isLiteral, Problems, wholeNumberProblems } from '../../private/checks';
import { Fields, number, oneOf, size, struct } from '../../private/reading';
import type { SparkWorker } from '../spark-worker';

/** The sizes of the workers, and how many executors there are. */
export interface Sizes {
  readonly driver?: SparkWorker;
  readonly executor?: SparkWorker;
  readonly minExecutors?: number;
  readonly maxExecutors?: number;
}

const worker = struct<SparkWorker>({ cores: number, memory: size, disk: size, diskType: oneOf(DiskType) });

export const SIZES: Fields<Sizes> = { driver: worker, executor: worker, minExecutors: number, maxExecutors: number };

const MAX_INT = 2 ** 31 - 1;

/** Spark starts with this number of executors on EMR Serverless, unless the job says another one. */
const DEFAULT_INITIAL = 3;
const INITIAL = 'spark.dynamicAllocation.initialExecutors';

export function sizeProblems(sizes: Sizes): Problems {
  return [
    ...WORKER_KINDS.flatMap((kind) => workerProblems(kind, sizes[kind])),
    ...wholeNumberProblems('minExecutors', sizes.minExecutors, 0, MAX_INT),
    ...wholeNumberProblems('maxExecutors', sizes.maxExecutors, 1, MAX_INT),
  ];
}

function workerProblems(kind: WorkerKind, { cores, memory, disk, diskType }: SparkWorker = {}): Problems {
  return [
    ...isLiteral(cores) && !workerWith(cores)
      ? [`\`${kind}.cores\` must be one of ${WORKERS.map(({ cpu }) => cpu).join(', ')}, got: ${cores}`]
      : [],
    ...memory && !memory.isUnresolved() && !Number.isInteger(mebibytesOf(memory))
      ? [`\`${kind}.memory\` must be a whole number of MiB, got: ${mebibytesOf(memory)} MiB`]
      : [],
    ...gibibytesProblems(`${kind}.disk`, disk, DEFAULT_DISK, maxDisk(diskType)),
  ];
}

function mebibytesOf(memory: Size): number {
  return memory.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
}

interface SizeProperties {
  readonly [key: string]: { readonly value: string; readonly prop: string };
}

/** The Spark properties that the sizes are, with the props that give them. */
export function sizeProperties(sizes: Sizes, others: SparkProperties): SizeProperties {
  const properties = [
    ...WORKER_KINDS.flatMap((kind) => workerProperties(kind, sizes[kind])),
    ...executorProperties(sizes, others),
  ];
  return Object.fromEntries(properties.map(([key, value, prop]) => [key, { value, prop }]));
}

type Property = [key: string, value: string, prop: string];

function workerProperties(kind: WorkerKind, { cores, memory, disk, diskType }: SparkWorker = {}): Property[] {
  const properties: [string, string | undefined, string][] = [
    [`spark.${kind}.cores`, cores === undefined ? undefined : Tokenization.stringifyNumber(cores), `${kind}.cores`],
    [`spark.${kind}.memory`, memory && sparkSize(memory), `${kind}.memory`],
    [`spark.emr-serverless.${kind}.disk`, disk && `${Tokenization.stringifyNumber(disk.toGibibytes())}G`, `${kind}.disk`],
    [`spark.emr-serverless.${kind}.disk.type`, isLiteral(diskType) ? diskType.toLowerCase() : diskType, `${kind}.diskType`],
  ];
  return properties.filter((given): given is Property => given[1] !== undefined);
}

/** `4g` reads better than `4096m`. CDK converts no token to another unit. */
function sparkSize(memory: Size): string {
  if (memory.isUnresolved()) { return `${Tokenization.stringifyNumber(memory.toGibibytes())}g`; }
  const mebibytes = mebibytesOf(memory);
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024}g` : `${mebibytes}m`;
}

/** A job that may have fewer executors than EMR Serverless starts with by default would be refused. */
function executorProperties({ minExecutors, maxExecutors }: Sizes, others: SparkProperties): Property[] {
  const isLow = isLiteral(maxExecutors) && maxExecutors < DEFAULT_INITIAL
    && others[INITIAL] === undefined && others['spark.executor.instances'] === undefined;
  return [
    ...minExecutors === undefined ? [] : [property('minExecutors', minExecutors)],
    ...maxExecutors === undefined ? [] : [property('maxExecutors', maxExecutors)],
    ...isLow ? [[INITIAL, String(maxExecutors), 'maxExecutors'] satisfies Property] : [],
  ];
}

function property(prop: 'minExecutors' | 'maxExecutors', count: number): Property {
  return [`spark.dynamicAllocation.${prop}`, Tokenization.stringifyNumber(count), prop];
}
