import { App, Stack, Stage } from 'aws-cdk-lib';
import { Construct, RootConstruct } from 'constructs';
import { OnceInASynthesis } from '../../src/private/once-in-a-synthesis';
import { ordered } from '../../src/private/ordered';
import { refuseAtSynthesis } from '../../src/private/validation-error';
import { newStack } from '../util';

describe('what is found once in a synthesis', () => {
  const scopes = () => {
    const app = new App();
    return [new Stack(app, 'A'), new Stack(app, 'B'), new Stack(new Stage(app, 'Stage'), 'C')];
  };

  test('is found once for the constructs of a stage, and again for another stage', () => {
    const find = jest.fn((stage) => stage.node.path);
    const once = new OnceInASynthesis(find);

    expect(scopes().map((scope) => once.resultFor(scope))).toEqual(['', '', 'Stage']);
    expect(find).toHaveBeenCalledTimes(2);
  });

  test('is found again for a construct that asks again, and after a construct was announced', () => {
    const find = jest.fn();
    const once = new OnceInASynthesis(find);
    const [first, second] = scopes();

    once.resultFor(first);
    once.resultFor(first);
    expect(find).toHaveBeenCalledTimes(2);

    once.announce(second);
    once.resultFor(second);
    expect(find).toHaveBeenCalledTimes(3);
  });

  test('is found for a tree without an app', () => {
    const root = new RootConstruct();

    expect(new OnceInASynthesis((stage) => stage).resultFor(new Construct(root, 'A'))).toBe(root);
  });
});

describe('an ordered copy', () => {
  test('has its keys in order at every depth, and null where it was', () => {
    expect(JSON.stringify(ordered({ b: [{ d: null, c: 1 }], a: null }))).toBe('{"a":null,"b":[{"c":1,"d":null}]}');
  });

  test.each([[{ Ref: 'A' }, true], [{ 'Fn::Join': [] }, true], [{ Other: 'A' }, false], [{ Ref: 'A', B: 'C' }, false]])(
    'of %j is the function itself: %s', (value, isItself) => {
      expect(Object.is(ordered(value), value)).toBe(isItself);
    });
});

describe('the problems that synthesis finds', () => {
  test.each([[50, 50], [51, 50]])('of %d are at most %d', (count, listed) => {
    const stack = newStack();
    refuseAtSynthesis(stack, () => Array.from({ length: count }, (_, i) => `problem ${i}`));

    expect(stack.node.validate()).toHaveLength(listed);
  });

  test('hide no error of another kind', () => {
    const stack = newStack();
    refuseAtSynthesis(stack, () => { throw new TypeError('not ours'); });

    expect(() => stack.node.validate()).toThrow(new TypeError('not ours'));
  });
});
