import { build, deployed, refusal } from '../util';

const DYNAMIC = 'spark.dynamicAllocation.enabled';
const MIN = 'spark.dynamicAllocation.minExecutors';
const MAX = 'spark.dynamicAllocation.maxExecutors';
const INITIAL = 'spark.dynamicAllocation.initialExecutors';
const INSTANCES = 'spark.executor.instances';

describe('the largest number of executors', () => {
  test.each([
    ['the default initial number', { [MAX]: 3 }],
    ['the initial number', { [MAX]: 1, [INITIAL]: 1 }],
    ['an initial number of none', { [MAX]: 1, [INITIAL]: 0 }],
    ['the instances', { [MAX]: 2, [INSTANCES]: 2 }],
    ['the larger one of both', { [MAX]: 5, [INITIAL]: 2, [INSTANCES]: 5 }],
    ['the smallest number', { [MAX]: 4, [MIN]: 4 }],
    ['no number, as infinity is', { [MAX]: 'infinity', [MIN]: 1000 }],
  ])('may be %s', (_, sparkProperties) => {
    expect(() => build({ sparkProperties })).not.toThrow();
  });

  test.each([
    [{ [MAX]: 2 }, `"${INITIAL}", which is 3 by default (set it too), got: 2`],
    [{ [MAX]: 2, [MIN]: 1 }, `"${INITIAL}", which is 3 by default (set it too), got: 2`],
    [{ [MAX]: 2, [DYNAMIC]: 'true' }, `"${INITIAL}", which is 3 by default (set it too), got: 2`],
    [{ [MAX]: 9, [INITIAL]: 10 }, `"${INITIAL}", which is 10, got: 9`],
    [{ [MAX]: 4, [INSTANCES]: 5 }, `"${INSTANCES}", which is 5, got: 4`],
    // Spark takes the larger one
    [{ [MAX]: 4, [INITIAL]: 2, [INSTANCES]: 5 }, `"${INSTANCES}", which is 5, got: 4`],
    [{ [MAX]: 4, [INITIAL]: 5, [INSTANCES]: 2 }, `"${INITIAL}", which is 5, got: 4`],
    [{ [MAX]: 4, [INITIAL]: deployed('2'), [INSTANCES]: 5 }, `"${INSTANCES}", which is 5, got: 4`],
  ])('must not be less than the initial number: case %#', (sparkProperties, problem) => {
    expect(refusal({ sparkProperties })).toBe(`"${MAX}" must be at least ${problem} [Stack/Spark]`);
  });

  test('must not be less than the smallest number', () => {
    expect(refusal({ sparkProperties: { [MAX]: 4, [MIN]: 5, [INITIAL]: 6 } })).toBe(`"${MIN}" must be at most "${MAX}" of 4, got: 5 [Stack/Spark]`);
  });

  test.each([
    { [MAX]: deployed('1') }, { [MAX]: '${x}' }, { [MAX]: 2, [INITIAL]: deployed('9') }, { [MAX]: 2, [INSTANCES]: '${x}' },
    { [MAX]: 3, [MIN]: deployed('9') }, { [MIN]: 9 }, { [INITIAL]: 9 },
  ])('is not compared with what is not known: case %#', (sparkProperties) => {
    expect(() => build({ sparkProperties })).not.toThrow();
  });

  test.each(['false', 'FALSE', deployed('true'), '${x}'])('does not matter where dynamic allocation is %s', (enabled) => {
    expect(() => build({ sparkProperties: { [DYNAMIC]: enabled, [MAX]: 1, [MIN]: 2, [INITIAL]: 3 } })).not.toThrow();
  });
});

describe('the number of executors without dynamic allocation', () => {
  test('must not be 0', () => {
    expect(refusal({ sparkProperties: { [DYNAMIC]: false, [INSTANCES]: 0 } }))
      .toBe(`"${INSTANCES}" must be 1 or more with "${DYNAMIC}" of false, got: "0" [Stack/Spark]`);
  });

  test.each([
    { [DYNAMIC]: false, [INSTANCES]: 1 }, { [DYNAMIC]: false, [INSTANCES]: deployed('0') }, { [DYNAMIC]: false },
    { [DYNAMIC]: deployed('false'), [INSTANCES]: 0 }, { [DYNAMIC]: true, [INSTANCES]: 0 }, { [INSTANCES]: 0 },
  ])('may be more, unknown, or 0 with dynamic allocation: case %#', (sparkProperties) => {
    expect(() => build({ sparkProperties })).not.toThrow();
  });
});
