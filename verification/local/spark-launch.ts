import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import { LocalCode } from './job-code';
import { LocalPackages } from './local-packages';
import { forJobs } from './machine-environment';
import { Credentials } from './sessions';
import { Asked, leftOut, Properties } from './spark-properties';
import { LocalSpark } from './spark-release';
import { CACHE } from '../lib/tools';

interface Launch {
  readonly request: {
    readonly jobDriver: { readonly sparkSubmit: { readonly entryPointArguments?: string[] } };
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: Credentials;
    readonly folder: string;
  };
  readonly wanted: Asked;
  readonly code: LocalCode;
  readonly packages: LocalPackages;
  readonly spark: LocalSpark;
  readonly workDirectory: string;
}

interface Launched {
  /** spark-submit with its arguments. */
  readonly args: string[];
  readonly env: Properties;
  readonly warnings: string[];
}

const EXECUTOR_ENVIRONMENT = 'spark.executorEnv.';
const DRIVER_PATHS = ['PYSPARK_DRIVER_PYTHON', 'PYSPARK_PYTHON', 'JAVA_HOME'];
const PATHS = ['spark.pyspark.driver.python', 'spark.pyspark.python', ...DRIVER_PATHS.map((name) => `${EXECUTOR_ENVIRONMENT}${name}`)];

/** By the line of Spark. */
const CREDENTIALS_PROVIDERS = new Map([
  ['3.5', 'com.amazonaws.auth.EnvironmentVariableCredentialsProvider'],
  ['4.1', 'software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider'],
]);

/** Says how to start Spark, and writes the properties that it reads. */
export function launch(job: Launch): Launched {
  const { request: { folder, jobDriver: { sparkSubmit } }, wanted, code, spark } = job;
  const { properties, driverEnvironment, warnings } = withLocalPaths(job);
  const temporary = path.join(folder, 'tmp');
  mkdirSync(temporary);
  mkdirSync(home(folder));
  const file = path.join(folder, 'spark-defaults.conf');
  writeFileSync(file, rendered({ ...properties, ...localProperties(properties, temporary, job) }), { mode: 0o600 });
  return {
    args: [
      path.join(spark.home, 'bin', 'spark-submit'),
      '--properties-file', file,
      ...wanted.className === undefined ? [] : ['--class', wanted.className],
      code.entryPoint,
      ...sparkSubmit.entryPointArguments ?? [],
    ],
    env: environment(driverEnvironment, temporary, job),
    warnings,
  };
}

/** Interpreters that are in the image or do not run here give way to the ones of this machine, which then find the packages. */
function withLocalPaths({ wanted, code, packages: { foreignEnvironments }, workDirectory }: Launch) {
  const isForeign = (value: string | undefined) => {
    if (value === undefined) { return false; }
    // a name without a path is a program of the image
    const file = path.resolve(workDirectory, value);
    return foreignEnvironments.some(({ directory }) => file.startsWith(directory + path.sep)) || !existsSync(file);
  };
  const properties: Record<string, string> = { ...wanted.properties, ...code.properties };
  const driverEnvironment: Record<string, string> = { ...wanted.driverEnvironment };
  const foreign = [
    ...DRIVER_PATHS.filter((name) => isForeign(driverEnvironment[name])).map((name) => [driverEnvironment, name] as const),
    ...PATHS.filter((key) => isForeign(properties[key])).map((key) => [properties, key] as const),
  ];
  const names = [...new Set(foreign.map(([map, key]) => map[key]))];
  foreign.forEach(([map, key]) => { delete map[key]; });

  const sitePackages = foreignEnvironments.map((one) => one.sitePackages);
  if (sitePackages.length > 0) {
    const add = (map: Record<string, string>, key: string) => {
      map[key] = [...map[key] ? [map[key]] : [], ...sitePackages].join(path.delimiter);
    };
    add(driverEnvironment, 'PYTHONPATH');
    add(properties, `${EXECUTOR_ENVIRONMENT}PYTHONPATH`);
  }
  return {
    properties,
    driverEnvironment,
    warnings: names.length === 0 ? [] : [leftOut(names, 'it does not run on this machine, whose own Python and Java run the job')],
  };
}

/** What a job of this machine has instead of what EMR Serverless sets. */
function localProperties(given: Properties, temporary: string, { request: { folder, endpoint, region }, spark }: Launch): Properties {
  const joined = (key: string, separator: string, own: string) => given[key] ? `${given[key]}${separator}${own}` : own;
  const java = { 'java.io.tmpdir': temporary, 'user.home': home(folder) };
  return {
    'spark.master': `local[${Math.min(availableParallelism(), 2)}]`,
    'spark.driver.memory': '1g',
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.ui.enabled': 'false',
    'spark.local.dir': temporary,
    // a small job ends before the better compiler pays: this takes half of the time
    'spark.driver.defaultJavaOptions': joined('spark.driver.defaultJavaOptions', ' ',
      ['-XX:TieredStopAtLevel=1', ...Object.entries(java).map(([key, value]) => `"-D${key}=${value}"`)].join(' ')),
    // those of the user come first
    'spark.driver.extraClassPath': joined('spark.driver.extraClassPath', path.delimiter, spark.s3Jars.join(path.delimiter)),
    'spark.jars.ivy': path.join(CACHE, 'ivy'),
    'spark.hadoop.fs.s3.impl': 'org.apache.hadoop.fs.s3a.S3AFileSystem',
    'spark.hadoop.fs.s3a.endpoint': endpoint,
    'spark.hadoop.fs.s3a.endpoint.region': region,
    'spark.hadoop.fs.s3a.path.style.access': 'true',
    'spark.hadoop.fs.s3a.connection.ssl.enabled': 'false',
    'spark.hadoop.fs.s3a.aws.credentials.provider': CREDENTIALS_PROVIDERS.get(spark.line)!,
    // a directory of its own would need the right to delete
    'spark.hadoop.fs.s3a.directory.marker.retention': 'keep',
    // nothing gets lost between two processes of one machine, and a refusal comes at once
    'spark.hadoop.fs.s3a.attempts.maximum': '2',
    'spark.hadoop.fs.s3a.retry.limit': '2',
    'spark.hadoop.fs.s3a.retry.interval': '100ms',
    // as EMR has it for S3
    ...!given['spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version']
      && { 'spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version': '2' },
  };
}

/** Not the folder that has the logs, which a job must not find there. */
function home(folder: string): string {
  return path.join(folder, 'home');
}

function environment(driverEnvironment: Properties, temporary: string, { request, spark }: Launch): Properties {
  const { folder, endpoint, region, credentials: { accessKeyId, secretAccessKey, sessionToken } } = request;
  return {
    ...forJobs(),
    // as in the images of EMR Serverless
    TZ: 'UTC',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    PYSPARK_PYTHON: spark.python,
    ...spark.java,
    ...driverEnvironment,
    HOME: home(folder),
    TMPDIR: temporary,
    SPARK_HOME: spark.home,
    SPARK_LOCAL_IP: '127.0.0.1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_ENDPOINT_URL: endpoint,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** In the format of java.util.Properties. */
function rendered(properties: Properties): string {
  const escaped = (text: string) => text.replace(/[\\\r\n]/g, (character) => ({ '\\': '\\\\', '\r': '\\r', '\n': '\\n' })[character]!);
  return Object.entries(properties).filter(([, value]) => value !== '')
    .map(([key, value]) => `${escaped(key).replace(/[\s:=#!]/g, '\\$&')}=${escaped(value)}\n`).join('');
}
