"""Spark properties that EMR Serverless reads and Apache Spark does not know, by the page of AWS that documents them."""

GUIDE = "https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide"

KEYS = {
    f"{GUIDE}/jobs-spark.html": [
        "spark.emr-serverless.allocation.batch.size",
        "spark.emr-serverless.driver.disk",
        "spark.emr-serverless.driver.disk.type",
        "spark.emr-serverless.executor.disk",
        "spark.emr-serverless.executor.disk.type",
        "spark.emr-serverless.memoryOverheadFactor",
    ],
    f"{GUIDE}/emr-serverless-lf-enable.html": ["spark.emr-serverless.lakeformation.enabled"],
    f"{GUIDE}/interworker-encryption.html": ["spark.ssl.internode.enabled"],
    f"{GUIDE}/jobs-serverless-storage.html": ["spark.aws.serverlessStorage.enabled"],
    f"{GUIDE}/spark-connect.html": ["spark.connect.grpc.binding.address"],
    f"{GUIDE}/disk-encryption-cmk.html": ["spark.emr-serverless.disk.encryptionKeyArn"],
    f"{GUIDE}/scaling-profiles.html": ["spark.emr-serverless.scalingProfile"],
}

# of jobs-spark.html too: what follows is the name of an environment variable
PREFIXES = ("spark.emr-serverless.driverEnv.", "spark.executorEnv.")


def documents(key: str) -> bool:
    return key.startswith(PREFIXES) or any(key in keys for keys in KEYS.values())
