import { existsSync, readdirSync, readFileSync, rmSync } from 'fs';
import { dirname, join } from 'path';
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { bind, eachTestInSandbox, fromRequirements, hashOf, keyOf, message, sandbox, TARGET, unzipped } from './packages-parts';
import { Architecture, EmrRelease, PythonPackages, PythonPackagesOptions, PythonPackagesTarget } from '../../src';
import { deployed, ENV, OTHER_PARTITIONS, policyStatements, submitterIn } from '../util';

eachTestInSandbox();

describe('packages of a requirements file', () => {
  test('become a zip archive', () => {
    sandbox.uv();

    const { config } = bind(fromRequirements());

    expect(config.archiveUri).toMatch(/^s3:\/\/.*\/[0-9a-f]{64}\.zip$/);
    expect(config.virtualEnvironment).toBeUndefined();
    expect(config.pythonFileUris).toBeUndefined();
  });

  test('are in the archive without what differs between installations, without compiled modules and without PySpark', () => {
    sandbox.uv();

    const { config, outdir } = bind(fromRequirements());

    expect(unzipped(join(outdir, `asset.${keyOf(config.archiveUri)}`))).toEqual({
      'demo/__init__.py': 'X = 1\n',
      'demo-1.0.dist-info/METADATA': '\n',
      'demo-1.0.dist-info/WHEEL': 'Tag: py3-none-any\n',
    });
  });

  test('may be read by the grantee, and nothing else may', () => {
    sandbox.uv();

    const { stack, config } = bind(fromRequirements());

    const [statement, ...others] = policyStatements(stack);
    expect(others).toEqual([]);
    expect(statement.Action).toBe('s3:GetObject');
    expect(JSON.stringify(statement.Resource)).toContain(`/${keyOf(config.archiveUri)}`);
  });

  test.each(OTHER_PARTITIONS)('may be read in %s', (region) => {
    sandbox.uv();
    const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Stack', { env: { account: '111111111111', region } });

    fromRequirements().bind(stack, submitterIn(stack), TARGET);

    expect(JSON.stringify(policyStatements(stack))).toContain('{"Ref":"AWS::Partition"}');
  });

  test('are installed with progress on the standard error', () => {
    sandbox.uv();

    bind(fromRequirements());

    expect(sandbox.progress()).toEqual([
      'Installing the Python packages of requirements.txt for Python 3.9 on aarch64 (manylinux_2_28) with uv 1.2.3…',
      expect.stringMatching(/^Installing .* with uv 1\.2\.3: done in \d+\.\d s$/),
      'Packing the Python packages of requirements.txt…',
      expect.stringMatching(/^Packing .*: done in \d+\.\d s$/),
    ]);
  });

  test('may be used in several stacks', () => {
    sandbox.uv();
    const packages = fromRequirements();
    const app = new App();
    const uris = ['One', 'Two'].map((id) => new Stack(app, id, { env: ENV })).map((stack) => packages.bind(stack, submitterIn(stack), TARGET).archiveUri);

    expect(keyOf(uris[0])).toBe(keyOf(uris[1]));
    expect(sandbox.calls('uv')).toHaveLength(2);
  });
});

describe('an archive that was built once', () => {
  test('is used again, in another output directory, without a tool and without a word', () => {
    sandbox.uv();
    const first = bind(fromRequirements());
    const [calls, lines] = [sandbox.calls('uv').length, sandbox.progress().length];

    const second = bind(fromRequirements());

    const asset = `asset.${keyOf(first.config.archiveUri)}`;
    expect(readFileSync(join(second.outdir, asset))).toEqual(readFileSync(join(first.outdir, asset)));
    expect(sandbox.calls('uv')).toHaveLength(calls);
    expect(sandbox.progress()).toHaveLength(lines);
  });

  test('leaves nothing but the archive in the cache', () => {
    sandbox.uv();

    bind(fromRequirements());

    expect(readdirSync(sandbox.cache)).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.zip$/)]);
  });
});

describe('the hash of packages', () => {
  test('is the same in two checkouts, with any line endings', () => {
    const one = sandbox.file('one/requirements.txt', 'demo==1.0\nother==2.0 # why\n');
    const two = sandbox.file('two/deep/requirements.txt', '\ufeffdemo==1.0\r\n\r\n# comment\r\nother==2.0');

    expect(hashOf(PythonPackages.fromRequirements(one))).toBe(hashOf(PythonPackages.fromRequirements(two)));
  });

  test('is the same whichever tool installs', () => {
    sandbox.uv();
    const withUv = keyOf(bind(fromRequirements()).config.archiveUri);

    expect(hashOf(fromRequirements())).toBe(withUv);
  });

  const OTHERS: [string, string, PythonPackagesOptions, PythonPackagesTarget][] = [
    ['packages', 'demo==1.1\n', {}, TARGET],
    ['constraints', '-c constraints.txt\ndemo==1.0\n', {}, TARGET],
    ['indexes', '--index-url https://pypi.example.com/simple\ndemo==1.0\n', {}, TARGET],
    ['packages from source', 'demo==1.0\n', { sourceDistributions: ['demo'] }, TARGET],
    ['Python', 'demo==1.0\n', { pythonVersion: '3.11' }, TARGET],
    ['Python of the release, and operating system', 'demo==1.0\n', {}, { ...TARGET, release: EmrRelease.EMR_6_15_0 }],
    ['operating system', 'demo==1.0\n', { pythonVersion: '3.9' }, { ...TARGET, release: EmrRelease.EMR_6_15_0 }],
    ['architecture', 'demo==1.0\n', {}, { ...TARGET, architecture: Architecture.X86_64 }],
  ];
  test.each(OTHERS)('is another one for other %s', (_, content, options, target) => {
    sandbox.file('constraints.txt', 'other==1\n');

    expect(hashOf(fromRequirements(content, options), target)).not.toBe(hashOf(fromRequirements()));
  });

  test('is the one of the release for the Python of the release', () => {
    expect(hashOf(fromRequirements('demo==1.0', { pythonVersion: '3.9', architecture: Architecture.ARM64 }))).toBe(hashOf(fromRequirements()));
  });

  describe('and the configuration of uv', () => {
    const inProject = (files: { [name: string]: string }, checkout = 'one') => {
      Object.entries(files).forEach(([name, content]) => sandbox.file(join(checkout, name), content));
      return hashOf(PythonPackages.fromRequirements(sandbox.file(`${checkout}/jobs/requirements.txt`, 'demo==1.0\n')));
    };
    const index = (host: string) => `[[index]]\nurl = "https://${host}/simple"\n`;

    test.each([
      ['uv.toml', index('one'), index('two')],
      ['jobs/uv.toml', index('one'), index('two')],
      ['pyproject.toml', index('one').replace('index', 'tool.uv.index'), index('two').replace('index', 'tool.uv.index')],
      ['pyproject.toml', '[tool.uv]\nprerelease = "allow"\n', ''],
      ['pyproject.toml', '[project]\n[tool.uv]\nx = 1', '[project]\n[tool.uv]\nx = 2'],
      ['pyproject.toml', '[tool.uv]\nx = ["a<1"]\n', '[tool.uv]\nx = ["a<2"]\n'],
      ['pyproject.toml', '[tool.uv]\nx=["a<1"]\n', '[tool.uv]\nx=["a<2"]\n'],
      ['pyproject.toml', '[project]\n  [ tool . uv ]\nx = 1', '[project]\n  [ tool . uv ]\nx = 2'],
      ['pyproject.toml', '[tool.ruff]\n\n[tool.uv.pip]\nresolution = "lowest"\n', '[tool.ruff]\n\n[tool.uv.pip]\n'],
    ])('is another one if the project names others, in %s: %j', (name, one, two) => {
      expect(inProject({ [name]: one })).not.toBe(inProject({ [name]: two }));
    });

    test.each([
      ['pyproject.toml', '[project]\nversion = "1"\n[tool.uv]\n[tool.ruff]\nx = 1', '[project]\nversion = "2"\n[tool.uv]\n[tool.ruff]\nx = 2'],
      ['pyproject.toml', '[tool.uvicorn]\nx = 1', '[tool.uvicorn]\nx = 2'],
      ['pyproject.toml', '[project]\nx = "1 [tool.uv]"', '[project]\nx = "2 [tool.uv]"'],
      ['uv.toml', 'offline = true', '  offline = true  \n   \n  # one'],
      ['uv.toml', '# one\r\noffline = true', '\noffline = true\n# two'],
      ['uv.toml', index('u:one@example.com'), index('u:two@example.com')],
    ])('is the same if %s says nothing else of uv: %j', (name, one, two) => {
      expect(inProject({ [name]: one })).toBe(inProject({ [name]: two }));
    });

    test('follows the nearest directory, and there uv.toml', () => {
      const nearest = { 'jobs/uv.toml': index('near'), 'jobs/pyproject.toml': '[tool.uv]\nx = 1' };

      expect(inProject({ ...nearest, 'uv.toml': index('far') })).toBe(inProject({ ...nearest, 'jobs/pyproject.toml': '', 'uv.toml': '' }, 'two'));
    });

    test('is the same for the configuration of a user, which another machine does not have', () => {
      const before = inProject({});
      process.env.UV_INDEX = 'https://example.com/simple';
      process.env.UV_CONFIG_FILE = sandbox.file('other.toml', index('other'));

      expect(inProject({})).toBe(before);
    });
  });

  test('does not depend on the order of the names', () => {
    const hashes = [['a', 'b'], ['b', 'a']].map((sourceDistributions) => hashOf(fromRequirements('demo==1.0', { sourceDistributions })));

    expect(hashes[0]).toBe(hashes[1]);
  });
});

describe('without bundling', () => {
  const WITHOUT_BUNDLING = { 'aws:cdk:bundling-stacks': [] };

  test('nothing is installed and no tool is looked for', () => {
    sandbox.uv();

    bind(fromRequirements(), TARGET, WITHOUT_BUNDLING);

    expect(sandbox.calls('uv')).toEqual([]);
    expect(existsSync(sandbox.cache)).toBe(false);
    expect(sandbox.progress()).toEqual([]);
  });

  test('the template is the same', () => {
    sandbox.uv();

    const [without, bundled] = [WITHOUT_BUNDLING, {}].map((context) => bind(fromRequirements(), TARGET, context));

    expect(without.config.archiveUri).toBe(bundled.config.archiveUri);
    expect(Template.fromStack(without.stack).toJSON()).toEqual(Template.fromStack(bundled.stack).toJSON());
  });

  test('the same output directory may be used with bundling afterwards', () => {
    sandbox.uv();
    const outdir = join(sandbox.directory, 'cdk.out');
    const uris = [WITHOUT_BUNDLING, {}].map((context) => {
      const app = new App({ outdir, context });
      const stack = new Stack(app, 'Stack', { env: ENV });
      const { archiveUri } = fromRequirements().bind(stack, submitterIn(stack), TARGET);
      app.synth();
      return keyOf(archiveUri);
    });

    expect(Object.keys(unzipped(join(outdir, `asset.${uris[1]}`)))).toContain('demo/__init__.py');
    expect(JSON.parse(readFileSync(join(outdir, 'Stack.assets.json'), 'utf8')).files[/[0-9a-f]+/.exec(uris[1])![0]].source)
      .toEqual({ packaging: 'file', path: `asset.${uris[1]}` });
  });
});

describe('where CDK does not stage assets', () => {
  const UNSTAGED = { 'aws:cdk:disable-asset-staging': true };

  /** Where the deployment finds the archive. */
  function source(context: Record<string, unknown>) {
    const { stack, config } = bind(fromRequirements('unstaged==1'), TARGET, context);
    const { directory } = (stack.node.root as App).synth();
    return JSON.parse(readFileSync(join(directory, 'Stack.assets.json'), 'utf8')).files[/[0-9a-f]+/.exec(keyOf(config.archiveUri))![0]].source;
  }

  test('the archive is in the cache', () => {
    sandbox.uv();

    expect(Object.keys(unzipped(source(UNSTAGED).path))).toContain('demo/__init__.py');
  });

  test('the archive of a process without a cache stays', () => {
    sandbox.uv();
    process.env.CDK_SPARK_EMR_SERVERLESS_CACHE = sandbox.file('file');

    const { path } = source(UNSTAGED);
    process.listeners('exit').pop()!(0);

    expect(Object.keys(unzipped(path))).toContain('demo/__init__.py');
    rmSync(dirname(path), { recursive: true });
  });

  test('the note in place of the archive is there', () => {
    const { path, packaging } = source({ ...UNSTAGED, 'aws:cdk:bundling-stacks': [] });

    expect(packaging).toBe('zip');
    expect(readdirSync(path)).toEqual(['README.txt']);
    rmSync(path, { recursive: true });
  });
});

describe('the Python and the architecture', () => {
  const LABEL = deployed('Release');

  test.each<[string, PythonPackagesTarget, string]>([
    ['an import', { architecture: Architecture.ARM64 }, 'the release of the application is not known'],
    ['a release without constant', { ...TARGET, release: EmrRelease.of('emr-7.99.0') },
      'it is not known which Python release "emr-7.99.0" has'],
    ['a custom image', { ...TARGET, customImage: true }, 'a custom image may have another Python than its release'],
  ])('of %s need the version of Python', (_, target, why) => {
    expect(fromRequirements()._problems('pythonPackages', target))
      .toEqual([`\`pythonPackages\` must have a \`pythonVersion\` such as "3.11", because ${why}, got: undefined`]);
    expect(fromRequirements('demo', { pythonVersion: '3.12' })._problems('pythonPackages', target)).toEqual([]);
  });

  test('of a release that only the deployment knows need the version of Python', () => {
    const target = { ...TARGET, release: EmrRelease.of(LABEL) };

    expect(fromRequirements()._problems('packages', target)).toEqual([expect.stringMatching(/^`packages` must have a `pythonVersion`/)]);
  });

  test.each([undefined, new CfnParameter(new Stack(), 'Architecture').valueAsString as Architecture])(
    'need the architecture if it is not known', (architecture) => {
      const target = { ...TARGET, architecture };

      expect(fromRequirements()._problems('pythonPackages', target)).toEqual([
        '`pythonPackages` must have an `architecture`, because the architecture of the application is not known, got: undefined',
      ]);
      expect(fromRequirements('demo', { architecture: Architecture.X86_64 })._problems('pythonPackages', target)).toEqual([]);
    });

  test('must not be of another architecture', () => {
    expect(fromRequirements('demo', { architecture: Architecture.X86_64 })._problems('pythonPackages', TARGET))
      .toEqual(['the architecture of `pythonPackages` must be the one of the application, ARM64, got: X86_64']);
  });

  test('are problems of the binding too, which makes nothing then', () => {
    const stack = new Stack();

    expect(() => fromRequirements().bind(stack, submitterIn(stack), {})).toThrow(/^2 problems in \[Default\]:\n {2}- `pythonPackages` must have a `pythonVersion`/);
    expect(stack.node.children.map(({ node }) => node.id)).toEqual(['Submitter']);
  });
});

describe('options', () => {
  test.each(['3', '3.', '2.7', '3.9.1', '3.09', 'python3.9', '--3.9', '3.9\n', '', deployed('Version')])('refuse the version %j', (pythonVersion) => {
    expect(message(() => fromRequirements('demo', { pythonVersion })))
      .toMatch(/^`options\.pythonVersion` must be a minor version of Python such as "3\.11", got: /);
  });

  test.each(['3.7', '3.11', '3.20'])('take the version %s', (pythonVersion) => {
    expect(() => fromRequirements('demo', { pythonVersion })).not.toThrow();
  });

  test('refuse an architecture that only the deployment knows', () => {
    expect(message(() => fromRequirements('demo', { architecture: deployed('Architecture') as Architecture })))
      .toMatch(/^`options\.architecture` must be known at synthesis, got: /);
  });

  test.each(['', '-demo', '--all', 'a b', '; rm -rf /', 'demo==1', ':all:'])('refuse to build %j from source', (name) => {
    expect(message(() => fromRequirements('demo', { sourceDistributions: ['fine', name] })))
      .toBe(`\`options.sourceDistributions[1]\` must be one of the names of packages (A-Z a-z 0-9 . _ -), got: ${JSON.stringify(name)}`);
  });

  test('refuse values of other types', () => {
    expect(message(() => fromRequirements('demo', { pythonVersion: 3.9 as unknown as string })))
      .toBe('`options.pythonVersion` must be a string, got: 3.9');
  });
});

describe('a path', () => {
  const MISSING = `, which does not exist in the working directory ${JSON.stringify(process.cwd())}`;

  test.each([['missing.txt', MISSING], ['', MISSING], ['/missing.txt', ', which does not exist'], ['.', ', which is a directory']])(
    'must be one of a file: %j', (path, why) => {
      expect(message(() => PythonPackages.fromRequirements(path)))
        .toBe(`\`path\` must be a requirements file that exists, got: ${JSON.stringify(path)}${why}`);
    });

  test('must be known', () => {
    expect(message(() => PythonPackages.fromRequirements(deployed('Path')))).toMatch(/^`path` must be a requirements file that exists, got: "\$\{[^"]*\}"$/);
    expect(message(() => PythonPackages.fromRequirements(7 as any))).toBe('`path` must be a string, got: 7');
  });

  test('may have spaces, quotes and a dash in front', () => {
    sandbox.uv();

    bind(PythonPackages.fromRequirements(sandbox.file('it\'s "here"; $(touch x)/-r requirements.txt', 'demo==1.0\n')));

    expect(readFileSync(join(sandbox.directory, 'given.txt'), 'utf8')).toBe('demo==1.0\n');
  });
});
