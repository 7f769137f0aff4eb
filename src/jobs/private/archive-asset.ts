import { writeFileSync } from 'fs';
import { join } from 'path';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { keepArchives } from './package-cache';
import { fromTemporaryFolder, isStaged } from './staging';

/**
 * An archive that is built for its hash. It is not built if the stack needs no bundling, as for `cdk ls`. The template is the same then,
 * and the archive has a note only.
 */
export function archiveAsset(scope: Construct, id: string, assetHash: string, build: () => string): Asset {
  if (Stack.of(scope).bundlingRequired) {
    const asset = new Asset(scope, id, { path: build(), assetHash });
    if (!isStaged(asset)) { keepArchives(); }
    return asset;
  }
  return fromTemporaryFolder((path) => {
    writeFileSync(join(path, 'README.txt'), 'The app was synthesized without bundling (aws:cdk:bundling-stacks). Do not deploy it.\n');
    return new Asset(scope, id, { path, assetHash });
  });
}
