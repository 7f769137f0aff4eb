import { App, AppProps, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnLogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { EmrRelease, SparkEmrServerlessRuntime } from 'cdk-spark-emr-serverless';
import { IConstruct } from 'constructs';

const JOB_RUNS = 'IAM checks these actions on a job run, and EMR Serverless gives it its id when it is submitted.'
  + ' https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonemrserverless.html';
const LOGS = 'https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html';

/** A finding that is right to stay, with the reason that AWS gives. */
export interface Acknowledged {
  readonly at: IConstruct;
  readonly id: string;
  readonly reason: string;
}

/**
 * An application as those build it who are audited: every log with a key that rotates, every right in a managed policy. The bucket for logs
 * is there already, and what replicates and logs it is the affair of its owner.
 */
export function secureApp(props?: AppProps): { app: App; stack: Stack; acknowledged: Acknowledged[] } {
  const app = new App(props);
  const stack = new Stack(app, 'Secure');
  const key = new Key(stack, 'Key', { enableKeyRotation: true });
  const logGroup = new LogGroup(stack, 'LogGroup', { encryptionKey: key, retention: RetentionDays.ONE_YEAR });

  const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', {
    release: EmrRelease.EMR_7_14_0,
    managedLogsKey: key,
    s3Logs: { bucket: Bucket.fromBucketName(stack, 'LogBucket', 'amzn-s3-demo-bucket'), prefix: 'spark', encryptionKey: key },
    cloudWatchLogs: { logGroup, encryptionKey: key },
  });

  const writeLogs = new ManagedPolicy(stack, 'WriteLogs');
  runtime.grants.writeLogs(writeLogs);
  const executionRole = runtime.createExecutionRole('ExecutionRole', undefined, { grantLogging: false, managedPolicies: [writeLogs] });

  const runJobs = new ManagedPolicy(stack, 'RunJobs');
  runtime.grantStartJobExecution(runJobs, executionRole.roleArn);
  new Role(stack, 'Submitter', { assumedBy: new AccountRootPrincipal(), managedPolicies: [runJobs] });

  const watchJobs = new ManagedPolicy(stack, 'WatchJobs');
  runtime.grants.readJobRuns(watchJobs);
  runtime.grants.viewSparkUi(watchJobs);
  new Role(stack, 'Analyst', { assumedBy: new AccountRootPrincipal(), managedPolicies: [watchJobs] });

  const applicationId = stack.getLogicalId(runtime.application);
  const jobRuns = `AwsSolutions-IAM5[Resource::<${applicationId}.Arn>/jobruns/*]`;
  const logs = 'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>';
  const logGroupId = stack.getLogicalId(logGroup.node.defaultChild as CfnLogGroup);
  return {
    app,
    stack,
    acknowledged: [
      { at: runJobs, id: jobRuns, reason: JOB_RUNS },
      { at: watchJobs, id: jobRuns, reason: JOB_RUNS },
      {
        at: writeLogs,
        id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::amzn-s3-demo-bucket/spark/applications/<${applicationId}.ApplicationId>/*]`,
        reason: `Each job writes objects of its own into the folder of the application. ${LOGS}`,
      },
      {
        at: writeLogs,
        id: `AwsSolutions-IAM5[Resource::${logs}:log-group:<${logGroupId}>:*]`,
        reason: `CloudWatch Logs checks these actions on the log group, with this end. ${LOGS}`,
      },
      {
        at: writeLogs,
        id: `AwsSolutions-IAM5[Resource::${logs}:log-group:<${logGroupId}>:log-stream:*applications/<${applicationId}.ApplicationId>/*]`,
        reason: `Each job writes log streams of its own into the folder of the application. ${LOGS}`,
      },
      { at: writeLogs, id: `AwsSolutions-IAM5[Resource::${logs}:*]`, reason: `logs:DescribeLogGroups is granted on all log groups. ${LOGS}` },
    ],
  };
}
