import { existsSync } from 'node:fs';
import * as path from 'node:path';

/** The folder of this package. */
export const VERIFICATION = path.join(__dirname, '..');

/**
 * Why a test that needs a program of a virtual environment is skipped, or false. In CI nothing is skipped: there the test fails for want of it.
 */
export function skippedWithout(file: string): string | false {
  const venv = path.relative(VERIFICATION, file).split(path.sep)[0];
  return !process.env.CI && !existsSync(file) && `verification/${venv} is not installed, \`npm run verify\` does it`;
}
