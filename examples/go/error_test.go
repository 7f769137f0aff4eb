package examples

import (
	"fmt"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk-spark-emr-serverless/cdk-spark-emr-serverless-go/cdksparkemrserverless"
)

func TestPanicsWithTheMessageOfABadWorkerSize(t *testing.T) {
	defer jsii.Close()

	stack := awscdk.NewStack(nil, jsii.String("Test"), nil)

	defer func() {
		got := fmt.Sprint(recover())
		want := "`initialExecutorCapacity.memory` must be 8 to 30 GiB in steps of 1 with 4 vCPU, got: 64 GiB [Test/Spark]"
		if got != want {
			t.Errorf("got:\n%s\nwant:\n%s", got, want)
		}
	}()
	cdksparkemrserverless.NewSparkEmrServerlessRuntime(stack, jsii.String("Spark"), &cdksparkemrserverless.SparkEmrServerlessRuntimeProps{
		InitialExecutorCapacity: &cdksparkemrserverless.InitialCapacity{
			WorkerCount: jsii.Number(1),
			Cpu:         jsii.Number(4),
			Memory:      awscdk.Size_Gibibytes(jsii.Number(64)),
		},
	})
}
