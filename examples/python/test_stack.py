from aws_cdk import Stack, aws_iam as iam
from aws_cdk.assertions import Match, Template
from cdk_spark_emr_serverless import SparkEmrServerlessRuntime


def test_the_submitter_may_start_jobs_on_the_application():
    stack = Stack()
    submitter = iam.Role(stack, "Submitter", assumed_by=iam.AccountRootPrincipal())
    runtime = SparkEmrServerlessRuntime(stack, "Spark")
    runtime.grant_start_job_execution(submitter, runtime.create_execution_role("ExecutionRole").role_arn)

    Template.from_stack(stack).has_resource_properties("AWS::IAM::Policy", {
        "PolicyDocument": {
            "Statement": Match.array_with([Match.object_like({
                "Action": Match.array_with(["emr-serverless:StartJobRun"]),
                "Resource": stack.resolve(runtime.application_arn),
            })]),
        },
    })
