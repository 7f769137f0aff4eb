import { CfnParameter, Duration, Fn, Lazy, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EmrRelease, SparkJobMode } from '../../src';
import { ENV, importIn, lazy, lazyNumber, newStack, untyped, warnings } from '../util';
import { deployedText, jobOf, lateRefusal, Props, refusal, requestOf } from './job-parts';

const OLD = EmrRelease.of('emr-7.0.0');

describe('the mode', () => {
  test('is batch by default, with the defaults of AWS', () => {
    expect(requestOf(jobOf({ mode: SparkJobMode.batch() }))).toEqual(requestOf(jobOf()));
  });

  test('of a streaming job has no timeout', () => {
    const { mode, executionTimeoutMinutes, retryPolicy } = requestOf(jobOf({ mode: SparkJobMode.streaming() }));

    expect({ mode, executionTimeoutMinutes, retryPolicy }).toEqual({ mode: 'STREAMING' });
  });

  test.each([1, 10])('retries %p times', (times) => {
    const retryPolicyOf = (mode: SparkJobMode) => requestOf(jobOf({ mode })).retryPolicy;

    expect(retryPolicyOf(SparkJobMode.streaming({ maxFailedAttemptsPerHour: times }))).toEqual({ maxFailedAttemptsPerHour: times });
    expect(retryPolicyOf(SparkJobMode.batch({ maxAttempts: times }))).toEqual({ maxAttempts: times });
  });

  test.each([0, 11, 1.5, NaN])('refuses %p retries where it is made', (times) => {
    expect(() => SparkJobMode.batch({ maxAttempts: times })).toThrow(`\`maxAttempts\` must be a whole number from 1 to 10, got: ${times}`);
    expect(() => SparkJobMode.streaming({ maxFailedAttemptsPerHour: times }))
      .toThrow(`\`maxFailedAttemptsPerHour\` must be a whole number from 1 to 10, got: ${times}`);
  });

  test.each([Duration.minutes(0), Duration.seconds(90), Duration.minutes(1_000_001)])('refuses the timeout %p where it is made', (executionTimeout) => {
    expect(() => SparkJobMode.batch({ executionTimeout })).toThrow('`executionTimeout` must be a whole number of minutes from 1 to 1000000, got: ');
  });

  test.each([
    ['emr-7.10.0', 1_000_000],
    ['emr-9.0.0', 1_000_000],
    ['emr-7.11.0', 10_080],
    ['emr-spark-8.0-preview', 10_080],
  ])('on release %s has a timeout of at most %p minutes', (label, max) => {
    const release = EmrRelease.of(label);
    const mode = (minutes: number) => SparkJobMode.batch({ executionTimeout: Duration.minutes(minutes) });

    expect(requestOf(jobOf({ mode: mode(max) }, { release })).executionTimeoutMinutes).toBe(max);
    if (max === 10_080) {
      expect(refusal({ mode: mode(max + 1) }, { release })).toBe(`\`executionTimeout\` must be a whole number of minutes from 1 to ${max}, got: ${max + 1} minutes`);
    }
  });

  test.each<[string, Props, string]>([
    ['streaming', { mode: SparkJobMode.streaming() }, 'mode'],
    ['retries', { mode: SparkJobMode.batch({ maxAttempts: 2 }) }, 'maxAttempts'],
  ])('needs a release for %s', (_, props, prop) => {
    expect(refusal(props, { release: OLD })).toBe(`\`${prop}\` needs release emr-7.1.0 or later, or emr-spark-8.0-preview or later, got: emr-7.0.0`);
    expect(() => jobOf(props, { release: EmrRelease.EMR_7_1_0 })).not.toThrow();
  });

  test('is warned of if the library does not know the release, of which the application has its own warnings', () => {
    const warned = (label: string) => {
      const stack = newStack(ENV);
      jobOf({ mode: SparkJobMode.batch({ maxAttempts: 2 }) }, { release: EmrRelease.of(label) }, stack);
      return stack.node.findChild('Job').node.metadata.map(({ data }) => data);
    };

    expect(warned('emr-9.0.0')).toEqual([
      'this version of the library does not know what release emr-9.0.0 offers and does not check it for `maxAttempts`'
      + ' [ack: cdk-spark-emr-serverless:uncheckedRelease]',
    ]);
    expect(warned('emr-spark-8.0-preview')).toEqual([]);
  });

  test('needs no release for one attempt, nor for a number that only the deployment knows', () => {
    const stack = newStack(ENV);
    const attempts = new CfnParameter(stack, 'Attempts', { type: 'Number' }).valueAsNumber;

    expect(() => jobOf({ mode: SparkJobMode.batch({ maxAttempts: 1 }) }, { release: OLD })).not.toThrow();
    expect(() => jobOf({ mode: SparkJobMode.batch({ maxAttempts: attempts }) }, { release: OLD }, stack)).not.toThrow();
  });

  test('is refused at synthesis if the release of the application is lazily too old', () => {
    expect(lateRefusal(jobOf({ mode: SparkJobMode.streaming() }, { release: EmrRelease.of(lazy('emr-7.0.0')) })))
      .toContain('[Stack/Job] `mode` needs release emr-7.1.0 or later');
  });

  test('is not checked for an import without a release', () => {
    const stack = newStack(ENV);

    expect(() => jobOf({ runtime: importIn(stack), mode: SparkJobMode.streaming() }, {}, stack)).not.toThrow();
    expect(warnings(stack)).toEqual([]);
  });

  test.each<[string, () => SparkJobMode, string]>([
    ['attempts', () => SparkJobMode.batch({ maxAttempts: lazyNumber(11) }), '`maxAttempts` must be a whole number from 1 to 10, got: 11'],
    ['attempts for each hour', () => SparkJobMode.streaming({ maxFailedAttemptsPerHour: lazyNumber(0) }), '`maxFailedAttemptsPerHour` must be'],
    ['a timeout', () => SparkJobMode.batch({ executionTimeout: Duration.minutes(lazyNumber(0)) }), '`executionTimeout` must be a whole number of minutes'],
  ])('refuses lazy values at synthesis: %s', (_, mode, message) => {
    expect(lateRefusal(jobOf({ mode: mode() }))).toContain(`[Stack/Job] ${message}`);
  });

  test.each<[() => unknown, string]>([
    [() => SparkJobMode.batch(untyped('x')), '`options` must be an object, got: "x"'],
    [() => SparkJobMode.batch(untyped(null)), '`options` must be given, got: null'],
    [() => SparkJobMode.batch(untyped({ maxAttempts: '3' })), '`options.maxAttempts` must be a number, got: "3"'],
    [() => SparkJobMode.batch(untyped({ executionTimeout: 3 })), '`options.executionTimeout` must be a Duration such as Duration.minutes(15), got: 3'],
    [() => SparkJobMode.streaming(untyped(5)), '`options` must be an object, got: 5'],
    [() => SparkJobMode.streaming(untyped({ maxFailedAttemptsPerHour: true })), '`options.maxFailedAttemptsPerHour` must be a number, got: true'],
  ])('refuses options of other types: %p', (make, message) => {
    expect(make).toThrow(message);
  });
});

describe('the arguments', () => {
  test('are at most 1024', () => {
    expect(() => jobOf({ entryPointArguments: Array(1024).fill('a') })).not.toThrow();
    expect(refusal({ entryPointArguments: Array(1025).fill('a') })).toBe('`entryPointArguments` must have at most 1024 arguments, got: 1025');
  });

  test('are counted at synthesis if they are lazy', () => {
    const job = (count: number) => jobOf({ entryPointArguments: Lazy.list({ produce: () => Array.from({ length: count }, (_, i) => `${i}`) }) });

    expect(() => Template.fromStack(job(1024).node.scope as any)).not.toThrow();
    expect(lateRefusal(job(1025))).toContain('[Stack/Job] `entryPointArguments` must have at most 1024 arguments, got: 1025');
  });

  test('may be a list that only the deployment knows', () => {
    const job = jobOf({ entryPointArguments: Fn.split(',', Fn.importValue('Arguments')) });

    expect(() => Template.fromStack(job.node.scope as any)).not.toThrow();
    expect(requestOf(job).jobDriver.sparkSubmit.entryPointArguments).toEqual({ 'Fn::Split': [',', { 'Fn::ImportValue': 'Arguments' }] });
  });
});

describe('the tags of job runs', () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, '']));

  test('are at most 200', () => {
    expect(Object.keys(requestOf(jobOf({ jobRunTags: many(200) })).tags)).toHaveLength(200);
    expect(refusal({ jobRunTags: many(201) })).toBe('`jobRunTags` must have at most 200 tags, got: 201');
  });

  test.each(['a', 'A 1/_.:=+@-', 'x'.repeat(128), 'awsome', 'my-aws:x'])('may have the key %j', (key) => {
    expect(requestOf(jobOf({ jobRunTags: { [key]: 'x'.repeat(256) } })).tags).toEqual({ [key]: 'x'.repeat(256) });
  });

  test.each(['', 'x'.repeat(129), 'ä', 'a*', 'aws:x', 'AWS:x', 'a\0'])('must not have the key %j', (key) => {
    expect(refusal({ jobRunTags: { [key]: 'b' } })).toContain('a key of `jobRunTags` must be 1 to 128 characters of');
  });

  test.each(['x'.repeat(257), 'ä', 'a*', 'a\0', 'a\n', 7, null, {}])('must not have the value %p', (value) => {
    expect(refusal({ jobRunTags: { a: value } })).toContain('the value of "a" in `jobRunTags` must be a text of at most 256 characters of');
  });

  test.each(['aws:x', 'a*'])('must not lazily have the key %j', (key) => {
    expect(lateRefusal(jobOf({ jobRunTags: { [lazy(key)]: 'b' } }))).toContain('[Stack/Job] a key of `jobRunTags` must be');
  });

  test('must not lazily have a wrong value, and not beside a token either', () => {
    expect(lateRefusal(jobOf({ jobRunTags: { a: lazy('a*') } }))).toContain('[Stack/Job] the value of "a" in `jobRunTags` must be');
    expect(refusal({ jobRunTags: { a: `*${Fn.importValue('x')}` } })).toContain('the value of "a" in `jobRunTags` must be');
    expect(refusal({ jobRunTags: { a: `\0${Fn.importValue('x')}` } })).toContain('the value of "a" in `jobRunTags` must be');
    expect(() => jobOf({ jobRunTags: { a: `${'x'.repeat(256)}${Fn.importValue('x')}` } })).not.toThrow();
  });
});

describe('the policy of a job run', () => {
  const allow = (...resources: string[]) => new iam.PolicyStatement({ actions: ['s3:GetObject'], resources });
  const frame = JSON.stringify({ Statement: [{ Action: 's3:GetObject', Effect: 'Allow', Resource: '' }], Version: '2012-10-17' }).length;

  test('has at most 2048 characters', () => {
    const job = (length: number) => jobOf({ executionPolicy: new iam.PolicyDocument({ statements: [allow('x'.repeat(length))] }) });
    const most = job(2048 - frame);

    expect(requestOf(most).executionIamPolicy.policy).toHaveLength(2048);
    expect(() => Template.fromStack(most.node.scope as any)).not.toThrow();
    expect(lateRefusal(job(2049 - frame))).toContain('[Stack/Job] `executionPolicy` must have at most 2048 characters as JSON, got: 2049');
  });

  test('counts what is known of it', () => {
    const arn = Fn.importValue('Arn');

    expect(() => Template.fromStack(jobOf({ executionPolicy: new iam.PolicyDocument({ statements: [allow(`${'x'.repeat(2048 - frame)}${arn}`)] }) }).node.scope as any))
      .not.toThrow();
    expect(lateRefusal(jobOf({ executionPolicy: new iam.PolicyDocument({ statements: [allow(`${'x'.repeat(2049 - frame)}${arn}`)] }) })))
      .toContain('`executionPolicy` must have at most 2048 characters as JSON, got: 2049');
  });

  test('has the statements that are added later', () => {
    const executionPolicy = new iam.PolicyDocument();
    const job = jobOf({ executionPolicy });
    executionPolicy.addStatements(allow('*'));

    expect(JSON.parse(deployedText(requestOf(job).executionIamPolicy.policy)).Statement).toHaveLength(1);
  });

  test('must have a statement in the end', () => {
    expect(lateRefusal(jobOf({ executionPolicy: new iam.PolicyDocument() }))).toContain('[Stack/Job] `executionPolicy` must have at least one statement, got: none');
  });

  test('must be one of a role, at once and in the end', () => {
    const principal = () => new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'], principals: [new iam.AnyPrincipal()] });
    const executionPolicy = new iam.PolicyDocument();
    const job = jobOf({ executionPolicy });
    executionPolicy.addStatements(principal());

    expect(refusal({ executionPolicy: new iam.PolicyDocument({ statements: [principal()] }) })).toContain('`executionPolicy` must be a policy of a role, got: ');
    expect(lateRefusal(job)).toContain('[Stack/Job] `executionPolicy` must be a policy of a role, got: ');
  });

  test.each([
    ['a text', 'arn:aws:s3:::Ā/*', '"Ā"'],
    ['an astral character', 'arn:aws:s3:::\u{1F600}', '"\u{1F600}"'],
    ['a text with a token', `${Fn.importValue('Arn')}/日本語`, '"日"'],
    ['a lazy text', lazy('arn:aws:s3:::Ω/x'), '"Ω"'],
  ])('has only characters that IAM allows: %s', (_, resource, shown) => {
    expect(lateRefusal(jobOf({ executionPolicy: new iam.PolicyDocument({ statements: [allow(resource)] }) })))
      .toContain(`[Stack/Job] \`executionPolicy\` must have only characters up to U+00FF, which IAM allows in a policy, got: ${shown}`);
  });

  test.each(['arn:aws:s3:::ÿ/*', 'a\n\t~', Fn.importValue('Ā')])('may have %j', (resource) => {
    const job = jobOf({ executionPolicy: new iam.PolicyDocument({ statements: [allow(resource)] }) });

    // what CloudFormation calls an export is none of its business
    expect(() => Template.fromStack(job.node.scope as any)).not.toThrow();
  });

  test('renders as a token resolves', () => {
    const action = Token.asString(Fn.conditionIf('Prod', 's3:GetObject', 's3:*'));
    const executionPolicy = new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ actions: [action], resources: ['*'] })] });

    expect(requestOf(jobOf({ executionPolicy })).executionIamPolicy.policy).toEqual({
      'Fn::Join': ['', [
        '{"Statement":[{"Action":"', { 'Fn::If': ['Prod', 's3:GetObject', 's3:*'] }, '","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}',
      ]],
    });
  });
});

describe('credentials are warned of and not shown', () => {
  const PLAIN = 'looks like a credential in plain text, readable in the template and to everybody who may describe the job run.'
    + ' Keep it in AWS Secrets Manager';
  const OF_ARGUMENT = ', and let the job read it';
  const OF_PROPERTY = ' and give EMR.secret@<name of the secret>';

  test.each<[Props, string, string]>([
    [{ entryPointArguments: ['a', '--password=hunter2'] }, '`entryPointArguments[1]`', OF_ARGUMENT],
    [{ entryPointArguments: ['--password', 'hunter2', 'x'] }, '`entryPointArguments[1]`', OF_ARGUMENT],
    [{ entryPointArguments: ['jdbc:postgresql://me:hunter2@db/x'] }, '`entryPointArguments[0]`', OF_ARGUMENT],
    [{ entryPointArguments: ['--password=hunter2', 'x', '--token', 'hunter2'] }, '`entryPointArguments[0]`, `entryPointArguments[3]`', OF_ARGUMENT],
    [{ environment: { DB_PASSWORD: 'hunter2' } }, '"spark.emr-serverless.driverEnv.DB_PASSWORD", "spark.executorEnv.DB_PASSWORD"', OF_PROPERTY],
    [{ sparkProperties: { 'spark.db.password': 'hunter2' } }, '"spark.db.password"', OF_PROPERTY],
    [{ configurations: [{ classification: 'spark-defaults', properties: { 'spark.db.password': 'hunter2' } }] }, '"spark.db.password"', OF_PROPERTY],
  ])('%p', (props, named, wayOut) => {
    const stack = newStack(ENV);
    jobOf(props, {}, stack);

    expect(warnings(stack)).toEqual([`${named} ${PLAIN}${wayOut} [ack: cdk-spark-emr-serverless:plainTextCredential]`]);
  });

  test.each<[Props]>([
    [{ entryPointArguments: ['--password', '--verbose', '--tokens', '100'] }],
    [{ entryPointArguments: ['--note=--password', 'hunter2'] }],
    [{ entryPointArguments: ['--secret', 'arn:aws:secretsmanager:eu-west-1:1:secret:x'] }],
    [{ environment: { DB_PASSWORD: 'EMR.secret@db' } }],
  ])('but not %p', (props) => {
    const stack = newStack(ENV);
    jobOf(props, {}, stack);

    expect(warnings(stack)).toEqual([]);
  });

  test('also at synthesis, if they are lazy', () => {
    const stack = newStack(ENV);
    jobOf({ entryPointArguments: [lazy('--password=hunter2')] }, {}, stack);
    Template.fromStack(stack);

    expect(warnings(stack).join()).toContain('`entryPointArguments[0]` looks like a credential');
  });
});
