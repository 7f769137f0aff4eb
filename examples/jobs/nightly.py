"""Adds up the orders of the day before a date, by country: nightly.py --date 2026-11-28"""

import argparse
import os
from datetime import date, timedelta

from pyspark.sql import SparkSession, functions as f

from common import country_name, is_on

parser = argparse.ArgumentParser()
parser.add_argument("--date", default=str(date.today()))
args = parser.parse_args()
# EventBridge Scheduler gives the time too
day = date.fromisoformat(args.date[:10]) - timedelta(days=1)
data = os.environ["DATA"]

spark = SparkSession.builder.getOrCreate()
orders = spark.read.parquet(f"{data}/orders").where(is_on(day))
totals = orders.groupBy(country_name("country").alias("country")).agg(f.sum("amount").alias("amount"))
# a second run for the same day writes the same
totals.write.mode("overwrite").parquet(f"{data}/totals/day={day}")
