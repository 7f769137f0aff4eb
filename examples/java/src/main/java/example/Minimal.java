// A Spark application, a role its jobs run as, and a role that may start them: the program of all examples/<language>.
package example;

import io.github.cdksparkemrserverless.SparkEmrServerlessRuntime;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.AccountRootPrincipal;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;

public final class Minimal {
    public static void main(String[] args) {
        App app = new App();
        Stack stack = new Stack(app, "SparkEmrServerlessRuntimeStack");

        SparkEmrServerlessRuntime runtime = SparkEmrServerlessRuntime.Builder.create(stack, "SparkEmrServerlessRuntime")
            .name("spark-serverless-demo")
            .build();

        PolicyDocument s3ReadPolicy = PolicyDocument.Builder.create()
            .statements(List.of(PolicyStatement.Builder.create()
                .actions(List.of("s3:GetObject"))
                .resources(List.of("arn:" + Aws.PARTITION + ":s3:::amzn-s3-demo-bucket/*"))
                .build()))
            .build();

        Role submitter = Role.Builder.create(stack, "TestRole")
            .assumedBy(new AccountRootPrincipal())
            .build();

        Role executionRole = runtime.createExecutionRole("execRole1", s3ReadPolicy);

        runtime.grantStartJobExecution(submitter, executionRole.getRoleArn());

        CfnOutput.Builder.create(stack, "SparkEmrServerlessRuntimeStackApplicationArn")
            .value(runtime.getApplicationArn())
            .build();

        app.synth();
    }
}
