import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ApplicationFacts } from '../../application/private/facts';
import type { Images } from '../../application/private/images';
import { SparkProperties } from '../../application/private/spark-values';
import { isLiteral, Problems, shown } from '../../private/checks';
import { Fields, instance, knownBoolean, listOf, read, Reader, required, struct, text } from '../../private/reading';
import { checkWhenRendered, withoutTokens } from '../../private/rendered';
import { refuse } from '../../private/validation-error';
import type { PythonPackages, PythonPackagesConfig, PythonPackagesTarget } from '../python-packages';
import { SparkCode, SparkCodeConfig, SparkCodeUse } from '../spark-code';

/** The code of a job. */
export interface Code {
  readonly entryPoint: SparkCode;
  readonly pythonFiles?: SparkCode[];
  readonly pythonPackages?: PythonPackages;
  readonly jars?: SparkCode[];
  readonly files?: SparkCode[];
  readonly archives?: { readonly [directory: string]: SparkCode };
}

const sparkCode = instance<SparkCode>('a SparkCode such as SparkCode.fromAsset(\'job.py\')', 'bind', '_problems');

const archiveMap: Reader<{ readonly [directory: string]: SparkCode }> = (prop, value, problems) => {
  const directories = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return struct(Object.fromEntries(directories.map((directory) => [directory, required(sparkCode)])))(prop, value, problems);
};

/** What a class of the user's own returns may be anything. */
export const codeConfig = struct<SparkCodeConfig>({ uri: required(text) });

const packagesConfig = struct<PythonPackagesConfig>({
  archiveUri: required(text),
  virtualEnvironment: knownBoolean,
  pythonFileUris: listOf(text),
});

export const CODE: Fields<Code> = {
  entryPoint: required(sparkCode),
  pythonFiles: listOf(sparkCode),
  pythonPackages: instance<PythonPackages>(
    'PythonPackages such as PythonPackages.fromRequirements(\'requirements.txt\')', 'bind', '_problems'),
  jars: listOf(sparkCode),
  files: listOf(sparkCode),
  archives: archiveMap,
};

/** The directory that the archive with the Python packages becomes. */
const ENVIRONMENT = 'environment';

const LISTS = [
  { prop: 'pythonFiles', use: SparkCodeUse.PYTHON_FILES, key: 'spark.submit.pyFiles' },
  { prop: 'jars', use: SparkCodeUse.JARS, key: 'spark.jars' },
  { prop: 'files', use: SparkCodeUse.FILES, key: 'spark.files' },
] as const;

const ARCHIVES = 'spark.archives';

const DRIVER_ENVIRONMENT = 'spark.emr-serverless.driverEnv.';
const EXECUTOR_ENVIRONMENT = 'spark.executorEnv.';

/** Lists what is wrong with the code, before anything is created. Code of a class of the user's own checks itself when it is bound. */
export function codeProblems(code: Code, application: ApplicationFacts): Problems {
  const { entryPoint, pythonPackages, archives = {}, ...lists } = code;
  return [
    ...entryPoint._problems('entryPoint', SparkCodeUse.ENTRY_POINT),
    ...LISTS.flatMap(({ prop, use }) => (lists[prop] ?? []).flatMap((item, i) => item._problems(`${prop}[${i}]`, use))),
    ...Object.entries(archives).flatMap(([directory, archive]) => archive._problems(`archives.${directory}`, SparkCodeUse.ARCHIVES)),
    ...pythonPackages?._problems('pythonPackages', packagesTarget(application)) ?? [],
  ];
}

/** Lists what is wrong with the directories of the archives. */
export function directoryProblems({ archives = {}, pythonPackages }: Pick<Code, 'archives' | 'pythonPackages'>): Problems {
  return Object.keys(archives).flatMap((directory) => directoryProblem(directory, pythonPackages !== undefined));
}

function directoryProblem(directory: string, hasPackages: boolean): Problems {
  if (isLiteral(directory) && !/^(?!\.{1,2}$)[\w.-]{1,255}$/.test(directory)) {
    return [`a key of \`archives\` must be the name of a directory (1 to 255 characters of A-Z a-z 0-9 _ . -), got: ${shown(directory)}`];
  }
  return hasPackages && directory === ENVIRONMENT
    ? [`a key of \`archives\` must not be "${ENVIRONMENT}", which is the directory of \`pythonPackages\`, got: "${ENVIRONMENT}"`]
    : [];
}

function packagesTarget({ release, architecture, runner: { images } }: ApplicationFacts): PythonPackagesTarget {
  return { release, architecture, customImage: hasImage(images) };
}

function hasImage({ image, driverImage, executorImage }: Images = {}): boolean {
  return (image ?? driverImage ?? executorImage) !== undefined;
}

/** Where the job finds its code. */
export interface BoundCode {
  readonly entryPoint: string;
  /** The Spark properties that name the code. */
  readonly properties: SparkProperties;
}

/** What decides where a job finds its code. */
interface CodePlaces {
  readonly code: Code;
  readonly application: ApplicationFacts;
  /** The Spark properties that the job gets from the application. */
  readonly inherited: SparkProperties;
}

/** Makes the code available to the execution role. */
export function bindCode(job: Construct, executionRole: IGrantable, { code, application, inherited }: CodePlaces): BoundCode {
  const { entryPoint, pythonPackages, archives = {}, ...lists } = code;
  const uriOf = (item: SparkCode, use: SparkCodeUse) =>
    checkedUri(job, use, read(job, '', `${use}.bind()`, item.bind(job, executionRole, use), codeConfig).uri);
  const packages = pythonPackages
    && read(job, '', 'pythonPackages.bind()', pythonPackages.bind(job, executionRole, packagesTarget(application)), packagesConfig);
  const moreFiles = (packages?.pythonFileUris ?? []).map((uri) => checkedUri(job, 'pythonPackages', uri));
  const uris: [key: string, uris: string[]][] = [
    ...LISTS.map(({ prop, use, key }): [string, string[]] =>
      [key, [...(lists[prop] ?? []).map((item) => uriOf(item, use)), ...prop === 'pythonFiles' ? moreFiles : []]]),
    [ARCHIVES, [
      ...packages ? [`${checkedUri(job, 'pythonPackages', packages.archiveUri)}#${ENVIRONMENT}`] : [],
      // the maps of some languages have no order
      ...Object.keys(archives).sort().map((directory) => `${uriOf(archives[directory], SparkCodeUse.ARCHIVES)}#${directory}`),
    ]],
  ];
  refuse(job, '', sharedDirectoryProblems(inherited[ARCHIVES], [...packages ? [ENVIRONMENT] : [], ...Object.keys(archives)]));
  return {
    entryPoint: uriOf(entryPoint, SparkCodeUse.ENTRY_POINT),
    properties: {
      // a list of the job would replace the one of the application
      ...Object.fromEntries(uris.filter(([, list]) => list.length > 0)
        .map(([key, list]) => [key, [...inherited[key] === undefined ? [] : [inherited[key]], ...list].join(',')])),
      ...packages && packagesEnvironment(packages.virtualEnvironment ?? false, inherited),
    },
  };
}

/** What a class of the user's own returns, the library has not seen before. */
function checkedUri(job: Construct, prop: string, uri: string): string {
  const problems = (rendered: string) => /^[^\s"\\,#]+$/.test(withoutTokens(rendered)) ? []
    : [`the URI of \`${prop}\` must be a text without blanks, quotes, backslashes, commas or #, got: ${shown(rendered)}`];
  refuse(job, '', problems(uri));
  checkWhenRendered(job, uri, problems);
  return uri;
}

/** Spark would unpack two archives into one directory. */
function sharedDirectoryProblems(inherited: string | undefined, directories: string[]): Problems {
  const taken = inherited?.split(',').map((archive) => archive.split('#')[1]) ?? [];
  return directories.filter((directory) => taken.includes(directory)).map((directory) => directory === ENVIRONMENT
    ? `\`pythonPackages\` needs the directory "${ENVIRONMENT}", which "${ARCHIVES}" of the application must not use, got: "${ENVIRONMENT}"`
    : `a key of \`archives\` must not be a directory of "${ARCHIVES}" of the application, got: ${shown(directory)}`);
}

/** The properties that the code decides, with the prop that gives them. They are known before the code is bound. */
export function codeOwners(code: Code): { readonly [key: string]: { readonly prop: string } } {
  const { pythonPackages, archives = {} } = code;
  const hasArchives = Object.keys(archives).length > 0;
  return Object.fromEntries([
    ...LISTS.filter(({ prop }) => code[prop]?.length).map(({ prop, key }) => [key, { prop }]),
    ...hasArchives || pythonPackages ? [[ARCHIVES, { prop: hasArchives ? 'archives' : 'pythonPackages' }]] : [],
    ...pythonPackages
      ? Object.keys(packagesEnvironment(pythonPackages._isVirtualEnvironment)).map((key) => [key, { prop: 'pythonPackages' }])
      : [],
  ]);
}

/**
 * Spark unpacks an archive into the working directory of the driver and of the executors.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/using-python-libraries.html
 */
function packagesEnvironment(isVirtualEnvironment: boolean, inherited: SparkProperties = {}): SparkProperties {
  if (!isVirtualEnvironment) {
    const paths = environmentProperties({ PYTHONPATH: `./${ENVIRONMENT}` });
    // the path of the job would replace the one of the application
    return Object.fromEntries(Object.entries(paths).map(([key, path]) =>
      [key, inherited[key] === undefined ? path : `${path}:${inherited[key]}`]));
  }
  const python = `./${ENVIRONMENT}/bin/python`;
  return {
    [`${DRIVER_ENVIRONMENT}PYSPARK_DRIVER_PYTHON`]: python,
    [`${DRIVER_ENVIRONMENT}PYSPARK_PYTHON`]: python,
    [`${EXECUTOR_ENVIRONMENT}PYSPARK_PYTHON`]: python,
  };
}

/** The properties that set environment variables of the driver and of the executors. */
export function environmentProperties(environment: { readonly [name: string]: string }): SparkProperties {
  return Object.fromEntries(Object.entries(environment).flatMap(([name, value]) =>
    [[`${DRIVER_ENVIRONMENT}${name}`, value], [`${EXECUTOR_ENVIRONMENT}${name}`, value]]));
}
