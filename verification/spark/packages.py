"""Imports packages on the driver and on the executors of a cluster that has a worker process for each, and computes with them.

The Spark properties, a JSON object, come on stdin. The driver has the archive in its working directory already, as on EMR Serverless: a driver that
Spark starts on this machine would have it elsewhere. Prints where each executor and the driver found each package, and what pandas computed.
"""

import importlib
import json
import os
import sys

from pyspark import SparkConf
from pyspark.sql import SparkSession
from pyspark.sql.functions import pandas_udf

asked = json.load(sys.stdin)
packages = asked["packages"]


def found(folder):
    return {name: os.path.relpath(importlib.import_module(name).__file__, folder) for name in packages}


def found_by_executor(_):
    yield found(os.getcwd())


os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
conf = SparkConf(loadDefaults=False).setAll(asked["properties"].items())
conf.setMaster("local-cluster[2,1,1024]").setAppName("packages").set("spark.ui.enabled", "false")
spark = SparkSession.builder.config(conf=conf).getOrCreate()


@pandas_udf("double")
def root(values):
    import numpy

    return numpy.sqrt(values)


# a barrier has its two tasks run at the same time, so on both executors: each has one core
executors = spark.sparkContext.parallelize(range(2), 2).barrier().mapPartitions(found_by_executor).collect()
squares = spark.range(0, 4, 1, 1).selectExpr("CAST(id * id AS double) AS square")
roots = [value for value, in squares.select(root("square")).collect()]
print(json.dumps({"driver": found(os.getcwd()), "executors": executors, "roots": roots}))
spark.stop()
