import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { grantAll } from '../lib/applications';
import { CLOUDSPLAINING, risks } from '../lib/cloudsplaining';
import { Deployment, IRELAND, Policy } from '../lib/deployment';
import { DEPLOYMENTS } from '../lib/deployments';
import { LOGGING, VERBS } from '../lib/permissions';
import { deploymentsOfPrograms } from '../lib/programs';
import { skippedWithout } from '../lib/tools';

/** What cloudsplaining finds and may find. A policy that has the finding no more is a failure too. */
const ACCEPTED: readonly { finding: string; reason: string; policies: readonly string[] }[] = [{
  finding: 'ResourceExposure iam:PassRole',
  reason: 'A submitter of jobs passes an execution role. That it is this role only, and only to EMR Serverless, is what the two engines are asked.',
  policies: [
    'Submitter of examples/typescript/app.ts',
    'Submitter of examples/typescript/everything.ts',
    'Analyst of examples/typescript/everything.ts',
    'TestRole of examples/typescript/minimal.ts',
    'Submitter of README.md',
    'submitter of docs/data-access.md',
    'submitter of docs/imports.md',
    'analyst of docs/interactive.md',
    'submitter of docs/submitters.md',
    'RunJobs of docs/cdk-nag.md',
    'RunJobs of docs/submitters.md',
    'Submitter of two applications',
    'Stranger of two applications',
    'Misled of two applications',
    'RunJobs of the secure app',
    ...[
      'JobScheduleRole of examples/typescript/everything.ts', 'OwnScheduleRole of examples/typescript/everything.ts',
      'StateMachineRole of examples/typescript/everything.ts', 'StateMachineRole of examples/typescript/pipeline.ts',
      'Airflow of examples/typescript/pipeline.ts', 'GitHub of examples/typescript/pipeline.ts', 'Starter of examples/typescript/pipeline.ts',
      'NightlyEveryNightRole of README.md',
      'analyst of docs/jobs.md', 'analyst of docs/local.md', 'trigger of docs/jobs.md',
      'Airflow of docs/orchestrators.md', 'Workflow of docs/orchestrators.md', 'airflow of docs/orchestrators.md', 'dagster of docs/orchestrators.md', 'dbt of docs/orchestrators.md',
      'EveryHourRole of docs/schedules.md', 'jobEachMondayRole of docs/schedules.md', 'jobEveryDayRole of docs/schedules.md',
      'jobEveryHourRole of docs/schedules.md', 'jobEveryNightRole of docs/schedules.md', 'jobEveryNightdeRole of docs/schedules.md',
      'jobEveryNightfrRole of docs/schedules.md',
      'BackfillRole of docs/step-functions.md', 'LoadRole of docs/step-functions.md', 'NightlyRole of docs/step-functions.md',
      'pipeline of docs/streaming.md',
    ],
    ...['Starter', 'Runner', 'WaitsRole', 'SubmitsRole', 'JobEveryHourRole'].map((who) => `${who} of a job`),
    'All of every verb',
    ...Object.keys(VERBS).filter((verb) => VERBS[verb].passesExecutionRole).map((verb) => `${verb} of every verb`),
    ...Object.keys(LOGGING).map((option) => option.replace(/\W/g, '')).flatMap((id) => [`${id}Submitter of all else`, `${id}ImportedSubmitter of all else`]),
  ],
}, {
  finding: 'DataExfiltration s3:GetObject',
  reason: 'The program itself grants its jobs to read the bucket that has their data.',
  policies: [
    'SparkExecutionRole of examples/typescript/app.ts',
    'RuntimeExecutionRole of examples/typescript/everything.ts',
    'SparkEmrServerlessRuntimeexecRole1/ExecutionPolicy of examples/typescript/minimal.ts',
    'SparkExecutionRole of README.md',
    'SparkExecutionRole of docs/README.md',
    'ExecutionRole of docs/data-access.md',
    'runtimeExecutionRole of docs/data-access.md',
    'SparkExecutionRole of two applications',
  ],
}, {
  finding: 'DataExfiltration s3:GetObject',
  reason: 'A job reads its code. That its role reads no other object of the bucket with the assets, the two engines are asked.',
  policies: [
    'NightlyExecutionRole of examples/typescript/pipeline.ts',
    'StreamingExecutionRole of examples/typescript/pipeline.ts',
    'NightlyExecutionRole of README.md',
    ...['Nightly', 'Report', 'Score'].map((job) => `${job}ExecutionRole of docs/code.md`),
    ...['jobs', 'local', 'orchestrators'].map((page) => `NightlyExecutionRole of docs/${page}.md`),
    'ClicksExecutionRole of docs/streaming.md',
    ...['jobs', 'orchestrators', 'schedules', 'step-functions', 'streaming'].map((page) => `jobExecutionRole of docs/${page}.md`),
  ],
}, ...['ssm:GetParameter', 'ssm:GetParameters'].map((action) => ({
  finding: `DataExfiltration ${action}`,
  reason: 'A submitter outside of the app reads the request from the parameter.',
  policies: [
    'Airflow of examples/typescript/pipeline.ts', 'GitHub of examples/typescript/pipeline.ts',
    'analyst of docs/jobs.md', 'analyst of docs/local.md',
    'Airflow of docs/orchestrators.md', 'Workflow of docs/orchestrators.md', 'airflow of docs/orchestrators.md', 'dagster of docs/orchestrators.md',
    'pipeline of docs/streaming.md',
  ],
})), {
  finding: 'DataExfiltration s3:GetObject',
  reason: 'A reader of the logs reads the folder of the application in the bucket of the logs. That it is no more, the two engines are asked.',
  policies: [
    'Analyst of examples/typescript/everything.ts',
    'Reader of every verb',
    ...Object.keys(LOGGING).filter((option) => option.startsWith('s3Logs')).map((option) => option.replace(/\W/g, ''))
      .flatMap((id) => [`${id}Own of all else`, `${id}ImportedOwn of all else`]),
  ],
}];

/** Every identity policy of every program and of every stack of the other judges. */
function identityPolicies(): [name: string, policy: Policy][] {
  const deployments: [where: string, deployment: Deployment][] = [
    ...deploymentsOfPrograms(),
    ...Object.entries(DEPLOYMENTS).map(([what, deploy]): [string, Deployment] => [what.replace(/,.*/, ''), deploy()]),
  ];
  // without the hash that CDK gives an id
  return deployments.flatMap(([where, deployment]) => Object.entries(deployment.allIdentityPolicies())
    .map(([id, policy]): [string, Policy] => [`${id.replace(/(DefaultPolicy)?[0-9A-F]{8}(?=$|\/)/, '')} of ${where}`, policy]));
}

/** The risks in policies, each with the name of the policy. Several may have the same name. */
function findings(policies: [name: string, policy: Policy][]): string[] {
  const found = risks(Object.fromEntries(policies.map(([, policy], i) => [i, policy])));
  return [...new Set(policies.flatMap(([name], i) => found[i].map((finding) => `${finding}: ${name}`)))].sort();
}

const allow = (Action: string | string[], Resource: string) => ({ Effect: 'Allow', Action, Resource });

type Statements = (statements: Policy['Statement']) => object[];

/** What is changed in the policy of a submitter, and what cloudsplaining must say of it. */
const CHANGES: { readonly [change: string]: { to: Statements; finding: string } } = {
  'the role of jobs is any role, for any service': {
    to: (statements) => statements.map(({ Condition, ...one }) => one.Action === 'iam:PassRole' ? { ...one, Resource: '*' } : { ...one, Condition }),
    finding: 'ResourceExposure iam:PassRole on every resource',
  },
  'jobs of any application': {
    to: (statements) => statements.map((one) => [one.Action].flat().includes('emr-serverless:StartJobRun') ? { ...one, Resource: '*' } : one),
    finding: 'InfrastructureModification emr-serverless:StartJobRun on every resource',
  },
  'every action': {
    to: (statements) => [...statements, allow('emr-serverless:*', 'arn:aws:emr-serverless:eu-west-1:111122223333:/applications/00f1')],
    finding: 'ServiceWildcard emr-serverless',
  },
  'to read data': {
    to: (statements) => [...statements, allow('s3:GetObject', 'arn:aws:s3:::amzn-s3-demo-bucket/*')],
    finding: 'DataExfiltration s3:GetObject',
  },
  'to share a key': {
    to: (statements) => [...statements, allow('kms:PutKeyPolicy', 'arn:aws:kms:eu-west-1:111122223333:key/1')],
    finding: 'ResourceExposure kms:PutKeyPolicy',
  },
  'to run other things with the role': {
    to: (statements) => [...statements, allow(['lambda:CreateFunction', 'lambda:InvokeFunction'], 'arn:aws:lambda:eu-west-1:111122223333:function:f')],
    finding: 'PrivilegeEscalation PassExistingRoleToNewLambdaThenInvoke',
  },
  'to become somebody else': {
    to: (statements) => [...statements, allow('sts:AssumeRole', 'arn:aws:iam::111122223333:role/Admin')],
    finding: 'CredentialsExposure sts:AssumeRole',
  },
};

describe('cloudsplaining', { skip: skippedWithout(CLOUDSPLAINING) }, () => {
  test('finds no risk in any identity policy but those that are accepted, and finds all of these', () => {
    const policies = identityPolicies();
    console.log(`cloudsplaining looks at ${policies.length} policies …`);
    assert.ok(policies.length > 500, `${policies.length} policies`);
    const accepted = ACCEPTED.flatMap(({ finding, policies: names }) => names.map((name) => `${finding}: ${name}`));
    assert.deepEqual(findings(policies), accepted.sort());
  });

  const { identityPolicies: [{ policy }] } = grantAll('created', IRELAND).grantees.startJobExecution;
  const spoilt = (to: Statements): Policy => ({ ...policy, Statement: to(policy.Statement) as Policy['Statement'] });
  const asItIs = 'ResourceExposure iam:PassRole';

  test('finds out each change of a policy', () => {
    const found = findings([
      ['as it is', policy],
      ['without the role', spoilt((statements) => statements.filter(({ Action }) => Action !== 'iam:PassRole'))],
      ...Object.entries(CHANGES).map(([change, { to }]): [string, Policy] => [change, spoilt(to)]),
    ]);
    const of = (name: string) => found.filter((one) => one.endsWith(`: ${name}`)).map((one) => one.replace(/: .*/, ''));
    assert.deepEqual(of('as it is'), [asItIs]);
    assert.deepEqual(of('without the role'), []);
    for (const [change, { finding }] of Object.entries(CHANGES)) {
      assert.ok(of(change).includes(finding), `${change}: ${finding} is not in ${of(change)}`);
    }
  });
});
