import { readdirSync } from 'fs';
import { join } from 'path';
import { inspect } from 'util';
import { bind, eachTestInSandbox, fromRequirements, message, sandbox, X86 } from './packages-parts';
import { PythonPackages } from '../../src';

eachTestInSandbox();

describe('an installer that fails', () => {
  const failing = (output: string) => sandbox.uv(`cat >&2 <<'END'\n${output}\nEND\nexit 1`);

  test('shows its last lines, once, and leaves nothing behind', () => {
    failing(Array.from({ length: 100 }, (_, i) => `line ${i}`).join('\n'));

    const error = message(() => bind(fromRequirements()));

    expect(error.split('\n')).toEqual([
      'uv 1.2.3 could not install the Python packages for Python 3.9 on aarch64 (manylinux_2_28):',
      ...Array.from({ length: 15 }, (_, i) => `  line ${85 + i}`),
    ]);
    expect(sandbox.progress().join()).not.toContain('line 99');
    expect(readdirSync(sandbox.cache)).toEqual([]);
  });

  test('is tried again by the next synthesis', () => {
    failing('offline');
    message(() => bind(fromRequirements()));
    sandbox.uv();

    expect(() => bind(fromRequirements())).not.toThrow();
  });

  test.each([
    ['Because docopt==0.6.2 has no usable wheels and you require docopt==0.6.2, we can conclude\nhint: Wheels are required for `docopt` because', 'docopt==0.6.2'],
    ['Because only a was found and all versions of my-pkg have no usable wheels', 'my-pkg'],
    ['hint: Wheels are required for `docopt` because building from source is disabled', 'docopt'],
    ['Because there is no version of a>1,<2 and a==1 has no usable wheels', 'a==1'],
    ['Because a==1 has no\n      usable wheels', 'a==1'],
    ['Because a==1 has no wheels with a matching Python ABI tag (e.g., `cp39`) and b==2 has no wheels with a matching platform tag', 'a==1, b==2'],
  ])('says which packages have no wheel: %s', (output, packages) => {
    failing(output);

    expect(message(() => bind(fromRequirements())).split('\n')[0]).toBe(
      `\`pythonPackages\` must have wheels for Python 3.9 on aarch64 (manylinux_2_28), got none of: ${packages}. Require a version that has one,`
      + ' or name the package in `sourceDistributions` if it is pure Python. uv 1.2.3 says:');
  });

  test.each([
    ['Because numpyy was not found in the package registry and you require numpyy, we can conclude that your requirements are unsatisfiable.', 'numpyy'],
    ['Because my-pkg was not found in the provided package locations and you require my-pkg', 'my-pkg'],
    ['Because there is no version of numpy==99.0 and you require numpy==99.0', 'numpy==99.0'],
    ['Because there are no versions of numpy and you require numpy', 'numpy'],
    ['Because a was not found in the package registry and b was not found in the package registry', 'a, b'],
    ['Because a==1 has no wheels with a matching platform tag and b==2 depends on c and c was not found in the package registry', 'c'],
  ])('says which packages no index has: %s', (output, packages) => {
    failing(output);

    expect(message(() => bind(fromRequirements())).split('\n')[0]).toBe('`pythonPackages` must be packages and versions that an index has,'
      + ` got: ${packages}. Correct the name or the version, or configure the index that has it. uv 1.2.3 says:`);
  });

  test.each([['x==1'], ['@pyspark'], ['x==1', 'y==2']])('says both of what pip says the same of: %s %s', (...packages) => {
    sandbox.tool('python3', `[ "$1" = -c ] && { echo 'cpython 3.11 Linux x86_64 24.0'; exit; }
      echo 'ERROR: Could not find a version that satisfies the requirement x==1 (from versions: none)' >&2
      ${packages.map((name) => `echo 'ERROR: No matching distribution found for ${name}' >&2`).join('\n')}; exit 1`);

    expect(message(() => bind(fromRequirements(), X86)).split('\n')[0]).toBe('`pythonPackages` must be packages and versions that an index has,'
      + ` with wheels for Python 3.11 on x86_64 (manylinux_2_28), got none of: ${packages.join(', ')}. Correct the name or the version, require a version that has`
      + ' a wheel, or install with uv, which tells these apart. pip 24.0 says:');
  });

  test('says that pip cannot leave out PySpark', () => {
    sandbox.tool('python3', `[ "$1" = -c ] && { echo 'cpython 3.11 Linux x86_64 24.0'; exit; }
      echo 'ERROR: No matching distribution found for pyspark<3.6.0,>=3.5.3' >&2; exit 1`);

    expect(message(() => bind(fromRequirements('delta-spark'), X86)).split('\n')[0]).toBe('`pythonPackages` must be installed by uv, because'
      + ' a package requires pyspark or py4j: Amazon EMR has them already, and only uv can leave them out, got: pip 24.0.'
      + ' Install uv: https://docs.astral.sh/uv/getting-started/installation/. pip 24.0 says:');
  });

  test.each([
    'failed: https://user:s3cr3t@pypi.example.com/simple/demo/',
    'failed: https://s3cr3t@pypi.example.com/simple/demo/',
    'failed: https://pypi.example.com/s3cr3t/simple/demo/',
    'failed: https://user:a/s3cr3t@pypi.example.com/simple/demo/',
    'failed: https://pypi.example.com/demo.whl?X-Amz-Signature=s3cr3t',
    'authorization: Bearer s3cr3t',
    'cannot log in with t0ken-s3cr3t',
    'password = s3cr3t',
  ])('shows no credentials: %s', (output) => {
    process.env.TOKEN = 't0ken-s3cr3t';
    failing(output);

    const error = message(() => bind(fromRequirements('-i https://u:${TOKEN}@pypi.example.com\ndemo\n')));

    expect(error).not.toContain('s3cr3t');
    expect(error.split('\n')).toHaveLength(2);
  });

  test.each([
    'cannot log in as jane', 'wrong password: p/w s3cr3t', 'p%2Fw%20s3cr3t', 'no s3cr3tpath', 'no envs3cr3t', 'no named-s3cr3t', 'no pips3cr3t',
    'wrong envpass',
  ])('shows nothing of the URLs of indexes: %s', (output) => {
    Object.assign(process.env, {
      UV_INDEX: 'a=https://user:envs3cr3t@a.example.com/simple b=https://b.example.com/envpass/simple',
      UV_INDEX_A_PASSWORD: 'named-s3cr3t',
      PIP_EXTRA_INDEX_URL: 'https://c.example.com/pips3cr3t/simple',
    });
    failing(output);

    const error = message(() => bind(fromRequirements('-i https://jane:p%2Fw%20s3cr3t@pypi.example.com/s3cr3tpath/simple\ndemo\n')));

    expect(error).not.toMatch(/s3cr3t|jane|envpass/);
    expect(error.split('\n')).toHaveLength(2);
  });

  test('has its output in the message only, which Node shows', () => {
    failing('password = s3cr3t');

    let error: unknown;
    try { bind(fromRequirements()); } catch (thrown) { error = thrown; }

    expect(inspect(error)).toContain('could not install');
    expect(String(error)).toBe((error as Error).message);
    expect((error as Error).name).toBe('InstallerError');
    expect(inspect(error, { showHidden: true, depth: 9 })).not.toContain('s3cr3t');
  });

  test('shows no part of a password in a long line', () => {
    const password = 's3cr3t'.repeat(200);
    failing(`tried https://u:${password}@pypi.example.com/a and https://u:${password}@pypi.example.com/b`);

    expect(message(() => bind(fromRequirements())).split('\n')[1]).toBe('  tried https://pypi.example.com/…/a and https://pypi.example.com/…/b');
  });

  test('may have said it on the standard output', () => {
    sandbox.uv('[ "$1" = pip ] && { echo >&2; echo offline; exit 1; }');

    expect(message(() => bind(fromRequirements())).split('\n').slice(1)).toEqual(['  offline']);
  });

  test('may have been ended, and what ended it is shown last', () => {
    sandbox.uv('[ "$1" = pip ] && { printf resolving >&2; kill -9 $$; }');

    expect(message(() => bind(fromRequirements())).split('\n').slice(1)).toEqual(['  resolving', '  uv was ended by SIGKILL']);
  });

  test('may not start with all of its arguments', () => {
    sandbox.uv();
    sandbox.file('project/pyproject.toml');
    sandbox.file('project/uv.lock');
    const packages = PythonPackages.fromProject(join(sandbox.directory, 'project'), { extras: ['a'.repeat(5_000_000)] });

    expect(message(() => bind(packages)).split('\n').slice(1)).toEqual(['  spawnSync uv E2BIG']);
  });

  test('may have removed its directory', () => {
    sandbox.uv(`[ "$1" = pip ] && { rm -rf '${sandbox.cache}'/building-*; echo gone >&2; exit 1; }`);

    expect(message(() => bind(fromRequirements())).split('\n').slice(1)).toEqual(['  gone']);
  });

  test('cannot control the terminal', () => {
    failing('\u001b[31mred\u001b[0m \u202e\u0007 text');

    expect(message(() => bind(fromRequirements())).split('\n')[1]).toBe('  red \\u202e\\u0007 text');
  });
});
