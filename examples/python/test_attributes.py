from aws_cdk import Duration, Stack, aws_ec2 as ec2
from cdk_spark_emr_serverless import Architecture, EmrRelease, SparkEmrServerlessRuntime


def test_the_values_that_the_construct_resolves_can_be_read():
    stack = Stack()
    runtime = SparkEmrServerlessRuntime(
        stack, "Spark",
        name="attributes",
        spark_properties={"spark.executor.cores": 4},
        vpc=ec2.Vpc(stack, "Vpc", nat_gateways=0),
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
    )

    assert runtime.application_name == "attributes"
    assert runtime.release.label == EmrRelease.LATEST.label
    assert runtime.architecture == Architecture.X86_64
    assert (runtime.auto_start, runtime.auto_stop, runtime.managed_logs) == (True, True, True)
    assert (runtime.livy_endpoint, runtime.studio, runtime.spark_connect) == (False, False, False)
    assert runtime.idle_timeout is not None
    assert runtime.idle_timeout.to_minutes() == Duration.minutes(15).to_minutes()
    assert runtime.spark_properties == {"spark.executor.cores": "4"}
    assert [configuration.classification for configuration in runtime.configurations] == ["spark-defaults"]
    assert len(runtime.subnets) == 2
    assert len(runtime.connections.security_groups) == 1
    assert (runtime.driver_image_uri, runtime.executor_image_uri) == (None, None)
