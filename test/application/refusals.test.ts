import { App, CfnParameter, Duration, Fn, Size, Stack, Stage } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Architecture, EmrRelease, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeProps, SparkImage } from '../../src';
import { application, build, GIB, newStack, refusal, warnings } from '../util';

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
      '`maximumCapacity.cpu` must', '`maximumCapacity.memory` must', '`driverImage` must be given together with `executorImage`', 'a key of `sparkProperties` must',
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
