import { App, Aws, CfnCondition, CfnDynamicReference, CfnParameter, CfnResource, Duration, Fn, Lazy, SecretValue, Size, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { aws_emrserverless } from 'aws-cdk-lib/interfaces';
import { EmrRelease, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeGrants, SparkEmrServerlessRuntimeProps, SparkImage } from '../../src';
import { ACCOUNT, APPLICATION_ARN, application, build, ENV, EXECUTION_ROLE_ARN, GIB, importIn, KEY_ARN, lazy, lazyNumber, newStack, submitterIn, warnings } from '../util';

type IApplicationRef = aws_emrserverless.IApplicationRef;

/** Tokens that a template has as this text, or with this text in it. */
const HIDING: [how: string, hide: (text: string, stack: Stack) => string][] = [
  ['a lazy text', (text) => lazy(text)],
  ['a lazy text in a lazy text', (text) => lazy(lazy(text))],
  ['a lazy part', (text) => `${text.slice(0, -1)}${lazy(text.slice(-1))}`],
  ['Fn::Join', (text) => Fn.join('', [text.slice(0, 3), text.slice(3)])],
  ['Fn::Join with a reference', (text) => Fn.join('', [Aws.NO_VALUE, text])],
  ['Fn::Sub', (text) => Fn.sub(`\${AWS::NoValue}${text}`)],
  ['a variable of Fn::Sub', (text) => Fn.sub('${AWS::NoValue}${Part}', { Part: text })],
  ['Fn::Select of a list', (text) => `${Fn.select(1, [Aws.REGION, text])}`],
  ['Fn::Select of Fn::Split', (text) => Fn.select(1, Fn.split('|', `${Aws.REGION}|${text}|x`))],
  ['Fn::Join of Fn::Split', (text) => Fn.join('/', Fn.split('/', `${text}${Aws.NO_VALUE}`))],
  ['Fn::If in Fn::If', (text) => Fn.conditionIf('C', 'a', Fn.conditionIf('D', 'a', text).toString()).toString()],
  ['Fn::If', (text, stack) => Fn.conditionIf(new CfnCondition(stack, 'C').logicalId, 'a', text).toString()],
];

/** A part of an ARN or a name that widens a policy. */
const WIDE = ['*', '?'];

function roleArn(name: string): string {
  return `arn:aws:iam::${ACCOUNT}:role/${name}`;
}

describe.each(HIDING)('%s', (_, hide) => {
  test.each([...WIDE, 'a/*'])('does not hide %s in the ARN of an execution role', (wide) => {
    const stack = newStack(ENV);
    importIn(stack).grantStartJobExecution(submitterIn(stack), hide(roleArn(wide), stack));

    expect(() => Template.fromStack(stack)).toThrow('[Stack/Spark] `executionRoleArn` must be the ARN of one IAM role');
  });

  test.each([...WIDE, 'emr-serverless:*'])('does not hide %s in an action', (wide) => {
    const stack = newStack(ENV);
    importIn(stack).grants.actions(submitterIn(stack), hide(wide, stack));

    expect(() => Template.fromStack(stack)).toThrow('[Stack/Spark] `actions` must be full names of EMR Serverless actions');
  });

  test.each(WIDE)('does not hide %s in the prefix of the logs', (wide) => {
    const stack = newStack();
    new SparkEmrServerlessRuntime(stack, 'Spark', { s3Logs: { bucket: new Bucket(stack, 'Logs'), prefix: hide(`logs/${wide}`, stack) } });

    expect(() => Template.fromStack(stack)).toThrow('[Stack/Spark] `s3Logs.prefix` must have');
  });

  test.each(WIDE)('does not hide %s in the key of the logs', (wide) => {
    const stack = newStack(ENV);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', {
      managedLogsKey: Key.fromKeyArn(stack, 'Key', hide(`arn:aws:kms:eu-west-1:${ACCOUNT}:key/${wide}`, stack)),
    });
    runtime.createExecutionRole('Role');

    expect(() => Template.fromStack(stack)).toThrow('[Stack/Spark] `managedLogsKey` must name one resource');
  });

  test.each(WIDE)('does not hide %s in the name of the log group', (wide) => {
    const stack = newStack(ENV);
    new SparkEmrServerlessRuntime(stack, 'Spark', {
      cloudWatchLogs: { logGroup: LogGroup.fromLogGroupName(stack, 'Logs', hide(`/jobs/${wide}`, stack)) },
    });

    expect(() => Template.fromStack(stack)).toThrow('[Stack/Spark] `cloudWatchLogs.logGroup` must name one resource');
  });

  test.each(WIDE)('does not hide %s in the Prometheus workspace', (wide) => {
    const stack = newStack(ENV);
    new SparkEmrServerlessRuntime(stack, 'Spark', { prometheusWorkspaceArn: hide(`arn:aws:aps:eu-west-1:${ACCOUNT}:workspace/${wide}`, stack) });

    expect(() => Template.fromStack(stack)).toThrow('`prometheusWorkspaceArn` must ');
  });

  test.each(WIDE)('does not hide %s in the ARN of an import', (wide) => {
    const stack = newStack(ENV);
    importIn(stack, { applicationArn: hide(APPLICATION_ARN.replace('00abc123', wide), stack) });

    expect(() => Template.fromStack(stack)).toThrow('[Stack/Spark] `applicationArn` must be the ARN of one EMR Serverless application');
  });
});

describe('a policy variable', () => {
  test.each([
    ['a literal', roleArn('${aws:PrincipalTag/team}')],
    ['beside a token', `arn:aws:iam::${Aws.ACCOUNT_ID}:role/\${aws:PrincipalTag/team}`],
    ['a path', roleArn('${aws:PrincipalTag/team}/jobs')],
  ])('is refused in the ARN of an execution role: %s', (_, arn) => {
    const stack = newStack(ENV);
    const runtime = importIn(stack);
    const submitter = submitterIn(stack);

    expect(() => runtime.grantStartJobExecution(submitter, arn)).toThrow('`executionRoleArn` must be the ARN of one IAM role');
  });

  test('is refused where Fn::Sub renders it', () => {
    const stack = newStack(ENV);
    importIn(stack).grantStartJobExecution(submitterIn(stack), Fn.sub('arn:aws:iam::${AWS::AccountId}:role/${!aws:userid}'));

    expect(() => Template.fromStack(stack)).toThrow('role/${aws:userid}');
  });

  test.each(['a/${aws:userid}', `a/${Aws.REGION}/\${aws:userid}`, `logs/*/${Aws.REGION}`, `${Aws.REGION}?`])('is refused in the prefix %s', (prefix) => {
    const stack = newStack();
    const bucket = new Bucket(stack, 'Logs');

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { s3Logs: { bucket, prefix } }))
      .toThrow('`s3Logs.prefix` must have 1 to 512 characters, no / at its start, no ://, no *, no ? and no ${');
  });
});

describe('a legal app', () => {
  const REFERENCE = '{{resolve:ssm:/x:1}}';

  test.each<[string, (stack: Stack) => SparkEmrServerlessRuntimeProps]>([
    ['dynamic references', () => ({
      name: REFERENCE,
      release: EmrRelease.of(REFERENCE),
      image: SparkImage.fromUri(REFERENCE),
      prometheusWorkspaceArn: REFERENCE,
      sparkProperties: { 'spark.executor.memory': REFERENCE, 'spark.dynamicAllocation.maxExecutors': new CfnDynamicReference('ssm' as any, '/x').toString() },
    })],
    ['conditions that may exclude each other', () => ({
      sparkProperties: {
        'spark.dynamicAllocation.minExecutors': Fn.conditionIf('Prod', '10', '1').toString(),
        'spark.dynamicAllocation.maxExecutors': Fn.conditionIf('Dev', '5', '50').toString(),
      },
    })],
    ['lazy values that are absent', () => ({
      name: Lazy.string({ produce: () => undefined }),
      sparkProperties: { 'spark.executor.cores': Lazy.string({ produce: () => undefined }), 'spark.a': Lazy.any({ produce: () => undefined }) },
    })],
    ['a lazy null', () => ({ name: Lazy.string({ produce: () => null as any }) })],
    ['a lazy prefix with a slash at its end', (stack) => ({ s3Logs: { bucket: new Bucket(stack, 'Logs'), prefix: lazy('logs/') } })],
    ['the L1 of a bucket that exists', (stack) => ({ s3Logs: { bucket: CfnBucket.fromBucketName(stack, 'Logs', 'amzn-s3-demo-bucket') } })],
    ['what a function with a token chooses', () => ({ name: Fn.select(Token.asNumber(Fn.ref('AWS::NoValue')), Fn.split(',', lazy('a,b'))) })],
    ['functions of odd forms', () => ({ name: Token.asString({ 'Fn::Sub': 5 }), sparkProperties: { 'spark.a': Token.asString({ 'Fn::If': 'x' }) } })],
  ])('is not refused: %s', (_, props) => {
    const stack = newStack(ENV);
    for (const id of ['Prod', 'Dev']) { new CfnCondition(stack, id).overrideLogicalId(id); }
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', props(stack));
    runtime.createExecutionRole('Role');

    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('may pass a role by a dynamic reference, and a role that CDK still has to look up', () => {
    const stack = newStack(ENV);
    const runtime = importIn(stack);
    const role = iam.Role.fromLookup(stack, 'Role', { roleName: 'jobs' });

    runtime.grantStartJobExecution(submitterIn(stack), REFERENCE);
    runtime.grantStartJobExecution(submitterIn(new Stack(stack, 'Other')), role.roleArn);
    runtime.grants.startJobExecution(submitterIn(new Stack(stack, 'Another')), role);

    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('cuts the slash at the end of a lazy prefix, as of a literal one', () => {
    const stack = newStack(ENV);
    const bucket = Bucket.fromBucketName(stack, 'Logs', 'amzn-s3-demo-bucket');
    new SparkEmrServerlessRuntime(stack, 'Spark', { s3Logs: { bucket, prefix: lazy('logs/') } });

    expect(application(stack).MonitoringConfiguration.S3MonitoringConfiguration.LogUri).toBe('s3://amzn-s3-demo-bucket/logs/');
  });
});

describe('an import of a CfnApplication', () => {
  test.each<[string, (stack: Stack) => IApplicationRef]>([
    ['by its ARN', (stack) => CfnApplication.fromApplicationArn(stack, 'Import', `arn:aws:emr-serverless:eu-west-1:${ACCOUNT}:/applications/*`)],
    ['by its id', (stack) => CfnApplication.fromApplicationId(stack, 'Import', '*')],
  ])('is not granted with a wildcard: %s', (_, imported) => {
    const stack = newStack(ENV);
    const grants = SparkEmrServerlessRuntimeGrants.fromApplication(imported(stack));
    const role = submitterIn(stack);

    expect(() => grants.manageApplication(role)).toThrow('`application` must be the ARN of one EMR Serverless application');
  });

  test('is granted', () => {
    const stack = newStack(ENV);
    const grants = SparkEmrServerlessRuntimeGrants.fromApplication(CfnApplication.fromApplicationId(stack, 'Import', '00abc123'));

    expect(grants.manageApplication(submitterIn(stack)).success).toBe(true);
    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});

describe('what only the deployment knows', () => {
  test('is not refused', () => {
    const stack = newStack(ENV);
    const parameter = (id: string) => new CfnParameter(stack, id).valueAsString;
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', {
      name: parameter('Name'),
      s3Logs: { bucket: Bucket.fromBucketName(stack, 'Bucket', parameter('BucketName')), prefix: `logs/${parameter('Prefix')}` },
      managedLogsKey: Key.fromKeyArn(stack, 'Key', parameter('KeyArn')),
      cloudWatchLogs: { logGroup: LogGroup.fromLogGroupName(stack, 'Logs', parameter('LogGroup')) },
      sparkProperties: { 'spark.a': parameter('Property'), 'spark.executor.cores': number(stack) },
    });
    const submitter = submitterIn(stack);
    runtime.grantStartJobExecution(submitter, parameter('RoleArn'));
    runtime.grantStartJobExecution(submitter, Fn.sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${RoleName}'));
    runtime.grantStartJobExecution(submitter, Fn.importValue('RoleArn'));
    runtime.grantStartJobExecution(submitter, Fn.conditionIf('C', roleArn('a'), roleArn('b')).toString());
    runtime.grants.actions(submitter, parameter('Action'), `emr-serverless:${parameter('ActionName')}`);

    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  function number(stack: Stack): number {
    return new CfnParameter(stack, 'Cores', { type: 'Number' }).valueAsNumber;
  }
});

describe('a reference to an IAM resource', () => {
  test.each<[string, (stack: Stack, role: iam.Role) => string, string]>([
    ['the name of a role', (_, role) => role.roleName, 'the name of Stack/Role/Resource'],
    ['the id of a role', (_, role) => role.roleId, 'RoleId of Stack/Role/Resource'],
    ['the ARN of a user', (stack) => new iam.User(stack, 'User').userArn, 'Arn of Stack/User/Resource'],
    ['the ARN of a managed policy', (stack) => new iam.ManagedPolicy(stack, 'Policy').managedPolicyArn, 'Ref of Stack/Policy/Resource'],
    ['the ARN of an instance profile', (stack) => new iam.InstanceProfile(stack, 'Profile').instanceProfileArn, 'Arn of Stack/Profile/Resource'],
    ['the ARN of a bucket', (stack) => new Bucket(stack, 'Bucket').bucketArn, 'Arn of Stack/Bucket/Resource'],
  ])('is refused as the ARN of an execution role: %s', (_, reference, got) => {
    const stack = newStack(ENV);
    const runtime = importIn(stack);
    const role = submitterIn(stack);
    const other = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });

    expect(() => runtime.grantStartJobExecution(role, reference(stack, other)))
      .toThrow(`no wildcard or variable), got: ${got} [Stack/Spark]`);
  });

  test.each<[string, (role: iam.Role) => string]>([
    ['the ARN of a role', (role) => role.roleArn],
    ['the ARN of an L1', (role) => (role.node.defaultChild as iam.CfnRole).attrArn],
    ['a lazy ARN of a role', (role) => Lazy.string({ produce: () => role.roleArn })],
    ['an ARN with the name of a role', (role) => `arn:aws:iam::${ACCOUNT}:role/${role.roleName}`],
  ])('is accepted: %s', (_, reference) => {
    const stack = newStack(ENV);
    const runtime = importIn(stack);
    runtime.grantStartJobExecution(submitterIn(stack), reference(new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() })));

    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  // what these resources hand out may be the ARN of a role
  test.each([
    ['AWS::SSM::Parameter', 'Value'], ['AWS::CloudFormation::CustomResource', 'Arn'], ['Custom::Role', 'Arn'], ['OurAWS::Our::Role', 'Arn'],
  ])('is accepted: %s, %s', (type, attribute) => {
    const stack = newStack(ENV);
    importIn(stack).grantStartJobExecution(submitterIn(stack), new CfnResource(stack, 'Resource', { type }).getAtt(attribute).toString());

    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('to the role of another stack is accepted, and its name is refused', () => {
    const app = new App();
    const role = new iam.Role(new Stack(app, 'Roles', { env: ENV }), 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    const stack = new Stack(app, 'Stack', { env: ENV });
    const runtime = importIn(stack);
    const submitter = submitterIn(stack);

    runtime.grantStartJobExecution(submitter, role.roleArn);

    expect(() => runtime.grantStartJobExecution(submitter, role.roleName)).toThrow('got: the name of Roles/Role/Resource');
    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});

describe('a value that synthesis resolves', () => {
  test.each<[string, SparkEmrServerlessRuntimeProps, string]>([
    ['name', { name: lazy('a b') }, '`name` must be 1 to 64 characters'],
    ['a part of a name', { name: `job ${lazy('b')}` }, '`name` must be 1 to 64 characters'],
    ['maxConcurrentRuns', { maxConcurrentRuns: lazyNumber(1001) }, '`maxConcurrentRuns` must be a whole number from 1 to 1000, got: 1001'],
    ['idleTimeout', { idleTimeout: Duration.minutes(lazyNumber(10081)) }, '`idleTimeout` must be a whole number of minutes from 1 to 10080, got: 10081'],
    ['maximumCapacity', { maximumCapacity: { cpu: lazyNumber(0), memory: GIB(1) } }, '`maximumCapacity.cpu` must be'],
    ['memory', { initialDriverCapacity: { workerCount: 1, cpu: 4, memory: Size.gibibytes(lazyNumber(31)) } }, '`initialDriverCapacity.memory` must be 8 to 30 GiB'],
    ['a Spark property', { sparkProperties: { 'spark.driver.memory': lazy('1x') } }, '"spark.driver.memory" must be a size'],
    ['a number', { sparkProperties: { 'spark.driver.cores': lazyNumber(33) } }, '"spark.driver.cores" must be a whole number from 1 to 32'],
    ['a resolvable value', { sparkProperties: { 'spark.driver.cores': Lazy.any({ produce: () => 33 }) } }, '"spark.driver.cores" must be a whole number from 1 to 32'],
    ['the key of a property', { sparkProperties: { [lazy('spark.driver.cores')]: 33 } }, '"spark.driver.cores" must be a whole number from 1 to 32'],
    ['a release', { release: EmrRelease.of(lazy('7.14.0')) }, '`label` must be a release label such as'],
    ['the features of a release', { release: EmrRelease.of(lazy('emr-7.0.0')), sparkConnect: true }, '`sparkConnect` needs release emr-7.13.0 or later'],
    ['the URI of an image', { image: SparkImage.fromUri(lazy('evil.example.com/x:1')) }, '`imageUri` must name an image of a private ECR repository'],
    ['an architecture', { architecture: lazy('arm64') as any }, '`architecture` must be one of X86_64, ARM64, got: "arm64"'],
    ['a classification', { configurations: [{ classification: lazy(' ') }] }, '`configurations[0].classification` must have 1 to 1024 characters'],
    ['a classification within another', {
      configurations: [{ classification: 'a', configurations: [{ classification: lazy('spark-log4j2') }] }, { classification: lazy('spark-log4j2') }],
      release: EmrRelease.EMR_6_7_0,
    }, '"spark-log4j2" needs release'],
  ])('is checked as rendered: %s', (_, props, message) => {
    const stack = build(props);

    expect(() => Template.fromStack(stack)).toThrow(`[Stack/Spark] ${message}`);
  });

  test('is checked as rendered: the tag of an image', () => {
    const stack = newStack(ENV);
    const repository = new Repository(stack, 'Repository');
    new SparkEmrServerlessRuntime(stack, 'Spark', { image: SparkImage.fromEcrRepository(repository, lazy('-x')) });

    expect(() => Template.fromStack(stack)).toThrow('[Stack/Spark] `tagOrDigest` must be a tag');
  });

  test('is read when the app is synthesized', () => {
    let name = 'jobs';
    const stack = build({ name: Lazy.string({ produce: () => name }) });
    name = 'a b';

    expect(() => Template.fromStack(stack)).toThrow('`name` must be 1 to 64 characters of A-Z a-z 0-9 . _ / # -, got: "a b"');
  });

  test('is accepted', () => {
    const stack = build({
      name: lazy('jobs'),
      maxConcurrentRuns: lazyNumber(1000),
      idleTimeout: Duration.minutes(lazyNumber(1)),
      sparkProperties: { [lazy('spark.driver.cores')]: Lazy.any({ produce: () => '8' }), 'spark.driver.memory': lazy('14g') },
    });

    expect(() => Template.fromStack(stack)).not.toThrow();
    expect(warnings(stack)).toEqual([]);
  });

  test('is warned of as rendered', () => {
    const stack = build({ sparkProperties: { password: lazy('hunter2') } });

    Annotations.fromStack(stack).hasWarning('/Stack/Spark', Match.stringLikeRegexp('"password" looks like a credential in plain text'));
  });
});

describe('a secret that CloudFormation resolves', () => {
  test.each<[string, (stack: Stack) => string]>([
    ['of Secrets Manager', (stack) => new Secret(stack, 'Secret').secretValue.unsafeUnwrap()],
    ['of Secrets Manager by its name', () => SecretValue.secretsManager('db').unsafeUnwrap()],
    ['of Secrets Manager as an object', (stack) => new Secret(stack, 'Secret').secretValue as unknown as string],
    ['a part of one', (stack) => new Secret(stack, 'Secret').secretValueFromJson('p') as unknown as string],
    ['of a secure parameter', () => SecretValue.ssmSecure('/db').unsafeUnwrap()],
    ['within a text', (stack) => `jdbc:x://db?password=${new Secret(stack, 'Secret').secretValue.unsafeUnwrap()}`],
    ['as a text', () => '{{resolve:secretsmanager:db:SecretString}}'],
  ])('is warned of, because everybody who may describe the application reads it: %s', (_, value) => {
    const stack = newStack();
    new SparkEmrServerlessRuntime(stack, 'Spark', { sparkProperties: { 'spark.my.setting': value(stack) } });

    Annotations.fromStack(stack).hasWarning('/Stack/Spark', Match.stringLikeRegexp(
      'CloudFormation writes the secret of "spark.my.setting" into the application, readable to everybody who may describe the application'));
    expect(warnings(stack)).toHaveLength(1);
  });

  test('is not warned of where EMR Serverless resolves it', () => {
    const stack = newStack();
    const secret = new Secret(stack, 'Secret');
    new SparkEmrServerlessRuntime(stack, 'Spark', { sparkProperties: { 'spark.my.password': `EMR.secret@${secret.secretName}` } });

    Template.fromStack(stack);

    expect(warnings(stack)).toEqual([]);
  });
});

describe('the grants of a CfnApplication', () => {
  type Monitoring = CfnApplication.MonitoringConfigurationProperty;
  const resource = (stack: Stack, monitoringConfiguration: Monitoring) => SparkEmrServerlessRuntimeGrants
    .fromApplication(new CfnApplication(stack, 'Spark', { type: 'SPARK', releaseLabel: 'emr-7.14.0', monitoringConfiguration }));

  const WIDE_DESTINATIONS: [string, (text: (wide: string) => string) => Monitoring, string][] = [
    ['the key of the managed logs', (text) => ({ managedPersistenceMonitoringConfiguration: { encryptionKeyArn: text('*') } }), 'managedPersistenceMonitoringConfiguration.encryptionKeyArn'],
    ['the key of the logs in S3', (text) => ({
      s3MonitoringConfiguration: { logUri: 's3://logs/', encryptionKeyArn: text(KEY_ARN.replace('1234abcd-', '*')) },
    }), 's3MonitoringConfiguration.encryptionKeyArn'],
    ['the log group', (text) => ({ cloudWatchLoggingConfiguration: { enabled: true, logGroupName: text('*') } }), 'cloudWatchLoggingConfiguration.logGroupName'],
    ['the key of the log group', (text) => ({
      cloudWatchLoggingConfiguration: { enabled: true, encryptionKeyArn: text('*') },
    }), 'cloudWatchLoggingConfiguration.encryptionKeyArn'],
    ['the workspace', (text) => ({
      prometheusMonitoringConfiguration: {
        remoteWriteUrl: text('https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/*/api/v1/remote_write'),
      },
    }), 'prometheusMonitoringConfiguration.remoteWriteUrl'],
    ['the bucket', (text) => ({ s3MonitoringConfiguration: { logUri: text('s3://*/logs') } }), 's3MonitoringConfiguration.logUri'],
    ['all buckets', (text) => ({ s3MonitoringConfiguration: { logUri: text('s3://*') } }), 's3MonitoringConfiguration.logUri'],
  ];

  test.each(WIDE_DESTINATIONS)('refuse a wildcard in %s', (_, monitoring, what) => {
    const stack = newStack(ENV);
    const role = submitterIn(stack);

    const grant = () => {
      resource(stack, monitoring((text) => text)).writeLogs(role);
      Template.fromStack(stack);
    };

    expect(grant).toThrow(`\`${what}\` must name one resource, without a wildcard or variable, got: `);
  });

  test.each(WIDE_DESTINATIONS)('refuse a lazy wildcard in %s', (_, monitoring, what) => {
    const stack = newStack(ENV);
    resource(stack, monitoring(lazy)).writeLogs(submitterIn(stack));

    expect(() => Template.fromStack(stack)).toThrow(`[Stack/Spark] \`${what}\` must name one resource, without a wildcard or variable, got: `);
  });

  test('refuse a wildcard that the resource gets after the grant', () => {
    const stack = newStack(ENV);
    const created = new CfnApplication(stack, 'Spark', { type: 'SPARK', releaseLabel: 'emr-7.14.0' });
    SparkEmrServerlessRuntimeGrants.fromApplication(created).startJobExecution(
      submitterIn(stack), iam.Role.fromRoleArn(stack, 'Role', EXECUTION_ROLE_ARN));
    created.monitoringConfiguration = { managedPersistenceMonitoringConfiguration: { encryptionKeyArn: '*' } };

    expect(() => Template.fromStack(stack))
      .toThrow('[Stack/Spark] `managedPersistenceMonitoringConfiguration.encryptionKeyArn` must name one resource');
  });

  test('refuse a wildcard that was granted and that the resource no longer has', () => {
    const stack = newStack(ENV);
    const created = new CfnApplication(stack, 'Spark', {
      type: 'SPARK', releaseLabel: 'emr-7.14.0', monitoringConfiguration: { s3MonitoringConfiguration: { logUri: `s3://${lazy('*')}/x` } },
    });
    SparkEmrServerlessRuntimeGrants.fromApplication(created).writeLogs(submitterIn(stack));
    created.monitoringConfiguration = undefined;

    expect(() => Template.fromStack(stack)).toThrow('`s3MonitoringConfiguration.logUri` must name one resource');
  });

  test('refuse a wildcard in the prefix of a log URI', () => {
    const stack = newStack(ENV);
    const role = submitterIn(stack);

    expect(() => resource(stack, { s3MonitoringConfiguration: { logUri: 's3://logs/*' } }).writeLogs(role))
      .toThrow('`s3MonitoringConfiguration.logUri` must name one resource, without a wildcard or variable, got: "*/"');
  });

  test('take 100,000 slashes at the end of a log URI in no time', () => {
    const stack = newStack(ENV);

    resource(stack, { s3MonitoringConfiguration: { logUri: `s3://logs/a${'/'.repeat(100_000)}` } }).writeLogs(submitterIn(stack));

    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'))).toContain(':s3:::logs/a/applications/');
  }, 2000);
});

describe('a wildcard in the literal part of a text', () => {
  const WIDE_PARTS: [string, (stack: Stack) => SparkEmrServerlessRuntimeProps, string][] = [
    ['the name of the bucket', (stack) => ({ s3Logs: { bucket: Bucket.fromBucketName(stack, 'B', `*${Aws.REGION}`) } }), '`s3Logs.bucket` must be one bucket'],
    ['the name of the log group', (stack) => ({ cloudWatchLogs: { logGroup: LogGroup.fromLogGroupName(stack, 'L', `*${Aws.REGION}`) } }),
      '`cloudWatchLogs.logGroup` must be'],
    ['the ARN of the key', (stack) => ({ managedLogsKey: Key.fromKeyArn(stack, 'K', `arn:aws:kms:eu-west-1:${Aws.ACCOUNT_ID}:key/*`) }), '`managedLogsKey` must be'],
    ['the ARN of the workspace', () => ({ prometheusWorkspaceArn: `arn:aws:aps:eu-west-1:${Aws.ACCOUNT_ID}:workspace/*` }), '`prometheusWorkspaceArn` must be'],
  ];

  test.each(WIDE_PARTS)('is refused at once: %s', (_, props, message) => {
    const stack = newStack();

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', props(stack))).toThrow(message);
  });

  test.each(['*', '?', '${aws:userid}'])('is refused at once in the id of an import: %s', (wide) => {
    const stack = newStack();

    expect(() => importIn(stack, { applicationId: `${wide}${Aws.REGION}` })).toThrow('`applicationId` must be 1 to 64 letters and digits');
  });
});
