import { App, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { EmrRelease, SparkEmrServerlessRuntime, SparkImage } from '../../src';
import { printable } from '../../src/private/printable';
import { ACCOUNT, build, newStack, refusal, warnings } from '../util';

/** What no message may have but between its lines: controls, formats (bidirectional marks, zero widths), and separators of lines. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

const HOSTILE: [name: string, character: string, escape: string][] = [
  ['a newline', '\n', '\\n'],
  ['an escape sequence', '\u001b[31m', '\\u001b[31m'],
  ['a C1 control', '\u009b', '\\u009b'],
  ['a line separator', '\u2028', '\\u2028'],
  ['a paragraph separator', '\u2029', '\\u2029'],
  ['a bidirectional override', '\u202e', '\\u202e'],
  ['a bidirectional isolate', '\u2067', '\\u2067'],
  ['a zero-width space', '\u200b', '\\u200b'],
  ['a lone surrogate', '\ud800', '\\ud800'],
  ['an invisible character beyond 16 bits', '\u{e0041}', '\\udb40\\udc41'],
];

describe.each(HOSTILE)('%s', (_, character, escape) => {
  test.each([
    ['the name', { name: `a${character}b` }],
    ['a classification', { configurations: [{ classification: `a${character}b`.padEnd(1025) }] }],
    ['the key of a property', { sparkProperties: { [`a${character}b`]: 1 } }],
  ])('in %s is an escape in the message', (__, props) => {
    const message = refusal(props);

    expect(message).toContain(`a${escape}b`);
    expect(message.split('\n').join('')).not.toMatch(UNPRINTABLE);
  });

  test('in the classification that a warning names is an escape', () => {
    const stack = newStack();

    // no template can hold a lone surrogate
    const create = () => new SparkEmrServerlessRuntime(stack, 'Spark', {
      release: EmrRelease.of('emr-9.0.0'), configurations: [{ classification: `a${character}b-log4j2` }],
    });
    const message = character === '\ud800' ? thrownBy(create) : (create(), warnings(stack).join(''));

    expect(message).toContain(`a${escape}b`);
    expect(message).not.toMatch(UNPRINTABLE);
  });

  test('in the path that a warning names is an escape', () => {
    const stack = newStack();
    const managedLogsKey = kms.Key.fromKeyArn(stack, `a${character}b`, `arn:aws:kms:eu-west-1:${ACCOUNT}:key/00abc123`);

    new SparkEmrServerlessRuntime(stack, 'Spark', { managedLogsKey });

    expect(warnings(stack).join('')).toContain(`a${escape.replace('\\n', '\\u000a')}b`);
    expect(warnings(stack).join('')).not.toMatch(UNPRINTABLE);
  });

  test('in the path of the construct is an escape', () => {
    const stack = new Stack(new App(), 'Stack');

    expect(() => new SparkEmrServerlessRuntime(stack, `a${character}b`, { name: '*' })).toThrow(expect.objectContaining({
      message: expect.not.stringMatching(UNPRINTABLE),
    }));
  });
});

test('letters of other scripts stay what they are', () => {
  expect(refusal({ name: 'größe 日本 עברית' })).toContain('got: "größe 日本 עברית"');
});

describe('a line of a message', () => {
  test.each([
    ['4000 letters', 'x'.repeat(4000), 'x'.repeat(4000)],
    ['4001 letters', 'x'.repeat(4001), `${'x'.repeat(4000)}… (4001 characters)`],
    ['escapes of 4000 letters', `${'\n'.repeat(666)}xxxx`, `${'\\u000a'.repeat(666)}xxxx`],
    ['escapes of 4001 letters', `${'\n'.repeat(666)}xxxxx`, `${'\\u000a'.repeat(666)}xxxx… (671 characters)`],
    ['a pair of surrogates long before the limit', `😀${'x'.repeat(3999)}`, `😀${'x'.repeat(3998)}… (4001 characters)`],
    ['a pair of surrogates at the limit', `\n${'x'.repeat(3993)}😀`, `\\u000a${'x'.repeat(3993)}… (3996 characters)`],
  ])('has at most 4000 letters of a text: %s', (_, given, line) => {
    expect(printable(given)).toBe(line);
  });
});

describe('a message', () => {
  test('is short for a huge value', () => {
    expect(refusal({ name: 'x'.repeat(1_000_000) }).length).toBeLessThan(300);
  });

  test('is short for the huge id of a construct', () => {
    expect(() => new SparkEmrServerlessRuntime(newStack(), 'x'.repeat(1_000_000), { name: '*' }))
      .toThrow(expect.objectContaining({ message: expect.stringMatching(/^.{4000,4100}… \(1000006 characters\)\]$/) }));
  });

  test.each([[50, ''], [51, '  and 1 more'], [10_000, '  and 9950 more']])('of %d problems lists at most 50', (count, last) => {
    const message = refusal({ sparkProperties: Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}`, 'x'])) });
    const lines = message.split('\n');

    // one more problem is the limit of 100 properties
    expect(lines[0]).toBe(`${count > 100 ? count + 1 : count} problems in [Stack/Spark]:`);
    expect(lines.filter((line) => line.startsWith('  - '))).toHaveLength(50);
    expect(lines[51] ?? '').toBe(count > 100 ? '  and 9951 more' : last);
  });

  test('is the same text from a constructor, a method and a static method', () => {
    const stack = newStack();
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');
    const refusals = [
      () => new SparkEmrServerlessRuntime(stack, 'Other', { name: '*' }),
      () => runtime.createExecutionRole('E', undefined, { roleName: '*' }),
      () => runtime.connections,
      () => EmrRelease.of('*'),
      () => SparkImage.fromUri('*'),
      () => SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Import', '*'),
    ];

    for (const refused of refusals) {
      // jsii hands the message of a constructor, and the text of the error of a method, to the other languages
      expect(refused).toThrow(expect.objectContaining({ name: 'ValidationError', message: expect.stringMatching(/^`/) }));
      expect(thrownBy(refused)).toMatch(/^`/);
    }
  });
});

function thrownBy(refused: () => unknown): string {
  try {
    refused();
  } catch (error) {
    return String(error);
  }
  throw new Error('was not refused');
}

describe('an object that refers to itself', () => {
  test('is refused as configurations', () => {
    const configuration: any = { classification: 'spark-defaults' };
    configuration.configurations = [configuration];

    expect(refusal({ configurations: [configuration] })).toMatch(/^`configurations` must be at most 10 deep, got: `configurations\[0\]\.configurations/);
  });

  test('is refused as the options of an image', () => {
    const buildArgs: any = {};
    buildArgs.self = buildArgs;

    expect(() => SparkImage.fromAsset('.', { buildArgs })).toThrow('`options` must be an object that is at most 20 deep, got: ');
  });
});

test('configurations that stand in many places are refused in no time', () => {
  let configuration: any = { classification: 'a' };
  for (let depth = 0; depth < 8; depth++) { configuration = { classification: 'a', configurations: Array(10).fill(configuration) }; }

  expect(() => build({ configurations: [configuration] })).toThrow('`configurations` must have at most 1000 lists of configurations');
}, 5000);

test.each([[10, false], [11, true], [100_000, true]])('configurations that are %d deep are refused: %s', (depth, isRefused) => {
  let configuration: any;
  for (let i = 0; i < depth; i++) { configuration = { classification: 'a', configurations: configuration && [configuration] }; }
  const create = () => build({ configurations: [configuration] });

  if (isRefused) {
    expect(create).toThrow('`configurations` must be at most 10 deep');
  } else {
    expect(create).not.toThrow();
  }
});
