import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { S3 } from '@aws-sdk/client-s3';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { SSM } from '@aws-sdk/client-ssm';
import {
  aws_ecr_assets as assets, aws_logs as logs, aws_secretsmanager as secretsmanager, aws_sns as sns,
  aws_sqs as sqs, aws_ssm as ssm,
} from 'aws-cdk-lib';
import { emptyFolder, MANAGED, may, READ, readStack, role, WRITE } from './local-assembly-parts';
import { ask } from '../lib/iam';
import { PROGRAMS, run } from '../lib/programs';
import { skippedWithout } from '../lib/tools';
import { LocalAssembly } from '../local/assembly';
import { publish } from '../local/assets';
import { Moto, PYTHON } from '../local/moto';
import { asOwner } from '../local/owner';
import { usage } from '../local/usage';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const EXAMPLES = path.join(__dirname, '..', '..', 'examples');

/** Past the gate. */
function clientOf<T>({ endpoint }: Moto, Client: new (config: object) => T): T {
  return new Client({ ...asOwner(endpoint, { region: 'eu-west-1' }), forcePathStyle: true });
}

const ROLES = ['NightlyExecutionRole', 'StateMachineRole', 'SchedulerRoleForTarget6258ef', 'Airflow', 'GitHub', 'StreamingExecutionRole', 'Starter'];

describe('the pipeline of the examples', () => {
  let assembly: LocalAssembly;
  before(() => {
    const program = PROGRAMS.find(({ name }) => name.endsWith('/pipeline.ts'))!;
    assembly = LocalAssembly.read(run(program, { outdir: emptyFolder(), builtinCloudFormationValidation: false }).synth().directory);
  });

  test('has its applications, with their properties', () => {
    const found = assembly.applications.map(({ stackName, applicationId, properties }) =>
      [stackName, applicationId.length, properties.Type]);
    assert.deepEqual(found, [['Pipeline', 16, 'SPARK'], ['Pipeline', 16, 'SPARK']]);
  });

  test('has its roles, each with an access key', () => {
    assert.deepEqual(assembly.roles.map(({ logicalId }) => logicalId.slice(0, -8)), ROLES);
    for (const { logicalId, accessKeyId, arn } of assembly.roles) {
      assert.equal(accessKeyId, logicalId);
      assert.equal(arn, `arn:aws:iam::111122223333:role/${logicalId}`);
    }
  });

  test('needs nothing that is not there, but for a managed policy of AWS', () => {
    assert.deepEqual(assembly.warnings.map((warning) => warning.replace(/^Pipeline\/\w+?[0-9A-F]{8}: /, '')), [MANAGED]);
  });

  test('has the request of the job, of which nothing is left to resolve', () => {
    const [{ name, value }] = assembly.parameters;
    const request = JSON.parse(value);
    assert.equal(name, '/pipeline/nightly');
    assert.ok(assembly.applications.some(({ applicationId }) => applicationId === request.applicationId));
    assert.ok(assembly.roles.some(({ arn }) => arn === request.executionRoleArn));
    assert.match(request.jobDriver.sparkSubmit.entryPoint, /^s3:\/\/cdk-hnb659fds-assets-111122223333-eu-west-1\/[0-9a-f]{64}\.py$/);
  });

  test('has its state machine, its schedule and the request of the deployment', () => {
    const [{ roleArn }] = Object.values(assembly.stateMachines());
    assert.ok(assembly.roles.some(({ arn }) => arn === roleArn));
    assert.equal(Object.values(assembly.scheduleTargets()).length, 1);
    assert.equal(JSON.parse(assembly.propertiesOf('JobRun').Update as string).action, 'StartJobRun');
    assert.throws(() => assembly.propertiesOf('Nothing'), { message: 'no resource Nothing in the assembly' });
  });

  test('lets the execution role read its code and write its data, and the submitter pass it', async () => {
    const { executionRoleArn, applicationId, jobDriver: { sparkSubmit: { entryPoint } } } = JSON.parse(assembly.parameters[0].value);
    const code = entryPoint.replace('s3://', 'arn:aws:s3:::');
    assert.equal(await may(assembly, READ, code, 'NightlyExecutionRole'), true);
    assert.equal(await may(assembly, READ, code, 'StreamingExecutionRole'), false);
    assert.equal(await may(assembly, WRITE, `arn:aws:s3:::${assembly.buckets[0]}/totals`, 'NightlyExecutionRole'), true);
    const application = `arn:aws:emr-serverless:eu-west-1:111122223333:/applications/${applicationId}`;
    assert.equal(await may(assembly, 'emr-serverless:StartJobRun', application, 'Airflow'), true);
    assert.equal(await may(assembly, 'emr-serverless:StartJobRun', application, 'Starter'), false);
    const trusts = { principal: 'emr-serverless.amazonaws.com', action: 'sts:AssumeRole', resource: executionRoleArn };
    const context = { 'aws:SourceArn': application, 'aws:SourceAccount': '111122223333' };
    assert.equal(await ask({ ...trusts, resourcePolicy: assembly.trustPolicy(executionRoleArn), context }), 'allowed');
  });

  test('says what a client needs, and a line for a shell that starts the job', () => {
    const text = usage(assembly, 'http://127.0.0.1:1234');
    const airflow = assembly.roles.find(({ logicalId }) => logicalId.startsWith('Airflow'))!;
    for (const variable of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_EMR_SERVERLESS', 'AWS_ENDPOINT_URL_S3']) {
      assert.ok(text.includes(`  export ${variable}=http://127.0.0.1:1234\n`), variable);
    }
    const inTable = text.split('\n').map((line) => line.split('│').map((cell) => cell.trim()));
    assert.deepEqual(inTable.find(([, inRow]) => inRow === `Pipeline/${airflow.logicalId}`)?.slice(2, 5), ['to start job runs', airflow.accessKeyId, airflow.arn]);
    const [{ logicalId, applicationId }] = assembly.applications;
    assert.deepEqual(inTable.find(([, application]) => application === `Pipeline/${logicalId}`)?.slice(2, 4), [applicationId, 'emr-spark-8.2.0']);

    const folder = emptyFolder();
    fs.writeFileSync(path.join(folder, 'aws'), '#!/bin/sh\nprintf "%s\\n" "$AWS_ENDPOINT_URL" "$AWS_ACCESS_KEY_ID" "$AWS_SESSION_TOKEN" "$@"\n', { mode: 0o755 });
    const line = text.split('\n').at(-1)!;
    const { stdout } = spawnSync('sh', ['-c', line], { encoding: 'utf8', env: { PATH: `${folder}:${process.env.PATH}`, AWS_SESSION_TOKEN: 'of AWS' } });
    assert.deepEqual(stdout.split('\n'), [
      'http://127.0.0.1:1234', airflow.accessKeyId, '', 'emr-serverless', 'start-job-run', '--cli-input-json', assembly.parameters[0].value, '',
    ]);
  });

  describe('published', { skip: skippedWithout(PYTHON) }, () => {
    let moto: Moto;
    const said: string[] = [];
    before(async () => {
      moto = await Moto.start('111122223333');
      await publish(assembly, moto.endpoint, (sentence) => said.push(sentence));
    });
    after(() => moto?.close());

    test('has its code where the request says that it is', async () => {
      const { jobDriver: { sparkSubmit: { entryPoint, sparkSubmitParameters } } } = JSON.parse(assembly.parameters[0].value);
      const content = async (url: string) => {
        const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url)!;
        return Buffer.from(await (await clientOf(moto, S3).getObject({ Bucket, Key })).Body!.transformToByteArray());
      };
      assert.deepEqual(await content(entryPoint), fs.readFileSync(path.join(EXAMPLES, 'jobs', 'nightly.py')));
      const [, modules] = /spark\.submit\.pyFiles=(\S+\.zip)/.exec(sparkSubmitParameters)!;
      assert.equal((await content(modules)).toString('latin1', 0, 2), 'PK');
    });

    test('has its bucket, its parameter and its topic', async () => {
      const buckets = (await clientOf(moto, S3).listBuckets()).Buckets!.map(({ Name }) => Name!).sort();
      assert.deepEqual(buckets, [...assembly.buckets, 'cdk-hnb659fds-assets-111122223333-eu-west-1'].sort());
      assert.equal((await clientOf(moto, SSM).getParameter({ Name: '/pipeline/nightly' })).Parameter!.Value, assembly.parameters[0].value);
      const [{ TopicArn }] = (await clientOf(moto, SNS).listTopics({})).Topics!;
      assert.equal(TopicArn, `arn:aws:sns:eu-west-1:111122223333:${assembly.topics[0].name}`);
    });

    test('cannot be published twice, and says what is there already', async () => {
      await assert.rejects(publish(assembly, moto.endpoint), { message: /^cannot make the bucket data\w+: .*already own it/ });
    });

    test('said each step', () => {
      for (const step of [/^made the bucket data/, /^made the parameter \/pipeline\/nightly$/, /^made the topic /, /^Upload s3:\/\/cdk-/]) {
        assert.ok(said.some((sentence) => step.test(sentence)), `${step} is not in ${said.join('\n')}`);
      }
    });
  });
});

test('log groups, queues, secrets and long parameters are made too, and container images are named', { skip: skippedWithout(PYTHON) }, async () => {
  const other = readStack((stack) => {
    new logs.LogGroup(stack, 'LogGroup', { logGroupName: '/team/spark' });
    new sqs.Queue(stack, 'Queue', { fifo: true, queueName: 'orders.fifo' });
    new sns.Topic(stack, 'Topic', { fifo: true, topicName: 'orders.fifo' });
    const generateSecretString = { secretStringTemplate: '{"username":"spark"}', generateStringKey: 'password' };
    const secret = new secretsmanager.Secret(stack, 'Secret', { generateSecretString });
    secret.grantRead(role(stack));
    new ssm.StringParameter(stack, 'Long', { parameterName: 'long', stringValue: 'x'.repeat(6000), tier: ssm.ParameterTier.ADVANCED });
    const directory = emptyFolder();
    fs.writeFileSync(path.join(directory, 'Dockerfile'), 'FROM scratch');
    new assets.DockerImageAsset(stack, 'Image', { directory });
    new ssm.StringListParameter(stack, 'List', { parameterName: 'list', stringListValue: ['one', 'two'] });
  });
  assert.deepEqual(other.warnings, []);
  const moto = await Moto.start('111122223333');
  try {
    const said: string[] = [];
    await publish(other, moto.endpoint, (sentence) => said.push(sentence));
    assert.ok(said.some((sentence) => /^the container image \S+ is not published, because no job runs in it$/.test(sentence)), said.join('\n'));
    assert.match((await clientOf(moto, SQS).getQueueUrl({ QueueName: 'orders.fifo' })).QueueUrl!, /orders\.fifo$/);
    assert.equal((await clientOf(moto, SSM).getParameter({ Name: 'long' })).Parameter!.Value!.length, 6000);
    assert.equal((await clientOf(moto, SSM).getParameter({ Name: 'list' })).Parameter!.Type, 'StringList');
    // a job asks for it by the ARN that the policy has, and six characters of it are made up
    const [{ policy: { Statement: [{ Resource }] } }] = other.identityPolicies(other.roles[0].arn);
    const { SecretString } = await clientOf(moto, SecretsManager).getSecretValue({ SecretId: Resource as string });
    assert.equal(JSON.parse(SecretString!).username, 'spark');
  } finally {
    await moto.close();
  }
});
