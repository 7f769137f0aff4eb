import { Duration, Size } from 'aws-cdk-lib';
import { jobRefusal, jobWith } from './job-parts';
import { bind, eachTestInSandbox, sandbox } from './packages-parts';
import { EmrRelease, PythonPackages, SparkCode, SparkJobMode } from '../../src';
import { deployed, warnings } from '../util';

const defaults = (properties: { [key: string]: string }) => [{ classification: 'spark-defaults', properties }];

describe('the Spark properties of a job', () => {
  const LAKE_FORMATION = 'spark.emr-serverless.lakeformation.enabled';

  test('have their own names where they need another release, in `configurations` too', () => {
    expect(jobRefusal({ configurations: defaults({ [LAKE_FORMATION]: 'true' }) }, { release: EmrRelease.EMR_7_1_0 }))
      .toContain(`"${LAKE_FORMATION}" needs release emr-7.2.0 or later`);
  });

  test('make nothing useless that the application has for other jobs and for sessions', () => {
    const { job } = jobWith({ sparkProperties: { 'spark.aws.serverlessStorage.enabled': true } }, {
      release: EmrRelease.EMR_7_14_0,
      livyEndpoint: true,
      initialDriverCapacity: { workerCount: 1, cpu: 4, memory: Size.gibibytes(20) },
    });

    expect(job.node.metadata).toEqual([]);
  });

  test('may be all only if it is known that they replace those of the application', () => {
    const props = { configurations: defaults({ 'spark.driver.cores': '1' }) };
    const application = { sparkProperties: { 'spark.driver.memory': '4g' } };

    expect(jobRefusal(props, { ...application, release: EmrRelease.EMR_7_14_0 })).toContain('must fit into the largest worker with 1 vCPU');
    expect(() => jobWith(props, { ...application, release: EmrRelease.of(deployed('Release')) })).not.toThrow();
  });

  test('replace those of the application with `spark-defaults` only', () => {
    const application = { release: EmrRelease.EMR_7_14_0, sparkProperties: { 'spark.app.name': 'x' } };
    const warned = (classification: string) => warnings(jobWith({ configurations: [{ classification, properties: { 'spark.x': 'y' } }] }, application).stack)
      .filter((warning) => warning.includes('replaces all Spark properties'));

    expect(warned('spark-defaults')).toHaveLength(1);
    expect(warned('spark-metrics')).toEqual([]);
  });
});

describe('what a class of the user\'s own returns, and a mode, are refused with the whole message', () => {
  class OwnCode extends SparkCode {
    public bind() {
      return { uri: 5 as any };
    }
  }

  test('the URI of code', () => {
    expect(jobRefusal({ jars: [new OwnCode()] })).toBe('`jars.bind().uri` must be a string, got: 5');
  });

  test.each<[() => unknown, string]>([
    [() => SparkJobMode.batch({ maxAttempts: 'x' as any }), '`options.maxAttempts` must be a number, got: "x"'],
    [() => SparkJobMode.streaming({ maxFailedAttemptsPerHour: 'x' as any }), '`options.maxFailedAttemptsPerHour` must be a number, got: "x"'],
    [() => SparkJobMode.batch({ executionTimeout: Duration.seconds(90) }), '`executionTimeout` must be a whole number of minutes from 1 to 1000000, got: 1.5 minutes'],
  ])('a mode: %#', (make, message) => {
    expect(make).toThrow(new Error(message));
  });
});

describe('an installation', () => {
  eachTestInSandbox();

  test('says how many seconds it took', () => {
    sandbox.uv('sleep 0.1');

    bind(PythonPackages.fromRequirements(sandbox.file('requirements.txt', 'demo==1.0\n')));

    expect(sandbox.progress().filter((line) => /: done in (?!0\.0)\d{1,2}\.\d s$/.test(line)).length).toBeGreaterThan(0);
    expect(sandbox.progress().filter((line) => line.includes('done')).every((line) => /: done in \d{1,2}\.\d s$/.test(line))).toBe(true);
  });
});
