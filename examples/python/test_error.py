"""What a user sees of a mistake: the library's whole message, in an exception of Python."""

import pytest
from aws_cdk import Size, Stack
from cdk_spark_emr_serverless import InitialCapacity, SparkEmrServerlessRuntime


def test_a_bad_worker_size_raises_the_whole_message():
    with pytest.raises(RuntimeError) as error:
        SparkEmrServerlessRuntime(
            Stack(None, "Test"), "Spark",
            initial_executor_capacity=InitialCapacity(worker_count=1, cpu=4, memory=Size.gibibytes(64)),
        )

    assert str(error.value) == (
        "`initialExecutorCapacity.memory` must be 8 to 30 GiB in steps of 1 with 4 vCPU, got: 64 GiB [Test/Spark]"
    )
