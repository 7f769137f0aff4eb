import * as fs from 'fs';
import * as path from 'path';
import { App, Size, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as ts from 'typescript';
import { SparkEmrServerlessRuntime } from '../src';

const ROOT = path.join(__dirname, '..');
const README = fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8');
const FIXTURE = fs.readFileSync(path.join(ROOT, 'rosetta', 'default.ts-fixture'), 'utf8');

const BLOCKS = [...README.matchAll(/^## (.*)$|^```ts( nofixture)?\n([\s\S]*?)^```$/gm)].reduce<{ title: string; nofixture: boolean; code: string }[]>(
  (blocks, [, heading, nofixture, code]) => {
    const last = blocks.at(-1)!;
    if (heading) { last.title = heading; } else { blocks.splice(-1, 0, { title: last.title, nofixture: nofixture !== undefined, code }); }
    return blocks;
  }, [{ title: 'the first example', nofixture: false, code: '' }]).slice(0, -1);

/** What a block declares without making it. */
const DECLARED: Record<string, (scope: Stack, id: string) => unknown> = {
  'ec2.Vpc': (scope, id) => new ec2.Vpc(scope, id),
  'ecr.Repository': (scope, id) => new ecr.Repository(scope, id),
  'emrserverless.CfnApplication': (scope, id) => new CfnApplication(scope, id, { type: 'SPARK', releaseLabel: 'emr-7.14.0' }),
  'iam.ManagedPolicy': (scope, id) => new iam.ManagedPolicy(scope, id, {
    statements: [new iam.PolicyStatement({ actions: ['glue:*', 's3:*'], resources: ['*'] })],
  }),
  'iam.Role': (scope, id) => new iam.Role(scope, id, { assumedBy: new iam.AccountRootPrincipal() }),
  'kms.Key': (scope, id) => new kms.Key(scope, id),
  'rds.DatabaseInstance': (scope, id) => new rds.DatabaseInstance(scope, id, {
    engine: rds.DatabaseInstanceEngine.POSTGRES,
    vpc: scope.node.tryFindChild('vpc') as ec2.Vpc,
  }),
  's3.Bucket': (scope, id) => new s3.Bucket(scope, id),
  'SparkEmrServerlessRuntime': (scope, id) => new SparkEmrServerlessRuntime(scope, id, { maximumCapacity: { cpu: 16, memory: Size.gibibytes(64) } }),
};

/** Runs TypeScript as it stands and returns the apps that it made. */
function execute(code: string): App[] {
  const javascript = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } }).outputText;
  const apps: App[] = [];
  class RecordedApp extends App {
    constructor() {
      super();
      apps.push(this);
    }
  }
  const load = (name: string) => name === 'aws-cdk-lib' ? new Proxy(require('aws-cdk-lib'), {
    get: (target, key) => key === 'App' ? RecordedApp : target[key],
  }) : name === 'cdk-spark-emr-serverless' ? require('../src') : require(name);
  new Function('require', 'exports', 'declared', javascript)(load, {}, (type: string, scope: Stack, id: string) => DECLARED[type](scope, id));
  return apps;
}

/** A block within the fixture, with everything that it declares. */
function inFixture(code: string): string {
  const made = code.replace(/^declare const (\w+): ([\w.]+);$/gm, (_, name, type) => `const ${name}: ${type} = declared('${type}', this, '${name}');`);
  return `${FIXTURE.replace('/// here', () => made)}\nnew MyStack(new App(), 'Stack');`;
}

describe('README', () => {
  test('has a block for each of its tasks', () => {
    expect(BLOCKS.length).toBeGreaterThan(12);
    expect(BLOCKS.filter(({ nofixture }) => nofixture)).toHaveLength(1);
  });

  test.each(BLOCKS.map((block, i) => ({ ...block, i })))('block $i, of "$title", runs', ({ code, nofixture }) => {
    const apps = execute(nofixture ? code : inFixture(code));

    expect(apps).toHaveLength(1);
    const templates = apps[0].synth().stacks.map((stack) => stack.template);
    expect(templates).toHaveLength(1);
    expect(JSON.stringify(templates)).toMatch(/AWS::EMRServerless::Application|emr-serverless:StartJobRun/);
  });

  test('starts with the program of examples/typescript, of at most 15 lines', () => {
    const [{ code }] = BLOCKS;

    expect(code).toBe(fs.readFileSync(path.join(ROOT, 'examples', 'typescript', 'app.ts'), 'utf8'));
    expect(code.trim().split('\n').length).toBeLessThanOrEqual(15);
  });

  test.each([['js', 'typescript', 'stack.test.ts'], ['py', 'python', 'test_stack.py']])('shows a unit test in %s that the example runs', (fence, language, file) => {
    const [, code] = new RegExp(`^\`\`\`${fence}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(README)!;

    expect(code).toBe(fs.readFileSync(path.join(ROOT, 'examples', language, file), 'utf8'));
  });
});
