import { StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Aws, CfnResource, IResolveContext, Lazy, Stack } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { TaskSettings } from './start-job-run';
import type { Access } from '../../permissions/private/access';
import { isLiteral, Problems } from '../../private/checks';
import { partProblems } from '../../private/environments';
import { OnceInASynthesis } from '../../private/once-in-a-synthesis';
import { renderings } from '../../private/rendered';
import { refuseAtSynthesis } from '../../private/validation-error';
import type { EmrServerlessStartJobRun } from '../emr-serverless-start-job-run';
import type { SparkEmrServerlessJob } from '../spark-emr-serverless-job';

/**
 * The permissions that let a state machine learn that a job run has ended. The state machine is always in the Region of the job. With an
 * imported role, the policy may be in a stack of another Region, so `Aws.REGION` would be wrong.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html
 */
export function eventAccess({ runtime }: SparkEmrServerlessJob): Access {
  const region = isLiteral(runtime.env.region) ? runtime.env.region : Aws.REGION;
  const ruleArn = `arn:${Aws.PARTITION}:events:${region}:${Aws.ACCOUNT_ID}:rule/StepFunctionsGetEventsForEMRServerlessJobRule`;
  return { actions: ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'], resourceArns: [ruleArn] };
}

/**
 * The resource of the state.
 *
 * A state does not know its state machine. CDK resolves this text for each state machine that has the state, before it checks the app.
 */
export function taskResource(task: EmrServerlessStartJobRun, settings: TaskSettings): string {
  const stateMachines = new Set<CfnStateMachine>();
  const resource = Lazy.uncachedString({
    produce: ({ scope }: IResolveContext) => {
      if (isStateMachine(scope)) { stateMachines.add(scope); }
      return `arn:${Aws.PARTITION}:states:::emr-serverless:startJobRun${settings.waits ? '.sync' : ''}`;
    },
  });
  if (settings.waits) { EXPRESS_MAPS.announce(task); }
  refuseAtSynthesis(task, () => [
    ...[...stateMachines].flatMap((stateMachine) => placeProblems(stateMachine, settings)),
    ...settings.waits ? [
      ...[...stateMachines].filter((stateMachine) => typesOf(stateMachine).includes(StateMachineType.EXPRESS))
        .map((stateMachine) => waitingProblem(`an Express workflow, ${pathOf(stateMachine)}`)),
      ...EXPRESS_MAPS.resultFor(task).filter(({ processor }) => processor.includes(resource))
        .map(({ path }) => waitingProblem(`a map of Express workflows, ${path}`)),
    ] : [],
  ]);
  return resource;
}

function isStateMachine(scope: IConstruct): scope is CfnStateMachine {
  return CfnResource.isCfnResource(scope) && scope.cfnResourceType === 'AWS::StepFunctions::StateMachine';
}

/** The path of the construct that the user made. */
function pathOf({ node }: CfnStateMachine): string {
  return node.path.replace(/\/Resource$/, '');
}

function waitingProblem(place: string): string {
  return `\`integrationPattern\` must be REQUEST_RESPONSE in ${place}: only a Standard workflow waits for a job run, got: RUN_JOB`;
}

/** The types that a state machine may have. The type may be a token. */
function typesOf(stateMachine: CfnStateMachine): string[] {
  return renderings(stateMachine, stateMachine.stateMachineType ?? StateMachineType.STANDARD);
}

interface MapState extends IConstruct {
  toStateJson(): { readonly ItemProcessor?: { readonly ProcessorConfig?: { readonly ExecutionType?: string } } };
}

/** The maps whose iterations are Express workflows, with the states in them as a text. A map may be outside of the stage of the task. */
const EXPRESS_MAPS = new OnceInASynthesis((stage) => stage.node.root.node.findAll().filter(isMap).flatMap((map) => {
  const { ItemProcessor: processor } = map.toStateJson();
  return processor?.ProcessorConfig?.ExecutionType === StateMachineType.EXPRESS
    ? [{ path: map.node.path, processor: JSON.stringify(processor) }]
    : [];
}));

function isMap(construct: IConstruct): construct is MapState {
  return 'itemProcessor' in construct && 'toStateJson' in construct;
}

/** A call goes to the Region of the state machine, and to the account of whoever makes it. */
function placeProblems(stateMachine: CfnStateMachine, { job, credentials }: TaskSettings): Problems {
  const { account, region } = job.runtime.env;
  const stack = Stack.of(stateMachine);
  const callers = credentials
    ? accountsOf(stateMachine, credentials.role.roleArn).map((owner) => ({ owner, described: 'the role of `credentials`' }))
    : [{ owner: stack.account, described: `the state machine ${pathOf(stateMachine)}` }];
  return [
    ...callers.flatMap(({ owner, described }) => partProblems('job', 'account', account, owner, described)),
    ...partProblems('job', 'Region', region, stack.region, `the state machine ${pathOf(stateMachine)}`),
  ];
}

/** The accounts that the ARN of a role may name. The other parts of it may be tokens. */
function accountsOf(stateMachine: CfnStateMachine, roleArn: string): string[] {
  return renderings(stateMachine, roleArn).flatMap((arn) => /:iam::(\d{12}):/.exec(arn)?.[1] ?? []);
}
