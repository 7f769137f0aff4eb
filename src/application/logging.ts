import { IKey } from 'aws-cdk-lib/aws-kms';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { IBucket } from 'aws-cdk-lib/aws-s3';

/**
 * Where the logs and metrics of an application's jobs go. A job can choose other places for itself.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html
 */
export interface LoggingOptions {
  /**
   * Whether EMR Serverless keeps the logs for up to 30 days in storage of its own. The Spark UI of a finished job needs them.
   *
   * @default true
   */
  readonly managedLogs?: boolean;

  /**
   * The key that encrypts the logs in EMR Serverless's own storage: symmetric, in the application's Region, not an alias that was imported.
   *
   * A key of this app gets the statement that lets EMR Serverless use it; an imported one needs it by hand. Execution roles and submitters
   * are granted the key with the logging and with the job grant.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-log-encryption.html
   * @default - a key that AWS owns
   */
  readonly managedLogsKey?: IKey;

  /**
   * An S3 bucket for the logs of drivers and executors.
   *
   * @default - no logs in S3
   */
  readonly s3Logs?: S3LogsOptions;

  /**
   * A CloudWatch log group for the logs of drivers and executors.
   *
   * @default - no logs in CloudWatch
   */
  readonly cloudWatchLogs?: CloudWatchLogsOptions;

  /**
   * The ARN of the workspace of Amazon Managed Service for Prometheus that gets the engine's metrics, such as `workspace.attrArn`. It is in
   * the application's account. From release emr-7.1.0 and emr-spark-8.0-preview on.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/monitor-with-prometheus.html
   * @default - no metrics for Prometheus
   */
  readonly prometheusWorkspaceArn?: string;
}

/**
 * Logs in S3, at `<prefix>/applications/<application id>/jobs/<job run id>/`.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html#jobs-log-storage-s3-buckets
 */
export interface S3LogsOptions {
  /**
   * The bucket, in the application's account and Region. Where it has a key, execution roles are granted that too, unless all that is known of
   * it is an alias.
   */
  readonly bucket: IBucket;

  /**
   * The prefix of the objects: 1 to 512 characters, not starting with a slash, without `*` and `?`.
   *
   * @default - the logs start at the bucket's root
   */
  readonly prefix?: string;

  /**
   * The key that EMR Serverless encrypts the logs with, see `managedLogsKey`.
   *
   * @default - the bucket's own encryption
   */
  readonly encryptionKey?: IKey;
}

/**
 * Logs in CloudWatch.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html#jobs-log-storage-cw
 */
export interface CloudWatchLogsOptions {
  /**
   * The log group, in the application's account and Region. How long it keeps the logs is set there.
   *
   * @default - /aws/emr-serverless, which the first job creates and which keeps its logs for ever
   */
  readonly logGroup?: ILogGroup;

  /**
   * What the names of the log streams start with: 1 to 512 characters without `:` and `*`.
   *
   * @default - no prefix
   */
  readonly logStreamNamePrefix?: string;

  /**
   * The key that encrypts the log group. A key of this app gets the statement that lets CloudWatch Logs use it.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   * @default - the log group's own encryption
   */
  readonly encryptionKey?: IKey;

  /**
   * What the driver logs.
   *
   * @default - standard output and standard error, unless `executorLogTypes` is given, then nothing
   */
  readonly driverLogTypes?: SparkLogType[];

  /**
   * What the executors log.
   *
   * @default - nothing
   */
  readonly executorLogTypes?: SparkLogType[];
}

/**
 * A stream that a driver or an executor writes.
 */
export enum SparkLogType {
  /** Standard output. */
  STDOUT = 'STDOUT',
  /** Standard error, where Spark's own log goes. */
  STDERR = 'STDERR',
}
