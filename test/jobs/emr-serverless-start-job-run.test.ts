import { App, Aws, CfnParameter, CfnResource, Duration, Fn, Lazy, Stack, Stage, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { definitionIn, jobIn, machineOf, stateOf } from './start-job-run-parts';
import {
  EmrServerlessStartJobRun,
  EmrServerlessStartJobRunProps,
  EmrRelease,
  SparkEmrServerlessRuntime,
  SparkJobMode,
} from '../../src';
import {
  ACCOUNT,
  allow,
  APPLICATION_ARN,
  ENV,
  EXECUTION_ROLE_ARN,
  expectNoLiteralPartition,
  importIn,
  KEY_ARN,
  lazy,
  lazyNumber,
  newStack,
  OTHER_ACCOUNT,
  OTHER_PARTITIONS,
  policyStatements,
  USE_KEY,
  warnings,
} from '../util';

const { IntegrationPattern, JsonPath, StateMachineType, TaskRole } = sfn;

const RULE = 'StepFunctionsGetEventsForEMRServerlessJobRule';
const PASS_ROLE = {
  ...allow('iam:PassRole', EXECUTION_ROLE_ARN),
  Condition: { StringLike: { 'iam:PassedToService': 'emr-serverless.amazonaws.com' } },
};
const eventsOf = (...region: unknown[]) => allow(
  ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'],
  { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ...region, { Ref: 'AWS::AccountId' }, `:rule/${RULE}`]] },
);
const EVENTS = eventsOf(':events:eu-west-1:');

/** A task of a job in a stack of its own. */
function taskWith(props: Partial<EmrServerlessStartJobRunProps> = {}, job: Parameters<typeof jobIn>[1] = {}): EmrServerlessStartJobRun {
  const stack = newStack(ENV);
  return new EmrServerlessStartJobRun(stack, 'Start', { job: jobIn(stack, job), ...props });
}

/** Why a task is refused where it is made. */
function refusalOf(props: any, job: Parameters<typeof jobIn>[1] = {}): string {
  try {
    taskWith(props, job);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('was not refused');
}

describe('the state', () => {
  test('starts the job and waits for it', () => {
    expect(stateOf(taskWith())).toEqual({
      Type: 'Task',
      Resource: 'arn:<AWS::Partition>:states:::emr-serverless:startJobRun.sync',
      Parameters: {
        ApplicationId: '00abc123',
        ExecutionRoleArn: EXECUTION_ROLE_ARN,
        Name: 'Job',
        JobDriver: { SparkSubmit: { EntryPoint: 's3://code/job.py' } },
      },
      End: true,
    });
  });

  test('goes on at once with REQUEST_RESPONSE', () => {
    expect(stateOf(taskWith({ integrationPattern: IntegrationPattern.REQUEST_RESPONSE })).Resource)
      .toBe('arn:<AWS::Partition>:states:::emr-serverless:startJobRun');
  });

  test('has arguments in JSONata', () => {
    const stack = newStack(ENV);
    const { Arguments, Parameters, QueryLanguage } = stateOf(EmrServerlessStartJobRun.jsonata(stack, 'Start', { job: jobIn(stack) }));

    expect([Parameters, QueryLanguage]).toEqual([undefined, 'JSONata']);
    expect(Arguments.JobDriver).toEqual({ SparkSubmit: { EntryPoint: 's3://code/job.py' } });
  });

  test('follows the language of the state machine', () => {
    const { Arguments, QueryLanguage } = stateOf(taskWith(), { queryLanguage: sfn.QueryLanguage.JSONATA });

    expect([typeof Arguments, QueryLanguage]).toEqual(['object', undefined]);
  });

  test('has the request of the job, with the names of the API from the first letter on', () => {
    const { Parameters } = stateOf(taskWith({}, {
      jobName: 'nightly',
      entryPointArguments: ['--full', '$.input', 'it\'s {braced}'],
      sparkProperties: { 'spark.sql.shuffle.partitions': 8 },
      configurations: [{ classification: 'spark-log4j2', properties: { 'rootLogger.level': 'warn' } }],
      logging: { managedLogs: false },
      jobRunTags: { team: 'data' },
      mode: SparkJobMode.batch({ executionTimeout: Duration.hours(2), maxAttempts: 2 }),
    }));

    expect(Parameters).toMatchObject({
      Name: 'nightly',
      ExecutionTimeoutMinutes: 120,
      RetryPolicy: { MaxAttempts: 2 },
      JobDriver: {
        SparkSubmit: {
          EntryPointArguments: ['--full', '$.input', 'it\'s {braced}'],
          SparkSubmitParameters: '--conf spark.sql.shuffle.partitions=8',
        },
      },
      ConfigurationOverrides: {
        ApplicationConfiguration: [{ Classification: 'spark-log4j2', Properties: { 'rootLogger.level': 'warn' } }],
        MonitoringConfiguration: { ManagedPersistenceMonitoringConfiguration: { Enabled: false } },
      },
      Tags: { team: 'data' },
    });
  });

  test('has what the task says in place of what the job says', () => {
    const { Parameters } = stateOf(taskWith(
      { jobRunName: 'today', entryPointArguments: ['--quick'], executionTimeout: Duration.hours(1), jobRunTags: { run: 'daily' } },
      {
        entryPointArguments: ['--full', 'x'],
        jobRunTags: { team: 'data', run: 'any' },
        mode: SparkJobMode.batch({ executionTimeout: Duration.hours(2) }),
      },
    ));

    expect(Parameters).toMatchObject({ Name: 'today', ExecutionTimeoutMinutes: 60, Tags: { team: 'data', run: 'daily' } });
    expect(Parameters.JobDriver.SparkSubmit.EntryPointArguments).toEqual(['--quick']);
  });

  test('starts the job without arguments if the list is empty', () => {
    const { Parameters } = stateOf(taskWith({ entryPointArguments: [] }, { entryPointArguments: ['--full'] }));

    expect(Parameters.JobDriver.SparkSubmit.EntryPointArguments).toEqual([]);
  });

  test('has no client token, which would give a retry the failed job run', () => {
    const task = taskWith();
    task.addRetry({ maxAttempts: 2 });

    expect(JSON.stringify(stateOf(task))).not.toMatch(/token/i);
  });

  test('keeps what the base class makes of the other props', () => {
    const state = stateOf(taskWith({
      comment: 'nightly', resultPath: '$.run', taskTimeout: sfn.Timeout.duration(Duration.hours(3)), executionTimeout: Duration.hours(2),
    }));

    expect(state).toMatchObject({ Comment: 'nightly', ResultPath: '$.run', TimeoutSeconds: 10800 });
  });

  test('is no state with metrics of its own', () => {
    expect(() => taskWith().metricFailed()).toThrow('Task does not expose metrics');
  });
});

describe('the role of the state machine', () => {
  /** The statements of a state machine with this one task. */
  function statementsOf(task: EmrServerlessStartJobRun): any[] {
    machineOf(task);
    return policyStatements(Stack.of(task));
  }

  test('may start the job, watch and cancel its job runs, and make the rule that tells of their end', () => {
    expect(statementsOf(taskWith())).toEqual([
      allow('emr-serverless:StartJobRun', APPLICATION_ARN),
      allow(['emr-serverless:CancelJobRun', 'emr-serverless:GetJobRun'], `${APPLICATION_ARN}/jobruns/*`),
      PASS_ROLE,
      EVENTS,
    ]);
  });

  test('may start the job only, if the task does not wait', () => {
    expect(statementsOf(taskWith({ integrationPattern: IntegrationPattern.REQUEST_RESPONSE }))).toEqual([
      allow('emr-serverless:StartJobRun', APPLICATION_ARN),
      PASS_ROLE,
    ]);
  });

  test.each<[string, Partial<EmrServerlessStartJobRunProps>, object]>([
    ['the task', { jobRunTags: { run: 'daily' } }, {}],
    ['the job', {}, { jobRunTags: { team: 'data' } }],
    ['neither', {}, {}],
    ['a task with an empty map', { jobRunTags: {} }, {}],
  ])('may tag the job run if there are tags: %s', (_, props, job) => {
    const hasTags = Object.keys({ ...props.jobRunTags, ...(job as any).jobRunTags }).length > 0;

    expect(statementsOf(taskWith(props, job)).filter(({ Action }) => Action === 'emr-serverless:TagResource'))
      .toEqual(hasTags ? [allow('emr-serverless:TagResource', `${APPLICATION_ARN}/jobruns/*`)] : []);
  });

  test('may use the keys of the logs', () => {
    const stack = newStack(ENV);
    const key = kms.Key.fromKeyArn(stack, 'Key', KEY_ARN);
    const job = jobIn(stack, { logging: { managedLogsKey: key } });

    expect(statementsOf(EmrServerlessStartJobRun.jsonPath(stack, 'Start', { job })))
      .toContainEqual(expect.objectContaining({ Action: USE_KEY, Resource: KEY_ARN }));
  });

  test('has each statement once, whatever the number of tasks', () => {
    const stack = newStack(ENV);
    const job = jobIn(stack);
    const start = (id: string) => EmrServerlessStartJobRun.jsonPath(stack, id, { job });
    machineOf(start('One').next(start('Two')));

    expect(policyStatements(stack)).toHaveLength(4);
  });

  test('acts as the role of `credentials`, which needs the permissions itself', () => {
    const task = taskWith({ credentials: { role: TaskRole.fromRole(iam.Role.fromRoleArn(newStack(), 'Runner', `arn:aws:iam::${ACCOUNT}:role/runner`)) } });

    expect(stateOf(task).Credentials).toEqual({ RoleArn: `arn:aws:iam::${ACCOUNT}:role/runner` });
    expect(policyStatements(Stack.of(task))).toContainEqual(allow('sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/runner`));
  });

  test.each([[IntegrationPattern.RUN_JOB], [IntegrationPattern.REQUEST_RESPONSE]])(
    'needs nothing that the grants of the job do not give to the role of `credentials`, but the rule, with %s',
    (integrationPattern) => {
      const task = taskWith({ integrationPattern }, { jobRunTags: { team: 'data' } });
      const stack = Stack.of(task);
      const job = stack.node.findChild('Job') as ReturnType<typeof jobIn>;
      const role = new iam.Role(stack, 'Runner', { assumedBy: new iam.AccountRootPrincipal() });
      if (integrationPattern === IntegrationPattern.RUN_JOB) { job.grants.run(role); } else { job.grants.start(role); }
      machineOf(task);
      const actionsOf = (id: RegExp) => Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
        .filter(([logicalId]) => id.test(logicalId))
        .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement.flatMap(({ Action }: any) => Action));

      expect(actionsOf(/^Runner/)).toEqual(expect.arrayContaining(actionsOf(/^Machine/).filter((action) => !action.startsWith('events:'))));
    },
  );
});

describe('a task is refused', () => {
  test.each<[string, any, string]>([
    ['no props', undefined, 'must be given, got: undefined [Stack/Start]'],
    ['no job', {}, '`job` must be given, got: undefined [Stack/Start]'],
    ['an object that is no job', { job: {} }, '`job` must be a SparkEmrServerlessJob, got: an object of class Object [Stack/Start]'],
    ['a name of a job', { job: 'Job' }, '`job` must be a SparkEmrServerlessJob, got: "Job" [Stack/Start]'],
  ])('with %s', (_, props, message) => {
    expect(() => EmrServerlessStartJobRun.jsonPath(newStack(), 'Start', props)).toThrow(message);
    expect(() => EmrServerlessStartJobRun.jsonata(newStack(), 'Start', props)).toThrow(message);
    expect(() => new EmrServerlessStartJobRun(newStack(), 'Start', props)).toThrow(message);
  });

  test.each<[string, any, string]>([
    ['WAIT_FOR_TASK_TOKEN', { integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN },
      '`integrationPattern` must be RUN_JOB or REQUEST_RESPONSE, got: WAIT_FOR_TASK_TOKEN'],
    ['an unknown pattern', { integrationPattern: 'SYNC' },
      '`integrationPattern` must be one of REQUEST_RESPONSE, RUN_JOB, WAIT_FOR_TASK_TOKEN, got: "SYNC"'],
    ['a name of blanks', { jobRunName: '  ' }, '`jobRunName` must be 1 to 256 characters, not only blanks, got: "  "'],
    ['a name of 257 characters', { jobRunName: 'n'.repeat(257) }, '`jobRunName` must be 1 to 256 characters, not only blanks, got: '],
    ['1025 arguments', { entryPointArguments: new Array(1025).fill('x') }, '`entryPointArguments` must have at most 1024 arguments, got: 1025'],
    ['a number among the arguments', { entryPointArguments: [1] }, '`entryPointArguments[0]` must be a string, got: 1'],
    ['arguments in two ways', { entryPointArguments: [], entryPointArgumentsExpression: '$.args' },
      '`entryPointArguments` must not be given with `entryPointArgumentsExpression`, which gives the whole list, got: both'],
    ['a timeout of seconds', { executionTimeout: Duration.seconds(90) },
      '`executionTimeout` must be a whole number of minutes from 1 to 1000000, got: 1.5 minutes'],
    ['a key of a tag that AWS does not take', { jobRunTags: { 'aws:x': 'y' } }, 'a key of `jobRunTags` must be 1 to 128 characters'],
    ['a value of a tag that AWS does not take', { jobRunTags: { x: '$' } }, 'the value of "x" in `jobRunTags` must be a text of at most 256'],
    ['a field of JSONPath as a key', { jobRunTags: { [JsonPath.stringAt('$.key')]: 'x' } },
      'a key of `jobRunTags` must be known before the state machine runs, got: $.key'],
    ['a key that only the deployment knows', { jobRunTags: { [Fn.importValue('Key')]: 'x' } },
      'a key of `jobRunTags` must not be a token that only the deployment resolves, got: '],
    ['a value that throws', { jobRunTags: { team: new Proxy({}, { get: () => { throw new TypeError('mine'); } }) } },
      '`jobRunTags.team` must be readable, got an error: mine'],
    ['a number as its own timeout', { taskTimeout: 5 }, '`taskTimeout` must be a Timeout such as Timeout.duration(Duration.hours(1)), got: 5'],
    ['credentials without a role', { credentials: {} }, '`credentials.role` must be given, got: undefined'],
  ])('with %s', (_, props, message) => {
    expect(refusalOf(props)).toContain(message);
  });

  test('with more tags than a job run has, with those of the job', () => {
    const tags = (letter: string, count: number) => Object.fromEntries(Array.from({ length: count }, (__, i) => [`${letter}${i}`, 'x']));

    expect(refusalOf({ jobRunTags: tags('a', 101) }, { jobRunTags: tags('b', 100) })).toContain('`jobRunTags` must have at most 200 tags, got: 201');
    expect(() => taskWith({ jobRunTags: tags('a', 100) }, { jobRunTags: tags('b', 100) })).not.toThrow();
    expect(() => taskWith({ jobRunTags: tags('b', 100) }, { jobRunTags: tags('b', 101) })).not.toThrow();
  });

  test('with a timeout that the release does not take', () => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Newest', { release: EmrRelease.EMR_7_11_0 });
    const job = jobIn(stack, { runtime });
    const start = (days: number) => EmrServerlessStartJobRun.jsonPath(stack, `Start${days}`, { job, executionTimeout: Duration.days(days) });

    expect(() => start(7)).not.toThrow();
    expect(() => start(8)).toThrow('`executionTimeout` must be a whole number of minutes from 1 to 10080, got: 11520 minutes');
  });

  test('with a timeout of a streaming job', () => {
    expect(refusalOf({ executionTimeout: Duration.hours(1) }, { mode: SparkJobMode.streaming() }))
      .toContain('`executionTimeout` must not be given for a streaming job, which has no timeout, got:');
  });

  test.each([
    ['name', { jobName: JsonPath.stringAt('$.name') }, '$.name'],
    ['argument', { entryPointArguments: ['--date', `d=${JsonPath.stringAt('$.date')}`] }, '$.date'],
    ['list of arguments', { entryPointArguments: JsonPath.listAt('$.args') }, '$.args'],
    ['tag', { jobRunTags: { run: JsonPath.executionName } }, '$$.Execution.Name'],
  ])('of a job with an expression as %s', (_, job, path) => {
    expect(refusalOf({}, job)).toContain(`\`job\` must not contain a JSONPath field (give it to the task, for example in \`entryPointArguments\`), got: ${path}`);
  });

  test('before it is in the tree', () => {
    const stack = newStack();
    expect(() => EmrServerlessStartJobRun.jsonPath(stack, 'Start', { job: jobIn(stack), jobRunName: '' })).toThrow('jobRunName');
    expect(stack.node.tryFindChild('Start')).toBeUndefined();
  });

  test.each<[string, Partial<EmrServerlessStartJobRunProps>, string]>([
    ['name', { jobRunName: lazy(' ') }, '`jobRunName` must be 1 to 256 characters'],
    ['tag', { jobRunTags: { x: lazy('$') } }, 'the value of "x" in `jobRunTags` must be'],
    ['timeout', { executionTimeout: Duration.minutes(lazyNumber(0)) }, '`executionTimeout` must be a whole number of minutes'],
  ])('at synthesis, if its %s is known then only', (_, props, message) => {
    const task = taskWith(props);
    machineOf(task);

    expect(() => Template.fromStack(Stack.of(task))).toThrow(message);
  });

  test('never for what only the deployment or the execution knows', () => {
    const stack = newStack(ENV);
    const parameter = new CfnParameter(stack, 'Parameter').valueAsString;

    expect(stateOf(EmrServerlessStartJobRun.jsonPath(stack, 'Start', {
      job: jobIn(stack),
      jobRunName: parameter,
      entryPointArguments: [parameter],
      executionTimeout: Duration.minutes(JsonPath.numberAt('$.minutes')),
      jobRunTags: { parameter, [lazy('team')]: 'x', path: JsonPath.stringAt('$.tag') },
    })).Parameters).toMatchObject({
      'Name': '<Parameter>',
      'ExecutionTimeoutMinutes.$': '$.minutes',
      'Tags': { 'parameter': '<Parameter>', 'team': 'x', 'path.$': 'States.Format(\'{}\', $.tag)' },
    });
  });
});

describe('the state machine', () => {
  const express = { stateMachineType: StateMachineType.EXPRESS };

  /** Why synthesis refuses a state machine. */
  function refusalBySynthesis(stack: Stack): string {
    try {
      Template.fromStack(stack);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('was not refused');
  }

  test('does not wait in an Express workflow', () => {
    const task = taskWith();
    machineOf(task, express);

    expect(refusalBySynthesis(Stack.of(task))).toContain('[Stack/Start] `integrationPattern` must be REQUEST_RESPONSE in an Express workflow,'
      + ' Stack/Machine: only a Standard workflow waits for a job run, got: RUN_JOB');
  });

  test('starts job runs in an Express workflow', () => {
    const state = stateOf(taskWith({ integrationPattern: IntegrationPattern.REQUEST_RESPONSE }), express);

    expect(state.Resource).toMatch(/:startJobRun$/);
  });

  test.each([['Standard', StateMachineType.STANDARD], ['Lazy', lazy('STANDARD')], ['unknown', Aws.STACK_NAME]])('waits in a %s workflow', (_, type) => {
    const task = taskWith();
    machineOf(task, { stateMachineType: type as sfn.StateMachineType });

    expect(() => Template.fromStack(Stack.of(task))).not.toThrow();
  });

  test('does not wait in a workflow that synthesis makes an Express one', () => {
    const task = taskWith();
    machineOf(task, { stateMachineType: lazy('EXPRESS') as sfn.StateMachineType });

    expect(refusalBySynthesis(Stack.of(task))).toContain('must be REQUEST_RESPONSE in an Express workflow, Stack/Machine:');
  });

  test.each<[string, (stack: Stack, task: EmrServerlessStartJobRun) => sfn.IChainable]>([
    ['Parallel', (stack, task) => new sfn.Parallel(stack, 'Nest').branch(task)],
    ['Map', (stack, task) => new sfn.Map(stack, 'Nest').itemProcessor(task)],
    ['Map in a Parallel', (stack, task) => new sfn.Parallel(stack, 'Outer').branch(new sfn.Map(stack, 'Nest').itemProcessor(task))],
    ['DistributedMap', (stack, task) => new sfn.DistributedMap(stack, 'Nest').itemProcessor(task)],
    ['fragment', (stack, task) => {
      class Fragment extends sfn.StateMachineFragment {
        public readonly startState = task;
        public readonly endStates = task.endStates;
      }
      return new Fragment(stack, 'Nest').toSingleState();
    }],
  ])('is found from within a %s', (_, nest) => {
    const build = (props: Partial<sfn.StateMachineProps>) => {
      const task = taskWith();
      const stack = Stack.of(task);
      machineOf(nest(stack, task), props);
      return stack;
    };

    expect(refusalBySynthesis(build(express))).toContain('`integrationPattern` must be REQUEST_RESPONSE in an Express workflow, Stack/Machine:');
    expect(JSON.stringify(definitionIn(build({})))).toContain(':startJobRun.sync"');
    expect(policyStatements(build({}))).toContainEqual(allow('emr-serverless:StartJobRun', APPLICATION_ARN));
  });

  test.each<[string, (stack: Stack, task: sfn.IChainable) => sfn.IChainable]>([
    ['DistributedMap', (stack, task) => new sfn.DistributedMap(stack, 'Each', { mapExecutionType: StateMachineType.EXPRESS }).itemProcessor(task)],
    ['Map', (stack, task) => new sfn.Map(stack, 'Each').itemProcessor(task, {
      mode: sfn.ProcessorMode.DISTRIBUTED, executionType: sfn.ProcessorType.EXPRESS,
    })],
    ['DistributedMap with a Parallel', (stack, task) => new sfn.DistributedMap(stack, 'Each', { mapExecutionType: StateMachineType.EXPRESS })
      .itemProcessor(new sfn.Parallel(stack, 'Parallel').branch(task))],
  ])('does not wait in a %s of Express workflows', (_, each) => {
    const waiting = taskWith();
    machineOf(each(Stack.of(waiting), waiting));
    const starting = taskWith({ integrationPattern: IntegrationPattern.REQUEST_RESPONSE });
    machineOf(each(Stack.of(starting), starting));

    expect(refusalBySynthesis(Stack.of(waiting))).toContain('must be REQUEST_RESPONSE in a map of Express workflows, Stack/Each: only');
    expect(() => Template.fromStack(Stack.of(starting))).not.toThrow();
  });

  test('finds the maps of Express workflows once for all tasks, and again if there is another map', () => {
    const stack = newStack(ENV);
    const job = jobIn(stack);
    const rendered: string[] = [];
    class Each extends sfn.DistributedMap {
      public override toStateJson(): object {
        rendered.push(this.node.id);
        return super.toStateJson();
      }
    }
    const each = (i: number) => {
      const task = EmrServerlessStartJobRun.jsonPath(stack, `Start${i}`, { job });
      new Each(stack, `Each${i}`, { mapExecutionType: StateMachineType.EXPRESS }).itemProcessor(task);
      return task;
    };
    const tasks = [each(0), each(1), each(2)];
    const problems = () => tasks.map(({ node }) => node.validate().join());
    const found = (i: number) => expect.stringContaining(`in a map of Express workflows, Stack/Each${i}: only`);

    expect(problems()).toEqual([found(0), found(1), found(2)]);
    expect(rendered).toEqual(['Each0', 'Each1', 'Each2']);

    tasks.push(each(3));
    expect(problems()).toEqual([found(0), found(1), found(2), found(3)]);
    expect(rendered).toHaveLength(3 + 4);

    expect(each(4).node.validate().join()).toEqual(found(4));
  });

  test.each<[string, object, string]>([
    ['name', { jobName: lazy(JsonPath.stringAt('$.name')) }, '$.name'],
    ['argument', { entryPointArguments: ['--date', `d=${lazy(JsonPath.stringAt('$.date'))}`] }, '$.date'],
    ['list of arguments', { entryPointArguments: Lazy.list({ produce: () => ['--date', JsonPath.stringAt('$.date')] }) }, '$.date'],
    ['tag', { jobRunTags: { run: lazy(JsonPath.executionName) } }, '$$.Execution.Name'],
  ])('does not start a job that hides an expression in a Lazy %s', (_, props, path) => {
    const task = taskWith({}, props);
    machineOf(task);

    expect(refusalBySynthesis(Stack.of(task)))
      .toContain(`\`job\` must not contain a JSONPath field (give it to the task, for example in \`entryPointArguments\`), got: ${path}`);
  });

  test.each<[string, Partial<EmrServerlessStartJobRunProps>, string]>([
    ['jobRunName', { jobRunName: lazy(JsonPath.stringAt('$.x')) }, '$.x'],
    ['jobRunName', { jobRunName: Lazy.uncachedString({ produce: ({ preparing }) => preparing ? 'x' : JsonPath.stringAt('$.x') }) }, '$.x'],
    ['entryPointArguments', { entryPointArguments: [lazy(JsonPath.stringAt('$.x')), JsonPath.stringAt('$.y')] }, '$.x'],
    ['jobRunTags', { jobRunTags: { run: lazy(JsonPath.stringAt('$.x')) } }, '$.x'],
    ['executionTimeout', { executionTimeout: Duration.minutes(lazyNumber(JsonPath.numberAt('$.x'))) }, '$.x'],
  ])('takes no field of JSONPath that is hidden in a Lazy value of `%s`', (prop, props, path) => {
    const task = taskWith(props);
    machineOf(task);

    expect(refusalBySynthesis(Stack.of(task))).toContain(`\`${prop}\` must contain the JSONPath field directly, not in a Lazy value, got: ${path}`);
  });

  test('takes fields of JSONPath beside a Lazy value', () => {
    const task = taskWith({ jobRunName: lazy('x'), entryPointArguments: [JsonPath.stringAt('$.y'), JsonPath.format('{}', JsonPath.stringAt('$.z')), lazy('$.x')] });
    machineOf(task);

    expect(() => Template.fromStack(Stack.of(task))).not.toThrow();
  });

  test('waits beside a map of Express workflows, and beside maps that say nothing of theirs', () => {
    const bare = { StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } };
    class OwnMap extends sfn.Map {
      public override toStateJson(): object {
        return { ...super.toStateJson(), ...this.node.id === 'Old' ? { ItemProcessor: undefined, Iterator: bare } : { ItemProcessor: bare } };
      }
    }
    const task = taskWith();
    const stack = Stack.of(task);
    machineOf(new sfn.DistributedMap(stack, 'Each', { mapExecutionType: StateMachineType.EXPRESS })
      .itemProcessor(new sfn.Pass(stack, 'One'))
      .next(new OwnMap(stack, 'Old').itemProcessor(new sfn.Pass(stack, 'Two')))
      .next(new OwnMap(stack, 'Own').itemProcessor(new sfn.Pass(stack, 'Three'))).next(task));

    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test.each<[string, { account: string; region: string }, string]>([
    ['Region', { ...ENV, region: 'us-east-1' }, '`job` must belong to the Region of the state machine Other/Machine, us-east-1, got: eu-west-1'],
    ['account', { ...ENV, account: OTHER_ACCOUNT },
      `\`job\` must belong to the account of the state machine Other/Machine, ${OTHER_ACCOUNT}, got: ${ACCOUNT}`],
  ])('must belong to the %s of the application', (_, env, message) => {
    const app = new App();
    const job = jobIn(new Stack(app, 'Stack', { env: ENV }));
    const other = new Stack(app, 'Other', { env });
    machineOf(EmrServerlessStartJobRun.jsonPath(other, 'Start', { job }));

    expect(refusalBySynthesis(other)).toContain(message);
  });

  test('hears of job runs in its own Region, also if the task is in a stack of another one', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: ENV });
    const task = EmrServerlessStartJobRun.jsonPath(new Stack(app, 'Other', { env: { ...ENV, region: 'us-east-1' } }), 'Start', { job: jobIn(stack) });
    new sfn.StateMachine(stack, 'Machine', { definitionBody: sfn.DefinitionBody.fromChainable(task) });

    expect(policyStatements(stack)).toContainEqual(EVENTS);
  });

  test('hears of job runs in its own Region, also if its role is in a stack of another one', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: ENV });
    const other = new Stack(app, 'Other', { env: { ...ENV, region: 'us-east-1' } });
    const role = new iam.Role(other, 'Role', { assumedBy: new iam.ServicePrincipal('states.amazonaws.com'), roleName: 'machine' });
    machineOf(EmrServerlessStartJobRun.jsonPath(stack, 'Start', { job: jobIn(stack) }), { role });

    expect(policyStatements(other)).toContainEqual(EVENTS);
  });

  test.each<[string, (stack: Stack) => Parameters<typeof jobIn>[1]]>([
    ['only the deployment knows', (stack) => ({ runtime: new SparkEmrServerlessRuntime(stack, 'Application') })],
    ['a parameter decides', (stack) => ({ runtime: importIn(stack, { applicationArn: new CfnParameter(stack, 'Arn').valueAsString }) })],
  ])('hears of job runs in its own Region, also if %s it', (_, props) => {
    const stack = newStack();
    machineOf(EmrServerlessStartJobRun.jsonPath(stack, 'Start', { job: jobIn(stack, props(stack)) }));

    expect(policyStatements(stack)).toContainEqual(eventsOf(':events:', { Ref: 'AWS::Region' }, ':'));
  });

  test('is no other construct that resolves the state', () => {
    const task = taskWith();
    const other = new Stack(Stack.of(task).node.root as App, 'Other', { env: { ...ENV, region: 'us-east-1' } });
    machineOf(task);
    other.resolve(task.toStateJson());
    new CfnResource(other, 'Copy', { type: 'AWS::SSM::Parameter', properties: { Type: 'String', Value: other.toJsonString(task.toStateJson()) } });

    expect(() => Template.fromStack(other)).not.toThrow();
  });

  test.each<[string, (account: string) => string]>([
    ['a text', (account) => `arn:aws:iam::${account}:role/runner`],
    ['of a partition that only the deployment knows', (account) => `arn:${Aws.PARTITION}:iam::${account}:role/runner`],
    ['known at synthesis', (account) => lazy(`arn:aws:iam::${account}:role/runner`)],
    ['one that the deployment chooses', (account) =>
      Fn.conditionIf('IsLive', `arn:aws:iam::${account}:role/live`, `arn:aws:iam::${ACCOUNT}:role/test`).toString()],
  ])('may belong to another account than the application, with a role of its account, whose ARN is %s', (_, arnIn) => {
    const start = (account: string) => {
      const app = new App();
      const job = jobIn(new Stack(app, 'Stack', { env: ENV }));
      const other = new Stack(app, 'Other', { env: { ...ENV, account: OTHER_ACCOUNT } });
      const role = TaskRole.fromRole(iam.Role.fromRoleArn(other, 'Runner', arnIn(account)));
      machineOf(EmrServerlessStartJobRun.jsonPath(other, 'Start', { job, credentials: { role } }));
      return other;
    };

    expect(() => Template.fromStack(start(ACCOUNT))).not.toThrow();
    expect(refusalBySynthesis(start(OTHER_ACCOUNT)))
      .toContain(`\`job\` must belong to the account of the role of \`credentials\`, ${OTHER_ACCOUNT}, got: ${ACCOUNT}`);
  });

  test('may act as a role that the execution names', () => {
    const state = stateOf(taskWith({ credentials: { role: TaskRole.fromRoleArnJsonPath('$.role') } }));

    expect(state.Credentials).toEqual({ 'RoleArn.$': '$.role' });
  });

  test.each(OTHER_PARTITIONS)('has ARNs of the partition of %s', (region) => {
    const stack = newStack({ account: ACCOUNT, region });
    const runtime = new SparkEmrServerlessRuntime(stack, 'Application');
    const job = jobIn(stack, { runtime, executionRole: undefined });
    machineOf(EmrServerlessStartJobRun.jsonPath(stack, 'Start', { job }));

    expectNoLiteralPartition(stack);
  });

  test('may be in another stack than the application and the job', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: ENV });
    const job = jobIn(stack, { runtime: new SparkEmrServerlessRuntime(stack, 'Application'), executionRole: undefined });
    const other = new Stack(app, 'Other', { env: ENV });
    for (const language of ['jsonPath', 'jsonata'] as const) {
      const task = EmrServerlessStartJobRun[language](other, language, { job, entryPointArguments: ['--app', job.runtime.applicationId] });
      new sfn.StateMachine(other, `${language}Machine`, { definitionBody: sfn.DefinitionBody.fromChainable(task) });
    }
    const template = JSON.stringify(Template.fromStack(other).toJSON());

    expect(template).toContain('Stack:ExportsOutputFnGetAttApplication');
    expect(template).toContain('Stack:ExportsOutputFnGetAttJobExecutionRole');
    expect(app.synth().getStackArtifact(other.artifactId).dependencies.map(({ id }) => id)).toContain('Stack');
  });

  test('may be in a stage', () => {
    const stack = new Stack(new Stage(new App(), 'Stage', { env: ENV }), 'Resources');
    machineOf(EmrServerlessStartJobRun.jsonPath(stack, 'Start', { job: jobIn(stack) }), express);

    expect(refusalBySynthesis(stack)).toContain('in an Express workflow, Stage/Resources/Machine: only');
  });

  test('may have a definition that is made without the construct of CDK', () => {
    const task = taskWith();
    const stack = Stack.of(task);
    const graph = new sfn.StateGraph(task, 'graph');
    new sfn.CfnStateMachine(stack, 'Machine', {
      roleArn: EXECUTION_ROLE_ARN,
      definitionString: Lazy.string({ produce: () => stack.toJsonString(graph.toGraphJson()) }),
      stateMachineType: 'EXPRESS',
    });

    expect(refusalBySynthesis(stack)).toContain('in an Express workflow, Stack/Machine:');
  });
});

describe('a warning', () => {
  const RETURNS = { integrationPattern: IntegrationPattern.REQUEST_RESPONSE };
  const NEVER_ENDS = 'the task waits for a streaming job, which ends only if somebody cancels it or it fails. With `integrationPattern:'
    + ' IntegrationPattern.REQUEST_RESPONSE` the state machine goes on once the job run is accepted [ack: cdk-spark-emr-serverless:streamingNeverEnds]';
  const MAY_OUTLIVE = 'AWS does not document that the timeout of a task cancels the job run, which may go on for up to 12 hours. Give'
    + ' `executionTimeout` too, which EMR Serverless itself keeps [ack: cdk-spark-emr-serverless:runMayOutliveTask]';
  const idsOf = (task: EmrServerlessStartJobRun) => warnings(Stack.of(task)).flatMap((text) => /cdk-spark-emr-serverless:(\w+)\]/.exec(text)?.[1] ?? []);

  test.each<[string, Partial<EmrServerlessStartJobRunProps>, object, unknown[]]>([
    ['waits for a streaming job', {}, { mode: SparkJobMode.streaming() }, [NEVER_ENDS]],
    ['starts a streaming job', RETURNS, { mode: SparkJobMode.streaming() }, []],
    ['waits for a batch job', {}, { mode: SparkJobMode.batch() }, []],
    ['has a timeout of its own only', { taskTimeout: sfn.Timeout.duration(Duration.hours(1)) }, {}, [MAY_OUTLIVE]],
    ['has both timeouts', { taskTimeout: sfn.Timeout.duration(Duration.hours(1)), executionTimeout: Duration.hours(1) }, {}, []],
    ['has a timeout, and the job has one', { taskTimeout: sfn.Timeout.at('$.t') },
      { mode: SparkJobMode.batch({ executionTimeout: Duration.hours(1) }) }, []],
    ['has a timeout and does not wait', { ...RETURNS, taskTimeout: sfn.Timeout.duration(Duration.hours(1)) }, {}, []],
    ['has a path of JSONPath as a text', { entryPointArguments: ['--date', '$.date'] }, {}, [expect.stringContaining(':unmarkedExpression]')]],
    ['has a text that starts with a dollar', { entryPointArguments: ['$5', '$', '$x.y', 'costs $.5', 'States.x', 'see States.UUID()'] }, {}, []],
    ['has expressions', {
      queryLanguage: sfn.QueryLanguage.JSONATA, entryPointArguments: ['{% $states.input.date %}'], jobRunName: '{% $states.context.Execution.Name %}',
    }, {}, []],
    ['has fields', { entryPointArguments: [JsonPath.stringAt('$.date')], entryPointArgumentsExpression: undefined, jobRunName: lazy('$.x') }, {}, []],
    ['has an expression for all arguments', { entryPointArgumentsExpression: '$.arguments' }, {}, []],
    ['has a credential among its arguments', { entryPointArguments: ['--password=hunter2'] }, {}, [expect.stringContaining(':plainTextCredential]')]],
  ])('tells of a task that %s', (_, props, job, expected) => {
    expect(warnings(Stack.of(taskWith(props, job)))).toEqual(expected);
  });

  test.each<[string, sfn.RetryProps | undefined, number]>([
    ['by default', undefined, 8],
    ['of all errors', { errors: ['States.ALL'], maxAttempts: 1 }, 4],
    ['of failed job runs', { errors: ['Other', 'States.TaskFailed'], maxAttempts: 2 }, 6],
  ])('says that a retry %s multiplies with the attempts of the job', (_, props, runs) => {
    const task = taskWith({}, { mode: SparkJobMode.batch({ maxAttempts: 2 }) });

    expect(task.addRetry(props)).toBe(task);
    expect(warnings(Stack.of(task))).toEqual([
      `each retry of the task starts another job run, which has 2 attempts: a job that always fails runs ${runs} times. Use`
      + ' `addRetry()` of the task or `maxAttempts` of the job, and not both [ack: cdk-spark-emr-serverless:retriesMultiply]',
    ]);
    expect(stateOf(task).Retry).toHaveLength(1);
  });

  test.each<[string, Partial<EmrServerlessStartJobRunProps>, SparkJobMode | undefined, sfn.RetryProps]>([
    ['a job of one attempt', {}, SparkJobMode.batch({ maxAttempts: 1 }), {}],
    ['a job without `maxAttempts`', {}, undefined, {}],
    ['a number that only the deployment knows', {}, SparkJobMode.batch({ maxAttempts: Token.asNumber(Fn.ref('Attempts')) }), {}],
    ['other errors', {}, SparkJobMode.batch({ maxAttempts: 2 }), { errors: ['EMRServerless.ValidationException'] }],
    ['no retries', {}, SparkJobMode.batch({ maxAttempts: 2 }), { maxAttempts: 0 }],
    ['a task that does not wait', RETURNS, SparkJobMode.batch({ maxAttempts: 2 }), {}],
    ['a streaming job', RETURNS, SparkJobMode.streaming({ maxFailedAttemptsPerHour: 2 }), {}],
  ])('does not come for a retry of %s', (_, props, mode, retry) => {
    const task = taskWith(props, { mode });
    task.addRetry(retry);

    expect(idsOf(task)).toEqual([]);
  });

  test.each(['$.date', '$$.Execution.Name', '$[0]', 'States.UUID()', '$states.input.date', 'nightly-{% $states.input.date %}-x'])(
    'says that %s is a text, which Step Functions does not evaluate', (text) => {
      const task = taskWith({ entryPointArguments: ['--date', text], jobRunName: text });

      expect(warnings(Stack.of(task))).toEqual([
        `\`jobRunName\` is the text "${text}", \`entryPointArguments[1]\` is the text "${text}": Step Functions does not evaluate it.`
        + ' Give a JSONPath field as `JsonPath.stringAt(\'$.date\')`, and an expression of JSONata as "{% $states.input.date %}"'
        + ' [ack: cdk-spark-emr-serverless:unmarkedExpression]',
      ]);
    });
});
