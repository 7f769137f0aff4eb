import { DiskType } from '../worker-capacity';

export const WORKER_KINDS = ['driver', 'executor'] as const;

/** A driver or an executor. */
export type WorkerKind = typeof WORKER_KINDS[number];

/** The memory, in GiB, that a worker with this number of vCPU can have. */
interface WorkerMemory {
  readonly cpu: number;
  readonly sizes: number[];
  readonly described: string;
}

/**
 * The worker sizes of EMR Serverless.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html#worker-configs
 */
export const WORKERS: WorkerMemory[] = [
  memoryRange(1, 2, 8, 1),
  memoryRange(2, 4, 16, 1),
  memoryRange(4, 8, 30, 1),
  memoryRange(8, 16, 60, 4),
  memoryRange(16, 32, 120, 8),
  { cpu: 32, sizes: [60, 120, 244], described: '60, 120 or 244 GiB' },
];

/** The default disk of a worker, in GiB. It is the smallest one, too. */
export const DEFAULT_DISK = 20;

/** The largest disk of a worker, in GiB. */
export function maxDisk(diskType: DiskType = DiskType.STANDARD): number {
  return diskType === DiskType.STANDARD ? 200 : 2048;
}

export function workerWith(cpu: number): WorkerMemory | undefined {
  return WORKERS.find((worker) => worker.cpu === cpu);
}

function memoryRange(cpu: number, min: number, max: number, step: number): WorkerMemory {
  return {
    cpu,
    sizes: Array.from({ length: (max - min) / step + 1 }, (_, i) => min + i * step),
    described: `${min} to ${max} GiB in steps of ${step}`,
  };
}
