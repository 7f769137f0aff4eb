// Every property and every grant once: the second program of all examples/<language>.
package main

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsscheduler"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/jsii-runtime-go"
	spark "github.com/cdk-spark-emr-serverless/cdk-spark-emr-serverless-go/cdksparkemrserverless"
)

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Everything"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("eu-west-1")},
	})

	vpc := awsec2.Vpc_FromVpcAttributes(stack, jsii.String("Vpc"), &awsec2.VpcAttributes{
		VpcId:                      jsii.String("vpc-0123456789abcdef0"),
		AvailabilityZones:          jsii.Strings("eu-west-1a", "eu-west-1b"),
		PrivateSubnetIds:           jsii.Strings("subnet-0123456789abcdef1", "subnet-0123456789abcdef2"),
		PrivateSubnetRouteTableIds: jsii.Strings("rtb-0123456789abcdef1", "rtb-0123456789abcdef2"),
	})
	key := awskms.NewKey(stack, jsii.String("Key"), &awskms.KeyProps{EnableKeyRotation: jsii.Bool(true)})
	bucket := awss3.NewBucket(stack, jsii.String("Bucket"), nil)
	repository := awsecr.NewRepository(stack, jsii.String("Repository"), nil)
	submitter := awsiam.NewRole(stack, jsii.String("Submitter"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
	analyst := awsiam.NewRole(stack, jsii.String("Analyst"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})

	// everything but the images, of which an application has one for all workers or one for each kind
	runtime := spark.NewSparkEmrServerlessRuntime(stack, jsii.String("Runtime"), &spark.SparkEmrServerlessRuntimeProps{
		Name:         jsii.String("everything"),
		Release:      spark.EmrRelease_EMR_7_14_0(),
		Architecture: spark.Architecture_ARM64,
		AutoStart:    jsii.Bool(true),
		AutoStop:     jsii.Bool(true),
		IdleTimeout:  awscdk.Duration_Hours(jsii.Number(1)),
		InitialDriverCapacity: &spark.InitialCapacity{
			WorkerCount: jsii.Number(1),
			Cpu:         jsii.Number(4),
			Memory:      awscdk.Size_Gibibytes(jsii.Number(16)),
		},
		InitialExecutorCapacity: &spark.InitialCapacity{
			WorkerCount: jsii.Number(10),
			Cpu:         jsii.Number(8),
			Memory:      awscdk.Size_Gibibytes(jsii.Number(32)),
			Disk:        awscdk.Size_Gibibytes(jsii.Number(500)),
			DiskType:    spark.DiskType_SHUFFLE_OPTIMIZED,
		},
		MaximumCapacity: &spark.MaximumCapacity{
			Cpu:    jsii.Number(400),
			Memory: awscdk.Size_Gibibytes(jsii.Number(1600)),
			Disk:   awscdk.Size_Gibibytes(jsii.Number(25000)),
		},
		MaxConcurrentRuns: jsii.Number(20),
		QueueTimeout:      awscdk.Duration_Minutes(jsii.Number(90)),
		Image:             spark.SparkImage_FromEcrRepository(repository, jsii.String("7.14.0-2")),
		SparkProperties: &map[string]interface{}{
			"spark.executor.cores":  jsii.Number(8),
			"spark.executor.memory": jsii.String("29g"),
		},
		Configurations: &[]*spark.ApplicationConfiguration{
			{
				Classification: jsii.String("spark-driver-log4j2"),
				Properties:     &map[string]interface{}{"rootLogger.level": jsii.String("warn")},
			},
			{
				Classification: jsii.String("spark-executor-log4j2"),
				Properties:     &map[string]interface{}{"rootLogger.level": jsii.String("error")},
			},
		},
		LivyEndpoint:   jsii.Bool(true),
		Studio:         jsii.Bool(true),
		SparkConnect:   jsii.Bool(true),
		ManagedLogs:    jsii.Bool(true),
		ManagedLogsKey: key,
		S3Logs:         &spark.S3LogsOptions{Bucket: bucket, Prefix: jsii.String("spark"), EncryptionKey: key},
		CloudWatchLogs: &spark.CloudWatchLogsOptions{
			LogGroup: awslogs.NewLogGroup(stack, jsii.String("LogGroup"), &awslogs.LogGroupProps{
				Retention: awslogs.RetentionDays_ONE_MONTH,
			}),
			LogStreamNamePrefix: jsii.String("everything"),
			EncryptionKey:       key,
			DriverLogTypes:      &[]spark.SparkLogType{spark.SparkLogType_STDOUT, spark.SparkLogType_STDERR},
			ExecutorLogTypes:    &[]spark.SparkLogType{spark.SparkLogType_STDERR},
		},
		PrometheusWorkspaceArn: jsii.String("arn:aws:aps:eu-west-1:111122223333:workspace/ws-1234"),
		Vpc:                    vpc,
		VpcSubnets:             &awsec2.SubnetSelection{SubnetType: awsec2.SubnetType_PRIVATE_WITH_EGRESS},
		SecurityGroups: &[]awsec2.ISecurityGroup{
			awsec2.NewSecurityGroup(stack, jsii.String("SecurityGroup"), &awsec2.SecurityGroupProps{Vpc: vpc}),
		},
		IdentityCenterInstanceArn: jsii.String("arn:aws:sso:::instance/ssoins-1234567890abcdef"),
		RemovalPolicy:             awscdk.RemovalPolicy_RETAIN,
	})
	awscdk.Tags_Of(runtime).Add(jsii.String("team"), jsii.String("data"), nil)

	executionRole := runtime.CreateExecutionRole(
		jsii.String("ExecutionRole"),
		awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{
			Statements: &[]awsiam.PolicyStatement{
				awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
					Actions:   jsii.Strings("glue:GetTable"),
					Resources: jsii.Strings("*"),
				}),
			},
		}),
		&spark.ExecutionRoleOptions{
			RoleName:    jsii.String("everything-execution"),
			Description: jsii.String("Runs jobs"),
			ManagedPolicies: &[]awsiam.IManagedPolicy{
				awsiam.ManagedPolicy_FromManagedPolicyArn(stack, jsii.String("Data"),
					jsii.String("arn:aws:iam::111122223333:policy/data")),
			},
			PermissionsBoundary: awsiam.ManagedPolicy_FromManagedPolicyArn(stack, jsii.String("Boundary"),
				jsii.String("arn:aws:iam::111122223333:policy/boundary")),
			GrantLogging: jsii.Bool(false),
		},
	)
	bucket.GrantRead(executionRole, nil)

	ownRole := awsiam.NewRole(stack, jsii.String("OwnRole"), &awsiam.RoleProps{AssumedBy: runtime.ExecutionPrincipal()})
	runtime.Grants().WriteLogs(ownRole)

	runtime.GrantStartJobExecution(submitter, executionRole.RoleArn())
	runtime.Grants().StartJobExecution(submitter, ownRole)
	runtime.Grants().ReadJobRuns(analyst)
	runtime.Grants().CancelJobRuns(analyst)
	runtime.Grants().ViewSparkUi(analyst)
	runtime.Grants().TagJobRuns(analyst)
	runtime.Grants().UseLivy(analyst, executionRole)
	runtime.Grants().UseStudio(analyst, executionRole)
	runtime.Grants().UseSparkConnect(analyst, executionRole)
	runtime.Grants().ManageApplication(submitter)
	runtime.Grants().OperateApplication(analyst)
	runtime.Grants().ReadLogs(analyst)
	runtime.Grants().Actions(analyst, jsii.String("emr-serverless:GetApplication"), jsii.String("emr-serverless:ListSessions"))

	spark.NewSparkEmrServerlessRuntime(stack, jsii.String("Images"), &spark.SparkEmrServerlessRuntimeProps{
		Release:       spark.EmrRelease_Of(jsii.String("emr-7.14.0")),
		DriverImage:   spark.SparkImage_FromUri(jsii.String("111122223333.dkr.ecr.eu-west-1.amazonaws.com/spark:driver")),
		ExecutorImage: spark.SparkImage_FromUri(jsii.String("111122223333.dkr.ecr.eu-west-1.amazonaws.com/spark:executor")),
	})

	imported := spark.SparkEmrServerlessRuntime_FromApplicationArn(stack, jsii.String("Imported"),
		jsii.String("arn:aws:emr-serverless:eu-west-1:111122223333:/applications/00f1abcdefgh0123"))
	imported.GrantStartJobExecution(submitter, imported.CreateExecutionRole(jsii.String("ExecutionRole"), nil, nil).RoleArn())

	attributes := spark.SparkEmrServerlessRuntime_FromSparkEmrServerlessRuntimeAttributes(stack, jsii.String("Attributes"),
		&spark.SparkEmrServerlessRuntimeAttributes{
			ApplicationId:   jsii.String("00f1abcdefgh4567"),
			ApplicationName: jsii.String("attributes"),
			Release:         spark.EmrRelease_EMR_7_14_0(),
			Architecture:    spark.Architecture_ARM64,
			SecurityGroups: &[]awsec2.ISecurityGroup{
				awsec2.SecurityGroup_FromSecurityGroupId(stack, jsii.String("ImportedSecurityGroup"),
					jsii.String("sg-0123456789abcdef0"), nil),
			},
			ManagedLogsKey: key,
		})
	spark.SparkEmrServerlessRuntimeGrants_FromApplication(attributes).ReadJobRuns(analyst)

	spark.NewSparkExecutionRole(stack, jsii.String("SharedRole"), &spark.SparkExecutionRoleProps{
		Runtimes:           &[]spark.ISparkEmrServerlessRuntime{runtime, attributes},
		Path:               jsii.String("/spark/"),
		MaxSessionDuration: awscdk.Duration_Hours(jsii.Number(2)),
	})

	// the parameters of a job that `pipeline` does not have
	job := spark.NewSparkEmrServerlessJob(stack, jsii.String("Job"), &spark.SparkEmrServerlessJobProps{
		Runtime:             runtime,
		ExecutionRole:       executionRole,
		JobName:             jsii.String("everything"),
		EntryPoint:          spark.SparkCode_FromBucket(bucket, jsii.String("jobs/job.py")),
		EntryPointArguments: jsii.Strings("--mode", "full"),
		PythonPackages: spark.PythonPackages_FromRequirements(jsii.String("../jobs/requirements.txt"), &spark.PythonPackagesOptions{
			PythonVersion: jsii.String("3.11"),
			Architecture:  spark.Architecture_ARM64,
		}),
		Jars:        &[]spark.SparkCode{spark.SparkCode_FromImage(jsii.String("/usr/lib/spark/jars/extra.jar"))},
		Files:       &[]spark.SparkCode{spark.SparkCode_FromBucket(bucket, jsii.String("jobs/settings.json"))},
		Archives:    &map[string]spark.SparkCode{"models": spark.SparkCode_FromBucket(bucket, jsii.String("jobs/models.zip"))},
		Environment: &map[string]*string{"STAGE": jsii.String("test")},
		Driver: &spark.SparkWorker{
			Cores:    jsii.Number(4),
			Memory:   awscdk.Size_Gibibytes(jsii.Number(12)),
			Disk:     awscdk.Size_Gibibytes(jsii.Number(50)),
			DiskType: spark.DiskType_STANDARD,
		},
		Executor: &spark.SparkWorker{
			Cores:    jsii.Number(8),
			Memory:   awscdk.Size_Gibibytes(jsii.Number(24)),
			Disk:     awscdk.Size_Gibibytes(jsii.Number(500)),
			DiskType: spark.DiskType_SHUFFLE_OPTIMIZED,
		},
		MinExecutors: jsii.Number(1),
		MaxExecutors: jsii.Number(20),
		SparkProperties: &map[string]interface{}{
			"spark.sql.shuffle.partitions": jsii.Number(400),
			"spark.sql.adaptive.enabled":   jsii.Bool(true),
		},
		Configurations: &[]*spark.ApplicationConfiguration{
			{
				Classification: jsii.String("spark-driver-log4j2"),
				Properties:     &map[string]interface{}{"rootLogger.level": jsii.String("info")},
			},
		},
		Logging: &spark.LoggingOptions{
			ManagedLogs: jsii.Bool(false),
			S3Logs:      &spark.S3LogsOptions{Bucket: bucket, Prefix: jsii.String("job")},
		},
		Mode: spark.SparkJobMode_Batch(&spark.SparkBatchOptions{
			ExecutionTimeout: awscdk.Duration_Hours(jsii.Number(4)),
			MaxAttempts:      jsii.Number(2),
		}),
		ExecutionPolicy: awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{
			Statements: &[]awsiam.PolicyStatement{
				awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
					Actions:   jsii.Strings("s3:GetObject", "s3:PutObject"),
					Resources: &[]*string{bucket.ArnForObjects(jsii.String("*"))},
				}),
			},
		}),
		JobRunTags: &map[string]*string{"team": jsii.String("data"), "stage": jsii.String("test")},
	})
	job.Grants().Start(submitter)
	job.Grants().Run(analyst)
	job.CreateRequestParameter(jsii.String("Request"), &awsssm.ParameterOptions{
		ParameterName: jsii.String("/everything/request"),
		Description:   jsii.String("Starts the job"),
		Tier:          awsssm.ParameterTier_ADVANCED,
	})

	runJob := spark.EmrServerlessStartJobRun_JsonPath(stack, jsii.String("RunJob"), &spark.EmrServerlessStartJobRunJsonPathProps{
		Job:                 job,
		JobRunName:          jsii.String("by-state-machine"),
		EntryPointArguments: &[]*string{jsii.String("--date"), awsstepfunctions.JsonPath_StringAt(jsii.String("$.date"))},
		ExecutionTimeout:    awscdk.Duration_Hours(jsii.Number(2)),
		JobRunTags:          &map[string]*string{"started": jsii.String("by-state-machine")},
	})
	awsstepfunctions.NewStateMachine(stack, jsii.String("StateMachine"), &awsstepfunctions.StateMachineProps{
		DefinitionBody: awsstepfunctions.DefinitionBody_FromChainable(runJob),
	})

	deadLetterQueue := awssqs.NewQueue(stack, jsii.String("DeadLetterQueue"), nil)
	start := time.Date(2027, time.January, 1, 0, 0, 0, 0, time.UTC)
	end := time.Date(2028, time.January, 1, 0, 0, 0, 0, time.UTC)
	job.AddSchedule(jsii.String("Schedule"), &spark.SparkEmrServerlessJobScheduleOptions{
		Schedule: awsscheduler.ScheduleExpression_Cron(&awsscheduler.CronOptionsWithTimezone{
			Hour:     jsii.String("2"),
			Minute:   jsii.String("0"),
			TimeZone: awscdk.TimeZone_EUROPE_BERLIN(),
		}),
		ScheduleName: jsii.String("everything"),
		Description:  jsii.String("Every night"),
		Enabled:      jsii.Bool(true),
		TimeWindow:   awsscheduler.TimeWindow_Flexible(awscdk.Duration_Minutes(jsii.Number(15))),
		Start:        &start,
		End:          &end,
		ScheduleGroup: awsscheduler.NewScheduleGroup(stack, jsii.String("ScheduleGroup"), &awsscheduler.ScheduleGroupProps{
			ScheduleGroupName: jsii.String("everything"),
		}),
		Key:                 key,
		DeadLetterQueue:     deadLetterQueue,
		MaxEventAge:         awscdk.Duration_Hours(jsii.Number(1)),
		RetryAttempts:       jsii.Number(3),
		EntryPointArguments: &[]*string{jsii.String("--date"), awsscheduler.ContextAttribute_ScheduledTime()},
		JobRunName:          jsii.String("by-schedule"),
	})
	awsscheduler.NewSchedule(stack, jsii.String("OwnSchedule"), &awsscheduler.ScheduleProps{
		Schedule: awsscheduler.ScheduleExpression_Rate(awscdk.Duration_Days(jsii.Number(7))),
		Target:   spark.NewSparkEmrServerlessJobTarget(job, &spark.SparkEmrServerlessJobTargetProps{DeadLetterQueue: deadLetterQueue}),
	})

	app.Synth(nil)
}
