import { Duration, Size, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { confOf, IMAGE_CODE, jobWith, requestOf } from './job-parts';
import { DiskType, EmrRelease, SparkCode, SparkEmrServerlessJob, SparkJobMode, SparkLogType } from '../../src';
import { deployed, lazy, onlyResource } from '../util';

describe('the request', () => {
  test('has the application, the role, the id of the construct as its name, and the program', () => {
    const built = jobWith();

    expect(requestOf(built.job)).toEqual({
      applicationId: built.stack.resolve(built.runtime.applicationId),
      executionRoleArn: built.stack.resolve(built.job.executionRole.roleArn),
      name: 'Job',
      jobDriver: { sparkSubmit: { entryPoint: '/jobs/job.py' } },
    });
    expect(built.job.jobName).toBe('Job');
    // a member that is undefined would be one
    expect(built.job.startJobRunRequest).toStrictEqual({
      applicationId: expect.anything(), executionRoleArn: expect.anything(), name: 'Job', jobDriver: { sparkSubmit: { entryPoint: '/jobs/job.py' } },
    });
  });

  test('has what the props give, with the names of the API', () => {
    const built = jobWith({
      jobName: 'Nightly sales',
      entryPoint: SparkCode.fromImage('/jobs/job.jar'),
      mainClass: 'com.example.Main',
      entryPointArguments: ['--date', '2026-11-28', ''],
      mode: SparkJobMode.batch({ executionTimeout: Duration.hours(2), maxAttempts: 3 }),
      configurations: [{ classification: 'spark-driver-log4j2', properties: { 'rootLogger.level': 'debug' } }],
      jobRunTags: { team: 'data' },
    });

    expect(requestOf(built.job)).toMatchObject({
      name: 'Nightly sales',
      executionTimeoutMinutes: 120,
      retryPolicy: { maxAttempts: 3 },
      jobDriver: {
        sparkSubmit: {
          entryPoint: '/jobs/job.jar',
          entryPointArguments: ['--date', '2026-11-28', ''],
          sparkSubmitParameters: '--class com.example.Main',
        },
      },
      configurationOverrides: {
        applicationConfiguration: [{ classification: 'spark-driver-log4j2', properties: { 'rootLogger.level': 'debug' } }],
      },
      tags: { team: 'data' },
    });
  });

  test('of a streaming job has its mode and its retries, and no timeout', () => {
    const request = requestOf(jobWith({ mode: SparkJobMode.streaming({ maxFailedAttemptsPerHour: 2 }) }).job);

    expect(request).toMatchObject({ mode: 'STREAMING', retryPolicy: { maxFailedAttemptsPerHour: 2 } });
    expect(request).not.toHaveProperty('executionTimeoutMinutes');
  });

  test('is the same as JSON, which is known when the app is deployed', () => {
    const { stack, job } = jobWith({ entryPointArguments: ['"quoted"', deployed('Bucket')] });
    const input = stack.resolve(job.startJobRunInput);
    const text = input['Fn::Join'][1].map((part: unknown) => typeof part === 'string' ? part : 'deployed').join('');

    expect(JSON.parse(text)).toEqual({
      applicationId: 'deployed',
      executionRoleArn: 'deployed',
      name: 'Job',
      jobDriver: { sparkSubmit: { entryPoint: '/jobs/job.py', entryPointArguments: ['"quoted"', 'deployed'] } },
    });
  });

  test('is a copy: who changes it changes nothing', () => {
    const { job } = jobWith({ jobRunTags: { team: 'data' }, entryPointArguments: ['a'] });
    const request = job.startJobRunRequest;
    request.tags.team = 'other';
    request.jobDriver.sparkSubmit.entryPointArguments.push('b');

    expect(job.startJobRunRequest).toMatchObject({
      tags: { team: 'data' },
      jobDriver: { sparkSubmit: { entryPointArguments: ['a'] } },
    });
  });

  test('does not change when the props do', () => {
    const entryPointArguments = ['a'];
    const environment = { A: '1' };
    const built = jobWith({ entryPointArguments, environment });
    entryPointArguments.push('b');
    environment.A = '2';

    expect(requestOf(built.job).jobDriver.sparkSubmit.entryPointArguments).toEqual(['a']);
    expect(confOf(built)['spark.executorEnv.A']).toBe('1');
  });
});

describe('Spark properties', () => {
  test('are the sizes, the environment and what the user gives, in alphabetical order', () => {
    const built = jobWith({
      driver: { cores: 2, memory: Size.gibibytes(4) },
      executor: { cores: 8, memory: Size.mebibytes(20000), disk: Size.gibibytes(500), diskType: DiskType.SHUFFLE_OPTIMIZED },
      minExecutors: 1,
      maxExecutors: 20,
      environment: { STAGE: 'test it' },
      sparkProperties: { 'spark.sql.shuffle.partitions': 200, 'spark.eventLog.enabled': true },
    });

    expect(requestOf(built.job).jobDriver.sparkSubmit.sparkSubmitParameters).toBe([
      'spark.driver.cores=2',
      'spark.driver.memory=4g',
      'spark.dynamicAllocation.maxExecutors=20',
      'spark.dynamicAllocation.minExecutors=1',
      'spark.emr-serverless.driverEnv.STAGE="test it"',
      'spark.emr-serverless.executor.disk=500G',
      'spark.emr-serverless.executor.disk.type=shuffle_optimized',
      'spark.eventLog.enabled=true',
      'spark.executor.cores=8',
      'spark.executor.memory=20000m',
      'spark.executorEnv.STAGE="test it"',
      'spark.sql.shuffle.partitions=200',
    ].map((property) => `--conf ${property}`).join(' '));
  });

  test.each([
    [1, '1'],
    [2, '2'],
    [3, undefined],
  ])('with at most %d executors start with %s', (maxExecutors, initial) => {
    expect(confOf(jobWith({ maxExecutors }))['spark.dynamicAllocation.initialExecutors']).toBe(initial);
  });

  test('with few executors keep the number to start with that somebody gives', () => {
    const built = jobWith({ maxExecutors: 2, sparkProperties: { 'spark.dynamicAllocation.initialExecutors': 1 } });

    expect(confOf(built)['spark.dynamicAllocation.initialExecutors']).toBe('1');
    const application = { sparkProperties: { 'spark.dynamicAllocation.initialExecutors': 1 } };
    expect(confOf(jobWith({ maxExecutors: 2 }, application))).not.toHaveProperty(['spark.dynamicAllocation.initialExecutors']);
  });

  test.each([
    ['a single quote', 'it\'s', '"it\'s"'],
    ['a blank', 'a b', '"a b"'],
    ['a tab', 'a\tb', '"a\tb"'],
    ['none of them', 'a=b,c;d{}$', 'a=b,c;d{}$'],
  ])('with %s are quoted as the service understands it', (_, value, rendered) => {
    expect(requestOf(jobWith({ sparkProperties: { 'spark.x': value } }).job).jobDriver.sparkSubmit.sparkSubmitParameters)
      .toBe(`--conf spark.x=${rendered}`);
  });

  test('may be given twice with the same value', () => {
    expect(confOf(jobWith({ driver: { cores: 4 }, sparkProperties: { 'spark.driver.cores': 4 } }))).toEqual({ 'spark.driver.cores': '4' });
  });
});

describe('lists of code', () => {
  const jars = [SparkCode.fromImage('/a.jar'), SparkCode.fromImage('/b.jar')];

  test('name all code, and archives their directories', () => {
    expect(confOf(jobWith({
      jars,
      files: [SparkCode.fromImage('/settings.json')],
      pythonFiles: [SparkCode.fromImage('/common.zip')],
      archives: { models: SparkCode.fromImage('/models.tgz'), data: SparkCode.fromImage('/data.zip') },
    }))).toEqual({
      'spark.archives': '/data.zip#data,/models.tgz#models',
      'spark.files': '/settings.json',
      'spark.jars': '/a.jar,/b.jar',
      'spark.submit.pyFiles': '/common.zip',
    });
  });

  test('start with the list of the application, which they would replace', () => {
    expect(confOf(jobWith({ jars }, { sparkProperties: { 'spark.jars': '/first.jar' } }))['spark.jars']).toBe('/first.jar,/a.jar,/b.jar');
  });

  test('leave the lists of the application alone if the job has none', () => {
    expect(confOf(jobWith({}, { sparkProperties: { 'spark.jars': '/first.jar' } }))).toEqual({});
  });

  test('that are empty are not there', () => {
    expect(requestOf(jobWith({ jars: [], files: [], pythonFiles: [], archives: {}, entryPointArguments: [] }).job).jobDriver.sparkSubmit)
      .toEqual({ entryPoint: '/jobs/job.py' });
  });
});

describe('an execution policy', () => {
  const statement = (resource: string) => new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [resource] });

  test('is JSON within JSON, with the statements that are added later', () => {
    const executionPolicy = new iam.PolicyDocument();
    const built = jobWith({ executionPolicy });
    executionPolicy.addStatements(statement('arn:aws:s3:::data/*'));

    expect(JSON.parse(requestOf(built.job).executionIamPolicy.policy)).toEqual({
      Version: '2012-10-17',
      Statement: [{ Action: 's3:GetObject', Effect: 'Allow', Resource: 'arn:aws:s3:::data/*' }],
    });
  });

  test('may have what only the deployment knows', () => {
    const built = jobWith({ executionPolicy: new iam.PolicyDocument({ statements: [statement(deployed('Data'))] }) });
    const text = (value: any) => value['Fn::Join'][1].map((part: unknown) => typeof part === 'string' ? part : 'deployed').join('');

    const { executionIamPolicy } = JSON.parse(text(built.stack.resolve(built.job.startJobRunInput)));
    expect(JSON.parse(executionIamPolicy.policy).Statement[0].Resource).toBe('deployed');
  });

  test.each([
    ['is empty', [], '`executionPolicy` must have at least one statement, got: none'],
    ['is long', Array.from({ length: 40 }, (_, i) => statement(`arn:aws:s3:::a-bucket-with-a-long-name-${i}/*`)),
      '`executionPolicy` must have at most 2048 characters as JSON, got: '],
  ])('that %s is refused at synthesis', (_, statements, message) => {
    const { stack } = jobWith({ executionPolicy: new iam.PolicyDocument({ statements }) });

    expect(() => stack.node.root.node.findAll().flatMap(({ node }) => node.validate()).forEach((problem) => { throw new Error(problem); }))
      .toThrow(message);
  });
});

describe('logging of its own', () => {
  test('is rendered as the API has it', () => {
    const built = jobWith({
      logging: {
        managedLogs: false,
        cloudWatchLogs: { logStreamNamePrefix: 'nightly', driverLogTypes: [SparkLogType.STDOUT], executorLogTypes: [SparkLogType.STDERR] },
      },
    });

    expect(requestOf(built.job).configurationOverrides).toEqual({
      monitoringConfiguration: {
        managedPersistenceMonitoringConfiguration: { enabled: false },
        cloudWatchLoggingConfiguration: {
          enabled: true,
          logStreamNamePrefix: 'nightly',
          logTypes: { SPARK_DRIVER: ['STDOUT'], SPARK_EXECUTOR: ['STDERR'] },
        },
      },
    });
  });

  test('lets the role write there, the service use the key, and whoever starts the job use the key', () => {
    const { stack, runtime } = jobWith();
    const key = new kms.Key(stack, 'Key');
    const job = new SparkEmrServerlessJob(stack, 'Other', {
      runtime,
      entryPoint: IMAGE_CODE,
      logging: {
        s3Logs: { bucket: new s3.Bucket(stack, 'Logs'), prefix: 'jobs', encryptionKey: key },
        cloudWatchLogs: { logGroup: new logs.LogGroup(stack, 'Group') },
      },
    });
    const submitter = new iam.Role(stack, 'Submitter', { assumedBy: new iam.AccountRootPrincipal() });
    job.grants.start(submitter);

    const written = JSON.stringify(onlyPolicyOf(stack, 'OtherExecutionRole'));
    expect(written).toContain('/jobs/applications/');
    expect(written).toContain('logs:PutLogEvents');
    expect(JSON.stringify(onlyPolicyOf(stack, 'Submitter'))).toContain('kms:GenerateDataKey');
    expect(JSON.stringify(onlyResource(stack, 'AWS::KMS::Key'))).toContain('emr-serverless.amazonaws.com');
  });
});

/** The statements of the policy whose logical id starts so. */
function onlyPolicyOf(stack: Stack, prefix: string): unknown {
  return Object.entries<any>(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(prefix)).map(([, { Properties }]) => Properties.PolicyDocument.Statement);
}

test('a release that replaces classifications takes the properties of the application away, and the user is warned', () => {
  const application = { release: EmrRelease.EMR_7_14_0, sparkProperties: { 'spark.driver.cores': 8 } };
  const configurations = [{ classification: 'spark-defaults', properties: { 'spark.x': '1' } }];
  const warningsOf = ({ job }: ReturnType<typeof jobWith>) => job.node.metadata.map(({ data }) => String(data));

  expect(warningsOf(jobWith({ configurations }, application))).toEqual([expect.stringContaining('replaces all Spark properties of the application')]);
  expect(warningsOf(jobWith({ configurations }, { ...application, release: EmrRelease.EMR_SPARK_8_1_0 }))).toEqual([]);
  expect(warningsOf(jobWith({ configurations }, { release: EmrRelease.EMR_7_14_0 }))).toEqual([]);
});

test('a token in a property is checked as the template has it', () => {
  const { stack } = jobWith({ sparkProperties: { 'spark.x': lazy('a"b') } });

  expect(stack.node.findAll().flatMap(({ node }) => node.validate())).toEqual([
    expect.stringContaining('the value of "spark.x" in `sparkProperties` must not contain double quotes'),
  ]);
});
