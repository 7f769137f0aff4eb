'use strict';

const fs = require('node:fs');
const path = require('node:path');
const commitAndTagVersion = require('commit-and-tag-version');
const { ROOT } = require('./lib/steps');

const HEADER = `# Changelog

\`npx projen changelog\` writes this file from the commits, and the weekly upgrade of dependencies runs it. Each
[release](https://github.com/cdk-spark-emr-serverless/cdk-spark-emr-serverless/releases) has its own part as release notes.
`;

/** Writes the changelog of all versions, with what comes after the last tag on top. */
async function writeChangelog() {
  process.chdir(ROOT);
  await commitAndTagVersion({
    header: HEADER,
    releaseCount: 0,
    silent: true,
    skip: { bump: true, commit: true, tag: true },
    // the version in the repository is always 0.0.0, which is the first release too
    packageFiles: [{ filename: 'package.json', updater: { readVersion: () => 'Unreleased', writeVersion: (contents) => contents } }],
  });
  const file = path.join(ROOT, 'CHANGELOG.md');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/^## \[?Unreleased\b.*$/m, '## Unreleased'));
}

writeChangelog().catch((error) => {
  console.error(error);
  process.exit(1);
});
