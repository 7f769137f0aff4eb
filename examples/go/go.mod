module github.com/cdk-spark-emr-serverless/examples/go

go 1.25.0

require (
	github.com/aws/aws-cdk-go/awscdk/v2 v2.271.0
	github.com/aws/constructs-go/constructs/v10 v10.8.1 // indirect
	github.com/aws/jsii-runtime-go v1.140.0
	github.com/cdk-spark-emr-serverless/cdk-spark-emr-serverless-go/cdksparkemrserverless v0.0.0
)
