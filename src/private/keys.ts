import { IAlias, IKey } from 'aws-cdk-lib/aws-kms';
import { differ, isLiteral, Problems, shown } from './checks';

/**
 * EMR Serverless takes the ARN of a key of its Region, never that of an alias.
 */
export function keyProblems(prop: string, key: IKey | undefined, region?: string): Problems {
  if (!key) { return []; }
  const target = keyItself(key);
  if (!target || (isLiteral(target.keyArn) && !isKeyArn(target.keyArn))) {
    const given = isAlias(key) ? key.aliasName : key.keyArn;
    return [`\`${prop}\` must be a KMS key, with an ARN of at most 2048 characters, or an alias whose key is known here, not an alias by name, got: ${shown(given)}`];
  }
  return region !== undefined && differ(target.env.region, region)
    ? [`\`${prop}\` must be a KMS key of the application's Region ${region}, got: one of ${target.env.region}`]
    : [];
}

function isKeyArn(arn: string): boolean {
  return arn.length <= 2048 && /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/.test(arn);
}

/** The key, or the key behind an alias; undefined for an alias that is only known by its name. */
export function keyItself(key: IKey): IKey | undefined {
  if (!isAlias(key)) { return key; }
  try {
    return keyItself(key.aliasTargetKey);
  } catch {
    // that is how an alias from `Alias.fromAliasName()` says it does not know
    return undefined;
  }
}

function isAlias(key: IKey): key is IAlias {
  return 'aliasName' in key;
}

export function keyArn(key: IKey | undefined): string | undefined {
  return key && keyItself(key)?.keyArn;
}
