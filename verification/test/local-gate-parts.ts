import { once } from 'node:events';
import { request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { after, before } from 'node:test';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as s3 from '@aws-sdk/client-s3';
import * as sts from '@aws-sdk/client-sts';
import { IRELAND, Policy, Statement } from '../lib/deployment';
import { skippedWithout } from '../lib/tools';
import { Credentials, EmrServerlessApi, Gate, Policies } from '../local/gate';
import { Moto, PYTHON } from '../local/moto';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

export const skip = skippedWithout(PYTHON);

export const HERE = `${IRELAND.region}:${IRELAND.account}`;
const ROOT = `arn:aws:iam::${IRELAND.account}:root`;
export const KEY = `arn:aws:kms:${HERE}:key/of-bucket`;
export const OTHER_KEY = `arn:aws:kms:${HERE}:key/other`;

export const policy = (...statements: Statement[]): Policy => ({ Version: '2012-10-17', Statement: statements });
export const allow = (Action: string | string[], Resource: string | string[], Condition?: Statement['Condition']): Statement =>
  ({ Effect: 'Allow', Action, Resource, ...Condition ? { Condition } : {} });
const trust = (Principal: Statement['Principal'], Condition?: Statement['Condition']): Policy =>
  policy({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...Condition ? { Condition } : {} });
export const roleArn = (name: string) => `arn:aws:iam::${IRELAND.account}:role/${name}`;
export const object = (key: string, bucket = 'data') => `arn:aws:s3:::${bucket}/${key}`;

interface Role {
  readonly may: Policy;
  readonly boundary?: Policy;
  readonly trust?: Policy;
}

const ROLES: { readonly [name: string]: Role } = {
  Admin: { may: policy(allow('*', '*')) },
  Nothing: { may: policy(allow('ec2:DescribeInstances', '*')) },
  Worker: {
    may: policy(
      allow(['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], object('out/*')),
      allow('s3:GetObject', object('in/*')),
      allow('s3:ListBucket', 'arn:aws:s3:::data', { StringLike: { 's3:prefix': ['out/*', 'in/*'] } }),
      allow('s3:GetObject', object('folder*', 'listed')),
      allow('s3:ListBucket', 'arn:aws:s3:::listed'),
      allow('s3:GetBucketLocation', 'arn:aws:s3:::data'),
      allow(['s3:GetObject', 's3:PutObject'], [object('*', 'encrypted'), object('*', 'locked')]),
      allow(['kms:GenerateDataKey', 'kms:Decrypt'], [KEY, OTHER_KEY]),
      allow(['logs:Create*', 'logs:PutLogEvents', 'logs:DescribeLogStreams'], `arn:aws:logs:${HERE}:log-group:/jobs:*`),
      allow('logs:DescribeLogGroups', `arn:aws:logs:${HERE}:*`),
      allow('ssm:GetParameter*', `arn:aws:ssm:${HERE}:parameter/jobs/*`),
      allow('secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${HERE}:secret:mine-??????`),
      allow('sns:Publish', `arn:aws:sns:${HERE}:mine`),
      allow('sqs:SendMessage', `arn:aws:sqs:${HERE}:mine`),
      allow('sts:AssumeRole', roleArn('ByAccount')),
      allow('dynamodb:PutItem', `arn:aws:dynamodb:${HERE}:table/mine`),
      allow('glue:GetTable', [`arn:aws:glue:${HERE}:catalog`, `arn:aws:glue:${HERE}:database/mine`, `arn:aws:glue:${HERE}:table/mine/*`]),
    ),
  },
  Keyless: { may: policy(allow(['s3:GetObject', 's3:PutObject'], object('*', 'encrypted')), allow('kms:Decrypt', KEY)) },
  Denied: { may: policy(allow('s3:*', '*'), { ...allow('s3:GetObject', object('in/*')), Effect: 'Deny' }) },
  Bounded: { may: policy(allow('s3:*', '*')), boundary: policy(allow('s3:GetObject', object('in/*'))) },
  Starter: {
    may: policy(
      allow('emr-serverless:StartJobRun', `arn:aws:emr-serverless:${HERE}:/applications/00mine`),
      allow('iam:PassRole', roleArn('Job'), { StringEquals: { 'iam:PassedToService': 'emr-serverless.amazonaws.com' } }),
      allow('iam:PassRole', roleArn('JobOfGlue'), { StringEquals: { 'iam:PassedToService': 'glue.amazonaws.com' } }),
    ),
  },
  Job: {
    may: policy(allow('s3:GetObject', object('in/*'))),
    trust: trust({ Service: 'emr-serverless.amazonaws.com' },
      { ArnLike: { 'aws:SourceArn': `arn:aws:emr-serverless:${HERE}:/applications/00mine` } }),
  },
  ByAccount: { may: policy(allow('s3:*', '*')), trust: trust({ AWS: ROOT }, { StringNotEquals: { 'sts:ExternalId': 'wrong' } }) },
  ByNobody: { may: policy(allow('s3:*', '*')), trust: trust({ Service: 'ec2.amazonaws.com' }) },
};

const KEY_POLICIES: { readonly [arn: string]: Policy } = {
  [KEY]: policy({ Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*' }),
  [OTHER_KEY]: policy({ Effect: 'Allow', Principal: { AWS: roleArn('Admin') }, Action: 'kms:*', Resource: '*' }),
};

export const POLICIES: Policies = {
  place: IRELAND,
  identityPolicies: (arn) => [{ name: 'policy', policy: roleOf(arn).may }],
  boundary: (arn) => roleOf(arn).boundary,
  trustPolicy: (arn) => roleOf(arn).trust ?? policy(),
  bucketKey: (bucket) => {
    const arn = { encrypted: KEY, locked: OTHER_KEY }[bucket];
    return arn === undefined ? undefined : { arn, policy: KEY_POLICIES[arn] };
  },
  keyPolicy: (arn) => {
    if (!KEY_POLICIES[arn]) { throw new Error(`no key ${arn}`); }
    return KEY_POLICIES[arn];
  },
};

function roleOf(arn: string): Role {
  const role = ROLES[arn.split('/').at(-1)!];
  if (!role) { throw new Error(`no role ${arn}`); }
  return role;
}

export const ACCESS_KEYS = Object.fromEntries(Object.keys(ROLES).map((name) => [name, roleArn(name)]));

export let moto: Moto;
export let gate: Gate;

/** Opens the gate for the tests of a file, before a moto with a few buckets. */
export function openGate(emrServerless?: EmrServerlessApi): void {
  before(async () => {
    if (skip) { return; }
    moto = await Moto.start(IRELAND.account);
    gate = await Gate.open({ policies: POLICIES, accessKeys: ACCESS_KEYS, moto, emrServerless });
    const admin = new s3.S3(configuration('Admin', moto.endpoint));
    for (const Bucket of ['data', 'listed', 'encrypted', 'locked']) {
      const LocationConstraint = IRELAND.region as s3.BucketLocationConstraint;
      await admin.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint } });
      await admin.putObject({ Bucket, Key: 'in/a.txt', Body: 'hello world' });
    }
  });
  after(async () => {
    await gate?.close();
    await moto?.close();
  });
}

export function configuration(who: string | Credentials, endpoint = gate.endpoint) {
  const credentials = typeof who === 'string' ? { accessKeyId: who, secretAccessKey: 'not checked' } : who;
  return { endpoint, region: IRELAND.region, credentials, maxAttempts: 1, forcePathStyle: true };
}

export const S3 = (who: string | Credentials) => new s3.S3(configuration(who));
export const Logs = (who: string | Credentials) => new logs.CloudWatchLogs(configuration(who));
export const Sts = (who: string | Credentials) => new sts.STS(configuration(who));

/** `allowed`, or the name of the error and the end of its message. */
export async function outcome(call: Promise<unknown>): Promise<string> {
  return call.then(() => 'allowed', (error: Error & { $metadata?: { httpStatusCode?: number } }) => {
    const [, refused] = /is not authorized to perform: (.*)$/.exec(error.message) ?? [];
    return `${error.name}: ${refused ?? error.$metadata?.httpStatusCode ?? error.message}`;
  });
}

export const because = (action: string, resource: string) =>
  `${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
export const ofS3 = (action: string, arn: string) => `AccessDenied: ${because(`s3:${action}`, `"${arn}"`)}`;

export function signature(who: string, service: string): string {
  return `AWS4-HMAC-SHA256 Credential=${who}/20260101/${IRELAND.region}/${service}/aws4_request, SignedHeaders=host, Signature=none`;
}

/** What the gate answers to a request that no SDK would make. */
export async function raw(
  method: string, path: string, who: string, headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const signed = { authorization: signature(who, 's3'), ...headers };
  const sent = send({ host: '127.0.0.1', port: new URL(gate.endpoint).port, method, path, headers: signed }).end();
  const [answer] = await once(sent, 'response');
  return { status: answer.statusCode, text: String(await buffer(answer)) };
}
