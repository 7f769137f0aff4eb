import { closeSync, fsyncSync, lstatSync, openSync, readdirSync, readFileSync, readSync, statSync, writeSync } from 'fs';
import { join } from 'path';
import { gzipSync } from 'zlib';
import { printable } from '../../private/printable';

// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
const END_LENGTH = 22;
const MAX_ENTRIES = 0xfffe;
const MAX_SIZE = 0xfffffffe;
/** Node.js reads no longer file as a whole. */
const MAX_FILE = 0x7fffffff;
const UTF_8 = 0x0800;
const DEFLATED = 8;
/** 1980-01-01, the first day that an archive can have. The same files make the same archive every day. */
const FIRST_DAY = 0x21;
const MADE_BY_UNIX = 0x0314;
const REGULAR_FILE = 0o100644;
/** With numpy, pandas and pyarrow, it takes half the time of the default level, and 4 % more space. */
const LEVEL = 4;

/** Archives the files of a directory that `includes` wants. */
export function zip(directory: string, archive: string, includes: (path: string) => boolean): void {
  const file = openSync(archive, 'w');
  const central: Buffer[] = [];
  let offset = 0;
  const write = (...parts: Buffer[]) => {
    for (const part of parts) {
      for (let written = 0; written < part.length;) { written += writeSync(file, part, written); }
      offset += part.length;
    }
  };
  const check = () => {
    const entries = central.length / 4;
    if (entries > MAX_ENTRIES || offset > MAX_SIZE) { throw new ArchiveTooLarge(`${entries} files in ${offset} bytes`); }
    return entries;
  };
  try {
    for (const path of filesIn(directory, '', includes)) {
      // no header can say where a file is that would begin later
      check();
      const name = Buffer.from(path);
      const { size } = statSync(join(directory, path));
      if (size > MAX_FILE) { throw new ArchiveTooLarge(`${printable(path)} of ${size} bytes`); }
      const content = readFileSync(join(directory, path));
      const { compressed, crc } = deflated(content);
      const common = numbers([2, UTF_8], [2, DEFLATED], [2, 0], [2, FIRST_DAY], [4, crc], [4, compressed.length], [4, content.length],
        [2, name.length], [2, 0]);
      central.push(numbers([4, CENTRAL_HEADER], [2, MADE_BY_UNIX], [2, 20]), common,
        numbers([2, 0], [2, 0], [2, 0], [4, REGULAR_FILE * 0x10000], [4, offset]), name);
      write(numbers([4, LOCAL_HEADER], [2, 20]), common, name, compressed);
    }
    const directoryOffset = offset;
    // a call cannot have so many arguments
    central.forEach((part) => write(part));
    const entries = check();
    write(numbers([4, END], [2, 0], [2, 0], [2, entries], [2, entries], [4, offset - directoryOffset], [4, directoryOffset], [2, 0]));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

export class ArchiveTooLarge extends Error {}

/** Whether a file is an archive to its end, and lacks no part. */
export function isWholeZip(archive: string): boolean {
  try {
    const end = readFileEnd(archive);
    const [size, offset] = [end.readUInt32LE(12), end.readUInt32LE(16)];
    return end.readUInt32LE(0) === END && offset + size + END_LENGTH === statSync(archive).size;
  } catch {
    return false;
  }
}

function readFileEnd(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const end = Buffer.alloc(END_LENGTH);
    const { size } = statSync(path);
    readSync(file, end, 0, END_LENGTH, size - END_LENGTH);
    return end;
  } finally {
    closeSync(file);
  }
}

/** A gzip file is a header of 10 bytes, the compressed content, its checksum and its length. */
function deflated(content: Buffer): { compressed: Buffer; crc: number } {
  const gzip = gzipSync(content, { level: LEVEL });
  return { compressed: gzip.subarray(10, -8), crc: gzip.readUInt32LE(gzip.length - 8) };
}

/** Numbers of 2 and 4 bytes. */
function numbers(...fields: [size: 2 | 4, value: number][]): Buffer {
  const buffer = Buffer.alloc(fields.reduce((sum, [size]) => sum + size, 0));
  fields.reduce((at, [size, value]) => buffer.writeUIntLE(value, at, size), 0);
  return buffer;
}

/** The regular files in a directory, by their paths with slashes, in the same order everywhere. A link to a file counts as the file. */
function* filesIn(root: string, path: string, includes: (path: string) => boolean): Iterable<string> {
  for (const name of readdirSync(join(root, path)).sort()) {
    const inner = path === '' ? name : `${path}/${name}`;
    if (!includes(inner)) { continue; }
    const full = join(root, inner);
    const stats = lstatSync(full);
    if (stats.isDirectory()) {
      yield* filesIn(root, inner, includes);
    } else if (stats.isFile() || (stats.isSymbolicLink() && statSync(full, { throwIfNoEntry: false })?.isFile())) {
      yield inner;
    }
  }
}
