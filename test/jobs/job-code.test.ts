import { Size, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { confOf, jobRefusal, jobWith } from './job-parts';
import { PythonPackages, PythonPackagesConfig, SparkCode } from '../../src';
import { lazy, policyStatements } from '../util';

/** Code of a class of the user's own, which may return anything. */
class OwnCode extends SparkCode {
  constructor(private readonly uri: unknown) { super(); }

  public bind() {
    return { uri: this.uri as string };
  }
}

class OwnPackages extends PythonPackages {
  constructor(private readonly config: PythonPackagesConfig) { super(); }

  public bind() {
    return this.config;
  }
}

const archiveUri = 's3://bucket/packages.zip';

describe('what a class of the user\'s own returns', () => {
  test.each([
    ['s3://b/x.jar" --conf spark.evil=1 "', 'must be a text without blanks, quotes, backslashes, commas or #, got: "s3://b/x.jar\\"'],
    ['s3://b/a,b.jar', 'must be a text without'],
    ['s3://b/a#b.jar', 'must be a text without'],
    ['', 'must be a text without'],
    [undefined, '`jars.bind().uri` must be given, got: undefined'],
    [5, '`jars.bind().uri` must be a string, got: 5'],
  ])('is refused if it is %j', (uri, message) => {
    expect(jobRefusal({ jars: [new OwnCode(uri)] })).toContain(message);
  });

  test('is checked as the template has it', () => {
    const { stack } = jobWith({ jars: [new OwnCode(lazy('s3://b/a b.jar'))] });

    expect(stack.node.findAll().flatMap(({ node }) => node.validate())).toEqual([expect.stringContaining('the URI of `jars` must be a text')]);
  });

  test('may decide about other properties, which nobody else must give then', () => {
    const pythonPackages = new OwnPackages({ archiveUri, virtualEnvironment: true });

    expect(jobRefusal({ pythonPackages, environment: { PYSPARK_PYTHON: '/usr/bin/python3' } })).toBe([
      '2 problems in [Stack/Job]:',
      ...['spark.emr-serverless.driverEnv', 'spark.executorEnv'].map((environment) =>
        `  - "${environment}.PYSPARK_PYTHON" must not be given in \`environment\` with \`pythonPackages\`, which decide it, got: "/usr/bin/python3"`),
    ].join('\n'));
    expect(() => jobWith({ pythonPackages, environment: { PYSPARK_PYTHON: './environment/bin/python' } })).not.toThrow();
  });

  test('are named if they give most of the parameters', () => {
    const pythonPackages = new OwnPackages({ archiveUri, pythonFileUris: [`s3://b/${'x'.repeat(102_400)}.zip`] });

    expect(jobRefusal({ pythonPackages })).toContain('the parameters of spark-submit, most of which `pythonPackages` gives, must have');
  });
});

test('a virtual environment leaves the path of Python to the job', () => {
  const pythonPackages = PythonPackages.fromVirtualEnvironment(new OwnCode('s3://bucket/environment.tgz'));

  expect(confOf(jobWith({ pythonPackages, environment: { PYTHONPATH: './mine' } })))
    .toMatchObject({ 'spark.executorEnv.PYTHONPATH': './mine', 'spark.executorEnv.PYSPARK_PYTHON': './environment/bin/python' });
});

test('packages of a directory leave Python to the job, and own its path', () => {
  const pythonPackages = PythonPackages.fromDirectory(__dirname);

  expect(() => jobWith({ pythonPackages, environment: { PYSPARK_PYTHON: 'python3.11' } })).not.toThrow();
  expect(jobRefusal({ pythonPackages, environment: { PYTHONPATH: './mine' } }))
    .toContain('"spark.executorEnv.PYTHONPATH" must not be given in `environment` with `pythonPackages`, which decides it, got: "./mine"');
});

describe('the application\'s own packages', () => {
  const pythonPackages = new OwnPackages({ archiveUri });

  test('stay on the path, behind those of the job', () => {
    const built = jobWith({ pythonPackages }, { sparkProperties: { 'spark.executorEnv.PYTHONPATH': './mine:./other' } });

    expect(confOf(built)).toMatchObject({
      'spark.executorEnv.PYTHONPATH': './environment:./mine:./other',
      'spark.emr-serverless.driverEnv.PYTHONPATH': './environment',
    });
  });

  test('must be in another directory', () => {
    const application = { sparkProperties: { 'spark.archives': 's3://b/x.zip#environment,s3://b/y.zip#data' } };

    expect(jobRefusal({ pythonPackages }, application))
      .toBe('`pythonPackages` needs the directory "environment", which "spark.archives" of the application must not use, got: "environment"');
    expect(jobRefusal({ archives: { data: SparkCode.fromImage('/data.zip') } }, application))
      .toBe('a key of `archives` must not be a directory of "spark.archives" of the application, got: "data"');
    jobWith({ archives: { other: SparkCode.fromImage('/data.zip') } }, application);
  });
});

test('an empty list owns no property', () => {
  expect(confOf(jobWith({ jars: [], archives: {}, sparkProperties: { 'spark.jars': '/a.jar', 'spark.archives': '/a.zip' } })))
    .toEqual({ 'spark.jars': '/a.jar', 'spark.archives': '/a.zip' });
});

test('a job is what data is granted to', () => {
  const { stack, job } = jobWith();
  new Bucket(stack, 'Data').grantRead(job);

  expect(JSON.stringify(policyStatements(Stack.of(job)))).toContain('s3:GetObject*');
});

test('only a JAR has a main class', () => {
  expect(jobRefusal({ entryPoint: new OwnCode('s3://b/job.py'), mainClass: 'com.example.Main' }))
    .toBe('`mainClass` must be given for a JAR only, and `entryPoint` is a Python program, got: "com.example.Main"');
  expect(() => jobWith({ entryPoint: new OwnCode('s3://b/job.pyspark.jar'), mainClass: 'com.example.Main' })).not.toThrow();
});

test.each([
  [2, []],
  [3, ['the driver and `minExecutors` of 3 do not fit into `maximumCapacity.cpu` of the application, 12 vCPU, because they have 16 vCPU.'
    + ' The job runs with fewer executors [ack: cdk-spark-emr-serverless:executorsBeyondMaximumCapacity]']],
])('with room for two executors, %d executors give the warnings %j', (minExecutors, expected) => {
  const { job } = jobWith({ minExecutors }, { maximumCapacity: { cpu: 12, memory: Size.gibibytes(100) } });

  expect(job.node.metadata.map(({ data }) => data).filter((data) => String(data).includes('minExecutors'))).toEqual(expected);
});

