import * as assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import { AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as s3 from '@aws-sdk/client-s3';
import * as sts from '@aws-sdk/client-sts';
import { IRELAND, Policy, Statement } from '../lib/deployment';
import { skippedWithout } from '../lib/tools';
import { Answer, Credentials, EmrServerlessApi, Gate, Policies } from '../local/gate';
import { Moto, PYTHON } from '../local/moto';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const run = promisify(execFile);
const skip = skippedWithout(PYTHON);

const HERE = `${IRELAND.region}:${IRELAND.account}`;
const ROOT = `arn:aws:iam::${IRELAND.account}:root`;
const KEY = `arn:aws:kms:${HERE}:key/of-bucket`;
const OTHER_KEY = `arn:aws:kms:${HERE}:key/other`;

const policy = (...statements: Statement[]): Policy => ({ Version: '2012-10-17', Statement: statements });
const allow = (Action: string | string[], Resource: string | string[], Condition?: Statement['Condition']): Statement =>
  ({ Effect: 'Allow', Action, Resource, ...Condition ? { Condition } : {} });
const trust = (Principal: Statement['Principal'], Condition?: Statement['Condition']): Policy =>
  policy({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...Condition ? { Condition } : {} });
const roleArn = (name: string) => `arn:aws:iam::${IRELAND.account}:role/${name}`;
const object = (key: string, bucket = 'data') => `arn:aws:s3:::${bucket}/${key}`;

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

const POLICIES: Policies = {
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

const ACCESS_KEYS = Object.fromEntries(Object.keys(ROLES).map((name) => [name, roleArn(name)]));

const started: { name: string; parameters: object; body: object; caller: object }[] = [];
const emrServerless: EmrServerlessApi = {
  answer: async ({ name, parameters }, body, caller): Promise<Answer> => {
    started.push({ name, parameters, body, caller });
    return parameters.applicationId === '00mine'
      ? { status: 200, body: { jobRunId: '00run' } }
      : { status: 404, errorType: 'ResourceNotFoundException', body: { message: 'not here' } };
  },
};

let moto: Moto;
let gate: Gate;
before(async () => {
  if (skip) { return; }
  moto = await Moto.start(IRELAND.account);
  gate = await Gate.open({ policies: POLICIES, accessKeys: ACCESS_KEYS, moto, emrServerless });
  const admin = new s3.S3(configuration('Admin', moto.endpoint));
  for (const Bucket of ['data', 'listed', 'encrypted', 'locked']) {
    await admin.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint: IRELAND.region as s3.BucketLocationConstraint } });
    await admin.putObject({ Bucket, Key: 'in/a.txt', Body: 'hello world' });
  }
});
after(async () => {
  await gate?.close();
  await moto?.close();
});

function configuration(who: string | Credentials, endpoint = gate.endpoint) {
  const credentials = typeof who === 'string' ? { accessKeyId: who, secretAccessKey: 'not checked' } : who;
  return { endpoint, region: IRELAND.region, credentials, maxAttempts: 1, forcePathStyle: true };
}

const S3 = (who: string | Credentials) => new s3.S3(configuration(who));
const Logs = (who: string | Credentials) => new logs.CloudWatchLogs(configuration(who));
const Sts = (who: string | Credentials) => new sts.STS(configuration(who));

/** `allowed`, or the name of the error and the end of its message. */
async function outcome(call: Promise<unknown>): Promise<string> {
  return call.then(() => 'allowed', (error: Error & { $metadata?: { httpStatusCode?: number } }) => {
    const [, refused] = /is not authorized to perform: (.*)$/.exec(error.message) ?? [];
    return `${error.name}: ${refused ?? error.$metadata?.httpStatusCode ?? error.message}`;
  });
}

const because = (action: string, resource: string) =>
  `${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
const ofS3 = (action: string, arn: string) => `AccessDenied: ${because(`s3:${action}`, `"${arn}"`)}`;

test('each call of S3 is decided by its action on its resource', { skip }, async () => {
  const worker = S3('Worker');
  const out = { Bucket: 'data', Key: 'out/b.txt' };
  const secret = { Bucket: 'data', Key: 'secret/a.txt' };
  const cases: [Promise<unknown>, string][] = [
    [worker.putObject({ ...out, Body: 'x' }), 'allowed'],
    [worker.getObject({ Bucket: 'data', Key: 'in/a.txt' }), 'allowed'],
    [worker.headObject({ Bucket: 'data', Key: 'in/a.txt' }), 'allowed'],
    [worker.putObject({ Bucket: 'data', Key: 'in/b.txt', Body: 'x' }), ofS3('PutObject', object('in/b.txt'))],
    [worker.getObject(secret), ofS3('GetObject', object('secret/a.txt'))],
    [worker.getObject({ Bucket: 'data', Key: 'in/a.txt', VersionId: 'null' }), ofS3('GetObjectVersion', object('in/a.txt'))],
    [worker.listObjectsV2({ Bucket: 'data', Prefix: 'out/' }), 'allowed'],
    [worker.listObjects({ Bucket: 'data', Prefix: 'in/deep/' }), 'allowed'],
    [worker.listObjectsV2({ Bucket: 'data', Prefix: 'secret/' }), ofS3('ListBucket', 'arn:aws:s3:::data')],
    [worker.listObjectsV2({ Bucket: 'data' }), ofS3('ListBucket', 'arn:aws:s3:::data')],
    [worker.listObjectsV2({ Bucket: 'listed' }), 'allowed'],
    [worker.headBucket({ Bucket: 'listed' }), 'allowed'],
    [worker.getBucketLocation({ Bucket: 'data' }), 'allowed'],
    [worker.getBucketLocation({ Bucket: 'listed' }), ofS3('GetBucketLocation', 'arn:aws:s3:::listed')],
    [worker.listBuckets({}), `AccessDenied: ${because('s3:ListAllMyBuckets', '*')}`],
    [worker.copyObject({ ...out, Key: 'out/copy.txt', CopySource: 'data/in/a.txt' }), 'allowed'],
    [worker.copyObject({ ...out, CopySource: '/data/secret/a.txt' }), ofS3('GetObject', object('secret/a.txt'))],
    [worker.copyObject({ Bucket: 'data', Key: 'in/c.txt', CopySource: 'data/in/a.txt' }), ofS3('PutObject', object('in/c.txt'))],
    [worker.deleteObject({ Bucket: 'data', Key: 'out/none.txt' }), 'allowed'],
    [worker.deleteObject({ Bucket: 'data', Key: 'in/a.txt' }), ofS3('DeleteObject', object('in/a.txt'))],
    [worker.deleteObject({ ...out, VersionId: 'v' }), ofS3('DeleteObjectVersion', object('out/b.txt'))],
    [worker.putObject({ ...out, Body: 'x', Tagging: 'a=b' }), ofS3('PutObjectTagging', object('out/b.txt'))],
    [worker.putObject({ ...out, Body: 'x', ACL: 'public-read' }), ofS3('PutObjectAcl', object('out/b.txt'))],
    [worker.getObjectTagging(out), ofS3('GetObjectTagging', object('out/b.txt'))],
    [worker.putObjectAcl({ ...out, ACL: 'private' }), ofS3('PutObjectAcl', object('out/b.txt'))],
    [worker.createMultipartUpload(secret), ofS3('PutObject', object('secret/a.txt'))],
    [worker.abortMultipartUpload({ ...secret, UploadId: 'u' }), ofS3('AbortMultipartUpload', object('secret/a.txt'))],
    [worker.listMultipartUploads({ Bucket: 'data' }), ofS3('ListBucketMultipartUploads', 'arn:aws:s3:::data')],
    [worker.deleteBucket({ Bucket: 'data' }), ofS3('DeleteBucket', 'arn:aws:s3:::data')],
  ];
  const outcomes = await Promise.all(cases.map(([call]) => outcome(call)));
  assert.deepEqual(outcomes, cases.map(([, expected]) => expected));
});

test('the refusal of HEAD is bare, and the connection stays of use', { skip }, async () => {
  await assert.rejects(S3('Worker').headObject({ Bucket: 'data', Key: 'secret/a.txt' }), (error: s3.S3ServiceException) =>
    error.$metadata.httpStatusCode === 403 && !error.message.includes('authorized'));
  const socket = connect(Number(new URL(gate.endpoint).port), '127.0.0.1');
  const head = ['HEAD /data/secret/a.txt HTTP/1.1', 'Host: localhost', `Authorization: ${signature('Worker', 's3')}`, '', ''].join('\r\n');
  for (let i = 0; i < 2; i++) {
    socket.write(head);
    const [answer] = await once(socket, 'data');
    assert.match(String(answer), /^HTTP\/1\.1 403 /);
    assert.match(String(answer), /\r\n\r\n$/);
  }
  socket.destroy();
});

function signature(who: string, service: string): string {
  return `AWS4-HMAC-SHA256 Credential=${who}/20260101/${IRELAND.region}/${service}/aws4_request, SignedHeaders=host, Signature=none`;
}

test('that an object is not there is said only to who may list the bucket', { skip }, async () => {
  const worker = S3('Worker');
  const expected = ofS3('ListBucket', 'arn:aws:s3:::data');
  assert.equal(await outcome(worker.getObject({ Bucket: 'data', Key: 'out/none' })), expected);
  assert.match(await outcome(worker.headObject({ Bucket: 'data', Key: 'out/none' })), /: 403$/);
  assert.equal(await outcome(worker.getObject({ Bucket: 'listed', Key: 'folder/none' })), 'NoSuchKey: 404');
  assert.match(await outcome(worker.headObject({ Bucket: 'listed', Key: 'folder/none' })), /: 404$/);
  assert.equal(await outcome(S3('Denied').getObject({ Bucket: 'nowhere', Key: 'none' })), 'NoSuchBucket: 404');
  assert.match(await outcome(S3('Denied').headObject({ Bucket: 'nowhere', Key: 'none' })), /: 404$/);
});

test('6 MB go through in parts, and a stream of unknown length in chunks', { skip }, async () => {
  const worker = S3('Worker');
  const content = Buffer.alloc(6 * 1024 * 1024, Buffer.from([...Array(251).keys()]));
  const target = { Bucket: 'data', Key: 'out/large.bin' };
  const { UploadId } = await worker.createMultipartUpload(target);
  const parts = [content.subarray(0, 5 * 1024 * 1024), content.subarray(5 * 1024 * 1024)];
  const Parts = await Promise.all(parts.map(async (Body, i) =>
    ({ PartNumber: i + 1, ETag: (await worker.uploadPart({ ...target, UploadId, PartNumber: i + 1, Body })).ETag })));
  assert.equal((await worker.listParts({ ...target, UploadId })).Parts!.length, 2);
  await worker.completeMultipartUpload({ ...target, UploadId, MultipartUpload: { Parts } });
  const { Body } = await worker.getObject(target);
  assert.equal(Buffer.compare(Buffer.from(await Body!.transformToByteArray()), content), 0);
  const part = await worker.getObject({ ...target, Range: 'bytes=1000000-1000009' });
  assert.deepEqual([...await part.Body!.transformToByteArray()], [...content.subarray(1_000_000, 1_000_010)]);

  await worker.putObject({ ...target, Key: 'out/stream.bin', Body: Readable.from([content.subarray(0, 70_000)]), ContentLength: 70_000 });
  const streamed = await worker.getObject({ ...target, Key: 'out/stream.bin' });
  assert.equal(Buffer.compare(Buffer.from(await streamed.Body!.transformToByteArray()), content.subarray(0, 70_000)), 0);

  const { UploadId: aborted } = await worker.createMultipartUpload(target);
  await worker.abortMultipartUpload({ ...target, UploadId: aborted });
});

test('a large body that is not wanted, or does not end, is no trouble', { skip }, async () => {
  const worker = S3('Worker');
  const Body = Buffer.alloc(6 * 1024 * 1024);
  assert.equal(await outcome(worker.putObject({ Bucket: 'data', Key: 'in/large', Body })), ofS3('PutObject', object('in/large')));
  assert.equal(await outcome(S3('Denied').putObject({ Bucket: 'nowhere', Key: 'large', Body })), 'NoSuchBucket: 404');

  const port = new URL(gate.endpoint).port;
  const headers = { 'authorization': signature('Worker', 's3'), 'content-length': Body.length };
  const upload = send({ host: '127.0.0.1', port, method: 'PUT', path: '/data/out/half', headers });
  upload.write(Body.subarray(0, 100_000), () => upload.destroy());
  await assert.rejects(once(upload, 'close'));
  await worker.putObject({ Bucket: 'data', Key: 'out/zeros', Body });
  const download = send({ host: '127.0.0.1', port, path: '/data/out/zeros', headers: { authorization: signature('Worker', 's3') } }).end();
  const [answer] = await once(download, 'response');
  await once(answer, 'readable');
  answer.destroy();
  assert.equal(await outcome(worker.getObject({ Bucket: 'data', Key: 'in/a.txt' })), 'allowed');
  assert.deepEqual((await worker.listObjectsV2({ Bucket: 'data', Prefix: 'out/half' })).Contents, undefined);
});

test('DeleteObjects says of each object what came of it', { skip }, async () => {
  const admin = S3('Admin');
  const keys = ['out/1', 'out/2 & more', 'secret/3 & <more>'];
  await Promise.all(keys.map((Key) => admin.putObject({ Bucket: 'data', Key, Body: 'x' })));
  const remove = (who: string, Keys: string[]) => S3(who).deleteObjects({ Bucket: 'data', Delete: { Objects: Keys.map((Key) => ({ Key })) } });

  const some = await remove('Worker', keys);
  assert.deepEqual(some.Deleted?.map(({ Key }) => Key).sort(), keys.slice(0, 2));
  assert.deepEqual(some.Errors?.map(({ Key, Code, Message }) => `${Key} ${Code}: ${Message!.replace(/^.*perform: /, '')}`),
    [`secret/3 & <more> ${ofS3('DeleteObject', object('secret/3 & <more>'))}`]);
  await admin.headObject({ Bucket: 'data', Key: keys[2] });

  const none = await remove('Worker', [keys[2]]);
  assert.deepEqual([none.Deleted, none.Errors?.length], [undefined, 1]);
  const all = await remove('Admin', [keys[2]]);
  assert.deepEqual([all.Deleted?.length, all.Errors], [1, undefined]);
  await assert.rejects(admin.headObject({ Bucket: 'data', Key: keys[2] }), { name: 'NotFound' });
});

test('names of objects are taken as they are', { skip }, async () => {
  const worker = S3('Worker');
  const names = ['ü ∑.txt', 'a+b%2Fc', '*', '?x=1&y', '/double', '$' + '{aws:username}', 'dt=2026-01-01/part-0.parquet'];
  for (const Key of names.map((name) => `out/${name}`)) {
    await worker.putObject({ Bucket: 'data', Key, Body: Key });
    assert.equal(await (await worker.getObject({ Bucket: 'data', Key })).Body!.transformToString(), Key);
    assert.equal((await worker.listObjectsV2({ Bucket: 'data', Prefix: Key })).Contents?.[0].Key, Key);
  }
  // this is the first question on an object of that bucket, which the engine checks
  assert.equal(await outcome(S3('Denied').getObject({ Bucket: 'nowhere-else', Key: '*' })), 'NoSuchBucket: 404');
  // dots are no folders, and an encoded slash is one
  for (const path of ['/data/secret/a.txt', '/data/secret%2Fa.txt', '/data/%73ecret/a.txt']) {
    const { status } = await raw('GET', path, 'Worker');
    assert.equal(status, 403, path);
  }
  assert.equal((await raw('PUT', '/data/secret/../out/a.txt', 'Worker')).status, 403);
  assert.equal((await raw('GET', '/data/in%2Fa.txt', 'Worker')).text, 'hello world');
});

async function raw(
  method: string, path: string, who: string, headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const signed = { authorization: signature(who, 's3'), ...headers };
  const sent = send({ host: '127.0.0.1', port: new URL(gate.endpoint).port, method, path, headers: signed }).end();
  const [answer] = await once(sent, 'response');
  return { status: answer.statusCode, text: String(await buffer(answer)) };
}

test('a bucket may be in the name of the host', { skip }, async () => {
  for (const host of ['data.localhost', 'data.127.0.0.1']) {
    assert.deepEqual(await raw('GET', '/in/a.txt', 'Worker', { host: `${host}:1` }), { status: 200, text: 'hello world' });
    assert.equal((await raw('GET', '/secret/a.txt', 'Worker', { host: `${host}:1` })).status, 403);
    assert.equal((await raw('GET', '/?list-type=2&prefix=in/', 'Worker', { host })).status, 200);
  }
});

test('a bucket with a key takes what KMS asks for', { skip }, async () => {
  const at = (Bucket: string) => ({ Bucket, Key: 'in/a.txt' });
  const byKey = (action: string, arn: string, kind: string) =>
    `AccessDenied: kms:${action} on resource: ${arn} because no ${kind} policy allows the kms:${action} action`;
  assert.equal(await outcome(S3('Worker').getObject(at('encrypted'))), 'allowed');
  assert.equal(await outcome(S3('Worker').putObject({ ...at('encrypted'), Body: 'x' })), 'allowed');
  assert.equal(await outcome(S3('Keyless').getObject(at('encrypted'))), 'allowed');
  assert.equal(await outcome(S3('Keyless').headObject(at('encrypted'))), 'allowed');
  assert.equal(await outcome(S3('Keyless').putObject({ ...at('encrypted'), Body: 'x' })), byKey('GenerateDataKey', KEY, 'identity-based'));
  assert.equal(await outcome(S3('Keyless').putObject({ ...at('encrypted'), Body: 'x', ServerSideEncryption: 'AES256' })), 'allowed');
  assert.equal(await outcome(S3('Worker').getObject(at('locked'))), byKey('Decrypt', OTHER_KEY, 'resource-based'));
  const withKey = (SSEKMSKeyId: string) =>
    S3('Worker').putObject({ ...at('data'), Key: 'out/encrypted', Body: 'x', ServerSideEncryption: 'aws:kms', SSEKMSKeyId });
  assert.equal(await outcome(withKey(KEY)), 'allowed');
  assert.equal(await outcome(withKey(OTHER_KEY)), byKey('GenerateDataKey', OTHER_KEY, 'resource-based'));
  assert.equal(await outcome(withKey(`${KEY}-elsewhere`)), 'NotImplemented: 501');
});

test('a policy that denies, a boundary and a session policy have their own words', { skip }, async () => {
  const at = { Bucket: 'data', Key: 'in/a.txt' };
  const on = `s3:GetObject on resource: "${object('in/a.txt')}"`;
  assert.equal(await outcome(S3('Denied').getObject(at)), `AccessDenied: ${on} with an explicit deny in an identity-based policy`);
  assert.equal(await outcome(S3('Bounded').getObject(at)), 'allowed');
  assert.equal(await outcome(S3('Bounded').putObject({ ...at, Body: 'x' })),
    `AccessDenied: s3:PutObject on resource: "${object('in/a.txt')}" because no permissions boundary allows the s3:PutObject action`);

  const narrowed = gate.issue(roleArn('Worker'), '00run', policy(allow('s3:*', object('out/*'))));
  assert.equal(await outcome(S3(narrowed).getObject(at)), `AccessDenied: ${on} because no session policy allows the s3:GetObject action`);
  assert.equal(await outcome(S3(narrowed).putObject({ ...at, Key: 'out/n', Body: 'x' })), 'allowed');
  const denying = gate.issue(roleArn('Worker'), '00run', policy(allow('s3:*', '*'), { ...allow('s3:*', object('in/*')), Effect: 'Deny' }));
  assert.equal(await outcome(S3(denying).getObject(at)), `AccessDenied: ${on} with an explicit deny in a session policy`);
  const more = gate.issue(roleArn('Worker'), '00run', policy(allow('*', '*')));
  assert.equal(await outcome(S3(more).getObject({ ...at, Key: 'secret/a' })), ofS3('GetObject', object('secret/a')));
  const keyless = gate.issue(roleArn('Worker'), '00run', policy(allow('s3:*', '*')));
  assert.equal(await outcome(S3(keyless).getObject({ ...at, Bucket: 'encrypted' })),
    `AccessDenied: kms:Decrypt on resource: ${KEY} because no session policy allows the kms:Decrypt action`);
});

test('a session knows what was refused to it, and ends', { skip }, async () => {
  const credentials = gate.issue(roleArn('Job'), '00run1');
  const other = gate.issue(roleArn('Job'), '00run2');
  const user = `arn:aws:sts::${IRELAND.account}:assumed-role/Job/00run1`;
  assert.equal((await Sts(credentials).getCallerIdentity({})).Arn, user);

  await S3(credentials).getObject({ Bucket: 'data', Key: 'in/a.txt' });
  for (const Key of ['out/1', 'out/1', 'secret/2']) { await outcome(S3(credentials).getObject({ Bucket: 'data', Key })); }
  const sentences = ['out/1', 'secret/2'].map((key) => `User: ${user} is not authorized to perform: ${because('s3:GetObject', `"${object(key)}"`)}`);
  assert.deepEqual(gate.refusals(credentials), sentences);
  assert.deepEqual(gate.refusals(other), []);

  for (const sessionToken of ['other', other.sessionToken, undefined]) {
    const forged = { ...credentials, sessionToken } as Credentials;
    assert.equal(await outcome(S3(forged).getObject({ Bucket: 'data', Key: 'in/a.txt' })), 'InvalidToken: 400');
    assert.equal(await outcome(Logs(forged).describeLogGroups({})), 'UnrecognizedClientException: 400');
  }
  gate.revoke(credentials);
  assert.equal(await outcome(S3(credentials).getObject({ Bucket: 'data', Key: 'in/a.txt' })), 'ExpiredToken: 400');
  assert.equal(await outcome(Logs(credentials).describeLogGroups({})), 'ExpiredTokenException: 400');
  assert.match(await outcome(Sts(credentials).getCallerIdentity({})), /^ExpiredToken.*: 403$/);
  assert.deepEqual(gate.refusals(credentials), sentences);
  assert.equal(await outcome(S3(other).getObject({ Bucket: 'data', Key: 'in/a.txt' })), 'allowed');
});

test('who is not known is told so by each service in its words', { skip }, async () => {
  assert.equal(await outcome(S3('nobody').listBuckets({})), 'InvalidAccessKeyId: 403');
  assert.match(await outcome(S3('nobody').headBucket({ Bucket: 'data' })), /: 403$/);
  assert.equal(await outcome(Logs('nobody').describeLogGroups({})), 'UnrecognizedClientException: 400');
  assert.equal(await outcome(Sts('nobody').getCallerIdentity({})), 'InvalidClientTokenId: 403');
  const unsigned = await raw('GET', '/data/in/a.txt', 'Admin', { authorization: 'none' });
  assert.match(unsigned.text, /<Code>AccessDenied<\/Code>/);
  assert.equal(unsigned.status, 403);
});

test('CloudWatch Logs is decided by log group and log stream', { skip }, async () => {
  const worker = Logs('Worker');
  const stream = { logGroupName: '/jobs', logStreamName: 'applications/00mine/jobs/00run' };
  assert.equal(await outcome(worker.createLogGroup({ logGroupName: '/jobs' })), 'allowed');
  assert.equal(await outcome(worker.createLogStream(stream)), 'allowed');
  assert.equal(await outcome(worker.putLogEvents({ ...stream, logEvents: [{ timestamp: Date.now(), message: 'ü' }] })), 'allowed');
  assert.equal(await outcome(worker.describeLogGroups({})), 'allowed');
  assert.equal((await worker.describeLogStreams({ logGroupName: '/jobs' })).logStreams!.length, 1);
  assert.equal(await outcome(worker.getLogEvents(stream)),
    `AccessDeniedException: ${because('logs:GetLogEvents', `arn:aws:logs:${HERE}:log-group:/jobs:log-stream:${stream.logStreamName}`)}`);
  assert.equal(await outcome(worker.createLogGroup({ logGroupName: '/other' })),
    `AccessDeniedException: ${because('logs:CreateLogGroup', `arn:aws:logs:${HERE}:log-group:/other:log-stream:`)}`);
  assert.equal(await outcome(Logs('Nothing').describeLogGroups({})),
    `AccessDeniedException: ${because('logs:DescribeLogGroups', `arn:aws:logs:${HERE}:log-group::log-stream:`)}`);
});

test('AWS STS says who calls, and gives the session of a role to who may assume it', { skip }, async () => {
  assert.deepEqual((({ Arn, Account }) => ({ Arn, Account }))(await Sts('Nothing').getCallerIdentity({})),
    { Arn: `arn:aws:sts::${IRELAND.account}:assumed-role/Nothing/Nothing`, Account: IRELAND.account });

  const assume = (who: string, name: string, more = {}) => Sts(who).assumeRole({ RoleArn: roleArn(name), RoleSessionName: 'session', ...more });
  const sessionPolicy = JSON.stringify(policy(allow('s3:GetObject', object('in/*'))));
  const { AssumedRoleUser, Credentials: given } = await assume('Worker', 'ByAccount', { Policy: sessionPolicy });
  assert.equal(AssumedRoleUser!.Arn, `arn:aws:sts::${IRELAND.account}:assumed-role/ByAccount/session`);
  const session = { accessKeyId: given!.AccessKeyId!, secretAccessKey: given!.SecretAccessKey!, sessionToken: given!.SessionToken! };
  assert.equal((await Sts(session).getCallerIdentity({})).Arn, AssumedRoleUser!.Arn);
  assert.equal(await outcome(S3(session).getObject({ Bucket: 'data', Key: 'in/a.txt' })), 'allowed');
  assert.match(await outcome(S3(session).getObject({ Bucket: 'data', Key: 'out/a.txt' })), /because no session policy allows/);

  const refused = (name: string) => `AccessDenied: sts:AssumeRole on resource: ${roleArn(name)}`;
  assert.equal(await outcome(assume('Nothing', 'ByAccount')), refused('ByAccount'));
  assert.equal(await outcome(assume('Admin', 'ByNobody')), refused('ByNobody'));
  assert.equal(await outcome(assume('Admin', 'NotThere')), refused('NotThere'));
  assert.equal(await outcome(assume('Worker', 'ByAccount', { ExternalId: 'wrong' })), refused('ByAccount'));
  for (const [more, code] of [
    [{ RoleSessionName: 'a b' }, 'ValidationError'], [{ RoleSessionName: 'a'.repeat(65) }, 'ValidationError'],
    [{ DurationSeconds: 899 }, 'ValidationError'], [{ DurationSeconds: 43_201 }, 'ValidationError'], [{ DurationSeconds: NaN }, 'ValidationError'],
    [{ Policy: '{' }, 'MalformedPolicyDocument'], [{ Policy: '[]' }, 'MalformedPolicyDocument'],
  ] as const) { await assert.rejects(assume('Worker', 'ByAccount', more), { name: new RegExp(`^${code}`) }, JSON.stringify(more)); }
  assert.equal(await outcome(assume('Worker', 'ByAccount', { DurationSeconds: 43_200 })), 'allowed');
  assert.equal(await outcome(assume('Worker', 'ByAccount', { Tags: [{ Key: 'a', Value: 'b' }] })), 'NotImplemented: 501');
});

test('EMR Serverless is asked for what IAM allows, by whom, and assumes roles that trust it', { skip }, async () => {
  const emr = new (await import('@aws-sdk/client-emr-serverless')).EMRServerless(configuration('Starter'));
  const start = (applicationId: string, name: string) => emr.startJobRun({ applicationId, executionRoleArn: roleArn(name), clientToken: 'token' });
  assert.equal((await start('00mine', 'Job')).jobRunId, '00run');
  assert.deepEqual(started, [{
    name: 'StartJobRun',
    parameters: { applicationId: '00mine' },
    body: { clientToken: 'token', executionRoleArn: roleArn('Job') },
    caller: { roleArn: roleArn('Starter'), userArn: `arn:aws:sts::${IRELAND.account}:assumed-role/Starter/Starter` },
  }]);
  assert.equal(await outcome(start('00mine', 'JobOfGlue')), `AccessDeniedException: iam:PassRole on resource: ${roleArn('JobOfGlue')}`);
  assert.match(await outcome(start('00other', 'Job')), /^AccessDeniedException: emr-serverless:StartJobRun on resource: .*\/00other$/);
  assert.equal(started.length, 1);
  const admin = new (await import('@aws-sdk/client-emr-serverless')).EMRServerless(configuration('Admin'));
  assert.equal(await outcome(admin.getApplication({ applicationId: '00other' })), 'ResourceNotFoundException: 404');

  const application = (id: string) => `arn:aws:emr-serverless:${HERE}:/applications/${id}`;
  const ofEmr = async (who: string, method: string, path: string, region = IRELAND.region) =>
    raw(method, path, who, { authorization: signature(who, 'emr-serverless').replace(IRELAND.region, region) });
  const besides = `resourceArn=${application('00mine')}&applicationId=00mine&account=1&region=x`;
  const other = await ofEmr('Starter', 'POST', `/applications/00other/jobruns?${besides}`);
  assert.equal(other.status, 403);
  assert.ok(other.text.includes(application('00other')), other.text);
  await ofEmr('Admin', 'GET', '/applications/00mine/jobruns?states=RUNNING&states=PENDING');
  assert.deepEqual(started.at(-1)!.parameters, { applicationId: '00mine', states: 'RUNNING,PENDING' });
  assert.match((await ofEmr('Starter', 'POST', '/applications/00mine/jobruns', 'us-east-1')).text, /not authorized .*:us-east-1:/);
  const elsewhere = await ofEmr('Admin', 'GET', '/applications/00mine', 'us-east-1');
  assert.deepEqual([elsewhere.status, JSON.parse(elsewhere.text).message], [404, 'Application 00mine is in eu-west-1, not in us-east-1']);
  assert.deepEqual([(await ofEmr('Admin', 'GET', '/applications/%zz')).status, (await ofEmr('Admin', 'GET', '//')).status], [400, 404]);

  assert.deepEqual(await Promise.all([
    gate.assumes(roleArn('Job'), application('00mine')), gate.assumes(roleArn('Job'), application('00other')),
    gate.assumes(roleArn('ByAccount'), application('00mine')), gate.assumes(roleArn('NotThere'), application('00mine')),
  ]), [true, false, false, false]);
});

test('what the local service does not know it refuses by name', { skip }, async () => {
  await assert.rejects(S3('Admin').getBucketWebsite({ Bucket: 'data' }),
    { name: 'NotImplemented', message: 'The local service does not decide on GET a bucket ?website of s3.' });
  await assert.rejects(Logs('Admin').putMetricFilter({ logGroupName: '/jobs', filterName: 'f', filterPattern: '', metricTransformations: [] }),
    { name: 'NotImplemented', message: 'The local service does not decide on PutMetricFilter of logs.' });
  await assert.rejects(Sts('Admin').getSessionToken({}),
    { name: 'NotImplemented', message: 'The local service does not decide on GetSessionToken of sts.' });
  assert.equal((await raw('GET', '/moto-api/data.json', 'Admin')).status, 501);
});

test('fifty calls at once get each its own answer', { skip }, async () => {
  const admin = S3('Admin');
  await Promise.all([...Array(50).keys()].map((i) => admin.putObject({ Bucket: 'data', Key: `in/many/${i}`, Body: `content ${i}` })));
  const worker = S3('Worker');
  const seen = await Promise.all([...Array(50).keys()].map(async (i) => i % 5 === 0
    ? outcome(worker.getObject({ Bucket: 'data', Key: `secret/${i}` }))
    : (await worker.getObject({ Bucket: 'data', Key: `in/many/${i}` })).Body!.transformToString()));
  assert.deepEqual(seen, seen.map((_, i) => i % 5 === 0 ? ofS3('GetObject', object(`secret/${i}`)) : `content ${i}`));
});

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: object;
  readonly rawBody: Buffer;
}

/** A gate to a server that answers everything with 200, and keeps what it was asked. */
async function withUpstream(visit: (gateOfIt: Gate, requests: Received[]) => Promise<void>): Promise<void> {
  const requests: Received[] = [];
  const upstream = createServer(async (request, response) => {
    requests.push({ method: request.method!, url: request.url!, headers: request.headers, rawBody: await buffer(request) });
    response.writeHead(200, ['X-Twice', 'a', 'X-Twice', 'b', 'ETag', '"é"', 'Content-Type', 'x/y']);
    response.end(Buffer.from([0, 255, 10, 13, 128]));
  });
  await once(upstream.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  const gateOfIt = await Gate.open({ policies: POLICIES, accessKeys: ACCESS_KEYS, moto: { endpoint } });
  try {
    await visit(gateOfIt, requests);
  } finally {
    await gateOfIt.close();
    upstream.close();
    upstream.closeAllConnections();
  }
}

test('what is allowed goes on byte for byte, and so does the answer', async () => {
  await withUpstream(async ({ endpoint }, requests) => {
    const body = Buffer.from([...Array(256).keys()]);
    const headers = {
      'authorization': signature('Admin', 's3'),
      'content-encoding': 'aws-chunked',
      'x-amz-meta-a': 'b',
      'expect': '100-continue',
      'transfer-encoding': 'chunked',
    };
    const sent = send({ host: '127.0.0.1', port: new URL(endpoint).port, method: 'PUT', path: '/data/a%2Fb+c//d?x-id=PutObject', headers });
    sent.write(body);
    sent.end(body);
    const [answer] = await once(sent, 'response');
    assert.deepEqual([...await buffer(answer)], [0, 255, 10, 13, 128]);
    assert.deepEqual(answer.headersDistinct['x-twice'], ['a', 'b']);
    const [{ url, rawBody, headers: received }] = requests;
    assert.equal(url, '/data/a%2Fb+c//d?x-id=PutObject');
    assert.equal(Buffer.compare(rawBody, Buffer.concat([body, body])), 0);
    const { authorization, 'content-encoding': encoding, 'x-amz-meta-a': meta } = received as Record<string, string>;
    assert.deepEqual([authorization, encoding, meta], [signature('Admin', 's3').replace('none', '0'), 'aws-chunked', 'b']);
  });
});

/** What the upstream is asked, and what the gate says. */
async function asked(
  method: string, path: string, headers: Record<string, string>, body = '',
): Promise<{ status: number; text: string; requests: Received[] }> {
  const seen = { status: 0, text: '', requests: [] as Received[] };
  await withUpstream(async ({ endpoint }, requests) => {
    const { port } = new URL(endpoint);
    const sent = send({ host: '127.0.0.1', port, method, path, headers: { ...headers, 'content-length': Buffer.byteLength(body) } });
    sent.end(body);
    const [answer] = await once(sent, 'response');
    Object.assign(seen, { status: answer.statusCode, text: String(await buffer(answer)), requests });
  });
  return seen;
}

const PARAMETER = JSON.stringify({ Name: '/jobs/a' });
const ofTarget = (target: string, service: string, who = 'Worker') =>
  ({ 'authorization': signature(who, service), 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' });

test('the signature that goes on says what the gate read', async () => {
  const scope = `Worker/20260101/${IRELAND.region}/ssm/aws4_request`;
  const expected = [`AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`];
  const target = ofTarget('AmazonSSM.GetParameter', 'ssm');
  const twice = await asked('POST', '/', { ...target, authorization: `AWS4-HMAC-SHA256 x/20260101/x/s3/aws4_request, Credential=${scope}` }, PARAMETER);
  assert.deepEqual(twice.requests.map(({ headers }) => (headers as any).authorization), expected);

  const inQuery = `X-Amz-Algorithm=a&X-Amz-Credential=${scope.replace('/ssm/', '/s3/')}&x-amz-signature=b&X-Amz-SignedHeaders=host`;
  const presigned = await asked('GET', `/data/in/a.txt?${inQuery}&X-Amz-Date=d&X-Amz-Expires=1&x-id=a%2B`, { x_amz_copy_source: '/data/secret' });
  assert.deepEqual(presigned.requests.map(({ url, headers }) => [url, (headers as any).authorization, 'x_amz_copy_source' in headers]),
    [['/data/in/a.txt?x-id=a%2B', expected[0].replace('/ssm/', '/s3/'), false]]);
});

test('what other services are asked is in the body alone', async () => {
  const target = ofTarget('AmazonSSM.GetParameter', 'ssm');
  const form = { 'authorization': signature('Worker', 'sns'), 'content-type': 'application/x-www-form-urlencoded' };
  const toMine = `Action=Publish&Message=m&TopicArn=arn:aws:sns:${HERE}:mine`;
  const ofQueue = ofTarget('AmazonSQS.SendMessage', 'sqs');
  const toQueue = JSON.stringify({ QueueUrl: `http://x/${IRELAND.account}/mine`, MessageBody: 'm' });
  for (const [method, path, headers, body] of [
    ['POST', '/moto-api/reset', target, PARAMETER], ['POST', '/?Action=DeleteParameter', target, PARAMETER],
    ['POST', '/?Name=/secret', target, PARAMETER], ['PUT', '/', target, PARAMETER], ['POST', '/a', form, toMine], ['GET', `/?${toMine}`, form, ''],
    ['POST', `/?TopicArn=arn:aws:sns:${HERE}:other`, form, toMine], ['POST', '/', form, `TopicArn=other&${toMine}`],
    ['POST', '/moto-api/data.json', ofQueue, toQueue],
  ] as const) {
    const { status, text, requests } = await asked(method, path, headers, body);
    assert.deepEqual([status, requests.length], [501, 0], `${method} ${path}: ${text}`);
  }
  for (const [path, headers, body] of [['/', target, PARAMETER], ['/', form, toMine], [`/${IRELAND.account}/other`, ofQueue, toQueue]] as const) {
    const { status, requests } = await asked('POST', path, headers, body);
    assert.deepEqual([status, ...requests.map(({ url }) => url)], [200, '/'], path);
  }
});

test('what cannot be read is the fault of who calls', async () => {
  const emptySqs = ofTarget('AmazonSQS.ReceiveMessage', 'sqs', 'Admin');
  const target = ofTarget('AmazonSSM.GetParameter', 'ssm', 'Admin');
  const names = { ...target, 'x-amz-target': 'AmazonSSM.GetParameters' };
  for (const [headers, body] of [[emptySqs, '{}'], [target, '{'], [target, 'null'], [names, '{}'], [names, '{"Names":[]}']] as const) {
    const { status, text, requests } = await asked('POST', '/', headers, body);
    assert.deepEqual([status, JSON.parse(text).__type, requests.length], [400, 'ValidationException', 0], body);
  }
  const unknown = await asked('POST', '/', { ...target, 'x-amz-target': 'AmazonSSM.constructor' }, '{}');
  assert.equal(unknown.status, 501);
});

test('of several names for one thing, each is asked for', async () => {
  const form = { 'authorization': signature('Worker', 'sns'), 'content-type': 'application/x-www-form-urlencoded' };
  const topic = (name: string) => `arn:aws:sns:${HERE}:${name}`;
  const table = JSON.stringify({ DatabaseName: 'mine', Name: 'a', TableName: 'b' });
  for (const [headers, body, status] of [
    [form, `Action=Publish&Message=m&TopicArn=${topic('mine')}`, 200],
    [form, `Action=Publish&Message=m&TopicArn=${topic('mine')}&TargetArn=${topic('other')}`, 403],
    [form, `Action=Publish&Message=m&TopicArn=${topic('mine')}&PhoneNumber=1`, 501],
    [ofTarget('AWSGlue.GetTable', 'glue'), table, 200],
    [{ ...ofTarget('AmazonSSM.GetParameter', 'ssm'), 'content-type': form['content-type'] }, PARAMETER, 501],
  ] as const) {
    assert.equal((await asked('POST', '/', headers, body)).status, status, body);
  }
});

test('DeleteObjects goes on as it was judged, or not at all', async () => {
  const headers = { authorization: signature('Worker', 's3') };
  const inDelete = (content: string) => `<?xml version="1.0" encoding="UTF-8"?>\n<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</Delete>`;
  const one = (key: string) => `<Object>\n<Key>${key}</Key></Object>`;
  const plain = await asked('POST', '/data?delete', headers, inDelete(`${one('out/a&amp;b\t&constructor;&#x110000;')}${one('secret/x')}<Quiet>true</Quiet>`));
  assert.deepEqual(plain.requests.map(({ rawBody }) => String(rawBody)), ['<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    + '<Object><Key>out/a&#38;b&#9;&#38;constructor;&#38;#x110000;</Key></Object><Quiet>true</Quiet></Delete>']);
  for (const [body, more] of [
    ['<!--<Key>out/none</Key>--><Object><Key>secret/x</Key></Object>'], ['<Object><!--<Key>out/a</Key>--><Key>secret/x</Key></Object>'],
    [`${one('out/a')}<Object ><Key>secret/x</Key></Object >`], ['<Object><Key>out/a</Key><Key>secret/x</Key></Object>'], ['<Object></Object>'], [''],
    ['<Object><Key><![CDATA[secret/x]]></Key></Object>'], [one('out/a'), { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' }],
  ] as [string, object?][]) {
    const { status, requests } = await asked('POST', '/data?delete', { ...headers, ...more }, inDelete(body));
    assert.deepEqual([status, requests.length], [501, 0], body);
  }
});

test('what S3 is asked has one meaning', async () => {
  const headers = { authorization: signature('Worker', 's3') };
  for (const source of ['/data/in/a#.csv', '/data/in/a?x=.csv', '/data/in/a?versionId=1?versionId=2', '/data/in/a?versionId=1&x=y']) {
    const { status, requests } = await asked('PUT', '/data/out/a', { ...headers, 'x-amz-copy-source': source });
    assert.deepEqual([status, requests.length], [501, 0], source);
  }
  assert.equal((await asked('PUT', '/data/out/a', { ...headers, 'x-amz-copy-source': '/data/in/a%3Fx%23' })).status, 200);
  for (const [path, more, status] of [
    ['/data?prefix=out/', {}, 200], ['/data?prefix=secret/&prefix=out/', {}, 501], ['/data?prefix=secret/&Prefix=out/', {}, 501],
    ['/data?Prefix=out/', {}, 501], ['/data?prefix=secret/', { prefix: 'out/' }, 403], ['/data?constructor', {}, 501],
  ] as const) {
    assert.equal((await asked('GET', path, { ...headers, ...more })).status, status, path);
  }
});

test('no web page is answered', async () => {
  const headers = { authorization: signature('Worker', 's3') };
  for (const [more, status] of [
    [{ host: 'localhost:1' }, 200], [{ host: '127.0.0.1' }, 200], [{ origin: 'http://localhost' }, 403], [{ 'sec-fetch-site': 'none' }, 403],
    [{ host: 'rebound.example:80' }, 403], [{ host: 'localhost.example' }, 403], [{ host: 'notlocalhost' }, 403],
  ] as [Record<string, string>, number][]) {
    const { status: seen, requests } = await asked('GET', '/data/in/a.txt', { ...headers, ...more });
    assert.deepEqual([seen, requests.length], [status, status === 200 ? 1 : 0], JSON.stringify(more));
  }
});

/** Every operation of an SDK by somebody who may do nothing. */
async function sweep(sdk: object, client: { send(command: any): Promise<unknown> }, input: object): Promise<string[]> {
  const commands = Object.entries(sdk).filter(([name]) => /^[A-Z]\w+Command$/.test(name));
  const seen: string[] = [];
  for (const [name, Command] of commands) {
    seen.push(await client.send(new Command(input)).then(() => `${name} allowed`, (error: Error) => `${name} ${error.name}: ${error.message}`));
  }
  return seen;
}

test('nothing undecided reaches another server, whatever the SDKs know', async () => {
  await withUpstream(async ({ endpoint }, requests) => {
    const input = {
      Bucket: 'data',
      Key: 'a',
      UploadId: 'u',
      PartNumber: 1,
      VersionId: 'v',
      CopySource: 'data/in/a',
      Delete: { Objects: [{ Key: 'a' }] },
      Id: 'i',
      Body: 'x',
      Tagging: { TagSet: [] },
      RenameSource: '/data/a',
      RequestRoute: 'r',
      RequestToken: 't',
      ObjectAttributes: ['ETag'],
      AnnotationName: 'n',
      logGroupName: 'g',
      logStreamName: 's',
      logGroupIdentifier: 'g',
      logEvents: [],
      nextToken: 't',
      limit: 1,
      RoleArn: roleArn('Job'),
      RoleSessionName: 'session',
    };
    const ofS3Sdk = await sweep(s3, new s3.S3(configuration('Nothing', endpoint)), input);
    const ofLogs = await sweep(logs, new logs.CloudWatchLogs(configuration('Nothing', endpoint)), input);
    const ofSts = await sweep(sts, new sts.STS(configuration('Nothing', endpoint)), input);
    const all = [...ofS3Sdk, ...ofLogs, ...ofSts];
    assert.deepEqual(requests.map(({ method, url }) => `${method} ${url}`), []);
    assert.deepEqual(all.filter((one) => / allowed$/.test(one)), ['DeleteObjectsCommand allowed', 'GetCallerIdentityCommand allowed']);
    // what the engine did not understand would be an action or resource that IAM does not have
    assert.deepEqual(all.filter((one) => / no answer to | more than one answer | context keys without effect /.test(one)), []);
    const decided = all.filter((one) => / is not authorized to perform: /.test(one)).length;
    assert.ok(decided > 60, `${decided} of ${all.length}`);
  });
});

const BOTO3 = `
import io, json, sys, urllib.request, urllib.error
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
setup, endpoint = json.loads(sys.argv[1])
def client(service, who, at=endpoint):
    return boto3.client(service, endpoint_url=at, region_name='${IRELAND.region}', aws_access_key_id=who, aws_secret_access_key='not checked',
                        config=Config(retries={'total_max_attempts': 1}))
def answer(call):
    try:
        call()
        return 'allowed'
    except ClientError as error:
        code, message = error.response['Error']['Code'], error.response['Error']['Message']
        return f"{code}: {message.split('is not authorized to perform: ')[-1]}"
client('ssm', 'x', setup).put_parameter(Name='/jobs/a', Value='v', Type='String')
for name in 'mine', 'other':
    client('secretsmanager', 'x', setup).create_secret(Name=name, SecretString='s')
    client('sns', 'x', setup).create_topic(Name=name)
    client('sqs', 'x', setup).create_queue(QueueName=name)
client('dynamodb', 'x', setup).create_table(TableName='mine', KeySchema=[{'AttributeName': 'a', 'KeyType': 'HASH'}],
    AttributeDefinitions=[{'AttributeName': 'a', 'AttributeType': 'S'}], BillingMode='PAY_PER_REQUEST')
client('glue', 'x', setup).create_database(DatabaseInput={'Name': 'mine'})
client('glue', 'x', setup).create_table(DatabaseName='mine', TableInput={'Name': 'a'})
s3, ssm, secrets, sns, sqs, dynamodb, glue = [
    client(service, 'Worker') for service in ['s3', 'ssm', 'secretsmanager', 'sns', 'sqs', 'dynamodb', 'glue']]
def presigned(key):
    signer = boto3.client('s3', endpoint_url=endpoint, region_name='${IRELAND.region}', aws_access_key_id='Worker',
                          aws_secret_access_key='not checked', config=Config(signature_version='s3v4'))
    url = signer.generate_presigned_url('get_object', Params={'Bucket': 'data', 'Key': key})
    try:
        return urllib.request.urlopen(url).read().decode()
    except urllib.error.HTTPError as error:
        return str(error.code)
s3.upload_fileobj(io.BytesIO(bytes(range(256)) * 40000), 'data', 'out/boto3.bin')
print(json.dumps({
    'object': s3.get_object(Bucket='data', Key='out/boto3.bin')['Body'].read() == bytes(range(256)) * 40000,
    'head': answer(lambda: s3.head_object(Bucket='data', Key='secret/a')),
    'get': answer(lambda: s3.get_object(Bucket='data', Key='secret/a')),
    'presigned': [presigned('in/a.txt'), presigned('secret/a')],
    'parameter': [answer(lambda: ssm.get_parameter(Name='/jobs/a')), answer(lambda: ssm.get_parameters(Names=['/jobs/a', '/other/b']))],
    'secret': [answer(lambda: secrets.get_secret_value(SecretId='mine')), answer(lambda: secrets.get_secret_value(SecretId='other')).split(' ')[0]],
    'topic': [answer(lambda: sns.publish(TopicArn='arn:aws:sns:${HERE}:' + name, Message='m')) for name in ['mine', 'other']],
    'messages': answer(lambda: sns.publish_batch(TopicArn='arn:aws:sns:${HERE}:mine', PublishBatchRequestEntries=[{'Id': '1', 'Message': 'm'}])),
    'queue': [answer(lambda: sqs.send_message(QueueUrl=endpoint + '/${IRELAND.account}/' + name, MessageBody='m')) for name in ['mine', 'other']],
    'item': [answer(lambda: dynamodb.put_item(TableName=name, Item={'a': {'S': 'x'}})) for name in ['mine', 'other']],
    'table': [answer(lambda: glue.get_table(DatabaseName=name, Name='a')) for name in ['mine', 'other']],
    'nobody': [answer(getattr(client(service, 'nobody'), call))
               for service, call in [('sns', 'list_topics'), ('sqs', 'list_queues'), ('ssm', 'describe_parameters')]],
    'unknown': [answer(getattr(client(service, 'Admin'), call))
                for service, call in [('kms', 'list_keys'), ('sqs', 'list_queues'), ('scheduler', 'list_schedules')]],
}))
`;

test('boto3 reads the same of more services', { skip }, async () => {
  const env = { PATH: process.env.PATH, NO_PROXY: '127.0.0.1', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
  const { stdout } = await run(PYTHON, ['-c', BOTO3, JSON.stringify([moto.endpoint, gate.endpoint])], { env });
  const byIam = (code: string, action: string, resource: string) => ['allowed', `${code}: ${because(action, `arn:aws:${resource}`)}`];
  const undecided = (what: string) => `NotImplemented: The local service does not decide on ${what}.`;
  assert.deepEqual(JSON.parse(stdout), {
    object: true,
    head: '403: Forbidden',
    get: ofS3('GetObject', object('secret/a')),
    presigned: ['hello world', '403'],
    parameter: byIam('AccessDeniedException', 'ssm:GetParameters', `ssm:${HERE}:parameter/other/b`),
    secret: ['allowed', 'AccessDeniedException:'],
    topic: byIam('AuthorizationError', 'SNS:Publish', `sns:${HERE}:other`),
    messages: 'allowed',
    queue: byIam('AccessDenied', 'sqs:sendmessage', `sqs:${HERE}:other`),
    item: byIam('AccessDeniedException', 'dynamodb:PutItem', `dynamodb:${HERE}:table/other`),
    table: byIam('AccessDeniedException', 'glue:GetTable', `glue:${HERE}:database/other`),
    nobody: [
      'InvalidClientTokenId: The security token included in the request is invalid.',
      'InvalidClientTokenId: The security token included in the request is invalid.',
      'UnrecognizedClientException: The security token included in the request is invalid.',
    ],
    unknown: [undecided('ListKeys of kms'), undecided('ListQueues of sqs'), undecided('GET /schedules of scheduler')],
  });
});

test('a gate that is closed leaves no connection and no port', async () => {
  const closing = await Gate.open({ policies: POLICIES, accessKeys: ACCESS_KEYS, moto: { endpoint: 'http://127.0.0.1:9' } });
  const { endpoint } = closing;
  const port = Number(new URL(endpoint).port);
  const idle = connect(port, '127.0.0.1');
  await once(idle, 'connect');
  assert.match(await outcome(new s3.S3(configuration('Admin', endpoint)).listBuckets({})), /^InternalError/);
  await Promise.all([once(idle, 'close'), closing.close()]);
  const [error] = await once(connect(port, '127.0.0.1'), 'error');
  assert.equal(error.code, 'ECONNREFUSED');
});
