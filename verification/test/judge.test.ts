import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { SparkEmrServerlessRuntime } from 'cdk-spark-emr-serverless';
import { grantAll, Grantee, KINDS } from '../lib/applications';
import { Deployment, IRELAND, Policy, Statement } from '../lib/deployment';
import { Answer, ask, differences, ENGINES, Question } from '../lib/iam';
import { keyPolicyCells } from '../lib/key-policies';
import { LogDestinations } from '../lib/log-destinations';
import { loggingRoles } from '../lib/logging-roles';
import { applicationCells, assumeRoleCells, passRoleCells, thingCells, unaskedActions } from '../lib/matrix';
import { LOGGING, Thing, VERBS } from '../lib/permissions';
import { policyProblems } from '../lib/policy-problems';
import { askSecondEngine, SECOND_ENGINE } from '../lib/second-engine';
import { skippedWithout } from '../lib/tools';

type Replace = (text: string) => string;

/** What is changed in a policy, and what must be said of it. */
type Changes = { readonly [change: string]: { replace: Replace; complaint: RegExp } };

/** A policy in which something was changed; that nothing was changed would be no test. */
function changed(policy: Policy, replace: Replace): Policy {
  const before = JSON.stringify(policy);
  const after = replace(before);
  assert.notEqual(after, before);
  return JSON.parse(after);
}

function assertComplaint(found: string[], complaint: RegExp): void {
  assert.ok(found.some((one) => complaint.test(one)), `${complaint} is not in ${JSON.stringify(found.slice(0, 5))}`);
  // an answer that should be another is one of each engine
  if (!/, is (allowed|denied)$/.test(complaint.source)) { return; }
  for (const engine of Object.keys(ENGINES)) {
    assert.ok(found.some((one) => complaint.test(one) && one.endsWith(`(${engine})`)), `${complaint} is not in what ${engine} says: ${JSON.stringify(found)}`);
  }
}

const granted = grantAll('created', IRELAND);
const { applicationArn, executionRoleArn } = granted;
const submitter = granted.grantees.startJobExecution;

async function complaints(grantee: Grantee): Promise<string[]> {
  const { on, passesExecutionRole } = VERBS.startJobExecution;
  const cells = [...applicationCells(grantee, applicationArn, on), ...passRoleCells(grantee, executionRoleArn, passesExecutionRole)];
  const problems = grantee.identityPolicies.flatMap(({ policy }) => policy.Statement).map(policyProblems);
  const answers = await differences(cells).catch((error: Error) => [error.message]);
  return [...answers, ...unaskedActions(grantee, cells), ...(await Promise.all(problems)).flat()];
}

const withPolicies = (grantee: Grantee, replace: Replace): Grantee => ({
  ...grantee,
  identityPolicies: grantee.identityPolicies.map(({ name, policy }) => ({ name, policy: changed(policy, replace) })),
});

const PASSED_TO_SERVICE = '"Condition":{"StringLike":{"iam:PassedToService":"emr-serverless.amazonaws.com"}},';

const POLICIES: Changes = {
  'an application ARN that ends with *': {
    replace: (text) => text.replace(`"${applicationArn}"`, `"${applicationArn}*"`),
    complaint: /GetApplication on an application whose id starts with this one's should be denied, is allowed/,
  },
  'all applications': {
    replace: (text) => text.replace(`"${applicationArn}"`, '"arn:aws:emr-serverless:eu-west-1:111122223333:/applications/*"'),
    complaint: /StartJobRun on another application should be denied, is allowed/,
  },
  'job runs of all applications': {
    replace: (text) => text.replace(`${applicationArn}/jobruns`, 'arn:aws:emr-serverless:eu-west-1:111122223333:/applications/*/jobruns'),
    complaint: /CancelJobRun on a jobRun of another application should be denied, is allowed/,
  },
  'any Region': {
    replace: (text) => text.replaceAll(':eu-west-1:', ':*:'),
    complaint: /StartJobRun on the same id in another Region should be denied, is allowed/,
  },
  'any account': {
    replace: (text) => text.replaceAll(':eu-west-1:111122223333:', ':eu-west-1:*:'),
    complaint: /StartJobRun on the same id in another account should be denied, is allowed/,
  },
  'every resource': {
    replace: (text) => text.replace(`"${applicationArn}"`, '"*"'),
    complaint: /\* is no ARN of one Region and account/,
  },
  'a resource that is no ARN': {
    replace: (text) => text.replace(`"${applicationArn}"`, '"Spark"'),
    complaint: /a resource of a policy is no ARN: Spark/,
  },
  'an ARN without a resource': {
    replace: (text) => text.replace(`"${applicationArn}"`, '"arn:aws:emr-serverless:eu-west-1:111122223333"'),
    complaint: /a resource of a policy is no ARN: arn:aws:emr-serverless:eu-west-1:111122223333/,
  },
  'job runs on the application': {
    replace: (text) => text.replace(`${applicationArn}/jobruns/*`, applicationArn),
    complaint: /CancelJobRun on a jobRun of this application should be allowed, is denied/,
  },
  'all that lies under the application': {
    replace: (text) => text.replace('/jobruns/*', '/*'),
    complaint: /emr-serverless:GetJobRun is never checked against .*\/\*/,
  },
  'one action more': {
    replace: (text) => text.replace('"emr-serverless:StopApplication"', '"emr-serverless:StopApplication","emr-serverless:DeleteApplication"'),
    complaint: /DeleteApplication on this application should be denied, is allowed/,
  },
  'one action less': {
    replace: (text) => text.replace('"emr-serverless:CancelJobRun",', ''),
    complaint: /CancelJobRun on a jobRun of this application should be allowed, is denied/,
  },
  'an action with a wildcard that allows no more today': {
    replace: (text) => text.replace('"emr-serverless:StartJobRun"', '"emr-serverless:StartJobR*"'),
    complaint: /emr-serverless:StartJobR\* is not literal/,
  },
  'an action that does not exist': {
    replace: (text) => text.replace('"emr-serverless:CancelJobRun"', '"emr-serverless:CancelJobRun","emr-serverless:StopJobRun"'),
    complaint: /emr-serverless:StopJobRun does not exist/,
  },
  'an action that has no resource': {
    replace: (text) => text.replace('"emr-serverless:StartJobRun"', '"emr-serverless:ListApplications","emr-serverless:StartJobRun"'),
    complaint: /emr-serverless:ListApplications is never checked against/,
  },
  'an action of another service': {
    replace: (text) => text.replace('"iam:PassRole"', '["iam:GetRole","iam:PassRole"]'),
    complaint: /^iam:GetRole$/,
  },
  'all but some actions': {
    replace: (text) => text.replace('"Action":"iam:PassRole"', '"NotAction":"iam:PassRole"'),
    complaint: /unexpected element NotAction/,
  },
  'a role for any service': {
    replace: (text) => text.replace(PASSED_TO_SERVICE, ''),
    complaint: /the execution role to lambda.amazonaws.com should be denied, is allowed/,
  },
  'a role if no service is named': {
    replace: (text) => text.replace('StringLike', 'StringLikeIfExists'),
    complaint: /the execution role to no service named should be denied, is allowed/,
  },
  'a role for services of a like name': {
    replace: (text) => text.replace('"emr-serverless.amazonaws.com"', '"*emr-serverless.amazonaws.com"'),
    complaint: /the execution role to ops.emr-serverless.amazonaws.com should be denied, is allowed/,
  },
  'a role for services that start the same': {
    replace: (text) => text.replace('"emr-serverless.amazonaws.com"', '"emr-serverless.*"'),
    complaint: /iam:PassedToService is not literal: emr-serverless\.\*/,
  },
  'a role for another service too': {
    replace: (text) => text.replace('"emr-serverless.amazonaws.com"', '["emr-serverless.amazonaws.com","states.amazonaws.com"]'),
    complaint: /iam:PassRole is not for EMR Serverless alone/,
  },
  'an application ARN that ends with ?': {
    replace: (text) => text.replace(`"${applicationArn}"`, `"${applicationArn.slice(0, -1)}?"`),
    complaint: /\? has a wildcard that is not all below/,
  },
  'any role': {
    replace: (text) => text.replace(`"${executionRoleArn}"`, '"arn:aws:iam::111122223333:role/*"'),
    complaint: /another role to emr-serverless.amazonaws.com should be denied, is allowed/,
  },
  'a condition key that the action does not have': {
    replace: (text) => text.replace('"iam:PassedToService"', '"iam:PassedToservices"'),
    complaint: /iam:PassRole has no condition key iam:PassedToservices/,
  },
};

test('a policy that is not in the template is no guess', () => {
  const stack = new Stack(new App(), 'Stack');
  const role = new Role(stack, 'Role', {
    assumedBy: new AccountRootPrincipal(),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonEMRServerlessFullAccess')],
  });
  const deployment = Deployment.of(stack, IRELAND);
  assert.throws(() => deployment.identityPolicies(deployment.value(role.roleArn)), /no AWS::IAM::ManagedPolicy .*AmazonEMRServerlessFullAccess/);
});

test('the policy as it is gives no complaint', async () => assert.deepEqual(await complaints(submitter), []));

for (const [change, { replace, complaint }] of Object.entries(POLICIES)) {
  test(`a policy is found out: ${change}`, async () => {
    const found = await complaints(withPolicies(submitter, replace));
    assertComplaint(found, complaint);
  });
}

const TRUSTS: Changes = {
  'without a source': {
    replace: (text) => text.replace(/,"ArnLike":\{[^}]*\}/, ''),
    complaint: /source another application, .* should be denied, is allowed/,
  },
  'without a source account': {
    replace: (text) => text.replace(/"StringEquals":\{[^}]*\},/, ''),
    complaint: /source account another account should be denied, is allowed/,
  },
  'of all applications': {
    replace: (text) => text.replace(/applications\/\w+"/, 'applications/*"'),
    complaint: /source another application, .* should be denied, is allowed/,
  },
  'of ids that start alike': {
    replace: (text) => text.replace(/(applications\/\w+)"/, '$1*"'),
    complaint: /id starts with this one's, .* should be denied, is allowed/,
  },
  'of the application alone': {
    replace: (text) => text.replace(/,"[^"]*\/\*"/, ''),
    complaint: /source a job run of this application, .* should be allowed, is denied/,
  },
  'of job runs, not of sessions': {
    replace: (text) => text.replace(/\/\*"/, '/jobruns/*"'),
    complaint: /source a session of this application, .* should be allowed, is denied/,
  },
  'if a source is said': {
    replace: (text) => text.replace('ArnLike', 'ArnLikeIfExists'),
    complaint: /source not said, source account its account should be denied, is allowed/,
  },
  'of another service': {
    replace: (text) => text.replace('"emr-serverless.amazonaws.com"', '"lambda.amazonaws.com"'),
    complaint: /by lambda.amazonaws.com, .* should be denied, is allowed/,
  },
  'of the account too': {
    replace: (text) => text.replace('"Service":', '"AWS":"arn:aws:iam::111122223333:root","Service":'),
    complaint: /by a role that may assume every role, source this application, .* should be denied, is allowed/,
  },
};

const stack = new Stack(new App(), 'Stack');
const runtime = KINDS.created(stack, IRELAND) as SparkEmrServerlessRuntime;
const role = runtime.createExecutionRole('ExecutionRole');
const deployment = Deployment.of(stack, IRELAND);
const roleArn = deployment.value(role.roleArn);

for (const [change, { replace, complaint }] of Object.entries(TRUSTS)) {
  test(`a trust is found out: ${change}`, async () => {
    const trust = changed(deployment.trustPolicy(roleArn), replace);
    const found = await differences(assumeRoleCells(trust, roleArn, deployment.value(runtime.applicationArn)));
    assertComplaint(found, complaint);
  });
}

const SOURCE = /"ArnLike":\{"aws:SourceArn":"[^"]*"\}/;

const EMR_SERVERLESS_KEY: Changes = {
  'for everybody': {
    replace: (text) => text.replace(/,"Condition":\{"ArnLike":\{"aws:SourceArn":"[^"]*"\}\}/, ''),
    complaint: /kms:Decrypt with key of managed logs by EMR Serverless for an application of another account should be denied, is allowed/,
  },
  'for any Region': {
    replace: (text) => text.replace(SOURCE, (condition) => condition.replace(':eu-west-1:', ':*:')),
    complaint: /by EMR Serverless for an application of another Region should be denied, is allowed/,
  },
  'by another service too': {
    replace: (text) => text.replace('"Service":"emr-serverless.amazonaws.com"', '"Service":["emr-serverless.amazonaws.com","lambda.amazonaws.com"]'),
    complaint: /by lambda\.amazonaws\.com for .* should be denied, is allowed/,
  },
  'by anybody': {
    replace: (text) => text.replace('"Service":"emr-serverless.amazonaws.com"', '"AWS":"*"'),
    complaint: /unexpected principal AWS \*/,
  },
  'to encrypt too': {
    replace: (text) => text.replace('"kms:Decrypt"', '"kms:Decrypt","kms:Encrypt"'),
    complaint: /kms:Encrypt with key of managed logs by EMR Serverless .* should be denied, is allowed/,
  },
  'not to decrypt': {
    replace: (text) => text.replace('"kms:Decrypt",', ''),
    complaint: /kms:Decrypt with key of managed logs by EMR Serverless .* should be allowed, is denied/,
  },
};

async function complaintsOfKey(what: Thing, option: string, replace?: Replace): Promise<string[]> {
  const destinations = new LogDestinations(IRELAND);
  const { applicationArn: arn, applicationId } = new SparkEmrServerlessRuntime(destinations.stack, 'Spark', destinations.options(option));
  const deployed = Deployment.of(destinations.stack, IRELAND);
  const key = (await destinations.things(deployed, option, applicationId, true)).find((thing) => thing.what === what)!;
  const policy = replace ? changed(key.policy!, replace) : key.policy!;
  const cells = await keyPolicyCells([{ ...key, policy }], deployed, deployed.value(arn));
  return [...await differences(cells), ...(await Promise.all(policy.Statement.slice(1).map(policyProblems))).flat()];
}

test('the policies of keys as they are give no complaint but the known ones', async () => {
  assert.deepEqual(await complaintsOfKey('key of managed logs', 'managedLogsKey'), []);
  assert.deepEqual((await complaintsOfKey('key of logs in CloudWatch', 'cloudWatchLogs with a key'))
    .filter((one) => !/is not literal$|kms:Describe\* has no condition key/.test(one)), []);
});

for (const [change, { replace, complaint }] of Object.entries(EMR_SERVERLESS_KEY)) {
  test(`the policy of a key for EMR Serverless is found out: ${change}`, async () => {
    const found = await complaintsOfKey('key of managed logs', 'managedLogsKey', replace);
    assertComplaint(found, complaint);
  });
}

const CLOUD_WATCH_KEY: Changes = {
  'log groups of any account': {
    replace: (text) => text.replace(':eu-west-1:111122223333:*"', ':eu-west-1:*:*"'),
    complaint: /for a log group of another account should be denied, is allowed/,
  },
  'whatever the encryption context': {
    replace: (text) => text.replace(/,"Condition":\{"ArnLike":\{"kms:EncryptionContext[^}]*\}\}/, ''),
    complaint: /by CloudWatch Logs for nobody named should be denied, is allowed/,
  },
  'of another Region': {
    replace: (text) => text.replace('"logs.eu-west-1.amazonaws.com"', '"logs.eu-west-2.amazonaws.com"'),
    complaint: /kms:Decrypt with key of logs in CloudWatch by CloudWatch Logs for a log group of the account and Region should be allowed, is denied/,
  },
};

for (const [change, { replace, complaint }] of Object.entries(CLOUD_WATCH_KEY)) {
  test(`the policy of a key for CloudWatch Logs is found out: ${change}`, async () => {
    assertComplaint(await complaintsOfKey('key of logs in CloudWatch', 'cloudWatchLogs with a key', replace), complaint);
  });
}

const LOGS: Changes = {
  'all applications': {
    replace: (text) => text.replace(/\/spark\/applications\/[^/]+\/\*"/, '/spark/applications/*"'),
    complaint: /s3:PutObject on the folder of another application should be denied, is allowed/,
  },
  'applications whose ids start with this one\'s': {
    replace: (text) => text.replace(/(\/spark\/applications\/[^/]+)\/\*"/, '$1*"'),
    complaint: /s3:PutObject on the folder of an application whose id starts with this one's should be denied, is allowed/,
  },
  'any prefix': {
    replace: (text) => text.replace('/spark/applications/', '/spark*applications/'),
    complaint: /s3:PutObject on its folder under another prefix should be denied, is allowed/,
  },
  'to read the logs too': {
    replace: (text) => text.replace('"s3:PutObject"', '["s3:GetObject","s3:PutObject"]'),
    complaint: /s3:GetObject on its folder of the logs in S3 should be denied, is allowed/,
  },
  'any key': {
    replace: (text) => text.replace(/"arn:aws:kms:[^"]*"/, '"arn:aws:kms:eu-west-1:111122223333:key/*"'),
    complaint: /kms:Decrypt on another key should be denied, is allowed/,
  },
  'no key': {
    replace: (text) => text.replace('"kms:Decrypt",', ''),
    complaint: /kms:Decrypt on key of logs in S3 should be allowed, is denied/,
  },
};

for (const [change, { replace, complaint }] of Object.entries(LOGS)) {
  test(`the policy of who writes logs is found out: ${change}`, async () => {
    const option = 's3Logs with a key, the bucket has another';
    const { things, writers: [writer] } = loggingRoles('created', option, IRELAND);
    const mutant = withPolicies(writer, replace);
    const cells = thingCells(mutant, await things(false), LOGGING[option].write);
    const found = [...await differences(cells), ...unaskedActions(mutant, cells)];
    assertComplaint(found, complaint);
  });
}

test('what the engine does not understand is an error, not a denial', async () => {
  const { principal, identityPolicies } = submitter;
  const question = { principal, identityPolicies, action: 'emr-serverless:GetApplication', resource: applicationArn };
  assert.equal(await ask(question), 'allowed');
  await assert.rejects(ask({ ...question, action: 'emr-serverless:DescribeApplication' }), /no answer .*invalid\.action/);
  await assert.rejects(ask({ ...question, action: 'emr-serverless:GetJobRun' }), /no answer .*no\.resource\.types/);
  await assert.rejects(ask({ ...question, resource: `${applicationArn}*` }), /more than one answer/);
  await assert.rejects(ask({ ...question, context: { 'iam:PassedToService': 'emr-serverless.amazonaws.com' } }), /context keys without effect/);
  await assert.rejects(ask({ ...question, principal: 'firehose.amazonaws.com.cn' }), /does not take firehose\S+ for a service/);
  await assert.rejects(differences([]), /nothing to ask/);
});

test('an understood question is answered as one that is asked for the first time', async () => {
  const cells = applicationCells(submitter, applicationArn, {});
  const first = await differences(cells);
  assert.deepEqual(await differences(cells), first);
  assert.equal(first.filter((one) => one.endsWith('(iam-simulate)')).length, 6);
});

const USER_GUIDE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';
const aRole = 'arn:aws:iam::111122223333:role/Job+x';
const aKey = 'arn:aws:kms:eu-west-1:111122223333:key/12345678';
const policyOf = (statement: Omit<Statement, 'Effect'>): Policy => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
const trusting = (sourceArn: string): Policy => policyOf({
  Action: 'sts:AssumeRole',
  Principal: { Service: 'emr-serverless.amazonaws.com' },
  Condition: { ArnLike: { 'aws:SourceArn': sourceArn } },
});
const assumption = { principal: 'emr-serverless.amazonaws.com', action: 'sts:AssumeRole', resource: aRole, context: { 'aws:SourceArn': applicationArn } };

/** Where PMapper is wrong, and why it takes both engines to agree. No policy of the library makes it matter. */
const DISAGREEMENTS: readonly { what: string; question: Question; first: Answer; second: Answer; see: string }[] = [
  {
    what: 'ArnLike compares each component, so a wildcard ends at a colon',
    question: { ...assumption, resourcePolicy: trusting(applicationArn.replace(':eu-west-1:111122223333:', ':*:')) },
    first: 'denied',
    second: 'allowed',
    see: `${USER_GUIDE}/reference_policies_elements_condition_operators.html#Conditions_ARN`,
  },
  {
    what: 'ArnLike knows capital letters',
    question: { ...assumption, resourcePolicy: trusting(applicationArn.replace('applications', 'Applications')) },
    first: 'denied',
    second: 'allowed',
    see: `${USER_GUIDE}/reference_policies_elements_condition_operators.html#Conditions_ARN`,
  },
  {
    what: 'a boundary also bounds what the policy of a key allows a role by its ARN',
    question: {
      principal: aRole,
      action: 'kms:Decrypt',
      resource: aKey,
      resourcePolicy: policyOf({ Action: 'kms:Decrypt', Resource: '*', Principal: { AWS: aRole } }),
      boundary: policyOf({ Action: 's3:*', Resource: '*' }),
    },
    first: 'denied',
    second: 'allowed',
    see: `${USER_GUIDE}/access_policies_boundaries.html`,
  },
  {
    what: 'the AWS principal * is everybody, also a service',
    question: {
      principal: 'emr-serverless.amazonaws.com',
      action: 'kms:Decrypt',
      resource: aKey,
      resourcePolicy: policyOf({ Action: 'kms:Decrypt', Resource: '*', Principal: { AWS: '*' } }),
    },
    first: 'allowed',
    second: 'denied',
    see: `${USER_GUIDE}/reference_policies_elements_principal.html`,
  },
  {
    what: 'the + in the name of a role is a plus sign, not a part of a regular expression',
    question: {
      principal: aRole,
      identityPolicies: [{ name: 'Pass', policy: policyOf({ Action: 'iam:PassRole', Resource: aRole }) }],
      action: 'iam:PassRole',
      resource: aRole,
    },
    first: 'allowed',
    second: 'denied',
    see: `${USER_GUIDE}/reference_iam-quotas.html`,
  },
];

describe('the second engine', { skip: skippedWithout(SECOND_ENGINE) }, () => {
  test('is asked what the first is asked', async () => {
    const found = await differences(applicationCells(submitter, applicationArn, {}));
    const [first, second] = ['iam-simulate', 'PMapper'].map((engine) =>
      found.filter((one) => one.endsWith(` (${engine})`)).map((one) => one.replace(/ \(.*/, '')));
    assert.equal(first.length, 6);
    assert.deepEqual(second, first);
  });

  test('knows the encryption context from another key that holds an ARN, which stands for it in questions to the first', async () => {
    const found = await complaintsOfKey('key of logs in CloudWatch', 'cloudWatchLogs with a key',
      (text) => text.replace('"kms:EncryptionContext:aws:logs:arn"', '"aws:SourceArn"'));
    assertComplaint(found, /^kms:Decrypt with key of logs in CloudWatch .* should be allowed, is denied \(PMapper\)$/);
    assert.deepEqual(found.filter((one) => one.endsWith('(iam-simulate)')), []);
  });

  for (const { what, question, first, second, see } of DISAGREEMENTS) {
    test(`differs from the first, which is right: ${what} (${see})`, async () => {
      assert.deepEqual([await ask(question), ...await askSecondEngine([question])], [first, second]);
    });
  }

  test('says what it died of, and answers the next question', async () => {
    const { identityPolicies } = submitter;
    const question = { principal: submitter.principal, identityPolicies, action: 'emr-serverless:GetApplication', resource: applicationArn };
    await assert.rejects(askSecondEngine([{ ...question, principal: 'arn:aws:s3:::nobody' }]), /PMapper does not answer: [^]*ValueError/);
    assert.deepEqual(await askSecondEngine([question, { ...question, action: 'emr-serverless:DeleteApplication' }]), ['allowed', 'denied']);
  });
});

test('a statement without a resource, a denial and an unknown operator are found out', async () => {
  const statement: Statement = { Effect: 'Allow', Action: 'emr-serverless:GetApplication', Resource: applicationArn };
  assert.deepEqual(await policyProblems(statement), []);
  assert.deepEqual(await policyProblems({ ...statement, Resource: [] }), ['no resource']);
  assert.deepEqual(await policyProblems({ ...statement, Effect: 'Deny' }), ['unexpected effect Deny']);
  const condition = { StringNotLike: { 'aws:SourceArn': applicationArn } };
  assert.deepEqual(await policyProblems({ ...statement, Condition: condition }), ['unexpected operator StringNotLike']);
});
