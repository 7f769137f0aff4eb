import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync, statSync, utimesSync } from 'fs';
import { hostname, tmpdir } from 'os';
import { join, resolve } from 'path';
import { inHome } from './home';
import { isPrivate } from './private-directory';
import { isWholeZip } from './zip';
import { printable } from '../../private/printable';

/** Names the directory for archives that were built once. */
const CACHE_VARIABLE = 'CDK_SPARK_EMR_SERVERLESS_CACHE';

const DAY = 24 * 60 * 60 * 1000;
/** An archive that nobody used for so long is removed when another one is built. */
const KEPT = 90 * DAY;
/** No build takes so long. What is left of it was interrupted. */
const LONGEST_BUILD = DAY;

/** The start of the names of the directories of builds. Machines and containers may share a home, but not the numbers of processes. */
const BUILDING = `building-${hostname().replace(/[^\w.-]/g, '_')}-`;

/**
 * The archive of this name, which is built if it is not there. The name says everything that the archive depends on.
 *
 * An archive appears under its name when it is whole. Two processes may build the same one at the same time.
 */
export function cachedArchive(name: string, build: (workDirectory: string) => string): string {
  const fileName = `${name}.zip`;
  const cache = safeCache();
  const cached = [cache, ownDirectory].flatMap((directory) => directory ? join(directory, fileName) : []).find(isWholeZip);
  if (cached !== undefined) {
    touch(cached);
    return cached;
  }
  const { directory, workDirectory } = startBuild(cache);
  try {
    const archive = join(directory, fileName);
    move(build(workDirectory), archive);
    return archive;
  } finally {
    rmSync(workDirectory, { recursive: true, force: true, maxRetries: 3 });
  }
}

interface CacheDirectory {
  readonly path: string;
  /** Whether the user named the directory, and knows who can write to those above it. */
  readonly isGiven: boolean;
}

/** Where programs of this system keep what they can make again. There is no such place without a home. */
function cacheDirectory(): CacheDirectory | undefined {
  const named = process.env[CACHE_VARIABLE];
  if (named) { return { path: resolve(named), isGiven: true }; }
  const base = process.platform === 'win32' ? process.env.LOCALAPPDATA || inHome('AppData', 'Local')
    : process.platform === 'darwin' ? inHome('Library', 'Caches')
      // a relative path means nothing here: https://specifications.freedesktop.org/basedir/latest/
      : process.env.XDG_CACHE_HOME?.startsWith('/') ? process.env.XDG_CACHE_HOME : inHome('.cache');
  return base === undefined ? undefined : { path: join(base, 'cdk-spark-emr-serverless', 'python-packages'), isGiven: false };
}

/** The cache, unless others could put an archive there, which would run as the code of a job. */
function safeCache(): string | undefined {
  const cache = cacheDirectory();
  if (cache === undefined) { return undefined; }
  try {
    mkdirSync(cache.path, { recursive: true, mode: 0o700 });
    // no link on the way can lead elsewhere after the check
    const directory = realpathSync(cache.path);
    return isPrivate(directory, !cache.isGiven) ? directory : undefined;
  } catch {
    return undefined;
  }
}

/** The directory of this process alone, where there is no cache that can be used. */
let ownDirectory: string | undefined;
let isKept = false;

/** Leaves the archives of this process to the deployment. */
export function keepArchives(): void {
  isKept = true;
}

function startBuild(cache: string | undefined): { directory: string; workDirectory: string } {
  try {
    if (cache !== undefined) {
      const workDirectory = mkdtempSync(join(cache, `${BUILDING}${process.pid}-`));
      removeOld(cache);
      return { directory: cache, workDirectory };
    }
  } catch {
    // it cannot be written
  }
  const unused = cacheDirectory();
  process.stderr.write(`The Python packages will be installed again at the next synthesis, because ${unused
    ? `${printable(unused.path)} is not a directory that only this user can write to`
    : `this user has no home directory. Set ${CACHE_VARIABLE} to a directory for the cache`}.\n`);
  const directory = ownDirectory && existsSync(ownDirectory) ? ownDirectory : newOwnDirectory();
  return { directory, workDirectory: mkdtempSync(join(directory, `${BUILDING}${process.pid}-`)) };
}

function newOwnDirectory(): string {
  const own = mkdtempSync(join(tmpdir(), 'cdk-spark-emr-serverless-'));
  process.once('exit', () => {
    if (!isKept) { rmSync(own, { recursive: true, force: true }); }
  });
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
    const maxAge = wasInterrupted(name) ? -Infinity : name.startsWith('building-') ? LONGEST_BUILD : /^[0-9a-f]{64}\.zip$/.test(name) ? KEPT : Infinity;
    const path = join(directory, name);
    try {
      if (Date.now() - statSync(path).mtimeMs > maxAge) { rmSync(path, { recursive: true }); }
    } catch {
      // somebody else removed it
    }
  }
}

/** Whether the process that built in a directory of this name has ended, and could not remove it. */
function wasInterrupted(name: string): boolean {
  const pid = name.startsWith(BUILDING) ? /^\d+(?=-\w+$)/.exec(name.slice(BUILDING.length)) : null;
  if (pid === null) { return false; }
  try {
    return !process.kill(Number(pid[0]), 0);
  } catch (error) {
    // another user may have a process of this number
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
