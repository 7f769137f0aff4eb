'use strict';

/** Where two JSON values differ, each as a line: the path, what was expected and what is there. */
function differences(expected, actual, at = '') {
  if (isObject(expected) && isObject(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    return [...new Set([...Object.keys(expected), ...Object.keys(actual)])]
      .flatMap((key) => differences(expected[key], actual[key], `${at}/${key}`));
  }
  return JSON.stringify(expected) === JSON.stringify(actual) ? []
    : [`${at || '/'}: expected ${JSON.stringify(expected) ?? 'nothing'}, got ${JSON.stringify(actual) ?? 'nothing'}`];
}

/** Lists too: their elements are compared one by one. */
function isObject(value) {
  return typeof value === 'object' && value !== null;
}

module.exports = { differences };
