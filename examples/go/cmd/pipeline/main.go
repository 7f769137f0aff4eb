// A nightly job, a streaming job and two roles that submit jobs: the third program of all examples/<language>.
package main

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsscheduler"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsschedulertargets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctionstasks"
	"github.com/aws/aws-cdk-go/awscdk/v2/customresources"
	"github.com/aws/jsii-runtime-go"
	spark "github.com/cdk-spark-emr-serverless/cdk-spark-emr-serverless-go/cdksparkemrserverless"
)

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Pipeline"), nil)
	data := awss3.NewBucket(stack, jsii.String("Data"), nil)
	environment := &map[string]*string{"DATA": data.S3UrlForObject(nil)}

	nightly := spark.NewSparkEmrServerlessJob(stack, jsii.String("Nightly"), &spark.SparkEmrServerlessJobProps{
		Runtime:        spark.NewSparkEmrServerlessRuntime(stack, jsii.String("Batch"), nil),
		EntryPoint:     spark.SparkCode_FromAsset(jsii.String("../jobs/nightly.py"), nil),
		PythonFiles:    &[]spark.SparkCode{spark.SparkCode_FromAsset(jsii.String("../jobs/common"), nil)},
		PythonPackages: spark.PythonPackages_FromRequirements(jsii.String("../jobs/requirements.txt"), nil),
		Environment:    environment,
		Mode:           spark.SparkJobMode_Batch(&spark.SparkBatchOptions{ExecutionTimeout: awscdk.Duration_Hours(jsii.Number(2))}),
	})
	data.GrantReadWrite(nightly.ExecutionRole(), nil)

	// up to three job runs for the date in the input, and a message if all of them fail
	run := spark.EmrServerlessStartJobRun_Jsonata(stack, jsii.String("Run"), &spark.EmrServerlessStartJobRunJsonataProps{
		Job:                 nightly,
		EntryPointArguments: jsii.Strings("--date", "{% $states.input.date %}"),
	})
	tell := awsstepfunctionstasks.SnsPublish_Jsonata(stack, jsii.String("Tell"), &awsstepfunctionstasks.SnsPublishJsonataProps{
		Topic:   awssns.NewTopic(stack, jsii.String("Failures"), nil),
		Message: awsstepfunctions.TaskInput_FromText(jsii.String("{% $string($states.input) %}")),
	})
	run.AddRetry(&awsstepfunctions.RetryProps{MaxAttempts: jsii.Number(2), Interval: awscdk.Duration_Minutes(jsii.Number(5))})
	run.AddCatch(tell.Next(awsstepfunctions.NewFail(stack, jsii.String("Failed"), nil)), nil)
	stateMachine := awsstepfunctions.NewStateMachine(stack, jsii.String("StateMachine"), &awsstepfunctions.StateMachineProps{
		DefinitionBody: awsstepfunctions.DefinitionBody_FromChainable(run),
	})
	awsscheduler.NewSchedule(stack, jsii.String("EveryNight"), &awsscheduler.ScheduleProps{
		Schedule: awsscheduler.ScheduleExpression_Cron(&awsscheduler.CronOptionsWithTimezone{
			Hour:   jsii.String("2"),
			Minute: jsii.String("0"),
		}),
		Target: awsschedulertargets.NewStepFunctionsStartExecution(stateMachine, &awsschedulertargets.ScheduleTargetBaseProps{
			Input: awsscheduler.ScheduleTargetInput_FromObject(map[string]*string{
				"date": awsscheduler.ContextAttribute_ScheduledTime(),
			}),
		}),
	})

	// a submitter outside of the app reads the request from the parameter
	request := nightly.CreateRequestParameter(jsii.String("Request"), &awsssm.ParameterOptions{
		ParameterName: jsii.String("/pipeline/nightly"),
	})
	airflow := awsiam.NewRole(stack, jsii.String("Airflow"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewCompositePrincipal(
			awsiam.NewServicePrincipal(jsii.String("airflow.amazonaws.com"), nil),
			awsiam.NewServicePrincipal(jsii.String("airflow-env.amazonaws.com"), nil),
		),
	})
	tokens := "token.actions.githubusercontent.com"
	provider := fmt.Sprintf("arn:%s:iam::%s:oidc-provider/%s", *awscdk.Aws_PARTITION(), *awscdk.Aws_ACCOUNT_ID(), tokens)
	github := awsiam.NewRole(stack, jsii.String("GitHub"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewWebIdentityPrincipal(&provider, &map[string]interface{}{
			"StringEquals": map[string]string{
				tokens + ":aud": "sts.amazonaws.com",
				tokens + ":sub": "repo:octo-org/octo-repo:ref:refs/heads/main",
			},
		}),
	})
	for _, submitter := range []awsiam.Role{airflow, github} {
		nightly.Grants().Run(submitter)
		request.GrantRead(submitter)
	}

	// an application of its own, because the job does not end
	streaming := spark.NewSparkEmrServerlessJob(stack, jsii.String("Streaming"), &spark.SparkEmrServerlessJobProps{
		Runtime:     spark.NewSparkEmrServerlessRuntime(stack, jsii.String("Stream"), nil),
		EntryPoint:  spark.SparkCode_FromAsset(jsii.String("../jobs/streaming.py"), nil),
		Environment: environment,
		Mode:        spark.SparkJobMode_Streaming(nil),
	})
	data.GrantReadWrite(streaming.ExecutionRole(), nil)

	// a deployment that changes the job starts the new job run first, and cancels the old one at its end
	starter := awsiam.NewRole(stack, jsii.String("Starter"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
		ManagedPolicies: &[]awsiam.IManagedPolicy{
			awsiam.ManagedPolicy_FromAwsManagedPolicyName(jsii.String("service-role/AWSLambdaBasicExecutionRole")),
		},
	})
	streaming.Grants().Run(starter)
	jobRun := customresources.NewAwsCustomResource(stack, jsii.String("JobRun"), &customresources.AwsCustomResourceProps{
		Role:                starter,
		InstallLatestAwsSdk: jsii.Bool(false),
		OnUpdate: &customresources.AwsSdkCall{
			Service:            jsii.String("emr-serverless"),
			Action:             jsii.String("StartJobRun"),
			Parameters:         streaming.StartJobRunRequest(),
			PhysicalResourceId: customresources.PhysicalResourceId_FromResponse(jsii.String("jobRunId")),
		},
		OnDelete: &customresources.AwsSdkCall{
			Service: jsii.String("emr-serverless"),
			Action:  jsii.String("CancelJobRun"),
			Parameters: map[string]interface{}{
				"applicationId": streaming.Runtime().ApplicationId(),
				"jobRunId":      customresources.NewPhysicalResourceIdReference(),
			},
			IgnoreErrorCodesMatching: jsii.String("ValidationException|ResourceNotFoundException"),
		},
	})
	jobRun.Node().AddDependency(streaming)

	app.Synth(nil)
}
