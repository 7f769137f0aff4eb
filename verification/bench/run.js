'use strict';

// node run.js [<Python of a virtual environment with the library>]
const os = require('node:os');
const { version } = require('aws-cdk-lib/package.json');
const { benchmark } = require('./applications');
const { files } = require('./files');
const { policies } = require('./policies');
const { python } = require('./python');
const { table } = require('../../scripts/lib/table');

const [interpreter] = process.argv.slice(2);

console.log(`\naws-cdk-lib ${version}, Node.js ${process.versions.node}, ${os.cpus().length} cores; medians, and the ratio within a round: its median, its smallest and its largest`);
console.log('The floor is an L2 that does nothing; library − floor is in units of by hand\n');
const aims = benchmark();
console.log('\nFiles that are loaded\n');
files();
console.log('\nOne submitter that may start jobs on many applications\n');
policies();
if (interpreter) {
  console.log('\nFrom Python\n');
  aims.push(...python(interpreter));
}
console.log('\nAims\n');
console.log(table(['total CPU time', 'measured', '95 % interval', 'at most', ''], aims));
