import * as assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import { AddressInfo, connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as s3 from '@aws-sdk/client-s3';
import * as sts from '@aws-sdk/client-sts';
import { ACCESS_KEYS, configuration, HERE, outcome, POLICIES, roleArn, signature } from './local-gate-parts';
import { IRELAND } from '../lib/deployment';
import { Gate } from '../local/gate';

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
