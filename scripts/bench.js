'use strict';

const path = require('node:path');
const { CDK, CONSTRUCTS } = require('./lib/languages');
const { artifact, pack, packLibrary } = require('./lib/library');
const { hasPython, installWheel, virtualEnvironment } = require('./lib/python');
const { fail, run } = require('./lib/steps');
const { VERIFICATION, setUpVerification } = require('./lib/verification');

const MISSING = 'Python 3.10 or later (python3, with venv) is needed for the part in Python';

if (!hasPython() && process.env.CI) { fail(MISSING); }
setUpVerification(packLibrary());
const environment = hasPython() ? pythonWithLibrary() : undefined;
run(`Measure (verification/bench), about ${environment ? 'six' : 'four'} minutes`, `node bench/run.js ${environment ? `"${environment}/bin/python"` : ''}`,
  { cwd: VERIFICATION, env: { CDK_VALIDATION: 'false' } });
if (!environment) { console.log(`\n⚠ ${MISSING}: it was skipped`); }

/** A virtual environment with what both variants of the part in Python import. */
function pythonWithLibrary() {
  const folder = path.join(VERIFICATION, '.venv', 'bench');
  pack('Pack it as PyPI gets it (jsii-pacmak)', 'python');
  virtualEnvironment('bench', folder, `aws-cdk-lib==${CDK}\nconstructs==${CONSTRUCTS}\n`);
  installWheel('bench', folder, artifact('python', '.whl'));
  return folder;
}
