import { App, Aws, CfnParameter, CfnResource, Duration, Fn, Lazy, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { definitionIn, EVENTS, eventsOf, jobIn, machineOf, stateOf, taskWith } from './start-job-run-parts';
import { EmrServerlessStartJobRun, EmrServerlessStartJobRunProps, SparkEmrServerlessRuntime } from '../../src';
import {
  ACCOUNT,
  allow,
  APPLICATION_ARN,
  ENV,
  EXECUTION_ROLE_ARN,
  expectNoLiteralPartition,
  importIn,
  lazy,
  lazyNumber,
  messageOf,
  newStack,
  OTHER_ACCOUNT,
  OTHER_PARTITIONS,
  policyStatements,
} from '../util';

const { IntegrationPattern, JsonPath, StateMachineType, TaskRole } = sfn;

describe('the state machine', () => {
  const express = { stateMachineType: StateMachineType.EXPRESS };

  /** Why synthesis refuses a state machine. */
  function refusalBySynthesis(stack: Stack): string {
    return messageOf(() => Template.fromStack(stack));
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
