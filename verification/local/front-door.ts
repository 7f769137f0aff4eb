import { CreateApplicationCommandInput, EMRServerless } from '@aws-sdk/client-emr-serverless';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Deployment, IRELAND } from '../lib/deployment';
import { SparkDemo } from './app';
import { Gateway } from './gateway';
import { StateServer } from './state-server';

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

/** The stack, deployed as far as jobs need it: its applications in the state server, its policies at the gateway. */
export class FrontDoor {
  public static async open(stack = new SparkDemo()): Promise<FrontDoor> {
    const stateServer = await StateServer.start(IRELAND.account);
    try {
      return await FrontDoor.deploy(stack, stateServer);
    } catch (error) {
      await stateServer.close();
      throw error;
    }
  }

  private static async deploy(stack: SparkDemo, stateServer: StateServer): Promise<FrontDoor> {
    const template = Deployment.of(stack, IRELAND);
    const create = async (application: CfnApplication) => {
      const logicalId = stack.getLogicalId(application);
      return [logicalId, await createApplication(stateServer, template.properties(logicalId))];
    };
    const ids = [await create(stack.spark.application), await create(stack.other.application)];

    const deployment = Deployment.of(stack, IRELAND, Object.fromEntries(ids));
    const roleArns: { [who in Who]: string } = {
      Submitter: deployment.value(stack.submitter.roleArn),
      Stranger: deployment.value(stack.stranger.roleArn),
      Misled: deployment.value(stack.misled.roleArn),
    };
    const gateway = await Gateway.open(deployment, roleArns, stateServer.endpoint);
    return new FrontDoor(stateServer, gateway, roleArns, {
      endpoint: gateway.endpoint,
      region: IRELAND.region,
      spark: deployment.value(stack.spark.applicationId),
      other: deployment.value(stack.other.applicationId),
      executionRole: deployment.value(stack.executionRole.roleArn),
      otherExecutionRole: deployment.value(stack.otherExecutionRole.roleArn),
    });
  }

  private constructor(
    public readonly stateServer: StateServer,
    private readonly gateway: Gateway,
    public readonly roleArns: { readonly [who in Who]: string },
    public readonly outputs: Outputs,
  ) {}

  public client(who: Who | 'nobody'): EMRServerless {
    return client(this.outputs.endpoint, who);
  }

  /** Past the door. */
  public state(): EMRServerless {
    return client(this.stateServer.endpoint, 'CloudFormation');
  }

  public async close(): Promise<void> {
    await Promise.all([this.gateway.close(), this.stateServer.close()]);
  }
}

function client(endpoint: string, who: string): EMRServerless {
  return new EMRServerless({ endpoint, region: IRELAND.region, credentials: { accessKeyId: who, secretAccessKey: 'not checked' }, maxAttempts: 1 });
}

async function createApplication(stateServer: StateServer, properties: Record<string, unknown>): Promise<string> {
  const input = uncapitalized(properties) as CreateApplicationCommandInput;
  const { applicationId } = await client(stateServer.endpoint, 'CloudFormation').createApplication(input);
  return applicationId!;
}

/** The properties of these applications are the parameters of the API, but for their capitals. */
function uncapitalized(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) { return value; }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key[0].toLowerCase() + key.slice(1), uncapitalized(item)]));
}
