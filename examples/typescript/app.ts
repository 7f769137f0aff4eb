import { App, aws_iam as iam, aws_s3 as s3, Stack } from 'aws-cdk-lib';
import { SparkEmrServerlessRuntime } from 'cdk-spark-emr-serverless';

const stack = new Stack(new App(), 'SparkDemo');
const data = new s3.Bucket(stack, 'Data');
const submitter = new iam.Role(stack, 'Submitter', { assumedBy: new iam.AccountRootPrincipal() });

const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');
const executionRole = runtime.createExecutionRole('ExecutionRole');
data.grantRead(executionRole);
runtime.grantStartJobExecution(submitter, executionRole.roleArn);
