import assert from 'node:assert/strict';
import { test } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { ISparkEmrServerlessRuntime, SparkEmrServerlessRuntime, SparkExecutionRole } from 'cdk-spark-emr-serverless';
import { KINDS } from '../lib/applications';
import { BEIJING, Deployment, GOV_CLOUD, IRELAND, Place, Policy } from '../lib/deployment';
import { Cell, differences } from '../lib/iam';
import { assumeRoleCells, OTHER_ACCOUNT } from '../lib/matrix';

type Runtime = (stack: Stack, place: Place) => ISparkEmrServerlessRuntime;
type ExecutionRole = (stack: Stack, runtime: ISparkEmrServerlessRuntime) => Role;

const RUNTIMES: { readonly [kind: string]: Runtime } = {
  'created': KINDS.created as Runtime,
  'imported by ARN': KINDS['imported by ARN'] as Runtime,
  'imported by id': KINDS['imported by id'] as Runtime,
};

const ROLES: { readonly [which: string]: ExecutionRole } = {
  'a SparkExecutionRole': (stack, runtime) => new SparkExecutionRole(stack, 'Role', { runtimes: [runtime] }),
  'a role of createExecutionRole()': (_, runtime) => runtime.createExecutionRole('ExecutionRole'),
  'a role of one\'s own with executionPrincipal': (stack, runtime) => new Role(stack, 'Own', { assumedBy: runtime.executionPrincipal }),
};

const identityCenterInstanceArn = 'arn:aws:sso:::instance/ssoins-1234567890abcdef';

function cellsOf(
  runtimeOf: Runtime, roleOf: ExecutionRole, place: Place, action?: string, accountOfRole?: string,
): { cells: Cell[]; trust: Policy } {
  const stack = new Stack(new App(), 'Stack', accountOfRole ? { env: { account: accountOfRole, region: place.region } } : {});
  const runtime = runtimeOf(stack, place);
  const role = roleOf(stack, runtime);
  const deployment = Deployment.of(stack, { ...place, account: accountOfRole ?? place.account });
  const roleArn = deployment.value(role.roleArn);
  const trust = deployment.trustPolicy(roleArn);
  return { cells: assumeRoleCells(trust, roleArn, deployment.value(runtime.applicationArn), action), trust };
}

const actionsOf = ({ Statement }: Policy) => Statement.flatMap(({ Action }) => Action);

for (const [kind, runtimeOf] of Object.entries(RUNTIMES)) {
  for (const [which, roleOf] of Object.entries(ROLES)) {
    for (const place of [IRELAND, BEIJING, GOV_CLOUD]) {
      test(`${which} can be assumed for this application only: ${kind}, ${place.partition}`, async () => {
        const { cells, trust } = cellsOf(runtimeOf, roleOf, place);
        assert.deepEqual(await differences(cells), []);
        assert.deepEqual(actionsOf(trust), ['sts:AssumeRole']);
      });
    }
  }
}

test('a role of another account is refused, and one of one\'s own trusts this application only, which EMR Serverless never uses', async () => {
  const runtimeOf = RUNTIMES['imported by ARN'];
  const own = ROLES['a role of one\'s own with executionPrincipal'];
  for (const which of ['a role of createExecutionRole()', 'a SparkExecutionRole']) {
    assert.throws(() => cellsOf(runtimeOf, ROLES[which], IRELAND, undefined, OTHER_ACCOUNT), /the applications of an execution role must belong to account/);
  }
  assert.deepEqual(await differences(cellsOf(runtimeOf, own, IRELAND, undefined, OTHER_ACCOUNT).cells), []);
});

const WITH_IDENTITY_CENTER: { readonly [kind: string]: Runtime } = {
  created: (stack) => new SparkEmrServerlessRuntime(stack, 'Spark', { livyEndpoint: true, identityCenterInstanceArn }),
  imported: (stack) => SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(stack, 'Spark', {
    applicationId: '00f1abcdefgh0123', identityCenterInstanceArn,
  }),
};

for (const [kind, runtimeOf] of Object.entries(WITH_IDENTITY_CENTER)) {
  test(`with IAM Identity Center the service can hand on the user, for this application only: ${kind}`, async () => {
    for (const roleOf of Object.values(ROLES)) {
      for (const action of ['sts:AssumeRole', 'sts:SetContext']) {
        const { cells, trust } = cellsOf(runtimeOf, roleOf, IRELAND, action);
        assert.deepEqual(await differences(cells), []);
        assert.deepEqual(actionsOf(trust), ['sts:AssumeRole', 'sts:SetContext']);
      }
    }
  });
}

test('a SparkExecutionRole of two applications can be assumed for each of them and for no other', async () => {
  const stack = new Stack(new App(), 'Stack');
  const runtimes = ['One', 'Other'].map((id) => new SparkEmrServerlessRuntime(stack, id));
  const role = new SparkExecutionRole(stack, 'Role', { runtimes });
  const deployment = Deployment.of(stack, IRELAND);
  const roleArn = deployment.value(role.roleArn);
  for (const { applicationArn } of runtimes) {
    assert.deepEqual(await differences(assumeRoleCells(deployment.trustPolicy(roleArn), roleArn, deployment.value(applicationArn))), []);
  }
});
