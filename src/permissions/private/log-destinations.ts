import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Fn, IResolvable, Stack, Token } from 'aws-cdk-lib/core';
import { aws_emrserverless } from 'aws-cdk-lib/interfaces';
import { factsOf } from './facts';

/** The places that an application sends its logs and metrics to. */
export interface LogDestinations {
  /** EMR Serverless's own storage. */
  readonly managed?: { readonly keyArn?: string };
  readonly s3?: S3Destination;
  readonly cloudWatch?: CloudWatchDestination;
  readonly prometheusWorkspaceArn?: string;
}

export interface S3Destination {
  /** Where the logs are. It is undefined if the URI is not one of S3. */
  readonly folder?: S3Folder;
  /** The key that EMR Serverless encrypts the logs with. */
  readonly keyArn?: string;
  /** The bucket's own key. It is undefined if another key encrypts the logs. */
  readonly bucketKeyArn?: string;
}

export interface CloudWatchDestination {
  readonly logGroupName?: string;
  readonly keyArn?: string;
}

/** The place in S3 that the logs of several applications may share. Each application has a folder in it. */
export interface S3Folder {
  readonly bucketName: string;
  /** What the keys of the objects start with: nothing, or a text that ends with a slash. `*` stands for a prefix that nobody knows. */
  readonly prefix: string;
}

export function logDestinationsOf(application: aws_emrserverless.IApplicationRef): LogDestinations {
  return factsOf(application)?.logs ?? (CfnApplication.isCfnApplication(application) ? configuredDestinations(application) : {});
}

/** Reads the destinations from the configuration of a resource. By default, managed storage is on and CloudWatch is off. */
function configuredDestinations(application: CfnApplication): LogDestinations {
  const monitoring = ifKnown(application.monitoringConfiguration) ?? {};
  const managed = ifKnown(monitoring.managedPersistenceMonitoringConfiguration);
  const s3 = ifKnown(monitoring.s3MonitoringConfiguration);
  const cloudWatch = ifKnown(monitoring.cloudWatchLoggingConfiguration);
  const remoteWriteUrl = ifKnown(monitoring.prometheusMonitoringConfiguration)?.remoteWriteUrl;
  return {
    managed: managed?.enabled === false ? undefined : { keyArn: managed?.encryptionKeyArn },
    s3: s3 && { folder: s3.logUri === undefined ? undefined : folderOf(s3.logUri), keyArn: s3.encryptionKeyArn },
    cloudWatch: cloudWatch?.enabled ? { logGroupName: cloudWatch.logGroupName, keyArn: cloudWatch.encryptionKeyArn } : undefined,
    prometheusWorkspaceArn: remoteWriteUrl === undefined ? undefined : workspaceArn(application, remoteWriteUrl),
  };
}

/** A part of the configuration may be a token. Nothing is known about such a part. */
function ifKnown<T extends object>(value: T | IResolvable | undefined): T | undefined {
  return Token.isUnresolved(value) ? undefined : value as T | undefined;
}

function folderOf(logUri: string): S3Folder | undefined {
  if (logUri.startsWith('s3://')) {
    const [bucketName, ...path] = logUri.slice('s3://'.length).replace(/\/+$/, '').split('/');
    return { bucketName, prefix: path.map((name) => `${name}/`).join('') };
  }
  // only the deployment can tell the bucket
  return Token.isUnresolved(logUri) ? { bucketName: Fn.select(2, Fn.split('/', logUri)), prefix: '*' } : undefined;
}

/** The workspace behind `https://aps-workspaces.<region>.<suffix>/workspaces/<id>/api/v1/remote_write`. */
function workspaceArn(application: CfnApplication, remoteWriteUrl: string): string {
  const part = (i: number) => Fn.select(i, Fn.split('/', remoteWriteUrl));
  return Stack.of(application).formatArn({
    service: 'aps',
    region: Fn.select(1, Fn.split('.', part(2))),
    account: application.env.account,
    resource: 'workspace',
    resourceName: part(4),
  });
}
