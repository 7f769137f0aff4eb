import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { test } from 'node:test';
import { inEnvironment, skippedWithout, VERIFICATION } from '../lib/tools';

const ZIZMOR = inEnvironment('zizmor', 'zizmor');
const GITHUB = path.join(VERIFICATION, '..', '.github');

/** What zizmor finds in the workflows and the configuration of Dependabot of a folder, or nothing. */
function zizmor(folder: string): string {
  const options = ['--offline', '--quiet', '--strict-collection', '--format', 'plain'];
  const { status, stdout, stderr, error } = spawnSync(ZIZMOR, [...options, folder], { encoding: 'utf8' });
  if (error) { throw error; }
  return status === 0 ? '' : stdout + stderr;
}

test('the workflows have none of the weaknesses that zizmor knows', { skip: skippedWithout(ZIZMOR) }, () => {
  assert.equal(zizmor(GITHUB), '');
});

test('zizmor finds an action that a tag names', { skip: skippedWithout(ZIZMOR) }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'workflows-'));
  try {
    cpSync(GITHUB, path.join(folder, '.github'), { recursive: true });
    const file = path.join(folder, '.github', 'workflows', 'verify.yml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/actions\/setup-node@[0-9a-f]{40}/, 'actions/setup-node@v7'), { mode: 0o644 });
    assert.match(zizmor(folder), /unpinned-uses/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
