import { App, CfnElement, CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Schedule, ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';
import { SparkEmrServerlessJobTarget, SparkEmrServerlessRuntime } from '../../src';
import {
  ACCOUNT, allow, APPLICATION_ARN, ENV, EXECUTION_ROLE_ARN, expectNoLiteralPartition, importIn, newStack, OTHER_ACCOUNT, OTHER_PARTITIONS,
  partitioned, policyStatements, USE_KEY, warnings,
} from '../util';
import { jobIn } from './job-parts';
import { DAILY, requestOf, schedule } from './scheduled-job';

let stack: Stack;

beforeEach(() => {
  stack = newStack();
});

const passRole = (role: unknown) => ({
  ...allow('iam:PassRole', role),
  Condition: { StringLike: { 'iam:PassedToService': 'emr-serverless.amazonaws.com' } },
});

/** The roles that EventBridge Scheduler assumes, by logical id. */
function rolesIn(of: Stack): Record<string, any> {
  return Object.fromEntries(Object.entries(Template.fromStack(of).findResources('AWS::IAM::Role'))
    .filter(([, { Properties }]) => Properties.AssumeRolePolicyDocument.Statement[0].Principal.Service === 'scheduler.amazonaws.com'));
}

/** The trust of the only role of a schedule. */
function trust(of: Stack) {
  const [role, ...others] = Object.values(rolesIn(of));
  expect(others).toEqual([]);
  const [statement, ...more] = role.Properties.AssumeRolePolicyDocument.Statement;
  expect(more).toEqual([]);
  return statement;
}

function trusted(account: unknown, group: unknown) {
  return {
    Action: 'sts:AssumeRole',
    Effect: 'Allow',
    Principal: { Service: 'scheduler.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': group } },
  };
}

function dependenciesOfSchedule(of: Stack): string[] {
  const [{ DependsOn }] = Object.values(Template.fromStack(of).findResources('AWS::Scheduler::Schedule'));
  return DependsOn.sort();
}

const DEFAULT_GROUP = {
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':scheduler:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':schedule-group/default']],
};

describe('the role of a schedule', () => {
  test('may start the job and pass its execution role, and nothing else', () => {
    const job = jobIn(stack);
    job.addSchedule('Daily', { schedule: DAILY });

    expect(policyStatements(stack)).toEqual([
      allow('emr-serverless:StartJobRun', stack.resolve(job.runtime.applicationArn)),
      passRole(stack.resolve(job.executionRole.roleArn)),
    ]);
  });

  test('may use the keys of the logs, and tag the job runs if the job does', () => {
    const key = new kms.Key(stack, 'Key');
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { managedLogsKey: key });
    jobIn(stack, { runtime, executionRole: iam.Role.fromRoleArn(stack, 'Jobs', EXECUTION_ROLE_ARN, { mutable: false }), jobRunTags: { team: 'data' } })
      .addSchedule('Daily', { schedule: DAILY });

    expect(policyStatements(stack)).toEqual([
      allow('emr-serverless:StartJobRun', stack.resolve(runtime.applicationArn)),
      passRole(EXECUTION_ROLE_ARN),
      allow(USE_KEY, stack.resolve(key.keyArn)),
      allow('emr-serverless:TagResource', { 'Fn::Join': ['', [stack.resolve(runtime.applicationArn), '/jobruns/*']] }),
    ]);
  });

  test('trusts the schedules of the default group', () => {
    jobIn(stack).addSchedule('Daily', { schedule: DAILY });

    expect(trust(stack)).toEqual(trusted({ Ref: 'AWS::AccountId' }, DEFAULT_GROUP));
  });

  test('trusts the schedules of the group of the schedule, made here', () => {
    const scheduleGroup = new ScheduleGroup(stack, 'Group');
    jobIn(stack).addSchedule('Daily', { schedule: DAILY, scheduleGroup });

    expect(trust(stack)).toEqual(trusted({ Ref: 'AWS::AccountId' }, stack.resolve(scheduleGroup.scheduleGroupArn)));
  });

  test('trusts the schedules of an imported group', () => {
    const group = `arn:aws:scheduler:eu-west-1:${ACCOUNT}:schedule-group/orders`;
    stack = newStack(ENV);
    jobIn(stack).addSchedule('Daily', { schedule: DAILY, scheduleGroup: ScheduleGroup.fromScheduleGroupArn(stack, 'Group', group) });

    expect(trust(stack)).toEqual(trusted(ACCOUNT, group));
    expect(schedule(stack).GroupName).toBe('orders');
  });

  test('trusts the schedules of a group whose name only the deployment knows', () => {
    const name = new CfnParameter(stack, 'Name').valueAsString;
    jobIn(stack).addSchedule('Daily', { schedule: DAILY, scheduleGroup: ScheduleGroup.fromScheduleGroupName(stack, 'Group', name) });

    expect(JSON.stringify(trust(stack).Condition.StringEquals['aws:SourceArn'])).toContain(':schedule-group/",{"Ref":"Name"}');
  });

  test('is another one for each schedule of a job', () => {
    const job = jobIn(stack);
    job.addSchedule('Daily', { schedule: DAILY });
    job.addSchedule('Hourly', { schedule: DAILY });

    expect(Object.keys(rolesIn(stack))).toHaveLength(2);
    expect(policyStatements(stack)).toHaveLength(4);
  });

  test('is another one for each schedule of the same target', () => {
    const target = new SparkEmrServerlessJobTarget(jobIn(stack));
    const schedules = ['One', 'Two'].map((id) => new Schedule(stack, id, { schedule: DAILY, target }));

    expect(Object.keys(rolesIn(stack))).toEqual(schedules.map(({ node }) => stack.getLogicalId(node.findChild('Role').node.defaultChild as iam.CfnRole)));
    const arns = Object.values(Template.fromStack(stack).findResources('AWS::Scheduler::Schedule')).map(({ Properties }) => Properties.Target.RoleArn['Fn::GetAtt'][0]);
    expect(arns.sort()).toEqual(Object.keys(rolesIn(stack)).sort());
  });

  test('has its policy before the schedule exists, and until it is gone', () => {
    const job = jobIn(stack, { executionRole: iam.Role.fromRoleArn(stack, 'Jobs', EXECUTION_ROLE_ARN, { mutable: false }) });
    job.addSchedule('Daily', { schedule: DAILY });

    expect(dependenciesOfSchedule(stack)).toEqual(Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Policy')).sort());
  });

  test('is the given one, which gets the same permissions', () => {
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com') });
    const job = jobIn(stack);
    job.addSchedule('Daily', { schedule: DAILY, role });

    expect(Object.keys(rolesIn(stack))).toEqual([stack.getLogicalId(role.node.defaultChild as iam.CfnRole)]);
    expect(schedule(stack).Target.RoleArn).toEqual(stack.resolve(role.roleArn));
    expect(policyStatements(stack)).toEqual([
      allow('emr-serverless:StartJobRun', stack.resolve(job.runtime.applicationArn)),
      passRole(stack.resolve(job.executionRole.roleArn)),
    ]);
  });

  test('may be an imported one', () => {
    const role = iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${ACCOUNT}:role/scheduler`);
    jobIn(stack).addSchedule('Daily', { schedule: DAILY, role });

    expect(schedule(stack).Target.RoleArn).toBe(`arn:aws:iam::${ACCOUNT}:role/scheduler`);
    expect(policyStatements(stack)).toHaveLength(2);
  });

  test('may do what the report of customized roles says', () => {
    const app = new App();
    stack = new Stack(app, 'Stack', { env: ENV });
    iam.Role.customizeRoles(stack, { usePrecreatedRoles: { 'Stack/Job/ExecutionRole': 'jobs', 'Stack/Job/Daily/Role': 'daily' } });
    jobIn(stack).addSchedule('Daily', { schedule: DAILY });

    const { Target } = schedule(stack);
    expect(JSON.stringify(Target.RoleArn)).toContain(':role/daily');
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
  });
});

describe('a schedule fires only when the execution role has its rights', () => {
  const idOf = (construct: IConstruct) => stack.getLogicalId(construct.node.defaultChild as CfnElement);

  test('of a role that the job has made, also those that are granted later', () => {
    const job = jobIn(stack);
    job.addSchedule('Daily', { schedule: DAILY });
    new s3.Bucket(stack, 'Data').grantRead(job.executionRole);

    const role = idOf(job.executionRole);
    expect(dependenciesOfSchedule(stack)).toEqual(expect.arrayContaining([role, idOf(job.executionRole.node.findChild('DefaultPolicy'))]));
  });

  test('of a given role, with a given role of the schedule', () => {
    const executionRole = new iam.Role(stack, 'Jobs', { assumedBy: new iam.ServicePrincipal('emr-serverless.amazonaws.com') });
    const role = iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${ACCOUNT}:role/scheduler`, { mutable: false });
    jobIn(stack, { executionRole }).addSchedule('Daily', { schedule: DAILY, role });
    executionRole.addToPolicy(new iam.PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] }));

    expect(dependenciesOfSchedule(stack)).toEqual([idOf(executionRole), idOf(executionRole.node.findChild('DefaultPolicy'))].sort());
  });

  test('but not for the policy of a given role of the schedule, which may name the schedule', () => {
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com') });
    const { scheduleArn } = jobIn(stack).addSchedule('Daily', { schedule: DAILY, role });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['scheduler:GetSchedule'], resources: [scheduleArn] }));

    // CDK refuses a template whose resources depend on each other
    expect(dependenciesOfSchedule(stack)).not.toContain(idOf(role.node.findChild('DefaultPolicy')));
  });

  test('of an imported role', () => {
    const executionRole = iam.Role.fromRoleName(stack, 'Jobs', 'jobs');
    jobIn(stack, { executionRole }).addSchedule('Daily', { schedule: DAILY });
    executionRole.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] }));

    expect(dependenciesOfSchedule(stack)).toContain(idOf(executionRole.node.findChild('Policy')));
  });

  test('and not of a role of another stack, whose policies may depend on the stack of the schedule', () => {
    const app = new App();
    const roles = new Stack(app, 'Roles', { env: ENV });
    stack = new Stack(app, 'Stack', { env: ENV });
    const executionRole = iam.Role.fromRoleArn(roles, 'Jobs', EXECUTION_ROLE_ARN);
    jobIn(stack, { executionRole }).addSchedule('Daily', { schedule: DAILY });
    new s3.Bucket(stack, 'Data').grantRead(executionRole);

    expect(() => app.synth()).not.toThrow();
    expect(stack.dependencies).toEqual([]);
  });
});

describe('a dead-letter queue', () => {
  const send = (queue: unknown) => allow(['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'], queue);

  test('gets what was not started', () => {
    const deadLetterQueue = new sqs.Queue(stack, 'Queue');
    jobIn(stack).addSchedule('Daily', { schedule: DAILY, deadLetterQueue });

    expect(schedule(stack).Target.DeadLetterConfig).toEqual({ Arn: stack.resolve(deadLetterQueue.queueArn) });
    expect(policyStatements(stack)).toContainEqual(send(stack.resolve(deadLetterQueue.queueArn)));
  });

  test('may be encrypted', () => {
    const encryptionMasterKey = new kms.Key(stack, 'Key');
    jobIn(stack).addSchedule('Daily', { schedule: DAILY, deadLetterQueue: new sqs.Queue(stack, 'Queue', { encryptionMasterKey }) });

    expect(policyStatements(stack)).toContainEqual(
      allow(expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey*']), stack.resolve(encryptionMasterKey.keyArn)));
  });

  test('may belong to another account of the app, and its policy names the role', () => {
    const app = new App();
    const queues = new Stack(app, 'Queues', { env: { ...ENV, account: OTHER_ACCOUNT } });
    const deadLetterQueue = new sqs.Queue(queues, 'Queue', { queueName: 'failed' });
    stack = new Stack(app, 'Stack', { env: ENV });
    jobIn(stack).addSchedule('Daily', { schedule: DAILY, deadLetterQueue });

    const [{ Properties }] = Object.values(Template.fromStack(queues).findResources('AWS::SQS::QueuePolicy'));
    const [{ RoleName }] = Object.values(rolesIn(stack)).map((role) => role.Properties);
    expect(RoleName).toMatch(/^stack/);
    expect(JSON.stringify(Properties.PolicyDocument.Statement[0].Principal)).toContain(`:iam::${ACCOUNT}:role/${RoleName}`);
  });

  test('may be imported', () => {
    const arn = `arn:aws:sqs:eu-west-1:${ACCOUNT}:failed`;
    stack = newStack(ENV);
    jobIn(stack).addSchedule('Daily', { schedule: DAILY, deadLetterQueue: sqs.Queue.fromQueueArn(stack, 'Queue', arn) });

    expect(schedule(stack).Target.DeadLetterConfig).toEqual({ Arn: arn });
    expect(policyStatements(stack)).toContainEqual(send(arn));
  });
});

describe('a schedule', () => {
  test('may be in another stack than the job, which it refers to', () => {
    const app = new App();
    const jobs = new Stack(app, 'Jobs', { env: ENV });
    const schedules = new Stack(app, 'Schedules', { env: ENV });
    const job = jobIn(jobs);
    new Schedule(schedules, 'Daily', { schedule: DAILY, target: new SparkEmrServerlessJobTarget(job) });

    expect(requestOf(schedule(schedules)).ExecutionRoleArn).toMatch(/^Jobs:ExportsOutputFnGetAttJobExecutionRole/);
    expect(schedules.dependencies.map(({ node }) => node.path)).toEqual(['Jobs']);
    expect(Object.keys(rolesIn(schedules))).toHaveLength(1);
    expect(Object.keys(rolesIn(jobs))).toEqual([]);
  });

  test('starts a job of an imported application', () => {
    stack = newStack(ENV);
    jobIn(stack, { runtime: importIn(stack) }).addSchedule('Daily', { schedule: DAILY });

    expect(requestOf(schedule(stack)).ApplicationId).toBe('00abc123');
    expect(policyStatements(stack)).toContainEqual(allow('emr-serverless:StartJobRun', APPLICATION_ARN));
    expect(trust(stack)).toEqual(trusted(ACCOUNT, partitioned(`scheduler:eu-west-1:${ACCOUNT}:schedule-group/default`)));
  });

  test('starts a job of an application that only the deployment knows', () => {
    const arn = new CfnParameter(stack, 'Arn').valueAsString;
    jobIn(stack, { runtime: importIn(stack, { applicationArn: arn }) }).addSchedule('Daily', { schedule: DAILY });

    expect(policyStatements(stack)).toContainEqual(allow('emr-serverless:StartJobRun', { Ref: 'Arn' }));
    expect(warnings(stack)).toEqual([]);
  });

  test.each(OTHER_PARTITIONS)('works in %s', (region) => {
    stack = newStack({ account: ACCOUNT, region });
    jobIn(stack).addSchedule('Daily', { schedule: DAILY, deadLetterQueue: new sqs.Queue(stack, 'Queue') });

    expectNoLiteralPartition(stack);
    expect(trust(stack)).toEqual(trusted(ACCOUNT, partitioned(`scheduler:${region}:${ACCOUNT}:schedule-group/default`)));
  });
});
