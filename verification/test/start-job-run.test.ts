import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { JobRunRequest, requestProblems, STATE_MACHINES } from '../lib/start-job-run';
import { skippedWithout } from '../lib/tools';

const REQUEST = {
  applicationId: '00f1abcdefgh0123',
  executionRoleArn: 'arn:aws:iam::111122223333:role/ExecutionRole',
  name: 'nightly',
  mode: 'BATCH',
  executionTimeoutMinutes: 60,
  retryPolicy: { maxAttempts: 3 },
  executionIamPolicy: { policy: '{"Version":"2012-10-17","Statement":[]}' },
  jobDriver: {
    sparkSubmit: { entryPoint: 's3://amzn-s3-demo-bucket/job.py', entryPointArguments: ['--date', ''], sparkSubmitParameters: '--conf spark.executor.cores=4' },
  },
  configurationOverrides: {
    applicationConfiguration: [{ classification: 'spark-defaults', properties: { 'spark.executor.cores': '4' } }],
    monitoringConfiguration: { cloudWatchLoggingConfiguration: { enabled: true, logTypes: { SPARK_DRIVER: ['STDOUT'] } } },
  },
  tags: { team: 'data' },
};

const START = {
  ApplicationId: '00f1abcdefgh0123',
  ExecutionRoleArn: 'arn:aws:iam::111122223333:role/ExecutionRole',
  JobDriver: { SparkSubmit: { EntryPoint: 's3://amzn-s3-demo-bucket/job.py' } },
};
const withArguments = (EntryPointArguments: unknown) => ({
  ...START, JobDriver: { SparkSubmit: { ...START.JobDriver.SparkSubmit, EntryPointArguments } },
});
const SCHEDULED = { ...START, ClientToken: '<aws.scheduler.execution-id>' };

/** Requests that are right. */
const RIGHT: { readonly [what: string]: JobRunRequest } = {
  'every member': { form: 'json', request: REQUEST },
  'a task': { form: 'task', request: { ...withArguments(['--date', '2026-11-28']), Tags: { 'cost center': '1' } } },
  'a list that is an expression of JSONPath': {
    form: 'task',
    language: 'JSONPath',
    request: { ...START, JobDriver: { SparkSubmit: { 'EntryPoint': 's3://b/j.py', 'EntryPointArguments.$': '$.arguments' } } },
  },
  'a list that is an expression of JSONata': { form: 'task', language: 'JSONata', request: withArguments('{% $states.input.arguments %}') },
  'an item that is an expression of JSONata': { form: 'task', language: 'JSONata', request: withArguments(['--date', '{% $states.input.date %}']) },
  'a schedule': { form: 'schedule', request: { ...SCHEDULED, ...withArguments(['<aws.scheduler.scheduled-time>']) } },
};

/** Requests with one fault, and what the judge must say of it. */
const WRONG: { readonly [fault: string]: JobRunRequest & { says: RegExp } } = {
  'an unknown member': { form: 'json', request: { ...REQUEST, jobName: 'nightly' }, says: /^\$\.jobName is unknown$/ },
  'an unknown member in a structure': {
    form: 'task', request: { ...START, JobDriver: { SparkSubmit: { EntryPoint: 's3://b/j.py', Class: 'Main' } } }, says: /^\$\.JobDriver\.SparkSubmit\.Class is unknown$/,
  },
  'a name of the API in a task': { form: 'task', request: { ...START, name: 'nightly' }, says: /^\$\.name is unknown$/ },
  'a name of a task in JSON': { form: 'json', request: { ...REQUEST, Mode: 'BATCH' }, says: /^\$\.Mode is unknown$/ },
  'an expression of JSONPath in JSONata': {
    form: 'task', language: 'JSONata', request: { ...START, 'Name.$': '$.name' }, says: /^\$\.Name\.\$ is unknown$/,
  },
  'an expression of JSONata in JSONPath': {
    form: 'task', language: 'JSONPath', request: { ...START, ExecutionTimeoutMinutes: '{% 5 %}' }, says: /^\$\.ExecutionTimeoutMinutes is no whole number/,
  },
  'an unknown member with an expression': {
    form: 'task', language: 'JSONPath', request: { ...START, 'JobName.$': '$.name' }, says: /^\$\.JobName is unknown$/,
  },
  'a member that is missing': {
    form: 'json', request: { ...REQUEST, executionRoleArn: undefined }, says: /^\$\.executionRoleArn is missing$/,
  },
  'a member that is missing in a structure': { form: 'task', request: { ...START, JobDriver: { SparkSubmit: {} } }, says: /EntryPoint is missing$/ },
  'a token in JSON': { form: 'json', request: { ...REQUEST, clientToken: 'nightly' }, says: /^\$\.clientToken is there, .*"nightly"/ },
  'a constant token in a task': { form: 'task', request: { ...START, ClientToken: 'nightly' }, says: /^\$\.ClientToken is there, .*"nightly"/ },
  'a token that is an expression in a task': {
    form: 'task', language: 'JSONPath', request: { ...START, 'ClientToken.$': '$$.Execution.Name' }, says: /^\$\.ClientToken is there/,
  },
  'no token in a schedule': { form: 'schedule', request: START, says: /^\$\.ClientToken is not <aws\.scheduler\.execution-id>: \[\]$/ },
  'a constant token in a schedule': { form: 'schedule', request: { ...START, ClientToken: 'nightly' }, says: /^\$\.ClientToken is not <.*>: \["nightly"\]$/ },
  'a time as the token of a schedule': {
    form: 'schedule', request: { ...START, ClientToken: '<aws.scheduler.scheduled-time>' }, says: /^\$\.ClientToken (does not match|is not <)/,
  },
  'a number in the arguments': { form: 'task', request: withArguments(['--days', 5]), says: /^\$\.JobDriver\.SparkSubmit\.EntryPointArguments\[1\] is no string: 5$/ },
  'too many arguments': { form: 'task', request: withArguments(Array(1025).fill('x')), says: /EntryPointArguments has 1025 items, and 0 to 1024 are allowed$/ },
  'arguments that are no list': { form: 'task', request: withArguments('--date'), says: /EntryPointArguments is no list$/ },
  'a value that is not in the list': { form: 'json', request: { ...REQUEST, mode: 'batch' }, says: /^\$\.mode is not one of BATCH, STREAMING: "batch"$/ },
  'a text that is too long': { form: 'json', request: { ...REQUEST, name: 'x'.repeat(257) }, says: /^\$\.name has 257 characters, and 1 to 256 are allowed$/ },
  'a text that is blank': { form: 'json', request: { ...REQUEST, name: ' ' }, says: /^\$\.name does not match/ },
  'a role that is none': { form: 'json', request: { ...REQUEST, executionRoleArn: 'arn:aws:iam::111122223333:user/me' }, says: /^\$\.executionRoleArn does not match/ },
  'a number that is too small': { form: 'json', request: { ...REQUEST, retryPolicy: { maxAttempts: 0 } }, says: /maxAttempts is 0/ },
  'a number that is too large': { form: 'json', request: { ...REQUEST, executionTimeoutMinutes: 1_000_001 }, says: /executionTimeoutMinutes is 1000001/ },
  'a number that is a text': { form: 'json', request: { ...REQUEST, executionTimeoutMinutes: '60' }, says: /executionTimeoutMinutes is no whole number: "60"$/ },
  'a boolean that is a text': {
    form: 'task',
    request: { ...START, ConfigurationOverrides: { MonitoringConfiguration: { CloudWatchLoggingConfiguration: { Enabled: 'true' } } } },
    says: /Enabled is no boolean: "true"$/,
  },
  'a key of tags with a letter that is not allowed': { form: 'json', request: { ...REQUEST, tags: { naïve: '' } }, says: /^the key "na\\u00efve" of \$\.tags does not match/ },
  'too many properties': {
    form: 'json',
    request: {
      ...REQUEST,
      configurationOverrides: {
        applicationConfiguration: [{ classification: 'spark-defaults', properties: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`k${i}`, 'v'])) }],
      },
    },
    says: /properties has 101 entries/,
  },
  'two drivers': {
    form: 'json', request: { ...REQUEST, jobDriver: { ...REQUEST.jobDriver, hive: { query: 'SELECT 1' } } }, says: /^\$\.jobDriver has 2 members/,
  },
  'no request': { form: 'schedule', request: null, says: /^\$ is no object$/ },
};

describe('the judge of requests', { skip: skippedWithout(STATE_MACHINES) }, () => {
  test('finds nothing in requests that are right', () => {
    assert.deepEqual(requestProblems(RIGHT), Object.fromEntries(Object.keys(RIGHT).map((what) => [what, []])));
  });

  test('finds out each fault, and nothing else', () => {
    const found = requestProblems(Object.fromEntries(Object.entries(WRONG).map(([fault, { says, ...request }]) => [fault, request])));
    for (const [fault, { says }] of Object.entries(WRONG)) {
      assert.match(found[fault][0] ?? 'nothing', says, fault);
      assert.ok(found[fault].length === 1 || fault.includes('token'), `${fault}: ${found[fault].join('; ')}`);
    }
  });
});
