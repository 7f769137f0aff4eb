import { aws_iam as iam, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SparkEmrServerlessRuntime } from 'cdk-spark-emr-serverless';

test('the submitter may start jobs on the application', () => {
  const stack = new Stack();
  const submitter = new iam.Role(stack, 'Submitter', { assumedBy: new iam.AccountRootPrincipal() });
  const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');
  runtime.grantStartJobExecution(submitter, runtime.createExecutionRole('ExecutionRole').roleArn);

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([Match.objectLike({
        Action: Match.arrayWith(['emr-serverless:StartJobRun']),
        Resource: stack.resolve(runtime.applicationArn),
      })]),
    },
  });
});
