import argparse

from pyspark.sql import SparkSession

parser = argparse.ArgumentParser()
parser.add_argument("--date")
date = parser.parse_args().date

spark = SparkSession.builder.getOrCreate()
orders = spark.read.parquet("s3://amzn-s3-demo-source-bucket/orders").where(f"order_date = '{date}'")
orders.groupBy("customer").sum("amount").write.mode("overwrite").parquet(f"s3://amzn-s3-demo-destination-bucket/daily/date={date}")
