import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/**
 * An archive that is built for its hash. It is not built if the stack needs no bundling, as for `cdk ls`. The template is the same then,
 * and the archive has a note only.
 */
export function archiveAsset(scope: Construct, id: string, assetHash: string, build: () => string): Asset {
  if (Stack.of(scope).bundlingRequired) { return new Asset(scope, id, { path: build(), assetHash }); }
  const path = mkdtempSync(join(tmpdir(), 'cdk-spark-emr-serverless-'));
  try {
    writeFileSync(join(path, 'README.txt'), 'The app was synthesized without bundling (aws:cdk:bundling-stacks). Do not deploy it.\n');
    return new Asset(scope, id, { path, assetHash });
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}
