import gte = require('semver/functions/gte');
import { Warning } from '../../private/annotations';
import { isLiteral, Problems } from '../../private/checks';
import { EmrRelease } from '../emr-release';

/** The first release with the feature, in each release line. If a line is absent, its releases do not have the feature. */
type Feature = EmrRelease[];

/**
 * The first release with each feature, in each release line. For the `emr-` line, AWS documents the release of each feature. The first
 * releases of the `emr-spark-` line have all features that their release notes do not exclude.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/release-versions.html
 */
const FEATURES = {
  customImages: [EmrRelease.EMR_6_9_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  livy: [EmrRelease.EMR_6_14_0, EmrRelease.EMR_SPARK_8_0_0],
  studio: [EmrRelease.EMR_6_14_0, EmrRelease.EMR_SPARK_8_0_0],
  interWorkerTls: [EmrRelease.EMR_6_15_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  s3AccessGrants: [EmrRelease.EMR_6_15_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  queueing: [EmrRelease.EMR_7_0_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  shuffleOptimizedDisks: [EmrRelease.EMR_7_1_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  streaming: [EmrRelease.EMR_7_1_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  jobRetries: [EmrRelease.EMR_7_1_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  prometheus: [EmrRelease.EMR_7_1_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
  lakeFormation: [EmrRelease.EMR_7_2_0, EmrRelease.EMR_SPARK_8_0_0],
  identityCenter: [EmrRelease.EMR_7_8_0, EmrRelease.EMR_SPARK_8_0_0],
  serverlessStorage: [EmrRelease.EMR_7_12_0, EmrRelease.EMR_SPARK_8_0_0],
  sparkConnect: [EmrRelease.EMR_7_13_0, EmrRelease.EMR_SPARK_8_0_0],
  lakeFormationImages: [EmrRelease.EMR_7_14_0, EmrRelease.EMR_SPARK_8_1_0],
  scalingProfiles: [EmrRelease.EMR_SPARK_8_2_0],
  log4j2: [EmrRelease.EMR_6_8_0, EmrRelease.EMR_SPARK_8_0_PREVIEW],
} satisfies Record<string, Feature>;

export type FeatureName = keyof typeof FEATURES;

/** A feature that the settings need, and the prop, Spark property or classification that needs it. */
export interface FeatureUse {
  readonly feature: FeatureName;
  /** As messages show it: a prop in backticks, a Spark property or a classification in double quotes. */
  readonly usedBy: string;
  /** What the prop needs the feature with, as messages show it. */
  readonly with?: string;
}

export function releaseProblems(release: EmrRelease, uses: FeatureUse[]): Problems {
  return uses.filter(({ feature }) => isMissing(release, FEATURES[feature])).map(({ feature, ...use }) =>
    `${user(use)} needs release ${FEATURES[feature].map(({ label }) => `${label} or later`).join(', or ')}, got: ${release.label}`);
}

function user({ usedBy, with: partner }: Pick<FeatureUse, 'usedBy' | 'with'>): string {
  return `${usedBy}${partner === undefined ? '' : ` with ${partner}`}`;
}

/** The first releases that refuse an image which is not built for them. */
const IMAGE_CHECKS = [EmrRelease.EMR_7_14_0, EmrRelease.EMR_SPARK_8_1_0];

/** Whether AWS is known to refuse images that are built for another release. */
export function refusesOtherImages(release: EmrRelease): boolean {
  return release._version !== undefined && !isMissing(release, IMAGE_CHECKS);
}

/** The first releases that limit the timeout of a job run to 7 days. */
const TIMEOUT_LIMITS = [EmrRelease.EMR_7_11_0, EmrRelease.EMR_SPARK_8_0_PREVIEW];

export function limitsTimeouts(release: EmrRelease): boolean {
  return release._version !== undefined && !isMissing(release, TIMEOUT_LIMITS);
}

/** The first release that merges the classifications of a job with those of the application. */
const MERGES = [EmrRelease.EMR_SPARK_8_1_0];

/** Whether a classification of a job replaces the one of the application. It is undefined if the release is not known. */
export function replacesClassifications(release: EmrRelease | undefined): boolean | undefined {
  return release?._version && isMissing(release, MERGES);
}

/** Whether a release is known to lack a feature. */
function isMissing({ _version: used }: EmrRelease, feature: Feature): boolean {
  if (!used) { return false; }
  const minimum = feature.find((release) => release._version?.line === used.line)?._version;
  return !minimum || !gte(used.version, minimum.version);
}

export function releaseWarnings(release: EmrRelease, uses: FeatureUse[]): Warning[] {
  return [...supportWarnings(release), ...uncheckedWarnings(release, uses)];
}

/** Warns of releases that AWS no longer supports, or does not support yet. */
function supportWarnings(release: EmrRelease): Warning[] {
  if (!release._version) { return []; }
  const { line, version } = release._version;
  const warning = (message: string) => [{ id: 'unsupportedRelease', message }];
  if (line === 'emr' && !gte(version, '7.0.0')) {
    return warning(`release ${release.label} has been out of standard support since 2026-08-31 and gets security fixes on request only,`
      + ' until 2027-06-30');
  }
  if (version.endsWith('-preview')) {
    return warning(`release ${release.label} is a preview and not meant for production`);
  }
  return [];
}

function uncheckedWarnings(release: EmrRelease, uses: FeatureUse[]): Warning[] {
  return release._version || uses.length === 0 ? [] : [{
    id: 'uncheckedRelease',
    message: `this version of the library does not know what ${isLiteral(release.label) ? `release ${release.label}` : 'the release'}`
      + ` offers and does not check it for ${uses.map(user).join(', ')}`,
  }];
}
