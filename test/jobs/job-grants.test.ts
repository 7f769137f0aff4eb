import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { BuiltJob, IMAGE_CODE, jobWith, Props } from './job-parts';
import { SparkEmrServerlessJob, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeProps } from '../../src';
import {
  EXECUTION_ROLE_ARN, expectNoPolicy, importIn, KEY_ARN, newStack, OTHER_PARTITIONS, policyStatements, submitterIn, USE_KEY, warnings,
} from '../util';

/** A job with an imported role, so that all policies are those of the submitter. */
function jobOfRole(props: Props = {}, application: SparkEmrServerlessRuntimeProps = {}, stack = newStack()): BuiltJob {
  const executionRole = iam.Role.fromRoleArn(stack, 'Execution', EXECUTION_ROLE_ARN, { mutable: false });
  return jobWith({ executionRole, ...props }, application, stack);
}

/** What each action is granted on, in short. */
function granted(stack: Stack, runtime: SparkEmrServerlessRuntime): { [action: string]: string } {
  const arn = JSON.stringify(stack.resolve(runtime.applicationArn));
  return Object.fromEntries(policyStatements(stack).flatMap(({ Action, Resource, Condition }) => {
    const resource = JSON.stringify(Resource);
    const on = resource === arn ? 'application' : resource.includes('/jobruns/*') ? 'job runs' : resource;
    return [Action].flat().map((action: string) => [action, Condition ? `${on} ${JSON.stringify(Condition)}` : on]);
  }));
}

const PASSED = `"${EXECUTION_ROLE_ARN}" {"StringLike":{"iam:PassedToService":"emr-serverless.amazonaws.com"}}`;

test('start() grants to submit and nothing else', () => {
  const { stack, runtime, job } = jobOfRole();
  const grant = job.grants.start(submitterIn(stack));

  expect(grant.success).toBe(true);
  expect(granted(stack, runtime)).toEqual({ 'emr-serverless:StartJobRun': 'application', 'iam:PassRole': PASSED });
});

test('run() grants to submit, to watch, to cancel and to start the application', () => {
  const { stack, runtime, job } = jobOfRole();
  job.grants.run(submitterIn(stack));

  expect(granted(stack, runtime)).toEqual({
    'emr-serverless:CancelJobRun': 'job runs',
    'emr-serverless:GetApplication': 'application',
    'emr-serverless:GetJobRun': 'job runs',
    'emr-serverless:StartApplication': 'application',
    'emr-serverless:StartJobRun': 'application',
    'iam:PassRole': PASSED,
  });
});

describe.each(['start', 'run'] as const)('%s()', (verb) => {
  test('grants to tag job runs if the job has tags', () => {
    const { stack, runtime, job } = jobOfRole({ jobRunTags: { team: 'data' } });
    job.grants[verb](submitterIn(stack));

    expect(granted(stack, runtime)).toMatchObject({ 'emr-serverless:TagResource': 'job runs' });
  });

  test('grants the keys of the logs of the application and of the job', () => {
    const stack = newStack();
    const key = (id: string) => kms.Key.fromKeyArn(stack, id, KEY_ARN.replace('1234abcd', id));
    const { job } = jobOfRole({ logging: { managedLogsKey: key('bbbbbbbb') } }, { managedLogsKey: key('aaaaaaaa') }, stack);
    job.grants[verb](submitterIn(stack));

    const statements = policyStatements(stack).filter(({ Action }) => JSON.stringify(Action) === JSON.stringify(USE_KEY));
    expect(statements.flatMap(({ Resource }) => Resource).sort())
      .toEqual([KEY_ARN.replace('1234abcd', 'aaaaaaaa'), KEY_ARN.replace('1234abcd', 'bbbbbbbb')]);
  });

  test('is nothing for a principal that cannot have a policy', () => {
    const { stack, job } = jobOfRole();
    const grant = job.grants[verb](new iam.ServicePrincipal('lambda.amazonaws.com'));

    expect(grant.success).toBe(false);
    expectNoPolicy(stack);
  });

  test.each(OTHER_PARTITIONS)('works in %s', (region) => {
    const stack = newStack({ region, account: '111111111111' });
    const { job } = jobOfRole({}, {}, stack);
    job.grants[verb](submitterIn(stack));

    expect(JSON.stringify(policyStatements(stack))).not.toContain('arn:aws:emr-serverless');
  });

  test('refuses what is no principal', () => {
    expect(() => jobOfRole().job.grants[verb]({} as any)).toThrow('`grantee` must be a principal such as a role');
  });
});

test('a job of an imported application, with a role of its own', () => {
  const stack = newStack();
  const job = new SparkEmrServerlessJob(stack, 'Job', { runtime: importIn(stack), entryPoint: IMAGE_CODE });
  job.grants.start(submitterIn(stack));

  expect(job.executionRole).toBe(job.node.findChild('ExecutionRole'));
  expect(JSON.stringify(policyStatements(stack))).toContain('emr-serverless:StartJobRun');
});

test('a role that does not trust EMR Serverless is warned of', () => {
  const { stack, runtime } = jobWith();
  const executionRole = new iam.Role(stack, 'Other', { assumedBy: new iam.ServicePrincipal('glue.amazonaws.com') });
  new SparkEmrServerlessJob(stack, 'Second', { runtime, entryPoint: IMAGE_CODE, executionRole });
  stack.node.findAll().forEach(({ node }) => node.validate());

  expect(warnings(stack).join()).toContain('does not trust EMR Serverless');
});
