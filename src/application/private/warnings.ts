import { isLiteral } from '../../private/checks';
import { EmrRelease } from '../emr-release';
import { SparkEmrServerlessRuntimeProps } from '../spark-emr-serverless-runtime';
import { mergedConfigurations, sparkDefaults } from './configurations';
import { plainTextCredentials } from './credentials';
import { loggingWarnings } from './logging';
import { isOneSubnet } from './network';
import { usedFeatures } from './problems';
import { supportWarning } from './release-features';
import { defaultMemoryTooLarge, idlesBecause } from './spark-memory';
import { WorkerKind } from './workers';
import { Warning } from '../../private/warnings';

/** What AWS accepts and nobody wants. */
export function applicationWarnings(release: EmrRelease, props: SparkEmrServerlessRuntimeProps): Warning[] {
  return [
    ...capacityAlwaysOn(props),
    ...capacityIdles(props, 'driver'),
    ...capacityIdles(props, 'executor'),
    ...defaultMemory(props),
    ...noSparkUi(props),
    ...loggingWarnings(props),
    ...credentials(props),
    ...unsupportedRelease(release),
    ...uncheckedRelease(release, props),
    ...oneSubnet(props),
  ];
}

function capacityAlwaysOn({ initialDriverCapacity, initialExecutorCapacity, autoStop }: SparkEmrServerlessRuntimeProps) {
  if (autoStop !== false || !(initialDriverCapacity || initialExecutorCapacity)) { return []; }
  return [{
    id: 'initialCapacityAlwaysOn',
    message: 'initial capacity with `autoStop: false` is billed around the clock from the first start on. Leave `autoStop` out, or stop the application when it is not needed',
  }];
}

function capacityIdles(props: SparkEmrServerlessRuntimeProps, kind: WorkerKind) {
  const prop = kind === 'driver' ? 'initialDriverCapacity' : 'initialExecutorCapacity';
  const reason = idlesBecause(sparkDefaults(props), kind, props[prop]);
  return reason === undefined ? [] : [{
    id: `${prop}TooSmall`,
    message: `\`${prop}\` is billed and never used by jobs with the application's Spark properties: ${reason}`,
  }];
}

function defaultMemory(props: SparkEmrServerlessRuntimeProps) {
  return defaultMemoryTooLarge(sparkDefaults(props)).map((message) => ({
    id: 'sparkMemoryMissing',
    message: `${message}. Jobs fail that do not set the memory themselves`,
  }));
}

function noSparkUi({ managedLogs, s3Logs }: SparkEmrServerlessRuntimeProps) {
  return managedLogs === false && s3Logs ? [{
    id: 'noSparkUi',
    message: 'with `managedLogs: false` the logs are in S3 only and there is no Spark UI for job runs. Leave `managedLogs` out to have both',
  }] : [];
}

function credentials(props: SparkEmrServerlessRuntimeProps) {
  const keys = plainTextCredentials(mergedConfigurations(props));
  return keys.length === 0 ? [] : [{
    id: 'plainTextCredential',
    message: `${keys.map((key) => `"${key}"`).join(', ')} looks like a credential in plain text, readable in the template and to everybody who may describe the application.`
      + ' Keep it in AWS Secrets Manager and give EMR.secret@<name of the secret>',
  }];
}

function unsupportedRelease(release: EmrRelease) {
  const message = supportWarning(release);
  return message === undefined ? [] : [{ id: 'unsupportedRelease', message }];
}

function uncheckedRelease(release: EmrRelease, props: SparkEmrServerlessRuntimeProps) {
  const uses = usedFeatures(props);
  return release._version || uses.length === 0 ? [] : [{
    id: 'uncheckedRelease',
    message: `this version of the library does not know what ${isLiteral(release.label) ? `release ${release.label}` : 'the release'} offers`
      + ` and does not check it for ${uses.map(({ usedBy }) => `\`${usedBy}\``).join(', ')}`,
  }];
}

function oneSubnet({ vpc, vpcSubnets }: SparkEmrServerlessRuntimeProps) {
  return vpc && isOneSubnet(vpc.selectSubnets(vpcSubnets)) ? [{
    id: 'oneSubnet',
    message: 'one subnet is one Availability Zone: no job runs while it is unavailable or out of addresses. Give subnets in two or more',
  }] : [];
}
