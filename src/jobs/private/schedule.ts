import { IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import {
  CfnSchedule, ContextAttribute, ISchedule, IScheduleGroup, ScheduleExpression, ScheduleTargetConfig, ScheduleTargetInput, TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Aspects, PhysicalName, Stack, Token } from 'aws-cdk-lib/core';
import { JobRun, pascalCased } from './job-run';
import { jobRunNameProblems } from './problems';
import { argumentProblems, argumentWarnings, ARGUMENTS } from './program';
import { iamRole } from './settings';
import { grant } from '../../permissions/private/grant';
import { warn, Warning } from '../../private/annotations';
import { otherAccountProblems } from '../../private/arn';
import { isLiteral, patternProblems, Problems, secondsProblems, shown, wholeNumberProblems } from '../../private/checks';
import { environmentProblems, regionProblems } from '../../private/environments';
import { kmsKeyProblems } from '../../private/keys';
import { duration, Fields, instance, knownBoolean, number, read, required, struct, text } from '../../private/reading';
import { mayBeKnownLater, renderedCopies, renderings, UNKNOWN, withoutTokens } from '../../private/rendered';
import { refuse, refuseAtSynthesis } from '../../private/validation-error';
import type { SparkEmrServerlessJob } from '../spark-emr-serverless-job';
import type { SparkEmrServerlessJobScheduleOptions, SparkEmrServerlessJobTargetProps } from '../spark-emr-serverless-job-target';

const MAX_INPUT = 256 * 1024;
const MAX_RETRIES = 185;
const MAX_AGE = 24 * 60 * 60;
const MIN_AGE = 60;

const TARGET: Fields<SparkEmrServerlessJobTargetProps> = {
  role: iamRole,
  deadLetterQueue: instance<IQueue>('a queue', 'queueArn', 'grantSendMessages', 'fifo', 'env'),
  maxEventAge: duration,
  retryAttempts: number,
  ...ARGUMENTS,
  jobRunName: text,
};

export const targetProps = struct<SparkEmrServerlessJobTargetProps>(TARGET);

export const scheduleOptions = struct<SparkEmrServerlessJobScheduleOptions>({
  ...TARGET,
  schedule: required(
    instance<ScheduleExpression>('a ScheduleExpression such as ScheduleExpression.rate(Duration.hours(1))', 'expressionString')),
  scheduleName: text,
  description: text,
  // `Schedule` takes a token for true, and would turn the schedule on
  enabled: knownBoolean,
  timeWindow: instance<TimeWindow>('a TimeWindow such as TimeWindow.flexible(Duration.minutes(15))', 'mode'),
  start: instance<Date>('a date', 'toISOString', 'getTime'),
  end: instance<Date>('a date', 'toISOString', 'getTime'),
  scheduleGroup: instance<IScheduleGroup>('a schedule group', 'scheduleGroupName', 'scheduleGroupArn', 'env'),
  key: instance<IKey>('a KMS key', 'keyArn', 'grantDecrypt', 'keyRef', 'env'),
});

const awsSchedule = instance<ISchedule>('a schedule of EventBridge Scheduler', 'scheduleArn', 'node', 'env');

/** Lists what is wrong with the schedule, except for its target. */
export function scheduleProblems({ runtime }: SparkEmrServerlessJob, options: SparkEmrServerlessJobScheduleOptions): Problems {
  const { scheduleName, description, start, end, key } = options;
  return [
    ...patternProblems('scheduleName', scheduleName, 64, /^[\w.-]+$/, '1 to 64 characters of A-Z a-z 0-9 - _ .'),
    ...patternProblems('description', description || undefined, 512, /(?:)/, 'at most 512 characters'),
    ...dateProblems(start, end),
    ...kmsKeyProblems('key', key, runtime.env.region),
  ];
}

function dateProblems(start: Date | undefined, end: Date | undefined): Problems {
  const invalid = Object.entries({ start, end }).filter(([, date]) => date && Number.isNaN(date.getTime())).map(([prop]) => prop);
  if (invalid.length > 0) { return invalid.map((prop) => `\`${prop}\` must be a valid date, got: Invalid Date`); }
  return start && end && start >= end
    ? [`\`start\` must be before \`end\`, got: ${start.toISOString()} and ${end.toISOString()}`]
    : [];
}

/** Lists what is wrong with the target. */
export function scheduleTargetProblems({ runtime: { env } }: SparkEmrServerlessJob, props: SparkEmrServerlessJobTargetProps): Problems {
  const { role, deadLetterQueue } = props;
  return [
    ...role ? otherAccountProblems('`role`', role.env.account, env.account) : [],
    ...queueProblems(deadLetterQueue),
    ...regionProblems('deadLetterQueue', deadLetterQueue, env),
    ...targetValueProblems(props),
  ];
}

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html */
function queueProblems(queue: IQueue | undefined): Problems {
  return queue?.fifo ? [`\`deadLetterQueue\` must be a standard queue, got: the FIFO queue ${queue.node.path}`] : [];
}

/** Lists the problems of the values, which may have tokens. */
function targetValueProblems(props: SparkEmrServerlessJobTargetProps): Problems {
  return [
    ...secondsProblems('maxEventAge', props.maxEventAge, MIN_AGE, MAX_AGE, '60 seconds to 24 hours in whole seconds'),
    ...wholeNumberProblems('retryAttempts', props.retryAttempts, 0, MAX_RETRIES),
    ...argumentProblems(props.entryPointArguments),
    ...jobRunNameProblems('jobRunName', props.jobRunName),
  ];
}

/** Makes a schedule start the job. */
export function bindToSchedule(
  target: SparkEmrServerlessJob,
  props: SparkEmrServerlessJobTargetProps,
  schedule: ISchedule,
): ScheduleTargetConfig {
  const { entryPointArguments, jobRunName: name, deadLetterQueue, maxEventAge, retryAttempts } = props;
  read(target, '', 'schedule', schedule, awsSchedule);
  refuse(schedule, '', scheduleEnvironmentProblems(target, schedule));
  const jobRun = target._startJobRun({ entryPointArguments, name });
  const request = Stack.of(schedule).toJsonString({
    ...pascalCased(jobRun) as object,
    ClientToken: ContextAttribute.executionId,
  });
  checkRequestWhenRendered(schedule, props, request);
  waitForExecutionRole(target, schedule);
  warn(schedule, ...argumentWarnings(entryPointArguments), ...attributeWarnings(jobRun));
  warnOfRepeatedStreaming(target, schedule);
  return {
    arn: `arn:${Stack.of(schedule).partition}:scheduler:::aws-sdk:emrserverless:startJobRun`,
    role: roleFor(target, props, schedule),
    // a text, because an object would lose lists and numbers that are tokens
    input: ScheduleTargetInput.fromText(request),
    deadLetterConfig: deadLetterQueue && { arn: deadLetterQueue.queueArn },
    retryPolicy: { maximumEventAgeInSeconds: comparable(maxEventAge?.toSeconds()), maximumRetryAttempts: comparable(retryAttempts) },
  };
}

/** EventBridge Scheduler leaves other names as they are. */
function attributeWarnings({ name = '', jobDriver: { sparkSubmit: { entryPointArguments = [] } } }: JobRun): Warning[] {
  const { scheduledTime, executionId, scheduleArn, attemptNumber } = ContextAttribute;
  const replaced = [scheduledTime, executionId, scheduleArn, attemptNumber];
  const attributes = [name, ...entryPointArguments].filter(isLiteral).flatMap((value) => value.match(/<aws\.scheduler\.[^<>]{0,40}>?/gi) ?? []);
  const unknown = [...new Set(attributes)].filter((attribute) => !replaced.includes(attribute));
  return unknown.length === 0 ? [] : [{
    id: 'unknownContextAttribute',
    message: `EventBridge Scheduler does not replace ${unknown.map(shown).join(', ')}, which the job gets as it is.`
      + ` Use one of ${replaced.join(', ')}`,
  }];
}

/** EventBridge Scheduler calls the service in the Region and the account of the schedule. */
function scheduleEnvironmentProblems({ runtime: { env } }: SparkEmrServerlessJob, schedule: ISchedule): Problems {
  return [
    ...environmentProblems('schedule', schedule, env),
    ...environmentProblems('scheduleGroup', schedule.scheduleGroup, env),
  ];
}

/** `Schedule` compares numbers with the limits of the service. It would refuse the number that stands for a token. */
function comparable(value: number | undefined): number | undefined {
  return value === undefined || isLiteral(value) ? value : Token.asAny(value) as unknown as number;
}

function checkRequestWhenRendered(schedule: ISchedule, props: SparkEmrServerlessJobTargetProps, request: string): void {
  const { role, deadLetterQueue, ...values } = props;
  if (mayBeKnownLater(values)) { refuseAtSynthesis(schedule, () => renderedCopies(schedule, values).flatMap(targetValueProblems)); }
  refuseAtSynthesis(schedule, () => renderings(schedule, request).flatMap((rendered) => {
    const bytes = Buffer.byteLength(withoutTokens(rendered).replaceAll(UNKNOWN, ''));
    return bytes <= MAX_INPUT ? [] : [
      `the request of the job must have at most ${MAX_INPUT} bytes as JSON, which EventBridge Scheduler allows, got: ${bytes}.`
      + ' Let the job read long arguments from S3',
    ];
  }));
}

/**
 * The role as which EventBridge Scheduler starts the job. CDK's targets share one role among all schedules of a stack that call the same
 * API, so that it could pass all execution roles.
 */
function roleFor(target: SparkEmrServerlessJob, props: SparkEmrServerlessJobTargetProps, schedule: ISchedule): IRole {
  const role = props.role ?? new Role(schedule, 'Role', {
    assumedBy: schedulerPrincipal(schedule),
    // a dead-letter queue of another account names the role in its policy
    roleName: PhysicalName.GENERATE_IF_NEEDED,
  });
  const granted = grant(target.runtime, role, target._submissionAccess({}));
  props.deadLetterQueue?.grantSendMessages(role);
  if (!props.role) {
    // or a schedule could fire before the policy exists, or after it is gone. The resource of the schedule does not exist yet
    whenCreated(schedule, (resource) => granted.applyBefore(resource));
  }
  return role;
}

/**
 * A schedule that fires at once must find the execution role with its policies, those that it gets later among them. A role of another
 * stack has them before this stack is deployed, if the ARN refers to it. An imported one there may have policies that depend on this stack.
 */
function waitForExecutionRole({ executionRole }: SparkEmrServerlessJob, schedule: ISchedule): void {
  if (Stack.of(executionRole) !== Stack.of(schedule)) { return; }
  whenCreated(schedule, (resource) => resource.node.addDependency(executionRole));
}

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html */
function schedulerPrincipal(schedule: ISchedule): ServicePrincipal {
  const { account, region } = schedule.env;
  const groupArn = schedule.scheduleGroup?.scheduleGroupArn
    ?? Stack.of(schedule).formatArn({ service: 'scheduler', region, account, resource: 'schedule-group', resourceName: 'default' });
  return new ServicePrincipal('scheduler.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': groupArn } },
  });
}

function warnOfRepeatedStreaming(target: SparkEmrServerlessJob, schedule: ISchedule): void {
  if (target._startJobRun().mode !== 'STREAMING') { return; }
  whenCreated(schedule, ({ scheduleExpression }) => {
    if (/^at\(/.test(scheduleExpression)) { return; }
    warn(schedule, {
      id: 'scheduledStreaming',
      message: 'each time the schedule fires, it starts one more job run that does not end, because the job has the mode'
        + ' `SparkJobMode.streaming()`. Use `SparkJobMode.batch()`, or a schedule that fires once (`ScheduleExpression.at()`)',
    });
  });
}

/** A target is bound before the resource of the schedule is created. */
function whenCreated(schedule: ISchedule, visit: (resource: CfnSchedule) => void): void {
  Aspects.of(schedule).add({ visit: (construct) => { if (CfnSchedule.isCfnSchedule(construct)) { visit(construct); } } });
}
