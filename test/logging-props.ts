import { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { LoggingOptions, SparkEmrServerlessRuntime } from '../src';

export function runtimeIn(stack: Stack, logging: LoggingOptions) {
  return new SparkEmrServerlessRuntime(stack, 'Spark', logging);
}

export function bucketIn(stack: Stack): s3.IBucket {
  return s3.Bucket.fromBucketName(stack, 'Bucket', 'log-bucket');
}

/** Each prop that takes a key, and the logging options that have a key there. */
export const KEY_PROPS: [string, (stack: Stack, key: kms.IKey) => LoggingOptions][] = [
  ['managedLogsKey', (_, managedLogsKey) => ({ managedLogsKey })],
  ['s3Logs.encryptionKey', (stack, encryptionKey) => ({ s3Logs: { bucket: bucketIn(stack), encryptionKey } })],
  ['cloudWatchLogs.encryptionKey', (_, encryptionKey) => ({ cloudWatchLogs: { encryptionKey } })],
];
