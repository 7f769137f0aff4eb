import { readdirSync } from 'fs';
import { join } from 'path';
import { bind, eachTestInSandbox, hashOf, keyOf, message, sandbox, TARGET } from './packages-parts';
import { Architecture, PythonPackages } from '../../src';

eachTestInSandbox();

/** The modules of a project with these files, by their paths in the asset, or undefined without an asset. */
function modules(files: string[]): string[] | undefined {
  ['pyproject.toml', 'uv.lock', ...files].forEach((file) => sandbox.file(join('project', file), `# ${file}\n`));
  sandbox.uv('[ "$1" = export ] && { echo exported==1; exit; }');
  const { config, outdir } = bind(PythonPackages.fromProject(join(sandbox.directory, 'project')));
  if (!config.pythonFileUris) { return undefined; }
  const directory = join(outdir, `asset.${keyOf(config.pythonFileUris[0]).replace('.zip', '')}`);
  return (readdirSync(directory, { recursive: true, withFileTypes: true }) as any[])
    .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(directory.length + 1)).sort();
}

describe('beside pyproject.toml', () => {
  test.each(['module.py', '_private.py', 'latest_test_data.py', 'testing.py', 'package/__init__.py', '_package/__init__.py'])('%s is a module', (file) => {
    expect(modules([file])).toEqual([file]);
  });

  test.each([
    'my-module.py', '1module.py', 'module.py.txt', 'module.pyi', 'test_module.py', 'module_test.py', 'setup.py', 'conftest.py', 'noxfile.py',
    'my-package/__init__.py', '1package/__init__.py', 'package/module.py', 'module.py/__init__.py',
    ...['test', 'tests', 'doc', 'docs', 'example', 'examples', 'build', 'dist', 'venv', 'env', 'node_modules'].map((name) => `${name}/__init__.py`),
  ])('%s is none', (file) => {
    expect(modules([file])).toBeUndefined();
  });
});

describe('in src', () => {
  test.each([['src/module.py', 'module.py'], ['src/space/module.py', 'space/module.py']])('%s is a module', (file, name) => {
    expect(modules([file])).toEqual([name]);
  });

  test('a file that is no module makes no asset', () => {
    expect(modules(['src/README.md'])).toBeUndefined();
  });

  test('a package of this name is beside pyproject.toml', () => {
    expect(modules(['src/__init__.py'])).toEqual(['src/__init__.py']);
  });
});

test.each(['uv.lock', 'poetry.lock'])('a directory with %s and without pyproject.toml is no project', (lock) => {
  sandbox.file(join('project', lock));

  expect(message(() => PythonPackages.fromProject(join(sandbox.directory, 'project')))).toBe('`directory` must have a pyproject.toml (give a'
    + ` requirements file to \`PythonPackages.fromRequirements()\`), got: "${join(sandbox.directory, 'project')}"`);
});

test('a project with poetry.lock is installed by pip too, whatever exported it', () => {
  sandbox.tool('python3', `[ "$1" = -c ] && { echo 'cpython 3.9 Linux aarch64 24.0'; exit; }\n${sandbox.installs()}`);
  sandbox.tool('poetry', 'echo locked==2');
  ['pyproject.toml', 'poetry.lock'].forEach((file) => sandbox.file(join('project', file)));

  bind(PythonPackages.fromProject(join(sandbox.directory, 'project')));

  expect(sandbox.calls('python3').pop()).toContain('--no-deps');
});

test('the hash of a project is another one for another host of a package', () => {
  const hash = (host: string) => {
    sandbox.file('project/pyproject.toml');
    sandbox.file('project/uv.lock', `url = "https://janet:secret@${host}/demo.whl?token=1"\n`);
    return hashOf(PythonPackages.fromProject(join(sandbox.directory, 'project')));
  };

  expect(hash('a.example.com')).not.toBe(hash('b.example.com'));
});

describe('pip', () => {
  test('takes wheels only, constraints, and the platforms that older ones have', () => {
    sandbox.tool('python3', `[ "$1" = -c ] && { echo 'cpython 3.9 Linux aarch64 24.0'; exit; }\n${sandbox.installs()}`);
    sandbox.file('limits.txt', 'demo<2\n');

    bind(PythonPackages.fromRequirements(sandbox.file('requirements.txt', '-c limits.txt\ndemo\n')));

    const call = sandbox.calls('python3').pop()!.map((arg) => arg.replace(/^.*\/building-[\w-]+/, '<work>'));
    const end = call.slice(call.indexOf('--only-binary'));
    expect(end.slice(0, 4)).toEqual(['--only-binary', ':all:', '--platform', 'manylinux_2_28_aarch64']);
    expect(end.slice(-8)).toEqual([
      '--platform', 'manylinux_2_17_aarch64', '--platform', 'manylinux2014_aarch64', '--constraint', '<work>/constraints.txt',
      '--requirement', '<work>/requirements.txt',
    ]);
  });

  test('takes every platform that a machine with x86_64 may have', () => {
    sandbox.tool('python3', `[ "$1" = -c ] && { echo 'cpython 3.9 Linux x86_64 24.0'; exit; }\n${sandbox.installs()}`);

    bind(PythonPackages.fromRequirements(sandbox.file('requirements.txt', 'demo\n')), { release: TARGET.release, architecture: Architecture.X86_64 });

    expect(sandbox.calls('python3').pop()).toEqual(expect.arrayContaining(['manylinux_2_12_x86_64', 'manylinux2010_x86_64', 'manylinux1_x86_64']));
  });

  test('is used although the configuration of uv builds from source', () => {
    sandbox.tool('python3', `[ "$1" = -c ] && { echo 'cpython 3.9 Linux aarch64 24.0'; exit; }\n${sandbox.installs()}`);
    sandbox.file('uv.toml', 'no-binary = true\n');

    expect(() => bind(PythonPackages.fromRequirements(sandbox.file('requirements.txt', 'demo\n')))).not.toThrow();
  });

  test.each([['exit 1', 'no Python with pip is on the PATH'], ['echo "cpython 3.9 Linux aarch64"', 'no Python with pip is on the PATH']])(
    'is not there if Python answers: %s', (answer, reason) => {
      sandbox.tool('python3', answer);

      expect(message(() => bind(PythonPackages.fromRequirements(sandbox.file('requirements.txt', 'demo\n'))))).toContain(`(${reason})`);
    });

  test('is not used with any of two other Pythons, which the error names', () => {
    ['python3', 'python'].forEach((name) => sandbox.tool(name, 'echo "cpython 3.8 Linux x86_64 24.0"'));

    expect(message(() => bind(PythonPackages.fromRequirements(sandbox.file('requirements.txt', 'demo\n')))))
      .toContain('(python3 is 3.8 on Linux x86_64, python is 3.8 on Linux x86_64)');
  });
});

test('Docker whose engine does not run is not used', () => {
  sandbox.tool('docker', 'exit 1');

  expect(message(() => bind(PythonPackages.fromRequirements(sandbox.file('requirements.txt', 'demo\n')))))
    .toContain('; the engine of docker does not run. Install uv');
});
