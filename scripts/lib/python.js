'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { run } = require('./steps');

function hasPython() {
  return spawnSync('python3', ['-c', 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))'], { stdio: 'ignore' }).status === 0;
}

/** Makes a virtual environment with what a text in the form of requirements.txt asks for, unless it is there with just that. */
function virtualEnvironment(title, folder, requirements) {
  const note = path.join(folder, 'requirements.txt');
  if (fs.existsSync(note) && fs.readFileSync(note, 'utf8') === requirements) { return; }
  run(`${title}: make a virtual environment`, `python3 -m venv --clear "${folder}"`, { quiet: true });
  const wanted = path.join(folder, 'wanted.txt');
  fs.writeFileSync(wanted, requirements);
  run(`${title}: install (pip)`, `"${folder}/bin/pip" install --quiet --disable-pip-version-check -r "${wanted}"`, { quiet: true });
  fs.renameSync(wanted, note);
}

/** Installs a wheel into a virtual environment, where one of the same version, but not the same, may be. */
function installWheel(title, folder, wheel) {
  const pip = `"${folder}/bin/pip" install --quiet --disable-pip-version-check`;
  run(`${title}: install the wheel (pip)`, `${pip} --force-reinstall --no-deps "${wheel}" && ${pip} "${wheel}"`, { quiet: true });
}

module.exports = { hasPython, installWheel, virtualEnvironment };
