import { Size } from 'aws-cdk-lib/core';

/**
 * Workers of one kind that stand ready while the application is started, so that jobs start within seconds.
 *
 * They are billed from the moment the application starts until it stops, idle or not. A job takes them only where the memory of its driver or
 * executors and the overhead (10 %, at least 384 MB) fit into a worker.
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
   * The memory of a worker. What AWS calls a GB is a GiB here: `Size.gibibytes(16)`.
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
   * The disk of a worker: 20 to 200 GiB, shuffle-optimized 20 to 2048 GiB.
   *
   * @default - 20 GiB
   */
  readonly disk?: Size;

  /**
   * The kind of the disk.
   *
   * @default DiskType.STANDARD
   */
  readonly diskType?: DiskType;
}

/**
 * The most that all workers of the application may take together, the initial capacity included.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html#max-capacity
 */
export interface MaximumCapacity {
  /**
   * The number of virtual CPUs, 1 to 9,999,999,999.
   */
  readonly cpu: number;

  /**
   * The memory, 1 to 999,999,999,999 whole GiB. Keep the proportion of your workers: with 4 vCPU and 16 GiB a worker, 100 vCPU go with 400 GiB.
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
 * The kind of disk that a worker has.
 */
export enum DiskType {
  /** For most jobs: 20 to 200 GiB. */
  STANDARD = 'STANDARD',

  /**
   * More throughput and operations for jobs that shuffle a lot: 20 to 2048 GiB, from release emr-7.1.0 and emr-spark-8.0-preview on.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-shuffle-optimized-disks.html
   */
  SHUFFLE_OPTIMIZED = 'SHUFFLE_OPTIMIZED',
}
