import { Grant, IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import { aws_emrserverless } from 'aws-cdk-lib/interfaces';
import { grant, passableRoleArn, serviceAccess, startJobExecution, submitAccess } from './private/grant';
import { useLogKeys, writeLogs } from './private/log-access';

/**
 * What a principal may do with an EMR Serverless application: one method for each thing, each with the fewest permissions that do it.
 *
 * It works for a `SparkEmrServerlessRuntime`, for an imported one and for any `CfnApplication`. Every method returns one grant for all that it
 * granted. A grantee that can take no policy, such as a service principal, is granted nothing, and `success` of the grant is false.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonemrserverless.html
 */
export class SparkEmrServerlessRuntimeGrants {
  /**
   * The grants of an application, whoever made it.
   *
   * @param application a `SparkEmrServerlessRuntime`, an imported one, or a `CfnApplication`
   */
  public static fromApplication(application: aws_emrserverless.IApplicationRef): SparkEmrServerlessRuntimeGrants {
    return new SparkEmrServerlessRuntimeGrants(application);
  }

  private constructor(private readonly application: aws_emrserverless.IApplicationRef) {}

  /**
   * Start job runs with the execution role, watch and cancel them, and look at, start and stop the application.
   *
   * It grants
   *
   * - `GetApplication`, `StartApplication`, `StartJobRun`, `StopApplication` on the application
   * - `CancelJobRun`, `GetJobRun` on its job runs
   * - `iam:PassRole` on the execution role, to EMR Serverless only
   * - `kms:Decrypt`, `kms:GenerateDataKey` on the keys of the application's logs, where it has some
   *
   * @param grantee who may
   * @param executionRole what the jobs run as, a role of the application's account
   */
  public startJobExecution(grantee: IGrantable, executionRole: IRole): Grant {
    return startJobExecution(this.application, grantee, passableRoleArn(this.application, executionRole));
  }

  /**
   * List job runs and read them and their attempts: `ListJobRuns` on the application, `GetJobRun`, `ListJobRunAttempts` on its job runs.
   *
   * @param grantee who may
   */
  public readJobRuns(grantee: IGrantable): Grant {
    return this.actions(grantee, 'emr-serverless:GetJobRun', 'emr-serverless:ListJobRunAttempts', 'emr-serverless:ListJobRuns');
  }

  /**
   * Cancel job runs: `CancelJobRun` on the application's job runs.
   *
   * @param grantee who may
   */
  public cancelJobRuns(grantee: IGrantable): Grant {
    return this.actions(grantee, 'emr-serverless:CancelJobRun');
  }

  /**
   * Open the Spark UI of job runs: `GetDashboardForJobRun` on the application's job runs, and the keys of its logs.
   *
   * @param grantee who may
   */
  public viewSparkUi(grantee: IGrantable): Grant {
    return grant(this.application, grantee, [...serviceAccess(this.application, 'emr-serverless:GetDashboardForJobRun'), ...useLogKeys(this.application)]);
  }

  /**
   * Tag job runs: `ListTagsForResource`, `TagResource`, `UntagResource` on the application's job runs, never on the application.
   *
   * @param grantee who may
   */
  public tagJobRuns(grantee: IGrantable): Grant {
    return grant(this.application, grantee, [{
      actions: ['emr-serverless:ListTagsForResource', 'emr-serverless:TagResource', 'emr-serverless:UntagResource'],
      resourceArns: [`${this.application.applicationRef.applicationArn}/jobruns/*`],
    }]);
  }

  /**
   * Run interactive work through the application's Livy endpoint: `AccessLivyEndpoints`, `GetApplication`, `StartApplication` on the
   * application (a session does not start it), `iam:PassRole` on the execution role, and the keys of the application's logs.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/interactive-workloads-livy-endpoints.html
   *
   * @param grantee who may
   * @param executionRole what the work runs as, a role of the application's account
   */
  public useLivy(grantee: IGrantable, executionRole: IRole): Grant {
    return this.submit(grantee, executionRole,
      'emr-serverless:AccessLivyEndpoints',
      'emr-serverless:GetApplication',
      'emr-serverless:StartApplication',
    );
  }

  /**
   * Run notebooks of EMR Studio on the application: `AccessInteractiveEndpoints` on the application, `iam:PassRole` on the execution role, and
   * the keys of the application's logs. What the user may do in EMR Studio itself is granted there.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/interactive-workloads.html
   *
   * @param grantee who may
   * @param executionRole what the work runs as, a role of the application's account
   */
  public useStudio(grantee: IGrantable, executionRole: IRole): Grant {
    return this.submit(grantee, executionRole, 'emr-serverless:AccessInteractiveEndpoints');
  }

  /**
   * Run Spark Connect sessions: `ListSessions`, `StartSession` on the application, `GetResourceDashboard`, `GetSession`,
   * `GetSessionEndpoint`, `TerminateSession` on its sessions, `iam:PassRole` on the execution role, and the keys of the application's logs.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/spark-connect.html
   *
   * @param grantee who may
   * @param executionRole what the work runs as, a role of the application's account
   */
  public useSparkConnect(grantee: IGrantable, executionRole: IRole): Grant {
    return this.submit(grantee, executionRole,
      'emr-serverless:GetResourceDashboard',
      'emr-serverless:GetSession',
      'emr-serverless:GetSessionEndpoint',
      'emr-serverless:ListSessions',
      'emr-serverless:StartSession',
      'emr-serverless:TerminateSession',
    );
  }

  /**
   * Operate the application: `DeleteApplication`, `GetApplication`, `StartApplication`, `StopApplication`, `UpdateApplication` on it.
   *
   * @param grantee who may
   */
  public manageApplication(grantee: IGrantable): Grant {
    return this.actions(grantee,
      'emr-serverless:DeleteApplication',
      'emr-serverless:GetApplication',
      'emr-serverless:StartApplication',
      'emr-serverless:StopApplication',
      'emr-serverless:UpdateApplication',
    );
  }

  /**
   * Write logs and metrics to where the application sends them, which is what a job does. Execution roles from `createExecutionRole()` have
   * it. This is for a role of your own, or for a managed policy that several roles share.
   *
   * Where the application logs to nothing but EMR Serverless's own storage and without a key, there is nothing to grant, and `success` is false.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html
   *
   * @param grantee who may
   */
  public writeLogs(grantee: IGrantable): Grant {
    return grant(this.application, grantee, writeLogs(this.application));
  }

  /**
   * Any actions of EMR Serverless, each on what IAM checks it against: the application, its job runs (`/jobruns/*`) or its sessions
   * (`/sessions/*`). Tags can be granted on job runs and sessions only.
   *
   * @param grantee who may
   * @param actions full names such as `emr-serverless:GetJobRun`, not `CreateApplication` and `ListApplications`, which know no resource
   */
  public actions(grantee: IGrantable, ...actions: string[]): Grant {
    return grant(this.application, grantee, serviceAccess(this.application, ...actions));
  }

  private submit(grantee: IGrantable, executionRole: IRole, ...actions: string[]): Grant {
    return grant(this.application, grantee, submitAccess(this.application, passableRoleArn(this.application, executionRole), ...actions));
  }
}
