import { BucketLocationConstraint, S3 } from '@aws-sdk/client-s3';
import { Place } from '../lib/deployment';

/** What a client needs to reach moto past the gate, as who owns the account. */
export function asOwner(endpoint: string, { region }: Pick<Place, 'region'>) {
  return { endpoint, region, credentials: { accessKeyId: 'owner', secretAccessKey: 'not checked' } };
}

export function s3OfOwner(endpoint: string, place: Pick<Place, 'region'>): S3 {
  return new S3({ ...asOwner(endpoint, place), forcePathStyle: true });
}

export async function makeBucket(s3: S3, name: string, { region }: Pick<Place, 'region'>): Promise<void> {
  // a bucket of this Region is one without a constraint
  const place = region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } };
  await s3.createBucket({ Bucket: name, ...place });
}
