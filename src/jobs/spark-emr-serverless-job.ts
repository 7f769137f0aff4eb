import { IGrantable, IPrincipal, IRole, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { Schedule } from 'aws-cdk-lib/aws-scheduler';
import { ParameterOptions, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { bindCode } from './private/code';
import { allowRunning, jobSubmissionAccess } from './private/job-access';
import { JobRun, JobRunOverrides } from './private/job-run';
import { jobProblems, jobValueProblems } from './private/problems';
import { jobRunWith, renderJobRun } from './private/rendering';
import { createRequestParameter, parameterOptions, parameterProblems } from './private/request-parameter';
import { scheduleOptions, scheduleProblems, scheduleTargetProblems } from './private/schedule';
import { JobSettings, laterKnown, readJobSettings, renderedJobSettings } from './private/settings';
import { jobWarnings } from './private/warnings';
import { PythonPackages } from './python-packages';
import { SparkCode } from './spark-code';
import { SparkEmrServerlessJobGrants } from './spark-emr-serverless-job-grants';
import { SparkEmrServerlessJobScheduleOptions, SparkEmrServerlessJobTarget } from './spark-emr-serverless-job-target';
import { SparkJobMode } from './spark-job-mode';
import { SparkWorker } from './spark-worker';
import type { ApplicationConfiguration } from '../application/application-configuration';
import type { LoggingOptions } from '../application/logging';
import type { ISparkEmrServerlessRuntime } from '../application/spark-emr-serverless-runtime';
import type { Access } from '../permissions/private/access';
import { SparkExecutionRole } from '../permissions/spark-execution-role';
import { warn } from '../private/annotations';
import { childIdProblems } from '../private/child-ids';
import { ordered } from '../private/ordered';
import { read, text } from '../private/reading';
import { mayBeKnownLater } from '../private/rendered';
import { refuse, refuseAtSynthesis } from '../private/validation-error';

/**
 * The properties of a job.
 */
export interface SparkEmrServerlessJobProps {
  /**
   * The application that runs the job. It must belong to the account and Region of the stack.
   */
  readonly runtime: ISparkEmrServerlessRuntime;

  /**
   * The program: a `.py` file, a `.jar` file or a path in the image.
   */
  readonly entryPoint: SparkCode;

  /**
   * The role that the job runs as. It must trust the application (`runtime.executionPrincipal`). It gets the permissions to read the code
   * of the job, and to write to the places of `logging`. It does not get those for the logs of the application: call
   * `runtime.grants.writeLogs(role)`, unless the application created the role.
   *
   * @default - a new role, which only jobs of the application can run as and which may write the logs of the application. Grant it access
   *   to the data, for example with `bucket.grantRead(job.executionRole)`
   */
  readonly executionRole?: IRole;

  /**
   * The name of the job runs: 1 to 256 characters, not only blanks. It need not be unique.
   *
   * @default - the id of the construct
   */
  readonly jobName?: string;

  /**
   * The arguments of the program, at most 1024. A task and a schedule may have others.
   *
   * @default - no arguments
   */
  readonly entryPointArguments?: string[];

  /**
   * The main class of a JAR, such as `com.example.Main`: at most 1024 characters. It cannot be given for a Python program.
   *
   * @default - the main class in the manifest of the JAR
   */
  readonly mainClass?: string;

  /**
   * The Python modules that the job imports. They are `.py`, `.zip` and `.egg` files, and directories. A directory that is a package itself
   * (it holds `__init__.py`) keeps its name, so that `import <name>` works. The content of any other directory is at the root of the import
   * path.
   *
   * @default - no modules
   */
  readonly pythonFiles?: SparkCode[];

  /**
   * The Python packages that the job imports.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/using-python-libraries.html
   * @default - the packages of the release, or of the image
   */
  readonly pythonPackages?: PythonPackages;

  /**
   * JARs on the class path of the driver and of the executors.
   *
   * @default - no JARs
   */
  readonly jars?: SparkCode[];

  /**
   * Files that Spark copies into the working directory of the driver and of the executors. A file from `SparkCode.fromBucket()` keeps the
   * name of its object. A file from `SparkCode.fromAsset()` is named by a hash. If the program opens a file by its name, put the file into
   * a directory and give the directory in `archives`.
   *
   * @default - no files
   */
  readonly files?: SparkCode[];

  /**
   * Archives and directories that the driver and the executors find in their working directory. An archive is a `.zip`, `.tgz`, `.tar.gz`
   * or `.jar` file. The key is the name of the directory that Spark unpacks the files into, `./<name>`. A name has 1 to 255 characters of
   * `A-Za-z0-9_.-`, and is not `.` or `..`. With `pythonPackages`, the name `environment` is not allowed.
   *
   * @default - no archives
   */
  readonly archives?: { [directory: string]: SparkCode };

  /**
   * The environment variables of the driver and of the executors. A name has letters, digits and `_`, and no digit at its start. A value
   * must not contain double quotes, backslashes or line breaks. Give no secrets: everybody who may look at the job run can read them.
   *
   * @default - no environment variables
   */
  readonly environment?: { [name: string]: string };

  /**
   * The size of the driver.
   *
   * @default - the application's Spark properties decide, and 4 cores with 14 GiB if they say nothing
   */
  readonly driver?: SparkWorker;

  /**
   * The size of each executor.
   *
   * @default - the application's Spark properties decide, and 4 cores with 14 GiB if they say nothing
   */
  readonly executor?: SparkWorker;

  /**
   * The least number of executors of dynamic allocation: a whole number of 0 or more, and at most `maxExecutors`.
   *
   * @default - the application's Spark properties decide, and 0 if they say nothing
   */
  readonly minExecutors?: number;

  /**
   * The largest number of executors of dynamic allocation: a whole number of 1 or more. EMR Serverless starts a job with 3 executors by
   * default. If `maxExecutors` is less than 3, the library sets `spark.dynamicAllocation.initialExecutors` to the same number. It does not
   * do this if that property or `spark.executor.instances` is set. In that case, neither may be larger than `maxExecutors`.
   *
   * @default - the application's Spark properties decide. If they say nothing, only the maximum capacity of the application is a limit
   */
  readonly maxExecutors?: number;

  /**
   * The Spark properties of the job. They become `--conf` parameters. The properties of the application stay as they are, unless the job
   * gives another value. A value is a string, a number or a boolean. It must not contain double quotes, backslashes or line breaks. Give
   * such a value in the classification `spark-defaults` of `configurations`. All parameters together have at most 102,400 characters.
   *
   * The properties that other props decide, such as `spark.executor.memory` with `executor.memory`, cannot have another value here.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html
   * @default - the Spark properties of the application
   */
  readonly sparkProperties?: { [key: string]: any };

  /**
   * The properties of configuration files: at most 100 classifications, with at most 100 properties each. Before release emr-spark-8.1.0, a
   * classification replaces the same classification of the application.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/default-configs.html
   * @default - the configurations of the application
   */
  readonly configurations?: ApplicationConfiguration[];

  /**
   * Where EMR Serverless sends the logs of the job. What is given replaces the same kind of logs of the application. The execution role may
   * write to these places, and a principal that starts the job may use their keys.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html
   * @default - the logging of the application
   */
  readonly logging?: LoggingOptions;

  /**
   * The mode of the job. A batch job ends by itself. A streaming job runs until somebody cancels it. The mode also has the timeout and the
   * retries.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-streaming.html
   * @default SparkJobMode.batch()
   */
  readonly mode?: SparkJobMode;

  /**
   * A policy that restricts a job run: it may do what both this policy and the execution role allow. It must also allow what the job itself
   * needs: to read its code, and to write its logs. It must have at least one statement. As JSON it has at most 2048 characters, all of
   * them of Latin-1.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-cli-execution.html
   * @default - the execution role alone decides
   */
  readonly executionPolicy?: PolicyDocument;

  /**
   * The tags of the job runs, at most 200. A key has 1 to 128 characters of `A-Za-z0-9 /_.:=+@-` and does not start with `aws:`. A value
   * has at most 256 of the same characters. The tags of the stack and of the application are not among them.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/tagging.html
   * @default - no tags
   */
  readonly jobRunTags?: { [key: string]: string };
}

/**
 * A Spark job: its program with the files and packages that it needs, its role, its sizes, and what starts it.
 *
 * A job is a definition. CloudFormation has no resource for it. The construct uploads the code. It creates an execution role, unless you
 * give one. An `EmrServerlessStartJobRun` task, a schedule (`addSchedule()`) or a principal with `grants.run()` starts job runs.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html
 *
 * @example
 * declare const runtime: SparkEmrServerlessRuntime;
 * declare const data: s3.Bucket;
 *
 * const job = new SparkEmrServerlessJob(this, 'Nightly', {
 *   runtime,
 *   entryPoint: SparkCode.fromAsset('jobs/nightly.py'),
 *   entryPointArguments: ['--output', data.s3UrlForObject('nightly')],
 *   maxExecutors: 20,
 * });
 * data.grantReadWrite(job.executionRole);
 *
 * job.addSchedule('Daily', { schedule: scheduler.ScheduleExpression.rate(Duration.days(1)) });
 */
export class SparkEmrServerlessJob extends Construct implements IGrantable {
  /**
   * The application that runs the job.
   */
  public readonly runtime: ISparkEmrServerlessRuntime;

  /**
   * The role that the job runs as. Grant it access to the data, for example with `bucket.grantRead(job.executionRole)`.
   */
  public readonly executionRole: IRole;

  /**
   * The name of the job runs.
   */
  public readonly jobName: string;

  /**
   * The grants of the job: to start it, and to start and watch it.
   */
  public readonly grants: SparkEmrServerlessJobGrants;

  private readonly settings: JobSettings;
  private readonly jobRun: JobRun;
  /** The ids of what the job has made in itself. The code decides which they are. */
  private readonly ownIds: string[];

  /**
   * Creates the job.
   *
   * @param scope the scope of the construct
   * @param id the id of the construct
   * @param props the properties of the job
   */
  constructor(scope: Construct, id: string, props: SparkEmrServerlessJobProps) {
    const settings = readJobSettings(scope, id, props);
    // before the construct is in the tree
    refuse(scope, id, jobProblems(Stack.of(scope), settings));
    super(scope, id);

    this.settings = settings;
    this.runtime = settings.runtime;
    this.jobName = settings.jobName;
    this.executionRole = settings.executionRole ?? new SparkExecutionRole(this, 'ExecutionRole', { runtimes: [this.runtime] });
    const { application, code, properties: { inherited } } = settings;
    this.jobRun = renderJobRun(this, settings, bindCode(this, this.executionRole, { application, code, inherited }));
    this.grants = SparkEmrServerlessJobGrants._fromJob(this);

    allowRunning(this, settings);
    warn(this, ...jobWarnings(settings));
    if (mayBeKnownLater(laterKnown(settings))) { this.checkRenderedSettings(); }
    this.ownIds = this.node.children.map((child) => child.node.id);
  }

  /** Checks the settings again when the app is synthesized. */
  private checkRenderedSettings(): void {
    refuseAtSynthesis(this, () => renderedJobSettings(this, this.settings).flatMap((settings) => {
      warn(this, ...jobWarnings(settings));
      return jobValueProblems(settings);
    }));
  }

  /**
   * The principal to grant access to the data to: the execution role. So `bucket.grantRead(job)` works too.
   */
  public get grantPrincipal(): IPrincipal {
    return this.executionRole.grantPrincipal;
  }

  /**
   * The request of `StartJobRun` as JSON, with the names of the API. It is what `aws emr-serverless start-job-run --cli-input-json`
   * accepts, and what `boto3` accepts as keyword arguments. It has no client token: the CLI and the SDKs make one for each call.
   *
   * @see https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_StartJobRun.html
   */
  public get startJobRunInput(): string {
    return Stack.of(this).toJsonString(this._startJobRun());
  }

  /**
   * The request of `StartJobRun` as an object, with the names of the API. Unit tests read it: `stack.resolve(job.startJobRunRequest)`.
   *
   * @see https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_StartJobRun.html
   */
  public get startJobRunRequest(): { [member: string]: any } {
    // jsii gives a map to Go in no fixed order
    return ordered(this._startJobRun());
  }

  /**
   * Adds a schedule of EventBridge Scheduler that starts the job, with no Lambda function in between. The schedule gets a role of its own,
   * unless you give one.
   *
   * It grants the role
   *
   * - `emr-serverless:StartJobRun` on the application
   * - `iam:PassRole` on the execution role of the job, to EMR Serverless only
   * - `kms:Decrypt`, `kms:GenerateDataKey` on the keys of the logs, of the application and of the job, if there are any
   * - `emr-serverless:TagResource` on the job runs of the application, if the job has `jobRunTags`
   * - `sqs:GetQueueAttributes`, `GetQueueUrl`, `SendMessage` on `deadLetterQueue`, and `kms:Decrypt`, `Encrypt`, `GenerateDataKey*`,
   *   `ReEncrypt*` on the KMS key of the queue, if it has one
   * - `kms:Decrypt` on `key`, if it is given
   *
   * @param id the id of the schedule, which is a child of the job. It must not be an id that the job uses itself, such as `ExecutionRole`
   * @param options when and how the schedule starts the job
   * @example
   * declare const job: SparkEmrServerlessJob;
   *
   * job.addSchedule('Daily', {
   *   schedule: scheduler.ScheduleExpression.cron({ hour: '4', minute: '30', timeZone: TimeZone.EUROPE_BERLIN }),
   *   entryPointArguments: ['--until', '<aws.scheduler.scheduled-time>'],
   *   deadLetterQueue: new sqs.Queue(this, 'NotStarted', { enforceSSL: true }),
   * });
   */
  public addSchedule(id: string, options: SparkEmrServerlessJobScheduleOptions): Schedule {
    this.checkChildId(id);
    const given = read(this, id, 'options', options, scheduleOptions);
    refuse(this, id, [...scheduleProblems(this, given), ...scheduleTargetProblems(this, given)]);
    const { role, deadLetterQueue, maxEventAge, retryAttempts, entryPointArguments, jobRunName, ...schedule } = given;
    return new Schedule(this, id, {
      ...schedule,
      target: new SparkEmrServerlessJobTarget(this, {
        role, deadLetterQueue, maxEventAge, retryAttempts, entryPointArguments, jobRunName,
      }),
    });
  }

  /**
   * Creates a parameter of AWS Systems Manager with the request of `StartJobRun`, for a submitter outside of this app, such as Apache
   * Airflow or a deployment pipeline. An exported output of CloudFormation has room for 1024 characters only.
   *
   * Parameter Store chooses the tier. A standard parameter holds 4096 characters and is free. An advanced parameter holds 8192 characters
   * and costs money. It cannot become a standard parameter again. The library refuses a longer request, as far as it knows the text. It
   * also refuses a request that contains `{{`, because Parameter Store does.
   *
   * Grant the submitter the permissions to read the parameter (`parameter.grantRead(role)`) and to run the job (`job.grants.run(role)`).
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
   * @param id the id of the construct, without slashes. It must not be an id that the job uses itself, such as `ExecutionRole`
   * @param options the options of the parameter. With `tier`, its limit applies
   */
  public createRequestParameter(id: string, options: ParameterOptions = {}): StringParameter {
    this.checkChildId(id);
    const given = read(this, id, 'options', options, parameterOptions);
    refuse(this, id, parameterProblems(id, given));
    return createRequestParameter(this, id, given);
  }

  private checkChildId(id: string): void {
    refuse(this, id, childIdProblems(this, 'job', this.ownIds, read(this, '', 'id', id, text)));
  }

  /**
   * The request of `StartJobRun`. A task or a schedule may replace some of it.
   *
   * @internal
   */
  public _startJobRun(overrides: JobRunOverrides = {}): JobRun {
    return jobRunWith(this.jobRun, overrides);
  }

  /**
   * The permissions to start the job, and the additional `actions` of EMR Serverless.
   *
   * @internal
   */
  public _submissionAccess(options: { readonly tags?: boolean }, ...actions: string[]): Access[] {
    return jobSubmissionAccess(this.settings, this.executionRole, options.tags ?? false, actions);
  }
}
