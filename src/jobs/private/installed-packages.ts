import { basename, resolve } from 'path';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { IgnoreMode, SymlinkFollowMode } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { archiveAsset } from './archive-asset';
import { existingDirectory, existingFile } from './existing-path';
import { grantReading } from './object-reading';
import { archiveHash, packageArchive, PackageSource } from './package-archive';
import { readOptions, readProjectOptions } from './packages-options';
import { PackagesOrigin } from './packages-origin';
import { exportProject, isLocked, needsUv, ProjectModules, PythonProject, readProject } from './python-project';
import { pythonTarget, pythonTargetProblems } from './python-target';
import { identityOf, parseRequirements, readRequirements } from './requirements';
import { projectConfiguration } from './uv-configuration';
import { Problems } from '../../private/checks';
import { refuse } from '../../private/validation-error';
import type { PythonPackagesConfig, PythonPackagesOptions, PythonPackagesTarget, PythonProjectOptions } from '../python-packages';

interface Source extends PackageSource {
  readonly options: PythonPackagesOptions;
  readonly modules?: ProjectModules;
}

export function packagesOfRequirements(path: string, given: PythonPackagesOptions): PackagesOrigin {
  const options = readOptions(given);
  const file = existingFile('path', path, 'a requirements file');
  const directory = resolve(file, '..');
  const problems: Problems = [];
  const requirements = readRequirements('path', file, options.sourceDistributions ?? [], problems);
  refuse(undefined, '', problems);
  return new InstalledPackages({
    name: basename(file),
    directory,
    identity: [...identityOf(requirements), ...projectConfiguration(directory)],
    needsUv: false,
    isComplete: false,
    options,
    sourceDistributions: options.sourceDistributions ?? [],
    requirements: () => requirements,
  });
}

export function packagesOfProject(directory: string, given: PythonProjectOptions): PackagesOrigin {
  const options = readProjectOptions(given);
  const problems: Problems = [];
  const project = readProject('directory', existingDirectory('directory', directory), problems) as PythonProject;
  refuse(undefined, '', problems);
  const extras = options.extras ?? [];
  const sourceDistributions = options.sourceDistributions ?? [];
  return new InstalledPackages({
    name: `${basename(project.directory)}/${project.dependencyFile}`,
    directory: project.directory,
    identity: [project.dependencyFile, project.identity, [...extras].sort(),
      // the URLs and the digests of a lock file leave nothing to the configuration
      ...isLocked(project) ? [] : projectConfiguration(project.directory)],
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
class InstalledPackages implements PackagesOrigin {
  public constructor(private readonly source: Source) {}

  public bind(scope: Construct, grantee: IGrantable, target: PythonPackagesTarget): PythonPackagesConfig {
    refuse(scope, '', this.problems('pythonPackages', target));
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

  public problems(prop: string, target: PythonPackagesTarget): Problems {
    return pythonTargetProblems(prop, this.source.options, target);
  }
}
