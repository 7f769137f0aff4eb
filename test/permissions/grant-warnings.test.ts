import { Annotations as CdkAnnotations, App, Aws, CfnParameter, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeGrants, SparkExecutionRole } from '../../src';
import { ACCOUNT, APPLICATION_ARN, ENV, EXECUTION_ROLE_ARN, importIn, lazy, newStack, submitterIn } from '../util';
import { executionRoleIn, VERBS, VERBS_WITH_ROLE } from './verbs';

const EMR_SERVERLESS = new iam.ServicePrincipal('emr-serverless.amazonaws.com');

/** The warnings that a synthesis shows. */
function shown(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('cdk-spark-emr-serverless')).map(({ entry }) => String(entry.data));
}

describe('an endpoint that is off', () => {
  const warning = (verb: string, prop: string, property: string) =>
    `the grant \`${verb}\` has no effect, because the application has no such endpoint. Set \`${prop}\` of the application`
    + ` to true (of a CfnApplication, \`interactiveConfiguration.${property}\`) [ack: cdk-spark-emr-serverless:endpointOff]`;

  const ENDPOINTS = [
    ['useLivy', 'livyEndpoint', 'livyEndpointEnabled'],
    ['useStudio', 'studio', 'studioEnabled'],
    ['useSparkConnect', 'sparkConnect', 'sessionEnabled'],
  ] as const;

  test.each(ENDPOINTS)('is warned of by %s', (verb, prop, property) => {
    const stack = newStack(ENV);
    const others = Object.fromEntries(ENDPOINTS.map(([, other]) => [other, other !== prop]));

    VERBS[verb].grant(new SparkEmrServerlessRuntime(stack, 'Spark', others).grants, submitterIn(stack), executionRoleIn(stack));

    expect(shown(stack)).toEqual([warning(verb, prop, property)]);
  });

  test.each(ENDPOINTS)('is on for %s', (verb, prop) => {
    const stack = newStack(ENV);

    VERBS[verb].grant(new SparkEmrServerlessRuntime(stack, 'Spark', { [prop]: true }).grants, submitterIn(stack), executionRoleIn(stack));

    expect(shown(stack)).toEqual([]);
  });

  test.each(ENDPOINTS)('may be a token for %s', (verb, prop) => {
    const stack = newStack(ENV);
    const enabled = Lazy.any({ produce: () => false });

    VERBS[verb].grant(
      new SparkEmrServerlessRuntime(stack, 'Spark', { [prop]: enabled }).grants, submitterIn(stack), executionRoleIn(stack));

    expect(shown(stack)).toEqual([]);
  });

  test.each(ENDPOINTS)('is not known of an import with %s', (verb) => {
    const stack = newStack(ENV);

    VERBS[verb].grant(importIn(stack).grants, submitterIn(stack), executionRoleIn(stack));

    expect(shown(stack)).toEqual([]);
  });

  test.each<[string, CfnApplication['interactiveConfiguration'], number]>([
    ['no configuration', undefined, 1],
    ['a configuration of another endpoint', { studioEnabled: true }, 1],
    ['a configuration that turns it off', { livyEndpointEnabled: false }, 1],
    ['a configuration that turns it on', { livyEndpointEnabled: true }, 0],
    ['a configuration that is a token', Lazy.any({ produce: () => undefined }), 0],
  ])('is read from a CfnApplication with %s', (_, interactiveConfiguration, count) => {
    const stack = newStack(ENV);
    const bare = new CfnApplication(stack, 'Bare', { type: 'SPARK', releaseLabel: 'emr-7.14.0', interactiveConfiguration });

    SparkEmrServerlessRuntimeGrants.fromApplication(bare).useLivy(submitterIn(stack), executionRoleIn(stack));

    expect(shown(stack)).toHaveLength(count);
  });

  test('is not warned of if the resource turns it on later', () => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');
    runtime.grants.useLivy(submitterIn(stack), executionRoleIn(stack));

    runtime.application.interactiveConfiguration = { livyEndpointEnabled: true };

    expect(shown(stack)).toEqual([]);
  });

  test('is warned of once', () => {
    const stack = newStack(ENV);
    const { grants } = new SparkEmrServerlessRuntime(stack, 'Spark');

    const executionRole = executionRoleIn(stack);

    grants.useLivy(submitterIn(stack), executionRole);
    grants.useLivy(new iam.User(stack, 'User'), executionRole);

    expect(shown(stack)).toHaveLength(1);
  });

  test('can be acknowledged', () => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');
    runtime.grants.useLivy(submitterIn(stack), executionRoleIn(stack));

    CdkAnnotations.of(runtime).acknowledgeWarning('cdk-spark-emr-serverless:endpointOff');

    expect(shown(stack)).toEqual([]);
  });
});

describe('the trust of an execution role', () => {
  const warning = (trusted: string, application = 'Stack/Spark') =>
    `jobs of ${application} cannot run as this role, because it ${trusted}. Let the role trust \`executionPrincipal\` of the application,`
    + ' or create it with `createExecutionRole()` or `SparkExecutionRole` [ack: cdk-spark-emr-serverless:executionRoleTrust]';
  const OF_OTHERS = warning('trusts other applications only');
  const NOT_AT_ALL = warning('does not trust EMR Serverless');

  function granted(stack: Stack, assumedBy: iam.IPrincipal, runtime = importIn(stack)): iam.Role {
    const role = new iam.Role(stack, 'Role', { assumedBy });
    runtime.grantStartJobExecution(submitterIn(stack), role.roleArn);
    return role;
  }

  const on = (...sources: string[]) => EMR_SERVERLESS.withConditions({ ArnLike: { 'aws:SourceArn': sources } });

  test.each(VERBS_WITH_ROLE)('in another application is warned of by %s', (verb) => {
    const stack = newStack(ENV);
    const props = { livyEndpoint: true, studio: true, sparkConnect: true };
    const [one, other] = ['One', 'Other'].map((id) => new SparkEmrServerlessRuntime(stack, id, props));

    VERBS[verb].grant(one.grants, submitterIn(stack), other.createExecutionRole('Role'));

    expect(shown(stack)).toEqual([warning('trusts other applications only', 'Stack/One')]);
  });

  test.each<[string, (stack: Stack) => iam.IPrincipal]>([
    ['another service', () => new iam.ServicePrincipal('glue.amazonaws.com')],
    ['the service-linked role\'s service', () => new iam.ServicePrincipal('ops.emr-serverless.amazonaws.com')],
    ['the account', () => new iam.AccountRootPrincipal()],
    ['an identity provider', () => new iam.FederatedPrincipal('cognito-identity.amazonaws.com', {}, 'sts:AssumeRoleWithWebIdentity')],
  ])('in %s only is warned of', (_, principal) => {
    const stack = newStack(ENV);

    granted(stack, principal(stack));

    expect(shown(stack)).toEqual([NOT_AT_ALL]);
  });

  test.each<[string, string[]]>([
    ['another application', [`${APPLICATION_ARN}4`]],
    ['job runs of another application', [`${APPLICATION_ARN}4/*`]],
    ['a job run of another application', [`${APPLICATION_ARN}4/jobruns/00run`]],
    ['two other applications', [`${APPLICATION_ARN}4`, `arn:${Aws.PARTITION}:emr-serverless:${Aws.REGION}:${Aws.ACCOUNT_ID}:/applications/00other`]],
  ])('in %s only is warned of', (_, sources) => {
    const stack = newStack(ENV);

    granted(stack, on(...sources));

    expect(shown(stack)).toEqual([OF_OTHERS]);
  });

  test.each<[string, (stack: Stack) => iam.IPrincipal]>([
    ['this application', (stack) => (stack.node.findChild('Spark') as SparkEmrServerlessRuntime).executionPrincipal],
    ['EMR Serverless', () => EMR_SERVERLESS],
    ['all applications of the account', () => on(`arn:aws:emr-serverless:eu-west-1:${ACCOUNT}:/applications/*`)],
    ['everything', () => on('*')],
    ['this and another application', () => on(APPLICATION_ARN, `${APPLICATION_ARN}4`)],
    ['applications whose ids start with this id', () => on(`${APPLICATION_ARN}*`)],
    ['applications whose ids start with the same characters', () => on(`${APPLICATION_ARN.slice(0, -1)}*`)],
    ['an application that only the deployment knows', (stack) => on(new CfnParameter(stack, 'Arn').valueAsString)],
    ['a list that only the deployment knows', (stack) => EMR_SERVERLESS.withConditions({
      ArnLike: { 'aws:SourceArn': new CfnParameter(stack, 'Arns', { type: 'CommaDelimitedList' }).valueAsList },
    })],
    ['an application that is a lazy value', () => on(lazy(`${APPLICATION_ARN}4`))],
    ['conditions that are a token', () => EMR_SERVERLESS.withConditions({
      ArnLike: Lazy.any({ produce: () => ({ 'aws:SourceArn': `${APPLICATION_ARN}4` }) }) as never,
    })],
    ['the account, by a condition', () => EMR_SERVERLESS.withConditions({ StringEquals: { 'aws:SourceAccount': ACCOUNT } })],
    ['all but another application', () => EMR_SERVERLESS.withConditions({ ArnNotLike: { 'aws:SourceArn': `${APPLICATION_ARN}4` } })],
    ['another condition', () => EMR_SERVERLESS.withConditions({ StringLike: { 'aws:PrincipalTag/x': `${APPLICATION_ARN}4` } })],
    ['everybody', () => new iam.AnyPrincipal()],
    ['a service that is a token', (stack) => new iam.ServicePrincipal(new CfnParameter(stack, 'Service').valueAsString)],
    ['glue and EMR Serverless', () => new iam.CompositePrincipal(new iam.ServicePrincipal('glue.amazonaws.com'), EMR_SERVERLESS)],
  ])('in %s is fine', (_, principal) => {
    const stack = newStack(ENV);
    const runtime = importIn(stack);

    granted(stack, principal(stack), runtime);

    expect(shown(stack)).toEqual([]);
  });

  test('counts what is added to the trust policy later', () => {
    const stack = newStack(ENV);
    const runtime = importIn(stack);
    const role = granted(stack, new iam.ServicePrincipal('glue.amazonaws.com'), runtime);

    role.assumeRolePolicy!.addStatements(new iam.PolicyStatement({ actions: ['sts:AssumeRole'], principals: [runtime.executionPrincipal] }));

    expect(shown(stack)).toEqual([]);
  });

  test.each(['sts:*', '*', 'sts:assumerole', 'sts:Assume*'])('may name the action %s', (action) => {
    const stack = newStack(ENV);
    const role = granted(stack, new iam.ServicePrincipal('glue.amazonaws.com'));

    role.assumeRolePolicy!.addStatements(new iam.PolicyStatement({ actions: [action], principals: [EMR_SERVERLESS] }));

    expect(shown(stack)).toEqual([]);
  });

  test('that allows EMR Serverless another action only, or denies it, is warned of', () => {
    const stack = newStack(ENV);
    const role = granted(stack, new iam.ServicePrincipal('glue.amazonaws.com'));

    role.assumeRolePolicy!.addStatements(
      new iam.PolicyStatement({ actions: ['sts:SetContext'], principals: [EMR_SERVERLESS] }),
      new iam.PolicyStatement({ actions: ['sts:AssumeRole'], principals: [EMR_SERVERLESS], effect: iam.Effect.DENY }),
    );

    expect(shown(stack)).toEqual([NOT_AT_ALL]);
  });

  const statement = { Effect: 'Allow', Principal: { Service: 'emr-serverless.amazonaws.com' }, Action: 'sts:AssumeRole' };

  test.each<[string, unknown, string[]]>([
    ['a statement', { Statement: [statement] }, []],
    ['one statement without a list', { Statement: statement }, []],
    ['no statement', { Statement: [] }, [NOT_AT_ALL]],
    ['nothing', {}, [NOT_AT_ALL]],
    ['every principal', { Statement: { ...statement, Principal: '*' } }, []],
    ['other principals', { Statement: { Effect: 'Allow', NotPrincipal: { AWS: '*' }, NotAction: 'sts:TagSession' } }, []],
    ['another application', {
      Statement: { ...statement, Condition: { StringEquals: { 'AWS:SourceArn': `${APPLICATION_ARN}4` } } },
    }, [OF_OTHERS]],
    ['a token', Lazy.any({ produce: () => ({ Statement: [] }) }), []],
    ['a text that is a token', Fn.ref('Trust'), []],
    ['a statement that is a token', { Statement: [Lazy.any({ produce: () => statement })] }, []],
    ['a statement of a condition', { Statement: [{ 'Fn::If': ['Own', statement, { Ref: 'AWS::NoValue' }] }] }, []],
    ['a statement without members', { Statement: [{}] }, [NOT_AT_ALL]],
    ['two actions', { Statement: { ...statement, Action: ['sts:AssumeRole', 'sts:SetContext'] } }, []],
    ['two other actions', { Statement: { ...statement, Action: ['sts:SetContext', 'sts:TagSession'] } }, [NOT_AT_ALL]],
    ['an action that is a token', { Statement: { ...statement, Action: lazy('sts:TagSession') } }, []],
    ['an action that only the deployment knows', { Statement: { ...statement, Action: { Ref: 'Action' } } }, []],
    ['two services', { Statement: { ...statement, Principal: { Service: ['glue.amazonaws.com', 'emr-serverless.amazonaws.com'] } } }, []],
    ['two other services', { Statement: { ...statement, Principal: { Service: ['glue.amazonaws.com', 'ec2.amazonaws.com'] } } }, [NOT_AT_ALL]],
    ['principals of two kinds', { Statement: { ...statement, Principal: { ...statement.Principal, AWS: ACCOUNT } } }, []],
    ['principals of a condition', { Statement: { ...statement, Principal: { 'Fn::If': ['Own', statement.Principal, { AWS: ACCOUNT }] } } }, []],
    ['principals of kinds that look like functions', {
      Statement: { ...statement, Principal: { 'Reference': 'x', 'MyRef': 'x', 'xFn::y': 'x' } },
    }, [NOT_AT_ALL]],
    ['a principal that is a parameter', { Statement: { ...statement, Principal: { Ref: 'Principal' } } }, []],
    ['null as the condition', { Statement: { ...statement, Condition: null } }, []],
    ['an ARN that only the deployment knows', {
      Statement: { ...statement, Condition: { ArnLike: { 'aws:SourceArn': { Ref: 'Arn' } } } },
    }, []],
    ['no ARN in the end', { Statement: { ...statement, Condition: { ArnLike: { 'aws:SourceArn': undefined } } } }, []],
    ...['ForAllValues:ArnLike', 'ArnLikeIfExists', 'StringEqualsIgnoreCase'].map((operator): [string, unknown, string[]] => [
      `the condition ${operator}`, { Statement: { ...statement, Condition: { [operator]: { 'aws:SourceArn': `${APPLICATION_ARN}4` } } } }, [],
    ]),
  ])('of a CfnRole may be %s', (_, assumeRolePolicyDocument, expected) => {
    const stack = newStack(ENV);
    const role = new iam.CfnRole(stack, 'Role', { assumeRolePolicyDocument });

    importIn(stack).grants.startJobExecution(submitterIn(stack), role);

    expect(shown(stack)).toEqual(expected);
  });

  test('of a CfnRole must be there', () => {
    const stack = newStack(ENV);
    const role = new iam.CfnRole(stack, 'Role', { assumeRolePolicyDocument: {} });
    importIn(stack).grants.startJobExecution(submitterIn(stack), role);

    role.assumeRolePolicyDocument = undefined;

    expect(() => shown(stack)).toThrow('assumeRolePolicyDocument: required but missing');
  });

  test('is found for an ARN that refers to more than the role', () => {
    const stack = newStack(ENV);
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    const partition = new CfnParameter(stack, 'Partition').valueAsString;

    importIn(stack).grantStartJobExecution(submitterIn(stack), `arn:${partition}:iam::${ACCOUNT}:role/${role.roleName}`);

    expect(shown(stack)).toEqual([NOT_AT_ALL]);
  });

  test.each<[string, (stack: Stack) => string]>([
    ['an imported role', () => EXECUTION_ROLE_ARN],
    ['a parameter', (stack) => new CfnParameter(stack, 'RoleArn').valueAsString],
  ])('of %s is not known', (_, arn) => {
    const stack = newStack(ENV);

    importIn(stack).grantStartJobExecution(submitterIn(stack), arn(stack));

    expect(shown(stack)).toEqual([]);
  });

  test('can be acknowledged', () => {
    const stack = newStack(ENV);
    const role = granted(stack, new iam.AccountRootPrincipal());

    CdkAnnotations.of(role).acknowledgeWarning('cdk-spark-emr-serverless:executionRoleTrust');

    expect(shown(stack)).toEqual([]);
  });

  test('is found for the role without policy updates', () => {
    const stack = newStack(ENV);
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });

    importIn(stack).grants.startJobExecution(submitterIn(stack), role.withoutPolicyUpdates());

    expect(shown(stack)).toEqual([NOT_AT_ALL]);
  });

  test('of a role and of applications in other stacks is judged by the resources, not by their logical ids', () => {
    const app = new App();
    const [one, other, roles] = ['One', 'Other', 'Roles'].map((id) => new Stack(app, id, { env: ENV }));
    const [first, second] = [one, other].map((stack) => new SparkEmrServerlessRuntime(stack, 'Spark'));
    const submitter = submitterIn(roles);

    first.grants.startJobExecution(submitter, new SparkExecutionRole(roles, 'OfBoth', { runtimes: [first, second] }));
    first.grants.startJobExecution(submitter, new SparkExecutionRole(roles, 'OfOther', { runtimes: [second] }));

    expect(shown(roles)).toEqual([warning('trusts other applications only', 'One/Spark')]);
  });

  test('in an application of this app is not compared with an import, which may be the same', () => {
    const stack = newStack(ENV);
    const created = new SparkEmrServerlessRuntime(stack, 'Created');

    importIn(stack).grants.startJobExecution(submitterIn(stack), created.createExecutionRole('Role'));

    expect(shown(stack)).toEqual([]);
  });

  test('with Role.customizeRoles() is not known', () => {
    const app = new App();
    iam.Role.customizeRoles(app, { usePrecreatedRoles: { 'Stack/Role': 'made', 'Stack/Submitter': 'submitter' } });
    const stack = new Stack(app, 'Stack', { env: ENV });

    granted(stack, new iam.ServicePrincipal('glue.amazonaws.com'));

    expect(shown(stack)).toEqual([]);
  });

  test.each(['cn-north-1', 'us-gov-west-1'])('is judged in %s too', (region) => {
    const stack = newStack({ account: ACCOUNT, region });
    const [one, other] = ['One', 'Other'].map((id) => new SparkEmrServerlessRuntime(stack, id));

    one.grantStartJobExecution(submitterIn(stack), one.createExecutionRole('Own').roleArn);
    one.grantStartJobExecution(new iam.User(stack, 'User'), other.createExecutionRole('Role').roleArn);

    expect(shown(stack)).toEqual([warning('trusts other applications only', 'Stack/One')]);
  });
});

test('the warnings are in the cloud assembly, where the CLI reads them', () => {
  const stack = newStack(ENV);
  const { grants } = new SparkEmrServerlessRuntime(stack, 'Spark');

  grants.useLivy(submitterIn(stack), new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }));

  const messages = (stack.node.root as App).synth().getStackArtifact(stack.artifactId).messages;
  expect(messages.map(({ id, level, entry }) => [id, level, String(entry.data).replace(/.*\[/, '[')])).toEqual([
    ['/Stack/Spark/Resource', 'warning', '[ack: cdk-spark-emr-serverless:endpointOff]'],
    ['/Stack/Role/Resource', 'warning', '[ack: cdk-spark-emr-serverless:executionRoleTrust]'],
  ]);
});
