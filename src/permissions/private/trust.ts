import { CfnRole, Policy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Lazy } from 'aws-cdk-lib/core';
import { aws_emrserverless } from 'aws-cdk-lib/interfaces';
import { patternProblems, Problems } from '../../private/checks';
import { ExecutionRoleOptions } from '../execution-role-options';

const INLINE_POLICY = 'ExecutionPolicy';

/**
 * EMR Serverless, on behalf of one application.
 *
 * AWS documents the application's ARN as the source. What lies under it costs nothing and covers a job run's ARN.
 */
export class ExecutionPrincipal extends ServicePrincipal {
  constructor(application: aws_emrserverless.IApplicationRef, private readonly trustedIdentityPropagation: boolean) {
    const { applicationArn } = application.applicationRef;
    super('emr-serverless.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': application.env.account },
        ArnLike: { 'aws:SourceArn': [applicationArn, `${applicationArn}/*`] },
      },
    });
  }

  /** With IAM Identity Center, EMR Serverless hands on who the user is, which takes an action of its own. */
  public override addToAssumeRolePolicy(document: PolicyDocument): void {
    if (!this.trustedIdentityPropagation) { return super.addToAssumeRolePolicy(document); }
    document.addStatements(new PolicyStatement({ actions: [this.assumeRoleAction, 'sts:SetContext'], principals: [this] }));
  }
}

/** What IAM takes for the name and the description of a role. */
export function executionRoleProblems({ roleName, description }: ExecutionRoleOptions): Problems {
  return [
    ...patternProblems('roleName', roleName, 64, /^[\w+=,.@-]+$/, '1 to 64 characters of A-Z a-z 0-9 + = , . @ _ -'),
    ...patternProblems('description', description, 1000, /^[\t\n\r\x20-\x7e\xa1-\xff]+$/, '1 to 1000 characters of Latin-1'),
  ];
}

/**
 * Makes a document the role's inline policy as it is when the template is rendered: not at all while it is empty, and as a copy, because
 * rendering freezes and merges the statements of a document.
 */
export function addInlinePolicy(role: Role, document: PolicyDocument): void {
  const copy = () => PolicyDocument.fromJson(document.toJSON());
  const resource = role.node.defaultChild;
  if (CfnRole.isCfnRole(resource)) {
    resource.policies = Lazy.any({ produce: () => document.isEmpty ? undefined : [{ policyName: INLINE_POLICY, policyDocument: copy() }] });
    role.node.addValidation({ validate: () => document.validateForIdentityPolicy() });
  } else if (!document.isEmpty) {
    // `Role.customizeRoles()` makes a report of what the role needs in its place, and reads it now
    role.attachInlinePolicy(new Policy(role, INLINE_POLICY, { document: copy() }));
  }
}
