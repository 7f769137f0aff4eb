import { secretParts, withDecoded, withoutUrls } from './index-urls';
import type { Workplace } from './installers';
import { describeTarget, PythonTarget } from './python-target';
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
  const lines = output.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '').split(/[\r\n]+/).filter((line) => line.trim() !== '');
  return lines.slice(-MAX_LINES).map((line) => {
    const known = [...secrets].sort((a, b) => b.length - a.length)
      .reduce((text, secret) => text.replaceAll(secret, '…'), line.slice(0, MAX_LINE_LENGTH * 4));
    const shown = withoutUrls(known);
    return holdsCredential(shown) ? NOT_SHOWN : printable(shown.slice(0, MAX_LINE_LENGTH));
  });
}

/** What a failure means. The packages that have no wheel have names in what uv and pip say. */
export function installationProblem(installer: string, output: string, target: PythonTarget): string {
  const packages = withoutWheels(output);
  if (packages.some((name) => LEFT_OUT.includes(/^[\w-]+/.exec(normalized(name))?.[0] ?? ''))) {
    return '`pythonPackages` must be installed by uv if packages require pyspark or py4j, which Amazon EMR has, because only uv leaves them'
      + ` out there, got: ${installer}. Install uv: https://docs.astral.sh/uv/getting-started/installation/. ${installer} says:`;
  }
  return packages.length === 0
    ? `${installer} could not install the Python packages for ${describeTarget(target)}:`
    : `\`pythonPackages\` must have wheels for ${describeTarget(target)}, got none of: ${packages.join(', ')}.`
      + ' Require a version that has one, or name the package in `sourceDistributions` if it is pure Python.'
      + ` ${installer} says:`;
}

function withoutWheels(output: string): string[] {
  const text = output.replace(/\s+/g, ' ');
  const found = [
    /\b([A-Za-z0-9][A-Za-z0-9._-]{0,100}(?:==[^\s,]{1,50})?) ha(?:s|ve) no (?:usable )?wheels/g,
    /\bWheels are required for `([^`]{1,100})`/g,
    /\bNo matching distribution found for (.{1,100}?)(?: ERROR|$|;| \()/g,
  ].flatMap((pattern) => [...text.matchAll(pattern)].map(([, name]) => name.trim()));
  // a name with a version says more than the name alone
  const names = [...new Set(found)].filter((name) => !found.some((other) => other.startsWith(`${name}==`)));
  return names.map((name) => printable(withoutUrls(name)));
}

/** The environment variables by which uv and pip know indexes. */
const INDEXES = /^(UV_(DEFAULT_)?INDEX(_.*)?|UV_EXTRA_INDEX_URL|UV_FIND_LINKS|PIP_(EXTRA_)?INDEX(_URL)?|PIP_FIND_LINKS)$/i;

/** What messages never show: variables that the requirements name, and what URLs of indexes may have of credentials. */
export function secretsOf({ variables, credentials, indexUrls }: Workplace): string[] {
  const given = Object.entries(process.env).filter(([name]) => INDEXES.test(name)).map(([, value]) => value!);
  return [
    ...variables.flatMap((name) => process.env[name] ?? []),
    ...given.filter((value) => !value.includes('://')),
    ...Object.values(credentials).flatMap(withDecoded),
    ...[...indexUrls, ...given].flatMap(secretParts),
  ].filter((value) => isLiteral(value) && value.length >= 4);
}
