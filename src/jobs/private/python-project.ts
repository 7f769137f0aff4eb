import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import { urlsWithoutCredentials } from './index-urls';
import { InstallerError } from './installer-error';
import { exportRequirements, Installer, Workplace } from './installers';
import { run } from './tools';
import { Problems, shown } from '../../private/checks';

/** The files that say which packages a project needs, the best one first. */
const DEPENDENCY_FILES = ['uv.lock', 'poetry.lock', 'pyproject.toml'] as const;

export interface PythonProject {
  readonly directory: string;
  readonly dependencyFile: typeof DEPENDENCY_FILES[number];
  /** What the hash has of the file. */
  readonly identity: string;
  readonly modules?: ProjectModules;
}

/** The modules of a project, in a directory from which Python imports them. */
export interface ProjectModules {
  readonly directory: string;
  /** What is no module, by the rules of `.gitignore`. */
  readonly exclude: string[];
}

export function readProject(prop: string, directory: string, problems: Problems): PythonProject | undefined {
  const dependencyFile = DEPENDENCY_FILES.find((name) => existsSync(join(directory, name)));
  if (!dependencyFile || !existsSync(join(directory, 'pyproject.toml'))) {
    problems.push(`\`${prop}\` must have a pyproject.toml (give a requirements file to \`PythonPackages.fromRequirements()\`),`
      + ` got: ${shown(directory)}`);
    return undefined;
  }
  const text = readFileSync(join(directory, dependencyFile), 'utf8').replace(/\r\n/g, '\n');
  return { directory, dependencyFile, identity: urlsWithoutCredentials(text), modules: modulesOf(directory) };
}

/** Whether only uv can say which packages the project needs. */
export function needsUv({ dependencyFile }: PythonProject): boolean {
  return dependencyFile !== 'poetry.lock';
}

export function isLocked({ dependencyFile }: PythonProject): boolean {
  return dependencyFile !== 'pyproject.toml';
}

/** Which packages a project needs, as requirements. All are named, also those that follow from others. */
export function exportProject(project: PythonProject, installer: Installer, workplace: Workplace, options: {
  readonly extras: readonly string[];
  readonly overrides: string;
  readonly sourceDistributions: readonly string[];
}): string {
  return project.dependencyFile === 'poetry.lock'
    ? exportWithPoetry(project, options.extras)
    : exportRequirements(installer, workplace, { ...options, isLocked: project.dependencyFile === 'uv.lock' });
}

function exportWithPoetry({ directory }: PythonProject, extras: readonly string[]): string {
  const args = ['export', '--format', 'requirements.txt', '--only', 'main', ...extras.flatMap((extra) => ['--extras', extra]),
    '--no-interaction', '--no-ansi'];
  const { found, succeeded, stdout, messages } = run('poetry', args, directory);
  if (succeeded) { return stdout; }
  throw new InstallerError('a project with poetry.lock must have Poetry with its plugin poetry-plugin-export, which exports the packages'
    + ' (or export them elsewhere, and give the file to `PythonPackages.fromRequirements()`):'
    + `${found ? ' poetry says:' : ' poetry is not on the PATH'}`, found ? messages : '');
}

/** What the root of a project has beside its modules, or has for tools only. */
const NO_MODULES = ['setup.py', 'conftest.py', 'noxfile.py'];
const NO_PACKAGES = ['test', 'tests', 'doc', 'docs', 'example', 'examples', 'build', 'dist', 'venv', 'env', 'node_modules'];
const NEVER = ['__pycache__', '*.pyc', '*.egg-info', '.*'];

/**
 * The modules are in `src`, or else beside pyproject.toml.
 *
 * @see https://packaging.python.org/en/latest/discussions/src-layout-vs-flat-layout/
 */
function modulesOf(directory: string): ProjectModules | undefined {
  const src = join(directory, 'src');
  if (isDirectory(src) && !existsSync(join(src, '__init__.py'))) {
    return readdirSync(src).some((name) => isModule(src, name) || isDirectory(join(src, name)))
      ? { directory: src, exclude: NEVER }
      : undefined;
  }
  const modules = readdirSync(directory).sort().filter((name) => isModule(directory, name) || isPackage(directory, name));
  return modules.length === 0 ? undefined
    : { directory, exclude: ['/*', ...modules.map((name) => `!/${name}`), ...NEVER] };
}

function isModule(directory: string, name: string): boolean {
  return /^[A-Za-z_]\w*\.py$/.test(name) && !/^test_|_test\.py/.test(name) && !NO_MODULES.includes(name)
    && !isDirectory(join(directory, name));
}

function isPackage(directory: string, name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && !NO_PACKAGES.includes(name) && existsSync(join(directory, name, '__init__.py'));
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
