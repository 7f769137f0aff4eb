'use strict';

const { packLibrary } = require('./lib/library');
const { fail, run } = require('./lib/steps');
const { VERIFICATION, setUpPython, setUpSpark, setUpVerification } = require('./lib/verification');

setUpVerification(packLibrary());
const hasPython = setUpPython() && setUpSpark();
const missing = 'Python 3.10 or later (python3, with venv) is needed for cfn-lint, PMapper, cloudsplaining, zizmor, botocore, moto, uv and Spark';
if (!hasPython && process.env.CI) { fail(missing); }
run('Check the types of verification', 'npm run --silent typecheck', { cwd: VERIFICATION });
run('Let the judges decide (verification/test)', 'npm test --silent', { cwd: VERIFICATION });
if (!hasPython) { console.log(`\n⚠ ${missing}: what needs it was skipped`); }
