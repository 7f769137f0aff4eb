import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { after, describe, test } from 'node:test';
import { Architecture } from 'cdk-spark-emr-serverless';
import { binariesOf, HERE, importPackages, MODULES, packagedJob, RELEASE, skippedWithoutPython } from '../lib/packages';
import { skippedWithoutSpark } from '../lib/spark';
import { skippedWithout, UV } from '../lib/tools';

const folder = mkdtempSync(path.join(tmpdir(), 'packages-'));
after(() => rmSync(folder, { recursive: true }));

describe('the Python packages of a job', { skip: skippedWithout(UV) || skippedWithoutSpark(RELEASE.sparkVersion!) || skippedWithoutPython() }, () => {
  const job = (architecture: Architecture) => packagedJob(architecture, path.join(folder, architecture));

  for (const architecture of [Architecture.X86_64, Architecture.ARM64]) {
    test(`are for the processor of the workers: ${architecture}`, () => {
      const binaries = binariesOf(job(architecture).archive);
      assert.deepEqual(Object.keys(binaries), [architecture]);
      assert.ok(binaries[architecture] > 50, `${binaries[architecture]} shared libraries`);
    });
  }

  test('are what the driver and the executors import, and what pandas computes with', () => {
    const { driver, executors, roots } = importPackages(job(HERE), mkdtempSync(path.join(folder, 'driver-')));
    const inArchive = Object.fromEntries(MODULES.map((name) => [name, `environment/${name}/__init__.py`]));
    assert.deepEqual(driver, inArchive);
    assert.deepEqual(executors, [inArchive, inArchive]);
    assert.deepEqual(roots, [0, 1, 2, 3]);
  });
});
