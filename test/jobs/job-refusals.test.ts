import { App, Lazy, Size, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IMAGE_CODE, jobRefusal, jobWith } from './job-parts';
import {
  Architecture, DiskType, SparkCode, SparkEmrServerlessJob, SparkEmrServerlessJobProps, SparkEmrServerlessRuntime,
} from '../../src';
import { APPLICATION_ARN, ENV, importIn, lazyNumber, newStack, OTHER_ACCOUNT } from '../util';

type Props = { [prop in keyof SparkEmrServerlessJobProps]?: unknown };

/** The problems that only synthesis sees. */
function problemsAtSynthesis(stack: Stack): string[] {
  return stack.node.findAll().flatMap(({ node }) => node.validate());
}

describe('sizes', () => {
  test.each<[Props, string]>([
    [{ driver: { disk: Size.gibibytes(2049), diskType: DiskType.SHUFFLE_OPTIMIZED } },
      '`driver.disk` must be a size with a unit, from "20G" to "2048G", got: "2049G"'],
    [{ driver: { cores: 4 }, sparkProperties: { 'spark.driver.cores': 8 } },
      '"spark.driver.cores" must have one value, got: "4" from `driver.cores` and "8" in `sparkProperties`'],
    [{ maxExecutors: 9, configurations: [{ classification: 'spark-defaults', properties: { 'spark.dynamicAllocation.maxExecutors': 8 } }] },
      '"spark.dynamicAllocation.maxExecutors" must have one value, got: "9" from `maxExecutors` and "8" in `configurations`'],
  ])('%j are refused', (props, message) => {
    expect(jobRefusal(props)).toContain(message);
  });

  test('of as many executors at least as at most are accepted', () => {
    expect(problemsAtSynthesis(jobWith({ minExecutors: 5, maxExecutors: 5 }).stack)).toEqual([]);
  });
});

describe('properties and environment', () => {
  test.each<[Props, string]>([
    [{ sparkProperties: { 'spark.x': 'a"b' } }, 'the value of "spark.x" in `sparkProperties` must not contain double quotes, backslashes or line'
      + ' breaks, which EMR Serverless does not accept in the parameters of spark-submit (give the property in `configurations`, in the'
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

describe('the rest of the request', () => {
  test.each<[Props, string]>([
    [{ jobName: '' }, '`jobName` must be 1 to 256 characters, not only blanks, got: ""'],
    [{ jobName: 'x'.repeat(257) }, '`jobName` must be 1 to 256 characters'],
    [{ entryPointArguments: ['a', 5] }, '`entryPointArguments[1]` must be a string, got: 5'],
    [{ mainClass: 'com.example Main' }, '`mainClass` must be the name of a class such as "com.example.Main", got: "com.example Main"'],
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

  test('may have a name of 256 characters', () => {
    expect(() => jobWith({ jobName: 'x'.repeat(256) })).not.toThrow();
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
    [{ ...ENV, region: 'us-east-1' }, '`runtime` must belong to the Region of the stack, us-east-1, got: eu-west-1'],
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
