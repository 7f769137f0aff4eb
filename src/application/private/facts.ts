import type { JobRunner } from './spark-property-rules';
import type { SparkProperties } from './spark-values';
import type { LogDestinations } from '../../permissions/private/log-destinations';
import type { Architecture } from '../architecture';
import type { EmrRelease } from '../emr-release';

/** What the library knows about an application. An imported application may know less than a created one. */
export interface ApplicationFacts {
  readonly logs: LogDestinations;
  /** Whether jobs access the data with the identities of users, through IAM Identity Center. */
  readonly propagatesIdentities: boolean;
  readonly applicationName?: string;
  readonly release?: EmrRelease;
  readonly architecture?: Architecture;
  /** What decides whether a job fits. */
  readonly runner: JobRunner;
  /** The Spark properties of all jobs. They are undefined if they are not known. */
  readonly sparkProperties?: SparkProperties;
}
