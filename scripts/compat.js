'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { ROOT, run } = require('./lib/steps');

const { name } = require('../package.json');

// the newest release; before the first one, the public API in the folder `.api`
const [release] = execFileSync('git', ['tag', '--list', 'v*', '--sort=-version:refname'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
const baseline = release ? `npm:${name}@${release.slice(1)}` : '.api';

if (process.argv.includes('--update')) {
  updateBaseline();
} else {
  run(`Compare the public API with ${baseline} (jsii-diff)`, `npx jsii-diff ${baseline} --keys --error-on all --ignore-file .compatignore`, { quiet: true });
}

/** The assembly without what jsii-diff has no use for: documentation, source locations and what the dependencies are made of. */
function updateBaseline() {
  const assembly = JSON.parse(require('node:zlib').gunzipSync(fs.readFileSync(path.join(ROOT, '.jsii.gz'))));
  const { readme, dependencyClosure, ...rest } = assembly;
  const json = JSON.stringify(rest, (key, value) => {
    switch (key) {
      case 'docs': return { stability: value.stability, deprecated: value.deprecated };
      case 'locationInModule': case 'symbolId': return undefined;
      default: return value;
    }
  }, 1);
  fs.writeFileSync(path.join(ROOT, '.api', '.jsii'), `${json}\n`);
}
