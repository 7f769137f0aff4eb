import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { PythonTarget } from './python-target';
import { LEFT_OUT, normalized } from './requirements';

/** Files of `*.dist-info` that differ between two installations of the same packages, and that nobody reads at run time. */
const OF_THE_INSTALLATION = ['RECORD', 'INSTALLER', 'REQUESTED', 'direct_url.json', 'uv_cache.json', 'uv_build.json'];

/**
 * Whether an installed file belongs into the archive. Programs have the path of an interpreter in their first line, and compiled modules
 * have the time of their compilation. Amazon EMR has PySpark of its own.
 */
export function isNeeded(path: string): boolean {
  const [top, ...rest] = path.split('/');
  const name = rest.length === 0 ? top : rest[rest.length - 1];
  return !['bin', '.lock'].includes(top)
    && name !== '__pycache__'
    && !LEFT_OUT.includes(top.endsWith('.dist-info') ? normalized(distributionOf(top)) : top)
    && !(top.endsWith('.dist-info') && OF_THE_INSTALLATION.includes(rest.join('/')));
}

function distributionOf(distInfo: string): string {
  return distInfo.split('-')[0];
}

/** The installed distributions that the target cannot import, by what their wheels are for. */
export function incompatibleDistributions(directory: string, target: PythonTarget): string[] {
  return readdirSync(directory).filter((name) => name.endsWith('.dist-info') && isNeeded(name)).sort().flatMap((name) => {
    const tags = tagsOf(join(directory, name, 'WHEEL'));
    return tags.length === 0 || tags.some((tag) => isFor(tag, target)) ? [] : [`${name.slice(0, -'.dist-info'.length)} for ${tags[0]}`];
  });
}

function tagsOf(file: string): string[] {
  return existsSync(file) ? [...readFileSync(file, 'utf8').matchAll(/^Tag:\s*(\S+)\s*$/gm)].map(([, tag]) => tag) : [];
}

/** https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/ */
function isFor(tag: string, { pythonVersion, machine }: PythonTarget): boolean {
  const [pythons, abis, platforms] = tag.split('-').map((part) => part.split('.'));
  if (!platforms) { return true; }
  const minor = Number(pythonVersion.split('.')[1]);
  const isPython = pythons.some((python) => /^py[23]/.test(python)
    || python === `cp3${minor}`
    || (abis.includes('abi3') && Number(/^cp3(\d+)$/.exec(python)?.[1]) <= minor));
  return isPython && platforms.some((platform) => platform === 'any' || (/^manylinux/.test(platform) && platform.endsWith(`_${machine}`)));
}
