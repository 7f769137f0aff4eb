import { Deployment, IRELAND, Place } from './deployment';
import { askJudge, askJudgeMeanwhile, JobRunRequest } from './start-job-run';

interface Validation {
  readonly isValid: boolean;
  readonly errors: readonly { readonly 'Error code': string; readonly 'Message': string }[];
}

const validate: (definition: object, options: { checkPaths: boolean; checkArn: boolean }) => Validation = require('asl-validator');

/** What asl-validator finds in the definition of a state machine. */
export function definitionProblems(definition: object): string[] {
  // it writes into what it reads
  const { isValid, errors } = validate(structuredClone(definition), { checkPaths: true, checkArn: true });
  const problems = errors.map(({ 'Error code': code, Message }) => `${code}: ${Message}`);
  return isValid || problems.length > 0 ? problems : ['it is not valid'];
}

type Language = NonNullable<JobRunRequest['language']>;

interface State {
  readonly Type: string;
  readonly QueryLanguage?: Language;
  readonly Resource?: string;
  readonly Parameters?: unknown;
  readonly Arguments?: unknown;
  readonly Branches?: Machine[];
  readonly ItemProcessor?: Machine;
  readonly Iterator?: Machine;
}

interface Machine {
  readonly QueryLanguage?: Language;
  readonly States: { readonly [name: string]: State };
}

const START_JOB_RUN = /^arn:aws[a-z-]*:states:::emr-serverless:startJobRun(\.sync)?$/;

/** The requests of the tasks that start job runs, by the names of their states, also of those in branches and maps. */
export function requestsOfTasks(definition: object, inherited: Language = 'JSONPath'): { [state: string]: JobRunRequest } {
  const { States, QueryLanguage = inherited } = definition as Machine;
  return Object.assign({}, ...Object.entries(States).map(([name, state]) => {
    const language = state.QueryLanguage ?? QueryLanguage;
    const within = [...state.Branches ?? [], state.ItemProcessor, state.Iterator].filter((machine) => machine !== undefined);
    return Object.assign({},
      START_JOB_RUN.test(state.Resource ?? '')
        ? { [name]: { form: 'task', language, request: language === 'JSONata' ? state.Arguments : state.Parameters } } : {},
      ...within.map((machine) => requestsOfTasks(machine, QueryLanguage)));
  }));
}

const UNIVERSAL_TARGET = /^arn:aws[a-z-]*:scheduler:::aws-sdk:emrserverless:startJobRun$/;

/** The requests of every task and schedule of a template that starts job runs. */
export function requestsOf(deployment: Deployment): { [where: string]: JobRunRequest } {
  const ofTasks = Object.entries(deployment.stateMachines()).flatMap(([id, { definition }]) =>
    Object.entries(requestsOfTasks(definition)).map(([state, request]): [string, JobRunRequest] => [`${state} of ${id}`, request]));
  const ofSchedules = Object.entries(deployment.scheduleTargets()).filter(([, { Arn }]) => UNIVERSAL_TARGET.test(Arn))
    .map(([id, { Input }]): [string, JobRunRequest] => [id, { form: 'schedule', request: JSON.parse(Input ?? 'null') }]);
  return Object.fromEntries([...ofTasks, ...ofSchedules]);
}

/** An execution of a state machine. */
export interface Execution {
  readonly definition: object;
  readonly input: unknown;
  /** The ids of the applications that exist. */
  readonly applications: readonly string[];
  /** The states that the job runs have one after the other; those without succeed at once. */
  readonly runs?: readonly (readonly JobRunState[])[];
}

export type JobRunState = 'PENDING' | 'RUNNING' | 'SUCCESS' | 'FAILED' | 'CANCELLED';

export interface Ended {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'RUNNING';
  readonly output?: any;
  readonly error?: string;
  readonly cause?: string;
  /** What the tasks asked for, with all expressions evaluated. */
  readonly requests: { readonly resource: string; readonly parameters: any }[];
}

/** Runs state machines with moto's interpreter. */
export function execute<Name extends string>(
  executions: Record<Name, Execution>, { region, account }: Place = IRELAND,
): Record<Name, Ended> {
  return askJudge('state_machines.py', inRegion(region, executions), { MOTO_ACCOUNT_ID: account }) as Record<Name, Ended>;
}

/** A service that runs jobs, and the access key of the role whose tasks call it. */
export interface TasksService {
  readonly endpoint: string;
  readonly accessKeyId: string;
}

/** Runs state machines with moto's interpreter, and their tasks with a service. */
export async function executeWith<Name extends string>(
  { endpoint, accessKeyId }: TasksService, executions: Record<Name, Execution>, { region, account }: Place = IRELAND,
): Promise<Record<Name, Ended>> {
  const env = { MOTO_ACCOUNT_ID: account, TASKS_ENDPOINT: endpoint, TASKS_ACCESS_KEY_ID: accessKeyId };
  return await askJudgeMeanwhile('state_machines.py', inRegion(region, executions), env) as Record<Name, Ended>;
}

function inRegion(region: string, executions: Record<string, Execution>): object {
  return Object.fromEntries(Object.entries(executions).map(([name, execution]) => [name, { region, ...execution }]));
}
