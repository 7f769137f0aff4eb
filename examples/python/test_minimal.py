"""A test of a stack, as its author would write it."""

import pytest
from aws_cdk import Size, Stack
from aws_cdk.assertions import Match, Template
from aws_cdk.aws_iam import AccountRootPrincipal, Role
from cdk_spark_emr_serverless import InitialCapacity, SparkEmrServerlessRuntime


def test_submitter_may_start_jobs_with_the_execution_role():
    stack = Stack()
    runtime = SparkEmrServerlessRuntime(stack, "Spark", name="orders")
    submitter = Role(stack, "Submitter", assumed_by=AccountRootPrincipal())
    execution_role = runtime.create_execution_role("ExecutionRole")
    runtime.grant_start_job_execution(submitter, execution_role.role_arn)

    template = Template.from_stack(stack)

    template.has_resource_properties("AWS::EMRServerless::Application", {"Name": "orders", "Type": "SPARK"})
    template.has_resource_properties("AWS::IAM::Policy", {
        "Roles": [stack.resolve(submitter.role_name)],
        "PolicyDocument": {
            "Statement": Match.array_with([
                Match.object_like({
                    "Action": Match.array_with(["emr-serverless:StartJobRun"]),
                    "Resource": stack.resolve(runtime.application_arn),
                }),
                Match.object_like({
                    "Action": "iam:PassRole",
                    "Condition": {"StringLike": {"iam:PassedToService": "emr-serverless.amazonaws.com"}},
                    "Resource": stack.resolve(execution_role.role_arn),
                }),
            ]),
        },
    })


def test_a_bad_worker_size_raises_the_whole_message():
    with pytest.raises(RuntimeError) as error:
        SparkEmrServerlessRuntime(
            Stack(None, "Test"), "Spark",
            initial_executor_capacity=InitialCapacity(worker_count=1, cpu=4, memory=Size.gibibytes(64)),
        )

    assert str(error.value) == (
        "`initialExecutorCapacity.memory` must be 8 to 30 GiB with 4 vCPU, got: 64 GiB [Test/Spark]"
    )
