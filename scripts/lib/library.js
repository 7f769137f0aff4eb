'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { ROOT, checkNode, fail, install, isOutdated, run } = require('./steps');

/** What the package for npm is made from. */
const SOURCES = ['src', 'scripts/finish-library.js', 'scripts/lib/library.js', '.npmignore', 'LICENSE', 'README.md', 'package.json', 'package-lock.json']
  .map((name) => path.join(ROOT, name));

function prepare() {
  checkNode();
  install();
}

/** Installs what is missing and compiles the library. */
function compileLibrary() {
  prepare();
  run('Compile the library (jsii)', 'npx projen compile', { quiet: true });
}

/** Compiles and packs the library, unless it is packed as it is now, and returns the tarball that npm would get. */
function packLibrary() {
  prepare();
  const [packed] = artifacts('js', '.tgz');
  if (packed && !isOutdated(packed, SOURCES)) { return packed; }
  compileLibrary();
  pack('Pack it as npm gets it (jsii-pacmak)', 'js');
  return artifact('js', '.tgz');
}

/** Installs the packed library beside what a lock file pins. It comes from the tarball and is never asked for by name. */
function installLibrary(folder, tarball) {
  const installed = path.join(folder, 'node_modules', 'cdk-spark-emr-serverless', 'package.json');
  if (!isOutdated(installed, [tarball, path.join(folder, 'package-lock.json')])) { return; }
  run(`Install the packed library into ${path.relative(ROOT, folder)}`, `npm install --no-save "${tarball}"`, { cwd: folder, quiet: true });
}

/** Packs for a language. What was packed before goes: it may be of another version. */
function pack(title, language, options = '') {
  fs.rmSync(path.join(ROOT, 'dist', language), { recursive: true, force: true });
  run(title, `npx projen package:${language} ${options}`, { quiet: true });
}

/** The one file with this ending of what was packed for a language. */
function artifact(language, ending) {
  const found = artifacts(language, ending);
  if (found.length !== 1) { fail(`${found.length} files *${ending} in dist/${language}, there must be one`); }
  return found[0];
}

function artifacts(language, ending) {
  const folder = path.join(ROOT, 'dist', language);
  if (!fs.existsSync(folder)) { return []; }
  return fs.readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(ending)).map((file) => path.join(folder, file));
}

module.exports = { artifact, compileLibrary, installLibrary, pack, packLibrary };
