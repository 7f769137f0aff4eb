import { operationAndInput } from './aws-actions';
import { Call } from './call';
import { Need } from './judge';
import { Policies, trustPolicyOf } from './policies';
import { escaped, jsonOf, Refusal, undecided } from './refusal';
import { Credentials, Session } from './sessions';
import { Policy } from '../lib/deployment';

/** What AWS STS is asked here. It answers about sessions, which are the local service's own. */
export type TokenCall = { readonly operation: 'GetCallerIdentity' } | AssumeRole;

interface AssumeRole {
  readonly operation: 'AssumeRole';
  readonly roleArn: string;
  readonly sessionName: string;
  readonly sessionPolicy?: Policy;
  readonly seconds: number;
  readonly need: Need;
}

export async function tokenCallOf(call: Call, policies: Policies): Promise<TokenCall> {
  const { operation, input } = await operationAndInput(call);
  if (operation === 'GetCallerIdentity') { return { operation }; }
  if (operation !== 'AssumeRole') { throw undecided('sts', operation); }

  const other = Object.keys(input).find((name) => !/^(Action|Version|RoleArn|RoleSessionName|Policy|DurationSeconds|ExternalId)$/.test(name));
  if (other) { throw undecided('sts', operation, `it has the parameter ${other}`); }
  const { RoleArn: roleArn, RoleSessionName: sessionName, Policy: sessionPolicy, ExternalId: externalId, DurationSeconds: seconds = '3600' } = input;
  if (!roleArn || !sessionName) { throw malformed('RoleArn and RoleSessionName must be given'); }
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
    throw malformed('RoleSessionName must have 2 to 64 letters, digits, or characters of _+=,.@-');
  }
  if (!/^\d{1,6}$/.test(seconds) || Number(seconds) < 900 || Number(seconds) > 43_200) {
    throw malformed('DurationSeconds must be from 900 to 43200');
  }
  const need = {
    action: 'sts:AssumeRole',
    resource: roleArn,
    resourcePolicy: trustPolicyOf(roleArn, policies),
    context: { 'sts:RoleSessionName': sessionName, ...externalId ? { 'sts:ExternalId': externalId } : {} },
  };
  return {
    operation,
    roleArn,
    sessionName,
    sessionPolicy: sessionPolicy ? policyOf(sessionPolicy) : undefined,
    seconds: Number(seconds),
    need,
  };
}

function policyOf(json: string): Policy {
  try {
    return jsonOf(Buffer.from(json)) as Policy;
  } catch (error) {
    throw new Refusal(400, 'MalformedPolicyDocument', (error as Error).message);
  }
}

function malformed(sentence: string): Refusal {
  return new Refusal(400, 'ValidationError', sentence);
}

export function callerIdentity({ userArn, userId }: Session): string {
  return result('GetCallerIdentity', `<Arn>${escaped(userArn)}</Arn><UserId>${escaped(userId)}</UserId><Account>${userArn.split(':')[4]}</Account>`);
}

export function assumedRole(
  { userArn, userId }: Session, { accessKeyId, secretAccessKey, sessionToken }: Credentials, seconds: number,
): string {
  return result('AssumeRole', `<AssumedRoleUser><AssumedRoleId>${escaped(userId)}</AssumedRoleId><Arn>${escaped(userArn)}</Arn></AssumedRoleUser>`
    + `<Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey>`
    + `<SessionToken>${sessionToken}</SessionToken><Expiration>${new Date(Date.now() + seconds * 1000).toISOString()}</Expiration></Credentials>`);
}

function result(operation: string, content: string): string {
  return `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result>${content}</${operation}Result>`
    + `<ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata></${operation}Response>`;
}
