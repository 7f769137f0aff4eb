import { Connections, IConnectable, ISecurityGroup, ISubnet, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Grant, IGrantable, IPrincipal, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Duration, IResource, Names, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib/core';
import { aws_emrserverless } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import { ApplicationConfiguration } from './application-configuration';
import { Architecture } from './architecture';
import { EmrRelease } from './emr-release';
import { LoggingOptions } from './logging';
import { OWN_IDS } from './private/child-ids';
import { copyOf } from './private/configurations';
import { refuseCycles } from './private/dependency-cycles';
import { ApplicationFacts } from './private/facts';
import { bindImages, renderImages } from './private/images';
import { ImportedApplication, importedApplication, importProblems } from './private/imports';
import { logBucketKeyWarnings, logDestinations } from './private/logging';
import { createConnections, renderNetwork, validateSecurityGroups } from './private/network';
import { applicationProblems, usedFeatures } from './private/problems';
import { renderSettings } from './private/rendering';
import { readSettings, renderedSettings, Settings } from './private/settings';
import { applicationWarnings } from './private/warnings';
import { SparkImage } from './spark-image';
import { InitialCapacity, MaximumCapacity } from './worker-capacity';
import { ExecutionRoleOptions } from '../permissions/execution-role-options';
import { executionRoleOptions } from '../permissions/private/execution-role';
import { grantStartJobExecution } from '../permissions/private/grant';
import { checkDestinationsWhenRendered, LogDestinations } from '../permissions/private/log-destinations';
import { allowLogEncryption } from '../permissions/private/resource-policies';
import { ExecutionPrincipal } from '../permissions/private/trust';
import { SparkEmrServerlessRuntimeGrants } from '../permissions/spark-emr-serverless-runtime-grants';
import { SparkExecutionRole } from '../permissions/spark-execution-role';
import { warn } from '../private/annotations';
import { splittable } from '../private/arn';
import { childIdProblems } from '../private/child-ids';
import { ATTRIBUTES, read, readPlace, text } from '../private/reading';
import { mayBeKnownLater, renderedCopies } from '../private/rendered';
import { refuse, refuseAtSynthesis, ValidationError } from '../private/validation-error';

/**
 * A Spark application on Amazon EMR Serverless: one that your CDK app creates, or an existing one that it imports.
 */
export interface ISparkEmrServerlessRuntime extends IResource, IConnectable, aws_emrserverless.IApplicationRef {
  /**
   * The ARN of the application, `arn:<partition>:emr-serverless:<region>:<account>:/applications/<id>`.
   *
   * @attribute
   */
  readonly applicationArn: string;

  /**
   * The id of the application. A job is submitted with it.
   *
   * @attribute
   */
  readonly applicationId: string;

  /**
   * The grants of the application, one method for each thing that a principal may do.
   */
  readonly grants: SparkEmrServerlessRuntimeGrants;

  /**
   * The principal that assumes an execution role: EMR Serverless, on behalf of this application only. Use it to make a role of your own an
   * execution role: `new iam.Role(this, 'Role', { assumedBy: runtime.executionPrincipal })`.
   *
   * Grant such a role the permissions to write the application's logs with `grants.writeLogs()`.
   */
  readonly executionPrincipal: IPrincipal;

  /**
   * Creates an execution role. Only jobs of this application can run as this role.
   *
   * The role is created in this construct, and so in the stack of the application. It has the permissions to write the application's logs.
   * Grant it access to the data, for example with `bucket.grantRead(role)`. For several applications, or in another stack, create a
   * `SparkExecutionRole`.
   *
   * Unless `grantLogging` is false, it grants the role what `grants.writeLogs()` grants. Depending on the logging, these are
   *
   * - `s3:PutObject` on the application's own folder of the logs in S3
   * - `logs:CreateLogStream`, `PutLogEvents` on the application's own log streams, `logs:CreateLogGroup`, `DescribeLogStreams` on the log
   *   group, `logs:DescribeLogGroups`, and with a key `logs:AssociateKmsKey` and `kms:DescribeKey`
   * - `aps:RemoteWrite` on the Prometheus workspace
   * - `kms:Decrypt`, `kms:GenerateDataKey` on the keys of the logs
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/security-iam-runtime-role.html
   * @param id the id of the role in this construct. It must not be `Resource` or `Default`, or the id of something that the application
   *   creates itself: `SecurityGroup`, `Image`, `DriverImage` or `ExecutorImage`
   * @param policyDocument what the jobs may do. It becomes an inline policy of the role. Statements that you add to the document later
   *   become part of the policy. Its options `assignSids` and `minimize` have no effect
   * @param options the options of the role
   */
  createExecutionRole(id: string, policyDocument?: PolicyDocument, options?: ExecutionRoleOptions): SparkExecutionRole;

  /**
   * Grants a principal the permissions to start job runs with an execution role, to watch and cancel them, and to look at, start and stop
   * the application.
   *
   * It grants
   *
   * - `emr-serverless:GetApplication`, `StartApplication`, `StartJobRun`, `StopApplication` on the application
   * - `emr-serverless:CancelJobRun`, `GetJobRun` on its job runs
   * - `iam:PassRole` on the execution role, to EMR Serverless only
   * - `kms:Decrypt`, `kms:GenerateDataKey` on the keys of the application's logs, if there are any
   *
   * Some principals, such as a service principal, cannot have a policy. Such a grantee gets no permission at all, and `success` of the
   * grant is false.
   *
   * @param grantee the principal to grant the permissions to
   * @param executionRoleArn the ARN of the one role that the jobs run as, without a wildcard. The role must belong to the account of the
   *   application
   */
  grantStartJobExecution(grantee: IGrantable, executionRoleArn: string): Grant;
}

/**
 * The properties of a Spark application on Amazon EMR Serverless. All of them are optional.
 */
export interface SparkEmrServerlessRuntimeProps extends LoggingOptions {
  /**
   * The name of the application: 1 to 64 characters of `A-Za-z0-9._/#-`. A new name replaces the application.
   *
   * @default - a unique name that is made from the path of the construct
   */
  readonly name?: string;

  /**
   * The release of Amazon EMR. It decides the version of Spark. The application must be stopped when its release changes.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/release-versions.html
   * @default EmrRelease.LATEST - a minor version of this library may move it: name a release in production
   */
  readonly release?: EmrRelease;

  /**
   * The processor architecture of the workers.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/architecture.html
   * @default Architecture.X86_64
   */
  readonly architecture?: Architecture;

  /**
   * Whether a submitted job starts the application.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html
   * @default true
   */
  readonly autoStart?: boolean;

  /**
   * Whether the application stops after it has been idle for `idleTimeout`.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html
   * @default true
   */
  readonly autoStop?: boolean;

  /**
   * How long the application is idle before it stops: 1 to 10,080 whole minutes. It cannot be given together with `autoStop: false`.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html
   * @default Duration.minutes(15)
   */
  readonly idleTimeout?: Duration;

  /**
   * The drivers that EMR Serverless keeps ready while the application is started.
   *
   * @default - no pre-initialized drivers, EMR Serverless provides a driver when a job needs it
   */
  readonly initialDriverCapacity?: InitialCapacity;

  /**
   * The executors that EMR Serverless keeps ready while the application is started.
   *
   * @default - no pre-initialized executors, EMR Serverless provides executors when a job needs them
   */
  readonly initialExecutorCapacity?: InitialCapacity;

  /**
   * The limit of what all workers use together. It must have room for the initial capacity. The library warns if it has no room for a
   * driver and an executor.
   *
   * @default - the quota of the account
   */
  readonly maximumCapacity?: MaximumCapacity;

  /**
   * How many job runs, batch or streaming, run at the same time: 1 to 1000. The others wait. It does not limit interactive
   * sessions. This needs release emr-7.0.0 or emr-spark-8.0-preview, or a later one.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/applications-concurrency-queuing.html
   * @default - 15 from release emr-7.3.0 on, and no limit from emr-7.0.0 to emr-7.2.0
   */
  readonly maxConcurrentRuns?: number;

  /**
   * How long a job run waits for its turn before it fails: 15 to 720 whole minutes. This needs release emr-7.0.0 or emr-spark-8.0-preview,
   * or a later one.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/applications-concurrency-queuing.html
   * @default - 360 minutes from release emr-7.3.0 on. From emr-7.0.0 to emr-7.2.0, job runs do not wait
   */
  readonly queueTimeout?: Duration;

  /**
   * The image of all workers. It cannot be given together with `driverImage` or `executorImage`.
   *
   * @default - the image of the release
   */
  readonly image?: SparkImage;

  /**
   * The image of the drivers. It must be given together with `executorImage`.
   *
   * @default - `image`, or the image of the release if `image` is not given
   */
  readonly driverImage?: SparkImage;

  /**
   * The image of the executors. It must be given together with `driverImage`.
   *
   * @default - `image`, or the image of the release if `image` is not given
   */
  readonly executorImage?: SparkImage;

  /**
   * The Spark properties of all jobs. They become the classification `spark-defaults`. There may be at most 100, with those of
   * `spark-defaults` in `configurations`. A key starts with a letter and contains letters, digits and `- _ .`. A value is a string, a
   * number or a boolean. As text it has 1 to 1024 characters and is not blank.
   *
   * The library checks the properties that decide the workers and the features of EMR Serverless, against each other and against the props.
   *
   * Before release emr-spark-8.1.0, a job that has `spark-defaults` of its own replaces all of them.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/default-configs.html
   * @default - the defaults of EMR Serverless
   */
  readonly sparkProperties?: { [key: string]: any };

  /**
   * The properties of configuration files: at most 100 classifications, with `spark-defaults`. Properties for `spark-defaults` are merged
   * with `sparkProperties`. It is an error to give a property two different values.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/default-configs.html
   * @default - the defaults of EMR Serverless
   */
  readonly configurations?: ApplicationConfiguration[];

  /**
   * Whether the application has an endpoint for Apache Livy. This needs release emr-6.14.0 or emr-spark-8.0.0, or a later one.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/interactive-workloads-livy-endpoints.html
   * @default false
   */
  readonly livyEndpoint?: boolean;

  /**
   * Whether notebooks of EMR Studio can run on the application. This needs release emr-6.14.0 or emr-spark-8.0.0, or a later one.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/interactive-workloads.html
   * @default false
   */
  readonly studio?: boolean;

  /**
   * Whether Spark Connect sessions can run on the application. This needs release emr-7.13.0 or emr-spark-8.0.0, or a later one.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/spark-connect.html
   * @default false
   */
  readonly sparkConnect?: boolean;

  /**
   * The VPC that the workers run in. It must be in the Region of the application. Jobs reach the resources of this VPC. Without a VPC, jobs
   * reach only the AWS services of their Region.
   *
   * With a VPC, all traffic of the jobs goes through its subnets. The subnets need a route to a NAT gateway, or an endpoint for S3 and for
   * every other service that the jobs use.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/vpc-access.html
   * @default - no VPC
   */
  readonly vpc?: IVpc;

  /**
   * The subnets of the workers, 1 to 16. They must be given together with `vpc`. Each worker uses one IP address. All workers of a job run
   * in one subnet.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/vpc-access.html
   * @default - the private subnets with a route to the internet. If the VPC has none, the isolated subnets. If it has none of these, the
   *   public subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The security groups of the workers, 1 to 5. They must be given together with `vpc`. None of them may allow inbound traffic from the
   * whole world (`0.0.0.0/0` or `::/0`).
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/vpc-access.html
   * @default - if there is a VPC, a new security group that allows no inbound and all outbound traffic
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * The ARN of an instance of IAM Identity Center. The ARN has the form `arn:<partition>:sso:::instance/ssoins-<16 characters>`. Jobs
   * access the data with the identities of its users. This needs `livyEndpoint`, and release emr-7.8.0 or emr-spark-8.0.0, or a later one.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/security-iam-service-trusted-prop.html
   * @default - jobs access the data with their execution role
   */
  readonly identityCenterInstanceArn?: string;

  /**
   * What happens to the application when it is removed from the stack, or when the stack is deleted. `SNAPSHOT` is not possible.
   * CloudFormation can delete an application only while the application is stopped. The same happens to the security group that the
   * construct creates.
   *
   * @default - CloudFormation deletes the application
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The attributes of an existing application.
 *
 * Give the logging options that the application already has. They decide which permissions for logs and keys the library grants. An import
 * never changes the policy of a key.
 */
export interface SparkEmrServerlessRuntimeAttributes extends LoggingOptions {
  /**
   * The ARN of the application, `arn:<partition>:emr-serverless:<region>:<account>:/applications/<id>`. Give exactly one of this and
   * `applicationId`.
   *
   * @default - an ARN with `applicationId`, in the account and Region of the stack
   */
  readonly applicationArn?: string;

  /**
   * The id of the application, in the account and Region of the stack: 1 to 64 letters and digits. Give exactly one of this and
   * `applicationArn`.
   *
   * @default - the id in `applicationArn`
   */
  readonly applicationId?: string;

  /**
   * The name of the application: 1 to 64 characters of `A-Za-z0-9._/#-`.
   *
   * @default - the name is not known
   */
  readonly applicationName?: string;

  /**
   * The release of Amazon EMR that the application has.
   *
   * @default - the release is not known
   */
  readonly release?: EmrRelease;

  /**
   * The processor architecture of the workers.
   *
   * @default - the architecture is not known
   */
  readonly architecture?: Architecture;

  /**
   * The security groups of the workers, 1 to 5. None of them may allow inbound traffic from the whole world (`0.0.0.0/0` or `::/0`).
   *
   * @default - no security groups. `connections` cannot be used
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * The ARN of the instance of IAM Identity Center whose users' identities the jobs use. The ARN has the form
   * `arn:<partition>:sso:::instance/ssoins-<16 characters>`.
   *
   * @default - jobs access the data with their execution role
   */
  readonly identityCenterInstanceArn?: string;
}

abstract class SparkEmrServerlessRuntimeBase extends Resource implements ISparkEmrServerlessRuntime {
  public abstract readonly applicationArn: string;
  public abstract readonly applicationId: string;
  public abstract readonly connections: Connections;
  public readonly grants = SparkEmrServerlessRuntimeGrants.fromApplication(this);

  public get applicationRef(): aws_emrserverless.ApplicationReference {
    const application = this;
    // most readers want the ARN only, and each attribute of a resource is a token to make
    return { applicationArn: this.applicationArn, get applicationId() { return application.applicationId; } };
  }

  public get executionPrincipal(): IPrincipal {
    return new ExecutionPrincipal(this);
  }

  /**
   * Creates an execution role. Only jobs of this application can run as this role.
   *
   * The role is created in this construct, and so in the stack of the application. It has the permissions to write the application's logs.
   * Grant it access to the data, for example with `bucket.grantRead(role)`. For several applications, or in another stack, create a
   * `SparkExecutionRole`.
   *
   * Unless `grantLogging` is false, it grants the role what `grants.writeLogs()` grants. Depending on the logging, these are
   *
   * - `s3:PutObject` on the application's own folder of the logs in S3
   * - `logs:CreateLogStream`, `PutLogEvents` on the application's own log streams, `logs:CreateLogGroup`, `DescribeLogStreams` on the log
   *   group, `logs:DescribeLogGroups`, and with a key `logs:AssociateKmsKey` and `kms:DescribeKey`
   * - `aps:RemoteWrite` on the Prometheus workspace
   * - `kms:Decrypt`, `kms:GenerateDataKey` on the keys of the logs
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/security-iam-runtime-role.html
   * @param id the id of the role in this construct. It must not be `Resource` or `Default`, or the id of something that the application
   *   creates itself: `SecurityGroup`, `Image`, `DriverImage` or `ExecutorImage`
   * @param policyDocument what the jobs may do. It becomes an inline policy of the role. Statements that you add to the document later
   *   become part of the policy. Its options `assignSids` and `minimize` have no effect
   * @param options the options of the role
   */
  public createExecutionRole(id: string, policyDocument?: PolicyDocument, options: ExecutionRoleOptions = {}): SparkExecutionRole {
    refuse(this, id, childIdProblems(this, 'application', OWN_IDS, read(this, '', 'id', id, text)));
    const roleOptions = read(this, id, 'options', options, executionRoleOptions);
    return new SparkExecutionRole(this, id, { ...roleOptions, policyDocument, runtimes: [this] });
  }

  /**
   * Grants a principal the permissions to start job runs with an execution role, to watch and cancel them, and to look at, start and stop
   * the application.
   *
   * It grants
   *
   * - `emr-serverless:GetApplication`, `StartApplication`, `StartJobRun`, `StopApplication` on the application
   * - `emr-serverless:CancelJobRun`, `GetJobRun` on its job runs
   * - `iam:PassRole` on the execution role, to EMR Serverless only
   * - `kms:Decrypt`, `kms:GenerateDataKey` on the keys of the application's logs, if there are any
   *
   * Some principals, such as a service principal, cannot have a policy. Such a grantee gets no permission at all, and `success` of the
   * grant is false.
   *
   * @param grantee the principal to grant the permissions to
   * @param executionRoleArn the ARN of the one role that the jobs run as, without a wildcard. The role must belong to the account of the
   *   application
   */
  public grantStartJobExecution(grantee: IGrantable, executionRoleArn: string): Grant {
    return grantStartJobExecution(this, grantee, executionRoleArn);
  }

  /**
   * What the library knows about the application. Grants, jobs and metrics read it.
   *
   * @internal
   */
  public abstract _facts(): ApplicationFacts;
}

/**
 * A Spark application on Amazon EMR Serverless, with execution roles that only its jobs can run as, and with grants for the principals that
 * submit jobs.
 *
 * The construct creates one resource, the application. With a VPC and without security groups, it creates a security group too. It creates
 * no VPC, key, bucket or log group.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/emr-serverless.html
 * @resource AWS::EMRServerless::Application
 *
 * @example
 * declare const data: s3.Bucket;
 * declare const submitter: iam.Role;
 *
 * const runtime = new SparkEmrServerlessRuntime(this, 'Spark', {
 *   release: EmrRelease.EMR_7_14_0,
 *   architecture: Architecture.ARM64,
 *   maximumCapacity: { cpu: 100, memory: Size.gibibytes(400) },
 * });
 *
 * const executionRole = runtime.createExecutionRole('ExecutionRole');
 * data.grantReadWrite(executionRole);
 *
 * runtime.grantStartJobExecution(submitter, executionRole.roleArn);
 */
export class SparkEmrServerlessRuntime extends SparkEmrServerlessRuntimeBase {
  /**
   * Imports an existing application from its ARN. The library knows nothing about its logs then. If the application has keys or
   * destinations for logs, use `fromSparkEmrServerlessRuntimeAttributes()`.
   *
   * The application may belong to another account or Region. If it belongs to another account, you cannot create execution roles for it
   * here, and grants to principals of your account have no effect.
   *
   * @param scope the scope of the construct
   * @param id the id of the construct
   * @param applicationArn the ARN of the application
   */
  public static fromApplicationArn(scope: Construct, id: string, applicationArn: string): ISparkEmrServerlessRuntime {
    return SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(scope, id, { applicationArn });
  }

  /**
   * Imports an existing application from its attributes.
   *
   * @param scope the scope of the construct
   * @param id the id of the construct
   * @param attrs the attributes of the application
   */
  public static fromSparkEmrServerlessRuntimeAttributes(
    scope: Construct,
    id: string,
    attrs: SparkEmrServerlessRuntimeAttributes,
  ): ISparkEmrServerlessRuntime {
    readPlace(scope, id);
    const copy = read(scope, id, ATTRIBUTES, attrs, importedApplication);
    refuse(scope, id, importProblems(copy));
    return new ImportedRuntime(scope, id, copy);
  }

  public readonly applicationArn: string;

  /**
   * The name of the application: the given name, or the generated name.
   */
  public readonly applicationName: string;

  /**
   * The CloudFormation resource. Use it to set what this construct has no property for.
   */
  public readonly application: CfnApplication;

  /**
   * The URI of the image of the drivers. It is undefined if the drivers use the image of the release.
   */
  public readonly driverImageUri?: string;

  /**
   * The URI of the image of the executors. It is undefined if the executors use the image of the release.
   */
  public readonly executorImageUri?: string;

  private readonly settings: Settings;
  private readonly logs: LogDestinations;
  private readonly _connections?: Connections;

  /**
   * Creates the application.
   *
   * @param scope the scope of the construct
   * @param id the id of the construct
   * @param props the properties of the application
   */
  constructor(scope: Construct, id: string, props: SparkEmrServerlessRuntimeProps = {}) {
    const settings = readSettings(scope, id, props);
    const features = usedFeatures(settings);
    // before the construct is in the tree
    refuse(scope, id, applicationProblems(Stack.of(scope), settings, features));
    const rendered = renderSettings(Stack.of(scope), settings);
    super(scope, id);

    this.settings = settings;
    this.logs = logDestinations(settings.logging);
    this.applicationName = settings.name ?? Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });

    allowLogEncryption(this, settings.logging);
    const imageUris = bindImages(this, settings.images, this.architecture);
    this.driverImageUri = imageUris.driver;
    this.executorImageUri = imageUris.executor;
    this._connections = createConnections(this, settings.network, this.applicationName, settings.removalPolicy);

    this.application = new CfnApplication(this, 'Resource', {
      ...rendered,
      ...renderImages(imageUris),
      name: this.applicationName,
      networkConfiguration: this._connections && renderNetwork(settings.network, this._connections),
    });
    if (settings.removalPolicy) { this.application.applyRemovalPolicy(settings.removalPolicy); }
    this.applicationArn = this.application.attrArn;
    refuseCycles(this, this.application);

    warn(this, ...applicationWarnings(this.stack, settings, features));
    if (mayBeKnownLater([settings.given, settings.release.label])) { this.checkRenderedSettings(); }
    checkDestinationsWhenRendered(this, this.logs);
    if (this._connections) { validateSecurityGroups(this, this._connections); }
  }

  /** Checks the settings again when the app is synthesized. */
  private checkRenderedSettings(): void {
    refuseAtSynthesis(this, () => renderedSettings(this, this.settings).flatMap((settings) => {
      const features = usedFeatures(settings);
      warn(this, ...applicationWarnings(this.stack, settings, features));
      return applicationProblems(this.stack, settings, features);
    }));
  }

  public get applicationId(): string {
    return this.application.attrApplicationId;
  }

  /**
   * The release of Amazon EMR.
   */
  public get release(): EmrRelease {
    return this.settings.release;
  }

  /**
   * The processor architecture of the workers.
   */
  public get architecture(): Architecture {
    return this.settings.architecture ?? Architecture.X86_64;
  }

  /**
   * Whether a submitted job starts the application.
   */
  public get autoStart(): boolean {
    return this.settings.startAndStop.autoStart ?? true;
  }

  /**
   * Whether the application stops after it has been idle for `idleTimeout`.
   */
  public get autoStop(): boolean {
    return this.settings.startAndStop.autoStop ?? true;
  }

  /**
   * How long the application is idle before it stops. It is undefined if the application does not stop.
   */
  public get idleTimeout(): Duration | undefined {
    return this.autoStop ? this.settings.startAndStop.idleTimeout ?? Duration.minutes(15) : undefined;
  }

  /**
   * Whether the application has an endpoint for Apache Livy.
   */
  public get livyEndpoint(): boolean {
    return this.settings.interactive.livyEndpoint ?? false;
  }

  /**
   * Whether notebooks of EMR Studio can run on the application.
   */
  public get studio(): boolean {
    return this.settings.interactive.studio ?? false;
  }

  /**
   * Whether Spark Connect sessions can run on the application.
   */
  public get sparkConnect(): boolean {
    return this.settings.interactive.sparkConnect ?? false;
  }

  /**
   * Whether EMR Serverless keeps the logs in storage of its own, for up to 30 days.
   */
  public get managedLogs(): boolean {
    return this.settings.logging.managedLogs ?? true;
  }

  /**
   * The network connections of the workers. They let the jobs reach other resources of the VPC: `runtime.connections.allowTo(database,
   * ec2.Port.tcp(5432))`.
   *
   * It throws an error if the application has no VPC.
   */
  public get connections(): Connections {
    if (!this._connections) {
      throw new ValidationError(['`connections` needs a VPC: give the application a `vpc`'], this.node.path);
    }
    return this._connections;
  }

  /**
   * The subnets of the workers. The list is empty if the application has no VPC.
   */
  public get subnets(): ISubnet[] {
    return [...this.settings.network.subnets];
  }

  /**
   * The configurations of all jobs, with the Spark properties as the classification `spark-defaults`.
   */
  public get configurations(): ApplicationConfiguration[] {
    return copyOf(this.settings.configurations.merged);
  }

  /**
   * The Spark properties of all jobs, from `sparkProperties` and from the classification `spark-defaults`.
   */
  public get sparkProperties(): { [key: string]: string } {
    return { ...this.settings.configurations.sparkProperties };
  }

  /** @internal */
  public _facts(): ApplicationFacts {
    return {
      applicationName: this.applicationName,
      release: this.release,
      architecture: this.architecture,
      propagatesIdentities: this.settings.interactive.identityCenterInstanceArn !== undefined,
      logs: this.logs,
      runner: { ...this.settings, architecture: this.architecture },
      sparkProperties: this.settings.configurations.sparkProperties,
    };
  }
}

class ImportedRuntime extends SparkEmrServerlessRuntimeBase {
  public readonly applicationArn: string;
  public readonly applicationId: string;
  private readonly logs: LogDestinations;
  private readonly _connections?: Connections;

  constructor(scope: Construct, id: string, private readonly attrs: ImportedApplication) {
    const applicationArn = attrs.applicationArn && splittable(attrs.applicationArn);
    super(scope, id, { environmentFromArn: applicationArn });
    this.applicationArn = applicationArn
      ?? this.stack.formatArn({ service: 'emr-serverless', resource: '/applications', resourceName: attrs.applicationId });
    this.applicationId = attrs.applicationId
      ?? this.stack.splitArn(this.applicationArn, ArnFormat.SLASH_RESOURCE_SLASH_RESOURCE_NAME).resourceName!;
    this.logs = logDestinations(attrs);
    this._connections = attrs.securityGroups && new Connections({ securityGroups: attrs.securityGroups });
    if (this._connections) { validateSecurityGroups(this, this._connections); }
    warn(this, ...logBucketKeyWarnings(attrs.s3Logs));
    if (mayBeKnownLater(attrs)) { refuseAtSynthesis(this, () => renderedCopies(this, attrs).flatMap(importProblems)); }
    checkDestinationsWhenRendered(this, this.logs);
  }

  public get connections(): Connections {
    if (!this._connections) {
      throw new ValidationError(['`connections` needs security groups: import the application with `securityGroups`'], this.node.path);
    }
    return this._connections;
  }

  /** @internal */
  public _facts(): ApplicationFacts {
    const { applicationName, release, architecture, identityCenterInstanceArn } = this.attrs;
    return {
      applicationName,
      release,
      architecture,
      propagatesIdentities: identityCenterInstanceArn !== undefined,
      logs: this.logs,
      runner: { architecture },
    };
  }
}
