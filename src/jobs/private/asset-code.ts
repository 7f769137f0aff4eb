import { existsSync, statSync } from 'fs';
import { basename, extname, join, resolve } from 'path';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Asset, AssetOptions } from 'aws-cdk-lib/aws-s3-assets';
import { IgnoreMode, Stack, SymlinkFollowMode } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { CodeLocation } from './code-location';
import { fileFor, takesDirectories, takesFile } from './code-uses';
import { grantReading } from './object-reading';
import { anyFile, isImportable, NOT_IMPORTED, withRenamedCopy } from './staging';
import { isLiteral, Problems, shown } from '../../private/checks';
import { whichDoesNotExist } from '../../private/paths';
import { attempt, listOf, oneOf, plainCopy, read, Reader, text } from '../../private/reading';
import { refuse } from '../../private/validation-error';
import type { SparkCodeUse } from '../spark-code';

/** How a file or a directory becomes one object. */
type Packing =
  /** A file is uploaded, and a directory is zipped by its content. */
  | 'asItIs'
  /** A directory whose modules Python imports is zipped by its content. */
  | 'modules'
  /** A module or a package of Python is zipped under its own name, because an object is named by its hash, which Python cannot import. */
  | 'underItsName'
  /** An archive gets the suffix `.tgz`. CDK would keep `.gz` of `.tar.gz`, which Spark does not unpack. */
  | 'asTgz';

/** A file or a directory of this machine, which CDK uploads at deployment. */
export class AssetCode implements CodeLocation {
  private readonly path: string;
  private readonly options: AssetOptions;
  private readonly assets = new Map<Packing, Asset>();

  public constructor(path: string, options: AssetOptions) {
    this.path = read(undefined, '', 'path', path, text);
    this.options = read(undefined, '', 'options', options, assetOptions);
    refuse(undefined, '', isLiteral(path) && path !== '' ? []
      : [`\`path\` must be the path of a file or a directory that is known at synthesis, got: ${shown(path)}`]);
  }

  public get fileName(): string | undefined {
    return this.options.bundling ? undefined : this.path;
  }

  public problems(prop: string, use: SparkCodeUse): Problems {
    const problems: Problems = [];
    return attempt(prop, problems, () => this.sourceProblems(prop, use)) ?? problems;
  }

  private sourceProblems(prop: string, use: SparkCodeUse): Problems {
    const { bundling } = this.options;
    const mustBe = (allowed: string, more: string = '') => [`\`${prop}\` must be ${allowed}, got: ${shown(this.path)}${more}`];
    const allowed = bundling ? 'a directory, which is bundled' : `${fileFor(use)}${takesDirectories(use) ? ', or a directory' : ''}`;
    if (!existsSync(this.path)) { return mustBe(allowed, whichDoesNotExist(this.path)); }
    const kind = statSync(this.path);
    if (bundling) { return kind.isDirectory() ? [] : mustBe(allowed, ', which is a file'); }
    if (kind.isDirectory() && !takesDirectories(use)) { return mustBe(allowed, ', which is a directory'); }
    if (!kind.isDirectory() && !kind.isFile()) { return mustBe(allowed, ', which is neither a file nor a directory'); }
    if (kind.isFile() && !takesFile(use, this.path)) { return mustBe(allowed); }
    const packing = this.packing(use);
    return [
      ...packing === 'underItsName' && !isImportable(this.name)
        ? mustBe('a module or a package that Python can import (its name has letters, digits and _, and no digit at its start)',
          kind.isDirectory() ? ', which holds `__init__.py`' : '')
        : [],
      ...kind.isDirectory() && !anyFile(resolve(this.path), this.copyOptions(packing), use === 'pythonFiles' ? /\.pyc?$/ : /(?:)/)
        ? mustBe(use === 'pythonFiles' ? 'a directory with modules of Python (.py)' : 'a directory with files', ', which has none')
        : [],
    ];
  }

  public bind(scope: Construct, grantee: IGrantable, use: SparkCodeUse): string {
    const stack = Stack.of(scope);
    const [assetOfOtherStack] = [...this.assets.values()].filter((asset) => Stack.of(asset) !== stack);
    refuse(scope, '', assetOfOtherStack
      ? [`\`${use}\` must be code of one stack: create another SparkCode for the stack ${stack.node.path},`
        + ` got: code of the stack ${Stack.of(assetOfOtherStack).node.path}`]
      : []);

    const packing = this.packing(use);
    const asset = this.assets.get(packing) ?? this.createAsset(scope, use, packing);
    this.assets.set(packing, asset);
    // while CDK skips bundling, nobody knows the result
    if (this.options.bundling && stack.bundlingRequired) { refuse(scope, '', bundledProblems(use, asset)); }
    grantReading(scope, grantee, asset.bucket, asset.s3ObjectKey);
    return asset.s3ObjectUrl;
  }

  private packing(use: SparkCodeUse): Packing {
    if (this.options.bundling) { return 'asItIs'; }
    if (statSync(this.path).isDirectory()) {
      if (use !== 'pythonFiles') { return 'asItIs'; }
      return existsSync(join(this.path, '__init__.py')) ? 'underItsName' : 'modules';
    }
    if (/\.tar\.gz$/i.test(this.path)) { return 'asTgz'; }
    return use === 'pythonFiles' && this.path.endsWith('.py') ? 'underItsName' : 'asItIs';
  }

  private createAsset(scope: Construct, use: SparkCodeUse, packing: Packing): Asset {
    const id = freeId(scope, `${use[0].toUpperCase()}${use.slice(1)}Code`);
    if (packing === 'asItIs' || packing === 'modules') {
      return new Asset(scope, id, { ...this.options, ...this.copyOptions(packing), path: this.path });
    }
    // what is excluded, is excluded from the copy
    const { exclude: _exclude, ignoreMode: _ignoreMode, ...options } = this.options;
    const name = packing === 'asTgz' ? 'code.tgz' : this.name;
    return withRenamedCopy(this.path, name, this.copyOptions(packing), (folder) =>
      new Asset(scope, id, { ...options, path: packing === 'asTgz' ? join(folder, name) : folder }));
  }

  /** The name of a directory is the last part of its path, even if the path is `.` or `..`. */
  private get name(): string {
    return basename(resolve(this.path));
  }

  /** What the user excludes comes last, so that it can include again. */
  private copyOptions(packing: Packing): Pick<AssetOptions, 'exclude' | 'ignoreMode' | 'followSymlinks'> {
    const { exclude = [], ignoreMode, followSymlinks } = this.options;
    return { exclude: [...packing === 'asItIs' ? [] : NOT_IMPORTED, ...exclude], ignoreMode, followSymlinks };
  }
}

/** The ids of assets are in no template, but CDK shows them at deployment. */
function freeId(scope: Construct, id: string): string {
  let free = id;
  for (let count = 2; scope.node.tryFindChild(free); count++) { free = `${id}${count}`; }
  return free;
}

function bundledProblems(use: SparkCodeUse, asset: Asset): Problems {
  const suffix = asset.isFile ? extname(asset.assetPath) : '.zip';
  return takesFile(use, suffix) ? [] : [
    `\`${use}\` must be ${fileFor(use)} after bundling, got: ${asset.isFile ? `a file that ends with ${shown(suffix)}` : 'a directory'}`,
  ];
}

const REFUSED: { readonly [option in keyof AssetOptions]: string } = {
  readers: 'readers may read all assets of the account, and the execution role may read the code anyway',
  sourceKMSKey: 'the key of the bucket for assets encrypts the code',
};

const assetOptions: Reader<AssetOptions> = (prop, value, problems) => {
  const options = plainCopy(prop, value, problems) as AssetOptions | undefined;
  if (!options) { return undefined; }
  const { exclude, followSymlinks, ignoreMode, assetHash, deployTime } = options;
  if (exclude !== undefined) { listOf(text)(`${prop}.exclude`, exclude, problems); }
  if (followSymlinks !== undefined) { oneOf(SymlinkFollowMode)(`${prop}.followSymlinks`, followSymlinks, problems); }
  if (ignoreMode !== undefined) { oneOf(IgnoreMode)(`${prop}.ignoreMode`, ignoreMode, problems); }
  if (assetHash !== undefined) { text(`${prop}.assetHash`, assetHash, problems); }
  if (deployTime !== undefined && deployTime !== false) {
    problems.push(`\`${prop}.deployTime\` must not be true, because jobs read the code after the deployment, got: ${shown(deployTime)}`);
  }
  for (const [option, reason] of Object.entries(REFUSED)) {
    const member = options[option as keyof AssetOptions];
    if (member !== undefined) { problems.push(`\`${prop}.${option}\` must not be given, because ${reason}, got: ${shown(member)}`); }
  }
  return options;
};
