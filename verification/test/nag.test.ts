import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { after, describe, test } from 'node:test';
import { App, Duration, NestedStack, Stack, Stage, Token, Validations } from 'aws-cdk-lib';
import { AccountRootPrincipal, ManagedPolicy, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import {
  AwsSolutionsChecks, HIPAASecurityChecks, NagPack, NIST80053R4Checks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks,
} from 'cdk-nag';
import { EmrServerlessStartJobRun, SparkEmrServerlessJob, SparkEmrServerlessRuntime } from 'cdk-spark-emr-serverless';
import { PROGRAM } from '../lib/jobs';
import { PROGRAMS, run, scriptOf } from '../lib/programs';
import { Acknowledged, secureApp } from '../lib/secure-app';
import { findings, withValidation } from '../lib/validation';

const context = withValidation();

const folder = mkdtempSync(path.join(tmpdir(), 'nag-'));
after(() => rmSync(folder, { recursive: true }));

function build(name: string) {
  return secureApp({ outdir: path.join(folder, name), context });
}

/** What the packs and CDK's own validation find, as "<rule> at <path of the construct>". */
function judge(app: App, solutions: NagPack = new AwsSolutionsChecks(app)): string[] {
  Validations.of(app).addPlugins(
    solutions, new NIST80053R4Checks(app), new NIST80053R5Checks(app), new HIPAASecurityChecks(app), new PCIDSS321Checks(app),
    new ServerlessChecks(app),
  );
  return findings(app.synth().directory).map((text) => text.replace(/^\w+ (.*?) at (\S+): .*$/s, '$1 at $2')).sort();
}

function acknowledge(acknowledged: Acknowledged[]): void {
  acknowledged.forEach(({ at, id, reason }) => Validations.of(at).acknowledge({ id, reason }));
}

test('a secure application has the findings that are listed, and no other', () => {
  const { app, acknowledged } = build('as-it-stands');

  assert.deepEqual(judge(app), acknowledged.map(({ at, id }) => `${id} at ${at.node.path}/Resource`).sort());
});

test('a secure application has no finding once the listed ones are acknowledged', () => {
  const { app, acknowledged } = build('acknowledged');
  acknowledge(acknowledged);

  assert.deepEqual(judge(app), []);
});

test('every pack notices what is not listed', () => {
  const { app, stack, acknowledged } = build('careless');
  acknowledge(acknowledged);
  new Role(stack, 'Careless', {
    assumedBy: new AccountRootPrincipal(),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonS3FullAccess')],
    inlinePolicies: { Inline: new PolicyDocument({ statements: [new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] })] }) },
  });

  assert.deepEqual(judge(app), [
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonS3FullAccess] at Secure/Careless/Resource',
    'AwsSolutions-IAM5[Resource::*] at Secure/Careless/Resource',
    'HIPAA.Security-IAMNoInlinePolicy at Secure/Careless/Resource',
    'NIST.800.53.R4-IAMNoInlinePolicy at Secure/Careless/Resource',
    'NIST.800.53.R5-IAMNoInlinePolicy at Secure/Careless/Resource',
    'PCI.DSS.321-IAMNoInlinePolicy at Secure/Careless/Resource',
  ]);
});

test('a job and what starts it have the findings of job runs, of logs and of inline policies, which CDK makes, and no other', () => {
  const { app, stack, acknowledged } = build('job');
  acknowledge(acknowledged);
  const runtime = stack.node.findChild('Spark') as SparkEmrServerlessRuntime;
  const job = new SparkEmrServerlessJob(stack, 'Job', { runtime, entryPoint: PROGRAM });
  job.addSchedule('EveryHour', { schedule: ScheduleExpression.rate(Duration.hours(1)) });
  new StateMachine(stack, 'StateMachine', {
    definitionBody: DefinitionBody.fromChainable(EmrServerlessStartJobRun.jsonPath(stack, 'Run', { job })),
    tracingEnabled: true,
    logs: { destination: stack.node.findChild('LogGroup') as LogGroup, level: LogLevel.ALL },
  });
  const runJob = new ManagedPolicy(stack, 'RunJob');
  job.grants.run(runJob);
  new Role(stack, 'Runner', { assumedBy: new AccountRootPrincipal(), managedPolicies: [runJob] });

  const id = stack.getLogicalId(runtime.application);
  const logs = acknowledged.filter(({ at }) => at.node.id === 'WriteLogs').map((one) => `${one.id} at Secure/Job/ExecutionRole/DefaultPolicy/Resource`);
  const jobRuns = ['RunJob', 'StateMachine/Role/DefaultPolicy'].map((at) => `AwsSolutions-IAM5[Resource::<${id}.Arn>/jobruns/*] at Secure/${at}/Resource`);
  const inline = ['Job/ExecutionRole', 'Job/EveryHour/Role', 'StateMachine/Role'].flatMap((role) =>
    ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'].map((pack) => `${pack}-IAMNoInlinePolicy at Secure/${role}/DefaultPolicy/Resource`));
  // to trace and to log is of CDK, and has no resource
  const ofCdk = ['AwsSolutions-IAM5[Resource::*] at Secure/StateMachine/Role/DefaultPolicy/Resource'];
  assert.deepEqual(judge(app), [...logs, ...jobRuns, ...inline, ...ofCdk].sort());
});

describe('docs/cdk-nag.md', () => {
  const examples = PROGRAMS.filter(({ name }) => name.endsWith('of docs/cdk-nag.md'));

  test('has an example with one stack and one with two', () => assert.equal(examples.length, 2));

  for (const example of examples) {
    const outdir = path.join(folder, example.name.replace(/\W+/g, '-'));

    test(`no pack finds anything in ${example.name}`, () => {
      assert.deepEqual(judge(run(example, { outdir, context })), []);
    });

    test(`the packs find something in ${example.name} without what it acknowledges`, () => {
      const code = example.code.replaceAll('/jobruns/*]', '/sessions/*]');

      assert.match(judge(run({ ...example, code }, { outdir: `${outdir}-changed`, context })).join('\n'), /^AwsSolutions-IAM5\[Resource::.*\/jobruns\/\*\] at \S+$/);
    });
  }

  test('an inline grant, as in the first example of the README, has findings in the four packs that the page names', () => {
    const [readme] = PROGRAMS.filter(({ name }) => name.endsWith('of README.md'));
    const found = judge(run(readme, { outdir: path.join(folder, 'readme'), context })).filter((finding) => finding.includes('IAMNoInlinePolicy'));

    const packs = new Set(found.map((finding) => finding.replace(/-IAMNoInlinePolicy.*/, '')));
    assert.deepEqual([...packs], ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321']);
  });
});

describe('findings across stacks', () => {
  const env = { account: '111122223333', region: 'eu-west-1' };
  const REASON = 'as the page says';

  /** Data, application and team in a stack each; the policies are in the stack of the application, or in that of the team. */
  function buildStacks(name: string, policies: 'Platform' | 'Team', options: { stage?: boolean; env?: typeof env; nested?: boolean; references?: string } = {}) {
    const strength = options.references ? { '@aws-cdk/core:defaultCrossStackReferences': options.references } : {};
    const app = new App({ outdir: path.join(folder, name), context: { ...context, ...strength } });
    const scope = options.stage ? new Stage(app, 'Prod', { env: options.env }) : app;
    const [data, platform, team] = ['Data', 'Platform', 'Team'].map((id) => new Stack(scope, id, { env: options.env }));

    const key = new Key(data, 'Key', { enableKeyRotation: true });
    const bucket = new Bucket(data, 'Bucket', { encryptionKey: key });
    const logGroup = new LogGroup(data, 'LogGroup', { encryptionKey: key, retention: RetentionDays.ONE_YEAR });
    const home = options.nested ? new NestedStack(platform, 'Nested') : platform;
    const runtime = new SparkEmrServerlessRuntime(home, 'Spark', {
      managedLogsKey: key, s3Logs: { bucket, prefix: 'spark', encryptionKey: key }, cloudWatchLogs: { logGroup, encryptionKey: key },
    });

    const writeLogs = new ManagedPolicy(home, 'WriteLogs');
    runtime.grants.writeLogs(writeLogs);
    const executionRole = runtime.createExecutionRole('ExecutionRole', undefined, { grantLogging: false, managedPolicies: [writeLogs] });
    const runJobs = new ManagedPolicy(policies === 'Team' ? team : home, 'RunJobs');
    runtime.grantStartJobExecution(runJobs, executionRole.roleArn);
    new Role(team, 'Submitter', { assumedBy: new AccountRootPrincipal(), managedPolicies: [runJobs] });
    return { app, data, platform, home, team, bucket, logGroup, runtime, writeLogs, runJobs };
  }

  /** What is about grants; the bucket is as its owner wants it. */
  const aboutPolicies = (found: string[]) => found.filter((finding) => finding.includes('-IAM'));

  function acknowledgeLogs({ data, platform, bucket, logGroup, runtime, writeLogs }: ReturnType<typeof buildStacks>): void {
    const imported = (value: string) => platform.resolve(data.exportValue(value))['Fn::ImportValue'];
    const shown = (value: string, parameter: string) => Token.isUnresolved(value) ? `<AWS::${parameter}>` : value;
    const logs = `arn:<AWS::Partition>:logs:${shown(platform.region, 'Region')}:${shown(platform.account, 'AccountId')}`;
    const ofApplication = `applications/<${platform.getLogicalId(runtime.application)}.ApplicationId>/*`;
    [
      `arn:<AWS::Partition>:s3:::${imported(bucket.bucketName)}/spark/${ofApplication}`,
      `${logs}:log-group:${imported(logGroup.logGroupName)}:*`,
      `${logs}:log-group:${imported(logGroup.logGroupName)}:log-stream:*${ofApplication}`,
      `${logs}:*`,
    ].forEach((resource) => Validations.of(writeLogs).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason: REASON }));
  }

  for (const [what, options] of Object.entries({ 'stacks': {}, 'stacks of an account': { env }, 'stacks of a stage': { stage: true, env } })) {
    test(`can be acknowledged for a policy beside the application: ${what}`, () => {
      const built = buildStacks(`beside ${what}`, 'Platform', options);
      acknowledgeLogs(built);
      const { platform, runtime, runJobs } = built;
      Validations.of(runJobs).acknowledge({
        id: `AwsSolutions-IAM5[Resource::<${platform.getLogicalId(runtime.application)}.Arn>/jobruns/*]`, reason: REASON,
      });

      assert.deepEqual(aboutPolicies(judge(built.app)), []);
    });

    test(`can be acknowledged for a policy of another stack: ${what}`, () => {
      const built = buildStacks(`elsewhere ${what}`, 'Team', options);
      acknowledgeLogs(built);
      const { platform, team, runtime, runJobs } = built;
      const imported = team.resolve(platform.exportValue(runtime.applicationArn));
      Validations.of(runJobs).acknowledge({ id: `AwsSolutions-IAM5[Resource::${imported['Fn::ImportValue']}/jobruns/*]`, reason: REASON });

      assert.deepEqual(aboutPolicies(judge(built.app)), []);
    });
  }

  for (const [what, options] of Object.entries({
    'a nested stack': { nested: true }, 'weak references': { references: 'weak' }, 'both kinds of references': { references: 'both' },
  })) {
    test(`about job runs can be acknowledged for a policy beside the application: ${what}`, () => {
      const { app, home, runtime, runJobs } = buildStacks(`beside ${what}`, 'Platform', options);
      Validations.of(runJobs).acknowledge({
        id: `AwsSolutions-IAM5[Resource::<${home.getLogicalId(runtime.application)}.Arn>/jobruns/*]`, reason: REASON,
      });

      assert.deepEqual(judge(app).filter((finding) => finding.includes('/jobruns/')), []);
    });

    test(`about job runs can be filtered: ${what}`, () => {
      const { SolutionsChecks } = scriptOf('docs/cdk-nag.md');
      const filtered = buildStacks(`filtered ${what}`, 'Team', options).app;
      const found = judge(buildStacks(`unfiltered ${what}`, 'Team', options).app);

      assert.equal(found.filter((finding) => finding.includes('/jobruns/')).length, 1);
      assert.deepEqual(judge(filtered, new SolutionsChecks(filtered)), found.filter((finding) => !finding.includes('/jobruns/')));
    });
  }
});
