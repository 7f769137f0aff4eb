import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import { aws_emrserverless } from 'aws-cdk-lib/interfaces';
import { Access } from './access';
import { LogDestinations, logDestinationsOf } from './log-destinations';

const DEFAULT_LOG_GROUP = '/aws/emr-serverless';
const USE_KEY = ['kms:Decrypt', 'kms:GenerateDataKey'];

/**
 * A principal needs the keys of the logs to submit a job, or AWS refuses the submission. It also needs them to look at the logs.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-log-encryption.html
 */
export function logKeyAccess(application: aws_emrserverless.IApplicationRef): Access[] {
  return keyAccess(logDestinationsOf(application));
}

/**
 * The permissions that a job needs to write its logs and metrics.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html
 */
export function logWritingAccess(application: aws_emrserverless.IApplicationRef): Access[] {
  const logs = logDestinationsOf(application);
  return [
    ...s3Access(application, logs),
    ...cloudWatchAccess(application, logs),
    ...keyAccess(logs),
    ...logs.prometheusWorkspaceArn === undefined ? [] : [{ actions: ['aps:RemoteWrite'], resourceArns: [logs.prometheusWorkspaceArn] }],
  ];
}

function keyAccess({ managed, s3, cloudWatch }: LogDestinations): Access[] {
  const keyArns = [managed?.keyArn, s3?.keyArn, cloudWatch?.keyArn].filter((arn) => arn !== undefined);
  return keyArns.length > 0 ? [{ actions: USE_KEY, resourceArns: [...new Set(keyArns)] }] : [];
}

/** `logDestinations()` makes the pattern of the objects. */
function s3Access(application: aws_emrserverless.IApplicationRef, { s3 }: LogDestinations): Access[] {
  const objectsArn = s3?.objects && Stack.of(application).formatArn({
    service: 's3', region: '', account: '', resource: s3.objects, arnFormat: ArnFormat.NO_RESOURCE_NAME,
  });
  return [
    ...objectsArn ? [{ actions: ['s3:PutObject'], resourceArns: [objectsArn] }] : [],
    ...s3?.bucketKeyArn ? [{ actions: USE_KEY, resourceArns: [s3.bucketKeyArn] }] : [],
  ];
}

function cloudWatchAccess(application: aws_emrserverless.IApplicationRef, { cloudWatch }: LogDestinations): Access[] {
  if (!cloudWatch) { return []; }
  const { logGroupName = DEFAULT_LOG_GROUP, keyArn } = cloudWatch;
  const { region, account } = application.env;
  const logsArn = (resource: string) => Stack.of(application).formatArn({
    service: 'logs', region, account, resource, arnFormat: ArnFormat.NO_RESOURCE_NAME,
  });
  const logGroupArn = logsArn(`log-group:${logGroupName}:*`);
  return [
    { actions: ['logs:DescribeLogGroups'], resourceArns: [logsArn('*')] },
    {
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      resourceArns: [logGroupArn],
    },
    // a principal can associate a key only if it may describe the key
    ...keyArn === undefined ? [] : [
      { actions: ['logs:AssociateKmsKey'], resourceArns: [logGroupArn] },
      { actions: ['kms:DescribeKey'], resourceArns: [keyArn] },
    ],
  ];
}
