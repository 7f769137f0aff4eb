import { EMRServerless, EMRServerlessServiceException } from '@aws-sdk/client-emr-serverless';
import { FrontDoor, Outputs, Who } from './front-door';

export interface Scene {
  readonly who: Who;
  readonly tried: string;
  readonly on: string;
  readonly answer: string;
}

/** A call, and what is seen of its answer: `allowed`, unless there is more to say. */
type Call = (emr: EMRServerless) => Promise<string | object | void>;

/** What a job takes, and what nobody should get, each with the answer that AWS would give. `submit.py` tells the same. */
function scenes({ spark, other, executionRole, otherExecutionRole }: Outputs): [Who, string, string, string, Call][] {
  const application = { applicationId: spark };
  const jobRuns: string[] = [];
  const start = (applicationId: string, executionRoleArn: string): Call => async (emr) => {
    const jobDriver = { sparkSubmit: { entryPoint: 's3://amzn-s3-demo-bucket/job.py' } };
    jobRuns.push((await emr.startJobRun({ applicationId, executionRoleArn, jobDriver })).jobRunId!);
  };
  const watch = (number: number): Call => async (emr) => {
    const { jobRun } = await emr.getJobRun({ applicationId: spark, jobRunId: jobRuns[number - 1] });
    return jobRun!.stateDetails ? `${jobRun!.state}: ${jobRun!.stateDetails.replace(/ arn:.*/, '')}` : jobRun!.state!;
  };
  const cancel = (number: number): Call => (emr) => emr.cancelJobRun({ applicationId: spark, jobRunId: jobRuns[number - 1] });

  return [
    ['Submitter', 'StartApplication', 'Spark', 'allowed', (emr) => emr.startApplication(application)],
    ['Submitter', 'GetApplication', 'Spark', 'STARTED', async (emr) => (await emr.getApplication(application)).application!.state!],
    ['Submitter', 'StartJobRun as the role of Spark', 'Spark', 'allowed', start(spark, executionRole)],
    ['Submitter', 'GetJobRun', 'job run 1', 'SUCCESS', watch(1)],
    ['Submitter', 'StartJobRun as the role of Spark', 'Spark', 'allowed', start(spark, executionRole)],
    ['Submitter', 'CancelJobRun', 'job run 2', 'allowed', cancel(2)],
    ['Submitter', 'GetJobRun', 'job run 2', 'CANCELLED', watch(2)],
    ['Submitter', 'StartJobRun as the role of Other', 'Spark', 'AccessDenied: iam:PassRole', start(spark, otherExecutionRole)],
    ['Submitter', 'StartJobRun as the role of Spark', 'Other', 'AccessDenied: emr-serverless:StartJobRun', start(other, executionRole)],
    ['Submitter', 'ListJobRuns', 'Spark', 'AccessDenied: emr-serverless:ListJobRuns', (emr) => emr.listJobRuns(application)],
    ['Submitter', 'DeleteApplication', 'Spark', 'AccessDenied: emr-serverless:DeleteApplication', (emr) => emr.deleteApplication(application)],
    ['Stranger', 'StartJobRun as the role of Other', 'Other', 'allowed', start(other, otherExecutionRole)],
    ['Stranger', 'StartJobRun as the role of Other', 'Spark', 'AccessDenied: emr-serverless:StartJobRun', start(spark, otherExecutionRole)],
    ['Stranger', 'GetJobRun', 'job run 1', 'AccessDenied: emr-serverless:GetJobRun', watch(1)],
    ['Stranger', 'CancelJobRun', 'job run 1', 'AccessDenied: emr-serverless:CancelJobRun', cancel(1)],
    ['Misled', 'StartJobRun as the role of Other', 'Spark', 'allowed', start(spark, otherExecutionRole)],
    ['Misled', 'GetJobRun', 'job run 4', 'FAILED: Could not assume execution role', watch(4)],
    ['Submitter', 'StopApplication', 'Spark', 'allowed', (emr) => emr.stopApplication(application)],
  ];
}

async function answer(call: ReturnType<Call>): Promise<string> {
  try {
    const seen = await call;
    return typeof seen === 'string' ? seen : 'allowed';
  } catch (error) {
    const [, action] = /is not authorized to perform: (\S+) on resource: /.exec((error as Error).message) ?? [];
    if (!(error instanceof EMRServerlessServiceException && error.name === 'AccessDeniedException' && action)) { throw error; }
    return `AccessDenied: ${action}`;
  }
}

/** What should come of it. */
export function expected(outputs: Outputs): Scene[] {
  return scenes(outputs).map(([who, tried, on, answer]) => ({ who, tried, on, answer }));
}

/** What comes of it. */
export async function play(door: FrontDoor): Promise<Scene[]> {
  const played: Scene[] = [];
  for (const [who, tried, on, , call] of scenes(door.outputs)) {
    played.push({ who, tried, on, answer: await answer(call(door.client(who))) });
  }
  return played;
}
