import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Fn, IResolvable, Stack, Token } from 'aws-cdk-lib/core';
import { aws_emrserverless } from 'aws-cdk-lib/interfaces';
import { IConstruct } from 'constructs';
import { Problems, shown } from '../../private/checks';
import { couldBeKeyArn } from '../../private/keys';
import { hasWildcard, mayBeKnownLater, renderings } from '../../private/rendered';
import { refuse, refuseAtSynthesis } from '../../private/validation-error';

/** The places that an application sends its logs and metrics to. */
export interface LogDestinations {
  /** EMR Serverless's own storage. */
  readonly managed?: { readonly keyArn?: string };
  readonly s3?: S3Destination;
  readonly cloudWatch?: { readonly logGroupName?: string; readonly keyArn?: string };
  readonly prometheusWorkspaceArn?: string;
}

export interface S3Destination {
  /** The objects that jobs write, as the resource part of an ARN: `bucket/prefix/*`. It is undefined if the URI is not one of S3. */
  readonly objects?: string;
  /** The key that EMR Serverless encrypts the logs with. */
  readonly keyArn?: string;
  /** The bucket's own key. It is undefined if another key encrypts the logs. */
  readonly bucketKeyArn?: string;
}

/** A text that grants make an ARN of. */
interface GrantedText {
  readonly what: string;
  readonly of: (logs: LogDestinations) => string | undefined;
  readonly mayBe: (text: string) => boolean;
}

const isNarrow = (text: string) => !hasWildcard(text);

const GRANTED_TEXTS: GrantedText[] = [
  { what: 'the key of the managed logs', of: ({ managed }) => managed?.keyArn, mayBe: couldBeKeyArn },
  { what: 'the key of the logs in S3', of: ({ s3 }) => s3?.keyArn, mayBe: couldBeKeyArn },
  { what: 'the key of the bucket of the logs', of: ({ s3 }) => s3?.bucketKeyArn, mayBe: couldBeKeyArn },
  { what: 'the log group', of: ({ cloudWatch }) => cloudWatch?.logGroupName, mayBe: isNarrow },
  { what: 'the key of the logs in CloudWatch', of: ({ cloudWatch }) => cloudWatch?.keyArn, mayBe: couldBeKeyArn },
  { what: 'the Prometheus workspace', of: ({ prometheusWorkspaceArn }) => prometheusWorkspaceArn, mayBe: isNarrow },
];

/** Checks that no destination widens the grants. If a construct is given, checks what the template of its stack has. */
export function destinationProblems(logs: LogDestinations, construct?: IConstruct): Problems {
  return GRANTED_TEXTS.flatMap(({ what, of, mayBe }) => {
    const text = of(logs);
    const texts = text === undefined ? [] : construct ? renderings(construct, text) : [text];
    return texts.filter((one) => !mayBe(one))
      .map((one) => `${what} must be one resource, without a wildcard or variable, got: ${shown(one)}`);
  });
}

/** Checks the destinations again when the app is synthesized, because a token may stand for a wildcard. */
export function checkDestinationsWhenRendered(construct: IConstruct, logs: LogDestinations): void {
  if (GRANTED_TEXTS.some(({ of }) => mayBeKnownLater(of(logs)))) {
    refuseAtSynthesis(construct, () => destinationProblems(logs, construct));
  }
}

/** An application of this library. It knows more about its logs than the CloudFormation resource does. */
interface KnowsItsLogs {
  _facts(): { readonly logs: LogDestinations };
}

export function logDestinationsOf(application: aws_emrserverless.IApplicationRef): LogDestinations {
  if (knowsItsLogs(application)) { return application._facts().logs; }
  if (!CfnApplication.isCfnApplication(application)) { return {}; }
  const logs = configuredDestinations(application);
  refuse(application, '', destinationProblems(logs));
  if (!CHECKED.has(application)) {
    CHECKED.add(application);
    refuseAtSynthesis(application, () => destinationProblems(configuredDestinations(application), application));
  }
  return logs;
}

/** The resources whose destinations are checked again when the app is synthesized. */
const CHECKED = new WeakSet<CfnApplication>();

function knowsItsLogs(application: object): application is KnowsItsLogs {
  return '_facts' in application;
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
    s3: s3 && { objects: s3.logUri && objectsBelow(application, s3.logUri), keyArn: s3.encryptionKeyArn },
    cloudWatch: cloudWatch?.enabled ? { logGroupName: cloudWatch.logGroupName, keyArn: cloudWatch.encryptionKeyArn } : undefined,
    prometheusWorkspaceArn: remoteWriteUrl === undefined ? undefined : workspaceArn(application, remoteWriteUrl),
  };
}

/** A part of the configuration may be a token. Nothing is known about such a part. */
function ifKnown<T extends object>(value: T | IResolvable | undefined): T | undefined {
  return Token.isUnresolved(value) ? undefined : value as T | undefined;
}

function objectsBelow(application: CfnApplication, logUri: string): string | undefined {
  if (logUri.startsWith('s3://')) { return `${logUri.slice('s3://'.length).replace(/\/+$/, '')}/*`; }
  if (!Token.isUnresolved(logUri)) { return undefined; }
  // the prefix is not known, but the keys of the objects contain the id of the application
  const bucket = Fn.select(2, Fn.split('/', logUri));
  return `${bucket}/*applications/${application.applicationRef.applicationId}/*`;
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
