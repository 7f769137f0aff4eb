import { readdirSync } from 'fs';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { SymlinkFollowMode } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { existingDirectory } from './existing-path';
import { incompatibleDistributions } from './installed-files';
import { grantReading } from './object-reading';
import { PackagesOrigin } from './packages-origin';
import { pythonTarget, pythonTargetProblems, targetDescription } from './python-target';
import { Problems, shown } from '../../private/checks';
import { refuse, ValidationError } from '../../private/validation-error';
import type { PythonPackagesConfig, PythonPackagesTarget } from '../python-packages';

/** Packages that somebody installed. */
export class DirectoryPackages implements PackagesOrigin {
  private readonly path: string;

  public constructor(path: string) {
    this.path = existingDirectory('path', path);
    if (readdirSync(this.path).length === 0) {
      throw new ValidationError([`\`path\` must be a directory with packages, got: ${shown(this.path)} without files`]);
    }
  }

  public bind(scope: Construct, grantee: IGrantable, target: PythonPackagesTarget): PythonPackagesConfig {
    refuse(scope, '', this.problems('pythonPackages', target));
    const packages = new Asset(scope, 'PythonPackages', {
      path: this.path,
      // Python writes them when it imports the modules
      exclude: ['**/__pycache__'],
      followSymlinks: SymlinkFollowMode.EXTERNAL,
    });
    grantReading(scope, grantee, packages.bucket, packages.s3ObjectKey);
    return { archiveUri: packages.s3ObjectUrl };
  }

  public problems(prop: string, target: PythonPackagesTarget): Problems {
    if (pythonTargetProblems(prop, {}, target).length > 0) { return []; }
    const resolved = pythonTarget({}, target);
    const wrong = incompatibleDistributions(this.path, resolved);
    return wrong.length === 0 ? []
      : [`\`${prop}\` must be packages for ${targetDescription(resolved)}, got: ${wrong.slice(0, 10).join(', ')}`];
  }
}
