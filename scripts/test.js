'use strict';

const { checkNode, install, run } = require('./lib/steps');

checkNode();
install();
run('Compile the library (jsii)', 'npx projen compile');
run('Compile the examples of README and docs, strictly (jsii-rosetta)', 'npx projen rosetta');
run('Check the types of the tests', 'npx projen typecheck');
run('Lint', 'npx projen eslint');
run('Compare the public API with the last release (jsii-diff)', 'npx projen compat');
run('Run the tests', 'npx projen jest');

console.log('\nOther commands: npm run demo (see it work) · npm run verify (let others judge it) · npm run test:languages · npx projen build (what a release runs) · npx projen (after a change to .projenrc.ts)');
