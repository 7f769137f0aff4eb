import { plainCopy } from '../../src/private/reading';

describe('a copy of options', () => {
  const structs = (depth: number): object => depth === 1 ? {} : { a: structs(depth - 1) };
  const lists = (depth: number): unknown[] => depth === 1 ? [] : [lists(depth - 1)];

  test.each<[string, object, boolean]>([
    ['20 structs', structs(20), true],
    ['21 structs', structs(21), false],
    ['19 lists in a struct', { a: lists(19) }, true],
    ['20 lists in a struct', { a: lists(20) }, false],
  ])('is made of at most 20 structs and lists within each other: %s', (_, options, isCopied) => {
    const problems: string[] = [];

    expect(plainCopy('options', options, problems)).toEqual(isCopied ? options : undefined);
    expect(problems).toEqual(isCopied ? [] : ['`options` must be an object that is at most 20 deep, got: an object of class Object']);
  });

  test('is not made of options that throw when they are read', () => {
    const options = { inner: { get a() { throw new TypeError('not yours'); } } };

    expect(() => plainCopy('options', options, [])).toThrow(new TypeError('not yours'));
  });

  test('shares no list and no struct with the options, but objects of classes', () => {
    class Options { public readonly inner = { list: [{ date: new Date() }] }; }
    const options = new Options();

    const copy = plainCopy('options', options, []) as Options;

    expect(copy).toEqual({ inner: options.inner });
    expect(copy).not.toBe(options);
    expect(copy.inner).not.toBe(options.inner);
    expect(copy.inner.list).not.toBe(options.inner.list);
    expect(copy.inner.list[0]).not.toBe(options.inner.list[0]);
    expect(copy.inner.list[0].date).toBe(options.inner.list[0].date);
  });
});
