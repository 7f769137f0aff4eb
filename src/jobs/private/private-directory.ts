import { statSync } from 'fs';
import { dirname } from 'path';

/**
 * Whether only this user and root can write to a directory and, if asked, replace it by writing to one above it. The path must have no
 * links in it. Windows has no such owners and modes, and keeps the directory for local data of a user to the user.
 */
export function isPrivate(directory: string, withThoseAbove: boolean): boolean {
  const user = process.getuid?.();
  if (user === undefined) { return true; }
  return protectionOf(directory, user) === 'private'
    && (!withThoseAbove || above(directory).every((path) => protectionOf(path, user) !== undefined));
}

/** In a sticky directory such as /tmp, all users may write, and nobody can replace what belongs to somebody else. */
function protectionOf(path: string, user: number): 'private' | 'sticky' | undefined {
  const { uid, gid, mode } = statSync(path);
  if (uid !== user && uid !== 0) { return undefined; }
  const [special, , group, others] = mode.toString(8).slice(-4);
  const mayWrite = (digit: string) => /[2367]/.test(digit);
  // where each user has a group alone, both have one number, and the group may write by default
  if (!mayWrite(others) && (!mayWrite(group) || gid === uid)) { return 'private'; }
  return /[1357]/.test(special) ? 'sticky' : undefined;
}

function above(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [] : [parent, ...above(parent)];
}
