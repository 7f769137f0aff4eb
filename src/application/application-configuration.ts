/**
 * Properties for one of the files that configure Spark and what it stands on, for all jobs of an application.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/default-configs.html
 */
export interface ApplicationConfiguration {
  /**
   * The file: `spark-defaults`, `spark-driver-log4j2` or `spark-executor-log4j2`. 1 to 1024 characters, not only blanks.
   *
   * AWS documents no others for Spark. Those of Amazon EMR on EC2, such as `spark-hive-site`, may be refused when the application is created: a
   * Hive or Hadoop property is a Spark property that starts with `spark.hadoop.`.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/log4j2.html
   */
  readonly classification: string;

  /**
   * At most 100 properties. A key starts with a letter and has letters, digits and `- _ .`; a value has 1 to 1024 characters, not only blanks.
   *
   * A value is readable to everybody who may describe the application. Keep a password in AWS Secrets Manager and name it as
   * `EMR.secret@<name>`. EMR Serverless reads it by the policies of the secret and of its key, which this library leaves as they are.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/secrets-manager.html
   * @default - none
   */
  readonly properties?: { [key: string]: string };

  /**
   * Configurations within this one, at most 100. No classification that AWS documents has any.
   *
   * @default - none
   */
  readonly configurations?: ApplicationConfiguration[];
}
