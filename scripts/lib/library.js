'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { ROOT, checkNode, fail, install, run } = require('./steps');

/** Installs what is missing and compiles the library. */
function compileLibrary() {
  checkNode();
  install();
  run('Compile the library (jsii)', 'npx projen compile', { quiet: true });
}

/** Compiles and packs the library, and returns the tarball that npm would get. */
function packLibrary() {
  compileLibrary();
  pack('Pack it as npm gets it (jsii-pacmak)', 'js');
  return artifact('js', '.tgz');
}

/** Packs for a language. What was packed before goes: it may be of another version. */
function pack(title, language, options = '') {
  fs.rmSync(path.join(ROOT, 'dist', language), { recursive: true, force: true });
  run(title, `npx projen package:${language} ${options}`, { quiet: true });
}

/** The one file with this ending of what was packed for a language. */
function artifact(language, ending) {
  const folder = path.join(ROOT, 'dist', language);
  const found = fs.readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(ending));
  if (found.length !== 1) { fail(`${found.length} files *${ending} in dist/${language}, there must be one`); }
  return path.join(folder, found[0]);
}

module.exports = { artifact, compileLibrary, pack, packLibrary };
