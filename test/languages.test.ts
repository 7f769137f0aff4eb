import { spawnSync } from 'child_process';
import * as path from 'path';

const ROOT = path.join(__dirname, '..');
const { askedFor } = require('../scripts/lib/languages');
const ALL = ['typescript', 'python', 'java', 'csharp', 'go'];

/** What a command is for, by the arguments and the variable `REQUIRE_LANGUAGES`. */
function asked(args: string[], required?: string) {
  const { languages, required: mustNotBeSkipped } = askedFor(args, required === undefined ? {} : { REQUIRE_LANGUAGES: required });
  return { languages: languages.map(({ name }: { name: string }) => name), mustNotBeSkipped };
}

/** Runs a script that is to refuse what it is given, before it does anything. */
function refusal(script: string, args: string[], required = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'scripts', script), ...args], {
    encoding: 'utf8',
    env: { ...process.env, REQUIRE_LANGUAGES: required },
  });
  return { status, stdout, stderr: stderr.trim() };
}

describe('the languages that a command is for', () => {
  test('are all, and each may be skipped', () => {
    expect(asked([])).toEqual({ languages: ALL, mustNotBeSkipped: [] });
  });

  test('are all, of which those in REQUIRE_LANGUAGES must not be skipped', () => {
    expect(asked([], 'python, go,')).toEqual({ languages: ALL, mustNotBeSkipped: ['python', 'go'] });
  });

  test('are those that arguments name, each once and in our order, and none may be skipped', () => {
    expect(asked(['csharp', 'typescript', 'csharp'], 'go')).toEqual({
      languages: ['typescript', 'csharp'],
      mustNotBeSkipped: ['csharp', 'typescript', 'csharp'],
    });
  });

  test.each(['test-languages.js', 'package.js'])('must be known to %s', (script) => {
    expect(refusal(script, ['python', 'dotnet', '--all'])).toEqual({
      status: 1,
      stdout: '',
      stderr: '✖ the arguments must be names of typescript, python, java, csharp, go, got: dotnet, --all',
    });
  });

  test('must be known in REQUIRE_LANGUAGES too', () => {
    expect(refusal('test-languages.js', [], 'python,c#')).toEqual({
      status: 1,
      stdout: '',
      stderr: '✖ REQUIRE_LANGUAGES must be names of typescript, python, java, csharp, go, got: c#',
    });
  });
});
