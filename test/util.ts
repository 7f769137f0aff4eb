import { App, Environment, Fn, Lazy, Size, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeAttributes, SparkEmrServerlessRuntimeProps } from '../src';

export const ACCOUNT = '111111111111';
export const OTHER_ACCOUNT = '222222222222';
export const ENV = { account: ACCOUNT, region: 'eu-west-1' };

export const APPLICATION_ARN = `arn:aws:emr-serverless:eu-west-1:${ACCOUNT}:/applications/00abc123`;
export const EXECUTION_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/jobs`;
export const IDENTITY_CENTER_ARN = 'arn:aws:sso:::instance/ssoins-1234567890abcdef';
export const KEY_ARN = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
export const WORKSPACE_ARN = `arn:aws:aps:eu-west-1:${ACCOUNT}:workspace/ws-1234`;

/** What it takes to read and to write with a key. */
export const USE_KEY = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** Regions outside of the partition `aws`, each with its partition and its domain. */
export const OTHER_PARTITIONS: [region: string, partition: string, urlSuffix: string][] = [
  ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
];

export const GIB = Size.gibibytes;

/** A text that is known at synthesis only. */
export function lazy(text: string): string {
  return Lazy.string({ produce: () => text });
}

/** A text that only the deployment knows, such as an import of this name. */
export function deployed(name: string): string {
  return Fn.importValue(name);
}

/** A number that is known at synthesis only. */
export function lazyNumber(number: number): number {
  return Lazy.number({ produce: () => number });
}

/** What a caller passes who has no compiler: from JavaScript, JSON or YAML. */
export function untyped(value: unknown): any {
  return value;
}

/** A stack of an app of its own. */
export function newStack(env?: Environment): Stack {
  return new Stack(new App(), 'Stack', { env });
}

/** A stack with one application. */
export function build(props?: SparkEmrServerlessRuntimeProps): Stack {
  const stack = newStack();
  new SparkEmrServerlessRuntime(stack, 'Spark', props);
  return stack;
}

/** The application of `APPLICATION_ARN`, or another one, as an import. */
export function importIn(stack: Stack, attrs: SparkEmrServerlessRuntimeAttributes = { applicationArn: APPLICATION_ARN }) {
  return SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(stack, 'Spark', attrs);
}

/** A role for somebody who submits jobs. */
export function submitterIn(stack: Stack): iam.Role {
  return new iam.Role(stack, 'Submitter', { assumedBy: new iam.AccountRootPrincipal() });
}

/** Why an application is refused. */
export function refusal(props: SparkEmrServerlessRuntimeProps): string {
  return messageOf(() => build(props));
}

/** Why something is refused. */
export function messageOf(refused: () => unknown): string {
  try {
    refused();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('was not refused');
}

/** The properties of the only resource of a type. */
export function onlyResource(stack: Stack, type: string): Record<string, any> {
  const resources = Object.values(Template.fromStack(stack).findResources(type));
  expect(resources).toHaveLength(1);
  return resources[0].Properties;
}

/** The properties of the only EMR Serverless application. */
export function application(stack: Stack): Record<string, any> {
  return onlyResource(stack, 'AWS::EMRServerless::Application');
}

/** The types of all resources. */
export function resourceTypes(stack: Stack): string[] {
  return Object.values<any>(Template.fromStack(stack).toJSON().Resources).map(({ Type }) => Type);
}

/** The statements of all `AWS::IAM::Policy` resources. */
export function policyStatements(stack: Stack): any[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
    .flatMap((policy) => policy.Properties.PolicyDocument.Statement);
}

/** A grant that is none leaves no policy behind. */
export function expectNoPolicy(stack: Stack): void {
  expect(Template.fromStack(stack).findResources('AWS::IAM::Policy')).toEqual({});
}

/** The partition of a stack is a pseudo parameter wherever it is named. */
export function expectNoLiteralPartition(stack: Stack): void {
  expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('arn:aws:');
}

/** A statement, as a template has it. */
export function allow(action: unknown, resource: unknown) {
  return { Action: action, Effect: 'Allow', Resource: resource };
}

/** An ARN in the partition of the stack, as a template has it. */
export function partitioned(rest: string) {
  return { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:${rest}`]] };
}

/** The warnings of the app so far, as ids and texts. */
export function warnings(stack: Stack): string[] {
  return stack.node.findAll().flatMap((construct) => construct.node.metadata)
    .filter(({ type }) => type === 'aws:cdk:warning')
    .map(({ data }) => data as string);
}

/** Counts how often each member is read, of the object and of the plain objects and lists below it. */
export function counted<T extends object>(value: T, counts: Map<string, number>, prefix = ''): T {
  return new Proxy(value, {
    get: (target, member) => {
      const found: any = Reflect.get(target, member);
      if (typeof member === 'symbol' || !Object.hasOwn(target, member)) { return found; }
      const name = `${prefix}${member}`;
      if (!name.endsWith('.length')) { counts.set(name, (counts.get(name) ?? 0) + 1); }
      const isPlain = Array.isArray(found) || Object.getPrototypeOf(found ?? '') === Object.prototype;
      return isPlain ? counted(found, counts, `${name}.`) : found;
    },
  });
}
