import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  LoggingOptions, SparkCode, SparkCodeUse, SparkEmrServerlessJob, SparkEmrServerlessJobProps, SparkEmrServerlessRuntime,
  SparkEmrServerlessRuntimeProps,
} from '../../src';
import { APPLICATION_ARN, ENV, EXECUTION_ROLE_ARN, importIn, messageOf, newStack } from '../util';

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

export const IMAGE_CODE = SparkCode.fromImage('/jobs/job.py');

export type Props = Partial<SparkEmrServerlessJobProps>;

export function jobOf(props: Props = {}, runtimeProps: SparkEmrServerlessRuntimeProps = {}, stack = newStack(ENV)): SparkEmrServerlessJob {
  const runtime = props.runtime ?? new SparkEmrServerlessRuntime(stack, 'Spark', runtimeProps);
  return new SparkEmrServerlessJob(stack, 'Job', {
    entryPoint: new OwnCode(props.mainClass === undefined ? undefined : 's3://code/job.jar'), ...props, runtime,
  });
}

/** A job of a new application, or of the given one. */
export function jobIn(stack: Stack, props: Props = {}): SparkEmrServerlessJob {
  return jobOf(props, {}, stack);
}

/** The imported application with the imported role, which policies of the stack say nothing about unless it is mutable. */
export function existing(stack: Stack, attrs: LoggingOptions = {}, mutable = false): Props {
  return {
    runtime: importIn(stack, { applicationArn: APPLICATION_ARN, ...attrs }),
    executionRole: iam.Role.fromRoleArn(stack, 'Execution', EXECUTION_ROLE_ARN, { mutable }),
  };
}

export interface BuiltJob {
  readonly stack: Stack;
  readonly runtime: SparkEmrServerlessRuntime;
  readonly job: SparkEmrServerlessJob;
}

/** A job whose program is in the image, with an application of its own. */
export function jobWith(props: Props = {}, application: SparkEmrServerlessRuntimeProps = {}, stack = newStack()): BuiltJob {
  const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', application);
  return { stack, runtime, job: jobOf({ runtime, entryPoint: IMAGE_CODE, ...props }, {}, stack) };
}

/** The request as a unit test of a user reads it. */
export function requestOf(job: SparkEmrServerlessJob): any {
  return Stack.of(job).resolve(job.startJobRunRequest);
}

export function parametersOf(job: SparkEmrServerlessJob): any {
  return requestOf(job).jobDriver.sparkSubmit.sparkSubmitParameters;
}

/** The `--conf` parameters, by their keys. Values in double quotes are without them. */
export function confOf({ job }: BuiltJob): { [key: string]: string } {
  return Object.fromEntries([...(parametersOf(job) ?? '').matchAll(/--conf ([^=\s]+)=("[^"]*"|\S*)/g)]
    .map(([, key, value]) => [key, value.replace(/^"(.*)"$/, '$1')]));
}

/** Why a job is refused, without the path. Nothing is in the tree then. */
export function refusal(props: object, runtimeProps: SparkEmrServerlessRuntimeProps = {}, stack = newStack(ENV)): string {
  const message = problemOf(() => jobOf(props, runtimeProps, stack));
  expect(stack.node.tryFindChild('Job')).toBeUndefined();
  return message;
}

/** Why a job is refused whose program is in the image, which may be when its code is bound. */
export function jobRefusal(
  props: { [prop in keyof SparkEmrServerlessJobProps]?: unknown },
  application?: SparkEmrServerlessRuntimeProps,
): string {
  return problemOf(() => jobWith(props as Props, application));
}

/** Why the synthesis refuses a job. */
export function lateRefusal(job: SparkEmrServerlessJob): string {
  return problemOf(() => Template.fromStack(Stack.of(job)));
}

function problemOf(refused: () => unknown): string {
  return messageOf(refused).replace(/ \[Stack\/Job\]$/, '');
}

/** What the deployment makes of a text: a reference becomes `<name>`. */
export function deployedText(value: any): string {
  if (typeof value !== 'object') { return String(value); }
  const { 'Fn::Join': join, 'Fn::Sub': sub, Ref: ref, 'Fn::GetAtt': attribute, 'Fn::ImportValue': imported } = value;
  if (join) { return join[1].map(deployedText).join(join[0]); }
  return sub ?? `<${ref ?? attribute?.join('.') ?? imported}>`;
}
