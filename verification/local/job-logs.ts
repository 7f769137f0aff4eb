import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** The end of a log. Nothing where a job removed it, or put a link, a pipe or a folder in its place. */
export function contentOf(path: string, lastBytes = Infinity): string {
  let file: number | undefined;
  try {
    // eslint-disable-next-line no-bitwise -- it takes its flags as bits
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    const stats = fstatSync(file);
    if (!stats.isFile()) { return ''; }
    const content = Buffer.alloc(Math.min(stats.size, lastBytes));
    const length = readSync(file, content, 0, content.length, stats.size - content.length);
    return content.toString('utf8', 0, length);
  } catch {
    return '';
  } finally {
    if (file !== undefined) { closeSync(file); }
  }
}
