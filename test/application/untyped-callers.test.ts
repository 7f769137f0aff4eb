import { Duration, Fn, Lazy, Size, Stack } from 'aws-cdk-lib';
import { EmrRelease, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeGrants, SparkImage } from '../../src';
import { application, APPLICATION_ARN, build, EXECUTION_ROLE_ARN, importIn, newStack, refusal, submitterIn, untyped } from '../util';

const WORKER = { workerCount: 1, cpu: 4, memory: Size.gibibytes(16) };

describe('the props', () => {
  test.each<[object, string]>([
    [{ name: 7 }, '`name` must be a string, got: 7'],
    [{ name: null }, '`name` must be a string, got: null'],
    [{ name: Object.create(null) }, '`name` must be a string, got: an object of class Object'],
    [{ release: 'emr-7.14.0' }, '`release` must be an EmrRelease such as EmrRelease.LATEST, got: "emr-7.14.0"'],
    [{ architecture: 'arm64' }, '`architecture` must be one of X86_64, ARM64, got: "arm64"'],
    [{ architecture: Lazy.any({ produce: () => 'ARM64' }) }, '`architecture` must be one of X86_64, ARM64, got: a token'],
    [{ autoStop: 'no' }, '`autoStop` must be true or false, got: "no"'],
    [{ idleTimeout: 15 }, '`idleTimeout` must be a Duration such as Duration.minutes(15), got: 15'],
    [{ idleTimeout: Size.gibibytes(1) }, '`idleTimeout` must be a Duration such as Duration.minutes(15), got: an object of class Size'],
    [{ maxConcurrentRuns: '20' }, '`maxConcurrentRuns` must be a number, got: "20"'],
    [{ initialDriverCapacity: 3 }, '`initialDriverCapacity` must be an object, got: 3'],
    [{ initialDriverCapacity: [WORKER] }, '`initialDriverCapacity` must be an object, got: a list'],
    [{ initialDriverCapacity: { cpu: 4, memory: Size.gibibytes(16) } }, '`initialDriverCapacity.workerCount` must be given, got: undefined'],
    [{ initialExecutorCapacity: { ...WORKER, cpu: '4' } }, '`initialExecutorCapacity.cpu` must be a number, got: "4"'],
    [{ initialExecutorCapacity: { ...WORKER, memory: '16 GB' } },
      '`initialExecutorCapacity.memory` must be a Size such as Size.gibibytes(16), got: "16 GB"'],
    [{ maximumCapacity: { cpu: 4, memory: null } }, '`maximumCapacity.memory` must be given, got: null'],
    [{ maximumCapacity: { cpu: 4, memory: Duration.minutes(1) } },
      '`maximumCapacity.memory` must be a Size such as Size.gibibytes(16), got: an object of class Duration'],
    [{ image: 'spark:1' }, '`image` must be a SparkImage such as SparkImage.fromEcrRepository(repository), got: "spark:1"'],
    [{ sparkProperties: 'spark.a=b' }, '`sparkProperties` must be an object with keys and values, got: "spark.a=b"'],
    [{ sparkProperties: ['spark.a=b'] }, '`sparkProperties` must be an object with keys and values, got: a list'],
    [{ sparkProperties: Lazy.any({ produce: () => ({}) }) }, '`sparkProperties` must be an object with keys and values, got: a token'],
    [{ configurations: { classification: 'x' } }, '`configurations` must be a list, got: an object of class Object'],
    [{ configurations: [null] }, '`configurations[0]` must be given, got: null'],
    [{ configurations: [{ properties: {} }] }, '`configurations[0].classification` must be given, got: undefined'],
    [{ configurations: [{ classification: 'x', configurations: [{ classification: 7 }] }] },
      '`configurations[0].configurations[0].classification` must be a string, got: 7'],
    [{ managedLogsKey: 'alias/logs' }, '`managedLogsKey` must be a KMS key, got: "alias/logs"'],
    [{ s3Logs: { prefix: 'x' } }, '`s3Logs.bucket` must be given, got: undefined'],
    [{ s3Logs: { bucket: 'logs' } }, '`s3Logs.bucket` must be a bucket such as Bucket.fromBucketName(this, \'Bucket\', \'<name>\'), got: "logs"'],
    [{ cloudWatchLogs: true }, '`cloudWatchLogs` must be an object, got: true'],
    [{ cloudWatchLogs: { logGroup: '/spark' } }, '`cloudWatchLogs.logGroup` must be a log group, got: "/spark"'],
    [{ cloudWatchLogs: { driverLogTypes: 'STDOUT' } }, '`cloudWatchLogs.driverLogTypes` must be a list, got: "STDOUT"'],
    [{ cloudWatchLogs: { driverLogTypes: ['stdout'] } }, '`cloudWatchLogs.driverLogTypes[0]` must be one of STDOUT, STDERR, got: "stdout"'],
    [{ vpc: 'vpc-1' }, '`vpc` must be a VPC, got: "vpc-1"'],
    [{ vpcSubnets: 'private' }, '`vpcSubnets` must be an object with keys and values, got: "private"'],
    [{ securityGroups: ['sg-1'] }, '`securityGroups[0]` must be a security group, got: "sg-1"'],
    [{ securityGroups: [{ securityGroupId: 'sg-1' }] }, '`securityGroups[0]` must be a security group, got: an object of class Object'],
    [{ managedLogsKey: { keyRef: {} } }, '`managedLogsKey` must be a KMS key, got: an object of class Object'],
    [{ image: { _bind: () => 'x' } }, '`image` must be a SparkImage such as SparkImage.fromEcrRepository(repository), got: an object of class Object'],
    [{ release: { label: 'emr-7.14.0' } }, '`release` must be an EmrRelease such as EmrRelease.LATEST, got: an object of class Object'],
    [{ sparkProperties: new Map([['spark.a', 'b']]) }, '`sparkProperties` must be an object with keys and values, got: an object of class Map'],
    [{ cloudWatchLogs: new Stack(undefined, 'LogGroup') }, '`cloudWatchLogs` must be an object, got: the construct LogGroup'],
    [{ removalPolicy: 'keep' }, '`removalPolicy` must be one of destroy, retain, snapshot, retain-on-update-or-delete, got: "keep"'],
  ])('%p are refused with a sentence', (props, message) => {
    expect(refusal(untyped(props))).toBe(`${message} [Stack/Spark]`);
  });

  test.each([null, 7, 'x', []])('must not be %p', (props) => {
    expect(() => new SparkEmrServerlessRuntime(newStack(), 'Spark', untyped(props))).toThrow(/^`props` must be (given|an object), got: /);
  });

  test('with several values of other types are refused with all of them, and nothing is in the tree', () => {
    const stack = newStack();

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', untyped({ name: 7, maxConcurrentRuns: '2', s3Logs: {} })))
      .toThrow(/^3 problems in \[Stack\/Spark\]:(\n {2}- `(name|maxConcurrentRuns|s3Logs\.bucket)` must .*){3}$/);
    expect(stack.node.children).toEqual([]);
  });
});

describe('an import', () => {
  test.each<[object | null, string]>([
    [{ applicationArn: 7 }, '`applicationArn` must be a string, got: 7'],
    [{ applicationId: null }, '`applicationId` must be a string, got: null'],
    [{ applicationArn: APPLICATION_ARN, release: 'emr-7.14.0' }, '`release` must be an EmrRelease such as EmrRelease.LATEST, got: "emr-7.14.0"'],
    [{ applicationArn: APPLICATION_ARN, securityGroups: 'sg-1' }, '`securityGroups` must be a list, got: "sg-1"'],
    [{ applicationArn: APPLICATION_ARN, s3Logs: null }, '`s3Logs` must be an object, got: null'],
    [null, '`attrs` must be given, got: null'],
  ])('of %p is refused with a sentence', (attrs, message) => {
    expect(() => importIn(newStack(), untyped(attrs))).toThrow(`${message} [Stack/Spark]`);
  });

  test('of an ARN that is missing is refused with a sentence', () => {
    expect(() => SparkEmrServerlessRuntime.fromApplicationArn(newStack(), 'Spark', untyped(undefined)))
      .toThrow('exactly one of `applicationArn` and `applicationId` must be given, got: none [Stack/Spark]');
  });
});

describe('createExecutionRole', () => {
  test.each<[unknown, unknown, string]>([
    ['{}', {}, '`policyDocument` must be a policy document, got: "{}"'],
    [{ Statement: [] }, {}, '`policyDocument` must be a policy document, got: an object of class Object'],
    ['', {}, '`policyDocument` must be a policy document, got: ""'],
    [undefined, 'role', '`options` must be an object, got: "role"'],
    [undefined, null, '`options` must be given, got: null'],
    [undefined, { roleName: 7 }, '`options.roleName` must be a string, got: 7'],
    [undefined, { managedPolicies: ['ReadOnly'] }, '`options.managedPolicies[0]` must be a managed policy, got: "ReadOnly"'],
    [undefined, { permissionsBoundary: 'b' }, '`options.permissionsBoundary` must be a managed policy, got: "b"'],
    [undefined, { grantLogging: 'no' }, '`options.grantLogging` must be true or false, got: "no"'],
  ])('refuses the document %p with the options %p', (document, options, message) => {
    const runtime = new SparkEmrServerlessRuntime(newStack(), 'Spark');

    expect(() => runtime.createExecutionRole('Role', untyped(document), untyped(options))).toThrow(`${message} [Stack/Spark/Role]`);
  });
});

describe('the grant of job runs', () => {
  const ARN_WANTED = 'the ARN of a role, such as executionRole.roleArn (`grants.startJobExecution()` takes the role itself)';
  const ROLE_WANTED = 'a role (`grantStartJobExecution()` takes its ARN)';

  test('wants an ARN where a role was given', () => {
    const stack = newStack();
    const runtime = importIn(stack);

    expect(() => runtime.grantStartJobExecution(submitterIn(stack), untyped(runtime.createExecutionRole('Role'))))
      .toThrow(`\`executionRoleArn\` must be ${ARN_WANTED}, got: the construct Stack/Spark/Role [Stack/Spark]`);
  });

  test('wants a role where an ARN was given', () => {
    const stack = newStack();

    expect(() => importIn(stack).grants.startJobExecution(submitterIn(stack), untyped(EXECUTION_ROLE_ARN)))
      .toThrow(`\`executionRole\` must be ${ROLE_WANTED}, got: "${EXECUTION_ROLE_ARN}" [Stack/Spark]`);
  });

  test('wants an ARN that is not missing', () => {
    const stack = newStack();

    expect(() => importIn(stack).grantStartJobExecution(submitterIn(stack), untyped(undefined)))
      .toThrow('`executionRoleArn` must be given, got: undefined [Stack/Spark]');
  });

  test.each(['useLivy', 'useStudio', 'useSparkConnect'] as const)('%s wants a role', (verb) => {
    const stack = newStack();

    expect(() => importIn(stack).grants[verb](submitterIn(stack), untyped(undefined)))
      .toThrow('`executionRole` must be given, got: undefined [Stack/Spark]');
  });
});

describe('a grant', () => {
  test.each([undefined, null, EXECUTION_ROLE_ARN, {}])('to %p is refused with a sentence', (grantee) => {
    expect(() => importIn(newStack()).grants.readJobRuns(untyped(grantee))).toThrow(/^`grantee` must be (given|a principal such as a role), got: /);
  });

  test('of something else than text is refused with a sentence', () => {
    const stack = newStack();

    expect(() => importIn(stack).grants.actions(submitterIn(stack), untyped(['emr-serverless:GetJobRun'])))
      .toThrow('`actions[0]` must be a string, got: a list [Stack/Spark]');
  });

  test.each([undefined, null, APPLICATION_ARN, {}])('of the application %p is refused with a sentence', (value) => {
    expect(() => SparkEmrServerlessRuntimeGrants.fromApplication(untyped(value)))
      .toThrow(/^`application` must be (given|an EMR Serverless application), got: /);
  });
});

describe('a value on its own', () => {
  test.each<[string, () => unknown, string]>([
    ['EmrRelease.of()', () => EmrRelease.of(untyped(7)), '`label` must be a string, got: 7'],
    ['EmrRelease.of()', () => EmrRelease.of(untyped(undefined)), '`label` must be given, got: undefined'],
    ['SparkImage.fromUri()', () => SparkImage.fromUri(untyped(null)), '`imageUri` must be given, got: null'],
    ['SparkImage.fromAsset()', () => SparkImage.fromAsset(untyped(undefined)), '`directory` must be given, got: undefined'],
    ['SparkImage.fromAsset()', () => SparkImage.fromAsset('x', untyped('y')), '`options` must be an object with keys and values, got: "y"'],
    ['SparkImage.fromAsset()', () => SparkImage.fromAsset('x', untyped({ file: 7 })), '`options.file` must be a string, got: 7'],
    ['SparkImage.fromEcrRepository()', () => SparkImage.fromEcrRepository(untyped('spark')),
      '`repository` must be a repository of Amazon ECR, got: "spark"'],
  ])('from %s is refused with a sentence: %p', (_, make, message) => {
    expect(make).toThrow(new Error(message));
  });
});

describe('an object that throws when it is read', () => {
  const thrower = () => { throw new TypeError('not yours'); };

  test.each<[string, object, string]>([
    ['a getter', Object.defineProperty({}, 's3Logs', { enumerable: true, get: thrower }), '`s3Logs` must be readable, got an error: not yours'],
    ['a getter that throws no error', Object.defineProperty({}, 'name', { enumerable: true, get: () => { throw 'x'; } }),
      '`name` must be readable, got an error: of an unknown kind'],
    ['a getter of a struct', { s3Logs: Object.defineProperty({}, 'bucket', { enumerable: true, get: thrower }) }, '`s3Logs.bucket` must be readable'],
    ['an item of a list', { securityGroups: Object.defineProperty(['x'], 0, { enumerable: true, get: thrower }) }, '`securityGroups` must be readable'],
    ['a proxy', { s3Logs: new Proxy({}, { has: thrower }) }, '`s3Logs` must be readable'],
    ['a Spark property', { sparkProperties: { 'spark.a': new Proxy({}, { get: thrower }) } }, '`sparkProperties` must be readable'],
    ['its class', { name: Object.defineProperty({}, 'constructor', { get: thrower }) }, '`name` must be readable'],
  ])('is refused with a sentence: %s', (_, props, message) => {
    expect(refusal(untyped(props))).toContain(message);
  });
});

test.each([
  ['sparse', new Array(1_000_000)],
  ['huge', Array.from({ length: 1_000_000 }, (_, i) => i)],
])('a list that is %s is refused with a short message', (_, list) => {
  const message = refusal(untyped({ securityGroups: list }));

  expect(message).toMatch(/^51 problems in \[Stack\/Spark\]:\n {2}- `securityGroups\[0\]` must be .* {2}and 1 more$/s);
  expect(message.length).toBeLessThan(10_000);
});

test.each([
  ['idleTimeout', { toMinutes: () => 15 }, '`idleTimeout` must be a Duration such as Duration.minutes(15)'],
  ['name', `${Fn.ref('AWS::Region')}\ud800`, '`name` must be a string, got: '],
  ['removalPolicy', Lazy.string({ produce: () => 'retain' }), '`removalPolicy` must be known at synthesis, got: a token'],
])('what only looks like a value is refused: %s', (prop, value, message) => {
  expect(refusal(untyped({ [prop]: value }))).toContain(message);
});

test('the id of an execution role must be a string', () => {
  const runtime = new SparkEmrServerlessRuntime(newStack(), 'Spark');

  expect(() => runtime.createExecutionRole(untyped(0))).toThrow('`id` must be a string, got: 0');
});

describe('a value that only the deployment knows', () => {
  test.each<[string, object, object]>([
    ['architecture', { architecture: Lazy.string({ produce: () => 'ARM64' }) }, { Architecture: 'ARM64' }],
    ['architecture that is still to be looked up', { architecture: 'dummy-value-for-/arch' }, { Architecture: 'dummy-value-for-/arch' }],
    ['autoStart', { autoStart: Fn.conditionIf('C', true, false) }, { AutoStartConfiguration: { Enabled: { 'Fn::If': ['C', true, false] } } }],
    ['driverLogTypes', { cloudWatchLogs: { driverLogTypes: Lazy.list({ produce: () => ['STDOUT'] }) } }, {
      MonitoringConfiguration: { CloudWatchLoggingConfiguration: { LogTypeMap: [{ Key: 'SPARK_DRIVER', Value: ['STDOUT'] }] } },
    }],
  ])('is taken: %s', (_, props, properties) => {
    expect(application(build(untyped(props)))).toMatchObject(properties);
  });
});
