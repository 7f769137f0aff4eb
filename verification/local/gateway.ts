import { once } from 'node:events';
import { createServer, IncomingMessage } from 'node:http';
import { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Deployment } from '../lib/deployment';
import { ask, Question } from '../lib/iam';
import { Operation, operationOf, resourceOf } from './operation';

const SERVICE = 'emr-serverless.amazonaws.com';

interface Call {
  readonly principal: string;
  readonly region: string;
  readonly operation: Operation;
  readonly body: { readonly executionRoleArn?: string };
}

interface Response {
  readonly status: number;
  readonly body: Record<string, any>;
  readonly errorType?: string | null;
}

/**
 * The door of the service: who calls is the role that an access key stands for, IAM decides by the policies of the deployment, and what it
 * allows goes to the server that keeps the state. Signatures are not checked: who may sign is AWS's concern, not the library's.
 */
export class Gateway {
  public static async open(deployment: Deployment, roleArns: { readonly [accessKeyId: string]: string }, stateServer: string): Promise<Gateway> {
    const gateway = new Gateway(deployment, roleArns, stateServer);
    await once(gateway.server.listen(0, '127.0.0.1'), 'listening');
    gateway.server.unref();
    return gateway;
  }

  /** Job runs whose role does not trust the application: AWS accepts them, and they fail. The state server knows no failure. */
  private readonly unassumable = new Map<string, string>();

  private readonly server = createServer(async (request, response) => {
    const { status, errorType, body } = await this.answer(request)
      .catch((error: Error): Response => refusal(500, 'InternalServerException', error.message));
    response.writeHead(status, { 'content-type': 'application/json', ...errorType ? { 'x-amzn-errortype': errorType } : {} });
    response.end(JSON.stringify(body));
  });

  private constructor(
    private readonly deployment: Deployment,
    private readonly roleArns: { readonly [accessKeyId: string]: string },
    private readonly stateServer: string,
  ) {}

  public get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async close(): Promise<void> {
    const closed = once(this.server.ref(), 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage): Promise<Response> {
    const content = await text(request);
    const credential = /Credential=([^/]+)\/\d{8}\/([^/]+)\/emr-serverless\/aws4_request/;
    const [, accessKeyId, region] = credential.exec(request.headers.authorization ?? '') ?? [];
    const principal = this.roleArns[accessKeyId];
    if (!principal) { return refusal(403, 'UnrecognizedClientException', 'The security token included in the request is invalid.'); }
    const operation = operationOf(request.method!, new URL(request.url!, this.endpoint));
    if (!operation) { return refusal(404, 'UnknownOperationException', `${request.method} ${request.url}`); }

    const call = { principal, region, operation, body: content ? JSON.parse(content) : {} };
    const denied = await this.denied(call);
    if (denied) {
      const { action, resource } = denied;
      return refusal(403, 'AccessDeniedException', `User: ${principal} is not authorized to perform: ${action} on resource: ${resource}`);
    }
    return this.outcome(call, await this.forward(request, content));
  }

  /** The first thing that IAM does not allow of what a call takes. */
  private async denied({ principal, region, operation, body: { executionRoleArn } }: Call): Promise<Question | undefined> {
    const caller = { principal, identityPolicies: this.deployment.identityPolicies(principal) };
    const questions: Question[] = [
      { ...caller, action: `emr-serverless:${operation.name}`, resource: await resourceOf(operation, { ...this.deployment.place, region }) },
      ...executionRoleArn
        ? [{ ...caller, action: 'iam:PassRole', resource: executionRoleArn, context: { 'iam:PassedToService': SERVICE } }]
        : [],
    ];
    for (const question of questions) {
      if (await ask(question) === 'denied') { return question; }
    }
    return undefined;
  }

  /** The state server is asked by the same request; it reads the Region in the signature. */
  private async forward({ method, url, headers }: IncomingMessage, content: string): Promise<Response> {
    const response = await fetch(this.stateServer + url, {
      method,
      headers: { 'authorization': headers.authorization!, 'content-type': headers['content-type'] ?? 'application/json' },
      body: content || undefined,
    });
    return { status: response.status, errorType: response.headers.get('x-amzn-errortype'), body: await response.json().catch(() => ({})) };
  }

  private async outcome(call: Call, response: Response): Promise<Response> {
    const { operation: { name, parameters }, body: { executionRoleArn } } = call;
    if (response.status !== 200) { return response; }
    if (name === 'StartJobRun' && !await this.assumes(call)) { this.unassumable.set(response.body.jobRunId, executionRoleArn!); }

    const role = this.unassumable.get(parameters.jobRunId);
    if (name !== 'GetJobRun' || !role) { return response; }
    const stateDetails = `Could not assume execution role ${role} because it does not exist or is not set up with the required trust relationship.`;
    return { ...response, body: { jobRun: { ...response.body.jobRun, state: 'FAILED', stateDetails } } };
  }

  /** Whether the service, on behalf of the application, may assume the execution role. */
  private async assumes({ region, operation, body: { executionRoleArn } }: Call): Promise<boolean> {
    const { place } = this.deployment;
    return await ask({
      principal: SERVICE,
      action: 'sts:AssumeRole',
      resource: executionRoleArn!,
      resourcePolicy: this.deployment.trustPolicy(executionRoleArn!),
      context: { 'aws:SourceArn': await resourceOf(operation, { ...place, region }), 'aws:SourceAccount': place.account },
    }) === 'allowed';
  }
}

function refusal(status: number, errorType: string, message: string): Response {
  return { status, errorType, body: { message } };
}
