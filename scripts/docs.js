'use strict';

const { translate } = require('./lib/translations');

// Compiles every example of the documentation in strict mode.
translate().then((blocks) => console.log(`${blocks.length} examples of the documentation compile`));
