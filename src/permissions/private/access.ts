import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { aws_emrserverless } from 'aws-cdk-lib/interfaces';
import { actionProblems, CheckedResource, resourcesOf } from './service-actions';
import { listOf, read, text } from '../../private/reading';
import { checkWhenRendered } from '../../private/rendered';
import { refuse } from '../../private/validation-error';

/** One statement of a grant. */
export interface Access {
  readonly actions: string[];
  readonly resourceArns: string[];
  readonly conditions?: Record<string, Record<string, unknown>>;
}

/** Actions of EMR Serverless, with one statement for each resource that IAM checks: the application, its job runs and its sessions. */
export function serviceAccess(application: aws_emrserverless.IApplicationRef, ...actions: string[]): Access[] {
  refuse(application, '', read(application, '', 'actions', actions, listOf(text)).flatMap(actionProblems));
  actions.forEach((action) => checkWhenRendered(application, action, actionProblems));
  const { applicationArn } = application.applicationRef;
  const arns: { [resource in CheckedResource]: string } = {
    application: applicationArn,
    jobRuns: jobRunsArn(applicationArn),
    sessions: `${applicationArn}/sessions/*`,
  };
  const checkedAgainst: { [resource in CheckedResource]: string[] } = { application: [], jobRuns: [], sessions: [] };
  for (const action of [...new Set(actions)].sort()) {
    resourcesOf(action).forEach((resource) => checkedAgainst[resource].push(action));
  }
  return (['application', 'jobRuns', 'sessions'] as const)
    .map((resource) => ({ actions: checkedAgainst[resource], resourceArns: [arns[resource]] }))
    .filter((access) => access.actions.length > 0);
}

/** Stands for all job runs of an application. */
export function jobRunsArn(applicationArn: string): string {
  return `${applicationArn}/jobruns/*`;
}

/** The statements for a principal whose policy another construct writes: the role of a state machine, or of a schedule. */
export function statementsOf(accesses: Access[]): PolicyStatement[] {
  return accesses.map(({ actions, resourceArns, conditions }) => new PolicyStatement({ actions, resources: resourceArns, conditions }));
}
