import { Aws, CfnResource, Duration, Fn, Lazy, Size, Stack, Token } from 'aws-cdk-lib';
import { checkWhenRendered, mayBeKnownLater, renderedCopies, renderings } from '../../src/private/rendered';
import { lazy, lazyNumber, newStack } from '../util';

const REGION = { Ref: 'AWS::Region' };
const either = (condition: string, ...values: unknown[]) => ({ 'Fn::If': [condition, ...values] });

describe('the texts that a template may have', () => {
  const rendered = (stack: Stack, text: string) => renderings(stack, text).map((one) => stack.resolve(one));

  test.each<[string, unknown, unknown[]]>([
    ['a text', 'a', ['a']],
    ['a number', Lazy.any({ produce: () => 5 }), ['5']],
    ['nothing', Lazy.any({ produce: () => undefined }), []],
    ['the texts of a list', Lazy.any({ produce: () => ['a', 'b'] }), ['a', 'b']],
    ['a number that is joined', { 'Fn::Join': ['-', ['a', 5]] }, ['a-5']],
    ['a list that only the deployment knows', { 'Fn::Join': ['-', REGION] }, [{ 'Fn::Join': ['-', REGION] }]],
    ['an item of such a list', { 'Fn::Select': [0, REGION] }, [{ 'Fn::Select': [0, REGION] }]],
    ['an item that the list does not have', { 'Fn::Select': [2, ['a', 'b']] }, [{ 'Fn::Select': [2, ['a', 'b']] }]],
    ['an item of lists that the deployment chooses from', { 'Fn::Select': [1, either('C', ['a', 'b'], ['c', 'd'])] }, ['b', 'd']],
    ['a reference between separators', Fn.select(1, Fn.split('|', `a|${Aws.REGION}|b`)), [REGION]],
    ['the second of two references', Fn.select(1, Fn.split('|', `${Aws.PARTITION}|${Aws.REGION}`)), [REGION]],
    ['a reference in Fn::Sub', Fn.sub('a${AWS::Region}'), [{ 'Fn::Join': ['', ['a', { 'Fn::Sub': '${AWS::Region}' }]] }]],
    ['one condition that stands twice', { 'Fn::Join': ['', [either('C', 'a', 'b'), either('C', 'c', 'd')]] }, ['ac', 'bd']],
    ['two conditions', { 'Fn::Join': ['', [either('C', 'a', 'b'), either('D', 'c', 'd')]] }, ['ac', 'ad', 'bc', 'bd']],
    ['nothing on one side of a condition', { 'Fn::Join': ['-', ['a', either('C', 'b')]] }, ['a-b', 'a-']],
  ])('are found: %s', (_, value, texts) => {
    expect(rendered(newStack(), Token.asString(value))).toStrictEqual(texts);
  });

  test.each([[10, 1024], [11, 1024]])('of %d conditions are at most %d', (conditions, count) => {
    const choices = Array.from({ length: conditions }, (_, i) => either(`C${i}`, 'a', 'b'));

    expect(renderings(newStack(), Token.asString({ 'Fn::Join': ['', choices] }))).toHaveLength(count);
  });
});

describe('a copy as rendered', () => {
  const copies = (stack: Stack, value: unknown) => renderedCopies(stack, value).map((copy) => stack.resolve(copy));

  test('is made for each value that the deployment chooses from', () => {
    const first = either('C', 'a', 'b');
    const second = either('D', 'c', 'd');

    expect(copies(newStack(), { first: Token.asString(first), second: Token.asString(second) })).toEqual([
      { first: 'a', second }, { first: 'b', second }, { first, second: 'c' }, { first, second: 'd' },
    ]);
  });

  test('is made for each number that the deployment chooses from', () => {
    const number = either('C', -1, either('D', 5, ''));
    const size = either('D', 2, REGION);

    expect(copies(newStack(), { number: Token.asNumber(number), other: Token.asNumber(REGION) })).toEqual([
      { number: -1, other: REGION }, { number: 5, other: REGION }, { number: NaN, other: REGION },
    ]);
    expect(renderedCopies(newStack(), { size: Size.gibibytes(Token.asNumber(size)) })
      .map((copy) => copy.size.isUnresolved() ? undefined : copy.size.toGibibytes())).toEqual([2, undefined]);
  });

  test.each([
    ['a text', '5'], ['a negative number', -5], ['an empty text', ''],
  ])('has no amount of a duration or a size that is %s', (_, value) => {
    const amount = Token.asNumber(Lazy.any({ produce: () => value }));
    const [{ time, size }] = renderedCopies(newStack(), { time: Duration.seconds(amount), size: Size.gibibytes(amount) });

    expect([time.toSeconds({ integral: false }), size.toGibibytes()]).toEqual([NaN, NaN]);
  });

  test.each<[string, unknown, unknown]>([
    ['null', { a: null }, { a: null }],
    ['a lazy null', { a: Lazy.any({ produce: () => null }) }, {}],
    ['a lazy text that is absent', { a: Lazy.string({ produce: () => undefined }) }, {}],
    ['a lazy key that is absent', { [Lazy.string({ produce: () => undefined })]: 'a' }, {}],
    ['Fn::Join', { a: Lazy.any({ produce: () => ({ 'Fn::Join': ['-', ['a', 'b']] }) }) }, { a: 'a-b' }],
    ['Fn::Sub', { a: Lazy.any({ produce: () => ({ 'Fn::Sub': ['a${B}', { B: 'b' }] }) }) }, { a: 'ab' }],
    ['a lazy list', { a: Lazy.list({ produce: () => ['a', 5, Aws.REGION] as string[] }) }, { a: ['a', 5, REGION] }],
  ])('has what the template has: %s', (_, value, copy) => {
    const stack = newStack();

    // what is absent is not even a key
    expect(renderedCopies(stack, value).map((one) => Object.keys(one as object))).toEqual([Object.keys(copy as object)]);
    expect(copies(stack, value)).toEqual([copy]);
  });

  test('has a token, not an object, in place of a reference in a lazy list', () => {
    expect(renderedCopies(newStack(), Lazy.list({ produce: () => [Aws.REGION] }))).toEqual([[expect.any(String)]]);
  });
});

describe('a value', () => {
  const reference = () => new CfnResource(newStack(), 'Resource', { type: 'A::B::C' }).ref;

  test.each<[string, unknown, boolean]>([
    ['a lazy text', lazy('a'), true],
    ['a reference', reference(), false],
    ['a lazy text beside a reference', `${reference()}${lazy('a')}`, true],
    ['null', null, false],
    ['a struct with null', { a: null }, false],
    ['a struct with a text', { a: 'b' }, false],
    ['a struct with a lazy text', { a: ['b', lazy('c')] }, true],
    ['a duration', Duration.minutes(5), false],
    ['a lazy duration', Duration.minutes(lazyNumber(5)), true],
    ['a size', Size.gibibytes(5), false],
    ['a lazy size', Size.gibibytes(lazyNumber(5)), true],
    ['an object of another class', new (class { public isUnresolved() { return true; } })(), false],
    ['an object of a class that only looks like a duration', new (class { public toMinutes() { return 5; } })(), false],
  ])('may be known later: %s', (_, value, expected) => {
    expect(mayBeKnownLater(value)).toBe(expected);
  });

  test.each<[string, string | undefined, number]>([
    ['a lazy text', lazy('a'), 1], ['a text', 'a', 0], ['a reference', reference(), 0], ['nothing', undefined, 0],
  ])('is checked again at synthesis only if it may be known later: %s', (_, text, count) => {
    const stack = newStack();
    const check = jest.fn(() => []);

    checkWhenRendered(stack, text, check);
    stack.node.validate();

    expect(check).toHaveBeenCalledTimes(count);
  });
});
