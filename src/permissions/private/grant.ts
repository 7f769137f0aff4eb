import { Grant, IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import { aws_emrserverless } from 'aws-cdk-lib/interfaces';
import { useLogKeys } from './log-access';
import { actionProblems, CheckedResource, resourcesOf } from './service-actions';
import { otherAccountProblems, roleArnProblems } from '../../private/arn';
import { differ } from '../../private/checks';
import { refuse } from '../../private/validation-error';
import { warn } from '../../private/warnings';

/** One statement of a grant. */
export interface Access {
  readonly actions: string[];
  readonly resourceArns: string[];
  readonly conditions?: Record<string, Record<string, unknown>>;
}

type Application = aws_emrserverless.IApplicationRef;

/**
 * All or nothing: a grantee that cannot take a policy takes none of the statements.
 *
 * `Grant.combine()` would hide that: a combined grant is a success when one of its parts is.
 */
export function grant(application: Application, grantee: IGrantable, accesses: Access[]): Grant {
  const account = grantee.grantPrincipal.principalAccount;
  if (account !== undefined && differ(account, application.env.account)) {
    warn(application, {
      id: 'granteeOfOtherAccount',
      message: `the grant to a principal of account ${account} has no effect: the application is of account`
      + ` ${application.env.account}, and EMR Serverless has no resource policies. Grant to a role of the application's account that the principal may assume`,
    });
  }

  let all: Grant | undefined;
  for (const access of accesses) {
    const one = Grant.addToPrincipal({ grantee, ...access });
    if (!one.success) { return one; }
    all = all ? all.combine(one) : one;
  }
  return all ?? Grant.drop(grantee, 'nothing to grant');
}

/** Actions of EMR Serverless, each on what IAM checks it against: one statement for the application, one for job runs, one for sessions. */
export function serviceAccess(application: Application, ...actions: string[]): Access[] {
  refuse(application, '', actions.flatMap(actionProblems));
  const { applicationArn } = application.applicationRef;
  const arns: { [resource in CheckedResource]: string } = {
    application: applicationArn,
    jobRuns: `${applicationArn}/jobruns/*`,
    sessions: `${applicationArn}/sessions/*`,
  };
  const distinct = [...new Set(actions)].sort();
  return (['application', 'jobRuns', 'sessions'] as const)
    .map((resource) => ({ actions: distinct.filter((action) => resourcesOf(action).includes(resource)), resourceArns: [arns[resource]] }))
    .filter((access) => access.actions.length > 0);
}

/** Who submits work passes the execution role to EMR Serverless, and to nothing else, and uses the keys of the logs. */
export function submitAccess(application: Application, executionRoleArn: string, ...actions: string[]): Access[] {
  refuse(application, '', roleArnProblems('executionRoleArn', executionRoleArn, application.env.account));
  return [
    ...serviceAccess(application, ...actions),
    {
      actions: ['iam:PassRole'],
      resourceArns: [executionRoleArn],
      conditions: { StringLike: { 'iam:PassedToService': 'emr-serverless.amazonaws.com' } },
    },
    ...useLogKeys(application),
  ];
}

/** Starts, watches and cancels job runs, and looks at, starts and stops the application. */
export function startJobExecution(application: Application, grantee: IGrantable, executionRoleArn: string): Grant {
  return grant(application, grantee, submitAccess(application, executionRoleArn,
    'emr-serverless:CancelJobRun',
    'emr-serverless:GetApplication',
    'emr-serverless:GetJobRun',
    'emr-serverless:StartApplication',
    'emr-serverless:StartJobRun',
    'emr-serverless:StopApplication',
  ));
}

/** The ARN of a role that may be passed to the application; the role may know its account where the ARN does not. */
export function passableRoleArn(application: Application, executionRole: IRole): string {
  refuse(application, '', otherAccountProblems('`executionRole`', executionRole.env.account, application.env.account));
  return executionRole.roleArn;
}
