import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Fn, Lazy } from 'aws-cdk-lib';
import { DockerImageAssetOptions, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Architecture, EmrRelease, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeProps, SparkImage } from '../../src';
import { newStack, warnings } from '../util';

const URI = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/spark:1';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'images-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function built(dockerfile: string, options?: DockerImageAssetOptions): SparkImage {
  writeFileSync(join(directory, 'Dockerfile'), dockerfile);
  return SparkImage.fromAsset(directory, options);
}

const upon = (release: string, options?: DockerImageAssetOptions) => built(`FROM public.ecr.aws/emr-serverless/spark/${release}:latest`, options);

function warningsOf(props: SparkEmrServerlessRuntimeProps): string[] {
  const stack = newStack();
  new SparkEmrServerlessRuntime(stack, 'Spark', props);
  return warnings(stack);
}

describe('an image of another release', () => {
  const OTHER = 'must be built upon the image of release';

  test.each<[EmrRelease, string]>([
    [EmrRelease.EMR_7_14_0, 'emr-7.13.0'],
    [EmrRelease.EMR_SPARK_8_1_0, 'emr-spark-8.0.0'],
    [EmrRelease.EMR_SPARK_8_2_0, 'emr-7.14.0'],
  ])('is refused by an application of %s', (release, builtFor) => {
    expect(() => warningsOf({ release, image: upon(builtFor) }))
      .toThrow(`\`image\` ${OTHER} ${release.label}, the release of the application, got: "${builtFor}" [Stack/Spark]`);
  });

  test.each<[EmrRelease, string]>([
    [EmrRelease.EMR_7_13_0, 'emr-7.12.0'],
    [EmrRelease.EMR_7_13_0, 'emr-7.14.0'],
    [EmrRelease.EMR_SPARK_8_0_0, 'emr-spark-8.1.0'],
    [EmrRelease.of('emr-9.9.9'), 'emr-7.14.0'],
  ])('is warned of by an application of %s', (release, builtFor) => {
    expect(warningsOf({ release, image: upon(builtFor) })).toContain(
      `\`image\` ${OTHER} ${release.label}, the release of the application, got: "${builtFor}" [ack: cdk-spark-emr-serverless:imageOfOtherRelease]`);
  });

  test('is refused for the drivers alone', () => {
    const executorImage = SparkImage.fromUri(URI);

    expect(() => warningsOf({ release: EmrRelease.EMR_7_14_0, driverImage: upon('emr-7.13.0'), executorImage }))
      .toThrow(/^`driverImage` must be built upon/);
  });

  test('is refused by an application of the default release', () => {
    expect(() => warningsOf({ image: upon('emr-7.14.0') })).toThrow(`${OTHER} ${EmrRelease.LATEST.label}`);
  });

  test.each<[string, () => SparkEmrServerlessRuntimeProps]>([
    ['the release is the same', () => ({ image: upon('emr-7.14.0'), release: EmrRelease.EMR_7_14_0 })],
    ['the image is built upon another one', () => ({ image: built('FROM python:3.12'), release: EmrRelease.EMR_7_14_0 })],
    ['there is only the URI of the image', () => ({ image: SparkImage.fromUri(URI), release: EmrRelease.EMR_7_14_0 })],
    ['the target is another stage', () => ({
      image: built('FROM x/emr-serverless/spark/emr-7.14.0 AS jobs\nFROM x/emr-serverless/spark/emr-7.13.0', { target: 'jobs' }),
      release: EmrRelease.EMR_7_14_0,
    })],
    ['a build context stands in for the image', () => ({
      image: upon('emr-7.13.0', { buildContexts: { 'public.ecr.aws/emr-serverless/spark/emr-7.13.0:latest': 'docker-image://spark' } }),
      release: EmrRelease.EMR_7_14_0,
    })],
  ])('is none where %s', (_, props) => {
    expect(warningsOf(props())).toEqual([]);
  });

  test('is none where the release is a token', () => {
    expect(warningsOf({ image: upon('emr-7.13.0'), release: EmrRelease.of(Fn.importValue('release')) }))
      .toEqual([expect.stringContaining('cdk-spark-emr-serverless:uncheckedRelease')]);
  });
});

describe('an image for another architecture', () => {
  const release = EmrRelease.EMR_7_14_0;

  test.each<[Architecture | undefined, string, string]>([
    [undefined, 'X86_64', 'linux/arm64'],
    [Architecture.X86_64, 'X86_64', 'linux/arm64/v8'],
    [Architecture.ARM64, 'ARM64', 'linux/amd64'],
    [Architecture.ARM64, 'ARM64', 'windows/amd64'],
  ])('is refused: for %s, %s is not %s', (architecture, named, platform) => {
    expect(() => warningsOf({ release, architecture, image: built('FROM x', { platform: Platform.custom(platform) }) }))
      .toThrow(`the platform of \`image\` must be the architecture of the application, ${named}, got: "${platform}" [Stack/Spark]`);
  });

  test('is refused where the Dockerfile says it', () => {
    expect(() => warningsOf({ release, image: built('FROM --platform=linux/arm64 x') }))
      .toThrow('the platform in the Dockerfile of `image` must be the architecture of the application, X86_64, got: "linux/arm64" [Stack/Spark]');
  });

  test.each<[Architecture | undefined, string]>([
    [undefined, 'linux/amd64'],
    [Architecture.X86_64, 'linux/x86_64'],
    [Architecture.ARM64, 'linux/aarch64'],
    [Architecture.ARM64, 'linux/arm64/v8'],
    [Architecture.ARM64, 'linux/amd64,linux/arm64'],
    [Lazy.string({ produce: () => 'ARM64' }) as Architecture, 'linux/amd64'],
    [Architecture.ARM64, Lazy.string({ produce: () => 'linux/amd64' })],
  ])('is none: %s may be %s', (architecture, platform) => {
    expect(warningsOf({ release, architecture, image: built('FROM x', { platform: Platform.custom(platform) }) })).toEqual([]);
  });
});

describe('an image beside the default release', () => {
  const WARNING = 'an image is built for one release, but a new version of this library may move the default release. Give `release` with'
    + ' %s [ack: cdk-spark-emr-serverless:imageOfDefaultRelease]';

  test('is warned of', () => {
    expect(warningsOf({ image: SparkImage.fromUri(URI) })).toEqual([WARNING.replace('%s', '`image`')]);
  });

  test('is warned of once for drivers and executors', () => {
    expect(warningsOf({ driverImage: SparkImage.fromUri(URI), executorImage: SparkImage.fromUri(URI) }))
      .toEqual([WARNING.replace('%s', '`driverImage`, `executorImage`')]);
  });

  test('is not warned of where the release is given', () => {
    expect(warningsOf({ release: EmrRelease.LATEST, image: SparkImage.fromUri(URI) })).toEqual([]);
  });
});

test.each([
  '123456789012.dkr.ecr.eu-west-1.evil.example.com/x:1',
  '123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example/x:1',
  '123456789012.dkr.ecr.eu-west-1.notamazonaws.com/x:1',
  '123456789012.dkr.ecr.eu-west-1.amazonawsXcom/x:1',
  '123456789012.dkr.ecr.eu-west-1.on.aws/x:1',
  '123456789012.dkr-ecr.eu-west-1.amazonaws.com/x:1',
  '123456789012.dkr.ecr.amazonaws.com/x:1',
])('a URI of another registry than Amazon ECR is refused: %s', (uri) => {
  expect(() => SparkImage.fromUri(uri)).toThrow('`imageUri` must name an image of a private ECR repository');
});
