'use strict';

const { forEachLanguage } = require('./lib/languages');
const { compileLibrary } = require('./lib/library');

compileLibrary();
forEachLanguage('The packages in dist', (language) => language.build());
