import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { Stack } from 'aws-cdk-lib';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ISparkEmrServerlessRuntime, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeGrants } from 'cdk-spark-emr-serverless';
import * as fc from 'fast-check';
import {
  actions, applicationArn, attributes, environment, executionRole, executionRoleArn, executionRoleOptions, grantee, KEYS, oneString, policyDocument,
  runtimeProps,
} from '../lib/arbitrary-props';
import { literal, Recipe, recipe, struct } from '../lib/arbitrary-values';
import { newStack, Outcome, outcome, withinSeconds } from '../lib/outcome';

const RUNS = Number(process.env.FUZZ_RUNS ?? 300);
const SEED = Number(process.env.FUZZ_SEED ?? 20261122);

/** A run takes milliseconds. One that takes this long hangs. */
const SECONDS = 20;

/** What the library's functions call their arguments. */
const ARGUMENTS = ['applicationArn', 'label', 'tagOrDigest', 'imageUri', 'directory', 'executionRole', 'executionRoleArn', 'actions'];

const DOCKER_CONTEXT = fs.mkdtempSync(path.join(os.tmpdir(), 'image-'));
fs.writeFileSync(path.join(DOCKER_CONTEXT, 'Dockerfile'), 'FROM scratch\n');
after(() => fs.rmSync(DOCKER_CONTEXT, { recursive: true }));

// the first template that is validated takes seconds
before(() => { outcome(newStack(), new Set(), () => {}, () => {}); });

function fuzz<T>(name: string, given: fc.Arbitrary<Recipe<T>>, act: (stack: Stack, given: T) => void, numRuns = RUNS): void {
  test(`${name}: a valid template, or an error that says what to change`, (t) => {
    const outcomes: { [outcome in Outcome]: number } = { 'accepted': 0, 'refused': 0, 'refused by aws-cdk-lib': 0 };
    let hangs = false;
    fc.assert(fc.property(given, environment, (recipe, env) => {
      // what is stopped never comes to its `finally`; nothing smaller is looked for then, each try would take as long
      fc.pre(!hangs);
      hangs = true;
      const result = withinSeconds(SECONDS, () => {
        try {
          return outcome(newStack(env), new Set([...KEYS, ...ARGUMENTS]), recipe, act);
        } finally {
          hangs = false;
        }
      });
      outcomes[result]++;
    }), { seed: SEED, numRuns, path: process.env.FUZZ_PATH, includeErrorInReport: true });

    t.diagnostic(JSON.stringify(outcomes));
    // nothing but refusals, or nothing but templates, would tell little; a single path always is one or the other
    const fewest = process.env.FUZZ_PATH === undefined ? numRuns / 20 : 0;
    assert.ok(outcomes.accepted >= fewest && outcomes.refused + outcomes['refused by aws-cdk-lib'] >= fewest, JSON.stringify(outcomes));
  });
}

fuzz('a new application', runtimeProps(DOCKER_CONTEXT), (stack, props) => {
  new SparkEmrServerlessRuntime(stack, 'Spark', props);
});

// there are many places for a string
fuzz('a new application with one string', oneString, (stack, props) => {
  new SparkEmrServerlessRuntime(stack, 'Spark', props);
}, RUNS * 4);

fuzz('an imported application by its ARN', applicationArn, (stack, arn) => {
  SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Spark', arn);
});

fuzz('an imported application', attributes, (stack, attrs) => {
  SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(stack, 'Spark', attrs);
});

/** Applications that are legal. */
const application: fc.Arbitrary<Recipe<ISparkEmrServerlessRuntime>> = fc.constantFrom<Recipe<ISparkEmrServerlessRuntime>>(
  recipe('new SparkEmrServerlessRuntime', (scope) => new SparkEmrServerlessRuntime(scope, 'Spark')),
  recipe('fromApplicationArn', (scope) => SparkEmrServerlessRuntime.fromApplicationArn(scope, 'Spark',
    'arn:aws:emr-serverless:eu-west-1:111122223333:/applications/00f1abcdefgh0123')),
  recipe('fromSparkEmrServerlessRuntimeAttributes', (scope) => SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(scope, 'Spark', {
    applicationId: '00f1abcdefgh0123', s3Logs: { bucket: new s3.Bucket(scope, 'Logs', { encryption: s3.BucketEncryption.KMS }) }, cloudWatchLogs: {},
  })),
);

const creation = fc.record({ runtime: application, document: policyDocument, options: executionRoleOptions });
fuzz('an execution role', creation.map(struct), (_, { runtime, document, options }) => {
  runtime.createExecutionRole('ExecutionRole', document, options);
});

const jobGrant = fc.record({ runtime: application, to: grantee, roleArn: executionRoleArn });
fuzz('a grant of job runs', jobGrant.map(struct), (_, { runtime, to, roleArn }) => {
  runtime.grantStartJobExecution(to, roleArn);
});

const VERBS = ['startJobExecution', 'useLivy', 'useStudio', 'useSparkConnect'] as const;
const roleGrant = fc.record({ runtime: application, to: grantee, role: executionRole, verb: fc.constantFrom(...VERBS).map(literal) });
fuzz('a grant with an execution role', roleGrant.map(struct), (_, { runtime, to, role, verb }) => {
  runtime.grants[verb](to, role);
});

const bareApplication = recipe('new CfnApplication', (scope) => new CfnApplication(scope, 'Spark', { type: 'SPARK', releaseLabel: 'emr-7.14.0' }));
const actionGrant = fc.record({ of: fc.constant(bareApplication), to: grantee, names: actions });
fuzz('a grant of actions', actionGrant.map(struct), (_, { of, to, names }) => {
  SparkEmrServerlessRuntimeGrants.fromApplication(of).actions(to, ...names);
});
