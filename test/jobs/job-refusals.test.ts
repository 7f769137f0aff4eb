import { App, Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IMAGE_CODE, jobRefusal, jobWith } from './job-parts';
import {
  Architecture, DiskType, EmrRelease, SparkCode, SparkEmrServerlessJob, SparkEmrServerlessJobProps, SparkEmrServerlessRuntime, SparkJobMode,
} from '../../src';
import { APPLICATION_ARN, ENV, importIn, lazyNumber, newStack, OTHER_ACCOUNT } from '../util';

type Props = { [prop in keyof SparkEmrServerlessJobProps]?: unknown };

/** The problems that only synthesis sees. */
function problemsAtSynthesis(stack: Stack): string[] {
  return stack.node.findAll().flatMap(({ node }) => node.validate());
}

describe('sizes', () => {
  test.each<[Props, string]>([
    [{ driver: { cores: 3 } }, '`driver.cores` must be one of 1, 2, 4, 8, 16, 32, got: 3'],
    [{ executor: { cores: 64 } }, '`executor.cores` must be one of 1, 2, 4, 8, 16, 32, got: 64'],
    [{ driver: { cores: 4, memory: Size.gibibytes(28) } },
      '`driver.memory` and its overhead must fit into the largest worker with 4 vCPU, 30 GiB, got: 28 GiB + 2.8 GiB overhead = 30.8 GiB'],
    [{ executor: { memory: Size.mebibytes(449) } },
      '`executor.memory` must be at least 450m (a number without a unit is MiB), got: "449m"'],
    [{ executor: { memory: Size.kibibytes(1000) } }, '`executor.memory` must be a whole number of MiB, got: 0.9765625 MiB'],
    [{ driver: { disk: Size.gibibytes(19) } }, '`driver.disk` must be a size with a unit, from "20G" to "200G" or, with "spark.emr-serverless.driver.disk.type" of shuffle_optimized,'
      + ' to "2048G", got: "19G"'],
    [{ driver: { disk: Size.gibibytes(2049), diskType: DiskType.SHUFFLE_OPTIMIZED } },
      '`driver.disk` must be a size with a unit, from "20G" to "2048G", got: "2049G"'],
    [{ minExecutors: -1 }, '`minExecutors` must be a whole number from 0 to 2147483647, got: -1'],
    [{ maxExecutors: 0 }, '`maxExecutors` must be a whole number from 1 to 2147483647, got: 0'],
    [{ minExecutors: 6, maxExecutors: 5 }, '`minExecutors` must be at most `maxExecutors` of 5, got: 6'],
    [{ driver: { cores: 4 }, sparkProperties: { 'spark.driver.cores': 8 } },
      '"spark.driver.cores" must have one value, got: "4" from `driver.cores` and "8" in `sparkProperties`'],
    [{ maxExecutors: 9, configurations: [{ classification: 'spark-defaults', properties: { 'spark.dynamicAllocation.maxExecutors': 8 } }] },
      '"spark.dynamicAllocation.maxExecutors" must have one value, got: "9" from `maxExecutors` and "8" in `configurations`'],
  ])('%j are refused', (props, message) => {
    expect(jobRefusal(props)).toContain(message);
  });

  test.each<[Props]>([
    [{ driver: { cores: 4, memory: Size.gibibytes(27) } }],
    [{ driver: { memory: Size.mebibytes(450) } }],
    [{ driver: { disk: Size.gibibytes(20) } }],
    [{ driver: { disk: Size.gibibytes(2048), diskType: DiskType.SHUFFLE_OPTIMIZED } }],
    [{ minExecutors: 5, maxExecutors: 5 }],
    [{ minExecutors: 0 }],
    [{ driver: { cores: lazyNumber(4) }, maxExecutors: lazyNumber(5) }],
  ])('%j are accepted', (props) => {
    const { stack } = jobWith(props as Partial<SparkEmrServerlessJobProps>);
    expect(problemsAtSynthesis(stack)).toEqual([]);
  });

  test('that the maximum capacity has no room for are refused, with what the application gives by default', () => {
    const maximumCapacity = { cpu: 8, memory: Size.gibibytes(60) };

    expect(jobRefusal({ executor: { cores: 8, memory: Size.gibibytes(14) } }, { maximumCapacity }))
      .toBe('the driver and one executor must fit into `maximumCapacity.cpu` of the application, 8 vCPU, got: 12 vCPU');
    jobWith({ executor: { cores: 4 } }, { maximumCapacity });
  });

  test('that are tokens are checked as the template has them', () => {
    expect(problemsAtSynthesis(jobWith({ driver: { cores: lazyNumber(5) } }).stack))
      .toEqual(['`driver.cores` must be one of 1, 2, 4, 8, 16, 32, got: 5']);
  });
});

describe('properties and environment', () => {
  test.each<[Props, string]>([
    [{ sparkProperties: { 'spark.x': 'a"b' } }, 'the value of "spark.x" in `sparkProperties` must not contain double quotes, backslashes and line'
      + ' breaks, which EMR Serverless does not take in the parameters of spark-submit (give the property in `configurations`, in the'
      + ' classification "spark-defaults"), got: "a\\"b"'],
    [{ sparkProperties: { 'spark.x': 'a\\b' } }, 'must not contain double quotes'],
    [{ sparkProperties: { 'spark.x': 'a\nb' } }, 'must not contain double quotes'],
    [{ environment: { A: 'a"b' } }, 'the value of "spark.emr-serverless.driverEnv.A" in `environment` must not contain double quotes'],
    [{ sparkProperties: { 'spark.password': 'p"w' } }, 'got: a value that is not shown here'],
    [{ sparkProperties: { 'spark.x': {} } }, 'the value of "spark.x" in `sparkProperties` must be a string, a number or a boolean'],
    [{ sparkProperties: { 'spark.x y': '1' } }, 'a key of `sparkProperties` must start with a letter'],
    [{ sparkProperties: { 'spark.master': 'yarn' } }, '"spark.master" must not be set, because EMR Serverless sets it, got: "yarn"'],
    [{ environment: { '1A': 'x' } }, 'a key of `environment` must have letters, digits and _, and no digit at its start, got: "1A"'],
    [{ environment: { A: 5 } }, '`environment.A` must be a string, got: 5'],
    [{ environment: { A: 'x' }, sparkProperties: { 'spark.executorEnv.A': 'y' } },
      '"spark.executorEnv.A" must have one value, got: "x" from `environment` and "y" in `sparkProperties`'],
    [{ jars: [SparkCode.fromImage('/a.jar')], sparkProperties: { 'spark.jars': '/b.jar' } },
      '"spark.jars" must not be given in `sparkProperties` with `jars`, which decides it, got: "/b.jar"'],
    [{ sparkProperties: { 'spark.x': 'x'.repeat(102_400) } },
      'the parameters of spark-submit, most of which `sparkProperties` gives, must have at most 102400 characters, got: 102415'],
  ])('%# are refused', (props, message) => {
    expect(jobRefusal(props)).toContain(message);
  });

  test('that fill the parameters are accepted, and the places of the code count too', () => {
    const sparkProperties = { 'spark.x': 'x'.repeat(102_400 - '--conf spark.x='.length) };
    jobWith({ sparkProperties });

    expect(jobRefusal({ sparkProperties, jars: [SparkCode.fromImage('/a.jar')] })).toContain('must have at most 102400 characters, got: 102425');
  });

  test('are those of the application too, which the job is not blamed for', () => {
    const stack = newStack();
    // what a token hides, the application refuses at synthesis
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { sparkProperties: { 'spark.driver.cores': lazyNumber(64) } });
    new SparkEmrServerlessJob(stack, 'Job', { runtime, entryPoint: IMAGE_CODE, sparkProperties: { 'spark.x': Lazy.string({ produce: () => 'y' }) } });

    expect(problemsAtSynthesis(stack)).toEqual(['"spark.driver.cores" must be a whole number from 1 to 32, got: "64"']);
  });
});

describe('the mode', () => {
  test.each<[() => SparkJobMode, string]>([
    [() => SparkJobMode.batch({ executionTimeout: Duration.seconds(90) }), '`executionTimeout` must be a whole number of minutes from 1 to 1000000'],
    [() => SparkJobMode.batch({ executionTimeout: Duration.minutes(1_000_001) }), '`executionTimeout` must be a whole number of minutes'],
    [() => SparkJobMode.batch({ maxAttempts: 11 }), '`maxAttempts` must be a whole number from 1 to 10, got: 11'],
    [() => SparkJobMode.batch({ maxAttempts: 0 }), '`maxAttempts` must be a whole number from 1 to 10, got: 0'],
    [() => SparkJobMode.streaming({ maxFailedAttemptsPerHour: 0 }), '`maxFailedAttemptsPerHour` must be a whole number from 1 to 10, got: 0'],
    [() => SparkJobMode.batch({ maxAttempts: '2' as any }), '`options.maxAttempts` must be a number, got: "2"'],
    [() => SparkJobMode.streaming(5 as any), '`options` must be an object, got: 5'],
  ])('is refused where it is made', (make, message) => {
    expect(make).toThrow(message);
  });

  test.each<[EmrRelease, number, boolean]>([
    [EmrRelease.EMR_7_10_0, 10_081, true],
    [EmrRelease.EMR_7_11_0, 10_080, true],
    [EmrRelease.EMR_7_11_0, 10_081, false],
    [EmrRelease.EMR_SPARK_8_1_0, 10_081, false],
    [EmrRelease.of('emr-9.0.0'), 10_081, true],
  ])('on %s may have a timeout of %d minutes: %s', (release, minutes, isAllowed) => {
    const make = () => jobWith({ mode: SparkJobMode.batch({ executionTimeout: Duration.minutes(minutes) }) }, { release });

    isAllowed ? expect(make).not.toThrow() : expect(make).toThrow('`executionTimeout` must be a whole number of minutes from 1 to 10080');
  });

  test.each<[EmrRelease, SparkJobMode, string | undefined]>([
    [EmrRelease.EMR_7_0_0, SparkJobMode.streaming(), '`mode` needs release emr-7.1.0 or later, or emr-spark-8.0-preview or later, got: emr-7.0.0'],
    [EmrRelease.EMR_7_0_0, SparkJobMode.batch({ maxAttempts: 2 }), '`maxAttempts` needs release emr-7.1.0 or later'],
    [EmrRelease.EMR_7_0_0, SparkJobMode.batch({ maxAttempts: 1 }), undefined],
    [EmrRelease.EMR_7_1_0, SparkJobMode.streaming(), undefined],
  ])('on %s needs what the release has', (release, mode, message) => {
    const make = () => jobWith({ mode }, { release });

    message === undefined ? expect(make).not.toThrow() : expect(make).toThrow(message);
  });
});

describe('the rest of the request', () => {
  test.each<[Props, string]>([
    [{ jobName: '' }, '`jobName` must be 1 to 256 characters, not only blanks, got: ""'],
    [{ jobName: 'x'.repeat(257) }, '`jobName` must be 1 to 256 characters'],
    [{ entryPointArguments: Array(1025).fill('x') }, '`entryPointArguments` must have at most 1024 arguments, got: 1025'],
    [{ entryPointArguments: ['a', 5] }, '`entryPointArguments[1]` must be a string, got: 5'],
    [{ mainClass: 'com.example Main' }, '`mainClass` must be the name of a class such as "com.example.Main", got: "com.example Main"'],
    [{ jobRunTags: Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`k${i}`, 'v'])) }, '`jobRunTags` must have at most 200 tags, got: 201'],
    [{ jobRunTags: { 'aws:x': 'y' } }, 'a key of `jobRunTags` must be 1 to 128 characters'],
    [{ jobRunTags: { ä: 'y' } }, 'a key of `jobRunTags` must be 1 to 128 characters'],
    [{ jobRunTags: { x: 'y'.repeat(257) } }, 'a value of `jobRunTags` must be a text of at most 256 characters'],
    [{ archives: { 'a b': SparkCode.fromImage('/a.zip') } }, 'a key of `archives` must be the name of a directory'],
    [{ archives: { '..': SparkCode.fromImage('/a.zip') } }, 'a key of `archives` must be the name of a directory'],
    [{ archives: SparkCode.fromImage('/a.zip') }, '`archives.location` must be a SparkCode'],
    [{ archives: { a: 5 } }, '`archives.a` must be a SparkCode such as SparkCode.fromAsset(\'job.py\'), got: 5'],
    [{ entryPoint: undefined }, '`entryPoint` must be given, got: undefined'],
    [{ entryPoint: 'job.py' }, '`entryPoint` must be a SparkCode such as SparkCode.fromAsset(\'job.py\'), got: "job.py"'],
    [{ runtime: {} }, '`runtime` must be a SparkEmrServerlessRuntime or an imported one'],
    [{ executionRole: 'arn' }, '`executionRole` must be a role, got: "arn"'],
    [{ mode: 'STREAMING' }, '`mode` must be a SparkJobMode such as SparkJobMode.batch(), got: "STREAMING"'],
    [{ executionPolicy: {} }, '`executionPolicy` must be a policy document'],
    [{ executionPolicy: new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ resources: ['*'] })] }) },
      '`executionPolicy` must be a policy of a role, got: A PolicyStatement must specify at least one'],
    [{ logging: { s3Logs: {} } }, '`logging.s3Logs.bucket` must be given, got: undefined'],
  ])('%# is refused', (props, message) => {
    expect(jobRefusal(props)).toContain(message);
  });

  test('at its limits is accepted', () => {
    jobWith({
      jobName: 'x'.repeat(256),
      entryPointArguments: Array(1024).fill(''),
      jobRunTags: Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, 'v'.repeat(256)])),
    });
  });

  test('that is refused leaves nothing behind', () => {
    const stack = newStack();
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');

    expect(() => new SparkEmrServerlessJob(stack, 'Job', { runtime, entryPoint: IMAGE_CODE, jobName: ' ' })).toThrow('`jobName`');
    expect(stack.node.tryFindChild('Job')).toBeUndefined();
  });
});

describe('the place of a job', () => {
  test.each([
    [{ ...ENV, region: 'us-east-1' }, '`runtime` must belong to the Region of the stack, us-east-1, got: an application of eu-west-1'],
    [{ ...ENV, account: OTHER_ACCOUNT }, `\`runtime\` must belong to the account of the stack, ${OTHER_ACCOUNT}`],
  ])('must be the one of the application', (env, message) => {
    const stack = new Stack(new App(), 'Stack', { env });

    expect(() => new SparkEmrServerlessJob(stack, 'Job', {
      runtime: importIn(stack, { applicationArn: APPLICATION_ARN, architecture: Architecture.X86_64 }), entryPoint: IMAGE_CODE,
    })).toThrow(message);
  });

  test('and of its role must be one account', () => {
    const stack = new Stack(new App(), 'Stack', { env: ENV });
    const executionRole = iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${OTHER_ACCOUNT}:role/jobs`);

    expect(() => new SparkEmrServerlessJob(stack, 'Job', { runtime: new SparkEmrServerlessRuntime(stack, 'Spark'), entryPoint: IMAGE_CODE, executionRole }))
      .toThrow('`executionRole` must belong to account');
  });
});
