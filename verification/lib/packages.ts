import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Architecture, EmrRelease, PythonPackages, SparkEmrServerlessJob, SparkEmrServerlessRuntime } from 'cdk-spark-emr-serverless';
import { PROGRAM } from './jobs';
import { pythonOf } from './spark';
import { useUv, VERIFICATION } from './tools';

/** A release whose Python and Spark the tests have, too. */
export const RELEASE = EmrRelease.EMR_SPARK_8_1_0;
const PYTHON = '3.11';

const REQUIREMENTS = path.join(VERIFICATION, 'spark', 'packages.txt');

/** What the packages are imported by. */
export const MODULES = ['numpy', 'pandas', 'pyarrow', 'slugify'];

useUv();

/** The processor of this machine. */
export const HERE = process.arch === 'arm64' ? Architecture.ARM64 : Architecture.X86_64;

/** Why packages cannot be imported here: the Spark of the tests has another Python than the release. */
export function skippedWithoutPython(): string | false {
  const python = execFileSync(pythonOf(RELEASE.sparkVersion!), ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' }).trim();
  return !process.env.CI && python !== PYTHON && `the Python packages are for Python ${PYTHON}, and this is Python ${python}`;
}

export interface PackagedJob {
  /** The archive with the packages, as it is uploaded. */
  readonly archive: string;
  /** The Spark properties of the job, with the path of the archive in place of its URI. */
  readonly properties: { readonly [key: string]: string };
}

/** A job with the packages, synthesized into a directory. */
export function packagedJob(architecture: Architecture, outdir: string): PackagedJob {
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
  const job = new SparkEmrServerlessJob(stack, 'Job', {
    runtime: new SparkEmrServerlessRuntime(stack, 'Spark', { release: RELEASE, architecture }),
    entryPoint: PROGRAM,
    pythonPackages: PythonPackages.fromRequirements(REQUIREMENTS),
  });
  app.synth();

  const { jobDriver } = stack.resolve(job.startJobRunRequest) as { jobDriver: { sparkSubmit: { sparkSubmitParameters: string } } };
  const { sparkSubmitParameters } = jobDriver.sparkSubmit;
  if (typeof sparkSubmitParameters !== 'string') { throw new Error(`not known: ${JSON.stringify(sparkSubmitParameters)}`); }
  const properties = Object.fromEntries([...sparkSubmitParameters.matchAll(/--conf ([^\s=]+)=(\S+)/g)].map(([, key, value]) => [key, value]));
  const [uri, directory] = properties['spark.archives'].split('#');
  const archive = path.join(outdir, `asset.${path.basename(uri)}`);
  return { archive, properties: { ...properties, 'spark.archives': `${archive}#${directory}` } };
}

type Found = { readonly [module: string]: string };

interface Imported {
  readonly driver: Found;
  readonly executors: Found[];
  readonly roots: number[];
}

/** Where the driver and the executors of a job find the packages, and the roots of four squares by pandas. */
export function importPackages({ archive, properties }: PackagedJob, workDirectory: string): Imported {
  const python = pythonOf(RELEASE.sparkVersion!);
  // EMR Serverless unpacks an archive into the working directory of the driver, and gives it these variables
  const directory = properties['spark.archives'].split('#')[1];
  execFileSync(python, ['-m', 'zipfile', '-e', archive, path.join(workDirectory, directory)]);
  const prefix = 'spark.emr-serverless.driverEnv.';
  const ofDriver = Object.entries(properties).filter(([key]) => key.startsWith(prefix));
  const env = Object.fromEntries(ofDriver.map(([key, value]) => [key.slice(prefix.length), value]));
  return JSON.parse(execFileSync(python, [path.join(VERIFICATION, 'spark', 'packages.py')], {
    input: JSON.stringify({ packages: MODULES, properties }),
    cwd: workDirectory,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  }));
}

/** For which processors the shared libraries of an archive are, with how many of them. */
export function binariesOf(archive: string): { [architecture: string]: number } {
  if (!fs.existsSync(archive)) { throw new Error(`no archive ${archive}`); }
  return JSON.parse(execFileSync(pythonOf(RELEASE.sparkVersion!), [path.join(VERIFICATION, 'spark', 'binaries.py'), archive], { encoding: 'utf8' }));
}
