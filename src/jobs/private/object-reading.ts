import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { aws_s3 } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import { grantWhole } from '../../permissions/private/grant';
import { bucketKeyArn } from '../../private/buckets';
import { shown } from '../../private/checks';
import { checkWhenRendered, hasWildcard } from '../../private/rendered';

/** Grants to read one object, and no other object of its bucket. */
export function grantReading(scope: Construct, grantee: IGrantable, bucket: aws_s3.IBucketRef, key: string): void {
  const keyArn = bucketKeyArn(bucket);
  const objectArn = `${bucket.bucketRef.bucketArn}/${key}`;
  checkGranted(scope, 'the object of the code', objectArn);
  checkGranted(scope, 'the KMS key of the code', keyArn);
  grantWhole(grantee, [
    { actions: ['s3:GetObject'], resourceArns: [objectArn] },
    ...keyArn === undefined ? [] : [{ actions: ['kms:Decrypt'], resourceArns: [keyArn] }],
  ]);
}

/** A token may have a wildcard in it, which would reach more. */
function checkGranted(scope: Construct, what: string, arn: string | undefined): void {
  checkWhenRendered(scope, arn, (rendered) => hasWildcard(rendered)
    ? [`${what} must be one resource, without a wildcard or variable, got: ${shown(rendered)}`]
    : []);
}
