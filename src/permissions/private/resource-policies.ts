import { PolicyStatement, ResourceWithPolicies, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ArnFormat, CfnResource, Stack } from 'aws-cdk-lib/core';
import { aws_ecr, aws_kms, IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct, IConstruct } from 'constructs';
import { SERVICE_PRINCIPAL } from './trust';
import type { LoggingOptions } from '../../application/logging';
import { warn } from '../../private/annotations';
import { differ, isLiteral } from '../../private/checks';
import { keyItself } from '../../private/keys';

/**
 * Lets EMR Serverless pull images for the applications in the account and Region of the stack.
 *
 * The policies of repositories and keys cannot name the ARN of the application, because the application needs the image and the key first.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/application-custom-image.html
 */
export function allowImageRetrieval(scope: Construct, repository: aws_ecr.IRepositoryRef): void {
  const statement = new PolicyStatement({
    principals: [new ServicePrincipal(SERVICE_PRINCIPAL)],
    actions: ['ecr:BatchGetImage', 'ecr:DescribeImages', 'ecr:GetDownloadUrlForLayer'],
    conditions: { ArnLike: { 'aws:SourceArn': anyApplicationArn(scope) } },
  });
  addOrWarn(scope, 'repository', repository, statement);
}

/**
 * Lets the services that write the logs use the keys of the logs.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-log-encryption.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function allowLogEncryption(scope: Construct, { managedLogsKey, s3Logs, cloudWatchLogs }: LoggingOptions): void {
  for (const key of new Set([managedLogsKey, s3Logs?.encryptionKey])) {
    if (key) { addToKeyOrWarn(scope, key, emrServerlessEncrypts(scope)); }
  }
  if (cloudWatchLogs?.encryptionKey) { addToKeyOrWarn(scope, cloudWatchLogs.encryptionKey, cloudWatchLogsEncrypts(Stack.of(scope))); }
}

function emrServerlessEncrypts(scope: Construct): PolicyStatement {
  return new PolicyStatement({
    principals: [new ServicePrincipal(SERVICE_PRINCIPAL)],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: { ArnLike: { 'aws:SourceArn': anyApplicationArn(scope) } },
  });
}

function cloudWatchLogsEncrypts(stack: Stack): PolicyStatement {
  return new PolicyStatement({
    principals: [new ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
    actions: ['kms:Decrypt', 'kms:Describe*', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    resources: ['*'],
    conditions: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': stack.formatArn({ service: 'logs', resource: '*', arnFormat: ArnFormat.NO_RESOURCE_NAME }),
      },
    },
  });
}

function addToKeyOrWarn(scope: Construct, keyOrAlias: aws_kms.IKeyRef, statement: PolicyStatement): void {
  // a check has refused aliases whose key is not known
  const key = keyItself(keyOrAlias)!;
  addOrWarn(scope, 'key', key, statement);
  if (differ(key.env.account, Stack.of(scope).account)) {
    warn(scope, {
      id: 'keyOfOtherAccount',
      message: `key ${key.node.path} is of account ${key.env.account}: its policy must also allow the execution roles and the submitters of`
        + ' jobs kms:Decrypt and kms:GenerateDataKey',
    });
  }
}

function addOrWarn(
  scope: Construct,
  kind: 'key' | 'repository',
  resource: IConstruct & IEnvironmentAware,
  statement: PolicyStatement,
): void {
  // an L1 that gets a first statement loses the default policy of the service, without which nobody may manage a key
  const withPolicy = CfnResource.isCfnResource(resource) ? undefined : ResourceWithPolicies.of(resource);
  if (withPolicy?.addToResourcePolicy(statement).statementAdded) { return; }
  warn(scope, {
    id: `${kind}PolicyByHand`,
    message: `CDK cannot change the policy of ${kind} ${resource.node.path}. Its owner must add the statement ${
      JSON.stringify(readable(Stack.of(scope), Stack.of(scope).resolve(statement.toStatementJson())))}`,
  });
}

/** Renders a statement that somebody adds to a policy by hand. Values that only the deployment knows are in angle brackets. */
function readable(stack: Stack, value: any): any {
  if (Array.isArray(value)) { return value.map((item) => readable(stack, item)); }
  if (typeof value !== 'object') { return value; }
  if ('Ref' in value) { return PSEUDO_PARAMETERS[value.Ref]?.(stack) ?? `<${value.Ref}>`; }
  if ('Fn::Join' in value) { return value['Fn::Join'][1].map((part: any) => readable(stack, part)).join(value['Fn::Join'][0]); }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, readable(stack, member)]));
}

const PSEUDO_PARAMETERS: { [name: string]: (stack: Stack) => string | undefined } = {
  'AWS::Partition': ({ region }) => isLiteral(region) ? RegionInfo.get(region).partition : '<partition>',
  'AWS::URLSuffix': ({ region }) => isLiteral(region) ? RegionInfo.get(region).domainSuffix : '<domain suffix>',
  'AWS::Region': () => '<Region>',
  'AWS::AccountId': () => '<account>',
};

function anyApplicationArn(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'emr-serverless',
    resource: '/applications/*',
    arnFormat: ArnFormat.NO_RESOURCE_NAME,
  });
}
