import { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A request to AWS. Its signature says who sent it to which service in which Region; whether it is right is nobody's concern here. */
export interface Call {
  readonly service: string;
  readonly region: string;
  /** `20260101`. */
  readonly date: string;
  readonly accessKeyId: string;
  readonly sessionToken?: string;
  readonly method: string;
  /** As it was sent: no part is decoded, no dots are taken for folders. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** Reads the whole body, once. */
  readonly body: () => Promise<Buffer>;
}

const SCOPE = /^([\w-]+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request$/;

/** Undefined for a request without a signature of version 4, be it in a header or in the query. */
export function callOf(request: IncomingMessage): Call | undefined {
  const { method = '', url = '', headers } = request;
  const [path, search = ''] = url.split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const [, credential] = /Credential=([^,\s]+)/.exec(headers.authorization ?? '') ?? [];
  const [, accessKeyId, date, region, service] = SCOPE.exec(credential ?? query.get('X-Amz-Credential') ?? '') ?? [];
  if (!service) { return undefined; }

  const sessionToken = headers['x-amz-security-token'] ?? query.get('X-Amz-Security-Token') ?? undefined;
  let content: Promise<Buffer> | undefined;
  const body = () => content ??= buffer(request);
  return { service, region, date, accessKeyId, sessionToken: sessionToken?.toString(), method, path, query, headers, body };
}

const OF_SIGNATURE = /^X-Amz-(Algorithm|Credential|Date|Expires|Security-Token|Signature|SignedHeaders)$/i;

/** A signature that everybody reads as the gate did, in place of the caller's. Nobody checks it. */
export function authorizationOf({ accessKeyId, date, region, service }: Call): string {
  return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${date}/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}

/** The query as it was sent, with its question mark, but for a signature. */
export function searchOf(request: IncomingMessage): string {
  const [, search = ''] = request.url!.split(/\?(.*)/s);
  const kept = search.split('&').filter((parameter) => ![...new URLSearchParams(parameter).keys()].some((name) => OF_SIGNATURE.test(name)));
  return kept.join('&') && `?${kept.join('&')}`;
}
