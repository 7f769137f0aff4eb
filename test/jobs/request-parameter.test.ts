import { Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ParameterTier } from 'aws-cdk-lib/aws-ssm';
import { SparkCode, SparkCodeConfig, SparkEmrServerlessJob, SparkEmrServerlessRuntime } from '../../src';
import { lazy, newStack, onlyResource } from '../util';

class Program extends SparkCode {
  public bind(): SparkCodeConfig {
    return { uri: 's3://amzn-s3-demo-bucket/job.py' };
  }
}

/** A job that does what the argument says. */
function job(...entryPointArguments: string[]): SparkEmrServerlessJob {
  const stack = newStack();
  return new SparkEmrServerlessJob(stack, 'Job', { runtime: new SparkEmrServerlessRuntime(stack, 'Spark'), entryPoint: new Program(), entryPointArguments });
}

/** The problems at synthesis. */
function problems({ node }: SparkEmrServerlessJob): string[] {
  return node.findAll().flatMap((construct) => construct.node.validate());
}

/** The request of a job that has only an empty argument, without what the deployment knows. */
const EMPTY = knownLength(job(''));

function knownLength({ node, startJobRunInput }: SparkEmrServerlessJob): number {
  const { 'Fn::Join': [, parts] } = Stack.of(node.root.node.findChild('Stack')).resolve(startJobRunInput);
  return parts.filter((part: unknown) => typeof part === 'string').join('').length;
}

/** A job whose request has this many characters that are known. */
function jobOf(length: number): SparkEmrServerlessJob {
  return job('a'.repeat(length - EMPTY));
}

describe('the parameter', () => {
  test('has the request, and Parameter Store chooses its tier', () => {
    const nightly = job('--date', 'today');

    nightly.createRequestParameter('Request');

    const stack = Stack.of(nightly);
    expect(onlyResource(stack, 'AWS::SSM::Parameter')).toEqual({
      Type: 'String',
      Tier: 'Intelligent-Tiering',
      Value: stack.resolve(nightly.startJobRunInput),
    });
  });

  test('has the name, the description and the tier of the options', () => {
    const nightly = job();

    const parameter = nightly.createRequestParameter('Request', { parameterName: '/spark/nightly', description: 'For Airflow', tier: ParameterTier.STANDARD });

    expect(parameter.node.path).toBe('Stack/Job/Request');
    expect(onlyResource(Stack.of(nightly), 'AWS::SSM::Parameter')).toMatchObject({
      Name: '/spark/nightly', Description: 'For Airflow', Tier: 'Standard',
    });
  });

  test('leaves the tier to Parameter Store if the option is undefined', () => {
    const nightly = job();

    nightly.createRequestParameter('Request', { tier: undefined });

    expect(onlyResource(Stack.of(nightly), 'AWS::SSM::Parameter').Tier).toBe('Intelligent-Tiering');
  });

  test('needs an id, and options that are an object', () => {
    const nightly = job();

    expect(() => nightly.createRequestParameter(undefined as any)).toThrow('`id` must be given, got: undefined [Stack/Job]');
    expect(() => nightly.createRequestParameter('Request', 'Standard' as any))
      .toThrow('`options` must be an object, got: "Standard" [Stack/Job/Request]');
  });

  test.each([
    [{ allowedPattern: 1 }, '`options.allowedPattern` must be a string, got: 1'],
    [{ description: ['x'] }, '`options.description` must be a string, got: a list'],
    [{ parameterName: {} }, '`options.parameterName` must be a string, got: an object of class Object'],
    [{ simpleName: 'yes' }, '`options.simpleName` must be true or false, got: "yes"'],
    [{ tier: 'Free' }, '`options.tier` must be one of Advanced, Intelligent-Tiering, Standard, got: "Free"'],
  ])('takes no %j of a caller without types', (options, message) => {
    expect(() => job().createRequestParameter('Request', options as any)).toThrow(`${message} [Stack/Job/Request]`);
  });

  test('has no other options', () => {
    const nightly = job();

    nightly.createRequestParameter('Request', { type: 'StringList', dataType: 'aws:ec2:image', stringValue: 'x' } as any);

    expect(onlyResource(Stack.of(nightly), 'AWS::SSM::Parameter')).toEqual({
      Type: 'String', Tier: 'Intelligent-Tiering', Value: Stack.of(nightly).resolve(nightly.startJobRunInput),
    });
  });

  const ALLOWED = 'a name of A-Z a-z 0-9 _ . -, or such names with a slash in front of each, at most 1011 characters, and must not start with aws or ssm';

  test.each([
    '/aws/nightly', 'aws', 'AWS-nightly', '/ssm/nightly', 'ssmNightly', '/SSM', '/spark nightly', 'spark/nightly', '/spark/', '//spark', '/', '',
  ])('is not named %p, which Parameter Store refuses', (parameterName) => {
    const lazily = job();
    lazily.createRequestParameter('Request', { parameterName: lazy(parameterName), simpleName: true });

    expect(() => job().createRequestParameter('Request', { parameterName })).toThrow(`\`options.parameterName\` must be ${ALLOWED}, got: "`);
    expect(problems(lazily)).toEqual([expect.stringContaining(`\`options.parameterName\` must be ${ALLOWED}, got: "`)]);
  });

  test.each(['/spark/aws', '/spark/ssm/nightly', 'spark.aws', 'Nightly_1', 'asm'])('may be named %p', (parameterName) => {
    const nightly = job();

    nightly.createRequestParameter('Request', { parameterName });

    expect(onlyResource(Stack.of(nightly), 'AWS::SSM::Parameter').Name).toBe(parameterName);
  });

  test('has a name of at most 1011 characters', () => {
    expect(() => job().createRequestParameter('Request', { parameterName: `/${'a'.repeat(1010)}` })).not.toThrow();
    expect(() => job().createRequestParameter('Request', { parameterName: `/${'a'.repeat(1011)}` })).toThrow('(1012 characters)');
  });

  test('may have a name that only the deployment knows', () => {
    const nightly = job();

    nightly.createRequestParameter('Request', { parameterName: Fn.importValue('Name'), simpleName: true });

    expect(problems(nightly)).toEqual([]);
  });

  test('does not take its name for its id', () => {
    expect(() => job().createRequestParameter('/spark/nightly'))
      .toThrow('`id` must have no slashes (`options.parameterName` is the name of the parameter), got: "/spark/nightly"');
  });
});

describe('a request', () => {
  test.each([
    [undefined, 8192],
    [ParameterTier.INTELLIGENT_TIERING, 8192],
    [ParameterTier.ADVANCED, 8192],
    [ParameterTier.STANDARD, 4096],
  ])('fits a parameter of the tier %s if it has %d characters, and no more', (tier, max) => {
    const fitting = jobOf(max);
    const long = jobOf(max + 1);

    fitting.createRequestParameter('Request', { tier });
    long.createRequestParameter('Request', { tier });

    expect(problems(fitting)).toEqual([]);
    expect(problems(long)).toEqual([
      `\`startJobRunInput\` must have at most ${max} characters in a parameter of the tier ${tier ?? 'Intelligent-Tiering'}`
      + `${max === 4096 ? ', and 8192 in one of ParameterTier.ADVANCED' : ''}, got: ${max + 1} without the tokens`,
    ]);
    expect(() => Template.fromStack(Stack.of(long))).toThrow('[Stack/Job/Request]');
  });

  test('may have what only the deployment knows, and is refused for what synthesis knows', () => {
    const unknown = job(Fn.importValue('a'.repeat(9000)));
    const known = job(lazy('a'.repeat(9000)));

    unknown.createRequestParameter('Request');
    known.createRequestParameter('Request');

    expect(problems(unknown)).toEqual([]);
    expect(problems(known)).toEqual([expect.stringContaining(`got: ${EMPTY + 9000} without the tokens`)]);
  });

  test('is refused if one of the texts that the deployment chooses from does not fit', () => {
    const chosen = job(Fn.conditionIf('IsLarge', 'a'.repeat(9000), 'a').toString());

    chosen.createRequestParameter('Request');

    expect(problems(chosen)).toEqual([expect.stringContaining('must have at most 8192 characters')]);
  });

  test.each(['{{ ds }}', 'a {{', lazy('{{ ds }}')])('with %s is refused, which Parameter Store takes for another parameter', (argument) => {
    const templated = job('--date', argument);

    templated.createRequestParameter('Request');

    expect(problems(templated)).toEqual([
      expect.stringMatching(/^`startJobRunInput` must not have \{\{ in a parameter, because Parameter Store refuses it, got: "\{\{/),
    ]);
  });

  test.each([
    ['the end of the argument', '{{ ds }}', '{{ ds }}'],
    ['a token', `{{ ${Fn.importValue('x')} }}`, '{{ '],
    ['a quote', '{{ "ds" }}', '{{ \\\\'],
  ])('is shown up to %s', (_, argument, excerpt) => {
    const templated = job('--date', argument, 'other');

    templated.createRequestParameter('Request');

    expect(problems(templated)).toEqual([
      `\`startJobRunInput\` must not have {{ in a parameter, because Parameter Store refuses it, got: "${excerpt}"`,
    ]);
  });

  test('does not show a credential', () => {
    const templated = job(`{{ ${'-'.repeat(30)} password=hunter2`);

    templated.createRequestParameter('Request');

    expect(problems(templated)).toEqual([
      '`startJobRunInput` must not have {{ in a parameter, because Parameter Store refuses it, got: a value that is not shown here',
    ]);
  });

  test.each(['{ ds }', '{a}}', '{{resolve:ssm:/date}}', Lazy.string({ produce: () => '{{resolve:ssm:/date}}' })])('may have %s', (argument) => {
    const plain = job('--date', argument);

    plain.createRequestParameter('Request');

    expect(problems(plain)).toEqual([]);
  });

  test('that does not fit is no problem without a parameter', () => {
    expect(problems(jobOf(9000))).toEqual([]);
  });
});
