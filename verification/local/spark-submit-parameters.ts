/** What the parameters of spark-submit ask for, by the Spark properties that they stand for. */
interface SparkSubmitParameters {
  readonly properties: { readonly [key: string]: string };
  readonly className?: string;
  /** Parameters that only spark-submit knows. */
  readonly leftOut: readonly string[];
}

/** The API does not take the parameters. The message has its words. */
export class InvalidParameters extends Error {}

/** The properties that a parameter sets. Those of spark-submit win over `--conf`. */
const PROPERTIES: { readonly [parameter: string]: string } = {
  '--name': 'spark.app.name',
  '--jars': 'spark.jars',
  '--packages': 'spark.jars.packages',
  '--exclude-packages': 'spark.jars.excludes',
  '--repositories': 'spark.jars.repositories',
  '--py-files': 'spark.submit.pyFiles',
  '--files': 'spark.files',
  '--archives': 'spark.archives',
  '--driver-memory': 'spark.driver.memory',
  '--driver-cores': 'spark.driver.cores',
  '--driver-java-options': 'spark.driver.extraJavaOptions',
  '--driver-class-path': 'spark.driver.extraClassPath',
  '--driver-library-path': 'spark.driver.extraLibraryPath',
  '--executor-memory': 'spark.executor.memory',
  '--executor-cores': 'spark.executor.cores',
  '--total-executor-cores': 'spark.cores.max',
  '--num-executors': 'spark.executor.instances',
  '--master': 'spark.master',
  '--deploy-mode': 'spark.submit.deployMode',
};
const LEFT_OUT = ['--properties-file', '--queue', '--principal', '--keytab', '--proxy-user', '--kill', '--status'];
const LEFT_OUT_WITHOUT_VALUE = ['--verbose', '-v', '--supervise'];

/** Reads the parameters as EMR Serverless does: it splits them at blanks, and what is in double quotes has blanks of its own. */
export function readSparkSubmitParameters(text = ''): SparkSubmitParameters {
  const conf: Record<string, string> = {};
  const own: Record<string, string> = {};
  const leftOut: string[] = [];
  let className: string | undefined;

  const words = split(text);
  for (let i = 0; i < words.length; i++) {
    const [, parameter, inline] = /^(--[^=]+)=(.*)$/s.exec(words[i]) ?? [undefined, words[i]];
    const value = () => {
      const given = inline ?? words[++i];
      if (given === undefined) { throw new InvalidParameters(`Missing argument for option '${parameter}'.`); }
      return given;
    };
    if (parameter === '--conf' || parameter === '-c') {
      const pair = value();
      const end = pair.indexOf('=');
      if (end < 1) { throw new InvalidParameters(`Spark config without '=': ${pair}`); }
      conf[pair.slice(0, end).trim()] = pair.slice(end + 1).trim();
    } else if (parameter === '--class') {
      className = value();
    } else if (Object.hasOwn(PROPERTIES, parameter)) {
      own[PROPERTIES[parameter]] = value();
    } else if (LEFT_OUT.includes(parameter)) {
      value();
      leftOut.push(parameter);
    } else if (LEFT_OUT_WITHOUT_VALUE.includes(parameter)) {
      leftOut.push(parameter);
    } else {
      throw new InvalidParameters(`Unrecognized option: ${parameter}`);
    }
  }
  return { properties: { ...conf, ...own }, className, leftOut };
}

/** Quotes within quotes keep their backslashes, and end nothing. */
function split(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '\\' && text[i + 1] === '"') {
      word = `${word ?? ''}\\"`;
      i++;
    } else if (character === '"') {
      quoted = !quoted;
      word ??= '';
    } else if (!quoted && /\s/.test(character)) {
      if (word !== undefined) { words.push(word); }
      word = undefined;
    } else {
      word = `${word ?? ''}${character}`;
    }
  }
  if (quoted) { throw new InvalidParameters('The parameters of spark-submit have a double quote that does not end.'); }
  return word === undefined ? words : [...words, word];
}
