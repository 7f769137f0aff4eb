import { CfnParameter, Duration, Fn, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { machineOf, stateOf, taskWith } from './start-job-run-parts';
import { untyped } from '../util';

describe('a retry of the task', () => {
  test.each<[sfn.RetryProps, object]>([
    [{ interval: Duration.seconds(1), maxAttempts: 0, maxDelay: Duration.seconds(1), backoffRate: 1 },
      { IntervalSeconds: 1, MaxAttempts: 0, MaxDelaySeconds: 1, BackoffRate: 1 }],
    [{ interval: Duration.seconds(99_999_999), maxAttempts: 99_999_999, maxDelay: Duration.seconds(31_622_399), backoffRate: 1.5 },
      { IntervalSeconds: 99_999_999, MaxAttempts: 99_999_999, MaxDelaySeconds: 31_622_399, BackoffRate: 1.5 }],
    [{ interval: Duration.minutes(2) }, { IntervalSeconds: 120 }],
    [{}, {}],
  ])('may be %j', (props, expected) => {
    const task = taskWith();
    task.addRetry(props);

    expect(stateOf(task).Retry).toEqual([{ ErrorEquals: ['States.ALL'], ...expected }]);
  });

  test.each<[sfn.RetryProps, string]>([
    [{ interval: Duration.seconds(0) }, '`interval` must be a whole number of seconds from 1 to 99999999, got: 0 seconds'],
    [{ interval: Duration.seconds(100_000_000) }, '`interval` must be a whole number of seconds from 1 to 99999999, got: 1157 days 9 hours'],
    [{ interval: Duration.millis(1500) }, '`interval` must be a whole number of seconds from 1 to 99999999, got: 1 second 500 millis'],
    [{ maxAttempts: -1 }, '`maxAttempts` must be a whole number from 0 to 99999999, got: -1'],
    [{ maxAttempts: 1.5 }, '`maxAttempts` must be a whole number from 0 to 99999999, got: 1.5'],
    [{ maxAttempts: 100_000_000 }, '`maxAttempts` must be a whole number from 0 to 99999999, got: 100000000'],
    [{ maxDelay: Duration.seconds(0) }, '`maxDelay` must be a whole number of seconds from 1 to 31622399, got: 0 seconds'],
    [{ maxDelay: Duration.seconds(31_622_400) }, '`maxDelay` must be a whole number of seconds from 1 to 31622399, got: 366 days'],
    [{ backoffRate: 0.99 }, '`backoffRate` must be a number of at least 1, got: 0.99'],
    [{ interval: Duration.seconds(NaN) }, '`interval` must be a whole number of seconds from 1 to 99999999, got: NaN seconds'],
    [{ backoffRate: Infinity }, '`backoffRate` must be a number of at least 1, got: Infinity'],
    [{ errors: [] }, '`errors` must hold at least one error, got: []'],
    [{ backoffRate: NaN }, '`backoffRate` must be a number of at least 1, got: NaN'],
  ])('must not be %j', (props, message) => {
    const task = taskWith();

    expect(() => task.addRetry(props)).toThrow(new Error(`${message} [Stack/Start]`));
    expect(stateOf(task).Retry).toBeUndefined();
  });

  test('names all that is wrong', () => {
    expect(() => taskWith().addRetry({ maxAttempts: -1, backoffRate: 0 })).toThrow(/^2 problems in \[Stack\/Start\]:\n.*maxAttempts.*\n.*backoffRate/);
  });

  test('may have values that only the deployment knows', () => {
    const task = taskWith();
    const { valueAsNumber } = new CfnParameter(Stack.of(task), 'Number', { type: 'Number' });
    task.addRetry({ interval: Duration.seconds(valueAsNumber), maxAttempts: valueAsNumber, backoffRate: valueAsNumber });
    task.addRetry({ errors: ['Other'], maxAttempts: Token.asNumber(Fn.conditionIf('C', 1, 5)) });

    machineOf(task);
    const template = JSON.stringify(Template.fromStack(Stack.of(task)));
    expect(template).toContain('\\"MaxAttempts\\":",{"Ref":"Number"}');
    expect(template).toContain('\\"BackoffRate\\":",{"Ref":"Number"}');
  });

  test.each<[string, sfn.RetryProps]>([
    ['maxAttempts', { maxAttempts: Lazy.number({ produce: () => -1 }) }],
    ['backoffRate', { backoffRate: Lazy.number({ produce: () => 0 }) }],
    ['backoffRate', { backoffRate: Token.asNumber(Lazy.any({ produce: () => '2' })) }],
    ['maxAttempts', { maxAttempts: Token.asNumber(Fn.conditionIf('C', -1, 5)) }],
    ['interval', { interval: Duration.seconds(Token.asNumber(Fn.conditionIf('C', 5, 0))) }],
    ['errors', { errors: Lazy.list({ produce: () => [] }) }],
    ['interval', { interval: Duration.seconds(sfn.JsonPath.numberAt('$.seconds')) }],
    ['interval', { interval: Duration.seconds(Token.asNumber(Lazy.any({ produce: () => '0' }))) }],
    ['interval', { interval: Duration.seconds(Lazy.number({ produce: () => -5 })) }],
    ['maxAttempts', { maxAttempts: sfn.JsonPath.numberAt('$.attempts') }],
    ['interval', { interval: Duration.seconds(Lazy.number({ produce: () => 0 })) }],
    ['maxDelay', { maxDelay: Duration.seconds(Lazy.number({ produce: () => 31_622_400 })) }],
  ])('is checked again when the app is synthesized: %s', (prop, props) => {
    const task = taskWith();
    task.addRetry(props);

    expect(() => stateOf(task)).toThrow(`\`${prop}\` must `);
  });

  test('is what it was when it was added, with what only a newer version of CDK knows', () => {
    const task = taskWith();
    const retry = { errors: ['States.TaskFailed'], interval: Duration.seconds(5), maxAttempts: 1, backoffRate: 1, later: { a: 1 } };
    task.addRetry(retry);

    retry.errors.push('States.ALL');
    retry.maxAttempts = 9;

    expect(stateOf(task).Retry).toEqual([{ ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 5, MaxAttempts: 1, BackoffRate: 1 }]);
    expect(untyped(task).retries).toEqual([expect.objectContaining({ later: { a: 1 } })]);
  });
});
