import { CfnResource, Lazy, Reference, Token, Tokenization } from 'aws-cdk-lib/core';
import { differ, isDummyRole, isLiteral, Problems, shown } from './checks';
import { hasWildcard, UNKNOWN, withoutTokens } from './rendered';

interface ArnPattern {
  readonly service: RegExp;
  readonly region: RegExp;
  readonly resource: RegExp;
  /** What a resource with tokens must be. A mark stands for each of them. Any will do if there is no such pattern. */
  readonly resourceWithTokens?: RegExp;
}

const ROLE: ArnPattern = {
  service: /^iam$/,
  region: /^$/,
  // a name with an ARN in it is the slip of who took `Role.fromRoleName()` for `Role.fromRoleArn()`
  resource: /^role\/(?!arn:)([\x21-\x7e]+\/)?[\w+=,.@-]{1,64}$/,
  resourceWithTokens: new RegExp(`^((r(ol?)?|role)?${UNKNOWN}|role/(?!/|arn:))[\\x21-\\x7e${UNKNOWN}]*$`),
};
// `Role.customizeRoles()` gives roles such an ARN
const REPORTED_ROLE: ArnPattern = { ...ROLE, resource: /^role$/ };
const APPLICATION: ArnPattern = { service: /^emr-serverless$/, region: /^[a-z0-9-]+$/, resource: /^\/applications\/[0-9a-zA-Z]{1,64}$/ };

/**
 * Checks that an ARN names one IAM role, without a wildcard or a variable, and that the role can be passed: it must not belong to another
 * account.
 */
export function roleArnProblems(prop: string, arn: string, applicationAccount: string): Problems {
  if (isDummyRole(arn)) { return []; }
  const parts = literalParts(arn);
  const isRole = couldMatch(arn, parts, ROLE) || (Token.isUnresolved(arn) && couldMatch(arn, parts, REPORTED_ROLE));
  const attribute = otherAttribute(arn);
  if (!isRole || attribute !== undefined) {
    return [`\`${prop}\` must be the ARN of one IAM role (arn:<partition>:iam::<account>:role/<name>, no wildcard or variable),`
      + ` got: ${attribute ?? shown(arn)}`];
  }
  const account = parts[4];
  return account === undefined || account.includes(UNKNOWN) ? [] : otherAccountProblems(`\`${prop}\``, account, applicationAccount);
}

/** What a reference refers to, if that is certainly not the ARN of a role. */
function otherAttribute(arn: string): string | undefined {
  const { tokens } = Tokenization.reverseString(arn);
  if (withoutTokens(arn) !== UNKNOWN) {
    const within = tokens.filter(Reference.isReference).find(({ displayName }) => displayName === 'Arn');
    return within && `${shown(arn)} with the Arn of ${within.target.node.path} in it`;
  }
  const [reference] = tokens;
  if (!Reference.isReference(reference) || !CfnResource.isCfnResource(reference.target)) { return undefined; }
  const { cfnResourceType, node } = reference.target;
  const isRole = cfnResourceType === 'AWS::IAM::Role';
  const isArn = reference.displayName === 'Arn';
  // a stack or a custom resource may hand out the ARN of a role
  const isKnown = cfnResourceType.startsWith('AWS::IAM::') || (isArn && /^AWS::(?!CloudFormation::)/.test(cfnResourceType));
  if (!isKnown || (isRole && isArn)) { return undefined; }
  return isRole && reference.displayName === 'Ref' ? `the name of ${node.path}` : `${reference.displayName} of ${node.path}`;
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
    + ` (arn:<partition>:emr-serverless:<region>:<account>:/applications/<id>, no wildcard or variable), got: ${shown(arn)}`,
  ];
}

/** Whether the known parts of an ARN match. A part with a token may become anything. A literal wildcard stays a wildcard. */
function couldMatch(arn: string, parts: string[], pattern: ArnPattern): boolean {
  if (arn.includes(UNKNOWN) || hasWildcard(arn)) { return false; }
  if (hidesParts(parts) || (!Token.isUnresolved(arn) && !isLiteral(arn))) { return true; }

  const [prefix, partition, service, region, account, ...resource] = parts;
  const fits = (part: string | undefined, expected: RegExp, withTokens = /(?:)/) =>
    part !== undefined && (part.includes(UNKNOWN) ? withTokens : expected).test(part);
  return fits(prefix, /^arn$/)
    && fits(partition, /^aws[a-z-]*$/)
    && fits(service, pattern.service)
    && fits(region, pattern.region)
    && fits(account, /^\d{12}$/)
    && fits(resource.join(':'), pattern.resource, pattern.resourceWithTokens);
}

/** Returns an ARN that CDK can split. CDK splits literal ARNs, and ARNs that are one token. */
export function splittable(arn: string): string {
  return hidesParts(literalParts(arn)) ? Lazy.string({ produce: () => arn }) : arn;
}

function hidesParts(parts: string[]): boolean {
  return parts.length < 6 && parts.some((part) => part.includes(UNKNOWN));
}

function literalParts(arn: string): string[] {
  return withoutTokens(arn).split(':');
}
