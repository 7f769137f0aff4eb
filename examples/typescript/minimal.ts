// A Spark application, a role its jobs run as, and a role that may start them: the program of all examples/<language>.
import { App, Aws, CfnOutput, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { SparkEmrServerlessRuntime } from 'cdk-spark-emr-serverless';

const app = new App();
const stack = new Stack(app, 'SparkEmrServerlessRuntimeStack');

const runtime = new SparkEmrServerlessRuntime(stack, 'SparkEmrServerlessRuntime', { name: 'spark-serverless-demo' });

const s3ReadPolicy = new PolicyDocument({
  statements: [new PolicyStatement({
    actions: ['s3:GetObject'],
    resources: [`arn:${Aws.PARTITION}:s3:::amzn-s3-demo-bucket/*`],
  })],
});

const submitter = new Role(stack, 'TestRole', { assumedBy: new AccountRootPrincipal() });

const executionRole = runtime.createExecutionRole('execRole1', s3ReadPolicy);

runtime.grantStartJobExecution(submitter, executionRole.roleArn);

new CfnOutput(stack, 'SparkEmrServerlessRuntimeStackApplicationArn', { value: runtime.applicationArn });

app.synth();
