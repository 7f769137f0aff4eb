import { Aws, Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  ApplicationConfiguration, Architecture, CloudWatchLogsOptions, DiskType, EmrRelease, ExecutionRoleOptions, InitialCapacity,
  LoggingOptions, MaximumCapacity, S3LogsOptions, SparkEmrServerlessRuntimeAttributes, SparkEmrServerlessRuntimeProps, SparkImage,
  SparkLogType,
} from 'cdk-spark-emr-serverless';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import {
  child, hostile, junk, list, listToken, literal, number, Recipe, recipe, struct, text, TextLike, textToken,
} from './arbitrary-values';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';

/** An arbitrary for every key of a struct: a prop that the library gains does not compile until it has one. */
type Arbitraries<T> = { [key in keyof Required<T>]: fc.Arbitrary<Recipe<Required<T>[key]>> };

/** Some of the keys of a struct, and `undefined` for a few of the others. */
export function some<T extends object>(arbitraries: Arbitraries<T>, share: number, required: (keyof T)[] = []): fc.Arbitrary<Recipe<T>> {
  const entries = Object.entries(arbitraries) as [keyof T, fc.Arbitrary<Recipe<T[keyof T]>>][];
  return fc.tuple(...entries.map(([key, arbitrary]) => required.includes(key) ? arbitrary : fc.oneof(
    { withCrossShrink: true },
    { weight: 100 - share, arbitrary: fc.constantFrom('absent' as const, undefined) },
    { weight: share, arbitrary },
  ))).map((values) => {
    const given = entries.map(([key], i) => [key, values[i]]).filter(([, value]) => value !== 'absent');
    return struct<T>(Object.fromEntries(given) as Parameters<typeof struct<T>>[0]);
  });
}

function sometimes<T>(usual: fc.Arbitrary<T>, seldom: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: seldom });
}

/** A list, now and then one that only the deployment knows. */
export function listOf<T extends string>(known: fc.Arbitrary<Recipe<T[]>>): fc.Arbitrary<Recipe<T[]>> {
  return fc.oneof({ weight: 9, arbitrary: known }, { weight: 1, arbitrary: listToken as fc.Arbitrary<Recipe<T[]>> });
}

export function anyOf<T>(...values: T[]): fc.Arbitrary<Recipe<T>> {
  return fc.constantFrom(...values).map(literal);
}

const flag = anyOf(true, false);

const UNITS = ['bytes', 'kibibytes', 'mebibytes', 'gibibytes', 'tebibytes', 'pebibytes'] as const;
export const size = (min: number, max: number, ...usual: number[]): fc.Arbitrary<Recipe<Size>> =>
  fc.tuple(sometimes(fc.constant('gibibytes' as const), fc.constantFrom(...UNITS)), number(min, max, ...usual))
    .map(([unit, amount]) => recipe(`Size.${unit}(${fc.stringify(amount)})`, (scope) => Size[unit](amount(scope))));

const PERIODS = ['millis', 'seconds', 'minutes', 'hours', 'days'] as const;
export const duration = (min: number, max: number): fc.Arbitrary<Recipe<Duration>> =>
  fc.tuple(sometimes(fc.constant('minutes' as const), fc.constantFrom(...PERIODS)), number(min, max))
    .map(([period, amount]) => recipe(`Duration.${period}(${fc.stringify(amount)})`, (scope) => Duration[period](amount(scope))));

/** A call of aws-cdk-lib or of the library that takes a string. */
function from<T>(
  code: string, argument: fc.Arbitrary<Recipe<string>>, make: (scope: Construct, argument: string) => T,
): fc.Arbitrary<Recipe<T>> {
  return argument.map((given) => recipe(`${code}(${fc.stringify(given)})`, (scope) => make(scope, given(scope))));
}

const region = fc.constantFrom(REGION, REGION, REGION, 'us-east-1', 'cn-north-1', 'us-gov-west-1');
const account = fc.constantFrom(ACCOUNT, ACCOUNT, ACCOUNT, '444455556666');
const partition = fc.constantFrom('aws', 'aws-cn', 'aws-us-gov');
const hex = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });

const name = fc.oneof(fc.constantFrom('spark', 'a.b/c#d_E-1'), fc.stringMatching(/^[A-Za-z0-9._\/#-]{1,64}$/));

const label = fc.constantFrom('emr-7.14.0', 'emr-6.6.0', 'emr-spark-8.2.0', 'emr-spark-8.0-preview', 'emr-9.0.0', 'emr-spark-99.0.0');
const CONSTANTS = Object.values(EmrRelease).filter((value) => value instanceof EmrRelease);
const release: fc.Arbitrary<Recipe<EmrRelease>> = fc.oneof(
  fc.constantFrom(...CONSTANTS).map((constant) => recipe(`EmrRelease.of("${constant.label}")`, () => constant)),
  from('EmrRelease.of', text(label), (_, given) => EmrRelease.of(given)),
);

const MEMORY = [2, 4, 8, 16, 30, 32, 60, 120, 244];
const initialCapacity = some<InitialCapacity>({
  workerCount: number(1, 1_000_000, 1, 2, 10),
  cpu: fc.oneof(anyOf(1, 2, 4, 8, 16, 32), number(1, 32)),
  memory: fc.oneof(size(8, 8), size(2, 244, ...MEMORY)),
  disk: size(20, 200, 2048),
  diskType: anyOf(DiskType.STANDARD, DiskType.SHUFFLE_OPTIMIZED),
}, 40, ['workerCount', 'cpu', 'memory']);

const maximumCapacity = some<MaximumCapacity>({
  cpu: number(1, 9_999_999_999, 9_999_999_999),
  memory: size(1, 999_999_999_999, 999_999_999_999),
  disk: size(1, 999_999_999_999, 999_999_999_999),
}, 40, ['cpu', 'memory']);

const imageUri = fc.record({
  account,
  region,
  repository: fc.constantFrom('spark', 'team/spark', 'a-b_c.d/e'),
  by: fc.oneof(fc.constant(':7.14.0-1'), hex(64).map((digest) => `@sha256:${digest}`)),
}).map((uri) => `${uri.account}.dkr.ecr.${uri.region}.amazonaws.com/${uri.repository}${uri.by}`);
const tagOrDigest = fc.oneof(fc.constantFrom('latest', '7.14.0-1', '_'), hex(64).map((digest) => `sha256:${digest}`));
const repository: fc.Arbitrary<Recipe<ecr.IRepository>> = fc.constantFrom<Recipe<ecr.IRepository>>(
  recipe('new Repository', (scope) => new ecr.Repository(scope, child(scope, 'Repository'))),
  recipe('Repository.fromRepositoryName', (scope) => ecr.Repository.fromRepositoryName(scope, child(scope, 'Repository'), 'spark')),
  recipe('Repository.fromRepositoryArn', (scope) =>
    ecr.Repository.fromRepositoryArn(scope, child(scope, 'Repository'), `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/spark`)),
);

/** `directory` has a Dockerfile. */
export function image(directory: string): fc.Arbitrary<Recipe<SparkImage>> {
  return fc.oneof(
    from('SparkImage.fromUri', text(imageUri), (_, given) => SparkImage.fromUri(given)),
    fc.tuple(repository, text(tagOrDigest)).map(([of, tag]) =>
      recipe(`SparkImage.fromEcrRepository(${fc.stringify(of)}, ${fc.stringify(tag)})`,
        (scope) => SparkImage.fromEcrRepository(of(scope), tag(scope)))),
    fc.tuple(text(fc.constant(directory)), fc.option(text(fc.constant('Dockerfile')), { nil: undefined })).map(([where, file]) =>
      recipe(`SparkImage.fromAsset(${fc.stringify(where)}, { file: ${fc.stringify(file)} })`,
        (scope) => SparkImage.fromAsset(where(scope), { file: file?.(scope) }))),
  );
}

const SPARK_PROPERTIES: { readonly [key: string]: fc.Arbitrary<string> } = {
  'spark.driver.cores': fc.constantFrom('1', '4', '32', '33', '0', ' 4 ', '4.0', '${x}'),
  'spark.driver.memory': fc.constantFrom('1g', '14g', '108g', '244g', '99999999999999999999g', '1536m', '0', '1.5g', '14GB', '${x}'),
  'spark.executor.cores': fc.constantFrom('1', '8', '16', '1e1', ''),
  'spark.executor.memory': fc.constantFrom('2g', '29g', '1p', '14 g', '449m', '450m'),
  'spark.executor.memoryOverhead': fc.constantFrom('1g', '384m', '-1', '9'.repeat(400)),
  'spark.executor.memoryOverheadFactor': fc.constantFrom('0.1', '2', 'x', '-1', '1e999'),
  'spark.emr-serverless.memoryOverheadFactor': fc.constantFrom('0.4', '', 'Infinity'),
  'spark.ssl.internode.enabled': fc.constantFrom('true', 'TRUE ', 'false'),
  'spark.emr-serverless.scalingProfile': fc.constantFrom('balanced', 'x'),
  'spark.emr-serverless.lakeformation.enabled': fc.constantFrom('true', 'ture'),
  'spark.aws.serverlessStorage.enabled': fc.constantFrom('true', ' TRUE', '${x}'),
  'spark.emr-serverless.executor.disk': fc.constantFrom('20G', '200g', '2T', '19G', '9'.repeat(400)),
  'spark.emr-serverless.executor.disk.type': fc.constantFrom('shuffle_optimized', 'STANDARD', 'x'),
  'spark.dynamicAllocation.enabled': fc.constantFrom('true', 'false'),
  'spark.dynamicAllocation.minExecutors': fc.constantFrom('0', '5', '-1'),
  'spark.dynamicAllocation.maxExecutors': fc.constantFrom('2', '3', 'infinity', '2147483648', 'x'),
  'spark.executor.instances': fc.constantFrom('0', '4', '1e1'),
  'spark.executorEnv.JAVA_HOME': fc.constantFrom('/usr/lib/jvm/java-17-amazon-corretto.x86_64/', '/usr/lib/jvm/java-17-amazon-corretto.aarch64'),
  'spark.jars.packages': fc.constantFrom('a:b:1'),
  'spark.hadoop.fs.s3a.secret.key': fc.constantFrom('hunter2', 'EMR.secret@name', 'true'),
};

const propertyKey = fc.stringMatching(/^[a-zA-Z]+[-a-zA-Z0-9_.]{0,60}$/);

const property: fc.Arbitrary<Recipe<[string, string]>> = fc.oneof(
  fc.constantFrom(...Object.keys(SPARK_PROPERTIES)).chain((key) => text(SPARK_PROPERTIES[key]).map((value) => pair(literal(key), value))),
  fc.tuple(text(propertyKey), text(fc.string({ minLength: 1, maxLength: 1024 }))).map(([key, value]) => pair(key, value)),
  // what JavaScript lets through
  fc.constantFrom(4, true, null, undefined).map((value) => pair(literal('spark.executor.cores'), literal(value as unknown as string))),
);

function pair(key: Recipe<string>, value: Recipe<string>): Recipe<[string, string]> {
  return recipe(`${fc.stringify(key)}: ${fc.stringify(value)}`, (scope) => [key(scope), value(scope)]);
}

export const properties: fc.Arbitrary<Recipe<Record<string, string>>> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.array(property, { maxLength: 4 }).map((pairs) =>
      recipe(`{${pairs.map((one) => fc.stringify(one)).join(', ')}}`, (scope) => Object.fromEntries(pairs.map((one) => one(scope))))),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(100, 101, 5000).map((count) =>
      recipe(`${count} properties`, () => Object.fromEntries(Array.from({ length: count }, (_, i) => [`x.key${i}`, 'value'])))),
  },
);

const classification = text(fc.constantFrom('spark-defaults', 'spark-default', 'spark', 'spark-log4j2', 'spark-env', 'hive-site', 'core-site', 'x-log4j2'));
const { configuration } = fc.letrec<{ configuration: Recipe<ApplicationConfiguration> }>((tie) => ({
  configuration: fc.oneof({ depthSize: 'small', withCrossShrink: true }, some<ApplicationConfiguration>({
    classification, properties, configurations: fc.constant(list<ApplicationConfiguration>([])),
  }, 60, ['classification']), some<ApplicationConfiguration>({
    classification, properties, configurations: fc.array(tie('configuration'), { maxLength: 2 }).map((items) => list(items)),
  }, 60, ['classification', 'configurations'])),
}));
const manyConfigurations = fc.constantFrom(100, 101).map((count) =>
  recipe(`${count} configurations`, () => Array.from({ length: count }, (_, i) => ({ classification: `site-${i}` }))));
const deepConfigurations = fc.constantFrom(20, 50).map((depth) => recipe(`configurations ${depth} deep`, () =>
  Array.from({ length: depth }).reduce<ApplicationConfiguration[]>((inner) => [{ classification: 'spark-env', configurations: inner }], [])));
export const configurations: fc.Arbitrary<Recipe<ApplicationConfiguration[]>> = fc.oneof(
  { weight: 20, arbitrary: fc.array(configuration, { maxLength: 3 }).map((items) => list(items)) },
  { weight: 1, arbitrary: manyConfigurations },
  { weight: 1, arbitrary: deepConfigurations },
);

const keyArn = fc.tuple(fc.record({ partition, region, account }), text(fc.constant('12345678-1234-1234-1234-123456789012'))).map(([arn, id]) => {
  const before = `arn:${arn.partition}:kms:${arn.region}:${arn.account}:key/`;
  return recipe(`"${before}" + ${fc.stringify(id)}`, (scope) => `${before}${id(scope)}`);
});
const key: fc.Arbitrary<Recipe<kms.IKey>> = fc.oneof(
  fc.constantFrom<Recipe<kms.IKey>>(
    recipe('new Key', (scope) => new kms.Key(scope, child(scope, 'Key'))),
    recipe('new Alias', (scope) => new kms.Key(scope, child(scope, 'Key')).addAlias(`spark${scope.node.children.length}`)),
  ),
  from('Key.fromKeyArn', keyArn, (scope, given) => kms.Key.fromKeyArn(scope, child(scope, 'Key'), given)),
  from('Alias.fromAliasName', text(fc.constant('alias/spark')), (scope, given) => kms.Alias.fromAliasName(scope, child(scope, 'Alias'), given)),
);

const bucket: fc.Arbitrary<Recipe<s3.IBucket>> = fc.oneof(
  fc.constantFrom<Recipe<s3.IBucket>>(
    recipe('new Bucket', (scope) => new s3.Bucket(scope, child(scope, 'Bucket'))),
    recipe('new Bucket with key', (scope) => new s3.Bucket(scope, child(scope, 'Bucket'), { encryption: s3.BucketEncryption.KMS })),
  ),
  from('Bucket.fromBucketName', fc.oneof(anyOf('amzn-s3-demo-bucket'), textToken),
    (scope, given) => s3.Bucket.fromBucketName(scope, child(scope, 'Bucket'), given)),
);

const logGroupName = fc.constantFrom('/aws/emr-serverless', 'spark');
const logGroup: fc.Arbitrary<Recipe<logs.ILogGroup>> = fc.oneof(
  fc.constant(recipe('new LogGroup', (scope): logs.ILogGroup => new logs.LogGroup(scope, child(scope, 'Logs')))),
  from('LogGroup.fromLogGroupName', text(logGroupName), (scope, given) => logs.LogGroup.fromLogGroupName(scope, child(scope, 'Logs'), given)),
);

const prefix = fc.constantFrom('spark', 'spark/logs/', 'a b', 'é');
const streamPrefix = fc.constantFrom('spark', 'a/b');

const logType = anyOf(SparkLogType.STDOUT, SparkLogType.STDERR);
const logTypes = listOf<SparkLogType>(fc.array(logType, { maxLength: 3 }).map((items) => list(items)));

const workspaceArn = fc.record({ partition, region, account })
  .map((arn) => `arn:${arn.partition}:aps:${arn.region}:${arn.account}:workspace/ws-12345678-1234-1234-1234-123456789012`);

export const loggingOptions: Arbitraries<LoggingOptions> = {
  managedLogs: flag,
  managedLogsKey: key,
  s3Logs: some<S3LogsOptions>({ bucket, prefix: text(prefix), encryptionKey: key }, 50, ['bucket']),
  cloudWatchLogs: some<CloudWatchLogsOptions>({
    logGroup, logStreamNamePrefix: text(streamPrefix), encryptionKey: key, driverLogTypes: logTypes, executorLogTypes: logTypes,
  }, 50),
  prometheusWorkspaceArn: text(workspaceArn),
};

const subnetIds = (count: number) => Array.from({ length: count }, (_, i) => `subnet-${String(i).padStart(8, '0')}`);
const vpc: fc.Arbitrary<Recipe<ec2.IVpc>> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(0, 1, 2, 3, 16, 17).map((count) =>
      recipe(`Vpc.fromVpcAttributes with ${count} subnets`, (scope) => ec2.Vpc.fromVpcAttributes(scope, child(scope, 'Vpc'), {
        vpcId: 'vpc-12345678',
        availabilityZones: [`${REGION}a`],
        privateSubnetIds: count > 0 ? subnetIds(count) : undefined,
      }))),
  },
  {
    weight: 1,
    arbitrary: listToken.map((ids) => recipe(`Vpc.fromVpcAttributes with ${fc.stringify(ids)}`, (scope) => ec2.Vpc.fromVpcAttributes(scope, child(scope, 'Vpc'), {
      vpcId: 'vpc-12345678', availabilityZones: [`${REGION}a`], privateSubnetIds: ids(scope),
    }))),
  },
  { weight: 1, arbitrary: fc.constant(recipe('new Vpc', (scope) => new ec2.Vpc(scope, child(scope, 'Vpc')))) },
);
const vpcSubnets: fc.Arbitrary<Recipe<ec2.SubnetSelection>> = fc.oneof(
  anyOf<ec2.SubnetSelection>({}, { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }, { subnets: [] }, { onePerAz: true }),
  fc.oneof(anyOf('subnet-12345678'), textToken).map((id) => recipe(`{ subnets: [Subnet.fromSubnetId(${fc.stringify(id)})] }`, (scope) => {
    const subnetId = id(scope);
    return { subnets: [ec2.Subnet.fromSubnetAttributes(scope, child(scope, 'Subnet'), { subnetId, availabilityZone: `${REGION}a` })] };
  })),
);

const peer = fc.constantFrom('0.0.0.0/0', '10.0.0.0/8', '0.0.0.0/00');
const securityGroup: fc.Arbitrary<Recipe<ec2.ISecurityGroup>> = fc.oneof(
  from('SecurityGroup.fromSecurityGroupId', fc.oneof(anyOf('sg-12345678', 'sg-1234567890abcdef0'), textToken), (scope, given) =>
    ec2.SecurityGroup.fromSecurityGroupId(scope, child(scope, 'SecurityGroup'), given)),
  peer.map((cidrIp) => recipe(`new CfnSecurityGroup with ${cidrIp}`, (scope) => {
    const { attrGroupId } = new ec2.CfnSecurityGroup(scope, child(scope, 'Group'), {
      groupDescription: 'workers',
      vpcId: 'vpc-12345678',
      securityGroupIngress: [{ ipProtocol: 'tcp', fromPort: 1, toPort: 2, cidrIp }],
    });
    return ec2.SecurityGroup.fromSecurityGroupId(scope, child(scope, 'SecurityGroup'), attrGroupId);
  })),
);
const securityGroups = fc.array(securityGroup, { maxLength: 6 }).map((items) => list(items));

const instanceArn = fc.tuple(partition, hex(16)).map(([of, id]) => `arn:${of}:sso:::instance/ssoins-${id}`);
const identityCenterInstanceArn = text(instanceArn);

/** Any props: most of them legal, some of them junk. */
export function runtimeProps(directory: string): fc.Arbitrary<Recipe<SparkEmrServerlessRuntimeProps>> {
  return some<SparkEmrServerlessRuntimeProps>({
    ...loggingOptions,
    name: text(name),
    release,
    architecture: anyOf(Architecture.X86_64, Architecture.ARM64),
    autoStart: flag,
    autoStop: flag,
    idleTimeout: duration(1, 10_080),
    initialDriverCapacity: initialCapacity,
    initialExecutorCapacity: initialCapacity,
    maximumCapacity,
    maxConcurrentRuns: number(1, 1000),
    queueTimeout: duration(15, 720),
    image: image(directory),
    driverImage: image(directory),
    executorImage: image(directory),
    sparkProperties: properties,
    configurations,
    livyEndpoint: flag,
    studio: flag,
    sparkConnect: flag,
    vpc,
    vpcSubnets,
    securityGroups,
    identityCenterInstanceArn,
    removalPolicy: anyOf(...Object.values(RemovalPolicy)),
  }, 8);
}

/** Every place for a string, with text that is legal there. */
const STRINGS: { readonly [place: string]: [fc.Arbitrary<string>, (scope: Construct, given: string) => SparkEmrServerlessRuntimeProps] } = {
  'name': [name, (_, given) => ({ name: given })],
  'EmrRelease.of': [label, (_, given) => ({ release: EmrRelease.of(given) })],
  'SparkImage.fromUri': [imageUri, (_, given) => ({ image: SparkImage.fromUri(given) })],
  'SparkImage.fromEcrRepository': [tagOrDigest, (scope, given) => ({
    image: SparkImage.fromEcrRepository(ecr.Repository.fromRepositoryName(scope, 'Repository', 'spark'), given),
  })],
  'key of sparkProperties': [propertyKey, (_, given) => ({ sparkProperties: { [given]: 'value' } })],
  ...Object.fromEntries(Object.entries(SPARK_PROPERTIES).map(([of, value]) =>
    [of, [value, (_, given) => ({ sparkProperties: { [of]: given } })]])),
  'classification': [fc.constantFrom('spark-env', 'x-log4j2'), (_, given) => ({ configurations: [{ classification: given }] })],
  's3Logs.prefix': [prefix, (scope, given) => ({
    s3Logs: { bucket: s3.Bucket.fromBucketName(scope, 'Bucket', 'amzn-s3-demo-bucket'), prefix: given },
  })],
  'cloudWatchLogs.logGroup': [logGroupName, (scope, given) => ({
    cloudWatchLogs: { logGroup: logs.LogGroup.fromLogGroupName(scope, 'Logs', given) },
  })],
  'cloudWatchLogs.logStreamNamePrefix': [streamPrefix, (_, given) => ({ cloudWatchLogs: { logStreamNamePrefix: given } })],
  'prometheusWorkspaceArn': [workspaceArn, (_, given) => ({ prometheusWorkspaceArn: given })],
  'identityCenterInstanceArn': [instanceArn, (_, given) => ({ identityCenterInstanceArn: given, livyEndpoint: true })],
};

function oneOfStrings(textLike: TextLike, places = STRINGS): fc.Arbitrary<Recipe<SparkEmrServerlessRuntimeProps>> {
  return fc.oneof(...Object.entries(places).map(([code, [legal, props]]) => from(code, textLike(legal), props)));
}

/** One string, and nothing else: every place for one gets its share of junk. */
export const oneString = oneOfStrings(junk);

/** One string, and nothing else, in every place and in those of others' constructs that end up in policies. */
export const oneHostileString = oneOfStrings(hostile, {
  ...STRINGS,
  'value of sparkProperties': [fc.constantFrom('value', 's3://bucket/'), (_, given) => ({ sparkProperties: { 'spark.custom.url': given } })],
  'value of configurations': [fc.constantFrom('value'), (_, given) => ({
    configurations: [{ classification: 'spark-env', configurations: [{ classification: 'export', properties: { URL: given } }] }],
  })],
  's3Logs.bucket': [fc.constantFrom('amzn-s3-demo-bucket'), (scope, given) => ({
    s3Logs: { bucket: s3.Bucket.fromBucketName(scope, 'Bucket', given), prefix: 'spark' },
  })],
  'managedLogsKey': [fc.constantFrom('12345678'), (scope, given) => ({
    managedLogsKey: kms.Key.fromKeyArn(scope, 'Key', `arn:aws:kms:${REGION}:${ACCOUNT}:key/${given}`),
  })],
});

const applicationId = fc.stringMatching(/^00[0-9a-z]{14}$/);
export const applicationArn = text(fc.record({ partition, region, account, id: applicationId })
  .map((arn) => `arn:${arn.partition}:emr-serverless:${arn.region}:${arn.account}:/applications/${arn.id}`));

const id = fc.constantFrom('00f1abcdefgh0123');
const hostileString: Arbitraries<Pick<SparkEmrServerlessRuntimeAttributes, 'applicationArn' | 'applicationId' | 'applicationName' | 'prometheusWorkspaceArn'>> = {
  applicationArn: hostile(id.map((of) => `arn:aws:emr-serverless:${REGION}:${ACCOUNT}:/applications/${of}`)),
  applicationId: hostile(id),
  applicationName: hostile(name),
  prometheusWorkspaceArn: hostile(workspaceArn),
};

/** What is known of an application that exists, with hostile text in each place for a string. */
export const hostileAttributes: fc.Arbitrary<Recipe<SparkEmrServerlessRuntimeAttributes>> = fc.oneof(
  ...Object.entries(hostileString).map(([attribute, arbitrary]) => arbitrary.map((given) => struct<SparkEmrServerlessRuntimeAttributes>({
    ...attribute === 'applicationArn' ? {} : { applicationId: literal('00f1abcdefgh0123') }, [attribute]: given,
  }))),
);

const whatIsKnown = fc.constantFrom<(keyof SparkEmrServerlessRuntimeAttributes)[]>(
  ['applicationArn'], ['applicationArn'], ['applicationId'], ['applicationId'], [],
);

/** What is known of an application that exists: with its ARN, its id, both or neither. */
export const attributes = whatIsKnown.chain((required) => some<SparkEmrServerlessRuntimeAttributes>({
  ...loggingOptions,
  applicationArn,
  applicationId: text(applicationId),
  applicationName: text(name),
  release,
  architecture: anyOf(Architecture.X86_64, Architecture.ARM64),
  securityGroups,
  identityCenterInstanceArn,
}, 10, required));

const oneStatement = () => new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [`arn:${Aws.PARTITION}:s3:::*/*`] });

const managedPolicy: fc.Arbitrary<Recipe<iam.IManagedPolicy>> = fc.constantFrom<Recipe<iam.IManagedPolicy>>(
  recipe('ManagedPolicy.fromAwsManagedPolicyName', () => iam.ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess')),
  recipe('new ManagedPolicy', (scope) => new iam.ManagedPolicy(scope, child(scope, 'Policy'), { statements: [oneStatement()] })),
);

export const executionRoleOptions = some<ExecutionRoleOptions>({
  roleName: text(fc.stringMatching(/^[\w+=,.@-]{1,64}$/)),
  path: text(fc.stringMatching(/^\/([!-~]{1,20}\/)?$/)),
  description: text(fc.string({ maxLength: 1000 })),
  maxSessionDuration: duration(60, 720),
  managedPolicies: fc.array(managedPolicy, { maxLength: 3 }).map((items) => list(items)),
  permissionsBoundary: managedPolicy,
  grantLogging: flag,
}, 30);

export const policyDocument: fc.Arbitrary<Recipe<iam.PolicyDocument | undefined>> = fc.constantFrom<Recipe<iam.PolicyDocument | undefined>>(
  literal(undefined),
  recipe('new PolicyDocument()', () => new iam.PolicyDocument()),
  recipe('PolicyDocument of one statement', () => new iam.PolicyDocument({ statements: [oneStatement()] })),
);

const roleArn = fc.record({ partition, account, path: fc.constantFrom('', 'team/', 'a/b/') })
  .map((arn) => `arn:${arn.partition}:iam::${arn.account}:role/${arn.path}Job`);
export const executionRoleArn = fc.oneof(
  text(roleArn),
  fc.constant(recipe('role.roleArn', (scope) => new iam.Role(scope, child(scope, 'Job'), { assumedBy: new iam.AccountRootPrincipal() }).roleArn)),
);

const role: fc.Arbitrary<Recipe<iam.IRole>> = fc.oneof(
  fc.constant(recipe<iam.IRole>('new Role', (scope) => new iam.Role(scope, child(scope, 'Role'), { assumedBy: new iam.AccountRootPrincipal() }))),
  from('Role.fromRoleArn', roleArn.map(literal), (scope, given) => iam.Role.fromRoleArn(scope, child(scope, 'Role'), given)),
  from('Role.fromRoleName', fc.oneof(anyOf('Job'), textToken), (scope, given) => iam.Role.fromRoleName(scope, child(scope, 'Role'), given)),
);
export const executionRole = role;

export const grantee: fc.Arbitrary<Recipe<iam.IGrantable>> = fc.oneof<fc.Arbitrary<Recipe<iam.IGrantable>>[]>(
  role,
  fc.constantFrom<Recipe<iam.IGrantable>>(
    recipe('new User', (scope) => new iam.User(scope, child(scope, 'User'))),
    recipe('ServicePrincipal', () => new iam.ServicePrincipal('states.amazonaws.com')),
    recipe('AnyPrincipal', () => new iam.AnyPrincipal()),
  ),
);

const ACTIONS = [
  'GetJobRun', 'ListJobRuns', 'TagResource', 'GetSession', 'StartJobRun',
  'StopJobRun', 'DescribeApplication', 'CreateApplication', 'ListApplications',
].map((action) => `emr-serverless:${action}`);
export const actions = listOf<string>(fc.array(text(fc.constantFrom(...ACTIONS)), { maxLength: 4 }).map((items) => list(items)));

export const hostileRoleArn = hostile(fc.constantFrom('arn:aws:iam::111122223333:role/Job', 'arn:aws:iam::111122223333:role/team/Job'));
export const hostileActions = hostile(fc.constantFrom('emr-serverless:GetJobRun', 'emr-serverless:'));
export const hostileRoleOptions = fc.oneof(
  hostile(fc.constantFrom('Job')).map((roleName) => struct<ExecutionRoleOptions>({ roleName })),
  hostile(fc.constantFrom('Runs jobs')).map((description) => struct<ExecutionRoleOptions>({ description })),
);

/** Where the stack goes; unknown until the deployment, or known. */
export const environment = fc.option(
  fc.constantFrom(REGION, 'cn-north-1', 'us-gov-west-1').map((of) => ({ region: of, account: ACCOUNT })), { nil: undefined });
