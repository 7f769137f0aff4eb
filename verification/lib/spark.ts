import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { inEnvironment, skippedWithout, VERIFICATION } from './tools';

/** Spark properties by key; a key without a value is only looked up. */
export type Properties = Record<string, string | null>;

export interface Check {
  readonly unknown: string[];
  readonly unreadable: string[];
  /** What was set and is not there in the session. */
  readonly lost?: string[];
  /** The sums of 0 to 99 by their remainder of 3. */
  readonly rows?: [number, number][];
}

/** Where versions that differ in the patch only are installed. */
export function lineOf(version: string): string {
  return version.split('.', 2).join('.');
}

export function pythonOf(version: string): string {
  return inEnvironment(`spark-${lineOf(version)}`, 'python');
}

const { NO_JAVA, javaEnvironment }: {
  NO_JAVA: string;
  javaEnvironment(environment: string): { [variable: string]: string } | undefined;
} = require('../../scripts/lib/java');
export { NO_JAVA };

/** The environment variables by which Spark finds a Java that it can run on, or undefined where there is none. */
export function java(): { [variable: string]: string } | undefined {
  return javaEnvironment(path.join(VERIFICATION, '.venv', 'java'));
}

export function skippedWithoutSpark(version: string): string | false {
  return skippedWithout(pythonOf(version)) || (!process.env.CI && !java() && NO_JAVA);
}

/** Starts this version of Spark with the properties of each application and runs a small job. */
export function checkWithSpark(
  version: string, applications: Record<string, Properties>,
): { spark: string; checks: Record<string, Check> } {
  const { status, stdout, stderr, error } = spawnSync(pythonOf(version), [path.join(VERIFICATION, 'spark', 'check.py')], {
    input: JSON.stringify(applications),
    env: { ...process.env, ...java() },
    encoding: 'utf8',
  });
  if (error) { throw error; }
  if (status !== 0) { throw new Error(`Spark ${version} did not start${java() ? '' : `, ${NO_JAVA}`}: ${stderr}`); }
  return JSON.parse(stdout);
}
