import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Pipeline } from './pipeline';

// no packages are installed for a test, and the template stays the same
const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
const stack = new Pipeline(app, 'Pipeline');
const template = Template.fromStack(stack);

test('the nightly job has its code, its packages and its time', () => {
  const { jobDriver: { sparkSubmit }, ...request } = stack.resolve(stack.nightly.startJobRunRequest);

  expect(request).toEqual({
    applicationId: stack.resolve(stack.nightly.runtime.applicationId),
    executionRoleArn: stack.resolve(stack.nightly.executionRole.roleArn),
    name: 'Nightly',
    executionTimeoutMinutes: 120,
  });
  expect(text(sparkSubmit.entryPoint)).toMatch(/^s3:.*\.py$/);
  const parameters = text(sparkSubmit.sparkSubmitParameters);
  expect(parameters).toMatch(/--conf spark\.submit\.pyFiles=s3:\S+\.zip/);
  expect(parameters).toMatch(/--conf spark\.archives=s3:\S+\.zip#environment /);
  expect(parameters).toContain('--conf spark.executorEnv.DATA="s3://');
});

test('a job run that fails is tried again twice, and then somebody is told', () => {
  const [{ Properties: { DefinitionString } }] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const { Run, Tell } = JSON.parse(text(DefinitionString)).States;

  expect(Run.Arguments.JobDriver.SparkSubmit.EntryPointArguments).toEqual(['--date', '{% $states.input.date %}']);
  expect(Run.Retry).toEqual([{ ErrorEquals: ['States.ALL'], IntervalSeconds: 300, MaxAttempts: 2 }]);
  expect(Run.Catch).toEqual([{ ErrorEquals: ['States.ALL'], Next: 'Tell' }]);
  expect(Tell.Next).toBe('Failed');
});

test('a night gives its date to the state machine', () => {
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'cron(0 2 * * ? *)',
    Target: { Input: '{"date":"<aws.scheduler.scheduled-time>"}' },
  });
});

test('who submits the job finds the request in the parameter', () => {
  template.hasResourceProperties('AWS::SSM::Parameter', {
    Name: '/pipeline/nightly',
    Value: stack.resolve(stack.nightly.startJobRunInput),
  });
});

test('the streaming job is started by a deployment and cancelled by the next one', () => {
  const [{ Properties: { Update, Delete } }] = Object.values(template.findResources('Custom::AWS'));

  expect(JSON.parse(text(Update))).toMatchObject({ action: 'StartJobRun', parameters: { mode: 'STREAMING' } });
  expect(JSON.parse(text(Delete))).toMatchObject({ action: 'CancelJobRun', parameters: { jobRunId: 'PHYSICAL:RESOURCEID:' } });
});

/** A text of the template, with a name in place of what only the deployment knows. */
function text(value: any): string {
  return typeof value === 'string' ? value : value['Fn::Join']?.[1].map(text).join('') ?? value['Fn::Sub'] ?? 'unknown';
}
