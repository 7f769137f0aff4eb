import { IResolveContext, Lazy, Size, SizeRoundingBehavior, Tokenization } from 'aws-cdk-lib/core';
import { DEFAULT_INITIAL, INITIAL, INSTANCES } from '../../application/private/spark-executors';
import { MAX_INT, SparkProperties } from '../../application/private/spark-values';
import { WORKER_KINDS, WorkerKind, WORKERS, workerWith } from '../../application/private/workers';
import { DiskType } from '../../application/worker-capacity';
import { isLiteral, literalGibibytes, Problems, wholeNumberProblems } from '../../private/checks';
import { Fields, number, oneOf, size, struct } from '../../private/reading';
import { sizeToken } from '../../private/rendered';
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

/** A Spark property that a size becomes, with the prop that gives it. */
export interface SizeProperty {
  readonly key: string;
  readonly value: string;
  readonly prop: string;
  /** What is wrong with the prop by itself. The rules of Spark properties check the property with the others. */
  readonly problems: Problems;
}

/** The Spark properties that the sizes are. The other properties of the job decide about some of them. */
export function sizeProperties({ minExecutors, maxExecutors, ...workers }: Sizes, others: SparkProperties): SizeProperty[] {
  return [
    ...WORKER_KINDS.flatMap((kind) => workerProperties(kind, workers[kind])),
    ...minExecutors === undefined ? [] : [executorProperty('minExecutors', minExecutors, 0)],
    ...maxExecutors === undefined ? [] : [executorProperty('maxExecutors', maxExecutors, 1), ...initialExecutors(maxExecutors, others)],
  ];
}

function workerProperties(kind: WorkerKind, { cores, memory, disk, diskType }: SparkWorker = {}): SizeProperty[] {
  return [
    ...cores === undefined ? [] : [{
      key: `spark.${kind}.cores`,
      value: Tokenization.stringifyNumber(cores),
      prop: `${kind}.cores`,
      problems: isLiteral(cores) && !workerWith(cores)
        ? [`\`${kind}.cores\` must be one of ${WORKERS.map(({ cpu }) => cpu).join(', ')}, got: ${cores}`]
        : [],
    }],
    ...memory ? [{ key: `spark.${kind}.memory`, prop: `${kind}.memory`, ...memorySize(`${kind}.memory`, memory) }] : [],
    ...disk ? [{ key: `spark.emr-serverless.${kind}.disk`, prop: `${kind}.disk`, ...diskSize(`${kind}.disk`, disk) }] : [],
    ...diskType === undefined ? [] : [{
      key: `spark.emr-serverless.${kind}.disk.type`,
      value: isLiteral(diskType) ? diskType.toLowerCase() : diskType,
      prop: `${kind}.diskType`,
      problems: [],
    }],
  ];
}

type SizeText = Pick<SizeProperty, 'value' | 'problems'>;

/** `4g` reads better than `4096m`. */
function memorySize(prop: string, memory: Size): SizeText {
  if (memory.isUnresolved()) {
    const [amount, make] = sizeToken(memory);
    return { value: `${Tokenization.stringifyNumber(amount)}${make === Size.gibibytes ? 'g' : 'm'}`, problems: [] };
  }
  const mebibytes = memory.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
  return {
    value: mebibytes % 1024 === 0 ? `${mebibytes / 1024}g` : `${mebibytes}m`,
    problems: Number.isInteger(mebibytes) ? [] : [`\`${prop}\` must be a whole number of MiB, got: ${mebibytes} MiB`],
  };
}

/** The type of the disk decides how large it may be, and another place may give the type. */
function diskSize(prop: string, disk: Size): SizeText {
  const gibibytes = literalGibibytes(disk) ?? disk.toGibibytes();
  return {
    value: `${Tokenization.stringifyNumber(gibibytes)}G`,
    problems: disk.isUnresolved() || Number.isInteger(gibibytes)
      ? []
      : [`\`${prop}\` must be a whole number of GiB, got: ${gibibytes} GiB`],
  };
}

function executorProperty(prop: 'minExecutors' | 'maxExecutors', count: number, min: number): SizeProperty {
  return {
    key: `spark.dynamicAllocation.${prop}`,
    value: Tokenization.stringifyNumber(count),
    prop,
    problems: wholeNumberProblems(prop, count, min, MAX_INT),
  };
}

/** AWS refuses a job that may have fewer executors than it starts with, which are 3 by default. */
function initialExecutors(maxExecutors: number, others: SparkProperties): SizeProperty[] {
  const isGiven = others[INITIAL] !== undefined || others[INSTANCES] !== undefined;
  if (isGiven || (isLiteral(maxExecutors) && maxExecutors >= DEFAULT_INITIAL)) { return []; }
  const value = isLiteral(maxExecutors) ? String(maxExecutors) : Lazy.uncachedString({
    produce: (context: IResolveContext) => {
      const count = context.resolve(maxExecutors);
      return String(typeof count === 'number' ? Math.min(count, DEFAULT_INITIAL) : DEFAULT_INITIAL);
    },
  });
  return [{ key: INITIAL, value, prop: 'maxExecutors', problems: [] }];
}
