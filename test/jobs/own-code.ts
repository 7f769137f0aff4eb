import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  SparkCode, SparkCodeUse, SparkEmrServerlessJob, SparkEmrServerlessJobProps, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeProps,
} from '../../src';
import { ENV, newStack } from '../util';

/** Code of a class of the user's own. It remembers what it was bound for. */
export class OwnCode extends SparkCode {
  public readonly uses: SparkCodeUse[] = [];

  constructor(private readonly uri = 's3://code/job.py') {
    super();
  }

  public bind(_scope: unknown, _grantee: unknown, use: SparkCodeUse) {
    this.uses.push(use);
    return { uri: this.uri };
  }
}

export type Props = Partial<SparkEmrServerlessJobProps>;

export function jobOf(props: Props = {}, runtimeProps: SparkEmrServerlessRuntimeProps = {}, stack = newStack(ENV)): SparkEmrServerlessJob {
  const runtime = props.runtime ?? new SparkEmrServerlessRuntime(stack, 'Spark', runtimeProps);
  return new SparkEmrServerlessJob(stack, 'Job', {
    entryPoint: new OwnCode(props.mainClass === undefined ? undefined : 's3://code/job.jar'), ...props, runtime,
  });
}

/** The request as a unit test of a user reads it. */
export function requestOf(job: SparkEmrServerlessJob): any {
  return Stack.of(job).resolve(job.startJobRunRequest);
}

export function parametersOf(job: SparkEmrServerlessJob): any {
  return requestOf(job).jobDriver.sparkSubmit.sparkSubmitParameters;
}

/** Why a job is refused, without the path. Nothing is in the tree then. */
export function refusal(props: object, runtimeProps: SparkEmrServerlessRuntimeProps = {}, stack = newStack(ENV)): string {
  try {
    jobOf(props, runtimeProps, stack);
  } catch (error) {
    expect(stack.node.tryFindChild('Job')).toBeUndefined();
    return (error as Error).message.replace(/ \[Stack\/Job\]$/, '');
  }
  throw new Error('was not refused');
}

/** Why the synthesis refuses a job. */
export function lateRefusal(job: SparkEmrServerlessJob): string {
  try {
    Template.fromStack(Stack.of(job));
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('was not refused');
}

/** What the deployment makes of a text: a reference becomes `<name>`. */
export function deployedText(value: any): string {
  if (typeof value !== 'object') { return String(value); }
  const { 'Fn::Join': join, 'Fn::Sub': sub, Ref: ref, 'Fn::GetAtt': attribute, 'Fn::ImportValue': imported } = value;
  if (join) { return join[1].map(deployedText).join(join[0]); }
  return sub ?? `<${ref ?? attribute?.join('.') ?? imported}>`;
}
