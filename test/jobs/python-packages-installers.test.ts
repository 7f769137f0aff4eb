import { spawnSync } from 'child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'fs';
import * as os from 'os';
import { basename, dirname, join } from 'path';
import { inspect } from 'util';
import { bind, message, Sandbox, TARGET, unzipped } from './packages-parts';
import { Architecture, EmrRelease, PythonPackages, PythonPackagesOptions, PythonPackagesTarget } from '../../src';
import { ENV, newStack, submitterIn } from '../util';

let sandbox: Sandbox;
beforeEach(() => { sandbox = new Sandbox(); });
afterEach(() => sandbox.remove());

const fromRequirements = (content = 'demo==1.0\n', options?: PythonPackagesOptions) =>
  PythonPackages.fromRequirements(sandbox.file('requirements.txt', content), options);

const X86: PythonPackagesTarget = { release: EmrRelease.EMR_SPARK_8_2_0, architecture: Architecture.X86_64 };
const AMAZON_LINUX_2: PythonPackagesTarget = { release: EmrRelease.EMR_6_15_0, architecture: Architecture.ARM64 };

/** A Python that says what it is, and installs. */
function python(name: string, version: string, system = 'Linux', machine = 'x86_64', implementation = 'cpython') {
  sandbox.tool(name, `[ "$1" = -c ] && { echo '${implementation} ${version} ${system} ${machine} 24.0'; exit; }\n${sandbox.installs()}`);
}

/** The arguments of the last call without those that differ from run to run. */
function lastCall(name: string): string[] {
  return sandbox.calls(name).pop()!.map((arg) => arg.replace(/^.*\/building-[\w.-]+/, '<work>').replace(sandbox.directory, '<sandbox>'));
}

describe('uv', () => {
  test('installs for the target in the directory of the requirements', () => {
    sandbox.uv();
    python('python3', '3.11');

    bind(fromRequirements(), X86);

    expect(lastCall('uv')).toEqual([
      '<sandbox>', 'pip', 'install', '--target', '<work>/installed', '--python-version', '3.11', '--python-platform', 'x86_64-manylinux_2_28',
      '--only-binary', ':all:', '--no-compile-bytecode', '--overrides', '<work>/overrides.txt',
      '--requirements', '<work>/requirements.txt',
    ]);
    expect(sandbox.calls('python3')).toEqual([]);
  });

  test.each([
    [AMAZON_LINUX_2, '3.7', 'aarch64-manylinux2014'],
    [TARGET, '3.9', 'aarch64-manylinux_2_28'],
    [{ ...TARGET, release: EmrRelease.of('emr-spark-9.0.0') }, '3.14', 'aarch64-manylinux_2_28'],
    [{ ...TARGET, release: EmrRelease.of('emr-6.99.0') }, '3.14', 'aarch64-manylinux2014'],
    [{ architecture: Architecture.X86_64 }, '3.14', 'x86_64-manylinux2014'],
    [{ ...AMAZON_LINUX_2, customImage: true }, '3.14', 'aarch64-manylinux2014'],
  ] as [PythonPackagesTarget, string, string][])('takes the newest wheels that the system of the release loads: %#', (target, pythonVersion, platform) => {
    sandbox.uv();

    bind(fromRequirements('demo', { pythonVersion }), target);

    expect(lastCall('uv').join(' ')).toContain(`--python-version ${pythonVersion} --python-platform ${platform} `);
  });

  test('builds from source what it is told to, and nothing else', () => {
    sandbox.uv();

    bind(fromRequirements('demo', { sourceDistributions: ['demo', 'other'] }));

    expect(lastCall('uv').join(' ')).toContain(' --only-binary :all: --no-binary demo --no-binary other ');
  });

  test('leaves out PySpark where other packages require it', () => {
    sandbox.uv();

    bind(fromRequirements());

    expect(readFileSync(join(sandbox.directory, 'overrides.txt'), 'utf8')).toBe('pyspark; sys_platform == \'never\'\npy4j; sys_platform == \'never\'\n');
  });

  test('must not compile packages for this machine', () => {
    sandbox.tool('uv', `[ "$1" = --version ] && { echo 'uv 1.2.3'; exit; }\n${sandbox.installs('cp39-cp39-linux_x86_64')}`);

    expect(message(() => bind(fromRequirements('demo', { sourceDistributions: ['demo'] })))).toBe(
      '`sourceDistributions` must name pure Python packages, because what is compiled here does not run on the workers'
      + ' (Python 3.9 on aarch64 (manylinux_2_28)), got: demo-1.0 for cp39-cp39-linux_x86_64');
    expect(readdirSync(sandbox.cache)).toEqual([]);
  });

  test.each([
    ['pyproject.toml', '[tool.uv.pip]\nno-binary = ["six"]\n'], ['uv.toml', '[pip]\nno-binary=[\n  "demo", # why\n  "six",\n]\n'],
    ['pyproject.toml', '[tool.uv]\nno-binary-package = ["six"]\n'], ['../uv.toml', 'pip = { no-binary = ["six"] }\n'],
    ['uv.toml', 'pip."no-binary" = ["six"]\n'], ['uv.toml', 'no-binary = true\n'],
    ['uv.toml', '[pip]\nno-binary = [":all:"]\n'],
  ])('is not used with a configuration that builds from source: %s %j', (name, text) => {
    sandbox.uv();
    sandbox.file(join('in', name), text);
    const packages = (sourceDistributions: string[]) =>
      PythonPackages.fromRequirements(sandbox.file('in/requirements.txt', 'six==1\n'), { sourceDistributions });

    expect(message(() => bind(packages(['demo'])))).toBe('`sourceDistributions` must name all packages that `no-binary` in'
      + ` ${name.replace('../', '')} names, got: ${text.includes('six') ? 'without "six"' : '`no-binary` for all packages'}`);
    if (text.includes('six')) { expect(() => bind(packages(['Six', 'demo']))).not.toThrow(); }
  });

  describe('with a configuration of the user or the machine that builds from source', () => {
    const refused = /^`sourceDistributions` must name all packages that `no-binary` in \w+\.toml names, got: without "six"$/;
    const builds = (name: string) => sandbox.file(name, '[pip]\nno-binary = ["six"]\n');
    beforeEach(() => sandbox.uv());

    test.each([
      ['XDG_CONFIG_HOME', 'config', 'config/uv/uv.toml'],
      ['XDG_CONFIG_DIRS', 'one:two', 'two/uv/uv.toml'],
      ['UV_CONFIG_FILE', 'other.toml', 'other.toml'],
    ])('is not used: %s', (variable, value, name) => {
      builds(name);
      process.env[variable] = value.split(':').map((each) => join(sandbox.directory, each)).join(':');

      expect(message(() => bind(fromRequirements('six==1')))).toMatch(refused);
      expect(() => bind(fromRequirements('six==1', { sourceDistributions: ['six'] }))).not.toThrow();
    });

    test('is not used: in the home', () => {
      builds('.config/uv/uv.toml');
      delete process.env.XDG_CONFIG_HOME;
      const home = jest.spyOn(jest.requireActual<typeof import('os')>('os'), 'homedir').mockReturnValue(sandbox.directory);

      expect(message(() => bind(fromRequirements('six==1')))).toMatch(refused);
      home.mockRestore();
    });

    test.each(['/etc/uv/uv.toml', '/etc/xdg/uv/uv.toml', '/uv.toml', '/pyproject.toml'])('is not used: %s', (name) => {
      delete process.env.XDG_CONFIG_DIRS;
      const fs = jest.requireActual<typeof import('fs')>('fs');
      const { existsSync: exists, readFileSync: read } = fs;
      const spies = [
        jest.spyOn(fs, 'existsSync').mockImplementation((path) => path === name || exists(path)),
        jest.spyOn(fs, 'readFileSync').mockImplementation(((path: string, ...args: [never]) => path === name ? 'no-binary = ["six"]' : read(path, ...args)) as never),
      ];

      expect(message(() => bind(fromRequirements('six==1')))).toMatch(refused);
      spies.forEach((spy) => spy.mockRestore());
    });

    test('is used if another file is read in its place', () => {
      builds('uv.toml');
      process.env.UV_CONFIG_FILE = sandbox.file('other.toml');

      expect(() => bind(fromRequirements('six==1'))).not.toThrow();
    });
  });

  test('may have a configuration that builds nothing', () => {
    sandbox.uv();
    sandbox.file('uv.toml', '# no-binary = ["six"]\nno-binary = false\nno-binary-package = []\n');

    expect(() => bind(fromRequirements())).not.toThrow();
  });

  test('that does not run is not used', () => {
    sandbox.tool('uv', 'echo >&2; echo "bad CPU" >&2; exit 1');

    expect(message(() => bind(fromRequirements()))).toContain('got none of them: uv does not run (bad CPU); pip must run');
  });
});

describe('pip', () => {
  test('installs if there is no uv, and its Python is the target\'s', () => {
    python('python3', '3.11');

    bind(fromRequirements(), X86);

    const call = lastCall('python3');
    expect(call.slice(0, 15)).toEqual([
      '<sandbox>', '-m', 'pip', 'install', '--target', '<work>/installed', '--no-compile', '--no-input', '--disable-pip-version-check',
      '--no-warn-conflicts', '--quiet', '--python-version', '3.11', '--implementation', 'cp',
    ]);
    expect(call.slice(-4)).toEqual(['--platform', 'manylinux1_x86_64', '--requirement', '<work>/requirements.txt']);
    expect(sandbox.calls('python3')[0].slice(1)).toEqual(['-c', expect.stringMatching(
      /^import sys, platform, pip; print\(sys\.implementation\.name, .*, platform\.system\(\), platform\.machine\(\), pip\.__version__\)$/)]);
    const platforms = call.filter((_, i) => call[i - 1] === '--platform');
    expect(platforms.slice(0, 2)).toEqual(['manylinux_2_28_x86_64', 'manylinux_2_27_x86_64']);
    expect(platforms).toContain('manylinux2014_x86_64');
    expect(platforms.slice(-2)).toEqual(['manylinux_2_5_x86_64', 'manylinux1_x86_64']);
  });

  test('of the Python that is named for the version comes first', () => {
    python('python3', '3.11');
    python('python3.9', '3.9', 'Linux', 'aarch64');

    bind(fromRequirements());

    expect(lastCall('python3.9')).toContain('manylinux2014_aarch64');
    expect(sandbox.calls('python3')).toEqual([]);
  });

  test.each([
    ['another Python', '3.12', 'Linux', 'x86_64', 'cpython'],
    ['another system', '3.11', 'Darwin', 'x86_64', 'cpython'],
    ['another architecture', '3.11', 'Linux', 'aarch64', 'cpython'],
    ['another implementation', '3.11', 'Linux', 'x86_64', 'pypy'],
  ])('is not used with %s, which it would evaluate conditions for', (_, version, system, machine, implementation) => {
    python('python3', version, system, machine, implementation);

    expect(message(() => bind(fromRequirements(), X86)))
      .toContain(`pip must run with Python 3.11 on Linux x86_64 (python3 is ${version} on ${system} ${machine})`);
  });

  test('is not used to build from source', () => {
    python('python3', '3.11');

    expect(message(() => bind(fromRequirements('demo', { sourceDistributions: ['demo'] }), X86)))
      .toContain('pip cannot build source distributions for the glibc of the workers');
  });
});

describe('Docker', () => {
  const VERIFIED_UV = readFileSync(join(__dirname, '../../verification/requirements/uv.txt'), 'utf8').trim().replace('uv==', '');
  const docker = (name = 'docker') => sandbox.tool(name, `[ "$1" = ps ] && exit
    while [ $# -gt 0 ]; do case "$1" in --volume) work="\${2%:/work}";; --target) mkdir -p "$work/installed/demo"; echo > "$work/installed/demo/__init__.py";;
    esac; shift; done`);

  test('runs uv if there is neither uv nor the Python of the target', () => {
    docker();
    python('python3', '3.12');
    sandbox.file('uv.toml');

    const { config } = bind(fromRequirements());

    const call = lastCall('docker');
    expect(call.slice(1, 3)).toEqual(['run', '--rm']);
    expect(call.slice(call.indexOf('--entrypoint'))).toEqual([
      '--entrypoint', 'uv', `ghcr.io/astral-sh/uv:${VERIFIED_UV}-python3.13-trixie-slim`, 'pip', 'install', '--target', '/work/installed',
      '--python-version', '3.9', '--python-platform', 'aarch64-manylinux_2_28', '--only-binary', ':all:', '--no-compile-bytecode',
      '--overrides', '/work/overrides.txt', '--requirements', '/work/requirements.txt',
    ]);
    expect(config.archiveUri).toMatch(/\.zip$/);
  });

  test('may run another image', () => {
    docker();
    process.env.CDK_SPARK_EMR_SERVERLESS_UV_IMAGE = 'registry.example.com/uv@sha256:abc';

    bind(fromRequirements());

    const call = lastCall('docker');
    expect(call.slice(call.indexOf('--entrypoint')).slice(0, 4)).toEqual(['--entrypoint', 'uv', 'registry.example.com/uv@sha256:abc', 'pip']);
  });

  test('may be another command', () => {
    docker('finch');
    process.env.CDK_DOCKER = 'finch';

    bind(fromRequirements());

    expect(sandbox.calls('finch')).toHaveLength(2);
  });

  test('is handed the names of variables with credentials, and never their values', () => {
    docker();
    Object.assign(process.env, {
      UV_INDEX_COMPANY_PASSWORD: 's3cr3t',
      HTTPS_PROXY: 'http://s3cr3t@proxy',
      http_proxy: 'http://s3cr3t@proxy',
      TOKEN: 's3cr3t',
      UV_CACHE_DIR: '/x',
      OTHER: 'x',
      MY_HTTP_PROXY: 'x',
      NO_PROXY_NOT: 'x',
    });

    bind(fromRequirements('--index-url https://user:${TOKEN}@pypi.example.com/simple\ndemo\n'));

    const call = lastCall('docker');
    expect(call.filter((_, i) => call[i - 1] === '--env')).toEqual([
      'HOME=/tmp', 'UV_CACHE_DIR=/tmp/uv', 'UV_LINK_MODE=copy', 'UV_INDEX_COMPANY_PASSWORD', 'HTTPS_PROXY', 'http_proxy', 'TOKEN',
    ].map((name) => expect.stringContaining(name)));
    expect(call.join()).not.toContain('s3cr3t');
  });
});

test('without any tool, the error names all three and what to install', () => {
  expect(message(() => bind(fromRequirements()))).toBe(
    '`pythonPackages` must have uv, pip or Docker to install packages for Python 3.9 on aarch64 (manylinux_2_28), got none of them:'
    + ' uv is not on the PATH; pip must run with Python 3.9 on Linux aarch64 (no Python with pip is on the PATH); docker is not on the PATH.'
    + ' Install uv, which installs for every Python and architecture: https://docs.astral.sh/uv/getting-started/installation/');
  expect(readdirSync(sandbox.cache)).toEqual([]);
});

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

describe('the cache', () => {
  const archive = () => join(sandbox.cache, readdirSync(sandbox.cache)[0]);

  test.each(['', 'PK', 'x'.repeat(100), '\0'.repeat(22)])('does not trust an archive that is not whole: %j', (content) => {
    sandbox.uv();
    bind(fromRequirements());
    writeFileSync(archive(), content);

    bind(fromRequirements());

    expect(Object.keys(unzipped(archive()))).toContain('demo/__init__.py');
  });

  test('does not trust an archive that lacks a part', () => {
    sandbox.uv();
    bind(fromRequirements());
    const whole = readFileSync(archive());
    writeFileSync(archive(), Buffer.concat([whole.subarray(0, 40), whole.subarray(50)]));

    bind(fromRequirements());

    expect(readFileSync(archive())).toEqual(whole);
  });

  test('that cannot be written is replaced by a directory of the process', () => {
    sandbox.uv();
    process.env.CDK_SPARK_EMR_SERVERLESS_CACHE = join(sandbox.file('file'), 'cache');

    const uris = [1, 2].map(() => bindIn(fromRequirements('unwritable==1')));

    expect(uris[0]).toBe(uris[1]);
    expect(sandbox.calls('uv')).toHaveLength(2);
    expect(sandbox.progress()[0]).toBe('The Python packages will be installed again at the next synthesis, because'
      + ` ${process.env.CDK_SPARK_EMR_SERVERLESS_CACHE} is not a directory that only this user can write to.`);
    bindIn(fromRequirements('unwritable==2'));
    const [work, other] = sandbox.calls('uv').filter((call) => call.includes('--target')).map((call) => dirname(call[call.indexOf('--target') + 1]));
    expect(basename(work)).toMatch(/^building-/);
    expect(dirname(other)).toBe(dirname(work));
    expect(existsSync(dirname(work))).toBe(true);
    process.listeners('exit').pop()!(0);
    expect(existsSync(dirname(work))).toBe(false);
    expect(() => process.listeners('exit').pop()!(0)).not.toThrow();
  });

  describe('is used only by the user whom it belongs to', () => {
    const isIn = (directory: string) => readdirSync(directory).some((name) => name.endsWith('.zip'));
    const planted = (directory: string, mode: number) => {
      mkdirSync(directory, { recursive: true });
      chmodSync(directory, mode);
      return directory;
    };
    /** The cache below a home, without the variable that names another one. */
    const inHome = (home: string) => {
      delete process.env.CDK_SPARK_EMR_SERVERLESS_CACHE;
      delete process.env.XDG_CACHE_HOME;
      jest.spyOn(jest.requireActual<typeof import('os')>('os'), 'homedir').mockReturnValue(home);
      return process.platform === 'darwin' ? join(home, 'Library/Caches') : join(home, '.cache');
    };
    const elsewhere = () => sandbox.progress().join().includes('The Python packages will be installed again at the next synthesis, because ');
    afterEach(() => jest.restoreAllMocks());
    beforeEach(() => sandbox.uv());

    test('and is made for nobody else', () => {
      bindIn(fromRequirements('mode==1'));

      expect(statSync(sandbox.cache).mode.toString(8)).toBe('40700');
    });

    test.each([0o777, 0o1777, 0o722, 0o702])('not with the mode %o', (mode) => {
      planted(sandbox.cache, mode);

      bindIn(fromRequirements(`mode==${mode}`));

      expect(isIn(sandbox.cache)).toBe(false);
      expect(elsewhere()).toBe(true);
    });

    test.each([0o755, 0o700])('also with the mode %o', (mode) => {
      planted(sandbox.cache, mode);

      bindIn(fromRequirements(`mode==${mode}`));

      expect(isIn(sandbox.cache)).toBe(true);
      expect(elsewhere()).toBe(false);
    });

    test.each([['this user', 1000, true], ['root', 0, true], ['another user', 1001, false]])('one of %s', (_, uid, isUsed) => {
      planted(sandbox.cache, 0o700);
      jest.spyOn(process, 'getuid').mockReturnValue(1000);
      jest.spyOn(jest.requireActual<typeof import('fs')>('fs'), 'statSync')
        .mockImplementation(((path: string) => Object.assign(lstatSync(path), { uid })) as never);

      bindIn(fromRequirements(`owner==${uid}`));

      expect(isIn(sandbox.cache)).toBe(isUsed);
    });

    test('on a system without such owners', () => {
      planted(sandbox.cache, 0o777);
      jest.spyOn(process, 'getuid').mockReturnValue(undefined as never);

      bindIn(fromRequirements('owners==1'));

      expect(isIn(sandbox.cache)).toBe(true);
    });

    test('a group that may write is the one of the user', () => {
      planted(sandbox.cache, 0o770);
      const stats = jest.spyOn(jest.requireActual<typeof import('fs')>('fs'), 'statSync');
      const { uid } = statSync(sandbox.cache);
      const groupIs = (gid: number) => stats.mockImplementation(((path: string) => Object.assign(lstatSync(path), { gid })) as never);

      groupIs(uid + 1);
      bindIn(fromRequirements('group==1'));
      expect(isIn(sandbox.cache)).toBe(false);
      groupIs(uid);
      bindIn(fromRequirements('group==2'));
      expect(isIn(sandbox.cache)).toBe(true);
    });

    test('not if it belongs to another user', () => {
      planted(sandbox.cache, 0o700);
      const user = process.getuid!();
      if (user === 0) { chownSync(sandbox.cache, 12345, 12345); }
      jest.spyOn(process, 'getuid').mockReturnValue(user === 0 ? 0 : user + 1);

      bindIn(fromRequirements('owner==1'));

      expect(isIn(sandbox.cache)).toBe(false);
      expect(elsewhere()).toBe(true);
    });

    test('an archive that another user put there is not used', () => {
      bindIn(fromRequirements('planted==1'));
      const calls = sandbox.calls('uv').length;
      chmodSync(sandbox.cache, 0o777);

      bindIn(fromRequirements('planted==1'));

      expect(sandbox.calls('uv').length).toBeGreaterThan(calls);
    });

    test('in a home where others may write, it is not used', () => {
      const caches = inHome(planted(join(sandbox.directory, 'home'), 0o777));

      bindIn(fromRequirements('home==1'));

      expect(readdirSync(join(caches, 'cdk-spark-emr-serverless/python-packages'))).toEqual([]);
      expect(elsewhere()).toBe(true);
    });

    test.each([0o1777, 0o755])('in a home with the mode %o, it is used', (mode) => {
      const caches = inHome(planted(join(sandbox.directory, 'home'), mode));

      bindIn(fromRequirements(`home==${mode}`));

      expect(isIn(join(caches, 'cdk-spark-emr-serverless/python-packages'))).toBe(true);
    });

    test('a relative path for caches counts as none', () => {
      const caches = inHome(planted(join(sandbox.directory, 'home'), 0o755));
      process.env.XDG_CACHE_HOME = 'relative';

      bindIn(fromRequirements('relative==1'));

      expect(isIn(join(caches, 'cdk-spark-emr-serverless/python-packages'))).toBe(true);
    });

    test('above a directory that the variable names, nothing is checked', () => {
      planted(join(sandbox.directory, 'named'), 0o777);
      process.env.CDK_SPARK_EMR_SERVERLESS_CACHE = join(sandbox.directory, 'named/cache');

      bindIn(fromRequirements('named==1'));

      expect(isIn(join(sandbox.directory, 'named/cache'))).toBe(true);
    });

    test.each(['', 'relative'])('without a home, no directory with a known name is used: %j', (home) => {
      inHome(home);

      bindIn(fromRequirements(`nowhere==1${home}`));

      expect(sandbox.progress().join()).toContain('because this user has no home directory. Set CDK_SPARK_EMR_SERVERLESS_CACHE to a directory for the cache.');
      expect(existsSync(join(home, '.cache'))).toBe(false);
    });

    test('a user whom the system does not know has no home', () => {
      inHome('');
      jest.spyOn(jest.requireActual<typeof import('os')>('os'), 'homedir').mockImplementation(() => { throw new Error('no entry'); });

      bindIn(fromRequirements('unknown==1'));

      expect(sandbox.progress().join()).toContain('because this user has no home directory. Set CDK_SPARK_EMR_SERVERLESS_CACHE to a directory for the cache.');
    });
  });

  function bindIn(packages: PythonPackages): string {
    const stack = newStack(ENV);
    return packages.bind(stack, submitterIn(stack), TARGET).archiveUri;
  }

  test('is in the directory for caches of the user', () => {
    sandbox.uv();
    delete process.env.CDK_SPARK_EMR_SERVERLESS_CACHE;
    process.env.XDG_CACHE_HOME = join(sandbox.directory, 'xdg');

    bindIn(fromRequirements('xdg==1'));

    expect(existsSync(join(sandbox.directory, 'xdg'))).toBe(process.platform === 'linux');
  });

  describe('that another process moved an archive to', () => {
    const renamed = (whileRenaming: (from: string, to: string) => void) => {
      const fs = jest.requireActual<typeof import('fs')>('fs');
      const rename = fs.renameSync;
      jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
        if (!String(to).startsWith(sandbox.cache)) { return rename(from, to); }
        whileRenaming(String(from), String(to));
        throw new Error('EPERM');
      });
    };
    beforeEach(() => sandbox.uv());
    afterEach(() => jest.restoreAllMocks());

    test('uses it where the system does not replace it', () => {
      renamed(copyFileSync);

      bindIn(fromRequirements());

      expect(Object.keys(unzipped(archive()))).toContain('demo/__init__.py');
    });

    test('does not use it if it is not whole', () => {
      renamed((_, to) => writeFileSync(to, 'PK'));

      expect(message(() => bindIn(fromRequirements()))).toBe('EPERM');
    });
  });

  test('keeps what is used', () => {
    sandbox.uv();
    bindIn(fromRequirements());
    utimesSync(archive(), 0, 0);

    bindIn(fromRequirements());

    expect(Date.now() - statSync(archive()).mtimeMs).toBeLessThan(60_000);
  });

  test('loses what is left of a build whose process was killed, when the next one starts', () => {
    const building = (host: string, pid: number) => `building-${host}-${pid}-abcdef`;
    const { pid: dead } = spawnSync(process.execPath, ['-e', '']);
    const names = [building(os.hostname(), dead), building(os.hostname(), process.pid), building('another', dead),
      building(`${os.hostname()}-${dead}`, dead)];
    names.forEach((name) => sandbox.file(join('cache', name, 'requirements.txt')));
    sandbox.uv(`[ "$1" = pip ] && ls '${sandbox.cache}' > '${sandbox.directory}/seen'`);

    bind(fromRequirements('killed==1'));

    const seen = readFileSync(join(sandbox.directory, 'seen'), 'utf8').split('\n').slice(0, -1);
    expect(seen).toHaveLength(4);
    expect(seen).toEqual(expect.arrayContaining(names.slice(1)));
  });

  test('keeps a build whose process belongs to another user', () => {
    const name = `building-${os.hostname()}-1-abcdef`;
    sandbox.file(join('cache', name, 'requirements.txt'));
    sandbox.uv();
    const kill = jest.spyOn(process, 'kill').mockImplementation(() => { throw Object.assign(new Error(), { code: 'EPERM' }); });

    bind(fromRequirements());
    kill.mockRestore();

    expect(readdirSync(sandbox.cache)).toContain(name);
  });

  test('loses what nobody used for 90 days, and what was left of an interrupted build, and nothing else', () => {
    const age = (name: string, days: number) => {
      const then = Date.now() / 1000 - days * 86400;
      utimesSync(join(sandbox.cache, name), then, then);
    };
    const [old, young] = ['a', 'b'].map((letter) => `${letter.repeat(64)}.zip`);
    const others = ['notes.txt', `my-${old}`, `${old}.txt`];
    [old, young, ...others].forEach((name) => sandbox.file(join('cache', name)));
    ['building-old', 'building-young'].forEach((name) => mkdirSync(join(sandbox.cache, name)));
    [[old, 91], [young, 89], ...others.map((name) => [name, 1000]), ['building-old', 2], ['building-young', 0.9]].forEach(([name, days]) => age(name as string, days as number));
    sandbox.uv();

    bind(fromRequirements('old==1'));

    expect(readdirSync(sandbox.cache).filter((name) => name.length < 30 || /(a|b)\1{63}/.test(name)).sort())
      .toEqual([young, 'building-young', ...others].sort());
  });
});
