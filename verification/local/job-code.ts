import { copyFileSync, createWriteStream, existsSync, mkdirSync } from 'node:fs';
import * as path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { Credentials } from './sessions';
import { leftOut, Properties } from './spark-properties';

/** The role may not read the code of the job, or the code is not there. The message has the words of Amazon S3. */
export class CodeNotReadable extends Error {}

/** Who reads the code, and where it comes to. */
export interface Reader {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  /** Gets what was downloaded. */
  readonly folder: string;
  /** The working directory of the driver. */
  readonly workDirectory: string;
  /** What has the path `/usr/lib/spark` in the image of EMR Serverless. */
  readonly sparkHome: string;
  readonly signal: AbortSignal;
}

export interface Archive {
  readonly file: string;
  /** Where the archive comes to in the working directory. */
  readonly directory: string;
}

export interface LocalCode {
  readonly entryPoint: string;
  /** The lists of the job, with files of this machine. */
  readonly properties: Properties;
  readonly archives: readonly Archive[];
  readonly warnings: readonly string[];
}

const ARCHIVES = 'spark.archives';
const LISTS = ['spark.submit.pyFiles', 'spark.files', 'spark.jars', ARCHIVES];

const IMAGE = '/usr/lib/spark/';

/** Fetches what the job names in S3, as its execution role. What is elsewhere, Spark fetches itself. */
export async function fetchCode(entryPoint: string, properties: Properties, reader: Reader): Promise<LocalCode> {
  const { endpoint, region, credentials, sparkHome, workDirectory } = reader;
  const s3 = new S3Client({
    endpoint, region, credentials, forcePathStyle: true, maxAttempts: 2, responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const fetched = new Map<string, Promise<string>>();
  const fetchOnce = (uri: string) => {
    if (!fetched.has(uri)) { fetched.set(uri, fetchObject(s3, uri, path.join(reader.folder, `${fetched.size}`), reader.signal)); }
    return fetched.get(uri)!;
  };
  const locate = async (uri: string) => isInS3(uri) ? fetchOnce(uri) : inImage(uri, sparkHome) ?? (isUrl(uri) ? uri : undefined);
  try {
    const program = await locate(entryPoint);
    if (program === undefined) {
      throw new CodeNotReadable(`${entryPoint} is in the image of EMR Serverless only, which is not on this machine.`);
    }

    const lists: Record<string, string> = {};
    const archives: Archive[] = [];
    const missing: string[] = [];
    for (const key of LISTS.filter((one) => properties[one])) {
      const found: string[] = [];
      for (const item of properties[key].split(',').map((one) => one.trim()).filter((one) => one)) {
        const [uri, alias] = item.split('#', 2);
        const file = await locate(uri);
        if (file === undefined) {
          missing.push(uri);
        } else {
          found.push(alias ? `${file}#${alias}` : file);
          // where the driver of EMR Serverless has them too
          if (key === ARCHIVES && path.isAbsolute(file)) {
            archives.push({ file, directory: path.relative(workDirectory, inside(workDirectory, alias || path.basename(file), item)) });
          } else if (path.isAbsolute(file)) {
            copyFileSync(file, inside(workDirectory, alias || path.basename(file), item));
          }
        }
      }
      lists[key] = found.join(',');
    }
    return {
      entryPoint: program,
      properties: lists,
      archives,
      warnings: missing.length === 0 ? [] : [leftOut([...new Set(missing)], 'the image of EMR Serverless is not on this machine')],
    };
  } finally {
    s3.destroy();
  }
}

/** A pattern names more than one object. Spark looks for them, as the role too. */
function isInS3(uri: string): boolean {
  return /^s3[an]?:\/\//.test(uri) && !/[*?[\]{}]/.test(uri);
}

function isUrl(uri: string): boolean {
  return /^\w+:\/\//.test(uri) && !/^(file|local):/.test(uri);
}

function inImage(uri: string, sparkHome: string): string | undefined {
  const location = uri.replace(/^(file|local):(\/\/)?/, '');
  const file = location.startsWith(IMAGE) ? inside(sparkHome, location.slice(IMAGE.length), uri) : undefined;
  return file !== undefined && existsSync(file) ? file : undefined;
}

/** The file of this name in a folder. What the name is from is for the sentence. */
export function inside(folder: string, name: string, from: string): string {
  const file = path.resolve(folder, name);
  if (file.startsWith(folder + path.sep)) { return file; }
  throw new CodeNotReadable(`${from} is outside of the folder into which EMR Serverless puts it.`);
}

async function fetchObject(s3: S3Client, uri: string, folder: string, abortSignal: AbortSignal): Promise<string> {
  const [, bucket, key] = /^s3[an]?:\/\/([^/]*)\/?(.*)$/.exec(uri)!;
  const file = inside(folder, path.posix.basename(key) || 'object', uri);
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal });
    mkdirSync(folder, { recursive: true });
    await pipeline(Body as Readable, createWriteStream(file), { signal: abortSignal });
    return file;
  } catch (error) {
    if (!(error instanceof S3ServiceException)) { throw error; }
    throw new CodeNotReadable(`${uri}: ${error.name}: ${error.message}`);
  }
}
