import gte = require('semver/functions/gte');
import { Problems } from '../../private/checks';
import { EmrRelease } from '../emr-release';

/** The first release of each line that has the feature; a line that is absent does not have it. */
type Feature = EmrRelease[];

/**
 * The minimum release of each feature, in each release line. AWS documents those of the `emr-` line feature by feature; the `emr-spark-` line
 * starts with all that the preview's and 8.0.0's release notes do not exclude.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/release-versions.html
 */
export const FEATURES = {
  customImages: [EmrRelease.EMR_6_9_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  livy: [EmrRelease.EMR_6_14_0, EmrRelease.EMR_SPARK_8_0_0],
  studio: [EmrRelease.EMR_6_14_0, EmrRelease.EMR_SPARK_8_0_0],
  interWorkerTls: [EmrRelease.EMR_6_15_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  s3AccessGrants: [EmrRelease.EMR_6_15_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  queueing: [EmrRelease.EMR_7_0_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  shuffleOptimizedDisks: [EmrRelease.EMR_7_1_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  prometheus: [EmrRelease.EMR_7_1_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  lakeFormation: [EmrRelease.EMR_7_2_0, EmrRelease.EMR_SPARK_8_0_0],
  identityCenter: [EmrRelease.EMR_7_8_0, EmrRelease.EMR_SPARK_8_0_0],
  serverlessStorage: [EmrRelease.EMR_7_12_0, EmrRelease.EMR_SPARK_8_0_0],
  sparkConnect: [EmrRelease.EMR_7_13_0, EmrRelease.EMR_SPARK_8_0_0],
  scalingProfiles: [EmrRelease.EMR_SPARK_8_2_0],
  log4j2: [EmrRelease.EMR_6_8_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
} satisfies Record<string, Feature>;

export type FeatureName = keyof typeof FEATURES;

/** What was asked for, and where. */
export interface FeatureUse {
  readonly feature: FeatureName;
  readonly usedBy: string;
}

export function releaseProblems(release: EmrRelease, uses: FeatureUse[]): Problems {
  return uses.filter(({ feature }) => isMissing(release, FEATURES[feature])).map(({ feature, usedBy }) =>
    `\`${usedBy}\` needs at least release ${FEATURES[feature].map(({ label }) => label).join(' or ')}, got: ${release.label}`);
}

/** Nothing is missing from a release that is not known. */
function isMissing({ _version: given }: EmrRelease, feature: Feature): boolean {
  if (!given) { return false; }
  const minimum = feature.find((release) => release._version?.line === given.line)?._version;
  return !minimum || !gte(given.version, minimum.version);
}

/** Releases that AWS supported no more, or not yet, when this version of the library was made. */
export function supportWarning(release: EmrRelease): string | undefined {
  if (!release._version) { return undefined; }
  const { line, version } = release._version;
  if (line === 'emr' && !gte(version, '7.0.0')) {
    return `release ${release.label} has been out of standard support since 2026-08-31 and gets security fixes on request only, until 2027-06-30`;
  }
  if (version.endsWith('-preview')) {
    return `release ${release.label} is a preview and not meant for production`;
  }
  return undefined;
}
