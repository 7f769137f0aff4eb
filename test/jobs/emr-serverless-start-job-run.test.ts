import { jobIn, stateOf } from './start-job-run-parts';
import { EmrServerlessStartJobRun } from '../../src';
import { EXECUTION_ROLE_ARN, newStack } from '../util';

test('a task starts the job and waits for it', () => {
  const stack = newStack();

  expect(stateOf(EmrServerlessStartJobRun.jsonPath(stack, 'Start', { job: jobIn(stack) }))).toEqual({
    Type: 'Task',
    Resource: 'arn:<AWS::Partition>:states:::emr-serverless:startJobRun.sync',
    Parameters: {
      ApplicationId: '00abc123',
      ExecutionRoleArn: EXECUTION_ROLE_ARN,
      Name: 'Job',
      JobDriver: { SparkSubmit: { EntryPoint: 's3://code/job.py' } },
    },
    End: true,
  });
});
