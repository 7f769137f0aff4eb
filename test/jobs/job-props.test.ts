import { App, Aspects, Aws, Fn, Lazy, Size, Stack } from 'aws-cdk-lib';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SparkEmrServerlessJob, SparkEmrServerlessRuntime } from '../../src';
import { ACCOUNT, APPLICATION_ARN, ENV, importIn, lazy, newStack, OTHER_ACCOUNT } from '../util';
import { jobOf, lateRefusal, OwnCode, refusal } from './job-parts';

const SPARK_CODE = 'a SparkCode such as SparkCode.fromAsset(\'job.py\')';

describe('props of other types are refused with a sentence', () => {
  test.each<[object, string]>([
    [{ entryPoint: undefined }, '`entryPoint` must be given, got: undefined'],
    [{ entryPoint: 'job.py' }, `\`entryPoint\` must be ${SPARK_CODE}, got: "job.py"`],
    [{ executionRole: 'arn:aws:iam::1:role/x' }, '`executionRole` must be a role, got: "arn:aws:iam::1:role/x"'],
    [{ jobName: 7 }, '`jobName` must be a string, got: 7'],
    [{ entryPointArguments: 'a' }, '`entryPointArguments` must be a list, got: "a"'],
    [{ entryPointArguments: ['a', 7] }, '`entryPointArguments[1]` must be a string, got: 7'],
    [{ entryPointArguments: [null] }, '`entryPointArguments[0]` must be given, got: null'],
    [{ mainClass: {} }, '`mainClass` must be a string, got: an object of class Object'],
    [{ pythonFiles: new OwnCode() }, '`pythonFiles` must be a list, got: an object of class OwnCode'],
    [{ jars: ['a.jar'] }, `\`jars[0]\` must be ${SPARK_CODE}, got: "a.jar"`],
    [{ files: [undefined] }, '`files[0]` must be given, got: undefined'],
    [{ archives: [new OwnCode()] }, '`archives` must be an object, got: a list'],
    [{ archives: { data: 'a.zip' } }, `\`archives.data\` must be ${SPARK_CODE}, got: "a.zip"`],
    [{ archives: { data: undefined } }, '`archives.data` must be given, got: undefined'],
    [{ pythonPackages: 'requirements.txt' },
      '`pythonPackages` must be PythonPackages such as PythonPackages.fromRequirements(\'requirements.txt\'), got: "requirements.txt"'],
    [{ environment: ['A=b'] }, '`environment` must be an object with keys and values, got: a list'],
    [{ environment: new Map([['A', 'b']]) }, '`environment` must be an object with keys and values, got: an object of class Map'],
    [{ driver: 4 }, '`driver` must be an object, got: 4'],
    [{ driver: { cores: '4' } }, '`driver.cores` must be a number, got: "4"'],
    [{ executor: { memory: '4g' } }, '`executor.memory` must be a Size such as Size.gibibytes(16), got: "4g"'],
    [{ executor: { disk: 100 } }, '`executor.disk` must be a Size such as Size.gibibytes(16), got: 100'],
    [{ executor: { diskType: 'ssd' } }, '`executor.diskType` must be one of STANDARD, SHUFFLE_OPTIMIZED, got: "ssd"'],
    [{ minExecutors: '1' }, '`minExecutors` must be a number, got: "1"'],
    [{ maxExecutors: null }, '`maxExecutors` must be a number, got: null'],
    [{ sparkProperties: Lazy.any({ produce: () => ({}) }) }, '`sparkProperties` must be an object with keys and values, got: a token'],
    [{ configurations: [{}] }, '`configurations[0].classification` must be given, got: undefined'],
    [{ logging: true }, '`logging` must be an object, got: true'],
    [{ logging: { s3Logs: {} } }, '`logging.s3Logs.bucket` must be given, got: undefined'],
    [{ mode: 'STREAMING' }, '`mode` must be a SparkJobMode such as SparkJobMode.batch(), got: "STREAMING"'],
    [{ mode: { executionTimeout: 5 } }, '`mode` must be a SparkJobMode such as SparkJobMode.batch(), got: an object of class Object'],
    [{ executionPolicy: { Statement: [] } }, '`executionPolicy` must be a policy document, got: an object of class Object'],
    [{ jobRunTags: 'a=b' }, '`jobRunTags` must be an object with keys and values, got: "a=b"'],
  ])('%p', (props, message) => {
    expect(refusal(props)).toBe(message);
  });

  test.each(['environment', 'sparkProperties', 'jobRunTags'])('a value of `%s` that throws when it is read', (prop) => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const trap = new Proxy({}, { get: () => { throw new TypeError('mine'); } });
    const place = prop === 'sparkProperties' ? prop : `${prop}.a`;

    expect(refusal({ [prop]: { a: trap } })).toBe(`\`${place}\` must be readable, got an error: mine`);
    expect(refusal({ [prop]: { a: proxy } })).toMatch(new RegExp(`^\`${place}\` must be readable, got an error: Cannot perform 'get'`));
  });

  test.each([undefined, null, APPLICATION_ARN, {}, new Stack()])('the runtime %p', (runtime) => {
    expect(() => new SparkEmrServerlessJob(newStack(ENV), 'Job', { runtime: runtime as any, entryPoint: new OwnCode() }))
      .toThrow(/`runtime` must be (given|a SparkEmrServerlessRuntime or an imported one), got: /);
  });

  test('a CfnApplication', () => {
    const stack = newStack(ENV);
    const runtime = new CfnApplication(stack, 'Bare', { type: 'SPARK', releaseLabel: 'emr-7.14.0' }) as any;

    expect(() => new SparkEmrServerlessJob(stack, 'Job', { runtime, entryPoint: new OwnCode() }))
      .toThrow('`runtime` must be a SparkEmrServerlessRuntime or an imported one, got: the construct Stack/Bare');
  });

  test.each([undefined, null, 7, []])('no props: %p', (props) => {
    expect(() => new SparkEmrServerlessJob(newStack(ENV), 'Job', props as any)).toThrow(/^`props` must be (given|an object), got: /);
  });
});

test('all problems are in one error, in the order of the reader, and the id is free again', () => {
  const stack = newStack(ENV);
  const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');
  const make = (props: object) => new SparkEmrServerlessJob(stack, 'Job', { runtime, entryPoint: new OwnCode(), ...props });

  expect(() => make({ jobName: ' ', mainClass: '-', driver: { cores: 4, memory: Size.mebibytes(100), disk: Size.gibibytes(1) }, executor: { cores: 3 }, jobRunTags: { '': '' } }))
    .toThrow(/^6 problems in \[Stack\/Job\]:(\n {2}- .*){6}$/);
  expect(stack.node.children).toEqual([runtime]);
  expect(() => make({})).not.toThrow();
});

test('code that checks itself names its prop, and is not bound', () => {
  class PickyCode extends OwnCode {
    public override _problems(prop: string) { return [`\`${prop}\` must be better, got: this`]; }
  }
  const code = new PickyCode();

  expect(refusal({ entryPoint: code, jars: [code], archives: { data: code } }).split('\n').slice(1)).toEqual([
    '  - `entryPoint` must be better, got: this', '  - `jars[0]` must be better, got: this', '  - `archives.data` must be better, got: this',
  ]);
  expect(code.uses).toEqual([]);
});

describe('the place of the job', () => {
  test.each([
    ['Region', { ...ENV, region: 'us-east-1' }, '`runtime` must belong to the Region of the stack, us-east-1, got: eu-west-1'],
    ['account', { ...ENV, account: OTHER_ACCOUNT },
      `\`runtime\` must belong to the account of the stack, ${OTHER_ACCOUNT}, got: ${ACCOUNT}`],
  ])('must have the %s of the application', (_, env, message) => {
    const stack = newStack(env);

    expect(refusal({ runtime: importIn(stack) }, {}, stack)).toBe(message);
  });

  test('may be unknown', () => {
    const stack = newStack();

    expect(() => jobOf({ runtime: importIn(stack) }, {}, stack)).not.toThrow();
  });

  test('may be another stack of the same place', () => {
    const app = new App();
    const runtime = new SparkEmrServerlessRuntime(new Stack(app, 'Applications', { env: ENV }), 'Spark');

    expect(() => {
      jobOf({ runtime }, {}, new Stack(app, 'Jobs', { env: ENV }));
      app.synth();
    }).not.toThrow();
  });
});

describe('the execution role', () => {
  const roleOf = (stack: Stack, arn: string, options = {}) => iam.Role.fromRoleArn(stack, 'Execution', arn, options);

  test('must be of the account of the application', () => {
    const stack = newStack(ENV);

    expect(refusal({ executionRole: roleOf(stack, `arn:aws:iam::${OTHER_ACCOUNT}:role/jobs`) }, {}, stack)).toBe('`executionRole` must belong to account'
      + ` ${ACCOUNT}, the account of the application: a role cannot be passed to another account, got: ${OTHER_ACCOUNT}`);
  });

  test.each(['*', 'jobs-?', '${aws:userid}'])('must be one role: %s', (name) => {
    const stack = newStack(ENV);

    expect(refusal({ executionRole: roleOf(stack, `arn:aws:iam::${ACCOUNT}:role/${name}`) }, {}, stack))
      .toContain('`executionRole` must be the ARN of one IAM role');
  });

  test.each([
    ['the ARN', `arn:aws:iam::${ACCOUNT}:role/jobs`],
    ['the ARN with a token', `arn:${Aws.PARTITION}:iam::${ACCOUNT}:role/jobs`],
    ['a part of an ARN', `arn:${Aws.REGION}`],
    ['blanks beside a token', `jobs of ${Aws.REGION}`],
  ])('must not have %s as its name', (_, name) => {
    const stack = newStack(ENV);

    expect(refusal({ executionRole: iam.Role.fromRoleName(stack, 'Execution', name) }, {}, stack))
      .toContain('`executionRole` must be the ARN of one IAM role');
  });

  test('must not have the ARN of another role as its name', () => {
    const stack = newStack(ENV);
    const { roleArn } = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });

    expect(refusal({ executionRole: iam.Role.fromRoleName(stack, 'Execution', roleArn) }, {}, stack))
      .toMatch(/^`executionRole` must be the ARN of one IAM role .*, got: "arn:.*:role\/\$\{Token\[.*\]\}" with the Arn of Stack\/Role\/Resource in it$/);
  });

  test.each(['jobs', 'team/jobs', `jobs-${Aws.REGION}`, lazy('jobs'), Fn.importValue('Name')])('may have the name %s', (name) => {
    const stack = newStack(ENV);

    expect(() => jobOf({ executionRole: iam.Role.fromRoleName(stack, 'Execution', name) }, {}, stack)).not.toThrow();
  });

  test('must not lazily be several roles', () => {
    const stack = newStack(ENV);

    expect(lateRefusal(jobOf({ executionRole: roleOf(stack, lazy(`arn:aws:iam::${ACCOUNT}:role/*`)) }, {}, stack)))
      .toContain('[Stack/Job] `executionRole` must be the ARN of one IAM role');
  });

  test('may be one that only the deployment knows', () => {
    const stack = newStack(ENV);

    expect(() => jobOf({ executionRole: roleOf(stack, Fn.importValue('Role')) }, {}, stack)).not.toThrow();
  });
});

test('a job is checked with what an aspect or a later line gives a lazy value', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: ENV });
  let name = 'fine';
  jobOf({ jobName: Lazy.string({ produce: () => name }) }, {}, stack);
  Aspects.of(app).add({ visit: () => { name = ' '; } });

  expect(() => app.synth()).toThrow('[Stack/Job] `jobName` must be 1 to 256 characters, not only blanks, got: " "');
});
