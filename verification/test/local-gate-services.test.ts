import * as assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import {
  allow, because, configuration, gate, HERE, Logs, moto, object, ofS3, openGate, outcome, policy, raw, roleArn, S3, signature, skip, Sts,
} from './local-gate-parts';
import { IRELAND } from '../lib/deployment';
import { Answer, Credentials, EmrServerlessApi } from '../local/gate';
import { PYTHON } from '../local/moto';

const run = promisify(execFile);

const started: { name: string; parameters: object; body: object; caller: object }[] = [];
const emrServerless: EmrServerlessApi = {
  answer: async ({ name, parameters }, body, caller): Promise<Answer> => {
    started.push({ name, parameters, body, caller });
    return parameters.applicationId === '00mine'
      ? { status: 200, body: { jobRunId: '00run' } }
      : { status: 404, errorType: 'ResourceNotFoundException', body: { message: 'not here' } };
  },
};

openGate(emrServerless);

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
