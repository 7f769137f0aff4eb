import { existsSync } from 'node:fs';
import * as path from 'node:path';

/** The folder of this package. */
export const VERIFICATION = path.join(__dirname, '..');

/** What was downloaded or built once. */
export const CACHE = path.join(VERIFICATION, '.cache');

/** A program of the virtual environment that is made from `requirements/<name>.txt`. */
export function inEnvironment(name: string, program: string): string {
  return path.join(VERIFICATION, '.venv', name, 'bin', program);
}

/** What installs the Python packages of jobs. */
export const UV = inEnvironment('uv', 'uv');

/** Lets the library find uv. Without, it takes the pip of the machine, which installs for fewer releases. */
export function useUv(): void {
  process.env.PATH = [path.dirname(UV), process.env.PATH].join(path.delimiter);
}

/**
 * Why a test that needs a program of a virtual environment is skipped, or false. In CI nothing is skipped: there the test fails for want of
 * it.
 */
export function skippedWithout(program: string): string | false {
  return !process.env.CI && !existsSync(program) && missing(program);
}

/** What to say where a program of a virtual environment is not there. */
export function missing(program: string): string {
  return `${path.relative(VERIFICATION, program)} is not installed: \`npm run verify\` installs it, and \`npm run local\` what it needs itself, where there is Python 3.10 or later`;
}
