const { table } = require('../scripts/lib/table');
const { aim, ratio, rounds } = require('../verification/bench/rounds');

describe('the benchmark', () => {
  test('starts each round with another variant', () => {
    const log = jest.spyOn(console, 'log').mockImplementation();
    const order: string[] = [];

    const measured = rounds('one application', ['by hand', 'floor', 'library'], 4, (variant: string) => order.push(variant));

    expect(order).toEqual([
      'by hand', 'floor', 'library',
      'floor', 'library', 'by hand',
      'library', 'by hand', 'floor',
      'by hand', 'floor', 'library',
    ]);
    expect(measured[2]).toEqual({ 'library': 7, 'by hand': 8, 'floor': 9 });
    expect(log.mock.calls.map(([line]) => line)).toEqual([
      '▸ one application: 4 rounds of by hand, floor, library',
      expect.stringMatching(/^ {2}round 4 of 4, \d+ s$/),
    ]);
    log.mockRestore();
  });

  test('compares within rounds, so that a slow one does not count', () => {
    expect(ratio([{ a: 11, b: 10 }, { a: 120, b: 100 }, { a: 13, b: 10 }], 'a', 'b')).toEqual(['1.20', '1.10 to 1.30']);
  });

  test.each([[0.5, 'met'], [0.49, 'missed']])('an aim of %s is %s by a median of 0.5', (atMost, verdict) => {
    const values = Array.from({ length: 101 }, (_, i) => i / 100);

    expect(aim('total', values, atMost)).toEqual([['total'], ['0.500'], ['0.400 to 0.600'], [atMost.toFixed(2)], [verdict]]);
  });

  test('an aim has the whole range as its interval where there are few rounds', () => {
    expect(aim('total', [3, 1, 2], 2)).toEqual([['total'], ['2.000'], ['1.000 to 3.000'], ['2.00'], ['met']]);
  });

  test('keeps long headings apart from their values in a terminal that is too narrow', () => {
    expect(table(['library / by hand', 'aim'], [[['1.18'], ['met']]], 20).split('\n')).toEqual([
      'library / by hand 1.18',
      'aim               met',
    ]);
  });
});
