'use strict';

const { languages, report } = require('./lib/languages');
const { ROOT, checkNode, install, run } = require('./lib/steps');

checkNode();
install();
run('Compile the library (jsii)', 'npx projen compile', { quiet: true });

const { present, skipped } = languages();
report('The packages in dist', present.map((language) => {
  const started = Date.now();
  language.build(ROOT);
  return { name: language.name, seconds: (Date.now() - started) / 1000 };
}), skipped);
