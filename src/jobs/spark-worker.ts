import { Size } from 'aws-cdk-lib/core';
import type { DiskType } from '../application/worker-capacity';

/**
 * The size of the driver, or of each executor, of a job. The names are those of Spark: the worker has the memory and its overhead.
 *
 * | cores | memory with its overhead, in GiB |
 * |------:|---------------------------------:|
 * | 1 | at most 8 |
 * | 2 | at most 16 |
 * | 4 | at most 30 |
 * | 8 | at most 60 |
 * | 16 | at most 120 |
 * | 32 | 52 to 60, 112 to 120, or 236 to 244 |
 *
 * The overhead is 10 % of the memory, and at least 384 MiB, unless a Spark property sets it. EMR Serverless takes the smallest worker of
 * these cores that has room for both.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html#worker-configs
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html#spark-defaults
 */
export interface SparkWorker {
  /**
   * The number of cores, which is the number of virtual CPUs of the worker: 1, 2, 4, 8, 16 or 32.
   *
   * @default - the application's Spark properties decide, and 4 if they say nothing
   */
  readonly cores?: number;

  /**
   * The memory that Spark uses (the heap of the Java process), in whole MiB, at least 450 MiB. The overhead comes on top of it.
   *
   * @default - the application's Spark properties decide. If they say nothing, 14 GiB, and 109 GiB with 32 cores. 14 GiB do not fit 1 core
   */
  readonly memory?: Size;

  /**
   * The disk: 20 to 200 whole GiB. A shuffle-optimized disk has 20 to 2048 GiB.
   *
   * @default - the application's Spark properties decide, and 20 GiB if they say nothing
   */
  readonly disk?: Size;

  /**
   * The type of the disk.
   *
   * @default - the application's Spark properties decide, and a standard disk if they say nothing
   */
  readonly diskType?: DiskType;
}
