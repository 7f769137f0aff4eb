'use strict';

const { TestEnvironment } = require('jest-environment-node');

class MutationEnvironment extends TestEnvironment {
  failed = false;

  async handleTestEvent(event, state) {
    if (event.name === 'run_start' && state.testNamePattern) { state.testNamePattern = withFilesThatLoad(state); }
    // the first failure kills a mutant; jest's own `bail` stops after a file, and all tests are in one
    if (event.name === 'test_done' && event.test.errors.length > 0) { this.failed = true; }
    if (event.name === 'test_start' && this.failed) { event.test.mode = 'skip'; }
  }
}

/** What a file makes while it loads may fail any of its tests, which is why they all run where `loads` is to run. */
function withFilesThatLoad({ testNamePattern, rootDescribeBlock }) {
  const files = rootDescribeBlock.children.map(({ name }) => name).filter((file) => testNamePattern.test(`${file} loads`));
  return new RegExp([testNamePattern.source, ...files.map((file) => `^${file.replaceAll('.', '\\.')} `)].join('|'));
}

module.exports = MutationEnvironment;
