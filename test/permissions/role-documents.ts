import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ISparkEmrServerlessRuntime, SparkEmrServerlessRuntime, SparkExecutionRole, SparkExecutionRoleProps } from '../../src';
import { ACCOUNT, allow, APPLICATION_ARN, ENV, importIn, onlyResource } from '../util';

/** An application beside that of `APPLICATION_ARN`. */
export const SECOND_ARN = `${APPLICATION_ARN}4`;

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
        ArnLike: { 'aws:SourceArn': sourcesOf(arn) },
      },
      Effect: 'Allow',
      Principal: { Service: 'emr-serverless.amazonaws.com' },
    }],
    Version: '2012-10-17',
  };
}

/** The trust in several applications, by their ARNs. */
export function trustIn(arns: unknown[], action: unknown = 'sts:AssumeRole') {
  const [statement] = trust({ arn: APPLICATION_ARN, action }).Statement;
  const ArnLike = { 'aws:SourceArn': arns.flatMap(sourcesOf) };
  return { Statement: [{ ...statement, Condition: { ...statement.Condition, ArnLike } }], Version: '2012-10-17' };
}

/** An application and what is in it. */
function sourcesOf(arn: unknown): unknown[] {
  return [arn, typeof arn === 'string' ? `${arn}/*` : { 'Fn::Join': ['', [arn, '/*']] }];
}

/** The application of `SECOND_ARN`, or another one, as an import. */
export function second(stack: Stack, applicationArn = SECOND_ARN): ISparkEmrServerlessRuntime {
  return SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Second', applicationArn);
}

/** A role for the imported application, or for those that are given. */
export function roleFor(stack: Stack, props: Partial<SparkExecutionRoleProps> = {}): SparkExecutionRole {
  return new SparkExecutionRole(stack, 'Role', { ...props, runtimes: 'runtimes' in props ? props.runtimes! : [importIn(stack)] });
}
