import { App, CfnElement, CfnOutput, CfnParameter, Duration, Fn, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EmrRelease, SparkCode, SparkCodeUse, SparkEmrServerlessJob, SparkEmrServerlessRuntime, SparkJobMode, SparkLogType } from '../../src';
import {
  APPLICATION_ARN, ENV, EXECUTION_ROLE_ARN, expectNoLiteralPartition, GIB, importIn, KEY_ARN, lazy, newStack, OTHER_PARTITIONS,
  resourceTypes, WORKSPACE_ARN,
} from '../util';
import { deployedText, existing, jobOf, OwnCode, parametersOf, refusal, requestOf } from './job-parts';

const READ = new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] });

describe('the request', () => {
  test('of the least job', () => {
    expect(requestOf(jobOf())).toEqual({
      applicationId: { 'Fn::GetAtt': [expect.stringContaining('Spark'), 'ApplicationId'] },
      executionRoleArn: { 'Fn::GetAtt': [expect.stringContaining('JobExecutionRole'), 'Arn'] },
      name: 'Job',
      jobDriver: { sparkSubmit: { entryPoint: 's3://code/job.py' } },
    });
  });

  test('of an imported application and role needs nothing of the deployment', () => {
    const stack = newStack(ENV);

    expect(JSON.parse(stack.resolve(jobOf(existing(stack)).startJobRunInput))).toEqual({
      applicationId: '00abc123',
      executionRoleArn: EXECUTION_ROLE_ARN,
      name: 'Job',
      jobDriver: { sparkSubmit: { entryPoint: 's3://code/job.py' } },
    });
  });

  test('with everything', () => {
    const stack = newStack(ENV);
    const key = kms.Key.fromKeyArn(stack, 'Key', KEY_ARN);
    const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'logs');
    const job = jobOf({
      ...existing(stack),
      jobName: 'nightly',
      entryPointArguments: ['--date', '', 'a "b"'],
      mainClass: 'com.example.Main$Inner',
      environment: { STAGE: 'test' },
      driver: { cores: 2, memory: GIB(4) },
      minExecutors: 1,
      maxExecutors: 10,
      sparkProperties: { 'spark.b': true, 'spark.a': 7 },
      configurations: [{ classification: 'spark-driver-log4j2', properties: { 'rootLogger.level': 'warn' } }],
      logging: {
        managedLogsKey: key,
        s3Logs: { bucket, prefix: 'jobs/', encryptionKey: key },
        cloudWatchLogs: {
          logGroup: logs.LogGroup.fromLogGroupName(stack, 'LogGroup', '/jobs'),
          logStreamNamePrefix: 'nightly',
          encryptionKey: key,
          driverLogTypes: [SparkLogType.STDERR, SparkLogType.STDOUT],
          executorLogTypes: [SparkLogType.STDERR],
        },
        prometheusWorkspaceArn: WORKSPACE_ARN,
      },
      mode: SparkJobMode.batch({ executionTimeout: Duration.hours(2), maxAttempts: 3 }),
      executionPolicy: new iam.PolicyDocument({ statements: [READ] }),
      jobRunTags: { team: 'data' },
    });

    const { executionIamPolicy, ...request } = JSON.parse(deployedText(stack.resolve(job.startJobRunInput)));
    expect(request).toEqual({
      applicationId: '00abc123',
      executionRoleArn: EXECUTION_ROLE_ARN,
      name: 'nightly',
      executionTimeoutMinutes: 120,
      retryPolicy: { maxAttempts: 3 },
      jobDriver: {
        sparkSubmit: {
          entryPoint: 's3://code/job.jar',
          entryPointArguments: ['--date', '', 'a "b"'],
          sparkSubmitParameters: '--class com.example.Main$Inner --conf spark.a=7 --conf spark.b=true --conf spark.driver.cores=2'
            + ' --conf spark.driver.memory=4g --conf spark.dynamicAllocation.maxExecutors=10 --conf spark.dynamicAllocation.minExecutors=1'
            + ' --conf spark.emr-serverless.driverEnv.STAGE=test --conf spark.executorEnv.STAGE=test',
        },
      },
      configurationOverrides: {
        applicationConfiguration: [{ classification: 'spark-driver-log4j2', properties: { 'rootLogger.level': 'warn' } }],
        monitoringConfiguration: {
          managedPersistenceMonitoringConfiguration: { enabled: true, encryptionKeyArn: KEY_ARN },
          s3MonitoringConfiguration: { logUri: 's3://logs/jobs/', encryptionKeyArn: KEY_ARN },
          cloudWatchLoggingConfiguration: {
            enabled: true,
            logGroupName: '/jobs',
            logStreamNamePrefix: 'nightly',
            encryptionKeyArn: KEY_ARN,
            logTypes: { SPARK_DRIVER: ['STDERR', 'STDOUT'], SPARK_EXECUTOR: ['STDERR'] },
          },
          prometheusMonitoringConfiguration: {
            remoteWriteUrl: 'https://aps-workspaces.eu-west-1.<AWS::URLSuffix>/workspaces/ws-1234/api/v1/remote_write',
          },
        },
      },
      tags: { team: 'data' },
    });
    expect(JSON.parse(executionIamPolicy.policy)).toEqual({
      Statement: [{ Action: 's3:GetObject', Effect: 'Allow', Resource: '*' }], Version: '2012-10-17',
    });
  });

  test('is a copy that the caller may change without effect', () => {
    const job = jobOf({ entryPointArguments: ['a'], jobRunTags: { team: 'data' }, configurations: [{ classification: 'spark', properties: { a: 'b' } }] });
    const before = requestOf(job);

    const request = job.startJobRunRequest;
    request.jobDriver.sparkSubmit.entryPointArguments.push('b');
    request.tags.more = 'x';
    request.configurationOverrides.applicationConfiguration[0].properties.a = 'c';
    delete request.name;

    expect(requestOf(job)).toEqual(before);
  });

  test('has no object that is frozen, because jsii marks objects', () => {
    const { startJobRunRequest: request } = jobOf({
      entryPointArguments: ['a'],
      jobRunTags: { team: 'data' },
      configurations: [{ classification: 'x', configurations: [{ classification: 'y', properties: { a: 'b' } }] }],
      logging: { cloudWatchLogs: { driverLogTypes: [SparkLogType.STDOUT] } },
    });
    const frozen = (value: unknown): boolean => typeof value === 'object' && value !== null
      && (Object.isFrozen(value) || Object.values(value).some(frozen));

    expect(frozen(request)).toBe(false);
  });

  test('does not change when the caller changes the props later', () => {
    const props = {
      entryPointArguments: ['a'],
      environment: { A: 'b' },
      sparkProperties: { 'spark.a': 'b' },
      jobRunTags: { a: 'b' },
      jars: [new OwnCode('s3://code/a.jar')],
      archives: { data: new OwnCode('s3://code/a.zip') },
    };
    const job = jobOf(props);
    const before = JSON.stringify(requestOf(job));

    props.entryPointArguments.push('c');
    props.jars.pop();
    Object.values(props).forEach((map: any) => { map.more = 'x'; });

    expect(JSON.stringify(requestOf(job))).toBe(before);
  });

  test.each([[[]], [undefined]])('has no arguments, tags and overrides if %p are given', (entryPointArguments) => {
    const job = jobOf({ entryPointArguments, jobRunTags: {}, configurations: [], logging: {}, environment: {}, sparkProperties: {} });

    expect(Object.keys(requestOf(job))).toEqual(['applicationId', 'executionRoleArn', 'jobDriver', 'name']);
    expect(Object.keys(requestOf(job).jobDriver.sparkSubmit)).toEqual(['entryPoint']);
  });
});

describe('the name', () => {
  test('is the id of the construct by default, wherever it is', () => {
    const stack = newStack(ENV);
    const job = new SparkEmrServerlessJob(new SparkEmrServerlessRuntime(stack, 'Spark'), 'Nightly Load', {
      runtime: importIn(new Stack(stack, 'Other')), entryPoint: new OwnCode(),
    });

    expect(job.jobName).toBe('Nightly Load');
    expect(requestOf(job).name).toBe('Nightly Load');
  });

  const named = (length: number) => {
    const stack = newStack(ENV);
    return new SparkEmrServerlessJob(stack, 'x'.repeat(length), { runtime: importIn(stack), entryPoint: new OwnCode() }).jobName;
  };

  test('may have the 256 characters of an id', () => {
    expect(named(256)).toHaveLength(256);
  });

  test('must not have the 257 characters of an id', () => {
    expect(() => named(257)).toThrow('`jobName` must be 1 to 256 characters, not only blanks, got: "xxx');
  });
});

describe('the code', () => {
  test('is bound for its use, and its lists become properties', () => {
    const codes = Object.fromEntries(Object.values(SparkCodeUse).map((use) => [use, new OwnCode(`s3://code/${use}`)]));
    const job = jobOf({
      entryPoint: codes.entryPoint,
      pythonFiles: [codes.pythonFiles, new OwnCode('s3://code/more.py')],
      jars: [codes.jars],
      files: [codes.files],
      archives: { 'data': codes.archives, 'big-data': new OwnCode('s3://code/a.zip') },
    });

    Object.entries(codes).forEach(([use, code]) => expect(code.uses).toEqual([use]));
    expect(parametersOf(job)).toBe('--conf spark.archives=s3://code/a.zip#big-data,s3://code/archives#data'
      + ' --conf spark.files=s3://code/files --conf spark.jars=s3://code/jars --conf spark.submit.pyFiles=s3://code/pythonFiles,s3://code/more.py');
  });

  test.each([
    ['jars', 'spark.jars'],
    ['files', 'spark.files'],
    ['pythonFiles', 'spark.submit.pyFiles'],
  ])('%s come after the %s of the application, which the job would replace', (prop, key) => {
    const job = jobOf({ [prop]: [new OwnCode('s3://code/own')] }, { sparkProperties: { [key]: 's3://code/common' } });

    expect(parametersOf(job)).toBe(`--conf ${key}=s3://code/common,s3://code/own`);
  });

  test('come after a token of the application', () => {
    const stack = newStack(ENV);
    const jar = new CfnParameter(stack, 'Jar').valueAsString;

    const job = jobOf({ jars: [new OwnCode('s3://code/own')] }, { sparkProperties: { 'spark.jars': jar } }, stack);

    expect(parametersOf(job)).toEqual({ 'Fn::Join': ['', ['--conf spark.jars=', { Ref: 'Jar' }, ',s3://code/own']] });
  });

  test('stand alone where the job replaces the properties of the application', () => {
    const job = jobOf({
      jars: [new OwnCode('s3://code/own')],
      configurations: [{ classification: 'spark-defaults', properties: { 'spark.a': 'b' } }],
    }, { release: EmrRelease.EMR_7_14_0, sparkProperties: { 'spark.jars': 's3://code/common' } });

    expect(parametersOf(job)).toBe('--conf spark.jars=s3://code/own');
  });

  test.each([
    ['quotes', 's3://code/"x".jar', 'the URI of `jars` must be a text without blanks, quotes'],
    ['a place that is too long', `s3://code/${'x'.repeat(102_400)}`, 'the parameters of spark-submit, most of which `jars` gives, must have at most 102400 characters'],
  ])('of a class of one\'s own with %s is refused when it is bound', (_, uri, message) => {
    expect(() => jobOf({ jars: [new OwnCode(uri)] })).toThrow(message);
  });
});

describe('the text of the request', () => {
  test('has the JSON of a policy with tokens in it twice escaped', () => {
    const stack = newStack(ENV);
    const bucket = new s3.Bucket(stack, 'Data');
    const policy = new iam.PolicyDocument();
    const job = jobOf({ executionPolicy: policy, entryPointArguments: [bucket.bucketName, '"'] }, {}, stack);
    // as long as the app is not synthesized
    policy.addStatements(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')] }));

    const request = JSON.parse(deployedText(stack.resolve(job.startJobRunInput)));

    const data = stack.getLogicalId(bucket.node.defaultChild as CfnElement);
    expect(request.jobDriver.sparkSubmit.entryPointArguments).toEqual([`<${data}>`, '"']);
    expect(JSON.parse(request.executionIamPolicy.policy).Statement)
      .toEqual([{ Action: 's3:GetObject', Effect: 'Allow', Resource: `<${data}.Arn>/*` }]);
    expect(request.executionIamPolicy.policy).not.toContain('\n');
  });

  test('in another stack imports what the policy refers to', () => {
    const app = new App();
    const jobs = new Stack(app, 'Jobs', { env: ENV });
    const airflow = new Stack(app, 'Airflow', { env: ENV });
    const bucket = new s3.Bucket(jobs, 'Data');
    const executionPolicy = new iam.PolicyDocument({
      statements: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')] })],
    });
    new CfnOutput(airflow, 'Request', { value: jobOf({ executionPolicy }, {}, jobs).startJobRunInput });

    const value = deployedText(Template.fromStack(airflow).toJSON().Outputs.Request.Value);

    expect(JSON.parse(JSON.parse(value).executionIamPolicy.policy).Statement[0].Resource).toMatch(/^<Jobs:ExportsOutput.*Data.*>\/\*$/);
    expect(JSON.parse(value).applicationId).toMatch(/^<Jobs:ExportsOutput/);
  });

  test('has numbers that are tokens as numbers', () => {
    const stack = newStack(ENV);
    const minutes = new CfnParameter(stack, 'Minutes', { type: 'Number' }).valueAsNumber;
    const job = jobOf({ mode: SparkJobMode.batch({ executionTimeout: Duration.minutes(minutes) }) }, {}, stack);

    expect(deployedText(stack.resolve(job.startJobRunInput))).toContain('"executionTimeoutMinutes":<Minutes>');
  });

  test('has a lazy list as a list', () => {
    const job = jobOf({ entryPointArguments: Lazy.list({ produce: () => ['a', '"b"'] }) });

    expect(JSON.parse(deployedText(Stack.of(job).resolve(job.startJobRunInput))).jobDriver.sparkSubmit.entryPointArguments).toEqual(['a', '"b"']);
  });

  test('has values of tags that only the deployment knows, and keys that synthesis knows', () => {
    const job = jobOf({ jobRunTags: { [lazy('team')]: Fn.importValue('Value') } });

    expect(JSON.parse(deployedText(Stack.of(job).resolve(job.startJobRunInput))).tags).toEqual({ team: '<Value>' });
    expect(Stack.of(job).resolve(job.startJobRunRequest).tags).toEqual({ team: { 'Fn::ImportValue': 'Value' } });
  });

  test('has no keys of tags that only the deployment knows, which no template can hold', () => {
    expect(refusal({ jobRunTags: { [Fn.importValue('Key')]: 'data' } }))
      .toMatch(/^a key of `jobRunTags` must not be a token that only the deployment resolves, got: "\$\{Token\[TOKEN\.\d+\]\}"/);
  });

  test.each(OTHER_PARTITIONS)('in %s names no literal partition', (region) => {
    const stack = newStack({ ...ENV, region });
    const job = jobOf({ entryPoint: SparkCode.fromBucket(s3.Bucket.fromBucketName(stack, 'Code', 'code'), 'job.py') }, {}, stack);
    job.grants.run(new iam.Role(stack, 'Airflow', { assumedBy: new iam.AccountRootPrincipal() }));
    new CfnOutput(stack, 'Request', { value: job.startJobRunInput });

    expectNoLiteralPartition(stack);
  });
});

test('a job creates a role of its own, and nothing else', () => {
  expect(resourceTypes(Stack.of(jobOf({ jobRunTags: { a: 'b' }, environment: { A: 'b' } }))).sort())
    .toEqual(['AWS::EMRServerless::Application', 'AWS::IAM::Role']);
});

test('a job of an imported application and role creates nothing', () => {
  const stack = newStack(ENV);
  jobOf({ ...existing(stack), runtime: importIn(new Stack(stack, 'Imports', { env: ENV }), { applicationArn: APPLICATION_ARN }) }, {}, stack);

  expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
});

test('a token that is a boolean stays in the request', () => {
  const managedLogs = Token.asAny(Fn.conditionIf('Prod', true, false)) as any;

  expect(requestOf(jobOf({ logging: { managedLogs } })).configurationOverrides.monitoringConfiguration)
    .toEqual({ managedPersistenceMonitoringConfiguration: { enabled: { 'Fn::If': ['Prod', true, false] } } });
});
