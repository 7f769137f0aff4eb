import { Capacity } from './capacity';
import { imageFeatures, Images } from './images';
import { Interactive } from './interactive';
import { Network } from './network';
import { FeatureName, FeatureUse } from './release-features';
import { diskProblems } from './spark-disks';
import { DYNAMIC_ALLOCATION, executorProblems } from './spark-executors';
import { hasValue, knownValue, SparkProperties, wholeNumber } from './spark-values';
import { Warning } from '../../private/annotations';
import { isLiteral, Problems, shown } from '../../private/checks';
import { Architecture } from '../architecture';

/** What the rules know of the application that runs the jobs. A fact of an imported application that is not known is undefined. */
export interface JobRunner {
  readonly architecture?: Architecture;
  readonly capacity?: Capacity;
  readonly images?: Images;
  readonly interactive?: Interactive;
  readonly network?: Pick<Network, 'vpc' | 'hasPublicSubnets'>;
}

const LAKE_FORMATION = 'spark.emr-serverless.lakeformation.enabled';
const SERVERLESS_STORAGE = 'spark.aws.serverlessStorage.enabled';

/** What one property must be, and the feature that some of its values need. */
interface PropertyRule {
  readonly must?: Condition;
  readonly needs?: FeatureName;
  /** The value that needs the feature. Every value does if this is absent. */
  readonly when?: string;
}

interface Condition {
  readonly isMet: (value: string) => boolean;
  readonly described: string;
}

const BOOLEAN = anyOf('true', 'false');
const DISK_TYPE = anyOf('standard', 'shuffle_optimized');
const RESERVED: Condition = { isMet: () => false, described: 'must not be set, because EMR Serverless sets it' };
const ABOVE_0: Condition = { isMet: (value) => Number(value) > 0, described: 'must be a number above 0' };
const FROM_0: Condition = { isMet: (value) => Number(value) >= 0, described: 'must be a number of 0 or more' };
const RATIO: Condition = { isMet: (value) => Number(value) >= 0 && Number(value) <= 1, described: 'must be a number from 0 to 1' };

/**
 * The rules for single properties.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html#spark-defaults
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/emr-serverless-lf-enable.html
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/spark-connect.html#spark-connect-considerations
 * @see https://spark.apache.org/docs/latest/configuration.html
 */
const RULES_OF_PROPERTIES: { readonly [key: string]: PropertyRule | undefined } = {
  [SERVERLESS_STORAGE]: { must: BOOLEAN, needs: 'serverlessStorage', when: 'true' },
  'spark.connect.grpc.binding.address': { must: RESERVED },
  'spark.driver.memoryOverheadFactor': { must: ABOVE_0 },
  [DYNAMIC_ALLOCATION]: { must: BOOLEAN },
  'spark.dynamicAllocation.initialExecutors': { must: atLeast(0) },
  'spark.dynamicAllocation.maxExecutors': { must: atLeast(1, 'infinity') },
  'spark.dynamicAllocation.maxExecutorsRatio': { must: RATIO },
  'spark.dynamicAllocation.minExecutors': { must: atLeast(0) },
  'spark.emr-serverless.allocation.batch.size': { must: atLeast(1) },
  'spark.emr-serverless.driver.disk.type': { must: DISK_TYPE, needs: 'shuffleOptimizedDisks', when: 'shuffle_optimized' },
  'spark.emr-serverless.executor.disk.type': { must: DISK_TYPE, needs: 'shuffleOptimizedDisks', when: 'shuffle_optimized' },
  [LAKE_FORMATION]: { must: BOOLEAN, needs: 'lakeFormation', when: 'true' },
  'spark.emr-serverless.memoryOverheadFactor': { must: FROM_0 },
  'spark.emr-serverless.scalingProfile': { must: anyOf('performance-optimized', 'balanced', 'cost-optimized'), needs: 'scalingProfiles' },
  'spark.executor.instances': { must: atLeast(0) },
  'spark.executor.memoryOverheadFactor': { must: ABOVE_0 },
  'spark.hadoop.fs.s3.s3AccessGrants.enabled': { must: BOOLEAN, needs: 's3AccessGrants', when: 'true' },
  'spark.master': { must: RESERVED },
  'spark.ssl.internode.enabled': { must: BOOLEAN, needs: 'interWorkerTls', when: 'true' },
};

/** What a property that is true does not go with: another property, or a prop. */
interface Conflict {
  readonly whenTrue: string;
  readonly subject: string;
  readonly must: string;
  /** What does not go with it, for the message. It is undefined if all is well. */
  readonly got: (properties: SparkProperties, runner: JobRunner) => string | undefined;
}

/**
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/emr-serverless-lf-enable-considerations.html
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/vpc-access.html#vpc-create-subnet-considerations
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-serverless-storage.html#jobs-serverless-storage-limitations
 */
const CONFLICTS: Conflict[] = [
  {
    whenTrue: LAKE_FORMATION,
    subject: `"${DYNAMIC_ALLOCATION}"`,
    must: 'be true',
    got: (properties) => hasValue(properties, DYNAMIC_ALLOCATION, 'false') ? 'false' : undefined,
  },
  {
    whenTrue: LAKE_FORMATION,
    subject: '`vpcSubnets`',
    must: 'be private subnets',
    got: (_, { network }) => network?.hasPublicSubnets ? 'a public subnet' : undefined,
  },
  ...['spark.driver.cores', 'spark.executor.cores'].map((key): Conflict => ({
    whenTrue: SERVERLESS_STORAGE,
    subject: `"${key}"`,
    must: 'be 3 or more (a worker of 4 vCPU or more)',
    got: (properties) => ['1', '2'].find((cores) => hasValue(properties, key, cores)),
  })),
];

/** What a property that is true makes useless. */
interface PropWarning {
  readonly whenTrue: string;
  readonly id: string;
  /** The props that are given and that the property makes useless. */
  readonly props: (runner: JobRunner) => string[];
  readonly message: (props: string) => string;
}

/**
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-serverless-storage.html#jobs-serverless-storage-limitations
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/spark-connect.html#spark-connect-considerations
 */
const PROP_WARNINGS: PropWarning[] = [
  {
    whenTrue: SERVERLESS_STORAGE,
    id: 'initialCapacityUnused',
    props: ({ capacity }) => givenProps(capacity, 'initialDriverCapacity', 'initialExecutorCapacity'),
    message: (props) => `AWS bills ${props}, but only jobs that turn off "${SERVERLESS_STORAGE}" use pre-initialized workers`,
  },
  {
    whenTrue: SERVERLESS_STORAGE,
    id: 'notInSessions',
    props: ({ interactive }) => givenProps(interactive, 'livyEndpoint', 'studio', 'sparkConnect'),
    message: (props) => unsupportedInSessions(SERVERLESS_STORAGE, props),
  },
  {
    whenTrue: LAKE_FORMATION,
    id: 'notInSessions',
    props: ({ interactive }) => givenProps(interactive, 'sparkConnect'),
    message: (props) => unsupportedInSessions(LAKE_FORMATION, props),
  },
];

/**
 * The properties that make jobs reach beyond the AWS services of their Region. Only a VPC lets them.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/vpc-access.html
 */
const NEED_VPC = ['spark.hadoop.javax.jdo.option.ConnectionURL', 'spark.jars.packages'];

/** How the directory of a Java for another architecture ends. */
const OTHER_JAVA: { readonly [architecture: string]: RegExp } = {
  [Architecture.X86_64]: /\.aarch64\/?\s*$/,
  [Architecture.ARM64]: /\.x86_64\/?\s*$/,
};

/** Lists what AWS, or Spark in a job, would refuse. */
export function sparkPropertyProblems(properties: SparkProperties, runner: JobRunner): Problems {
  return Object.keys(properties).length === 0 ? [] : [
    ...Object.keys(properties).flatMap((key) => propertyRuleProblems(properties, key)),
    ...executorProblems(properties),
    ...diskProblems(properties),
    ...javaProblems(properties, runner),
    ...CONFLICTS.filter(({ whenTrue }) => hasValue(properties, whenTrue, 'true')).flatMap(({ whenTrue, subject, must, got }) => {
      const wrong = got(properties, runner);
      return wrong === undefined ? [] : [`${subject} must ${must} with "${whenTrue}", got: ${wrong}`];
    }),
  ];
}

function propertyRuleProblems(properties: SparkProperties, key: string): Problems {
  const must = RULES_OF_PROPERTIES[key]?.must;
  const value = knownValue(properties, key);
  return !must || value === undefined || must.isMet(value) ? [] : [`"${key}" ${must.described}, got: ${shown(value)}`];
}

/** @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/using-java-runtime.html */
function javaProblems(properties: SparkProperties, { architecture }: JobRunner): Problems {
  return ['spark.emr-serverless.driverEnv.JAVA_HOME', 'spark.executorEnv.JAVA_HOME'].flatMap((key) => {
    const home = knownValue(properties, key);
    return home !== undefined && architecture !== undefined && OTHER_JAVA[architecture]?.test(home)
      ? [`"${key}" must be a Java for \`architecture\` of ${architecture}, got: ${shown(home)}`]
      : [];
  });
}

/** Lists the features that the properties need and that some releases lack. */
export function sparkPropertyFeatures(properties: SparkProperties, { images }: JobRunner): FeatureUse[] {
  return [
    ...Object.keys(properties).flatMap((key): FeatureUse[] => {
      const { needs, when } = RULES_OF_PROPERTIES[key] ?? {};
      return needs && (when === undefined || hasValue(properties, key, when)) ? [{ feature: needs, usedBy: `"${key}"` }] : [];
    }),
    ...images && hasValue(properties, LAKE_FORMATION, 'true')
      ? imageFeatures(images).map(({ usedBy }): FeatureUse => ({ feature: 'lakeFormationImages', usedBy, with: `"${LAKE_FORMATION}"` }))
      : [],
  ];
}

/** Lists what AWS accepts, but hardly anybody wants. */
export function sparkPropertyWarnings(properties: SparkProperties, runner: JobRunner): Warning[] {
  return Object.keys(properties).length === 0 ? [] : [
    ...PROP_WARNINGS.filter(({ whenTrue }) => hasValue(properties, whenTrue, 'true')).flatMap(({ id, props, message }) => {
      const useless = props(runner);
      return useless.length === 0 ? [] : [{ id, message: message(useless.map((prop) => `\`${prop}\``).join(', ')) }];
    }),
    ...vpcWarnings(properties, runner),
    ...ignoredWarnings(properties),
  ];
}

function vpcWarnings(properties: SparkProperties, { network }: JobRunner): Warning[] {
  const keys = network && !network.vpc ? NEED_VPC.filter((key) => properties[key] !== undefined) : [];
  return keys.length === 0 ? [] : [{
    id: 'vpcMissing',
    message: `${quoted(keys)} needs a \`vpc\`. Without one, jobs reach only the AWS services of their Region`,
  }];
}

/** Spark drops a property of another name, and says so in the log of the job only. */
function ignoredWarnings(properties: SparkProperties): Warning[] {
  const keys = Object.keys(properties).filter((key) => isLiteral(key) && !key.startsWith('spark.'));
  return keys.length === 0 ? [] : [{
    id: 'ignoredProperty',
    message: `Spark ignores ${quoted(keys)}, because a Spark property starts with "spark.". Put "spark." in front of it, or "spark.hadoop."`
      + ' in front of a property of Hadoop or Hive',
  }];
}

function unsupportedInSessions(key: string, props: string): string {
  return `AWS does not support "${key}" in interactive sessions (${props}). Set it to false in these sessions, or remove it from the`
    + ' application and set it to true in the jobs that need it';
}

function givenProps<T extends object>(group: T | undefined, ...props: (keyof T & string)[]): string[] {
  return props.filter((prop) => group?.[prop]);
}

function quoted(keys: string[]): string {
  return keys.map(shown).join(', ');
}

function anyOf(...values: string[]): Condition {
  return { isMet: (value) => values.includes(value.trim().toLowerCase()), described: `must be ${values.join(' or ')}` };
}

function atLeast(min: number, alternative?: string): Condition {
  return {
    isMet: (value) => (wholeNumber(value) ?? -1) >= min || value.trim().toLowerCase() === alternative,
    described: `must be a whole number of ${min} or more${alternative === undefined ? '' : `, or ${alternative}`}`,
  };
}
