import { copyFileSync, existsSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'fs';
import { isAbsolute, join, resolve } from 'path';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { FileCopyOptions, FileSystem, IgnoreStrategy } from 'aws-cdk-lib/core';

/**
 * What Python imports from no archive, as patterns of every ignore mode: bytecode, which has times in it, and hidden files such as `.git`,
 * `.venv` and `.env`.
 */
export const NOT_IMPORTED = ['**/__pycache__', '**/.*'];

/** Whether Python can import a module or a package from a file or a directory of this name. */
export function isImportable(name: string): boolean {
  return /^[\p{ID_Start}_][\p{ID_Continue}]*(\.py)?$/u.test(name);
}

/** Whether CDK would copy a file whose name matches from a directory. */
export function anyFile(directory: string, options: FileCopyOptions, name: RegExp): boolean {
  const ignore = IgnoreStrategy.fromCopyOptions(options, directory);
  const seen = new Set<string>();
  const isIn = (folder: string): boolean => {
    const real = realpathSync(folder);
    // links may lead around in a circle
    if (seen.has(real)) { return false; }
    seen.add(real);
    return readdirSync(folder).some((entry) => {
      const file = join(folder, entry);
      if (ignore.completelyIgnores(file)) { return false; }
      // a link may lead nowhere
      const kind = existsSync(file) ? statSync(file) : undefined;
      return kind?.isDirectory() ? isIn(file) : kind?.isFile() && name.test(entry) && !ignore.ignores(file);
    });
  };
  return isIn(directory);
}

/** Copies a file or a directory under a name into a folder of its own, from which an asset is made. */
export function withRenamedCopy(path: string, name: string, { followSymlinks: follow, ...options }: FileCopyOptions,
  createAsset: (folder: string) => Asset): Asset {
  return fromTemporaryFolder((folder) => {
    const copy = join(folder, name);
    if (statSync(path).isDirectory()) {
      mkdirSync(copy);
      FileSystem.copyDirectory(resolve(path), copy, { ...options, follow });
    } else {
      copyFileSync(path, copy);
    }
    return createAsset(folder);
  });
}

/** Makes an asset of a folder that is empty at first, and that nobody needs when CDK has staged the asset. */
export function fromTemporaryFolder(createAsset: (folder: string) => Asset): Asset {
  const folder = FileSystem.mkdtemp('spark-code-');
  let isNeeded = false;
  try {
    const asset = createAsset(folder);
    isNeeded = !isStaged(asset);
    return asset;
  } finally {
    if (!isNeeded) { rmSync(folder, { recursive: true }); }
  }
}

/** Whether CDK has copied what it will upload. If not, it uploads from where the asset was made of (`aws:cdk:disable-asset-staging`). */
export function isStaged(asset: Asset): boolean {
  return !isAbsolute(asset.assetPath);
}
