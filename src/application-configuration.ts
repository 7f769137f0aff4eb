/**
 * Properties for one of the files that configure Spark and what it stands on, for all jobs of an application.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/default-configs.html
 */
export interface ApplicationConfiguration {
  /**
   * The file: `spark-defaults`, `spark-log4j2`, `spark-env`, `hive-site`, `spark-hive-site`, `core-site`, `emrfs-site` and others.
   */
  readonly classification: string;

  /**
   * At most 100 properties. A key starts with a letter and has letters, digits and `- _ .`; a value has 1 to 1024 characters, not only blanks.
   *
   * A value is readable to everybody who may describe the application. Keep a password in AWS Secrets Manager and name it as
   * `EMR.secret@<name>`.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/secrets-manager.html
   * @default - none
   */
  readonly properties?: { [key: string]: string };

  /**
   * Configurations within this one, such as `export` in `spark-env`.
   *
   * @default - none
   */
  readonly configurations?: ApplicationConfiguration[];
}
