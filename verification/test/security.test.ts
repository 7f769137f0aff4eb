import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { Stack } from 'aws-cdk-lib';
import { Deployment, IRELAND, Policy, Statement } from '../lib/deployment';
import { ask, Cell, differences, ENGINES } from '../lib/iam';
import { reference } from '../lib/iam-reference';
import { applications } from '../lib/matrix';
import { ACTIONS, Level } from '../lib/permissions';
import { policyProblems } from '../lib/policy-problems';
import { PROGRAMS, run } from '../lib/programs';

const PAGE = readFileSync(path.join(__dirname, '../../docs/security.md'), 'utf8');
const JSONS = [...PAGE.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, json]) => JSON.parse(json));

const APPLICATION = 'arn:aws:emr-serverless:eu-west-1:111122223333:/applications/00f1abcdefgh0123';
const RESOURCES: { readonly [level in Level]: string } = {
  application: APPLICATION, jobRun: `${APPLICATION}/jobruns/00f2abcdefgh0123`, session: `${APPLICATION}/sessions/00f3abcdefgh0123`,
};

const ADMINISTRATOR = 'arn:aws:iam::111122223333:role/Administrator';
const DEPLOYMENT = 'arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1';
const EVERYTHING = [{ name: 'Everything', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow' as const, Action: '*', Resource: '*' }] } }];

test('the service control policy of docs/security.md denies what the page says, and nothing else', async () => {
  const serviceControlPolicy: Policy = JSONS.find((json) => json.Statement);
  const onlyDeployments = ['CreateApplication', 'DeleteApplication', 'UpdateApplication', 'TagResource', 'UntagResource'];
  const onlyTagged = ['StartJobRun', 'StartSession'];

  const cells = [ADMINISTRATOR, DEPLOYMENT].flatMap((principal) => Object.entries(ACTIONS).flatMap(([action, levels]) =>
    (levels.length > 0 ? levels.map((level) => RESOURCES[level]) : ['*']).flatMap((resource) =>
      [[], ...onlyTagged.includes(action) ? [['aws:RequestTag/cost-center'], ['aws:RequestTag/team']] : []].map((tags: string[]): Cell => {
        const context = Object.fromEntries([['aws:PrincipalArn', principal], ...tags.map((tag) => [tag, '42'])]);
        const isDenied = (principal === ADMINISTRATOR && onlyDeployments.includes(action) && [APPLICATION, '*'].includes(resource))
          || (onlyTagged.includes(action) && !tags.includes('aws:RequestTag/cost-center'));
        return {
          what: `${action} on ${resource} by ${principal} with ${tags}`,
          question: { principal, action: `emr-serverless:${action}`, resource, context, identityPolicies: EVERYTHING, serviceControlPolicy },
          expected: isDenied ? 'denied' : 'allowed',
        };
      }))));

  assert.ok(cells.length > 60);
  assert.deepEqual(await differences(cells), []);
  // without the policy, everything is allowed, says every engine
  const withoutIt = await differences(cells.map(({ question, ...cell }) =>
    ({ ...cell, question: { ...question, serviceControlPolicy: undefined } })));
  assert.equal(withoutIt.length, Object.keys(ENGINES).length * cells.filter(({ expected }) => expected === 'denied').length);
});

test('the condition keys of docs/security.md are those that AWS lists for the actions', async () => {
  const keysOf = async (name: string) => [...new Set((await reference(`emr-serverless:${name}`))!.conditionKeys)];
  const actionsWithKey = async (key: string) => {
    const keys = await Promise.all(Object.keys(ACTIONS).map(keysOf));
    return Object.keys(ACTIONS).filter((_, i) => keys[i].includes(key));
  };
  const taggedInRequest = ['CreateApplication', 'StartJobRun', 'StartSession', 'TagResource'];

  assert.deepEqual(await actionsWithKey('aws:RequestTag/${TagKey}'), taggedInRequest);
  assert.deepEqual(await actionsWithKey('aws:TagKeys'), [...taggedInRequest, 'UntagResource']);
  assert.deepEqual(await actionsWithKey('aws:ResourceTag/${TagKey}'), Object.keys(ACTIONS).filter((action) => ACTIONS[action].length > 0));
  // none of its own
  const all = (await Promise.all(Object.keys(ACTIONS).map(keysOf))).flat();
  assert.deepEqual(all.filter((key) => !key.startsWith('aws:')), []);
});

/** The applications for which a key policy lets EMR Serverless use the key. */
async function applicationsOf(
  statement: Statement, action: string, applicationArn: string, context: Record<string, string> = {},
): Promise<string[]> {
  const sources = Object.entries(applications(applicationArn));
  const answers = await Promise.all(sources.map(([, source]) => ask({
    principal: 'emr-serverless.amazonaws.com',
    action,
    resource: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    resourcePolicy: { Version: '2012-10-17', Statement: [statement] },
    context: { 'aws:SourceArn': source, ...context },
  })));
  return sources.filter((_, i) => answers[i] === 'allowed').map(([name]) => name);
}

test('the key policy of docs/security.md lets EMR Serverless use the key for one application only', async () => {
  const statement: Statement = JSONS.find((json) => json.Principal);
  assert.deepEqual(await policyProblems(statement), []);

  for (const action of ['kms:Decrypt', 'kms:GenerateDataKey']) {
    assert.deepEqual(await applicationsOf(statement, action, APPLICATION), ['this application']);
  }
  assert.deepEqual(await applicationsOf(statement, 'kms:Encrypt', APPLICATION), []);
});

test('the key for disks of docs/security.md can be used for one application only, and only with its id in the encryption context', async () => {
  const program = PROGRAMS.find(({ name, code }) => name.endsWith('of docs/security.md') && code.includes('DiskKey'))!;
  const app = run(program, {});
  const statement = Deployment.of(app.node.findChild('Stack') as Stack, IRELAND).statements().find(({ Principal, Condition }) =>
    JSON.stringify(Principal)?.includes('emr-serverless') && JSON.stringify(Condition).includes('kms:EncryptionContext'))!;
  const { 'kms:EncryptionContext:applicationId': id, 'aws:SourceAccount': account } = statement.Condition!.StringEquals as Record<string, string>;
  const applicationArn = statement.Condition!.ArnLike['aws:SourceArn'] as string;

  assert.equal(applicationArn, `arn:aws:emr-serverless:eu-west-1:${account}:/applications/${id}`);
  // the engine takes no encryption context in a question
  const asked = { ...statement, Condition: { ...statement.Condition, StringEquals: { 'aws:SourceAccount': account } } };
  assert.deepEqual(await applicationsOf(asked, 'kms:Decrypt', applicationArn, { 'aws:SourceAccount': account }), ['this application']);
});
