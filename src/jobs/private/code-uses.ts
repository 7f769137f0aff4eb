import { UNKNOWN, withoutTokens } from '../../private/rendered';
import type { SparkCodeUse } from '../spark-code';

/** What a use takes. */
interface Rule {
  /** How the names of the files end. Any file fits if there are none. */
  readonly suffixes?: string[];
  readonly directories?: boolean;
  readonly described: string;
}

/**
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/using-python-libraries.html
 */
const RULES: { readonly [use in SparkCodeUse]: Rule } = {
  entryPoint: { suffixes: ['.py', '.jar'], described: 'a .py or .jar file' },
  pythonFiles: { suffixes: ['.py', '.zip', '.egg'], directories: true, described: 'a .py, .zip or .egg file' },
  jars: { suffixes: ['.jar'], described: 'a .jar file' },
  files: { described: 'a file' },
  archives: { suffixes: ['.zip', '.tgz', '.tar.gz', '.jar'], directories: true, described: 'a .zip, .tgz, .tar.gz or .jar file' },
};

export function takesDirectories(use: SparkCodeUse): boolean {
  return RULES[use].directories === true;
}

/** The sort of file that fits a use, in words. */
export function fileFor(use: SparkCodeUse): string {
  return RULES[use].described;
}

/** Whether the use takes a file of this name. What only the deployment knows of the name may be anything. */
export function takesFile(use: SparkCodeUse, name: string): boolean {
  const { suffixes } = RULES[use];
  return suffixes === undefined || mayEndWith(name, suffixes);
}

/** Whether a name ends with one of the suffixes, as far as it is known. */
export function mayEndWith(name: string, suffixes: readonly string[]): boolean {
  const literals = withoutTokens(name).split(UNKNOWN);
  const end = literals[literals.length - 1];
  return suffixes.some((suffix) => endsWith(end, suffix) || (literals.length > 1 && suffix.endsWith(end)));
}

/** Spark and Python know a program or a module of Python by `.py` only. They take the other suffixes in upper case too. */
function endsWith(name: string, suffix: string): boolean {
  return (suffix === '.py' ? name : name.toLowerCase()).endsWith(suffix);
}
