import { extname } from 'path';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { codeConfig } from './code';
import { mayEndWith } from './code-uses';
import { PackagesOrigin } from './packages-origin';
import { Problems, shown } from '../../private/checks';
import { instance, read } from '../../private/reading';
import { renderings } from '../../private/rendered';
import { refuse } from '../../private/validation-error';
import type { PythonPackagesConfig } from '../python-packages';
import { SparkCode, SparkCodeUse } from '../spark-code';

const sparkCode = instance<SparkCode>('an archive such as SparkCode.fromAsset(\'environment.tar.gz\')', 'bind', '_problems');

/** An interpreter with its packages. */
export class VirtualEnvironment implements PackagesOrigin {
  public readonly isVirtualEnvironment = true;
  private readonly archive: SparkCode;

  public constructor(archive: SparkCode) {
    this.archive = read(undefined, '', 'archive', archive, sparkCode);
    const { _fileName: name } = this.archive;
    refuse(undefined, '', name === undefined ? [] : formatProblems('archive', name, shown(name)));
  }

  public bind(scope: Construct, grantee: IGrantable): PythonPackagesConfig {
    const { uri } = read(scope, '', 'archive.bind()', this.archive.bind(scope, grantee, SparkCodeUse.ARCHIVES), codeConfig);
    // the key of an asset is known, although its bucket is not
    refuse(scope, '', renderings(scope, uri).flatMap((rendered) =>
      formatProblems('pythonPackages', rendered, `a file that ends with ${shown(extname(rendered))}`)));
    return { archiveUri: uri, virtualEnvironment: true };
  }

  public problems(prop: string): Problems {
    return this.archive._problems(prop, SparkCodeUse.ARCHIVES);
  }
}

/** Of the archives that Spark unpacks, a zip has no permissions, and a JAR is a zip. */
function formatProblems(prop: string, name: string, got: string): Problems {
  return mayEndWith(name, ['.tgz', '.tar.gz']) ? []
    : [`\`${prop}\` must be a .tar.gz or .tgz file with a virtual environment, because programs in a .zip or .jar`
      + ` lose the permission to run, got: ${got}`];
}
