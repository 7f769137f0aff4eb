import { createHash } from 'crypto';
import { copyFileSync, mkdirSync, statSync, writeFileSync } from 'fs';
import { basename, join } from 'path';
import { incompatibleDistributions, isNeeded } from './installed-files';
import { findInstaller, install, Installer, Workplace } from './installers';
import { cachedArchive } from './package-cache';
import { withProgress } from './progress';
import { PythonTarget, targetDescription } from './python-target';
import { filesOf, indexUrlsOf, LEFT_OUT, LocalFile, rendered, Requirements, variablesOf, wheelsIn } from './requirements';
import { ArchiveTooLarge, zip } from './zip';
import { ValidationError } from '../../private/validation-error';

/** Packages that can be installed for a target. */
export interface PackageSource {
  /** What messages call it. */
  readonly name: string;
  readonly directory: string;
  /** What the hash depends on, beside the target. */
  readonly identity: unknown;
  readonly needsUv: boolean;
  readonly sourceDistributions: readonly string[];
  /** Whether the requirements name all packages, so that none follows from others. */
  readonly isComplete: boolean;
  requirements(installer: Installer, workplace: Workplace, overrides: string): Requirements;
}

/** A change of what is installed, or of what is left out, needs another number. */
const FORMAT = 1;

const OVERRIDES = 'overrides.txt';
const REQUIREMENTS = 'requirements.txt';
const CONSTRAINTS = 'constraints.txt';
const FILES = 'files';
const INSTALLED = 'installed';

/** Says everything that the archive depends on, and nothing that another checkout or another machine has otherwise. */
export function archiveHash(source: PackageSource, target: PythonTarget): string {
  const { identity, sourceDistributions } = source;
  const content = JSON.stringify([FORMAT, target.pythonVersion, target.machine, target.glibc, [...sourceDistributions].sort(), identity]);
  return createHash('sha256').update(content).digest('hex');
}

/** The path of an archive with the packages. It is built if it is not in the cache. */
export function packageArchive(source: PackageSource, target: PythonTarget): string {
  return cachedArchive(archiveHash(source, target), (workDirectory) => build(source, target, workDirectory));
}

function build(source: PackageSource, target: PythonTarget, workDirectory: string): string {
  const { needsUv, sourceDistributions } = source;
  const installer = findInstaller({ target, sourceDistributions, needsUv });
  const installed = join(workDirectory, INSTALLED);
  const what = `the Python packages of ${source.name}`;
  withProgress(`Installing ${what} for ${targetDescription(target)} with ${installer.name}`, () =>
    installInto(installed, source, installer, workDirectory));
  const strange = incompatibleDistributions(installed, target);
  if (strange.length > 0) {
    throw new ValidationError(['`sourceDistributions` must name pure Python packages, because what is compiled here does not run on the'
      + ` workers (${targetDescription(target)}), got: ${strange.join(', ')}`]);
  }
  return withProgress(`Packing ${what}`, () => pack(installed, join(workDirectory, 'packages.zip')));
}

function installInto(installed: string, source: PackageSource, installer: Installer, workDirectory: string): void {
  const write = (name: string, text: string) => writeFileSync(join(workDirectory, name), text, { mode: 0o600 });
  mkdirSync(installed);
  // a package that is never required is left out, also where another package requires it
  write(OVERRIDES, LEFT_OUT.map((name) => `${name}; sys_platform == 'never'\n`).join(''));
  const workplace: Workplace = { workDirectory, sourceDirectory: source.directory, variables: [], credentials: {}, indexUrls: [] };
  const requirements = source.requirements(installer, workplace, OVERRIDES);
  const files = copyWheels(requirements, join(workDirectory, FILES));
  const urlOf = (file: LocalFile) => installer.urlOf(workplace, FILES, ...files.get(file)!);
  const credentials: { [variable: string]: string } = {};
  // uv and pip replace variables. A build that is killed leaves no credential in its files then
  const hide = (credential: string) => {
    // what has a variable already may be written
    if (credential === '' || credential.includes('${')) { return credential; }
    const variable = `CDK_SPARK_EMR_SERVERLESS_CREDENTIAL_${Object.keys(credentials).length + 1}`;
    credentials[variable] = credential;
    return `\${${variable}}`;
  };
  write(REQUIREMENTS, rendered(requirements.lines, urlOf, hide));
  const constraints = requirements.constraints.length === 0 ? undefined : CONSTRAINTS;
  if (constraints) { write(constraints, rendered(requirements.constraints, urlOf, hide)); }
  const { sourceDistributions, isComplete } = source;
  install(installer, { ...workplace, variables: variablesOf(requirements), credentials, indexUrls: indexUrlsOf(requirements) }, {
    requirements: REQUIREMENTS,
    constraints,
    overrides: OVERRIDES,
    directory: INSTALLED,
    isComplete,
    sourceDistributions,
  });
}

/** Copies the wheels that the requirements name by their paths, because a container sees nothing else. */
function copyWheels(requirements: Requirements, directory: string): Map<LocalFile, string[]> {
  return new Map(filesOf(requirements).map((file, i) => {
    const copy = join(directory, `${i}`);
    mkdirSync(copy, { recursive: true });
    if (statSync(file.path).isDirectory()) {
      wheelsIn(file.path).forEach((name) => copyFileSync(join(file.path, name), join(copy, name)));
      return [file, [`${i}`]];
    }
    copyFileSync(file.path, join(copy, basename(file.path)));
    return [file, [`${i}`, basename(file.path)]];
  }));
}

function pack(installed: string, archive: string): string {
  try {
    zip(installed, archive, isNeeded);
    return archive;
  } catch (error) {
    if (!(error instanceof ArchiveTooLarge)) { throw error; }
    throw new ValidationError(['the archive of `pythonPackages` must have less than 4 GiB, less than 65,535 files and no file of 2 GiB'
      + ` or more, got: ${error.message}`]);
  }
}
