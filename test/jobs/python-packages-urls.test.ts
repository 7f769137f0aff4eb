import { bind, eachTestInSandbox, fromRequirements, hashOf, message, sandbox } from './packages-parts';

eachTestInSandbox();

/** The lines of an installer that failed, as the user sees them. */
function shownLines(output: string, requirements = 'demo\n'): string[] {
  sandbox.uv(`cat >&2 <<'END'\n${output}\nEND\nexit 1`);
  return message(() => bind(fromRequirements(requirements))).split('\n').slice(1).map((line) => line.slice(2));
}

describe('a URL in what an installer says', () => {
  test.each([
    ['got https://pypi.example.com/simple/demo/ here', 'got https://pypi.example.com/…/demo here'],
    ['got https://pypi.example.com/', 'got https://pypi.example.com'],
    ['got https://pypi.example.com', 'got https://pypi.example.com'],
    ['got https://pypi.example.com?x=1#y now', 'got https://pypi.example.com now'],
    ['got https://jane@pypi.example.com/demo', 'got https://pypi.example.com/…/demo'],
    ['got https://jane:x/y@pypi.example.com/demo', 'got https://…'],
    ['got https://a.example.com/x and http://b.example.com/y', 'got https://a.example.com/…/x and http://b.example.com/…/y'],
    ['got git+https://a.example.com/x', 'got git+https://a.example.com/…/x'],
  ])('has its host and its last part only: %s', (output, line) => {
    expect(shownLines(output)).toEqual([line]);
  });
});

describe('the URL of an index hides in what an installer says', () => {
  test.each([
    ['its user and its password', 'https://janet:passw@pypi.example.com/simple', 'janet:passw, janet, passw', '…, …, …'],
    ['its user, and not a part of it', 'https://janet@pypi.example.com/simple', 'janet, jane', '…, jane'],
    ['its query', 'https://pypi.example.com/simple?token#more', 'token, more', '…, …'],
    ['parts of its path', 'https://pypi.example.com/tokens/simple', 'tokens', '…'],
    ['what is decoded', 'https://pypi.example.com/to%2Fken/simple', 'to/ken, to%2Fken', '…, …'],
    ['what cannot be decoded', 'https://pypi.example.com/to%2ken/simple', 'to%2ken', '…'],
    ['its path after a password with a question mark', 'https://janet:pa?ss@pypi.example.com/tokens/simple', 'tokens', '…'],
    ['a password without a user', 'https://:passw@pypi.example.com/simple', 'passw', '…'],
    ['no usual word', 'https://pypi.example.com/simple/pypi/python/repository/packages', 'simple, pypi, python, repository, packages',
      'simple, pypi, python, repository, packages'],
    ['not its host', 'https://janet@pypi.example.com/simple', 'pypi.example.com', 'pypi.example.com'],
    ['nothing short', 'https://abc@pypi.example.com/simple', 'abc', 'abc'],
    ['the longer one of two that begin alike', 'https://user:username2@pypi.example.com/simple', 'username2, user', '…, …'],
  ])('%s', (_, url, output, line) => {
    expect(shownLines(output, `--index-url ${url}\ndemo\n`)).toEqual([line]);
  });

  test('also if an environment variable has it, and other variables hide nothing', () => {
    Object.assign(process.env, {
      UV_INDEX_URL_OTHER: 'hidden',
      UV_DEFAULT_INDEX: 'https://janet@pypi.example.com',
      PIP_INDEX: 'https://peter@pypi.example.com',
      OTHER: 'shown',
      MY_PIP_INDEX_URL: 'mine',
      PIP_FIND_LINKS_NOT: 'none',
    });

    expect(shownLines('janet, peter, shown, mine, none')).toEqual(['…, …, shown, mine, none']);
    expect(shownLines('got https://janet@pypi.example.com')).toEqual(['got https://pypi.example.com']);
  });

  test('and the URL of a package hides nothing but its credentials', () => {
    expect(shownLines('tokens', 'demo @ https://example.com/tokens/demo-1.0-py3-none-any.whl\n')).toEqual(['tokens']);
  });
});

describe('the lines of an installer', () => {
  test('are shown without empty ones, and without returns', () => {
    expect(shownLines('one\n\n   \ntwo\rthree')).toEqual(['one', 'two', 'three']);
  });

  test('are shortened to 500 characters', () => {
    expect(shownLines('x'.repeat(501))).toEqual(['x'.repeat(500)]);
    expect(shownLines('x'.repeat(500))).toEqual(['x'.repeat(500)]);
  });
});

describe('the hash of packages', () => {
  const hash = (line: string) => hashOf(fromRequirements(`${line}\n${line.startsWith('-') ? 'demo\n' : ''}`));

  test.each([
    ['--index-url https://a.example.com/simple', '--index-url https://b.example.com/simple'],
    ['demo @ https://a.example.com/demo.whl', 'demo @ https://b.example.com/demo.whl'],
    ['demo @ https://a.example.com/demo.whl', 'demo @ http://a.example.com/demo.whl'],
    ['demo @ https://a.example.com/1/demo.whl', 'demo @ https://a.example.com/2/demo.whl'],
    ['demo @ https://a.example.com/demo.whl#sha256=aa', 'demo @ https://a.example.com/demo.whl#sha256=bb'],
    ['demo @ https://${HOST}/1/demo.whl', 'demo @ https://${HOST}/2/demo.whl'],
    ['demo @ https://${HOST}/demo.whl#sha256=aa', 'demo @ https://${HOST}/demo.whl#sha256=bb'],
  ])('is another one for %s than for %s', (one, other) => {
    expect(hash(one)).not.toBe(hash(other));
  });

  test('is the same for two passwords', () => {
    expect(hash('demo @ https://${USER}:one@${HOST}/demo.whl')).toBe(hash('demo @ https://${USER}:two@${HOST}/demo.whl'));
  });
});
