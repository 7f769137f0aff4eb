import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import { aws_emrserverless } from 'aws-cdk-lib/interfaces';
import { Access } from './access';
import { CloudWatchDestination, LogDestinations, logDestinationsOf, S3Folder } from './log-destinations';

type Application = aws_emrserverless.IApplicationRef;

const DEFAULT_LOG_GROUP = '/aws/emr-serverless';
const USE_KEY = ['kms:Decrypt', 'kms:GenerateDataKey'];

/**
 * A principal needs the keys of the logs to submit a job, or AWS refuses the submission. It also needs them to look at the logs.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-log-encryption.html
 */
export function logKeyAccess({ managed, s3, cloudWatch }: LogDestinations): Access[] {
  const keyArns = [managed?.keyArn, s3?.keyArn, cloudWatch?.keyArn].filter((arn) => arn !== undefined);
  return keyArns.length > 0 ? [{ actions: USE_KEY, resourceArns: [...new Set(keyArns)] }] : [];
}

/**
 * The permissions that a job needs to write its logs and metrics. They are those of the application, unless the job has its own.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html
 */
export function logWritingAccess(application: Application, logs: LogDestinations = logDestinationsOf(application)): Access[] {
  return [
    ...s3Access(application, logs),
    ...cloudWatchAccess(application, logs),
    ...logKeyAccess(logs),
    ...logs.prometheusWorkspaceArn === undefined ? [] : [{ actions: ['aps:RemoteWrite'], resourceArns: [logs.prometheusWorkspaceArn] }],
  ];
}

/**
 * The permissions to read the logs in S3 and in CloudWatch. The Spark UI shows the logs in EMR Serverless's own storage.
 *
 * CloudWatch Logs checks `FilterLogEvents` against the log group, so that it reads the streams of other applications in the group too.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export function logReadingAccess(application: Application): Access[] {
  const { s3, cloudWatch } = logDestinationsOf(application);
  const { folder } = s3 ?? {};
  const logGroup = cloudWatch && logGroupArns(application, cloudWatch);
  const keyArns = [s3?.keyArn, s3?.bucketKeyArn, cloudWatch?.keyArn].filter((arn) => arn !== undefined);
  return [
    ...folder ? [
      { actions: ['s3:GetObject'], resourceArns: [objectsArn(application, folder)] },
      {
        actions: ['s3:ListBucket'],
        resourceArns: [s3Arn(application, folder.bucketName)],
        conditions: { StringLike: { 's3:prefix': `${folder.prefix}${ownLogs(application)}` } },
      },
    ] : [],
    ...logGroup ? [
      { actions: ['logs:DescribeLogStreams', 'logs:FilterLogEvents'], resourceArns: [logGroup.allStreams] },
      { actions: ['logs:GetLogEvents'], resourceArns: [logGroup.ownStreams] },
    ] : [],
    ...keyArns.length > 0 ? [{ actions: ['kms:Decrypt'], resourceArns: [...new Set(keyArns)] }] : [],
  ];
}

function s3Access(application: Application, { s3 }: LogDestinations): Access[] {
  return [
    ...s3?.folder ? [{ actions: ['s3:PutObject'], resourceArns: [objectsArn(application, s3.folder)] }] : [],
    ...s3?.bucketKeyArn ? [{ actions: USE_KEY, resourceArns: [s3.bucketKeyArn] }] : [],
  ];
}

function cloudWatchAccess(application: Application, { cloudWatch }: LogDestinations): Access[] {
  if (!cloudWatch) { return []; }
  const logGroup = logGroupArns(application, cloudWatch);
  return [
    { actions: ['logs:DescribeLogGroups'], resourceArns: [logsArn(application, '*')] },
    { actions: ['logs:CreateLogGroup', 'logs:DescribeLogStreams'], resourceArns: [logGroup.allStreams] },
    { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resourceArns: [logGroup.ownStreams] },
    // a principal can associate a key only if it may describe the key
    ...cloudWatch.keyArn === undefined ? [] : [
      { actions: ['logs:AssociateKmsKey'], resourceArns: [logGroup.allStreams] },
      { actions: ['kms:DescribeKey'], resourceArns: [cloudWatch.keyArn] },
    ],
  ];
}

/** EMR Serverless writes all logs of an application below this name, in S3 and in CloudWatch. */
function ownLogs(application: Application): string {
  return `applications/${application.applicationRef.applicationId}/*`;
}

function objectsArn(application: Application, { bucketName, prefix }: S3Folder): string {
  return s3Arn(application, `${bucketName}/${prefix}${ownLogs(application)}`);
}

function s3Arn(application: Application, resource: string): string {
  return Stack.of(application).formatArn({ service: 's3', region: '', account: '', resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
}

/** AWS does not document how EMR Serverless joins the prefix and the name of a stream. So anything may come before the name. */
function logGroupArns(application: Application, { logGroupName = DEFAULT_LOG_GROUP }: CloudWatchDestination) {
  return {
    allStreams: logsArn(application, `log-group:${logGroupName}:*`),
    ownStreams: logsArn(application, `log-group:${logGroupName}:log-stream:*${ownLogs(application)}`),
  };
}

function logsArn(application: Application, resource: string): string {
  const { region, account } = application.env;
  return Stack.of(application).formatArn({ service: 'logs', region, account, resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
}
