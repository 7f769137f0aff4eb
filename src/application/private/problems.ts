import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { EmrRelease } from '../emr-release';
import { SparkEmrServerlessRuntimeProps } from '../spark-emr-serverless-runtime';
import { capacityFeatures, capacityProblems } from './capacity';
import { configurationFeatures, configurationProblems, sparkDefaults } from './configurations';
import { loggingFeatures, loggingProblems } from './logging';
import { networkProblems } from './network';
import { FeatureUse, releaseProblems } from './release-features';
import { sparkMemoryProblems } from './spark-memory';
import { minutesProblems, patternProblems, Problems, wholeNumberProblems } from '../../private/checks';

/** All that AWS, or Spark in the job, would refuse. */
export function applicationProblems(stack: Stack, release: EmrRelease, props: SparkEmrServerlessRuntimeProps): Problems {
  return [
    ...nameProblems(props.name),
    ...releaseProblems(release, usedFeatures(props)),
    ...autoStopProblems(props),
    ...wholeNumberProblems('maxConcurrentRuns', props.maxConcurrentRuns, 1, 1000),
    ...minutesProblems('queueTimeout', props.queueTimeout, 15, 720),
    ...capacityProblems(props),
    ...imageProblems(stack, props),
    ...configurationProblems(stack, props),
    ...sparkMemoryProblems(sparkDefaults(props)),
    ...loggingProblems(props, stack),
    ...networkProblems(props),
    ...identityCenterProblems(props),
    ...removalPolicyProblems(props.removalPolicy),
  ];
}

export function nameProblems(name: string | undefined): Problems {
  return patternProblems('name', name, 64, /^[A-Za-z0-9._/#-]+$/, '1 to 64 characters of A-Z a-z 0-9 . _ / # -');
}

/** What the props ask for that not every release has. */
export function usedFeatures(props: SparkEmrServerlessRuntimeProps): FeatureUse[] {
  const uses: (FeatureUse | false | undefined)[] = [
    props.image && { feature: 'customImages', usedBy: 'image' },
    props.driverImage && { feature: 'customImages', usedBy: 'driverImage' },
    props.executorImage && { feature: 'customImages', usedBy: 'executorImage' },
    props.livyEndpoint && { feature: 'livy', usedBy: 'livyEndpoint' },
    props.studio && { feature: 'studio', usedBy: 'studio' },
    props.sparkConnect && { feature: 'sparkConnect', usedBy: 'sparkConnect' },
    props.maxConcurrentRuns !== undefined && { feature: 'queueing', usedBy: 'maxConcurrentRuns' },
    props.queueTimeout !== undefined && { feature: 'queueing', usedBy: 'queueTimeout' },
    props.identityCenterInstanceArn !== undefined && { feature: 'identityCenter', usedBy: 'identityCenterInstanceArn' },
  ];
  return [
    ...uses.filter((use) => typeof use === 'object'),
    ...capacityFeatures(props),
    ...configurationFeatures(props),
    ...loggingFeatures(props),
  ];
}

function autoStopProblems({ autoStop, idleTimeout }: { autoStop?: boolean; idleTimeout?: Duration }): Problems {
  return [
    ...autoStop === false && idleTimeout ? ['`idleTimeout` must not be given with `autoStop: false`, the application would never stop when idle'] : [],
    ...minutesProblems('idleTimeout', idleTimeout, 1, 10080),
  ];
}

function imageProblems(stack: Stack, props: SparkEmrServerlessRuntimeProps): Problems {
  const { image, driverImage, executorImage } = props;
  const problems = (['image', 'driverImage', 'executorImage'] as const).flatMap((prop) => props[prop]?._problems(prop, stack) ?? []);
  if (image && (driverImage || executorImage)) {
    problems.push('`image` is for all workers: it must not be given together with `driverImage` or `executorImage`');
  } else if (!driverImage !== !executorImage) {
    const [given, missing] = driverImage ? ['driverImage', 'executorImage'] : ['executorImage', 'driverImage'];
    problems.push(`\`${given}\` needs \`${missing}\` beside it, or \`image\` for all workers`);
  }
  return problems;
}

export function identityCenterArnProblems(arn: string | undefined): Problems {
  return patternProblems('identityCenterInstanceArn', arn, 1024, /^arn:aws[a-zA-Z0-9-]*:sso:::instance\/(sso)?ins-[a-zA-Z0-9-.]{16}$/,
    'the ARN of an instance of IAM Identity Center (arn:<partition>:sso:::instance/ssoins-<16 characters>)');
}

function identityCenterProblems({ identityCenterInstanceArn, livyEndpoint }: SparkEmrServerlessRuntimeProps): Problems {
  return [
    ...identityCenterArnProblems(identityCenterInstanceArn),
    ...identityCenterInstanceArn !== undefined && !livyEndpoint
      ? ['`identityCenterInstanceArn` needs `livyEndpoint: true`, identities are propagated through Livy only']
      : [],
  ];
}

function removalPolicyProblems(removalPolicy?: RemovalPolicy): Problems {
  return removalPolicy === RemovalPolicy.SNAPSHOT ? ['`removalPolicy` must be one other than SNAPSHOT, an application has no snapshots, got: SNAPSHOT'] : [];
}
