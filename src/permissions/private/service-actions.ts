import { isLiteral, Problems, shown } from '../../private/checks';
import { hasWildcard } from '../../private/rendered';

/**
 * The resources that IAM checks each action of EMR Serverless against. IAM checks some actions against no resource.
 *
 * The actions for tags are granted on job runs and sessions only. A principal that may tag the application could get around access control
 * by tags.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonemrserverless.html
 */
const RESOURCES_OF: { readonly [action: string]: readonly CheckedResource[] } = {
  AccessInteractiveEndpoints: ['application'],
  AccessLivyEndpoints: ['application'],
  AccessSystemProfileLogs: ['jobRuns'],
  CancelJobRun: ['jobRuns'],
  CreateApplication: [],
  DeleteApplication: ['application'],
  GetApplication: ['application'],
  GetDashboardForJobRun: ['jobRuns'],
  GetJobRun: ['jobRuns'],
  GetResourceDashboard: ['sessions'],
  GetSession: ['sessions'],
  GetSessionEndpoint: ['sessions'],
  ListApplications: [],
  ListJobRunAttempts: ['jobRuns'],
  ListJobRuns: ['application'],
  ListSessions: ['application'],
  ListTagsForResource: ['jobRuns', 'sessions'],
  StartApplication: ['application'],
  StartJobRun: ['application'],
  StartSession: ['application'],
  StopApplication: ['application'],
  TagResource: ['jobRuns', 'sessions'],
  TerminateSession: ['sessions'],
  UntagResource: ['jobRuns', 'sessions'],
  UpdateApplication: ['application'],
};

const PREFIX = 'emr-serverless:';

/** Names that people mistake for actions, and the actions that they mean. */
const MISTAKEN: { readonly [action: string]: string } = {
  StopJobRun: 'CancelJobRun',
  DescribeApplication: 'GetApplication',
};

export type CheckedResource = 'application' | 'jobRuns' | 'sessions';

/** Checks that IAM knows the action, and that it checks the action against a resource. */
export function actionProblems(action: string): Problems {
  const resources = knownResourcesOf(action);
  if (!resources) {
    // CloudFormation resolves no part of an action
    if (!action.includes('{{resolve:') && !hasWildcard(action) && !isLiteral(action)) { return []; }
    const meant = meantBy(action);
    return [`\`actions\` must be full names of EMR Serverless actions such as "emr-serverless:GetJobRun", got: ${shown(action)}`
      + (meant === undefined ? '' : ` (IAM calls it ${PREFIX}${meant})`)];
  }
  return resources.length > 0 ? [] : ['`actions` must be actions on an application, its job runs or its sessions,'
    + ` got: ${shown(action)} (IAM checks it against no resource: grant it on "*" in a statement of your own)`];
}

function meantBy(action: string): string | undefined {
  const same = (name: string) => name.toLowerCase() === action.toLowerCase().replace(PREFIX, '');
  const mistaken = Object.keys(MISTAKEN).find(same);
  return mistaken === undefined ? Object.keys(RESOURCES_OF).find(same) : MISTAKEN[mistaken];
}

/** The resources that IAM checks an action against. They are all possible ones if only the deployment knows the action. */
export function resourcesOf(action: string): readonly CheckedResource[] {
  return knownResourcesOf(action) ?? ['application', 'jobRuns', 'sessions'];
}

function knownResourcesOf(action: string): readonly CheckedResource[] | undefined {
  const name = action.slice(PREFIX.length);
  return action.startsWith(PREFIX) && Object.hasOwn(RESOURCES_OF, name) ? RESOURCES_OF[name] : undefined;
}
