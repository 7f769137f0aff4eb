"""A job that does not end by itself: it notes the processes that it has."""
import os
import time

from pyspark.sql import SparkSession, functions as f


@f.udf
def note(_):
    with open('processes.tmp', 'w', encoding='utf-8') as file:
        file.write(' '.join(map(str, [driver, os.getpid(), os.getppid()])))
    os.rename('processes.tmp', 'processes')
    time.sleep(600)


driver = os.getpid()
SparkSession.builder.getOrCreate().range(1).select(note('id')).collect()
