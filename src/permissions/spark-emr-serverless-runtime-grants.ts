import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { aws_emrserverless, aws_iam } from 'aws-cdk-lib/interfaces';
import { jobRunsArn, serviceAccess } from './private/access';
import { grant, grantStartJobExecution, passableRoleArn, submissionAccess } from './private/grant';
import { warnOfEndpoint } from './private/grant-warnings';
import { logKeyAccess, logReadingAccess, logWritingAccess } from './private/log-access';
import { logDestinationsOf } from './private/log-destinations';
import { instance, read } from '../private/reading';

type IApplicationRef = aws_emrserverless.IApplicationRef;

const emrServerlessApplication = instance<IApplicationRef>('an EMR Serverless application', 'applicationRef', 'node', 'env');

/**
 * The grants of an EMR Serverless application. There is one method for each task, and each method grants the fewest permissions for its
 * task.
 *
 * The grants work for a `SparkEmrServerlessRuntime`, for an imported application and for any `CfnApplication`. Every method returns one
 * grant for all permissions. Some principals, such as a service principal, cannot have a policy. Such a grantee gets no permission at all,
 * and `success` of the grant is false.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonemrserverless.html
 */
export class SparkEmrServerlessRuntimeGrants {
  /**
   * Returns the grants of an application.
   *
   * @param application a `SparkEmrServerlessRuntime`, an imported application or a `CfnApplication`
   */
  public static fromApplication(application: aws_emrserverless.IApplicationRef): SparkEmrServerlessRuntimeGrants {
    return new SparkEmrServerlessRuntimeGrants(read(undefined, '', 'application', application, emrServerlessApplication));
  }

  private constructor(private readonly application: aws_emrserverless.IApplicationRef) {}

  /**
   * Grants the permissions to start job runs with an execution role, to watch and cancel them, and to look at, start and stop the
   * application. The grant reaches the job runs of others. A job may override the logging and the properties of the application.
   *
   * It grants
   *
   * - `emr-serverless:GetApplication`, `StartApplication`, `StartJobRun`, `StopApplication` on the application
   * - `emr-serverless:CancelJobRun`, `GetJobRun` on its job runs
   * - `iam:PassRole` on the execution role, to EMR Serverless only
   * - `kms:Decrypt`, `kms:GenerateDataKey` on the keys of the application's logs, if there are any
   *
   * @param grantee the principal to grant the permissions to
   * @param executionRole the role that the jobs run as. The role must belong to the account of the application
   */
  public startJobExecution(grantee: IGrantable, executionRole: aws_iam.IRoleRef): Grant {
    return grantStartJobExecution(this.application, grantee, passableRoleArn(this.application, executionRole));
  }

  /**
   * Grants the permissions to list and read job runs and their attempts.
   *
   * It grants `emr-serverless:ListJobRuns` on the application, and `GetJobRun`, `ListJobRunAttempts` on its job runs.
   *
   * @param grantee the principal to grant the permissions to
   */
  public readJobRuns(grantee: IGrantable): Grant {
    return this.actions(grantee, 'emr-serverless:GetJobRun', 'emr-serverless:ListJobRunAttempts', 'emr-serverless:ListJobRuns');
  }

  /**
   * Grants the permission to cancel job runs.
   *
   * It grants `emr-serverless:CancelJobRun` on the job runs of the application.
   *
   * @param grantee the principal to grant the permission to
   */
  public cancelJobRuns(grantee: IGrantable): Grant {
    return this.actions(grantee, 'emr-serverless:CancelJobRun');
  }

  /**
   * Grants the permissions to open the Spark UI of job runs.
   *
   * It grants `emr-serverless:GetDashboardForJobRun` on the job runs of the application, and `kms:Decrypt`, `kms:GenerateDataKey` on the
   * keys of the application's logs, if there are any.
   *
   * @param grantee the principal to grant the permissions to
   */
  public viewSparkUi(grantee: IGrantable): Grant {
    return grant(this.application, grantee, [
      ...serviceAccess(this.application, 'emr-serverless:GetDashboardForJobRun'),
      ...logKeyAccess(logDestinationsOf(this.application)),
    ]);
  }

  /**
   * Grants the permissions to tag job runs.
   *
   * It grants `emr-serverless:ListTagsForResource`, `TagResource`, `UntagResource` on the job runs of the application, and never on the
   * application.
   *
   * @param grantee the principal to grant the permissions to
   */
  public tagJobRuns(grantee: IGrantable): Grant {
    return grant(this.application, grantee, [{
      actions: ['emr-serverless:ListTagsForResource', 'emr-serverless:TagResource', 'emr-serverless:UntagResource'],
      resourceArns: [jobRunsArn(this.application.applicationRef.applicationArn)],
    }]);
  }

  /**
   * Grants the permissions to run interactive work through the application's Livy endpoint.
   *
   * IAM knows no Livy sessions. AWS says that only the principal that created a session can access it.
   *
   * It grants
   *
   * - `emr-serverless:AccessLivyEndpoints`, `GetApplication`, `StartApplication` on the application. `StartApplication` is there because a
   *   Livy session does not start a stopped application
   * - `emr-serverless:GetDashboardForJobRun` on its job runs, for the links to the Spark UI and to the log of the driver
   * - `iam:PassRole` on the execution role, to EMR Serverless only
   * - `kms:Decrypt`, `kms:GenerateDataKey` on the keys of the application's logs, if there are any
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/interactive-workloads-livy-endpoints.html
   *
   * @param grantee the principal to grant the permissions to
   * @param executionRole the role that the sessions run as. It must belong to the account of the application
   */
  public useLivy(grantee: IGrantable, executionRole: aws_iam.IRoleRef): Grant {
    warnOfEndpoint(this.application, 'useLivy', 'livyEndpoint');
    return this.grantSubmission(grantee, executionRole,
      'emr-serverless:AccessLivyEndpoints',
      'emr-serverless:GetApplication',
      'emr-serverless:GetDashboardForJobRun',
      'emr-serverless:StartApplication',
    );
  }

  /**
   * Grants the permissions to run notebooks of EMR Studio on the application. It does not grant permissions for EMR Studio itself. See
   * AWS's page for these. It does not grant `emr-serverless:ListApplications` either, because IAM allows it on `*` only.
   *
   * It grants
   *
   * - `emr-serverless:AccessInteractiveEndpoints`, `GetApplication`, `StartApplication` on the application. A Workspace starts the
   *   application that it attaches
   * - `emr-serverless:GetDashboardForJobRun` on its job runs, for the Spark UI
   * - `iam:PassRole` on the execution role, to EMR Serverless only
   * - `kms:Decrypt`, `kms:GenerateDataKey` on the keys of the application's logs, if there are any
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/interactive-workloads.html
   * @see https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-studio-user-permissions.html#emr-studio-iam-permissions-table
   *
   * @param grantee the principal to grant the permissions to
   * @param executionRole the role that the notebooks run as. It must belong to the account of the application
   */
  public useStudio(grantee: IGrantable, executionRole: aws_iam.IRoleRef): Grant {
    warnOfEndpoint(this.application, 'useStudio', 'studio');
    return this.grantSubmission(grantee, executionRole,
      'emr-serverless:AccessInteractiveEndpoints',
      'emr-serverless:GetApplication',
      'emr-serverless:GetDashboardForJobRun',
      'emr-serverless:StartApplication',
    );
  }

  /**
   * Grants the permissions to run Spark Connect sessions on the application.
   *
   * The grant reaches the sessions of others. `GetSessionEndpoint` returns a token, with which the grantee can run code in a session as the
   * execution role of that session. Make one application for each group of people that may share their access to data.
   *
   * It grants
   *
   * - `emr-serverless:ListSessions`, `StartSession` on the application
   * - `emr-serverless:GetResourceDashboard`, `GetSession`, `GetSessionEndpoint`, `TerminateSession` on its sessions
   * - `iam:PassRole` on the execution role, to EMR Serverless only
   * - `kms:Decrypt`, `kms:GenerateDataKey` on the keys of the application's logs, if there are any
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/spark-connect.html
   *
   * @param grantee the principal to grant the permissions to
   * @param executionRole the role that the sessions run as. It must belong to the account of the application
   */
  public useSparkConnect(grantee: IGrantable, executionRole: aws_iam.IRoleRef): Grant {
    warnOfEndpoint(this.application, 'useSparkConnect', 'sparkConnect');
    return this.grantSubmission(grantee, executionRole,
      'emr-serverless:GetResourceDashboard',
      'emr-serverless:GetSession',
      'emr-serverless:GetSessionEndpoint',
      'emr-serverless:ListSessions',
      'emr-serverless:StartSession',
      'emr-serverless:TerminateSession',
    );
  }

  /**
   * Grants the permissions to operate the application: to look at, start and stop it.
   *
   * It grants `emr-serverless:GetApplication`, `StartApplication`, `StopApplication` on the application.
   *
   * @param grantee the principal to grant the permissions to
   */
  public operateApplication(grantee: IGrantable): Grant {
    return this.actions(grantee,
      'emr-serverless:GetApplication',
      'emr-serverless:StartApplication',
      'emr-serverless:StopApplication',
    );
  }

  /**
   * Grants the permissions to manage the application: to look at, start, stop, change and delete it.
   *
   * **Grant it only to principals that may do what every execution role can do.** A principal that may change the application can set its
   * image and its Spark properties. Then its own code runs in the jobs of everybody, as their execution roles, and AWS checks no
   * `iam:PassRole` for that. `operateApplication` is for principals that only start and stop the application.
   *
   * It grants `emr-serverless:DeleteApplication`, `GetApplication`, `StartApplication`, `StopApplication`, `UpdateApplication` on the
   * application.
   *
   * @param grantee the principal to grant the permissions to
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
   * Grants the permissions to write logs and metrics to the places where the application sends them. Jobs need these permissions.
   *
   * Execution roles from `createExecutionRole()` have them, and so has every `SparkExecutionRole`. Use this method for a role of your own,
   * or for a managed policy that several roles share. What it grants depends on the logging of the application:
   *
   * - `s3:PutObject` on the application's own folder of the logs in S3, `<prefix>/applications/<application id>/`
   * - `logs:CreateLogStream`, `PutLogEvents` on the log streams whose names contain `applications/<application id>/`, and
   *   `logs:CreateLogGroup`, `DescribeLogStreams` on the log group, and `logs:DescribeLogGroups`
   * - `logs:AssociateKmsKey` on the log group and `kms:DescribeKey` on the key, if the logs in CloudWatch have an `encryptionKey`
   * - `aps:RemoteWrite` on the Prometheus workspace
   * - `kms:Decrypt`, `kms:GenerateDataKey` on the keys of the logs
   *
   * A job that sends its logs to another place needs the permissions for that place too, for example from `bucket.grantPut(role)`.
   *
   * If the application sends logs only to EMR Serverless's own storage, and without a key, there is nothing to grant and `success` is
   * false.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html
   *
   * @param grantee the principal to grant the permissions to
   */
  public writeLogs(grantee: IGrantable): Grant {
    return grant(this.application, grantee, logWritingAccess(this.application));
  }

  /**
   * Grants the permissions to read the application's logs in S3 and in CloudWatch. `viewSparkUi()` is for the logs in EMR Serverless's own
   * storage.
   *
   * What it grants depends on the logging of the application:
   *
   * - `s3:GetObject` on the application's own folder of the logs in S3, `<prefix>/applications/<application id>/`, and `s3:ListBucket` on
   *   the bucket, for this folder only
   * - `logs:GetLogEvents` on the log streams whose names contain `applications/<application id>/`, and `logs:DescribeLogStreams`,
   *   `FilterLogEvents` on the log group. `FilterLogEvents` reads all streams of the log group, because AWS does not check it against a
   *   stream
   * - `kms:Decrypt` on the keys of these logs
   *
   * If the application sends logs to neither of the two, there is nothing to grant and `success` is false.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html
   *
   * @param grantee the principal to grant the permissions to
   */
  public readLogs(grantee: IGrantable): Grant {
    return grant(this.application, grantee, logReadingAccess(this.application));
  }

  /**
   * Grants the actions that you name, each on the resource that IAM checks it against: the application, its job runs (`/jobruns/*`) or its
   * sessions (`/sessions/*`). The actions for tags are granted on job runs and sessions only.
   *
   * @param grantee the principal to grant the permissions to
   * @param actions the full names of the actions, such as `emr-serverless:GetJobRun`. `CreateApplication` and `ListApplications` are
   *   refused, because IAM allows them on `*` only
   */
  public actions(grantee: IGrantable, ...actions: string[]): Grant {
    return grant(this.application, grantee, serviceAccess(this.application, ...actions));
  }

  private grantSubmission(grantee: IGrantable, executionRole: aws_iam.IRoleRef, ...actions: string[]): Grant {
    const executionRoleArn = passableRoleArn(this.application, executionRole);
    return grant(this.application, grantee, submissionAccess(this.application, executionRoleArn, ...actions));
  }
}
