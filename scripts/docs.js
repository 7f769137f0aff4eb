'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { pythonDocs } = require('./lib/python-docs');
const { ROOT, fail } = require('./lib/steps');
const { translate } = require('./lib/translations');

// Writes docs/python and the Python example of the README. With --check it changes nothing and fails where they are not what it would
// write; with --cached it takes the translations of the last run where the examples are still the same.
const check = process.argv.includes('--check');

translate({ useCache: process.argv.includes('--cached') }).then((blocks) => {
  const docs = pythonDocs(blocks);
  const isCurrent = ({ name, text }) => fs.existsSync(path.join(ROOT, name)) && fs.readFileSync(path.join(ROOT, name), 'utf8') === text;
  const stale = docs.filter((doc) => !isCurrent(doc));
  if (check && stale.length > 0) {
    fail(`${stale.map(({ name }) => name).join(', ')}: not what \`npx projen docs\` writes. Run it and commit the result`);
  }
  if (!check) { fs.mkdirSync(path.join(ROOT, 'docs', 'python'), { recursive: true }); }
  stale.forEach(({ name, text }) => {
    fs.writeFileSync(path.join(ROOT, name), text);
    console.log(`wrote ${name}`);
  });
  console.log(`${blocks.length} examples of the documentation compile; ${docs.length} pages for Python ${check ? 'are what they give' : 'are up to date'}`);
});
