import { copyFileSync, existsSync, mkdirSync } from 'fs';
import { userInfo } from 'os';
import { join } from 'path';
import { pathToFileURL } from 'url';
import { InstallerError, installationProblem, secretsOf } from './installer-error';
import { pipPlatforms, PythonTarget, targetDescription, uvPlatform } from './python-target';
import { Environment, run, ToolResult } from './tools';
import { refuseBuilds } from './uv-configuration';
import { ValidationError } from '../../private/validation-error';

/**
 * It has uv and a Python, for both architectures. uv installs for another architecture than its own. The version of uv is the one that the
 * archives are verified with.
 */
const IMAGE = 'ghcr.io/astral-sh/uv:0.13.9-python3.13-trixie-slim';

/** Names another image, such as a copy in a registry of the user, or one by its digest. */
const IMAGE_VARIABLE = 'CDK_SPARK_EMR_SERVERLESS_UV_IMAGE';

/** What the files of a directory are for an installer in a container. */
const MOUNTED = '/work';
const PROJECT_FILES = ['pyproject.toml', 'uv.lock', 'uv.toml'];

/** The environment variables by which uv knows indexes, credentials and proxies. */
const PASSED_ON = /^(UV_(DEFAULT_INDEX|INDEX|INDEX_.*|EXTRA_INDEX_URL|NO_INDEX|INSECURE_HOST)|https?_proxy|all_proxy|no_proxy)$/i;

/** Where an installer works. The files of the work directory are inputs and outputs. */
export interface Workplace {
  readonly workDirectory: string;
  /** The directory of the requirements or of the project. An installer finds its configuration there. */
  readonly sourceDirectory: string;
  /** The environment variables that the requirements name. */
  readonly variables: string[];
  /** Environment variables that stand for credentials in the files of the work directory. */
  readonly credentials: Environment;
  /** The URLs of indexes that the requirements name. */
  readonly indexUrls: string[];
}

/** What to install. The names are those of files and directories in the work directory. */
export interface Installation {
  readonly requirements: string;
  /** There is no file without constraints. */
  readonly constraints?: string;
  readonly overrides: string;
  readonly directory: string;
  /** Whether the requirements name all packages, so that none follows from others. */
  readonly isComplete: boolean;
  readonly sourceDistributions: readonly string[];
}

export interface Installer {
  /** The name and the version. */
  readonly name: string;
  /** Whether the installer resolves what a project says, too. */
  readonly isUv: boolean;
  readonly target: PythonTarget;
  /** The URL by which the installer finds a file of the work directory. */
  urlOf(workplace: Workplace, ...path: string[]): string;
  /** The path by which the installer finds a file of the work directory. */
  pathOf(workplace: Workplace, name: string): string;
  run(workplace: Workplace, args: string[]): ToolResult;
}

/** The installer, or the reason why it cannot be used. */
type Found = Installer | string;

export interface InstallerNeeds {
  readonly target: PythonTarget;
  readonly sourceDistributions: readonly string[];
  /** Whether only uv will do. */
  readonly needsUv: boolean;
}

/** The first installer that installs exactly for the target: uv, pip, or uv in Docker. */
export function findInstaller(needs: InstallerNeeds): Installer {
  const reasons: string[] = [];
  for (const find of [uv, pip, docker]) {
    const found = find(needs);
    if (typeof found !== 'string') { return found; }
    reasons.push(found);
  }
  throw new ValidationError([`\`pythonPackages\` must have uv, pip or Docker to install packages for ${targetDescription(needs.target)},`
    + ` got none of them: ${reasons.join('; ')}.`
    + ' Install uv, which installs for every Python and architecture: https://docs.astral.sh/uv/getting-started/installation/']);
}

export function install(installer: Installer, workplace: Workplace, installation: Installation): void {
  if (installer.isUv) { refuseBuilds(workplace.sourceDirectory, installation.sourceDistributions); }
  const argumentsFor = installer.isUv ? uvInstallArguments : pipInstallArguments;
  checkSucceeded(installer, installer.run(workplace, argumentsFor(installer, workplace, installation)), workplace);
}

/** The requirements that uv exports for a project, from its lock file if there is one. */
export function exportRequirements(installer: Installer, workplace: Workplace, project: {
  readonly isLocked: boolean;
  readonly extras: readonly string[];
  readonly overrides: string;
  readonly sourceDistributions: readonly string[];
}): string {
  refuseBuilds(workplace.sourceDirectory, project.sourceDistributions);
  const extras = project.extras.flatMap((extra) => ['--extra', extra]);
  const args = project.isLocked
    ? ['export', '--frozen', '--no-emit-project', '--no-default-groups', '--no-header', '--no-annotate', '--format', 'requirements-txt',
      ...extras, '--quiet']
    : ['pip', 'compile', '--no-header', '--no-annotate', '--overrides', installer.pathOf(workplace, project.overrides),
      ...uvTargetArguments(installer.target, project.sourceDistributions), ...extras, '--quiet', 'pyproject.toml'];
  const result = installer.run(workplace, args);
  checkSucceeded(installer, result, workplace);
  return result.stdout;
}

function checkSucceeded({ name, target }: Installer, { succeeded, messages }: ToolResult, workplace: Workplace): void {
  if (!succeeded) {
    throw new InstallerError(installationProblem(name, messages, target), messages, secretsOf(workplace));
  }
}

function uvInstallArguments(installer: Installer, workplace: Workplace, installation: Installation): string[] {
  const { requirements, constraints, overrides, directory, isComplete, sourceDistributions } = installation;
  const at = (name: string) => installer.pathOf(workplace, name);
  return [
    'pip', 'install', '--target', at(directory),
    ...uvTargetArguments(installer.target, sourceDistributions), '--no-compile-bytecode',
    ...isComplete ? ['--no-deps'] : ['--overrides', at(overrides)],
    ...constraints === undefined ? [] : ['--constraints', at(constraints)],
    '--requirements', at(requirements),
  ];
}

function uvTargetArguments(target: PythonTarget, sourceDistributions: readonly string[]): string[] {
  return [
    '--python-version', target.pythonVersion, '--python-platform', uvPlatform(target),
    '--only-binary', ':all:', ...sourceDistributions.flatMap((name) => ['--no-binary', name]),
  ];
}

function pipInstallArguments({ target }: Installer, { workDirectory }: Workplace, installation: Installation): string[] {
  const { requirements, constraints, directory, isComplete } = installation;
  const at = (name: string) => join(workDirectory, name);
  return [
    'install', '--target', at(directory), '--no-compile', '--no-input', '--disable-pip-version-check', '--no-warn-conflicts', '--quiet',
    '--python-version', target.pythonVersion, '--implementation', 'cp', '--only-binary', ':all:',
    ...pipPlatforms(target).flatMap((platform) => ['--platform', platform]),
    ...isComplete ? ['--no-deps'] : [],
    ...constraints === undefined ? [] : ['--constraint', at(constraints)],
    '--requirement', at(requirements),
  ];
}

const LOCAL = {
  urlOf: ({ workDirectory }: Workplace, ...path: string[]) => pathToFileURL(join(workDirectory, ...path)).href,
  pathOf: ({ workDirectory }: Workplace, name: string) => join(workDirectory, name),
};

function uv({ target }: InstallerNeeds): Found {
  const { found, succeeded, stdout, messages } = run('uv', ['--version']);
  if (!succeeded) { return found ? `uv does not run (${firstLine(messages)})` : 'uv is not on the PATH'; }
  return {
    ...LOCAL,
    name: stdout.split(/\s/).slice(0, 2).join(' '),
    isUv: true,
    target,
    run: ({ sourceDirectory, credentials }, args) => run('uv', args, sourceDirectory, credentials),
  };
}

const PROBE = 'import sys, platform, pip;'
  + ' print(sys.implementation.name, "%d.%d" % sys.version_info[:2], platform.system(), platform.machine(), pip.__version__)';

/**
 * pip evaluates the conditions of requirements for the interpreter and the machine that it runs on, whatever it is asked to install for,
 * and says nothing. It is exact only where they are the target's.
 */
function pip({ target, sourceDistributions, needsUv }: InstallerNeeds): Found {
  if (needsUv) { return 'pip cannot read the dependencies of a project'; }
  if (sourceDistributions.length > 0) { return 'pip cannot build source distributions for the glibc of the workers'; }
  const seen: string[] = [];
  for (const python of [`python${target.pythonVersion}`, 'python3', 'python']) {
    const { succeeded, stdout } = run(python, ['-c', PROBE]);
    const [implementation, version, system, machine, pipVersion] = stdout.trim().split(' ');
    if (!succeeded || pipVersion === undefined) { continue; }
    if (implementation === 'cpython' && version === target.pythonVersion && system === 'Linux' && machine === target.machine) {
      return {
        ...LOCAL,
        name: `pip ${pipVersion}`,
        isUv: false,
        target,
        run: ({ sourceDirectory, credentials }, args) => run(python, ['-m', 'pip', ...args], sourceDirectory, credentials),
      };
    }
    seen.push(`${python} is ${version} on ${system} ${machine}`);
  }
  const others = seen.join(', ') || 'no Python with pip is on the PATH';
  return `pip must run with Python ${target.pythonVersion} on Linux ${target.machine} (${others})`;
}

/** The same uv in a container. */
function docker({ target }: InstallerNeeds): Found {
  const command = process.env.CDK_DOCKER ?? 'docker';
  const { found, succeeded } = run(command, ['ps']);
  if (!succeeded) { return found ? `the engine of ${command} does not run` : `${command} is not on the PATH`; }
  return {
    name: `uv in ${command}`,
    isUv: true,
    target,
    urlOf: (_, ...path) => `file://${MOUNTED}/${path.map(encodeURIComponent).join('/')}`,
    pathOf: (_, name) => `${MOUNTED}/${name}`,
    run: ({ workDirectory, sourceDirectory, variables, credentials }, args) => {
      const project = join(workDirectory, 'project');
      mkdirSync(project, { recursive: true });
      PROJECT_FILES.filter((name) => existsSync(join(sourceDirectory, name)))
        .forEach((name) => copyFileSync(join(sourceDirectory, name), join(project, name)));
      // a variable without a value has the one of this process, which no list of processes shows
      const passedOn = [...new Set([...Object.keys(process.env).filter((name) => PASSED_ON.test(name)), ...variables,
        ...Object.keys(credentials)])];
      return run(command, [
        'run', '--rm', ...userArguments(), '--volume', `${workDirectory}:${MOUNTED}`, '--workdir', `${MOUNTED}/project`,
        '--env', 'HOME=/tmp', '--env', 'UV_CACHE_DIR=/tmp/uv', '--env', 'UV_LINK_MODE=copy', ...passedOn.flatMap((name) => ['--env', name]),
        '--entrypoint', 'uv', process.env[IMAGE_VARIABLE] || IMAGE, ...args,
      ], undefined, credentials);
    },
  };
}

/** Files that the container writes belong to who synthesizes. */
function userArguments(): string[] {
  const { uid, gid } = userInfo();
  return uid < 0 ? [] : ['--user', `${uid}:${gid}`];
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0];
}
