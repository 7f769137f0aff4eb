import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SparkEmrServerlessRuntimeGrants } from '../../src';
import { allow, EXECUTION_ROLE_ARN } from '../util';

export const PASS_ROLE = {
  Action: 'iam:PassRole',
  Condition: { StringLike: { 'iam:PassedToService': 'emr-serverless.amazonaws.com' } },
  Effect: 'Allow',
  Resource: EXECUTION_ROLE_ARN,
};

/** What lies under an ARN, literal or not. */
function under(arn: unknown, path: string): unknown {
  return typeof arn === 'string' ? `${arn}${path}` : { 'Fn::Join': ['', [arn, path]] };
}

export function executionRoleIn(stack: Stack): iam.IRole {
  return iam.Role.fromRoleArn(stack, 'ExecutionRole', EXECUTION_ROLE_ARN);
}

type Verb = (grants: SparkEmrServerlessRuntimeGrants, grantee: iam.IGrantable, executionRole: iam.IRole) => iam.Grant;
type Statements = (application: unknown) => unknown[];

/** What each verb grants on an application; `keys` where the keys of the logs come with it. */
export const VERBS: { [name: string]: { grant: Verb; statements: Statements; keys?: boolean } } = {
  startJobExecution: {
    grant: (grants, grantee, executionRole) => grants.startJobExecution(grantee, executionRole),
    statements: (application) => [
      allow(
        ['emr-serverless:GetApplication', 'emr-serverless:StartApplication', 'emr-serverless:StartJobRun', 'emr-serverless:StopApplication'],
        application,
      ),
      allow(['emr-serverless:CancelJobRun', 'emr-serverless:GetJobRun'], under(application, '/jobruns/*')),
      PASS_ROLE,
    ],
    keys: true,
  },
  readJobRuns: {
    grant: (grants, grantee) => grants.readJobRuns(grantee),
    statements: (application) => [
      allow('emr-serverless:ListJobRuns', application),
      allow(['emr-serverless:GetJobRun', 'emr-serverless:ListJobRunAttempts'], under(application, '/jobruns/*')),
    ],
  },
  cancelJobRuns: {
    grant: (grants, grantee) => grants.cancelJobRuns(grantee),
    statements: (application) => [allow('emr-serverless:CancelJobRun', under(application, '/jobruns/*'))],
  },
  viewSparkUi: {
    grant: (grants, grantee) => grants.viewSparkUi(grantee),
    statements: (application) => [allow('emr-serverless:GetDashboardForJobRun', under(application, '/jobruns/*'))],
    keys: true,
  },
  tagJobRuns: {
    grant: (grants, grantee) => grants.tagJobRuns(grantee),
    statements: (application) => [allow(
      ['emr-serverless:ListTagsForResource', 'emr-serverless:TagResource', 'emr-serverless:UntagResource'],
      under(application, '/jobruns/*'),
    )],
  },
  useLivy: {
    grant: (grants, grantee, executionRole) => grants.useLivy(grantee, executionRole),
    statements: (application) => [
      allow(['emr-serverless:AccessLivyEndpoints', 'emr-serverless:GetApplication', 'emr-serverless:StartApplication'], application),
      allow('emr-serverless:GetDashboardForJobRun', under(application, '/jobruns/*')),
      PASS_ROLE,
    ],
    keys: true,
  },
  useStudio: {
    grant: (grants, grantee, executionRole) => grants.useStudio(grantee, executionRole),
    statements: (application) => [
      allow(['emr-serverless:AccessInteractiveEndpoints', 'emr-serverless:GetApplication', 'emr-serverless:StartApplication'], application),
      allow('emr-serverless:GetDashboardForJobRun', under(application, '/jobruns/*')),
      PASS_ROLE,
    ],
    keys: true,
  },
  useSparkConnect: {
    grant: (grants, grantee, executionRole) => grants.useSparkConnect(grantee, executionRole),
    statements: (application) => [
      allow(['emr-serverless:ListSessions', 'emr-serverless:StartSession'], application),
      allow(
        [
          'emr-serverless:GetResourceDashboard',
          'emr-serverless:GetSession',
          'emr-serverless:GetSessionEndpoint',
          'emr-serverless:TerminateSession',
        ],
        under(application, '/sessions/*'),
      ),
      PASS_ROLE,
    ],
    keys: true,
  },
  operateApplication: {
    grant: (grants, grantee) => grants.operateApplication(grantee),
    statements: (application) => [
      allow(['emr-serverless:GetApplication', 'emr-serverless:StartApplication', 'emr-serverless:StopApplication'], application),
    ],
  },
  manageApplication: {
    grant: (grants, grantee) => grants.manageApplication(grantee),
    statements: (application) => [allow(
      [
        'emr-serverless:DeleteApplication',
        'emr-serverless:GetApplication',
        'emr-serverless:StartApplication',
        'emr-serverless:StopApplication',
        'emr-serverless:UpdateApplication',
      ],
      application,
    )],
  },
};

export const VERB_NAMES = Object.keys(VERBS);
export const VERBS_WITH_ROLE = ['startJobExecution', 'useLivy', 'useStudio', 'useSparkConnect'];
