import { isAbsolute } from 'path';
import { isLiteral, shown } from './checks';

/** What a message says after a path where nothing is. A relative one may have been meant for another directory. */
export function whichDoesNotExist(path: string): string {
  return `, which does not exist${isLiteral(path) && !isAbsolute(path) ? ` in the working directory ${shown(process.cwd())}` : ''}`;
}
