import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { DirectoryPackages } from './private/directory-packages';
import { packagesOfProject, packagesOfRequirements } from './private/installed-packages';
import { PackagesOrigin } from './private/packages-origin';
import { packagesTarget } from './private/python-target';
import { VirtualEnvironment } from './private/virtual-environment';
import { SparkCode } from './spark-code';
import { Architecture } from '../application/architecture';
import type { EmrRelease } from '../application/emr-release';
import { grantable } from '../permissions/private/grant';
import { construct, read } from '../private/reading';

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
   * The URI of the archive with the packages, `s3://<bucket>/<key>`. It must not contain blanks, double quotes, backslashes, commas or `#`.
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
   * The URIs of more modules, such as those of the project itself. They must not contain blanks, double quotes, backslashes, commas or `#`.
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
   * The minor version of Python that the packages are installed for. It is `3.0` to `3.99`, such as `3.11`. Give the version that runs the
   * job: the library does not compare the two. It must be given if the application has a custom image, or if the library does not know the
   * release.
   *
   * @default - the Python of the application's release
   */
  readonly pythonVersion?: string;

  /**
   * The processor architecture of the workers. It must be given for an imported application whose architecture is not known. If the
   * architecture of the application is known, it must be the same.
   *
   * @default - the architecture of the application
   */
  readonly architecture?: Architecture;

  /**
   * The names of the packages that may be built from source. They must be pure Python. Every other package must have a wheel (a built
   * package). A build runs code of the package on the machine that synthesizes the app. It needs uv, installed or in Docker.
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
 * `fromRequirements()` and `fromProject()` install the packages when the app is synthesized, on any machine. They install for the Python
 * version and the architecture of the application. They leave out `pyspark` and `py4j`, because every release has them. The archive with
 * the packages must have less than 4 GiB, less than 65,535 files and no file of 2 GiB or more.
 *
 * They use [uv](https://docs.astral.sh/uv/). If uv is not installed, they use pip, provided that it runs on Linux with the Python version
 * and the architecture of the application. Otherwise they use uv in Docker. Private indexes come from the configuration of uv and pip, such
 * as the environment variable `UV_INDEX`.
 *
 * The library keeps each built archive in a cache of the user (`cdk-spark-emr-serverless/python-packages` in `~/.cache`, `~/Library/Caches`
 * or `%LOCALAPPDATA%`, or the directory that the environment variable `CDK_SPARK_EMR_SERVERLESS_CACHE` names). You may delete the cache. An
 * archive that was not used for 90 days is deleted when another one is built. The library does not install unchanged requirements again,
 * even if a newer version of a package exists. Pin the versions, and change the pins to update.
 *
 * Unit tests need no packages. `new App({ context: { 'aws:cdk:bundling-stacks': [] } })` leaves them out, and the template stays the same.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/using-python-libraries.html
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
    return new OriginatedPackages(packagesOfRequirements(path, options));
  }

  /**
   * Installs the packages that a project depends on, and adds the modules of the project itself.
   *
   * The packages are those of `uv.lock`, of `poetry.lock`, or else the dependencies in `pyproject.toml`. Groups for development are left
   * out. A project with `poetry.lock` and without `uv.lock` needs Poetry with its plugin `poetry-plugin-export`. Every other project needs
   * uv, installed or in Docker.
   *
   * The modules are those in `src`, or else the packages and modules beside `pyproject.toml`. Tests, documentation and environments are
   * left out. The modules are an asset of their own. If only their code changes, no package is installed again.
   *
   * @param directory the directory with `pyproject.toml`
   * @param options how to install
   */
  public static fromProject(directory: string, options: PythonProjectOptions = {}): PythonPackages {
    return new OriginatedPackages(packagesOfProject(directory, options));
  }

  /**
   * Uses a directory with installed packages, such as one that `pip install --target` wrote. The packages must be for the Python and the
   * architecture of the application.
   *
   * @param path the path of the directory
   */
  public static fromDirectory(path: string): PythonPackages {
    return new OriginatedPackages(new DirectoryPackages(path));
  }

  /**
   * Uses an archive with a virtual environment and its interpreter, such as one that `venv-pack` or `conda-pack` wrote. The interpreter
   * runs the job.
   *
   * @param archive the archive, a `.tar.gz` or `.tgz`. In a `.zip` or `.jar`, programs lose the permission to run
   */
  public static fromVirtualEnvironment(archive: SparkCode): PythonPackages {
    return new OriginatedPackages(new VirtualEnvironment(archive));
  }

  /**
   * Makes the packages available to a principal.
   *
   * Packages from the methods of this class grant
   *
   * - `s3:GetObject` on the objects with the packages and with the modules of the project
   * - `kms:Decrypt` on the KMS key of the bucket, if the library knows the key
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

/** Packages whose origin is one of the library. */
class OriginatedPackages extends PythonPackages {
  public constructor(private readonly origin: PackagesOrigin) {
    super();
  }

  public bind(scope: Construct, grantee: IGrantable, target: PythonPackagesTarget): PythonPackagesConfig {
    read(undefined, '', 'scope', scope, construct);
    read(scope, '', 'grantee', grantee, grantable);
    return this.origin.bind(scope, grantee, read(scope, '', 'target', target, packagesTarget));
  }

  public override get _isVirtualEnvironment(): boolean {
    return this.origin.isVirtualEnvironment ?? false;
  }

  public override _problems(prop: string, target: PythonPackagesTarget): string[] {
    return this.origin.problems(prop, target);
  }
}
