import { aws_kms, aws_logs, aws_s3 } from 'aws-cdk-lib/interfaces';

/**
 * Where EMR Serverless sends the logs and metrics of an application's jobs. A job can choose other places for itself.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html
 */
export interface LoggingOptions {
  /**
   * Whether EMR Serverless keeps the logs in storage of its own, for up to 30 days. The Spark UI of a finished job reads them from there.
   * If it is `false`, `managedLogsKey` cannot be given.
   *
   * @default true
   */
  readonly managedLogs?: boolean;

  /**
   * The KMS key that encrypts the logs in EMR Serverless's own storage. It must be a symmetric key in the Region of the application. You
   * can give an alias that your CDK app creates. An alias from `Alias.fromAliasName()` does not work.
   *
   * The policy of a `kms.Key` of your CDK app gets the statement that lets EMR Serverless use the key. The library cannot change the policy
   * of a `CfnKey` or of an imported key. A warning then shows the statement to add. Execution roles can use the key through
   * `grants.writeLogs()`. Principals that start jobs can use it through `grantStartJobExecution()`.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-log-encryption.html
   * @default - a key that AWS owns
   */
  readonly managedLogsKey?: aws_kms.IKeyRef;

  /**
   * The S3 bucket for the logs of drivers and executors.
   *
   * @default - no logs in S3
   */
  readonly s3Logs?: S3LogsOptions;

  /**
   * The CloudWatch log group for the logs of drivers and executors.
   *
   * @default - no logs in CloudWatch
   */
  readonly cloudWatchLogs?: CloudWatchLogsOptions;

  /**
   * The ARN of the workspace of Amazon Managed Service for Prometheus that receives the metrics of the Spark engine. It has the form
   * `arn:<partition>:aps:<region>:<account>:workspace/<id>`, as `workspace.attrArn` has. The workspace belongs to the account of the
   * application. This needs release emr-7.1.0 or emr-spark-8.0-preview, or a later one.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/monitor-with-prometheus.html
   * @default - no metrics in Prometheus
   */
  readonly prometheusWorkspaceArn?: string;
}

/**
 * Logs in S3. The objects are below `<prefix>/applications/<application id>/jobs/<job run id>/`.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html#jobs-log-storage-s3-buckets
 */
export interface S3LogsOptions {
  /**
   * The bucket, in the account and Region of the application.
   *
   * If the bucket has a KMS key and no `encryptionKey` is given, execution roles get access to the key of the bucket. If the library does
   * not know this key, it warns you. Grant the key yourself then.
   */
  readonly bucket: aws_s3.IBucketRef;

  /**
   * The prefix of the objects: 1 to 512 characters. It must not start with `/` and must not contain `://`, `*`, `?` or `${`.
   *
   * @default - the logs start at the root of the bucket
   */
  readonly prefix?: string;

  /**
   * The KMS key that EMR Serverless encrypts the logs with. The rules of `managedLogsKey` apply.
   *
   * @default - the bucket's own encryption
   */
  readonly encryptionKey?: aws_kms.IKeyRef;
}

/**
 * Logs in CloudWatch.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html#jobs-log-storage-cw
 */
export interface CloudWatchLogsOptions {
  /**
   * The log group, in the account and Region of the application. Set the retention of the logs on the log group.
   *
   * @default - the log group `/aws/emr-serverless`, which the first job creates and which never expires
   */
  readonly logGroup?: aws_logs.ILogGroupRef;

  /**
   * The prefix of the names of the log streams: 1 to 512 characters without `:` and `*`.
   *
   * @default - no prefix
   */
  readonly logStreamNamePrefix?: string;

  /**
   * The KMS key of the log group. Jobs associate it with the log group. The rules of `managedLogsKey` apply, with CloudWatch Logs in place
   * of EMR Serverless.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   * @default - the log group's own encryption
   */
  readonly encryptionKey?: aws_kms.IKeyRef;

  /**
   * The streams of the driver that go to CloudWatch. Give at least one stream, and each stream once.
   *
   * @default - standard output and standard error. If only `executorLogTypes` is given, no stream of the driver
   */
  readonly driverLogTypes?: SparkLogType[];

  /**
   * The streams of the executors that go to CloudWatch. Give at least one stream, and each stream once.
   *
   * @default - no streams of the executors
   */
  readonly executorLogTypes?: SparkLogType[];
}

/**
 * A stream that a driver or an executor writes to.
 */
export enum SparkLogType {
  /** Standard output. */
  STDOUT = 'STDOUT',
  /** Standard error. Spark writes its own log to it. */
  STDERR = 'STDERR',
}
