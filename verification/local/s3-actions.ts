import { Call } from './call';
import { Need, viaService } from './judge';
import { Policies } from './policies';
import { undecided } from './refusal';
import { Policy } from '../lib/deployment';
import { reference } from '../lib/iam-reference';

/** A call of S3, and what IAM must allow for it. */
export interface S3Call {
  readonly bucket: string;
  readonly key: string;
  /** The path as it is with the bucket in it. */
  readonly path: string;
  readonly needs: Need[];
  readonly isDeleteObjects: boolean;
  /** One of several objects that a call deletes. */
  deletion(key: string, versionId?: string): Promise<Need[]>;
  /** Who may not list a bucket does not learn which objects it has not. */
  list(): Promise<Need>;
}

/** Actions on the service, a bucket or an object, and on the key of the bucket, by the subresource that the query names, or ''. */
interface Operations {
  readonly [subresource: string]: string | { readonly actions: readonly string[]; readonly onKey: readonly string[] };
}

const DECRYPT = 'kms:Decrypt';
const GENERATE = 'kms:GenerateDataKey';

const SERVICE: { readonly [method: string]: Operations } = {
  GET: { '': 'ListAllMyBuckets' },
};

const BUCKET: { readonly [method: string]: Operations } = {
  HEAD: { '': 'ListBucket' },
  GET: {
    '': 'ListBucket',
    'acl': 'GetBucketAcl',
    'cors': 'GetBucketCORS',
    'encryption': 'GetEncryptionConfiguration',
    'lifecycle': 'GetLifecycleConfiguration',
    'location': 'GetBucketLocation',
    'logging': 'GetBucketLogging',
    'notification': 'GetBucketNotification',
    'object-lock': 'GetBucketObjectLockConfiguration',
    'ownershipControls': 'GetBucketOwnershipControls',
    'policy': 'GetBucketPolicy',
    'policyStatus': 'GetBucketPolicyStatus',
    'publicAccessBlock': 'GetBucketPublicAccessBlock',
    'tagging': 'GetBucketTagging',
    'uploads': 'ListBucketMultipartUploads',
    'versioning': 'GetBucketVersioning',
    'versions': 'ListBucketVersions',
  },
  PUT: {
    '': 'CreateBucket',
    'acl': 'PutBucketAcl',
    'encryption': 'PutEncryptionConfiguration',
    'lifecycle': 'PutLifecycleConfiguration',
    'policy': 'PutBucketPolicy',
    'tagging': 'PutBucketTagging',
    'versioning': 'PutBucketVersioning',
  },
  DELETE: {
    '': 'DeleteBucket',
    'policy': 'DeleteBucketPolicy',
    'tagging': 'PutBucketTagging',
  },
  // each object is asked for
  POST: { delete: { actions: [], onKey: [] } },
};

const OBJECT: { readonly [method: string]: Operations } = {
  HEAD: { '': 'GetObject' },
  GET: {
    '': { actions: ['GetObject'], onKey: [DECRYPT] },
    'acl': 'GetObjectAcl',
    'attributes': { actions: ['GetObject', 'GetObjectAttributes'], onKey: [DECRYPT] },
    'legal-hold': 'GetObjectLegalHold',
    'retention': 'GetObjectRetention',
    'tagging': 'GetObjectTagging',
    'uploadId': 'ListMultipartUploadParts',
  },
  PUT: {
    '': { actions: ['PutObject'], onKey: [GENERATE] },
    'acl': 'PutObjectAcl',
    'legal-hold': 'PutObjectLegalHold',
    'retention': 'PutObjectRetention',
    'tagging': 'PutObjectTagging',
    // S3 reads the parts to put them together
    'uploadId': { actions: ['PutObject'], onKey: [GENERATE, DECRYPT] },
  },
  POST: {
    uploads: { actions: ['PutObject'], onKey: [GENERATE] },
    uploadId: { actions: ['PutObject'], onKey: [DECRYPT] },
  },
  DELETE: {
    '': 'DeleteObject',
    'tagging': 'DeleteObjectTagging',
    'uploadId': 'AbortMultipartUpload',
  },
};

/** Query parameters that make no other operation of one. */
const PARAMETERS = new RegExp(`^(${[
  'x-id', '[xX]-[aA]mz-.*', 'response-.*', 'versionId', 'partNumber', 'list-type', 'prefix', 'delimiter', 'marker', 'max-keys', 'encoding-type',
  'continuation-token', 'start-after', 'fetch-owner', 'key-marker', 'version-id-marker', 'upload-id-marker', 'max-uploads', 'max-parts',
  'part-number-marker', 'max-buckets', 'bucket-region',
].join('|')})$`);

const VERSION: { readonly [action: string]: string } = {
  DeleteObject: 'DeleteObjectVersion',
  DeleteObjectTagging: 'DeleteObjectVersionTagging',
  GetObject: 'GetObjectVersion',
  GetObjectAcl: 'GetObjectVersionAcl',
  GetObjectAttributes: 'GetObjectVersionAttributes',
  GetObjectTagging: 'GetObjectVersionTagging',
  PutObjectAcl: 'PutObjectVersionAcl',
  PutObjectTagging: 'PutObjectVersionTagging',
};

/** What headers of a request that writes an object take besides. */
const BY_HEADER: { readonly [header: string]: string } = {
  'x-amz-acl': 'PutObjectAcl',
  'x-amz-object-lock-legal-hold': 'PutObjectLegalHold',
  'x-amz-object-lock-mode': 'PutObjectRetention',
  'x-amz-tagging': 'PutObjectTagging',
};

export async function s3CallOf(call: Call, policies: Policies): Promise<S3Call> {
  const { method, query, headers } = call;
  const { partition } = policies.place;
  const [, inHost] = /^(.+)\.(?:localhost|127\.0\.0\.1)(?::\d+)?$/.exec(headers.host ?? '') ?? [];
  const path = inHost ? `/${inHost}${call.path}` : call.path;
  const [, bucket = '', key = ''] = path.split(/^\/([^/]*)\/?/s).map(decoded);
  const subresources = [...new Set(query.keys())].filter((name) => !PARAMETERS.test(name));
  const names = [...query.keys()].map((one) => one.toLowerCase());
  const repeated = names.find((one, i) => names.indexOf(one) !== i);
  if (repeated !== undefined) { throw undecided('s3', `${method} ${path}`, `it has ${repeated} in its query more than once`); }
  const level = key ? OBJECT : bucket ? BUCKET : SERVICE;
  const operation = subresources.length > 1 ? undefined : own(own(level, method), subresources[0] ?? '');
  const name = [method, key ? 'an object' : bucket ? 'a bucket' : 'the service', ...subresources.map((one) => `?${one}`)].join(' ');
  // moto answers some paths for itself, whatever service they are for
  if (!operation || /^(moto-api|latest|favicon\.ico|v20180820)$/.test(bucket) || (!bucket && path !== '/')) { throw undecided('s3', name); }

  const arn = (ofBucket: string, ofKey: string) => `arn:${partition}:s3:::${ofBucket}${ofKey && `/${ofKey}`}`;
  const need = async (action: string, resource: string): Promise<Need> =>
    ({ action: `s3:${action}`, resource, context: await contextOf(action, call, policies) });
  const onKey = (actions: readonly string[], ofBucket: string): Need[] => {
    const found = keyOf(ofBucket, call, policies);
    return found ? actions.map((action) => ({
      action,
      resource: found.arn,
      resourcePolicy: found.policy,
      context: { 'kms:CallerAccount': policies.place.account, 'kms:ViaService': viaService('s3', call.region, policies) },
    })) : [];
  };

  const { actions, onKey: keyActions } = typeof operation === 'string' ? { actions: [operation], onKey: [] } : operation;
  const writes = actions.includes('PutObject') && !query.has('uploadId');
  const source = method === 'PUT' && key && headers['x-amz-copy-source'] ? sourceOf(String(headers['x-amz-copy-source'])) : undefined;
  const resource = bucket ? arn(bucket, key) : '*';
  const version = (action: string, versionId: string | null | undefined) => versionId ? VERSION[action] ?? action : action;
  const besides = writes ? Object.keys(BY_HEADER).filter((header) => headers[header]).map((header) => BY_HEADER[header]) : [];
  return {
    bucket,
    key,
    path,
    needs: [
      ...source ? [await need(version('GetObject', source.versionId), arn(source.bucket, source.key)), ...onKey([DECRYPT], source.bucket)] : [],
      ...await Promise.all([...actions, ...besides].map((action) => need(version(action, query.get('versionId')), resource))),
      ...onKey(keyActions, bucket),
    ],
    deletion: async (one, versionId) => [await need(version('DeleteObject', versionId), arn(bucket, one))],
    list: () => need('ListBucket', arn(bucket, '')),
    isDeleteObjects: level === BUCKET && subresources[0] === 'delete',
  };
}

/** What an object has of its own: a query may name what all objects have. */
function own<T>(object: { readonly [name: string]: T } | undefined, name: string): T | undefined {
  return object && Object.hasOwn(object, name) ? object[name] : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw undecided('s3', `the path ${text}`);
  }
}

/** `/bucket/key?versionId=…`. */
function sourceOf(header: string): { bucket: string; key: string; versionId?: string } {
  const [, bucket, key, versionId] = /^\/?([^/?#]+)\/([^?#]+)(?:\?versionId=([^?#&]*))?$/.exec(header) ?? [];
  if (!key || bucket.startsWith('arn:')) { throw undecided('s3', `a copy of ${header}`); }
  return { bucket: decoded(bucket), key: decoded(key), versionId };
}

/** The key that an object is encrypted with: the request may name another than the bucket has, or none. */
function keyOf(bucket: string, { headers }: Call, policies: Policies): { arn: string; policy: Policy } | undefined {
  const ofBucket = policies.bucketKey?.(bucket);
  const algorithm = headers['x-amz-server-side-encryption'];
  const named = headers['x-amz-server-side-encryption-aws-kms-key-id']?.toString();
  if (!algorithm || (algorithm !== 'AES256' && !named) || named === ofBucket?.arn) { return ofBucket; }
  if (algorithm === 'AES256') { return undefined; }
  try {
    return { arn: named!, policy: policies.keyPolicy!(named!) };
  } catch {
    throw undecided('s3', `a write with the key ${named}`, 'its policy is not known');
  }
}

const KEYS = new Map<string, Promise<string[]>>();

/** The condition keys of an action that are a header or a query parameter. */
async function contextOf(action: string, { query, headers }: Call, { place }: Policies): Promise<Record<string, string>> {
  if (!KEYS.has(action)) {
    KEYS.set(action, reference(`s3:${action}`).then((found) => found!.conditionKeys.filter((key) => key.startsWith('s3:'))));
  }
  const parameters = Object.fromEntries([...query].map(([name, value]) => [name.toLowerCase(), value]));
  return Object.fromEntries((await KEYS.get(action)!).flatMap((key) => {
    const name = key.slice('s3:'.length).toLowerCase();
    const value = name === 'resourceaccount' ? place.account : /^(x-amz|if)-/.test(name) ? headers[name]?.toString() ?? parameters[name] : parameters[name];
    return value === undefined ? [] : [[key, value]];
  }));
}
