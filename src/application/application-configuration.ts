/**
 * Properties for one of the classifications that EMR Serverless reads. They apply to all jobs of an application.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/default-configs.html
 */
export interface ApplicationConfiguration {
  /**
   * The classification: `spark-defaults` for Spark properties, `spark-driver-log4j2` or `spark-executor-log4j2` for the logs of a driver or
   * an executor, or `spark` for `dynamicAllocationOptimization`. `spark-driver-log4j2` and `spark-executor-log4j2` need release emr-6.8.0
   * or emr-spark-8.0-preview, or a later one. A classification has 1 to 1024 characters and is not blank.
   *
   * AWS documents no other classification for Spark on EMR Serverless, and the library warns of another one. EMR Serverless may refuse
   * a classification of Amazon EMR on EC2, such as `spark-hive-site`. Set a Hive or Hadoop property as a Spark property that starts with
   * `spark.hadoop.`.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html#spark-defaults-configurationOverrides
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/log4j2.html
   */
  readonly classification: string;

  /**
   * The properties, at most 100. A key starts with a letter and contains letters, digits and `- _ .`. A value is a string, a number or a
   * boolean. As text it has 1 to 1024 characters and is not blank.
   *
   * Everybody who may describe the application can read the values. Keep a password in AWS Secrets Manager and give its name as
   * `EMR.secret@<name>`. The policies of the secret and of its key must let EMR Serverless read them. This library does not change these
   * policies.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/secrets-manager.html
   * @default - no properties
   */
  readonly properties?: { [key: string]: any };

  /**
   * Configurations within this one, at most 100. AWS documents no classification that has any.
   *
   * @default - no configurations
   */
  readonly configurations?: ApplicationConfiguration[];
}
