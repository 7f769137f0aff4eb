import { Stack } from 'aws-cdk-lib';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { SparkEmrServerlessRuntimeGrants } from '../../src';
import { ACCOUNT, KEY_ARN } from '../util';

export const S3_KEY_ARN = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/s3-key`;
export const LOG_GROUP_KEY_ARN = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/log-group-key`;

/** Monitoring with a key in each place that has one. */
export const ALL_KEYS = {
  managedPersistenceMonitoringConfiguration: { enabled: true, encryptionKeyArn: KEY_ARN },
  s3MonitoringConfiguration: { logUri: 's3://log-bucket/spark/', encryptionKeyArn: S3_KEY_ARN },
  cloudWatchLoggingConfiguration: { enabled: true, logGroupName: '/spark', encryptionKeyArn: LOG_GROUP_KEY_ARN },
};

/** The grants of an application that no construct of this library made. */
export function bareIn(stack: Stack, monitoringConfiguration?: CfnApplication['monitoringConfiguration']): SparkEmrServerlessRuntimeGrants {
  return SparkEmrServerlessRuntimeGrants.fromApplication(
    new CfnApplication(stack, 'Bare', { type: 'SPARK', releaseLabel: 'emr-7.14.0', monitoringConfiguration }),
  );
}
