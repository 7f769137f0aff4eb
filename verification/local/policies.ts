import { Place, Policy } from '../lib/deployment';

/** What the gate asks for policies, all by ARN. A role that is not known is an error. */
export interface Policies {
  readonly place: Place;
  identityPolicies(roleArn: string): { name: string; policy: Policy }[];
  boundary(roleArn: string): Policy | undefined;
  trustPolicy(roleArn: string): Policy;
  /** The key that a bucket encrypts with, if it is one of the template. */
  bucketKey?(bucketName: string): { arn: string; policy: Policy } | undefined;
  /** The policy of a key that a request names. */
  keyPolicy?(keyArn: string): Policy;
}

/** Nobody may assume a role that is not there. */
export function trustPolicyOf(roleArn: string, policies: Policies): Policy {
  try {
    return policies.trustPolicy(roleArn);
  } catch {
    return { Version: '2012-10-17', Statement: [] };
  }
}
