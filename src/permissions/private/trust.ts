import { PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { aws_emrserverless } from 'aws-cdk-lib/interfaces';

/**
 * EMR Serverless, on behalf of one application.
 *
 * AWS documents the ARN of the application as the source. The pattern below it also covers the ARN of a job run, and gives nobody else
 * access.
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

  /** With IAM Identity Center, EMR Serverless passes on the identity of the user. This needs a second action. */
  public override addToAssumeRolePolicy(document: PolicyDocument): void {
    if (!this.trustedIdentityPropagation) { return super.addToAssumeRolePolicy(document); }
    document.addStatements(new PolicyStatement({ actions: [this.assumeRoleAction, 'sts:SetContext'], principals: [this] }));
  }
}
