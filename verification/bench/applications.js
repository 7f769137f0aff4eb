'use strict';

const { execFileSync } = require('node:child_process');
const path = require('node:path');
const { aim, applications, figureOf, median, medianOf, ratio, rounds } = require('./rounds');
const { table } = require('../../scripts/lib/table');

const VARIANTS = ['by hand', 'floor', 'library'];
const REPETITIONS = { 1: 96, 100: 18, 1000: 18 };
const FIGURES = [
  ['import', 'CPU ms'], ['build', 'CPU ms'], ['synth', 'CPU ms'], ['total', 'CPU ms'], ['memory', 'MiB'],
  ['constructs', 'each'], ['resources', 'each'], ['template', 'bytes each'],
];
const GROWING = ['build', 'synth', 'total'];
/** How far the total of the library may be above the floor, in units of by hand. */
const AIMS = { 1: 0.08, 1000: 0.03 };
const COLUMNS = ['applications', 'figure', ...VARIANTS, 'library / by hand', 'from – to', 'floor / by hand', 'library − floor'];

/**
 * The same applications by hand, with an L2 that does nothing and with the library, in turns, each in a process of its own. Returns the
 * aims.
 */
function benchmark() {
  const measured = Object.entries(REPETITIONS).map(([count, repetitions]) => ({
    count: Number(count),
    measured: rounds(applications(count), VARIANTS, repetitions, (variant) => measure(variant, count)),
  }));
  measured.forEach(({ measured: [round] }) => check(round));

  const rows = measured.flatMap(({ count, measured: all }) => FIGURES.map(([figure, unit], i) =>
    row(i === 0 ? count : '', `${figure} (${unit})`, figureOf(all, figure), (value) => Math.round(value).toLocaleString('en'))));
  console.log(`\n${table(COLUMNS, rows)}`);

  // what comes once, such as the import, is not in it
  const growth = measured.slice(1).flatMap(({ count, measured: all }, i) => {
    const { count: before, measured: allBefore } = measured[i];
    const growthOf = (figure, round, roundBefore) => Object.fromEntries(VARIANTS.map((variant) =>
      [variant, (round[variant][figure] - roundBefore[variant][figure]) / (count - before)]));
    return GROWING.map((figure, j) => row(j === 0 ? `${before} to ${count}` : '', `${figure} (CPU ms)`,
      all.slice(0, allBefore.length).map((round, k) => growthOf(figure, round, allBefore[k])), (value) => value.toFixed(2)));
  });
  console.log('\nWhat one application more takes\n');
  console.log(table(COLUMNS, growth));

  return measured.filter(({ count }) => AIMS[count] !== undefined)
    .map(({ count, measured: all }) => aim(`library − floor, ${applications(count)}`, aboveFloor(figureOf(all, 'total')), AIMS[count]));
}

/** A resource more than by hand is a failure. An L2 with other constructs than the library has is no floor of it. */
function check({ 'by hand': byHand, floor, library }) {
  if (library.resources > byHand.resources) { throw new Error(`${library.resources} resources for an application, ${byHand.resources} by hand`); }
  if (library.constructs !== floor.constructs) { throw new Error(`${library.constructs} constructs for an application, ${floor.constructs} in the floor`); }
}

/** Medians of the variants, and the medians of what is compared within each round. */
function row(first, figure, values, shown) {
  return [
    `${first}`,
    figure,
    ...VARIANTS.map((variant) => shown(medianOf(values, variant))),
    ...ratio(values, 'library', 'by hand'),
    ratio(values, 'floor', 'by hand')[0],
    median(aboveFloor(values)).toFixed(2),
  ].map((cell) => [cell]);
}

/** How far the library is above the floor in each round, in units of by hand. */
function aboveFloor(values) {
  return values.map(({ 'by hand': byHand, floor, library }) => (library - floor) / byHand);
}

function measure(variant, count) {
  return JSON.parse(execFileSync(process.execPath, [path.join(__dirname, 'program.js'), variant, count], {
    encoding: 'utf8',
    env: { ...process.env, CDK_VALIDATION: 'false', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
  }));
}

module.exports = { benchmark, measure };
