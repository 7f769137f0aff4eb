import { CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SparkExecutionRole } from '../../src';
import { ENV, importIn, newStack, onlyResource, resourceTypes, submitterIn } from '../util';
import { readStatement, role, roleFor } from './role-documents';

describe('the size of the inline policies', () => {
  /** A document of so many characters, as a template has it. Of the resource that is `given`, only `counted` counts. */
  function documentOf(characters: number, given = '', counted = given): iam.PolicyDocument {
    const documentWith = (...resources: string[]) => new iam.PolicyDocument({
      statements: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources })],
    });
    const missing = characters - JSON.stringify(documentWith('x', counted).toJSON()).length;
    return documentWith(`x${'x'.repeat(missing)}`, given);
  }

  const tooLarge = (characters: number) => '[Stack/Role] `policyDocument`, `inlinePolicies` and what the role is granted must have at most 10240'
    + ` characters together, without white space, got: ${characters}. Move statements to a managed policy (\`managedPolicies\`)`;

  test('may be 10,240 characters', () => {
    const stack = newStack(ENV);

    roleFor(stack, { policyDocument: documentOf(10_240) });

    expect(JSON.stringify(onlyResource(stack, 'AWS::IAM::Role').Policies[0].PolicyDocument)).toHaveLength(10_240);
  });

  test('may not be more', () => {
    const stack = newStack(ENV);

    roleFor(stack, { policyDocument: documentOf(10_241) });

    expect(() => Template.fromStack(stack)).toThrow(tooLarge(10_241));
  });

  test('may not be more for a role of createExecutionRole() either', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', documentOf(10_241));

    expect(() => Template.fromStack(stack)).toThrow('[Stack/Spark/ExecutionRole] `policyDocument`, `inlinePolicies` and what the role is granted');
  });

  test('counts all documents together', () => {
    const stack = newStack(ENV);

    roleFor(stack, { policyDocument: documentOf(5_121), inlinePolicies: { More: documentOf(5_120) } });

    expect(() => Template.fromStack(stack)).toThrow(tooLarge(10_241));
  });

  test('counts what the role is granted', () => {
    const stack = newStack(ENV);
    const executionRole = roleFor(stack, { policyDocument: documentOf(10_240) });

    executionRole.addToPolicy(readStatement());

    expect(() => Template.fromStack(stack)).toThrow('must have at most 10240 characters together');
  });

  test('counts policies that are attached to the role', () => {
    const stack = newStack(ENV);
    const executionRole = roleFor(stack, { policyDocument: documentOf(10_240) });

    new iam.Policy(stack, 'Policy', { roles: [executionRole], statements: [readStatement()] });

    expect(() => Template.fromStack(stack)).toThrow('must have at most 10240 characters together');
  });

  test('does not count policies of other roles, nor managed policies', () => {
    const stack = newStack(ENV);
    const executionRole = roleFor(stack, { policyDocument: documentOf(10_240) });

    new iam.Policy(stack, 'Policy', { roles: [submitterIn(stack)], statements: [readStatement()] });
    new iam.ManagedPolicy(stack, 'Managed', { roles: [executionRole], document: documentOf(6_000) });

    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('does not count white space', () => {
    const stack = newStack(ENV);

    roleFor(stack, { policyDocument: documentOf(10_240, 'a b c', 'abc') });

    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test.each([
    [10_240, 'a parameter', (parameter: string) => [parameter, '']],
    [10_240, 'a text with a parameter', (parameter: string) => [`${parameter}/abc`, '/abc']],
  ] as const)('is %i characters with %s, of which the known ones count', (characters, _, resource) => {
    const stack = newStack(ENV);
    const [given, counted] = resource(new CfnParameter(stack, 'Arn').valueAsString);

    roleFor(stack, { policyDocument: documentOf(characters, given, counted) });

    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test.each<[string, (stack: Stack) => string, string]>([
    ['a parameter between two texts', (stack) => Fn.join('', ['a', new CfnParameter(stack, 'Arn').valueAsString, 'b']), 'ab'],
    ['one of two texts', (stack) => Fn.select(new CfnParameter(stack, 'Index', { type: 'Number' }).valueAsNumber, ['abc', 'def']), ''],
    ['a list that only the deployment knows', (stack) => Fn.join(',', new CfnParameter(stack, 'Arns', { type: 'CommaDelimitedList' }).valueAsList), ''],
  ])('counts the known characters of %s, and no more', (_, given, counted) => {
    const sizes = [10_240, 10_241].map((characters) => {
      const stack = newStack(ENV);
      roleFor(stack, { policyDocument: documentOf(characters, given(stack), counted) });
      return () => Template.fromStack(stack);
    });

    expect(sizes[0]).not.toThrow();
    expect(sizes[1]).toThrow(tooLarge(10_241));
  });

  test('counts members whose names only look like those of functions', () => {
    const statement = (resource: string) => ({
      Effect: 'Allow',
      Action: '*',
      Resource: resource,
      Condition: {
        StringEquals: { Reference: 'x' }, StringLike: { MyRef: 'x' }, ArnLike: { 'xFn::y': 'x' }, ArnEquals: { Ref: 'x', More: 'y' },
      },
    });
    const documentWith = (resource: string) => ({ Version: '2012-10-17', Statement: [statement(resource)] });
    const missing = 10_241 - JSON.stringify(documentWith('')).length;
    const stack = newStack(ENV);
    const executionRole = roleFor(stack);
    (executionRole.node.defaultChild as iam.CfnRole).policies = [{ policyName: 'Own', policyDocument: documentWith('x'.repeat(missing)) }];

    expect(() => Template.fromStack(stack)).toThrow(tooLarge(10_241));
  });

  test('is too large where the known characters are too many', () => {
    const stack = newStack(ENV);
    const parameter = new CfnParameter(stack, 'Arn').valueAsString;

    roleFor(stack, { policyDocument: documentOf(10_241, `${parameter}/abc`, '/abc') });

    expect(() => Template.fromStack(stack)).toThrow(tooLarge(10_241));
  });

  test('counts nothing of a list of which only the deployment knows the items', () => {
    const stack = newStack(ENV);
    const list = Fn.join('/', Fn.split(',', new CfnParameter(stack, 'List').valueAsString));

    roleFor(stack, { policyDocument: documentOf(10_240, list, '') });

    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('leaves a large default policy to CDK, which moves a part of it to managed policies', () => {
    const stack = newStack(ENV);
    const executionRole = roleFor(stack);

    for (let i = 0; i < 200; i++) {
      executionRole.addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [`arn:aws:s3:::data-${i}-${'x'.repeat(60)}/*`] }));
    }

    expect(resourceTypes(stack)).toContain('AWS::IAM::ManagedPolicy');
  });
});

test('a statement that is added after the policy was resolved is rendered', () => {
  const stack = newStack(ENV);
  const policyDocument = new iam.PolicyDocument();
  const executionRole = new SparkExecutionRole(stack, 'Role', { runtimes: [importIn(stack)], policyDocument });
  policyDocument.addStatements(readStatement());
  stack.resolve((executionRole.node.defaultChild as iam.CfnRole).policies);

  policyDocument.addStatements(new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::later'] }));

  expect(JSON.stringify(role(stack).Policies)).toContain('arn:aws:s3:::later');
});

test('a role without policies has no lazy value in their place', () => {
  const { node } = roleFor(newStack(ENV));

  expect((node.defaultChild as iam.CfnRole).policies).toBeUndefined();
});

test('a role whose policies are an intrinsic function is left to the deployment', () => {
  const stack = newStack(ENV);
  const executionRole = new SparkExecutionRole(stack, 'Role', { runtimes: [importIn(stack)] });
  (executionRole.node.defaultChild as iam.CfnRole).policies = Fn.conditionIf('C', [], Fn.ref('AWS::NoValue'));

  expect(role(stack).Policies).toHaveProperty('Fn::If');
});
