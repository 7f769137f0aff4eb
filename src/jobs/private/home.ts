import { homedir } from 'os';
import { isAbsolute, join } from 'path';

/** A path below the home of the user. Not every user has one, for example in a container, and a variable that is empty is no home. */
export function inHome(...path: string[]): string | undefined {
  try {
    return isAbsolute(homedir()) ? join(homedir(), ...path) : undefined;
  } catch {
    return undefined;
  }
}
