import { Size } from 'aws-cdk-lib/core';

/**
 * Workers of one kind that EMR Serverless keeps ready while the application is started (pre-initialized workers). Jobs that use them start
 * within seconds.
 *
 * AWS bills them from the start of the application until its stop, even if they are idle. A job uses a pre-initialized worker only if the
 * worker has enough vCPU for the cores of the driver or executor, and enough memory for its memory and the overhead (10 %, at least
 * 384 MiB).
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/pre-init-capacity.html
 */
export interface InitialCapacity {
  /**
   * The number of workers, 1 to 1,000,000.
   */
  readonly workerCount: number;

  /**
   * The number of virtual CPUs of a worker: 1, 2, 4, 8, 16 or 32.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html#worker-configs
   */
  readonly cpu: number;

  /**
   * The memory of a worker, such as `Size.gibibytes(16)`. AWS writes GB where it means GiB.
   *
   * | vCPU | GiB | in steps of |
   * |-----:|----:|------------:|
   * | 1 | 2 to 8 | 1 |
   * | 2 | 4 to 16 | 1 |
   * | 4 | 8 to 30 | 1 |
   * | 8 | 16 to 60 | 4 |
   * | 16 | 32 to 120 | 8 |
   * | 32 | 60, 120 or 244 | |
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html#worker-configs
   */
  readonly memory: Size;

  /**
   * The disk of a worker: 20 to 200 whole GiB. A shuffle-optimized disk has 20 to 2048 GiB.
   *
   * @default - 20 GiB
   */
  readonly disk?: Size;

  /**
   * The type of the disk.
   *
   * @default DiskType.STANDARD
   */
  readonly diskType?: DiskType;
}

/**
 * The limit of what all workers of an application use together. It includes the initial capacity.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html#max-capacity
 */
export interface MaximumCapacity {
  /**
   * The number of virtual CPUs: a whole number from 1 to 9,999,999,999.
   */
  readonly cpu: number;

  /**
   * The memory, 1 to 999,999,999,999 whole GiB. Keep the proportion of your workers: if a worker has 4 vCPU and 16 GiB, choose 400 GiB for
   * 100 vCPU.
   */
  readonly memory: Size;

  /**
   * The disk, 1 to 999,999,999,999 whole GiB.
   *
   * @default - no limit
   */
  readonly disk?: Size;
}

/**
 * The type of a worker's disk.
 */
export enum DiskType {
  /** A disk of 20 to 200 GiB, for most jobs. */
  STANDARD = 'STANDARD',

  /**
   * A disk of 20 to 2048 GiB with more throughput and more operations per second, for jobs that shuffle a lot. This needs release emr-7.1.0
   * or emr-spark-8.0-preview, or a later one.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-shuffle-optimized-disks.html
   */
  SHUFFLE_OPTIMIZED = 'SHUFFLE_OPTIMIZED',
}
