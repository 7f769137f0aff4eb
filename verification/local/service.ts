import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { CreateApplicationRequest } from '@aws-sdk/client-emr-serverless';
import { LocalAssembly } from './assembly';
import { EmrServerless } from './emr-serverless';
import { Credentials, Gate } from './gate';
import { JobRun } from './job-run';
import { Moto } from './moto';
import { remove } from './remove';
import { Slots } from './slots';
import { runSpark } from './spark-run';
import { uncapitalized } from '../lib/capitals';

const MINUTE = 60_000;

export interface LocalServiceOptions {
  /** How many milliseconds a minute has. Tests have little time. */
  readonly minute?: number;
  /** How many job runs have a Spark at the same time; the others wait for capacity. */
  readonly processes?: number;
  readonly say?: (sentence: string) => void;
  /** What runs Spark. */
  readonly runSpark?: typeof runSpark;
}

/** The applications of an assembly, which run jobs on this machine, and the other services that jobs touch, behind one endpoint. */
export class LocalService {
  public static async start(assembly: LocalAssembly, options: LocalServiceOptions = {}): Promise<LocalService> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'emr-serverless-'));
    const moto = await Moto.start(assembly.place.account);
    try {
      return await LocalService.with(assembly, moto, folder, options);
    } catch (error) {
      await moto.close();
      await fs.rm(folder, { recursive: true });
      throw error;
    }
  }

  private static async with(assembly: LocalAssembly, moto: Moto, folder: string, options: LocalServiceOptions): Promise<LocalService> {
    // the gate asks the service, and the service asks the gate
    let emrServerless: EmrServerless;
    const gate = await Gate.open({
      policies: assembly,
      accessKeys: Object.fromEntries(assembly.roles.map(({ accessKeyId, arn }) => [accessKeyId, arn])),
      moto,
      emrServerless: { answer: (...call) => emrServerless.answer(...call) },
    });
    emrServerless = new EmrServerless(assembly.place, {
      gate,
      folder,
      region: assembly.place.region,
      runSpark: options.runSpark ?? runSpark,
      processes: new Slots(options.processes ?? os.availableParallelism()),
      minute: options.minute ?? MINUTE,
      say: options.say ?? (() => undefined),
    });
    for (const { applicationId, properties } of assembly.applications) {
      emrServerless.createApplication(applicationId, createApplicationRequest(properties));
    }
    return new LocalService(assembly, moto, gate, emrServerless, folder);
  }

  private constructor(
    private readonly assembly: LocalAssembly,
    public readonly moto: Moto,
    private readonly gate: Gate,
    private readonly emrServerless: EmrServerless,
    private readonly folder: string,
  ) {}

  public get endpoint(): string {
    return this.gate.endpoint;
  }

  /** What the configuration of an SDK needs to be a role of the assembly. */
  public credentials(logicalIdOfRole: string): Pick<Credentials, 'accessKeyId' | 'secretAccessKey'> {
    const role = this.assembly.roles.find(({ logicalId }) => logicalId === logicalIdOfRole);
    if (!role) { throw new Error(`no role ${logicalIdOfRole} in the assembly`); }
    return { accessKeyId: role.accessKeyId, secretAccessKey: 'not checked' };
  }

  /** What runs, ran or waits, the oldest first. */
  public jobRuns(applicationId: string): readonly JobRun[] {
    return this.emrServerless.jobRuns(applicationId);
  }

  public async close(): Promise<void> {
    await this.emrServerless.close();
    await Promise.all([this.gate.close(), this.moto.close()]);
    await remove(this.folder);
  }
}

/** The properties of an application are the parameters of the API, but for capitals, keys of lists that are maps there, and tags. */
function createApplicationRequest(properties: Record<string, unknown>): CreateApplicationRequest {
  const { Tags = [], InitialCapacity = [], RuntimeConfiguration = [], MonitoringConfiguration = {}, ...others }
    = properties as Record<string, any>;
  const { CloudWatchLoggingConfiguration: cloudWatch, ...monitoring } = MonitoringConfiguration;
  return {
    ...uncapitalized(others) as object,
    tags: mapOf(Tags),
    initialCapacity: mapOf((InitialCapacity as Pairs).map(({ Key, Value }) => ({ Key, Value: uncapitalized(Value) }))),
    runtimeConfiguration: uncapitalized(RuntimeConfiguration),
    monitoringConfiguration: {
      ...uncapitalized(monitoring) as object,
      ...cloudWatch && {
        cloudWatchLoggingConfiguration: {
          ...uncapitalized({ ...cloudWatch, LogTypeMap: undefined }) as object,
          logTypes: cloudWatch.LogTypeMap && mapOf(cloudWatch.LogTypeMap),
        },
      },
    },
  } as CreateApplicationRequest;
}

type Pairs = { Key: string; Value: any }[];

function mapOf(pairs: Pairs): Record<string, any> {
  return Object.fromEntries(pairs.map(({ Key, Value }) => [Key, Value]));
}
