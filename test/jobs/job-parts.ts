import { App, Environment, Stack } from 'aws-cdk-lib';
import { SparkCode, SparkEmrServerlessJob, SparkEmrServerlessJobProps, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeProps } from '../../src';

export const IMAGE_CODE = SparkCode.fromImage('/jobs/job.py');

export interface BuiltJob {
  readonly stack: Stack;
  readonly runtime: SparkEmrServerlessRuntime;
  readonly job: SparkEmrServerlessJob;
}

/** A job whose program is in the image, with an application of its own. */
export function jobWith(
  props: Partial<SparkEmrServerlessJobProps> = {},
  application: SparkEmrServerlessRuntimeProps = {},
  env?: Environment,
): BuiltJob {
  const stack = new Stack(new App(), 'Stack', { env });
  const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', application);
  return { stack, runtime, job: new SparkEmrServerlessJob(stack, 'Job', { runtime, entryPoint: IMAGE_CODE, ...props }) };
}

/** The request of the job, as the template has it. */
export function requestOf({ stack, job }: BuiltJob): any {
  return stack.resolve(job.startJobRunRequest);
}

/** The `--conf` parameters, by their keys. Values in double quotes are without them. */
export function confOf(built: BuiltJob): { [key: string]: string } {
  const parameters: string = requestOf(built).jobDriver.sparkSubmit.sparkSubmitParameters ?? '';
  return Object.fromEntries([...parameters.matchAll(/--conf ([^=\s]+)=("[^"]*"|\S*)/g)]
    .map(([, key, value]) => [key, value.replace(/^"(.*)"$/, '$1')]));
}

/** Why a job is refused. */
export function jobRefusal(
  props: { [prop in keyof SparkEmrServerlessJobProps]?: unknown },
  application?: SparkEmrServerlessRuntimeProps,
): string {
  try {
    jobWith(props as Partial<SparkEmrServerlessJobProps>, application);
  } catch (error) {
    return (error as Error).message.replace(/ \[Stack\/Job\]$/, '');
  }
  throw new Error('was not refused');
}
