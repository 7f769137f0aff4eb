// A Spark application, a role its jobs run as, and a role that may start them: the program of all examples/<language>.
package main

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk-spark-emr-serverless/cdk-spark-emr-serverless-go/cdksparkemrserverless"
)

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("SparkEmrServerlessRuntimeStack"), nil)

	runtime := cdksparkemrserverless.NewSparkEmrServerlessRuntime(stack, jsii.String("SparkEmrServerlessRuntime"),
		&cdksparkemrserverless.SparkEmrServerlessRuntimeProps{Name: jsii.String("spark-serverless-demo")})

	s3ReadPolicy := awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{
		Statements: &[]awsiam.PolicyStatement{
			awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
				Actions:   jsii.Strings("s3:GetObject"),
				Resources: jsii.Strings(fmt.Sprintf("arn:%s:s3:::amzn-s3-demo-bucket/*", *awscdk.Aws_PARTITION())),
			}),
		},
	})

	submitter := awsiam.NewRole(stack, jsii.String("TestRole"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewAccountRootPrincipal(),
	})

	executionRole := runtime.CreateExecutionRole(jsii.String("execRole1"), s3ReadPolicy, nil)

	runtime.GrantStartJobExecution(submitter, executionRole.RoleArn())

	awscdk.NewCfnOutput(stack, jsii.String("SparkEmrServerlessRuntimeStackApplicationArn"), &awscdk.CfnOutputProps{
		Value: runtime.ApplicationArn(),
	})

	app.Synth(nil)
}
