import { extname } from 'path';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { PackagesOrigin } from './packages-origin';
import { Problems } from '../../private/checks';
import { instance, read } from '../../private/reading';
import { renderings } from '../../private/rendered';
import { ValidationError } from '../../private/validation-error';
import type { PythonPackagesConfig } from '../python-packages';
import { SparkCode, SparkCodeUse } from '../spark-code';

const sparkCode = instance<SparkCode>('an archive such as SparkCode.fromAsset(\'environment.tar.gz\')', 'bind', '_problems');

/** An interpreter with its packages. */
export class VirtualEnvironment implements PackagesOrigin {
  public readonly isVirtualEnvironment = true;
  private readonly archive: SparkCode;

  public constructor(archive: SparkCode) {
    this.archive = read(undefined, '', 'archive', archive, sparkCode);
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

  public problems(prop: string): Problems {
    return this.archive._problems(prop, SparkCodeUse.ARCHIVES);
  }
}
