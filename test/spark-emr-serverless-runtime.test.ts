import { Template } from 'aws-cdk-lib/assertions';
import { application, newStack } from './util';
import { SparkEmrServerlessRuntime } from '../src';

test('an application without options is one resource', () => {
  const stack = newStack();

  new SparkEmrServerlessRuntime(stack, 'Spark');

  expect(Object.keys(Template.fromStack(stack).toJSON().Resources)).toHaveLength(1);
  expect(application(stack)).toEqual({ Name: expect.stringMatching(/^Stack-Spark-[0-9A-F]{8}$/), ReleaseLabel: 'emr-spark-8.2.0', Type: 'SPARK' });
});
