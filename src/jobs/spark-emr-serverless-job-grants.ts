import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { SparkEmrServerlessJob } from './spark-emr-serverless-job';
import { grant } from '../permissions/private/grant';

/**
 * The grants of a job, for the principal that starts it: an orchestrator, a deployment pipeline, a function or a person. A grant is whole
 * or nothing.
 *
 * **They are the right to run any code as the execution role of the job.** IAM cannot tell one job of an application from another one, so
 * that the principal may start job runs with other code, and `run()` lets it look at and cancel every job run of the application. Give jobs
 * whose submitters must not share their data an application of their own.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonemrserverless.html
 */
export class SparkEmrServerlessJobGrants {
  /** @internal */
  public static _fromJob(job: SparkEmrServerlessJob): SparkEmrServerlessJobGrants {
    return new SparkEmrServerlessJobGrants(job);
  }

  private constructor(private readonly job: SparkEmrServerlessJob) {}

  /**
   * Grants the permissions to start the job, for a principal that does not wait for it.
   *
   * It grants
   *
   * - `emr-serverless:StartJobRun` on the application
   * - `iam:PassRole` on the execution role of the job, to EMR Serverless only
   * - `kms:Decrypt`, `kms:GenerateDataKey` on the keys of the logs, of the application and of the job, if there are any
   * - `emr-serverless:TagResource` on the job runs of the application, if the job has `jobRunTags`
   *
   * @param grantee the principal to grant the permissions to
   */
  public start(grantee: IGrantable): Grant {
    return grant(this.job.runtime, grantee, this.job._submissionAccess({}));
  }

  /**
   * Grants the permissions to start the job, to watch and cancel its job runs, and to look at and start the application. An orchestrator
   * such as Apache Airflow looks at the application and starts it before it starts a job run.
   *
   * It grants
   *
   * - what `start()` grants
   * - `emr-serverless:GetApplication`, `StartApplication` on the application
   * - `emr-serverless:CancelJobRun`, `GetJobRun` on its job runs
   *
   * @param grantee the principal to grant the permissions to
   */
  public run(grantee: IGrantable): Grant {
    return grant(this.job.runtime, grantee, this.job._submissionAccess({},
      'emr-serverless:CancelJobRun',
      'emr-serverless:GetApplication',
      'emr-serverless:GetJobRun',
      'emr-serverless:StartApplication',
    ));
  }
}
