"""Adds new orders to the table, until somebody cancels the job."""

import os

from pyspark.sql import SparkSession

data = os.environ["DATA"]

spark = SparkSession.builder.getOrCreate()
incoming = spark.readStream.schema("id STRING, time TIMESTAMP, country STRING, amount DOUBLE").json(f"{data}/incoming")
# the checkpoint knows which files are done, so that the next job run goes on where this one stops
table = incoming.writeStream.format("parquet").option("checkpointLocation", f"{data}/checkpoints/orders")
table.start(f"{data}/orders").awaitTermination()
