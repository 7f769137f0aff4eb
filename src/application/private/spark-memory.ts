import { isLiteral, literalGibibytes, Problems, shown } from '../../private/checks';
import { InitialCapacity } from '../worker-capacity';
import { knownValue, mebibytes, SparkProperties, wholeNumber } from './spark-values';
import { WorkerKind, WORKERS, WORKER_KINDS } from './workers';
import { Warning } from '../../private/annotations';

/** The cores and the memory that Spark requests for a driver or an executor. */
interface Demand {
  readonly cores: number;
  /** The memory and its overhead, in MiB. */
  readonly memory: number;
  /** The calculation, for a message. */
  readonly described: string;
}

/** The pre-initialized workers of each kind. */
export type ReadyWorkers = { readonly [kind in WorkerKind]?: InitialCapacity };

const MAX_CORES = Math.max(...WORKERS.map(({ cpu }) => cpu));

const OVERHEAD_FACTOR = 'spark.emr-serverless.memoryOverheadFactor';

/** AWS's defaults for the workers of a job. */
const DEFAULT_CORES = 4;
const DEFAULT_OVERHEAD_FACTOR = 0.1;
const MIN_OVERHEAD = 384;
const defaultMemory = (cores: number) => cores < 32 ? 14 * 1024 : 109 * 1024;

// Spark requires one and a half times the 300 MiB that it reserves for itself
const LEAST_MEMORY = 450;

/** How far below the size of a worker with 32 vCPU a job may stay, in GiB. */
const SLACK_OF_LARGEST = 8;

/**
 * Checks that a worker has the memory that the properties request. The default memory counts if the properties are all that a job has.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html#worker-configs
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html#spark-defaults
 */
export function sparkMemoryProblems(properties: SparkProperties, areAll = false): Problems {
  return Object.keys(properties).length === 0 ? [] : WORKER_KINDS.flatMap((kind) => [
    ...notationProblems(properties, kind),
    ...leastMemoryProblems(properties, kind),
    ...coresProblems(properties, kind),
    ...areAll || isMemoryGiven(properties, kind) ? sizeProblems(properties, kind) : [],
  ]);
}

/** Warns of pre-initialized workers that no job can use, and of default memory that fits no worker. A job may change the default. */
export function sparkMemoryWarnings(properties: SparkProperties, readyWorkers: ReadyWorkers): Warning[] {
  return Object.keys(properties).length === 0 ? [] : [
    ...WORKER_KINDS.flatMap((kind) => idleWarnings(properties, kind, readyWorkers[kind])),
    ...WORKER_KINDS.flatMap((kind) => isMemoryGiven(properties, kind) ? [] : sizeProblems(properties, kind)).map((problem) => ({
      id: 'sparkMemoryMissing',
      message: `${problem}. This is the default memory: a job that does not set its memory fails`,
    })),
  ];
}

function isMemoryGiven(properties: SparkProperties, kind: WorkerKind): boolean {
  return properties[`spark.${kind}.memory`] !== undefined || properties[`spark.${kind}.memoryOverhead`] !== undefined;
}

function notationProblems(properties: SparkProperties, kind: WorkerKind): Problems {
  return ['memory', 'memoryOverhead'].map((name) => `spark.${kind}.${name}`).flatMap((key) => {
    const size = knownValue(properties, key);
    return size === undefined || mebibytes(size) !== undefined ? []
      : [`"${key}" must be a size as Spark reads it, a whole number and a unit such as "14g" or "1536m", got: ${shown(size)}`];
  });
}

/** Spark refuses less memory. It reads a number without a unit as MiB. */
function leastMemoryProblems(properties: SparkProperties, kind: WorkerKind): Problems {
  const key = `spark.${kind}.memory`;
  const size = knownValue(properties, key);
  const memory = size === undefined ? undefined : mebibytes(size);
  return memory === undefined || memory >= LEAST_MEMORY ? []
    : [`"${key}" must be at least ${LEAST_MEMORY}m (a number without a unit is MiB), got: ${shown(size)}`];
}

function coresProblems(properties: SparkProperties, kind: WorkerKind): Problems {
  const value = knownValue(properties, `spark.${kind}.cores`);
  const cores = value === undefined ? 1 : wholeNumber(value) ?? 0;
  return cores >= 1 && cores <= MAX_CORES ? []
    : [`"spark.${kind}.cores" must be a whole number from 1 to ${MAX_CORES}, got: ${shown(value)}`];
}

function sizeProblems(properties: SparkProperties, kind: WorkerKind): Problems {
  const demand = sparkDemand(properties, kind);
  if (!demand) { return []; }

  const worker = WORKERS.find(({ cpu }) => cpu >= demand.cores);
  if (!worker) { return []; }

  const sizes = worker.sizes.map((gibibytes) => gibibytes * 1024);
  const largest = Math.max(...sizes);
  if (demand.memory > largest) {
    return [`"spark.${kind}.memory" and its overhead must fit into the largest worker with ${worker.cpu} vCPU, ${largest / 1024} GiB,`
      + ` got: ${demand.described}`];
  }
  if (worker.cpu === 32 && !sizes.some((size) => demand.memory <= size && demand.memory >= size - SLACK_OF_LARGEST * 1024)) {
    const ranges = worker.sizes.map((gibibytes) => `${gibibytes - SLACK_OF_LARGEST} to ${gibibytes}`).join(' or ');
    return [`"spark.${kind}.memory" and its overhead must be ${ranges} GiB with 32 vCPU, got: ${demand.described}`];
  }
  return [];
}

function idleWarnings(properties: SparkProperties, kind: WorkerKind, workers: InitialCapacity | undefined): Warning[] {
  const reason = idleReason(properties, kind, workers);
  const prop = kind === 'driver' ? 'initialDriverCapacity' : 'initialExecutorCapacity';
  return reason === undefined ? [] : [{
    id: `${prop}TooSmall`,
    message: `AWS bills \`${prop}\`, but no job with the application's Spark properties can use it: ${reason}`,
  }];
}

/** The reason why pre-initialized workers are too small for the request of Spark. Such workers idle. */
function idleReason(properties: SparkProperties, kind: WorkerKind, workers: InitialCapacity | undefined): string | undefined {
  const demand = isDemandGiven(properties, kind) ? sparkDemand(properties, kind) : undefined;
  if (!workers || !demand) { return undefined; }
  const gibibytes = literalGibibytes(workers.memory);
  if (isLiteral(workers.cpu) && demand.cores > workers.cpu) {
    return `a worker has ${workers.cpu} vCPU, and "spark.${kind}.cores" is ${demand.cores}`;
  }
  if (gibibytes !== undefined && demand.memory > gibibytes * 1024) {
    return `a worker has ${gibibytes} GiB, and Spark needs ${demand.described}`;
  }
  return undefined;
}

function isDemandGiven(properties: SparkProperties, kind: WorkerKind): boolean {
  return demandKeys(kind).some((key) => properties[key] !== undefined);
}

/** The request of Spark. It is undefined if only the deployment or Spark can resolve a value. */
export function sparkDemand(properties: SparkProperties, kind: WorkerKind): Demand | undefined {
  const value = (name: string) => properties[`spark.${kind}.${name}`];
  if (!demandKeys(kind).every((key) => properties[key] === undefined || isLiteral(properties[key]))) { return undefined; }

  const cores = numberOr(DEFAULT_CORES, value('cores'));
  const memory = value('memory') === undefined ? defaultMemory(cores) : mebibytes(value('memory'));
  const overhead = memory === undefined ? undefined : overheadOf(properties, kind, memory);
  if (Number.isNaN(cores) || memory === undefined || overhead === undefined) { return undefined; }
  return {
    cores,
    memory: memory + overhead,
    described: `${inGibibytes(memory)} + ${inGibibytes(overhead)} overhead = ${inGibibytes(memory + overhead)}`,
  };
}

function demandKeys(kind: WorkerKind): string[] {
  return [...['cores', 'memory', 'memoryOverhead', 'memoryOverheadFactor'].map((name) => `spark.${kind}.${name}`), OVERHEAD_FACTOR];
}

function overheadOf(properties: SparkProperties, kind: WorkerKind, memory: number): number | undefined {
  const fixed = properties[`spark.${kind}.memoryOverhead`];
  if (fixed !== undefined) { return mebibytes(fixed); }
  const factor = numberOr(DEFAULT_OVERHEAD_FACTOR, properties[`spark.${kind}.memoryOverheadFactor`] ?? properties[OVERHEAD_FACTOR]);
  const overhead = Math.max(Math.floor(memory * factor), MIN_OVERHEAD);
  return Number.isNaN(overhead) ? undefined : overhead;
}

function numberOr(fallback: number, value: string | undefined): number {
  return value === undefined ? fallback : Number(value.trim() || NaN);
}

/** Rounds up, so that a value above the limit never looks like the limit. */
function inGibibytes(mib: number): string {
  return `${Math.ceil(mib / 1024 * 100) / 100} GiB`;
}
