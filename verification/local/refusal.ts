import { randomUUID } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';

/** What the local service answers instead of AWS, in AWS's words. */
export class Refusal extends Error {
  constructor(public readonly status: number, public readonly code: string, message: string) {
    super(message);
  }
}

type Protocol = 'xml of S3' | 'xml' | 'json' | 'json of REST';

/** Services that answer in XML where the request is a form. */
function protocolOf(service: string | undefined, { headers }: IncomingMessage): Protocol {
  if (headers['x-amz-target']) { return 'json'; }
  if (service === 's3') { return 'xml of S3'; }
  return service === 'sts' || headers['content-type']?.startsWith('application/x-www-form-urlencoded') ? 'xml' : 'json of REST';
}

/** Why nobody is known behind a call. */
type NoCaller = 'unsigned' | 'unknown' | 'wrongToken' | 'expired';

type Words = { readonly [why in NoCaller]: [status: number, code: string, message: string] };

/** Both protocols of JSON have the same words, with a status of their own. */
function wordsOfJson(status: number): Words {
  return {
    unsigned: [status, 'MissingAuthenticationTokenException', 'Missing Authentication Token'],
    unknown: [status, 'UnrecognizedClientException', 'The security token included in the request is invalid.'],
    wrongToken: [status, 'UnrecognizedClientException', 'The security token included in the request is invalid.'],
    expired: [status, 'ExpiredTokenException', 'The security token included in the request is expired'],
  };
}

/** The refusals that every service has, by the words of its protocol. */
const WORDS: { readonly [protocol in Protocol]: Words } = {
  'xml of S3': {
    unsigned: [403, 'AccessDenied', 'Access Denied'],
    unknown: [403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.'],
    wrongToken: [400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.'],
    expired: [400, 'ExpiredToken', 'The provided token has expired.'],
  },
  'xml': {
    unsigned: [403, 'MissingAuthenticationToken', 'Request is missing Authentication Token'],
    unknown: [403, 'InvalidClientTokenId', 'The security token included in the request is invalid.'],
    wrongToken: [403, 'InvalidClientTokenId', 'The security token included in the request is invalid.'],
    expired: [403, 'ExpiredToken', 'The security token included in the request is expired'],
  },
  'json': wordsOfJson(400),
  'json of REST': wordsOfJson(403),
};

export function callerRefusal(why: NoCaller, service: string | undefined, request: IncomingMessage): Refusal {
  // who does not sign says no service; S3 is the one that is read without a signature
  return new Refusal(...WORDS[protocolOf(service ?? 's3', request)][why]);
}

/** How each service calls it that IAM does not allow a call. */
export function accessDenied(service: string, request: IncomingMessage, sentence: string): Refusal {
  const protocol = protocolOf(service, request);
  const code = service === 'sns' ? 'AuthorizationError' : protocol.startsWith('xml') ? 'AccessDenied' : 'AccessDeniedException';
  return new Refusal(protocol === 'json' && service !== 'sqs' ? 400 : 403, code, sentence);
}

/** For what the local service does not know, or cannot decide. No SDK tries again after this status. */
export function undecided(service: string, operation: string, why = ''): Refusal {
  return new Refusal(501, 'NotImplemented', `The local service does not decide on ${operation} of ${service}${why && `: ${why}`}.`);
}

/** For a request that cannot be read. */
export function invalid(sentence: string): Refusal {
  return new Refusal(400, 'ValidationException', sentence);
}

/** A JSON object, be it empty. */
export function jsonOf(content: Buffer): Record<string, any> {
  let value: unknown;
  try {
    value = content.length > 0 ? JSON.parse(content.toString()) : {};
  } catch (error) {
    throw invalid(`The body is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) { throw invalid('The body must be a JSON object'); }
  return value;
}

/** Codes that SQS had before it spoke JSON, which SDKs still show. */
const QUERY_CODES: { readonly [code: string]: string } = {
  AccessDeniedException: 'AccessDenied',
  UnrecognizedClientException: 'InvalidClientTokenId',
  ExpiredTokenException: 'ExpiredToken',
};

/** Answers in the format of the service. */
export function refuse(
  response: ServerResponse, request: IncomingMessage, service: string | undefined, { status, code, message }: Refusal,
): void {
  const requestId = randomUUID();
  const protocol = protocolOf(service ?? 's3', request);
  response.writeHead(status, {
    'content-type': protocol.startsWith('xml') ? 'application/xml' : 'application/x-amz-json-1.1',
    'x-amzn-requestid': requestId,
    'x-amz-request-id': requestId,
    ...protocol.startsWith('json') ? { 'x-amzn-errortype': code } : {},
    ...service === 'sqs' ? { 'x-amzn-query-error': `${QUERY_CODES[code] ?? code};Sender` } : {},
  });
  response.end(formatted(protocol, code, message, requestId));
}

function formatted(protocol: Protocol, code: string, message: string, requestId: string): string {
  const error = `<Code>${code}</Code><Message>${escaped(message)}</Message>`;
  const id = `<RequestId>${requestId}</RequestId>`;
  switch (protocol) {
    case 'xml of S3': return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${error}${id}<HostId>local</HostId></Error>`;
    case 'xml': return `<ErrorResponse><Error><Type>Sender</Type>${error}</Error>${id}</ErrorResponse>`;
    default: return JSON.stringify({ __type: code, message });
  }
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
