import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Arn, ArnFormat, Stack } from 'aws-cdk-lib/core';
import { isLiteral, patternProblems, Problems, shown } from './checks';
import { keyArn, keyProblems } from './keys';
import { FeatureUse } from './release-features';
import { CloudWatchLogsOptions, LoggingOptions, S3LogsOptions } from '../logging';

/** Keys must be of the Region, where one is given. */
export function loggingProblems(logging: LoggingOptions, region?: string): Problems {
  const { managedLogs, managedLogsKey, s3Logs, cloudWatchLogs, prometheusWorkspaceArn } = logging;
  return [
    ...keyProblems('managedLogsKey', managedLogsKey, region),
    ...managedLogs === false && managedLogsKey ? ['`managedLogsKey` must not be given with `managedLogs: false`, there is nothing to encrypt'] : [],
    ...prefixProblems(s3Logs?.prefix),
    ...keyProblems('s3Logs.encryptionKey', s3Logs?.encryptionKey, region),
    ...patternProblems('cloudWatchLogs.logGroup', cloudWatchLogs?.logGroup?.logGroupName, 512, /^[.\-_/#A-Za-z0-9]+$/,
      'a log group whose name has 1 to 512 characters of A-Z a-z 0-9 . - _ / #'),
    ...patternProblems('cloudWatchLogs.logStreamNamePrefix', cloudWatchLogs?.logStreamNamePrefix, 512, /^[^:*]*$/,
      '1 to 512 characters without : and *'),
    ...keyProblems('cloudWatchLogs.encryptionKey', cloudWatchLogs?.encryptionKey, region),
    ...(['driverLogTypes', 'executorLogTypes'] as const)
      .filter((prop) => cloudWatchLogs?.[prop]?.length === 0)
      .map((prop) => `\`cloudWatchLogs.${prop}\` must hold at least one log type, leave it out to log nothing, got: []`),
    ...patternProblems('prometheusWorkspaceArn', prometheusWorkspaceArn, 2048, /^arn:aws[a-z-]*:aps:[a-z0-9-]+:\d{12}:workspace\/[-_.0-9A-Za-z]{1,100}$/,
      'the ARN of a workspace of Amazon Managed Service for Prometheus (arn:<partition>:aps:<region>:<account>:workspace/<id>)'),
  ];
}

function prefixProblems(prefix: string | undefined): Problems {
  if (!isLiteral(prefix) || (prefix.length >= 1 && prefix.length <= 512 && !/^\/|[*?]/.test(prefix))) { return []; }
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
  const { region, resourceName } = Arn.split(workspaceArn, ArnFormat.SLASH_RESOURCE_NAME);
  return `https://aps-workspaces.${region}.${stack.urlSuffix}/workspaces/${resourceName}/api/v1/remote_write`;
}
