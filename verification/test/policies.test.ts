import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Statement } from '../lib/deployment';
import { DEPLOYMENTS } from '../lib/deployments';
import { ACTIONS, LOGGING, VERBS } from '../lib/permissions';
import { policyProblems } from '../lib/policy-problems';

/** Statements that an example grants by itself, not by the library. */
function isOfExample({ Action, Resource }: Statement): boolean {
  return /^s3:(Get|List)/.test([Action].flat().join()) && /^arn:aws:s3:::/.test([Resource ?? []].flat().join());
}

/**
 * The statements of `aws-cdk-lib` itself: who may assume the roles made here and those of state machines, and that a key belongs to its
 * account.
 */
function isOfCdk({ Action, Principal = {} }: Statement): boolean {
  return Principal.Service === 'states.amazonaws.com' || /^arn:[a-z-]+:iam::\d{12}:root$/.test(String(Principal.AWS)) && (Action === 'sts:AssumeRole' || Action === 'kms:*');
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
