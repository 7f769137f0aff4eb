import { Aws, CfnOutput } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { allow, newStack } from './util';
import { SparkEmrServerlessRuntime } from '../src';

/** The program that examples/<language> call minimal. */
function program(resource: string): Template {
  const stack = newStack();
  const runtime = new SparkEmrServerlessRuntime(stack, 'SparkEmrServerlessRuntime', { name: 'spark-serverless-demo' });
  const s3ReadPolicy = new iam.PolicyDocument({
    statements: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [resource] })],
  });
  const submitter = new iam.Role(stack, 'TestRole', { assumedBy: new iam.AccountRootPrincipal() });
  const executionRole = runtime.createExecutionRole('execRole1', s3ReadPolicy);
  runtime.grantStartJobExecution(submitter, executionRole.roleArn);
  new CfnOutput(stack, 'SparkEmrServerlessRuntimeStackApplicationArn', { value: runtime.applicationArn });
  return Template.fromStack(stack);
}

// the last one is the specification's own placeholder, no ARN at all
describe.each([`arn:${Aws.PARTITION}:s3:::amzn-s3-demo-bucket/*`, 'S3-BUCKET'])('the specified program with %p', (resource) => {
  const template = program(resource);

  test('has the four resources that it has by hand', () => {
    expect(Object.values(template.toJSON().Resources).map(({ Type }: any) => Type).sort()).toEqual([
      'AWS::EMRServerless::Application',
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::IAM::Role',
    ]);
  });

  test('names the application and tells its ARN', () => {
    template.hasResourceProperties('AWS::EMRServerless::Application', { Name: 'spark-serverless-demo', Type: 'SPARK' });
    template.hasOutput('SparkEmrServerlessRuntimeStackApplicationArn', {
      Value: { 'Fn::GetAtt': [Object.keys(template.findResources('AWS::EMRServerless::Application'))[0], 'Arn'] },
    });
  });

  test('lets the execution role read the bucket', () => {
    const roles = Object.values(template.findResources('AWS::IAM::Role')).flatMap(({ Properties }) => Properties.Policies ?? []);

    expect(roles).toHaveLength(1);
    expect(roles[0].PolicyDocument.Statement).toEqual([allow('s3:GetObject', expect.anything())]);
  });
});
