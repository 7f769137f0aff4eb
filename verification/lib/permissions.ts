/**
 * Who may do what with an application: written by hand from AWS's documentation, judged by `test/permissions.test.ts` against what the
 * library synthesizes, and printed as `docs/permissions.md`. What is not in these tables is denied.
 */

const GUIDE = 'https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide';
const EMR_SERVERLESS = 'emr-serverless.amazonaws.com';

/** What IAM checks an action against. */
export const LEVELS = ['application', 'jobRun', 'session'] as const;
export type Level = typeof LEVELS[number];

/**
 * The 25 actions of EMR Serverless. One that IAM checks against nothing can only be granted on `*`.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonemrserverless.html
 */
export const ACTIONS: { readonly [action: string]: readonly Level[] } = {
  AccessInteractiveEndpoints: ['application'],
  AccessLivyEndpoints: ['application'],
  AccessSystemProfileLogs: ['jobRun'],
  CancelJobRun: ['jobRun'],
  CreateApplication: [],
  DeleteApplication: ['application'],
  GetApplication: ['application'],
  GetDashboardForJobRun: ['jobRun'],
  GetJobRun: ['jobRun'],
  GetResourceDashboard: ['session'],
  GetSession: ['session'],
  GetSessionEndpoint: ['session'],
  ListApplications: [],
  ListJobRunAttempts: ['jobRun'],
  ListJobRuns: ['application'],
  ListSessions: ['application'],
  ListTagsForResource: ['application', 'jobRun', 'session'],
  StartApplication: ['application'],
  StartJobRun: ['application'],
  StartSession: ['application'],
  StopApplication: ['application'],
  TagResource: ['application', 'jobRun', 'session'],
  TerminateSession: ['session'],
  UntagResource: ['application', 'jobRun', 'session'],
  UpdateApplication: ['application'],
};

/** What a verb of `runtime.grants` allows. */
export interface Verb {
  readonly on: { readonly [level in Level]?: readonly string[] };
  /** Pass the execution role to EMR Serverless, as `PASS_ROLE` has it. */
  readonly passesExecutionRole: boolean;
  /** Use the keys that the application's logs are encrypted with, as `LOGGING` has it. */
  readonly usesLogKeys: boolean;
  readonly why: string;
}

export const VERBS: { readonly [verb: string]: Verb } = {
  startJobExecution: {
    on: {
      application: ['GetApplication', 'StartApplication', 'StartJobRun', 'StopApplication'],
      jobRun: ['CancelJobRun', 'GetJobRun'],
    },
    passesExecutionRole: true,
    usesLogKeys: true,
    why: 'https://docs.aws.amazon.com/step-functions/latest/dg/emr-serverless-iam.html',
  },
  readJobRuns: {
    on: { application: ['ListJobRuns'], jobRun: ['GetJobRun', 'ListJobRunAttempts'] },
    passesExecutionRole: false,
    usesLogKeys: false,
    why: `${GUIDE}/security-iam-user-access-policies.html`,
  },
  cancelJobRuns: {
    on: { jobRun: ['CancelJobRun'] },
    passesExecutionRole: false,
    usesLogKeys: false,
    why: `${GUIDE}/security-iam-user-access-policies.html`,
  },
  viewSparkUi: {
    on: { jobRun: ['GetDashboardForJobRun'] },
    passesExecutionRole: false,
    usesLogKeys: true,
    why: `${GUIDE}/jobs-log-encryption.html`,
  },
  tagJobRuns: {
    on: { jobRun: ['ListTagsForResource', 'TagResource', 'UntagResource'] },
    passesExecutionRole: false,
    usesLogKeys: false,
    why: `${GUIDE}/security-iam-TBAC.html`,
  },
  useLivy: {
    on: { application: ['AccessLivyEndpoints', 'GetApplication', 'StartApplication'], jobRun: ['GetDashboardForJobRun'] },
    passesExecutionRole: true,
    usesLogKeys: true,
    why: `${GUIDE}/interactive-workloads-livy-endpoints.html`,
  },
  useStudio: {
    on: { application: ['AccessInteractiveEndpoints', 'GetApplication', 'StartApplication'], jobRun: ['GetDashboardForJobRun'] },
    passesExecutionRole: true,
    usesLogKeys: true,
    why: 'https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-studio-user-permissions.html#emr-studio-iam-permissions-table',
  },
  useSparkConnect: {
    on: {
      application: ['ListSessions', 'StartSession'],
      session: ['GetResourceDashboard', 'GetSession', 'GetSessionEndpoint', 'TerminateSession'],
    },
    passesExecutionRole: true,
    usesLogKeys: true,
    why: `${GUIDE}/spark-connect.html`,
  },
  operateApplication: {
    on: { application: ['GetApplication', 'StartApplication', 'StopApplication'] },
    passesExecutionRole: false,
    usesLogKeys: false,
    why: `${GUIDE}/security-iam-user-access-policies.html`,
  },
  manageApplication: {
    on: { application: ['DeleteApplication', 'GetApplication', 'StartApplication', 'StopApplication', 'UpdateApplication'] },
    passesExecutionRole: false,
    usesLogKeys: false,
    why: `${GUIDE}/security-iam-user-access-policies.html`,
  },
};

/** What those may who start the job runs of a job. All of them pass its execution role and use the keys of its logs. */
export interface Starter {
  readonly on: Verb['on'];
  /** Set the tags of a job run, if job runs are to have any. */
  readonly tagsJobRuns: boolean;
  /** Manage the rule by which Step Functions learns that a job run has ended. */
  readonly managesRule: boolean;
  /** Send what could not be started to the queue of a schedule. */
  readonly sendsToQueue: boolean;
  readonly why: string;
}

const STEP_FUNCTIONS = 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html#emr-serverless-iam';

export const STARTERS: { readonly [who: string]: Starter } = {
  'job.grants.start': {
    on: { application: ['StartJobRun'] },
    tagsJobRuns: true,
    managesRule: false,
    sendsToQueue: false,
    why: `${GUIDE}/security-iam-user-access-policies.html`,
  },
  'job.grants.run': {
    on: { application: ['GetApplication', 'StartApplication', 'StartJobRun'], jobRun: ['CancelJobRun', 'GetJobRun'] },
    tagsJobRuns: true,
    managesRule: false,
    sendsToQueue: false,
    why: `${GUIDE}/security-iam-user-access-policies.html`,
  },
  'a task that waits': {
    on: { application: ['StartJobRun'], jobRun: ['CancelJobRun', 'GetJobRun'] },
    tagsJobRuns: true,
    managesRule: true,
    sendsToQueue: false,
    why: STEP_FUNCTIONS,
  },
  'a task that does not wait': {
    on: { application: ['StartJobRun'] },
    tagsJobRuns: true,
    managesRule: false,
    sendsToQueue: false,
    why: STEP_FUNCTIONS,
  },
  'a schedule': {
    on: { application: ['StartJobRun'] },
    tagsJobRuns: true,
    managesRule: false,
    sendsToQueue: true,
    why: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role',
  },
};

/** The actions on the rule that Step Functions manages: it is the account's, and of this name. */
export const RULE = {
  name: 'StepFunctionsGetEventsForEMRServerlessJobRule',
  actions: ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'],
};

/** AWS asks for `sqs:SendMessage`; `queue.grantSendMessages()` of CDK has two more, which read only what the queue is. */
export const QUEUE = { actions: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'] };

/**
 * Who may assume the role of a schedule. The source is the group of the schedule.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
export const SCHEDULE_TRUST: readonly { by: string; source: string; sourceAccount: string; expected: 'allowed' | 'denied' }[] = [
  { by: 'scheduler.amazonaws.com', source: 'its group', sourceAccount: 'its account', expected: 'allowed' },
  { by: 'scheduler.amazonaws.com', source: 'its group', sourceAccount: 'another account', expected: 'denied' },
  { by: 'scheduler.amazonaws.com', source: 'its group', sourceAccount: 'not said', expected: 'denied' },
  { by: 'scheduler.amazonaws.com', source: 'another group', sourceAccount: 'its account', expected: 'denied' },
  { by: 'scheduler.amazonaws.com', source: 'a group whose name starts with its name', sourceAccount: 'its account', expected: 'denied' },
  { by: 'scheduler.amazonaws.com', source: 'a group of its name in another account', sourceAccount: 'another account', expected: 'denied' },
  { by: 'scheduler.amazonaws.com', source: 'not said', sourceAccount: 'its account', expected: 'denied' },
  { by: 'scheduler.amazonaws.com', source: 'not said', sourceAccount: 'not said', expected: 'denied' },
  { by: 'events.amazonaws.com', source: 'its group', sourceAccount: 'its account', expected: 'denied' },
  { by: 'states.amazonaws.com', source: 'its group', sourceAccount: 'its account', expected: 'denied' },
  { by: EMR_SERVERLESS, source: 'its group', sourceAccount: 'its account', expected: 'denied' },
];

/**
 * `grants.actions()` allows the named action on all that IAM checks it against, but for tags of the application: who may set those gets
 * around access control by tags. It refuses what has no resource.
 */
export const NEVER_BY_ACTIONS: { readonly [action: string]: readonly Level[] } = {
  ListTagsForResource: ['application'],
  TagResource: ['application'],
  UntagResource: ['application'],
};

/** Which role may be passed to which service: one cell. */
export const PASS_ROLE = {
  roles: [
    'the execution role', 'another role', 'a role whose name starts with its name', 'a role of its name under a path',
    'a role of its name in another account',
  ],
  services: [
    'emr-serverless.amazonaws.com', 'ops.emr-serverless.amazonaws.com', 'elasticmapreduce.amazonaws.com', 'lambda.amazonaws.com',
    'ec2.amazonaws.com', 'glue.amazonaws.com', 'no service named',
  ],
  allowed: { role: 'the execution role', service: 'emr-serverless.amazonaws.com' },
};

/** Who may assume the execution role; the source is what AWS says the service acts for, "its account" that of the application. */
export const TRUST: readonly { by: string; source: string; sourceAccount: string; expected: 'allowed' | 'denied' }[] = [
  { by: EMR_SERVERLESS, source: 'this application', sourceAccount: 'its account', expected: 'allowed' },
  { by: EMR_SERVERLESS, source: 'a job run of this application', sourceAccount: 'its account', expected: 'allowed' },
  { by: EMR_SERVERLESS, source: 'a session of this application', sourceAccount: 'its account', expected: 'allowed' },
  { by: EMR_SERVERLESS, source: 'this application', sourceAccount: 'another account', expected: 'denied' },
  { by: EMR_SERVERLESS, source: 'this application', sourceAccount: 'not said', expected: 'denied' },
  { by: EMR_SERVERLESS, source: 'not said', sourceAccount: 'its account', expected: 'denied' },
  { by: EMR_SERVERLESS, source: 'not said', sourceAccount: 'another account', expected: 'denied' },
  { by: EMR_SERVERLESS, source: 'not said', sourceAccount: 'not said', expected: 'denied' },
  { by: EMR_SERVERLESS, source: 'another application', sourceAccount: 'its account', expected: 'denied' },
  { by: EMR_SERVERLESS, source: 'a job run of another application', sourceAccount: 'its account', expected: 'denied' },
  { by: EMR_SERVERLESS, source: 'a session of another application', sourceAccount: 'its account', expected: 'denied' },
  { by: EMR_SERVERLESS, source: 'an application whose id starts with this one\'s', sourceAccount: 'its account', expected: 'denied' },
  { by: EMR_SERVERLESS, source: 'an application whose id this one\'s starts with', sourceAccount: 'its account', expected: 'denied' },
  { by: EMR_SERVERLESS, source: 'the same id in another Region', sourceAccount: 'its account', expected: 'denied' },
  { by: EMR_SERVERLESS, source: 'the same id in another account', sourceAccount: 'its account', expected: 'denied' },
  { by: EMR_SERVERLESS, source: 'the same id in another account', sourceAccount: 'another account', expected: 'denied' },
  { by: 'ops.emr-serverless.amazonaws.com', source: 'this application', sourceAccount: 'its account', expected: 'denied' },
  { by: 'elasticmapreduce.amazonaws.com', source: 'this application', sourceAccount: 'its account', expected: 'denied' },
  { by: 'lambda.amazonaws.com', source: 'this application', sourceAccount: 'its account', expected: 'denied' },
  { by: 'ec2.amazonaws.com', source: 'this application', sourceAccount: 'its account', expected: 'denied' },
  { by: 'a role that may assume every role', source: 'not said', sourceAccount: 'not said', expected: 'denied' },
  { by: 'a role that may assume every role', source: 'this application', sourceAccount: 'its account', expected: 'denied' },
];

/** What can be allowed for the sake of logs: keys, and places that logs and metrics go to. */
export type Thing =
  | 'key of managed logs' | 'key of logs in S3' | 'key of logs in CloudWatch' | 'key of the bucket'
  | 'its folder of the logs in S3' | 'the list of this folder' | 'the log group' | 'its log streams' | 'the workspace';

export interface Logging {
  /** What an execution role may, and a grantee of `writeLogs`. */
  readonly write: { readonly [thing in Thing]?: readonly string[] };
  /** What a grantee of `readLogs` may. */
  readonly read?: { readonly [thing in Thing]?: readonly string[] };
  /** What those may whose verb uses the keys of the logs. */
  readonly submit?: { readonly [thing in Thing]?: readonly string[] };
  /** `logs:DescribeLogGroups` on all log groups of the account and Region. */
  readonly listsLogGroups?: boolean;
}

const USE_KEY = ['kms:Decrypt', 'kms:GenerateDataKey'];
const WRITE_LOG_GROUP: Logging['write'] = {
  'the log group': ['logs:CreateLogGroup', 'logs:DescribeLogStreams'],
  'its log streams': ['logs:CreateLogStream', 'logs:PutLogEvents'],
};

const READ_FOLDER: Logging['write'] = {
  'its folder of the logs in S3': ['s3:GetObject'],
  'the list of this folder': ['s3:ListBucket'],
};
const READ_LOG_GROUP: Logging['write'] = {
  'the log group': ['logs:DescribeLogStreams', 'logs:FilterLogEvents'],
  'its log streams': ['logs:GetLogEvents'],
};

/**
 * CloudWatch Logs lets only those associate a key who may describe it: `kms:DescribeKey`.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-log-encryption.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export const LOGGING: { readonly [option: string]: Logging } = {
  'no option': { write: {} },
  'managedLogsKey': {
    write: { 'key of managed logs': USE_KEY },
    submit: { 'key of managed logs': USE_KEY },
  },
  's3Logs': { write: { 'its folder of the logs in S3': ['s3:PutObject'] }, read: READ_FOLDER },
  's3Logs without a prefix': { write: { 'its folder of the logs in S3': ['s3:PutObject'] }, read: READ_FOLDER },
  's3Logs, the bucket has a key': {
    write: { 'its folder of the logs in S3': ['s3:PutObject'], 'key of the bucket': USE_KEY },
    read: { ...READ_FOLDER, 'key of the bucket': ['kms:Decrypt'] },
  },
  's3Logs with a key, the bucket has another': {
    write: { 'its folder of the logs in S3': ['s3:PutObject'], 'key of logs in S3': USE_KEY },
    read: { ...READ_FOLDER, 'key of logs in S3': ['kms:Decrypt'] },
    submit: { 'key of logs in S3': USE_KEY },
  },
  'cloudWatchLogs': { write: WRITE_LOG_GROUP, read: READ_LOG_GROUP, listsLogGroups: true },
  'cloudWatchLogs with a key': {
    write: {
      ...WRITE_LOG_GROUP,
      'the log group': ['logs:AssociateKmsKey', 'logs:CreateLogGroup', 'logs:DescribeLogStreams'],
      'key of logs in CloudWatch': ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
    },
    read: { ...READ_LOG_GROUP, 'key of logs in CloudWatch': ['kms:Decrypt'] },
    submit: { 'key of logs in CloudWatch': USE_KEY },
    listsLogGroups: true,
  },
  'prometheusWorkspaceArn': { write: { 'the workspace': ['aps:RemoteWrite'] } },
};

/** The services that encrypt logs. */
export type LogWriter = 'EMR Serverless' | 'CloudWatch Logs';

/**
 * What the policies of the keys let services do, beside the account that owns them. CloudWatch Logs is named by Region and proves itself
 * with the encryption context, which `kms:DescribeKey` does not have: the statement of its guide grants that to nobody.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-log-encryption.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export const KEY_POLICIES: readonly { by: LogWriter; of: readonly Thing[]; for: string; actions: readonly string[] }[] = [
  {
    by: 'EMR Serverless',
    of: ['key of managed logs', 'key of logs in S3'],
    for: 'an application of the account and Region',
    actions: USE_KEY,
  },
  {
    by: 'CloudWatch Logs',
    of: ['key of logs in CloudWatch'],
    for: 'a log group of the account and Region',
    actions: [
      'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyPair', 'kms:GenerateDataKeyPairWithoutPlaintext',
      'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo',
    ],
  },
];

/**
 * What the policy of a repository lets EMR Serverless do for every application of the account and Region.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/application-custom-image.html
 */
export const REPOSITORY_POLICY: readonly string[] = ['ecr:BatchGetImage', 'ecr:DescribeImages', 'ecr:GetDownloadUrlForLayer'];
