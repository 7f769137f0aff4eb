import { Fn } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { jobWith } from './job-parts';
import { EmrServerlessStartJobRun, SparkCode, SparkEmrServerlessJobProps } from '../../src';
import { deployed } from '../util';

/** The same map, with its keys in one order and in the other one. */
function bothOrders<T>(map: Record<string, T>): Record<string, T>[] {
  return [map, Object.fromEntries(Object.entries(map).reverse())];
}

/** The maps of Java and Go have no order, and a text that differs is a deployment that changes something. */
describe('whatever order a language gives a map, the text of the request is the same', () => {
  const policy = (conditions: iam.Conditions) => new iam.PolicyDocument({
    statements: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'], conditions })],
  });

  test.each<[string, Record<string, any>, (map: Record<string, any>) => Partial<SparkEmrServerlessJobProps>]>([
    ['jobRunTags', { team: 'data', stage: 'test' }, (jobRunTags) => ({ jobRunTags })],
    ['environment', { TEAM: 'data', STAGE: 'test' }, (environment) => ({ environment })],
    ['sparkProperties', { 'spark.b': 1, 'spark.a': 2 }, (sparkProperties) => ({ sparkProperties })],
    ['archives', { b: SparkCode.fromImage('/b.zip'), a: SparkCode.fromImage('/a.zip') }, (archives) => ({ archives })],
    ['configurations', { b: '1', a: '2' }, (properties) => ({ configurations: [{ classification: 'spark-env', properties }] })],
    ['executionPolicy', { StringEquals: { b: '1' }, Bool: { a: '2' } }, (conditions) => ({ executionPolicy: policy(conditions) })],
    ['executionPolicy', { b: '1', a: '2' }, (values) => ({ executionPolicy: policy({ StringEquals: values }) })],
  ])('%s', (_, map, props) => {
    const [one, other] = bothOrders(map).map((ordered) => {
      const { stack, job } = jobWith(props(ordered));
      return JSON.stringify(stack.resolve(job.startJobRunInput));
    });

    expect(one).toBe(other);
  });

  test('the request as an object, which a program of Go hands on with sorted members', () => {
    const { stack, job } = jobWith({ entryPointArguments: ['a'], environment: { A: 'b' }, jobRunTags: { team: 'data' } });
    const { jobDriver: { sparkSubmit }, ...request } = stack.resolve(job.startJobRunRequest);

    expect([Object.keys(request), Object.keys(sparkSubmit)]).toEqual([
      ['applicationId', 'executionRoleArn', 'name', 'tags'],
      ['entryPoint', 'entryPointArguments', 'sparkSubmitParameters'],
    ]);
  });

  test('jobRunTags of a task, with those of the job', () => {
    const [one, other] = bothOrders({ team: 'data', stage: 'test' }).map((jobRunTags) => {
      const { stack, job } = jobWith({ jobRunTags: { owner: 'me', zone: 'a' } });
      const task = EmrServerlessStartJobRun.jsonPath(stack, 'Run', { job, jobRunTags });
      return JSON.stringify(stack.resolve(task.toStateJson()));
    });

    expect(one).toContain('"Tags":{"owner":"me","stage":"test","team":"data","zone":"a"}');
    expect(one).toBe(other);
  });
});

test('a list that only the deployment knows stays a list in the policy of a job run', () => {
  const { stack, job } = jobWith({
    executionPolicy: new iam.PolicyDocument({
      statements: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: Fn.split(',', deployed('arns')) })],
    }),
  });

  expect(stack.resolve(job.startJobRunRequest).executionIamPolicy.policy).toEqual({
    'Fn::Join': ['', [
      '{"Statement":[{"Action":"s3:GetObject","Effect":"Allow","Resource":',
      { 'Fn::GetAtt': [expect.stringContaining('CdkJsonStringify'), 'Value'] },
      '}],"Version":"2012-10-17"}',
    ]],
  });
});
