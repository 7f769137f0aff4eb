import assert from 'node:assert/strict';
import { test } from 'node:test';
import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeGrants } from 'cdk-spark-emr-serverless';
import { Granted, grantAcrossAccounts, grantAll, Grantee, granteeOf, KINDS, MERGED } from '../lib/applications';
import { BEIJING, Deployment, GOV_CLOUD, IRELAND } from '../lib/deployment';
import { Cell, differences } from '../lib/iam';
import { actionsOf, reference } from '../lib/iam-reference';
import { applicationCells, OTHER_ACCOUNT, passRoleCells, unaskedActions } from '../lib/matrix';
import { ACTIONS, Level, LEVELS, NEVER_BY_ACTIONS, Verb, VERBS } from '../lib/permissions';

test('the table has the actions of the service authorization reference, each with what IAM checks it against', async () => {
  const actions = await actionsOf('emr-serverless');
  const levels = await Promise.all(actions.map(async (action) => [action.split(':')[1], Object.keys((await reference(action))!.resources)]));
  assert.deepEqual(ACTIONS, Object.fromEntries(levels));
  assert.equal(Object.keys(ACTIONS).length, 25);
});

test('the table has every verb of the library', () => {
  const methods = Object.getOwnPropertyNames(SparkEmrServerlessRuntimeGrants.prototype);
  const notVerbs = ['constructor', 'actions', 'readLogs', 'writeLogs', 'grantSubmission'];
  assert.deepEqual(methods.filter((name) => !notVerbs.includes(name)).sort(), Object.keys(VERBS).sort());
});

test('no verb of the table has an action where IAM does not check it', () => {
  const wrong = Object.values(VERBS).flatMap(({ on }) => Object.entries(on).flatMap(([level, names]) =>
    names.filter((name) => !ACTIONS[name].includes(level as Level))));
  assert.deepEqual(wrong, []);
});

function cellsOf({ grantees, applicationArn, executionRoleArn }: Granted, verb: string): Cell[] {
  return cellsOfGrantee(grantees[verb], applicationArn, executionRoleArn, VERBS[verb]);
}

function cellsOfGrantee(grantee: Grantee, applicationArn: string, executionRoleArn: string, verb: Pick<Verb, 'on' | 'passesExecutionRole'>): Cell[] {
  return [...applicationCells(grantee, applicationArn, verb.on), ...passRoleCells(grantee, executionRoleArn, verb.passesExecutionRole)];
}

/** What they allow together. */
const ALL = {
  on: Object.fromEntries(LEVELS.map((level) => [level, Object.values(VERBS).flatMap(({ on }) => on[level] ?? [])])),
  passesExecutionRole: true,
};

const CASES = [
  ...Object.keys(KINDS).map((kind) => [kind, IRELAND, {}] as const),
  ['created', BEIJING, {}],
  ['imported by ARN', GOV_CLOUD, {}],
  ['created', IRELAND, MERGED],
] as const;

for (const [kind, place, context] of CASES) {
  const granted = grantAll(kind, place, context);
  const which = `${kind}, ${place.partition}${context === MERGED ? ', statements are merged' : ''}`;

  for (const verb of Object.keys(VERBS)) {
    test(`${verb} allows what the table says and nothing else: ${which}`, async () => {
      const cells = cellsOf(granted, verb);
      assert.deepEqual(await differences(cells), []);
      assert.deepEqual(unaskedActions(granted.grantees[verb], cells), []);
    });
  }

  test(`all of them for one role allow what they allow together and nothing else: ${which}`, async () => {
    const cells = cellsOfGrantee(granted.all, granted.applicationArn, granted.executionRoleArn, ALL);
    assert.deepEqual(await differences(cells), []);
    assert.deepEqual(unaskedActions(granted.all, cells), []);
  });
}

test('statements that are merged are others', () => {
  const [apart, merged] = [{}, MERGED].map((context) => grantAll('created', IRELAND, context).all.identityPolicies[0].policy.Statement.length);
  assert.ok(merged < apart, `${merged} of ${apart}`);
});

const acrossAccounts = grantAcrossAccounts(IRELAND, OTHER_ACCOUNT);
for (const verb of Object.keys(VERBS)) {
  test(`${verb} allows a principal of another account nothing, though its policies would`, async () => {
    const { principal } = acrossAccounts.grantees[verb];
    const there = cellsOf(acrossAccounts, verb);
    assert.deepEqual(await differences(there), [], 'the policies are those of the verb');
    const fromHere = there.filter(({ expected }) => expected === 'allowed').map((cell): Cell =>
      ({ ...cell, question: { ...cell.question, principal }, expected: 'denied' }));
    assert.deepEqual(await differences(fromHere), []);
  });
}

test('grantStartJobExecution with an ARN is startJobExecution with a role', () => {
  for (const kind of ['created', 'imported by ARN', 'imported by id']) {
    const stack = new Stack(new App(), 'Stack');
    const runtime = KINDS[kind](stack, IRELAND) as SparkEmrServerlessRuntime;
    const [executionRole, byRole, byArn] = ['ExecutionRole', 'ByRole', 'ByArn']
      .map((id) => new Role(stack, id, { assumedBy: new AccountRootPrincipal() }));
    runtime.grants.startJobExecution(byRole, executionRole);
    runtime.grantStartJobExecution(byArn, executionRole.roleArn);

    const deployment = Deployment.of(stack, IRELAND);
    const policies = [byRole, byArn].map((role) => granteeOf(deployment, role).identityPolicies.map(({ policy }) => policy));
    assert.deepEqual(policies[0], policies[1], kind);
    assert.equal(policies[0].length, 1);
  }
});

/** Who was granted an action by its name; `given` are values of parameters. */
function grantActions(kind: string, action: string, given: Record<string, string> = {}) {
  const stack = new Stack(new App(), 'Stack');
  Object.keys(given).forEach((id) => new CfnParameter(stack, id));
  const { grants, applicationArn } = KINDS[kind](stack, IRELAND);
  const role = new Role(stack, 'Grantee', { assumedBy: new AccountRootPrincipal() });
  grants.actions(role, action);

  const deployment = Deployment.of(stack, IRELAND, given);
  return { grantee: granteeOf(deployment, role), applicationArn: deployment.value(applicationArn) };
}

for (const [name, levels] of Object.entries(ACTIONS)) {
  const action = `emr-serverless:${name}`;
  const on = levels.filter((level) => !NEVER_BY_ACTIONS[name]?.includes(level));

  test(`actions() of a token that becomes ${name} allows it where IAM checks it on this application, and nothing else`, async () => {
    const { grantee, applicationArn } = grantActions('created', Fn.ref('Action'), { Action: action });
    const cells = applicationCells(grantee, applicationArn, Object.fromEntries(levels.map((level) => [level, [name]])));
    assert.deepEqual(await differences(cells), []);
    assert.deepEqual(unaskedActions(grantee, cells), []);
  });

  if (on.length === 0) {
    test(`actions(${name}) is refused`, () => {
      for (const kind of Object.keys(KINDS)) { assert.throws(() => grantActions(kind, action), /IAM checks it against no resource/, kind); }
    });
    continue;
  }

  test(`actions(${name}) allows it on ${on.join(' and ')} of this application and nothing else`, async () => {
    for (const kind of Object.keys(KINDS)) {
      const { grantee, applicationArn } = grantActions(kind, action);
      const cells = applicationCells(grantee, applicationArn, Object.fromEntries(on.map((level) => [level, [name]])));
      assert.deepEqual(await differences(cells), [], kind);
      assert.deepEqual(unaskedActions(grantee, cells), [], kind);
    }
  });
}
