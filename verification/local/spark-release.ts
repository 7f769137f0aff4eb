import { existsSync, readdirSync } from 'node:fs';
import * as path from 'node:path';
import { EmrRelease } from 'cdk-spark-emr-serverless';
import { java, lineOf, NO_JAVA, pythonOf } from '../lib/spark';
import { CACHE, missing } from '../lib/tools';

/** The lines of Spark that are here. */
const LINES = Object.keys(require('./s3-jars.json'));

/** The Spark of this machine that runs what is for a release. */
export interface LocalSpark {
  readonly line: string;
  readonly python: string;
  /** The folder that has the path `/usr/lib/spark` in the images of EMR Serverless. */
  readonly home: string;
  /** What reads and writes `s3://`. */
  readonly s3Jars: readonly string[];
  /** The environment variables by which Spark finds Java. */
  readonly java: { readonly [variable: string]: string };
}

/** Throws a sentence where there is no such Spark. */
export function sparkOf(releaseLabel: string): LocalSpark {
  const line = lineOfRelease(releaseLabel);
  const python = pythonOf(line);
  if (!existsSync(python)) { throw new Error(missing(python)); }
  const found = java();
  if (!found) { throw new Error(`${NO_JAVA}: \`npm run verify\` and \`npm run local\` install it where it is missing`); }
  const jars = path.join(CACHE, 's3-jars', line, 'jars');
  if (!existsSync(jars)) { throw new Error(missing(jars)); }
  const lib = path.join(path.dirname(python), '..', 'lib');
  const [version] = readdirSync(lib).filter((name) => name.startsWith('python'));
  return {
    line,
    python,
    home: path.join(lib, version, 'site-packages', 'pyspark'),
    s3Jars: readdirSync(jars).map((jar) => path.join(jars, jar)),
    java: found,
  };
}

/** The line of Spark in a release. A newer emr-7 is not known to the library, and has Spark 3.5 as all of them. */
export function lineOfRelease(releaseLabel: string): string {
  const { sparkVersion } = EmrRelease.of(releaseLabel);
  const line = sparkVersion !== undefined ? lineOf(sparkVersion) : releaseLabel.startsWith('emr-7.') ? '3.5' : undefined;
  if (line !== undefined && LINES.includes(line)) { return line; }
  const version = sparkVersion === undefined ? 'a version of Spark that is not known here' : `Spark ${sparkVersion}`;
  throw new Error(`${releaseLabel} has ${version},`
    + ` and this machine runs the releases with Spark ${LINES.join(' and ')} (emr-7.x, emr-spark-8.1.0, emr-spark-8.2.0)`);
}

/** Whether the properties of a job are added to those of its application in the same classification; before, they replace them. */
export function mergesClassifications(releaseLabel: string): boolean {
  const [, major, minor] = /^emr-spark-(\d+)\.(\d+)/.exec(releaseLabel) ?? [];
  return Number(major) > 8 || (Number(major) === 8 && Number(minor) >= 1);
}
