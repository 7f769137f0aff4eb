import { Size } from 'aws-cdk-lib/core';
import type { DiskType } from '../application/worker-capacity';

/**
 * The size of the driver of a job, or of each of its executors. `memory` is the memory of Spark, as `spark.executor.memory` is. A worker
 * must also have room for the overhead.
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
 * The overhead is 10 % of the memory, and at least 384 MiB, unless a Spark property sets it. EMR Serverless uses the smallest worker with
 * this number of cores that has room for the memory and the overhead.
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
   * @default - the application's Spark properties decide. If they say nothing, 14 GiB, or 109 GiB with 32 cores. A worker with 1 core has
   *   no room for 14 GiB
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
