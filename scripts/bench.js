'use strict';

const { packLibrary } = require('./lib/library');
const { run } = require('./lib/steps');
const { VERIFICATION, setUpVerification } = require('./lib/verification');

setUpVerification(packLibrary());
run('Measure (verification/bench), about three minutes', 'node bench/run.js', { cwd: VERIFICATION, env: { CDK_VALIDATION: 'false' } });
