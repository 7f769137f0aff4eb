// A nightly job, a streaming job and two roles that submit jobs: the third program of all examples/<language>.
package example;

import io.github.cdksparkemrserverless.EmrServerlessStartJobRun;
import io.github.cdksparkemrserverless.EmrServerlessStartJobRunJsonataProps;
import io.github.cdksparkemrserverless.PythonPackages;
import io.github.cdksparkemrserverless.SparkBatchOptions;
import io.github.cdksparkemrserverless.SparkCode;
import io.github.cdksparkemrserverless.SparkEmrServerlessJob;
import io.github.cdksparkemrserverless.SparkEmrServerlessRuntime;
import io.github.cdksparkemrserverless.SparkJobMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.customresources.AwsCustomResource;
import software.amazon.awscdk.customresources.AwsSdkCall;
import software.amazon.awscdk.customresources.PhysicalResourceId;
import software.amazon.awscdk.customresources.PhysicalResourceIdReference;
import software.amazon.awscdk.services.iam.CompositePrincipal;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.iam.WebIdentityPrincipal;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.scheduler.ContextAttribute;
import software.amazon.awscdk.services.scheduler.CronOptionsWithTimezone;
import software.amazon.awscdk.services.scheduler.Schedule;
import software.amazon.awscdk.services.scheduler.ScheduleExpression;
import software.amazon.awscdk.services.scheduler.ScheduleTargetInput;
import software.amazon.awscdk.services.scheduler.targets.StepFunctionsStartExecution;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.ssm.ParameterOptions;
import software.amazon.awscdk.services.ssm.StringParameter;
import software.amazon.awscdk.services.stepfunctions.DefinitionBody;
import software.amazon.awscdk.services.stepfunctions.Fail;
import software.amazon.awscdk.services.stepfunctions.RetryProps;
import software.amazon.awscdk.services.stepfunctions.StateMachine;
import software.amazon.awscdk.services.stepfunctions.TaskInput;
import software.amazon.awscdk.services.stepfunctions.tasks.SnsPublish;
import software.amazon.awscdk.services.stepfunctions.tasks.SnsPublishJsonataProps;

public final class Pipeline {
    public static void main(String[] args) {
        App app = new App();
        Stack stack = new Stack(app, "Pipeline");
        Bucket data = new Bucket(stack, "Data");
        Map<String, String> environment = Map.of("DATA", data.s3UrlForObject());

        SparkEmrServerlessJob nightly = SparkEmrServerlessJob.Builder.create(stack, "Nightly")
            .runtime(new SparkEmrServerlessRuntime(stack, "Batch"))
            .entryPoint(SparkCode.fromAsset("../jobs/nightly.py"))
            .pythonFiles(List.of(SparkCode.fromAsset("../jobs/common")))
            .pythonPackages(PythonPackages.fromRequirements("../jobs/requirements.txt"))
            .environment(environment)
            .mode(SparkJobMode.batch(SparkBatchOptions.builder().executionTimeout(Duration.hours(2)).build()))
            .build();
        data.grantReadWrite(nightly.getExecutionRole());

        // up to three job runs for the date in the input, and a message if all of them fail
        EmrServerlessStartJobRun run = EmrServerlessStartJobRun.jsonata(stack, "Run", EmrServerlessStartJobRunJsonataProps.builder()
            .job(nightly)
            .entryPointArguments(List.of("--date", "{% $states.input.date %}"))
            .build());
        SnsPublish tell = SnsPublish.jsonata(stack, "Tell", SnsPublishJsonataProps.builder()
            .topic(new Topic(stack, "Failures"))
            .message(TaskInput.fromText("{% $string($states.input) %}"))
            .build());
        run.addRetry(RetryProps.builder().maxAttempts(2).interval(Duration.minutes(5)).build());
        run.addCatch(tell.next(new Fail(stack, "Failed")));
        StateMachine stateMachine = StateMachine.Builder.create(stack, "StateMachine")
            .definitionBody(DefinitionBody.fromChainable(run))
            .build();
        Schedule.Builder.create(stack, "EveryNight")
            .schedule(ScheduleExpression.cron(CronOptionsWithTimezone.builder().hour("2").minute("0").build()))
            .target(StepFunctionsStartExecution.Builder.create(stateMachine)
                .input(ScheduleTargetInput.fromObject(Map.of("date", ContextAttribute.getScheduledTime())))
                .build())
            .build();

        // a submitter outside of the app reads the request from the parameter
        StringParameter request = nightly.createRequestParameter("Request",
            ParameterOptions.builder().parameterName("/pipeline/nightly").build());
        Role airflow = Role.Builder.create(stack, "Airflow")
            .assumedBy(new CompositePrincipal(
                new ServicePrincipal("airflow.amazonaws.com"), new ServicePrincipal("airflow-env.amazonaws.com")))
            .build();
        String tokens = "token.actions.githubusercontent.com";
        Role github = Role.Builder.create(stack, "GitHub")
            .assumedBy(new WebIdentityPrincipal(
                String.format("arn:%s:iam::%s:oidc-provider/%s", Aws.PARTITION, Aws.ACCOUNT_ID, tokens),
                Map.of("StringEquals", Map.of(
                    tokens + ":aud", "sts.amazonaws.com",
                    tokens + ":sub", "repo:octo-org/octo-repo:ref:refs/heads/main"))))
            .build();
        for (Role submitter : List.of(airflow, github)) {
            nightly.getGrants().run(submitter);
            request.grantRead(submitter);
        }

        // an application of its own, because the job does not end
        SparkEmrServerlessJob streaming = SparkEmrServerlessJob.Builder.create(stack, "Streaming")
            .runtime(new SparkEmrServerlessRuntime(stack, "Stream"))
            .entryPoint(SparkCode.fromAsset("../jobs/streaming.py"))
            .environment(environment)
            .mode(SparkJobMode.streaming())
            .build();
        data.grantReadWrite(streaming.getExecutionRole());

        // a deployment that changes the job starts the new job run first, and cancels the old one at its end
        Role starter = Role.Builder.create(stack, "Starter")
            .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
            .managedPolicies(List.of(ManagedPolicy.fromAwsManagedPolicyName("service-role/AWSLambdaBasicExecutionRole")))
            .build();
        streaming.getGrants().run(starter);
        AwsCustomResource jobRun = AwsCustomResource.Builder.create(stack, "JobRun")
            .role(starter)
            .installLatestAwsSdk(false)
            .onUpdate(AwsSdkCall.builder()
                .service("emr-serverless")
                .action("StartJobRun")
                .parameters(streaming.getStartJobRunRequest())
                .physicalResourceId(PhysicalResourceId.fromResponse("jobRunId"))
                .build())
            .onDelete(AwsSdkCall.builder()
                .service("emr-serverless")
                .action("CancelJobRun")
                // the parameters become a text, which must not have another order each time
                .parameters(new TreeMap<>(Map.of(
                    "applicationId", streaming.getRuntime().getApplicationId(),
                    "jobRunId", new PhysicalResourceIdReference())))
                .ignoreErrorCodesMatching("ValidationException|ResourceNotFoundException")
                .build())
            .build();
        jobRun.getNode().addDependency(streaming);

        app.synth();
    }
}
