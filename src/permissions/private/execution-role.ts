import { CfnRole, IManagedPolicy, Policy, PolicyDocument, Role } from 'aws-cdk-lib/aws-iam';
import { Lazy } from 'aws-cdk-lib/core';
import { patternProblems, Problems } from '../../private/checks';
import { boolean, instance, listOf, struct, text } from '../../private/reading';
import { ExecutionRoleOptions } from '../execution-role-options';

const INLINE_POLICY = 'ExecutionPolicy';

const managedPolicy = instance<IManagedPolicy>('a managed policy', 'managedPolicyArn');

export const executionRoleOptions = struct<ExecutionRoleOptions>({
  roleName: text,
  description: text,
  managedPolicies: listOf(managedPolicy),
  permissionsBoundary: managedPolicy,
  grantLogging: boolean,
});

export const policyDocumentToCopy = instance<PolicyDocument>('a policy document', 'addStatements');

/** Checks the name and the description of a role against the rules of IAM. */
export function executionRoleProblems({ roleName, description }: ExecutionRoleOptions): Problems {
  return [
    ...patternProblems('roleName', roleName, 64, /^[\w+=,.@-]+$/, '1 to 64 characters of A-Z a-z 0-9 + = , . @ _ -'),
    ...patternProblems('description', description, 1000, /^[\t\n\r\x20-\x7e\xa1-\xff]+$/, '1 to 1000 characters of Latin-1'),
  ];
}

/**
 * Adds a document to the role as an inline policy. The policy has the statements that the document has at synthesis. An empty document adds
 * no policy. The policy is a copy, because rendering freezes and merges the statements of a document.
 */
export function addInlinePolicy(role: Role, document: PolicyDocument): void {
  const copy = () => PolicyDocument.fromJson(document.toJSON());
  const resource = role.node.defaultChild;
  if (CfnRole.isCfnRole(resource)) {
    resource.policies = Lazy.any({ produce: () => document.isEmpty ? undefined : [{ policyName: INLINE_POLICY, policyDocument: copy() }] });
    role.node.addValidation({ validate: () => document.validateForIdentityPolicy() });
  } else if (!document.isEmpty) {
    // `Role.customizeRoles()` writes a report in place of the role, and reads the policy now
    role.attachInlinePolicy(new Policy(role, INLINE_POLICY, { document: copy() }));
  }
}
