import { Connections, IConnectable, ISecurityGroup, ISubnet, IVpc, SecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Grant, IGrantable, IPrincipal, PolicyDocument, Role } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ArnFormat, Duration, IResource, Names, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib/core';
import { aws_emrserverless } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import { ApplicationConfiguration } from './application-configuration';
import { Architecture } from './architecture';
import { EmrRelease } from './emr-release';
import { CloudWatchLogsOptions, LoggingOptions, S3LogsOptions } from './logging';
import { ExecutionRoleOptions } from '../permissions/execution-role-options';
import { loggingProblems, loggingWarnings, renderMonitoring } from './private/logging';
import { renderNetwork, validateSecurityGroups } from './private/network';
import { applicationProblems, identityCenterArnProblems, nameProblems } from './private/problems';
import { renderSettings, renderWorkerTypes } from './private/rendering';
import { applicationWarnings } from './private/warnings';
import { SparkImage } from './spark-image';
import { InitialCapacity, MaximumCapacity } from './worker-capacity';
import { startJobExecution } from '../permissions/private/grant';
import { Logs, logsFrom } from '../permissions/private/log-access';
import { allowLogEncryption } from '../permissions/private/resource-policies';
import { SparkEmrServerlessRuntimeGrants } from '../permissions/spark-emr-serverless-runtime-grants';
import { applicationArnProblems, otherAccountProblems, splittable } from '../private/arn';
import { patternProblems, Problems } from '../private/checks';
import { mergedConfigurations, sparkDefaults } from './private/configurations';
import { addInlinePolicy, ExecutionPrincipal, executionRoleProblems } from '../permissions/private/trust';
import { refuse, ValidationError } from '../private/validation-error';
import { warn } from '../private/warnings';

/**
 * A Spark application on Amazon EMR Serverless: one that is created here, or one that is imported.
 */
export interface ISparkEmrServerlessRuntime extends IResource, IConnectable, aws_emrserverless.IApplicationRef {
  /**
   * The ARN of the application, `arn:<partition>:emr-serverless:<region>:<account>:/applications/<id>`.
   *
   * @attribute
   */
  readonly applicationArn: string;

  /**
   * The id of the application, which job submissions take.
   *
   * @attribute
   */
  readonly applicationId: string;

  /**
   * What principals may do with the application.
   */
  readonly grants: SparkEmrServerlessRuntimeGrants;

  /**
   * EMR Serverless on behalf of this application only, to let it assume an execution role of your own:
   * `new iam.Role(this, 'Role', { assumedBy: runtime.executionPrincipal })`.
   *
   * Such a role writes the application's logs once it is given to `grants.writeLogs()`.
   */
  readonly executionPrincipal: IPrincipal;

  /**
   * Creates a role that jobs of this application, and of no other, can run as.
   *
   * It may write to where the application sends its logs. Grant it the data: `bucket.grantRead(role)`.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/security-iam-runtime-role.html
   * @param id the id of the role in this construct
   * @param policyDocument what the jobs may do, as an inline policy of the role. Statements that are added to the document later count. Its
   *   own settings for statement ids and merging do not
   * @param options how the role is made
   */
  createExecutionRole(id: string, policyDocument?: PolicyDocument, options?: ExecutionRoleOptions): Role;

  /**
   * Lets a principal start job runs with the execution role, watch and cancel them, and look at, start and stop the application.
   *
   * It grants
   *
   * - `emr-serverless:GetApplication`, `StartApplication`, `StartJobRun`, `StopApplication` on the application
   * - `emr-serverless:CancelJobRun`, `GetJobRun` on its job runs
   * - `iam:PassRole` on the execution role, to EMR Serverless only
   * - `kms:Decrypt`, `kms:GenerateDataKey` on the keys of the application's logs, where it has some
   *
   * A principal that can take no policy, such as a service principal, is granted nothing, and `success` of the grant is false.
   *
   * @param grantee who may
   * @param executionRoleArn the ARN of the role that the jobs run as, of the application's account
   */
  grantStartJobExecution(grantee: IGrantable, executionRoleArn: string): Grant;
}

/**
 * A Spark application on Amazon EMR Serverless. Every property is optional.
 */
export interface SparkEmrServerlessRuntimeProps extends LoggingOptions {
  /**
   * The name of the application: 1 to 64 characters of `A-Za-z0-9._/#-`. A change replaces the application.
   *
   * @default - a unique name made from the path of the construct
   */
  readonly name?: string;

  /**
   * The release of Amazon EMR, and with it the version of Spark. An application has to be stopped when it changes.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/release-versions.html
   * @default EmrRelease.LATEST - which moves with minor versions of this library: name a release in production
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
   * @default true
   */
  readonly autoStart?: boolean;

  /**
   * Whether the application stops when it has been idle for `idleTimeout`.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html
   * @default true
   */
  readonly autoStop?: boolean;

  /**
   * How long the application is idle before it stops: 1 to 10,080 minutes. Not with `autoStop: false`.
   *
   * @default Duration.minutes(15)
   */
  readonly idleTimeout?: Duration;

  /**
   * Drivers that stand ready while the application is started.
   *
   * @default - none, drivers are made when a job asks for them
   */
  readonly initialDriverCapacity?: InitialCapacity;

  /**
   * Executors that stand ready while the application is started.
   *
   * @default - none, executors are made when a job asks for them
   */
  readonly initialExecutorCapacity?: InitialCapacity;

  /**
   * The most that all workers may take together. At least the initial capacity.
   *
   * @default - the quota of the account
   */
  readonly maximumCapacity?: MaximumCapacity;

  /**
   * How many job runs and sessions run at once, 1 to 1000. The rest waits. From release emr-7.0.0 and emr-spark-8.0-preview on.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/applications-concurrency-queuing.html
   * @default - 15, before release emr-7.3.0 no limit
   */
  readonly maxConcurrentRuns?: number;

  /**
   * How long a job run waits for its turn before it fails: 15 to 720 minutes. From release emr-7.0.0 and emr-spark-8.0-preview on.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/applications-concurrency-queuing.html
   * @default - 360 minutes, before release emr-7.3.0 job runs do not wait
   */
  readonly queueTimeout?: Duration;

  /**
   * The image of all workers. Not together with `driverImage` and `executorImage`.
   *
   * @default - the image of the release
   */
  readonly image?: SparkImage;

  /**
   * The image of the drivers. `executorImage` goes with it.
   *
   * @default - as `image`
   */
  readonly driverImage?: SparkImage;

  /**
   * The image of the executors. `driverImage` goes with it.
   *
   * @default - as `image`
   */
  readonly executorImage?: SparkImage;

  /**
   * Spark properties for all jobs, at most 100: the classification `spark-defaults`.
   *
   * Before release emr-spark-8.1.0 a job that brings `spark-defaults` of its own replaces them all.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/default-configs.html
   * @default - the defaults of EMR Serverless
   */
  readonly sparkProperties?: { [key: string]: string };

  /**
   * Properties for other files, at most 100. Those for `spark-defaults` are merged with `sparkProperties`.
   *
   * @default - the defaults of EMR Serverless
   */
  readonly configurations?: ApplicationConfiguration[];

  /**
   * Whether the application has an endpoint for Apache Livy. From release emr-6.14.0 and emr-spark-8.0.0 on.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/interactive-workloads-livy-endpoints.html
   * @default false
   */
  readonly livyEndpoint?: boolean;

  /**
   * Whether notebooks of EMR Studio can run on the application. From release emr-6.14.0 and emr-spark-8.0.0 on.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/interactive-workloads.html
   * @default false
   */
  readonly studio?: boolean;

  /**
   * Whether Spark Connect sessions can run on the application. From release emr-7.13.0 and emr-spark-8.0.0 on.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/spark-connect.html
   * @default false
   */
  readonly sparkConnect?: boolean;

  /**
   * The VPC whose resources the jobs reach. Jobs without one reach the AWS services of their Region, and nothing else.
   *
   * With one, all their traffic goes through its subnets, which need a NAT gateway, or an endpoint for S3 and for every other service that the
   * jobs use.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/vpc-access.html
   * @default - no VPC
   */
  readonly vpc?: IVpc;

  /**
   * The subnets, 1 to 16. A worker takes an IP address, a job runs in one subnet.
   *
   * @default - the private subnets of the VPC, or its public ones if there are no others
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The security groups, 1 to 5. None may let in the whole world (`0.0.0.0/0` or `::/0`).
   *
   * @default - with a VPC, a new security group that lets nothing in and everything out
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * The ARN of an instance of IAM Identity Center, whose users' identities jobs carry to the data. Needs `livyEndpoint`. From
   * release emr-7.8.0 and emr-spark-8.0.0 on.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/security-iam-service-trusted-prop.html
   * @default - identities are not propagated
   */
  readonly identityCenterInstanceArn?: string;

  /**
   * What happens to the application when it leaves the stack, not `SNAPSHOT`. It can be deleted only while it is stopped.
   *
   * @default - it is deleted
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * An application that exists already.
 *
 * Its logging tells what execution roles and submitters need beside the application itself. The policies of its keys are left as they are.
 */
export interface SparkEmrServerlessRuntimeAttributes extends LoggingOptions {
  /**
   * The ARN of the application. Either this or `applicationId`.
   *
   * @default - made from `applicationId`, in the account and Region of the stack
   */
  readonly applicationArn?: string;

  /**
   * The id of the application, in the account and Region of the stack. Either this or `applicationArn`.
   *
   * @default - taken from `applicationArn`
   */
  readonly applicationId?: string;

  /**
   * The name of the application.
   *
   * @default - not known
   */
  readonly name?: string;

  /**
   * The security groups of the application.
   *
   * @default - none, and `connections` cannot be used
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * The ARN of the instance of IAM Identity Center whose identities the application propagates.
   *
   * @default - identities are not propagated
   */
  readonly identityCenterInstanceArn?: string;
}

abstract class SparkEmrServerlessRuntimeBase extends Resource implements ISparkEmrServerlessRuntime {
  public abstract readonly applicationArn: string;
  public abstract readonly applicationId: string;
  public abstract readonly connections: Connections;
  public abstract readonly identityCenterInstanceArn?: string;
  public readonly grants = SparkEmrServerlessRuntimeGrants.fromApplication(this);

  public get applicationRef(): aws_emrserverless.ApplicationReference {
    return { applicationArn: this.applicationArn, applicationId: this.applicationId };
  }

  public get executionPrincipal(): IPrincipal {
    return new ExecutionPrincipal(this, this.identityCenterInstanceArn !== undefined);
  }

  /**
   * Creates a role that jobs of this application, and of no other, can run as.
   *
   * It may write to where the application sends its logs. Grant it the data: `bucket.grantRead(role)`.
   *
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/security-iam-runtime-role.html
   * @param id the id of the role in this construct
   * @param policyDocument what the jobs may do, as an inline policy of the role. Statements that are added to the document later count. Its
   *   own settings for statement ids and merging do not
   * @param options how the role is made
   */
  public createExecutionRole(id: string, policyDocument?: PolicyDocument, options: ExecutionRoleOptions = {}): Role {
    refuse(this, id, [...otherAccountProblems('an execution role', this.stack.account, this.env.account), ...executionRoleProblems(options)]);

    const role = new Role(this, id, {
      assumedBy: this.executionPrincipal,
      roleName: options.roleName,
      description: options.description,
      managedPolicies: options.managedPolicies,
      permissionsBoundary: options.permissionsBoundary,
    });
    if (policyDocument) { addInlinePolicy(role, policyDocument); }
    if (options.grantLogging ?? true) { this.grants.writeLogs(role); }
    return role;
  }

  /**
   * Lets a principal start job runs with the execution role, watch and cancel them, and look at, start and stop the application.
   *
   * `ISparkEmrServerlessRuntime.grantStartJobExecution` lists what it grants.
   *
   * @param grantee who may
   * @param executionRoleArn the ARN of the role that the jobs run as, of the application's account
   */
  public grantStartJobExecution(grantee: IGrantable, executionRoleArn: string): Grant {
    return startJobExecution(this, grantee, executionRoleArn);
  }

  /**
   * What the grants need to know of the logs.
   *
   * @internal
   */
  public abstract _logs(): Logs;
}

/**
 * A Spark application on Amazon EMR Serverless, with execution roles that only it can assume and grants for those who run its jobs.
 *
 * It creates one resource, the application. There is no VPC, key, bucket or log group unless you give one.
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
   * An application that exists already, by its ARN. It may be of another Region or account.
   *
   * @param scope where the construct goes
   * @param id its id
   * @param applicationArn the ARN of the application
   */
  public static fromApplicationArn(scope: Construct, id: string, applicationArn: string): ISparkEmrServerlessRuntime {
    return SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(scope, id, { applicationArn });
  }

  /**
   * An application that exists already, by what is known of it.
   *
   * @param scope where the construct goes
   * @param id its id
   * @param attrs what is known of the application
   */
  public static fromSparkEmrServerlessRuntimeAttributes(
    scope: Construct,
    id: string,
    attrs: SparkEmrServerlessRuntimeAttributes,
  ): ISparkEmrServerlessRuntime {
    refuse(scope, id, importProblems(attrs));
    return new ImportedRuntime(scope, id, attrs);
  }

  public readonly applicationArn: string;
  public readonly applicationId: string;

  /**
   * The name: the one given, or the generated one.
   */
  public readonly applicationName: string;

  /**
   * The CloudFormation resource, for what this construct does not set.
   */
  public readonly application: CfnApplication;

  /**
   * The release.
   */
  public readonly release: EmrRelease;

  /**
   * The processor architecture of the workers.
   */
  public readonly architecture: Architecture;

  /**
   * Whether a submitted job starts the application.
   */
  public readonly autoStart: boolean;

  /**
   * Whether the application stops when it is idle.
   */
  public readonly autoStop: boolean;

  /**
   * How long the application is idle before it stops, undefined if it does not.
   */
  public readonly idleTimeout?: Duration;

  /**
   * Drivers that stand ready, undefined if there are none.
   */
  public readonly initialDriverCapacity?: InitialCapacity;

  /**
   * Executors that stand ready, undefined if there are none.
   */
  public readonly initialExecutorCapacity?: InitialCapacity;

  /**
   * The most that all workers may take together, undefined for the quota of the account.
   */
  public readonly maximumCapacity?: MaximumCapacity;

  /**
   * How many job runs and sessions run at once, undefined for the default of the release.
   */
  public readonly maxConcurrentRuns?: number;

  /**
   * How long a job run waits for its turn, undefined for the default of the release.
   */
  public readonly queueTimeout?: Duration;

  /**
   * The URI of the drivers' image, undefined for the image of the release.
   */
  public readonly driverImageUri?: string;

  /**
   * The URI of the executors' image, undefined for the image of the release.
   */
  public readonly executorImageUri?: string;

  /**
   * Whether there is an endpoint for Apache Livy.
   */
  public readonly livyEndpoint: boolean;

  /**
   * Whether notebooks of EMR Studio can run on the application.
   */
  public readonly studio: boolean;

  /**
   * Whether Spark Connect sessions can run on the application.
   */
  public readonly sparkConnect: boolean;

  /**
   * Whether EMR Serverless keeps the logs in storage of its own.
   */
  public readonly managedLogs: boolean;

  /**
   * The key of the logs in EMR Serverless's own storage, undefined for one that AWS owns.
   */
  public readonly managedLogsKey?: IKey;

  /**
   * Where the logs go in S3, undefined if they do not.
   */
  public readonly s3Logs?: S3LogsOptions;

  /**
   * Where the logs go in CloudWatch, undefined if they do not.
   */
  public readonly cloudWatchLogs?: CloudWatchLogsOptions;

  /**
   * The ARN of the Prometheus workspace that gets the metrics, undefined if none does.
   */
  public readonly prometheusWorkspaceArn?: string;

  /**
   * The VPC whose resources the jobs reach, undefined if there is none.
   */
  public readonly vpc?: IVpc;

  /**
   * The ARN of the instance of IAM Identity Center, undefined if identities are not propagated.
   */
  public readonly identityCenterInstanceArn?: string;

  private readonly _connections?: Connections;
  private readonly _configurations: ApplicationConfiguration[];
  private readonly _subnets: ISubnet[];

  constructor(scope: Construct, id: string, props: SparkEmrServerlessRuntimeProps = {}) {
    const release = props.release ?? EmrRelease.LATEST;
    // before anything is in the tree
    refuse(scope, id, applicationProblems(Stack.of(scope), release, props));
    const settings = renderSettings(props);
    super(scope, id);

    this.release = release;
    this.applicationName = props.name ?? Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });
    this.architecture = props.architecture ?? Architecture.X86_64;
    this.autoStart = props.autoStart ?? true;
    this.autoStop = props.autoStop ?? true;
    this.idleTimeout = this.autoStop ? props.idleTimeout ?? Duration.minutes(15) : undefined;
    this.maxConcurrentRuns = props.maxConcurrentRuns;
    this.queueTimeout = props.queueTimeout;
    this.initialDriverCapacity = props.initialDriverCapacity;
    this.initialExecutorCapacity = props.initialExecutorCapacity;
    this.maximumCapacity = props.maximumCapacity;
    this.livyEndpoint = props.livyEndpoint ?? false;
    this.studio = props.studio ?? false;
    this.sparkConnect = props.sparkConnect ?? false;
    this.identityCenterInstanceArn = props.identityCenterInstanceArn;
    this._configurations = mergedConfigurations(props);

    this.managedLogs = props.managedLogs ?? true;
    this.managedLogsKey = props.managedLogsKey;
    this.s3Logs = props.s3Logs;
    this.cloudWatchLogs = props.cloudWatchLogs;
    this.prometheusWorkspaceArn = props.prometheusWorkspaceArn;
    allowLogEncryption(this, props);

    const imageUri = props.image?._bind(this, 'Image', this.architecture);
    this.driverImageUri = imageUri ?? props.driverImage?._bind(this, 'DriverImage', this.architecture);
    this.executorImageUri = imageUri ?? props.executorImage?._bind(this, 'ExecutorImage', this.architecture);

    this.vpc = props.vpc;
    this._subnets = props.vpc?.selectSubnets(props.vpcSubnets).subnets ?? [];
    this._connections = this.connect(props);

    this.application = new CfnApplication(this, 'Resource', {
      type: 'SPARK', // CloudFormation replaces the application when as much as its case changes
      name: this.applicationName,
      releaseLabel: release.label,
      ...settings,
      imageConfiguration: imageUri === undefined ? undefined : { imageUri },
      workerTypeSpecifications: imageUri === undefined ? renderWorkerTypes(this.driverImageUri, this.executorImageUri) : undefined,
      monitoringConfiguration: renderMonitoring(this.stack, props),
      networkConfiguration: this._connections && renderNetwork(this._subnets, this._connections),
    });
    if (props.removalPolicy) { this.application.applyRemovalPolicy(props.removalPolicy); }
    this.applicationArn = this.application.attrArn;
    this.applicationId = this.application.attrApplicationId;

    warn(this, ...applicationWarnings(release, props));
    if (this._connections) { validateSecurityGroups(this, this._connections); }
  }

  /**
   * The security groups of the application, to let its jobs reach others: `runtime.connections.allowTo(database, ec2.Port.tcp(5432))`.
   *
   * It fails for an application without a VPC.
   */
  public get connections(): Connections {
    if (!this._connections) {
      throw new ValidationError(`\`connections\` needs a VPC: give the application a \`vpc\` [${this.node.path}]`);
    }
    return this._connections;
  }

  /**
   * The subnets of the application, none if it has no VPC.
   */
  public get subnets(): ISubnet[] {
    return [...this._subnets];
  }

  /**
   * All configurations, the Spark properties included.
   */
  public get configurations(): ApplicationConfiguration[] {
    return [...this._configurations];
  }

  /**
   * The Spark properties that all jobs start with.
   */
  public get sparkProperties(): { [key: string]: string } {
    return sparkDefaults({ configurations: this._configurations });
  }

  /** @internal */
  public _logs(): Logs {
    return logsFrom(this.stack, this);
  }

  private connect({ vpc, securityGroups }: SparkEmrServerlessRuntimeProps): Connections | undefined {
    return vpc && new Connections({
      securityGroups: securityGroups ?? [new SecurityGroup(this, 'SecurityGroup', {
        vpc,
        description: `Workers of the EMR Serverless application ${this.applicationName}`,
      })],
    });
  }
}

class ImportedRuntime extends SparkEmrServerlessRuntimeBase {
  public readonly applicationArn: string;
  public readonly applicationId: string;
  public readonly identityCenterInstanceArn?: string;
  private readonly _connections?: Connections;

  constructor(scope: Construct, id: string, private readonly attrs: SparkEmrServerlessRuntimeAttributes) {
    const applicationArn = attrs.applicationArn && splittable(attrs.applicationArn);
    super(scope, id, { environmentFromArn: applicationArn });
    this.applicationArn = applicationArn
      ?? this.stack.formatArn({ service: 'emr-serverless', resource: '/applications', resourceName: attrs.applicationId });
    this.applicationId = attrs.applicationId
      ?? this.stack.splitArn(this.applicationArn, ArnFormat.SLASH_RESOURCE_SLASH_RESOURCE_NAME).resourceName!;
    this.identityCenterInstanceArn = attrs.identityCenterInstanceArn;
    this._connections = attrs.securityGroups && new Connections({ securityGroups: attrs.securityGroups });
    if (this._connections) { validateSecurityGroups(this, this._connections); }
    warn(this, ...loggingWarnings(attrs));
  }

  public get connections(): Connections {
    if (!this._connections) {
      throw new ValidationError(`\`connections\` needs security groups: import the application with \`securityGroups\` [${this.node.path}]`);
    }
    return this._connections;
  }

  /** @internal */
  public _logs(): Logs {
    return logsFrom(this.stack, this.attrs);
  }
}

function importProblems(attrs: SparkEmrServerlessRuntimeAttributes): Problems {
  const { applicationArn, applicationId } = attrs;
  return [
    ...(applicationArn === undefined) === (applicationId === undefined)
      ? [`exactly one of \`applicationArn\` and \`applicationId\` must be given, got: ${applicationArn === undefined ? 'none' : 'both'}`]
      : [],
    ...applicationArn === undefined ? [] : applicationArnProblems('applicationArn', applicationArn),
    ...patternProblems('applicationId', applicationId, 64, /^[0-9a-zA-Z]+$/, '1 to 64 letters and digits'),
    ...nameProblems(attrs.name),
    ...loggingProblems(attrs),
    ...identityCenterArnProblems(attrs.identityCenterInstanceArn),
  ];
}
