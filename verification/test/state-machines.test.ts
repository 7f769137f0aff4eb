import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { LANGUAGES, machine, scenarios } from '../lib/job-machines';
import { deploymentsOfPrograms } from '../lib/programs';
import { JobRunRequest, requestProblems, STATE_MACHINES } from '../lib/start-job-run';
import { definitionProblems, Ended, execute, Execution, requestsOf, requestsOfTasks } from '../lib/state-machines';
import { skippedWithout } from '../lib/tools';

const programs = deploymentsOfPrograms();

test('asl-validator finds nothing in any state machine of examples and documentation', () => {
  const definitions = programs.flatMap(([file, deployment]) =>
    Object.entries(deployment.stateMachines()).map(([id, { definition }]) => ({ what: `${id} of ${file}`, definition })));
  assert.ok(definitions.length > 0);
  assert.deepEqual(definitions.flatMap(({ what, definition }) => definitionProblems(definition).map((problem) => `${what}: ${problem}`)), []);
});

test('every task and schedule of examples and documentation has a request that StartJobRun takes', { skip: skippedWithout(STATE_MACHINES) }, () => {
  const requests = Object.fromEntries(programs.flatMap(([file, deployment], i) =>
    Object.entries(requestsOf(deployment)).map(([where, request]) => [`${where} of ${file} (stack ${i})`, request])));
  assert.ok(Object.keys(requests).length > 0);
  assert.deepEqual(Object.entries(requestProblems(requests)).filter(([, problems]) => problems.length > 0), []);
});

const APPLICATION = '00f1abcdefgh0123';
const RUN = { Type: 'Task', Resource: 'arn:aws:states:::emr-serverless:startJobRun.sync', Parameters: { ApplicationId: APPLICATION }, End: true };

/** What is wrong in a definition, and what asl-validator must say of it. */
const FAULTS: { readonly [fault: string]: { definition: object; says: RegExp } } = {
  'a task without a resource': { definition: { StartAt: 'Run', States: { Run: { Type: 'Task', End: true } } }, says: /SCHEMA_VALIDATION_FAILED/ },
  'a state that does not exist': {
    definition: { StartAt: 'Run', States: { Run: { ...RUN, End: undefined, Next: 'Nowhere' } } }, says: /MISSING_TRANSITION_TARGET/,
  },
  'a path that is none': {
    definition: { StartAt: 'Run', States: { Run: { ...RUN, Parameters: { 'Name.$': 'name' } } } }, says: /SCHEMA_VALIDATION_FAILED/,
  },
  'a call of an intrinsic function that does not end': {
    definition: { StartAt: 'Run', States: { Run: { ...RUN, Parameters: { 'Name.$': 'States.Format(\'{}\', $.name' } } } }, says: /SCHEMA_VALIDATION_FAILED/,
  },
  'parameters in JSONata': { definition: { QueryLanguage: 'JSONata', StartAt: 'Run', States: { Run: RUN } }, says: /SCHEMA_VALIDATION_FAILED/ },
  'an expression of JSONata that does not end': {
    definition: {
      QueryLanguage: 'JSONata', StartAt: 'Run', States: { Run: { ...RUN, Parameters: undefined, Arguments: { Name: '{% $states.input.( %}' } } },
    },
    says: /SCHEMA_VALIDATION_FAILED/,
  },
};

test('asl-validator finds out each fault', () => {
  assert.deepEqual(definitionProblems({ StartAt: 'Run', States: { Run: RUN } }), []);
  for (const [fault, { definition, says }] of Object.entries(FAULTS)) {
    // as a template has it, without members that are undefined
    assert.match(definitionProblems(JSON.parse(JSON.stringify(definition))).join('\n'), says, fault);
  }
});

const submit = (EntryPointArguments?: unknown) => ({
  ApplicationId: APPLICATION,
  ExecutionRoleArn: 'arn:aws:iam::111122223333:role/ExecutionRole',
  JobDriver: { SparkSubmit: { EntryPoint: 's3://amzn-s3-demo-bucket/job.py', EntryPointArguments } },
});

/** An execution of a state machine with one task, which differs in this. */
const execution = (task: object, runs?: Execution['runs']): Execution => ({
  definition: { StartAt: 'Run', States: { Run: { ...RUN, Parameters: submit(), ...task } } },
  input: { days: 5, date: '2026-11-28', arguments: ['--days', 5] },
  applications: [APPLICATION],
  runs,
});

const EXECUTIONS: { readonly [what: string]: { readonly execution: Execution; readonly ends: string } } = {
  'waits for success': { execution: execution({}, [['PENDING', 'RUNNING', 'SUCCESS']]), ends: 'SUCCEEDED' },
  'does not wait': { execution: execution({ Resource: RUN.Resource.replace('.sync', '') }, [['FAILED']]), ends: 'SUCCEEDED' },
  'fails': { execution: execution({}, [['RUNNING', 'FAILED']]), ends: 'States.TaskFailed' },
  'is cancelled': { execution: execution({}, [['CANCELLED']]), ends: 'States.TaskFailed' },
  'is refused': { execution: execution({ Parameters: { ...submit(), ApplicationId: '00ff0123456789ab' } }), ends: 'EMRServerless.ResourceNotFoundException' },
  'has an expression of JSONata': {
    execution: execution({ QueryLanguage: 'JSONata', Parameters: undefined, Arguments: submit(['--date', '{% $states.input.date %}']) }),
    ends: 'SUCCEEDED',
  },
  'has a number in the arguments': {
    execution: execution({ QueryLanguage: 'JSONata', Parameters: undefined, Arguments: submit('{% $states.input.arguments %}') }),
    ends: 'SUCCEEDED',
  },
};

describe('the interpreter', { skip: skippedWithout(STATE_MACHINES) }, () => {
  let ended: { [what: string]: Ended };

  before(() => {
    ended = execute(Object.fromEntries(Object.entries(EXECUTIONS).map(([what, one]) => [what, one.execution])));
  });

  test('does with a job run what Step Functions does', () => {
    assert.deepEqual(Object.entries(ended).map(([what, { status, error }]) => [what, error ?? status]),
      Object.entries(EXECUTIONS).map(([what, { ends }]) => [what, ends]));
    assert.equal(ended['waits for success'].output.State, 'SUCCESS');
    assert.deepEqual(Object.keys(ended['does not wait'].output), ['ApplicationId', 'JobRunId', 'Arn']);
    assert.equal(JSON.parse(ended.fails.cause!).State, 'FAILED');
    assert.equal(ended['is refused'].cause, 'Application 00ff0123456789ab does not exist');
  });

  test('hands over the requests as they were made, in which the judge finds what only the execution knows', () => {
    const requestOf = (what: string) => ({ form: 'task' as const, request: ended[what].requests[0].parameters });
    const { JobDriver } = ended['has an expression of JSONata'].requests[0].parameters;
    assert.deepEqual(JobDriver.SparkSubmit.EntryPointArguments, ['--date', '2026-11-28']);
    assert.deepEqual(requestProblems({
      text: requestOf('has an expression of JSONata'), number: requestOf('has a number in the arguments'),
    }), { text: [], number: ['$.JobDriver.SparkSubmit.EntryPointArguments[1] is no string: 5'] });
  });
});

for (const language of LANGUAGES) {
  describe(`state machines with a task of the library, in ${language}`, () => {
    const machines = Object.fromEntries(Object.entries(scenarios(language)).map(([what, scenario]) => [what, machine(language, scenario)]));
    const FAILS: Execution['runs'] = [['PENDING', 'FAILED'], ['RUNNING', 'SUCCESS']];
    const skip = skippedWithout(STATE_MACHINES);
    let ended: { [what: string]: Ended };

    before(() => {
      if (skip) { return; }
      const executions = Object.entries(machines).map(([what, { definition, applicationId }]): [string, Execution] => [what, {
        definition,
        input: { date: '2026-11-28', arguments: ['--date', '2026-11-28', 'a b'] },
        applications: [applicationId],
        runs: ['retries', 'catches'].includes(what) ? FAILS : [],
      }]);
      const { definition } = machine(language, { options: {} });
      ended = execute({
        ...Object.fromEntries(executions),
        // its application does not exist
        refused: { definition: JSON.parse(JSON.stringify(definition).replace(machines.waits.applicationId, '00ff0123456789ab')), input: {}, applications: [] },
      });
    });

    const requestsIn = (what: string) => ended[what].requests.map(({ parameters }) => parameters);
    const argumentsOf = (what: string) => requestsIn(what)[0].JobDriver.SparkSubmit.EntryPointArguments;

    test('have definitions and requests that are valid', { skip }, () => {
      assert.deepEqual(Object.values(machines).flatMap(({ definition }) => definitionProblems(definition)), []);
      const requests = Object.entries(machines).flatMap(([what, { definition }]) =>
        Object.values(requestsOfTasks(definition)).map((request): [string, JobRunRequest] => [what, request]));
      assert.equal(requests.length, Object.keys(machines).length);
      assert.deepEqual(Object.values(requestProblems(Object.fromEntries(requests))).flat(), []);
    });

    test('make requests that StartJobRun takes', { skip }, () => {
      const made = Object.keys(ended).flatMap((what) => requestsIn(what).map((request, i): [string, JobRunRequest] => [`${what} ${i}`, { form: 'task', request }]));
      assert.ok(made.length > Object.keys(ended).length);
      assert.deepEqual(Object.values(requestProblems(Object.fromEntries(made))).flat(), []);
    });

    test('succeed with the job run, or with its id where they do not wait', { skip }, () => {
      assert.equal(ended.waits.output.State, 'SUCCESS');
      assert.deepEqual(Object.keys(ended['does not wait'].output), ['ApplicationId', 'JobRunId', 'Arn']);
    });

    test('leave the texts of the job as they are', { skip }, () => {
      assert.deepEqual(argumentsOf('waits'), ['$.date', 'States.UUID()', 'it\'s {it} \\']);
    });

    test('start another job run when they try again', { skip }, () => {
      assert.equal(ended.retries.status, 'SUCCEEDED');
      assert.equal(requestsIn('retries').length, 2);
    });

    test('find the job run in the cause of a failure', { skip }, () => {
      assert.equal(ended.catches.status, 'SUCCEEDED');
      assert.equal(ended.catches.output.run.State, 'FAILED');
      assert.equal(ended.catches.output.run.Name, 'Job');
    });

    test('fail with the error of the API', { skip }, () => {
      assert.equal(ended.refused.status, 'FAILED');
      assert.equal(ended.refused.error, 'EMRServerless.ResourceNotFoundException');
    });

    test('take arguments, names and tags from their input', { skip }, () => {
      assert.deepEqual(argumentsOf('items of the arguments'), ['--date', '2026-11-28', 'a b']);
      assert.deepEqual(argumentsOf('all arguments'), ['--date', '2026-11-28', 'a b']);
      const [{ Name, Tags }] = requestsIn('the name and the tags');
      assert.deepEqual({ Name, Tags }, { Name: 'nightly 2026-11-28', Tags: { 'team': 'data', 'cost center': '1', 'date': '2026-11-28' } });
    });
  });
}
