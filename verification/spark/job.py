"""A job as users have it: adds up orders by country, and prints what it wrote and where it ran, a JSON a line."""
import json
import os
import sys

from pyspark.sql import SparkSession, functions as f

data, fate = sys.argv[1:]
spark = SparkSession.builder.getOrCreate()
orders = spark.read.json(f'{data}/orders')
orders.groupBy('country').agg(f.sum('amount').alias('amount')).write.mode('overwrite').parquet(f'{data}/totals')
print(json.dumps(sorted(map(list, spark.read.parquet(f'{data}/totals').collect()))))


def seen():
    import common
    import iso3166
    import numpy
    return json.dumps({
        'common': common.NAME,
        'country': iso3166.countries.get('IE').name,
        'numpy': numpy.__version__,
        'sum': int(numpy.arange(4).sum()),
        'where': os.environ.get('WHERE'),
        'file': open('file.txt', encoding='utf-8').read(),
    })


if fate == 'look':
    seen_by = [seen(), spark.range(1).select(f.udf(seen)()).first()[0]]
    print(json.dumps({
        'seen': list(map(json.loads, seen_by)),
        'aws': {name: value for name, value in os.environ.items() if name.startswith('AWS_')},
        'directory': os.getcwd(),
        'conf': dict(spark.sparkContext.getConf().getAll()),
        'version': spark.version,
    }))
elif fate == 'fail':
    raise ValueError('what the job says')
