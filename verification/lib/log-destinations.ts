import { App, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { LoggingOptions } from 'cdk-spark-emr-serverless';
import { Deployment, Place, Policy } from './deployment';
import { actionsOn } from './iam-reference';
import { LOGGING, Thing } from './permissions';

/** The actions that the table names; `unaskedActions()` finds those that it does not. */
const NAMED = new Set(Object.values(LOGGING).flatMap(({ write, read = {} }) => [...Object.values(write), ...Object.values(read)]).flat());

/** Where logs and metrics can go, and the keys they can be encrypted with. */
export class LogDestinations {
  public readonly stack: Stack;
  public readonly keys: { readonly [what: string]: Key };

  private readonly bucket: Bucket;
  private readonly encryptedBucket: Bucket;
  private readonly logGroup: LogGroup;
  private readonly workspaceArn: string;

  constructor(private readonly place: Place, context = {}) {
    this.stack = new Stack(new App({ context }), 'Stack');
    this.keys = {
      'key of managed logs': new Key(this.stack, 'ManagedLogsKey'),
      'key of logs in S3': new Key(this.stack, 'S3LogsKey'),
      'key of logs in CloudWatch': new Key(this.stack, 'CloudWatchLogsKey'),
      'key of the bucket': new Key(this.stack, 'BucketKey'),
      'another key': new Key(this.stack, 'AnotherKey'),
    };
    this.bucket = new Bucket(this.stack, 'Bucket');
    this.encryptedBucket = new Bucket(this.stack, 'EncryptedBucket', { encryptionKey: this.keys['key of the bucket'] });
    this.logGroup = new LogGroup(this.stack, 'LogGroup');
    this.workspaceArn = `arn:${place.partition}:aps:${place.region}:${place.account}:workspace/ws-01234567-89ab`;
  }

  /** What the rows of `LOGGING` stand for. */
  public options(option: keyof typeof LOGGING): LoggingOptions {
    const { bucket, encryptedBucket, logGroup, workspaceArn, keys } = this;
    const options: { readonly [option: string]: LoggingOptions } = {
      'no option': {},
      'managedLogsKey': { managedLogsKey: keys['key of managed logs'] },
      's3Logs': { s3Logs: { bucket, prefix: 'spark' } },
      's3Logs without a prefix': { s3Logs: { bucket } },
      's3Logs, the bucket has a key': { s3Logs: { bucket: encryptedBucket, prefix: 'spark' } },
      's3Logs with a key, the bucket has another': { s3Logs: { bucket: encryptedBucket, prefix: 'spark', encryptionKey: keys['key of logs in S3'] } },
      'cloudWatchLogs': { cloudWatchLogs: { logGroup } },
      'cloudWatchLogs with a key': { cloudWatchLogs: { logGroup, encryptionKey: keys['key of logs in CloudWatch'] } },
      'prometheusWorkspaceArn': { prometheusWorkspaceArn: workspaceArn },
    };
    return options[option];
  }

  /** Each thing of an application, and its neighbours that must not be taken for it. */
  public async things(deployment: Deployment, option: string, applicationId: string, allOfKms = false): Promise<AskedThing[]> {
    const { partition, region, account } = this.place;
    const bucketArn = deployment.value(option.includes('the bucket has') ? this.encryptedBucket.bucketArn : this.bucket.bucketArn);
    const otherBucketArn = deployment.value(option.includes('the bucket has') ? this.bucket.bucketArn : this.encryptedBucket.bucketArn);
    const logGroupArn = deployment.value(this.logGroup.logGroupArn).replace(/:\*$/, '');
    const id = deployment.value(applicationId);
    const prefix = option.includes('without a prefix') ? '' : 'spark/';
    const job = 'jobs/00g1/SPARK_DRIVER/stdout.gz';
    const otherLogGroupArn = `arn:${partition}:logs:${region}:${account}:log-group:/aws/lambda/other`;

    const asked = async (service: string, type: string, arns: { readonly [what: string]: string }, context?: Record<string, string>) => {
      const actions = (await actionsOn(service, type)).filter((action) => NAMED.has(action) || (service === 'kms' && allOfKms));
      return Object.entries(arns).map(([what, arn]) => ({ what, arn, actions, context }));
    };
    return [
      ...await asked('s3', 'object', {
        'its folder of the logs in S3': `${bucketArn}/${prefix}applications/${id}/${job}`,
        'the folder of another application': `${bucketArn}/${prefix}applications/00ff0123456789ab/${job}`,
        'the folder of an application whose id starts with this one\'s': `${bucketArn}/${prefix}applications/${id}0/${job}`,
        'its folder under another prefix': `${bucketArn}/${prefix}2/applications/${id}/${job}`,
        'objects beside its folder': `${bucketArn}/${prefix}data.parquet`,
        'its folder in another bucket': `${otherBucketArn}/${prefix}applications/${id}/${job}`,
      }),
      ...await asked('s3', 'bucket', { 'the list of this folder': bucketArn }, { 's3:prefix': `${prefix}applications/${id}/jobs/` }),
      ...await asked('s3', 'bucket', { 'the list of all applications': bucketArn }, { 's3:prefix': `${prefix}applications/` }),
      ...await asked('s3', 'bucket', { 'the list of the bucket': bucketArn }),
      ...await asked('s3', 'bucket', { 'the list of another bucket': otherBucketArn }, { 's3:prefix': `${prefix}applications/${id}/jobs/` }),
      // this is how CloudWatch Logs asks IAM for a log group
      ...await asked('logs', 'log-group', { 'the log group': `${logGroupArn}:log-stream:`, 'another log group': `${otherLogGroupArn}:log-stream:` }),
      ...await asked('logs', 'log-stream', {
        'its log streams': `${logGroupArn}:log-stream:/applications/${id}/jobs/00g1/SPARK_DRIVER/stdout`,
        'log streams of another application': `${logGroupArn}:log-stream:/applications/00ff0123456789ab/jobs/00g1/SPARK_DRIVER/stdout`,
        'log streams of an application whose id starts with this one\'s': `${logGroupArn}:log-stream:/applications/${id}0/jobs/00g1/SPARK_DRIVER/stdout`,
        'log streams beside': `${logGroupArn}:log-stream:a/b`,
        'log streams of another log group': `${otherLogGroupArn}:log-stream:/applications/${id}/jobs/00g1/SPARK_DRIVER/stdout`,
      }),
      ...await asked('aps', 'workspace', { 'the workspace': this.workspaceArn, 'another workspace': `${this.workspaceArn}0` }),
      ...(await asked('kms', 'key', Object.fromEntries(Object.entries(this.keys).map(([what, key]) => [what, deployment.value(key.keyArn)]))))
        .map((thing) => ({ ...thing, policy: deployment.keyPolicy(thing.arn) })),
    ];
  }
}

export interface AskedThing {
  readonly what: Thing | string;
  readonly arn: string;
  readonly actions: readonly string[];
  readonly context?: Record<string, string>;
  /** Its own policy. */
  readonly policy?: Policy;
}
