import { PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { aws_emrserverless } from 'aws-cdk-lib/interfaces';
import { factsOf } from './facts';

export const SERVICE_PRINCIPAL = 'emr-serverless.amazonaws.com';

/**
 * EMR Serverless, on behalf of the given applications.
 *
 * AWS documents the ARN of the application as the source. The pattern below it also covers the ARN of a job run, and gives nobody else
 * access.
 */
export class ExecutionPrincipal extends ServicePrincipal {
  private readonly trustedIdentityPropagation: boolean;

  constructor(...applications: aws_emrserverless.IApplicationRef[]) {
    const accounts = [...new Set(applications.map(({ env }) => env.account))];
    const applicationArns = [...new Set(applications.map(({ applicationRef }) => applicationRef.applicationArn))];
    super(SERVICE_PRINCIPAL, {
      conditions: {
        StringEquals: { 'aws:SourceAccount': accounts.length === 1 ? accounts[0] : accounts },
        ArnLike: { 'aws:SourceArn': applicationArns.flatMap((arn) => [arn, `${arn}/*`]) },
      },
    });
    this.trustedIdentityPropagation = applications.some((application) => factsOf(application)?.propagatesIdentities);
  }

  /** With IAM Identity Center, EMR Serverless passes on the identity of the user. This needs a second action. */
  public override addToAssumeRolePolicy(document: PolicyDocument): void {
    if (!this.trustedIdentityPropagation) { return super.addToAssumeRolePolicy(document); }
    document.addStatements(new PolicyStatement({ actions: [this.assumeRoleAction, 'sts:SetContext'], principals: [this] }));
  }
}
