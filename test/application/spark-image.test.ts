import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { DockerImageAssetOptions, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Architecture, EmrRelease, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeProps, SparkImage } from '../../src';
import { application, lazy, newStack, onlyResource, partitioned, warnings } from '../util';

const ENV = { account: '123456789012', region: 'eu-central-1' };
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const URI = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/spark:1';

function build(props: SparkEmrServerlessRuntimeProps, stack = newStack(ENV)): Stack {
  new SparkEmrServerlessRuntime(stack, 'Spark', { release: EmrRelease.EMR_7_14_0, ...props });
  return stack;
}

/** The URI of an image in a repository of the same stack, as CloudFormation puts it together. */
function uriOf(repository: string, separator: ':' | '@', tagOrDigest: unknown) {
  const arn = { 'Fn::GetAtt': [repository, 'Arn'] };
  const part = (i: number) => ({ 'Fn::Select': [i, { 'Fn::Split': [':', arn] }] });
  const path = typeof tagOrDigest === 'string' ? [`${separator}${tagOrDigest}`] : [separator, tagOrDigest];
  return { 'Fn::Join': ['', [part(4), '.dkr.ecr.', part(3), '.', { Ref: 'AWS::URLSuffix' }, '/', { Ref: repository }, ...path]] };
}

describe('an image of a repository', () => {
  let stack: Stack;
  let repository: Repository;
  let logicalId: string;

  beforeEach(() => {
    stack = newStack(ENV);
    repository = new Repository(stack, 'Repository');
    logicalId = stack.getLogicalId(repository.node.defaultChild as any);
  });

  test('is the one with the tag', () => {
    build({ image: SparkImage.fromEcrRepository(repository, '1.2') }, stack);

    expect(application(stack).ImageConfiguration).toEqual({ ImageUri: uriOf(logicalId, ':', '1.2') });
  });

  test('is the one with the tag latest where no tag is given', () => {
    build({ image: SparkImage.fromEcrRepository(repository) }, stack);

    expect(application(stack).ImageConfiguration).toEqual({ ImageUri: uriOf(logicalId, ':', 'latest') });
  });

  test('is the one with the digest', () => {
    build({ image: SparkImage.fromEcrRepository(repository, DIGEST) }, stack);

    expect(application(stack).ImageConfiguration).toEqual({ ImageUri: uriOf(logicalId, '@', DIGEST) });
  });

  test('takes its tag from a token', () => {
    build({ image: SparkImage.fromEcrRepository(repository, new CfnParameter(stack, 'Tag').valueAsString) }, stack);

    expect(application(stack).ImageConfiguration).toEqual({ ImageUri: uriOf(logicalId, ':', { Ref: 'Tag' }) });
  });

  test('takes a lazy tag', () => {
    build({ image: SparkImage.fromEcrRepository(repository, lazy('1.2')) }, stack);

    expect(application(stack).ImageConfiguration).toEqual({ ImageUri: uriOf(logicalId, ':', '1.2') });
  });

  test('lets EMR Serverless pull it for the applications of the stack\'s account and Region', () => {
    build({ image: SparkImage.fromEcrRepository(repository, '1') }, stack);

    expect(onlyResource(stack, 'AWS::ECR::Repository').RepositoryPolicyText.Statement).toEqual([{
      Effect: 'Allow',
      Principal: { Service: 'emr-serverless.amazonaws.com' },
      Action: ['ecr:BatchGetImage', 'ecr:DescribeImages', 'ecr:GetDownloadUrlForLayer'],
      Condition: {
        ArnLike: {
          'aws:SourceArn': partitioned('emr-serverless:eu-central-1:123456789012:/applications/*'),
        },
      },
    }]);
  });

  test('adds one statement to the repository for drivers and executors together', () => {
    build({ driverImage: SparkImage.fromEcrRepository(repository, 'a'), executorImage: SparkImage.fromEcrRepository(repository, 'b') }, stack);

    expect(onlyResource(stack, 'AWS::ECR::Repository').RepositoryPolicyText.Statement).toHaveLength(1);
  });

  test('adds one statement to the repository for two applications', () => {
    const image = SparkImage.fromEcrRepository(repository, '1');

    new SparkEmrServerlessRuntime(stack, 'One', { image });
    new SparkEmrServerlessRuntime(stack, 'Other', { image });

    expect(onlyResource(stack, 'AWS::ECR::Repository').RepositoryPolicyText.Statement).toHaveLength(1);
  });

  test('is not warned of', () => {
    build({ image: SparkImage.fromEcrRepository(repository, '1') }, stack);

    expect(warnings(stack)).toEqual([]);
  });

  test('may be of another stack of the app, whose repository gets the statement', () => {
    const app = new App();
    const images = new Stack(app, 'Images', { env: ENV });
    const jobs = new Stack(app, 'Jobs', { env: ENV });

    build({ image: SparkImage.fromEcrRepository(new Repository(images, 'Repository'), '1') }, jobs);

    app.synth();
    expect(onlyResource(images, 'AWS::ECR::Repository').RepositoryPolicyText.Statement).toHaveLength(1);
  });

  test('must not be of a stack in another Region', () => {
    const app = new App();
    const images = new Stack(app, 'Images', { env: { ...ENV, region: 'us-east-1' } });
    const jobs = new Stack(app, 'Jobs', { env: ENV });

    expect(() => build({ image: SparkImage.fromEcrRepository(new Repository(images, 'Repository'), '1') }, jobs))
      .toThrow('`image` must belong to the Region of the application, eu-central-1, got: us-east-1 [Jobs/Spark]');
  });

  test.each(['a', '_', '0', '1.2-3_4', 'latest', 'a'.repeat(300), DIGEST])('may have the tag or digest %s', (tagOrDigest) => {
    expect(() => SparkImage.fromEcrRepository(repository, tagOrDigest)).not.toThrow();
  });

  test.each([
    '', '.1', '-1', 'a b', 'a/b', 'a@b', 'a:b', 'ä',
    'sha256:0123', `sha256:${'a'.repeat(63)}`, `sha256:${'a'.repeat(65)}`, `sha256:${'A'.repeat(64)}`,
  ])('must not have the tag or digest "%s"', (tagOrDigest) => {
    expect(() => SparkImage.fromEcrRepository(repository, tagOrDigest)).toThrow(
      '`tagOrDigest` must be a tag (1 to 300 characters of A-Z a-z 0-9 - . _, not starting with - or .)'
      + ` or a digest (sha256: and 64 hexadecimal digits), got: "${tagOrDigest}"`);
  });

  test('must not have a tag of more than 300 characters', () => {
    expect(() => SparkImage.fromEcrRepository(repository, 'a'.repeat(301))).toThrow(/^`tagOrDigest` must be a tag .*… *" \(301 characters\)$/);
  });
});

describe('an image of an imported repository', () => {
  test('is the one in the account and Region of the repository\'s ARN', () => {
    const stack = newStack(ENV);
    const repository = Repository.fromRepositoryArn(stack, 'Repository', 'arn:aws:ecr:eu-central-1:999999999999:repository/team/spark');

    build({ image: SparkImage.fromEcrRepository(repository, '1') }, stack);

    expect(application(stack).ImageConfiguration.ImageUri)
      .toEqual({ 'Fn::Join': ['', ['999999999999.dkr.ecr.eu-central-1.', { Ref: 'AWS::URLSuffix' }, '/team/spark:1']] });
  });

  test('is warned of with the statement that its owner must add', () => {
    const stack = newStack(ENV);

    build({ image: SparkImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Repository', 'spark'), '1') }, stack);

    const [warning] = warnings(stack);
    expect(warning).toMatch(/^CDK cannot change the policy of repository Stack\/Repository\. Its owner must add the statement \{/);
    expect(JSON.parse(warning.slice(warning.indexOf('{'), warning.lastIndexOf('}') + 1))).toEqual({
      Effect: 'Allow',
      Principal: { Service: 'emr-serverless.amazonaws.com' },
      Action: ['ecr:BatchGetImage', 'ecr:DescribeImages', 'ecr:GetDownloadUrlForLayer'],
      Condition: {
        ArnLike: {
          'aws:SourceArn': 'arn:aws:emr-serverless:eu-central-1:123456789012:/applications/*',
        },
      },
    });
  });

  test('is warned of at the application, with an id to acknowledge', () => {
    const stack = newStack(ENV);

    build({ image: SparkImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Repository', 'spark'), '1') }, stack);

    Annotations.fromStack(stack).hasWarning('/Stack/Spark', Match.stringLikeRegexp('\\[ack: cdk-spark-emr-serverless:repositoryPolicyByHand\\]$'));
  });

  test('is warned of once where drivers and executors share the repository', () => {
    const stack = newStack(ENV);
    const repository = Repository.fromRepositoryName(stack, 'Repository', 'spark');

    build({ driverImage: SparkImage.fromEcrRepository(repository, 'a'), executorImage: SparkImage.fromEcrRepository(repository, 'b') }, stack);

    expect(warnings(stack)).toHaveLength(1);
  });

  test('must be in the application\'s Region', () => {
    const stack = newStack(ENV);
    const repository = Repository.fromRepositoryArn(stack, 'Repository', 'arn:aws:ecr:us-east-1:123456789012:repository/spark');

    expect(() => build({ image: SparkImage.fromEcrRepository(repository, '1') }, stack))
      .toThrow('`image` must belong to the Region of the application, eu-central-1, got: us-east-1 [Stack/Spark]');
  });

  test('may be in any Region where the application\'s is not known', () => {
    const stack = newStack();
    const repository = Repository.fromRepositoryArn(stack, 'Repository', 'arn:aws:ecr:us-east-1:123456789012:repository/spark');

    build({ image: SparkImage.fromEcrRepository(repository, '1') }, stack);

    expect(application(stack).ImageConfiguration).toBeDefined();
  });

  test('may be in a Region that is a token', () => {
    const stack = newStack(ENV);
    const repository = Repository.fromRepositoryAttributes(stack, 'Repository', {
      repositoryArn: Fn.importValue('RepositoryArn'),
      repositoryName: 'spark',
    });

    build({ image: SparkImage.fromEcrRepository(repository, '1') }, stack);

    expect(application(stack).ImageConfiguration).toBeDefined();
  });
});

describe('an image by its URI', () => {
  test('is that one', () => {
    expect(application(build({ image: SparkImage.fromUri(URI) })).ImageConfiguration).toEqual({ ImageUri: URI });
  });

  test('is not warned of', () => {
    expect(warnings(build({ image: SparkImage.fromUri(URI) }))).toEqual([]);
  });

  test.each([
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/spark:latest',
    `123456789012.dkr.ecr.eu-central-1.amazonaws.com/spark@${DIGEST}`,
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/a.b/c_d/e-f:1.0_a-B',
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/data-team/spark-driver:1',
    '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/spark:1',
    '123456789012.dkr.ecr.us-gov-west-1.amazonaws.com/spark:1',
    '123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov/spark:1',
    '123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov/spark:1',
    '123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu/spark:1',
    '123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/spark:1',
    '123456789012.dkr-ecr.us-east-1.on.aws/spark:1',
    '123456789012.dkr-ecr-fips.us-east-1.on.aws/spark:1',
    '123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn/spark:1',
    `123456789012.dkr.ecr.eu-central-1.amazonaws.com/spark:${'a'.repeat(300)}`,
    `123456789012.dkr.ecr.eu-central-1.amazonaws.com/${'a'.repeat(974)}:1`,
  ])('may be %s', (uri) => {
    expect(application(build({ image: SparkImage.fromUri(uri) }, newStack())).ImageConfiguration).toEqual({ ImageUri: uri });
  });

  test.each([
    '',
    'spark',
    'spark:latest',
    'docker.io/library/spark:1',
    'public.ecr.aws/emr-serverless/spark/emr-7.14.0:latest',
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/spark',
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/spark:',
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/spark:-1',
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/spark@sha256:0123',
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/Spark:1',
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/spark/:1',
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/:1',
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/a//b:1',
    '12345678901.dkr.ecr.eu-central-1.amazonaws.com/spark:1',
    '1234567890123.dkr.ecr.eu-central-1.amazonaws.com/spark:1',
    'https://123456789012.dkr.ecr.eu-central-1.amazonaws.com/spark:1',
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/spark:1 ',
  ])('must not be "%s"', (uri) => {
    expect(() => SparkImage.fromUri(uri)).toThrow('`imageUri` must name an image of a private ECR repository with a tag or digest'
      + ` (<account>.dkr.ecr.<region>.<domain>/<repository>:<tag>), got: "${uri}"`);
  });

  test.each([
    ['a tag of more than 300 characters', `123456789012.dkr.ecr.eu-central-1.amazonaws.com/spark:${'a'.repeat(301)}`, 355],
    ['more than 1024 characters', `123456789012.dkr.ecr.eu-central-1.amazonaws.com/${'a'.repeat(975)}:1`, 1025],
  ])('must not have %s', (_, uri, length) => {
    expect(uri).toHaveLength(length);
    expect(() => SparkImage.fromUri(uri)).toThrow(`(${length} characters)`);
  });

  test('must be in the application\'s Region', () => {
    expect(() => build({ image: SparkImage.fromUri('123456789012.dkr.ecr.us-west-2.amazonaws.com/spark:1') }))
      .toThrow('`image` must belong to the Region of the application, eu-central-1, got: us-west-2 [Stack/Spark]');
  });

  test('may be of another account', () => {
    const uri = '999999999999.dkr.ecr.eu-central-1.amazonaws.com/spark:1';

    expect(application(build({ image: SparkImage.fromUri(uri) })).ImageConfiguration).toEqual({ ImageUri: uri });
  });

  test('may be a token', () => {
    const stack = newStack(ENV);

    build({ image: SparkImage.fromUri(new CfnParameter(stack, 'Image').valueAsString) }, stack);

    expect(application(stack).ImageConfiguration).toEqual({ ImageUri: { Ref: 'Image' } });
  });

  test('may hold a token', () => {
    const stack = newStack(ENV);

    build({ image: SparkImage.fromUri(`${Fn.ref('AWS::AccountId')}.dkr.ecr.us-west-2.amazonaws.com/spark:1`) }, stack);

    expect(application(stack).ImageConfiguration.ImageUri)
      .toEqual({ 'Fn::Join': ['', [{ Ref: 'AWS::AccountId' }, '.dkr.ecr.us-west-2.amazonaws.com/spark:1']] });
  });
});

describe('an image that is built', () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'spark-image-'));
    writeFileSync(join(directory, 'Dockerfile'), 'FROM public.ecr.aws/emr-serverless/spark/emr-7.14.0:latest\nUSER hadoop:hadoop\n');
    writeFileSync(join(directory, 'Other'), 'FROM public.ecr.aws/emr-serverless/spark/emr-7.14.0:latest\nUSER hadoop:hadoop\n');
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  /** How the image is built, from the manifest that the CDK's deployment reads. */
  function buildSource(architecture?: Architecture, options?: DockerImageAssetOptions): Record<string, unknown> {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: ENV });
    build({ image: SparkImage.fromAsset(directory, options), architecture }, stack);
    const assembly = app.synth();
    const { dockerImages } = JSON.parse(readFileSync(join(assembly.directory, 'Stack.assets.json'), 'utf8'));
    const [image, ...more] = Object.values<{ source: Record<string, unknown> }>(dockerImages);
    expect(more).toEqual([]);
    return image.source;
  }

  test.each([
    [undefined, 'Dockerfile'],
    [{ file: 'Missing' }, 'Missing'],
  ])('needs a Dockerfile: %j', (options, file) => {
    const empty = mkdtempSync(join(tmpdir(), 'no-image-'));

    expect(() => SparkImage.fromAsset(empty, options)).toThrow(`\`directory\` must have a Dockerfile, got: ${JSON.stringify(empty)} without "${file}"`);
    rmSync(empty, { recursive: true });
  });

  test('says in which working directory it looked for the directory', () => {
    expect(() => SparkImage.fromAsset('missing')).toThrow('`directory` must have a Dockerfile, got: "missing", which does not exist in the'
      + ` working directory ${JSON.stringify(process.cwd())}`);
  });

  test.each([
    [undefined, 'linux/amd64'],
    [Architecture.X86_64, 'linux/amd64'],
    [Architecture.ARM64, 'linux/arm64'],
  ])('is built for the architecture of the application: %s is %s', (architecture, platform) => {
    expect(buildSource(architecture).platform).toBe(platform);
  });

  test('is built for the platform of the options where they have one', () => {
    expect(buildSource(Architecture.ARM64, { platform: Platform.custom('linux/arm64/v8') }).platform).toBe('linux/arm64/v8');
  });

  test('is built for the architecture of the application where the platform of the options is undefined', () => {
    expect(buildSource(Architecture.ARM64, { platform: undefined }).platform).toBe('linux/arm64');
  });

  test('is built as the options say', () => {
    expect(buildSource(undefined, { file: 'Other', buildArgs: { VERSION: '1' } }))
      .toMatchObject({ dockerFile: 'Other', dockerBuildArgs: { VERSION: '1' } });
  });

  test('is pulled from the repository of the bootstrap stack', () => {
    const stack = build({ image: SparkImage.fromAsset(directory) });

    expect(application(stack).ImageConfiguration.ImageUri['Fn::Sub'])
      .toMatch(/^123456789012\.dkr\.ecr\.eu-central-1\.\$\{AWS::URLSuffix\}\/cdk-hnb659fds-container-assets-123456789012-eu-central-1:[0-9a-f]{64}$/);
  });

  test('is not warned of', () => {
    expect(warnings(build({ image: SparkImage.fromAsset(directory) }))).toEqual([]);
  });

  test('makes no resource besides the application', () => {
    const stack = build({ image: SparkImage.fromAsset(directory) });

    expect(Object.values(Template.fromStack(stack).toJSON().Resources)).toHaveLength(1);
  });

  test('may be that of drivers and executors both', () => {
    const image = SparkImage.fromAsset(directory);
    const stack = build({ driverImage: image, executorImage: image });

    const { Driver, Executor } = application(stack).WorkerTypeSpecifications;
    expect(Driver).toEqual(Executor);
  });

  test('fails without its directory', () => {
    expect(() => build({ image: SparkImage.fromAsset(join(directory, 'missing')) })).toThrow(/missing/);
  });

  test('leaves nothing in the tree where its directory is missing', () => {
    const stack = newStack(ENV);

    expect(() => build({ image: SparkImage.fromAsset(join(directory, 'missing')) }, stack)).toThrow();
    expect(stack.node.children.map(({ node }) => node.id)).toEqual([]);
  });
});

describe('the images of drivers and executors', () => {
  const driverImage = SparkImage.fromUri('123456789012.dkr.ecr.eu-central-1.amazonaws.com/driver:1');
  const executorImage = SparkImage.fromUri('123456789012.dkr.ecr.eu-central-1.amazonaws.com/executor:2');

  test('render for each kind of worker', () => {
    expect(application(build({ driverImage, executorImage })).WorkerTypeSpecifications).toEqual({
      Driver: { ImageConfiguration: { ImageUri: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/driver:1' } },
      Executor: { ImageConfiguration: { ImageUri: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/executor:2' } },
    });
  });

  test('render no image for all workers', () => {
    expect(application(build({ driverImage, executorImage }))).not.toHaveProperty('ImageConfiguration');
  });

  test('are not rendered where one image is for all workers', () => {
    expect(application(build({ image: driverImage }))).not.toHaveProperty('WorkerTypeSpecifications');
  });

  test('are absent unless they were asked for', () => {
    expect(application(build({}))).not.toHaveProperty('ImageConfiguration');
  });

  test('must not be given beside an image for all workers', () => {
    expect(() => build({ image: driverImage, driverImage, executorImage }))
      .toThrow('`image` must not be given together with `driverImage` or `executorImage`, because it is for all workers [Stack/Spark]');
  });

  test.each(['driverImage', 'executorImage'])('must not be given beside an image for all workers: %s', (prop) => {
    expect(() => build({ image: driverImage, [prop]: driverImage }))
      .toThrow('`image` must not be given together with `driverImage` or `executorImage`, because it is for all workers [Stack/Spark]');
  });

  test.each([
    ['driverImage', 'executorImage'],
    ['executorImage', 'driverImage'],
  ])('must be given together: %s without %s', (given, missing) => {
    expect(() => build({ [given]: driverImage }))
      .toThrow(`\`${given}\` must be given together with \`${missing}\`, or give \`image\` for all workers [Stack/Spark]`);
  });

  test.each(['driverImage', 'executorImage'])('must be in the application\'s Region: %s', (prop) => {
    const elsewhere = SparkImage.fromUri('123456789012.dkr.ecr.us-west-2.amazonaws.com/spark:1');

    expect(() => build({ driverImage, executorImage, [prop]: elsewhere }))
      .toThrow(`\`${prop}\` must belong to the Region of the application, eu-central-1, got: us-west-2`);
  });

  test('read back as URIs', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack(ENV), 'Spark', { driverImage, executorImage });

    expect(runtime.driverImageUri).toBe('123456789012.dkr.ecr.eu-central-1.amazonaws.com/driver:1');
    expect(runtime.executorImageUri).toBe('123456789012.dkr.ecr.eu-central-1.amazonaws.com/executor:2');
  });

  test('read back as the image for all workers', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack(ENV), 'Spark', { image: SparkImage.fromUri(URI) });

    expect([runtime.driverImageUri, runtime.executorImageUri]).toEqual([URI, URI]);
  });

  test('read back as undefined where the release brings them', () => {
    const runtime = new SparkEmrServerlessRuntime(newStack(ENV), 'Spark');

    expect([runtime.driverImageUri, runtime.executorImageUri]).toEqual([undefined, undefined]);
  });
});

test('an image URI that CDK has yet to look up is not refused', () => {
  const stack = newStack(ENV);
  const imageUri = StringParameter.valueFromLookup(stack, '/image/uri');

  expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { image: SparkImage.fromUri(imageUri) })).not.toThrow();
});
