import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, AssetHashType, BundlingOutput, DockerImage, FileSystem, IgnoreMode, IgnoreStrategy, Stack, SymlinkFollowMode } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3assets from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { scratchFolder, uploads, write } from './files';
import { SparkCode, SparkCodeUse } from '../../src';
import { allow, ENV, lazy, newStack, OTHER_PARTITIONS, partitioned, policyStatements } from '../util';

const { ENTRY_POINT, PYTHON_FILES, JARS, FILES, ARCHIVES } = SparkCodeUse;

const folder = write(scratchFolder(), {
  'job.py': 'print()',
  'app.jar': 'jar',
  'query.sql': 'SELECT 1',
  'libs.zip': 'zip',
  'libs.egg': 'egg',
  'env.tgz': 'tgz',
  'env.tar.gz': 'tar.gz',
  'OTHER.TAR.GZ': 'other tar.gz',
  'upper.PY': '',
  'my-module.py': '',
  'common/__init__.py': '',
  'common/dates.py': 'x = 1',
  'common/data/names.csv': 'a,b',
  'common/__pycache__/dates.cpython-311.pyc': 'compiled',
  'common/.env': 'PASSWORD=x',
  'common/sub/__init__.py': '',
  'common/sub/.venv/x.py': '',
  'common/sub/__pycache__/x.pyc': '',
  'my-package/__init__.py': '',
  'src/common/__init__.py': '',
  'src/space/module.py': '',
  'src/.git/hook.py': '',
  'src/__pycache__/x.pyc': '',
  'data/names.csv': 'a,b',
  'data/.hidden/names.csv': 'a,b',
  'hidden/.venv/x.py': '',
  'compiled/module.pyc': 'compiled',
});
fs.mkdirSync(path.join(folder, 'empty', 'inner'), { recursive: true });
const at = (name: string) => path.join(folder, name);

function roleIn(stack: Stack): iam.Role {
  return new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
}

/** The objects that the code of a stack becomes. */
function uploaded(use: SparkCodeUse, source: string, options?: s3assets.AssetOptions) {
  const stack = newStack(ENV);
  const { uri } = SparkCode.fromAsset(source, options).bind(stack, roleIn(stack), use);
  const [[key, files], ...others] = Object.entries(uploads(stack));
  expect(others).toEqual([]);
  expect(stack.resolve(uri)).toBe(`s3://cdk-hnb659fds-assets-${ENV.account}-${ENV.region}/${key}`);
  return { key, files };
}

describe('a file', () => {
  test.each([
    ['job.py', ENTRY_POINT, '.py'],
    ['app.jar', ENTRY_POINT, '.jar'],
    ['app.jar', JARS, '.jar'],
    ['query.sql', FILES, '.sql'],
    ['job.py', FILES, '.py'],
    ['libs.zip', PYTHON_FILES, '.zip'],
    ['libs.egg', PYTHON_FILES, '.egg'],
    ['libs.zip', ARCHIVES, '.zip'],
    ['app.jar', ARCHIVES, '.jar'],
    ['env.tgz', ARCHIVES, '.tgz'],
    ['env.tar.gz', ARCHIVES, '.tgz'],
    ['env.tar.gz', FILES, '.tgz'],
    ['OTHER.TAR.GZ', ARCHIVES, '.tgz'],
  ])('%s for %s is uploaded with the suffix %s', (name, use, suffix) => {
    const { key, files } = uploaded(use, at(name));

    expect(key).toMatch(new RegExp(`^[0-9a-f]{64}\\${suffix}$`));
    expect(files).toBeUndefined();
  });

  test('of two suffixes and one content is uploaded for each of them', () => {
    write(folder, { 'same.py': 'same', 'same.sql': 'same' });
    const stack = newStack(ENV);
    const role = roleIn(stack);

    SparkCode.fromAsset(at('same.py')).bind(stack, role, ENTRY_POINT);
    SparkCode.fromAsset(at('same.sql')).bind(stack, role, FILES);

    expect(Object.keys(uploads(stack)).map((key) => path.extname(key)).sort()).toEqual(['.py', '.sql']);
  });

  test('with a module is zipped under its own name for Python files', () => {
    expect(uploaded(PYTHON_FILES, at('job.py')).files).toEqual(['job.py']);
  });

  test('may be a symbolic link', () => {
    fs.symlinkSync(at('job.py'), at('link.py'));

    expect(uploaded(ENTRY_POINT, at('link.py')).key).toBe(uploaded(ENTRY_POINT, at('job.py')).key);
    expect(uploaded(PYTHON_FILES, at('link.py')).files).toEqual(['link.py']);
  });

  test('has a content that the suffix .tgz does not change', () => {
    const stack = newStack(ENV);
    SparkCode.fromAsset(at('env.tar.gz')).bind(stack, roleIn(stack), ARCHIVES);
    const { directory } = (stack.node.root as App).synth();

    const [staged] = fs.readdirSync(directory).filter((name) => name.endsWith('.tgz'));
    expect(fs.readFileSync(path.join(directory, staged), 'utf8')).toBe('tar.gz');
  });
});

describe('a directory', () => {
  const COMMON = ['common/__init__.py', 'common/data/names.csv', 'common/dates.py', 'common/sub/__init__.py'];

  test('that is a package is zipped under its own name for Python files', () => {
    const { key, files } = uploaded(PYTHON_FILES, at('common'));

    expect(key).toMatch(/^[0-9a-f]{64}\.zip$/);
    expect(files).toEqual(COMMON);
  });

  test('has its name wherever its path ends', () => {
    expect(uploaded(PYTHON_FILES, `${at('common')}${path.sep}`).files).toEqual(COMMON);
    expect(uploaded(PYTHON_FILES, path.join(folder, 'common', 'sub') + '/..').files).toEqual(COMMON);
  });

  test('that is no package is zipped by its content for Python files', () => {
    expect(uploaded(PYTHON_FILES, at('src')).files).toEqual(['common/__init__.py', 'space/module.py']);
  });

  test('may have compiled modules only', () => {
    expect(uploaded(PYTHON_FILES, at('compiled')).files).toEqual(['module.pyc']);
  });

  test('is zipped with all of its content for archives', () => {
    expect(uploaded(ARCHIVES, at('data')).files).toEqual(['.hidden/names.csv', 'names.csv']);
    expect(uploaded(ARCHIVES, at('common')).files).toContain('__pycache__/dates.cpython-311.pyc');
  });

  test.each([IgnoreMode.GLOB, IgnoreMode.GIT, IgnoreMode.DOCKER])('leaves out what is excluded, as patterns of the mode %s', (ignoreMode) => {
    expect(uploaded(PYTHON_FILES, at('common'), { ignoreMode, exclude: ['**/*.csv'] }).files)
      .toEqual(['common/__init__.py', 'common/dates.py', 'common/sub/__init__.py']);
    expect(uploaded(PYTHON_FILES, at('src'), { ignoreMode, exclude: ['space'] }).files).toEqual(['common/__init__.py']);
    expect(uploaded(PYTHON_FILES, at('common'), { ignoreMode, exclude: ['!.env'] }).files).toEqual(['common/.env', ...COMMON]);
  });

  test('follows symbolic links as it is told', () => {
    write(folder, { 'linked/__init__.py': '', 'linked/real.py': 'x = 1' });
    fs.symlinkSync('real.py', at('linked/inner.py'));
    fs.symlinkSync(at('src'), at('linked/outer'));

    const files = (followSymlinks?: SymlinkFollowMode) => uploaded(PYTHON_FILES, at('linked'), { followSymlinks }).files;

    expect(files()).toEqual(['linked/__init__.py', 'linked/inner.py', 'linked/outer/common/__init__.py', 'linked/outer/space/module.py', 'linked/real.py']);
    expect(files(SymlinkFollowMode.NEVER)).toEqual(['linked/__init__.py', 'linked/inner.py', 'linked/outer', 'linked/real.py']);
  });

  test('may have links that lead around in a circle', () => {
    fs.mkdirSync(at('circle'));
    // twice, because with one of them the operating system ends the circle soon
    fs.symlinkSync('.', at('circle/again'));
    fs.symlinkSync('.', at('circle/oncemore'));

    expect(SparkCode.fromAsset(at('circle'))._problems('archives', ARCHIVES))
      .toEqual([expect.stringMatching(/^`archives` must be a directory with files, got: ".*", which has none$/)]);
  });
});

describe('the hash', () => {
  test.each([['common', PYTHON_FILES], ['src', PYTHON_FILES], ['job.py', PYTHON_FILES], ['env.tar.gz', ARCHIVES], ['data', ARCHIVES]])(
    'of %s depends neither on the place nor on the time', (name, use) => {
      const elsewhere = fs.mkdtempSync(path.join(folder, 'elsewhere-'));
      fs.cpSync(at(name), path.join(elsewhere, name), { recursive: true });
      if (use === PYTHON_FILES && name !== 'job.py') { write(path.join(elsewhere, name), { '__pycache__/other.pyc': 'other' }); }
      fs.utimesSync(path.join(elsewhere, name), 1, 1);

      expect(uploaded(use, path.join(elsewhere, name)).key).toBe(uploaded(use, at(name)).key);
    });

  test('of a package depends on its name', () => {
    fs.cpSync(at('common'), at('renamed'), { recursive: true });

    expect(uploaded(PYTHON_FILES, at('renamed')).key).not.toBe(uploaded(PYTHON_FILES, at('common')).key);
  });

  test('may be given', () => {
    const options = { assetHash: 'v1', assetHashType: AssetHashType.CUSTOM };

    expect(uploaded(PYTHON_FILES, at('common'), options).key).toBe(uploaded(PYTHON_FILES, at('src'), options).key);
  });

  test('is all that the assembly tells of the place', () => {
    const stack = newStack(ENV);
    const role = roleIn(stack);
    [['common', PYTHON_FILES], ['src', PYTHON_FILES], ['env.tar.gz', ARCHIVES], ['job.py', ENTRY_POINT]].forEach(([name, use]) =>
      SparkCode.fromAsset(at(name)).bind(stack, role, use as SparkCodeUse));
    const { directory } = (stack.node.root as App).synth();

    [`${stack.artifactId}.assets.json`, `${stack.artifactId}.template.json`, 'manifest.json', 'tree.json'].forEach((file) => {
      const content = fs.readFileSync(path.join(directory, file), 'utf8');
      expect(content).not.toContain(folder);
      expect(content).not.toContain(os.tmpdir());
    });
  });
});

describe('the copy', () => {
  const mkdtemp = jest.spyOn(FileSystem, 'mkdtemp');

  /** The folders of the copies, and whether they are still there. */
  const copies = () => mkdtemp.mock.results.map(({ value }) => value as string).filter((name) => path.basename(name).startsWith('spark-code-'))
    .map((name) => ({ name, exists: fs.existsSync(name) }));

  test('is removed as soon as CDK has one', () => {
    uploaded(PYTHON_FILES, at('common'));
    uploaded(ARCHIVES, at('env.tar.gz'));

    expect(copies()).toEqual([expect.objectContaining({ exists: false }), expect.objectContaining({ exists: false })]);
  });

  test('is removed if CDK refuses the asset', () => {
    expect(() => uploaded(ARCHIVES, at('env.tar.gz'), { assetHashType: AssetHashType.CUSTOM })).toThrow(/assetHash/);

    expect(copies()).toEqual([expect.objectContaining({ exists: false })]);
  });

  test('stays where CDK uploads from it', () => {
    const stack = new Stack(new App({ context: { 'aws:cdk:disable-asset-staging': true } }), 'Stack', { env: ENV });

    SparkCode.fromAsset(at('common')).bind(stack, roleIn(stack), PYTHON_FILES);

    expect(Object.values(uploads(stack))).toEqual([['common/__init__.py', 'common/data/names.csv', 'common/dates.py', 'common/sub/__init__.py']]);
    const [copy] = copies();
    expect(copy.exists).toBe(true);
    fs.rmSync(copy.name, { recursive: true });
  });

  test('is none where none is needed', () => {
    uploaded(PYTHON_FILES, at('src'));
    uploaded(ENTRY_POINT, at('job.py'));

    expect(copies()).toEqual([]);
  });
});

describe('the permission', () => {
  test('is to read the object, not the bucket', () => {
    const stack = newStack(ENV);

    SparkCode.fromAsset(at('job.py')).bind(stack, roleIn(stack), ENTRY_POINT);

    const [key] = Object.keys(uploads(stack));
    expect(policyStatements(stack)).toEqual([
      allow('s3:GetObject', partitioned(`s3:::cdk-hnb659fds-assets-${ENV.account}-${ENV.region}/${key}`)),
    ]);
  });

  test('names the bucket of the environment where the stack does not know it', () => {
    const stack = newStack();

    const { uri } = SparkCode.fromAsset(at('job.py')).bind(stack, roleIn(stack), ENTRY_POINT);

    const [key] = Object.keys(uploads(stack));
    expect(stack.resolve(uri)).toEqual({ 'Fn::Sub': `s3://cdk-hnb659fds-assets-\${AWS::AccountId}-\${AWS::Region}/${key}` });
    expect(policyStatements(stack)[0].Resource['Fn::Join'][1]).toEqual([
      'arn:', { Ref: 'AWS::Partition' }, ':s3:::', { 'Fn::Sub': 'cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}' }, `/${key}`,
    ]);
  });

  test.each(OTHER_PARTITIONS)('names the partition by its parameter in %s', (region) => {
    const stack = newStack({ ...ENV, region });

    SparkCode.fromAsset(at('job.py')).bind(stack, roleIn(stack), ENTRY_POINT);

    expect(policyStatements(stack)[0].Resource['Fn::Join'][1].slice(0, 2)).toEqual(['arn:', { Ref: 'AWS::Partition' }]);
  });
});

describe('the assets of a stack', () => {
  const assetsOf = (scope: Construct) => scope.node.findAll().filter((one) => one instanceof s3assets.Asset).map(({ node }) => node.path);

  test('are one for code that several jobs have', () => {
    const stack = newStack(ENV);
    const [role, first, second] = [roleIn(stack), new Construct(stack, 'First'), new Construct(stack, 'Second')];
    const code = SparkCode.fromAsset(at('job.py'));

    expect(code.bind(first, role, ENTRY_POINT)).toEqual(code.bind(second, role, ENTRY_POINT));
    expect(assetsOf(stack)).toEqual(['Stack/First/EntryPointCode']);
  });

  test('are named for their use, and counted', () => {
    const stack = newStack(ENV);
    const [role, job] = [roleIn(stack), new Construct(stack, 'Job')];

    SparkCode.fromAsset(at('common')).bind(job, role, PYTHON_FILES);
    SparkCode.fromAsset(at('common')).bind(job, role, PYTHON_FILES);
    SparkCode.fromAsset(at('src')).bind(job, role, PYTHON_FILES);
    SparkCode.fromAsset(at('job.py')).bind(job, role, ENTRY_POINT);

    expect(assetsOf(stack)).toEqual(['PythonFilesCode', 'PythonFilesCode2', 'PythonFilesCode3', 'EntryPointCode'].map((id) => `Stack/Job/${id}`));
    expect(Object.keys(uploads(stack))).toHaveLength(3);
  });

  test('are two for a package that is an archive too', () => {
    const stack = newStack(ENV);
    const role = roleIn(stack);
    const code = SparkCode.fromAsset(at('common'));

    expect(code.bind(stack, role, PYTHON_FILES)).not.toEqual(code.bind(stack, role, ARCHIVES));
    expect(assetsOf(stack)).toEqual(['Stack/PythonFilesCode', 'Stack/ArchivesCode']);
  });

  test('do not belong to two stacks', () => {
    const app = new App();
    const [one, two] = [new Stack(app, 'One', { env: ENV }), new Stack(app, 'Two', { env: ENV })];
    const code = SparkCode.fromAsset(at('job.py'));
    code.bind(one, roleIn(one), ENTRY_POINT);
    const job = new Construct(two, 'Job');

    expect(() => code.bind(job, roleIn(two), FILES)).toThrow(new Error(
      '`files` must be code of one stack: create another SparkCode for the stack Two, got: code of the stack One [Two/Job]'));
    expect(assetsOf(two)).toEqual([]);
  });

  test('may be read by a role of another stack', () => {
    const app = new App();
    const [roles, jobs] = [new Stack(app, 'Roles', { env: ENV }), new Stack(app, 'Jobs', { env: ENV })];

    SparkCode.fromAsset(at('job.py')).bind(jobs, roleIn(roles), ENTRY_POINT);

    expect(policyStatements(roles)).toHaveLength(1);
    expect(Object.keys(uploads(jobs))).toHaveLength(1);
  });
});

describe('what is refused', () => {
  const problems = (name: string, use: SparkCodeUse, options?: s3assets.AssetOptions) => SparkCode.fromAsset(at(name), options)._problems('prop', use);
  const IMPORTABLE = 'a module or a package that Python can import (its name has letters, digits and _, and no digit at its start)';

  test.each<[string, SparkCodeUse, string, string]>([
    ['missing.py', ENTRY_POINT, 'a .py or .jar file', ', which does not exist'],
    ['missing', PYTHON_FILES, 'a .py, .zip or .egg file, or a directory', ', which does not exist'],
    ['missing.sql', FILES, 'a file', ', which does not exist'],
    ['common', ENTRY_POINT, 'a .py or .jar file', ', which is a directory'],
    ['common', JARS, 'a .jar file', ', which is a directory'],
    ['common', FILES, 'a file', ', which is a directory'],
    ['query.sql', ENTRY_POINT, 'a .py or .jar file', ''],
    ['upper.PY', ENTRY_POINT, 'a .py or .jar file', ''],
    ['upper.PY', PYTHON_FILES, 'a .py, .zip or .egg file, or a directory', ''],
    ['app.jar', PYTHON_FILES, 'a .py, .zip or .egg file, or a directory', ''],
    ['libs.zip', JARS, 'a .jar file', ''],
    ['job.py', ARCHIVES, 'a .zip, .tgz, .tar.gz or .jar file, or a directory', ''],
    ['my-module.py', PYTHON_FILES, IMPORTABLE, ''],
    ['my-package', PYTHON_FILES, IMPORTABLE, ', which holds `__init__.py`'],
    ['data', PYTHON_FILES, 'a directory with modules of Python (.py)', ', which has none'],
    ['hidden', PYTHON_FILES, 'a directory with modules of Python (.py)', ', which has none'],
    ['empty', PYTHON_FILES, 'a directory with modules of Python (.py)', ', which has none'],
    ['empty', ARCHIVES, 'a directory with files', ', which has none'],
  ])('is %s for %s', (name, use, allowed, more) => {
    expect(problems(name, use)).toEqual([expect.stringContaining(`\`prop\` must be ${allowed}, got: "`)]);
    expect(problems(name, use)[0].endsWith(`"${more}`) || more === '').toBe(true);
  });

  test('is shown as it was given', () => {
    expect(SparkCode.fromAsset('jobs/missing.py')._problems('entryPoint', ENTRY_POINT))
      .toEqual([`\`entryPoint\` must be a .py or .jar file, got: "jobs/missing.py", which does not exist in the working directory ${JSON.stringify(process.cwd())}`]);
  });

  test('is a link that leads nowhere', () => {
    fs.symlinkSync(at('nowhere'), at('broken.py'));

    expect(problems('broken.py', ENTRY_POINT)).toEqual([expect.stringMatching(/, which does not exist$/)]);
  });

  test('is a directory whose links lead nowhere', () => {
    fs.mkdirSync(at('broken'));
    fs.symlinkSync('itself', at('broken/itself'));
    fs.symlinkSync('nowhere', at('broken/other'));

    expect(problems('broken', ARCHIVES)).toEqual([expect.stringMatching(/must be a directory with files, got: ".*", which has none$/)]);
  });

  test('is what the file system does not let the library read', () => {
    jest.spyOn(IgnoreStrategy, 'fromCopyOptions').mockImplementationOnce(() => { throw new Error('EACCES: permission denied'); });

    expect(problems('data', ARCHIVES)).toEqual(['`prop` must be readable, got an error: EACCES: permission denied']);
  });

  test('is what is neither a file nor a directory', () => {
    expect(SparkCode.fromAsset('/dev/null')._problems('files', FILES))
      .toEqual(['`files` must be a file, got: "/dev/null", which is neither a file nor a directory']);
  });

  test('is a directory of which everything is excluded', () => {
    expect(problems('data', ARCHIVES, { exclude: ['*'] })).toHaveLength(1);
    expect(problems('src', PYTHON_FILES, { exclude: ['*.py'] })).toHaveLength(1);
  });

  test('is refused by bind() too, before it makes anything', () => {
    const stack = newStack(ENV);

    expect(() => SparkCode.fromAsset('jobs/missing.py').bind(stack, new iam.AccountRootPrincipal(), ENTRY_POINT))
      .toThrow(new Error('`entryPoint` must be a .py or .jar file, got: "jobs/missing.py", which does not exist in the'
        + ` working directory ${JSON.stringify(process.cwd())} [Stack]`));
    expect(stack.node.children).toEqual([]);
  });

  test.each(['', lazy('job.py')])('is the path %p', (name) => {
    expect(() => SparkCode.fromAsset(name)).toThrow(/^`path` must be the path of a file or a directory that is known at synthesis, got: "[^"]*"$/);
  });

  test.each<[object, string]>([
    [{ deployTime: true }, '`options.deployTime` must not be true, because jobs read the code after the deployment, got: true'],
    [{ readers: [new iam.AccountRootPrincipal()] },
      '`options.readers` must not be given, because readers may read all assets of the account, and the execution role may read the code anyway, got: a list'],
    [{ sourceKMSKey: {} }, '`options.sourceKMSKey` must not be given, because the key of the bucket for assets encrypts the code, got: an object of class Object'],
    [{ exclude: '*.csv' }, '`options.exclude` must be a list, got: "*.csv"'],
    [{ exclude: [7] }, '`options.exclude[0]` must be a string, got: 7'],
    [{ ignoreMode: 'regex' }, '`options.ignoreMode` must be one of glob, git, docker, got: "regex"'],
    [{ assetHash: 7 }, '`options.assetHash` must be a string, got: 7'],
  ])('is the option %p', (options, message) => {
    expect(() => SparkCode.fromAsset('job.py', options as any)).toThrow(new Error(message));
  });

  test('is not deployTime: false', () => {
    expect(problems('job.py', ENTRY_POINT, { deployTime: false })).toEqual([]);
  });
});

describe('bundling', () => {
  const bundling = (files: { [name: string]: string }, outputType?: BundlingOutput) => ({
    bundling: {
      image: DockerImage.fromRegistry('unused'),
      outputType,
      local: { tryBundle: (output: string) => write(output, files) !== '' },
    },
  });

  test('makes the archive of the output', () => {
    expect(uploaded(PYTHON_FILES, at('common'), bundling({ 'lib/x.py': '', '__pycache__/x.pyc': '' })).files).toEqual(['__pycache__/x.pyc', 'lib/x.py']);
  });

  test('makes one file', () => {
    expect(uploaded(ENTRY_POINT, at('src'), bundling({ 'job.jar': 'jar' })).key).toMatch(/\.jar$/);
    expect(uploaded(ENTRY_POINT, at('src'), bundling({ 'job.py': 'py' }, BundlingOutput.SINGLE_FILE)).key).toMatch(/\.py$/);
  });

  test('takes a directory', () => {
    expect(SparkCode.fromAsset(at('job.py'), bundling({}))._problems('jars', JARS))
      .toEqual([expect.stringMatching(/^`jars` must be a directory, which is bundled, got: ".*", which is a file$/)]);
    expect(SparkCode.fromAsset(at('my-package'), bundling({}))._problems('jars', JARS)).toEqual([]);
  });

  test.each<[SparkCodeUse, { [name: string]: string }, string]>([
    [ENTRY_POINT, { 'a.py': '', 'b.py': '' }, '`entryPoint` must be a .py or .jar file after bundling, got: a directory'],
    [JARS, { 'libs.zip': '' }, '`jars` must be a .jar file after bundling, got: a file that ends with ".zip"'],
    [ARCHIVES, { 'env.tar.gz': '' }, '`archives` must be a .zip, .tgz, .tar.gz or .jar file after bundling, got: a file that ends with ".gz"'],
  ])('must make what fits %s', (use, files, message) => {
    expect(() => uploaded(use, at('src'), bundling(files))).toThrow(new Error(`${message} [Stack]`));
  });

  test('is not judged while CDK skips it', () => {
    const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Stack', { env: ENV });

    expect(() => SparkCode.fromAsset(at('src'), bundling({ 'a.jar': '' })).bind(stack, roleIn(stack), JARS)).not.toThrow();
  });
});
