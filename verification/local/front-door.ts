import { CreateApplicationCommandInput, EMRServerless, EMRServerlessServiceException, GetJobRunCommandOutput } from '@aws-sdk/client-emr-serverless';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Deployment, IRELAND } from '../lib/deployment';
import { SparkDemo } from './app';
import { Answer, EmrServerlessApi, Gate } from './gate';
import { Moto } from './moto';
import { Operation, resourceOf } from './operation';

// its advice on versions of Node.js is not for those who read what comes of this
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

export type Who = 'Submitter' | 'Stranger' | 'Misled';

/** What a user of the deployed stack knows. */
export interface Outputs {
  readonly endpoint: string;
  readonly region: string;
  readonly spark: string;
  readonly other: string;
  readonly executionRole: string;
  readonly otherExecutionRole: string;
}

/** The stack, deployed as far as jobs need it: its applications in moto, its policies at the gate. */
export class FrontDoor {
  public static async open(stack = new SparkDemo()): Promise<FrontDoor> {
    const moto = await Moto.start(IRELAND.account);
    try {
      return await FrontDoor.deploy(stack, moto);
    } catch (error) {
      await moto.close();
      throw error;
    }
  }

  private static async deploy(stack: SparkDemo, moto: Moto): Promise<FrontDoor> {
    const template = Deployment.of(stack, IRELAND);
    const create = async (application: CfnApplication) => {
      const logicalId = stack.getLogicalId(application);
      return [logicalId, await createApplication(moto, template.properties(logicalId))];
    };
    const ids = [await create(stack.spark.application), await create(stack.other.application)];

    const deployment = Deployment.of(stack, IRELAND, Object.fromEntries(ids));
    const roleArns: { [who in Who]: string } = {
      Submitter: deployment.value(stack.submitter.roleArn),
      Stranger: deployment.value(stack.stranger.roleArn),
      Misled: deployment.value(stack.misled.roleArn),
    };
    const emrServerless = new SimulatedJobs(moto, (roleArn, sourceArn) => gate.assumes(roleArn, sourceArn));
    const gate: Gate = await Gate.open({ policies: deployment, accessKeys: Object.fromEntries(Object.entries(roleArns)), moto, emrServerless });
    return new FrontDoor(moto, gate, roleArns, {
      endpoint: gate.endpoint,
      region: IRELAND.region,
      spark: deployment.value(stack.spark.applicationId),
      other: deployment.value(stack.other.applicationId),
      executionRole: deployment.value(stack.executionRole.roleArn),
      otherExecutionRole: deployment.value(stack.otherExecutionRole.roleArn),
    });
  }

  private constructor(
    public readonly moto: Moto,
    private readonly gate: Gate,
    public readonly roleArns: { readonly [who in Who]: string },
    public readonly outputs: Outputs,
  ) {}

  public client(who: Who | 'nobody'): EMRServerless {
    return client(this.outputs.endpoint, who);
  }

  /** Past the door. */
  public state(): EMRServerless {
    return client(this.moto.endpoint, 'CloudFormation');
  }

  public async close(): Promise<void> {
    await Promise.all([this.gate.close(), this.moto.close()]);
  }
}

/** Job runs of moto, which runs none: those whose role does not trust the application fail, as they do at AWS. */
class SimulatedJobs implements EmrServerlessApi {
  private readonly unassumable = new Map<string, string>();

  constructor(private readonly moto: Moto, private readonly assumes: (roleArn: string, sourceArn: string) => Promise<boolean>) {}

  public async answer(operation: Operation, body: Record<string, any>): Promise<Answer> {
    const { name, parameters } = operation;
    try {
      const command = name[0].toLowerCase() + name.slice(1) as 'getJobRun';
      const answered = await client(this.moto.endpoint, 'service')[command]({ ...body, ...parameters } as any);
      const { $metadata, ...output } = answered as GetJobRunCommandOutput & { jobRunId: string };
      if (name === 'StartJobRun' && !await this.assumes(body.executionRoleArn, await resourceOf(operation, IRELAND))) {
        this.unassumable.set(output.jobRunId, body.executionRoleArn);
      }
      const role = this.unassumable.get(parameters.jobRunId);
      const stateDetails = `Could not assume execution role ${role} because it does not exist or is not set up with the required trust relationship.`;
      const failed = name === 'GetJobRun' && role ? { jobRun: { ...output.jobRun, state: 'FAILED', stateDetails } } : output;
      return { status: $metadata.httpStatusCode!, body: inSeconds(failed) };
    } catch (error) {
      if (!(error instanceof EMRServerlessServiceException)) { throw error; }
      return { status: error.$metadata.httpStatusCode!, errorType: error.name, body: { message: error.message } };
    }
  }
}

/** Times as the API has them. */
function inSeconds(value: any): any {
  if (value instanceof Date) { return value.getTime() / 1000; }
  if (Array.isArray(value)) { return value.map(inSeconds); }
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inSeconds(item)])) : value;
}

function client(endpoint: string, who: string): EMRServerless {
  return new EMRServerless({ endpoint, region: IRELAND.region, credentials: { accessKeyId: who, secretAccessKey: 'not checked' }, maxAttempts: 1 });
}

async function createApplication(moto: Moto, properties: Record<string, unknown>): Promise<string> {
  const input = uncapitalized(properties) as CreateApplicationCommandInput;
  const { applicationId } = await client(moto.endpoint, 'CloudFormation').createApplication(input);
  return applicationId!;
}

/** The properties of these applications are the parameters of the API, but for their capitals. */
function uncapitalized(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) { return value; }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key[0].toLowerCase() + key.slice(1), uncapitalized(item)]));
}
