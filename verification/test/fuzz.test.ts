import * as assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Stack } from 'aws-cdk-lib';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  ISparkEmrServerlessRuntime, SparkEmrServerlessJob, SparkEmrServerlessJobProps, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeGrants,
  SparkEmrServerlessRuntimeProps,
} from 'cdk-spark-emr-serverless';
import * as fc from 'fast-check';
import { jobProps, oneHostileStringOfJob, oneStringOfJob, requestOf } from '../lib/arbitrary-jobs';
import {
  actions, applicationArn, attributes, environment, executionRole, executionRoleArn, executionRoleOptions, grantee, hostileActions,
  hostileAttributes, hostileRoleArn, hostileRoleOptions, oneHostileString, oneString, policyDocument, runtimeProps,
} from '../lib/arbitrary-props';
import { literal, Recipe, recipe, struct } from '../lib/arbitrary-values';
import { Attempt, newStack, Outcome, outcome, withinSeconds } from '../lib/outcome';
import { JobRunRequest, requestProblems, STATE_MACHINES } from '../lib/start-job-run';
import { skippedWithout } from '../lib/tools';

const RUNS = Number(process.env.FUZZ_RUNS ?? 300);
const SEED = Number(process.env.FUZZ_SEED ?? 20261122);

/** A run takes milliseconds. One that takes this long hangs. */
const SECONDS = 20;

const DOCKER_CONTEXT = fs.mkdtempSync(path.join(os.tmpdir(), 'image-'));
fs.writeFileSync(path.join(DOCKER_CONTEXT, 'Dockerfile'), 'FROM scratch\n');
after(() => fs.rmSync(DOCKER_CONTEXT, { recursive: true }));

/** CDK never lets go of a token, nor of the app that it was made in: many thousands of them do not fit into the memory of a process. */
const RUNS_OF_PROCESS = 500;

// more of them in processes one after the other, each with props of its own
for (let done = 0; RUNS > RUNS_OF_PROCESS && done < RUNS; done += RUNS_OF_PROCESS) {
  const [runs, seed] = [Math.min(RUNS_OF_PROCESS, RUNS - done), SEED + done];
  test(`runs ${done + 1} to ${done + runs} of each property`, async (t) => {
    const env = { ...process.env, FUZZ_RUNS: String(runs), FUZZ_SEED: String(seed), NODE_TEST_CONTEXT: undefined };
    const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, __filename], { env, maxBuffer: 64 * 1024 * 1024 })
      .catch((error: Error & { stdout: string }) => assert.fail(`${error.message}\n${error.stdout}`));
    [...stdout.matchAll(/FUZZ_SEED=.*/g)].forEach(([line]) => t.diagnostic(line));
  });
}

// the first template that is validated takes seconds
before(() => { outcome(newStack(), { make: () => {}, act: () => {}, given: () => [] }); });

function fuzz<T, R>(name: string, recipes: fc.Arbitrary<Recipe<T>>, attempt: Omit<Attempt<T, R>, 'make'>, numRuns = RUNS): void {
  if (RUNS > RUNS_OF_PROCESS) { return; }
  test(`${name}: a valid template, or an error that says what to change`, (t) => {
    const outcomes: { [outcome in Outcome]: number } = { 'accepted': 0, 'refused': 0, 'refused by aws-cdk-lib': 0 };
    let hangs = false;
    fc.assert(fc.property(recipes, environment, (make, env) => {
      // what is stopped never comes to its `finally`; nothing smaller is looked for then, each try would take as long
      fc.pre(!hangs);
      hangs = true;
      const result = withinSeconds(SECONDS, () => {
        try {
          return outcome(newStack(env), { make, ...attempt });
        } finally {
          hangs = false;
        }
      });
      outcomes[result]++;
    }), { seed: SEED, numRuns, path: process.env.FUZZ_PATH, includeErrorInReport: true });

    t.diagnostic(`FUZZ_SEED=${SEED} FUZZ_RUNS=${RUNS}: ${JSON.stringify(outcomes)}`);
    // nothing but refusals, or nothing but templates, would tell little; a single path always is one or the other
    const fewest = process.env.FUZZ_PATH === undefined ? Math.floor(numRuns / 20) : 0;
    const isMeantToBeLegal = attempt.given !== undefined;
    assert.ok(!isMeantToBeLegal || outcomes.accepted >= fewest, JSON.stringify(outcomes));
    assert.ok(outcomes.refused + outcomes['refused by aws-cdk-lib'] >= fewest, JSON.stringify(outcomes));
  });
}

/** What users do with an application, whose roles and grants depend on its logs. */
function use(stack: Stack, runtime: ISparkEmrServerlessRuntime): void {
  const submitter = new iam.Role(stack, 'Submitter', { assumedBy: new iam.AccountRootPrincipal() });
  // the application may be of another account
  const isHere = runtime.env.account === stack.account;
  const role = isHere ? runtime.createExecutionRole('ExecutionRole') : new iam.Role(stack, 'Own', { assumedBy: runtime.executionPrincipal });
  runtime.grants.writeLogs(submitter);
  if (isHere) { runtime.grantStartJobExecution(submitter, role.roleArn); }
}

const create = {
  act: (stack: Stack, props: SparkEmrServerlessRuntimeProps) => new SparkEmrServerlessRuntime(stack, 'Spark', props),
  // who gives a VPC alone has its private subnets selected
  given: (props: SparkEmrServerlessRuntimeProps) => [...Object.keys(props), ...props.vpc ? ['vpcSubnets'] : []],
  use,
};
fuzz('a new application', runtimeProps(DOCKER_CONTEXT), create);
// there are many places for a string
fuzz('a new application with one string', oneString, create, RUNS * 4);

fuzz('an imported application by its ARN', applicationArn, {
  act: (stack, arn) => SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Spark', arn),
  given: () => ['applicationArn'],
  use,
});

fuzz('an imported application', attributes, {
  act: (stack, attrs) => SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(stack, 'Spark', attrs),
  // of these one must be given
  given: (attrs) => ['applicationArn', 'applicationId', ...Object.keys(attrs)],
  use,
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
fuzz('an execution role', creation.map(struct), {
  act: (_, { runtime, document, options }) => runtime.createExecutionRole('ExecutionRole', document, options),
  given: ({ options }) => Object.keys(options),
});

const jobGrant = fc.record({ runtime: application, to: grantee, roleArn: executionRoleArn });
fuzz('a grant of job runs', jobGrant.map(struct), {
  act: (_, { runtime, to, roleArn }) => runtime.grantStartJobExecution(to, roleArn),
  given: () => ['executionRoleArn'],
});

const VERBS = ['startJobExecution', 'useLivy', 'useStudio', 'useSparkConnect'] as const;
const roleGrant = fc.record({ runtime: application, to: grantee, role: executionRole, verb: fc.constantFrom(...VERBS).map(literal) });
fuzz('a grant with an execution role', roleGrant.map(struct), {
  act: (_, { runtime, to, role, verb }) => runtime.grants[verb](to, role),
  given: () => ['executionRole', 'executionRoleArn'],
});

const bareApplication = recipe('new CfnApplication', (scope) => new CfnApplication(scope, 'Spark', { type: 'SPARK', releaseLabel: 'emr-7.14.0' }));
const actionGrant = fc.record({ of: fc.constant(bareApplication), to: grantee, names: actions });
fuzz('a grant of actions', actionGrant.map(struct), {
  act: (_, { of, to, names }) => SparkEmrServerlessRuntimeGrants.fromApplication(of).actions(to, ...names),
  given: () => ['actions'],
});

/** The requests of all jobs that were accepted, for a judge that is asked once. */
const requests: { [which: string]: JobRunRequest } = {};

const createJob = {
  act: (stack: Stack, props: SparkEmrServerlessJobProps) => new SparkEmrServerlessJob(stack, 'Job', props),
  given: ({ mode, ...props }: SparkEmrServerlessJobProps) => [
    ...Object.keys(props),
    // what has options of its own is named by them
    'mode', ...mode ? ['executionTimeout', 'maxAttempts', 'maxFailedAttemptsPerHour'] : [],
  ],
  use: (stack: Stack, job: SparkEmrServerlessJob) => {
    job.grants.run(new iam.User(stack, 'Submitter'));
    stack.templateOptions.metadata = { Input: job.startJobRunInput };
  },
  expect: (_: Stack, job: SparkEmrServerlessJob) => {
    requests[`job ${Object.keys(requests).length}`] = { form: 'json', language: 'JSONata', request: requestOf(job) };
  },
};
fuzz('a job', jobProps, createJob);
fuzz('a job with one string', oneStringOfJob, createJob);
fuzz('a job with one hostile string', oneHostileStringOfJob, { act: createJob.act, use: createJob.use, expect: createJob.expect });

if (RUNS <= RUNS_OF_PROCESS) {
  test('StartJobRun takes the request of every job that was accepted', { skip: skippedWithout(STATE_MACHINES) }, () => {
    assert.ok(Object.keys(requests).length > 0);
    const refused = Object.entries(requestProblems(requests)).flatMap(([which, problems]) =>
      problems.map((problem) => `${problem}: ${JSON.stringify(requests[which].request).slice(0, 2000)}`));
    assert.deepEqual(refused, []);
  });
}

// hostile text: control characters, secrets, wildcards and policy variables

fuzz('a new application with one hostile string', oneHostileString, { act: create.act, use }, RUNS * 2);
fuzz('an imported application with one hostile string', hostileAttributes, {
  act: (stack, attrs) => SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(stack, 'Spark', attrs),
  use,
});

const hostileCreation = fc.record({ runtime: application, options: hostileRoleOptions });
fuzz('an execution role with one hostile string', hostileCreation.map(struct), {
  act: (_, { runtime, options }) => runtime.createExecutionRole('ExecutionRole', undefined, options),
});

const hostileGrant = fc.record({ runtime: application, to: grantee, roleArn: hostileRoleArn });
fuzz('a grant of job runs with a hostile role', hostileGrant.map(struct), {
  act: (_, { runtime, to, roleArn }) => runtime.grantStartJobExecution(to, roleArn),
});

const hostileActionGrant = fc.record({ of: fc.constant(bareApplication), to: grantee, name: hostileActions });
fuzz('a grant of a hostile action', hostileActionGrant.map(struct), {
  act: (_, { of, to, name }) => SparkEmrServerlessRuntimeGrants.fromApplication(of).actions(to, name),
});
