'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { hasPython, virtualEnvironment } = require('./python');
const { ROOT, install, run } = require('./steps');

const VERIFICATION = path.join(ROOT, 'verification');
const REQUIREMENTS = path.join(VERIFICATION, 'requirements');

/** Installs the packed library into the package of the judges, beside what its lock file pins. */
function setUpVerification(tarball) {
  install(VERIFICATION);
  run('Install the packed library into verification', `npm install --no-save "${tarball}"`, { cwd: VERIFICATION, quiet: true });
}

/** Makes the virtual environments of tools that are written in Python, or returns false where there is no Python. */
function setUpPython(names = fs.readdirSync(REQUIREMENTS).map((file) => path.basename(file, '.txt'))) {
  if (!hasPython()) { return false; }
  names.forEach((name) =>
    virtualEnvironment(name, path.join(VERIFICATION, '.venv', name), fs.readFileSync(path.join(REQUIREMENTS, `${name}.txt`), 'utf8')));
  return true;
}

module.exports = { VERIFICATION, setUpPython, setUpVerification };
