import { Lazy, Token, Tokenization } from 'aws-cdk-lib/core';
import { differ, isLiteral, Problems, shown } from './checks';

/** Stands for a token in a string. */
const UNKNOWN = '\0';

interface ArnPattern {
  readonly service: RegExp;
  readonly region: RegExp;
  readonly resource: RegExp;
}

const ROLE: ArnPattern = { service: /^iam$/, region: /^$/, resource: /^role\/([\x21-\x7e]+\/)?[\w+=,.@-]{1,64}$/ };
// `Role.customizeRoles()` gives roles such an ARN
const REPORTED_ROLE: ArnPattern = { ...ROLE, resource: /^role$/ };
const APPLICATION: ArnPattern = { service: /^emr-serverless$/, region: /^[a-z0-9-]+$/, resource: /^\/applications\/[0-9a-zA-Z]{1,64}$/ };

/**
 * Checks that an ARN names one IAM role, without a wildcard, and that the role can be passed: it must not belong to another account.
 */
export function roleArnProblems(prop: string, arn: string, applicationAccount: string): Problems {
  const parts = literalParts(arn);
  if (!couldMatch(arn, parts, ROLE) && !(Token.isUnresolved(arn) && couldMatch(arn, parts, REPORTED_ROLE))) {
    return [`\`${prop}\` must be the ARN of one IAM role (arn:<partition>:iam::<account>:role/<name>, no wildcard), got: ${shown(arn)}`];
  }
  const account = parts[4];
  return account === undefined || account.includes(UNKNOWN) ? [] : otherAccountProblems(`\`${prop}\``, account, applicationAccount);
}

/** Checks the account of a role. AWS passes no role from one account to another. */
export function otherAccountProblems(role: string, roleAccount: string, applicationAccount: string): Problems {
  return differ(roleAccount, applicationAccount)
    ? [`${role} must belong to account ${applicationAccount}, the account of the application: a role cannot be passed to another account,`
      + ` got: ${roleAccount}`]
    : [];
}

export function applicationArnProblems(prop: string, arn: string): Problems {
  return couldMatch(arn, literalParts(arn), APPLICATION) ? [] : [
    `\`${prop}\` must be the ARN of one EMR Serverless application`
    + ` (arn:<partition>:emr-serverless:<region>:<account>:/applications/<id>, no wildcard), got: ${shown(arn)}`,
  ];
}

/** Whether the known parts of an ARN match. A part with a token may become anything. A literal wildcard stays a wildcard. */
function couldMatch(arn: string, parts: string[], pattern: ArnPattern): boolean {
  if (arn.includes(UNKNOWN) || parts.some((part) => /[*?]/.test(part))) { return false; }
  if (hidesParts(parts) || (!Token.isUnresolved(arn) && !isLiteral(arn))) { return true; }

  const [prefix, partition, service, region, account, ...resource] = parts;
  const fits = (part: string | undefined, expected: RegExp) => part !== undefined && (part.includes(UNKNOWN) || expected.test(part));
  return fits(prefix, /^arn$/)
    && fits(partition, /^aws[a-z-]*$/)
    && fits(service, pattern.service)
    && fits(region, pattern.region)
    && fits(account, /^\d{12}$/)
    && fits(resource.join(':'), pattern.resource);
}

/** Returns an ARN that CDK can split. CDK splits literal ARNs, and ARNs that are one token. */
export function splittable(arn: string): string {
  return hidesParts(literalParts(arn)) ? Lazy.string({ produce: () => arn }) : arn;
}

function hidesParts(parts: string[]): boolean {
  return parts.length < 6 && parts.some((part) => part.includes(UNKNOWN));
}

function literalParts(arn: string): string[] {
  return Tokenization.reverseString(arn)
    .mapTokens({ mapToken: () => UNKNOWN })
    .join({ join: (left, right) => `${left ?? ''}${right ?? ''}` })
    .split(':');
}
