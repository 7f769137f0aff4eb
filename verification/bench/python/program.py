"""One process of the benchmark in Python: applications, each with an execution role and a submitter that may start its jobs, in one stack.

python program.py <"by hand" | "library"> <number of applications>
"""

import sys

from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam


def with_library():
    from cdk_spark_emr_serverless import SparkEmrServerlessRuntime

    def add_application(stack, number):
        runtime = SparkEmrServerlessRuntime(stack, f"Spark{number}")
        execution_role = runtime.create_execution_role("ExecutionRole")
        submitter = iam.Role(stack, f"Submitter{number}", assumed_by=iam.AccountRootPrincipal())
        runtime.grant_start_job_execution(submitter, execution_role.role_arn)

    return add_application


def by_hand():
    """The same permissions and trust, as one would write them without the library."""
    from aws_cdk.aws_emrserverless import CfnApplication

    def add_application(stack, number):
        application = CfnApplication(
            stack, f"Spark{number}",
            type="SPARK",
            release_label="emr-spark-8.2.0",
            name=f"Stack-Spark{number}",
        )
        arn = application.attr_arn
        execution_role = iam.Role(
            stack, f"ExecutionRole{number}",
            assumed_by=iam.ServicePrincipal(
                "emr-serverless.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": stack.account},
                    "ArnLike": {"aws:SourceArn": [arn, f"{arn}/*"]},
                },
            ),
        )
        submitter = iam.Role(stack, f"Submitter{number}", assumed_by=iam.AccountRootPrincipal())
        submitter.add_to_policy(iam.PolicyStatement(
            actions=[
                f"emr-serverless:{action}"
                for action in ("GetApplication", "StartApplication", "StartJobRun", "StopApplication")
            ],
            resources=[arn],
        ))
        submitter.add_to_policy(iam.PolicyStatement(
            actions=[f"emr-serverless:{action}" for action in ("CancelJobRun", "GetJobRun")],
            resources=[f"{arn}/jobruns/*"],
        ))
        submitter.add_to_policy(iam.PolicyStatement(
            actions=["iam:PassRole"],
            resources=[execution_role.role_arn],
            conditions={"StringLike": {"iam:PassedToService": "emr-serverless.amazonaws.com"}},
        ))

    return add_application


variant, count = sys.argv[1:]
add = {"by hand": by_hand, "library": with_library}[variant]()
app = App(tree_metadata=False)
everything = Stack(app, "Stack0")
for i in range(int(count)):
    add(everything, i)
app.synth()
