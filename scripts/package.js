'use strict';

const { askedFor, forEachLanguage } = require('./lib/languages');
const { compileLibrary } = require('./lib/library');

const asked = askedFor(process.argv.slice(2));
compileLibrary();
forEachLanguage('The packages in dist', asked, (language) => language.build());
