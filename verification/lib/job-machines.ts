import { App, Duration, Stack } from 'aws-cdk-lib';
import { CfnStateMachine, DefinitionBody, IntegrationPattern, JsonPath, Pass, QueryLanguage, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { EmrServerlessStartJobRun, EmrServerlessStartJobRunOptions, SparkEmrServerlessJob, SparkEmrServerlessRuntime } from 'cdk-spark-emr-serverless';
import { Deployment, IRELAND } from './deployment';
import { PROGRAM } from './jobs';

export interface Machine {
  readonly definition: object;
  readonly applicationId: string;
}

type Language = 'JSONPath' | 'JSONata';
export const LANGUAGES: readonly Language[] = ['JSONPath', 'JSONata'];

/** What only an execution knows, as each language says it. */
const DYNAMIC: { readonly [language in Language]: () => { readonly [what: string]: Partial<EmrServerlessStartJobRunOptions> } } = {
  JSONPath: () => ({
    // moto spoils the escapes of intrinsic functions, so that no text here has one
    'items of the arguments': { entryPointArguments: ['--date', JsonPath.stringAt('$.date'), 'a b'] },
    'all arguments': { entryPointArgumentsExpression: '$.arguments' },
    'the name and the tags': { jobRunName: JsonPath.format('nightly {}', JsonPath.stringAt('$.date')), jobRunTags: { date: JsonPath.stringAt('$.date') } },
  }),
  JSONata: () => ({
    'items of the arguments': { entryPointArguments: ['--date', '{% $states.input.date %}', 'a b'] },
    'all arguments': { entryPointArgumentsExpression: '{% $states.input.arguments %}' },
    'the name and the tags': { jobRunName: '{% "nightly " & $states.input.date %}', jobRunTags: { date: '{% $states.input.date %}' } },
  }),
};

interface Scenario {
  readonly options?: Partial<EmrServerlessStartJobRunOptions> & { readonly integrationPattern?: IntegrationPattern };
  /** What comes after the task or handles its failure. */
  readonly then?: (stack: Stack, task: EmrServerlessStartJobRun) => void;
}

/** A state that keeps what the job run that failed says of itself, parsed. */
const CATCH: { readonly [language in Language]: Scenario['then'] } = {
  JSONPath: (stack, task) => {
    task.addCatch(new Pass(stack, 'Failed', { parameters: { run: JsonPath.stringToJson(JsonPath.stringAt('$.failure.Cause')) } }), {
      errors: ['States.TaskFailed'], resultPath: '$.failure',
    });
  },
  JSONata: (stack, task) => {
    task.addCatch(Pass.jsonata(stack, 'Failed', { outputs: '{% $states.input %}' }), {
      errors: ['States.TaskFailed'], outputs: { run: '{% $parse($states.errorOutput.Cause) %}' },
    });
  },
};

export function scenarios(language: Language): { readonly [what: string]: Scenario } {
  return {
    'waits': {},
    'does not wait': { options: { integrationPattern: IntegrationPattern.REQUEST_RESPONSE } },
    'retries': { then: (_, task) => { task.addRetry({ errors: ['States.TaskFailed'], interval: Duration.seconds(1), maxAttempts: 1 }); } },
    'catches': { then: CATCH[language] },
    ...Object.fromEntries(Object.entries(DYNAMIC[language]()).map(([what, options]) => [what, { options }])),
  };
}

/** A state machine with a task of the library, as it stands in the template. */
export function machine(language: Language, { options, then }: Scenario): Machine {
  const stack = new Stack(new App(), 'Stack');
  const job = new SparkEmrServerlessJob(stack, 'Job', {
    runtime: new SparkEmrServerlessRuntime(stack, 'Spark'),
    entryPoint: PROGRAM,
    // texts that the language would take for its own, if they were not the job's
    entryPointArguments: ['$.date', 'States.UUID()', 'it\'s {it} \\'],
    sparkProperties: { 'spark.custom': 'a b' },
    configurations: [{ classification: 'spark-log4j2', properties: { 'logger.x.level': 'warn' } }],
    logging: { cloudWatchLogs: {} },
    jobRunTags: { 'team': 'data', 'cost center': '1' },
  });
  const task = language === 'JSONPath'
    ? EmrServerlessStartJobRun.jsonPath(stack, 'Run', { job, ...options })
    : EmrServerlessStartJobRun.jsonata(stack, 'Run', { job, ...options });
  then?.(stack, task);
  const queryLanguage = language === 'JSONPath' ? QueryLanguage.JSON_PATH : QueryLanguage.JSONATA;
  const resource = new StateMachine(stack, 'StateMachine', { definitionBody: DefinitionBody.fromChainable(task), queryLanguage });
  const deployment = Deployment.of(stack, IRELAND);
  const logicalId = stack.getLogicalId(resource.node.defaultChild as CfnStateMachine);
  return { definition: deployment.stateMachines()[logicalId].definition, applicationId: deployment.value(job.runtime.applicationId) };
}
