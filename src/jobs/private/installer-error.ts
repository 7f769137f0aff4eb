import { secretParts, withDecoded, withoutUrls } from './index-urls';
import type { Workplace } from './installers';
import { PythonTarget, targetDescription } from './python-target';
import { LEFT_OUT, normalized } from './requirements';
import { isLiteral, NOT_SHOWN } from '../../private/checks';
import { holdsCredential } from '../../private/credentials';
import { printable } from '../../private/printable';

const MAX_LINES = 15;
const MAX_LINE_LENGTH = 500;

/** An installer that failed, with what it said last. */
export class InstallerError extends Error {
  public constructor(problem: string, output: string, secrets: string[] = []) {
    super([problem, ...lastLines(output, secrets).map((line) => `  ${line}`)].join('\n'));
    this.name = 'InstallerError';
  }

  /** jsii shows the message for a constructor, and this text for a method. Both are the same. */
  public override toString(): string {
    return this.message;
  }
}

function lastLines(output: string, secrets: string[]): string[] {
  // eslint-disable-next-line no-control-regex
  const lines = output.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '').split(/[\r\n]/).filter((line) => line.trim() !== '');
  return lines.slice(-MAX_LINES).map((line) => {
    const withoutSecrets = [...secrets].sort((a, b) => b.length - a.length)
      .reduce((text, secret) => text.replaceAll(secret, '…'), line);
    const shown = withoutUrls(withoutSecrets);
    return holdsCredential(shown) ? NOT_SHOWN : printable(shown.slice(0, MAX_LINE_LENGTH));
  });
}

const NAME = /\b([A-Za-z0-9][A-Za-z0-9._-]{0,100}(?:==[^\s,]{1,50})?)/.source;

/** What uv says of packages that no index has. */
const NOT_FOUND = [new RegExp(`${NAME} (?:was|were) not found in the `, 'g')];
const NO_VERSION = [new RegExp(`\\bthere (?:is|are) no versions? of ${NAME}`, 'g')];

/** What uv says of packages that have no wheel for the target. */
const WITHOUT_WHEEL = [new RegExp(`${NAME} ha(?:s|ve) no (?:usable )?wheels`, 'g'), /\bWheels are required for `([^`]{1,100})`/g];

/** pip says the same of both. */
const EITHER = [/\bNo matching distribution found for (.{1,100}?)(?: ERROR|$|;| \()/g];

/** What a failure means. The packages have names in what uv and pip say. */
export function installationProblem(installer: string, output: string, target: PythonTarget): string {
  const [notFound, noVersion, withoutWheel, either] = [NOT_FOUND, NO_VERSION, WITHOUT_WHEEL, EITHER]
    .map((patterns) => packagesIn(output, patterns));
  // where the versions that there are have no wheels, they are the problem
  const absent = notFound.length > 0 || withoutWheel.length > 0 ? notFound : noVersion;
  if ([...withoutWheel, ...either].some((name) => LEFT_OUT.includes(/^[\w-]+/.exec(normalized(name))?.[0] ?? ''))) {
    return '`pythonPackages` must be installed by uv, because a package requires pyspark or py4j: Amazon EMR has them already, and only uv'
      + ` can leave them out, got: ${installer}. Install uv: https://docs.astral.sh/uv/getting-started/installation/. ${installer} says:`;
  }
  if (absent.length > 0) {
    return `\`pythonPackages\` must be packages and versions that an index has, got: ${absent.join(', ')}. Correct the name or the version,`
      + ` or configure the index that has it. ${installer} says:`;
  }
  if (withoutWheel.length > 0) {
    return `\`pythonPackages\` must have wheels for ${targetDescription(target)}, got none of: ${withoutWheel.join(', ')}.`
      + ` Require a version that has one, or name the package in \`sourceDistributions\` if it is pure Python. ${installer} says:`;
  }
  return either.length === 0
    ? `${installer} could not install the Python packages for ${targetDescription(target)}:`
    : `\`pythonPackages\` must be packages and versions that an index has, with wheels for ${targetDescription(target)}, got none of:`
      + ` ${either.join(', ')}. Correct the name or the version, require a version that has a wheel, or install with uv, which tells these`
      + ` apart. ${installer} says:`;
}

function packagesIn(output: string, patterns: readonly RegExp[]): string[] {
  const text = output.replace(/\s+/g, ' ');
  const found = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name]) => name.trim()));
  // a name with a version says more than the name alone
  const names = [...new Set(found)].filter((name) => !found.some((longer) => longer.startsWith(`${name}==`)));
  return names.map((name) => printable(withoutUrls(name)));
}

/** The environment variables by which uv and pip know indexes. */
const INDEXES = /^(UV_(DEFAULT_)?INDEX(_.*)?|UV_EXTRA_INDEX_URL|UV_FIND_LINKS|PIP_(EXTRA_)?INDEX(_URL)?|PIP_FIND_LINKS)$/i;

/** What messages never show: variables that the requirements name, and what URLs of indexes may have of credentials. */
export function secretsOf({ variables, credentials, indexUrls }: Workplace): string[] {
  const indexes = Object.entries(process.env).filter(([name]) => INDEXES.test(name)).map(([, value]) => value!);
  return [
    ...variables.flatMap((name) => process.env[name] ?? []),
    ...indexes.filter((value) => !value.includes('://')),
    ...Object.values(credentials).flatMap(withDecoded),
    ...[...indexUrls, ...indexes].flatMap(secretParts),
  ].filter((value) => isLiteral(value) && value.length >= 4);
}
