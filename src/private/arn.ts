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
  if (!couldMatch(arn, ROLE) && !(Token.isUnresolved(arn) && couldMatch(arn, REPORTED_ROLE))) {
    return [`\`${prop}\` must be the ARN of one IAM role (arn:<partition>:iam::<account>:role/<name>, no wildcard), got: ${shown(arn)}`];
  }
  const account = literalParts(arn)[4];
  return account === undefined || account.includes(UNKNOWN) ? [] : otherAccountProblems(`\`${prop}\``, account, applicationAccount);
}

/** Checks the account of a role. AWS passes no role from one account to another. */
export function otherAccountProblems(role: string, roleAccount: string, applicationAccount: string): Problems {
  return differ(roleAccount, applicationAccount)
    ? [`${role} must be of the application's account ${applicationAccount}, AWS passes no role to another account, got: ${roleAccount}`]
    : [];
}

export function applicationArnProblems(prop: string, arn: string): Problems {
  return couldMatch(arn, APPLICATION) ? [] : [
    `\`${prop}\` must be the ARN of one EMR Serverless application`
    + ` (arn:<partition>:emr-serverless:<region>:<account>:/applications/<id>, no wildcard), got: ${shown(arn)}`,
  ];
}

/** Whether the known parts of an ARN match. A part with a token may become anything. A literal wildcard stays a wildcard. */
function couldMatch(arn: string, pattern: ArnPattern): boolean {
  if (arn.includes(UNKNOWN) || /[*?]/.test(withoutTokens(arn))) { return false; }
  if (!Token.isUnresolved(arn) && !isLiteral(arn)) { return true; }

  if (hidesParts(arn)) { return true; }

  const [prefix, partition, service, region, account, ...resource] = literalParts(arn);
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
  return hidesParts(arn) ? Lazy.string({ produce: () => arn }) : arn;
}

function hidesParts(arn: string): boolean {
  const parts = literalParts(arn);
  return parts.length < 6 && parts.some((part) => part.includes(UNKNOWN));
}

function literalParts(arn: string): string[] {
  return withoutTokens(arn).split(':');
}

function withoutTokens(value: string): string {
  return Tokenization.reverseString(value)
    .mapTokens({ mapToken: () => UNKNOWN })
    .join({ join: (left, right) => `${left ?? ''}${right ?? ''}` });
}
