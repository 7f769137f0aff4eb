import { CfnParameter } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Architecture, DiskType, EmrRelease, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeProps, SparkImage } from '../../src';
import { build, deployed, GIB, lazy, newStack, refusal, warnings } from '../util';

const LAKE_FORMATION = 'spark.emr-serverless.lakeformation.enabled';
const SERVERLESS_STORAGE = 'spark.aws.serverlessStorage.enabled';
const WORKER = { workerCount: 1, cpu: 4, memory: GIB(16) };

const spark = (sparkProperties: { [key: string]: unknown }, more: SparkEmrServerlessRuntimeProps = {}): SparkEmrServerlessRuntimeProps =>
  ({ sparkProperties, ...more });

const ids = (props: SparkEmrServerlessRuntimeProps) => warnings(build(props)).map((warning) => /:(\w+)\]$/.exec(warning)?.[1]);

const BOOLEAN = { must: 'must be true or false', legal: ['true', 'FALSE', ' True '], illegal: ['yes', '1', 'ture'] };
const FROM_0 = { must: 'must be a whole number of 0 or more', legal: ['0', '7', ' 7 ', '+7'], illegal: ['-1', '1.5', '1e1', 'many', '2147483648'] };
const FROM_1 = { must: 'must be a whole number of 1 or more', legal: ['1', '2147483647'], illegal: ['0', '-1', '1.5', 'many', '2147483648'] };
const ABOVE_0 = { must: 'must be a number above 0', legal: ['0.001', '0.4', '2'], illegal: ['0', '-0.1', 'x'] };
const DISK_TYPE = {
  must: 'must be standard or shuffle_optimized',
  legal: ['standard', 'Standard', 'shuffle_optimized', 'SHUFFLE_OPTIMIZED'],
  illegal: ['shuffle-optimized', 'ssd'],
};
const RESERVED = { must: 'must not be set, because EMR Serverless sets it', legal: [], illegal: ['yarn'] };

interface Values {
  readonly must: string;
  readonly legal: string[];
  readonly illegal: string[];
  readonly more?: { [key: string]: string };
}

const VALUES: [string, Values][] = [
  [SERVERLESS_STORAGE, BOOLEAN],
  [LAKE_FORMATION, BOOLEAN],
  ['spark.hadoop.fs.s3.s3AccessGrants.enabled', BOOLEAN],
  ['spark.ssl.internode.enabled', BOOLEAN],
  ['spark.dynamicAllocation.enabled', BOOLEAN],
  ['spark.dynamicAllocation.initialExecutors', FROM_0],
  ['spark.dynamicAllocation.minExecutors', FROM_0],
  ['spark.dynamicAllocation.maxExecutors', {
    must: `${FROM_1.must}, or infinity`,
    legal: [...FROM_1.legal, 'infinity', 'Infinity'],
    illegal: FROM_1.illegal,
    more: { 'spark.dynamicAllocation.initialExecutors': '1' },
  }],
  ['spark.dynamicAllocation.maxExecutorsRatio', { must: 'must be a number from 0 to 1', legal: ['0', '0.9', '1'], illegal: ['-0.1', '1.1', 'half'] }],
  ['spark.emr-serverless.allocation.batch.size', FROM_1],
  ['spark.emr-serverless.driver.disk.type', DISK_TYPE],
  ['spark.emr-serverless.executor.disk.type', DISK_TYPE],
  ['spark.emr-serverless.memoryOverheadFactor', { must: 'must be a number of 0 or more', legal: ['0', '0.4'], illegal: ['-0.1', 'x'] }],
  ['spark.driver.memoryOverheadFactor', ABOVE_0],
  ['spark.executor.memoryOverheadFactor', ABOVE_0],
  ['spark.executor.instances', FROM_0],
  ['spark.emr-serverless.scalingProfile', {
    must: 'must be performance-optimized or balanced or cost-optimized',
    legal: ['performance-optimized', 'balanced', 'cost-optimized'],
    illegal: ['performance', 'cost_optimized'],
  }],
  ['spark.connect.grpc.binding.address', RESERVED],
  ['spark.master', RESERVED],
];

describe('the value of a Spark property', () => {
  test.each(VALUES.flatMap(([key, { legal, more }]) => legal.map((value) => ({ key, value, more }))))(
    'may be $value for $key', ({ key, value, more }) => {
      expect(() => build(spark({ ...more, [key]: value }))).not.toThrow();
    });

  test.each(VALUES.flatMap(([key, { illegal, must, more }]) => illegal.map((value) => ({ key, value, must, more }))))(
    'must not be $value for $key', ({ key, value, must, more }) => {
      expect(refusal(spark({ ...more, [key]: value }))).toBe(`"${key}" ${must}, got: "${value}" [Stack/Spark]`);
    });

  test.each(VALUES)('may be a token or what Spark substitutes for %s', (key) => {
    const stack = newStack();

    new SparkEmrServerlessRuntime(stack, 'Parameter', spark({ [key]: new CfnParameter(stack, 'Value').valueAsString }));
    new SparkEmrServerlessRuntime(stack, 'Import', spark({ [key]: deployed('nonsense') }));

    expect(() => Template.fromStack(stack)).not.toThrow();
    expect(() => build(spark({ [key]: '${env:VALUE}' }))).not.toThrow();
  });

  test.each(VALUES.flatMap(([key, { illegal, must, more }]) => illegal.slice(0, 1).map((value) => ({ key, value, must, more }))))(
    'must not be rendered as $value for $key', ({ key, value, must, more }) => {
      expect(() => Template.fromStack(build(spark({ ...more, [key]: lazy(value) })))).toThrow(`[Stack/Spark] "${key}" ${must}, got: "${value}"`);
    });

  test('is checked where it is a number or a boolean', () => {
    expect(() => build(spark({ 'spark.executor.instances': 3, 'spark.dynamicAllocation.enabled': true }))).not.toThrow();
    expect(refusal(spark({ 'spark.executor.instances': 1.5 }))).toContain('must be a whole number of 0 or more, got: "1.5"');
  });

  test('is checked where `configurations` give it', () => {
    const configurations = [{ classification: 'spark-defaults', properties: { 'spark.executor.instances': 'many' } }];

    expect(refusal({ configurations })).toContain('"spark.executor.instances" must be a whole number');
  });

  test('is not checked in another classification', () => {
    expect(() => build({ configurations: [{ classification: 'spark', properties: { 'spark.executor.instances': 'many' } }] })).not.toThrow();
  });

  test.each(['toString', 'constructor'])('may be anything for the key %s', (key) => {
    expect(() => build(spark({ [key]: 'x' }))).not.toThrow();
  });
});

describe('Lake Formation', () => {
  const ON = { [LAKE_FORMATION]: 'true' };
  const IMAGE = SparkImage.fromUri('123456789012.dkr.ecr.us-east-1.amazonaws.com/spark:1');
  const inVpc = (vpcSubnets: (vpc: ec2.IVpc) => ec2.SubnetSelection | undefined, sparkProperties: { [key: string]: string } = ON) => {
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc');
    return () => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, vpcSubnets: vpcSubnets(vpc), sparkProperties });
  };

  test.each([
    [{ image: IMAGE }, ['image'], EmrRelease.EMR_7_13_0],
    [{ image: IMAGE }, ['image'], EmrRelease.EMR_SPARK_8_0_0],
    [{ driverImage: IMAGE, executorImage: IMAGE }, ['driverImage', 'executorImage'], EmrRelease.EMR_7_13_0],
  ])('does not go with an image before emr-7.14.0 and emr-spark-8.1.0: case %#', (images, props, release) => {
    const message = refusal(spark(ON, { ...images, release }));
    props.forEach((prop) => expect(message).toContain(
      `\`${prop}\` with "${LAKE_FORMATION}" needs release emr-7.14.0 or later, or emr-spark-8.1.0 or later, got: ${release.label}`));
  });

  test.each([EmrRelease.EMR_7_14_0, EmrRelease.EMR_SPARK_8_1_0])('goes with an image from %s on', (release) => {
    expect(() => build(spark(ON, { image: IMAGE, release }))).not.toThrow();
  });

  test.each([
    [ON, undefined], [{ [LAKE_FORMATION]: 'false' }, IMAGE], [{ [LAKE_FORMATION]: deployed('true') }, IMAGE], [{}, IMAGE],
  ])('asks nothing of an image with emr-7.13.0 where one of both is missing: case %#', (sparkProperties, image) => {
    expect(() => build({ sparkProperties, image, release: EmrRelease.EMR_7_13_0 })).not.toThrow();
  });

  test('goes with an image on a release that is not known, and a warning', () => {
    expect(warnings(build(spark(ON, { image: IMAGE, release: EmrRelease.of('emr-9.0.0') })))).toEqual([
      'this version of the library does not know what release emr-9.0.0 offers and does not check it for `image`,'
        + ` "${LAKE_FORMATION}", \`image\` with "${LAKE_FORMATION}" [ack: cdk-spark-emr-serverless:uncheckedRelease]`,
    ]);
  });

  test('needs dynamic allocation', () => {
    expect(refusal(spark({ ...ON, 'spark.dynamicAllocation.enabled': 'false' })))
      .toBe(`"spark.dynamicAllocation.enabled" must be true with "${LAKE_FORMATION}", got: false [Stack/Spark]`);
  });

  test.each([
    { ...ON, 'spark.dynamicAllocation.enabled': 'true' },
    { ...ON, 'spark.dynamicAllocation.enabled': deployed('false') },
    { [LAKE_FORMATION]: 'false', 'spark.dynamicAllocation.enabled': 'false' },
    { [LAKE_FORMATION]: deployed('true'), 'spark.dynamicAllocation.enabled': 'false' },
  ])('goes with what is not known to be dynamic allocation turned off: case %#', (sparkProperties) => {
    expect(() => build({ sparkProperties })).not.toThrow();
  });

  test.each<[string, (vpc: ec2.IVpc) => ec2.SubnetSelection]>([
    ['all', () => ({ subnetType: ec2.SubnetType.PUBLIC })],
    ['some', ({ publicSubnets, privateSubnets }) => ({ subnets: [privateSubnets[0], publicSubnets[0]] })],
  ])('does not go with a network where %s subnets are public', (_, vpcSubnets) => {
    expect(inVpc(vpcSubnets)).toThrow(`\`vpcSubnets\` must be private subnets with "${LAKE_FORMATION}", got: a public subnet [Stack/Spark]`);
    expect(inVpc(vpcSubnets, { [LAKE_FORMATION]: 'false' })).not.toThrow();
    expect(inVpc(vpcSubnets, { [LAKE_FORMATION]: deployed('true') })).not.toThrow();
  });

  test('goes with private subnets', () => {
    expect(inVpc(() => undefined)).not.toThrow();
  });

  test('goes with an imported subnet of which nothing is known', () => {
    const stack = newStack();
    const subnet = ec2.Subnet.fromSubnetAttributes(stack, 'Subnet', { subnetId: 'subnet-1', availabilityZone: 'a' });
    const vpc = new ec2.Vpc(stack, 'Vpc');

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, vpcSubnets: { subnets: [subnet] }, sparkProperties: ON })).not.toThrow();
  });

  test('is refused in an imported VPC that has public subnets only', () => {
    const stack = newStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], publicSubnetIds: ['subnet-1', 'subnet-2'] });

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, sparkProperties: ON })).toThrow('`vpcSubnets` must be private subnets');
  });

  test('goes with a VPC that is not looked up yet', () => {
    const stack = newStack({ account: '111111111111', region: 'eu-west-1' });
    const vpc = ec2.Vpc.fromLookup(stack, 'Vpc', { vpcId: 'vpc-1' });
    const vpcSubnets = { subnetType: ec2.SubnetType.PUBLIC };

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, vpcSubnets, sparkProperties: ON })).not.toThrow();
  });

  test('is warned of with Spark Connect, and with nothing else', () => {
    expect(warnings(build(spark(ON, { sparkConnect: true })))).toEqual([
      `AWS does not support "${LAKE_FORMATION}" in interactive sessions (\`sparkConnect\`). Set it to false in these sessions, or remove it`
        + ' from the application and set it to true in the jobs that need it [ack: cdk-spark-emr-serverless:notInSessions]',
    ]);
    expect(warnings(build(spark(ON, { studio: true, livyEndpoint: true, sparkConnect: false })))).toEqual([]);
    expect(warnings(build(spark({ [LAKE_FORMATION]: 'false' }, { sparkConnect: true })))).toEqual([]);
  });
});

describe('serverless storage', () => {
  const ON = { [SERVERLESS_STORAGE]: 'true' };

  describe.each(['spark.driver.cores', 'spark.executor.cores'])('with %s', (key) => {
    test.each(['1', '2', ' 2 '])('of %s is refused', (cores) => {
      expect(refusal(spark({ ...ON, [key]: cores })))
        .toBe(`"${key}" must be 3 or more (a worker of 4 vCPU or more) with "${SERVERLESS_STORAGE}", got: ${cores.trim()} [Stack/Spark]`);
    });

    test('of more is accepted, and so is what is not known', () => {
      expect(() => build(spark({ ...ON, [key]: '3' }))).not.toThrow();
      expect(() => build(spark({ ...ON, [key]: deployed('2') }))).not.toThrow();
      expect(() => build(spark({ [SERVERLESS_STORAGE]: 'false', [key]: '2' }))).not.toThrow();
      expect(() => build(spark({ [SERVERLESS_STORAGE]: deployed('true'), [key]: '2' }))).not.toThrow();
    });
  });

  test('is warned of with pre-initialized workers', () => {
    expect(warnings(build(spark(ON, { initialDriverCapacity: WORKER, initialExecutorCapacity: WORKER })))).toEqual([
      `AWS bills \`initialDriverCapacity\`, \`initialExecutorCapacity\`, but only jobs that turn off "${SERVERLESS_STORAGE}" use`
        + ' pre-initialized workers [ack: cdk-spark-emr-serverless:initialCapacityUnused]',
    ]);
    expect(warnings(build(spark(ON, { initialExecutorCapacity: WORKER })))).toEqual([expect.stringContaining('AWS bills `initialExecutorCapacity`,')]);
  });

  test('may be off, unknown, or without pre-initialized workers', () => {
    expect(warnings(build(spark({ [SERVERLESS_STORAGE]: 'false' }, { initialDriverCapacity: WORKER })))).toEqual([]);
    expect(warnings(build(spark({ [SERVERLESS_STORAGE]: deployed('true') }, { initialDriverCapacity: WORKER })))).toEqual([]);
    expect(warnings(build(spark(ON)))).toEqual([]);
  });

  test.each(['livyEndpoint', 'studio', 'sparkConnect'])('is warned of with %s', (prop) => {
    expect(warnings(build(spark(ON, { [prop]: true })))).toEqual([expect.stringContaining(`in interactive sessions (\`${prop}\`)`)]);
    expect(warnings(build(spark(ON, { [prop]: false })))).toEqual([]);
  });
});

describe('shuffle-optimized disks', () => {
  const type = (value: string, kind = 'executor') => ({ [`spark.emr-serverless.${kind}.disk.type`]: value });

  test.each(['driver', 'executor'])('of a %s need emr-7.1.0, whatever the case', (kind) => {
    ['shuffle_optimized', 'SHUFFLE_OPTIMIZED'].forEach((value) => {
      expect(refusal(spark(type(value, kind), { release: EmrRelease.EMR_7_0_0 }))).toContain(
        `"spark.emr-serverless.${kind}.disk.type" needs release emr-7.1.0 or later, or emr-spark-8.0-preview or later, got: emr-7.0.0`);
      expect(() => build(spark(type(value, kind), { release: EmrRelease.EMR_7_1_0 }))).not.toThrow();
    });
    expect(() => build(spark(type('standard', kind), { release: EmrRelease.EMR_7_0_0 }))).not.toThrow();
    expect(() => build(spark(type(deployed('shuffle_optimized'), kind), { release: EmrRelease.EMR_7_0_0 }))).not.toThrow();
  });

  test('are not checked with a release that is not known', () => {
    expect(ids(spark(type('shuffle_optimized'), { release: EmrRelease.of('emr-9.0.0') }))).toEqual(['uncheckedRelease']);
    expect(ids(spark(type('standard'), { release: EmrRelease.of('emr-9.0.0') }))).toEqual([]);
  });
});

describe.each(['driver', 'executor'])('the disk of a %s', (kind) => {
  const key = `spark.emr-serverless.${kind}.disk`;

  test.each([
    ['20G', undefined], ['200G', undefined], ['200g', 'standard'], ['200gb', 'Standard'], ['20480m', undefined],
    ['20G', 'shuffle_optimized'], ['2048G', 'SHUFFLE_OPTIMIZED'], ['2T', 'shuffle_optimized'], ['2048G', deployed('standard')],
    [deployed('5000G'), undefined], ['${disk}', undefined],
  ])('may be %s of type %s', (disk, type) => {
    expect(() => build(spark({ [key]: disk, ...type && { [`${key}.type`]: type } }))).not.toThrow();
  });

  test.each([
    ['19G', undefined], ['201G', undefined], ['500G', undefined], ['201g', 'standard'], ['5000g', 'standard'], ['102400', undefined], ['1.5T', undefined],
    ['100 G', undefined], ['large', undefined],
  ])('must not be %s of type %s', (disk, type) => {
    expect(refusal(spark({ [key]: disk, ...type && { [`${key}.type`]: type } }))).toBe(
      `"${key}" must be a size with a unit, from "20G" to "200G" or, with "${key}.type" of shuffle_optimized, to "2048G", got: "${disk}" [Stack/Spark]`);
  });

  test.each(['19G', '2049G', '3T', '500'])('must not be %s where it is shuffle-optimized', (disk) => {
    expect(refusal(spark({ [key]: disk, [`${key}.type`]: 'shuffle_optimized' })))
      .toBe(`"${key}" must be a size with a unit, from "20G" to "2048G", got: "${disk}" [Stack/Spark]`);
  });

  test('does not depend on the other worker, nor on the ready ones', () => {
    const other = kind === 'driver' ? 'executor' : 'driver';

    expect(refusal(spark(
      { [key]: '500G', [`spark.emr-serverless.${other}.disk.type`]: 'shuffle_optimized' },
      { initialExecutorCapacity: { ...WORKER, diskType: DiskType.SHUFFLE_OPTIMIZED } },
    ))).toContain(`"${key}" must be a size`);
  });
});

describe.each(['spark.emr-serverless.driverEnv.JAVA_HOME', 'spark.executorEnv.JAVA_HOME'])('%s', (key) => {
  const home = (suffix: string) => ({ [key]: `/usr/lib/jvm/java-17-amazon-corretto${suffix}` });

  test.each([
    [undefined, '.x86_64/'], [Architecture.X86_64, '.x86_64'], [Architecture.ARM64, '.aarch64/'], [Architecture.ARM64, '/'], [Architecture.ARM64, deployed('.x86_64')],
  ])('may on %s end with %s', (architecture, suffix) => {
    expect(() => build(spark(home(suffix), { architecture }))).not.toThrow();
  });

  test.each([
    [undefined, '.aarch64/', 'X86_64'], [Architecture.X86_64, '.aarch64', 'X86_64'], [Architecture.ARM64, '.x86_64/', 'ARM64'],
  ])('must not on %s end with %s', (architecture, suffix, shown) => {
    expect(refusal(spark(home(suffix), { architecture })))
      .toBe(`"${key}" must be a Java for \`architecture\` of ${shown}, got: "/usr/lib/jvm/java-17-amazon-corretto${suffix}" [Stack/Spark]`);
  });
});

describe('a Spark property that needs a VPC', () => {
  const PROPERTIES = { 'spark.jars.packages': 'a:b:1', 'spark.hadoop.javax.jdo.option.ConnectionURL': 'jdbc:mysql://db:3306/metastore' };

  test('is warned of without one', () => {
    expect(warnings(build(spark(PROPERTIES)))).toEqual([
      '"spark.hadoop.javax.jdo.option.ConnectionURL", "spark.jars.packages" needs a `vpc`. Without one, jobs reach only the AWS services of their Region'
        + ' [ack: cdk-spark-emr-serverless:vpcMissing]',
    ]);
  });

  test('is not warned of with one', () => {
    const stack = newStack();

    new SparkEmrServerlessRuntime(stack, 'Spark', spark(PROPERTIES, { vpc: new ec2.Vpc(stack, 'Vpc') }));

    expect(warnings(stack)).toEqual([]);
  });
});

describe('a property that is none of Spark', () => {
  test.each(['executor.memory', 'Spark.executor.memory', 'hive.exec.dynamic.partition', 'spark'])('is warned of: %s', (key) => {
    expect(warnings(build(spark({ [key]: '4g', 'spark.executor.memory': '4g' })))).toEqual([
      `Spark ignores "${key}", because a Spark property starts with "spark.". Put "spark." in front of it, or "spark.hadoop." in front of a property of`
        + ' Hadoop or Hive [ack: cdk-spark-emr-serverless:ignoredProperty]',
    ]);
  });

  test('is warned of in `spark-defaults` of `configurations`, and in no other classification', () => {
    const properties = { 'rootLogger.level': 'warn' };

    expect(ids({ configurations: [{ classification: 'spark-defaults', properties }] })).toEqual(['ignoredProperty']);
    expect(ids({ configurations: [{ classification: 'spark-driver-log4j2', properties }] })).toEqual([]);
  });

  test('is warned of as rendered where the key is lazy', () => {
    const stack = build(spark({ [lazy('executor.memory')]: '4g' }));
    expect(warnings(stack)).toEqual([]);

    Template.fromStack(stack);

    expect(warnings(stack)).toEqual([expect.stringMatching(/^Spark ignores "executor\.memory"/)]);
  });
});
