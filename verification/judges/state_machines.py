"""Runs state machines with moto: JSON in, with an execution for each name, and JSON out, with what became of each.

An execution has the `definition`, its `input`, the `applications` that exist and the states that the job runs have one after the other: one list
for each job run in `runs`, and success at once for all others. What comes back has the status, the output or the error, and every request that
the tasks made. If the environment names an endpoint and an access key, the tasks call what is there, and it has the applications.
"""

import json
import os
import sys
import time

import boto3
from moto import mock_aws
from moto.emrserverless.models import emrserverless_backends

import emr_serverless_integration

# where moto itself looks for it
ACCOUNT = os.environ["MOTO_ACCOUNT_ID"]

ENDPOINT = os.environ.get("TASKS_ENDPOINT")

SECONDS = 240 if ENDPOINT else 30


def create_application(region, application_id):
    """With the id that it has in the definition."""
    backend = emrserverless_backends[ACCOUNT][region]
    if application_id not in backend.applications:
        client = boto3.client("emr-serverless", region)
        made = client.create_application(type="SPARK", releaseLabel="emr-7.14.0", clientToken="token")["applicationId"]
        backend.applications[application_id] = backend.applications.pop(made)


def start(name, region, definition, input, applications, runs=()):
    for application_id in [] if ENDPOINT else applications:
        create_application(region, application_id)
    client = boto3.client("stepfunctions", region)
    role = f"arn:aws:iam::{ACCOUNT}:role/StateMachine"
    machine = client.create_state_machine(name=name, definition=json.dumps(definition), roleArn=role)["stateMachineArn"]
    # the tasks look up what is planned by the ARN, which the name decides
    execution = f"{machine.replace(':stateMachine:', ':execution:')}:run"
    emr_serverless_integration.states_of_runs[execution] = [list(states) for states in runs]
    assert client.start_execution(stateMachineArn=machine, name="run", input=json.dumps(input))["executionArn"] == execution
    return client, execution


def finish(client, execution):
    until = time.monotonic() + SECONDS
    while (ended := client.describe_execution(executionArn=execution))["status"] == "RUNNING":
        if time.monotonic() > until:
            break
        time.sleep(0.05)
    return {
        "status": ended["status"],
        **{key: ended[key] for key in ("error", "cause") if ended.get(key)},
        **({"output": json.loads(ended["output"])} if ended.get("output") else {}),
        "requests": emr_serverless_integration.requests[execution],
    }


emr_serverless_integration.install()
if ENDPOINT:
    emr_serverless_integration.call(ENDPOINT, os.environ["TASKS_ACCESS_KEY_ID"])
with mock_aws(config={"stepfunctions": {"execute_state_machine": True}, "core": {"passthrough": {"urls": [f"{ENDPOINT}.*"] if ENDPOINT else []}}}):
    started = [(name, start(f"machine{i}", **asked)) for i, (name, asked) in enumerate(json.load(sys.stdin).items())]
    print(json.dumps({name: finish(*of) for name, of in started}))
