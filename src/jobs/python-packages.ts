import { existsSync, readdirSync, statSync } from 'fs';
import { basename, extname, resolve } from 'path';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { IgnoreMode, SymlinkFollowMode } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { archiveAsset } from './private/archive-asset';
import { strangers } from './private/installed-files';
import { grantReading } from './private/object-reading';
import { archiveHash, packageArchive, PackageSource } from './private/package-archive';
import { exportProject, needsUv, ProjectModules, PythonProject, readProject } from './private/python-project';
import { describeTarget, pythonTarget, pythonVersionProblems, targetProblems } from './private/python-target';
import { identityOf, parseRequirements, readRequirements } from './private/requirements';
import { SparkCode, SparkCodeUse } from './spark-code';
import { Architecture } from '../application/architecture';
import type { EmrRelease } from '../application/emr-release';
import { isLiteral, Problems, shown } from '../private/checks';
import { Fields, instance, listOf, oneOf, read, struct, text } from '../private/reading';
import { renderings } from '../private/rendered';
import { refuse, ValidationError } from '../private/validation-error';

/**
 * What is known of the workers that import the packages.
 */
export interface PythonPackagesTarget {
  /**
   * The release of Amazon EMR of the application.
   *
   * @default - the release is not known
   */
  readonly release?: EmrRelease;

  /**
   * The processor architecture of the workers.
   *
   * @default - the architecture is not known
   */
  readonly architecture?: Architecture;

  /**
   * Whether the workers have an image of their own, which may have another Python than the release.
   *
   * @default false
   */
  readonly customImage?: boolean;
}

/**
 * How a job finds Python packages.
 */
export interface PythonPackagesConfig {
  /**
   * The URI of the archive with the packages, `s3://<bucket>/<key>`.
   */
  readonly archiveUri: string;

  /**
   * Whether the archive is a virtual environment, whose interpreter runs the job. If it is not, the packages are at the root of the
   * archive.
   *
   * @default false
   */
  readonly virtualEnvironment?: boolean;

  /**
   * The URIs of more modules, such as those of the project itself.
   *
   * @default - no more modules
   */
  readonly pythonFileUris?: string[];
}

/**
 * How packages are installed.
 */
export interface PythonPackagesOptions {
  /**
   * The minor version of Python that runs the job, such as `3.11`. It must be given if the application has a custom image, or if the
   * library does not know the release.
   *
   * @default - the Python of the application's release
   */
  readonly pythonVersion?: string;

  /**
   * The processor architecture of the workers. It must be given for an imported application whose architecture is not known.
   *
   * @default - the architecture of the application
   */
  readonly architecture?: Architecture;

  /**
   * The names of the packages that may be built from source. They must be pure Python. All other packages must have a wheel, which is a
   * built package. To build a package runs code of the package on the machine that synthesizes. It takes uv.
   *
   * @default - no package is built from source
   */
  readonly sourceDistributions?: string[];
}

/**
 * How the packages of a project are installed.
 */
export interface PythonProjectOptions extends PythonPackagesOptions {
  /**
   * The extras of the project whose packages are installed too, which are the keys of `[project.optional-dependencies]` in pyproject.toml.
   *
   * @default - no extras
   */
  readonly extras?: string[];
}

/**
 * Python packages that a job imports.
 *
 * The packages are installed when the app is synthesized, for the Python and the architecture of the application, whatever machine
 * synthesizes. [uv](https://docs.astral.sh/uv/) installs them. Without uv, pip does if it runs on Linux with the Python and on the
 * architecture of the application, or else uv in Docker. Private indexes come from the configuration of uv and pip, such as the environment
 * variable `UV_INDEX`. `pyspark` and `py4j` are left out, because every release has them.
 *
 * What was built once is kept in a cache of the user (`~/.cache/cdk-spark-emr-serverless`, `~/Library/Caches/cdk-spark-emr-serverless` or
 * `%LOCALAPPDATA%\cdk-spark-emr-serverless`, or the directory that the environment variable `CDK_SPARK_EMR_SERVERLESS_CACHE` names). You
 * may delete it. Archives that nobody used for 90 days are deleted when another one is built. The same requirements are not installed
 * again: pin the versions, and change them to get others.
 *
 * Unit tests need no packages. `new App({ context: { 'aws:cdk:bundling-stacks': [] } })` leaves them out, and the template stays the same.
 */
export abstract class PythonPackages {
  /**
   * Installs the packages that a requirements file names, such as one that `uv export --no-emit-project` or `poetry export` wrote.
   *
   * The file may include other files, and name wheels by their paths. Projects in directories are refused.
   *
   * @param path the path of the file
   * @param options how to install
   */
  public static fromRequirements(path: string, options: PythonPackagesOptions = {}): PythonPackages {
    return new InstalledPackages(requirementsFile(path, readOptions(options)));
  }

  /**
   * Installs the packages that a project depends on, and adds the modules of the project itself.
   *
   * The packages are those of `uv.lock`, of `poetry.lock`, or else the dependencies in `pyproject.toml`. Groups for development are left
   * out. It takes uv, or Poetry with its plugin `poetry-plugin-export` for `poetry.lock`.
   *
   * The modules are those in `src`, or else the packages and modules beside `pyproject.toml`. Tests, documentation and environments are
   * left out. They are an asset of their own: after a change of code, nothing is installed.
   *
   * @param directory the directory with `pyproject.toml`
   * @param options how to install
   */
  public static fromProject(directory: string, options: PythonProjectOptions = {}): PythonPackages {
    return projectPackages(directory, options);
  }

  /**
   * Uses a directory with installed packages, such as one that `pip install --target` wrote. The packages must be for the Python and the
   * architecture of the application.
   *
   * @param path the path of the directory
   */
  public static fromDirectory(path: string): PythonPackages {
    return new DirectoryPackages(existingDirectory('path', path));
  }

  /**
   * Uses an archive with a virtual environment and its interpreter, such as one that `venv-pack` or `conda-pack` wrote. The interpreter
   * runs the job.
   *
   * @param archive the archive, a `.tar.gz` or `.tgz`. In a `.zip`, programs lose the permission to run
   */
  public static fromVirtualEnvironment(archive: SparkCode): PythonPackages {
    return new VirtualEnvironment(read(undefined, '', 'archive', archive, sparkCode));
  }

  /**
   * Makes the packages available to a principal.
   *
   * @param scope the construct that uses the packages
   * @param grantee the principal to grant the permission to read the packages to, which is the execution role of the job
   * @param target what is known of the workers
   */
  public abstract bind(scope: Construct, grantee: IGrantable, target: PythonPackagesTarget): PythonPackagesConfig;

  /**
   * Whether the packages are a virtual environment.
   *
   * @internal
   */
  public get _isVirtualEnvironment(): boolean {
    return false;
  }

  /**
   * What is wrong with the packages for these workers, before anything is created.
   *
   * @internal
   */
  public _problems(_prop: string, _target: PythonPackagesTarget): string[] {
    return [];
  }
}

const sparkCode = instance<SparkCode>('an archive such as SparkCode.fromAsset(\'environment.tar.gz\')', 'bind', '_problems');

const OPTIONS: Fields<PythonPackagesOptions> = {
  pythonVersion: text,
  architecture: oneOf(Architecture),
  sourceDistributions: listOf(text),
};

function readOptions(options: PythonPackagesOptions): PythonPackagesOptions {
  return checked(read(undefined, '', 'options', options, struct<PythonPackagesOptions>(OPTIONS)));
}

function readProjectOptions(options: PythonProjectOptions): PythonProjectOptions {
  return checked(read(undefined, '', 'options', options, struct<PythonProjectOptions>({ ...OPTIONS, extras: listOf(text) })));
}

function checked<T extends PythonProjectOptions>(options: T): T {
  refuse(undefined, '', [
    ...pythonVersionProblems('options.pythonVersion', options.pythonVersion),
    ...isLiteral(options.architecture) || options.architecture === undefined ? []
      : [`\`options.architecture\` must be known at synthesis, got: ${shown(options.architecture)}`],
    ...namesProblems('options.sourceDistributions', 'packages', options.sourceDistributions),
    ...namesProblems('options.extras', 'extras', options.extras),
  ]);
  return options;
}

function namesProblems(prop: string, what: string, names: readonly string[] = []): Problems {
  return names.flatMap((name, i) => /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name) ? []
    : [`\`${prop}[${i}]\` must be one of the names of ${what} (A-Z a-z 0-9 . _ -), got: ${shown(name)}`]);
}

function existing(prop: string, path: string, what: string, isRight: (path: string) => boolean): string {
  const given = read(undefined, '', prop, path, text);
  if (!isLiteral(given) || !existsSync(given) || !isRight(given)) {
    throw new ValidationError([`\`${prop}\` must be ${what} that exists, got: ${shown(given)}`]);
  }
  return resolve(given);
}

function existingDirectory(prop: string, path: string): string {
  return existing(prop, path, 'a directory', (given) => statSync(given).isDirectory());
}

interface Source extends PackageSource {
  readonly options: PythonPackagesOptions;
  readonly modules?: ProjectModules;
}

function requirementsFile(path: string, options: PythonPackagesOptions): Source {
  const file = existing('path', path, 'a requirements file', (given) => statSync(given).isFile());
  const problems: Problems = [];
  const requirements = readRequirements('path', file, options.sourceDistributions ?? [], problems);
  refuse(undefined, '', problems);
  return {
    name: basename(file),
    directory: resolve(file, '..'),
    identity: identityOf(requirements),
    needsUv: false,
    isComplete: false,
    options,
    sourceDistributions: options.sourceDistributions ?? [],
    requirements: () => requirements,
  };
}

function projectPackages(directory: string, given: PythonProjectOptions): PythonPackages {
  const options = readProjectOptions(given);
  const problems: Problems = [];
  const project = readProject('directory', existingDirectory('directory', directory), problems) as PythonProject;
  refuse(undefined, '', problems);
  const extras = options.extras ?? [];
  const sourceDistributions = options.sourceDistributions ?? [];
  return new InstalledPackages({
    name: `${basename(project.directory)}/${project.dependencyFile}`,
    directory: project.directory,
    identity: [project.dependencyFile, project.identity, [...extras].sort()],
    needsUv: needsUv(project),
    isComplete: true,
    options,
    sourceDistributions,
    modules: project.modules,
    requirements: (installer, workplace, overrides) => {
      const exported = exportProject(project, installer, workplace, { extras, overrides, sourceDistributions });
      const wrong: Problems = [];
      const requirements = parseRequirements('directory', exported, project.directory, sourceDistributions, wrong);
      refuse(undefined, '', wrong);
      return requirements;
    },
  });
}

/** Packages that uv or pip installs. */
class InstalledPackages extends PythonPackages {
  public constructor(private readonly source: Source) {
    super();
  }

  public bind(scope: Construct, grantee: IGrantable, target: PythonPackagesTarget): PythonPackagesConfig {
    refuse(scope, '', this._problems('pythonPackages', target));
    const { source } = this;
    const resolved = pythonTarget(source.options, target);
    const packages = archiveAsset(scope, 'PythonPackages', archiveHash(source, resolved), () => packageArchive(source, resolved));
    const modules = source.modules && new Asset(scope, 'PythonModules', {
      path: source.modules.directory,
      exclude: source.modules.exclude,
      ignoreMode: IgnoreMode.GIT,
      followSymlinks: SymlinkFollowMode.EXTERNAL,
    });
    [packages, ...modules ? [modules] : []].forEach((asset) => grantReading(scope, grantee, asset.bucket, asset.s3ObjectKey));
    return { archiveUri: packages.s3ObjectUrl, pythonFileUris: modules && [modules.s3ObjectUrl] };
  }

  public override _problems(prop: string, target: PythonPackagesTarget): Problems {
    return targetProblems(prop, this.source.options, target);
  }
}

/** Packages that somebody installed. */
class DirectoryPackages extends PythonPackages {
  public constructor(private readonly path: string) {
    super();
    if (readdirSync(path).length === 0) {
      throw new ValidationError([`\`path\` must be a directory with packages, got: ${shown(path)} without files`]);
    }
  }

  public bind(scope: Construct, grantee: IGrantable, target: PythonPackagesTarget): PythonPackagesConfig {
    refuse(scope, '', this._problems('pythonPackages', target));
    const packages = new Asset(scope, 'PythonPackages', {
      path: this.path,
      // Python writes them when it imports the modules
      exclude: ['**/__pycache__'],
      followSymlinks: SymlinkFollowMode.EXTERNAL,
    });
    grantReading(scope, grantee, packages.bucket, packages.s3ObjectKey);
    return { archiveUri: packages.s3ObjectUrl };
  }

  public override _problems(prop: string, target: PythonPackagesTarget): Problems {
    if (targetProblems(prop, {}, target).length > 0) { return []; }
    const resolved = pythonTarget({}, target);
    const wrong = strangers(this.path, resolved);
    return wrong.length === 0 ? []
      : [`\`${prop}\` must be packages for ${describeTarget(resolved)}, got: ${wrong.slice(0, 10).join(', ')}`];
  }
}

/** An interpreter with its packages. */
class VirtualEnvironment extends PythonPackages {
  public constructor(private readonly archive: SparkCode) {
    super();
  }

  public bind(scope: Construct, grantee: IGrantable): PythonPackagesConfig {
    const { uri } = this.archive.bind(scope, grantee, SparkCodeUse.ARCHIVES);
    // the key of an asset is known, although its bucket is not
    if (renderings(scope, uri).some((rendered) => extname(rendered).toLowerCase() === '.zip')) {
      throw new ValidationError(['`pythonPackages` must be a .tar.gz or .tgz with a virtual environment, because programs in a .zip'
        + ' lose the permission to run, got: a .zip'], scope.node.path);
    }
    return { archiveUri: uri, virtualEnvironment: true };
  }

  public override _problems(prop: string): Problems {
    return this.archive._problems(prop, SparkCodeUse.ARCHIVES);
  }
}
