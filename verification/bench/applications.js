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
const GROWING = ['build', 'synth', 'total'];
const COLUMNS = ['figure', ...VARIANTS, 'ratio', 'from – to'];

/** The same applications by hand and with the library, in turns, each in a process of its own. A resource more is a failure. */
function benchmark() {
  const measured = Object.entries(REPETITIONS).map(([count, repetitions]) => ({
    count: Number(count),
    pairs: Array.from({ length: repetitions }, (_, i) => measurePair(count, i % 2 === 1)),
  }));

  const rows = measured.flatMap(({ count, pairs }) => {
    const [byHand, library] = pairs[0];
    if (library.resources > byHand.resources) { throw new Error(`${library.resources} resources for an application, ${byHand.resources} by hand`); }
    return FIGURES.map(([figure, unit], i) =>
      row(i === 0 ? count : '', `${figure} (${unit})`, pairs.map((pair) => pair.map((one) => one[figure])), (value) => Math.round(value).toLocaleString('en')));
  });
  console.log(table(['applications', ...COLUMNS], rows));

  // what comes once, such as the import, is not in it
  const growth = measured.slice(1).flatMap(({ count, pairs }, i) => {
    const { count: before, pairs: pairsBefore } = measured[i];
    return GROWING.map((figure, j) => row(j === 0 ? `${before} to ${count}` : '', `${figure} (CPU ms)`, pairs.slice(0, pairsBefore.length)
      .map((pair, k) => pair.map((one, variant) => (one[figure] - pairsBefore[k][variant][figure]) / (count - before))), (value) => value.toFixed(2)));
  });
  console.log('\nWhat one application more takes\n');
  console.log(table(['applications', ...COLUMNS], growth));
}

/** Medians by hand and with the library, and the ratio of runs in pairs. */
function row(applications, figure, pairs, shown) {
  const ratios = pairs.map(([byHand, library]) => library / byHand);
  return [
    `${applications}`,
    figure,
    ...VARIANTS.map((_, i) => shown(median(pairs.map((pair) => pair[i])))),
    median(ratios).toFixed(2),
    `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
  ].map((cell) => [cell]);
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
