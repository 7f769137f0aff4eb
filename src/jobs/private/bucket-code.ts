import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { aws_s3 } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import { CodeLocation } from './code-location';
import { fileFor, takesFile } from './code-uses';
import { grantReading } from './object-reading';
import { warn } from '../../private/annotations';
import { bucketKeyProblems, bucketKeyWarnings, bucketProblems, s3Bucket } from '../../private/buckets';
import { differ, isLiteral, isWellFormed, Problems, shown } from '../../private/checks';
import { read, text } from '../../private/reading';
import { checkWhenRendered, UNKNOWN, withoutTokens } from '../../private/rendered';
import { refuse } from '../../private/validation-error';
import type { SparkCodeUse } from '../spark-code';

/** An object in a bucket, which somebody else puts there. */
export class BucketCode implements CodeLocation {
  public constructor(private readonly bucket: aws_s3.IBucketRef, private readonly key: string) {
    read(undefined, '', 'bucket', bucket, s3Bucket);
    read(undefined, '', 'key', key, text);
    refuse(undefined, '', [
      ...bucketProblems('bucket', bucket),
      ...bucketKeyProblems('bucket', bucket),
      ...objectKeyProblems('`key`', key),
    ]);
  }

  public get fileName(): string {
    return this.key;
  }

  public problems(prop: string, use: SparkCodeUse): Problems {
    return fileProblems(prop, use, this.key);
  }

  public bind(scope: Construct, grantee: IGrantable, use: SparkCodeUse): string {
    checkWhenRendered(scope, this.key, (key) => [...objectKeyProblems(`the key of \`${use}\``, key), ...fileProblems(use, use, key)]);
    this.warnOfOtherEnvironment(scope, use);
    warn(scope, ...bucketKeyWarnings(`the bucket of \`${use}\``, this.bucket, 'kms:Decrypt'));
    grantReading(scope, grantee, this.bucket, this.key);
    return `s3://${this.bucket.bucketRef.bucketName}/${this.key}`;
  }

  private warnOfOtherEnvironment(scope: Construct, use: SparkCodeUse): void {
    const { env } = this.bucket;
    const { region, account } = Stack.of(scope);
    if (differ(env.region, region)) {
      warn(scope, {
        id: 'codeOfOtherRegion',
        message: `the bucket of \`${use}\` is in ${env.region}, and the job is in ${region}: without a NAT gateway in a VPC, jobs do not`
          + ' reach other Regions. Give a bucket in the Region of the job',
      });
    }
    if (differ(env.account, account)) {
      warn(scope, {
        id: 'codeOfOtherAccount',
        message: `the bucket of \`${use}\` is of account ${env.account}, and the job is of account ${account}: its owner must let the`
          + ' execution role read the object in the policy of the bucket, and decrypt in the policy of its KMS key if there is one',
      });
    }
  }
}

function fileProblems(prop: string, use: SparkCodeUse, key: string): Problems {
  return takesFile(use, key) ? [] : [`\`${prop}\` must be ${fileFor(use)}, got the key: ${shown(key)}`];
}

/**
 * Spark parses the URI, splits lists at commas, takes what follows `#` for the name of a directory, and expands patterns. Hadoop drops
 * empty segments, and follows `.` and `..`.
 */
function objectKeyProblems(what: string, key: string): Problems {
  const keyWithMarks = isLiteral(key) ? key : withoutTokens(key);
  const hasForbidden = /[,#*?"\\^`|<>[\]{}\s\p{Cc}]/u.test(isLiteral(key) ? key : keyWithMarks.replaceAll(UNKNOWN, ''));
  const hasNoSegment = keyWithMarks.split('/').some((segment) => /^\.{0,2}$/.test(segment));
  const isTooLong = isLiteral(key) && Buffer.byteLength(key) > 1024;
  // the mark of a token may be in the text itself
  return !hasForbidden && !key.includes(UNKNOWN) && !hasNoSegment && !isTooLong && isWellFormed(key) ? [] : [
    `${what} must be the key of one object: 1 to 1024 bytes without blanks or , # * ? " \\ ^ \` | < > [ ] { },`
    + ` and without empty segments, . or .. between its slashes, got: ${shown(key)}`,
  ];
}
