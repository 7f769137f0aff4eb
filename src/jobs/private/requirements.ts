import { createHash } from 'crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { basename, dirname, join, resolve } from 'path';
import { fileURLToPath } from 'url';
import { FileSystem } from 'aws-cdk-lib/core';
import { withCredentials, withoutCredentials, withoutUrls } from './index-urls';
import { Problems, shown } from '../../private/checks';

// Requirements files, as pip and uv read them: https://pip.pypa.io/en/stable/reference/requirements-file-format/

/** What the files of requirements say, with those that they include. */
export interface Requirements {
  readonly lines: readonly Line[];
  readonly constraints: readonly Line[];
}

interface Line {
  /** The line for the installer. `FILE` stands for the place of the file. */
  readonly text: string;
  /** What the hash has of the line. It has no credentials, and no paths of a machine. */
  readonly identity: string;
  readonly file?: LocalFile;
  readonly isPackage?: boolean;
}

/** A wheel, or a directory with wheels, that the requirements name by its path. */
export interface LocalFile {
  readonly path: string;
  readonly sha256: string;
}

const FILE = '\0';

/** The packages that Amazon EMR has of its own, and that come before all others. */
export const LEFT_OUT = ['pyspark', 'py4j'];

/** Reads a file and the files that it includes. What is wrong with them adds problems. */
export function readRequirements(prop: string, path: string, sourceDistributions: readonly string[], problems: Problems): Requirements {
  return new RequirementsParser(prop, problems, dirname(resolve(path)), sourceDistributions).file(path).result();
}

/** Reads what a tool exported for a project. */
export function parseRequirements(
  prop: string, text: string, directory: string, sourceDistributions: readonly string[], problems: Problems,
): Requirements {
  return new RequirementsParser(prop, problems, directory, sourceDistributions).text(text, directory, 'the exported requirements').result();
}

/** What the hash of an archive depends on. */
export function identityOf({ lines, constraints }: Requirements): string[][] {
  return [lines, constraints].map((list) => list.map(({ identity }) => identity));
}

export function filesOf({ lines, constraints }: Requirements): LocalFile[] {
  return [...lines, ...constraints].flatMap(({ file }) => file ?? []);
}

/** Nothing makes no archive. */
function emptyProblems(prop: string, { lines }: Requirements): Problems {
  return lines.some(({ isPackage }) => isPackage) ? []
    : [`\`${prop}\` must name a package (${LEFT_OUT.join(' and ')} are left out, because Amazon EMR has them), got none`];
}

/** The text of a file for the installer. Something else may be written in place of each credential. */
export function rendered(lines: readonly Line[], urlOf: (file: LocalFile) => string, hide: (credential: string) => string): string {
  return lines.map(({ text, file }) => file ? text.replace(FILE, () => urlOf(file))
    : text.replace(/:\/\/\S+/g, (url) => withCredentials(url, text.startsWith('--') ? 'index' : 'package', hide)))
    .map((line) => `${line}\n`).join('');
}

/** The environment variables that the installer replaces. They hold credentials. */
export function variablesOf({ lines, constraints }: Requirements): string[] {
  return [...new Set([...lines, ...constraints].flatMap(({ text }) => [...text.matchAll(/\$\{([A-Z0-9_]+)\}/g)].map(([, name]) => name)))];
}

/** The URLs of indexes. They may hold credentials. */
export function indexUrlsOf({ lines, constraints }: Requirements): string[] {
  return [...lines, ...constraints].flatMap(({ text }) => text.startsWith('--') ? text : []);
}

class RequirementsParser {
  private readonly lines: Line[] = [];
  private readonly constraints: Line[] = [];
  private readonly seen = new Set<string>();

  private readonly builtFromSource: readonly string[];

  public constructor(
    private readonly prop: string,
    private readonly problems: Problems,
    private readonly workingDirectory: string,
    sourceDistributions: readonly string[],
  ) {
    this.builtFromSource = sourceDistributions.map(normalized);
  }

  public result(): Requirements {
    const result = { lines: this.lines, constraints: this.constraints };
    if (this.problems.length === 0) { this.problems.push(...emptyProblems(this.prop, result)); }
    return result;
  }

  public file(path: string, isConstraint = false): this {
    const absolute = resolve(path);
    const use = `${isConstraint} ${absolute}`;
    if (this.seen.has(use)) { return this; }
    this.seen.add(use);
    return this.text(readFileSync(absolute, 'utf8'), dirname(absolute), basename(absolute), isConstraint);
  }

  public text(text: string, directory: string, name: string, isConstraint = false): this {
    // pip ends lines at some of them, also in comments, and what follows would be an option
    const controlled = physicalLines(text).findIndex((line) => CONTROL_CHARACTER.test(line));
    if (controlled >= 0) {
      this.problems.push(`\`${this.prop}\` must have no control characters, got one in line ${controlled + 1} of ${name}`);
      return this;
    }
    for (const [line, number] of logicalLines(text)) {
      const report = (what: string) => {
        this.problems.push(`\`${this.prop}\` must ${what}, got line ${number} of ${name}: ${shown(harmlessPart(line))}`);
      };
      if (/\\(\s|$)/.test(line)) {
        report('have nothing after a backslash that continues a line');
        break;
      }
      const option = /^(?:--([a-z-]+)(?:\s*=\s*|\s+|$)|-([a-z])\s*)(.*)/.exec(line);
      if (option) {
        this.option(option[1] ?? option[2], unquoted(option[3]), directory, isConstraint, report);
      } else {
        this.requirement(line.replace(/\s+/g, ' '), isConstraint, report);
      }
      // a file of another kind is wrong in every line
      if (this.problems.length > 0) { break; }
    }
    return this;
  }

  private option(name: string, value: string, directory: string, isConstraint: boolean, report: (what: string) => void): void {
    switch (name) {
      case 'r': case 'requirement': case 'c': case 'constraint': {
        const path = resolve(directory, value);
        if (!existsSync(path) || !statSync(path).isFile()) { return report('include files that exist'); }
        this.file(path, isConstraint || name.startsWith('c'));
        return;
      }
      case 'i': case 'index-url': case 'extra-index-url': {
        if (/\s/.test(value)) { return report('have one option a line'); }
        const long = name === 'i' ? 'index-url' : name;
        this.lines.push({ text: `--${long} ${value}`, identity: `--${long} ${withoutCredentials(value, 'index')}` });
        return;
      }
      case 'f': case 'find-links': {
        if (/^(?!file:)[a-z]+:\/\//i.test(value)) {
          if (/\s/.test(value)) { return report('have one option a line'); }
          this.lines.push({ text: `--find-links ${value}`, identity: `--find-links ${withoutCredentials(value, 'index')}` });
          return;
        }
        const file = localFile(localPath(value, directory));
        if (!file) { return report('have only existing directories or URLs in --find-links'); }
        this.lines.push({ text: `--find-links ${FILE}`, identity: `--find-links ${file.sha256}`, file });
        return;
      }
      case 'no-index': case 'pre': case 'prefer-binary': case 'require-hashes':
        if (value !== '') { return report('have one option a line'); }
        this.lines.push({ text: `--${name}`, identity: `--${name}` });
        return;
      case 'trusted-host':
        if (/\s/.test(value)) { return report('have one option a line'); }
        if (value.includes('@')) { return report('name a trusted host without a user'); }
        this.lines.push({ text: `--${name} ${value}`, identity: `--${name} ${value}` });
        return;
      case 'e': case 'editable':
        return report('name packages of an index, and no project by its path (leave it out with `uv export --no-emit-project`,'
          + ' or give its directory to `PythonPackages.fromProject()`)');
      case 'no-binary': case 'only-binary':
        return report('have no --no-binary and no --only-binary (name the packages to build from source in `sourceDistributions`)');
      default:
        return report('have only options that name files and indexes');
    }
  }

  private requirement(line: string, isConstraint: boolean, report: (what: string) => void): void {
    const lines = isConstraint ? this.constraints : this.lines;
    if (/(^|\s)-/.test(line.replace(HASHES, ''))) { return report('have one option a line, and only hashes after a package'); }
    const [, name, extras = '', reference] = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*@\s*(.*)/.exec(line) ?? [];
    const url = reference ?? line;
    if (name !== undefined && LEFT_OUT.includes(normalized(name))) { return; }
    if (/^(?!file:)[a-z][a-z0-9+.-]*:\/\//i.test(url)) {
      if (!isWheelUrl(url) && !(name !== undefined && this.builtFromSource.includes(normalized(name)))) {
        return report('name wheels (.whl) by their URLs, and other URLs only as `name @ URL` of packages in `sourceDistributions`,'
          + ' because to build them runs their code');
      }
      const identity = `${name ?? ''}${extras}@${url.replace(/\S+/, (only) => withoutCredentials(only, 'package'))}`;
      lines.push({ text: line, identity, isPackage: true });
      return;
    }
    const [path] = url.split(/[\s;]/, 1);
    if (reference !== undefined || /[/\\]|^\.|\.(whl|zip|gz|bz2|tgz)$/i.test(path.split(/[[<>=!~@]/)[0])) {
      const file = /\.whl$/i.test(path) ? localFile(localPath(path, this.workingDirectory)) : undefined;
      if (!file) { return report('name packages of an index, or wheels that exist, and no other files or directories'); }
      const rest = url.slice(path.length);
      const distribution = name ?? basename(file.path).split('-')[0];
      const text = `${distribution}${extras} @ ${FILE}${rest && ` ${rest}`}`;
      lines.push({ text, identity: `${extras}@${file.sha256}${rest}`, file, isPackage: true });
      return;
    }
    const [, plainName] = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:$|[[(<>=!~;]|--)/.exec(line) ?? [];
    if (plainName === undefined) { return report('name a package in each line'); }
    if (LEFT_OUT.includes(normalized(plainName))) { return; }
    lines.push({ text: line, identity: line, isPackage: true });
  }
}

const HASHES = /(?: --hash[= ]\w+:[0-9a-fA-F]+)+$/;

// eslint-disable-next-line no-control-regex
const CONTROL_CHARACTER = /[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]/;

/** Of options that name files, the rest may be shown. Any other may have a password. */
const NAMES_FILE = /^(?:-[rcfe]|--(?:requirement|constraint|find-links|editable)\b)(?!.*\s-)/;

/** What a message may show of a line. */
function harmlessPart(line: string): string {
  const [option] = /^--?[A-Za-z0-9-]*/.exec(line) ?? [];
  if (option === undefined) { return withoutUrls(line.replace(/\s-.*/, ' …')); }
  const shownLine = withoutUrls(line);
  return NAMES_FILE.test(line) && !shownLine.includes('@') ? shownLine : shortName(option);
}

/** A value may follow the letter of an option without a blank. */
function shortName(option: string): string {
  return option.startsWith('--') ? option : option.slice(0, 2);
}

/** The installers decide by the name of the file whether they build it. A condition comes after a blank, or else it is of the URL. */
function isWheelUrl(url: string): boolean {
  const file = url.split(' ', 1)[0].replace(/;$/, '').split(/[?#]/, 1)[0];
  return /^https?:.*\.whl$/i.test(file) && !file.includes(';');
}

function physicalLines(text: string): string[] {
  return text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
}

/** The lines without comments, each with its number. A backslash continues a line. */
function* logicalLines(text: string): Iterable<[line: string, number: number]> {
  const physical = physicalLines(text);
  for (let i = 0; i < physical.length; i++) {
    const number = i + 1;
    const parts = [physical[i]];
    while (parts[parts.length - 1].endsWith('\\') && i + 1 < physical.length) {
      parts.push(parts.pop()!.slice(0, -1), physical[++i]);
    }
    // there is nothing to continue at the end of a file
    parts.push(parts.pop()!.replace(/\\+$/, ''));
    const line = parts.map((part) => part.replace(/(^|\s)#.*/, '').trim()).filter((part) => part !== '').join(' ');
    if (line !== '') { yield [line, number]; }
  }
}

function unquoted(value: string): string {
  return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
}

/** https://peps.python.org/pep-0503/#normalized-names */
export function normalized(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

function localPath(path: string, directory: string): string {
  try {
    return path.startsWith('file:') ? fileURLToPath(path) : resolve(directory, path);
  } catch {
    return '';
  }
}

function localFile(path: string): LocalFile | undefined {
  if (!existsSync(path)) { return undefined; }
  const hash = createHash('sha256');
  const files = statSync(path).isDirectory() ? wheelsIn(path).map((name) => join(path, name)) : [path];
  // reads a file in parts, because Node.js reads none of 2 GiB as a whole
  files.forEach((file) => hash.update(`${basename(file)}\0${FileSystem.fingerprint(file)}\0`));
  return { path, sha256: hash.digest('hex') };
}

export function wheelsIn(directory: string): string[] {
  return readdirSync(directory).filter((name) => name.endsWith('.whl')).sort();
}
