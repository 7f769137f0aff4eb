"""A nightly job, a streaming job and two roles that submit jobs: the third program of all examples/<language>."""

from aws_cdk import (
    App,
    Aws,
    Duration,
    Stack,
    aws_iam as iam,
    aws_s3 as s3,
    aws_scheduler as scheduler,
    aws_scheduler_targets as targets,
    aws_sns as sns,
    aws_stepfunctions as sfn,
    aws_stepfunctions_tasks as tasks,
    custom_resources as cr,
)
from cdk_spark_emr_serverless import (
    EmrServerlessStartJobRun,
    PythonPackages,
    SparkCode,
    SparkEmrServerlessJob,
    SparkEmrServerlessRuntime,
    SparkJobMode,
)
from constructs import Construct


class Pipeline(Stack):
    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        data = s3.Bucket(self, "Data")
        environment = {"DATA": data.s3_url_for_object()}

        self.nightly = SparkEmrServerlessJob(
            self, "Nightly",
            runtime=SparkEmrServerlessRuntime(self, "Batch"),
            entry_point=SparkCode.from_asset("../jobs/nightly.py"),
            python_files=[SparkCode.from_asset("../jobs/common")],
            python_packages=PythonPackages.from_requirements("../jobs/requirements.txt"),
            environment=environment,
            mode=SparkJobMode.batch(execution_timeout=Duration.hours(2)),
        )
        data.grant_read_write(self.nightly.execution_role)

        # up to three job runs for the date in the input, and a message if all of them fail
        run = EmrServerlessStartJobRun.jsonata(
            self, "Run",
            job=self.nightly,
            entry_point_arguments=["--date", "{% $states.input.date %}"],
        )
        tell = tasks.SnsPublish.jsonata(
            self, "Tell",
            topic=sns.Topic(self, "Failures"),
            message=sfn.TaskInput.from_text("{% $string($states.input) %}"),
        )
        run.add_retry(max_attempts=2, interval=Duration.minutes(5))
        run.add_catch(tell.next(sfn.Fail(self, "Failed")))
        state_machine = sfn.StateMachine(self, "StateMachine", definition_body=sfn.DefinitionBody.from_chainable(run))
        scheduler.Schedule(
            self, "EveryNight",
            schedule=scheduler.ScheduleExpression.cron(hour="2", minute="0"),
            target=targets.StepFunctionsStartExecution(
                state_machine,
                input=scheduler.ScheduleTargetInput.from_object({"date": scheduler.ContextAttribute.scheduled_time}),
            ),
        )

        # a submitter outside of the app reads the request from the parameter
        request = self.nightly.create_request_parameter("Request", parameter_name="/pipeline/nightly")
        airflow = iam.Role(
            self, "Airflow",
            assumed_by=iam.CompositePrincipal(
                iam.ServicePrincipal("airflow.amazonaws.com"), iam.ServicePrincipal("airflow-env.amazonaws.com")
            ),
        )
        tokens = "token.actions.githubusercontent.com"
        github = iam.Role(
            self, "GitHub",
            assumed_by=iam.WebIdentityPrincipal(
                f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:oidc-provider/{tokens}",
                {
                    "StringEquals": {
                        f"{tokens}:aud": "sts.amazonaws.com",
                        f"{tokens}:sub": "repo:octo-org/octo-repo:ref:refs/heads/main",
                    },
                },
            ),
        )
        for submitter in [airflow, github]:
            self.nightly.grants.run(submitter)
            request.grant_read(submitter)

        # an application of its own, because the job does not end
        streaming = SparkEmrServerlessJob(
            self, "Streaming",
            runtime=SparkEmrServerlessRuntime(self, "Stream"),
            entry_point=SparkCode.from_asset("../jobs/streaming.py"),
            environment=environment,
            mode=SparkJobMode.streaming(),
        )
        data.grant_read_write(streaming.execution_role)

        # a deployment that changes the job starts the new job run first, and cancels the old one at its end
        starter = iam.Role(
            self, "Starter",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AWSLambdaBasicExecutionRole"),
            ],
        )
        streaming.grants.run(starter)
        job_run = cr.AwsCustomResource(
            self, "JobRun",
            role=starter,
            install_latest_aws_sdk=False,
            on_update=cr.AwsSdkCall(
                service="emr-serverless",
                action="StartJobRun",
                parameters=streaming.start_job_run_request,
                physical_resource_id=cr.PhysicalResourceId.from_response("jobRunId"),
            ),
            on_delete=cr.AwsSdkCall(
                service="emr-serverless",
                action="CancelJobRun",
                parameters={
                    "applicationId": streaming.runtime.application_id,
                    "jobRunId": cr.PhysicalResourceIdReference(),
                },
                ignore_error_codes_matching="ValidationException|ResourceNotFoundException",
            ),
        )
        job_run.node.add_dependency(streaming)


if __name__ == "__main__":
    app = App()
    Pipeline(app, "Pipeline")
    app.synth()
