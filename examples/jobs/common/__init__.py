"""What the jobs share. `pythonFiles` of the job makes the directory a package that the driver and the executors can import."""

from datetime import date

import iso3166
from pyspark.sql import Column, functions as f


def is_on(day: date) -> Column:
    return f.to_date("time") == f.lit(day)


@f.udf
def country_name(code: str) -> str:
    country = iso3166.countries.get(code, None)
    return country.name if country else code
