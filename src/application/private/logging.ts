import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Arn, ArnFormat, IStringProducer, Lazy, ResourceEnvironment, Stack, Token } from 'aws-cdk-lib/core';
import { aws_logs } from 'aws-cdk-lib/interfaces';
import { FeatureUse } from './release-features';
import { withoutSlashesAtEnd, LogDestinations, S3Folder } from '../../permissions/private/log-destinations';
import { Warning } from '../../private/annotations';
import { splittable } from '../../private/arn';
import { bucketKeyArn, bucketKeyProblems, bucketKeyWarnings, bucketProblems, s3Bucket } from '../../private/buckets';
import { differ, isLiteral, isWellFormed, patternProblems, Problems, shown } from '../../private/checks';
import { environmentProblems, partProblems } from '../../private/environments';
import { keyArn, kmsKeyProblems, kmsKey } from '../../private/keys';
import { boolean, Fields, instance, listOf, oneOf, required, struct, text } from '../../private/reading';
import { hasWildcard, mayBeKnownLater, policyTextProblems } from '../../private/rendered';
import { CloudWatchLogsOptions, LoggingOptions, S3LogsOptions, SparkLogType } from '../logging';

const logTypes = listOf(oneOf(SparkLogType));

export const LOGGING: Fields<LoggingOptions> = {
  managedLogs: boolean,
  managedLogsKey: kmsKey,
  s3Logs: struct<S3LogsOptions>({
    bucket: required(s3Bucket),
    prefix: text,
    encryptionKey: kmsKey,
  }),
  cloudWatchLogs: struct<CloudWatchLogsOptions>({
    logGroup: instance<aws_logs.ILogGroupRef>('a log group', 'logGroupRef', 'node', 'env'),
    logStreamNamePrefix: text,
    encryptionKey: kmsKey,
    driverLogTypes: logTypes,
    executorLogTypes: logTypes,
  }),
  prometheusWorkspaceArn: text,
};

/** Checks the logging. If the environment of the application is given, also checks that the resources belong to it. */
export function loggingProblems(logging: LoggingOptions, env?: ResourceEnvironment): Problems {
  const { managedLogs, managedLogsKey, s3Logs, cloudWatchLogs, prometheusWorkspaceArn } = logging;
  return [
    ...kmsKeyProblems('managedLogsKey', managedLogsKey, env?.region),
    ...managedLogs === false && managedLogsKey
      ? ['`managedLogsKey` must not be given with `managedLogs: false`, because there are no logs to encrypt']
      : [],
    ...environmentProblems('s3Logs.bucket', s3Logs?.bucket, env),
    ...s3Logs ? bucketProblems('s3Logs.bucket', s3Logs.bucket) : [],
    ...prefixProblems(s3Logs?.prefix),
    ...s3Logs && !s3Logs.encryptionKey ? bucketKeyProblems('s3Logs.bucket', s3Logs.bucket, env?.region) : [],
    ...kmsKeyProblems('s3Logs.encryptionKey', s3Logs?.encryptionKey, env?.region),
    ...environmentProblems('cloudWatchLogs.logGroup', cloudWatchLogs?.logGroup, env),
    ...policyTextProblems('cloudWatchLogs.logGroup', cloudWatchLogs?.logGroup?.logGroupRef.logGroupName, 512, /^[.\-_/#A-Za-z0-9]+$/,
      'a log group whose name has 1 to 512 characters of A-Z a-z 0-9 . - _ / #'),
    ...patternProblems('cloudWatchLogs.logStreamNamePrefix', cloudWatchLogs?.logStreamNamePrefix, 512, /^[^:*]*$/,
      '1 to 512 characters without : or *'),
    ...kmsKeyProblems('cloudWatchLogs.encryptionKey', cloudWatchLogs?.encryptionKey, env?.region),
    ...logTypeProblems('cloudWatchLogs.driverLogTypes', cloudWatchLogs?.driverLogTypes),
    ...logTypeProblems('cloudWatchLogs.executorLogTypes', cloudWatchLogs?.executorLogTypes),
    ...policyTextProblems('prometheusWorkspaceArn', prometheusWorkspaceArn, 2048,
      /^arn:aws[a-z-]*:aps:[a-z0-9-]+:\d{12}:workspace\/[-_.0-9A-Za-z]{1,100}$/,
      'the ARN of a workspace of Amazon Managed Service for Prometheus (arn:<partition>:aps:<region>:<account>:workspace/<id>)'),
    ...workspaceProblems(prometheusWorkspaceArn, env),
  ];
}

function workspaceProblems(arn: string | undefined, env?: ResourceEnvironment): Problems {
  const workspace = env && workspaceEnvironment(arn);
  return workspace ? partProblems('prometheusWorkspaceArn', 'account', workspace.account, env.account) : [];
}

function workspaceEnvironment(arn: string | undefined): ResourceEnvironment | undefined {
  const [, , , region, account] = isLiteral(arn) ? arn.split(':') : [];
  return account === undefined ? undefined : { region, account };
}

function logTypeProblems(prop: string, types?: SparkLogType[]): Problems {
  if (!types) { return []; }
  if (types.length === 0) { return [`\`${prop}\` must hold at least one log type, got: []`]; }
  return new Set(types).size === types.length ? [] : [`\`${prop}\` must hold each log type once, got: ${types.join(', ')}`];
}

function prefixProblems(prefix: string | undefined): Problems {
  if (prefix === undefined) { return []; }
  const isFit = !isLiteral(prefix) || (prefix.length >= 1 && prefix.length <= 512 && !/^\/|:\/\//.test(prefix) && isWellFormed(prefix));
  return isFit && !hasWildcard(prefix) ? []
    : [`\`s3Logs.prefix\` must have 1 to 512 characters, no / at its start, no ://, no *, no ? and no \${, got: ${shown(prefix)}`];
}

export function loggingFeatures({ prometheusWorkspaceArn }: LoggingOptions): FeatureUse[] {
  return prometheusWorkspaceArn === undefined ? [] : [{ feature: 'prometheus', usedBy: '`prometheusWorkspaceArn`' }];
}

export function loggingWarnings(logging: LoggingOptions, env: ResourceEnvironment): Warning[] {
  const { managedLogs, s3Logs, cloudWatchLogs, prometheusWorkspaceArn } = logging;
  const workspace = workspaceEnvironment(prometheusWorkspaceArn);
  return [
    ...managedLogs === false && !s3Logs && !cloudWatchLogs ? [{
      id: 'noLogs',
      message: '`managedLogs: false` without `s3Logs` and `cloudWatchLogs` keeps no logs at all: nobody can tell why a job failed.'
        + ' Leave `managedLogs` out, or give another place for the logs',
    }] : [],
    ...workspace && differ(workspace.region, env.region) ? [{
      id: 'workspaceOfOtherRegion',
      message: `the workspace of \`prometheusWorkspaceArn\` is in ${workspace.region}, and the application is in ${env.region}:`
        + ' without a NAT gateway in a VPC, jobs do not reach other Regions. Give a workspace in the Region of the application',
    }] : [],
    ...managedLogs === false && s3Logs ? [{
      id: 'noSparkUi',
      message: '`managedLogs: false` turns off the Spark UI of job runs. Leave `managedLogs` out to have the Spark UI and the logs in S3',
    }] : [],
    ...logBucketKeyWarnings(s3Logs),
  ];
}

/** Jobs encrypt their logs with the bucket's own key, unless another key is given. */
export function logBucketKeyWarnings(s3Logs: S3LogsOptions | undefined): Warning[] {
  return s3Logs && !s3Logs.encryptionKey ? bucketKeyWarnings('`s3Logs.bucket`', s3Logs.bucket, 'kms:Decrypt and kms:GenerateDataKey') : [];
}

/** The places that the grants must cover. */
export function logDestinations(logging: LoggingOptions): LogDestinations {
  const { managedLogs = true, managedLogsKey, s3Logs, cloudWatchLogs, prometheusWorkspaceArn } = logging;
  return {
    managed: managedLogs ? { keyArn: keyArn(managedLogsKey) } : undefined,
    s3: s3Logs && {
      folder: folderOf(s3Logs),
      keyArn: keyArn(s3Logs.encryptionKey),
      bucketKeyArn: s3Logs.encryptionKey ? undefined : bucketKeyArn(s3Logs.bucket),
    },
    cloudWatch: cloudWatchLogs && {
      logGroupName: cloudWatchLogs.logGroup?.logGroupRef.logGroupName,
      keyArn: keyArn(cloudWatchLogs.encryptionKey),
    },
    prometheusWorkspaceArn,
  };
}

/** Renders nothing if no logging prop is given. */
export function renderMonitoring(stack: Stack, logging: LoggingOptions): CfnApplication.MonitoringConfigurationProperty | undefined {
  const { managedLogs, managedLogsKey, s3Logs, cloudWatchLogs, prometheusWorkspaceArn } = logging;
  const monitoring: CfnApplication.MonitoringConfigurationProperty = {
    managedPersistenceMonitoringConfiguration: managedLogs === undefined && !managedLogsKey ? undefined : {
      enabled: managedLogs ?? true,
      encryptionKeyArn: keyArn(managedLogsKey),
    },
    s3MonitoringConfiguration: s3Logs && renderS3Logs(s3Logs),
    cloudWatchLoggingConfiguration: cloudWatchLogs && renderCloudWatchLogs(cloudWatchLogs),
    prometheusMonitoringConfiguration: prometheusWorkspaceArn === undefined ? undefined : {
      remoteWriteUrl: remoteWriteUrl(stack, prometheusWorkspaceArn),
    },
  };
  return Object.values(monitoring).every((part) => part === undefined) ? undefined : monitoring;
}

function renderS3Logs(logs: S3LogsOptions): CfnApplication.S3MonitoringConfigurationProperty {
  const { bucketName, prefix } = folderOf(logs);
  return { logUri: `s3://${bucketName}/${prefix}`, encryptionKeyArn: keyArn(logs.encryptionKey) };
}

/** The folder of the logs. Its prefix has one slash at its end. */
function folderOf({ bucket, prefix }: S3LogsOptions): S3Folder {
  return {
    bucketName: bucket.bucketRef.bucketName,
    prefix: prefix === undefined ? '' : `${mayBeKnownLater(prefix) ? Lazy.uncachedString(trimmed(prefix)) : withoutSlashesAtEnd(prefix)}/`,
  };
}

function trimmed(prefix: string): IStringProducer {
  return {
    produce: (context) => {
      const resolved = context.resolve(prefix);
      return typeof resolved === 'string' ? withoutSlashesAtEnd(resolved) : Token.asString(resolved);
    },
  };
}

function renderCloudWatchLogs(logs: CloudWatchLogsOptions): CfnApplication.CloudWatchLoggingConfigurationProperty {
  const logTypeMap = [
    { key: 'SPARK_DRIVER', value: logs.driverLogTypes },
    { key: 'SPARK_EXECUTOR', value: logs.executorLogTypes },
  ].flatMap(({ key, value }) => value ? [{ key, value: [...value] }] : []);
  return {
    enabled: true,
    logGroupName: logs.logGroup?.logGroupRef.logGroupName,
    logStreamNamePrefix: logs.logStreamNamePrefix,
    encryptionKeyArn: keyArn(logs.encryptionKey),
    logTypeMap: logTypeMap.length > 0 ? logTypeMap : undefined,
  };
}

function remoteWriteUrl(stack: Stack, workspaceArn: string): string {
  const { region, resourceName } = Arn.split(splittable(workspaceArn), ArnFormat.SLASH_RESOURCE_NAME);
  return `https://aps-workspaces.${region}.${stack.urlSuffix}/workspaces/${resourceName}/api/v1/remote_write`;
}
