// A nightly job, a streaming job and two roles that submit jobs: the third program of all examples/<language>.
import {
  App, Aws, aws_iam as iam, aws_s3 as s3, aws_scheduler as scheduler, aws_scheduler_targets as targets, aws_sns as sns,
  aws_stepfunctions as sfn, aws_stepfunctions_tasks as tasks, custom_resources as cr, Duration, Stack,
} from 'aws-cdk-lib';
import {
  EmrServerlessStartJobRun, PythonPackages, SparkCode, SparkEmrServerlessJob, SparkEmrServerlessRuntime, SparkJobMode,
} from 'cdk-spark-emr-serverless';
import { Construct } from 'constructs';

export class Pipeline extends Stack {
  public readonly nightly: SparkEmrServerlessJob;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const data = new s3.Bucket(this, 'Data');
    const environment = { DATA: data.s3UrlForObject() };

    this.nightly = new SparkEmrServerlessJob(this, 'Nightly', {
      runtime: new SparkEmrServerlessRuntime(this, 'Batch'),
      entryPoint: SparkCode.fromAsset('../jobs/nightly.py'),
      pythonFiles: [SparkCode.fromAsset('../jobs/common')],
      pythonPackages: PythonPackages.fromRequirements('../jobs/requirements.txt'),
      environment,
      mode: SparkJobMode.batch({ executionTimeout: Duration.hours(2) }),
    });
    data.grantReadWrite(this.nightly.executionRole);

    // up to three job runs for the date in the input, and a message if all of them fail
    const entryPointArguments = ['--date', '{% $states.input.date %}'];
    const run = EmrServerlessStartJobRun.jsonata(this, 'Run', { job: this.nightly, entryPointArguments });
    const message = sfn.TaskInput.fromText('{% $string($states.input) %}');
    const tell = tasks.SnsPublish.jsonata(this, 'Tell', { topic: new sns.Topic(this, 'Failures'), message });
    run.addRetry({ maxAttempts: 2, interval: Duration.minutes(5) });
    run.addCatch(tell.next(new sfn.Fail(this, 'Failed')));
    const stateMachine = new sfn.StateMachine(this, 'StateMachine', { definitionBody: sfn.DefinitionBody.fromChainable(run) });
    const input = scheduler.ScheduleTargetInput.fromObject({ date: scheduler.ContextAttribute.scheduledTime });
    new scheduler.Schedule(this, 'EveryNight', {
      schedule: scheduler.ScheduleExpression.cron({ hour: '2', minute: '0' }),
      target: new targets.StepFunctionsStartExecution(stateMachine, { input }),
    });

    // a submitter outside of the app reads the request from the parameter
    const request = this.nightly.createRequestParameter('Request', { parameterName: '/pipeline/nightly' });
    const mwaa = ['airflow.amazonaws.com', 'airflow-env.amazonaws.com'].map((service) => new iam.ServicePrincipal(service));
    const airflow = new iam.Role(this, 'Airflow', { assumedBy: new iam.CompositePrincipal(...mwaa) });
    const tokens = 'token.actions.githubusercontent.com';
    const github = new iam.Role(this, 'GitHub', {
      assumedBy: new iam.WebIdentityPrincipal(`arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:oidc-provider/${tokens}`, {
        StringEquals: { [`${tokens}:aud`]: 'sts.amazonaws.com', [`${tokens}:sub`]: 'repo:octo-org/octo-repo:ref:refs/heads/main' },
      }),
    });
    [airflow, github].forEach((submitter) => this.nightly.grants.run(submitter));
    [airflow, github].forEach((submitter) => request.grantRead(submitter));

    // an application of its own, because the job does not end
    const streaming = new SparkEmrServerlessJob(this, 'Streaming', {
      runtime: new SparkEmrServerlessRuntime(this, 'Stream'),
      entryPoint: SparkCode.fromAsset('../jobs/streaming.py'),
      environment,
      mode: SparkJobMode.streaming(),
    });
    data.grantReadWrite(streaming.executionRole);

    // a deployment that changes the job starts the new job run first, and cancels the old one at its end
    const starter = new iam.Role(this, 'Starter', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole')],
    });
    streaming.grants.run(starter);
    const jobRun = new cr.AwsCustomResource(this, 'JobRun', {
      role: starter,
      installLatestAwsSdk: false,
      onUpdate: {
        service: 'emr-serverless',
        action: 'StartJobRun',
        parameters: streaming.startJobRunRequest,
        physicalResourceId: cr.PhysicalResourceId.fromResponse('jobRunId'),
      },
      onDelete: {
        service: 'emr-serverless',
        action: 'CancelJobRun',
        ignoreErrorCodesMatching: 'ValidationException|ResourceNotFoundException',
        parameters: { applicationId: streaming.runtime.applicationId, jobRunId: new cr.PhysicalResourceIdReference() },
      },
    });
    jobRun.node.addDependency(streaming);
  }
}

if (require.main === module) { new Pipeline(new App(), 'Pipeline'); }
