import { Duration, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, ScheduleExpression, ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, IntegrationPattern, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { EmrServerlessStartJobRun, ISparkEmrServerlessRuntime, SparkCode, SparkEmrServerlessJob } from 'cdk-spark-emr-serverless';
import { Grantee, granteeOf, KINDS } from './applications';
import { Deployment, IRELAND, Place } from './deployment';
import { AskedThing, LogDestinations } from './log-destinations';
import { LOGGING_KINDS } from './logging-roles';

/** A program that every image of EMR Serverless has. */
export const PROGRAM = SparkCode.fromImage('/usr/lib/spark/examples/src/main/python/pi.py');

/** A job, whose application has logs, or which has logs of its own. */
export interface JobCase {
  readonly place?: Place;
  readonly context?: Record<string, boolean>;
  /** Where the application comes from. */
  readonly kind?: string;
  /** A row of `LOGGING`. */
  readonly option?: string;
  readonly logsOf?: 'the application' | 'the job';
  readonly hasTags?: boolean;
}

export interface StartedJob {
  readonly deployment: Deployment;
  readonly applicationArn: string;
  readonly executionRole: Grantee;
  /** Where logs go, and their keys. */
  readonly things: () => Promise<AskedThing[]>;
  /** The dead-letter queue of the schedule. */
  readonly queueArn: string;
  readonly scheduleGroupArn: string;
  /** Who may start job runs, by their names in `STARTERS`. */
  readonly starters: { readonly [who: string]: Grantee };
}

/** A stack with a job and with everything that can start it. */
export function startedJob({ place = IRELAND, context, kind = 'created', option = 'no option', logsOf, hasTags = false }: JobCase): StartedJob {
  const destinations = new LogDestinations(place, context);
  const { stack } = destinations;
  const runtime = logsOf === 'the application'
    ? LOGGING_KINDS[kind](destinations, option).runtime!
    : KINDS[kind](stack, place) as ISparkEmrServerlessRuntime;
  const job = new SparkEmrServerlessJob(stack, 'Job', {
    runtime,
    entryPoint: PROGRAM,
    logging: logsOf === 'the job' ? destinations.options(option) : undefined,
    jobRunTags: hasTags ? { team: 'data' } : undefined,
  });
  const queue = new Queue(stack, 'Queue');
  const group = new ScheduleGroup(stack, 'Group', { scheduleGroupName: 'jobs' });
  const schedule = job.addSchedule('EveryHour', { schedule: ScheduleExpression.rate(Duration.hours(1)), deadLetterQueue: queue, scheduleGroup: group });

  const role = (id: string) => new Role(stack, id, { assumedBy: new AccountRootPrincipal() });
  const starters: { readonly [who: string]: Role } = {
    'job.grants.start': role('Starter'),
    'job.grants.run': role('Runner'),
    'a task that waits': stateMachine(stack, job, 'Waits', IntegrationPattern.RUN_JOB).role as Role,
    'a task that does not wait': stateMachine(stack, job, 'Submits', IntegrationPattern.REQUEST_RESPONSE).role as Role,
  };
  job.grants.start(starters['job.grants.start']);
  job.grants.run(starters['job.grants.run']);

  const deployment = Deployment.of(stack, place);
  const { RoleArn: scheduleRoleArn } = deployment.scheduleTargets()[stack.getLogicalId(schedule.node.defaultChild as CfnSchedule)];
  return {
    deployment,
    applicationArn: deployment.value(runtime.applicationArn),
    executionRole: granteeOf(deployment, job.executionRole),
    things: () => destinations.things(deployment, option, runtime.applicationId),
    queueArn: deployment.value(queue.queueArn),
    scheduleGroupArn: deployment.value(group.scheduleGroupArn),
    starters: {
      ...Object.fromEntries(Object.entries(starters).map(([who, one]) => [who, granteeOf(deployment, one)])),
      'a schedule': { principal: scheduleRoleArn, identityPolicies: deployment.identityPolicies(scheduleRoleArn) },
    },
  };
}

function stateMachine(stack: Stack, job: SparkEmrServerlessJob, id: string, integrationPattern: IntegrationPattern): StateMachine {
  const task = EmrServerlessStartJobRun.jsonPath(stack, `${id}Task`, { job, integrationPattern });
  return new StateMachine(stack, id, { definitionBody: DefinitionBody.fromChainable(task) });
}
