import { CfnParameter, Duration, Fn, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Architecture, EmrRelease, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeProps } from '../../src';
import { ACCOUNT, application, build, expectNoLiteralPartition, lazy, newStack, refusal } from '../util';

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
    expect(application(build({ idleTimeout: Duration.hours(2) })).AutoStopConfiguration)
      .toEqual({ Enabled: true, IdleTimeoutMinutes: 120 });
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
      .toBe('`idleTimeout` must not be given with `autoStop: false`, because the application does not stop then [Stack/Spark]');
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

test('the removal policy must not be a snapshot', () => {
  expect(refusal({ removalPolicy: RemovalPolicy.SNAPSHOT })).toBe('`removalPolicy` must not be SNAPSHOT, because an application has no snapshots,'
    + ' got: SNAPSHOT [Stack/Spark]');
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

  test('have managed logs by default', () => {
    expect(new SparkEmrServerlessRuntime(newStack(), 'Spark').managedLogs).toBe(true);
  });
});

test.each(['cn-north-1', 'us-gov-west-1', undefined])('no partition is taken for granted in %s', (region) => {
  const stack = newStack(region ? { account: ACCOUNT, region } : undefined);

  new SparkEmrServerlessRuntime(stack, 'Spark', { livyEndpoint: true, vpc: new Vpc(stack, 'Vpc', { natGateways: 0 }) });

  expectNoLiteralPartition(stack);
});
