import { App, CfnParameter, Duration, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ISparkEmrServerlessRuntime, SparkEmrServerlessRuntime, SparkExecutionRole, SparkExecutionRoleProps } from '../../src';
import { bucketIn, objectsOf } from '../logging-props';
import {
  ACCOUNT, allow, APPLICATION_ARN, ENV, expectNoLiteralPartition, expectNoPolicy, IDENTITY_CENTER_ARN, importIn, newStack, onlyResource,
  OTHER_ACCOUNT, OTHER_PARTITIONS, partitioned, policyStatements, resourceTypes, submitterIn, warnings, WORKSPACE_ARN,
} from '../util';
import { executionPolicy, READ, readStatement, role, trust } from './role-documents';
import { PASS_ROLE } from './verbs';

const SECOND_ARN = `${APPLICATION_ARN}4`;

function second(stack: Stack, applicationArn = SECOND_ARN): ISparkEmrServerlessRuntime {
  return SparkEmrServerlessRuntime.fromApplicationArn(stack, 'Second', applicationArn);
}

/** The trust in several applications, by their ARNs. */
function trustIn(arns: unknown[], action: unknown = 'sts:AssumeRole') {
  const [statement] = trust({ arn: APPLICATION_ARN, action }).Statement;
  const sources = arns.flatMap((arn) => [arn, typeof arn === 'string' ? `${arn}/*` : { 'Fn::Join': ['', [arn, '/*']] }]);
  return { Statement: [{ ...statement, Condition: { ...statement.Condition, ArnLike: { 'aws:SourceArn': sources } } }], Version: '2012-10-17' };
}

function roleFor(stack: Stack, props: Partial<SparkExecutionRoleProps> = {}) {
  return new SparkExecutionRole(stack, 'Role', { ...props, runtimes: 'runtimes' in props ? props.runtimes! : [importIn(stack)] });
}

function refusal(props: Partial<SparkExecutionRoleProps>): string {
  const stack = newStack(ENV);
  try {
    roleFor(stack, props);
  } catch (error) {
    expect(stack.node.tryFindChild('Role')).toBeUndefined();
    return (error as Error).message;
  }
  throw new Error('was not refused');
}

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

describe('the logs', () => {
  function logging(stack: Stack): ISparkEmrServerlessRuntime[] {
    return [
      importIn(stack, { applicationArn: APPLICATION_ARN, s3Logs: { bucket: bucketIn(stack) } }),
      SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(stack, 'Second', {
        applicationArn: SECOND_ARN, prometheusWorkspaceArn: WORKSPACE_ARN,
      }),
    ];
  }

  test('of all applications are granted', () => {
    const stack = newStack(ENV);

    roleFor(stack, { runtimes: logging(stack) });

    expect(policyStatements(stack)).toEqual([
      allow('s3:PutObject', partitioned('s3:::log-bucket/applications/00abc123/*')),
      allow('aps:RemoteWrite', WORKSPACE_ARN),
    ]);
  });

  test('are not granted with grantLogging: false', () => {
    const stack = newStack(ENV);

    roleFor(stack, { runtimes: logging(stack), grantLogging: false });

    expectNoPolicy(stack);
  });
});

describe('the props of the role', () => {
  test('are those of the resource', () => {
    const stack = newStack(ENV);

    roleFor(stack, {
      roleName: 'jobs',
      path: '/spark/',
      description: 'Nightly jobs',
      maxSessionDuration: Duration.hours(2),
      permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::aws:policy/Boundary'),
      managedPolicies: [iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Managed', 'arn:aws:iam::aws:policy/Managed')],
      policyDocument: new iam.PolicyDocument({ statements: [readStatement()] }),
    });

    expect(role(stack)).toEqual({
      AssumeRolePolicyDocument: trust({ arn: APPLICATION_ARN }),
      RoleName: 'jobs',
      Path: '/spark/',
      Description: 'Nightly jobs',
      MaxSessionDuration: 7200,
      PermissionsBoundary: 'arn:aws:iam::aws:policy/Boundary',
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/Managed'],
      Policies: executionPolicy(READ),
    });
  });

  test('inlinePolicies go beside policyDocument', () => {
    const stack = newStack(ENV);
    const statement = new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::data'] });
    const list = new iam.PolicyDocument();

    roleFor(stack, {
      policyDocument: new iam.PolicyDocument({ statements: [readStatement()] }),
      inlinePolicies: { List: list, Empty: new iam.PolicyDocument() },
    });
    list.addStatements(statement);

    expect(role(stack).Policies).toEqual([
      ...executionPolicy(READ),
      { PolicyName: 'List', PolicyDocument: { Statement: [allow('s3:ListBucket', 'arn:aws:s3:::data')], Version: '2012-10-17' } },
    ]);
  });

  test('inlinePolicies are checked as policies of an identity', () => {
    const stack = newStack(ENV);
    const statement = readStatement();
    statement.addAccountRootPrincipal();

    roleFor(stack, { inlinePolicies: { Wrong: new iam.PolicyDocument({ statements: [statement] }) } });

    expect(() => Template.fromStack(stack)).toThrow('[Stack/Role] A PolicyStatement used in an identity-based policy cannot specify');
  });

  test.each<[Partial<SparkExecutionRoleProps>, string]>([
    [{ runtimes: [] }, '`runtimes` must hold at least one application, got: []'],
    [{ runtimes: undefined }, '`runtimes` must be given, got: undefined'],
    [{ runtimes: ['spark'] as never }, '`runtimes[0]` must be a SparkEmrServerlessRuntime or an imported one, got: "spark"'],
    [{ roleName: 'nightly jobs' }, '`roleName` must be 1 to 64 characters of A-Z a-z 0-9 + = , . @ _ -, got: "nightly jobs"'],
    [{ policyDocument: {} as never }, '`policyDocument` must be a policy document, got: an object of class Object'],
    [{ inlinePolicies: { Read: {} } as never }, '`inlinePolicies.Read` must be a policy document, got: an object of class Object'],
    [{ inlinePolicies: 'Read' as never }, '`inlinePolicies` must be an object with keys and values, got: "Read"'],
    [
      { inlinePolicies: { 'my policy': new iam.PolicyDocument() } },
      '`inlinePolicies` must be policies with names of 1 to 128 characters of A-Z a-z 0-9 + = , . @ _ -, got: "my policy"',
    ],
    [
      { policyDocument: new iam.PolicyDocument(), inlinePolicies: { ExecutionPolicy: new iam.PolicyDocument() } },
      '`inlinePolicies` must not have the name of the policy that `policyDocument` becomes, got: "ExecutionPolicy"',
    ],
  ])('%# are refused', (props, message) => {
    expect(refusal(props)).toBe(`${message} [Stack/Role]`);
  });

  test('are all refused at once', () => {
    expect(refusal({ roleName: 'my role', path: 'spark' })).toContain('2 problems in [Stack/Role]');
  });

  test('ExecutionPolicy may be a name without policyDocument', () => {
    const stack = newStack(ENV);

    roleFor(stack, { inlinePolicies: { ExecutionPolicy: new iam.PolicyDocument({ statements: [readStatement()] }) } });

    expect(role(stack).Policies).toEqual(executionPolicy(READ));
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

describe('several stacks', () => {
  test('a role of its own stack refers to the applications, and they do not refer to it', () => {
    const app = new App();
    const applications = new Stack(app, 'Applications', { env: ENV });
    const roles = new Stack(app, 'Roles', { env: ENV });
    const runtimes = ['One', 'Other'].map((id) =>
      new SparkEmrServerlessRuntime(applications, id, { s3Logs: { bucket: s3.Bucket.fromBucketName(applications, `${id}Logs`, 'log-bucket') } }));

    new SparkExecutionRole(roles, 'Role', { runtimes });

    const exported = (name: string) => ({ 'Fn::ImportValue': expect.stringMatching(`^Applications:ExportsOutputFnGetAtt${name}`) });
    expect(role(roles).AssumeRolePolicyDocument).toEqual(trustIn([exported('One.*Arn'), exported('Other.*Arn')]));
    expect(policyStatements(roles)).toEqual([
      allow('s3:PutObject', objectsOf(exported('One.*ApplicationId'), 'log-bucket/')),
      allow('s3:PutObject', objectsOf(exported('Other.*ApplicationId'), 'log-bucket/')),
    ]);
    expect(resourceTypes(applications)).toEqual(['AWS::EMRServerless::Application', 'AWS::EMRServerless::Application']);
  });

  test('a role serves applications of two Regions', () => {
    const app = new App();
    const ireland = new Stack(app, 'Ireland', { env: ENV, crossRegionReferences: true });
    const virginia = new Stack(app, 'Virginia', { env: { account: ACCOUNT, region: 'us-east-1' }, crossRegionReferences: true });
    const here = new SparkEmrServerlessRuntime(ireland, 'Spark', { cloudWatchLogs: {} });
    const there = new SparkEmrServerlessRuntime(virginia, 'Spark', { cloudWatchLogs: {} });

    new SparkExecutionRole(ireland, 'Role', { runtimes: [here, there] });

    const statements = JSON.stringify(policyStatements(ireland));
    expect(statements).toContain(`:logs:eu-west-1:${ACCOUNT}:log-group:/aws/emr-serverless:`);
    expect(statements).toContain(`:logs:us-east-1:${ACCOUNT}:log-group:/aws/emr-serverless:`);
    const [sources] = Object.values(Template.fromStack(ireland).findResources('AWS::IAM::Role'))
      .map(({ Properties }) => Properties.AssumeRolePolicyDocument.Statement[0])
      .filter(({ Principal }) => Principal.Service === 'emr-serverless.amazonaws.com')
      .map(({ Condition }) => Condition.ArnLike['aws:SourceArn']);
    expect(sources).toHaveLength(4);
    expect(sources[0]).toEqual(ireland.resolve(here.applicationArn));
    // how CDK hands the ARN from one Region to another depends on its version
    expect(JSON.stringify(sources[2])).toMatch(/Virginia.*us-?east-?1/);
  });

  test('a role of its own stack is passed by a submitter of a third', () => {
    const app = new App();
    const [applications, roles, users] = ['Applications', 'Roles', 'Users'].map((id) => new Stack(app, id, { env: ENV }));
    const runtime = new SparkEmrServerlessRuntime(applications, 'Spark');

    runtime.grants.startJobExecution(submitterIn(users), new SparkExecutionRole(roles, 'Role', { runtimes: [runtime] }));

    expect(policyStatements(users)).toContainEqual({ ...PASS_ROLE, Resource: { 'Fn::ImportValue': expect.stringContaining('Roles:') } });
  });
});

test.each(OTHER_PARTITIONS)('in %s it names no other partition', (region) => {
  const stack = newStack({ account: ACCOUNT, region });
  const runtimes = ['One', 'Other'].map((id) => new SparkEmrServerlessRuntime(stack, id, { cloudWatchLogs: {} }));

  new SparkExecutionRole(stack, 'Role', { runtimes });

  expectNoLiteralPartition(stack);
});

test('createExecutionRole() makes one', () => {
  const executionRole: SparkExecutionRole = importIn(newStack(ENV)).createExecutionRole('ExecutionRole');

  expect(executionRole).toBeInstanceOf(SparkExecutionRole);
});

test('with Role.customizeRoles() the role that exists is used', () => {
  const app = new App();
  iam.Role.customizeRoles(app, { usePrecreatedRoles: { 'Stack/Role': 'made-by-the-platform-team' } });
  const stack = new Stack(app, 'Stack', { env: ENV });

  const executionRole = roleFor(stack, { inlinePolicies: { Read: new iam.PolicyDocument({ statements: [readStatement()] }) } });

  expect(stack.resolve(executionRole.roleArn)).toEqual(partitioned(`iam::${ACCOUNT}:role/made-by-the-platform-team`));
  expect(Template.fromStack(stack).findResources('AWS::IAM::Role')).toEqual({});
});

test('with Role.customizeRoles() a role that exists serves several applications', () => {
  const app = new App();
  iam.Role.customizeRoles(app, { usePrecreatedRoles: { 'Stack/Role': 'made-by-the-platform-team' } });
  const stack = new Stack(app, 'Stack', { env: ENV });

  const executionRole = roleFor(stack, { runtimes: [importIn(stack), second(stack)] });

  expect(stack.resolve(executionRole.roleArn)).toEqual(partitioned(`iam::${ACCOUNT}:role/made-by-the-platform-team`));
  expect(Template.fromStack(stack).findResources('AWS::IAM::Role')).toEqual({});
});

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
