import { App, aws_iam as iam, aws_s3 as s3, Stack } from 'aws-cdk-lib';
import { EmrRelease, SparkEmrServerlessRuntime } from 'cdk-spark-emr-serverless';

/** The example of the README; beside it another application, and two principals that should get nowhere with the first. */
export class SparkDemo extends Stack {
  public readonly spark: SparkEmrServerlessRuntime;
  public readonly executionRole: iam.Role;
  public readonly other: SparkEmrServerlessRuntime;
  public readonly otherExecutionRole: iam.Role;

  public readonly submitter = this.principal('Submitter');
  /** May do to the other application what the submitter may do to the first. */
  public readonly stranger = this.principal('Stranger');
  /** Was granted the first application with the execution role of the other, which trusts that one only. */
  public readonly misled = this.principal('Misled');

  /**
   * @param release moto knows no `emr-spark-` release
   */
  constructor(release = EmrRelease.EMR_7_14_0) {
    super(new App({ builtinCloudFormationValidation: false }), 'SparkDemo');
    const data = new s3.Bucket(this, 'Data');

    this.spark = new SparkEmrServerlessRuntime(this, 'Spark', { release });
    this.executionRole = this.spark.createExecutionRole('ExecutionRole');
    data.grantRead(this.executionRole);
    this.spark.grantStartJobExecution(this.submitter, this.executionRole.roleArn);

    this.other = new SparkEmrServerlessRuntime(this, 'Other', { release });
    this.otherExecutionRole = this.other.createExecutionRole('ExecutionRole');
    this.other.grantStartJobExecution(this.stranger, this.otherExecutionRole.roleArn);
    this.spark.grantStartJobExecution(this.misled, this.otherExecutionRole.roleArn);
  }

  private principal(id: string): iam.Role {
    return new iam.Role(this, id, { assumedBy: new iam.AccountRootPrincipal() });
  }
}
