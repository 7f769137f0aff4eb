import { applications } from './matrix';
import {
  ACTIONS, KEY_POLICIES, Level, LEVELS, Logging, LOGGING, NEVER_BY_ACTIONS, PASS_ROLE, QUEUE, REPOSITORY_POLICY, RULE, SCHEDULE_TRUST,
  Starter, STARTERS, TRUST, Verb, VERBS,
} from './permissions';
import { secureApp } from './secure-app';

const ON: { readonly [level in Level]: string } = { application: 'application', jobRun: 'its job runs', session: 'its sessions' };

const GROUPS: { readonly [title: string]: readonly string[] } = {
  'Jobs': ['startJobExecution', 'readJobRuns', 'cancelJobRuns', 'viewSparkUi', 'tagJobRuns'],
  'Interactive work, and the application itself': ['useLivy', 'useStudio', 'useSparkConnect', 'operateApplication', 'manageApplication'],
};

/** What a grant is worth beyond the names of its actions. */
const POWER: readonly (readonly [verbs: readonly string[], power: string])[] = [
  [['startJobExecution'], 'The grantee can do everything that the execution role can do, because it chooses the program. A program can hand out the temporary'
    + ' credentials of its role, and it reaches the network of the application'],
  [['startJobExecution'], 'The grantee can override for a job what the application sets: send the logs elsewhere or turn them off, set other Spark properties,'
    + ' and choose how the disks are encrypted. Before release `emr-spark-8.1.0`, a `spark-defaults` of the job replaces all Spark properties of'
    + ' the application. Use the application for defaults, and the execution role for limits'],
  [['startJobExecution'], 'The grantee can read and cancel the job runs of others, and stop the application when none is left. If you do not want that, use `actions()` with'
    + ' the actions that you want. The grantee can set `executionIamPolicy` for a job, which only takes permissions away'],
  [['operateApplication'], 'The grantee can start the application, and AWS bills pre-initialized workers from then on. It can stop the application when no job runs. It sees the'
    + ' properties of the application, and what stands there in plain text. It can neither change the application nor run anything on it'],
  [['manageApplication'], '**The grantee can do everything that every execution role of the application can do**, without `iam:PassRole`. It can set the image and the Spark'
    + ' properties of the application, and so bring code into the jobs of others. It can also change the network, the logging and the limits.'
    + ' For principals that only look, start and stop, grant `operateApplication`'],
  [['useSparkConnect'], 'The grantee can run code in the sessions of others, as their execution roles. `GetSessionEndpoint` gives the address of a session and a token that works'
    + ' for one hour. AWS describes no isolation of these sessions by caller. We could not verify whether there is one'],
  [['useLivy'], 'The grantee can do everything that the execution role can do. IAM knows no sessions of Livy. AWS says that only the principal that created a session can'
    + ' access it, and that a source identity isolates further. We could not verify this'],
  [['useStudio'], 'The grantee can do everything that the execution role can do. AWS does not say how notebooks of one application are isolated from each other'],
  [['useLivy', 'useStudio'], 'The grantee can start the application, and open the Spark UI of all its job runs, as with `viewSparkUi`'],
  [['readJobRuns', 'viewSparkUi'], 'The grantee can read the arguments, the properties and the SQL of the jobs of others, and what stands there in plain text. The address of the Spark UI works for'
    + ' one hour. Treat it as a secret'],
  [['readLogs'], 'The grantee can read everything that the jobs of the application print and log in its places. A job with `logging` of its own has other places. Data and passwords may be in the logs. If logs go to CloudWatch, the grantee can'
    + ' search **the whole log group** with `logs:FilterLogEvents`, also the logs that others write there. Give the application a log group of its own'],
  [['writeLogs'], 'The grantee can write to the whole folder of the application, so a job can add to the logs of other jobs of the application,'
    + ' and overwrite those in S3. Jobs need this grant'],
  [['cancelJobRuns', 'tagJobRuns'], 'The grantee can cancel or tag the job runs of others. Anyone who sets tags can get around access control by tags'],
  [['actions'], 'The grantee can do what the actions allow that you name. An action that is a token may turn out to be any action of EMR Serverless on the application, its job runs'
    + ' and its sessions'],
];

/** The tables of `permissions.ts`, for those who review them. */
export function permissionsDoc(): string {
  expectAll('in no group', Object.keys(VERBS), Object.values(GROUPS).flat());
  expectAll('without a word on its power', [...Object.keys(VERBS), 'readLogs', 'writeLogs', 'actions'], POWER.flatMap(([verbs]) => verbs));

  const neighbours = Object.keys(applications('arn:aws:emr-serverless:eu-west-1:111122223333:/applications/00f1')).slice(1);
  return `${[
    '<!-- Generated from verification/lib/permissions.ts by `npm run docs` in verification. Do not edit. -->',
    '# Permissions',
    `This page shows what the grants of this library allow. We write the tables by hand from AWS's documentation. \`npm run verify\` lets two IAM
policy engines confirm every cell on synthesized policies. [Verification](verification.md) names them and says what they cannot prove.
Everything that is not in these tables is denied.`,
    `AWS documentation:
[actions, resources and condition keys of EMR Serverless](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonemrserverless.html)`,

    '## Before you grant',
    `The tables below say which actions a grant allows. This one says what a grantee can do with them. [Security](security.md) answers what a
security review asks, and the [threat model](threat-model.md) says who is trusted with what.`,
    table(['Grant', 'What the grantee can do with it'], POWER.map(([verbs, power]) => [verbs.map(code).join(', '), power])),
    `We recommend **one application for each group of people that may share their access to data**. AWS isolates the network of jobs between
applications, not within one
([best practices](https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/security-best-practices.html)). A grant reaches all job runs
and sessions of the application, not only those of the grantee. So two execution roles on one application do not separate two groups.`,

    '## What each method of `runtime.grants` allows',
    `An empty cell means that the action is denied. Actions without a prefix are those of \`emr-serverless\`. \`runtime.grantStartJobExecution()\`
grants the same as \`startJobExecution\`. The links lead to AWS's page on the task. \`startJobExecution\` has three actions more than AWS's
example: \`GetApplication\`, \`StartApplication\` and \`StopApplication\`. They are for submitters that start the application before their jobs and
stop it after them. [Logs and their keys](#logs-and-their-keys) has \`readLogs\` and \`writeLogs\`, because what these two allow depends on where
the logs go.`,
    ...Object.entries(GROUPS).flatMap(([title, verbs]) => [`### ${title}`, verbTable(verbs)]),
    `No method but \`actions()\` grants ${names((name) => !isGranted(name) && ACTIONS[name].length > 0)}.`,
    '### Any action by its name',
    `\`actions()\` grants each action on the resource that IAM checks. It grants no role and no key with it.
[AWS's reference](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonemrserverless.html) lists 25 actions.`,
    table(['On', 'Actions'], [
      ...LEVELS.map((level) => [ON[level], names((name) => ACTIONS[name].includes(level) && !NEVER_BY_ACTIONS[name]?.includes(level))]),
      ['nothing: the library refuses them, because IAM allows them on `*` only', names((name) => ACTIONS[name].length === 0)],
    ]),

    '## Who starts a job',
    `This table lists all permissions of a principal that starts a job. A Step Functions task grants them to the role of its state machine. A
schedule grants them to a role that it creates. Each principal passes the execution role of the job to EMR Serverless, and uses the keys of
the logs, of the application and of the job. It may tag job runs only if the job, or the task, has tags for them.`,
    starterTable(),
    `The rule is \`${RULE.name}\` of the account. Step Functions makes it, and
learns from it that a job run has ended. The queue is the dead-letter queue of the schedule. If the schedule or the queue has a KMS key of
yours, CDK grants the role to use it: \`kms:Decrypt\`, and for the queue also \`kms:Encrypt\`, \`kms:GenerateDataKey*\` and \`kms:ReEncrypt*\`. The
role of a schedule can be assumed as this table says:`,
    table(['Who', 'On behalf of', 'Source account', 'Answer'], SCHEDULE_TRUST.map(({ by, source, sourceAccount, expected }) =>
      [serviceName(by), source, sourceAccount, expected === 'allowed' ? '**allowed**' : expected])),

    '## Denied whatever is granted',
    list([
      `Every action is denied on ${neighbours.slice(0, -1).join(', ')} and ${neighbours.at(-1)}, and on their job runs and sessions`,
      `${names((name) => ACTIONS[name].length === 0)} are always denied`,
      `${Object.keys(NEVER_BY_ACTIONS).map(code).join(', ')} are denied on the application, because a principal that sets its tags could get around access control by tags.`
        + ' There is one exception: an action that is a token when you grant it is granted on the application too, and it may be one of these',
      'Every action of a principal of another account is denied, even if its own policies allow it, because EMR Serverless has no resource policies',
    ]),

    '## Which role may be passed to which service',
    'This table is about the methods that have `iam:PassRole` above. In a request, AWS names the service that receives the role.',
    table(['Role', ...PASS_ROLE.services.map(serviceName)], PASS_ROLE.roles.map((role) => [role,
      ...PASS_ROLE.services.map((service) => role === PASS_ROLE.allowed.role && service === PASS_ROLE.allowed.service ? '**allowed**' : 'denied')])),

    '## Who may assume an execution role',
    `This table is about roles of \`createExecutionRole()\`, about each application of a \`SparkExecutionRole\`, and about roles that trust
\`executionPrincipal\`. With IAM Identity Center it also holds for \`sts:SetContext\`, which is denied otherwise. The service-linked role of EMR
Serverless trusts \`ops.emr-serverless\`. The library refuses a role of \`createExecutionRole()\` and a \`SparkExecutionRole\` in another
account than the application's. A role of your own in another account can trust the application, but this has no effect, because AWS does
not let anybody pass a role to another account.`,
    table(['Who', 'On behalf of', 'Source account', 'Answer'], TRUST.map(({ by, source, sourceAccount, expected }) =>
      [serviceName(by), source, sourceAccount, expected === 'allowed' ? '**allowed**' : expected])),

    '## Logs and their keys',
    list([
      '"Jobs" are execution roles and grantees of `writeLogs()`. "Readers" are grantees of `readLogs()`. "Submitters" are grantees of the methods that have keys of the logs above',
      'Other keys, log groups, objects and workspaces are denied to all of them, and so are the folders and log streams of other applications',
      '`logs:FilterLogEvents` reads all log streams of the log group, because IAM checks it against the log group only',
      'Submitters need the keys, because AWS refuses their jobs otherwise. AWS\'s statement for that has no condition, so this one has none either',
      'A `CfnApplication` that was made without this library does not tell whether its bucket has a key. Jobs are not granted that key then',
      'If `logUri` is a token, nobody knows the prefix. Jobs may write to `*applications/<id>/*` in the bucket then, and readers may read it',
    ]),
    table(['Option', 'Jobs may', 'Readers may', 'Submitters may'], Object.entries(LOGGING).map(([option, { write, read = {}, submit = {}, listsLogGroups }]) => [
      optionName(option),
      [...things(write), ...listsLogGroups ? ['`logs:DescribeLogGroups` on log groups of the account and Region'] : []].join('; '),
      things(read).join('; '),
      things(submit).join('; '),
    ])),
    `If a key or a repository is made in the same app, its policy lets a service use it. The policy cannot name a single application, because that
would be a cycle ([ADR 0009](adr/0009-resource-policies.md)):`,
    table(['Service', 'For', 'What', 'Actions'], [
      ...KEY_POLICIES.map((policy) => [policy.by, policy.for, policy.of.join(', '), policy.actions.map(code).join(', ')]),
      ['EMR Serverless', 'an application of the account and Region', 'repository of an image', REPOSITORY_POLICY.map(code).join(', ')],
    ]),
    `The statement for CloudWatch Logs also names \`kms:Describe*\`, as AWS's example does. It allows nothing, because \`kms:DescribeKey\` has no
encryption context.`,
    `Every other service is denied. A service that acts for another Region or account, or does not say for whom it acts, is denied too. The account
that owns the key keeps the access that \`aws-cdk-lib\` gives it. \`iam-simulate\` accepts no KMS encryption context, and not every
service name with a Region. For CloudWatch Logs, the tests ask it with \`aws:SourceArn\` in place of the encryption context, and with
the service name in another form, such as \`logs-eu-west-1.amazonaws.com\`. PMapper accepts both and answers the original questions.`,

    '## What cdk-nag finds',
    `An app with keys for all logs and every permission in a managed policy has these findings of the AWS Solutions rules, and none of NIST
800-53 r4 and r5, HIPAA, PCI and Serverless. The app imports the bucket for the logs, so that no rule looks at it. To acknowledge a finding in
your app, use its id with the logical ids of your template. [cdk-nag](cdk-nag.md) shows how, also across stacks.`,
    table(['Policy for', 'Finding', 'Why it stays'], secureApp().acknowledged.map(({ at, id, reason }) =>
      [at.node.id, code(id), reason.replace(/ (https:\S+)$/, ' ([AWS]($1))')])),
  ].map(folded).join('\n\n')}\n`;
}

function expectAll(missing: string, all: readonly string[], given: readonly string[]): void {
  const absent = all.filter((one) => !given.includes(one));
  if (absent.length > 0) { throw new Error(`${missing}: ${absent.join(', ')}`); }
}

/** Whether one of the methods that are no `actions()` grants it. */
function isGranted(name: string): boolean {
  return Object.values(VERBS).some(({ on }) => LEVELS.some((level) => on[level]?.includes(name)));
}

function verbTable(verbs: readonly string[]): string {
  const granted = (name: string, verb: string) =>
    LEVELS.filter((level) => VERBS[verb].on[level]?.includes(name)).map((level) => ON[level]).join(', ');
  const rows = Object.keys(ACTIONS).map((name) => [code(name), ...verbs.map((verb) => granted(name, verb))]);
  return table(['Action', ...verbs.map((verb) => `[${code(verb)}](${VERBS[verb].why})`)], [
    ...rows,
    [code('iam:PassRole'), ...verbs.map((verb) => VERBS[verb].passesExecutionRole ? 'execution role' : '')],
    [`${code('kms:Decrypt')}, ${code('kms:GenerateDataKey')}`, ...verbs.map((verb) => VERBS[verb].usesLogKeys ? 'keys of the logs' : '')],
  ].filter(([, ...cells]) => cells.some((cell) => cell !== '')));
}

function starterTable(): string {
  const starters = Object.values(STARTERS);
  const granted = (name: string, on: Verb['on']) => LEVELS.filter((level) => on[level]?.includes(name)).map((level) => ON[level]).join(', ');
  const row = (actions: string[], cell: (starter: Starter) => string) => [actions.map(code).join(', '), ...starters.map(cell)];
  return table(['Action', ...Object.entries(STARTERS).map(([who, { why }]) => `[${who.startsWith('job.') ? code(`${who}()`) : who}](${why})`)], [
    ...Object.keys(ACTIONS).map((name) => row([name], ({ on }) => granted(name, on))),
    row(['TagResource'], ({ tagsJobRuns }) => tagsJobRuns ? 'its job runs, if there are tags' : ''),
    row(['iam:PassRole'], () => 'execution role'),
    row(['kms:Decrypt', 'kms:GenerateDataKey'], () => 'keys of the logs'),
    row(RULE.actions, ({ managesRule }) => managesRule ? 'the rule' : ''),
    row(QUEUE.actions, ({ sendsToQueue }) => sendsToQueue ? 'the queue' : ''),
  ].filter(([, ...cells]) => cells.some((cell) => cell !== '')));
}

function things(allowed: Logging['write']): string[] {
  return Object.entries(allowed).map(([thing, actions]) => `${actions.map(code).join(', ')} on ${thing.startsWith('key') ? `the ${thing}` : thing}`);
}

function names(belongs: (name: string) => boolean): string {
  return Object.keys(ACTIONS).filter(belongs).map(code).join(', ');
}

function serviceName(name: string): string {
  return name.endsWith('.amazonaws.com') ? code(name.replace('.amazonaws.com', '')) : name;
}

/** Only the props are code. */
function optionName(option: string): string {
  return option.replace(/^(managedLogsKey|s3Logs|cloudWatchLogs|prometheusWorkspaceArn)/, '`$1`');
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`.replace(/\|  (?=\|)/g, '| ')).join('\n');
}

/** Prose whose lines end at 140 columns, as on the other pages. A row of a table is one line. */
function folded(block: string): string {
  if (/^[|#<]/.test(block)) { return block; }
  return block.split(/\n(?=- )/).map((paragraph) => {
    const indent = paragraph.startsWith('- ') ? '  ' : '';
    // a link stays whole
    return paragraph.split(/\s+(?![^[\]]*\]\()/).reduce((lines, word) => {
      const line = lines.slice(lines.lastIndexOf('\n') + 1);
      return line.length + 1 + word.length > 140 ? `${lines}\n${indent}${word}` : `${lines} ${word}`;
    });
  }).join('\n');
}

function list(items: string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}
