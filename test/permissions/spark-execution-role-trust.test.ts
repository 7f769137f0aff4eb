import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ISparkEmrServerlessRuntime, SparkEmrServerlessRuntime, SparkExecutionRole } from '../../src';
import { ACCOUNT, APPLICATION_ARN, ENV, IDENTITY_CENTER_ARN, importIn, newStack, OTHER_ACCOUNT, warnings } from '../util';
import { role, roleFor, second, SECOND_ARN, trust, trustIn } from './role-documents';

describe('the trust', () => {
  test('is in the one application, as that of createExecutionRole()', () => {
    const stack = newStack(ENV);

    roleFor(stack);

    expect(role(stack)).toEqual({ AssumeRolePolicyDocument: trust({ arn: APPLICATION_ARN }) });
  });

  test('is in all applications and in no other', () => {
    const stack = newStack(ENV);

    roleFor(stack, { runtimes: [importIn(stack), second(stack)] });

    expect(role(stack).AssumeRolePolicyDocument).toEqual(trustIn([APPLICATION_ARN, SECOND_ARN]));
  });

  test('names an application once', () => {
    const stack = newStack(ENV);
    const runtime = importIn(stack);

    roleFor(stack, { runtimes: [runtime, runtime] });

    expect(role(stack).AssumeRolePolicyDocument).toEqual(trust({ arn: APPLICATION_ARN }));
  });

  test('allows sts:SetContext if one of the applications propagates identities', () => {
    const stack = newStack(ENV);
    const propagating = importIn(stack, { applicationArn: APPLICATION_ARN, identityCenterInstanceArn: IDENTITY_CENTER_ARN });

    roleFor(stack, { runtimes: [second(stack), propagating] });

    expect(role(stack).AssumeRolePolicyDocument).toEqual(trustIn([SECOND_ARN, APPLICATION_ARN], ['sts:AssumeRole', 'sts:SetContext']));
  });

  test('names the accounts that only the deployment knows', () => {
    const stack = newStack(ENV);
    const arn = new CfnParameter(stack, 'Arn').valueAsString;

    roleFor(stack, { runtimes: [importIn(stack), second(stack, arn)] });

    expect(role(stack).AssumeRolePolicyDocument.Statement[0].Condition.StringEquals).toEqual({
      'aws:SourceAccount': [ACCOUNT, { 'Fn::Select': [4, { 'Fn::Split': [':', { Ref: 'Arn' }] }] }],
    });
  });
});

describe('accounts', () => {
  const OTHER_ARN = `arn:aws:emr-serverless:eu-west-1:${OTHER_ACCOUNT}:/applications/00abc123`;

  test('an application of another account than the stack is refused', () => {
    const stack = newStack(ENV);
    const runtimes = [importIn(stack), second(stack, OTHER_ARN)];

    expect(() => roleFor(stack, { runtimes })).toThrow(
      `the applications of an execution role must belong to account ${ACCOUNT}, the account of the role: a role cannot be passed to another account,`
      + ` got: an application of ${OTHER_ACCOUNT} [Stack/Role]`,
    );
  });

  test('applications of two accounts are refused where that of the stack is not known', () => {
    const stack = newStack();
    const runtimes = [importIn(stack), second(stack, OTHER_ARN)];

    expect(() => roleFor(stack, { runtimes })).toThrow(
      `\`runtimes\` must belong to one account: a role cannot be passed to another account, got: ${ACCOUNT}, ${OTHER_ACCOUNT} [Stack/Role]`,
    );
  });

  test('applications of one account are taken where that of the stack is not known', () => {
    const stack = newStack();

    roleFor(stack, { runtimes: [importIn(stack), second(stack)] });

    expect(role(stack).AssumeRolePolicyDocument).toEqual(trustIn([APPLICATION_ARN, SECOND_ARN]));
  });

  test('an application of the stack, whose account is not known, is taken beside one of a known account', () => {
    const stack = newStack();
    const runtime = new SparkEmrServerlessRuntime(stack, 'Own');

    roleFor(stack, { runtimes: [runtime, second(stack)] });

    expect(role(stack).AssumeRolePolicyDocument.Statement[0].Condition.StringEquals).toEqual({
      'aws:SourceAccount': [{ Ref: 'AWS::AccountId' }, ACCOUNT],
    });
  });
});

describe('the trust policy of many applications', () => {
  /** A role for applications whose ARNs have 70 characters and more. */
  function roleOfMany(count: number): Stack {
    const stack = newStack(ENV);
    new SparkExecutionRole(stack, 'Role', {
      runtimes: Array.from({ length: count }, (_, i) => SparkEmrServerlessRuntime.fromApplicationArn(stack, `Import${i}`, `${APPLICATION_ARN}${1000 + i}`)),
    });
    return stack;
  }

  const trustLength = (stack: Stack) => JSON.stringify(role(stack).AssumeRolePolicyDocument).length;

  test('is fine with 2048 characters', () => {
    const stack = roleOfMany(10);

    expect(trustLength(stack)).toBeLessThanOrEqual(2048);
    expect(warnings(stack)).toEqual([]);
  });

  test('is warned of with more, because the quota may be raised', () => {
    const stack = roleOfMany(13);

    expect(trustLength(stack)).toBeGreaterThan(2048);
    expect(warnings(stack)).toEqual([expect.stringMatching(`^the trust policy has ${trustLength(stack)} characters, and IAM allows 2048 by default`)]);
  });

  /** A role whose trust policy has so many characters, because of a statement that is added. */
  function trusting(characters: number, runtimes: (stack: Stack) => ISparkEmrServerlessRuntime[]): Stack {
    const stack = newStack(ENV);
    const { assumeRolePolicy } = roleFor(stack, { runtimes: runtimes(stack) });
    const statement = (text: string) => new iam.PolicyStatement({
      actions: ['sts:AssumeRole'], principals: [new iam.ServicePrincipal('glue.amazonaws.com')], conditions: { StringEquals: { 'aws:SourceArn': text } },
    });
    const lengthOf = (json: unknown) => JSON.stringify(stack.resolve(json)).length;
    const known = lengthOf(assumeRolePolicy!.toJSON()) + ','.length + lengthOf(statement('').toJSON());
    assumeRolePolicy!.addStatements(statement('x'.repeat(characters - known)));
    expect(trustLength(stack)).toBe(characters);
    return stack;
  }

  const two = (stack: Stack) => [importIn(stack), second(stack)];
  const warning = (characters: number) => `the trust policy has ${characters} characters, and IAM allows 2048 by default. Use more roles, or ask AWS to`
    + ' raise the quota [ack: cdk-spark-emr-serverless:trustPolicyTooLong]';

  test.each([
    [2048, []],
    [2049, [warning(2049)]],
    [4096, [warning(4096)]],
  ])('may have %i characters', (characters, expected) => {
    expect(warnings(trusting(characters, two))).toEqual(expected);
  });

  test('may not have 4097 characters', () => {
    expect(() => trusting(4097, two))
      .toThrow('[Stack/Role] `runtimes` must make a trust policy of at most 4096 characters, got: 4097. Use more roles');
  });

  test('is not counted for one application, because the props do not make it long', () => {
    expect(warnings(trusting(2049, (stack) => [importIn(stack)]))).toEqual([]);
  });

  test('is refused with more than 4096 characters', () => {
    expect(() => Template.fromStack(roleOfMany(40)))
      .toThrow(/\[Stack\/Role\] `runtimes` must make a trust policy of at most 4096 characters, got: \d{4}\. Use more roles/);
  });
});
