import { closeSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'fs';
import { join } from 'path';
import { BundlingOutput, DockerImage, Stack } from 'aws-cdk-lib';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { bind, eachTestInSandbox, keyOf, message, sandbox, TARGET, unzipped } from './packages-parts';
import { PythonPackages, SparkCode, SparkCodeConfig, SparkCodeUse } from '../../src';
import { isWholeZip, zip } from '../../src/jobs/private/zip';
import { deployed, policyStatements, submitterIn } from '../util';

eachTestInSandbox();

describe('a directory with packages', () => {
  function directory(tags: string[] = ['py3-none-any'], name = 'installed'): string {
    sandbox.file(join(name, 'demo/__init__.py'), 'X = 1\n');
    sandbox.file(join(name, 'demo-1.0.dist-info/WHEEL'), tags.map((tag) => `Tag: ${tag}\n`).join(''));
    return join(sandbox.directory, name);
  }

  test('becomes an archive that the grantee may read', () => {
    const { stack, config } = bind(PythonPackages.fromDirectory(directory()));

    expect(config.archiveUri).toMatch(/\/[0-9a-f]{64}\.zip$/);
    const [statement] = policyStatements(stack);
    expect(statement.Action).toBe('s3:GetObject');
    expect(JSON.stringify(statement.Resource)).toContain(keyOf(config.archiveUri));
  });

  test('has the same hash with and without compiled modules, and in two checkouts', () => {
    const [one, two] = ['one', 'two'].map((name) => directory(undefined, name));
    sandbox.file('one/demo/__pycache__/x.pyc', 'time');

    const keys = [one, two].map((path) => keyOf(bind(PythonPackages.fromDirectory(path)).config.archiveUri));
    expect(keys[0]).toBe(keys[1]);
  });

  test('may have links to files outside of it', () => {
    symlinkSync(sandbox.file('cache of uv/six.py', 'Y = 1\n'), join(directory(), 'six.py'));

    const { config, outdir } = bind(PythonPackages.fromDirectory(join(sandbox.directory, 'installed')));

    expect(readFileSync(join(outdir, `asset.${keyOf(config.archiveUri).replace('.zip', '')}`, 'six.py'), 'utf8')).toBe('Y = 1\n');
  });

  test.each([
    'py3-none-any', 'py2.py3-none-any', 'cp39-cp39-manylinux_2_17_aarch64', 'cp37-abi3-manylinux_2_28_aarch64', 'cp39-abi3-manylinux2014_aarch64',
    'cp39-cp39-manylinux_2_17_aarch64.manylinux2014_aarch64', 'cp39-none-any', 'strange',
  ])('may have a package for %s', (tag) => {
    expect(PythonPackages.fromDirectory(directory([tag]))._problems('pythonPackages', TARGET)).toEqual([]);
  });

  test.each([
    'cp311-cp311-manylinux_2_17_aarch64', 'cp39-cp39-manylinux_2_17_x86_64', 'cp310-abi3-manylinux_2_17_aarch64', 'cp39-cp39-macosx_11_0_arm64',
    'cp39-cp39-win_amd64', 'cp39-cp39-linux_aarch64', 'cp39-cp39-musllinux_1_2_aarch64',
  ])('must not have a package for %s', (tag) => {
    const packages = PythonPackages.fromDirectory(directory([tag]));
    const problem = `\`pythonPackages\` must be packages for Python 3.9 on aarch64 (manylinux_2_28), got: demo-1.0 for ${tag}`;

    expect(packages._problems('pythonPackages', TARGET)).toEqual([problem]);
    expect(message(() => bind(packages))).toContain(problem);
  });

  test('may have a package for several platforms', () => {
    const packages = PythonPackages.fromDirectory(directory(['cp39-cp39-macosx_11_0_arm64', 'cp39-cp39-manylinux_2_17_aarch64']));

    expect(packages._problems('pythonPackages', TARGET)).toEqual([]);
  });

  test('is not checked for workers that are not known', () => {
    const packages = PythonPackages.fromDirectory(directory(['cp311-cp311-manylinux_2_17_x86_64']));

    expect(packages._problems('pythonPackages', {})).toEqual([]);
    expect(packages._problems('pythonPackages', { ...TARGET, customImage: true })).toEqual([]);
  });

  test('must exist', () => {
    expect(message(() => PythonPackages.fromDirectory(sandbox.file('file'))))
      .toMatch(/^`path` must be a directory that exists, got: ".*", which is no directory$/);
  });

  test('must not be empty', () => {
    const empty = join(sandbox.directory, 'empty');
    mkdirSync(empty);

    expect(message(() => PythonPackages.fromDirectory(empty))).toBe(`\`path\` must be a directory with packages, got: "${empty}" without files`);
  });
});

describe('a virtual environment', () => {
  /** An archive in S3 or, if it names a file, an asset. */
  class Code extends SparkCode {
    public readonly uses: SparkCodeUse[] = [];
    public constructor(private readonly uri: string, private readonly file?: string) { super(); }

    public bind(scope: Construct, _: IGrantable, use: SparkCodeUse): SparkCodeConfig {
      this.uses.push(use);
      return { uri: this.file ? new Asset(scope, 'Code', { path: this.file }).s3ObjectUrl : this.uri };
    }

    public override _problems(prop: string, use: SparkCodeUse): string[] {
      return [`${prop} ${use}`];
    }
  }

  test.each(['environment.tgz', 'environment.tar.gz'])('is an archive %s', (name) => {
    const code = new Code(`s3://bucket/${name}`);

    expect(bind(PythonPackages.fromVirtualEnvironment(code)).config).toEqual({ archiveUri: `s3://bucket/${name}`, virtualEnvironment: true });
    expect(code.uses).toEqual([SparkCodeUse.ARCHIVES]);
  });

  test('needs no Python and no architecture', () => {
    expect(bind(PythonPackages.fromVirtualEnvironment(new Code('s3://bucket/x.tgz')), {}).config.virtualEnvironment).toBe(true);
  });

  test('has the problems of its archive', () => {
    expect(PythonPackages.fromVirtualEnvironment(new Code('s3://b/x.tgz'))._problems('packages', TARGET)).toEqual(['packages archives']);
  });

  const MUST_BE = 'must be a .tar.gz or .tgz file with a virtual environment, because programs in a .zip or .jar lose the permission to run, got: ';

  test.each(['environment.zip', 'ENVIRONMENT.ZIP', 'environment.jar', 'environment.tar', 'environment', 'environment.tgz.zip'])(
    'must not be the file %s', (name) => {
      const path = sandbox.file(name);

      expect(message(() => PythonPackages.fromVirtualEnvironment(SparkCode.fromAsset(path)))).toBe(`\`archive\` ${MUST_BE}"${path}"`);
      expect(message(() => PythonPackages.fromVirtualEnvironment(SparkCode.fromBucket(new Bucket(new Stack(), 'Code'), name))))
        .toBe(`\`archive\` ${MUST_BE}"${name}"`);
      expect(message(() => PythonPackages.fromVirtualEnvironment(SparkCode.fromImage(`/${name}`)))).toBe(`\`archive\` ${MUST_BE}"/${name}"`);
    });

  test.each(['environment.tgz', 'ENVIRONMENT.TAR.GZ'])('may be the file %s', (name) => {
    const packages = PythonPackages.fromVirtualEnvironment(SparkCode.fromAsset(sandbox.file(name)));

    expect(bind(packages).config.archiveUri).toMatch(/\.tgz$/i);
  });

  test('may have a key whose end is not known', () => {
    const bucket = new Bucket(new Stack(), 'Code');

    expect(() => PythonPackages.fromVirtualEnvironment(SparkCode.fromBucket(bucket, deployed('Key')))).not.toThrow();
    expect(() => PythonPackages.fromVirtualEnvironment(SparkCode.fromBucket(bucket, `${deployed('Name')}.gz`))).not.toThrow();
    expect(message(() => PythonPackages.fromVirtualEnvironment(SparkCode.fromBucket(bucket, `${deployed('Name')}.zip`)))).toContain(MUST_BE);
  });

  test('may be what bundling makes, which is checked when it is there', () => {
    const bundled = (name: string) => PythonPackages.fromVirtualEnvironment(SparkCode.fromAsset(join(sandbox.file('in/x'), '..'), {
      bundling: {
        image: DockerImage.fromRegistry('unused'),
        outputType: BundlingOutput.SINGLE_FILE,
        local: { tryBundle: (directory) => { writeFileSync(join(directory, name), ''); return true; } },
      },
    }));

    expect(bind(bundled('x.tgz')).config.archiveUri).toMatch(/\.tgz$/);
    expect(message(() => bind(bundled('x.jar')))).toContain(`\`pythonPackages\` ${MUST_BE}a file that ends with ".jar"`);
  });

  test.each([['environment.zip', '.zip'], ['ENVIRONMENT.ZIP', '.ZIP'], ['environment.jar', '.jar'], ['environment', '']])(
    'must not be %s of a class of the user\'s own', (name, suffix) => {
      expect(message(() => bind(PythonPackages.fromVirtualEnvironment(new Code(`s3://bucket/${name}`)))))
        .toBe(`\`pythonPackages\` ${MUST_BE}a file that ends with "${suffix}" [Stack]`);
    });

  test('must not be a .zip in an asset, in whatever account', () => {
    const packages = PythonPackages.fromVirtualEnvironment(new Code('', sandbox.file('environment.zip')));
    const stack = new Stack();

    expect(message(() => packages.bind(stack, submitterIn(stack), TARGET))).toContain(MUST_BE);
  });

  test('must be code', () => {
    expect(message(() => PythonPackages.fromVirtualEnvironment('environment.tgz' as unknown as SparkCode)))
      .toBe('`archive` must be an archive such as SparkCode.fromAsset(\'environment.tar.gz\'), got: "environment.tgz"');
  });
});

describe('a zip archive', () => {
  const everything = () => true;

  test('has the files with their contents, also large, empty and with names in any script', () => {
    const files = { 'a/b.txt': 'text', 'empty': '', 'große/文件.py': 'x', 'large': 'abc'.repeat(1_000_000) };
    Object.entries(files).forEach(([name, content]) => sandbox.file(join('in', name), content));
    const archive = join(sandbox.directory, 'out.zip');

    zip(join(sandbox.directory, 'in'), archive, everything);

    expect(unzipped(archive)).toEqual(files);
    expect(isWholeZip(archive)).toBe(true);
  });

  test('has regular files, and leaves none open', () => {
    sandbox.file('in/a', 'text');
    const archive = sandbox.file('out.zip');
    const next = () => {
      const file = openSync(archive, 'r');
      closeSync(file);
      return file;
    };
    const before = next();

    zip(join(sandbox.directory, 'in'), archive, everything);

    expect(isWholeZip(archive)).toBe(true);
    expect(next()).toBe(before);
    const content = readFileSync(archive);
    const central = content.readUInt32LE(content.length - 22 + 16);
    expect(content.readUInt16LE(central + 40)).toBe(0o100644);
  });

  describe('has limits', () => {
    const fs = jest.requireActual<typeof import('fs')>('fs');
    const zlib = jest.requireActual<typeof import('zlib')>('zlib');
    const out = () => zip(join(sandbox.directory, 'in'), join(sandbox.directory, 'out.zip'), everything);
    /** A file of gzip is 18 bytes longer than what it has. */
    const compressedTo = (length: number) => jest.spyOn(zlib, 'gzipSync').mockReturnValue(Buffer.alloc(length + 18));
    beforeEach(() => {
      sandbox.file('in/a');
      jest.spyOn(fs, 'writeSync').mockImplementation(((_: number, part: Buffer, start: number) => part.length - start) as never);
    });
    afterEach(() => jest.restoreAllMocks());

    test.each([[65_534, true], [65_535, false]])('of files: %d', (number, fits) => {
      compressedTo(0);
      const file = fs.lstatSync(join(sandbox.directory, 'in/a'));
      jest.spyOn(fs, 'readdirSync').mockReturnValue(Array.from({ length: number }, (_, i) => `${i}`) as never);
      jest.spyOn(fs, 'lstatSync').mockReturnValue(file);
      jest.spyOn(fs, 'statSync').mockReturnValue(file);
      jest.spyOn(fs, 'readFileSync').mockReturnValue(Buffer.alloc(0) as never);

      const refused = fits ? undefined : new RegExp(`^${number} files in \\d+ bytes$`);
      if (refused) { expect(out).toThrow(refused); } else { expect(out).not.toThrow(); }
    });

    // the headers of two files with names of one letter have 156 bytes
    test.each([[0xfffffffe, true], [0x100000000, false]])('of bytes: %d', (size, fits) => {
      sandbox.file('in/b');
      compressedTo((size - 156) / 2);

      if (fits) { expect(out).not.toThrow(); } else { expect(out).toThrow(`2 files in ${size} bytes`); }
    });

    test.each([[2 ** 31 - 1, true], [2 ** 31, false]])('of the bytes of a file: %d', (size, fits) => {
      compressedTo(0);
      fs.truncateSync(join(sandbox.directory, 'in/a'), size);
      jest.spyOn(fs, 'readFileSync').mockReturnValue(Buffer.alloc(0) as never);

      if (fits) { expect(out).not.toThrow(); } else { expect(out).toThrow(`a of ${size} bytes`); }
    });

    test('which the user reads of, and of no other error', () => {
      sandbox.uv();
      compressedTo(2 ** 31);
      const packages = PythonPackages.fromRequirements(sandbox.file('requirements.txt', 'demo'));

      expect(message(() => bind(packages))).toMatch(
        /^the archive of `pythonPackages` must have less than 4 GiB, less than 65,535 files and no file of 2 GiB or more, got: 2 files in \d{10} bytes$/);
      jest.spyOn(fs, 'writeSync').mockImplementation(() => { throw new Error('no space'); });
      expect(message(() => bind(packages))).toBe('no space');
    });
  });

  test('is the same for the same files', () => {
    const archives = ['one', 'two'].map((name) => {
      ['b', 'a', 'c/d'].forEach((file) => sandbox.file(join(name, file), file));
      const archive = join(sandbox.directory, `${name}.zip`);
      zip(join(sandbox.directory, name), archive, everything);
      return readFileSync(archive);
    });

    expect(archives[0].equals(archives[1])).toBe(true);
    const fs = jest.requireActual<typeof import('fs')>('fs');
    const read = fs.readdirSync;
    const spy = jest.spyOn(fs, 'readdirSync').mockImplementation(((path: string) => read(path).reverse()) as never);
    zip(join(sandbox.directory, 'one'), join(sandbox.directory, 'reverse.zip'), everything);
    spy.mockRestore();
    expect(readFileSync(join(sandbox.directory, 'reverse.zip')).equals(archives[0])).toBe(true);
  });

  test('has the files that links lead to, and follows no circle', () => {
    const target = sandbox.file('elsewhere/file', 'content');
    sandbox.file('in/own', 'own');
    symlinkSync(target, join(sandbox.directory, 'in', 'link'));
    symlinkSync('missing', join(sandbox.directory, 'in', 'broken'));
    symlinkSync('.', join(sandbox.directory, 'in', 'circle'));
    const archive = join(sandbox.directory, 'out.zip');

    zip(join(sandbox.directory, 'in'), archive, everything);

    expect(unzipped(archive)).toEqual({ link: 'content', own: 'own' });
  });
});
