import { existsSync, statSync } from 'fs';
import { resolve } from 'path';
import { isLiteral, shown } from '../../private/checks';
import { read, text } from '../../private/reading';
import { ValidationError } from '../../private/validation-error';

export function existingFile(prop: string, path: string, what: string): string {
  return existing(prop, path, what, (given) => statSync(given).isFile());
}

export function existingDirectory(prop: string, path: string): string {
  return existing(prop, path, 'a directory', (given) => statSync(given).isDirectory());
}

function existing(prop: string, path: string, what: string, isRight: (path: string) => boolean): string {
  const given = read(undefined, '', prop, path, text);
  if (!isLiteral(given) || !existsSync(given) || !isRight(given)) {
    throw new ValidationError([`\`${prop}\` must be ${what} that exists, got: ${shown(given)}`]);
  }
  return resolve(given);
}
