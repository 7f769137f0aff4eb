import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { jobOf, Props } from './job-parts';
import { EmrServerlessStartJobRun, EmrServerlessStartJobRunProps, SparkEmrServerlessJob } from '../../src';
import { allow, ENV, EXECUTION_ROLE_ARN, importIn, newStack } from '../util';

export const ENTRY_POINT = 's3://code/job.py';

/** The permissions on the rule of the Region by which Step Functions learns that a job run has ended. */
export const eventsOf = (...region: unknown[]) => allow(
  ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'],
  {
    'Fn::Join': ['', [
      'arn:', { Ref: 'AWS::Partition' }, ...region, { Ref: 'AWS::AccountId' }, ':rule/StepFunctionsGetEventsForEMRServerlessJobRule',
    ]],
  },
);
export const EVENTS = eventsOf(':events:eu-west-1:');

/** A job of the imported application, with an imported role. */
export function jobIn(stack: Stack, props: Props = {}): SparkEmrServerlessJob {
  const executionRole = Role.fromRoleArn(stack, 'Execution', EXECUTION_ROLE_ARN);
  return jobOf({ executionRole, ...props, runtime: props.runtime ?? importIn(stack) }, {}, stack);
}

/** A task of a job in a stack of its own. */
export function taskWith(props: Partial<EmrServerlessStartJobRunProps> = {}, job: Props = {}): EmrServerlessStartJobRun {
  const stack = newStack(ENV);
  return new EmrServerlessStartJobRun(stack, 'Start', { job: jobIn(stack, job), ...props });
}

/** A state machine with these states. */
export function machineOf(definition: sfn.IChainable, props: Partial<sfn.StateMachineProps> = {}): sfn.StateMachine {
  const stack = Stack.of(definition.startState);
  return new sfn.StateMachine(stack, 'Machine', { definitionBody: sfn.DefinitionBody.fromChainable(definition), ...props });
}

/** The definition of the only state machine, with `<…>` for what only the deployment knows. */
export function definitionIn(stack: Stack): any {
  const [{ Properties }] = Object.values<any>(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'));
  return JSON.parse(textOf(Properties.DefinitionString));
}

/** The state of the only task in a state machine of its own. */
export function stateOf(task: sfn.TaskStateBase, props: Partial<sfn.StateMachineProps> = {}): any {
  machineOf(task, props);
  return definitionIn(Stack.of(task)).States[task.stateId];
}

function textOf(value: any): string {
  if (typeof value === 'string') { return value; }
  const { 'Fn::Join': join, Ref: ref } = value;
  return join ? join[1].map(textOf).join(join[0]) : `<${ref ?? Object.values<any>(value).flat().join('.')}>`;
}
