import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  FieldUtils,
  QueryLanguage,
  RetryProps,
  TaskMetricsConfig,
  TaskStateBase,
  TaskStateBaseProps,
  TaskStateJsonataBaseProps,
  TaskStateJsonPathBaseProps,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { pascalCased } from './private/job-run';
import { jobRunWith } from './private/rendering';
import { readRetry, retryWarnings } from './private/retry';
import {
  checkTaskWhenRendered, expressionsFrom, jsonataProps, readTaskSettings, taskWarnings, TaskSettings,
} from './private/start-job-run';
import { languageProblems, literalJobRun, overridesIn } from './private/state-language';
import { eventAccess, taskResource } from './private/state-machine';
import type { SparkEmrServerlessJob } from './spark-emr-serverless-job';
import { statementsOf } from '../permissions/private/access';
import { warn } from '../private/annotations';
import { refuse } from '../private/validation-error';

/**
 * The options of a task that starts a job run.
 */
export interface EmrServerlessStartJobRunOptions {
  /**
   * The job. Its application must belong to the Region of the state machine, and to its account or to the one of the role in `credentials`.
   */
  readonly job: SparkEmrServerlessJob;

  /**
   * The name of the job run: 1 to 256 characters, not only blanks, or an expression.
   *
   * @default - the name of the job
   */
  readonly jobRunName?: string;

  /**
   * The arguments of the program, at most 1024, in place of the arguments of the job. Each of them may be an expression, or have fields of
   * JSONPath in it, as in `s3://bucket/${JsonPath.stringAt('$.date')}`. EMR Serverless accepts only strings: a field of JSONPath becomes
   * one, and an expression of JSONata must give one. It cannot be given together with `entryPointArgumentsExpression`.
   *
   * @default - the arguments of the job
   */
  readonly entryPointArguments?: string[];

  /**
   * One expression that gives the list of arguments, in place of the arguments of the job. Examples are `$.args` in JSONPath and
   * `{% $states.input.args %}` in JSONata. All items of the list must be strings. It cannot be given together with `entryPointArguments`.
   *
   * @default - the arguments of the job
   */
  readonly entryPointArgumentsExpression?: string;

  /**
   * The maximum duration of the job run: 1 to 1,000,000 whole minutes. From release emr-7.11.0 on, and on all emr-spark releases, the limit
   * is 7 days. EMR Serverless cancels a job run that takes longer. AWS does not document that `taskTimeout` cancels it. A streaming job
   * must not have a timeout. With JSONPath, the value may be `Duration.minutes(JsonPath.numberAt('$.minutes'))`.
   *
   * @default - the timeout of the job
   */
  readonly executionTimeout?: Duration;

  /**
   * More tags of the job run. A tag with the key of a tag of the job replaces that tag. A job run has at most 200 tags. The rules of
   * `jobRunTags` of the job apply. A value may also be an expression. A key may not.
   *
   * @default - the tags of the job
   */
  readonly jobRunTags?: { [key: string]: string };
}

/**
 * The properties of a task with JSONPath that starts a job run.
 */
export interface EmrServerlessStartJobRunJsonPathProps extends TaskStateJsonPathBaseProps, EmrServerlessStartJobRunOptions {}

/**
 * The properties of a task with JSONata that starts a job run.
 */
export interface EmrServerlessStartJobRunJsonataProps extends TaskStateJsonataBaseProps, EmrServerlessStartJobRunOptions {}

/**
 * The properties of a task that starts a job run.
 */
export interface EmrServerlessStartJobRunProps extends TaskStateBaseProps, EmrServerlessStartJobRunOptions {}

/**
 * A task of AWS Step Functions that starts a run of a job. It waits for the end of the job run (`IntegrationPattern.RUN_JOB`), unless
 * `integrationPattern` is `REQUEST_RESPONSE`. Only a Standard workflow can wait. A job run that fails, or that is cancelled, fails the task
 * with `States.TaskFailed`.
 *
 * The role of the state machine gets the permissions to start the job, and to tag its job runs if there are `jobRunTags`. If the task
 * waits, the role also gets the permissions to watch and cancel the job runs of the application, and to manage the EventBridge rule that
 * tells Step Functions when a job run ends.
 *
 * With `credentials`, the task acts as another role. That role must belong to the account of the application. Grant it the permissions for
 * the job with `job.grants.run(role)`, or with `job.grants.start(role)` if the task does not wait. If the task has `jobRunTags` and the job
 * has none, grant `job.runtime.grants.tagJobRuns(role)` too.
 *
 * A retry of the task (`addRetry()`) starts another job run.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html
 */
export class EmrServerlessStartJobRun extends TaskStateBase {
  /**
   * Creates a task with JSONPath. An expression is a field such as `JsonPath.stringAt('$.date')`.
   *
   * It grants the role of the state machine
   *
   * - `emr-serverless:StartJobRun` on the application
   * - `iam:PassRole` on the execution role of the job, to EMR Serverless only
   * - `kms:Decrypt`, `kms:GenerateDataKey` on the keys of the logs, of the application and of the job, if there are any
   * - `emr-serverless:TagResource` on the job runs of the application, if the job or the task has `jobRunTags`
   * - `emr-serverless:CancelJobRun`, `GetJobRun` on the job runs of the application, if the task waits
   * - `events:DescribeRule`, `PutRule`, `PutTargets` on the rule that tells Step Functions when a job run ends, if the task waits
   * - `sts:AssumeRole` on the role of `credentials`, if it is given
   *
   * @param scope the scope of the construct
   * @param id the id of the construct
   * @param props the properties of the task
   */
  public static jsonPath(scope: Construct, id: string, props: EmrServerlessStartJobRunJsonPathProps): EmrServerlessStartJobRun {
    return new EmrServerlessStartJobRun(scope, id, props);
  }

  /**
   * Creates a task with JSONata. An expression is a text such as `{% $states.input.date %}`.
   *
   * It grants the role of the state machine
   *
   * - `emr-serverless:StartJobRun` on the application
   * - `iam:PassRole` on the execution role of the job, to EMR Serverless only
   * - `kms:Decrypt`, `kms:GenerateDataKey` on the keys of the logs, of the application and of the job, if there are any
   * - `emr-serverless:TagResource` on the job runs of the application, if the job or the task has `jobRunTags`
   * - `emr-serverless:CancelJobRun`, `GetJobRun` on the job runs of the application, if the task waits
   * - `events:DescribeRule`, `PutRule`, `PutTargets` on the rule that tells Step Functions when a job run ends, if the task waits
   * - `sts:AssumeRole` on the role of `credentials`, if it is given
   *
   * @param scope the scope of the construct
   * @param id the id of the construct
   * @param props the properties of the task
   */
  public static jsonata(scope: Construct, id: string, props: EmrServerlessStartJobRunJsonataProps): EmrServerlessStartJobRun {
    return new EmrServerlessStartJobRun(scope, id, jsonataProps(scope, id, props));
  }

  protected readonly taskMetrics?: TaskMetricsConfig;
  protected readonly taskPolicies?: PolicyStatement[];

  private readonly settings: TaskSettings;
  private readonly resource: string;

  /**
   * Creates the task.
   *
   * @param scope the scope of the construct
   * @param id the id of the construct
   * @param props the properties of the task
   */
  constructor(scope: Construct, id: string, props: EmrServerlessStartJobRunProps) {
    const { problems, baseProps, ...settings } = readTaskSettings(scope, id, props);
    // before the construct is in the tree
    refuse(scope, id, problems);
    super(scope, id, baseProps);

    this.settings = settings;
    this.resource = taskResource(this, settings);
    this.taskPolicies = statementsOf([
      ...settings.job._submissionAccess(
        { tags: Object.keys(settings.given.jobRunTags ?? {}).length > 0 },
        ...settings.waits ? ['emr-serverless:CancelJobRun', 'emr-serverless:GetJobRun'] : [],
      ),
      ...settings.waits ? [eventAccess(settings.job)] : [],
    ]);
    warn(this, ...taskWarnings(settings));
    checkTaskWhenRendered(this, settings);
  }

  /**
   * Adds a retry. Each retry starts another job run. If the job has `maxAttempts` too, the numbers multiply, and the library warns you.
   *
   * Step Functions waits for `interval` (1 to 99,999,999 seconds, by default 1) before the first retry. It multiplies the time by
   * `backoffRate` (at least 1, by default 2) before each further retry, up to `maxDelay` (1 to 31,622,399 seconds). With `jitterStrategy`
   * FULL, it waits for a random time up to that. It makes at most `maxAttempts` retries (0 to 99,999,999, by default 3).
   *
   * @param props the errors to retry, and how often. By default, Step Functions retries all errors
   *
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
   */
  public override addRetry(props?: RetryProps): TaskStateBase {
    const retry = readRetry(this, props);
    warn(this, ...retryWarnings(this.settings.jobRun, this.settings.waits, retry));
    return super.addRetry(retry);
  }

  /**
   * What the state has besides what all states of its kind have.
   *
   * There is no client token, which Step Functions does not ask for. One that an execution repeats would give a retry the failed job run.
   *
   * @internal
   */
  protected _renderTask(topLevelQueryLanguage?: QueryLanguage): any {
    const { jobRun, queryLanguage } = this.settings;
    const language = queryLanguage ?? topLevelQueryLanguage ?? QueryLanguage.JSON_PATH;
    const expressions = expressionsFrom(this.settings);
    refuse(this, '', languageProblems(language, expressions));
    const request = pascalCased(jobRunWith(literalJobRun(language, jobRun), overridesIn(language, expressions))) as object;
    return {
      Resource: this.resource,
      ...language === QueryLanguage.JSONATA ? { Arguments: request } : { Parameters: FieldUtils.renderObject(request) },
    };
  }
}
