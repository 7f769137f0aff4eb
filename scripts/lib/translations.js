'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { FIXTURE, blocks } = require('./docs');
const { ROOT, fail } = require('./steps');

/** Where the last translations are kept, so that a test need not compile all blocks again. */
const TABLET = path.join(ROOT, '.jsii.docs.tabl.json');

/**
 * Compiles every TypeScript block of the documentation in strict mode against the compiled library, and returns the blocks with their
 * translation to Python. `jsii-rosetta extract` compiles those of the README and every `@example` only, because nothing else is in the
 * assembly.
 */
async function translate({ useCache = false } = {}) {
  const { RosettaTranslator, typeScriptSnippetFromCompleteSource } = require('jsii-rosetta');
  const translator = new RosettaTranslator({ includeCompilerDiagnostics: true });
  if (useCache && fs.existsSync(TABLET)) { await translator.addToCache(TABLET); }

  const compilationDependencies = Object.fromEntries(Object.entries({
    'cdk-spark-emr-serverless': ROOT,
    'aws-cdk-lib': path.join(ROOT, 'node_modules', 'aws-cdk-lib'),
    'constructs': path.join(ROOT, 'node_modules', 'constructs'),
  }).map(([name, folder]) => [name, { type: 'concrete', resolvedDirectory: fs.realpathSync(folder) }]));
  const all = blocks();
  const snippets = all.map((block) => ({
    ...typeScriptSnippetFromCompleteSource(completeSource(block),
      { api: { api: 'file', fileName: block.page }, field: { field: 'markdown', line: block.line } }, true),
    compilationDependencies,
  }));

  const missing = translator.hasCache() ? translator.readFromCache(snippets, true, true).remaining : snippets;
  if (missing.length > 0) {
    const { diagnostics } = await translator.translateAll(missing, { batchSize: snippets.length });
    const errors = diagnostics.filter(({ isError }) => isError);
    if (errors.length > 0) { fail(`examples do not compile:\n${errors.map(({ formattedMessage }) => formattedMessage).join('\n')}`); }
  }
  await translator.tablet.save(TABLET);
  return all.map((block, i) => ({ ...block, python: translator.tablet.lookup(snippets[i], 'python').source }));
}

/** The block within the fixture, of which only the block is shown. What it declares stands outside of the class, as TypeScript wants it. */
function completeSource({ nofixture, code }) {
  if (nofixture) { return code; }
  const [, declared, rest] = /^((?:declare const .*\n)*)([\s\S]*)$/.exec(code);
  const shown = (text) => text ? `/// !show\n${text}/// !hide\n` : '';
  return `${shown(declared)}${FIXTURE.replace('/// here\n', () => shown(rest))}`;
}

module.exports = { translate };
