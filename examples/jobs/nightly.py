"""Adds up the orders of a day by country: nightly.py --data s3://amzn-s3-demo-bucket --date 2026-11-28"""

import argparse

from pyspark.sql import SparkSession, functions as f

from common import country_name, is_on

parser = argparse.ArgumentParser()
parser.add_argument("--data", required=True)
parser.add_argument("--date", required=True)
args = parser.parse_args()
day = args.date[:10]  # EventBridge Scheduler gives the time too

spark = SparkSession.builder.getOrCreate()
orders = spark.read.parquet(f"{args.data}/orders").where(is_on(day))
totals = orders.groupBy(country_name("country").alias("country")).agg(f.sum("amount").alias("amount"))
# a second run for the same day writes the same
totals.write.mode("overwrite").parquet(f"{args.data}/totals/day={day}")
