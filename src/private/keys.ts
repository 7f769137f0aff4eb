import type { CfnKey, IAlias } from 'aws-cdk-lib/aws-kms';
import { CfnResource } from 'aws-cdk-lib/core';
import { aws_kms } from 'aws-cdk-lib/interfaces';
import { differ, isLiteral, Problems, shown } from './checks';
import { partProblems } from './environments';
import { instance } from './reading';
import { hasWildcard } from './rendered';

/** Reads a KMS key. It is a key of this app, an imported key or a `CfnKey`. */
export const kmsKey = instance<aws_kms.IKeyRef>('a KMS key', 'keyRef', 'node', 'env');

/**
 * EMR Serverless accepts the ARN of a key in its own Region. It does not accept the ARN of an alias.
 */
export function kmsKeyProblems(prop: string, key: aws_kms.IKeyRef | undefined, region?: string): Problems {
  if (!key) { return []; }
  const target = keyItself(key);
  const arn = target?.keyRef.keyArn;
  if (!target || (arn !== undefined && !couldBeKeyArn(arn))) {
    const nameOrArn = isAlias(key) ? key.aliasName : arn;
    return [`\`${prop}\` must be a KMS key (ARN of at most 2048 characters), or an alias with a known target key,`
      + ` got: ${shown(nameOrArn)}`];
  }
  return [
    ...region === undefined ? [] : partProblems(prop, 'Region', target.env.region, region),
    ...usageProblems(prop, target),
  ];
}

/** EMR Serverless, CloudWatch Logs and S3 encrypt with symmetric keys only. */
function usageProblems(prop: string, key: aws_kms.IKeyRef): Problems {
  const { keySpec = 'SYMMETRIC_DEFAULT', keyUsage = 'ENCRYPT_DECRYPT' } = cfnKeyOf(key) ?? {};
  return differ(keySpec, 'SYMMETRIC_DEFAULT') || differ(keyUsage, 'ENCRYPT_DECRYPT')
    ? [`\`${prop}\` must be a symmetric KMS key that encrypts (SYMMETRIC_DEFAULT, ENCRYPT_DECRYPT), got: ${keySpec}, ${keyUsage}`]
    : [];
}

/** Whether a text could be the ARN of one key. A token could be one. */
export function couldBeKeyArn(arn: string): boolean {
  return isLiteral(arn) ? isKeyArn(arn) : !hasWildcard(arn);
}

/** The resource of a key that the app creates. A key from `Key.fromCfnKey()` is a child of its resource. */
function cfnKeyOf(key: aws_kms.IKeyRef): CfnKey | undefined {
  return [key, key.node.defaultChild, key.node.scope].find(isCfnKey);
}

function isCfnKey(construct: unknown): construct is CfnKey {
  return CfnResource.isCfnResource(construct) && construct.cfnResourceType === 'AWS::KMS::Key';
}

function isKeyArn(arn: string): boolean {
  return arn.length <= 2048 && /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/.test(arn);
}

/** The key, or the key that an alias stands for. The result is undefined if only the name of the alias is known. */
export function keyItself(key: aws_kms.IKeyRef): aws_kms.IKeyRef | undefined {
  if (!isAlias(key)) { return key; }
  try {
    return keyItself(key.aliasTargetKey);
  } catch {
    // an alias from `Alias.fromAliasName()` throws, because it does not know its key
    return undefined;
  }
}

function isAlias(key: aws_kms.IKeyRef): key is IAlias {
  return 'aliasName' in key;
}

export function keyArn(key: aws_kms.IKeyRef | undefined): string | undefined {
  return key && keyItself(key)?.keyRef.keyArn;
}
