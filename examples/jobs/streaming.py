"""Adds new orders to the table until somebody cancels the job: streaming.py --data s3://amzn-s3-demo-bucket"""

import argparse

from pyspark.sql import SparkSession

parser = argparse.ArgumentParser()
parser.add_argument("--data", required=True)
args = parser.parse_args()

spark = SparkSession.builder.getOrCreate()
incoming = spark.readStream.schema("id STRING, time TIMESTAMP, country STRING, amount DOUBLE").json(f"{args.data}/incoming")
# the checkpoint knows which files are done, so that the next job run goes on where this one stops
table = incoming.writeStream.format("parquet").option("checkpointLocation", f"{args.data}/checkpoints/orders")
table.start(f"{args.data}/orders").awaitTermination()
