import { IRole } from 'aws-cdk-lib/aws-iam';
import { LOGGING_PLACE } from './logging';
import type { LoggingOptions } from '../../application/logging';
import type { ISparkEmrServerlessRuntime } from '../../application/spark-emr-serverless-runtime';
import { Access, jobRunsArn } from '../../permissions/private/access';
import { grant, passableRoleArn, submissionAccess } from '../../permissions/private/grant';
import { warnOfTrust } from '../../permissions/private/grant-warnings';
import { logKeyAccess, logWritingAccess } from '../../permissions/private/log-access';
import { checkDestinationsWhenRendered, LogDestinations } from '../../permissions/private/log-destinations';
import { allowLogEncryption } from '../../permissions/private/resource-policies';
import { otherAccountProblems, roleArnProblems } from '../../private/arn';
import { isDummyRole, Problems } from '../../private/checks';
import { checkWhenRendered } from '../../private/rendered';
import type { SparkEmrServerlessJob } from '../spark-emr-serverless-job';

/** What decides what it takes to start a job, and to run as its role. */
interface JobAccess {
  readonly runtime: ISparkEmrServerlessRuntime;
  readonly executionRole?: IRole;
  readonly logDestinations: LogDestinations;
  readonly given: { readonly jobRunTags?: { readonly [key: string]: unknown }; readonly logging?: LoggingOptions };
}

/**
 * The permissions to start the job, and the additional `actions` of EMR Serverless.
 *
 * AWS does not document whether `StartJobRun` with tags needs `TagResource`. Users report that it does.
 */
export function jobSubmissionAccess(
  { runtime, given: { jobRunTags = {} }, logDestinations }: JobAccess,
  executionRole: IRole,
  hasMoreTags: boolean,
  actions: string[],
): Access[] {
  return [
    ...submissionAccess(runtime, passableRoleArn(runtime, executionRole), 'emr-serverless:StartJobRun', ...actions),
    ...logKeyAccess(logDestinations),
    ...hasMoreTags || Object.keys(jobRunTags).length > 0
      ? [{ actions: ['emr-serverless:TagResource'], resourceArns: [jobRunsArn(runtime.applicationRef.applicationArn)] }]
      : [],
  ];
}

/** The role may know its account even if its ARN is a token. */
export function executionRoleProblems(role: IRole | undefined, account: string): Problems {
  if (!role || isDummyRole(role.roleArn)) { return []; }
  return [...new Set([
    ...otherAccountProblems('`executionRole`', role.env.account, account),
    ...roleArnProblems('executionRole', role.roleArn, account),
  ])];
}

/** Lets the job run as its role, and write its logs to places of its own. */
export function allowRunning(job: SparkEmrServerlessJob, { runtime, executionRole, given: { logging }, logDestinations }: JobAccess): void {
  if (executionRole) {
    checkWhenRendered(job, executionRole.roleArn, (arn) => roleArnProblems('executionRole', arn, runtime.env.account));
    warnOfTrust(runtime, executionRole.roleArn);
  }
  if (!logging) { return; }
  allowLogEncryption(job, logging);
  grant(runtime, job.executionRole, logWritingAccess(runtime, logDestinations));
  checkDestinationsWhenRendered(job, logDestinations, LOGGING_PLACE);
}
