import { setTimeout as sleep } from 'node:timers/promises';
import { EMRServerless, JobRun, StartJobRunCommandInput } from '@aws-sdk/client-emr-serverless';
import { S3 } from '@aws-sdk/client-s3';
import { SSM } from '@aws-sdk/client-ssm';
import { LocalAssembly } from './assembly';
import { publish } from './assets';
import { ENDED } from './job-run';
import { makeBucket, s3OfOwner } from './owner';
import { LocalService, LocalServiceOptions } from './service';

// its advice on versions of Node.js is not for those who read what comes of this
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** Who does something in the stack of the example, by the logical id of the role without its hash. */
export type Who = 'Airflow' | 'GitHub' | 'NightlyExecutionRole' | 'Starter' | 'StreamingExecutionRole';

export const DATE = '2026-11-28';

/** What a shop sends in a day: the orders of the day before `DATE`, and one that is not of that day. */
export const ORDERS = [
  { id: '1', time: '2026-11-27T09:12:00Z', country: 'DE', amount: 19.9 },
  { id: '2', time: '2026-11-27T10:40:00Z', country: 'FR', amount: 25 },
  { id: '3', time: '2026-11-27T11:05:00Z', country: 'DE', amount: 30.1 },
  { id: '4', time: '2026-11-27T12:30:00Z', country: 'XX', amount: 7.5 },
  { id: '5', time: '2026-11-26T12:00:00Z', country: 'FR', amount: 1000 },
];

/** What the nightly job should make of them. */
export const TOTALS = [
  { country: 'France', amount: 25 },
  { country: 'Germany', amount: 50 },
  { country: 'XX', amount: 7.5 },
];

/** The stack of the example `pipeline`, deployed to the local service. */
export class Pipeline {
  public static async deploy(folder: string, options: LocalServiceOptions = {}): Promise<Pipeline> {
    const assembly = LocalAssembly.read(folder);
    const service = await LocalService.start(assembly, options);
    try {
      await publish(assembly, service.moto.endpoint, options.say);
      return new Pipeline(assembly, service);
    } catch (error) {
      await service.close();
      throw error;
    }
  }

  /** Past the gate, as whoever owns the account. */
  private readonly owner: S3;

  private constructor(public readonly assembly: LocalAssembly, public readonly service: LocalService) {
    this.owner = s3OfOwner(service.moto.endpoint, assembly.place);
  }

  public get bucket(): string {
    return this.assembly.buckets.find((name) => name.startsWith('data'))!;
  }

  public as(who: Who): { readonly emr: EMRServerless; readonly ssm: SSM } {
    const { endpoint } = this.service;
    const { region } = this.assembly.place;
    const config = { endpoint, region, credentials: this.credentials(who), maxAttempts: 1 };
    return { emr: new EMRServerless(config), ssm: new SSM(config) };
  }

  public roleArn(who: Who): string {
    return this.role(who).arn;
  }

  /** The request that whoever submits the nightly job reads from the parameter. */
  public async nightlyRequest(who: Who): Promise<StartJobRunCommandInput> {
    const { Parameter } = await this.as(who).ssm.getParameter({ Name: '/pipeline/nightly' });
    return JSON.parse(Parameter!.Value!) as StartJobRunCommandInput;
  }

  /** The request that the deployment sends as the starter. */
  public streamingRequest(): StartJobRunCommandInput {
    const { Update } = this.assembly.propertiesOf('JobRun');
    return (JSON.parse(Update as string) as { parameters: StartJobRunCommandInput }).parameters;
  }

  public async putOrders(): Promise<void> {
    await this.owner.putObject({ Bucket: this.bucket, Key: 'incoming/orders.json', Body: ORDERS.map((order) => JSON.stringify(order)).join('\n') });
  }

  public async makeBucket(name: string): Promise<void> {
    await makeBucket(this.owner, name, this.assembly.place);
  }

  /** Whether a table has data: Spark writes the list of a stream's files when they are complete. */
  public async hasOrders(): Promise<boolean> {
    return (await this.keys('orders/_spark_metadata/')).some((key) => key.endsWith('/0'));
  }

  /** The rows of a table, by the fields that it has. */
  public async rows(table: string): Promise<Record<string, unknown>[]> {
    const { parquetReadObjects } = await import('hyparquet');
    const files = (await this.keys(`${table}/`)).filter((key) => key.endsWith('.parquet'));
    const rows = await Promise.all(files.map(async (key) => {
      const { buffer, byteOffset, byteLength } = await this.content(key);
      return parquetReadObjects({ file: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer });
    }));
    return rows.flat();
  }

  /**
   * Watches a job run.
   *
   * @param until by default its end
   */
  public async watch(
    who: Who,
    ids: { applicationId?: string; jobRunId?: string },
    until: (jobRun: JobRun) => boolean | Promise<boolean> = hasEnded,
    seen: (state: string) => void = () => undefined,
  ): Promise<JobRun> {
    const { emr } = this.as(who);
    for (let last = '', deadline = Date.now() + 180_000; Date.now() < deadline; await sleep(200)) {
      const { jobRun } = await emr.getJobRun({ applicationId: ids.applicationId, jobRunId: ids.jobRunId });
      if (jobRun!.state !== last) { seen(last = jobRun!.state!); }
      if (await until(jobRun!)) { return jobRun!; }
      if (hasEnded(jobRun!)) { throw new Error(`job run ${ids.jobRunId} ended: ${jobRun!.state} ${jobRun!.stateDetails}`); }
    }
    throw new Error(`job run ${ids.jobRunId} did not end in three minutes`);
  }

  public async close(): Promise<void> {
    this.owner.destroy();
    await this.service.close();
  }

  private async keys(prefix: string): Promise<string[]> {
    const { Contents = [] } = await this.owner.listObjectsV2({ Bucket: this.bucket, Prefix: prefix });
    return Contents.map(({ Key }) => Key!);
  }

  private async content(key: string): Promise<Uint8Array> {
    const { Body } = await this.owner.getObject({ Bucket: this.bucket, Key: key });
    return Body!.transformToByteArray();
  }

  private credentials(who: Who) {
    return this.service.credentials(this.role(who).logicalId);
  }

  private role(who: Who) {
    return this.assembly.roles.find(({ logicalId }) => logicalId.slice(0, -8) === who)!;
  }
}

function hasEnded({ state }: JobRun): boolean {
  return ENDED.includes(state!);
}
