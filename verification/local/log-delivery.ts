import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { MonitoringConfiguration } from '@aws-sdk/client-emr-serverless';
import { S3 } from '@aws-sdk/client-s3';
import { Credentials } from './gate';
import { contentOf } from './job-logs';
import type { JobRun } from './job-run';
import { SparkRun } from './spark-run';

/** Where the logs of a job run go; a kind that its request names replaces that of the application. */
export interface LogPlaces {
  readonly logUri?: string;
  readonly cloudWatch?: { readonly logGroupName: string; readonly streamPrefix: string };
}

export function logPlaces(ofApplication: MonitoringConfiguration = {}, ofJob: MonitoringConfiguration = {}): LogPlaces {
  const { logUri } = ofJob.s3MonitoringConfiguration ?? ofApplication.s3MonitoringConfiguration ?? {};
  const { enabled, logGroupName = '/aws/emr-serverless', logStreamNamePrefix = '' }
    = ofJob.cloudWatchLoggingConfiguration ?? ofApplication.cloudWatchLoggingConfiguration ?? { enabled: false };
  return { logUri, ...enabled ? { cloudWatch: { logGroupName, streamPrefix: logStreamNamePrefix } } : {} };
}

interface Delivery {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly applicationId: string;
  readonly jobRun: JobRun;
}

/**
 * Writes the logs of the driver as the execution role. A job does not fail if they cannot be written.
 *
 * @returns why they were not written
 */
export async function deliverLogs({ stdout, stderr }: SparkRun, { logUri, cloudWatch }: LogPlaces, delivery: Delivery): Promise<string[]> {
  const { applicationId, jobRun: { jobRunId, attempt, isStreaming, request } } = delivery;
  const isRetried = isStreaming || (request.retryPolicy?.maxAttempts ?? 1) > 1;
  const folder = `applications/${applicationId}/jobs/${jobRunId}/${isRetried ? `attempts/${attempt.number}/` : ''}SPARK_DRIVER`;
  const logs = { stdout: contentOf(stdout), stderr: contentOf(stderr) };

  const places: [string, () => Promise<void>][] = [];
  if (logUri) { places.push([logUri, () => writeToBucket(logUri, folder, logs, delivery)]); }
  if (cloudWatch) { places.push([cloudWatch.logGroupName, () => writeToLogGroup(cloudWatch, folder, logs, delivery)]); }
  const failures = await Promise.all(places.map(([place, write]) => write().then(
    () => undefined, (error: Error) => `the logs were not written to ${place}: ${error.message}`)));
  return failures.filter((failure) => failure !== undefined);
}

async function writeToBucket(
  logUri: string, folder: string, logs: Record<string, string>, { endpoint, region, credentials }: Delivery,
): Promise<void> {
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(logUri)!;
  const s3 = new S3({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
  try {
    for (const [name, content] of Object.entries(logs)) {
      await s3.putObject({ Bucket: bucket, Key: `${prefix && `${prefix}/`}${folder}/${name}.gz`, Body: await promisify(gzip)(content) });
    }
  } finally {
    s3.destroy();
  }
}

/** A line is an event; 1000 of them a call. */
async function writeToLogGroup(
  { logGroupName, streamPrefix }: { logGroupName: string; streamPrefix: string }, folder: string, logs: Record<string, string>,
  { endpoint, region, credentials }: Delivery,
): Promise<void> {
  const client = new CloudWatchLogs({ endpoint, region, credentials, maxAttempts: 1 });
  try {
    await client.describeLogGroups({ logGroupNamePrefix: logGroupName });
    await unlessItExists(client.createLogGroup({ logGroupName }));
    for (const [name, content] of Object.entries(logs)) {
      const logStreamName = [streamPrefix, folder, name].filter(Boolean).join('/');
      await unlessItExists(client.createLogStream({ logGroupName, logStreamName }));
      const events = content.split('\n').filter(Boolean).map((message) => ({ message, timestamp: Date.now() }));
      for (let i = 0; i < events.length; i += 1000) {
        await client.putLogEvents({ logGroupName, logStreamName, logEvents: events.slice(i, i + 1000) });
      }
    }
  } finally {
    client.destroy();
  }
}

async function unlessItExists(made: Promise<unknown>): Promise<void> {
  await made.catch((error: Error) => { if (error.name !== 'ResourceAlreadyExistsException') { throw error; } });
}
