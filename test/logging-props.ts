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

/** The application's own folder of the logs in S3, as a template has it. `place` is the bucket with the prefix. */
export function objectsOf(applicationId: unknown, ...place: unknown[]) {
  return arn(':s3:::', ...place, 'applications/', applicationId, '/*');
}

/** The application's own streams of a log group, as a template has them. */
export function streamsOf(applicationId: unknown, ...logGroup: unknown[]) {
  return arn(':logs:', ...logGroup, ':log-stream:*applications/', applicationId, '/*');
}

function arn(...parts: unknown[]) {
  const joined: unknown[] = ['arn:', { Ref: 'AWS::Partition' }];
  for (const part of parts) {
    const last = joined[joined.length - 1];
    if (typeof last === 'string' && typeof part === 'string') {
      joined[joined.length - 1] = last + part;
    } else {
      joined.push(part);
    }
  }
  return { 'Fn::Join': ['', joined] };
}

/** Each prop that takes a key, and the logging options that have a key there. */
export const KEY_PROPS: [string, (stack: Stack, key: kms.IKey) => LoggingOptions][] = [
  ['managedLogsKey', (_, managedLogsKey) => ({ managedLogsKey })],
  ['s3Logs.encryptionKey', (stack, encryptionKey) => ({ s3Logs: { bucket: bucketIn(stack), encryptionKey } })],
  ['cloudWatchLogs.encryptionKey', (_, encryptionKey) => ({ cloudWatchLogs: { encryptionKey } })],
];
