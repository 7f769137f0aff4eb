'use strict';

// The documentation is in the .d.ts files; in the .js files it would be there a second time, 7 KB of the packed library.
const fs = require('node:fs');
const path = require('node:path');
const ts = require('typescript');
const { ROOT } = require('./lib/steps');

const LIB = path.join(ROOT, 'lib');

fs.readdirSync(LIB, { recursive: true }).filter((file) => file.endsWith('.js')).map((file) => path.join(LIB, file)).forEach((file) => {
  const code = fs.readFileSync(file, 'utf8');
  const { outputText } = ts.transpileModule(code, {
    fileName: file,
    compilerOptions: { allowJs: true, removeComments: true, module: 'commonjs', target: 'es2023' },
  });
  fs.writeFileSync(file, outputText);
});
