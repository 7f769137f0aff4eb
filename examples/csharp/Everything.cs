// Every property and every grant once: the second program of all examples/<language>.
using System.Collections.Generic;
using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.ECR;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.KMS;
using Amazon.CDK.AWS.Logs;
using Amazon.CDK.AWS.S3;
using Amazon.CDK.AWS.Scheduler;
using Amazon.CDK.AWS.SQS;
using Amazon.CDK.AWS.SSM;
using Amazon.CDK.AWS.StepFunctions;
using CdkSparkEmrServerless;

namespace Example;

internal static class Everything
{
    public static void Run()
    {
        var app = new App();
        var stack = new Stack(app, "Everything", new StackProps
        {
            Env = new Environment { Account = "111122223333", Region = "eu-west-1" }
        });

        var vpc = Vpc.FromVpcAttributes(stack, "Vpc", new VpcAttributes
        {
            VpcId = "vpc-0123456789abcdef0",
            AvailabilityZones = new[] { "eu-west-1a", "eu-west-1b" },
            PrivateSubnetIds = new[] { "subnet-0123456789abcdef1", "subnet-0123456789abcdef2" },
            PrivateSubnetRouteTableIds = new[] { "rtb-0123456789abcdef1", "rtb-0123456789abcdef2" }
        });
        var key = new Key(stack, "Key", new KeyProps { EnableKeyRotation = true });
        var bucket = new Bucket(stack, "Bucket");
        var repository = new Repository(stack, "Repository");
        var submitter = new Role(stack, "Submitter", new RoleProps { AssumedBy = new AccountRootPrincipal() });
        var analyst = new Role(stack, "Analyst", new RoleProps { AssumedBy = new AccountRootPrincipal() });

        // everything but the images, of which an application has one for all workers or one for each kind
        var runtime = new SparkEmrServerlessRuntime(stack, "Runtime", new SparkEmrServerlessRuntimeProps
        {
            Name = "everything",
            Release = EmrRelease.EMR_7_14_0,
            Architecture = Architecture.ARM64,
            AutoStart = true,
            AutoStop = true,
            IdleTimeout = Duration.Hours(1),
            InitialDriverCapacity = new InitialCapacity { WorkerCount = 1, Cpu = 4, Memory = Size.Gibibytes(16) },
            InitialExecutorCapacity = new InitialCapacity
            {
                WorkerCount = 10,
                Cpu = 8,
                Memory = Size.Gibibytes(32),
                Disk = Size.Gibibytes(500),
                DiskType = DiskType.SHUFFLE_OPTIMIZED
            },
            MaximumCapacity = new MaximumCapacity { Cpu = 400, Memory = Size.Gibibytes(1600), Disk = Size.Gibibytes(25000) },
            MaxConcurrentRuns = 20,
            QueueTimeout = Duration.Minutes(90),
            Image = SparkImage.FromEcrRepository(repository, "7.14.0-2"),
            SparkProperties = new Dictionary<string, object>
            {
                ["spark.executor.cores"] = 8,
                ["spark.executor.memory"] = "29g"
            },
            Configurations = new[]
            {
                new ApplicationConfiguration
                {
                    Classification = "spark-driver-log4j2",
                    Properties = new Dictionary<string, object> { ["rootLogger.level"] = "warn" }
                },
                new ApplicationConfiguration
                {
                    Classification = "spark-executor-log4j2",
                    Properties = new Dictionary<string, object> { ["rootLogger.level"] = "error" }
                }
            },
            LivyEndpoint = true,
            Studio = true,
            SparkConnect = true,
            ManagedLogs = true,
            ManagedLogsKey = key,
            S3Logs = new S3LogsOptions { Bucket = bucket, Prefix = "spark", EncryptionKey = key },
            CloudWatchLogs = new CloudWatchLogsOptions
            {
                LogGroup = new LogGroup(stack, "LogGroup", new LogGroupProps { Retention = RetentionDays.ONE_MONTH }),
                LogStreamNamePrefix = "everything",
                EncryptionKey = key,
                DriverLogTypes = new[] { SparkLogType.STDOUT, SparkLogType.STDERR },
                ExecutorLogTypes = new[] { SparkLogType.STDERR }
            },
            PrometheusWorkspaceArn = "arn:aws:aps:eu-west-1:111122223333:workspace/ws-1234",
            Vpc = vpc,
            VpcSubnets = new SubnetSelection { SubnetType = SubnetType.PRIVATE_WITH_EGRESS },
            SecurityGroups = new[] { new SecurityGroup(stack, "SecurityGroup", new SecurityGroupProps { Vpc = vpc }) },
            IdentityCenterInstanceArn = "arn:aws:sso:::instance/ssoins-1234567890abcdef",
            RemovalPolicy = RemovalPolicy.RETAIN
        });
        Tags.Of(runtime).Add("team", "data");

        var glueReadPolicy = new PolicyDocument(new PolicyDocumentProps
        {
            Statements = new[]
            {
                new PolicyStatement(new PolicyStatementProps { Actions = new[] { "glue:GetTable" }, Resources = new[] { "*" } })
            }
        });
        var executionRole = runtime.CreateExecutionRole("ExecutionRole", glueReadPolicy, new ExecutionRoleOptions
        {
            RoleName = "everything-execution",
            Description = "Runs jobs",
            ManagedPolicies = new[] { ManagedPolicy.FromManagedPolicyArn(stack, "Data", "arn:aws:iam::111122223333:policy/data") },
            PermissionsBoundary = ManagedPolicy.FromManagedPolicyArn(stack, "Boundary", "arn:aws:iam::111122223333:policy/boundary"),
            GrantLogging = false
        });
        bucket.GrantRead(executionRole);

        var ownRole = new Role(stack, "OwnRole", new RoleProps { AssumedBy = runtime.ExecutionPrincipal });
        runtime.Grants.WriteLogs(ownRole);

        runtime.GrantStartJobExecution(submitter, executionRole.RoleArn);
        runtime.Grants.StartJobExecution(submitter, ownRole);
        runtime.Grants.ReadJobRuns(analyst);
        runtime.Grants.CancelJobRuns(analyst);
        runtime.Grants.ViewSparkUi(analyst);
        runtime.Grants.TagJobRuns(analyst);
        runtime.Grants.UseLivy(analyst, executionRole);
        runtime.Grants.UseStudio(analyst, executionRole);
        runtime.Grants.UseSparkConnect(analyst, executionRole);
        runtime.Grants.ManageApplication(submitter);
        runtime.Grants.OperateApplication(analyst);
        runtime.Grants.ReadLogs(analyst);
        runtime.Grants.Actions(analyst, "emr-serverless:GetApplication", "emr-serverless:ListSessions");

        new SparkEmrServerlessRuntime(stack, "Images", new SparkEmrServerlessRuntimeProps
        {
            Release = EmrRelease.Of("emr-7.14.0"),
            DriverImage = SparkImage.FromUri("111122223333.dkr.ecr.eu-west-1.amazonaws.com/spark:driver"),
            ExecutorImage = SparkImage.FromUri("111122223333.dkr.ecr.eu-west-1.amazonaws.com/spark:executor")
        });

        var imported = SparkEmrServerlessRuntime.FromApplicationArn(stack, "Imported",
            "arn:aws:emr-serverless:eu-west-1:111122223333:/applications/00f1abcdefgh0123");
        imported.GrantStartJobExecution(submitter, imported.CreateExecutionRole("ExecutionRole").RoleArn);

        var attributes = SparkEmrServerlessRuntime.FromSparkEmrServerlessRuntimeAttributes(stack, "Attributes",
            new SparkEmrServerlessRuntimeAttributes
            {
                ApplicationId = "00f1abcdefgh4567",
                ApplicationName = "attributes",
                Release = EmrRelease.EMR_7_14_0,
                Architecture = Architecture.ARM64,
                SecurityGroups = new[] { SecurityGroup.FromSecurityGroupId(stack, "ImportedSecurityGroup", "sg-0123456789abcdef0") },
                ManagedLogsKey = key
            });
        SparkEmrServerlessRuntimeGrants.FromApplication(attributes).ReadJobRuns(analyst);

        new SparkExecutionRole(stack, "SharedRole", new SparkExecutionRoleProps
        {
            Runtimes = new ISparkEmrServerlessRuntime[] { runtime, attributes },
            Path = "/spark/",
            MaxSessionDuration = Duration.Hours(2),
        });

        // the parameters of a job that `pipeline` does not have
        var job = new SparkEmrServerlessJob(stack, "Job", new SparkEmrServerlessJobProps
        {
            Runtime = runtime,
            ExecutionRole = executionRole,
            JobName = "everything",
            EntryPoint = SparkCode.FromBucket(bucket, "jobs/job.py"),
            EntryPointArguments = new[] { "--mode", "full" },
            PythonPackages = PythonPackages.FromRequirements("../jobs/requirements.txt", new PythonPackagesOptions
            {
                PythonVersion = "3.11",
                Architecture = Architecture.ARM64
            }),
            Jars = new[] { SparkCode.FromImage("/usr/lib/spark/jars/extra.jar") },
            Files = new[] { SparkCode.FromBucket(bucket, "jobs/settings.json") },
            Archives = new Dictionary<string, SparkCode> { ["models"] = SparkCode.FromBucket(bucket, "jobs/models.zip") },
            Environment = new Dictionary<string, string> { ["STAGE"] = "test" },
            Driver = new SparkWorker { Cores = 4, Memory = Size.Gibibytes(12), Disk = Size.Gibibytes(50), DiskType = DiskType.STANDARD },
            Executor = new SparkWorker
            {
                Cores = 8,
                Memory = Size.Gibibytes(24),
                Disk = Size.Gibibytes(500),
                DiskType = DiskType.SHUFFLE_OPTIMIZED
            },
            MinExecutors = 1,
            MaxExecutors = 20,
            SparkProperties = new Dictionary<string, object>
            {
                ["spark.sql.shuffle.partitions"] = 400,
                ["spark.sql.adaptive.enabled"] = true
            },
            Configurations = new[]
            {
                new ApplicationConfiguration
                {
                    Classification = "spark-driver-log4j2",
                    Properties = new Dictionary<string, object> { ["rootLogger.level"] = "info" }
                }
            },
            Logging = new LoggingOptions
            {
                ManagedLogs = false,
                S3Logs = new S3LogsOptions { Bucket = bucket, Prefix = "job" }
            },
            Mode = SparkJobMode.Batch(new SparkBatchOptions { ExecutionTimeout = Duration.Hours(4), MaxAttempts = 2 }),
            ExecutionPolicy = new PolicyDocument(new PolicyDocumentProps
            {
                Statements = new[]
                {
                    new PolicyStatement(new PolicyStatementProps
                    {
                        Actions = new[] { "s3:GetObject", "s3:PutObject" },
                        Resources = new[] { bucket.ArnForObjects("*") }
                    })
                }
            }),
            JobRunTags = new Dictionary<string, string> { ["team"] = "data", ["stage"] = "test" }
        });
        job.Grants.Start(submitter);
        job.Grants.Run(analyst);
        job.CreateRequestParameter("Request", new ParameterOptions
        {
            ParameterName = "/everything/request",
            Description = "Starts the job",
            Tier = ParameterTier.ADVANCED
        });

        var runJob = EmrServerlessStartJobRun.JsonPath(stack, "RunJob", new EmrServerlessStartJobRunJsonPathProps
        {
            Job = job,
            JobRunName = "by-state-machine",
            EntryPointArguments = new[] { "--date", JsonPath.StringAt("$.date") },
            ExecutionTimeout = Duration.Hours(2),
            JobRunTags = new Dictionary<string, string> { ["started"] = "by-state-machine" }
        });
        new StateMachine(stack, "StateMachine", new StateMachineProps { DefinitionBody = DefinitionBody.FromChainable(runJob) });

        var deadLetterQueue = new Queue(stack, "DeadLetterQueue");
        job.AddSchedule("Schedule", new SparkEmrServerlessJobScheduleOptions
        {
            Schedule = ScheduleExpression.Cron(new CronOptionsWithTimezone
            {
                Hour = "2",
                Minute = "0",
                TimeZone = TimeZone.EUROPE_BERLIN
            }),
            ScheduleName = "everything",
            Description = "Every night",
            Enabled = true,
            TimeWindow = TimeWindow.Flexible(Duration.Minutes(15)),
            Start = new System.DateTime(2027, 1, 1, 0, 0, 0, System.DateTimeKind.Utc),
            End = new System.DateTime(2028, 1, 1, 0, 0, 0, System.DateTimeKind.Utc),
            ScheduleGroup = new ScheduleGroup(stack, "ScheduleGroup", new ScheduleGroupProps { ScheduleGroupName = "everything" }),
            Key = key,
            DeadLetterQueue = deadLetterQueue,
            MaxEventAge = Duration.Hours(1),
            RetryAttempts = 3,
            EntryPointArguments = new[] { "--date", ContextAttribute.ScheduledTime },
            JobRunName = "by-schedule"
        });
        new Schedule(stack, "OwnSchedule", new ScheduleProps
        {
            Schedule = ScheduleExpression.Rate(Duration.Days(7)),
            Target = new SparkEmrServerlessJobTarget(job, new SparkEmrServerlessJobTargetProps { DeadLetterQueue = deadLetterQueue })
        });

        app.Synth();
    }
}
