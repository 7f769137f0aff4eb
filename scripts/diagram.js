'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { diagrams } = require('./lib/diagrams');
const { ROOT } = require('./lib/steps');

// Draws every docs/images/*.dot as SVG beside it.
diagrams().then((all) => all.forEach(({ file, svg }) => {
  fs.writeFileSync(file, svg);
  console.log(`drew ${path.relative(ROOT, file)}`);
}));
