import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { ArnFormat, Fn, IResolvable, Stack, Token } from 'aws-cdk-lib/core';
import { aws_emrserverless } from 'aws-cdk-lib/interfaces';
import { Access } from './grant';
import { LoggingOptions } from '../../application/logging';
import { renderMonitoring } from '../../application/private/logging';
import { keyArn } from '../../private/keys';

/** What the logs of an application take: its rendered configuration, and what that does not tell. */
export interface Logs {
  readonly monitoring: CfnApplication.MonitoringConfigurationProperty;
  readonly bucketKeyArn?: string;
  readonly prometheusWorkspaceArn?: string;
}

/** An application that knows more of its logs than its CloudFormation resource does. */
export interface KnowsItsLogs {
  _logs(): Logs;
}

const DEFAULT_LOG_GROUP = '/aws/emr-serverless';
const USE_KEY = ['kms:Decrypt', 'kms:GenerateDataKey'];

export function logsFrom(stack: Stack, logging: LoggingOptions): Logs {
  return {
    monitoring: renderMonitoring(stack, logging) ?? {},
    bucketKeyArn: logging.s3Logs?.encryptionKey ? undefined : keyArn(logging.s3Logs?.bucket.encryptionKey),
    prometheusWorkspaceArn: logging.prometheusWorkspaceArn,
  };
}

/**
 * Who submits a job needs the keys of its logs too, AWS refuses the submission otherwise; so does who looks at the logs.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-log-encryption.html
 */
export function useLogKeys(application: aws_emrserverless.IApplicationRef): Access[] {
  const { s3, managed, cloudWatch } = destinations(logsOf(application));
  const resourceArns = distinct([managed?.encryptionKeyArn, s3?.encryptionKeyArn, cloudWatch?.encryptionKeyArn]);
  return resourceArns.length > 0 ? [{ actions: USE_KEY, resourceArns }] : [];
}

/**
 * What a job needs to write its logs and metrics where the application sends them.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html
 */
export function writeLogs(application: aws_emrserverless.IApplicationRef): Access[] {
  const logs = logsOf(application);
  const { s3, cloudWatch, prometheus } = destinations(logs);
  return [
    ...s3?.logUri ? writeObjects(application, s3.logUri) : [],
    ...logs.bucketKeyArn ? [{ actions: USE_KEY, resourceArns: [logs.bucketKeyArn] }] : [],
    ...cloudWatch ? writeCloudWatchLogs(application, cloudWatch) : [],
    ...useLogKeys(application),
    ...prometheus ? [{ actions: ['aps:RemoteWrite'], resourceArns: [logs.prometheusWorkspaceArn ?? workspaceArn(application, prometheus)] }] : [],
  ];
}

function writeCloudWatchLogs(
  application: aws_emrserverless.IApplicationRef,
  { logGroupName = DEFAULT_LOG_GROUP, encryptionKeyArn }: CfnApplication.CloudWatchLoggingConfigurationProperty,
): Access[] {
  const { region, account } = application.env;
  const logsArn = (resource: string) => Stack.of(application).formatArn({ service: 'logs', region, account, resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  const logGroupArn = logsArn(`log-group:${logGroupName}:*`);
  return [
    { actions: ['logs:DescribeLogGroups'], resourceArns: [logsArn('*')] },
    {
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      resourceArns: [logGroupArn],
    },
    // CloudWatch Logs lets only those associate a key who may describe it
    ...encryptionKeyArn ? [
      { actions: ['logs:AssociateKmsKey'], resourceArns: [logGroupArn] },
      { actions: ['kms:DescribeKey'], resourceArns: [encryptionKeyArn] },
    ] : [],
  ];
}

function writeObjects(application: aws_emrserverless.IApplicationRef, logUri: string): Access[] {
  const path = logUri.startsWith('s3://') ? `${logUri.slice('s3://'.length).replace(/\/+$/, '')}/*` : unknownPath(application, logUri);
  return path === undefined ? [] : [{
    actions: ['s3:PutObject'],
    resourceArns: [Stack.of(application).formatArn({ service: 's3', region: '', account: '', resource: path, arnFormat: ArnFormat.NO_RESOURCE_NAME })],
  }];
}

/** Of a URI that is a token nobody knows the prefix, nor whether it ends with a slash; the application's logs have its id in their names. */
function unknownPath(application: aws_emrserverless.IApplicationRef, logUri: string): string | undefined {
  if (!Token.isUnresolved(logUri)) { return undefined; }
  const bucket = Fn.select(2, Fn.split('/', logUri));
  return `${bucket}/*applications/${application.applicationRef.applicationId}/*`;
}

/** The workspace behind `https://aps-workspaces.<region>.<suffix>/workspaces/<id>/api/v1/remote_write`. */
function workspaceArn(application: aws_emrserverless.IApplicationRef, remoteWriteUrl: string): string {
  const part = (i: number) => Fn.select(i, Fn.split('/', remoteWriteUrl));
  return Stack.of(application).formatArn({
    service: 'aps',
    region: Fn.select(1, Fn.split('.', part(2))),
    account: application.env.account,
    resource: 'workspace',
    resourceName: part(4),
  });
}

function logsOf(application: aws_emrserverless.IApplicationRef): Logs {
  if (knowsItsLogs(application)) { return application._logs(); }
  return { monitoring: CfnApplication.isCfnApplication(application) ? ifKnown(application.monitoringConfiguration) ?? {} : {} };
}

function knowsItsLogs(application: object): application is KnowsItsLogs {
  return '_logs' in application;
}

/** The places that logs go to; managed storage is on, and CloudWatch off, unless the application says otherwise. */
function destinations({ monitoring }: Logs) {
  const managed = ifKnown(monitoring.managedPersistenceMonitoringConfiguration);
  const cloudWatch = ifKnown(monitoring.cloudWatchLoggingConfiguration);
  return {
    managed: managed?.enabled === false ? undefined : managed,
    s3: ifKnown(monitoring.s3MonitoringConfiguration),
    cloudWatch: cloudWatch?.enabled ? cloudWatch : undefined,
    prometheus: ifKnown(monitoring.prometheusMonitoringConfiguration)?.remoteWriteUrl,
  };
}

/** A part of a resource that someone else made may be a token, then nothing is known of it. */
function ifKnown<T extends object>(value: T | IResolvable | undefined): T | undefined {
  return Token.isUnresolved(value) ? undefined : value as T | undefined;
}

function distinct(values: (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}
