import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AccountRootPrincipal, ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { ISparkEmrServerlessRuntime, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeGrants } from 'cdk-spark-emr-serverless';
import { Grantee, granteeOf, grantVerb } from '../lib/applications';
import { BEIJING, Deployment, GOV_CLOUD, IRELAND, Place, Policy } from '../lib/deployment';
import { Answer, Cell, differences } from '../lib/iam';
import { actionsWith } from '../lib/iam-reference';
import { LogDestinations } from '../lib/log-destinations';
import { applications, OTHER_ACCOUNT, thingCells, unaskedActions } from '../lib/matrix';
import { KEY_POLICIES, LogWriter, Logging, LOGGING, Thing, VERBS } from '../lib/permissions';

const BARE = 'the CfnApplication of one';

type Application = (destinations: LogDestinations, option: string) => {
  grants: SparkEmrServerlessRuntimeGrants;
  runtime?: ISparkEmrServerlessRuntime;
};

const KINDS: { readonly [kind: string]: Application } = {
  'created': (destinations, option) => {
    const runtime = new SparkEmrServerlessRuntime(destinations.stack, 'Spark', destinations.options(option));
    return { grants: runtime.grants, runtime };
  },
  'imported': (destinations, option) => {
    const runtime = SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(destinations.stack, 'Spark', {
      applicationId: '00f1abcdefgh0123',
      ...destinations.options(option),
    });
    return { grants: runtime.grants, runtime };
  },
  [BARE]: (destinations, option) => {
    const { application } = new SparkEmrServerlessRuntime(destinations.stack, 'Spark', destinations.options(option));
    return { grants: SparkEmrServerlessRuntimeGrants.fromApplication(application) };
  },
};

/** Roles that write logs, each by another way, and one that was granted each verb. */
function deploy(kind: string, option: string, place: Place, verbs: string[]) {
  const destinations = new LogDestinations(place);
  const { stack } = destinations;
  const { grants, runtime } = KINDS[kind](destinations, option);
  const role = (id: string) => new Role(stack, id, { assumedBy: new AccountRootPrincipal() });

  const writers = [role('Own'), role('Shared'), ...runtime ? [runtime.createExecutionRole('ExecutionRole')] : []];
  grants.writeLogs(writers[0]);
  // a managed policy cannot be empty
  if (Object.keys(LOGGING[option].write).length > 0) { grants.writeLogs(new ManagedPolicy(stack, 'WriteLogs', { roles: [writers[1]] })); }

  const submitters = verbs.map((verb) => role(verb));
  const jobs = role('Jobs');
  verbs.forEach((verb, i) => grantVerb(grants, verb, submitters[i], jobs));

  const deployment = Deployment.of(stack, place);
  return {
    things: (allOfKms: boolean) => destinations.things(deployment, option, allOfKms),
    writers: writers.map((writer) => granteeOf(deployment, writer)),
    submitters: submitters.map((submitter) => granteeOf(deployment, submitter)),
  };
}

/** These are asked in permissions.test.ts. */
const OF_JOBS = /^(emr-serverless:|iam:PassRole$)/;

const LIST_LOG_GROUPS = 'logs:DescribeLogGroups';

/** The engine knows no resource of this action; CloudWatch Logs asks for `log-group::log-stream:`. */
function listableLogGroups({ identityPolicies }: Grantee): unknown[] {
  return identityPolicies.flatMap(({ policy }) => policy.Statement)
    .filter(({ Action }) => Action === LIST_LOG_GROUPS)
    .map(({ Resource }) => Resource);
}

const CASES = Object.keys(LOGGING).flatMap((option) => [...Object.keys(KINDS).map((kind) => ({ option, kind, place: IRELAND })),
  { option, kind: 'created', place: BEIJING }]);

for (const { option, kind, place } of CASES) {
  const { write, submit = {}, listsLogGroups } = LOGGING[option];

  test(`jobs write where the logs go, submitters use their keys, and no more: ${option}, ${kind}, ${place.partition}`, async () => {
    const { things, writers, submitters: [submitter] } = deploy(kind, option, place, ['startJobExecution']);
    // the resource does not say whether its bucket has a key
    const allowed: Logging['write'] = kind === BARE ? { ...write, 'key of the bucket': [] } : write;
    for (const writer of writers) {
      const cells = thingCells(writer, await things(false), allowed);
      assert.deepEqual(await differences(cells), []);
      assert.deepEqual(unaskedActions(writer, cells), listsLogGroups ? [LIST_LOG_GROUPS] : []);
      assert.deepEqual(listableLogGroups(writer), listsLogGroups ? [`arn:${place.partition}:logs:${place.region}:${place.account}:*`] : []);
    }
    // all of KMS takes long
    const cells = thingCells(submitter, await things(kind === 'created' && place === IRELAND), submit);
    assert.deepEqual(await differences(cells), []);
    assert.deepEqual(unaskedActions(submitter, cells).filter((action) => !OF_JOBS.test(action)), []);
  });
}

test('of all of KMS a verb uses the key of the logs, if at all, and no other', async () => {
  const verbs = Object.keys(VERBS);
  const { things, submitters } = deploy('created', 'managedLogsKey', IRELAND, verbs);
  for (const [i, verb] of verbs.entries()) {
    const cells = thingCells(submitters[i], await things(true), VERBS[verb].usesLogKeys ? LOGGING.managedLogsKey.submit! : {});
    assert.deepEqual(await differences(cells), [], verb);
    assert.deepEqual(unaskedActions(submitters[i], cells).filter((action) => !OF_JOBS.test(action)), [], verb);
  }
});

for (const place of [IRELAND, BEIJING, GOV_CLOUD]) {
  test(`the policy of a key lets the service that writes the logs use it, for this account and Region only: ${place.partition}`, async () => {
    const destinations = new LogDestinations(place);
    const [{ applicationArn }] = Object.keys(LOGGING).map((option) =>
      new SparkEmrServerlessRuntime(destinations.stack, option.replace(/\W/g, ''), destinations.options(option)));
    const deployment = Deployment.of(destinations.stack, place);
    const keys = (await destinations.things(deployment, 's3Logs', true)).filter(({ policy }) => policy);
    assert.equal(keys.length, 5);
    const { policy: asItStands } = keys.find(({ what }) => what === 'key of logs in CloudWatch')!;
    const { Principal, Condition } = asItStands!.Statement.at(-1)!;
    assert.deepEqual(Principal, { Service: `logs.${place.region}.${place.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'}` });
    assert.deepEqual(Condition, {
      ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${place.partition}:logs:${place.region}:${place.account}:*` },
    });

    const withEncryptionContext = new Set(await actionsWith('kms', 'kms:EncryptionContext:aws:logs:arn'));
    const contextOf = (by: LogWriter, action: string, context: Record<string, string>) =>
      by === 'EMR Serverless' || withEncryptionContext.has(action) ? context : {};

    const cells = KEY_POLICIES.flatMap(({ by, of, for: whom, actions }) => keys.flatMap(({ what, arn, policy, actions: all }) =>
      Object.entries(SOURCES[by](place, deployment.value(applicationArn))).flatMap(([source, context]) =>
        (source === whom ? all : actions).map((action): Cell => ({
          what: `${action} with ${what} by ${by} for ${source}`,
          question: {
            principal: SERVICES[by],
            action,
            resource: arn,
            resourcePolicy: asTheEngineTakesIt(policy!, place),
            context: contextOf(by, action, context),
          },
          expected: answer(of.includes(what as Thing) && source === whom && actions.includes(action)),
        })))));
    assert.deepEqual(await differences(cells), []);
  });
}

const answer = (allowed: boolean): Answer => allowed ? 'allowed' : 'denied';

const SERVICES: { readonly [by in LogWriter]: string } = {
  'EMR Serverless': 'emr-serverless.amazonaws.com',
  'CloudWatch Logs': 'logs-of-the-region.amazonaws.com',
};

/**
 * The engine takes no `kms:EncryptionContext:<key>` in a question and no service of the domain of China; another key that holds an ARN, and another
 * name, stand for them.
 */
function asTheEngineTakesIt(policy: Policy, { partition, region }: Place): Policy {
  return JSON.parse(JSON.stringify(policy)
    .replaceAll('"kms:EncryptionContext:aws:logs:arn"', '"aws:SourceArn"')
    .replaceAll(`"logs.${region}.${partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'}"`, `"${SERVICES['CloudWatch Logs']}"`));
}

/** For whom a service may say that it asks. */
const SOURCES: { readonly [by in LogWriter]: (place: Place, applicationArn: string) => { readonly [source: string]: Record<string, string> } } = {
  'EMR Serverless': (_, applicationArn) => {
    const arns = applications(applicationArn);
    return {
      'an application of the account and Region': { 'aws:SourceArn': arns['this application'] },
      'an application of another Region': { 'aws:SourceArn': arns['the same id in another Region'] },
      'an application of another account': { 'aws:SourceArn': arns['the same id in another account'] },
      'nobody named': {},
    };
  },
  'CloudWatch Logs': ({ partition, region, account }) => {
    const logGroup = (ofRegion: string, ofAccount: string) =>
      ({ 'aws:SourceArn': `arn:${partition}:logs:${ofRegion}:${ofAccount}:log-group:LogGroup` });
    return {
      'a log group of the account and Region': logGroup(region, account),
      'a log group of another Region': logGroup('xx-other-1', account),
      'a log group of another account': logGroup(region, OTHER_ACCOUNT),
      'nobody named': {},
    };
  },
};
