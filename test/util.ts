import { App, Environment, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeProps } from '../src';

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

/** Why an application is refused. */
export function refusal(props: SparkEmrServerlessRuntimeProps): string {
  try {
    build(props);
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

/** The statements of all `AWS::IAM::Policy` resources. */
export function policyStatements(stack: Stack): any[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
    .flatMap((policy) => policy.Properties.PolicyDocument.Statement);
}

/** The warnings of the app so far, as ids and texts. */
export function warnings(stack: Stack): string[] {
  return stack.node.findAll().flatMap((construct) => construct.node.metadata)
    .filter(({ type }) => type === 'aws:cdk:warning')
    .map(({ data }) => data as string);
}
