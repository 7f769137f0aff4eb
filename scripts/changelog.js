'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { ROOT } = require('./lib/steps');

const FILE = path.join(ROOT, 'CHANGELOG.md');
const HEADER = `# Changelog

\`npx projen changelog\` writes this file from the commits, and the weekly upgrade of dependencies runs it. Each
[release](https://github.com/cdk-spark-emr-serverless/cdk-spark-emr-serverless/releases) has its own part as release notes.
`;

const changelogOnly = ['--skip.bump', '--skip.commit', '--skip.tag', '--silent'];
execFileSync('npx', ['--no-install', 'commit-and-tag-version', ...changelogOnly, '--release-count', '0', '--header', HEADER], { cwd: ROOT });
// The version in the repository is always 0.0.0, and only a release bumps it.
fs.writeFileSync(FILE, fs.readFileSync(FILE, 'utf8').replace(/^## \[?0\.0\.0\b.*$/m, '## Unreleased'));
