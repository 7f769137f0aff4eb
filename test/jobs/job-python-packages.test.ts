import { confOf, jobRefusal, jobWith } from './job-parts';
import { Architecture, EmrRelease, PythonPackages, PythonPackagesConfig, PythonPackagesTarget, SparkCode, SparkImage } from '../../src';

const archiveUri = 's3://bucket/packages.zip';
const IMAGE = SparkImage.fromUri('111111111111.dkr.ecr.eu-west-1.amazonaws.com/spark:1');

/** Packages of a class of the user's own. They remember for which workers they were asked. */
class OwnPackages extends PythonPackages {
  public readonly asked: [prop: string, target: PythonPackagesTarget][] = [];
  public readonly bound: PythonPackagesTarget[] = [];

  constructor(private readonly config: PythonPackagesConfig = { archiveUri }, private readonly wrong: string[] = []) { super(); }

  public bind(_scope: unknown, _grantee: unknown, target: PythonPackagesTarget) {
    this.bound.push(target);
    return this.config;
  }

  public override _problems(prop: string, target: PythonPackagesTarget) {
    this.asked.push([prop, target]);
    return this.wrong;
  }
}

/** A virtual environment whose archive is in the image. */
const virtualEnvironment = () => PythonPackages.fromVirtualEnvironment(SparkCode.fromImage('/environment.tgz'));

describe('the packages of a job', () => {
  test('are asked and bound for the workers of the application', () => {
    const pythonPackages = new OwnPackages();
    jobWith({ pythonPackages }, { release: EmrRelease.EMR_7_14_0, architecture: Architecture.ARM64 });

    const target = { release: EmrRelease.EMR_7_14_0, architecture: Architecture.ARM64, customImage: false };
    expect(pythonPackages.asked).toEqual([['pythonPackages', target]]);
    expect(pythonPackages.bound).toEqual([target]);
  });

  test.each([[{ image: IMAGE }], [{ driverImage: IMAGE, executorImage: IMAGE }]])('know of custom images: %#', (images) => {
    const pythonPackages = new OwnPackages();
    jobWith({ pythonPackages }, images);

    expect(pythonPackages.bound).toEqual([expect.objectContaining({ customImage: true })]);
  });

  test('say what is wrong with them', () => {
    expect(jobRefusal({ pythonPackages: new OwnPackages(undefined, ['`pythonPackages` must be better, got: these']) }))
      .toBe('`pythonPackages` must be better, got: these');
  });

  test('are on the path of Python, before the other archives', () => {
    expect(confOf(jobWith({ pythonPackages: new OwnPackages(), archives: { data: SparkCode.fromImage('/data.zip') } }))).toEqual({
      'spark.archives': 's3://bucket/packages.zip#environment,/data.zip#data',
      'spark.emr-serverless.driverEnv.PYTHONPATH': './environment',
      'spark.executorEnv.PYTHONPATH': './environment',
    });
  });

  test('in a virtual environment run with its Python', () => {
    expect(confOf(jobWith({ pythonPackages: virtualEnvironment() }))).toEqual({
      'spark.archives': '/environment.tgz#environment',
      'spark.emr-serverless.driverEnv.PYSPARK_DRIVER_PYTHON': './environment/bin/python',
      'spark.emr-serverless.driverEnv.PYSPARK_PYTHON': './environment/bin/python',
      'spark.executorEnv.PYSPARK_PYTHON': './environment/bin/python',
    });
  });

  test('may have modules, which follow the Python files of the job', () => {
    const pythonPackages = new OwnPackages({ archiveUri, pythonFileUris: ['s3://bucket/modules.zip'] });

    expect(confOf(jobWith({ pythonPackages, pythonFiles: [SparkCode.fromImage('/own.py')] }))['spark.submit.pyFiles'])
      .toBe('/own.py,s3://bucket/modules.zip');
  });

  test.each<[PythonPackagesConfig]>([[{ archiveUri: 'a b' }], [{ archiveUri, pythonFileUris: ['a b'] }]])('must be where %j names one URI', (config) => {
    expect(jobRefusal({ pythonPackages: new OwnPackages(config) }))
      .toBe('the URI of `pythonPackages` must be a text without blanks, quotes, backslashes, commas or #, got: "a b"');
  });
});

describe('the directory of the packages', () => {
  test('is no other archive\'s', () => {
    expect(jobRefusal({ pythonPackages: new OwnPackages(), archives: { environment: SparkCode.fromImage('/data.zip') } }))
      .toBe('a key of `archives` must not be "environment", which is the directory of `pythonPackages`, got: "environment"');
  });

  test('is free without packages', () => {
    expect(confOf(jobWith({ archives: { environment: SparkCode.fromImage('/data.zip') } }))).toEqual({ 'spark.archives': '/data.zip#environment' });
  });
});

describe('what the packages decide', () => {
  test('has no other value in `environment`', () => {
    expect(jobRefusal({ pythonPackages: new OwnPackages(), environment: { PYTHONPATH: '/x' } }).split('\n  - ').slice(1)).toEqual([
      'spark.emr-serverless.driverEnv.PYTHONPATH', 'spark.executorEnv.PYTHONPATH',
    ].map((key) => `"${key}" must not be given in \`environment\` with \`pythonPackages\`, which decides it, got: "/x"`));
  });

  test('has no other value in `sparkProperties`', () => {
    expect(jobRefusal({ pythonPackages: virtualEnvironment(), sparkProperties: { 'spark.archives': '/x' } }))
      .toBe('"spark.archives" must not be given in `sparkProperties` with `pythonPackages`, which decides it, got: "/x"');
  });

  test('is of `archives` where both are given', () => {
    const archives = { data: SparkCode.fromImage('/data.zip') };

    expect(jobRefusal({ pythonPackages: new OwnPackages(), archives, sparkProperties: { 'spark.archives': '/x' } }))
      .toBe('"spark.archives" must not be given in `sparkProperties` with `archives`, which decides it, got: "/x"');
  });
});

test.each([5, 'a.zip', null])('archives that are no object are refused: %j', (archives) => {
  expect(jobRefusal({ archives })).toMatch(/^`archives` must be an object/);
});
