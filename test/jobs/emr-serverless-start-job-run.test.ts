import { CfnParameter, Duration, Fn, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { jobIn, machineOf, stateOf, taskWith } from './start-job-run-parts';
import { EmrRelease, EmrServerlessStartJobRun, EmrServerlessStartJobRunProps, SparkEmrServerlessRuntime, SparkJobMode } from '../../src';
import { ENV, EXECUTION_ROLE_ARN, lazy, lazyNumber, messageOf, newStack, warnings } from '../util';

const { IntegrationPattern, JsonPath } = sfn;

/** Why a task is refused where it is made. */
function refusalOf(props: any, job: Parameters<typeof jobIn>[1] = {}): string {
  return messageOf(() => taskWith(props, job));
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
