"""The scenes of scenes.ts with boto3: prints what came of each, as JSON."""
import json
import re
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

outputs = json.loads(sys.argv[1])
spark, other = outputs['spark'], outputs['other']
role, other_role = outputs['executionRole'], outputs['otherExecutionRole']
job_runs = []


def client(who):
    return boto3.client('emr-serverless', endpoint_url=outputs['endpoint'], region_name=outputs['region'],
                        aws_access_key_id=who, aws_secret_access_key='not checked', config=Config(retries={'total_max_attempts': 1}))


def start(application, execution_role):
    def call(emr):
        job_runs.append(emr.start_job_run(applicationId=application, executionRoleArn=execution_role,
                                          jobDriver={'sparkSubmit': {'entryPoint': 's3://amzn-s3-demo-bucket/job.py'}})['jobRunId'])
    return call


def watch(number):
    def call(emr):
        job_run = emr.get_job_run(applicationId=spark, jobRunId=job_runs[number - 1])['jobRun']
        details = job_run.get('stateDetails')
        return f"{job_run['state']}: {re.sub(' arn:.*', '', details)}" if details else job_run['state']
    return call


def cancel(number):
    return lambda emr: emr.cancel_job_run(applicationId=spark, jobRunId=job_runs[number - 1])


def answer(who, call):
    try:
        seen = call(client(who))
        return seen if isinstance(seen, str) else 'allowed'
    except ClientError as error:
        refused = re.search(r'is not authorized to perform: (\S+) on resource: ', error.response['Error']['Message'])
        if error.response['Error']['Code'] != 'AccessDeniedException' or not refused:
            raise
        return f'AccessDenied: {refused[1]}'


scenes = [
    ('Submitter', 'StartApplication', 'Spark', lambda emr: emr.start_application(applicationId=spark)),
    ('Submitter', 'GetApplication', 'Spark', lambda emr: emr.get_application(applicationId=spark)['application']['state']),
    ('Submitter', 'StartJobRun as the role of Spark', 'Spark', start(spark, role)),
    ('Submitter', 'GetJobRun', 'job run 1', watch(1)),
    ('Submitter', 'StartJobRun as the role of Spark', 'Spark', start(spark, role)),
    ('Submitter', 'CancelJobRun', 'job run 2', cancel(2)),
    ('Submitter', 'GetJobRun', 'job run 2', watch(2)),
    ('Submitter', 'StartJobRun as the role of Other', 'Spark', start(spark, other_role)),
    ('Submitter', 'StartJobRun as the role of Spark', 'Other', start(other, role)),
    ('Submitter', 'ListJobRuns', 'Spark', lambda emr: emr.list_job_runs(applicationId=spark)),
    ('Submitter', 'DeleteApplication', 'Spark', lambda emr: emr.delete_application(applicationId=spark)),
    ('Stranger', 'StartJobRun as the role of Other', 'Other', start(other, other_role)),
    ('Stranger', 'StartJobRun as the role of Other', 'Spark', start(spark, other_role)),
    ('Stranger', 'GetJobRun', 'job run 1', watch(1)),
    ('Stranger', 'CancelJobRun', 'job run 1', cancel(1)),
    ('Misled', 'StartJobRun as the role of Other', 'Spark', start(spark, other_role)),
    ('Misled', 'GetJobRun', 'job run 4', watch(4)),
    ('Submitter', 'StopApplication', 'Spark', lambda emr: emr.stop_application(applicationId=spark)),
]
print(json.dumps([{'who': who, 'tried': tried, 'on': on, 'answer': answer(who, call)} for who, tried, on, call in scenes]))
