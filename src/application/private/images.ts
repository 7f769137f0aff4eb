import { CfnApplicationProps } from 'aws-cdk-lib/aws-emrserverless';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { FeatureUse, refusesOtherImages } from './release-features';
import { Warning } from '../../private/annotations';
import { differ, Problems, shown } from '../../private/checks';
import { Fields, instance } from '../../private/reading';
import { Architecture } from '../architecture';
import { EmrRelease } from '../emr-release';
import { SparkImage } from '../spark-image';

/** One image for all workers, or one for each kind. */
export interface Images {
  readonly image?: SparkImage;
  readonly driverImage?: SparkImage;
  readonly executorImage?: SparkImage;
}

const sparkImage = instance<SparkImage>('a SparkImage such as SparkImage.fromEcrRepository(repository)', '_bind', '_problems');

export const IMAGES: Fields<Images> = { image: sparkImage, driverImage: sparkImage, executorImage: sparkImage };

const IMAGE_PROPS = ['image', 'driverImage', 'executorImage'] as const;

/** What the images must fit to. */
interface ImageUser {
  readonly release: EmrRelease;
  readonly hasDefaultRelease: boolean;
  readonly architecture?: Architecture;
}

export function imageProblems(stack: Stack, images: Images, { release, architecture = Architecture.X86_64 }: ImageUser): Problems {
  const { image, driverImage, executorImage } = images;
  const problems = [
    ...IMAGE_PROPS.flatMap((prop) => images[prop]?._problems(prop, stack, architecture) ?? []),
    ...otherReleaseProblems(images, release).filter(() => refusesOtherImages(release)),
  ];
  if (image && (driverImage || executorImage)) {
    problems.push('`image` must not be given together with `driverImage` or `executorImage`, because it is for all workers');
  } else if (!driverImage !== !executorImage) {
    const [present, missing] = driverImage ? ['driverImage', 'executorImage'] : ['executorImage', 'driverImage'];
    problems.push(`\`${present}\` must be given together with \`${missing}\`, or give \`image\` for all workers`);
  }
  return problems;
}

/**
 * Before the releases that refuse an image of another release, jobs start with it, and Spark and EMR Serverless may not fit together.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/application-custom-image.html
 */
export function imageWarnings(images: Images, { release, hasDefaultRelease }: ImageUser): Warning[] {
  const props = IMAGE_PROPS.filter((prop) => images[prop]).map((prop) => `\`${prop}\``);
  return [
    ...otherReleaseProblems(images, release).filter(() => !refusesOtherImages(release))
      .map((message) => ({ id: 'imageOfOtherRelease', message })),
    ...hasDefaultRelease && props.length > 0 ? [{
      id: 'imageOfDefaultRelease',
      message: 'an image is built for one release, but a new version of this library may move the default release.'
        + ` Give \`release\` with ${props.join(', ')}`,
    }] : [],
  ];
}

function otherReleaseProblems(images: Images, { label }: EmrRelease): string[] {
  return IMAGE_PROPS.flatMap((prop) => {
    const builtFor = images[prop]?._releaseLabel();
    return builtFor !== undefined && differ(builtFor, label)
      ? [`\`${prop}\` must be built upon the image of release ${label}, the release of the application, got: ${shown(builtFor)}`]
      : [];
  });
}

export function imageFeatures(images: Images): FeatureUse[] {
  return IMAGE_PROPS.filter((prop) => images[prop]).map((prop) => ({ feature: 'customImages', usedBy: `\`${prop}\`` }));
}

/** The URIs of the images. They are undefined if the workers use the image of the release. */
export interface ImageUris {
  readonly everyWorker?: string;
  readonly driver?: string;
  readonly executor?: string;
}

export function bindImages(scope: Construct, { image, driverImage, executorImage }: Images, architecture: Architecture): ImageUris {
  const everyWorker = image?._bind(scope, 'Image', architecture);
  return {
    everyWorker,
    driver: everyWorker ?? driverImage?._bind(scope, 'DriverImage', architecture),
    executor: everyWorker ?? executorImage?._bind(scope, 'ExecutorImage', architecture),
  };
}

/** CloudFormation accepts one image for all workers, or one image for every kind of worker. */
export function renderImages({ everyWorker, driver, executor }: ImageUris): Partial<CfnApplicationProps> {
  if (everyWorker !== undefined) { return { imageConfiguration: { imageUri: everyWorker } }; }
  if (driver === undefined || executor === undefined) { return {}; }
  return {
    workerTypeSpecifications: {
      Driver: { imageConfiguration: { imageUri: driver } },
      Executor: { imageConfiguration: { imageUri: executor } },
    },
  };
}
