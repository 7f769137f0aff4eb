'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { ROOT, checkNode, install, run } = require('./steps');

/** Compiles and packs the library, and returns the tarball that npm would get. */
function packLibrary() {
  checkNode();
  install();
  run('Compile the library (jsii)', 'npx projen compile', { quiet: true });
  run('Pack it as npm gets it (jsii-pacmak)', 'npx projen package:js', { quiet: true });
  const folder = path.join(ROOT, 'dist', 'js');
  const [file] = fs.readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  return path.join(folder, file);
}

module.exports = { packLibrary };
