import { EMRServerless, StartJobRunCommandInput, StartJobRunCommandOutput } from '@aws-sdk/client-emr-serverless';
import { uncapitalized } from './capitals';
import { ScheduleTarget } from './deployment';

/** What EventBridge Scheduler knows of an invocation, by the names in `<aws.scheduler.…>`. */
export interface Invocation {
  readonly 'scheduled-time': string;
  readonly 'schedule-arn': string;
  readonly 'execution-id': string;
  readonly 'attempt-number': string;
}

/** Who calls what, for the role of the schedule. */
interface Caller {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
}

const START_JOB_RUN = /^arn:aws[a-z-]*:scheduler:::aws-sdk:emrserverless:startJobRun$/;

/** The call that EventBridge Scheduler makes for a schedule that starts job runs. */
export function scheduledRequest({ Arn, Input }: ScheduleTarget, invocation: Invocation): StartJobRunCommandInput {
  if (!START_JOB_RUN.test(Arn)) { throw new Error(`the target ${Arn} starts no job run`); }
  if (Input === undefined) { throw new Error('the target has no input'); }
  const text = Input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (attribute, name: keyof Invocation) => {
    if (!(name in invocation)) { throw new Error(`EventBridge Scheduler has no ${attribute}`); }
    return invocation[name];
  });
  return uncapitalized(JSON.parse(text)) as StartJobRunCommandInput;
}

/** Makes the call of a schedule, as its role. */
export async function sendScheduled(
  target: ScheduleTarget, invocation: Invocation, { accessKeyId, ...place }: Caller,
): Promise<StartJobRunCommandOutput> {
  const client = new EMRServerless({ ...place, credentials: { accessKeyId, secretAccessKey: 'not checked' }, maxAttempts: 1 });
  try {
    return await client.startJobRun(scheduledRequest(target, invocation));
  } finally {
    client.destroy();
  }
}
