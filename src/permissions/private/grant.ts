import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { aws_emrserverless, aws_iam } from 'aws-cdk-lib/interfaces';
import { Access, serviceAccess } from './access';
import { factsOf } from './facts';
import { warnOfTrust } from './grant-warnings';
import { logKeyAccess } from './log-access';
import { logDestinationsOf } from './log-destinations';
import { SERVICE_PRINCIPAL } from './trust';
import { warn } from '../../private/annotations';
import { applicationArnProblems, otherAccountProblems, roleArnProblems } from '../../private/arn';
import { differ, isDummyRole } from '../../private/checks';
import { instance, read, textOf } from '../../private/reading';
import { checkWhenRendered } from '../../private/rendered';
import { refuse } from '../../private/validation-error';

type Application = aws_emrserverless.IApplicationRef;

export const grantable = instance<IGrantable>('a principal such as a role', 'grantPrincipal');
const role = instance<aws_iam.IRoleRef>('a role (`grantStartJobExecution()` takes its ARN)', 'roleRef', 'env');
const roleArn = textOf('the ARN of a role, such as executionRole.roleArn (`grants.startJobExecution()` takes the role itself)');

/** Grants all statements or none. It warns if the grantee belongs to another account than the application. */
export function grant(application: Application, grantee: IGrantable, accesses: Access[]): Grant {
  const account = read(application, '', 'grantee', grantee, grantable).grantPrincipal.principalAccount;
  checkApplication(application);
  if (account !== undefined && differ(account, application.env.account)) {
    warn(application, {
      id: 'granteeOfOtherAccount',
      message: `the grant to a principal of account ${account} has no effect: the application is of account`
        + ` ${application.env.account}, and EMR Serverless has no resource policies.`
        + ' Grant to a role of the application\'s account that the principal may assume',
    });
  }

  return grantWhole(grantee, accesses);
}

/**
 * Grants all statements or none. A grantee that cannot have a policy gets none of them.
 *
 * `Grant.combine()` alone would hide this, because a combined grant is a success if one of its parts is a success.
 */
export function grantWhole(grantee: IGrantable, accesses: Access[]): Grant {
  let whole: Grant | undefined;
  for (const access of accesses) {
    const part = Grant.addToPrincipal({ grantee, ...access });
    if (!part.success) { return part; }
    whole = whole ? whole.combine(part) : part;
  }
  return whole ?? Grant.drop(grantee, 'nothing to grant');
}

/** An application of this library has been checked. A `CfnApplication` may be imported from an ARN of any form. */
function checkApplication(application: Application): void {
  if (factsOf(application)) { return; }
  const { applicationArn } = application.applicationRef;
  const problems = (arn: string) => applicationArnProblems('application', arn);
  refuse(application, '', problems(applicationArn));
  checkWhenRendered(application, applicationArn, problems);
}

/** A principal that submits work passes the execution role to EMR Serverless, and to no other service, and uses the keys of the logs. */
export function submissionAccess(application: Application, executionRoleArn: string, ...actions: string[]): Access[] {
  const arn = read(application, '', 'executionRoleArn', executionRoleArn, roleArn);
  const problems = (text: string) => roleArnProblems('executionRoleArn', text, application.env.account);
  refuse(application, '', problems(arn));
  checkWhenRendered(application, arn, problems);
  warnOfTrust(application, arn);
  return [
    ...serviceAccess(application, ...actions),
    {
      actions: ['iam:PassRole'],
      resourceArns: [arn],
      conditions: { StringLike: { 'iam:PassedToService': SERVICE_PRINCIPAL } },
    },
    ...logKeyAccess(logDestinationsOf(application)),
  ];
}

/** Grants the permissions to start, watch and cancel job runs, and to look at, start and stop the application. */
export function grantStartJobExecution(application: Application, grantee: IGrantable, executionRoleArn: string): Grant {
  return grant(application, grantee, submissionAccess(application, executionRoleArn,
    'emr-serverless:CancelJobRun',
    'emr-serverless:GetApplication',
    'emr-serverless:GetJobRun',
    'emr-serverless:StartApplication',
    'emr-serverless:StartJobRun',
    'emr-serverless:StopApplication',
  ));
}

/** The ARN of a role that can be passed to the application. The role may know its account even if its ARN is a token. */
export function passableRoleArn(application: Application, executionRole: aws_iam.IRoleRef): string {
  const { env, roleRef } = read(application, '', 'executionRole', executionRole, role);
  const { roleArn: arn } = roleRef;
  refuse(application, '', isDummyRole(arn) ? [] : otherAccountProblems('`executionRole`', env.account, application.env.account));
  return arn;
}
