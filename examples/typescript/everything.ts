// Every property and every grant once: the second program of all examples/<language>.
import { App, Duration, RemovalPolicy, Size, Stack, Tags, TimeZone } from 'aws-cdk-lib';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { AccountRootPrincipal, ManagedPolicy, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleGroup, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { ParameterTier } from 'aws-cdk-lib/aws-ssm';
import { DefinitionBody, JsonPath, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import {
  Architecture, DiskType, EmrRelease, EmrServerlessStartJobRun, PythonPackages, SparkCode, SparkEmrServerlessJob,
  SparkEmrServerlessJobTarget, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeGrants, SparkExecutionRole, SparkImage, SparkJobMode,
  SparkLogType,
} from 'cdk-spark-emr-serverless';

const app = new App();
const stack = new Stack(app, 'Everything', { env: { account: '111122223333', region: 'eu-west-1' } });

const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  privateSubnetIds: ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'],
  privateSubnetRouteTableIds: ['rtb-0123456789abcdef1', 'rtb-0123456789abcdef2'],
});
const key = new Key(stack, 'Key', { enableKeyRotation: true });
const bucket = new Bucket(stack, 'Bucket');
const repository = new Repository(stack, 'Repository');
const submitter = new Role(stack, 'Submitter', { assumedBy: new AccountRootPrincipal() });
const analyst = new Role(stack, 'Analyst', { assumedBy: new AccountRootPrincipal() });

// everything but the images, of which an application has one for all workers or one for each kind
const runtime = new SparkEmrServerlessRuntime(stack, 'Runtime', {
  name: 'everything',
  release: EmrRelease.EMR_7_14_0,
  architecture: Architecture.ARM64,
  autoStart: true,
  autoStop: true,
  idleTimeout: Duration.hours(1),
  initialDriverCapacity: { workerCount: 1, cpu: 4, memory: Size.gibibytes(16) },
  initialExecutorCapacity: {
    workerCount: 10,
    cpu: 8,
    memory: Size.gibibytes(32),
    disk: Size.gibibytes(500),
    diskType: DiskType.SHUFFLE_OPTIMIZED,
  },
  maximumCapacity: { cpu: 400, memory: Size.gibibytes(1600), disk: Size.gibibytes(25000) },
  maxConcurrentRuns: 20,
  queueTimeout: Duration.minutes(90),
  image: SparkImage.fromEcrRepository(repository, '7.14.0-2'),
  sparkProperties: { 'spark.executor.cores': 8, 'spark.executor.memory': '29g' },
  configurations: [
    { classification: 'spark-driver-log4j2', properties: { 'rootLogger.level': 'warn' } },
    { classification: 'spark-executor-log4j2', properties: { 'rootLogger.level': 'error' } },
  ],
  livyEndpoint: true,
  studio: true,
  sparkConnect: true,
  managedLogs: true,
  managedLogsKey: key,
  s3Logs: { bucket, prefix: 'spark', encryptionKey: key },
  cloudWatchLogs: {
    logGroup: new LogGroup(stack, 'LogGroup', { retention: RetentionDays.ONE_MONTH }),
    logStreamNamePrefix: 'everything',
    encryptionKey: key,
    driverLogTypes: [SparkLogType.STDOUT, SparkLogType.STDERR],
    executorLogTypes: [SparkLogType.STDERR],
  },
  prometheusWorkspaceArn: 'arn:aws:aps:eu-west-1:111122223333:workspace/ws-1234',
  vpc,
  vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
  securityGroups: [new SecurityGroup(stack, 'SecurityGroup', { vpc })],
  identityCenterInstanceArn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef',
  removalPolicy: RemovalPolicy.RETAIN,
});
Tags.of(runtime).add('team', 'data');

const executionRole = runtime.createExecutionRole('ExecutionRole', new PolicyDocument({
  statements: [new PolicyStatement({ actions: ['glue:GetTable'], resources: ['*'] })],
}), {
  roleName: 'everything-execution',
  description: 'Runs jobs',
  managedPolicies: [ManagedPolicy.fromManagedPolicyArn(stack, 'Data', 'arn:aws:iam::111122223333:policy/data')],
  permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::111122223333:policy/boundary'),
  grantLogging: false,
});
bucket.grantRead(executionRole);

const ownRole = new Role(stack, 'OwnRole', { assumedBy: runtime.executionPrincipal });
runtime.grants.writeLogs(ownRole);

runtime.grantStartJobExecution(submitter, executionRole.roleArn);
runtime.grants.startJobExecution(submitter, ownRole);
runtime.grants.readJobRuns(analyst);
runtime.grants.cancelJobRuns(analyst);
runtime.grants.viewSparkUi(analyst);
runtime.grants.tagJobRuns(analyst);
runtime.grants.useLivy(analyst, executionRole);
runtime.grants.useStudio(analyst, executionRole);
runtime.grants.useSparkConnect(analyst, executionRole);
runtime.grants.manageApplication(submitter);
runtime.grants.operateApplication(analyst);
runtime.grants.readLogs(analyst);
runtime.grants.actions(analyst, 'emr-serverless:GetApplication', 'emr-serverless:ListSessions');

new SparkEmrServerlessRuntime(stack, 'Images', {
  release: EmrRelease.of('emr-7.14.0'),
  driverImage: SparkImage.fromUri('111122223333.dkr.ecr.eu-west-1.amazonaws.com/spark:driver'),
  executorImage: SparkImage.fromUri('111122223333.dkr.ecr.eu-west-1.amazonaws.com/spark:executor'),
});

const imported = SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Imported',
  'arn:aws:emr-serverless:eu-west-1:111122223333:/applications/00f1abcdefgh0123');
imported.grantStartJobExecution(submitter, imported.createExecutionRole('ExecutionRole').roleArn);

const attributes = SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(stack, 'Attributes', {
  applicationId: '00f1abcdefgh4567',
  applicationName: 'attributes',
  release: EmrRelease.EMR_7_14_0,
  architecture: Architecture.ARM64,
  securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'ImportedSecurityGroup', 'sg-0123456789abcdef0')],
  managedLogsKey: key,
});
SparkEmrServerlessRuntimeGrants.fromApplication(attributes).readJobRuns(analyst);

new SparkExecutionRole(stack, 'SharedRole', { runtimes: [runtime, attributes], path: '/spark/', maxSessionDuration: Duration.hours(2) });

// the parameters of a job that `pipeline` does not have
const job = new SparkEmrServerlessJob(stack, 'Job', {
  runtime,
  executionRole,
  jobName: 'everything',
  entryPoint: SparkCode.fromBucket(bucket, 'jobs/job.py'),
  entryPointArguments: ['--mode', 'full'],
  pythonPackages: PythonPackages.fromRequirements('../jobs/requirements.txt', { pythonVersion: '3.11', architecture: Architecture.ARM64 }),
  jars: [SparkCode.fromImage('/usr/lib/spark/jars/extra.jar')],
  files: [SparkCode.fromBucket(bucket, 'jobs/settings.json')],
  archives: { models: SparkCode.fromBucket(bucket, 'jobs/models.zip') },
  environment: { STAGE: 'test' },
  driver: { cores: 4, memory: Size.gibibytes(12), disk: Size.gibibytes(50), diskType: DiskType.STANDARD },
  executor: { cores: 8, memory: Size.gibibytes(24), disk: Size.gibibytes(500), diskType: DiskType.SHUFFLE_OPTIMIZED },
  minExecutors: 1,
  maxExecutors: 20,
  sparkProperties: { 'spark.sql.shuffle.partitions': 400, 'spark.sql.adaptive.enabled': true },
  configurations: [{ classification: 'spark-driver-log4j2', properties: { 'rootLogger.level': 'info' } }],
  logging: { managedLogs: false, s3Logs: { bucket, prefix: 'job' } },
  mode: SparkJobMode.batch({ executionTimeout: Duration.hours(4), maxAttempts: 2 }),
  executionPolicy: new PolicyDocument({
    statements: [new PolicyStatement({ actions: ['s3:GetObject', 's3:PutObject'], resources: [bucket.arnForObjects('*')] })],
  }),
  jobRunTags: { team: 'data', stage: 'test' },
});
job.grants.start(submitter);
job.grants.run(analyst);
job.createRequestParameter('Request', { parameterName: '/everything/request', description: 'Starts the job', tier: ParameterTier.ADVANCED });

const runJob = EmrServerlessStartJobRun.jsonPath(stack, 'RunJob', {
  job,
  jobRunName: 'by-state-machine',
  entryPointArguments: ['--date', JsonPath.stringAt('$.date')],
  executionTimeout: Duration.hours(2),
  jobRunTags: { started: 'by-state-machine' },
});
new StateMachine(stack, 'StateMachine', { definitionBody: DefinitionBody.fromChainable(runJob) });

const deadLetterQueue = new Queue(stack, 'DeadLetterQueue');
job.addSchedule('Schedule', {
  schedule: ScheduleExpression.cron({ hour: '2', minute: '0', timeZone: TimeZone.EUROPE_BERLIN }),
  scheduleName: 'everything',
  description: 'Every night',
  enabled: true,
  timeWindow: TimeWindow.flexible(Duration.minutes(15)),
  start: new Date('2027-01-01T00:00:00Z'),
  end: new Date('2028-01-01T00:00:00Z'),
  scheduleGroup: new ScheduleGroup(stack, 'ScheduleGroup', { scheduleGroupName: 'everything' }),
  key,
  deadLetterQueue,
  maxEventAge: Duration.hours(1),
  retryAttempts: 3,
  entryPointArguments: ['--date', ContextAttribute.scheduledTime],
  jobRunName: 'by-schedule',
});
new Schedule(stack, 'OwnSchedule', {
  schedule: ScheduleExpression.rate(Duration.days(7)),
  target: new SparkEmrServerlessJobTarget(job, { deadLetterQueue }),
});

app.synth();
