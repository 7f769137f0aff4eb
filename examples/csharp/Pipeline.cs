// A nightly job, a streaming job and two roles that submit jobs: the third program of all examples/<language>.
using System.Collections.Generic;
using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.S3;
using Amazon.CDK.AWS.Scheduler;
using Amazon.CDK.AWS.SNS;
using Amazon.CDK.AWS.SSM;
using Amazon.CDK.AWS.StepFunctions;
using Amazon.CDK.CustomResources;
using CdkSparkEmrServerless;
using Targets = Amazon.CDK.AWS.Scheduler.Targets;
using Tasks = Amazon.CDK.AWS.StepFunctions.Tasks;

namespace Example;

internal static class Pipeline
{
    public static void Run()
    {
        var app = new App();
        var stack = new Stack(app, "Pipeline");
        var data = new Bucket(stack, "Data");
        var environment = new Dictionary<string, string> { ["DATA"] = data.S3UrlForObject() };

        var nightly = new SparkEmrServerlessJob(stack, "Nightly", new SparkEmrServerlessJobProps
        {
            Runtime = new SparkEmrServerlessRuntime(stack, "Batch"),
            EntryPoint = SparkCode.FromAsset("../jobs/nightly.py"),
            PythonFiles = new[] { SparkCode.FromAsset("../jobs/common") },
            PythonPackages = PythonPackages.FromRequirements("../jobs/requirements.txt"),
            Environment = environment,
            Mode = SparkJobMode.Batch(new SparkBatchOptions { ExecutionTimeout = Duration.Hours(2) })
        });
        data.GrantReadWrite(nightly.ExecutionRole);

        // up to three job runs for the date in the input, and a message if all of them fail
        var run = EmrServerlessStartJobRun.Jsonata(stack, "Run", new EmrServerlessStartJobRunJsonataProps
        {
            Job = nightly,
            EntryPointArguments = new[] { "--date", "{% $states.input.date %}" }
        });
        var tell = Tasks.SnsPublish.Jsonata(stack, "Tell", new Tasks.SnsPublishJsonataProps
        {
            Topic = new Topic(stack, "Failures"),
            Message = TaskInput.FromText("{% $string($states.input) %}")
        });
        run.AddRetry(new RetryProps { MaxAttempts = 2, Interval = Duration.Minutes(5) });
        run.AddCatch(tell.Next(new Fail(stack, "Failed")));
        var stateMachine = new StateMachine(stack, "StateMachine", new StateMachineProps
        {
            DefinitionBody = DefinitionBody.FromChainable(run)
        });
        new Schedule(stack, "EveryNight", new ScheduleProps
        {
            Schedule = ScheduleExpression.Cron(new CronOptionsWithTimezone { Hour = "2", Minute = "0" }),
            Target = new Targets.StepFunctionsStartExecution(stateMachine, new Targets.ScheduleTargetBaseProps
            {
                Input = ScheduleTargetInput.FromObject(new Dictionary<string, object> { ["date"] = ContextAttribute.ScheduledTime })
            })
        });

        // a submitter outside of the app reads the request from the parameter
        var request = nightly.CreateRequestParameter("Request", new ParameterOptions { ParameterName = "/pipeline/nightly" });
        var airflow = new Role(stack, "Airflow", new RoleProps
        {
            AssumedBy = new CompositePrincipal(
                new ServicePrincipal("airflow.amazonaws.com"), new ServicePrincipal("airflow-env.amazonaws.com"))
        });
        const string tokens = "token.actions.githubusercontent.com";
        var github = new Role(stack, "GitHub", new RoleProps
        {
            AssumedBy = new WebIdentityPrincipal(
                $"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:oidc-provider/{tokens}",
                new Dictionary<string, object>
                {
                    ["StringEquals"] = new Dictionary<string, string>
                    {
                        [$"{tokens}:aud"] = "sts.amazonaws.com",
                        [$"{tokens}:sub"] = "repo:octo-org/octo-repo:ref:refs/heads/main"
                    }
                })
        });
        foreach (var submitter in new[] { airflow, github })
        {
            nightly.Grants.Run(submitter);
            request.GrantRead(submitter);
        }

        // an application of its own, because the job does not end
        var streaming = new SparkEmrServerlessJob(stack, "Streaming", new SparkEmrServerlessJobProps
        {
            Runtime = new SparkEmrServerlessRuntime(stack, "Stream"),
            EntryPoint = SparkCode.FromAsset("../jobs/streaming.py"),
            Environment = environment,
            Mode = SparkJobMode.Streaming()
        });
        data.GrantReadWrite(streaming.ExecutionRole);

        // a deployment that changes the job starts the new job run first, and cancels the old one at its end
        var starter = new Role(stack, "Starter", new RoleProps
        {
            AssumedBy = new ServicePrincipal("lambda.amazonaws.com"),
            ManagedPolicies = new[] { ManagedPolicy.FromAwsManagedPolicyName("service-role/AWSLambdaBasicExecutionRole") }
        });
        streaming.Grants.Run(starter);
        var jobRun = new AwsCustomResource(stack, "JobRun", new AwsCustomResourceProps
        {
            Role = starter,
            InstallLatestAwsSdk = false,
            OnUpdate = new AwsSdkCall
            {
                Service = "emr-serverless",
                Action = "StartJobRun",
                Parameters = streaming.StartJobRunRequest,
                PhysicalResourceId = PhysicalResourceId.FromResponse("jobRunId")
            },
            OnDelete = new AwsSdkCall
            {
                Service = "emr-serverless",
                Action = "CancelJobRun",
                Parameters = new Dictionary<string, object>
                {
                    ["applicationId"] = streaming.Runtime.ApplicationId,
                    ["jobRunId"] = new PhysicalResourceIdReference()
                },
                IgnoreErrorCodesMatching = "ValidationException|ResourceNotFoundException"
            }
        });
        jobRun.Node.AddDependency(streaming);

        app.Synth();
    }
}
