import { Duration } from 'aws-cdk-lib/core';
import { readBatchOptions, readStreamingOptions } from './private/mode';

/**
 * The options of a batch job.
 */
export interface SparkBatchOptions {
  /**
   * The maximum duration of a job run with all of its attempts: 1 to 1,000,000 whole minutes. From release emr-7.11.0 on, and on all
   * emr-spark releases, the limit is 7 days. EMR Serverless cancels a job run that takes longer.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html
   * @default Duration.hours(12)
   */
  readonly executionTimeout?: Duration;

  /**
   * The maximum number of attempts of a job run: 1 to 10. More than one attempt needs release emr-7.1.0 or emr-spark-8.0-preview, or a
   * later one.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-resiliency.html
   * @default 1
   */
  readonly maxAttempts?: number;
}

/**
 * The options of a streaming job.
 */
export interface SparkStreamingOptions {
  /**
   * The maximum number of attempts that may fail within an hour: 1 to 10. With 1, EMR Serverless does not retry.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-resiliency.html
   * @default 5
   */
  readonly maxFailedAttemptsPerHour?: number;
}

/**
 * Whether a job ends by itself, and how EMR Serverless retries it.
 */
export class SparkJobMode {
  /**
   * A job that ends by itself.
   *
   * @param options the options of the job
   */
  public static batch(options: SparkBatchOptions = {}): SparkJobMode {
    return new SparkJobMode('BATCH', readBatchOptions(options));
  }

  /**
   * A job that runs until somebody cancels it, such as one with Spark Structured Streaming. It has no timeout. It needs release emr-7.1.0
   * or emr-spark-8.0-preview, or a later one.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-streaming.html
   * @param options the options of the job
   */
  public static streaming(options: SparkStreamingOptions = {}): SparkJobMode {
    return new SparkJobMode('STREAMING', readStreamingOptions(options));
  }

  private constructor(
    /** @internal */
    public readonly _mode: 'BATCH' | 'STREAMING',
    /** @internal */
    public readonly _options: SparkBatchOptions & SparkStreamingOptions,
  ) {}
}
