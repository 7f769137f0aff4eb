'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { aim, applications, figureOf, medianOf, ratio, rounds } = require('./rounds');
const { table } = require('../../scripts/lib/table');

const VARIANTS = ['by hand', 'library'];
const REPETITIONS = { 1: 24, 50: 24 };
const FIGURES = [['cpu', 'CPU ms'], ['clock', 'wall clock ms']];
/** How much CPU time the library may take, in units of by hand. */
const AIMS = { 1: 1.1, 50: 1 };
const VERSIONS = 'import platform, importlib.metadata as m; print(f"aws-cdk-lib {m.version(\'aws-cdk-lib\')}, Python {platform.python_version()}")';

/** The same from Python, where each call and each value goes to Node.js and back: whole processes, in turns. Returns the aims. */
function python(interpreter) {
  console.log(execFileSync(interpreter, ['-c', VERSIONS], { encoding: 'utf8' }));
  const measured = Object.entries(REPETITIONS).map(([count, repetitions]) => {
    // the first run unpacks the packages, which stay
    VARIANTS.forEach((variant) => measure(interpreter, variant, count));
    return { count, measured: rounds(applications(count), VARIANTS, repetitions, (variant) => measure(interpreter, variant, count)) };
  });
  measured.forEach(({ measured: [{ 'by hand': byHand, library }] }) => {
    if (library.resources > byHand.resources) { throw new Error(`${library.resources} resources for an application in Python, ${byHand.resources} by hand`); }
  });

  const rows = measured.flatMap(({ count, measured: all }) => FIGURES.map(([figure, unit], i) => {
    const values = figureOf(all, figure);
    return [
      i === 0 ? count : '',
      `process (${unit})`,
      ...VARIANTS.map((variant) => Math.round(medianOf(values, variant)).toLocaleString('en')),
      ...ratio(values, 'library', 'by hand'),
    ].map((cell) => [cell]);
  }));
  console.log(`\n${table(['applications', 'figure', ...VARIANTS, 'library / by hand', 'from – to'], rows)}`);

  return measured.map(({ count, measured: all }) =>
    aim(`library / by hand in Python, ${applications(count)}`, all.map(({ 'by hand': byHand, library }) => library.cpu / byHand.cpu), AIMS[count]));
}

function measure(interpreter, variant, count) {
  const assembly = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-'));
  const folder = path.join(__dirname, 'python');
  try {
    const used = execFileSync(interpreter, [path.join(folder, 'measure.py'), interpreter, path.join(folder, 'program.py'), variant, count], {
      encoding: 'utf8',
      env: { ...process.env, CDK_OUTDIR: assembly, CDK_VALIDATION: 'false', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
    });
    return { ...JSON.parse(used), resources: resourcesIn(assembly) / count };
  } finally {
    fs.rmSync(assembly, { recursive: true, force: true });
  }
}

function resourcesIn(assembly) {
  return fs.readdirSync(assembly).filter((file) => file.endsWith('.template.json'))
    .flatMap((file) => Object.keys(JSON.parse(fs.readFileSync(path.join(assembly, file), 'utf8')).Resources)).length;
}

module.exports = { python };
