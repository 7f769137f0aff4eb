'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { javaEnvironment, makeHome } = require('./java');
const { installLibrary } = require('./library');
const { hasPython, virtualEnvironment } = require('./python');
const { ROOT, install, run } = require('./steps');

const VERIFICATION = path.join(ROOT, 'verification');
const REQUIREMENTS = path.join(VERIFICATION, 'requirements');
const JAVA = 'java';
const S3_JARS = require('../../verification/local/s3-jars.json');

/** Installs the packed library into the package of the judges. */
function setUpVerification(tarball) {
  install(VERIFICATION);
  installLibrary(VERIFICATION, tarball);
}

/** Makes the virtual environments of tools that are written in Python, or returns false where there is no Python. */
function setUpPython(names = environments().filter((name) => name !== JAVA)) {
  if (!hasPython()) { return false; }
  names.forEach((name) => virtualEnvironment(name, environment(name), fs.readFileSync(path.join(REQUIREMENTS, `${name}.txt`), 'utf8')));
  return true;
}

function environments() {
  return fs.readdirSync(REQUIREMENTS).map((file) => path.basename(file, '.txt'));
}

function environment(name) {
  return path.join(VERIFICATION, '.venv', name);
}

/**
 * Makes Spark ready to run jobs: the virtual environments of its lines, Java where the machine has none, and the jars that read and write
 * `s3://`. Returns false where there is no Python.
 */
function setUpSpark(lines = Object.keys(S3_JARS)) {
  if (!setUpPython([...lines.map((line) => `spark-${line}`), 'uv'])) { return false; }
  setUpJava();
  lines.forEach(setUpS3Jars);
  return true;
}

/** Java comes from PyPI where the machine has none that Spark runs on. */
function setUpJava() {
  if (javaEnvironment(environment(JAVA))) { return; }
  setUpPython([JAVA]);
  makeHome(environment(JAVA));
}

/** Spark resolves them itself, so that nobody needs Maven. */
function setUpS3Jars(line) {
  const { packages, excludes } = S3_JARS[line];
  const folder = path.join(VERIFICATION, '.cache', 's3-jars', line);
  const note = path.join(folder, 's3-jars.json');
  const wanted = JSON.stringify({ packages, excludes });
  if (fs.existsSync(note) && fs.readFileSync(note, 'utf8') === wanted) { return; }
  fs.rmSync(folder, { recursive: true, force: true });
  // a class of Spark's own jars: something must run
  const program = '--class org.apache.hadoop.util.VersionInfo spark-internal';
  const bin = path.join(environment(`spark-${line}`), 'bin');
  run(`spark-${line}: get the jars for S3 (spark-submit --packages)`, `"${bin}/spark-submit" --conf "spark.jars.ivy=${folder}"`
    + ` --packages ${packages.join(',')} --exclude-packages "${excludes.join(',')}" ${program}`, {
    quiet: true,
    env: { PYSPARK_PYTHON: path.join(bin, 'python'), SPARK_LOCAL_IP: '127.0.0.1', ...javaEnvironment(environment(JAVA)) },
  });
  // Spark copied from there
  fs.rmSync(path.join(folder, 'cache'), { recursive: true });
  fs.writeFileSync(note, wanted);
}

module.exports = { VERIFICATION, setUpPython, setUpSpark, setUpVerification };
