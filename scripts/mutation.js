'use strict';

const path = require('node:path');
const { ROOT, checkNode, install, run } = require('./lib/steps');

const MUTATION = path.join(ROOT, 'mutation');

checkNode();
install();
install(MUTATION);
run('Change src in nine thousand places and see a test fail (Stryker), about two hours for all of it', ['npm run --silent test --', ...process.argv.slice(2)].join(' '), { cwd: MUTATION });
