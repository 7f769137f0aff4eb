import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { permissionsDoc } from '../lib/permissions-doc';

test('docs/permissions.md is the table that is tested; `npm run docs` writes it', () => {
  assert.equal(readFileSync(join(__dirname, '../../docs/permissions.md'), 'utf8'), permissionsDoc());
});
