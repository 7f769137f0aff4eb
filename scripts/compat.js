'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { gunzipSync } = require('node:zlib');
const { name } = require('../package.json');
const { ROOT, fail, run } = require('./lib/steps');

/** The public API before the first release. */
const BEFORE = path.join(ROOT, '.api');

if (process.argv.includes('--update')) {
  updateBefore();
} else {
  const baseline = path.relative(ROOT, released() ?? before());
  run(`Compare the public API with ${baseline} (jsii-diff)`, `npx jsii-diff ${baseline} --keys --error-on all --ignore-file .compatignore`, { quiet: true });
}

/**
 * The last release, by its tag. It is unpacked inside of the project, so that jsii-diff reads both assemblies with the same aws-cdk-lib:
 * what a class has from a newer one would look like a removed member.
 */
function released() {
  const tags = execFileSync('git', ['tag', '--list', '--sort=-version:refname'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
  const tag = tags.find((one) => /^v\d+\.\d+\.\d+$/.test(one));
  if (!tag) { return undefined; }
  const folder = path.join(ROOT, '.languages', 'released', tag);
  if (!fs.existsSync(path.join(folder, 'package'))) {
    fs.mkdirSync(folder, { recursive: true });
    run(`Download ${tag}`, `npm pack ${name}@${tag.slice(1)} && tar -xzf *.tgz`, { cwd: folder, quiet: true });
  }
  return path.join(folder, 'package');
}

function before() {
  if (!fs.existsSync(BEFORE)) { fail('there is no tag of a release here: fetch the tags (git fetch --tags)'); }
  return BEFORE;
}

/** The assembly without what jsii-diff has no use for: documentation, source locations and what the dependencies are made of. */
function updateBefore() {
  const { readme, dependencyClosure, ...assembly } = JSON.parse(gunzipSync(fs.readFileSync(path.join(ROOT, '.jsii.gz'))));
  const json = JSON.stringify(assembly, (key, value) => {
    switch (key) {
      case 'docs': return { stability: value.stability, deprecated: value.deprecated };
      case 'locationInModule': case 'symbolId': return undefined;
      default: return value;
    }
  }, 1);
  fs.writeFileSync(path.join(BEFORE, '.jsii'), `${json}\n`);
}
