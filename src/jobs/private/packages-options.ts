import { pythonVersionProblems } from './python-target';
import { Architecture } from '../../application/architecture';
import { isLiteral, Problems, shown } from '../../private/checks';
import { Fields, listOf, oneOf, read, struct, text } from '../../private/reading';
import { refuse } from '../../private/validation-error';
import type { PythonPackagesOptions, PythonProjectOptions } from '../python-packages';

const OPTIONS: Fields<PythonPackagesOptions> = {
  pythonVersion: text,
  architecture: oneOf(Architecture),
  sourceDistributions: listOf(text),
};

export function readOptions(options: PythonPackagesOptions): PythonPackagesOptions {
  return checked(read(undefined, '', 'options', options, struct<PythonPackagesOptions>(OPTIONS)));
}

export function readProjectOptions(options: PythonProjectOptions): PythonProjectOptions {
  return checked(read(undefined, '', 'options', options, struct<PythonProjectOptions>({ ...OPTIONS, extras: listOf(text) })));
}

function checked<T extends PythonProjectOptions>(options: T): T {
  refuse(undefined, '', [
    ...pythonVersionProblems('options.pythonVersion', options.pythonVersion),
    ...isLiteral(options.architecture) || options.architecture === undefined ? []
      : [`\`options.architecture\` must be known at synthesis, got: ${shown(options.architecture)}`],
    ...namesProblems('options.sourceDistributions', 'packages', options.sourceDistributions),
    ...namesProblems('options.extras', 'extras', options.extras),
  ]);
  return options;
}

function namesProblems(prop: string, what: string, names: readonly string[] = []): Problems {
  return names.flatMap((name, i) => /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name) ? []
    : [`\`${prop}[${i}]\` must be one of the names of ${what} (A-Z a-z 0-9 . _ -), got: ${shown(name)}`]);
}
