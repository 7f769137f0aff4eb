'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { ROOT, install, run } = require('./steps');

const VERIFICATION = path.join(ROOT, 'verification');

/** The virtual environments of the tools that are written in Python, each with what it is made from. */
const ENVIRONMENTS = { '.venv': 'requirements.txt', '.venv-spark-3.5': 'spark/requirements-3.5.txt', '.venv-spark-4.1': 'spark/requirements-4.1.txt' };

/** Installs the packed library into the package of the judges, beside what its lock file pins. */
function setUpVerification(tarball) {
  install(VERIFICATION);
  run('Install the packed library into verification', `npm install --no-save "${tarball}"`, { cwd: VERIFICATION, quiet: true });
}

/** Makes virtual environments, or returns false where there is no Python. */
function setUpPython(names = Object.keys(ENVIRONMENTS)) {
  if (!hasPython()) { return false; }
  names.forEach((name) => {
    const requirements = path.join(VERIFICATION, ENVIRONMENTS[name]);
    const note = path.join(VERIFICATION, name, 'installed');
    if (fs.existsSync(note) && fs.readFileSync(note, 'utf8') === fs.readFileSync(requirements, 'utf8')) { return; }
    run(`Install verification/${ENVIRONMENTS[name]} (pip)`,
      `python3 -m venv --clear ${name} && ${name}/bin/pip install --quiet --disable-pip-version-check -r ${ENVIRONMENTS[name]}`,
      { cwd: VERIFICATION, quiet: true });
    fs.copyFileSync(requirements, note);
  });
  return true;
}

function hasPython() {
  return spawnSync('python3', ['-c', 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))'], { stdio: 'ignore' }).status === 0;
}

module.exports = { VERIFICATION, hasPython, setUpPython, setUpVerification };
