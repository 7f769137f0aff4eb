from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
clicks = spark.readStream.schema("url string, at timestamp").json("s3://amzn-s3-demo-source-bucket/clicks")
query = (
    clicks.writeStream.format("parquet")
    .option("path", "s3://amzn-s3-demo-destination-bucket/clicks")
    .option("checkpointLocation", "s3://amzn-s3-demo-destination-bucket/checkpoints/clicks")
    .start()
)
query.awaitTermination()
