import * as assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as send } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import * as s3 from '@aws-sdk/client-s3';
import {
  allow, because, gate, KEY, object, ofS3, openGate, OTHER_KEY, outcome, policy, raw, roleArn, S3, signature, skip,
} from './local-gate-parts';

openGate();

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

test('fifty calls at once get each its own answer', { skip }, async () => {
  const admin = S3('Admin');
  await Promise.all([...Array(50).keys()].map((i) => admin.putObject({ Bucket: 'data', Key: `in/many/${i}`, Body: `content ${i}` })));
  const worker = S3('Worker');
  const seen = await Promise.all([...Array(50).keys()].map(async (i) => i % 5 === 0
    ? outcome(worker.getObject({ Bucket: 'data', Key: `secret/${i}` }))
    : (await worker.getObject({ Bucket: 'data', Key: `in/many/${i}` })).Body!.transformToString()));
  assert.deepEqual(seen, seen.map((_, i) => i % 5 === 0 ? ofS3('GetObject', object(`secret/${i}`)) : `content ${i}`));
});
