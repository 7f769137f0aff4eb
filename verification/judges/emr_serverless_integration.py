"""What moto's interpreter of state machines lacks: the optimized integration of Step Functions with EMR Serverless, and JSONata.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html
"""

import collections
import json
import types
import uuid

import boto3
import jsonata
from botocore.exceptions import ClientError
from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_task import state_task_factory
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_callback
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.jsonata import jsonata as moto_jsonata
from moto.stepfunctions.parser.asl.utils import boto_client

ENDED = ("SUCCESS", "FAILED", "CANCELLED")
# the keys in these are no names of the API
MAPS = ("properties", "tags", "logTypes", "encryptionContext")

# by the ARN of the execution: what it asked for, and the states that its job runs are to have, one list for each
requests = collections.defaultdict(list)
states_of_runs = {}

# whether job runs have states of their own
runs_jobs = False


def renamed(value, first):
    if isinstance(value, list):
        return [renamed(item, first) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        first(key[0]) + key[1:]: item if key[0].lower() + key[1:] in MAPS else renamed(item, first)
        for key, item in value.items()
    }


def as_step_functions_says(response):
    said = {key: value for key, value in response.items() if key != "ResponseMetadata"}
    return renamed(json.loads(json.dumps(said, default=lambda time: int(time.timestamp() * 1000))), str.upper)


class StartJobRun(state_task_service_callback.StateTaskServiceCallback):
    def __init__(self):
        # moto ends a task in a way that fails without a task token
        super().__init__(supported_integration_patterns={ResourceCondition.Sync, ResourceCondition.WaitForTaskToken})

    def _eval_service_task(self, env, resource_runtime_part, normalised_parameters, state_credentials):
        if self.resource.api_action != "startJobRun":
            raise NotImplementedError(self.resource.resource_arn)
        execution = self._execution(env)
        requests[execution].append({"resource": self.resource.resource_arn, "parameters": normalised_parameters})
        # the integration makes a token for each attempt
        asked = {"clientToken": str(uuid.uuid4()), **renamed(normalised_parameters, str.lower)}
        answer = self._client(resource_runtime_part, state_credentials).start_job_run(**asked)
        env.stack.append(as_step_functions_says(answer))

    def _build_sync_resolver(self, env, resource_runtime_part, normalised_parameters, state_credentials):
        started = env.stack.pop()
        planned = states_of_runs[self._execution(env)]
        states = None if runs_jobs else iter(planned.pop(0) if planned else ["SUCCESS"])
        client = self._client(resource_runtime_part, state_credentials)

        def resolve():
            run = client.get_job_run(applicationId=started["ApplicationId"], jobRunId=started["JobRunId"])["jobRun"]
            ended = as_step_functions_says({**run, "state": next(states)} if states else run)
            if ended["State"] not in ENDED:
                return None
            if ended["State"] == "SUCCESS":
                return ended
            failed = StatesErrorNameType.StatesTaskFailed
            raise FailureEventException(self._failure(env, StatesErrorName(failed), failed.to_name(), json.dumps(ended)))

        return resolve

    def _eval_sync(self, env, sync_resolver, timeout_seconds, callback_endpoint, heartbeat_endpoint):
        # with an endpoint, the second attempt of a task times out
        return super()._eval_sync(env, sync_resolver, timeout_seconds, callback_endpoint=None, heartbeat_endpoint=None)

    def _from_error(self, env, ex):
        if not isinstance(ex, ClientError):
            return super()._from_error(env=env, ex=ex)
        name = f"EMRServerless.{ex.response['Error']['Code']}"
        return self._failure(env, CustomErrorName(name), name, ex.response["Error"]["Message"])

    def _failure(self, env, error_name, error, cause):
        details = TaskFailedEventDetails(error=error, cause=cause, resource=self._get_sfn_resource(), resourceType=self._get_sfn_resource_type())
        return FailureEvent(
            env=env, error_name=error_name, event_type=HistoryEventType.TaskFailed, event_details=EventDetails(taskFailedEventDetails=details),
        )

    def _validate_service_integration_is_supported(self):
        # moto has a list without this one
        pass

    @staticmethod
    def _client(resource_runtime_part, state_credentials):
        return boto_client.boto_client_for(service="emr-serverless", region=resource_runtime_part.region, state_credentials=state_credentials)

    @staticmethod
    def _execution(env):
        return env.states.context_object.context_object_data["Execution"]["Id"]


def evaluate(expression):
    try:
        return json.loads(json.dumps(jsonata.Jsonata(expression).evaluate(None)))
    except Exception as error:
        raise moto_jsonata.JSONataException("UNKNOWN", str(error)) from error


def install():
    other = state_task_factory.state_task_service_for
    state_task_factory.state_task_service_for = lambda service_name: StartJobRun() if service_name == "emr-serverless" else other(service_name)
    moto_jsonata._eval_jsonata = evaluate
    # no job runs here, so nobody needs to wait long
    state_task_service_callback._DELAY_SECONDS_SYNC_CONDITION_CHECK = 0.05


def call(endpoint, access_key_id):
    """Lets the tasks call a service that runs jobs, as the role that the access key stands for, and not moto."""
    global runs_jobs
    runs_jobs = True
    keys = {"aws_access_key_id": access_key_id, "aws_secret_access_key": "not checked"}
    boto_client.boto3 = types.SimpleNamespace(client=lambda **asked: boto3.client(**{**asked, **keys, "endpoint_url": endpoint}))
