import { once } from 'node:events';
import { Agent, createServer, IncomingMessage, request as send, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { awsNeedsOf } from './aws-actions';
import { authorizationOf, Call, callOf, searchOf } from './call';
import { answerWith, deletionOf, NOTHING_DELETED, requestOf, ToDelete } from './delete-objects';
import { Judge, Need } from './judge';
import { Moto } from './moto';
import { Operation, operationOf, resourceOf } from './operation';
import { Policies } from './policies';
import { accessDenied, callerRefusal, invalid, jsonOf, Refusal, refuse, undecided } from './refusal';
import { S3Call, s3CallOf } from './s3-actions';
import { assumedRole, callerIdentity, tokenCallOf } from './security-token-service';
import { Caller, Credentials, Session, Sessions } from './sessions';
import { Policy } from '../lib/deployment';

export type { Caller, Credentials } from './sessions';
export type { Policies } from './policies';

const EMR_SERVERLESS = 'emr-serverless.amazonaws.com';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, any>;
  readonly errorType?: string;
}

/** Who answers for EMR Serverless; what IAM says of a call, be it of its own action or of a role that it passes, is decided already. */
export interface EmrServerlessApi {
  answer(operation: Operation, body: Record<string, any>, caller: Caller): Promise<Answer>;
}

export interface GateOptions {
  readonly policies: Policies;
  /** ARNs of roles. */
  readonly accessKeys: { readonly [accessKeyId: string]: string };
  readonly moto: Pick<Moto, 'endpoint'>;
  readonly emrServerless?: EmrServerlessApi;
}

/** What a call has to do with: the request, its sender, and where to answer. */
interface Exchange {
  readonly call: Call;
  readonly session: Session;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * The endpoint of all services: who calls is the role that an access key stands for, IAM decides by its policies, and what it allows goes
 * to who answers for the service. What nobody here can decide is refused. Signatures are not checked: who may sign is AWS's concern, not
 * the library's.
 */
export class Gate {
  public static async open(options: GateOptions): Promise<Gate> {
    const gate = new Gate(options);
    await once(gate.server.listen(0, '127.0.0.1'), 'listening');
    gate.server.unref();
    return gate;
  }

  private readonly judge: Judge;
  private readonly sessions: Sessions;
  private readonly toMoto = new Agent({ keepAlive: true });

  // jobs keep their connections and send large objects
  private readonly server = createServer({ keepAliveTimeout: 300_000, requestTimeout: 0 }, async (request, response) => {
    const call = callOf(request);
    try {
      refuseWebPages(request);
      if (!call) { throw callerRefusal('unsigned', undefined, request); }
      await this.answer({ call, session: this.sessionOf(call, request), request, response });
    } catch (error) {
      this.fail(request, response, call, error);
    }
  });

  private constructor(private readonly options: GateOptions) {
    this.judge = new Judge(options.policies);
    this.sessions = new Sessions(options.accessKeys);
  }

  public get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Credentials for a session of a role, as a service gets them of AWS STS. A session policy takes from what the role may. */
  public issue(roleArn: string, sessionName: string, sessionPolicy?: Policy): Credentials {
    return this.sessions.issue(roleArn, sessionName, sessionPolicy);
  }

  /** What IAM refused to a session, in AWS's sentences, each once, oldest first. */
  public refusals(credentials: Credentials): string[] {
    return [...this.sessions.issued(credentials).refusals];
  }

  public revoke(credentials: Credentials): void {
    this.sessions.revoke(credentials);
  }

  /** Whether EMR Serverless may assume a role on behalf of an application. It may not assume a role that is not there. */
  public async assumes(roleArn: string, sourceArn: string): Promise<boolean> {
    return this.judge.assumes(EMR_SERVERLESS, roleArn, sourceArn);
  }

  public async close(): Promise<void> {
    const closed = once(this.server.ref(), 'close');
    this.server.close();
    this.server.closeAllConnections();
    this.toMoto.destroy();
    await closed;
  }

  private sessionOf({ accessKeyId, sessionToken, service }: Call, request: IncomingMessage): Session {
    const session = this.sessions.of(accessKeyId);
    if (!session) { throw callerRefusal('unknown', service, request); }
    if (session.sessionToken && session.sessionToken !== sessionToken) { throw callerRefusal('wrongToken', service, request); }
    if (session.isRevoked) { throw callerRefusal('expired', service, request); }
    return session;
  }

  private async answer(exchange: Exchange): Promise<void> {
    if (!exchange.call.path.startsWith('/')) { throw invalid(`The path must begin with a slash, got: ${exchange.call.path}`); }
    switch (exchange.call.service) {
      case 'emr-serverless': return this.answerEmrServerless(exchange);
      case 's3': return this.answerS3(exchange);
      case 'sts': return this.answerTokens(exchange);
      default: return this.answerOthers(exchange);
    }
  }

  private fail(request: IncomingMessage, response: ServerResponse, call: Call | undefined, error: unknown): void {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const refusal = error instanceof Refusal ? error : new Refusal(500, 'InternalError', `The local service failed: ${(error as Error).message}`);
    refuse(response, request, call?.service, refusal);
  }

  private async answerEmrServerless(exchange: Exchange): Promise<void> {
    const { call, session, response } = exchange;
    const { method, path, query, region } = call;
    const operation = operationOf(method, new URL(`${this.endpoint}${path}?${query}`));
    if (!operation) { throw new Refusal(404, 'UnknownOperationException', `${method} ${path}`); }
    const { emrServerless, policies } = this.options;
    if (!emrServerless) { throw undecided('emr-serverless', operation.name); }

    const body = jsonOf(await call.body());
    if (typeof (body.executionRoleArn ?? '') !== 'string') { throw invalid('executionRoleArn must be text'); }
    const tags = Object.entries<string>(body.tags ?? {});
    await this.demand(exchange, [
      {
        action: `emr-serverless:${operation.name}`,
        resource: await resourceOf(operation, { ...policies.place, region }),
        context: {
          ...Object.fromEntries(tags.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
          ...tags.length > 0 ? { 'aws:TagKeys': tags.map(([key]) => key) } : {},
        },
      },
      ...body.executionRoleArn
        ? [{ action: 'iam:PassRole', resource: body.executionRoleArn, context: { 'iam:PassedToService': EMR_SERVERLESS } }]
        : [],
    ]);
    if (region !== policies.place.region) {
      const what = operation.labels.applicationId ? `Application ${operation.labels.applicationId}` : 'The application';
      throw new Refusal(404, 'ResourceNotFoundException', `${what} is in ${policies.place.region}, not in ${region}`);
    }
    const { name, parameters } = operation;
    const { roleArn, userArn } = session;
    const answer = await emrServerless.answer({ name, parameters }, body, { roleArn, userArn });
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.errorType ? { 'x-amzn-errortype': answer.errorType } : {} });
    response.end(JSON.stringify(answer.body));
  }

  private async answerTokens(exchange: Exchange): Promise<void> {
    const { call, session, response } = exchange;
    const asked = await tokenCallOf(call, this.options.policies);
    response.setHeader('content-type', 'text/xml');
    if (asked.operation === 'GetCallerIdentity') {
      response.end(callerIdentity(session));
      return;
    }
    await this.demand(exchange, [asked.need]);
    const credentials = this.issue(asked.roleArn, asked.sessionName, asked.sessionPolicy);
    response.end(assumedRole(this.sessions.issued(credentials), credentials, asked.seconds));
  }

  private async answerOthers(exchange: Exchange): Promise<void> {
    const { call } = exchange;
    const lookUp = async (operation: string, input: object) => {
      const answer = await fetch(this.options.moto.endpoint, {
        method: 'POST',
        headers: {
          'authorization': authorizationOf(call),
          'content-type': call.headers['content-type']!,
          'x-amz-target': `${call.headers['x-amz-target']!.toString().split('.')[0]}.${operation}`,
        },
        body: JSON.stringify(input),
      });
      return answer.ok ? await answer.json() as Record<string, any> : undefined;
    };
    await this.demand(exchange, await awsNeedsOf(call, this.options.policies, lookUp));
    // the request says all in its body and target
    await this.passOn(exchange, await this.forward(exchange, await call.body(), '/', ''));
  }

  private async answerS3(exchange: Exchange): Promise<void> {
    const { call } = exchange;
    const s3 = await s3CallOf(call, this.options.policies);
    await this.demand(exchange, s3.needs);
    if (s3.isDeleteObjects) { return this.deleteObjects(exchange, s3); }

    const answer = await this.forward(exchange, undefined, s3.path);
    if (answer.statusCode === 404 && s3.key && /^(GET|HEAD)$/.test(call.method)) { return this.notFound(exchange, s3, answer); }
    return this.passOn(exchange, answer);
  }

  /** S3 does not say to who may not list a bucket that it does not have an object. */
  private async notFound(exchange: Exchange, s3: S3Call, answer: IncomingMessage): Promise<void> {
    const content = await buffer(answer);
    const isObject = exchange.call.method === 'HEAD'
      ? (await this.forward(exchange, Buffer.alloc(0), `/${s3.bucket}`, '')).resume().statusCode === 200
      : content.includes('<Code>NoSuchKey</Code>');
    if (isObject) { await this.demand(exchange, [await s3.list()]); }
    return this.passOn(exchange, answer, content);
  }

  private async deleteObjects(exchange: Exchange, s3: S3Call): Promise<void> {
    const { call } = exchange;
    const content = await call.body();
    const denied: { object: ToDelete; message: string }[] = [];
    const toDelete = call.headers['content-encoding'] || /^STREAMING-/i.test(String(call.headers['x-amz-content-sha256']))
      ? undefined : deletionOf(content.toString());
    if (!toDelete) { throw undecided('s3', 'DeleteObjects', 'the objects cannot be read in the request'); }
    for (const object of toDelete.objects) {
      const message = await this.denied(exchange, await s3.deletion(object.key, object.versionId));
      if (message) { denied.push({ object, message }); }
    }
    const allowed = toDelete.objects.filter((one) => denied.every(({ object }) => object !== one));
    const rest = Buffer.from(requestOf({ ...toDelete, objects: allowed }));
    const answer = allowed.length > 0 ? await this.forward(exchange, rest, s3.path) : undefined;
    const answered = answer ? await buffer(answer) : Buffer.from(NOTHING_DELETED);
    if (answer && answer.statusCode !== 200) { return this.passOn(exchange, answer, answered); }
    exchange.response.writeHead(200, { 'content-type': 'application/xml' });
    exchange.response.end(answerWith(answered.toString(), denied));
  }

  /** Refuses the call for the first thing that IAM does not allow of what it takes. */
  private async demand(exchange: Exchange, needs: readonly Need[]): Promise<void> {
    const sentence = await this.denied(exchange, needs);
    if (sentence) { throw accessDenied(exchange.call.service, exchange.request, sentence); }
  }

  private async denied({ call: { service, region }, session }: Exchange, needs: readonly Need[]): Promise<string | undefined> {
    for (const need of needs) {
      const reason = await this.judge.decide(session, region, need)
        .catch((error: Error) => { throw undecided(service, need.action, error.message); });
      if (reason) {
        const sentence = sentenceOf(service, session, need, reason);
        session.refusals.add(sentence);
        return sentence;
      }
    }
    return undefined;
  }

  /** To moto, as the request came but for what moto may read otherwise than the gate: it takes service and Region from the signature. */
  private async forward(
    { call, request }: Exchange, body?: Buffer, path = call.path, search = searchOf(request),
  ): Promise<IncomingMessage> {
    const { host: _, connection: __, expect: ___, 'transfer-encoding': chunked, ...headers } = call.headers;
    const forwarded = send(this.options.moto.endpoint, {
      agent: this.toMoto,
      method: call.method,
      path: path + search,
      headers: {
        // some servers take an underscore for a hyphen
        ...Object.fromEntries(Object.entries(headers).filter(([name]) => !/_|^x-(moto|forwarded)-/.test(name))),
        authorization: authorizationOf(call),
        ...body ? { 'content-length': body.length } : {},
        ...!body && chunked ? { 'transfer-encoding': chunked } : {},
      },
    });
    const answered = once(forwarded, 'response') as Promise<[IncomingMessage]>;
    // what goes wrong after the answer came, the answer says
    forwarded.on('error', () => {});
    const sent = body ? Promise.resolve(void forwarded.end(body)) : pipeline(request, forwarded);
    const [[answer]] = await Promise.all([answered, sent]);
    return answer;
  }

  private async passOn({ response }: Exchange, answer: IncomingMessage, content?: Buffer): Promise<void> {
    const headers = answer.rawHeaders.flatMap((name, i, all) =>
      i % 2 === 0 && !/^(connection|keep-alive|transfer-encoding)$/i.test(name) ? [name, all[i + 1]] : []);
    response.writeHead(answer.statusCode!, headers);
    if (content) {
      response.end(content);
    } else {
      await pipeline(answer, response);
    }
  }
}

/**
 * Signatures are not checked, so that any page in a browser on this machine could call: by a form, or by a name of its own for 127.0.0.1.
 */
function refuseWebPages({ headers }: IncomingMessage): void {
  const isLocal = /^(.+\.)?(localhost|127\.0\.0\.1)(:\d+)?$/i.test(headers.host ?? '');
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined || !isLocal) {
    throw new Refusal(403, 'AccessDenied', 'The local service answers no web pages, and no host but 127.0.0.1, localhost and names below them.');
  }
}

/** As AWS says it today. EMR Serverless names the role and gives no reason, AWS STS neither. */
function sentenceOf(service: string, { roleArn, userArn }: Session, { action, resource }: Need, reason: string): string {
  if (service === 'emr-serverless') { return `User: ${roleArn} is not authorized to perform: ${action} on resource: ${resource}`; }
  if (service === 'sts') { return `User: ${userArn} is not authorized to perform: ${action} on resource: ${resource}`; }
  const spelling: { [service: string]: string } = { sns: action.replace('sns:', 'SNS:'), sqs: action.toLowerCase() };
  const spelled = spelling[service] ?? action;
  const named = action.startsWith('s3:') && resource !== '*' ? `"${resource}"` : resource;
  return `User: ${userArn} is not authorized to perform: ${spelled} on resource: ${named} ${reason.replace(action, spelled)}`;
}
