import { mergesClassifications } from './spark-release';
import { InvalidParameters, readSparkSubmitParameters } from './spark-submit-parameters';

/** A classification, in the words of the API. */
export interface Configuration {
  readonly classification: string;
  readonly properties?: { readonly [key: string]: string };
  readonly configurations?: readonly Configuration[];
}

export type Properties = { readonly [key: string]: string };

/** Where a job and its application say how Spark should run. */
export interface Sources {
  readonly releaseLabel: string;
  readonly jobDriver: { readonly sparkSubmit: { readonly sparkSubmitParameters?: string } };
  readonly applicationConfigurations: readonly Configuration[];
  readonly jobConfigurations: readonly Configuration[];
}

/** What Spark should run with, as the service understands it. */
export interface Asked {
  readonly properties: Properties;
  readonly className?: string;
  /** The variables that the process of the driver gets. */
  readonly driverEnvironment: Properties;
  /** What this machine leaves out of it, a sentence each. */
  readonly warnings: readonly string[];
}

const SPARK_DEFAULTS = 'spark-defaults';
const DRIVER_ENVIRONMENT = 'spark.emr-serverless.driverEnv.';

const S3_AND_CREDENTIALS = new RegExp('^spark\\.hadoop\\.fs\\.s3a\\.(bucket\\.[^.]+\\.)?'
  + '(endpoint|path\\.style\\.access|connection\\.ssl|aws\\.credentials|access\\.key|secret\\.key|session)');

/** What exists on EMR Serverless only, and what to say of it. The first that matches a property counts. */
const LEFT_OUT: readonly { readonly matches: (key: string, value: string) => boolean; readonly because: string }[] = [
  {
    matches: (_key, value) => value.startsWith('EMR.secret@'),
    because: 'this machine reads no secret of AWS Secrets Manager for a property',
  },
  {
    matches: (key) => key.startsWith('spark.emr-serverless.lakeformation.') || /^spark\.sql\.catalog\.[^.]+\.lf\./.test(key),
    because: 'Lake Formation does not decide here',
  },
  {
    matches: (key) => /^spark\.(driver|executor)\.(cores|memory|memoryOverhead|memoryOverheadFactor|resource\..*)$/.test(key)
      || /^spark\.(executor\.(instances|pyspark\.memory)|cores\.max|task\.cpus|dynamicAllocation\..*)$/.test(key)
      || /^spark\.emr-serverless\.((driver|executor)\.disk|allocation\.|memoryOverheadFactor$|scalingProfile$)/.test(key),
    because: 'the driver and the only executor share one process of this machine, whatever the sizes are',
  },
  {
    matches: (key) => key.startsWith('spark.emr-serverless.') && !key.startsWith(DRIVER_ENVIRONMENT),
    because: 'only EMR Serverless knows it',
  },
  {
    matches: (key) => key.startsWith('spark.aws.serverlessStorage.'),
    because: 'there is no serverless storage here',
  },
  {
    matches: (key) => /^spark\.(hadoop\.)?(hive\.metastore\.client\.factory\.class|hive\.metastore\.glue\.|aws\.glue\.)/.test(key),
    because: 'the Glue Data Catalog is not here, and the tables of Hive are in the folder of the job',
  },
  {
    matches: (key) => S3_AND_CREDENTIALS.test(key),
    because: 'Spark reads and writes what this service keeps, as the execution role',
  },
  {
    matches: (key) => /^spark\.(local\.dir|jars\.ivy|ui\.enabled|driver\.(host|port|bindAddress))$/.test(key),
    because: 'the local service sets it',
  },
  {
    matches: (key) => key.startsWith('spark.ssl.'),
    because: 'Spark opens nothing to others here',
  },
  {
    matches: (key) => /^spark\.hadoop\.fs\.s3n?\./.test(key),
    because: 'EMRFS is not here, and S3A of Hadoop reads and writes s3://',
  },
  {
    matches: (key) => /^spark\.(kubernetes|yarn|shuffle\.service)\./.test(key),
    because: 'there is no cluster here',
  },
];

/** Puts together what the application and the job ask for, in the service's order of precedence. */
export function asked(sources: Sources): Asked {
  const { sparkSubmitParameters } = sources.jobDriver.sparkSubmit;
  const { properties: parameters, className, leftOut: unknown } = readSparkSubmitParameters(sparkSubmitParameters);
  const given: Properties = { ...classified(sources), ...parameters };
  refuseMaster(given);
  const reasons = new Map<string, string[]>();
  const properties: Record<string, string> = {};
  const driverEnvironment: Record<string, string> = {};
  for (const [key, value] of Object.entries(given)) {
    const reason = LEFT_OUT.find(({ matches }) => matches(key, value))?.because;
    if (reason !== undefined) {
      reasons.set(reason, [...reasons.get(reason) ?? [], key]);
    } else if (key.startsWith(DRIVER_ENVIRONMENT)) {
      driverEnvironment[key.slice(DRIVER_ENVIRONMENT.length)] = value;
    } else {
      properties[key] = value;
    }
  }
  return {
    properties,
    className,
    driverEnvironment,
    warnings: [
      ...[...reasons].map(([reason, keys]) => leftOut(keys, reason)),
      ...otherClassifications(sources).map((name) => leftOut([name], `only the classification ${SPARK_DEFAULTS} means something here`)),
      ...unknown.map((parameter) => leftOut([parameter], 'it is of no use here')),
    ],
  };
}

function refuseMaster(properties: Properties): void {
  const refused = ['spark.master', 'spark.submit.deployMode'].find((key) => Object.hasOwn(properties, key));
  if (refused) { throw new InvalidParameters(`Option '${refused}' is not supported`); }
}

export function leftOut(what: readonly string[], because: string): string {
  return `${[...what].sort().join(', ')} ${what.length === 1 ? 'is' : 'are'} left out, because ${because}.`;
}

function classified({ releaseLabel, applicationConfigurations, jobConfigurations }: Sources): Properties {
  const ofJob = propertiesOf(jobConfigurations);
  const replaces = ofJob !== undefined && !mergesClassifications(releaseLabel);
  return { ...replaces ? {} : propertiesOf(applicationConfigurations), ...ofJob };
}

function propertiesOf(configurations: readonly Configuration[]): Properties | undefined {
  const found = configurations.filter(({ classification }) => classification === SPARK_DEFAULTS);
  return found.length === 0 ? undefined : Object.assign({}, ...found.map(({ properties }) => properties));
}

function otherClassifications({ applicationConfigurations, jobConfigurations }: Sources): string[] {
  const names = [...applicationConfigurations, ...jobConfigurations].map(({ classification }) => classification);
  return [...new Set(names)].filter((name) => name !== SPARK_DEFAULTS);
}
