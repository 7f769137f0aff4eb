'use strict';

const { execFileSync } = require('node:child_process');
const path = require('node:path');
const { table } = require('../../scripts/lib/table');

const VARIANTS = ['by hand', 'library'];
const REPETITIONS = { 1: 24, 100: 16, 1000: 12 };
const FIGURES = [
  ['import', 'CPU ms'], ['build', 'CPU ms'], ['synth', 'CPU ms'], ['total', 'CPU ms'], ['memory', 'MiB'],
  ['resources', 'each'], ['template', 'bytes each'],
];

/** The same applications by hand and with the library, in turns, each in a process of its own. A resource more is a failure. */
function benchmark() {
  const rows = Object.entries(REPETITIONS).flatMap(([count, repetitions]) => {
    const pairs = Array.from({ length: repetitions }, (_, i) => measurePair(count, i % 2 === 1));
    const [byHand, library] = pairs[0];
    if (library.resources > byHand.resources) { throw new Error(`${library.resources} resources for an application, ${byHand.resources} by hand`); }
    return FIGURES.map(([figure, unit]) => {
      const ratios = pairs.map(([byHand, library]) => library[figure] / byHand[figure]);
      return [
        figure === FIGURES[0][0] ? `${count}` : '',
        `${figure} (${unit})`,
        ...VARIANTS.map((_, i) => Math.round(median(pairs.map((pair) => pair[i][figure]))).toLocaleString('en')),
        median(ratios).toFixed(2),
        `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
      ].map((cell) => [cell]);
    });
  });
  console.log(table(['applications', 'figure', 'by hand', 'library', 'ratio', 'from – to'], rows));
}

/** Whoever runs first may be the faster or the slower, so they take turns in that too. */
function measurePair(count, reversed) {
  const variants = reversed ? [...VARIANTS].reverse() : VARIANTS;
  const measured = variants.map((variant) => measure(variant, count));
  return reversed ? measured.reverse() : measured;
}

function measure(variant, count) {
  return JSON.parse(execFileSync(process.execPath, [path.join(__dirname, 'program.js'), variant, count], {
    encoding: 'utf8',
    env: { ...process.env, CDK_VALIDATION: 'false', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
  }));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

module.exports = { benchmark };
