import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { EVENTS, jobIn, machineOf, stateOf, taskWith } from './start-job-run-parts';
import { EmrServerlessStartJobRun, EmrServerlessStartJobRunProps } from '../../src';
import { PASS_ROLE } from '../permissions/verbs';
import { ACCOUNT, allow, APPLICATION_ARN, ENV, KEY_ARN, newStack, policyStatements, USE_KEY } from '../util';

const { IntegrationPattern, TaskRole } = sfn;

describe('the role of the state machine', () => {
  /** The statements of a state machine with this one task. */
  function statementsOf(task: EmrServerlessStartJobRun): any[] {
    machineOf(task);
    return policyStatements(Stack.of(task));
  }

  test('may start the job, watch and cancel its job runs, and make the rule that tells of their end', () => {
    expect(statementsOf(taskWith())).toEqual([
      allow('emr-serverless:StartJobRun', APPLICATION_ARN),
      allow(['emr-serverless:CancelJobRun', 'emr-serverless:GetJobRun'], `${APPLICATION_ARN}/jobruns/*`),
      PASS_ROLE,
      EVENTS,
    ]);
  });

  test('may start the job only, if the task does not wait', () => {
    expect(statementsOf(taskWith({ integrationPattern: IntegrationPattern.REQUEST_RESPONSE }))).toEqual([
      allow('emr-serverless:StartJobRun', APPLICATION_ARN),
      PASS_ROLE,
    ]);
  });

  test.each<[string, Partial<EmrServerlessStartJobRunProps>, object]>([
    ['the task', { jobRunTags: { run: 'daily' } }, {}],
    ['the job', {}, { jobRunTags: { team: 'data' } }],
    ['neither', {}, {}],
    ['a task with an empty map', { jobRunTags: {} }, {}],
  ])('may tag the job run if there are tags: %s', (_, props, job) => {
    const hasTags = Object.keys({ ...props.jobRunTags, ...(job as any).jobRunTags }).length > 0;

    expect(statementsOf(taskWith(props, job)).filter(({ Action }) => Action === 'emr-serverless:TagResource'))
      .toEqual(hasTags ? [allow('emr-serverless:TagResource', `${APPLICATION_ARN}/jobruns/*`)] : []);
  });

  test('may use the keys of the logs', () => {
    const stack = newStack(ENV);
    const key = kms.Key.fromKeyArn(stack, 'Key', KEY_ARN);
    const job = jobIn(stack, { logging: { managedLogsKey: key } });

    expect(statementsOf(EmrServerlessStartJobRun.jsonPath(stack, 'Start', { job })))
      .toContainEqual(expect.objectContaining({ Action: USE_KEY, Resource: KEY_ARN }));
  });

  test('has each statement once, whatever the number of tasks', () => {
    const stack = newStack(ENV);
    const job = jobIn(stack);
    const start = (id: string) => EmrServerlessStartJobRun.jsonPath(stack, id, { job });
    machineOf(start('One').next(start('Two')));

    expect(policyStatements(stack)).toHaveLength(4);
  });

  test('acts as the role of `credentials`, which needs the permissions itself', () => {
    const task = taskWith({ credentials: { role: TaskRole.fromRole(iam.Role.fromRoleArn(newStack(), 'Runner', `arn:aws:iam::${ACCOUNT}:role/runner`)) } });

    expect(stateOf(task).Credentials).toEqual({ RoleArn: `arn:aws:iam::${ACCOUNT}:role/runner` });
    expect(policyStatements(Stack.of(task))).toContainEqual(allow('sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/runner`));
  });

  test.each([[IntegrationPattern.RUN_JOB], [IntegrationPattern.REQUEST_RESPONSE]])(
    'needs nothing that the grants of the job do not give to the role of `credentials`, but the rule, with %s',
    (integrationPattern) => {
      const task = taskWith({ integrationPattern }, { jobRunTags: { team: 'data' } });
      const stack = Stack.of(task);
      const job = stack.node.findChild('Job') as ReturnType<typeof jobIn>;
      const role = new iam.Role(stack, 'Runner', { assumedBy: new iam.AccountRootPrincipal() });
      if (integrationPattern === IntegrationPattern.RUN_JOB) { job.grants.run(role); } else { job.grants.start(role); }
      machineOf(task);
      const actionsOf = (id: RegExp) => Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
        .filter(([logicalId]) => id.test(logicalId))
        .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement.flatMap(({ Action }: any) => Action));

      expect(actionsOf(/^Runner/)).toEqual(expect.arrayContaining(actionsOf(/^Machine/).filter((action) => !action.startsWith('events:'))));
    },
  );
});
