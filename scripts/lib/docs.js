'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { ROOT } = require('./steps');

const FIXTURE = fs.readFileSync(path.join(ROOT, 'rosetta', 'default.ts-fixture'), 'utf8');

/** What stands for a thing that a block of the documentation declares without making it, in the words of the fixture. */
const MADE = {
  'ec2.Vpc': (id) => `ec2.Vpc.fromVpcAttributes(this, '${id}', {
      vpcId: 'vpc-0123456789abcdef0',
      vpcCidrBlock: '10.0.0.0/16',
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      privateSubnetIds: ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'],
      privateSubnetRouteTableIds: ['rtb-0123456789abcdef1', 'rtb-0123456789abcdef2'],
    })`,
  'ecr.Repository': (id) => `new ecr.Repository(this, '${id}')`,
  'emrserverless.CfnApplication': (id) => `new emrserverless.CfnApplication(this, '${id}', { type: 'SPARK', releaseLabel: 'emr-7.14.0' })`,
  'iam.ManagedPolicy': (id) => `new iam.ManagedPolicy(this, '${id}', {
      statements: [new iam.PolicyStatement({ actions: ['glue:*', 's3:*'], resources: ['*'] })],
    })`,
  'iam.Role': (id) => `new iam.Role(this, '${id}', { assumedBy: new iam.AccountRootPrincipal() })`,
  'kms.Key': (id) => `new kms.Key(this, '${id}')`,
  'rds.DatabaseInstance': (id) => `new rds.DatabaseInstance(this, '${id}', {
      engine: rds.DatabaseInstanceEngine.POSTGRES, storageEncrypted: true, vpc,
    })`,
  's3.Bucket': (id) => `new s3.Bucket(this, '${id}')`,
  'sqs.Queue': (id) => `new sqs.Queue(this, '${id}')`,
  'SparkEmrServerlessJob': (id) => `new SparkEmrServerlessJob(this, '${id}', {
      runtime: new SparkEmrServerlessRuntime(this, 'Runtime'), entryPoint: SparkCode.fromAsset('jobs/nightly.py'),
    })`,
  'SparkEmrServerlessRuntime': (id) => `new SparkEmrServerlessRuntime(this, '${id}', { maximumCapacity: { cpu: 16, memory: Size.gibibytes(64) } })`,
};

/** The pages of the documentation: the README and those of `docs`, without the generated ones for Python. */
function pages() {
  const docs = fs.readdirSync(path.join(ROOT, 'docs')).filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`);
  return ['README.md', ...docs].map((name) => ({ name, text: fs.readFileSync(path.join(ROOT, name), 'utf8') }));
}

/** The TypeScript blocks of all pages, each with its heading and as a program that runs by itself. */
function blocks() {
  return pages().flatMap(({ name, text }) => {
    let title = 'its beginning';
    return [...text.matchAll(/^##+ (.*)$|^```ts( nofixture)?\n([\s\S]*?)^```$/gm)].flatMap(({ 1: heading, 2: nofixture, 3: code, index }) => {
      if (heading) {
        title = heading;
        return [];
      }
      const line = text.slice(0, index).split('\n').length + 1;
      return [{ page: name, title, line, nofixture: nofixture !== undefined, code, program: nofixture ? code : inFixture(code) }];
    });
  });
}

/** A block within the fixture, with everything that it declares. */
function inFixture(code) {
  const made = code.replace(/^declare const (\w+): ([\w.]+);$/gm, (_, name, type) => `const ${name} = ${MADE[type](name)};`);
  return `${FIXTURE.replace('/// here', () => made)}\nnew MyStack(new App(), 'Stack');\n`;
}

module.exports = { FIXTURE, blocks, pages };
