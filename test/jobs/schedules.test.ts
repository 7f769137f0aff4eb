import { Duration } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { SparkCode, SparkEmrServerlessJob, SparkEmrServerlessRuntime } from '../../src';
import { newStack, onlyResource } from '../util';

class Code extends SparkCode {
  public bind() { return { uri: 's3://code/job.py' }; }
}

test('a schedule sends the request of the job, with a token for each execution', () => {
  const stack = newStack();
  const job = new SparkEmrServerlessJob(stack, 'Job', { runtime: new SparkEmrServerlessRuntime(stack, 'Spark'), entryPoint: new Code() });

  job.addSchedule('Nightly', { schedule: ScheduleExpression.rate(Duration.days(1)) });

  expect(onlyResource(stack, 'AWS::Scheduler::Schedule').Target.Input['Fn::Join'][1].join('')).toContain('"ClientToken":"<aws.scheduler.execution-id>"');
});
