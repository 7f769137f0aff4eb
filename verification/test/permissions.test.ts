import assert from 'node:assert/strict';
import { test } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeGrants } from 'cdk-spark-emr-serverless';
import { Granted, grantAcrossAccounts, grantAll, granteeOf, KINDS } from '../lib/applications';
import { BEIJING, Deployment, GOV_CLOUD, IRELAND } from '../lib/deployment';
import { Cell, differences } from '../lib/iam';
import { actionsOf, reference } from '../lib/iam-reference';
import { applicationCells, OTHER_ACCOUNT, passRoleCells, unaskedActions } from '../lib/matrix';
import { ACTIONS, Level, NEVER_BY_ACTIONS, VERBS } from '../lib/permissions';

test('the table has the actions of the service authorization reference, each with what IAM checks it against', async () => {
  const actions = await actionsOf('emr-serverless');
  const levels = await Promise.all(actions.map(async (action) => [action.split(':')[1], Object.keys((await reference(action))!.resources)]));
  assert.deepEqual(ACTIONS, Object.fromEntries(levels));
  assert.equal(Object.keys(ACTIONS).length, 25);
});

test('the table has every verb of the library', () => {
  const methods = Object.getOwnPropertyNames(SparkEmrServerlessRuntimeGrants.prototype);
  const notVerbs = ['constructor', 'actions', 'writeLogs', 'submit'];
  assert.deepEqual(methods.filter((name) => !notVerbs.includes(name)).sort(), Object.keys(VERBS).sort());
});

test('no verb of the table has an action where IAM does not check it', () => {
  const wrong = Object.values(VERBS).flatMap(({ on }) => Object.entries(on).flatMap(([level, names]) =>
    names.filter((name) => !ACTIONS[name].includes(level as Level))));
  assert.deepEqual(wrong, []);
});

function cellsOf({ grantees, applicationArn, executionRoleArn }: Granted, verb: string): Cell[] {
  const { on, passesExecutionRole } = VERBS[verb];
  return [...applicationCells(grantees[verb], applicationArn, on), ...passRoleCells(grantees[verb], executionRoleArn, passesExecutionRole)];
}

const CASES = [...Object.keys(KINDS).map((kind) => [kind, IRELAND] as const), ['created', BEIJING], ['imported by ARN', GOV_CLOUD]] as const;

for (const [kind, place] of CASES) {
  const granted = grantAll(kind, place);
  for (const verb of Object.keys(VERBS)) {
    test(`${verb} allows what the table says and nothing else: ${kind}, ${place.partition}`, async () => {
      const cells = cellsOf(granted, verb);
      assert.deepEqual(await differences(cells), []);
      assert.deepEqual(unaskedActions(granted.grantees[verb], cells), []);
    });
  }
}

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

for (const [name, levels] of Object.entries(ACTIONS)) {
  const action = `emr-serverless:${name}`;
  const on = levels.filter((level) => !NEVER_BY_ACTIONS[name]?.includes(level));

  if (on.length === 0) {
    test(`actions(${name}) is refused`, () => {
      const { grants } = new SparkEmrServerlessRuntime(new Stack(new App(), 'Stack'), 'Spark');
      const grantee = new Role(new Stack(new App(), 'Other'), 'Grantee', { assumedBy: new AccountRootPrincipal() });
      assert.throws(() => grants.actions(grantee, action), /knows no resource/);
    });
    continue;
  }

  test(`actions(${name}) allows it on ${on.join(' and ')} of this application and nothing else`, async () => {
    const stack = new Stack(new App(), 'Stack');
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');
    const role = new Role(stack, 'Grantee', { assumedBy: new AccountRootPrincipal() });
    runtime.grants.actions(role, action);

    const deployment = Deployment.of(stack, IRELAND);
    const grantee = granteeOf(deployment, role);
    const cells = applicationCells(grantee, deployment.value(runtime.applicationArn), Object.fromEntries(on.map((level) => [level, [name]])));
    assert.deepEqual(await differences(cells), []);
    assert.deepEqual(unaskedActions(grantee, cells), []);
  });
}
