import { existsSync, Stats, statSync } from 'fs';
import { resolve } from 'path';
import { isLiteral, shown } from '../../private/checks';
import { whichDoesNotExist } from '../../private/paths';
import { read, text } from '../../private/reading';
import { ValidationError } from '../../private/validation-error';

export function existingFile(prop: string, path: string, what: string): string {
  return existing(prop, path, what, (kind) => kind.isFile());
}

export function existingDirectory(prop: string, path: string): string {
  return existing(prop, path, 'a directory', (kind) => kind.isDirectory());
}

function existing(prop: string, path: string, what: string, isRight: (kind: Stats) => boolean): string {
  const checkedPath = read(undefined, '', prop, path, text);
  const kind = isLiteral(checkedPath) && existsSync(checkedPath) ? statSync(checkedPath) : undefined;
  if (kind && isRight(kind)) { return resolve(checkedPath); }
  const why = kind ? `, which is ${kind.isDirectory() ? 'a directory' : 'no directory'}`
    : isLiteral(checkedPath) ? whichDoesNotExist(checkedPath) : '';
  throw new ValidationError([`\`${prop}\` must be ${what} that exists, got: ${shown(checkedPath)}${why}`]);
}
