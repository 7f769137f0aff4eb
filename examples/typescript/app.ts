import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SparkEmrServerlessRuntime } from 'cdk-spark-emr-serverless';

const stack = new Stack(new App(), 'SparkDemo');
const data = new s3.Bucket(stack, 'Data');
const submitter = new iam.Role(stack, 'Submitter', { assumedBy: new iam.AccountRootPrincipal() });

const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');
const executionRole = runtime.createExecutionRole('ExecutionRole');
data.grantRead(executionRole);
runtime.grantStartJobExecution(submitter, executionRole.roleArn);
