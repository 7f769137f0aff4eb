import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'fs';
import { homedir, tmpdir } from 'os';
import { join, resolve } from 'path';
import { isWholeZip } from './zip';

/** Names the directory for archives that were built once. */
const CACHE_VARIABLE = 'CDK_SPARK_EMR_SERVERLESS_CACHE';

const DAY = 24 * 60 * 60 * 1000;
/** An archive that nobody used for so long is removed when another one is built. */
const KEPT = 90 * DAY;
/** No build takes so long. What is left of it was interrupted. */
const LONGEST_BUILD = DAY;
const BUILDING = 'building-';

/**
 * The archive of this name, which is built if it is not there. The name says everything that the archive depends on.
 *
 * An archive appears under its name when it is whole. Two processes may build the same one at the same time.
 */
export function cachedArchive(name: string, build: (workDirectory: string) => string): string {
  const fileName = `${name}.zip`;
  const known = [cacheDirectory(), ownDirectory].flatMap((directory) => directory ? join(directory, fileName) : []).find(isWholeZip);
  if (known !== undefined) {
    touch(known);
    return known;
  }
  const { directory, workDirectory } = writableDirectory();
  try {
    const archive = join(directory, fileName);
    move(build(workDirectory), archive);
    removeOld(directory);
    return archive;
  } finally {
    rmSync(workDirectory, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Where programs of this system keep what they can make again. */
function cacheDirectory(): string {
  const given = process.env[CACHE_VARIABLE];
  if (given) { return resolve(given); }
  const base = process.platform === 'win32' ? process.env.LOCALAPPDATA
    : process.platform === 'darwin' ? join(home(), 'Library', 'Caches')
      // a relative path means nothing here: https://specifications.freedesktop.org/basedir/latest/
      : process.env.XDG_CACHE_HOME?.startsWith('/') ? process.env.XDG_CACHE_HOME : join(home(), '.cache');
  return join(base || join(home(), 'AppData', 'Local'), 'cdk-spark-emr-serverless', 'python-packages');
}

function home(): string {
  try {
    return homedir();
  } catch {
    return tmpdir();
  }
}

/** The directory of this process alone, where the cache cannot be written. Others could write to a directory with a known name. */
let ownDirectory: string | undefined;

function writableDirectory(): { directory: string; workDirectory: string } {
  const directory = cacheDirectory();
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return { directory, workDirectory: mkdtempSync(join(directory, BUILDING)) };
  } catch {
    const own = ownDirectory && existsSync(ownDirectory) ? ownDirectory : newOwnDirectory();
    return { directory: own, workDirectory: mkdtempSync(join(own, BUILDING)) };
  }
}

function newOwnDirectory(): string {
  const own = mkdtempSync(join(tmpdir(), 'cdk-spark-emr-serverless-'));
  process.once('exit', () => rmSync(own, { recursive: true, force: true }));
  ownDirectory = own;
  return own;
}

function move(built: string, archive: string): void {
  try {
    renameSync(built, archive);
  } catch (error) {
    // Windows does not replace a file that somebody reads
    if (!isWholeZip(archive)) { throw error; }
  }
}

function touch(archive: string): void {
  const now = new Date();
  try {
    utimesSync(archive, now, now);
  } catch {
    // an archive that somebody else owns is removed some day, and built again
  }
}

function removeOld(directory: string): void {
  for (const name of readdirSync(directory)) {
    const maxAge = name.startsWith(BUILDING) ? LONGEST_BUILD : /^[0-9a-f]{64}\.zip$/.test(name) ? KEPT : Infinity;
    const path = join(directory, name);
    try {
      if (Date.now() - statSync(path).mtimeMs > maxAge) { rmSync(path, { recursive: true, force: true }); }
    } catch {
      // somebody else removed it
    }
  }
}
