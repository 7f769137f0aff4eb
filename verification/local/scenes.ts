import { EMRServerlessServiceException, StartJobRunCommandInput } from '@aws-sdk/client-emr-serverless';
import { DATE, Pipeline, Who } from './pipeline';

export interface Scene {
  readonly who: Who;
  readonly tried: string;
  readonly answer: string;
}

/** A scene as it should go; `answer` is what is shown, and may shorten what came. */
interface Planned {
  readonly who: Who;
  readonly tried: string;
  readonly expected: string;
  readonly play: (pipeline: Pipeline, seen: (state: string) => void) => Promise<string>;
}

/** A bucket of somebody else's. */
const OTHER_BUCKET = 'amzn-s3-demo-bucket';

const PLAN: readonly Planned[] = [
  {
    who: 'Starter',
    tried: 'start the streaming job, which adds new orders to the table',
    expected: 'RUNNING, then CANCELLED',
    play: async (pipeline, seen) => {
      await pipeline.putOrders();
      const { emr } = pipeline.as('Starter');
      const ids = await emr.startJobRun(pipeline.streamingRequest());
      const { state } = await pipeline.watch('Starter', ids, () => pipeline.hasOrders(), seen);
      await emr.cancelJobRun({ applicationId: ids.applicationId, jobRunId: ids.jobRunId, shutdownGracePeriodInSeconds: 15 });
      return `${state}, then ${(await pipeline.watch('Starter', ids, undefined, seen)).state}`;
    },
  },
  {
    who: 'Airflow',
    tried: `start the nightly job for ${DATE}`,
    expected: 'SUCCESS',
    play: async (pipeline, seen) => runNightly(pipeline, 'Airflow', await pipeline.nightlyRequest('Airflow'), seen),
  },
  {
    who: 'Airflow',
    tried: 'let it read a bucket of somebody else\'s',
    expected: 'FAILED: AccessDenied s3:GetObject',
    play: async (pipeline, seen) => {
      await pipeline.makeBucket(OTHER_BUCKET);
      const { jobDriver, ...request } = await pipeline.nightlyRequest('Airflow');
      const sparkSubmitParameters = jobDriver!.sparkSubmit!.sparkSubmitParameters!.replaceAll(`s3://${pipeline.bucket}`, `s3://${OTHER_BUCKET}`);
      return runNightly(pipeline, 'Airflow', { ...request, jobDriver: { sparkSubmit: { ...jobDriver!.sparkSubmit!, sparkSubmitParameters } } }, seen);
    },
  },
  {
    who: 'Airflow',
    tried: 'start it as the role of the streaming job',
    expected: 'AccessDenied: iam:PassRole',
    play: async (pipeline, seen) => runNightly(pipeline, 'Airflow', {
      ...await pipeline.nightlyRequest('Airflow'), executionRoleArn: pipeline.roleArn('StreamingExecutionRole'),
    }, seen),
  },
  {
    who: 'Starter',
    tried: 'start the nightly job',
    expected: 'AccessDenied: emr-serverless:StartJobRun',
    play: async (pipeline, seen) => runNightly(pipeline, 'Starter', await pipeline.nightlyRequest('Airflow'), seen),
  },
];

async function runNightly(pipeline: Pipeline, who: Who, request: StartJobRunCommandInput, seen: (state: string) => void): Promise<string> {
  const sparkSubmit = { ...request.jobDriver!.sparkSubmit!, entryPointArguments: ['--date', DATE] };
  const ids = await pipeline.as(who).emr.startJobRun({ ...request, jobDriver: { sparkSubmit } });
  const { state, stateDetails } = await pipeline.watch(who, ids, undefined, seen);
  const [, action] = /is not authorized to perform: (s3:\w+)/.exec(stateDetails ?? '') ?? [];
  return action ? `${state}: AccessDenied ${action}` : [state, stateDetails].filter(Boolean).join(': ');
}

async function answerOf(scene: Promise<string>): Promise<string> {
  try {
    return await scene;
  } catch (error) {
    const [, action] = /is not authorized to perform: (\S+) on resource: /.exec((error as Error).message) ?? [];
    if (!(error instanceof EMRServerlessServiceException && error.name === 'AccessDeniedException' && action)) { throw error; }
    return `AccessDenied: ${action}`;
  }
}

/** What should come of it. */
export function expected(): Scene[] {
  return PLAN.map(({ who, tried, expected: answer }) => ({ who, tried, answer }));
}

/** What comes of it, one after the other. */
export async function play(pipeline: Pipeline, seen: (scene: Omit<Scene, 'answer'>, state: string) => void = () => undefined): Promise<Scene[]> {
  const played: Scene[] = [];
  for (const { who, tried, play: start } of PLAN) {
    played.push({ who, tried, answer: await answerOf(start(pipeline, (state) => seen({ who, tried }, state))) });
  }
  return played;
}
