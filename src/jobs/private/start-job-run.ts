import { Credentials, IntegrationPattern, QueryLanguage, TaskRole, TaskStateBaseProps, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { JobRun } from './job-run';
import { modeProblems } from './mode';
import { jobRunNameProblems } from './problems';
import { argumentProblems, argumentWarnings, ARGUMENTS } from './program';
import { sparkJob } from './settings';
import { Expressions, fieldsIn, hiddenFieldsIn, isExpression, unmarkedWarnings } from './state-language';
import { tagKeyProblems, tagProblems } from './tags';
import { factsOf } from '../../permissions/private/facts';
import { Warning } from '../../private/annotations';
import { Problems, shown } from '../../private/checks';
import {
  duration, Fields, instance, map, number, oneOf, openStruct, plainCopy, plainValue, PROPS, read, Reader, readPlace,
  required, text, typed,
} from '../../private/reading';
import { mayBeKnownLater, renderedCopies } from '../../private/rendered';
import { refuseAtSynthesis } from '../../private/validation-error';
import type {
  EmrServerlessStartJobRun, EmrServerlessStartJobRunJsonataProps, EmrServerlessStartJobRunOptions, EmrServerlessStartJobRunProps,
} from '../emr-serverless-start-job-run';
import type { SparkEmrServerlessJob } from '../spark-emr-serverless-job';

/** What one task may have in place of what the job has. */
interface GivenValues {
  readonly jobRunName?: string;
  readonly entryPointArguments?: string[];
  readonly entryPointArgumentsExpression?: string;
  readonly executionTimeout?: Duration;
  readonly jobRunTags?: { readonly [key: string]: unknown };
}

/** The props of a task, read once. */
export interface TaskSettings {
  readonly job: SparkEmrServerlessJob;
  /** The request of the job, which nothing changes. */
  readonly jobRun: JobRun;
  readonly given: GivenValues;
  readonly waits: boolean;
  readonly hasTaskTimeout: boolean;
  readonly queryLanguage?: QueryLanguage;
  readonly credentials?: Credentials;
}

type GivenProps = Omit<EmrServerlessStartJobRunOptions, 'jobRunTags'> & Pick<GivenValues, 'jobRunTags'> & TaskStateBaseProps;

const timeoutMembers = openStruct<Timeout>({ seconds: number, path: text, jsonataExpression: text });

/** CDK makes a timeout as an object with one of these members. */
const timeout: Reader<Timeout> = (prop, value, problems) =>
  typed<Timeout>('a Timeout such as Timeout.duration(Duration.hours(1))', (given) => typeof given === 'object' && given !== null
    && ['seconds', 'path', 'jsonataExpression'].some((member) => member in given))(prop, value, problems)
  && timeoutMembers(prop, value, problems);

/** Reads JSON of an object, which Step Functions evaluates. */
const jsonObject: Reader<object> = (prop, value, problems) =>
  Token.isUnresolved(value) ? value as object : plainCopy(prop, value, problems);

const BASE: Fields<TaskStateBaseProps> = {
  queryLanguage: oneOf(QueryLanguage),
  stateName: text,
  comment: text,
  timeout: duration,
  taskTimeout: timeout,
  heartbeat: duration,
  heartbeatTimeout: timeout,
  integrationPattern: oneOf(IntegrationPattern),
  credentials: openStruct<Credentials>({
    role: required(instance<TaskRole>('a TaskRole such as TaskRole.fromRole(role)', 'roleArn')),
  }),
  inputPath: text,
  outputPath: text,
  resultPath: text,
  resultSelector: jsonObject,
  outputs: plainValue,
  assign: jsonObject,
};

const givenTask = openStruct<GivenProps>({
  job: required(sparkJob),
  jobRunName: text,
  ...ARGUMENTS,
  entryPointArgumentsExpression: text,
  executionTimeout: duration,
  jobRunTags: map,
  ...BASE,
});

/** The props of a task in JSONata. The result is a copy, from which the constructor reads. */
export function jsonataProps(scope: Construct, id: string, props: EmrServerlessStartJobRunJsonataProps): EmrServerlessStartJobRunProps {
  readPlace(scope, id);
  const copy = read(scope, id, PROPS, props, givenTask) as EmrServerlessStartJobRunProps;
  return { ...copy, queryLanguage: QueryLanguage.JSONATA };
}

/** Reads the props of a task. The base class gets a copy of what is its own. */
export function readTaskSettings(scope: Construct, id: string, props: EmrServerlessStartJobRunProps)
  : TaskSettings & { readonly problems: Problems; readonly baseProps: TaskStateBaseProps } {
  readPlace(scope, id);
  const { job, jobRunName, entryPointArguments, entryPointArgumentsExpression, executionTimeout, jobRunTags, ...baseProps }
    = read(scope, id, PROPS, props, givenTask);
  const { integrationPattern, queryLanguage, credentials, taskTimeout } = baseProps;
  const given = { jobRunName, entryPointArguments, entryPointArgumentsExpression, executionTimeout, jobRunTags };
  const jobRun = job._startJobRun();
  const settings = {
    job,
    jobRun,
    given,
    waits: integrationPattern !== IntegrationPattern.REQUEST_RESPONSE,
    hasTaskTimeout: taskTimeout !== undefined,
    queryLanguage,
    credentials,
  };
  return {
    ...settings,
    baseProps,
    problems: [
      ...integrationPattern === IntegrationPattern.WAIT_FOR_TASK_TOKEN
        ? ['`integrationPattern` must be RUN_JOB or REQUEST_RESPONSE, got: WAIT_FOR_TASK_TOKEN']
        : [],
      ...fieldsIn(jobRun).map(jobFieldProblem),
      ...given.entryPointArguments && given.entryPointArgumentsExpression !== undefined
        ? ['`entryPointArguments` must not be given with `entryPointArgumentsExpression`, which gives the whole list, got: both']
        : [],
      ...tagKeyProblems(Stack.of(scope), 'jobRunTags', given.jobRunTags),
      ...taskValueProblems(settings, given),
    ],
  };
}

function jobFieldProblem(path: string): string {
  return `\`job\` must not contain a JSONPath field (give it to the task, for example in \`entryPointArguments\`), got: ${path}`;
}

/** Lists the problems of the values, which may have tokens. Nothing is known of what an expression gives. */
function taskValueProblems({ job, jobRun: { mode, tags } }: TaskSettings, given: GivenValues): Problems {
  const { jobRunName, entryPointArguments, executionTimeout, jobRunTags = {} } = given;
  const isStreaming = mode === 'STREAMING';
  return [
    ...jobRunName === undefined || isExpression(jobRunName) ? [] : jobRunNameProblems('jobRunName', jobRunName),
    ...argumentProblems(entryPointArguments),
    ...executionTimeout && isStreaming
      ? [`\`executionTimeout\` must not be given for a streaming job, which has no timeout, got: ${shown(executionTimeout.toString())}`]
      : modeProblems({ isStreaming, executionTimeout }, factsOf(job.runtime)!.release),
    ...Object.keys(jobRunTags).flatMap(fieldsIn).map((path) =>
      `a key of \`jobRunTags\` must be known before the state machine runs, got: ${path}`),
    ...tagProblems('jobRunTags', {
      ...tags,
      ...Object.fromEntries(Object.entries(jobRunTags).map(([key, value]) =>
        [key, typeof value === 'string' && isExpression(value) ? '' : value])),
    }),
  ];
}

/** Checks the values again when the app is synthesized. */
export function checkTaskWhenRendered(task: EmrServerlessStartJobRun, settings: TaskSettings): void {
  const { jobRun, given } = settings;
  if (mayBeKnownLater(jobRun)) {
    refuseAtSynthesis(task, () => hiddenFieldsIn(task, jobRun).map(jobFieldProblem));
  }
  if (mayBeKnownLater(given)) {
    refuseAtSynthesis(task, () => Object.entries({ ...given, executionTimeout: executionMinutes(given.executionTimeout) })
      .flatMap(([prop, value]) => hiddenFieldsIn(task, value).map((path) =>
        `\`${prop}\` must contain the JSONPath field directly, not in a Lazy value, got: ${path}`)));
  }
  const { jobRunName, jobRunTags = {}, executionTimeout } = settings.given;
  const literals = {
    executionTimeout: fieldsIn(executionMinutes(executionTimeout)).length > 0 ? undefined : executionTimeout,
    jobRunName: jobRunName === undefined || isExpression(jobRunName) ? undefined : jobRunName,
    jobRunTags: Object.fromEntries(Object.entries(jobRunTags).filter(([, value]) => !isExpression(value as string))),
  };
  if (!mayBeKnownLater(literals)) { return; }
  refuseAtSynthesis(task, () => renderedCopies(task, literals).flatMap((rendered) => taskValueProblems(settings, rendered)));
}

/** The task in place of the job. */
export function expressionsFrom({ given: { executionTimeout, jobRunTags, ...others } }: TaskSettings): Expressions {
  return {
    ...others,
    executionTimeoutMinutes: executionMinutes(executionTimeout),
    jobRunTags: jobRunTags as Expressions['jobRunTags'],
  };
}

function executionMinutes(executionTimeout: Duration | undefined): number | undefined {
  return executionTimeout?.toMinutes();
}

export function taskWarnings(settings: TaskSettings): Warning[] {
  const { given, jobRun: { mode, executionTimeoutMinutes }, waits, hasTaskTimeout } = settings;
  const isStreaming = mode === 'STREAMING';
  return [
    ...argumentWarnings(given.entryPointArguments),
    ...unmarkedWarnings(expressionsFrom(settings)),
    ...waits && isStreaming ? [{
      id: 'streamingNeverEnds',
      message: 'the task waits for a streaming job, which ends only if somebody cancels it or it fails. With'
        + ' `integrationPattern: IntegrationPattern.REQUEST_RESPONSE` the state machine goes on once the job run is accepted',
    }] : [],
    ...waits && !isStreaming && hasTaskTimeout && !given.executionTimeout && executionTimeoutMinutes === undefined ? [{
      id: 'runMayOutliveTask',
      message: 'AWS does not document that the timeout of a task cancels the job run, which may go on for up to 12 hours. Give'
        + ' `executionTimeout` too, which EMR Serverless itself keeps',
    }] : [],
  ];
}
