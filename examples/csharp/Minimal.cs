// A Spark application, a role its jobs run as, and a role that may start them: the program of all examples/<language>.
using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using CdkSparkEmrServerless;

namespace Example;

internal static class Minimal
{
    public static void Run()
    {
        var app = new App();
        var stack = new Stack(app, "SparkEmrServerlessRuntimeStack");

        var runtime = new SparkEmrServerlessRuntime(stack, "SparkEmrServerlessRuntime", new SparkEmrServerlessRuntimeProps
        {
            Name = "spark-serverless-demo"
        });

        var s3ReadPolicy = new PolicyDocument(new PolicyDocumentProps
        {
            Statements = new[]
            {
                new PolicyStatement(new PolicyStatementProps
                {
                    Actions = new[] { "s3:GetObject" },
                    Resources = new[] { $"arn:{Aws.PARTITION}:s3:::amzn-s3-demo-bucket/*" }
                })
            }
        });

        var submitter = new Role(stack, "TestRole", new RoleProps { AssumedBy = new AccountRootPrincipal() });

        var executionRole = runtime.CreateExecutionRole("execRole1", s3ReadPolicy);

        runtime.GrantStartJobExecution(submitter, executionRole.RoleArn);

        new CfnOutput(stack, "SparkEmrServerlessRuntimeStackApplicationArn", new CfnOutputProps { Value = runtime.ApplicationArn });

        app.Synth();
    }
}
