import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ACCOUNT, allow, ENV, onlyResource } from '../util';

/** `readStatement()`, as a template has it. */
export const READ = allow('s3:GetObject', 'arn:aws:s3:::data/*');

export function readStatement() {
  return new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::data/*'] });
}

/** A stack whose policies are merged as far as possible. */
export function minimizingStack(): Stack {
  return new Stack(new App({ context: { '@aws-cdk/aws-iam:minimizePolicies': true } }), 'Stack', { env: ENV });
}

/** The properties of the only role. */
export function role(stack: Stack) {
  return onlyResource(stack, 'AWS::IAM::Role');
}

/** The inline policies of an execution role. */
export function executionPolicy(...statements: unknown[]) {
  return [{ PolicyName: 'ExecutionPolicy', PolicyDocument: { Statement: statements, Version: '2012-10-17' } }];
}

/** The trust of an execution role. */
export function trust({ arn, account = ACCOUNT, action = 'sts:AssumeRole' }: { arn: unknown; account?: unknown; action?: unknown }) {
  return {
    Statement: [{
      Action: action,
      Condition: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': [arn, typeof arn === 'string' ? `${arn}/*` : { 'Fn::Join': ['', [arn, '/*']] }] },
      },
      Effect: 'Allow',
      Principal: { Service: 'emr-serverless.amazonaws.com' },
    }],
    Version: '2012-10-17',
  };
}
