// Every property and every grant once: the second program of all examples/<language>.
package example;

import io.github.cdksparkemrserverless.ApplicationConfiguration;
import io.github.cdksparkemrserverless.Architecture;
import io.github.cdksparkemrserverless.CloudWatchLogsOptions;
import io.github.cdksparkemrserverless.DiskType;
import io.github.cdksparkemrserverless.EmrRelease;
import io.github.cdksparkemrserverless.EmrServerlessStartJobRun;
import io.github.cdksparkemrserverless.EmrServerlessStartJobRunJsonPathProps;
import io.github.cdksparkemrserverless.ExecutionRoleOptions;
import io.github.cdksparkemrserverless.ISparkEmrServerlessRuntime;
import io.github.cdksparkemrserverless.InitialCapacity;
import io.github.cdksparkemrserverless.LoggingOptions;
import io.github.cdksparkemrserverless.MaximumCapacity;
import io.github.cdksparkemrserverless.PythonPackages;
import io.github.cdksparkemrserverless.PythonPackagesOptions;
import io.github.cdksparkemrserverless.S3LogsOptions;
import io.github.cdksparkemrserverless.SparkBatchOptions;
import io.github.cdksparkemrserverless.SparkCode;
import io.github.cdksparkemrserverless.SparkEmrServerlessJob;
import io.github.cdksparkemrserverless.SparkEmrServerlessJobScheduleOptions;
import io.github.cdksparkemrserverless.SparkEmrServerlessJobTarget;
import io.github.cdksparkemrserverless.SparkEmrServerlessRuntime;
import io.github.cdksparkemrserverless.SparkEmrServerlessRuntimeAttributes;
import io.github.cdksparkemrserverless.SparkEmrServerlessRuntimeGrants;
import io.github.cdksparkemrserverless.SparkExecutionRole;
import io.github.cdksparkemrserverless.SparkImage;
import io.github.cdksparkemrserverless.SparkJobMode;
import io.github.cdksparkemrserverless.SparkLogType;
import io.github.cdksparkemrserverless.SparkWorker;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Tags;
import software.amazon.awscdk.TimeZone;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ec2.VpcAttributes;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.iam.AccountRootPrincipal;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.scheduler.ContextAttribute;
import software.amazon.awscdk.services.scheduler.CronOptionsWithTimezone;
import software.amazon.awscdk.services.scheduler.Schedule;
import software.amazon.awscdk.services.scheduler.ScheduleExpression;
import software.amazon.awscdk.services.scheduler.ScheduleGroup;
import software.amazon.awscdk.services.scheduler.TimeWindow;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.ssm.ParameterOptions;
import software.amazon.awscdk.services.ssm.ParameterTier;
import software.amazon.awscdk.services.stepfunctions.DefinitionBody;
import software.amazon.awscdk.services.stepfunctions.JsonPath;
import software.amazon.awscdk.services.stepfunctions.StateMachine;

public final class Everything {
    public static void main(String[] args) {
        App app = new App();
        Stack stack = Stack.Builder.create(app, "Everything")
            .env(Environment.builder().account("111122223333").region("eu-west-1").build())
            .build();

        IVpc vpc = Vpc.fromVpcAttributes(stack, "Vpc", VpcAttributes.builder()
            .vpcId("vpc-0123456789abcdef0")
            .availabilityZones(List.of("eu-west-1a", "eu-west-1b"))
            .privateSubnetIds(List.of("subnet-0123456789abcdef1", "subnet-0123456789abcdef2"))
            .privateSubnetRouteTableIds(List.of("rtb-0123456789abcdef1", "rtb-0123456789abcdef2"))
            .build());
        Key key = Key.Builder.create(stack, "Key").enableKeyRotation(true).build();
        Bucket bucket = new Bucket(stack, "Bucket");
        Repository repository = new Repository(stack, "Repository");
        Role submitter = Role.Builder.create(stack, "Submitter").assumedBy(new AccountRootPrincipal()).build();
        Role analyst = Role.Builder.create(stack, "Analyst").assumedBy(new AccountRootPrincipal()).build();

        // everything but the images, of which an application has one for all workers or one for each kind
        SparkEmrServerlessRuntime runtime = SparkEmrServerlessRuntime.Builder.create(stack, "Runtime")
            .name("everything")
            .release(EmrRelease.EMR_7_14_0)
            .architecture(Architecture.ARM64)
            .autoStart(true)
            .autoStop(true)
            .idleTimeout(Duration.hours(1))
            .initialDriverCapacity(InitialCapacity.builder().workerCount(1).cpu(4).memory(Size.gibibytes(16)).build())
            .initialExecutorCapacity(InitialCapacity.builder()
                .workerCount(10)
                .cpu(8)
                .memory(Size.gibibytes(32))
                .disk(Size.gibibytes(500))
                .diskType(DiskType.SHUFFLE_OPTIMIZED)
                .build())
            .maximumCapacity(MaximumCapacity.builder().cpu(400).memory(Size.gibibytes(1600)).disk(Size.gibibytes(25000)).build())
            .maxConcurrentRuns(20)
            .queueTimeout(Duration.minutes(90))
            .image(SparkImage.fromEcrRepository(repository, "7.14.0-2"))
            .sparkProperties(Map.of("spark.executor.cores", 8, "spark.executor.memory", "29g"))
            .configurations(List.of(
                ApplicationConfiguration.builder()
                    .classification("spark-driver-log4j2")
                    .properties(Map.of("rootLogger.level", "warn"))
                    .build(),
                ApplicationConfiguration.builder()
                    .classification("spark-executor-log4j2")
                    .properties(Map.of("rootLogger.level", "error"))
                    .build()))
            .livyEndpoint(true)
            .studio(true)
            .sparkConnect(true)
            .managedLogs(true)
            .managedLogsKey(key)
            .s3Logs(S3LogsOptions.builder().bucket(bucket).prefix("spark").encryptionKey(key).build())
            .cloudWatchLogs(CloudWatchLogsOptions.builder()
                .logGroup(LogGroup.Builder.create(stack, "LogGroup").retention(RetentionDays.ONE_MONTH).build())
                .logStreamNamePrefix("everything")
                .encryptionKey(key)
                .driverLogTypes(List.of(SparkLogType.STDOUT, SparkLogType.STDERR))
                .executorLogTypes(List.of(SparkLogType.STDERR))
                .build())
            .prometheusWorkspaceArn("arn:aws:aps:eu-west-1:111122223333:workspace/ws-1234")
            .vpc(vpc)
            .vpcSubnets(SubnetSelection.builder().subnetType(SubnetType.PRIVATE_WITH_EGRESS).build())
            .securityGroups(List.of(SecurityGroup.Builder.create(stack, "SecurityGroup").vpc(vpc).build()))
            .identityCenterInstanceArn("arn:aws:sso:::instance/ssoins-1234567890abcdef")
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
        Tags.of(runtime).add("team", "data");

        PolicyDocument glueReadPolicy = PolicyDocument.Builder.create()
            .statements(List.of(PolicyStatement.Builder.create()
                .actions(List.of("glue:GetTable"))
                .resources(List.of("*"))
                .build()))
            .build();
        Role executionRole = runtime.createExecutionRole("ExecutionRole", glueReadPolicy, ExecutionRoleOptions.builder()
            .roleName("everything-execution")
            .description("Runs jobs")
            .managedPolicies(List.of(ManagedPolicy.fromManagedPolicyArn(stack, "Data", "arn:aws:iam::111122223333:policy/data")))
            .permissionsBoundary(ManagedPolicy.fromManagedPolicyArn(stack, "Boundary", "arn:aws:iam::111122223333:policy/boundary"))
            .grantLogging(false)
            .build());
        bucket.grantRead(executionRole);

        Role ownRole = Role.Builder.create(stack, "OwnRole").assumedBy(runtime.getExecutionPrincipal()).build();
        SparkEmrServerlessRuntimeGrants grants = runtime.getGrants();
        grants.writeLogs(ownRole);

        runtime.grantStartJobExecution(submitter, executionRole.getRoleArn());
        grants.startJobExecution(submitter, ownRole);
        grants.readJobRuns(analyst);
        grants.cancelJobRuns(analyst);
        grants.viewSparkUi(analyst);
        grants.tagJobRuns(analyst);
        grants.useLivy(analyst, executionRole);
        grants.useStudio(analyst, executionRole);
        grants.useSparkConnect(analyst, executionRole);
        grants.manageApplication(submitter);
        grants.operateApplication(analyst);
        grants.readLogs(analyst);
        grants.actions(analyst, "emr-serverless:GetApplication", "emr-serverless:ListSessions");

        SparkEmrServerlessRuntime.Builder.create(stack, "Images")
            .release(EmrRelease.of("emr-7.14.0"))
            .driverImage(SparkImage.fromUri("111122223333.dkr.ecr.eu-west-1.amazonaws.com/spark:driver"))
            .executorImage(SparkImage.fromUri("111122223333.dkr.ecr.eu-west-1.amazonaws.com/spark:executor"))
            .build();

        ISparkEmrServerlessRuntime imported = SparkEmrServerlessRuntime.fromApplicationArn(stack, "Imported",
            "arn:aws:emr-serverless:eu-west-1:111122223333:/applications/00f1abcdefgh0123");
        imported.grantStartJobExecution(submitter, imported.createExecutionRole("ExecutionRole").getRoleArn());

        ISparkEmrServerlessRuntime attributes = SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(stack, "Attributes",
            SparkEmrServerlessRuntimeAttributes.builder()
                .applicationId("00f1abcdefgh4567")
                .applicationName("attributes")
                .release(EmrRelease.EMR_7_14_0)
                .architecture(Architecture.ARM64)
                .securityGroups(List.of(SecurityGroup.fromSecurityGroupId(stack, "ImportedSecurityGroup", "sg-0123456789abcdef0")))
                .managedLogsKey(key)
                .build());
        SparkEmrServerlessRuntimeGrants.fromApplication(attributes).readJobRuns(analyst);

        SparkExecutionRole.Builder.create(stack, "SharedRole")
            .runtimes(List.of(runtime, attributes))
            .path("/spark/")
            .maxSessionDuration(Duration.hours(2))
            .build();

        // the parameters of a job that `pipeline` does not have
        SparkEmrServerlessJob job = SparkEmrServerlessJob.Builder.create(stack, "Job")
            .runtime(runtime)
            .executionRole(executionRole)
            .jobName("everything")
            .entryPoint(SparkCode.fromBucket(bucket, "jobs/job.py"))
            .entryPointArguments(List.of("--mode", "full"))
            .pythonPackages(PythonPackages.fromRequirements("../jobs/requirements.txt",
                PythonPackagesOptions.builder().pythonVersion("3.11").architecture(Architecture.ARM64).build()))
            .jars(List.of(SparkCode.fromImage("/usr/lib/spark/jars/extra.jar")))
            .files(List.of(SparkCode.fromBucket(bucket, "jobs/settings.json")))
            .archives(Map.of("models", SparkCode.fromBucket(bucket, "jobs/models.zip")))
            .environment(Map.of("STAGE", "test"))
            .driver(SparkWorker.builder()
                .cores(4)
                .memory(Size.gibibytes(12))
                .disk(Size.gibibytes(50))
                .diskType(DiskType.STANDARD)
                .build())
            .executor(SparkWorker.builder()
                .cores(8)
                .memory(Size.gibibytes(24))
                .disk(Size.gibibytes(500))
                .diskType(DiskType.SHUFFLE_OPTIMIZED)
                .build())
            .minExecutors(1)
            .maxExecutors(20)
            .sparkProperties(Map.of("spark.sql.shuffle.partitions", 400, "spark.sql.adaptive.enabled", true))
            .configurations(List.of(ApplicationConfiguration.builder()
                .classification("spark-driver-log4j2")
                .properties(Map.of("rootLogger.level", "info"))
                .build()))
            .logging(LoggingOptions.builder()
                .managedLogs(false)
                .s3Logs(S3LogsOptions.builder().bucket(bucket).prefix("job").build())
                .build())
            .mode(SparkJobMode.batch(SparkBatchOptions.builder().executionTimeout(Duration.hours(4)).maxAttempts(2).build()))
            .executionPolicy(PolicyDocument.Builder.create()
                .statements(List.of(PolicyStatement.Builder.create()
                    .actions(List.of("s3:GetObject", "s3:PutObject"))
                    .resources(List.of(bucket.arnForObjects("*")))
                    .build()))
                .build())
            .jobRunTags(Map.of("team", "data", "stage", "test"))
            .build();
        job.getGrants().start(submitter);
        job.getGrants().run(analyst);
        job.createRequestParameter("Request", ParameterOptions.builder()
            .parameterName("/everything/request")
            .description("Starts the job")
            .tier(ParameterTier.ADVANCED)
            .build());

        EmrServerlessStartJobRun runJob = EmrServerlessStartJobRun.jsonPath(stack, "RunJob",
            EmrServerlessStartJobRunJsonPathProps.builder()
                .job(job)
                .jobRunName("by-state-machine")
                .entryPointArguments(List.of("--date", JsonPath.stringAt("$.date")))
                .executionTimeout(Duration.hours(2))
                .jobRunTags(Map.of("started", "by-state-machine"))
                .build());
        StateMachine.Builder.create(stack, "StateMachine").definitionBody(DefinitionBody.fromChainable(runJob)).build();

        Queue deadLetterQueue = new Queue(stack, "DeadLetterQueue");
        job.addSchedule("Schedule", SparkEmrServerlessJobScheduleOptions.builder()
            .schedule(ScheduleExpression.cron(CronOptionsWithTimezone.builder()
                .hour("2")
                .minute("0")
                .timeZone(TimeZone.EUROPE_BERLIN)
                .build()))
            .scheduleName("everything")
            .description("Every night")
            .enabled(true)
            .timeWindow(TimeWindow.flexible(Duration.minutes(15)))
            .start(Instant.parse("2027-01-01T00:00:00Z"))
            .end(Instant.parse("2028-01-01T00:00:00Z"))
            .scheduleGroup(ScheduleGroup.Builder.create(stack, "ScheduleGroup").scheduleGroupName("everything").build())
            .key(key)
            .deadLetterQueue(deadLetterQueue)
            .maxEventAge(Duration.hours(1))
            .retryAttempts(3)
            .entryPointArguments(List.of("--date", ContextAttribute.getScheduledTime()))
            .jobRunName("by-schedule")
            .build());
        Schedule.Builder.create(stack, "OwnSchedule")
            .schedule(ScheduleExpression.rate(Duration.days(7)))
            .target(SparkEmrServerlessJobTarget.Builder.create(job).deadLetterQueue(deadLetterQueue).build())
            .build();

        app.synth();
    }
}
