"""Every property and every grant once: the second program of all examples/<language>."""

from aws_cdk import App, Duration, Environment, RemovalPolicy, Size, Stack, Tags
from aws_cdk.aws_ec2 import SecurityGroup, SubnetSelection, SubnetType, Vpc
from aws_cdk.aws_ecr import Repository
from aws_cdk.aws_iam import AccountRootPrincipal, ManagedPolicy, PolicyDocument, PolicyStatement, Role
from aws_cdk.aws_kms import Key
from aws_cdk.aws_logs import LogGroup, RetentionDays
from aws_cdk.aws_s3 import Bucket
from cdk_spark_emr_serverless import (
    ApplicationConfiguration,
    Architecture,
    CloudWatchLogsOptions,
    DiskType,
    EmrRelease,
    InitialCapacity,
    MaximumCapacity,
    S3LogsOptions,
    SparkEmrServerlessRuntime,
    SparkEmrServerlessRuntimeGrants,
    SparkExecutionRole,
    SparkImage,
    SparkLogType,
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

app.synth()
