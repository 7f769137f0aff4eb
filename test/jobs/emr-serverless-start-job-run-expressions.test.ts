import { Aws, CfnCondition, CfnParameter, Duration, Fn, Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { jobIn, machineOf, stateOf } from './start-job-run-parts';
import { EmrServerlessStartJobRun, EmrServerlessStartJobRunOptions, SparkEmrServerlessJobProps } from '../../src';
import { lazy, messageOf, newStack } from '../util';

const { JsonPath } = sfn;

type Options = Partial<EmrServerlessStartJobRunOptions>;
type Language = 'jsonPath' | 'jsonata';

/** The request in the state of a task with these options. */
function requestOf(language: Language, options: Options, job: Partial<SparkEmrServerlessJobProps> = {}, stack = newStack()): any {
  const { Parameters, Arguments } = stateOf(EmrServerlessStartJobRun[language](stack, 'Start', { job: jobIn(stack, job), ...options }));
  return Parameters ?? Arguments;
}

/** What the state has for these arguments. */
function argumentsIn(language: Language, entryPointArguments: string[], stack?: Stack): any {
  const { EntryPointArguments, 'EntryPointArguments.$': expression } = submitIn(language, { entryPointArguments }, {}, stack);
  expect([EntryPointArguments, expression]).toContain(undefined);
  return expression ?? EntryPointArguments;
}

/** What the state has for these arguments of a job. */
function jobArgumentsIn(language: Language, entryPointArguments: string[], stack?: Stack): any {
  return submitIn(language, {}, { entryPointArguments }, stack).EntryPointArguments;
}

function submitIn(language: Language, options: Options, job?: Partial<SparkEmrServerlessJobProps>, stack?: Stack): any {
  return requestOf(language, options, job, stack).JobDriver.SparkSubmit;
}

/** Why a state machine with the task is refused. */
function refusalOf(language: Language, options: Options, job: Partial<SparkEmrServerlessJobProps> = {}): string {
  const stack = newStack();
  const task = EmrServerlessStartJobRun[language](stack, 'Start', { job: jobIn(stack, job), ...options });
  return messageOf(() => machineOf(task));
}

describe('arguments in JSONPath', () => {
  test('stay a list if none of them is an expression', () => {
    const plain = ['--date', 'it\'s {braced}', '${date}', '"', 'a\\b', '$.date', 'States.UUID()', '{"a": "b"}', ''];

    expect(argumentsIn('jsonPath', plain)).toEqual(plain);
  });

  test('become one function if one of them is an expression', () => {
    expect(argumentsIn('jsonPath', ['--date', JsonPath.stringAt('$.date')]))
      .toBe('States.Array(\'--date\', States.Format(\'{}\', $.date))');
  });

  test('may have expressions within texts', () => {
    expect(argumentsIn('jsonPath', [`s3://bucket/${JsonPath.stringAt('$.year')}/${JsonPath.stringAt('$$.Execution.Name')}.json`]))
      .toBe('States.Array(States.Format(\'s3://bucket/{}/{}.json\', $.year, $$.Execution.Name))');
  });

  test('may have the same expression twice', () => {
    const date = JsonPath.stringAt('$.date');

    expect(argumentsIn('jsonPath', [`${date}${date}`, date]))
      .toBe('States.Array(States.Format(\'{}{}\', $.date, $.date), States.Format(\'{}\', $.date))');
  });

  test.each<[string, string, string]>([
    ['a quote', 'it\'s', String.raw`it\'s`],
    ['braces', '{a}', String.raw`\{a\}`],
    ['braces that would be a place for a value', '{}', String.raw`\{\}`],
    ['a backslash', 'a\\b', String.raw`a\\b`],
    ['an escape', '\\\'\\{', String.raw`\\\'\\\{`],
    ['a backslash at the end', 'a\\', String.raw`a\\`],
    ['JSON', '{"a": "it\'s"}', String.raw`\{"a": "it\'s"\}`],
    ['other characters', '"$.a",\n(é)', '"$.a",\n(é)'],
  ])('have %s escaped', (_, text, escaped) => {
    expect(argumentsIn('jsonPath', [text, JsonPath.stringAt('$.x')])).toBe(`States.Array('${escaped}', States.Format('{}', $.x))`);
    expect(argumentsIn('jsonPath', [`${text}${JsonPath.stringAt('$.x')}${text}`]))
      .toBe(`States.Array(States.Format('${escaped}{}${escaped}', $.x))`);
  });

  test('may be functions', () => {
    expect(argumentsIn('jsonPath', [JsonPath.uuid(), JsonPath.format('{}-{}', JsonPath.stringAt('$.a'), 'b')]))
      .toBe('States.Array(States.Format(\'{}\', States.UUID()), States.Format(\'{}\', States.Format(\'{}-{}\', $.a, \'b\')))');
  });

  test('may have what CloudFormation resolves', () => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Bucket');

    expect(argumentsIn('jsonPath', [bucket.bucketName, `s3://${bucket.bucketName}/{x}/${JsonPath.stringAt('$.date')}`], stack))
      .toBe('States.Array(\'<Bucket83908E77>\', States.Format(\'s3://<Bucket83908E77>/\\{x\\}/{}\', $.date))');
  });

  test('keep what CloudFormation resolves if none of them is an expression', () => {
    expect(argumentsIn('jsonPath', [`{${Aws.REGION}}`, Fn.join(',', ['a', Aws.REGION])])).toEqual(['{<AWS::Region>}', 'a,<AWS::Region>']);
  });

  test.each<[string, (stack: Stack) => string, string]>([
    ['a text', () => lazy('{it\'s}'), String.raw`\{it\'s\}`],
    ['a text with a reference', () => lazy(`{${Aws.REGION}}`), String.raw`\{<AWS::Region>\}`],
    ['a joined text', () => Fn.join('\'', ['{a', Aws.REGION, 'b}']), String.raw`\{a\'<AWS::Region>\'b\}`],
    ['a dynamic reference', () => '{{resolve:ssm:/jobs/bucket}}/{x}', String.raw`{{resolve:ssm:/jobs/bucket}}/\{x\}`],
    ['a dynamic reference with a token', () => `{x}{{resolve:ssm:/${Aws.REGION}/bucket}}`, String.raw`\{x\}{{resolve:ssm:/<AWS::Region>/bucket}}`],
  ])('have the text that synthesis makes escaped: %s', (_, text, escaped) => {
    const stack = newStack();

    expect(argumentsIn('jsonPath', [text(stack), JsonPath.stringAt('$.x')], stack)).toBe(`States.Array('${escaped}', States.Format('{}', $.x))`);
  });

  test('have both texts of a choice escaped', () => {
    const stack = newStack();
    const condition = new CfnCondition(stack, 'Condition', { expression: Fn.conditionEquals(Aws.REGION, 'eu-west-1') });
    const choice = Fn.conditionIf(condition.logicalId, 'it\'s', '{}').toString();
    machineOf(EmrServerlessStartJobRun.jsonPath(stack, 'Start', {
      job: jobIn(stack), entryPointArguments: [choice, JsonPath.stringAt('$.x')],
    }));
    const [machine] = stack.node.findAll().filter((construct) => construct instanceof sfn.CfnStateMachine);

    // the definition is JSON, which has each backslash twice
    expect(JSON.stringify(stack.resolve(machine.definitionString))).toContain(JSON.stringify({
      'Fn::If': ['Condition', String.raw`it\\'s`, String.raw`\\{\\}`],
    }));
  });

  test('may come from the input as a whole', () => {
    expect(submitIn('jsonPath', { entryPointArguments: JsonPath.listAt('$.args') })['EntryPointArguments.$']).toBe('$.args');
  });

  test('replace those of the job with any of these forms', () => {
    const job = { entryPointArguments: ['--full'] };

    expect(submitIn('jsonPath', { entryPointArgumentsExpression: '$.args' }, job)).not.toHaveProperty('EntryPointArguments');
    expect(submitIn('jsonPath', { entryPointArguments: [JsonPath.stringAt('$.a')] }, job)).not.toHaveProperty('EntryPointArguments');
    expect(submitIn('jsonata', { entryPointArgumentsExpression: '{% $a %}' }, job).EntryPointArguments).toBe('{% $a %}');
  });

  test('may be a list that only the deployment knows', () => {
    const stack = newStack();
    const list = new CfnParameter(stack, 'List', { type: 'CommaDelimitedList' }).valueAsList;
    machineOf(EmrServerlessStartJobRun.jsonPath(stack, 'Start', { job: jobIn(stack), entryPointArguments: list }));

    const [machine] = stack.node.findAll().filter((construct) => construct instanceof sfn.CfnStateMachine);

    expect(() => stack.resolve(machine.definitionString)).not.toThrow();
  });
});

describe('one expression for all arguments', () => {
  test.each<[Language, string, string]>([
    ['jsonPath', '$.args', '$.args'],
    ['jsonPath', '$$.Execution.Input.args', '$$.Execution.Input.args'],
    ['jsonPath', 'States.StringSplit($.args, \',\')', 'States.StringSplit($.args, \',\')'],
    ['jsonPath', JsonPath.stringAt('$.args'), '$.args'],
    ['jsonPath', JsonPath.array(JsonPath.stringAt('$.a'), 'b'), 'States.Array($.a, \'b\')'],
  ])('stands in place of the list, with %s: %s', (language, entryPointArgumentsExpression, expected) => {
    expect(submitIn(language, { entryPointArgumentsExpression })['EntryPointArguments.$']).toBe(expected);
  });

  test('stands in place of the list, with jsonata', () => {
    expect(submitIn('jsonata', { entryPointArgumentsExpression: '{% $states.input.args %}' }).EntryPointArguments)
      .toBe('{% $states.input.args %}');
  });

  test.each<[Language, string, string]>([
    ['jsonPath', 'args', '`entryPointArgumentsExpression` must be an expression of JSONPath such as "$.args", got: "args"'],
    ['jsonPath', 'args$.States.x', '`entryPointArgumentsExpression` must be an expression of JSONPath such as "$.args", got: "args$.States.x"'],
    ['jsonPath', '{% $states.input.args %}', '`entryPointArgumentsExpression` must be no expression of JSONata, because the state has JSONPath'],
    ['jsonata', '$.args', '`entryPointArgumentsExpression` must be an expression of JSONata such as "{% $states.input.args %}", got: "$.args"'],
    ['jsonata', JsonPath.stringAt('$.args'), '`entryPointArgumentsExpression` must not contain a JSONPath field, because the state has JSONata, got: $.args'],
  ])('is refused if it is none of the language, %s: %s', (language, entryPointArgumentsExpression, message) => {
    expect(refusalOf(language, { entryPointArgumentsExpression })).toContain(message);
  });
});

describe('the name and the tags', () => {
  test('may be expressions of JSONPath', () => {
    // only the execution knows how long the name is
    const long = `$.${'x'.repeat(256)}`;
    const request = requestOf('jsonPath', {
      jobRunName: `nightly-${JsonPath.stringAt(long)}`,
      jobRunTags: { run: JsonPath.executionName, plain: '+' },
    }, { jobRunTags: { run: 'any', team: 'data' } });

    expect(request['Name.$']).toBe(`States.Format('nightly-{}', ${long})`);
    expect(request.Name).toBeUndefined();
    expect(request.Tags).toEqual({ 'run.$': 'States.Format(\'{}\', $$.Execution.Name)', 'plain': '+', 'team': 'data' });
  });

  test('may be expressions of JSONata', () => {
    const name = `{% $states.input.name & "${'x'.repeat(300)}" %}`;
    const request = requestOf('jsonata', { jobRunName: name, jobRunTags: { run: '{% $states.context.Execution.Name %}' } });

    expect([request.Name, request.Tags]).toEqual([name, { run: '{% $states.context.Execution.Name %}' }]);
  });
});

describe('arguments in JSONata', () => {
  test('are expressions or texts', () => {
    const stack = newStack();
    const texts = ['--date', '{% $states.input.date %}', '$.date', 'it\'s {braced}', '{%\n$x\n%}', '{"a": 1}', ''];

    expect(argumentsIn('jsonata', [...texts, Aws.REGION], stack)).toEqual([...texts, '<AWS::Region>']);
  });

  test('may have what CloudFormation resolves within an expression', () => {
    expect(argumentsIn('jsonata', [`{% "${Aws.REGION}/" & $states.input.date %}`])).toEqual(['{% "<AWS::Region>/" & $states.input.date %}']);
  });

  test.each([' {% $x %}', '{% $x %} ', 's3://bucket/{% $x %}', '{% $x %}/data', '{%', '%}', '{%}', '{%d}', ' {%d'])(
    'are refused if Step Functions would take them for broken expressions: %j',
    (text) => {
      expect(refusalOf('jsonata', { entryPointArguments: ['--x', text] }))
        .toContain('`entryPointArguments[1]` must be a text, or one expression of JSONata with nothing in front of {% or after %}, got: ');
    },
  );

  test('keep what is no expression', () => {
    const plain = ['a {% b %} c', '% {', '{ %d }', 'a{%b'];

    expect(argumentsIn('jsonata', plain)).toEqual(plain);
  });

  test.each<[string, Options, string]>([
    ['an argument', { entryPointArguments: [`x${JsonPath.stringAt('$.a')}`] }, '`entryPointArguments[0]` must not contain a JSONPath field'],
    ['all arguments', { entryPointArguments: JsonPath.listAt('$.a') }, '`entryPointArguments` must not contain a JSONPath field'],
    ['the name', { jobRunName: JsonPath.stringAt('$.a') }, '`jobRunName` must not contain a JSONPath field'],
    ['a tag', { jobRunTags: { x: JsonPath.stringAt('$.a') } }, '`jobRunTags.x` must not contain a JSONPath field'],
    ['the timeout', { executionTimeout: Duration.minutes(JsonPath.numberAt('$.a')) }, '`executionTimeout` must not contain a JSONPath field'],
  ])('and the other values are refused with a field of JSONPath: %s', (_, options, message) => {
    expect(refusalOf('jsonata', options)).toContain(`${message}, because the state has JSONata, got: $.a [Stack/Start]`);
  });
});

test.each<[string, Options, string]>([
  ['an argument', { entryPointArguments: ['{% $x %}'] }, '`entryPointArguments[0]`'],
  ['the name', { jobRunName: '{% $x %}' }, '`jobRunName`'],
  ['a tag', { jobRunTags: { x: '{% $x %}' } }, '`jobRunTags.x`'],
])('JSONPath has no expressions of JSONata: %s', (_, options, prop) => {
  expect(refusalOf('jsonPath', options)).toContain(
    `${prop} must be no expression of JSONata, because the state has JSONPath (use EmrServerlessStartJobRun.jsonata()), got: "{% $x %}" [Stack/Start]`);
});

test('a task that follows the language of the state machine is checked by it', () => {
  const stack = newStack();
  const task = new EmrServerlessStartJobRun(stack, 'Start', { job: jobIn(stack), entryPointArguments: ['{% $x %}'] });

  expect(stateOf(task, { queryLanguage: sfn.QueryLanguage.JSONATA }).Arguments.JobDriver.SparkSubmit.EntryPointArguments).toEqual(['{% $x %}']);
});

describe('the request of the job', () => {
  const TEXTS = ['{% $states.input.date %}', ' {% x %} ', 's3://bucket/{% x %}', '{% "quoted" \\ %}', '{%', '%}'];

  /** What JSONata makes of an expression that is a string. JSONata writes strings as JSON does. */
  const valueOf = (text: string) => text.startsWith('{% "') ? JSON.parse(text.slice(3, -3)) : text;

  test('stays a text in JSONata, whatever it looks like', () => {
    const rendered = jobArgumentsIn('jsonata', TEXTS);

    expect(rendered.map(valueOf)).toEqual(TEXTS);
    // one pair of marks each, the outer one
    rendered.forEach((text: string) => expect(text).toMatch(/^\{% "((?!\{%|%\}).)*" %\}$/));
  });

  test('is the text itself in JSONPath', () => {
    expect(jobArgumentsIn('jsonPath', TEXTS)).toEqual(TEXTS);
  });

  test('has no expression where none is needed', () => {
    const plain = ['--date', 'a {% b %} c', '{"a": 1}', '%', '$x', Aws.REGION];

    expect(jobArgumentsIn('jsonata', plain)).toEqual([...plain.slice(0, -1), '<AWS::Region>']);
  });

  test('stays a text in JSONata, if only synthesis knows it', () => {
    const [known, joined, unknown] = jobArgumentsIn('jsonata', [lazy('{% x %}'), `{% ${Aws.REGION}" %}`, Aws.REGION]);

    expect([valueOf(known), valueOf(joined), unknown]).toEqual(['{% x %}', '{% <AWS::Region>" %}', '<AWS::Region>']);
  });

  test('has nothing where synthesis leaves nothing', () => {
    const nothing = Lazy.string({ produce: () => undefined });

    expect(requestOf('jsonata', {}, { jobName: nothing })).not.toHaveProperty('Name');
    expect(requestOf('jsonata', {}, { jobName: Lazy.string({ produce: () => null as any }) }).Name ?? undefined).toBeUndefined();
    expect(argumentsIn('jsonPath', [`${nothing}a`, JsonPath.stringAt('$.x')])).toBe('States.Array(\'a\', States.Format(\'{}\', $.x))');
  });

  test('keeps dynamic references', () => {
    expect(jobArgumentsIn('jsonata', ['{{resolve:ssm:/a}}', '{% {{resolve:ssm:/a%b}}'])).toEqual(['{{resolve:ssm:/a}}', String.raw`{% "{\u0025 {{resolve:ssm:/a%b}}" %}`]);
  });

  test('stays a text in every place', () => {
    const text = '{% x %}';
    const request = requestOf('jsonata', {}, {
      jobName: text,
      configurations: [{ classification: 'spark-log4j2', properties: { pattern: text }, configurations: [{ classification: text }] }],
      sparkProperties: { 'spark.app.name': text },
    });

    expect(valueOf(request.Name)).toBe(text);
    const [configuration] = request.ConfigurationOverrides.ApplicationConfiguration;
    expect(valueOf(configuration.Properties.pattern)).toBe(text);
    expect(valueOf(configuration.Configurations[0].Classification)).toBe(text);
  });

  test.each(['configurations', 'sparkProperties', 'jobRunTags'])('has no key that would mark an expression of JSONPath: %s', (prop) => {
    const map = { 'x.$': 'y' };

    expect(() => jobIn(newStack(), { [prop]: prop === 'configurations' ? [{ classification: 'spark-log4j2', properties: map }] : map }))
      .toThrow(/a key of `.*` must .*, got: "x\.\$"/);
  });

  test.each<Language>(['jsonPath', 'jsonata'])('has its policy as JSON within JSON, with %s', (language) => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Bucket');
    const executionPolicy = new iam.PolicyDocument({
      statements: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')] })],
    });
    const { Policy } = requestOf(language, {}, { executionPolicy }, stack).ExecutionIamPolicy;

    expect(JSON.parse(Policy).Statement).toEqual([{ Action: 's3:GetObject', Effect: 'Allow', Resource: '<Bucket83908E77.Arn>/*' }]);
  });

  test('is what it was for others after a task has it', () => {
    const stack = newStack();
    const job = jobIn(stack, { entryPointArguments: ['{% x %}'] });
    const before = job.startJobRunInput;
    stateOf(EmrServerlessStartJobRun.jsonata(stack, 'Start', { job }));

    expect(stack.resolve(job.startJobRunInput)).toEqual(stack.resolve(before));
    expect(stack.resolve(job.startJobRunInput)).toContain('"{% x %}"');
  });

  test('may have a list that only synthesis knows', () => {
    expect(jobArgumentsIn('jsonata', Lazy.list({ produce: () => ['a', 'b'] }))).toEqual(['a', 'b']);
  });
});
