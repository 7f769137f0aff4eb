import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnResource } from 'aws-cdk-lib/core';
import { aws_kms, aws_s3 } from 'aws-cdk-lib/interfaces';
import { Warning } from './annotations';
import { Problems, shown } from './checks';
import { keyArn, keyItself, kmsKeyProblems } from './keys';
import { instance } from './reading';
import { hasWildcard } from './rendered';

/** Reads an S3 bucket. It is a bucket of this app, an imported bucket or a `CfnBucket`. */
export const s3Bucket = instance<aws_s3.IBucketRef>(
  'a bucket such as Bucket.fromBucketName(this, \'Bucket\', \'<name>\')', 'bucketRef', 'node', 'env');

/** Policies name the bucket, so it must not be a pattern of several buckets. */
export function bucketProblems(prop: string, bucket: aws_s3.IBucketRef): Problems {
  const { bucketArn, bucketName } = bucket.bucketRef;
  const pattern = [bucketName, bucketArn].find(hasWildcard);
  return pattern === undefined ? [] : [`\`${prop}\` must be one bucket, without a wildcard or variable, got: ${shown(pattern)}`];
}

/** Policies name the key of the bucket, so it must not be a pattern of several keys. */
export function bucketKeyProblems(prop: string, bucket: aws_s3.IBucketRef, region?: string): Problems {
  const key = bucketKey(bucket);
  return key && keyItself(key) ? kmsKeyProblems(`${prop}.encryptionKey`, key, region) : [];
}

/** Grants can include the key of a bucket only if the construct of the bucket knows its key. */
export function bucketKeyWarnings(bucketName: string, bucket: aws_s3.IBucketRef, actions: string): Warning[] {
  const key = bucketKey(bucket);
  const isKnown = key ? keyItself(key) !== undefined : !hasKmsEncryption(bucket);
  return isKnown ? [] : [{
    id: 'bucketKeyByHand',
    message: `the library does not know the KMS key of ${bucketName}, so execution roles get no access to it.`
      + ` Grant them ${actions} on the key${key ? ', or import the bucket with the key instead of an alias' : ''}`,
  }];
}

/** The ARN of the bucket's key, as far as the construct of the bucket knows it. */
export function bucketKeyArn(bucket: aws_s3.IBucketRef): string | undefined {
  return keyArn(bucketKey(bucket));
}

function bucketKey(bucket: aws_s3.IBucketRef & { readonly encryptionKey?: aws_kms.IKeyRef }): aws_kms.IKeyRef | undefined {
  return bucket.encryptionKey;
}

/** Whether a `CfnBucket` is configured to encrypt with a KMS key. */
function hasKmsEncryption(bucket: aws_s3.IBucketRef): boolean {
  return CfnResource.isCfnResource(bucket)
    && /aws:kms/.test(JSON.stringify(bucket.stack.resolve((bucket as unknown as CfnBucket).bucketEncryption)) ?? '');
}
