import { Shortage, shortages, Workers } from './capacity';
import { sparkDisk } from './spark-disks';
import { sparkDemand } from './spark-memory';
import { knownValue, SparkProperties, wholeNumber } from './spark-values';
import { WORKERS, WorkerKind, WORKER_KINDS } from './workers';
import { Warning } from '../../private/annotations';
import { Problems } from '../../private/checks';
import { MaximumCapacity } from '../worker-capacity';

/** Warns of a limit without room for the smallest job, which has a driver and an executor. A job may set smaller ones. */
export function maximumCapacityWarnings(properties: SparkProperties, maximum: MaximumCapacity | undefined): Warning[] {
  const exceeded = smallestJobShortages(properties, maximum)
    .map(({ prop, total, most, unit }) => `\`${prop}\` of ${most} ${unit}, because they have ${total} ${unit}`);
  return exceeded.length === 0 ? [] : [{
    id: 'maximumCapacityTooSmall',
    message: `a driver and one executor do not fit into ${exceeded.join(', nor into ')}. Only a job that sets smaller workers can run`,
  }];
}

/** Checks that the limit has room for a job, which runs with its driver and one executor. */
export function maximumCapacityProblems(properties: SparkProperties, maximum: MaximumCapacity | undefined): Problems {
  return smallestJobShortages(properties, maximum).map(({ prop, total, most, unit }) =>
    `the driver and one executor must fit into \`${prop}\` of the application, ${most} ${unit}, got: ${total} ${unit}`);
}

/** Warns of a limit without room for the executors that dynamic allocation keeps. The job runs, with fewer of them. */
export function leastExecutorsWarnings(properties: SparkProperties, maximum: MaximumCapacity | undefined): Warning[] {
  const count = wholeNumber(knownValue(properties, 'spark.dynamicAllocation.minExecutors') ?? '') ?? 0;
  const workers = WORKER_KINDS.map((kind) => ({ ...workerFor(properties, kind), count: kind === 'executor' ? count : 1 }));
  return (maximum && count > 1 ? shortages(maximum, workers) : []).map(({ prop, total, most, unit }) => ({
    id: 'executorsBeyondMaximumCapacity',
    message: `the driver and \`minExecutors\` of ${count} do not fit into \`${prop}\` of the application, ${most} ${unit}, because they`
      + ` have ${total} ${unit}. The job runs with fewer executors`,
  }));
}

function smallestJobShortages(properties: SparkProperties, maximum: MaximumCapacity | undefined): Shortage[] {
  return maximum ? shortages(maximum, WORKER_KINDS.map((kind) => workerFor(properties, kind))) : [];
}

/** The smallest worker that has what Spark requests. */
function workerFor(properties: SparkProperties, kind: WorkerKind): Workers {
  const demand = sparkDemand(properties, kind);
  const disk = sparkDisk(properties, kind);
  if (!demand) { return { count: 1, disk }; }
  const worker = WORKERS.find(({ cpu }) => cpu >= demand.cores);
  return { count: 1, cpu: worker?.cpu, memory: worker?.sizes.find((gibibytes) => demand.memory <= gibibytes * 1024), disk };
}
