import * as assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { java, pythonOf } from '../lib/spark';
import { skippedWithout, UV, VERIFICATION } from '../lib/tools';
import { failure, lastExceptions } from '../local/failure';
import { fetchCode, inside } from '../local/job-code';
import { contentOf } from '../local/job-logs';
import { unpackArchives } from '../local/local-packages';
import { withoutAws } from '../local/machine-environment';
import { Moto, PYTHON as MOTO } from '../local/moto';
import { asked, Configuration, Sources } from '../local/spark-properties';
import { lineOfRelease } from '../local/spark-release';
import { CodeNotReadable, InvalidParameters, runSpark, SparkRequest, SparkRun, skippedWithoutSparkOf } from '../local/spark-run';
import { readSparkSubmitParameters } from '../local/spark-submit-parameters';
import { supervised } from '../local/supervised';

const OLD = 'emr-7.14.0';
const NEW = 'emr-spark-8.2.0';
const REGION = 'eu-west-1';
const CREDENTIALS = { accessKeyId: 'ASIAEXECUTION', secretAccessKey: 'not checked', sessionToken: 'of the session' };
const JOBS = path.join(VERIFICATION, 'spark');

// --- what a request asks for ---

const defaults = (properties: Record<string, string>): Configuration[] => [{ classification: 'spark-defaults', properties }];

function askedBy(sparkSubmitParameters?: string, sources: Partial<Sources> = {}) {
  return asked({
    releaseLabel: OLD,
    jobDriver: { sparkSubmit: { sparkSubmitParameters } },
    applicationConfigurations: [],
    jobConfigurations: [],
    ...sources,
  });
}

test('the parameters of spark-submit are split at blanks, and double quotes keep blanks', () => {
  assert.deepEqual(readSparkSubmitParameters('--class org.example.Main  --conf spark.a=1\n--conf "spark.b=2 3" --conf spark.c="4 \'5\' 6"'
    + ' --conf spark.d=x=y --name="a b" --py-files s3://b/a.py,s3://b/c.zip --verbose --conf spark.e=a\\"b'), {
    className: 'org.example.Main',
    properties: {
      'spark.a': '1',
      'spark.b': '2 3',
      'spark.c': "4 '5' 6",
      'spark.d': 'x=y',
      'spark.e': 'a\\"b',
      'spark.app.name': 'a b',
      'spark.submit.pyFiles': 's3://b/a.py,s3://b/c.zip',
    },
    leftOut: ['--verbose'],
  });
  const { properties } = readSparkSubmitParameters('--jars s3://b/new.jar --conf spark.jars=s3://b/old.jar');
  assert.deepEqual(properties, { 'spark.jars': 's3://b/new.jar' });
  assert.deepEqual(readSparkSubmitParameters().properties, {});
});

for (const [parameters, message] of [
  ['--conf', "Missing argument for option '--conf'."],
  ['--conf spark.a', "Spark config without '=': spark.a"],
  ['--magic 1', 'Unrecognized option: --magic'],
  ['--conf "spark.a=1', 'The parameters of spark-submit have a double quote that does not end.'],
  ['--master local', "Option 'spark.master' is not supported"],
  ['--conf spark.master=yarn', "Option 'spark.master' is not supported"],
  ['--deploy-mode client', "Option 'spark.submit.deployMode' is not supported"],
]) {
  test(`${parameters} is refused`, () => {
    assert.throws(() => askedBy(parameters), (error) => error instanceof InvalidParameters && error.message === message);
  });
}

for (const [releaseLabel, both] of [
  [OLD, undefined], ['emr-spark-8.0.0', undefined], ['emr-spark-8.1.0', 'application'], [NEW, 'application'],
] as const) {
  test(`${releaseLabel}: the job's classification ${both ? 'is merged into' : 'replaces'} the one of the application`, () => {
    const applicationConfigurations = defaults({ 'spark.a': 'application', 'spark.b': 'application', 'spark.c': 'application' });
    const jobConfigurations = defaults({ 'spark.b': 'job', 'spark.c': 'job' });
    const { properties } = askedBy('--conf spark.c=parameters', { releaseLabel, applicationConfigurations, jobConfigurations });
    assert.deepEqual(properties, { ...both && { 'spark.a': both }, 'spark.b': 'job', 'spark.c': 'parameters' });
    // another classification replaces nothing
    const hive = [{ classification: 'hive-site' }];
    const others = askedBy('--conf spark.c=parameters', { releaseLabel, applicationConfigurations, jobConfigurations: hive });
    assert.deepEqual(others.properties, { 'spark.a': 'application', 'spark.b': 'application', 'spark.c': 'parameters' });
    assert.deepEqual(others.warnings, ['hive-site is left out, because only the classification spark-defaults means something here.']);
  });
}

test('what exists on EMR Serverless only is left out with a sentence', () => {
  const { properties, driverEnvironment, warnings } = askedBy('--executor-memory 8g --conf spark.dynamicAllocation.maxExecutors=9'
    + ' --conf spark.emr-serverless.driver.disk=30g --conf spark.emr-serverless.driverEnv.DATA=s3://b --conf spark.executorEnv.DATA=s3://b'
    + ' --conf spark.password=EMR.secret@name --conf spark.emr-serverless.lakeformation.enabled=true'
    + ' --conf spark.aws.serverlessStorage.enabled=true'
    + ' --conf spark.hadoop.hive.metastore.client.factory.class=com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory'
    + ' --conf spark.ssl.enabled=true --conf spark.hadoop.fs.s3a.endpoint=s3.amazonaws.com --conf spark.hadoop.fs.s3a.threads.max=3');
  assert.deepEqual(properties, { 'spark.executorEnv.DATA': 's3://b', 'spark.hadoop.fs.s3a.threads.max': '3' });
  assert.deepEqual(driverEnvironment, { DATA: 's3://b' });
  assert.deepEqual(warnings.map((warning) => warning.split(' left out, because ')[0]).sort(), [
    'spark.aws.serverlessStorage.enabled is',
    'spark.dynamicAllocation.maxExecutors, spark.emr-serverless.driver.disk, spark.executor.memory are',
    'spark.emr-serverless.lakeformation.enabled is',
    'spark.hadoop.fs.s3a.endpoint is',
    'spark.hadoop.hive.metastore.client.factory.class is',
    'spark.password is',
    'spark.ssl.enabled is',
  ]);
});

test('a release has the Spark of its line, or is refused by name', () => {
  assert.deepEqual(['emr-7.0.0', OLD, 'emr-7.99.0', 'emr-spark-8.1.0', NEW].map(lineOfRelease), ['3.5', '3.5', '3.5', '4.1', '4.1']);
  const here = 'and this machine runs the releases with Spark 3.5 and 4.1 (emr-7.x, emr-spark-8.1.0, emr-spark-8.2.0)';
  for (const [label, version] of [
    ['emr-6.15.0', 'Spark 3.4.1'], ['emr-spark-8.0.0', 'Spark 4.0.2'], ['emr-spark-8.0-preview', 'Spark 4.0.1'],
    ['emr-spark-9.0.0', 'a version of Spark that is not known here'],
  ]) {
    assert.throws(() => lineOfRelease(label), { message: `${label} has ${version}, ${here}` });
  }
});

test('the reason is the last exception, without its stack', () => {
  const ofPython = ['a line of the job', 'Traceback (most recent call last):', '  File "/job.py", line 1, in <module>', '    main()',
    "ValueError: no orders for 'IE'", ''];
  const ofJava = ['26/11/28 10:00:00 INFO x: y', 'Exception in thread "main" org.apache.spark.SparkException: Job aborted',
    '\tat org.example.Main', 'Caused by: java.io.IOException: full', '\t... 3 more', '26/11/28 10:00:00 INFO ShutdownHookManager: bye'];
  const last = (stdout: string[], stderr: string[]) => lastExceptions({ stdout: stdout.join('\n'), stderr: stderr.join('\n') });

  assert.equal(last(ofPython, ofJava), "ValueError: no orders for 'IE'");
  assert.equal(last([...ofPython, 'During handling of the above exception, another exception occurred:', '',
    'Traceback (most recent call last):', '  File "/job.py", line 2, in <module>', 'py4j.protocol.Py4JJavaError: An error occurred while calling o1.json.',
    ': java.nio.file.AccessDeniedException: s3://b/k: getFileStatus', '\tat org.apache.hadoop.fs.s3a.S3AUtils',
    'Caused by: AmazonS3Exception: Forbidden', '\t... 9 more', ''], []), 'py4j.protocol.Py4JJavaError: An error occurred while calling o1.json.\n'
    + ': java.nio.file.AccessDeniedException: s3://b/k: getFileStatus\nCaused by: AmazonS3Exception: Forbidden');
  assert.equal(last(['  File "/job.py", line 1', '    def x(:', '          ^', 'SyntaxError: invalid syntax', ''], []),
    'SyntaxError: invalid syntax');
  assert.equal(last(['a line of the job'], ofJava),
    'Exception in thread "main" org.apache.spark.SparkException: Job aborted\nCaused by: java.io.IOException: full');
  assert.equal(last([], ['26/11/28 10:00:00 ERROR SparkSubmit: Failed to load class Main.', '26/11/28 10:00:00 INFO x: y']),
    'SparkSubmit: Failed to load class Main.');
  assert.equal(last([], ['26/11/28 10:00:00 INFO x: y']), undefined);
});

test('a job that removed its logs, or put something else in their place, has a reason, too', () => {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'local-logs-'));
  const [log, link, pipe] = ['log', 'link', 'pipe'].map((name) => path.join(folder, name));
  fs.writeFileSync(log, 'Error: of somebody else\n');
  fs.symlinkSync(log, link);
  execFileSync('mkfifo', [pipe]);

  const reason = 'Job failed, please check complete logs in configured logging destination. ExitCode: 1.';
  assert.equal(failure(1, { stdout: '/no/such/file', stderr: log }), `${reason} Last few exceptions: Error: of somebody else`);
  for (const stderr of ['/', link, pipe]) { assert.equal(failure(1, { stdout: '/no/such/file', stderr }), reason); }
  assert.equal(contentOf(log), 'Error: of somebody else\n');
  assert.equal(contentOf(log, 5), 'else\n');
  fs.rmSync(folder, { recursive: true });
});

// --- what is of a job stays with it ---

const room = fs.mkdtempSync(path.join(tmpdir(), 'local-spark-'));

test('a name stays in its folder', () => {
  assert.equal(inside('/job', 'a/../b', 's3://b/x'), '/job/b');
  for (const name of ['..', '.', '../job2/x', '/etc/hostname', 'a/../../x']) {
    assert.throws(() => inside('/job', name, `x#${name}`), (error) => error instanceof CodeNotReadable
      && error.message === `x#${name} is outside of the folder into which EMR Serverless puts it.`);
  }
});

for (const [entryPoint, files] of [
  ['local:///usr/lib/spark/../../etc/hostname', ''],
  ['/usr/lib/spark/bin/spark-submit', '/usr/lib/spark/../../etc/hostname'],
  ['/usr/lib/spark/bin/spark-submit', '/usr/lib/spark/bin/spark-submit#../../x'],
  ['s3://code/a/..', ''],
]) {
  test(`code that leaves its folder is refused: ${entryPoint} ${files}`, async () => {
    const folder = fs.mkdtempSync(path.join(room, 'code-'));
    fs.mkdirSync(path.join(folder, 'bin'));
    fs.writeFileSync(path.join(folder, 'bin', 'spark-submit'), '');
    await assert.rejects(fetchCode(entryPoint, { 'spark.files': files }, {
      endpoint: 'http://127.0.0.1:1',
      region: REGION,
      credentials: CREDENTIALS,
      folder,
      workDirectory: folder,
      sparkHome: folder,
      signal: AbortSignal.timeout(10_000),
    }), CodeNotReadable);
  });
}

const python = pythonOf('3.5');
const skipPython = skippedWithout(python);

/** An archive of these files, by what Python calls with `add(name, content, link, type)`. */
function archive(name: string, program: string): string {
  const file = path.join(room, name);
  execFileSync(python, ['-c', `import io, sys, tarfile
tar = tarfile.open(sys.argv[1], 'w:gz')
def add(name, content='', link='', type=tarfile.REGTYPE, mode=0o755):
    member = tarfile.TarInfo(name); member.size, member.linkname, member.type, member.mode = len(content), link, type, mode
    tar.addfile(member, io.BytesIO(content.encode()))
${program}
tar.close()`, file]);
  return file;
}

function unpacked(file: string, signal = AbortSignal.timeout(60_000)) {
  const folder = fs.mkdtempSync(path.join(room, 'unpacked-'));
  const workDirectory = path.join(folder, 'work');
  fs.mkdirSync(workDirectory);
  return { folder, workDirectory, done: unpackArchives([{ file, directory: 'environment' }], { folder, workDirectory }, python, signal) };
}

for (const [what, program] of [
  ['a name', "add('../../escaped', 'x')"],
  ['a file through a link', "add('out', link='../..', type=tarfile.SYMTYPE); add('out/escaped', 'x')"],
  ['a file over a link', "add('out', link='../../escaped', type=tarfile.SYMTYPE); add('out', 'x')"],
  ['a hard link', "add('out', link='../../escaped', type=tarfile.LNKTYPE)"],
  ['a pipe', "add('out', type=tarfile.FIFOTYPE)"],
  ['packages behind a link', "add('lib/python3.12/site-packages', link='/usr/lib', type=tarfile.SYMTYPE)"],
]) {
  test(`an archive that leaves its directory is refused: ${what}`, { skip: skipPython }, async () => {
    const { folder, done } = unpacked(archive('leaves.tar.gz', program));
    await assert.rejects(done, (error) => error instanceof CodeNotReadable && /^leaves\.tar\.gz cannot be unpacked: its .*\.$/.test(error.message));
    assert.ok(!fs.existsSync(path.join(folder, 'escaped')));
  });
}

test('an archive keeps its links, and its interpreter sees nothing of the user', { skip: skipPython }, async () => {
  process.env.AWS_PROFILE = 'of-the-user';
  const { workDirectory, done } = unpacked(archive('environment.tar.gz', `add('bin/python', '#!/bin/sh\\nenv > "$0.seen"\\n')
add('bin/python3', link='/usr/bin/python3', type=tarfile.SYMTYPE); add('lib/python3.12/site-packages/a.py', ''); add('lib64', link='lib', type=tarfile.SYMTYPE)`));
  assert.deepEqual(await done, { foreignEnvironments: [], warnings: [] });
  assert.equal(withoutAws().AWS_PROFILE, undefined);
  delete process.env.AWS_PROFILE;
  const bin = path.join(workDirectory, 'environment', 'bin');
  assert.equal(fs.readlinkSync(path.join(bin, 'python3')), '/usr/bin/python3');
  assert.doesNotMatch(fs.readFileSync(path.join(bin, 'python.seen'), 'utf8'), /^(AWS_|HOME=)/m);
});

test('the interpreter of an archive ends with the job', { skip: skipPython, timeout: 30_000 }, async () => {
  const abort = new AbortController();
  const { workDirectory, done } = unpacked(archive('endless.tar.gz', `add('bin/python', '#!/bin/sh\\necho $$ > "$0.pid"\\nexec sleep 600\\n')
add('lib/python3.12/site-packages/a.py', '')`), abort.signal);
  const note = path.join(workDirectory, 'environment', 'bin', 'python.pid');
  while (!fs.existsSync(note) || !fs.readFileSync(note, 'utf8').trim()) { await sleep(20); }
  abort.abort(new Error('stopped'));
  await assert.rejects(done, { message: 'stopped' });
  assert.ok(!isRunning(Number(fs.readFileSync(note, 'utf8'))));
});

function inShell(program: string, env: Record<string, string> = {}) {
  const folder = fs.mkdtempSync(path.join(room, 'supervised-'));
  return supervised(python, { command: ['/bin/sh', '-c', program], folder, cwd: folder, env: { PATH: process.env.PATH!, ...env }, stdout: 'pipe', stderr: 'pipe' });
}

for (const grace of [NaN, 0.0001, -1, 0]) {
  test(`a grace of ${grace} milliseconds is none`, { skip: skipPython, timeout: 20_000 }, async () => {
    const { exited, stop } = await inShell('trap "" TERM; while true; do sleep 0.1; done');
    await sleep(300);
    stop(grace);
    assert.equal(await exited, 137);
  });
}

test('variables of the job do not break the supervisor, and the job has them', { skip: skipPython }, async () => {
  const { exited } = await inShell('test "$PYTHONHOME" = /none', { PYTHONHOME: '/none' });
  assert.equal(await exited, 0);
});

test('a session of its own does not survive', { skip: skipPython || (process.platform !== 'linux' && 'only Linux lets a process adopt') }, async () => {
  const { exited, process: { stdout } } = await inShell('setsid sleep 600 & echo $!; sleep 0.2; exit 3');
  const [line] = await once(stdout!, 'data');
  assert.equal(await exited, 3);
  assert.ok(!isRunning(Number(line)));
});

// --- jobs ---

const skipS3 = skippedWithout(MOTO);
const skipOld = skipS3 || skippedWithoutSparkOf(OLD);
const skipNew = skipS3 || skippedWithoutSparkOf(NEW);
const skipPackages = skipOld || skippedWithout(UV);

let moto: Moto;
let s3: S3Client;
before(async () => {
  if (skipS3) { return; }
  moto = await Moto.start('111122223333');
  s3 = new S3Client({ endpoint: moto.endpoint, region: REGION, credentials: CREDENTIALS, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'code', CreateBucketConfiguration: { LocationConstraint: REGION } }));
  for (const job of ['job.py', 'endless.py']) { await put('code', job, fs.readFileSync(path.join(JOBS, job))); }
});
after(async () => {
  await moto?.close();
  fs.rmSync(room, { recursive: true });
});

async function put(bucket: string, key: string, content: Buffer | string) {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }));
}

/** Orders in a bucket of their own. */
async function bucketWithOrders(bucket: string) {
  await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }));
  await put(bucket, 'orders/1.json', '{"country":"IE","amount":1}\n{"country":"DE","amount":2}\n');
  await put(bucket, 'orders/2.json', '{"country":"IE","amount":4}\n');
}
const TOTALS = [['DE', 2], ['IE', 5]];

async function keysIn(bucket: string): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'totals/' }));
  return Contents.map(({ Key }) => Key!.replace(/part-.*(\.\w+\.parquet)$/, 'part$1')).sort();
}

function requestOf(
  releaseLabel: string,
  entryPoint: string,
  entryPointArguments: string[] = [],
  sparkSubmitParameters?: string,
): SparkRequest {
  return {
    releaseLabel,
    jobDriver: { sparkSubmit: { entryPoint, entryPointArguments, sparkSubmitParameters } },
    applicationConfigurations: [],
    jobConfigurations: [],
    endpoint: moto.endpoint,
    region: REGION,
    credentials: CREDENTIALS,
    folder: fs.mkdtempSync(path.join(room, 'job-')),
  };
}

const printed = ({ stdout }: SparkRun): any[] => fs.readFileSync(stdout, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const logged = ({ stderr }: SparkRun) => fs.readFileSync(stderr, 'utf8');

test(`${OLD}: a job has its modules, packages and files, reads and writes s3://, and sees nothing of the user`, { skip: skipPackages }, async () => {
  await bucketWithOrders('old');
  const packages = path.join(room, 'packages');
  const minor = Number(execFileSync(python, ['-c', 'import sys; print(sys.version_info[1])'], { encoding: 'utf8' }));
  execFileSync(UV, ['pip', 'install', '--quiet', '--target', packages, '--no-deps', '--only-binary', ':all:',
    '--python-version', minor === 12 ? '3.11' : '3.12', '--python-platform', 'x86_64-manylinux_2_28', 'iso3166==2.1.1', 'numpy==2.2.6']);
  fs.mkdirSync(path.join(room, 'common'));
  fs.writeFileSync(path.join(room, 'common', '__init__.py'), "NAME = 'package'\n");
  const zip = 'import shutil, sys; shutil.make_archive(sys.argv[1], "zip", sys.argv[2], sys.argv[3])';
  execFileSync(python, ['-c', zip, path.join(room, 'packages'), packages, '.']);
  execFileSync(python, ['-c', zip, path.join(room, 'modules'), room, 'common']);
  for (const name of ['packages.zip', 'modules.zip']) { await put('code', name, fs.readFileSync(path.join(room, name))); }
  await put('code', 'file.txt', 'a file');

  process.env.AWS_PROFILE = 'of-the-user';
  const request = requestOf(OLD, 's3://code/job.py', ['s3://old', 'look'], '--conf spark.submit.pyFiles=s3://code/modules.zip'
    + ' --conf spark.archives=s3://code/packages.zip#environment --files s3://code/file.txt --conf "spark.app.name=two words"'
    + ' --conf spark.jars=/usr/share/aws/iceberg/lib/iceberg.jar --conf spark.executor.memory=14g'
    + ['WHERE=here', 'PYTHONPATH=./environment'].map((variable) =>
      ` --conf spark.emr-serverless.driverEnv.${variable} --conf spark.executorEnv.${variable}`).join(''));
  const run = runSpark(request);
  await run.started;
  assert.deepEqual(await run.ended, { exitCode: 0 }, logged(run).slice(-2000));
  delete process.env.AWS_PROFILE;

  const [totals, { seen, aws, directory, conf, version }] = printed(run);
  assert.deepEqual(totals, TOTALS);
  assert.deepEqual(await keysIn('old'), ['totals/_SUCCESS', 'totals/part.snappy.parquet']);
  const [driver, executor] = seen;
  assert.deepEqual(driver, { common: 'package', country: 'Ireland', numpy: '2.2.6', sum: 6, where: 'here', file: 'a file' });
  assert.deepEqual(executor, driver);
  assert.deepEqual(aws, {
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_SESSION_TOKEN: CREDENTIALS.sessionToken,
    AWS_ENDPOINT_URL: moto.endpoint,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  assert.equal(directory, fs.realpathSync(path.join(request.folder, 'work')));
  assert.equal(conf['spark.app.name'], 'two words');
  assert.match(version, /^3\.5\./);
  assert.deepEqual(run.warnings, [
    'spark.executor.memory is left out, because the driver and the only executor share one process of this machine, whatever the sizes are.',
    '/usr/share/aws/iceberg/lib/iceberg.jar is left out, because the image of EMR Serverless is not on this machine.',
  ]);
});

test(`${NEW}: a job that fails after it wrote tells its own reason`, { skip: skipNew }, async () => {
  await bucketWithOrders('new');
  const run = runSpark(requestOf(NEW, 's3://code/job.py', ['s3://new', 'fail']));
  assert.deepEqual(await run.ended, {
    exitCode: 1,
    reason: 'Job failed, please check complete logs in configured logging destination. ExitCode: 1. Last few exceptions:'
      + ' ValueError: what the job says',
  }, logged(run).slice(-2000));
  assert.deepEqual(JSON.parse(fs.readFileSync(run.stdout, 'utf8').split('\n')[0]), TOTALS);
  assert.deepEqual(await keysIn('new'), ['totals/_SUCCESS', 'totals/part.snappy.parquet']);
  assert.deepEqual(run.warnings, []);
});

for (const [line, skip, bucket] of [['3.5', skipOld, 'old'], ['4.1', skipNew, 'new']] as const) {
  test(`spark-submit ${line} by hand gives the same result`, { skip }, async () => {
    const byHand = `by-hand-of-${bucket}`;
    await bucketWithOrders(byHand);
    const { accessKeyId, secretAccessKey, sessionToken } = CREDENTIALS;
    const jars = path.join(VERIFICATION, '.cache', 's3-jars', line, 'jars');
    const conf = {
      'spark.driver.extraClassPath': path.join(jars, '*'),
      'spark.hadoop.fs.s3.impl': 'org.apache.hadoop.fs.s3a.S3AFileSystem',
      'spark.hadoop.fs.s3a.endpoint': moto.endpoint,
      'spark.hadoop.fs.s3a.path.style.access': 'true',
    };
    const { stdout } = await promisify(execFile)(path.join(path.dirname(pythonOf(line)), 'spark-submit'), [
      ...Object.entries(conf).flatMap(([key, value]) => ['--conf', `${key}=${value}`]), path.join(JOBS, 'job.py'), `s3://${byHand}`, 'end',
    ], {
      cwd: room,
      env: {
        ...process.env,
        ...java(),
        PYSPARK_PYTHON: pythonOf(line),
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
        AWS_REGION: REGION,
      },
    });
    assert.deepEqual(JSON.parse(stdout), TOTALS);
    assert.deepEqual((await keysIn(byHand)).slice(-2), await keysIn(bucket));
  });
}

test('code that is not there has the words of S3', { skip: skipOld }, async () => {
  for (const [uri, words] of [
    ['s3://code/no/such.py', 's3://code/no/such.py: NoSuchKey: The specified key does not exist.'],
    ['s3://nobody-has-this/job.py', 's3://nobody-has-this/job.py: NoSuchBucket: The specified bucket does not exist'],
    ['/usr/lib/spark/examples/jars/spark-examples.jar',
      '/usr/lib/spark/examples/jars/spark-examples.jar is in the image of EMR Serverless only, which is not on this machine.'],
  ]) {
    const run = runSpark(requestOf(OLD, uri));
    await assert.rejects(run.started, (error) => error instanceof CodeNotReadable && error.message === words);
    assert.deepEqual(await run.ended, { exitCode: null, reason: words });
  }
});

test('code that the role may not read has the words of AWS', { skip: skipOld }, async () => {
  const message = 'User: arn:aws:sts::111122223333:assumed-role/Role/00f is not authorized to perform: s3:GetObject on resource:'
    + ' "arn:aws:s3:::code/job.py" because no identity-based policy allows the s3:GetObject action';
  const body = `<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>${message.replaceAll('"', '&quot;')}</Message></Error>`;
  const gate = createServer((_request, response) => response.writeHead(403, { 'content-type': 'application/xml' }).end(body));
  gate.listen(0, '127.0.0.1');
  await once(gate, 'listening');
  const { port } = gate.address() as AddressInfo;
  const run = runSpark({ ...requestOf(OLD, 's3://code/job.py'), endpoint: `http://127.0.0.1:${port}` });
  const words = `s3://code/job.py: AccessDenied: ${message}`;
  await assert.rejects(run.started, (error) => error instanceof CodeNotReadable && error.message === words);
  gate.close();
});

/** The driver, the worker and the daemon of PySpark that the endless job noted. */
async function processesIn(folder: string): Promise<number[]> {
  const note = path.join(folder, 'work', 'processes');
  while (!fs.existsSync(note)) { await sleep(100); }
  return fs.readFileSync(note, 'utf8').split(' ').map(Number);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0) && !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('a job that is stopped leaves no process', { skip: skipOld, timeout: 120_000 }, async () => {
  const request = requestOf(OLD, 's3://code/endless.py');
  const run = runSpark(request);
  await run.started;
  const pids = await processesIn(request.folder);
  assert.deepEqual(pids.map(isRunning), [true, true, true]);
  await run.stop(1000);
  assert.deepEqual(pids.map(isRunning), [false, false, false]);
  assert.notEqual((await run.ended).exitCode, 0);

  const early = runSpark(requestOf(OLD, 's3://code/endless.py'));
  await early.stop(0);
  await assert.rejects(early.started, { message: 'The job was stopped before Spark ran.' });
  assert.equal((await early.ended).exitCode, null);
});

test('a job whose service is killed leaves no process and no folder', { skip: skipOld, timeout: 120_000 }, async () => {
  const request = requestOf(OLD, 's3://code/endless.py');
  const program = `require('./local/spark-run').runSpark(${JSON.stringify(request)})`;
  const service = spawn(process.execPath, ['--import', 'tsx', '--eval', program], { cwd: VERIFICATION, stdio: 'inherit' });
  const pids = await processesIn(request.folder);
  service.kill('SIGKILL');
  await once(service, 'exit');
  while (pids.some(isRunning) || fs.existsSync(request.folder)) { await sleep(50); }
});
