import { CfnParameter, Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DiskType, EmrRelease, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeProps, SparkImage } from '../../src';
import { application, build, GIB, IDENTITY_CENTER_ARN, lazy, newStack, warnings } from '../util';

// https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/release-versions.html and the page of each release
const KNOWN = [
  ['EMR_6_6_0', 'emr-6.6.0', '3.2.0'],
  ['EMR_6_7_0', 'emr-6.7.0', '3.2.1'],
  ['EMR_6_8_0', 'emr-6.8.0', '3.3.0'],
  ['EMR_6_9_0', 'emr-6.9.0', '3.3.0'],
  ['EMR_6_10_0', 'emr-6.10.0', '3.3.1'],
  ['EMR_6_11_0', 'emr-6.11.0', '3.3.2'],
  ['EMR_6_12_0', 'emr-6.12.0', '3.4.0'],
  ['EMR_6_13_0', 'emr-6.13.0', '3.4.1'],
  ['EMR_6_14_0', 'emr-6.14.0', '3.4.1'],
  ['EMR_6_15_0', 'emr-6.15.0', '3.4.1'],
  ['EMR_7_0_0', 'emr-7.0.0', '3.5.0'],
  ['EMR_7_1_0', 'emr-7.1.0', '3.5.0'],
  ['EMR_7_2_0', 'emr-7.2.0', '3.5.1'],
  ['EMR_7_3_0', 'emr-7.3.0', '3.5.1'],
  ['EMR_7_4_0', 'emr-7.4.0', '3.5.2'],
  ['EMR_7_5_0', 'emr-7.5.0', '3.5.2'],
  ['EMR_7_6_0', 'emr-7.6.0', '3.5.3'],
  ['EMR_7_7_0', 'emr-7.7.0', '3.5.3'],
  ['EMR_7_8_0', 'emr-7.8.0', '3.5.4'],
  ['EMR_7_9_0', 'emr-7.9.0', '3.5.5'],
  ['EMR_7_10_0', 'emr-7.10.0', '3.5.5'],
  ['EMR_7_11_0', 'emr-7.11.0', '3.5.6'],
  ['EMR_7_12_0', 'emr-7.12.0', '3.5.6'],
  ['EMR_7_13_0', 'emr-7.13.0', '3.5.6'],
  ['EMR_7_14_0', 'emr-7.14.0', '3.5.8'],
  ['EMR_SPARK_8_0_PREVIEW', 'emr-spark-8.0-preview', '4.0.1'],
  ['EMR_SPARK_8_0_0', 'emr-spark-8.0.0', '4.0.2'],
  ['EMR_SPARK_8_1_0', 'emr-spark-8.1.0', '4.1.1'],
  ['EMR_SPARK_8_2_0', 'emr-spark-8.2.0', '4.1.3'],
];

const constants = EmrRelease as unknown as Record<string, EmrRelease>;

describe('the known releases', () => {
  test.each(KNOWN)('%s is %s', (constant, label) => {
    expect(constants[constant].label).toBe(label);
  });

  test.each(KNOWN)('%s, that is %s, has Spark %s', (constant, _label, sparkVersion) => {
    expect(constants[constant].sparkVersion).toBe(sparkVersion);
  });

  test.each(KNOWN)('%s, that is %s, runs PySpark with the Python of its line', (constant, label) => {
    const [, pythonVersion] = [['emr-6.', '3.7'], ['emr-7.', '3.9'], ['emr-spark-8.', '3.11']].find(([line]) => label.startsWith(line))!;

    expect(constants[constant].pythonVersion).toBe(pythonVersion);
  });

  test('are those that AWS documents', () => {
    const names = Object.keys(EmrRelease).filter((name) => name.startsWith('EMR_'));

    expect(names).toEqual(KNOWN.map(([constant]) => constant));
  });

  test('end with the newest generally available one', () => {
    expect(EmrRelease.LATEST).toBe(EmrRelease.EMR_SPARK_8_2_0);
  });

  test.each(KNOWN)('%s is found by its label %s', (constant, label) => {
    expect(EmrRelease.of(label)).toBe(constants[constant]);
  });

  test.each(KNOWN)('%s is a legal release of an application, which renders %s', (constant, label) => {
    expect(application(build({ release: constants[constant] })).ReleaseLabel).toBe(label);
  });

  test('print as their labels', () => {
    expect(`${EmrRelease.EMR_7_14_0}`).toBe('emr-7.14.0');
  });
});

describe('a release by its label', () => {
  test.each([
    'emr-7.15.0', 'emr-7.14.1', 'emr-spark-9.0.0', 'emr-8', 'emr-x', 'emr-a_b/c.d-E', `emr-${'1'.repeat(60)}`,
  ])('may be %s', (label) => {
    expect(EmrRelease.of(label).label).toBe(label);
  });

  test.each([
    '', 'emr', 'emr-', '7.14.0', 'EMR-7.14.0', 'Emr-7.14.0', 'xemr-7.14.0', ' emr-7.14.0', 'emr-7.14.0 ', 'emr-7.14.0#1', 'emr-7:14', 'emr-7*',
    'emr-7.14.ä', `emr-${'1'.repeat(61)}`,
  ])('must not be "%s"', (label) => {
    expect(() => EmrRelease.of(label)).toThrow('`label` must be a release label such as "emr-7.14.0" or "emr-spark-8.2.0"'
      + ` (emr- and then A-Z a-z 0-9 . _ / -, at most 64 characters), got: "${label}"`);
  });

  test('is shown whole in an error of up to 120 characters, and shortened in a longer one', () => {
    expect(() => EmrRelease.of('x'.repeat(118))).toThrow(new RegExp(`, got: "${'x'.repeat(118)}"$`));
    expect(() => EmrRelease.of('x'.repeat(119))).toThrow(new RegExp(`, got: "${'x'.repeat(99)}…" \\(119 characters\\)$`));
  });

  test('must not end with a line break', () => {
    expect(() => EmrRelease.of('emr-7.14.0\n')).toThrow('got: "emr-7.14.0\\n"');
  });

  test('has no known version of Spark where it is not known itself', () => {
    expect(EmrRelease.of('emr-7.15.0').sparkVersion).toBeUndefined();
  });

  test('may be a token', () => {
    const stack = newStack();

    new SparkEmrServerlessRuntime(stack, 'Spark', { release: EmrRelease.of(new CfnParameter(stack, 'Release').valueAsString) });

    expect(application(stack).ReleaseLabel).toEqual({ Ref: 'Release' });
  });

  test('may be lazy', () => {
    const stack = build({ release: EmrRelease.of(lazy('emr-7.14.0')) });

    expect(application(stack).ReleaseLabel).toBe('emr-7.14.0');
  });
});

const WORKER = { workerCount: 1, cpu: 4, memory: GIB(16) };
const IMAGE = SparkImage.fromUri('123456789012.dkr.ecr.us-east-1.amazonaws.com/spark:1');

interface Minimum {
  readonly usedBy: string;
  readonly props: SparkEmrServerlessRuntimeProps;
  readonly needs: string;
  readonly without: EmrRelease[];
  readonly first: EmrRelease[];
}

// https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/: the page of each feature, and the release notes of emr-spark-8.0-preview
const MINIMA: Minimum[] = [
  {
    usedBy: '"spark-driver-log4j2"',
    props: { configurations: [{ classification: 'spark-driver-log4j2', properties: { 'rootLogger.level': 'debug' } }] },
    needs: 'emr-6.8.0 or emr-spark-8.0-preview',
    without: [EmrRelease.EMR_6_6_0, EmrRelease.EMR_6_7_0],
    first: [EmrRelease.EMR_6_8_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  },
  {
    usedBy: '`image`',
    props: { image: IMAGE },
    needs: 'emr-6.9.0 or emr-spark-8.0-preview',
    without: [EmrRelease.EMR_6_8_0],
    first: [EmrRelease.EMR_6_9_0, EmrRelease.EMR_6_10_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  },
  {
    usedBy: '`driverImage`',
    props: { driverImage: IMAGE, executorImage: IMAGE },
    needs: 'emr-6.9.0 or emr-spark-8.0-preview',
    without: [EmrRelease.EMR_6_8_0],
    first: [EmrRelease.EMR_6_9_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  },
  {
    usedBy: '`executorImage`',
    props: { driverImage: IMAGE, executorImage: IMAGE },
    needs: 'emr-6.9.0 or emr-spark-8.0-preview',
    without: [EmrRelease.EMR_6_8_0],
    first: [EmrRelease.EMR_6_9_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  },
  {
    usedBy: '`livyEndpoint`',
    props: { livyEndpoint: true },
    needs: 'emr-6.14.0 or emr-spark-8.0.0',
    without: [EmrRelease.EMR_6_9_0, EmrRelease.EMR_6_13_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
    first: [EmrRelease.EMR_6_14_0, EmrRelease.EMR_SPARK_8_0_0],
  },
  {
    usedBy: '`studio`',
    props: { studio: true },
    needs: 'emr-6.14.0 or emr-spark-8.0.0',
    without: [EmrRelease.EMR_6_13_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
    first: [EmrRelease.EMR_6_14_0, EmrRelease.EMR_SPARK_8_0_0],
  },
  {
    usedBy: '"spark.ssl.internode.enabled"',
    props: { sparkProperties: { 'spark.ssl.internode.enabled': 'true' } },
    needs: 'emr-6.15.0 or emr-spark-8.0-preview',
    without: [EmrRelease.EMR_6_14_0],
    first: [EmrRelease.EMR_6_15_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  },
  {
    usedBy: '"spark.hadoop.fs.s3.s3AccessGrants.enabled"',
    props: { sparkProperties: { 'spark.hadoop.fs.s3.s3AccessGrants.enabled': 'true' } },
    needs: 'emr-6.15.0 or emr-spark-8.0-preview',
    without: [EmrRelease.EMR_6_14_0],
    first: [EmrRelease.EMR_6_15_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  },
  {
    usedBy: '`maxConcurrentRuns`',
    props: { maxConcurrentRuns: 10 },
    needs: 'emr-7.0.0 or emr-spark-8.0-preview',
    without: [EmrRelease.EMR_6_6_0, EmrRelease.EMR_6_15_0],
    first: [EmrRelease.EMR_7_0_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  },
  {
    usedBy: '`queueTimeout`',
    props: { queueTimeout: Duration.hours(1) },
    needs: 'emr-7.0.0 or emr-spark-8.0-preview',
    without: [EmrRelease.EMR_6_6_0, EmrRelease.EMR_6_15_0],
    first: [EmrRelease.EMR_7_0_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  },
  {
    usedBy: '`initialDriverCapacity.diskType`',
    props: { initialDriverCapacity: { ...WORKER, diskType: DiskType.SHUFFLE_OPTIMIZED } },
    needs: 'emr-7.1.0 or emr-spark-8.0-preview',
    without: [EmrRelease.EMR_7_0_0],
    first: [EmrRelease.EMR_7_1_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  },
  {
    usedBy: '`initialExecutorCapacity.diskType`',
    props: { initialExecutorCapacity: { ...WORKER, diskType: DiskType.SHUFFLE_OPTIMIZED } },
    needs: 'emr-7.1.0 or emr-spark-8.0-preview',
    without: [EmrRelease.EMR_7_0_0],
    first: [EmrRelease.EMR_7_1_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  },
  {
    usedBy: '`prometheusWorkspaceArn`',
    props: { prometheusWorkspaceArn: 'arn:aws:aps:us-east-1:123456789012:workspace/ws-1' },
    needs: 'emr-7.1.0 or emr-spark-8.0-preview',
    without: [EmrRelease.EMR_7_0_0],
    first: [EmrRelease.EMR_7_1_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  },
  {
    usedBy: '"spark.emr-serverless.lakeformation.enabled"',
    props: { sparkProperties: { 'spark.emr-serverless.lakeformation.enabled': 'true' } },
    needs: 'emr-7.2.0 or emr-spark-8.0.0',
    without: [EmrRelease.EMR_7_1_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
    first: [EmrRelease.EMR_7_2_0, EmrRelease.EMR_7_10_0, EmrRelease.EMR_SPARK_8_0_0],
  },
  {
    usedBy: '`identityCenterInstanceArn`',
    props: { identityCenterInstanceArn: IDENTITY_CENTER_ARN, livyEndpoint: true },
    needs: 'emr-7.8.0 or emr-spark-8.0.0',
    without: [EmrRelease.EMR_7_7_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
    first: [EmrRelease.EMR_7_8_0, EmrRelease.EMR_7_10_0, EmrRelease.EMR_SPARK_8_0_0],
  },
  {
    usedBy: '"spark.aws.serverlessStorage.enabled"',
    props: { sparkProperties: { 'spark.aws.serverlessStorage.enabled': 'true' } },
    needs: 'emr-7.12.0 or emr-spark-8.0.0',
    without: [EmrRelease.EMR_7_2_0, EmrRelease.EMR_7_11_0],
    first: [EmrRelease.EMR_7_12_0, EmrRelease.EMR_SPARK_8_0_0],
  },
  {
    usedBy: '`sparkConnect`',
    props: { sparkConnect: true },
    needs: 'emr-7.13.0 or emr-spark-8.0.0',
    without: [EmrRelease.EMR_7_2_0, EmrRelease.EMR_7_12_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
    first: [EmrRelease.EMR_7_13_0, EmrRelease.EMR_SPARK_8_0_0],
  },
  {
    usedBy: '"spark.emr-serverless.scalingProfile"',
    props: { sparkProperties: { 'spark.emr-serverless.scalingProfile': 'balanced' } },
    needs: 'emr-spark-8.2.0',
    without: [EmrRelease.EMR_7_14_0, EmrRelease.EMR_SPARK_8_0_PREVIEW, EmrRelease.EMR_SPARK_8_0_0, EmrRelease.EMR_SPARK_8_1_0],
    first: [EmrRelease.EMR_SPARK_8_2_0],
  },
];

describe('the minimum release of a feature', () => {
  test.each(MINIMA.flatMap((minimum) => minimum.without.map((release) => ({ ...minimum, release }))))(
    '$usedBy is refused with $release.label',
    ({ usedBy, props, needs, release }) => {
      expect(() => build({ ...props, release })).toThrow(`${usedBy} needs release ${needs.replace(/ or |$/g, (end) => ` or later${end && `,${end}`}`)}, got: ${release.label}`);
    });

  test.each(MINIMA.flatMap((minimum) => minimum.first.map((release) => ({ ...minimum, release }))))(
    '$usedBy is accepted with $release.label',
    ({ props, release }) => {
      expect(application(build({ ...props, release })).ReleaseLabel).toBe(release.label);
    });

  test.each(MINIMA)('$usedBy is accepted with the newest release', ({ props }) => {
    expect(application(build(props)).ReleaseLabel).toBe('emr-spark-8.2.0');
  });

  test.each(MINIMA)('$usedBy is accepted with a release that is not known', ({ props }) => {
    expect(application(build({ ...props, release: EmrRelease.of('emr-9.9.9') })).ReleaseLabel).toBe('emr-9.9.9');
  });

  test.each(MINIMA)('$usedBy is accepted with a release that is a token', ({ props }) => {
    const stack = newStack();

    new SparkEmrServerlessRuntime(stack, 'Spark', { ...props, release: EmrRelease.of(new CfnParameter(stack, 'Release').valueAsString) });

    expect(application(stack).ReleaseLabel).toEqual({ Ref: 'Release' });
  });

  test.each<[string, SparkEmrServerlessRuntimeProps]>([
    ['livyEndpoint: false', { livyEndpoint: false }],
    ['studio: false', { studio: false }],
    ['sparkConnect: false', { sparkConnect: false }],
    ['a standard disk', { initialDriverCapacity: { ...WORKER, diskType: DiskType.STANDARD } }],
    ['spark.ssl.internode.enabled of false', { sparkProperties: { 'spark.ssl.internode.enabled': 'false' } }],
    ['S3 Access Grants of false', { sparkProperties: { 'spark.hadoop.fs.s3.s3AccessGrants.enabled': 'false' } }],
    ['Lake Formation of false', { sparkProperties: { 'spark.emr-serverless.lakeformation.enabled': 'false' } }],
    ['serverless storage of false', { sparkProperties: { 'spark.aws.serverlessStorage.enabled': 'false' } }],
    ['spark.aws.serverlessStorage.enabled of false', { sparkProperties: { 'spark.aws.serverlessStorage.enabled': 'false' } }],
    ['a lazy spark.ssl.internode.enabled that is off', { sparkProperties: { 'spark.ssl.internode.enabled': lazy('false') } }],
    ['the classification spark-env', { configurations: [{ classification: 'spark-env' }] }],
  ])('is not asked of %s', (_, props) => {
    expect(application(build({ ...props, release: EmrRelease.EMR_6_6_0 })).ReleaseLabel).toBe('emr-6.6.0');
  });

  test('is asked of what `configurations` say of Spark, too', () => {
    expect(() => build({
      release: EmrRelease.EMR_6_14_0,
      configurations: [{ classification: 'spark-defaults', properties: { 'spark.ssl.internode.enabled': 'true' } }],
    })).toThrow('"spark.ssl.internode.enabled" needs release emr-6.15.0 or later, or emr-spark-8.0-preview or later, got: emr-6.14.0');
  });

  test.each(['spark-log4j2', 'spark-executor-log4j2'])('is asked of the classification %s', (classification) => {
    expect(() => build({ release: EmrRelease.EMR_6_7_0, configurations: [{ classification }] }))
      .toThrow(`"${classification}" needs release emr-6.8.0 or later, or emr-spark-8.0-preview or later, got: emr-6.7.0`);
  });

  test('is asked of a lazy spark.ssl.internode.enabled when the app is synthesized', () => {
    const stack = build({ release: EmrRelease.EMR_6_14_0, sparkProperties: { 'spark.ssl.internode.enabled': lazy('true') } });

    expect(() => Template.fromStack(stack)).toThrow('[Stack/Spark] "spark.ssl.internode.enabled" needs release emr-6.15.0 or later');
  });

  test('is not asked of a value that is refused because it is a list', () => {
    expect(() => build({ release: EmrRelease.EMR_6_14_0, sparkProperties: { 'spark.ssl.internode.enabled': [true] } }))
      .toThrow('the value of "spark.ssl.internode.enabled" in `sparkProperties` must be a string, a number or a boolean, got: a list [Stack/Spark]');
  });

  // Spark reads booleans in any case, and Python's `str(True)` is 'True'
  test.each(['True', 'TRUE', ' true ', true])('is asked of a feature that is switched on by "%s"', (value) => {
    expect(() => build({ release: EmrRelease.EMR_6_14_0, sparkProperties: { 'spark.ssl.internode.enabled': value } }))
      .toThrow('"spark.ssl.internode.enabled" needs release');
  });
});

describe('a release out of support', () => {
  test.each([
    EmrRelease.EMR_6_6_0, EmrRelease.EMR_6_7_0, EmrRelease.EMR_6_8_0, EmrRelease.EMR_6_9_0, EmrRelease.EMR_6_10_0,
    EmrRelease.EMR_6_11_0, EmrRelease.EMR_6_12_0, EmrRelease.EMR_6_13_0, EmrRelease.EMR_6_14_0, EmrRelease.EMR_6_15_0,
  ])('is warned of: %s', (release) => {
    expect(warnings(build({ release }))).toEqual([
      `release ${release.label} has been out of standard support since 2026-08-31 and gets security fixes on request only, until 2027-06-30`
        + ' [ack: cdk-spark-emr-serverless:unsupportedRelease]',
    ]);
  });

  test('is warned of where it is a preview', () => {
    expect(warnings(build({ release: EmrRelease.EMR_SPARK_8_0_PREVIEW }))).toEqual([
      'release emr-spark-8.0-preview is a preview and not meant for production [ack: cdk-spark-emr-serverless:unsupportedRelease]',
    ]);
  });

  test.each([
    EmrRelease.EMR_7_0_0, EmrRelease.EMR_7_10_0, EmrRelease.EMR_7_14_0, EmrRelease.EMR_SPARK_8_0_0, EmrRelease.EMR_SPARK_8_1_0,
    EmrRelease.LATEST, EmrRelease.of('emr-6.99.0'),
  ])('is not warned of where it is in support or not known: %s', (release) => {
    expect(warnings(build({ release }))).toEqual([]);
  });
});

describe('a release that is not known', () => {
  test('is warned of where features were asked for', () => {
    const stack = build({ release: EmrRelease.of('emr-9.0.0'), livyEndpoint: true, maxConcurrentRuns: 3 });

    expect(warnings(stack)).toEqual([
      'this version of the library does not know what release emr-9.0.0 offers and does not check it for `livyEndpoint`, `maxConcurrentRuns`'
        + ' [ack: cdk-spark-emr-serverless:uncheckedRelease]',
    ]);
  });

  test('is warned of without its label where that is a token', () => {
    const stack = newStack();
    const release = EmrRelease.of(new CfnParameter(stack, 'Release').valueAsString);

    new SparkEmrServerlessRuntime(stack, 'Spark', { release, studio: true });

    expect(warnings(stack)).toEqual([
      'this version of the library does not know what the release offers and does not check it for `studio`'
        + ' [ack: cdk-spark-emr-serverless:uncheckedRelease]',
    ]);
  });

  test('is not warned of where no feature was asked for', () => {
    expect(warnings(build({ release: EmrRelease.of('emr-9.0.0'), sparkProperties: { 'spark.a': 'b' } }))).toEqual([]);
  });

  test('is not warned of for features that were switched off', () => {
    expect(warnings(build({ release: EmrRelease.of('emr-9.0.0'), livyEndpoint: false, studio: false }))).toEqual([]);
  });

  test('is not what a known label is', () => {
    expect(warnings(build({ release: EmrRelease.of('emr-7.14.0'), livyEndpoint: true }))).toEqual([]);
  });

  test('is warned of without the encoded form of a token', () => {
    const stack = newStack();

    new SparkEmrServerlessRuntime(stack, 'Spark', {
      release: EmrRelease.of(new CfnParameter(stack, 'Release').valueAsString),
      livyEndpoint: true,
    });

    expect(warnings(stack)).toEqual([expect.not.stringContaining('${Token[')]);
  });
});
