import { existsSync, readFileSync } from 'fs';
import { basename, dirname, join } from 'path';
import { inHome } from './home';
import { urlsWithoutCredentials } from './index-urls';
import { normalized } from './requirements';
import { shown } from '../../private/checks';
import { ValidationError } from '../../private/validation-error';

// What uv reads beside its arguments: https://docs.astral.sh/uv/concepts/configuration-files/

const CONFIGURATION = 'uv.toml';
const PROJECT = 'pyproject.toml';

/**
 * What the configuration of a project says, which uv finds in the nearest directory that has one. It is the same in every checkout, and may
 * name another index, so it is in the hash. The configuration of a user and of a machine is not.
 */
export function projectConfiguration(directory: string): string[] {
  const nearest = withThoseAbove(directory).map((path) => content(join(path, CONFIGURATION)) || uvTables(content(join(path, PROJECT))))
    .find((text) => text !== '');
  return nearest === undefined ? [] : significantLines(urlsWithoutCredentials(nearest));
}

/** The tables of uv in a file that has those of others too. */
function uvTables(text: string): string {
  return text.split(/^(?=\s*\[)/m).filter((table) => /^\s*\[\[?\s*tool\s*\.\s*uv\s*[.\]]/.test(table)).join('');
}

function significantLines(text: string): string[] {
  return text.split(/\r\n|\r|\n/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
}

/** In uv, packages that the configuration names win over `--only-binary :all:`, and over every other argument. */
export function refuseBuilds(directory: string, sourceDistributions: readonly string[]): void {
  // `:none:` takes back what is named before it
  const allowed = [...sourceDistributions, ':none:'].map(normalized);
  for (const file of configurationFiles(directory)) {
    for (const [, value] of content(file).matchAll(/^[^#\n]*\bno-binary(?:-package)?["']?\s*=\s*(\[[^\]]*\]|[^\s,}]*)/gm)) {
      const missing = [...value.matchAll(/["']([^"']*)["']/g)].map(([, name]) => name).filter((name) => !allowed.includes(normalized(name)));
      if (value === 'false' || (value.startsWith('[') && missing.length === 0)) { continue; }
      const namesAll = missing.length === 0 || missing.includes(':all:');
      throw new ValidationError([`\`sourceDistributions\` must name all packages that \`no-binary\` in ${basename(file)} names, got:`
        + ` ${namesAll ? '`no-binary` for all packages' : `without ${missing.map(shown).join(', ')}`}`]);
    }
  }
}

function configurationFiles(directory: string): string[] {
  const { UV_CONFIG_FILE: named, XDG_CONFIG_HOME, XDG_CONFIG_DIRS, APPDATA, PROGRAMDATA } = process.env;
  if (named) { return [named]; }
  const ofUserAndMachine = process.platform === 'win32' ? [APPDATA, PROGRAMDATA]
    : [XDG_CONFIG_HOME || inHome('.config'), ...(XDG_CONFIG_DIRS || '/etc/xdg').split(':'), '/etc'];
  return [
    ...withThoseAbove(directory).flatMap((path) => [join(path, CONFIGURATION), join(path, PROJECT)]),
    ...ofUserAndMachine.flatMap((path) => path ? join(path, 'uv', CONFIGURATION) : []),
  ];
}

function withThoseAbove(directory: string): string[] {
  const above = dirname(directory);
  return above === directory ? [directory] : [directory, ...withThoseAbove(above)];
}

function content(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
