import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { EmrRelease, SparkEmrServerlessRuntime, SparkImage } from 'cdk-spark-emr-serverless';
import { SparkDemo } from '../front-door/app';
import { grantAcrossAccounts, grantAll, KINDS, MERGED } from '../lib/applications';
import { BEIJING, Deployment, GOV_CLOUD, IRELAND, Place, Statement } from '../lib/deployment';
import { LogDestinations } from '../lib/log-destinations';
import { LOGGING_KINDS, loggingRoles } from '../lib/logging-roles';
import { OTHER_ACCOUNT } from '../lib/matrix';
import { ACTIONS, LOGGING, VERBS } from '../lib/permissions';
import { policyProblems } from '../lib/policy-problems';
import { secureApp } from '../lib/secure-app';

/** Every way of logging, an image, Identity Center, roles and every action by its name. */
function everything(place: Place): Deployment {
  const destinations = new LogDestinations(place);
  const { stack } = destinations;
  for (const option of Object.keys(LOGGING)) {
    const id = option.replace(/\W/g, '');
    const logging = destinations.options(option);
    const created = new SparkEmrServerlessRuntime(stack, id, {
      ...logging,
      release: EmrRelease.EMR_7_14_0,
      livyEndpoint: true,
      identityCenterInstanceArn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef',
      image: SparkImage.fromEcrRepository(new Repository(stack, `${id}Repository`), '7.14.0'),
    });
    const imported = SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(stack, `${id}Imported`, {
      applicationId: '00f1abcdefgh0123',
      ...logging,
    });
    for (const runtime of [created, imported]) {
      const role = runtime.createExecutionRole('ExecutionRole');
      runtime.grantStartJobExecution(new Role(runtime, 'Submitter', { assumedBy: new AccountRootPrincipal() }), role.roleArn);
      const own = new Role(runtime, 'Own', { assumedBy: runtime.executionPrincipal });
      runtime.grants.writeLogs(own);
      runtime.grants.readLogs(own);
      const named = Object.keys(ACTIONS).filter((action) => ACTIONS[action].length > 0).map((action) => `emr-serverless:${action}`);
      runtime.grants.actions(own, ...named);
    }
  }
  return Deployment.of(stack, place);
}

const DEPLOYMENTS: { readonly [what: string]: () => Deployment } = {
  ...Object.fromEntries(Object.keys(KINDS).map((kind) => [`every verb, ${kind}`, () => grantAll(kind, IRELAND).deployment])),
  'every verb, in China': () => grantAll('created', BEIJING).deployment,
  'every verb, in GovCloud': () => grantAll('imported by ARN', GOV_CLOUD).deployment,
  'every verb, across accounts': () => grantAcrossAccounts(IRELAND, OTHER_ACCOUNT).deployment,
  'every verb, statements are merged': () => grantAll('created', IRELAND, MERGED).deployment,
  ...Object.fromEntries(Object.keys(LOGGING).flatMap((option) => Object.keys(LOGGING_KINDS).map((kind) =>
    [`every verb, ${option}, ${kind}`, () => loggingRoles(kind, option, IRELAND).deployment]))),
  'all else': () => everything(IRELAND),
  'all else, in China': () => everything(BEIJING),
  'all else, in GovCloud': () => everything(GOV_CLOUD),
  'the stack behind the front door': () => Deployment.of(new SparkDemo(), IRELAND),
  'the secure app': () => Deployment.of(secureApp().stack, IRELAND),
};

/** Statements that an example grants by itself, not by the library. */
function isOfExample({ Action, Resource }: Statement): boolean {
  return /^s3:(Get|List)/.test([Action].flat().join()) && /^arn:aws:s3:::/.test([Resource ?? []].flat().join());
}

/** The statements of `aws-cdk-lib` itself: who may assume the roles made here, and that a key belongs to its account. */
function isOfCdk({ Action, Principal = {} }: Statement): boolean {
  return /^arn:[a-z-]+:iam::\d{12}:root$/.test(String(Principal.AWS)) && (Action === 'sts:AssumeRole' || Action === 'kms:*');
}

/** What the guides of AWS have all the same. */
const KNOWN: readonly { problem: RegExp; in: 'identity policies' | 'key policies'; why: string }[] = [
  {
    in: 'identity policies',
    problem: /^logs:DescribeLogGroups is never checked against arn:[a-z-]+:logs:[a-z0-9-]+:\d{12}:\*$/,
    why: 'CloudWatch Logs asks for log-group::log-stream: https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html',
  },
  {
    in: 'identity policies',
    problem: /:log-group:[^:]+:log-stream:\*applications\/[0-9a-z]+\/\* has a wildcard that is not all below$/,
    why: 'AWS does not say how the prefix is joined to the name of a stream: docs/adr/0017-log-reach.md',
  },
  {
    in: 'identity policies',
    problem: /^s3:prefix is not literal: (spark\/)?applications\/[0-9a-z]+\/\*$/,
    why: 'a prefix is a text, and what is below it is a pattern: https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html',
  },
  {
    in: 'key policies',
    problem: /^kms:(Describe|GenerateDataKey|ReEncrypt)\* is not literal$/,
    why: 'written so in the policy of a key: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html',
  },
  {
    in: 'key policies',
    problem: /^kms:Describe\* has no condition key kms:EncryptionContext:aws:logs:arn$/,
    why: 'the same statement; it lets nobody describe the key',
  },
];

const seen = { actions: new Set<string>(), problems: [] as string[] };

for (const [what, deploy] of Object.entries(DEPLOYMENTS)) {
  test(`every statement has literal actions that exist, on ARNs that IAM checks them against: ${what}`, async () => {
    const statements = deploy().statements().filter((statement) => !isOfCdk(statement) && !isOfExample(statement));
    assert.ok(statements.length >= Object.keys(VERBS).length, `${statements.length} statements`);
    for (const statement of statements) {
      const problems = await policyProblems(statement);
      const known = KNOWN.filter((one) => one.in === (statement.Principal ? 'key policies' : 'identity policies'));
      assert.deepEqual(problems.filter((found) => !known.some(({ problem }) => problem.test(found))), [], JSON.stringify(statement));
      [statement.Action].flat().forEach((action) => seen.actions.add(action));
      seen.problems.push(...problems);
    }
  });
}

test('every action that the library can grant was among them, and every exception is needed', () => {
  const granted = [
    ...Object.keys(ACTIONS).filter((name) => ACTIONS[name].length > 0).map((name) => `emr-serverless:${name}`),
    ...Object.values(LOGGING).flatMap(({ write, read = {} }) => [...Object.values(write), ...Object.values(read)].flat()),
    'iam:PassRole', 'sts:AssumeRole', 'sts:SetContext', 'ecr:BatchGetImage',
  ];
  assert.deepEqual(granted.filter((action) => !seen.actions.has(action)), []);
  assert.deepEqual(KNOWN.filter(({ problem }) => !seen.problems.some((found) => problem.test(found))), []);
});
