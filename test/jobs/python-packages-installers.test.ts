import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { bind, eachTestInSandbox, fromRequirements, message, sandbox, TARGET, X86 } from './packages-parts';
import { Architecture, EmrRelease, PythonPackages, PythonPackagesTarget } from '../../src';

eachTestInSandbox();

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
    ['uv.toml', '[pip]\nno-binary = [":all:"]\n'], ['uv.toml', '[pip]\nno-binary = [":all:", ":none:"]\n'],
  ])('is not used with a configuration that builds from source: %s %j', (name, text) => {
    sandbox.uv();
    sandbox.file(join('in', name), text);
    const packages = (sourceDistributions: string[]) =>
      PythonPackages.fromRequirements(sandbox.file('in/requirements.txt', 'six==1\n'), { sourceDistributions });

    expect(message(() => bind(packages(['demo'])))).toBe('`sourceDistributions` must name all packages that `no-binary` in'
      + ` ${name.replace('../', '')} names, got: ${text.includes('six') ? 'without "six"' : '`no-binary` for all packages'}`);
    if (text.includes('six')) { expect(() => bind(packages(['Six', 'demo']))).not.toThrow(); }
  });

  test('is used with a configuration that builds nothing from source', () => {
    sandbox.uv();
    sandbox.file('in/uv.toml', '[pip]\nno-binary = [":none:"]\n');

    expect(() => bind(PythonPackages.fromRequirements(sandbox.file('in/requirements.txt', 'six==1\n')))).not.toThrow();
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
