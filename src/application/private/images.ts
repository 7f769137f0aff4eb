import { CfnApplicationProps } from 'aws-cdk-lib/aws-emrserverless';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { FeatureUse } from './release-features';
import { Problems } from '../../private/checks';
import { Fields, instance } from '../../private/reading';
import { Architecture } from '../architecture';
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

export function imageProblems(stack: Stack, images: Images): Problems {
  const { image, driverImage, executorImage } = images;
  const problems = IMAGE_PROPS.flatMap((prop) => images[prop]?._problems(prop, stack) ?? []);
  if (image && (driverImage || executorImage)) {
    problems.push('`image` is for all workers: it must not be given together with `driverImage` or `executorImage`');
  } else if (!driverImage !== !executorImage) {
    const [present, missing] = driverImage ? ['driverImage', 'executorImage'] : ['executorImage', 'driverImage'];
    problems.push(`\`${present}\` must be given together with \`${missing}\`, or give \`image\` for all workers`);
  }
  return problems;
}

export function imageFeatures(images: Images): FeatureUse[] {
  return IMAGE_PROPS.filter((prop) => images[prop]).map((prop) => ({ feature: 'customImages', usedBy: prop }));
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
