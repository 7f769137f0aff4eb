import { App, CfnParameter, Duration, Fn, RemovalPolicy, Size, Stack, Stage, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Architecture, EmrRelease, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeProps, SparkImage } from '../../src';
import { ACCOUNT, application, build, expectNoLiteralPartition, GIB, IDENTITY_CENTER_ARN, lazy, newStack, refusal, warnings } from '../util';

test('an application without options is one resource', () => {
  const stack = newStack();

  new SparkEmrServerlessRuntime(stack, 'Spark');

  expect(Object.keys(Template.fromStack(stack).toJSON().Resources)).toHaveLength(1);
  expect(application(stack)).toEqual({ Name: expect.stringMatching(/^Stack-Spark-[0-9A-F]{8}$/), ReleaseLabel: 'emr-spark-8.2.0', Type: 'SPARK' });
});

describe('the application', () => {
  test('is the default child, for what the construct does not set', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack(), 'Spark');

    expect(runtime.application).toBe(runtime.node.findChild('Resource'));
    expect(runtime.application).toBe(runtime.node.defaultChild);
    expect(CfnApplication.isCfnApplication(runtime.application)).toBe(true);
  });

  test('has the ARN that AWS gives it', () => {
    const stack = newStack();
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');

    expect(stack.resolve(runtime.applicationArn)).toEqual({ 'Fn::GetAtt': [stack.getLogicalId(runtime.application), 'Arn'] });
  });

  test('has the id that AWS gives it', () => {
    const stack = newStack();
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');

    expect(stack.resolve(runtime.applicationId)).toEqual({ 'Fn::GetAtt': [stack.getLogicalId(runtime.application), 'ApplicationId'] });
  });

  test('is referred to by both', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack(), 'Spark');

    expect(runtime.applicationRef).toEqual({ applicationArn: runtime.applicationArn, applicationId: runtime.applicationId });
  });

  test('is of the account and Region of its stack', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack({ account: ACCOUNT, region: 'cn-north-1' }), 'Spark');

    expect(runtime.env).toEqual({ account: ACCOUNT, region: 'cn-north-1' });
  });

  test('may be one of several in a stack', () => {
    const stack = newStack();

    new SparkEmrServerlessRuntime(stack, 'One');
    new SparkEmrServerlessRuntime(stack, 'Other');

    Template.fromStack(stack).resourceCountIs('AWS::EMRServerless::Application', 2);
  });

  test('renders its release', () => {
    expect(application(build({ release: EmrRelease.EMR_7_14_0 })).ReleaseLabel).toBe('emr-7.14.0');
  });

  test.each(['X86_64', 'ARM64'] as const)('renders the architecture %s', (architecture) => {
    expect(application(build({ architecture: Architecture[architecture] })).Architecture).toBe(architecture);
  });
});

describe('the name', () => {
  test.each(['a', '0', 'A.b_c/d#e-f', '.', '-', '/', '#', '_', 'x'.repeat(63), 'x'.repeat(64)])('may be %j', (name) => {
    expect(application(build({ name })).Name).toBe(name);
  });

  test.each(['', ' ', 'a b', 'a:b', 'a*', 'a?', 'a@b', 'a+b', 'a\\b', 'ä', 'jobs\n', '日本語', 'x'.repeat(65)])('must not be %j', (name) => {
    expect(refusal({ name })).toBe(`\`name\` must be 1 to 64 characters of A-Z a-z 0-9 . _ / # -, got: ${JSON.stringify(name)} [Stack/Spark]`);
  });

  test('is shown shortened in an error where it is very long', () => {
    expect(refusal({ name: 'x'.repeat(100_000) })).toMatch(/got: "x{99}…" \(100000 characters\) \[Stack\/Spark\]$/);
  });

  test('reads back', () => {
    expect(new SparkEmrServerlessRuntime(newStack(), 'Spark', { name: 'jobs' }).applicationName).toBe('jobs');
  });

  test('reads back where it was generated', () => {
    const stack = newStack();

    const { applicationName } = new SparkEmrServerlessRuntime(stack, 'Spark');

    expect(applicationName).toBe(application(stack).Name);
  });

  test('is by default another one for every construct', () => {
    const stack = newStack();

    const names = ['One', 'Other'].map((id) => new SparkEmrServerlessRuntime(stack, id).applicationName);

    expect(new Set(names).size).toBe(2);
  });

  test.each([
    'x'.repeat(200), 'ünïcödé', 'a b:c*d', '1', '日本語',
  ])('is by default a legal one, whatever the id: %s', (id) => {
    const { applicationName } = new SparkEmrServerlessRuntime(newStack(), id);

    expect(applicationName).toMatch(/^[A-Za-z0-9._/#-]{1,64}$/);
  });

  test('may be a token', () => {
    const stack = newStack();

    new SparkEmrServerlessRuntime(stack, 'Spark', { name: new CfnParameter(stack, 'Name').valueAsString });

    expect(application(stack).Name).toEqual({ Ref: 'Name' });
  });

  test('may hold a token', () => {
    const name = `jobs of ${Fn.ref('AWS::AccountId')}`;

    expect(application(build({ name })).Name).toEqual({ 'Fn::Join': ['', ['jobs of ', { Ref: 'AWS::AccountId' }]] });
  });

  test('may be lazy', () => {
    expect(application(build({ name: lazy('later') })).Name).toBe('later');
  });
});

describe('start and stop', () => {
  test.each([true, false])('may be told to start by itself: %s', (autoStart) => {
    expect(application(build({ autoStart })).AutoStartConfiguration).toEqual({ Enabled: autoStart });
  });

  test('are left to AWS\'s defaults', () => {
    const properties = application(build());

    expect(properties).not.toHaveProperty('AutoStartConfiguration');
    expect(properties).not.toHaveProperty('AutoStopConfiguration');
  });

  test.each([true, false])('may be told to stop by itself: %s', (autoStop) => {
    expect(application(build({ autoStop })).AutoStopConfiguration).toEqual({ Enabled: autoStop });
  });

  test('render the idle timeout in minutes', () => {
    expect(application(build({ idleTimeout: Duration.hours(2) })).AutoStopConfiguration).toEqual({ Enabled: true, IdleTimeoutMinutes: 120 });
  });

  test('may be told the idle timeout beside `autoStop: true`', () => {
    expect(application(build({ autoStop: true, idleTimeout: Duration.minutes(5) })).AutoStopConfiguration)
      .toEqual({ Enabled: true, IdleTimeoutMinutes: 5 });
  });

  test.each([1, 2, 15, 10_079, 10_080])('may come after %d idle minutes', (minutes) => {
    expect(application(build({ idleTimeout: Duration.minutes(minutes) })).AutoStopConfiguration.IdleTimeoutMinutes).toBe(minutes);
  });

  test.each([
    [0, 0], [30, 0.5], [59, 59 / 60], [90, 1.5], [10_081 * 60, 10_081], [10_080 * 60 + 30, 10_080.5],
  ])('must not come after %d idle seconds', (seconds, minutes) => {
    expect(refusal({ idleTimeout: Duration.seconds(seconds) }))
      .toBe(`\`idleTimeout\` must be a whole number of minutes from 1 to 10080, got: ${minutes} minutes [Stack/Spark]`);
  });

  test('must not have an idle timeout where the application never stops', () => {
    expect(refusal({ autoStop: false, idleTimeout: Duration.minutes(15) }))
      .toBe('`idleTimeout` must not be given with `autoStop: false`, the application would never stop when idle [Stack/Spark]');
  });

  test('read back as AWS\'s defaults', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack(), 'Spark');

    expect([runtime.autoStart, runtime.autoStop, runtime.idleTimeout?.toMinutes()]).toEqual([true, true, 15]);
  });

  test('read back as given', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack(), 'Spark', { autoStart: false, autoStop: true, idleTimeout: Duration.minutes(3) });

    expect([runtime.autoStart, runtime.autoStop, runtime.idleTimeout?.toMinutes()]).toEqual([false, true, 3]);
  });

  test('read back without an idle timeout where the application never stops', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack(), 'Spark', { autoStop: false });

    expect([runtime.autoStop, runtime.idleTimeout]).toEqual([false, undefined]);
  });
});

describe('concurrency', () => {
  test('renders as the scheduler', () => {
    expect(application(build({ maxConcurrentRuns: 30, queueTimeout: Duration.hours(1) })).SchedulerConfiguration)
      .toEqual({ MaxConcurrentRuns: 30, QueueTimeoutMinutes: 60 });
  });

  test.each<[SparkEmrServerlessRuntimeProps, object]>([
    [{ maxConcurrentRuns: 30 }, { MaxConcurrentRuns: 30 }],
    [{ queueTimeout: Duration.minutes(60) }, { QueueTimeoutMinutes: 60 }],
  ])('may be given in part: %j', (props, expected) => {
    expect(application(build(props)).SchedulerConfiguration).toEqual(expected);
  });

  test('is left to AWS\'s defaults', () => {
    expect(application(build())).not.toHaveProperty('SchedulerConfiguration');
  });

  test.each([1, 2, 999, 1000])('may be %d runs at once', (maxConcurrentRuns) => {
    expect(application(build({ maxConcurrentRuns })).SchedulerConfiguration.MaxConcurrentRuns).toBe(maxConcurrentRuns);
  });

  test.each([-1, 0, 1.5, 1001, NaN, Infinity])('must not be %d runs at once', (maxConcurrentRuns) => {
    expect(refusal({ maxConcurrentRuns }))
      .toBe(`\`maxConcurrentRuns\` must be a whole number from 1 to 1000, got: ${maxConcurrentRuns} [Stack/Spark]`);
  });

  test.each([15, 16, 719, 720])('may let a run wait %d minutes', (minutes) => {
    expect(application(build({ queueTimeout: Duration.minutes(minutes) })).SchedulerConfiguration.QueueTimeoutMinutes).toBe(minutes);
  });

  test.each([
    [0, 0], [14 * 60, 14], [15 * 60 + 30, 15.5], [721 * 60, 721],
  ])('must not let a run wait %d seconds', (seconds, minutes) => {
    expect(refusal({ queueTimeout: Duration.seconds(seconds) }))
      .toBe(`\`queueTimeout\` must be a whole number of minutes from 15 to 720, got: ${minutes} minutes [Stack/Spark]`);
  });

  test('reads back', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack(), 'Spark', { maxConcurrentRuns: 3, queueTimeout: Duration.minutes(20) });

    expect([runtime.maxConcurrentRuns, runtime.queueTimeout?.toMinutes()]).toEqual([3, 20]);
  });

  test('reads back as undefined where it is left to AWS', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack(), 'Spark');

    expect([runtime.maxConcurrentRuns, runtime.queueTimeout]).toEqual([undefined, undefined]);
  });
});

describe('interactive endpoints', () => {
  test.each([
    ['livyEndpoint', 'LivyEndpointEnabled'],
    ['studio', 'StudioEnabled'],
    ['sparkConnect', 'SessionEnabled'],
  ])('are on where %s is', (prop, property) => {
    expect(application(build({ [prop]: true })).InteractiveConfiguration).toEqual({ [property]: true });
  });

  test.each([
    ['livyEndpoint', 'LivyEndpointEnabled'],
    ['studio', 'StudioEnabled'],
    ['sparkConnect', 'SessionEnabled'],
  ])('are off where %s is', (prop, property) => {
    expect(application(build({ [prop]: false })).InteractiveConfiguration).toEqual({ [property]: false });
  });

  test('may be on all at once', () => {
    expect(application(build({ livyEndpoint: true, studio: true, sparkConnect: true })).InteractiveConfiguration)
      .toEqual({ LivyEndpointEnabled: true, StudioEnabled: true, SessionEnabled: true });
  });

  test('are absent unless they were asked for', () => {
    expect(application(build())).not.toHaveProperty('InteractiveConfiguration');
  });

  test('read back as off by default', () => {
    const { livyEndpoint, studio, sparkConnect } = new SparkEmrServerlessRuntime(newStack(), 'Spark');

    expect([livyEndpoint, studio, sparkConnect]).toEqual([false, false, false]);
  });

  test.each(['livyEndpoint', 'studio', 'sparkConnect'] as const)('read back as on: %s', (prop) => {
    expect(new SparkEmrServerlessRuntime(newStack(), 'Spark', { [prop]: true })[prop]).toBe(true);
  });
});

describe('IAM Identity Center', () => {
  const identityCenterInstanceArn = IDENTITY_CENTER_ARN;

  test('renders its instance', () => {
    expect(application(build({ identityCenterInstanceArn, livyEndpoint: true })).IdentityCenterConfiguration)
      .toEqual({ IdentityCenterInstanceArn: identityCenterInstanceArn });
  });

  test('is absent unless it was asked for', () => {
    expect(application(build())).not.toHaveProperty('IdentityCenterConfiguration');
  });

  test('reads back', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack(), 'Spark', { identityCenterInstanceArn, livyEndpoint: true });

    expect(runtime.identityCenterInstanceArn).toBe(identityCenterInstanceArn);
  });

  test.each([
    'arn:aws:sso:::instance/ins-1234567890abcdef',
    'arn:aws:sso:::instance/ssoins-12-45.789-AbCdEf',
    'arn:aws-cn:sso:::instance/ssoins-1234567890abcdef',
    'arn:aws-us-gov:sso:::instance/ssoins-1234567890abcdef',
  ])('may have the instance %s', (arn) => {
    expect(application(build({ identityCenterInstanceArn: arn, livyEndpoint: true })).IdentityCenterConfiguration)
      .toEqual({ IdentityCenterInstanceArn: arn });
  });

  test.each([
    '',
    'ssoins-1234567890abcdef',
    'https://arn:aws:sso:::instance/ssoins-1234567890abcdef',
    'arn:aws:sso:::instance/ssoins-1234567890abcde',
    'arn:aws:sso:::instance/ssoins-1234567890abcdef0',
    'arn:aws:sso:::instance/ssoins-1234567890abcde_',
    'arn:aws:sso:::instance/1234567890abcdef',
    'arn:aws:sso::123456789012:instance/ssoins-1234567890abcdef',
    'arn:aws:sso:us-east-1::instance/ssoins-1234567890abcdef',
    'arn:aws:sso:::application/ssoins-1234567890abcdef',
    'arn:gcp:sso:::instance/ssoins-1234567890abcdef',
    'arn:aws:iam:::instance/ssoins-1234567890abcdef',
    'arn:aws:sso:::instance/*',
  ])('must not have the instance "%s"', (arn) => {
    expect(refusal({ identityCenterInstanceArn: arn, livyEndpoint: true })).toBe('`identityCenterInstanceArn` must be the ARN of an instance of'
      + ` IAM Identity Center (arn:<partition>:sso:::instance/ssoins-<16 characters>), got: "${arn}" [Stack/Spark]`);
  });

  test.each([undefined, false])('needs Livy, not livyEndpoint %s', (livyEndpoint) => {
    expect(refusal({ identityCenterInstanceArn, livyEndpoint })).toBe('`identityCenterInstanceArn` needs `livyEndpoint: true`,'
      + ' identities are propagated through Livy only [Stack/Spark]');
  });

  test('needs Livy whatever else is interactive', () => {
    expect(refusal({ identityCenterInstanceArn, studio: true, sparkConnect: true }))
      .toContain('`identityCenterInstanceArn` needs `livyEndpoint: true`');
  });

  test('needs Livy even where the instance is a token', () => {
    expect(refusal({ identityCenterInstanceArn: Fn.importValue('Instance') })).toContain('`identityCenterInstanceArn` needs `livyEndpoint: true`');
  });
});

describe('the removal policy', () => {
  test('is left to CloudFormation by default', () => {
    const [resource] = Object.values(Template.fromStack(build()).findResources('AWS::EMRServerless::Application'));

    expect(resource).not.toHaveProperty('DeletionPolicy');
    expect(resource).not.toHaveProperty('UpdateReplacePolicy');
  });

  test.each([
    [RemovalPolicy.RETAIN, 'Retain', 'Retain'],
    [RemovalPolicy.DESTROY, 'Delete', 'Delete'],
    [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RetainExceptOnCreate', 'Retain'],
  ])('may be %s', (removalPolicy, deletion, replacement) => {
    Template.fromStack(build({ removalPolicy })).hasResource('AWS::EMRServerless::Application', {
      DeletionPolicy: deletion,
      UpdateReplacePolicy: replacement,
    });
  });
});

describe('tags', () => {
  test('of the stack reach the application', () => {
    const stack = build();

    Tags.of(stack).add('team', 'data');

    expect(application(stack).Tags).toEqual([{ Key: 'team', Value: 'data' }]);
  });

  test('of the construct reach the application', () => {
    const stack = newStack();
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');

    Tags.of(runtime).add('cost-center', '42');

    expect(application(stack).Tags).toEqual([{ Key: 'cost-center', Value: '42' }]);
  });

  test('are absent unless there are some', () => {
    expect(application(build())).not.toHaveProperty('Tags');
  });
});

describe('resolved values', () => {
  test.each([
    [undefined, EmrRelease.EMR_SPARK_8_2_0],
    [EmrRelease.EMR_7_14_0, EmrRelease.EMR_7_14_0],
  ])('have the release: of %s', (release, expected) => {
    expect(new SparkEmrServerlessRuntime(newStack(), 'Spark', { release }).release).toBe(expected);
  });

  test.each([
    [undefined, Architecture.X86_64],
    [Architecture.X86_64, Architecture.X86_64],
    [Architecture.ARM64, Architecture.ARM64],
  ])('have the architecture: of %s', (architecture, expected) => {
    expect(new SparkEmrServerlessRuntime(newStack(), 'Spark', { architecture }).architecture).toBe(expected);
  });

  test('have no capacity unless it was asked for', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack(), 'Spark');

    expect([runtime.initialDriverCapacity, runtime.initialExecutorCapacity, runtime.maximumCapacity]).toEqual([undefined, undefined, undefined]);
  });

  test('have managed logs by default, and no others', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack(), 'Spark');

    expect([runtime.managedLogs, runtime.managedLogsKey, runtime.s3Logs, runtime.cloudWatchLogs, runtime.prometheusWorkspaceArn])
      .toEqual([true, undefined, undefined, undefined, undefined]);
  });

  test('have no Identity Center unless it was asked for', () => {
    expect(new SparkEmrServerlessRuntime(newStack(), 'Spark').identityCenterInstanceArn).toBeUndefined();
  });
});

describe('a refusal', () => {
  test('names the construct by its path', () => {
    const stack = new Stack(new Stage(new App(), 'Prod'), 'Stack');

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { name: '*' })).toThrow('got: "*" [Prod/Stack/Spark]');
  });

  test('is an error of its own kind', () => {
    expect(() => build({ name: '*' })).toThrow(expect.objectContaining({ name: 'ValidationError' }));
  });

  test('tells several problems at once, one a line', () => {
    expect(refusal({ name: 'a b', maxConcurrentRuns: 0, livyEndpoint: true, release: EmrRelease.EMR_7_0_0, idleTimeout: Duration.minutes(0) })).toBe([
      '3 problems in [Stack/Spark]:',
      '  - `name` must be 1 to 64 characters of A-Z a-z 0-9 . _ / # -, got: "a b"',
      '  - `idleTimeout` must be a whole number of minutes from 1 to 10080, got: 0 minutes',
      '  - `maxConcurrentRuns` must be a whole number from 1 to 1000, got: 0',
    ].join('\n'));
  });

  test('tells the problems of every part', () => {
    const message = refusal({
      name: '',
      release: EmrRelease.EMR_6_6_0,
      livyEndpoint: true,
      autoStop: false,
      idleTimeout: Duration.minutes(1),
      maxConcurrentRuns: 1001,
      queueTimeout: Duration.minutes(1),
      initialDriverCapacity: { workerCount: 0, cpu: 3, memory: GIB(1), disk: GIB(1) },
      maximumCapacity: { cpu: 0, memory: GIB(0) },
      driverImage: SparkImage.fromUri('123456789012.dkr.ecr.us-east-1.amazonaws.com/spark:1'),
      sparkProperties: { '1': '', 'spark.driver.memory': '1x' },
      configurations: [{ classification: '' }],
      vpcSubnets: {},
      securityGroups: [],
      identityCenterInstanceArn: 'x',
    });

    for (const part of [
      '`name` must', '`livyEndpoint` needs', '`idleTimeout` must not', '`maxConcurrentRuns` must', '`queueTimeout` must',
      '`initialDriverCapacity.workerCount` must', '`initialDriverCapacity.cpu` must', '`initialDriverCapacity.disk` must',
      '`maximumCapacity.cpu` must', '`maximumCapacity.memory` must', '`driverImage` needs `executorImage`', 'a key of `sparkProperties` must',
      '"spark.driver.memory" must', '`configurations[0].classification` must', '`vpcSubnets` must not', '`securityGroups` must not',
      '`identityCenterInstanceArn` must',
    ]) {
      expect(message).toContain(`  - ${part}`);
    }
  });

  test('leaves nothing in the tree', () => {
    const stack = newStack();

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { name: '*' })).toThrow();

    expect(stack.node.children).toEqual([]);
  });

  test('leaves the id to a second try', () => {
    const stack = newStack();
    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { name: '*' })).toThrow();

    new SparkEmrServerlessRuntime(stack, 'Spark', { name: 'jobs' });

    expect(application(stack).Name).toBe('jobs');
  });

  test('leaves no warnings', () => {
    const stack = newStack();

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { name: '*', release: EmrRelease.EMR_6_6_0 })).toThrow();

    expect(warnings(stack)).toEqual([]);
  });
});

describe('a token is never refused', () => {
  let stack: Stack;
  let text: string;
  let number: number;

  beforeEach(() => {
    stack = newStack();
    text = new CfnParameter(stack, 'Text').valueAsString;
    number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
  });

  const gigabytes = { 'Fn::Join': ['', [{ Ref: 'Number' }, ' GB']] };
  const vcpus = { 'Fn::Join': ['', [{ Ref: 'Number' }, ' vCPU']] };

  const cases: [string, () => SparkEmrServerlessRuntimeProps, object][] = [
    ['name', () => ({ name: text }), { Name: { Ref: 'Text' } }],
    ['release', () => ({ release: EmrRelease.of(text) }), { ReleaseLabel: { Ref: 'Text' } }],
    ['idleTimeout', () => ({ idleTimeout: Duration.minutes(number) }),
      { AutoStopConfiguration: { Enabled: true, IdleTimeoutMinutes: { Ref: 'Number' } } }],
    ['maxConcurrentRuns', () => ({ maxConcurrentRuns: number }), { SchedulerConfiguration: { MaxConcurrentRuns: { Ref: 'Number' } } }],
    ['queueTimeout', () => ({ queueTimeout: Duration.minutes(number) }), { SchedulerConfiguration: { QueueTimeoutMinutes: { Ref: 'Number' } } }],
    ['initialDriverCapacity', () => ({ initialDriverCapacity: { workerCount: number, cpu: number, memory: GIB(number), disk: GIB(number) } }), {
      InitialCapacity: [{
        Key: 'Driver',
        Value: { WorkerCount: { Ref: 'Number' }, WorkerConfiguration: { Cpu: vcpus, Memory: gigabytes, Disk: gigabytes } },
      }],
    }],
    ['initialExecutorCapacity', () => ({ initialExecutorCapacity: { workerCount: number, cpu: number, memory: GIB(number) } }), {
      InitialCapacity: [{ Key: 'Executor', Value: { WorkerCount: { Ref: 'Number' }, WorkerConfiguration: { Cpu: vcpus, Memory: gigabytes } } }],
    }],
    ['maximumCapacity', () => ({ maximumCapacity: { cpu: number, memory: GIB(number) } }), { MaximumCapacity: { Cpu: vcpus, Memory: gigabytes } }],
    ['image', () => ({ image: SparkImage.fromUri(text) }), { ImageConfiguration: { ImageUri: { Ref: 'Text' } } }],
    ['driverImage and executorImage', () => ({ driverImage: SparkImage.fromUri(text), executorImage: SparkImage.fromUri(text) }), {
      WorkerTypeSpecifications: {
        Driver: { ImageConfiguration: { ImageUri: { Ref: 'Text' } } },
        Executor: { ImageConfiguration: { ImageUri: { Ref: 'Text' } } },
      },
    }],
    ['sparkProperties', () => ({ sparkProperties: { 'spark.executor.memory': text } }),
      { RuntimeConfiguration: [{ Classification: 'spark-defaults', Properties: { 'spark.executor.memory': { Ref: 'Text' } } }] }],
    ['configurations', () => ({ configurations: [{ classification: text, properties: { a: text } }] }),
      { RuntimeConfiguration: [{ Classification: { Ref: 'Text' }, Properties: { a: { Ref: 'Text' } } }] }],
    ['identityCenterInstanceArn', () => ({ identityCenterInstanceArn: text, livyEndpoint: true }),
      { IdentityCenterConfiguration: { IdentityCenterInstanceArn: { Ref: 'Text' } } }],
    ['vpc', () => ({
      vpc: Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId: text,
        availabilityZones: Fn.split(',', text),
        privateSubnetIds: Fn.split(',', text),
      }),
    }), { NetworkConfiguration: { SubnetIds: { 'Fn::Split': [',', { Ref: 'Text' }] } } }],
  ];

  test.each(cases)('as %s', (_, props, expected) => {
    new SparkEmrServerlessRuntime(stack, 'Spark', props());

    expect(application(stack)).toMatchObject(expected);
  });

  test('in an architecture that is no literal, either', () => {
    new SparkEmrServerlessRuntime(stack, 'Spark', { architecture: text as Architecture });

    expect(application(stack).Architecture).toEqual({ Ref: 'Text' });
  });
});

test.each(['cn-north-1', 'us-gov-west-1', undefined])('no partition is taken for granted in %s', (region) => {
  const stack = newStack(region ? { account: ACCOUNT, region } : undefined);

  new SparkEmrServerlessRuntime(stack, 'Spark', { livyEndpoint: true, vpc: new Vpc(stack, 'Vpc', { natGateways: 0 }) });

  expectNoLiteralPartition(stack);
});

test.each([
  ['idleTimeout', (value: number) => ({ idleTimeout: Duration.hours(value) })],
  ['queueTimeout', (value: number) => ({ queueTimeout: Duration.hours(value) })],
  ['maximumCapacity', (value: number) => ({ maximumCapacity: { cpu: 4, memory: Size.mebibytes(value) } })],
])('leaves nothing in the tree where aws-cdk-lib cannot convert the token of %s', (_, props) => {
  const stack = newStack();
  const value = new CfnParameter(stack, 'Value', { type: 'Number' }).valueAsNumber;

  expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', props(value))).toThrow();
  expect(stack.node.tryFindChild('Spark')).toBeUndefined();
});

test('the removal policy must not be a snapshot', () => {
  expect(refusal({ removalPolicy: RemovalPolicy.SNAPSHOT })).toBe('`removalPolicy` must be one other than SNAPSHOT, an application has no snapshots,'
    + ' got: SNAPSHOT [Stack/Spark]');
});
