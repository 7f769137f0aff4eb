"""A Spark application, a role its jobs run as, and a role that may start them: the program of all examples/<language>."""

from aws_cdk import App, Aws, CfnOutput, Stack
from aws_cdk.aws_iam import AccountRootPrincipal, PolicyDocument, PolicyStatement, Role
from cdk_spark_emr_serverless import SparkEmrServerlessRuntime

app = App()
stack = Stack(app, "SparkEmrServerlessRuntimeStack")

runtime = SparkEmrServerlessRuntime(
    stack, "SparkEmrServerlessRuntime",
    name="spark-serverless-demo",
)

s3_read_policy = PolicyDocument(
    statements=[
        PolicyStatement(
            actions=["s3:GetObject"],
            resources=[f"arn:{Aws.PARTITION}:s3:::amzn-s3-demo-bucket/*"],
        )
    ]
)

submitter = Role(
    stack, "TestRole",
    assumed_by=AccountRootPrincipal(),
)

execution_role = runtime.create_execution_role("execRole1", s3_read_policy)

runtime.grant_start_job_execution(submitter, execution_role.role_arn)

CfnOutput(
    stack, "SparkEmrServerlessRuntimeStackApplicationArn",
    value=runtime.application_arn,
)

app.synth()
