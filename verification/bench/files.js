'use strict';

const { execFileSync } = require('node:child_process');
const path = require('node:path');
const { measure } = require('./applications');
const { table } = require('../../scripts/lib/table');

const OURS = '/node_modules/cdk-spark-emr-serverless/';
const SEMVER = `${OURS}node_modules/semver/`;
const CDK = '/node_modules/aws-cdk-lib/';

/** How many files the library loads, alone and for an application, beyond what an application by hand loads. */
function files() {
  const byHand = new Set(measure('by hand', 1).files.map(slashes));
  const imported = JSON.parse(execFileSync(process.execPath, ['-p', 'require("cdk-spark-emr-serverless"); JSON.stringify(Object.keys(require.cache))'], {
    cwd: path.join(__dirname, '..'),
    encoding: 'utf8',
    env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
  }));
  const rows = [['require(\'cdk-spark-emr-serverless\')', imported], ['one application', measure('library', 1).files]].map(([what, loaded]) => {
    const more = loaded.map(slashes).filter((file) => !byHand.has(file));
    const within = (folder) => more.filter((file) => file.includes(folder)).length;
    return [what, within(OURS), within(SEMVER), within(CDK)].map((cell) => [String(cell)]);
  });
  console.log(table(['what loads them', 'files of the library', 'of these semver', 'of aws-cdk-lib, beyond by hand'], rows));
}

function slashes(file) {
  return file.split(path.sep).join('/');
}

module.exports = { files };
