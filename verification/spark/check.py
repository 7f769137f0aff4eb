"""Starts Spark with the properties of each application on stdin, a JSON object by name, and runs a small job.

Prints of each which keys neither Spark nor EMR Serverless knows, which values Spark cannot read, which properties did not arrive, and what the
job found, if it came to that. A key without a value is looked up and not set.
"""

import json
import os
import sys

from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from emr_serverless import documents

# Spark hands these to Hadoop without a look at them
HADOOP = "spark.hadoop."

os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
# a JVM that runs already does not take its size from the properties, which are meant for other machines
gateway = launch_gateway()

# the launcher knows this key, and no entry describes it
MASTER = gateway.jvm.org.apache.spark.launcher.SparkLauncher.SPARK_MASTER


def start(properties):
    conf = SparkConf(loadDefaults=False).setAll(properties.items())
    conf.setMaster("local[2]").setAppName("check").set("spark.ui.enabled", "false")
    return SparkSession(SparkContext(conf=conf, gateway=gateway))


def entry(key):
    return gateway.jvm.org.apache.spark.internal.config.ConfigEntry.findEntry(key)


def known(key):
    return key.startswith(HADOOP) or key == MASTER or entry(key) is not None or documents(key)


def readable(key, value):
    try:
        if entry(key) is not None:
            entry(key).valueConverter().apply(value)
        return True
    except (Py4JError, PySparkException):
        return False


def arrived(spark, key, value):
    hadoop = spark.sparkContext._jsc.hadoopConfiguration()
    return value == (hadoop.get(key[len(HADOOP):]) if key.startswith(HADOOP) else spark.conf.get(key))


def check(asked):
    properties = {key: value for key, value in asked.items() if value is not None}
    unknown = [key for key in asked if not known(key)]
    unreadable = [key for key, value in properties.items() if not readable(key, value)]
    if unknown or unreadable:
        return {"unknown": unknown, "unreadable": unreadable}

    spark = start(properties)
    lost = [key for key, value in properties.items() if not arrived(spark, key, value)]
    rows = spark.range(100).selectExpr("id % 3 AS remainder", "id").groupBy("remainder").sum("id").orderBy("remainder").collect()
    spark.stop()
    return {"unknown": [], "unreadable": [], "lost": lost, "rows": rows}


# Spark knows its keys, above all those of SQL, once it was started
first = start({})
version = first.version
first.range(1).collect()
first.stop()

print(json.dumps({"spark": version, "checks": {name: check(asked) for name, asked in json.load(sys.stdin).items()}}))
