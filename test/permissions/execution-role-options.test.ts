import { Aws, CfnParameter, Duration, Fn, Lazy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SparkEmrServerlessRuntime } from '../../src';
import { ACCOUNT, allow, APPLICATION_ARN, ENV, importIn, lazy, lazyNumber, newStack, onlyResource, partitioned, policyStatements, WORKSPACE_ARN } from '../util';
import { executionPolicy, READ, readStatement, role, trust } from './role-documents';

describe('the options', () => {
  test('roleName is the name', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, { roleName: 'jobs' });

    expect(role(stack).RoleName).toBe('jobs');
  });

  test('description is the description', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, { description: 'Nightly jobs' });

    expect(role(stack).Description).toBe('Nightly jobs');
  });

  test('a description of 1000 characters is taken', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, { description: 'x'.repeat(1000) });

    expect(role(stack).Description).toHaveLength(1000);
  });

  test.each([
    ['a'.repeat(65)],
    ['nightly jobs'],
    [''],
    ['spark/jobs'],
  ])('roleName is not %j', (roleName) => {
    const stack = newStack(ENV);

    expect(() => importIn(stack).createExecutionRole('ExecutionRole', undefined, { roleName }))
      .toThrow('`roleName` must be 1 to 64 characters of A-Z a-z 0-9 + = , . @ _ -, got: "');
    expect(stack.node.findChild('Spark').node.tryFindChild('ExecutionRole')).toBeUndefined();
  });

  test.each(['a'.repeat(64), 'A-Za-z0-9+=,.@_'])('roleName may be %j', (roleName) => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, { roleName });

    expect(role(stack).RoleName).toBe(roleName);
  });

  test.each([
    ['roleName', { roleName: lazy('nightly jobs') }],
    ['roleName', { roleName: lazy('*') }],
    ['path', { path: lazy('/*/') }],
    ['path', { path: Fn.sub('/${!aws:username}/') }],
    ['description', { description: lazy('') }],
    ['maxSessionDuration', { maxSessionDuration: Duration.seconds(lazyNumber(3599)) }],
  ])('%s is checked as rendered', (option, options) => {
    const stack = newStack(ENV);
    importIn(stack).createExecutionRole('ExecutionRole', undefined, options);

    expect(() => role(stack)).toThrow(`[Stack/Spark/ExecutionRole] \`${option}\` must be`);
  });

  test('lazy options are taken', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, {
      roleName: lazy('jobs'), path: lazy('/a/'), description: lazy('x'), maxSessionDuration: Duration.seconds(lazyNumber(3600)),
    });

    expect(role(stack)).toMatchObject({ RoleName: 'jobs', Path: '/a/', Description: 'x', MaxSessionDuration: 3600 });
  });

  test.each(['*', '?', '${aws:username}'])('%s is refused beside a token in the path', (wide) => {
    expect(() => importIn(newStack(ENV)).createExecutionRole('ExecutionRole', undefined, { path: `/${Aws.REGION}/${wide}/` }))
      .toThrow('`path` must be / or a text');
  });

  const PATH = '`path` must be / or a text of 2 to 512 characters of ASCII that begins and ends with /, without spaces, *, ? or ${, got: "';

  test.each([
    '', 'spark', '/spark', 'spark/', '/my jobs/', '/spärk/', '/*/', '/team?/', '/${aws:username}/', `/${'a'.repeat(511)}/`,
  ])('path is not %j', (path) => {
    expect(() => importIn(newStack(ENV)).createExecutionRole('ExecutionRole', undefined, { path })).toThrow(PATH);
  });

  test.each(['/', '/spark/', '/team/spark/', '/a$b{c}!~/', `/${'a'.repeat(510)}/`])('path may be %j', (path) => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, { path });

    expect(role(stack).Path).toBe(path);
  });

  test('path may be a token', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, { path: new CfnParameter(stack, 'Path').valueAsString });

    expect(role(stack).Path).toEqual({ Ref: 'Path' });
  });

  test.each([
    [Duration.seconds(3599), '59 minutes 59 seconds'],
    [Duration.seconds(43_201), '12 hours 1 second'],
    [Duration.millis(3_600_500), '1 hour 500 millis'],
    [Duration.hours(13), '13 hours'],
  ])('maxSessionDuration is not %s', (maxSessionDuration, given) => {
    expect(() => importIn(newStack(ENV)).createExecutionRole('ExecutionRole', undefined, { maxSessionDuration }))
      .toThrow(`\`maxSessionDuration\` must be 1 to 12 hours in whole seconds, got: ${given}`);
  });

  test.each([
    [Duration.hours(1), 3600],
    [Duration.seconds(3601), 3601],
    [Duration.hours(12), 43_200],
  ])('maxSessionDuration may be %s', (maxSessionDuration, seconds) => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, { maxSessionDuration });

    expect(role(stack).MaxSessionDuration).toBe(seconds);
  });

  test('maxSessionDuration may be a token', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, {
      maxSessionDuration: Duration.seconds(Lazy.number({ produce: () => 7200 })),
    });

    expect(role(stack).MaxSessionDuration).toBe(7200);
  });

  test.each(['x'.repeat(1001), '', 'jobs of the night 夜', '夜 jobs of the night', 'jobs\u0000', 'jobs\u007f', 'jobs\u00a0', 'jobs\ud800'])('description is not %j', (description) => {
    expect(() => importIn(newStack(ENV)).createExecutionRole('ExecutionRole', undefined, { description }))
      .toThrow('`description` must be 1 to 1000 characters of Latin-1, got: "');
  });

  test.each(['tab\t, line\n, return\r', '~ \u00a1 \u00ff'])('description may be %j', (description) => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, { description });

    expect(role(stack).Description).toBe(stack.resolve(description));
  });

  // as the documentation of `ExecutionRoleOptions.description` promises
  test('managedPolicies are attached', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, {
      managedPolicies: [
        iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Data', `arn:aws:iam::${ACCOUNT}:policy/data`),
        iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonS3ReadOnlyAccess'),
      ],
    });

    expect(role(stack).ManagedPolicyArns).toEqual([
      `arn:aws:iam::${ACCOUNT}:policy/data`,
      partitioned('iam::aws:policy/AmazonS3ReadOnlyAccess'),
    ]);
  });

  test('permissionsBoundary is the boundary', () => {
    const stack = newStack(ENV);

    importIn(stack).createExecutionRole('ExecutionRole', undefined, {
      permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', `arn:aws:iam::${ACCOUNT}:policy/boundary`),
    });

    expect(role(stack).PermissionsBoundary).toBe(`arn:aws:iam::${ACCOUNT}:policy/boundary`);
  });

  test('all go together', () => {
    const stack = newStack(ENV);
    const policy = iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Policy', `arn:aws:iam::${ACCOUNT}:policy/policy`);

    importIn(stack).createExecutionRole('ExecutionRole', new iam.PolicyDocument({ statements: [readStatement()] }), {
      roleName: 'jobs', description: 'Nightly jobs', managedPolicies: [policy], permissionsBoundary: policy, grantLogging: true,
    });

    expect(role(stack)).toEqual({
      AssumeRolePolicyDocument: trust({ arn: APPLICATION_ARN }),
      Description: 'Nightly jobs',
      ManagedPolicyArns: [`arn:aws:iam::${ACCOUNT}:policy/policy`],
      PermissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/policy`,
      Policies: executionPolicy(READ),
      RoleName: 'jobs',
    });
  });

  test.each([undefined, true])('with grantLogging %s the role writes the logs', (grantLogging) => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { cloudWatchLogs: {} });

    runtime.createExecutionRole('ExecutionRole', undefined, { grantLogging });

    expect(policyStatements(stack)).toContainEqual(expect.objectContaining({ Action: expect.arrayContaining(['logs:PutLogEvents']) }));
  });

  test('with grantLogging off the role writes no logs', () => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { cloudWatchLogs: {} });

    runtime.createExecutionRole('ExecutionRole', undefined, { grantLogging: false });

    expect(policyStatements(stack)).toEqual([]);
  });

  test('with grantLogging off a managed policy that several roles share writes the logs', () => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { prometheusWorkspaceArn: WORKSPACE_ARN });
    const logging = new iam.ManagedPolicy(stack, 'Logging');

    runtime.grants.writeLogs(logging);
    runtime.createExecutionRole('ExecutionRole', undefined, { grantLogging: false, managedPolicies: [logging] });

    expect(policyStatements(stack)).toEqual([]);
    expect(onlyResource(stack, 'AWS::IAM::ManagedPolicy').PolicyDocument.Statement).toEqual([
      allow('aps:RemoteWrite', WORKSPACE_ARN),
    ]);
  });
});
