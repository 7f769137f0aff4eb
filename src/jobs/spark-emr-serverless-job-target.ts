import { IRole } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import {
  ISchedule, IScheduleGroup, IScheduleTarget, ScheduleExpression, ScheduleTargetConfig, TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { bindToSchedule, scheduleTargetProblems, targetProps } from './private/schedule';
import { sparkJob } from './private/settings';
import type { SparkEmrServerlessJob } from './spark-emr-serverless-job';
import { PROPS, read } from '../private/reading';
import { refuse } from '../private/validation-error';

/**
 * How EventBridge Scheduler starts a job.
 */
export interface SparkEmrServerlessJobTargetProps {
  /**
   * The role as which EventBridge Scheduler starts the job. It must trust `scheduler.amazonaws.com`, and belong to the account of the
   * application. It gets the permissions to start the job and to send messages to the dead-letter queue.
   *
   * @default - a new role for each schedule, which only the schedules of the same group can use
   */
  readonly role?: IRole;

  /**
   * The queue for the events that failed to start the job, with the reason. It must be a standard queue in the Region of the application.
   * We recommend a queue: if EMR Serverless refuses the job run, the reason is stored nowhere else.
   *
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
   * @default - no dead-letter queue
   */
  readonly deadLetterQueue?: IQueue;

  /**
   * The maximum time for retries: 60 seconds to 24 hours, in whole seconds. EventBridge Scheduler retries only temporary errors, such as a
   * throttled call, and only until EMR Serverless accepts the job run. `maxAttempts` of `SparkJobMode.batch()` retries a job run that
   * fails.
   *
   * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
   * @default - 24 hours
   */
  readonly maxEventAge?: Duration;

  /**
   * The maximum number of retries: 0 to 185.
   *
   * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
   * @default - 185 retries
   */
  readonly retryAttempts?: number;

  /**
   * The arguments of the program in place of those of the job, at most 1024. An empty list stands for no arguments.
   *
   * EventBridge Scheduler replaces its context attributes, in these arguments and in those of the job. For example,
   * `<aws.scheduler.scheduled-time>` becomes the time for which the schedule has fired, such as `2026-03-22T18:59:43Z`.
   *
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
   * @default - the arguments of the job
   */
  readonly entryPointArguments?: string[];

  /**
   * The name of the job runs: 1 to 256 characters, not only blanks. It may have context attributes of EventBridge Scheduler.
   *
   * @default - the name of the job
   */
  readonly jobRunName?: string;
}

/**
 * When and how EventBridge Scheduler starts a job.
 */
export interface SparkEmrServerlessJobScheduleOptions extends SparkEmrServerlessJobTargetProps {
  /**
   * When the job starts: at a rate, at the times of a cron expression in a time zone, or once. When daylight saving time begins,
   * EventBridge Scheduler leaves out a time that does not exist on that day.
   *
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
   */
  readonly schedule: ScheduleExpression;

  /**
   * The name of the schedule: 1 to 64 characters of `A-Za-z0-9-_.`.
   *
   * @default - CloudFormation generates a name
   */
  readonly scheduleName?: string;

  /**
   * What the schedule is for, in at most 512 characters.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * Whether the schedule starts the job.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * The time window in which EventBridge Scheduler chooses the moment to start the job.
   *
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-flexible-time-windows.html
   * @default TimeWindow.off()
   */
  readonly timeWindow?: TimeWindow;

  /**
   * The time from which the schedule starts the job. It must be before `end`.
   *
   * @default - the schedule starts when it is created
   */
  readonly start?: Date;

  /**
   * The time until which the schedule starts the job. It must be after `start`.
   *
   * @default - the schedule does not end
   */
  readonly end?: Date;

  /**
   * The group of the schedule. It must belong to the account and Region of the application.
   *
   * @default - the group `default`
   */
  readonly scheduleGroup?: IScheduleGroup;

  /**
   * The symmetric KMS key in the Region of the application that encrypts the request in the schedule. The role may decrypt with it. The
   * principal that deploys must be allowed to use it too.
   *
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html
   * @default - a key that AWS owns
   */
  readonly key?: IKey;
}

/**
 * Lets a schedule of EventBridge Scheduler start a job, with no Lambda function in between. `addSchedule()` of the job makes such a
 * schedule.
 *
 * The schedule must belong to the account and Region of the application. Without `role`, each schedule gets a role of its own, even if
 * several schedules have the same target. The role may do what `grants.start()` of the job grants, and send messages to the dead-letter
 * queue.
 *
 * EventBridge Scheduler starts a job at least once. The client token of the request is the id of the execution, so that EMR Serverless does
 * not start a second job run if it gets the same execution again.
 *
 * EventBridge Scheduler takes a request of at most 256 KiB as JSON. Let the job read longer arguments from S3.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
 * @example
 * declare const job: SparkEmrServerlessJob;
 *
 * new scheduler.Schedule(this, 'Hourly', {
 *   schedule: scheduler.ScheduleExpression.rate(Duration.hours(1)),
 *   target: new SparkEmrServerlessJobTarget(job, { retryAttempts: 3 }),
 * });
 */
export class SparkEmrServerlessJobTarget implements IScheduleTarget {
  private readonly job: SparkEmrServerlessJob;
  private readonly props: SparkEmrServerlessJobTargetProps;

  /**
   * Creates the target.
   *
   * @param job the job that the schedule starts
   * @param props how EventBridge Scheduler starts it
   */
  constructor(job: SparkEmrServerlessJob, props: SparkEmrServerlessJobTargetProps = {}) {
    this.job = read(undefined, '', 'job', job, sparkJob);
    this.props = read(this.job, '', PROPS, props, targetProps);
    refuse(this.job, '', scheduleTargetProblems(this.job, this.props));
  }

  /**
   * Makes the schedule start the job. `Schedule` calls it.
   *
   * @param _schedule the schedule
   */
  public bind(_schedule: ISchedule): ScheduleTargetConfig {
    // `IScheduleTarget` names its parameter so, and the type checkers of Python compare the names
    return bindToSchedule(this.job, this.props, _schedule);
  }
}
