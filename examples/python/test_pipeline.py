import json

import pytest
from aws_cdk import App
from aws_cdk.assertions import Template
from pipeline import Pipeline


@pytest.fixture(scope="module")
def stack():
    # no packages are installed for a test, and the template stays the same
    return Pipeline(App(context={"aws:cdk:bundling-stacks": []}), "Pipeline")


@pytest.fixture(scope="module")
def template(stack):
    return Template.from_stack(stack)


def test_the_nightly_job_has_its_code_its_packages_and_its_time(stack):
    request = stack.resolve(stack.nightly.start_job_run_request)
    spark_submit = request.pop("jobDriver")["sparkSubmit"]

    assert request == {
        "applicationId": stack.resolve(stack.nightly.runtime.application_id),
        "executionRoleArn": stack.resolve(stack.nightly.execution_role.role_arn),
        "name": "Nightly",
        "executionTimeoutMinutes": 120,
    }
    assert text(spark_submit["entryPoint"]).endswith(".py")
    parameters = text(spark_submit["sparkSubmitParameters"])
    assert "--conf spark.submit.pyFiles=s3://" in parameters
    assert ".zip#environment " in parameters
    assert '--conf spark.executorEnv.DATA="s3://' in parameters


def test_a_job_run_that_fails_is_tried_again_twice_and_then_somebody_is_told(template):
    [state_machine] = template.find_resources("AWS::StepFunctions::StateMachine").values()
    states = json.loads(text(state_machine["Properties"]["DefinitionString"]))["States"]

    arguments = states["Run"]["Arguments"]["JobDriver"]["SparkSubmit"]["EntryPointArguments"]
    assert arguments == ["--date", "{% $states.input.date %}"]
    assert states["Run"]["Retry"] == [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 300, "MaxAttempts": 2}]
    assert states["Run"]["Catch"] == [{"ErrorEquals": ["States.ALL"], "Next": "Tell"}]
    assert states["Tell"]["Next"] == "Failed"


def test_a_night_gives_its_date_to_the_state_machine(template):
    template.has_resource_properties("AWS::Scheduler::Schedule", {
        "ScheduleExpression": "cron(0 2 * * ? *)",
        "Target": {"Input": '{"date":"<aws.scheduler.scheduled-time>"}'},
    })


def test_who_submits_the_job_finds_the_request_in_the_parameter(stack, template):
    template.has_resource_properties("AWS::SSM::Parameter", {
        "Name": "/pipeline/nightly",
        "Value": stack.resolve(stack.nightly.start_job_run_input),
    })


def test_the_streaming_job_is_started_by_a_deployment_and_cancelled_by_the_next_one(template):
    [job_run] = template.find_resources("Custom::AWS").values()
    update, delete = (json.loads(text(job_run["Properties"][call])) for call in ("Update", "Delete"))

    assert (update["action"], update["parameters"]["mode"]) == ("StartJobRun", "STREAMING")
    assert (delete["action"], delete["parameters"]["jobRunId"]) == ("CancelJobRun", "PHYSICAL:RESOURCEID:")


def text(value):
    """A text of the template, with a name in place of what only the deployment knows."""
    if isinstance(value, str):
        return value
    return "".join(map(text, value["Fn::Join"][1])) if "Fn::Join" in value else value.get("Fn::Sub", "unknown")
