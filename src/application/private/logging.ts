import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Arn, ArnFormat, IResource, ResourceEnvironment, Stack } from 'aws-cdk-lib/core';
import { FeatureUse } from './release-features';
import { splittable } from '../../private/arn';
import { differ, isLiteral, isWellFormed, patternProblems, Problems, shown } from '../../private/checks';
import { keyArn, keyItself, keyProblems } from '../../private/keys';
import { Warning } from '../../private/warnings';
import { CloudWatchLogsOptions, LoggingOptions, S3LogsOptions, SparkLogType } from '../logging';

/** With the environment of the application, also that everything is of it. */
export function loggingProblems(logging: LoggingOptions, env?: ResourceEnvironment): Problems {
  const { managedLogs, managedLogsKey, s3Logs, cloudWatchLogs, prometheusWorkspaceArn } = logging;
  return [
    ...keyProblems('managedLogsKey', managedLogsKey, env?.region),
    ...managedLogs === false && managedLogsKey ? ['`managedLogsKey` must not be given with `managedLogs: false`, there is nothing to encrypt'] : [],
    ...environmentProblems('s3Logs.bucket', s3Logs?.bucket, env),
    ...prefixProblems(s3Logs?.prefix),
    ...keyProblems('s3Logs.encryptionKey', s3Logs?.encryptionKey, env?.region),
    ...environmentProblems('cloudWatchLogs.logGroup', cloudWatchLogs?.logGroup, env),
    ...patternProblems('cloudWatchLogs.logGroup', cloudWatchLogs?.logGroup?.logGroupName, 512, /^[.\-_/#A-Za-z0-9]+$/,
      'a log group whose name has 1 to 512 characters of A-Z a-z 0-9 . - _ / #'),
    ...patternProblems('cloudWatchLogs.logStreamNamePrefix', cloudWatchLogs?.logStreamNamePrefix, 512, /^[^:*]*$/,
      '1 to 512 characters without : and *'),
    ...keyProblems('cloudWatchLogs.encryptionKey', cloudWatchLogs?.encryptionKey, env?.region),
    ...logTypeProblems('cloudWatchLogs.driverLogTypes', cloudWatchLogs?.driverLogTypes),
    ...logTypeProblems('cloudWatchLogs.executorLogTypes', cloudWatchLogs?.executorLogTypes),
    ...patternProblems('prometheusWorkspaceArn', prometheusWorkspaceArn, 2048, /^arn:aws[a-z-]*:aps:[a-z0-9-]+:\d{12}:workspace\/[-_.0-9A-Za-z]{1,100}$/,
      'the ARN of a workspace of Amazon Managed Service for Prometheus (arn:<partition>:aps:<region>:<account>:workspace/<id>)'),
  ];
}

function environmentProblems(prop: string, resource?: IResource, env?: ResourceEnvironment): Problems {
  return !resource || !env ? [] : (['region', 'account'] as const)
    .filter((part) => differ(resource.env[part], env[part]))
    .map((part) => `\`${prop}\` must be of the application's ${part === 'region' ? 'Region' : part} ${env[part]}, got: ${resource.env[part]}`);
}

/** What synth cannot see to, by the id of its warning. */
export function loggingWarnings({ s3Logs }: LoggingOptions): Warning[] {
  const bucketKey = s3Logs?.encryptionKey ? undefined : s3Logs?.bucket.encryptionKey;
  return bucketKey && !keyItself(bucketKey) ? [{
    id: 'bucketKeyByHand',
    message: 'the key of `s3Logs.bucket` is known by an alias only, so that execution roles are not granted it.'
      + ' Grant them kms:Decrypt and kms:GenerateDataKey on the key, or import the bucket with the key itself',
  }] : [];
}

function logTypeProblems(prop: string, logTypes?: SparkLogType[]): Problems {
  if (!logTypes) { return []; }
  if (logTypes.length === 0) { return [`\`${prop}\` must hold at least one log type, leave it out to log nothing, got: []`]; }
  return new Set(logTypes).size === logTypes.length ? [] : [`\`${prop}\` must hold each log type once, got: ${logTypes.join(', ')}`];
}

function prefixProblems(prefix: string | undefined): Problems {
  if (!isLiteral(prefix) || (prefix.length >= 1 && prefix.length <= 512 && !/^\/|[*?]/.test(prefix) && isWellFormed(prefix))) { return []; }
  return [`\`s3Logs.prefix\` must have 1 to 512 characters, no / at its start, no * and no ?, got: ${shown(prefix)}`];
}

export function loggingFeatures({ prometheusWorkspaceArn }: LoggingOptions): FeatureUse[] {
  return prometheusWorkspaceArn === undefined ? [] : [{ feature: 'prometheus', usedBy: 'prometheusWorkspaceArn' }];
}

/** Nothing where nothing was asked for. */
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
  return Object.values(monitoring).every((one) => one === undefined) ? undefined : monitoring;
}

function renderS3Logs({ bucket, prefix, encryptionKey }: S3LogsOptions): CfnApplication.S3MonitoringConfigurationProperty {
  return {
    logUri: `s3://${bucket.bucketName}/${prefix === undefined ? '' : `${prefix.replace(/\/+$/, '')}/`}`,
    encryptionKeyArn: keyArn(encryptionKey),
  };
}

function renderCloudWatchLogs(logs: CloudWatchLogsOptions): CfnApplication.CloudWatchLoggingConfigurationProperty {
  const logTypes = [
    { key: 'SPARK_DRIVER', value: logs.driverLogTypes },
    { key: 'SPARK_EXECUTOR', value: logs.executorLogTypes },
  ].flatMap(({ key, value }) => value ? [{ key, value }] : []);
  return {
    enabled: true,
    logGroupName: logs.logGroup?.logGroupName,
    logStreamNamePrefix: logs.logStreamNamePrefix,
    encryptionKeyArn: keyArn(logs.encryptionKey),
    logTypeMap: logTypes.length > 0 ? logTypes : undefined,
  };
}

function remoteWriteUrl(stack: Stack, workspaceArn: string): string {
  const { region, resourceName } = Arn.split(splittable(workspaceArn), ArnFormat.SLASH_RESOURCE_NAME);
  return `https://aps-workspaces.${region}.${stack.urlSuffix}/workspaces/${resourceName}/api/v1/remote_write`;
}
