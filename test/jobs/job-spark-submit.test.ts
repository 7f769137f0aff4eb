import { CfnParameter, Fn, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EmrRelease, PythonPackages } from '../../src';
import { ENV, importIn, lazy, newStack, warnings } from '../util';
import { deployedText, jobOf, lateRefusal, OwnCode, parametersOf, Props, refusal, requestOf } from './job-parts';

const MAX = 102_400;
const OTHER_WAY = 'give the property in `configurations`, in the classification "spark-defaults"';

/** A virtual environment in a place of one's own. */
class OwnPackages extends PythonPackages {
  public bind() {
    return { archiveUri: 's3://code/env.tgz', pythonFileUris: ['s3://code/project.zip'] };
  }
}

describe('a value', () => {
  test.each<[string, unknown, string]>([
    ['a text', 'b', 'b'],
    ['a number', 1.5, '1.5'],
    ['a boolean', false, 'false'],
    ['blanks', '-Da=b -Dc=d', '"-Da=b -Dc=d"'],
    ['a tab', 'a\tb', '"a\tb"'],
    ['a single quote', 'it\'s', '"it\'s"'],
    ['what only Spark knows', '${spark.b}', '${spark.b}'],
    ['a secret', 'EMR.secret@name', 'EMR.secret@name'],
    ['a lazy text with blanks', lazy('a b'), '"a b"'],
    ['a lazy number', Lazy.any({ produce: () => 7 }), '"7"'],
  ])('with %s', (_, value, text) => {
    expect(parametersOf(jobOf({ sparkProperties: { 'spark.a': value } }))).toBe(`--conf spark.a=${text}`);
  });

  test('that only the deployment knows is in quotes, because it may have blanks', () => {
    const stack = newStack(ENV);
    const options = new CfnParameter(stack, 'Options').valueAsString;

    expect(deployedText(parametersOf(jobOf({ sparkProperties: { 'spark.a': options }, environment: { OPTIONS: options } }, {}, stack))))
      .toBe('--conf spark.a="<Options>" --conf spark.emr-serverless.driverEnv.OPTIONS="<Options>" --conf spark.executorEnv.OPTIONS="<Options>"');
  });

  test.each(['"', '\\', '\n', '\r'])('with %j is refused with the way out', (character) => {
    const value = `a${character}b`;

    expect(refusal({ sparkProperties: { 'spark.a': value } })).toBe('the value of "spark.a" in `sparkProperties` must not contain double'
      + ' quotes, backslashes or line breaks, which EMR Serverless does not take in the parameters of spark-submit'
      + ` (${OTHER_WAY}), got: ${JSON.stringify(value).replaceAll('\\n', '\\n')}`);
    expect(refusal({ environment: { A: value } })).toContain('in `environment` must not contain double quotes');
    expect(() => jobOf({ configurations: [{ classification: 'spark-defaults', properties: { 'spark.a': value } }] })).not.toThrow();
  });

  test('with quotes is refused at synthesis if it is lazy', () => {
    expect(lateRefusal(jobOf({ sparkProperties: { 'spark.a': lazy('"') } }))).toContain('[Stack/Job] the value of "spark.a" in `sparkProperties` must not');
    expect(lateRefusal(jobOf({ environment: { A: lazy('"') } }))).toContain('in `environment` must not');
  });

  test('with quotes beside a token is refused at once', () => {
    expect(refusal({ sparkProperties: { 'spark.a': `"${lazy('x')}` } })).toContain('must not contain double quotes');
  });

  test('that looks like a credential is not shown', () => {
    expect(refusal({ sparkProperties: { 'spark.db.password': 'hunter"2' } })).toMatch(/got: a value that is not shown here$/);
    expect(refusal({ environment: { DB_PASSWORD: 'hunter"2' } })).not.toContain('hunter');
  });

  test('of another type is refused', () => {
    expect(refusal({ sparkProperties: { 'spark.a': null } })).toBe('the value of "spark.a" in `sparkProperties` must be a string, a number or a boolean, got: null');
  });
});

describe('the parameters', () => {
  const start = '--conf spark.a='.length;

  test(`have at most ${MAX} characters`, () => {
    expect(parametersOf(jobOf({ sparkProperties: { 'spark.a': 'x'.repeat(MAX - start) } }))).toHaveLength(MAX);
    expect(refusal({ sparkProperties: { 'spark.a': 'x'.repeat(MAX - start + 1) } }))
      .toBe(`the parameters of spark-submit, most of which \`sparkProperties\` gives, must have at most ${MAX} characters, got: ${MAX + 1}`);
  });

  test.each<[string, Props]>([
    ['environment', { environment: { A: 'x'.repeat(MAX) }, sparkProperties: { 'spark.a': 'b' } }],
    ['environment', { environment: Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`A${i}`, ''])), sparkProperties: { 'spark.a': 'x'.repeat(99_999) } }],
    ['sparkProperties', { environment: { A: 'b' }, sparkProperties: { 'spark.a': 'x'.repeat(MAX) } }],
    ['files', { files: [new OwnCode(`s3://code/${'x'.repeat(MAX)}`)], environment: { A: 'b' } }],
  ])('name `%s` if it gives most of them', (prop, props) => {
    expect(() => jobOf(props)).toThrow(`the parameters of spark-submit, most of which \`${prop}\` gives, must have at most ${MAX} characters, got: `);
  });

  test('count without what only the deployment knows', () => {
    expect(refusal({ sparkProperties: { 'spark.a': `${'x'.repeat(MAX)}${Fn.importValue('A')}` } })).toBe('the parameters of spark-submit, most of which'
      + ` \`sparkProperties\` gives, must have at most ${MAX} characters, got: ${MAX + start + '""'.length + 1} without the tokens`);
  });

  test('are a text at once if nothing in them is lazy', () => {
    const { jobDriver } = jobOf({ sparkProperties: { 'spark.a': 'b' }, mainClass: 'Main' }).startJobRunRequest;

    expect(jobDriver.sparkSubmit.sparkSubmitParameters).toBe('--class Main --conf spark.a=b');
  });

  test('count with their code', () => {
    const code = '--conf spark.jars=s3://code/a.jar '.length;
    const jars = [new OwnCode('s3://code/a.jar')];

    expect(parametersOf(jobOf({ jars, sparkProperties: { 'spark.a': 'x'.repeat(MAX - start - code) } }))).toHaveLength(MAX);
    expect(() => jobOf({ jars, sparkProperties: { 'spark.a': 'x'.repeat(MAX - start - code + 1) } })).toThrow(`at most ${MAX} characters, got: ${MAX + 1}`);
  });

  test('are counted at synthesis if they are lazy', () => {
    expect(lateRefusal(jobOf({ sparkProperties: { 'spark.a': lazy('x'.repeat(MAX)) } }))).toContain('the parameters of spark-submit, most of which `sparkProperties` gives, must have');
  });

  const nothing = () => Lazy.string({ produce: () => undefined as any });

  test('leave out what is nothing in the end', () => {
    const properties = { sparkProperties: { 'spark.a': nothing(), 'spark.b': lazy('x y'), 'spark.c': `-${nothing()}` } };
    const job = jobOf({ ...properties, environment: { A: nothing(), B: lazy('x') }, mainClass: 'Main' });
    const request = Stack.of(job).resolve(job.startJobRunRequest);

    expect(request.jobDriver.sparkSubmit.sparkSubmitParameters).toBe('--class Main --conf spark.b="x y" --conf spark.c="-"'
      + ' --conf spark.emr-serverless.driverEnv.B="x" --conf spark.executorEnv.B="x"');
    expect(JSON.parse(deployedText(Stack.of(job).resolve(job.startJobRunInput))).jobDriver).toEqual(request.jobDriver);
    expect(() => Template.fromStack(Stack.of(job))).not.toThrow();
  });

  test('are not there if all of them are nothing in the end', () => {
    expect(requestOf(jobOf({ sparkProperties: { 'spark.a': nothing() } })).jobDriver.sparkSubmit).toEqual({ entryPoint: 's3://code/job.py' });
  });

  test('have what only the deployment knows, beside what is nothing in the end', () => {
    const stack = newStack();
    const job = jobOf({ sparkProperties: { 'spark.a': nothing(), 'spark.b': Fn.importValue('B'), 'spark.c': Token.asString({ Ref: 'C' }) } }, {}, stack);

    expect(deployedText(parametersOf(job))).toBe('--conf spark.b="<B>" --conf spark.c="<C>"');
  });

  test('may have more than the 100 properties of a classification', () => {
    const sparkProperties = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`spark.a${i}`, i]));

    expect(parametersOf(jobOf({ sparkProperties })).match(/--conf/g)).toHaveLength(101);
  });

  test.each(['com.example.Main', 'Main', 'a.B$C', 'é.Ü_1'])('name the main class %s', (mainClass) => {
    expect(parametersOf(jobOf({ mainClass }))).toBe(`--class ${mainClass}`);
  });

  test.each(['', ' ', 'a b', 'a-b', '1a', 'x'.repeat(1025), 'x'.repeat(200_000)])('refuse the main class %j', (mainClass) => {
    expect(refusal({ mainClass })).toContain('`mainClass` must be the name of a class such as "com.example.Main", got: ');
  });

  test('name the main class if it gives most of them', () => {
    expect(refusal({ mainClass: 'x'.repeat(MAX) })).toContain('the parameters of spark-submit, most of which `mainClass` gives, must have');
  });

  test('refuse a lazy main class', () => {
    expect(lateRefusal(jobOf({ mainClass: lazy('a b') }))).toContain('[Stack/Job] `mainClass` must be the name of a class');
  });
});

describe('a property has one owner', () => {
  test.each<[Props, string]>([
    [{ executor: { cores: 4 }, sparkProperties: { 'spark.executor.cores': 8 } },
      '"spark.executor.cores" must have one value, got: "4" from `executor.cores` and "8" in `sparkProperties`'],
    [{ environment: { A: 'b' }, sparkProperties: { 'spark.executorEnv.A': 'c' } },
      '"spark.executorEnv.A" must have one value, got: "b" from `environment` and "c" in `sparkProperties`'],
    [{ environment: { PASSWORD: 'b' }, sparkProperties: { 'spark.executorEnv.PASSWORD': 'c' } },
      '"spark.executorEnv.PASSWORD" must have one value, got: a value that is not shown here from `environment`'
      + ' and a value that is not shown here in `sparkProperties`'],
    [{ sparkProperties: { 'spark.a': 'b' }, configurations: [{ classification: 'spark-defaults', properties: { 'spark.a': 'c' } }] },
      '"spark.a" must have one value, got: "b" from `sparkProperties` and "c" in `configurations`'],
    [{ maxExecutors: 9, configurations: [{ classification: 'spark-defaults', properties: { 'spark.dynamicAllocation.maxExecutors': '8' } }] },
      '"spark.dynamicAllocation.maxExecutors" must have one value, got: "9" from `maxExecutors` and "8" in `configurations`'],
    [{ jars: [new OwnCode()], sparkProperties: { 'spark.jars': 's3://x' } },
      '"spark.jars" must not be given in `sparkProperties` with `jars`, which decides it, got: "s3://x"'],
    [{ archives: { a: new OwnCode() }, configurations: [{ classification: 'spark-defaults', properties: { 'spark.archives': 's3://x' } }] },
      '"spark.archives" must not be given in `configurations` with `archives`, which decides it, got: "s3://x"'],
    [{ pythonPackages: new OwnPackages(), sparkProperties: { 'spark.archives': 's3://x' } },
      '"spark.archives" must not be given in `sparkProperties` with `pythonPackages`, which decides it, got: "s3://x"'],
    [{ pythonPackages: new OwnPackages(), archives: { environment: new OwnCode() } },
      'a key of `archives` must not be "environment", which is the directory of `pythonPackages`, got: "environment"'],
  ])('%p', (props, message) => {
    expect(refusal(props)).toBe(message);
  });

  test('and may be said twice', () => {
    expect(parametersOf(jobOf({
      executor: { cores: 4 },
      sparkProperties: { 'spark.executor.cores': '4' },
      configurations: [{ classification: 'spark-defaults', properties: { 'spark.executor.cores': 4 } }],
    }))).toBe('--conf spark.executor.cores=4');
  });

  test('unless a value is a token', () => {
    expect(() => jobOf({ executor: { cores: 4 }, sparkProperties: { 'spark.executor.cores': new CfnParameter(newStack(), 'P').valueAsString } })).not.toThrow();
    expect(lateRefusal(jobOf({ executor: { cores: 4 }, sparkProperties: { 'spark.executor.cores': lazy('8') } }))).toContain('must have one value');
  });
});

describe('the environment', () => {
  test.each(['1A', 'A-B', 'A B', '', 'Ä'])('refuses the name %j', (name) => {
    expect(refusal({ environment: { [name]: 'b' } })).toContain('a key of `environment` must have letters, digits and _, and no digit at its start, got: ');
  });

  test.each([7, null, {}, '\ud800'])('refuses the value %p', (value) => {
    expect(refusal({ environment: { A: value } })).toContain('`environment.A` must be a string, got: ');
  });

  test('refuses a lazy name', () => {
    expect(lateRefusal(jobOf({ environment: { [lazy('A B')]: 'b' } }))).toContain('a key of `environment` must have letters');
  });
});

describe('the directory of an archive', () => {
  test.each(['a', 'A-1_b.c', '...', 'x'.repeat(255)])('may be %j', (directory) => {
    expect(parametersOf(jobOf({ archives: { [directory]: new OwnCode('s3://a/b.zip') } }))).toBe(`--conf spark.archives=s3://a/b.zip#${directory}`);
  });

  test.each(['', '.', '..', 'a/b', 'a b', 'a#b', 'a,b', 'x'.repeat(256)])('must not be %j', (directory) => {
    expect(refusal({ archives: { [directory]: new OwnCode() } })).toContain('a key of `archives` must be the name of a directory');
  });

  test('must not be lazily wrong', () => {
    expect(lateRefusal(jobOf({ archives: { [lazy('a/b')]: new OwnCode() } }))).toContain('a key of `archives` must be the name of a directory');
  });
});

describe('what the application has', () => {
  const defaults = [{ classification: 'spark-defaults', properties: { 'spark.b': 'c' } }];

  test.each([
    [EmrRelease.EMR_7_14_0, true],
    [EmrRelease.EMR_SPARK_8_0_0, true],
    [EmrRelease.EMR_SPARK_8_1_0, false],
  ])('on %p is replaced by spark-defaults of the job with a warning: %p', (release, isReplaced) => {
    const stack = newStack(ENV);
    jobOf({ configurations: defaults }, { release, sparkProperties: { 'spark.a': 'b' } }, stack);

    expect(warnings(stack)).toEqual(isReplaced ? [
      `"spark-defaults" in \`configurations\` of the job replaces all Spark properties of the application on release ${release.label}. Give the`
      + ' properties in `sparkProperties` of the job, which leave the others as they are [ack: cdk-spark-emr-serverless:replacedProperties]',
    ] : []);
  });

  test.each<[string, object, object]>([
    ['nothing', {}, { configurations: defaults }],
    ['other settings', { 'spark.a': 'b' }, { sparkProperties: { 'spark.b': 'c' } }],
  ])('is replaced without a warning if it is %s', (_, sparkProperties, props) => {
    const stack = newStack(ENV);
    jobOf(props, { release: EmrRelease.EMR_7_14_0, sparkProperties }, stack);

    expect(warnings(stack)).toEqual([]);
  });

  test('counts with what the job has', () => {
    expect(refusal({ sparkProperties: { 'spark.executor.cores': 1 } }, { sparkProperties: { 'spark.executor.memory': '10g' } }))
      .toContain('"spark.executor.memory" and its overhead must fit into the largest worker with 1 vCPU');
    expect(() => jobOf({ sparkProperties: { 'spark.executor.cores': 2 } }, { sparkProperties: { 'spark.executor.memory': '10g' } })).not.toThrow();
  });

  test('is not blamed on the job where the application is wrong already', () => {
    const job = jobOf({}, { sparkProperties: { 'spark.executor.cores': lazy('99') } });

    const message = lateRefusal(job);
    expect(message).toContain('[Stack/Spark] "spark.executor.cores" must');
    expect(message).not.toContain('[Stack/Job]');
  });

  test('counts lazily', () => {
    expect(lateRefusal(jobOf({ executor: { cores: 1 } }, { sparkProperties: { 'spark.executor.memory': lazy('10g') } })))
      .toContain('[Stack/Job] "spark.executor.memory" and its overhead must fit into the largest worker with 1 vCPU');
  });

  test('is not known of an import, so that nothing is held against it', () => {
    const stack = newStack(ENV);
    const job = jobOf({ runtime: importIn(stack), sparkProperties: { 'spark.dynamicAllocation.minExecutors': 5 } }, {}, stack);

    expect(() => Template.fromStack(stack)).not.toThrow();
    expect(parametersOf(job)).toBe('--conf spark.dynamicAllocation.minExecutors=5');
  });
});

test('packages of a class of one\'s own set their path, and their modules come with the others', () => {
  expect(parametersOf(jobOf({ pythonPackages: new OwnPackages(), pythonFiles: [new OwnCode('s3://code/a.py')] }))).toBe(
    '--conf spark.archives=s3://code/env.tgz#environment --conf spark.emr-serverless.driverEnv.PYTHONPATH=./environment'
    + ' --conf spark.executorEnv.PYTHONPATH=./environment --conf spark.submit.pyFiles=s3://code/a.py,s3://code/project.zip');
});
