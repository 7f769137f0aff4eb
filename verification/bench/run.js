'use strict';

const os = require('node:os');
const { benchmark } = require('./applications');
const { policies } = require('./policies');

const { version } = require('aws-cdk-lib/package.json');

console.log(`\naws-cdk-lib ${version}, Node.js ${process.versions.node}, ${os.cpus().length} cores; medians, and the ratio of runs in pairs: its median, its smallest and its largest\n`);
benchmark();
console.log('\nOne submitter that may start jobs on many applications\n');
policies();
