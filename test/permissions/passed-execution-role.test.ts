import { Aws, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { SparkEmrServerlessRuntime } from '../../src';
import { ACCOUNT, APPLICATION_ARN, ENV, EXECUTION_ROLE_ARN, expectNoPolicy, importIn, lazy, newStack, policyStatements, submitterIn } from '../util';
import { bareIn } from './bare-application';
import { PASS_ROLE, VERBS, VERBS_WITH_ROLE } from './verbs';

describe('the ARN of the execution role', () => {
  test.each([
    EXECUTION_ROLE_ARN,
    `arn:aws:iam::${ACCOUNT}:role/team/spark/jobs`,
    `arn:aws:iam::${ACCOUNT}:role/service-role/AmazonEMR-ExecutionRole-1234`,
    `arn:aws:iam::${ACCOUNT}:role/a`,
    `arn:aws:iam::${ACCOUNT}:role/${'a'.repeat(64)}`,
    `arn:aws:iam::${ACCOUNT}:role/Jobs_1+2=3,4.5@6-7`,
    `arn:aws-cn:iam::${ACCOUNT}:role/jobs`,
    `arn:aws-us-gov:iam::${ACCOUNT}:role/jobs`,
    `arn:aws-iso-b:iam::${ACCOUNT}:role/jobs`,
    `arn:aws-eusc:iam::${ACCOUNT}:role/jobs`,
  ])('%s is passed as it is', (arn) => {
    const stack = newStack(ENV);

    importIn(stack).grantStartJobExecution(submitterIn(stack), arn);

    expect(policyStatements(stack)).toContainEqual({ ...PASS_ROLE, Resource: arn });
  });

  test.each([
    ['an empty string', ''],
    ['a name', 'jobs'],
    ['a wildcard', '*'],
    ['a wildcard for the name', `arn:aws:iam::${ACCOUNT}:role/*`],
    ['a wildcard at the end of the name', `arn:aws:iam::${ACCOUNT}:role/jobs*`],
    ['a question mark in the name', `arn:aws:iam::${ACCOUNT}:role/job?`],
    ['a wildcard in the path', `arn:aws:iam::${ACCOUNT}:role/*/jobs`],
    ['a wildcard for the account', 'arn:aws:iam::*:role/jobs'],
    ['a wildcard for the partition', `arn:*:iam::${ACCOUNT}:role/jobs`],
    ['another service', `arn:aws:s3::${ACCOUNT}:role/jobs`],
    ['an application', APPLICATION_ARN],
    ['an assumed role', `arn:aws:sts::${ACCOUNT}:assumed-role/jobs/session`],
    ['a user', `arn:aws:iam::${ACCOUNT}:user/jobs`],
    ['an instance profile', `arn:aws:iam::${ACCOUNT}:instance-profile/jobs`],
    ['a root', `arn:aws:iam::${ACCOUNT}:root`],
    ['no name', `arn:aws:iam::${ACCOUNT}:role/`],
    ['a path without a name', `arn:aws:iam::${ACCOUNT}:role/team/`],
    ['a name of 65 characters', `arn:aws:iam::${ACCOUNT}:role/${'a'.repeat(65)}`],
    ['a space', `arn:aws:iam::${ACCOUNT}:role/my jobs`],
    ['a Region', `arn:aws:iam:eu-west-1:${ACCOUNT}:role/jobs`],
    ['no account', 'arn:aws:iam:::role/jobs'],
    ['an account of 11 digits', 'arn:aws:iam::11111111111:role/jobs'],
    ['an account of 13 digits', 'arn:aws:iam::1111111111111:role/jobs'],
    ['an unknown partition', `arn:azure:iam::${ACCOUNT}:role/jobs`],
    ['too few parts', 'arn:aws:iam::role/jobs'],
    ['three parts', 'arn:aws:iam'],
    ['something before it', `xarn:aws:iam::${ACCOUNT}:role/jobs`],
    ['a longer prefix', `arns:aws:iam::${ACCOUNT}:role/jobs`],
    ['something before the partition', `arn:xaws:iam::${ACCOUNT}:role/jobs`],
    ['a digit in the partition', `arn:aws2:iam::${ACCOUNT}:role/jobs`],
    ['something before the service', `arn:aws:xiam::${ACCOUNT}:role/jobs`],
    ['something behind the service', `arn:aws:iamx::${ACCOUNT}:role/jobs`],
    ['something before the resource', `arn:aws:iam::${ACCOUNT}:xrole/jobs`],
    ['a colon in the name', `arn:aws:iam::${ACCOUNT}:role/jobs:1`],
    ['an ARN in place of the name', `arn:aws:iam::${ACCOUNT}:role/${EXECUTION_ROLE_ARN}`],
  ])('is refused with %s', (_, arn) => {
    const stack = newStack(ENV);
    const runtime = importIn(stack);
    const submitter = submitterIn(stack);

    expect(() => runtime.grantStartJobExecution(submitter, arn)).toThrow(
      '`executionRoleArn` must be the ARN of one IAM role (arn:<partition>:iam::<account>:role/<name>, no wildcard or variable),'
      + ` got: ${JSON.stringify(arn)} [Stack/Spark]`,
    );
    expectNoPolicy(stack);
  });

  test.each<[string, (stack: Stack) => string, unknown]>([
    ['a parameter', (stack) => new CfnParameter(stack, 'Arn').valueAsString, { Ref: 'Arn' }],
    ['a lazy value', () => lazy(EXECUTION_ROLE_ARN), EXECUTION_ROLE_ARN],
    ['an imported value', () => Fn.importValue('RoleArn'), { 'Fn::ImportValue': 'RoleArn' }],
    [
      'an ARN with a token for the partition and for the account',
      () => `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/jobs`,
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':role/jobs']] },
    ],
    [
      'an ARN with a token for the name',
      (stack) => `arn:aws:iam::${ACCOUNT}:role/${new CfnParameter(stack, 'Name').valueAsString}`,
      { 'Fn::Join': ['', [`arn:aws:iam::${ACCOUNT}:role/`, { Ref: 'Name' }]] },
    ],
    [
      'an ARN with a token in the name',
      (stack) => `arn:aws:iam::${ACCOUNT}:role/team/jobs-${new CfnParameter(stack, 'Name').valueAsString}-1`,
      { 'Fn::Join': ['', [`arn:aws:iam::${ACCOUNT}:role/team/jobs-`, { Ref: 'Name' }, '-1']] },
    ],
    [
      'an ARN with a token for all that follows the service',
      (stack) => `arn:aws:iam:${new CfnParameter(stack, 'Rest').valueAsString}`,
      { 'Fn::Join': ['', ['arn:aws:iam:', { Ref: 'Rest' }]] },
    ],
    [
      'a token with an ARN before it',
      (stack) => `${new CfnParameter(stack, 'Prefix').valueAsString}:role/jobs`,
      { 'Fn::Join': ['', [{ Ref: 'Prefix' }, ':role/jobs']] },
    ],
    [
      'an ARN with a token for the resource',
      (stack) => `arn:aws:iam::${ACCOUNT}:${new CfnParameter(stack, 'Resource').valueAsString}`,
      { 'Fn::Join': ['', [`arn:aws:iam::${ACCOUNT}:`, { Ref: 'Resource' }]] },
    ],
    [
      'an ARN with a token for the end of the resource',
      (stack) => `arn:aws:iam::${ACCOUNT}:role${new CfnParameter(stack, 'Name').valueAsString}`,
      { 'Fn::Join': ['', [`arn:aws:iam::${ACCOUNT}:role`, { Ref: 'Name' }]] },
    ],
  ])('may be %s', (_, arn, expected) => {
    const stack = newStack(ENV);

    importIn(stack).grantStartJobExecution(submitterIn(stack), arn(stack));

    expect(policyStatements(stack)).toContainEqual({ ...PASS_ROLE, Resource: expected });
  });

  test.each<[string, (token: string) => string]>([
    ['a wildcard after a token', (token) => `arn:aws:iam::${ACCOUNT}:role/${token}*`],
    ['a wildcard before a token', (token) => `arn:aws:iam::${ACCOUNT}:role/*${token}`],
    ['a question mark beside a token', (token) => `${token}?`],
    ['a wildcard beside a token for the account', (token) => `arn:aws:iam::${token}:role/*`],
    ['another service beside a token for the name', (token) => `arn:aws:s3:::${token}`],
    ['a user beside a token for the account', (token) => `arn:aws:iam::${token}:user/jobs`],
    ['a Region beside a token for the account', (token) => `arn:aws:iam:eu-west-1:${token}:role/jobs`],
    ['a resource that ends like a role beside a token for the account', (token) => `arn:aws:iam::${token}:xrole`],
    ['a resource that starts like a role beside a token for the account', (token) => `arn:aws:iam::${token}:roles`],
    ['a user beside a token for the name', (token) => `arn:aws:iam::${ACCOUNT}:user/${token}`],
    ['no resource but a token and a letter', (token) => `arn:aws:iam::${ACCOUNT}:x${token}`],
    ['an ARN in place of the name', (token) => `arn:aws:iam::${ACCOUNT}:role/arn:aws:iam::${token}:role/jobs`],
    ['a path without a name beside a token', (token) => `arn:aws:iam::${ACCOUNT}:role//${token}`],
    ['a space beside a token for the name', (token) => `arn:aws:iam::${ACCOUNT}:role/jobs of ${token}`],
  ])('is refused with %s', (_, arn) => {
    const stack = newStack(ENV);
    const token = new CfnParameter(stack, 'Token').valueAsString;
    const runtime = importIn(stack);
    const submitter = submitterIn(stack);

    expect(() => runtime.grantStartJobExecution(submitter, arn(token))).toThrow('`executionRoleArn` must be the ARN of one IAM role');
  });

  test.each(VERBS_WITH_ROLE)('%s checks the ARN of a typed role', (verb) => {
    const stack = newStack(ENV);
    const role = iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${ACCOUNT}:role/jobs*`);
    const { grants } = importIn(stack);
    const submitter = submitterIn(stack);

    expect(() => VERBS[verb].grant(grants, submitter, role)).toThrow(`no wildcard or variable), got: "arn:aws:iam::${ACCOUNT}:role/jobs*"`);
  });

  test('a refusal names the path of a bare CfnApplication', () => {
    const stack = newStack(ENV);
    const grants = bareIn(stack);
    const submitter = submitterIn(stack);
    const role = iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${ACCOUNT}:role/jobs*`);

    expect(() => grants.startJobExecution(submitter, role)).toThrow('[Stack/Bare]');
  });
});

test('an execution role ARN that CDK has yet to look up is not refused', () => {
  const stack = newStack(ENV);
  const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');

  expect(() => runtime.grantStartJobExecution(submitterIn(stack), ssm.StringParameter.valueFromLookup(stack, '/role/arn'))).not.toThrow();
});
