"""Every property and every grant once: the second program of all examples/<language>."""

from datetime import datetime, timezone

from aws_cdk import App, Duration, Environment, RemovalPolicy, Size, Stack, Tags, TimeZone
from aws_cdk.aws_ec2 import SecurityGroup, SubnetSelection, SubnetType, Vpc
from aws_cdk.aws_ecr import Repository
from aws_cdk.aws_iam import AccountRootPrincipal, ManagedPolicy, PolicyDocument, PolicyStatement, Role
from aws_cdk.aws_kms import Key
from aws_cdk.aws_logs import LogGroup, RetentionDays
from aws_cdk.aws_s3 import Bucket
from aws_cdk.aws_scheduler import ContextAttribute, Schedule, ScheduleExpression, ScheduleGroup, TimeWindow
from aws_cdk.aws_sqs import Queue
from aws_cdk.aws_ssm import ParameterTier
from aws_cdk.aws_stepfunctions import DefinitionBody, JsonPath, StateMachine
from cdk_spark_emr_serverless import (
    ApplicationConfiguration,
    Architecture,
    CloudWatchLogsOptions,
    DiskType,
    EmrRelease,
    EmrServerlessStartJobRun,
    InitialCapacity,
    LoggingOptions,
    MaximumCapacity,
    PythonPackages,
    S3LogsOptions,
    SparkCode,
    SparkEmrServerlessJob,
    SparkEmrServerlessJobTarget,
    SparkEmrServerlessRuntime,
    SparkEmrServerlessRuntimeGrants,
    SparkExecutionRole,
    SparkImage,
    SparkJobMode,
    SparkLogType,
    SparkWorker,
)

app = App()
stack = Stack(app, "Everything", env=Environment(account="111122223333", region="eu-west-1"))

vpc = Vpc.from_vpc_attributes(
    stack, "Vpc",
    vpc_id="vpc-0123456789abcdef0",
    availability_zones=["eu-west-1a", "eu-west-1b"],
    private_subnet_ids=["subnet-0123456789abcdef1", "subnet-0123456789abcdef2"],
    private_subnet_route_table_ids=["rtb-0123456789abcdef1", "rtb-0123456789abcdef2"],
)
key = Key(stack, "Key", enable_key_rotation=True)
bucket = Bucket(stack, "Bucket")
repository = Repository(stack, "Repository")
submitter = Role(stack, "Submitter", assumed_by=AccountRootPrincipal())
analyst = Role(stack, "Analyst", assumed_by=AccountRootPrincipal())

# everything but the images, of which an application has one for all workers or one for each kind
runtime = SparkEmrServerlessRuntime(
    stack, "Runtime",
    name="everything",
    release=EmrRelease.EMR_7_14_0,
    architecture=Architecture.ARM64,
    auto_start=True,
    auto_stop=True,
    idle_timeout=Duration.hours(1),
    initial_driver_capacity=InitialCapacity(worker_count=1, cpu=4, memory=Size.gibibytes(16)),
    initial_executor_capacity=InitialCapacity(
        worker_count=10,
        cpu=8,
        memory=Size.gibibytes(32),
        disk=Size.gibibytes(500),
        disk_type=DiskType.SHUFFLE_OPTIMIZED,
    ),
    maximum_capacity=MaximumCapacity(cpu=400, memory=Size.gibibytes(1600), disk=Size.gibibytes(25000)),
    max_concurrent_runs=20,
    queue_timeout=Duration.minutes(90),
    image=SparkImage.from_ecr_repository(repository, "7.14.0-2"),
    spark_properties={"spark.executor.cores": 8, "spark.executor.memory": "29g"},
    configurations=[
        ApplicationConfiguration(classification="spark-driver-log4j2", properties={"rootLogger.level": "warn"}),
        ApplicationConfiguration(classification="spark-executor-log4j2", properties={"rootLogger.level": "error"}),
    ],
    livy_endpoint=True,
    studio=True,
    spark_connect=True,
    managed_logs=True,
    managed_logs_key=key,
    s3_logs=S3LogsOptions(bucket=bucket, prefix="spark", encryption_key=key),
    cloud_watch_logs=CloudWatchLogsOptions(
        log_group=LogGroup(stack, "LogGroup", retention=RetentionDays.ONE_MONTH),
        log_stream_name_prefix="everything",
        encryption_key=key,
        driver_log_types=[SparkLogType.STDOUT, SparkLogType.STDERR],
        executor_log_types=[SparkLogType.STDERR],
    ),
    prometheus_workspace_arn="arn:aws:aps:eu-west-1:111122223333:workspace/ws-1234",
    vpc=vpc,
    vpc_subnets=SubnetSelection(subnet_type=SubnetType.PRIVATE_WITH_EGRESS),
    security_groups=[SecurityGroup(stack, "SecurityGroup", vpc=vpc)],
    identity_center_instance_arn="arn:aws:sso:::instance/ssoins-1234567890abcdef",
    removal_policy=RemovalPolicy.RETAIN,
)
Tags.of(runtime).add("team", "data")

execution_role = runtime.create_execution_role(
    "ExecutionRole",
    PolicyDocument(statements=[PolicyStatement(actions=["glue:GetTable"], resources=["*"])]),
    role_name="everything-execution",
    description="Runs jobs",
    managed_policies=[ManagedPolicy.from_managed_policy_arn(stack, "Data", "arn:aws:iam::111122223333:policy/data")],
    permissions_boundary=ManagedPolicy.from_managed_policy_arn(
        stack, "Boundary", "arn:aws:iam::111122223333:policy/boundary"
    ),
    grant_logging=False,
)
bucket.grant_read(execution_role)

own_role = Role(stack, "OwnRole", assumed_by=runtime.execution_principal)
runtime.grants.write_logs(own_role)

runtime.grant_start_job_execution(submitter, execution_role.role_arn)
runtime.grants.start_job_execution(submitter, own_role)
runtime.grants.read_job_runs(analyst)
runtime.grants.cancel_job_runs(analyst)
runtime.grants.view_spark_ui(analyst)
runtime.grants.tag_job_runs(analyst)
runtime.grants.use_livy(analyst, execution_role)
runtime.grants.use_studio(analyst, execution_role)
runtime.grants.use_spark_connect(analyst, execution_role)
runtime.grants.manage_application(submitter)
runtime.grants.operate_application(analyst)
runtime.grants.read_logs(analyst)
runtime.grants.actions(analyst, "emr-serverless:GetApplication", "emr-serverless:ListSessions")

SparkEmrServerlessRuntime(
    stack, "Images",
    release=EmrRelease.of("emr-7.14.0"),
    driver_image=SparkImage.from_uri("111122223333.dkr.ecr.eu-west-1.amazonaws.com/spark:driver"),
    executor_image=SparkImage.from_uri("111122223333.dkr.ecr.eu-west-1.amazonaws.com/spark:executor"),
)

imported = SparkEmrServerlessRuntime.from_application_arn(
    stack, "Imported",
    "arn:aws:emr-serverless:eu-west-1:111122223333:/applications/00f1abcdefgh0123",
)
imported.grant_start_job_execution(submitter, imported.create_execution_role("ExecutionRole").role_arn)

attributes = SparkEmrServerlessRuntime.from_spark_emr_serverless_runtime_attributes(
    stack, "Attributes",
    application_id="00f1abcdefgh4567",
    application_name="attributes",
    release=EmrRelease.EMR_7_14_0,
    architecture=Architecture.ARM64,
    security_groups=[
        SecurityGroup.from_security_group_id(stack, "ImportedSecurityGroup", "sg-0123456789abcdef0"),
    ],
    managed_logs_key=key,
)
SparkEmrServerlessRuntimeGrants.from_application(attributes).read_job_runs(analyst)

SparkExecutionRole(
    stack, "SharedRole", runtimes=[runtime, attributes], path="/spark/", max_session_duration=Duration.hours(2)
)

# the parameters of a job that `pipeline` does not have
job = SparkEmrServerlessJob(
    stack, "Job",
    runtime=runtime,
    execution_role=execution_role,
    job_name="everything",
    entry_point=SparkCode.from_bucket(bucket, "jobs/job.py"),
    entry_point_arguments=["--mode", "full"],
    python_packages=PythonPackages.from_requirements(
        "../jobs/requirements.txt", python_version="3.11", architecture=Architecture.ARM64
    ),
    jars=[SparkCode.from_image("/usr/lib/spark/jars/extra.jar")],
    files=[SparkCode.from_bucket(bucket, "jobs/settings.json")],
    archives={"models": SparkCode.from_bucket(bucket, "jobs/models.zip")},
    environment={"STAGE": "test"},
    driver=SparkWorker(cores=4, memory=Size.gibibytes(12), disk=Size.gibibytes(50), disk_type=DiskType.STANDARD),
    executor=SparkWorker(
        cores=8,
        memory=Size.gibibytes(24),
        disk=Size.gibibytes(500),
        disk_type=DiskType.SHUFFLE_OPTIMIZED,
    ),
    min_executors=1,
    max_executors=20,
    spark_properties={"spark.sql.shuffle.partitions": 400, "spark.sql.adaptive.enabled": True},
    configurations=[
        ApplicationConfiguration(classification="spark-driver-log4j2", properties={"rootLogger.level": "info"}),
    ],
    logging=LoggingOptions(managed_logs=False, s3_logs=S3LogsOptions(bucket=bucket, prefix="job")),
    mode=SparkJobMode.batch(execution_timeout=Duration.hours(4), max_attempts=2),
    execution_policy=PolicyDocument(
        statements=[
            PolicyStatement(actions=["s3:GetObject", "s3:PutObject"], resources=[bucket.arn_for_objects("*")]),
        ]
    ),
    job_run_tags={"team": "data", "stage": "test"},
)
job.grants.start(submitter)
job.grants.run(analyst)
job.create_request_parameter(
    "Request", parameter_name="/everything/request", description="Starts the job", tier=ParameterTier.ADVANCED
)

run_job = EmrServerlessStartJobRun.json_path(
    stack, "RunJob",
    job=job,
    job_run_name="by-state-machine",
    entry_point_arguments=["--date", JsonPath.string_at("$.date")],
    execution_timeout=Duration.hours(2),
    job_run_tags={"started": "by-state-machine"},
)
StateMachine(stack, "StateMachine", definition_body=DefinitionBody.from_chainable(run_job))

dead_letter_queue = Queue(stack, "DeadLetterQueue")
job.add_schedule(
    "Schedule",
    schedule=ScheduleExpression.cron(hour="2", minute="0", time_zone=TimeZone.EUROPE_BERLIN),
    schedule_name="everything",
    description="Every night",
    enabled=True,
    time_window=TimeWindow.flexible(Duration.minutes(15)),
    start=datetime(2027, 1, 1, tzinfo=timezone.utc),
    end=datetime(2028, 1, 1, tzinfo=timezone.utc),
    schedule_group=ScheduleGroup(stack, "ScheduleGroup", schedule_group_name="everything"),
    key=key,
    dead_letter_queue=dead_letter_queue,
    max_event_age=Duration.hours(1),
    retry_attempts=3,
    entry_point_arguments=["--date", ContextAttribute.scheduled_time],
    job_run_name="by-schedule",
)
Schedule(
    stack, "OwnSchedule",
    schedule=ScheduleExpression.rate(Duration.days(7)),
    target=SparkEmrServerlessJobTarget(job, dead_letter_queue=dead_letter_queue),
)

app.synth()
