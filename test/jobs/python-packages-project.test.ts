import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { bind, eachTestInSandbox, hashOf, keyOf, message, sandbox } from './packages-parts';
import { PythonPackages, PythonProjectOptions } from '../../src';
import { policyStatements } from '../util';

eachTestInSandbox();

/** A project with these files. */
function project(files: string[], name = 'my project'): string {
  ['pyproject.toml', ...files].forEach((file) => sandbox.file(join(name, file), `# ${file}\n`));
  return join(sandbox.directory, name);
}

const fromProject = (files: string[], options?: PythonProjectOptions) => PythonPackages.fromProject(project(files), options);

/** A uv that exports `exported==1`, and installs. */
const uv = (exported = 'exported==1') => sandbox.uv(`case "$1 $2" in 'export '*|'pip compile') cat <<'END'\n${exported}\nEND\nexit;; esac`);

/** The arguments of a call without those that differ from run to run. */
const call = (tool: string, index: number) =>
  sandbox.calls(tool)[index].map((arg) => arg.replace(/^.*\/building-[\w.-]+/, '<work>').replace(sandbox.directory, '<sandbox>'));

const installed = () => readFileSync(join(sandbox.directory, 'given.txt'), 'utf8');

/** The modules of a project, by their paths in the asset. */
function modules(packages: PythonPackages): string[] {
  uv();
  const { config, outdir } = bind(packages);
  const directory = join(outdir, `asset.${keyOf(config.pythonFileUris![0]).replace('.zip', '')}`);
  return (readdirSync(directory, { recursive: true, withFileTypes: true }) as any[])
    .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(directory.length + 1)).sort();
}

describe('the packages of a project', () => {
  test('are those of uv.lock, without those for development', () => {
    uv();

    bind(fromProject(['uv.lock', 'poetry.lock'], { extras: ['geo', 'ml'] }));

    expect(call('uv', 1)).toEqual(['<sandbox>/my project', 'export', '--frozen', '--no-emit-project', '--no-default-groups', '--no-header',
      '--no-annotate', '--format', 'requirements-txt', '--extra', 'geo', '--extra', 'ml', '--quiet']);
    expect(call('uv', 2)).toContain('--no-deps');
    expect(installed()).toBe('exported==1\n');
  });

  test('are those of poetry.lock', () => {
    uv();
    sandbox.tool('poetry', 'echo "locked==2 ; python_version >= \'3.9\' --hash=sha256:abc"');

    bind(fromProject(['poetry.lock'], { extras: ['geo'] }));

    expect(call('poetry', 0)).toEqual(['<sandbox>/my project', 'export', '--format', 'requirements.txt', '--only', 'main', '--extras', 'geo',
      '--no-interaction', '--no-ansi']);
    expect(installed()).toBe('locked==2 ; python_version >= \'3.9\' --hash=sha256:abc\n');
  });

  test('are the dependencies in pyproject.toml if there is no lock file', () => {
    uv();

    bind(fromProject([], { extras: ['geo'] }));

    expect(call('uv', 1)).toEqual(['<sandbox>/my project', 'pip', 'compile', '--no-header', '--no-annotate', '--overrides', '<work>/overrides.txt',
      '--python-version', '3.9', '--python-platform', 'aarch64-manylinux_2_28', '--only-binary', ':all:', '--extra', 'geo', '--quiet',
      'pyproject.toml']);
    expect(installed()).toBe('exported==1\n');
  });

  test('are exported in a container, from copies of the files that say which they are', () => {
    sandbox.tool('docker', `[ "$1" = ps ] && exit
      for arg in "$@"; do case "$arg" in *:/work) work="\${arg%:/work}";; export) ls "$work/project" > '${sandbox.directory}/seen'; echo demo==1; exit;; esac; done
      echo > "$work/installed/demo.py"`);

    bind(fromProject(['uv.lock', 'src/mine/__init__.py', 'secret.txt']));

    expect(readFileSync(join(sandbox.directory, 'seen'), 'utf8')).toBe('pyproject.toml\nuv.lock\n');
    expect(call('docker', 1).filter((_, i, args) => args[i - 1] === '--env')).toEqual(['HOME=/tmp', 'UV_CACHE_DIR=/tmp/uv', 'UV_LINK_MODE=copy']);
    expect(sandbox.progress()[0]).toMatch(/^Installing the Python packages of my project\/uv\.lock for /);
  });

  test('leave out PySpark', () => {
    uv('pyspark==3.5.0 \\\n    --hash=sha256:abc\ndelta-spark==3.2.0\npy4j==0.10.9.7');

    bind(fromProject(['uv.lock']));

    expect(installed()).toBe('delta-spark==3.2.0\n');
    expect(call('uv', 1)).not.toContain('--extra');
  });

  test('must not be projects in directories', () => {
    uv('demo==1\n-e ./members/other');

    expect(message(() => bind(fromProject(['uv.lock'])))).toMatch(/^`directory` must name packages of an index.*, got line 2 of the exported requirements: /);
  });

  test('must be some', () => {
    uv('pyspark==3.5.0');

    expect(message(() => bind(fromProject(['uv.lock']))))
      .toBe('`directory` must name a package (pyspark and py4j are left out, because Amazon EMR has them), got none');
  });

  test('cannot be exported without Poetry', () => {
    uv();

    expect(message(() => bind(fromProject(['poetry.lock'])))).toBe('a project with poetry.lock must have Poetry with its plugin'
      + ' poetry-plugin-export, which exports the packages (or export them elsewhere, and give the file to `PythonPackages.fromRequirements()`):'
      + ' poetry is not on the PATH');
  });

  test('cannot be exported without its plugin, and Poetry says so', () => {
    uv();
    sandbox.tool('poetry', 'echo \'The requested command export does not exist.\' >&2; exit 1');

    expect(message(() => bind(fromProject(['poetry.lock'])))).toMatch(/ poetry says:\n {2}The requested command export does not exist\.$/);
  });

  test('are not read by pip', () => {
    expect(message(() => bind(fromProject(['uv.lock'])))).toContain('pip cannot read the dependencies of a project');
  });

  test('say what uv says if it cannot resolve them', () => {
    sandbox.uv('[ "$1" = export ] && { echo "error: the lockfile is too old" >&2; exit 2; }');

    expect(message(() => bind(fromProject(['uv.lock'])))).toMatch(/\n {2}error: the lockfile is too old$/);
  });
});

describe('the hash of the packages', () => {
  const hash = (files: { [name: string]: string }, options?: PythonProjectOptions, name = 'one') => {
    Object.entries({ 'pyproject.toml': '', ...files }).forEach(([file, content]) => sandbox.file(join(name, file), content));
    return hashOf(PythonPackages.fromProject(join(sandbox.directory, name), options));
  };
  const LOCKED = { 'uv.lock': 'one\n' };

  test('does not change with the code', () => {
    expect(hash({ ...LOCKED, 'src/mine/__init__.py': 'X = 1' })).toBe(hash({ ...LOCKED, 'src/mine/__init__.py': 'X = 2' }));
  });

  test('does not change with pyproject.toml if the packages are locked', () => {
    expect(hash({ ...LOCKED, 'pyproject.toml': '[tool.ruff]' })).toBe(hash(LOCKED));
  });

  test('changes with the configuration of uv if the packages are not locked', () => {
    const [one, two] = ['one', 'two'].map((name) => ({ 'uv.toml': `[[index]]\nurl = "https://${name}/simple"\n` }));

    expect(hash(one)).not.toBe(hash(two));
    expect(hash({ ...LOCKED, ...one })).toBe(hash({ ...LOCKED, ...two }));
  });

  test('is the same in two checkouts, with any line endings', () => {
    expect(hash({ 'uv.lock': 'one\r\n' }, {}, 'other')).toBe(hash(LOCKED));
  });

  test('changes with the lock file, and with the extras', () => {
    const hashes = [hash(LOCKED), hash({ 'uv.lock': 'two\n' }), hash(LOCKED, { extras: ['geo'] })];
    expect(hash(LOCKED, { extras: ['geo', 'ml'] })).toBe(hash(LOCKED, { extras: ['ml', 'geo'] }));

    expect(new Set(hashes).size).toBe(3);
  });

  test('does not change with credentials', () => {
    expect(hash({ 'uv.lock': 'url = "https://u:one@example.com/x.whl?token=one"' })).toBe(hash({ 'uv.lock': 'url = "https://u:two@example.com/x.whl?token=two"' }));
    expect(hash({ 'uv.lock': '{ registry = "https://example.com/aB3dE5gH7jK9mN1pQ3/simple" }' }))
      .toBe(hash({ 'uv.lock': '{ registry = "https://example.com/aB3dE5gH7jK9mN1pQ4/simple" }' }));
  });

  test.each([
    ['url = "https://example.com/x.whl?file=one"', 'url = "https://example.com/x.whl?file=two"'],
    ['url = "https://example.com/simple/00112233445566778899aabbccddeeff/x.whl"', 'url = "https://example.com/simple/00112233445566778899aabbccddeefe/x.whl"'],
    ['{ registry = "https://example.com/one/simple" }', '{ registry = "https://example.com/two/simple" }'],
    ['url = "https://files.example.com/packages/00112233445566778899aabbccddeeff/x.whl"', 'url = "https://files.example.com/packages/00112233445566778899aabbccddeefe/x.whl"'],
  ])('changes with what is no credential of a URL: %s', (one, two) => {
    expect(hash({ 'uv.lock': one })).not.toBe(hash({ 'uv.lock': two }));
  });
});

describe('the modules of a project', () => {
  test('are in src, without what is compiled or built', () => {
    expect(modules(fromProject(['uv.lock', 'src/mine/__init__.py', 'src/mine/deep/query.sql', 'src/single.py', 'src/mine/__pycache__/x.pyc', 'src/mine/old.pyc',
      'src/mine.egg-info/PKG-INFO', 'src/.DS_Store', 'main.py', 'tests/test_mine.py'])))
      .toEqual(['mine/__init__.py', 'mine/deep/query.sql', 'single.py']);
  });

  test('are beside pyproject.toml, without tests, documentation and environments', () => {
    expect(modules(fromProject(['uv.lock', 'mine/__init__.py', 'mine/deep/query.sql', 'mine/tests/data.json', 'mine/__pycache__/x.pyc', 'main.py', 'setup.py',
      'conftest.py', 'test_main.py', 'main_test.py', 'tests/__init__.py', 'docs/__init__.py', '.venv/lib/x.py', 'data/x.csv', 'README.md',
      'cdk.out/x.py', 'node_modules/x/__init__.py', 'secret.env'])))
      .toEqual(['main.py', 'mine/__init__.py', 'mine/deep/query.sql', 'mine/tests/data.json']);
  });

  test('may be none', () => {
    uv();

    expect(bind(fromProject(['uv.lock', 'README.md'])).config.pythonFileUris).toBeUndefined();
  });

  test('are an asset of their own, which the grantee may read too', () => {
    uv();

    const { stack, config } = bind(fromProject(['uv.lock', 'src/mine/__init__.py']));

    const granted = JSON.stringify(policyStatements(stack));
    expect(granted).toContain(keyOf(config.archiveUri));
    expect(granted).toContain(keyOf(config.pythonFileUris![0]));
    expect(granted).not.toContain('"s3:GetObject*"');
  });

  test('change without an installation', () => {
    uv();
    const before = bind(fromProject(['uv.lock', 'src/mine/__init__.py'])).config;
    const calls = sandbox.calls('uv').length;
    sandbox.file('my project/src/mine/__init__.py', 'X = 2');
    const after = bind(PythonPackages.fromProject(join(sandbox.directory, 'my project'))).config;

    expect(after.archiveUri).toBe(before.archiveUri);
    expect(after.pythonFileUris).not.toEqual(before.pythonFileUris);
    expect(sandbox.calls('uv')).toHaveLength(calls);
  });
});

describe('a project', () => {
  test('must have pyproject.toml', () => {
    const directory = join(sandbox.file('no project/setup.py'), '..');

    expect(message(() => PythonPackages.fromProject(directory))).toBe('`directory` must have a pyproject.toml (give a requirements file to'
      + ` \`PythonPackages.fromRequirements()\`), got: "${directory}"`);
  });

  test('must exist', () => {
    expect(message(() => PythonPackages.fromProject('missing'))).toBe('`directory` must be a directory that exists, got: "missing", which'
      + ` does not exist in the working directory ${JSON.stringify(process.cwd())}`);
  });

  test('refuses values of other types', () => {
    expect(message(() => fromProject(['uv.lock'], { extras: 'geo' as never }))).toBe('`options.extras` must be a list, got: "geo"');
  });

  test.each(['--all-extras', 'a b', ''])('has no extra %j', (extra) => {
    expect(message(() => fromProject(['uv.lock'], { extras: [extra] })))
      .toBe(`\`options.extras[0]\` must be one of the names of extras (A-Z a-z 0-9 . _ -), got: ${JSON.stringify(extra)}`);
  });
});
