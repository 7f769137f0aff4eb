import { hasValue, knownValue, mebibytes, SparkProperties } from './spark-values';
import { DEFAULT_DISK, maxDisk, WorkerKind, WORKER_KINDS } from './workers';
import { Problems, shown } from '../../private/checks';
import { DiskType } from '../worker-capacity';

/**
 * Checks the sizes of disks. AWS writes GB where it means GiB.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html#worker-configs
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-shuffle-optimized-disks.html
 */
export function diskProblems(properties: SparkProperties): Problems {
  return WORKER_KINDS.flatMap((kind) => {
    const disk = knownValue(properties, sizeKey(kind));
    const gibibytes = sparkDisk(properties, kind);
    const max = maxDisk(diskType(properties, kind));
    if (disk === undefined || (gibibytes !== undefined && gibibytes >= DEFAULT_DISK && gibibytes <= max)) { return []; }
    const larger = max === maxDisk()
      ? ` or, with "${typeKey(kind)}" of shuffle_optimized, to "${maxDisk(DiskType.SHUFFLE_OPTIMIZED)}G"`
      : '';
    return [`"${sizeKey(kind)}" must be a size with a unit, from "${DEFAULT_DISK}G" to "${max}G"${larger}, got: ${shown(disk)}`];
  });
}

/** The disk of a worker, in GiB. It is undefined if it is not known. */
export function sparkDisk(properties: SparkProperties, kind: WorkerKind): number | undefined {
  if (properties[sizeKey(kind)] === undefined) { return DEFAULT_DISK; }
  const disk = knownValue(properties, sizeKey(kind)) ?? '';
  // AWS does not say how it reads a number without a unit
  const size = /[a-z]/i.test(disk) ? mebibytes(disk) : undefined;
  return size === undefined ? undefined : size / 1024;
}

/** A type that is not known may be the one with the larger disks. */
function diskType(properties: SparkProperties, kind: WorkerKind): DiskType {
  const isStandard = properties[typeKey(kind)] === undefined || hasValue(properties, typeKey(kind), 'standard');
  return isStandard ? DiskType.STANDARD : DiskType.SHUFFLE_OPTIMIZED;
}

function sizeKey(kind: WorkerKind): string {
  return `spark.emr-serverless.${kind}.disk`;
}

function typeKey(kind: WorkerKind): string {
  return `${sizeKey(kind)}.type`;
}
