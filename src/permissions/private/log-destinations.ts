import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Fn, IResolvable, Stack, Token } from 'aws-cdk-lib/core';
import { aws_emrserverless } from 'aws-cdk-lib/interfaces';
import { IConstruct } from 'constructs';
import { factsOf } from './facts';
import { Problems, shown } from '../../private/checks';
import { couldBeKeyArn } from '../../private/keys';
import { hasWildcard, mayBeKnownLater, renderings } from '../../private/rendered';
import { refuse, refuseAtSynthesis } from '../../private/validation-error';

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

/** Stands for a prefix that nobody knows. */
const ANY_PREFIX = '*';

/** The place in S3 that the logs of several applications may share. Each application has a folder in it. */
export interface S3Folder {
  readonly bucketName: string;
  /** What the keys of the objects start with: nothing, a text that ends with a slash, or `ANY_PREFIX`. */
  readonly prefix: string;
}

/** A text that grants make an ARN of. */
interface GrantedText {
  /** The prop whose construct has the text. Texts that are props are checked with the other props. */
  readonly prop?: string;
  /** The property of the resource that has the text. */
  readonly property?: string;
  readonly of: (logs: LogDestinations) => string | undefined;
  readonly mayBe: (text: string) => boolean;
}

const isNarrow = (text: string) => !hasWildcard(text);

const GRANTED_TEXTS: GrantedText[] = [
  {
    prop: 'managedLogsKey',
    property: 'managedPersistenceMonitoringConfiguration.encryptionKeyArn',
    of: ({ managed }) => managed?.keyArn,
    mayBe: couldBeKeyArn,
  },
  { prop: 's3Logs.bucket', property: 's3MonitoringConfiguration.logUri', of: ({ s3 }) => s3?.folder?.bucketName, mayBe: isNarrow },
  {
    property: 's3MonitoringConfiguration.logUri',
    of: ({ s3 }) => s3?.folder?.prefix,
    mayBe: (text) => text === ANY_PREFIX || isNarrow(text),
  },
  {
    prop: 's3Logs.encryptionKey',
    property: 's3MonitoringConfiguration.encryptionKeyArn',
    of: ({ s3 }) => s3?.keyArn,
    mayBe: couldBeKeyArn,
  },
  { prop: 's3Logs.bucket.encryptionKey', of: ({ s3 }) => s3?.bucketKeyArn, mayBe: couldBeKeyArn },
  {
    prop: 'cloudWatchLogs.logGroup',
    property: 'cloudWatchLoggingConfiguration.logGroupName',
    of: ({ cloudWatch }) => cloudWatch?.logGroupName,
    mayBe: isNarrow,
  },
  {
    prop: 'cloudWatchLogs.encryptionKey',
    property: 'cloudWatchLoggingConfiguration.encryptionKeyArn',
    of: ({ cloudWatch }) => cloudWatch?.keyArn,
    mayBe: couldBeKeyArn,
  },
  {
    property: 'prometheusMonitoringConfiguration.remoteWriteUrl',
    of: ({ prometheusWorkspaceArn }) => prometheusWorkspaceArn,
    mayBe: isNarrow,
  },
];

/** Checks that no destination widens the grants. */
function destinationProblems(
  logs: LogDestinations,
  name: 'prop' | 'property',
  textsOf: (text: string) => string[],
  place = '',
): Problems {
  return GRANTED_TEXTS.flatMap(({ of, mayBe, ...names }) => {
    const text = names[name] === undefined ? undefined : of(logs);
    return (text === undefined ? [] : textsOf(text)).filter((rendering) => !mayBe(rendering)).map((rendering) =>
      `\`${place}${names[name]}\` must name one resource, without a wildcard or variable, got: ${shown(rendering)}`);
  });
}

/**
 * Checks the destinations again when the app is synthesized, because a token may stand for a wildcard. The place stands in front of the
 * names of the props.
 */
export function checkDestinationsWhenRendered(construct: IConstruct, logs: LogDestinations, place?: string): void {
  if (GRANTED_TEXTS.some(({ of }) => mayBeKnownLater(of(logs)))) {
    refuseAtSynthesis(construct, () => destinationProblems(logs, 'prop', (text) => renderings(construct, text), place));
  }
}

export function logDestinationsOf(application: aws_emrserverless.IApplicationRef): LogDestinations {
  const ownDestinations = factsOf(application)?.logs;
  if (ownDestinations) { return ownDestinations; }
  if (!CfnApplication.isCfnApplication(application)) { return {}; }
  const logs = configuredDestinations(application);
  refuse(application, '', destinationProblems(logs, 'property', (text) => [text]));
  // what is granted, and what the resource has then
  refuseAtSynthesis(application, () => [logs, configuredDestinations(application)].flatMap((destinations) =>
    destinationProblems(destinations, 'property', (text) => renderings(application, text))));
  return logs;
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
    const [bucketName, ...path] = withoutSlashesAtEnd(logUri.slice('s3://'.length)).split('/');
    return { bucketName, prefix: path.map((name) => `${name}/`).join('') };
  }
  // only the deployment can tell the bucket
  return Token.isUnresolved(logUri) ? { bucketName: Fn.select(2, Fn.split('/', logUri)), prefix: ANY_PREFIX } : undefined;
}

/** A regular expression would take time that grows with the square of the number of slashes. */
export function withoutSlashesAtEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') { end -= 1; }
  return text.slice(0, end);
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
