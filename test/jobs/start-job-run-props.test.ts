import { Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { jobIn, stateOf } from './start-job-run-parts';
import { EmrServerlessStartJobRun } from '../../src';
import { ACCOUNT, ENV, newStack, OTHER_ACCOUNT } from '../util';

const { JsonPath, QueryLanguage, TaskRole, Timeout } = sfn;

/** Callers from JavaScript, JSON and Python have no compiler. */
const untyped = (value: unknown): any => value;

function taskWith(props: object): EmrServerlessStartJobRun {
  const stack = newStack(ENV);
  return new EmrServerlessStartJobRun(stack, 'Start', { job: jobIn(stack), ...props });
}

function taskRole(account: string, name = 'runner'): sfn.TaskRole {
  return TaskRole.fromRole(iam.Role.fromRoleArn(newStack(), name, `arn:aws:iam::${account}:role/${name}`));
}

describe('props that change after the constructor', () => {
  test('change nothing of the state', () => {
    const props = {
      credentials: { role: taskRole(ACCOUNT) },
      taskTimeout: { seconds: 600 },
      heartbeatTimeout: { seconds: 60 },
      resultSelector: { inner: { list: ['a'] } },
      assign: { variable: { list: ['a'] } },
      entryPointArguments: ['a'],
      jobRunTags: { team: 'a' },
    };
    const task = taskWith(props);
    const before = stateOf(task);

    props.credentials.role = taskRole(OTHER_ACCOUNT);
    props.taskTimeout.seconds = 1;
    props.heartbeatTimeout.seconds = 1;
    props.resultSelector.inner.list.push('b');
    props.assign.variable.list.push('b');
    props.entryPointArguments.push('b');
    props.jobRunTags.team = 'b';

    expect(Stack.of(task).resolve(task.toStateJson())).toMatchObject({
      Credentials: { RoleArn: `arn:aws:iam::${ACCOUNT}:role/runner` },
      TimeoutSeconds: before.TimeoutSeconds,
      HeartbeatSeconds: before.HeartbeatSeconds,
      ResultSelector: { inner: { list: ['a'] } },
      Assign: { variable: { list: ['a'] } },
      Parameters: { JobDriver: { SparkSubmit: { EntryPointArguments: ['a'] } }, Tags: { team: 'a' } },
    });
    expect([before.TimeoutSeconds, before.HeartbeatSeconds]).toEqual([600, 60]);
  });

  test('change no output in JSONata', () => {
    const outputs = { id: ['{% $states.result.JobRunId %}'] };
    const stack = newStack(ENV);
    const task = EmrServerlessStartJobRun.jsonata(stack, 'Start', { job: jobIn(stack), outputs });

    outputs.id.push('late');

    expect(stateOf(task).Output).toEqual({ id: ['{% $states.result.JobRunId %}'] });
  });

  test('are no object of the task: what it hands to CDK is not frozen', () => {
    const task = untyped(taskWith({
      credentials: { role: taskRole(ACCOUNT) },
      taskTimeout: Timeout.duration(Duration.hours(1)),
      assign: { a: {} },
      resultSelector: {},
      executionTimeout: Duration.hours(1),
    }));

    expect([task.credentials, task.taskTimeout, task.assign, task.assign.a, task.resultSelector].map((value) => Object.isExtensible(value)))
      .toEqual([true, true, true, true, true]);
  });
});

describe('the base class gets', () => {
  test('a prop that only a newer version of CDK knows', () => {
    const parameters = { list: [new Date(0)] };
    const task = untyped(taskWith({ parameters, later: undefined }));

    expect(task.parameters).toEqual(parameters);
    expect(task.parameters).not.toBe(parameters);
    expect(task.parameters.list[0]).toBe(parameters.list[0]);
  });

  test('tokens as they are', () => {
    const task = taskWith({
      comment: Lazy.string({ produce: () => 'late' }),
      resultPath: JsonPath.DISCARD,
      resultSelector: { id: JsonPath.stringAt('$.JobRunId') },
      assign: Lazy.any({ produce: () => ({ a: 1 }) }),
    });

    expect(stateOf(task)).toMatchObject({ Comment: 'late', ResultPath: null, ResultSelector: { 'id.$': '$.JobRunId' } });
  });

  test.each([[null], ['{% $states.result %}'], [7], [['a', { b: null }]], [{ a: { b: [] } }], [false]])('outputs of any JSON: %j', (outputs) => {
    expect(stateOf(taskWith({ queryLanguage: QueryLanguage.JSONATA, outputs })).Output).toEqual(outputs);
  });

  test.each([
    [Timeout.at('$.seconds'), { TimeoutSecondsPath: '$.seconds', HeartbeatSecondsPath: '$.seconds' }],
    [Timeout.jsonata('{% 5 %}'), { TimeoutSeconds: '{% 5 %}', HeartbeatSeconds: '{% 5 %}' }],
    [Timeout.duration(Duration.minutes(1)), { TimeoutSeconds: 60, HeartbeatSeconds: 60 }],
  ])('timeouts of each kind: %j', (timeout, expected) => {
    expect(stateOf(taskWith({ taskTimeout: timeout, heartbeatTimeout: timeout }))).toMatchObject(expected);
  });

  test('props that are getters of a class', () => {
    const stack = newStack(ENV);
    const job = jobIn(stack);
    class Props {
      public get job() { return job; }
      public get comment() { return 'nightly'; }
    }

    expect(stateOf(EmrServerlessStartJobRun.jsonata(stack, 'Start', new Props())).Comment).toBe('nightly');
  });
});

describe('a caller without a compiler', () => {
  const TIMEOUT = 'a Timeout such as Timeout.duration(Duration.hours(1))';
  const DURATION = 'a Duration such as Duration.minutes(15)';

  test.each<[object, string]>([
    [{ resultPath: 5 }, '`resultPath` must be a string, got: 5'],
    [{ resultPath: null }, '`resultPath` must be a string, got: null'],
    [{ inputPath: {} }, '`inputPath` must be a string, got: an object of class Object'],
    [{ outputPath: [] }, '`outputPath` must be a string, got: a list'],
    [{ comment: 5 }, '`comment` must be a string, got: 5'],
    [{ stateName: 5 }, '`stateName` must be a string, got: 5'],
    [{ taskTimeout: {} }, `\`taskTimeout\` must be ${TIMEOUT}, got: an object of class Object`],
    [{ heartbeatTimeout: 5 }, `\`heartbeatTimeout\` must be ${TIMEOUT}, got: 5`],
    [{ heartbeatTimeout: [] }, `\`heartbeatTimeout\` must be ${TIMEOUT}, got: a list`],
    [{ heartbeatTimeout: { seconds: '5' } }, '`heartbeatTimeout.seconds` must be a number, got: "5"'],
    [{ timeout: 5 }, `\`timeout\` must be ${DURATION}, got: 5`],
    [{ heartbeat: 5 }, `\`heartbeat\` must be ${DURATION}, got: 5`],
    [{ credentials: { role: 'arn' } }, '`credentials.role` must be a TaskRole such as TaskRole.fromRole(role), got: "arn"'],
    [{ resultSelector: 'x' }, '`resultSelector` must be an object with keys and values, got: "x"'],
    [{ assign: [] }, '`assign` must be an object with keys and values, got: a list'],
    [{ queryLanguage: 'jsonata' }, '`queryLanguage` must be one of JSONPath, JSONata, got: "jsonata"'],
  ])('gets a sentence for %j', (props, message) => {
    const stack = newStack(ENV);
    const job = jobIn(stack);

    expect(() => new EmrServerlessStartJobRun(stack, 'Start', untyped({ job, ...props }))).toThrow(new Error(`${message} [Stack/Start]`));
    expect(() => EmrServerlessStartJobRun.jsonata(stack, 'Start', untyped({ job, ...props }))).toThrow(new Error(`${message} [Stack/Start]`));
    expect(stack.node.tryFindChild('Start')).toBeUndefined();
  });

  test('gets a sentence for data that refers to itself', () => {
    const outputs: { self?: object } = {};
    outputs.self = outputs;

    expect(() => taskWith({ outputs })).toThrow('`outputs` must be an object that is at most 20 deep, got: an object of class Object');
  });

  test.each<[unknown, string]>([
    [null, '`props` must be given, got: null'],
    [5, '`props` must be an object, got: 5'],
    [[], '`props` must be an object, got: a list'],
    [{ errors: 'States.ALL' }, '`errors` must be a list, got: "States.ALL"'],
    [{ errors: null }, '`errors` must be a list, got: null'],
    [{ errors: [5] }, '`errors[0]` must be a string, got: 5'],
    [{ interval: 5 }, `\`interval\` must be ${DURATION}, got: 5`],
    [{ maxDelay: Size.gibibytes(1) }, `\`maxDelay\` must be ${DURATION}, got: an object of class Size`],
    [{ maxAttempts: '3' }, '`maxAttempts` must be a number, got: "3"'],
    [{ backoffRate: '2' }, '`backoffRate` must be a number, got: "2"'],
    [{ jitterStrategy: 'full' }, '`jitterStrategy` must be one of FULL, NONE, got: "full"'],
  ])('gets a sentence for addRetry(%j)', (props, message) => {
    const task = taskWith({});

    expect(() => task.addRetry(untyped(props))).toThrow(new Error(`${message} [Stack/Start]`));
    expect(stateOf(task).Retry).toBeUndefined();
  });
});
