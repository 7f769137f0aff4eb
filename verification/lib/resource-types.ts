/**
 * What CloudFormation makes of a resource: `Ref`, `Fn::GetAtt` and the ARN, with variables as AWS's service authorization reference has
 * them. A variable is a property of the resource or says where it is deployed.
 */
export interface ResourceType {
  /** The property that gives the name, or the variable of what the service makes up. */
  readonly id: string;
  readonly arn?: string;
  /** Without, it is the id. */
  readonly ref?: string;
  /** Without, it is the ARN, as `Arn`. */
  readonly attributes?: { readonly [attribute: string]: string };
}

const BUCKET_DOMAIN = '${BucketName}.s3';
const QUEUE_URL = 'https://sqs.${Region}.${URLSuffix}/${Account}/${QueueName}';

function regional(service: string, resource: string): string {
  return `arn:\${Partition}:${service}:\${Region}:\${Account}:${resource}`;
}

function global(service: string, resource: string): string {
  return `arn:\${Partition}:${service}::\${Account}:${resource}`;
}

/** A resource whose `Ref` is its ARN. */
function byArn(id: string, arn: string, attributes: { readonly [attribute: string]: string } = {}): ResourceType {
  return { id, arn, ref: arn, attributes: { Arn: arn, ...attributes } };
}

/** The types that templates with jobs, and with what jobs read, write and call, are made of. */
export const RESOURCE_TYPES: { readonly [type: string]: ResourceType } = {
  'AWS::Athena::WorkGroup': { id: 'Name', arn: regional('athena', 'workgroup/${Name}') },
  'AWS::CloudWatch::Alarm': { id: 'AlarmName', arn: regional('cloudwatch', 'alarm:${AlarmName}') },
  'AWS::DynamoDB::GlobalTable': { id: 'TableName', arn: regional('dynamodb', 'table/${TableName}') },
  'AWS::DynamoDB::Table': { id: 'TableName', arn: regional('dynamodb', 'table/${TableName}') },
  'AWS::EC2::SecurityGroup': { id: 'GroupId', arn: regional('ec2', 'security-group/${GroupId}'), attributes: { GroupId: '${GroupId}' } },
  'AWS::EC2::Subnet': { id: 'SubnetId', arn: regional('ec2', 'subnet/${SubnetId}'), attributes: { SubnetId: '${SubnetId}' } },
  'AWS::EC2::VPC': { id: 'VpcId', arn: regional('ec2', 'vpc/${VpcId}'), attributes: { VpcId: '${VpcId}' } },
  'AWS::EC2::VPCEndpoint': { id: 'VpcEndpointId', arn: regional('ec2', 'vpc-endpoint/${VpcEndpointId}') },
  'AWS::ECR::Repository': { id: 'RepositoryName', arn: regional('ecr', 'repository/${RepositoryName}') },
  'AWS::EMRServerless::Application': {
    id: 'ApplicationId',
    arn: regional('emr-serverless', '/applications/${ApplicationId}'),
    attributes: { Arn: regional('emr-serverless', '/applications/${ApplicationId}'), ApplicationId: '${ApplicationId}' },
  },
  'AWS::Events::EventBus': { id: 'Name', arn: regional('events', 'event-bus/${Name}') },
  'AWS::Events::Rule': { id: 'Name', arn: regional('events', 'rule/${Name}') },
  'AWS::Glue::Crawler': { id: 'Name', arn: regional('glue', 'crawler/${Name}') },
  'AWS::Glue::Database': { id: 'DatabaseInput.Name', arn: regional('glue', 'database/${DatabaseInput.Name}') },
  'AWS::Glue::Job': { id: 'Name', arn: regional('glue', 'job/${Name}') },
  'AWS::Glue::Table': { id: 'TableInput.Name', arn: regional('glue', 'table/${DatabaseName}/${TableInput.Name}') },
  'AWS::IAM::Group': { id: 'GroupName', arn: global('iam', 'group${Path}${GroupName}') },
  'AWS::IAM::InstanceProfile': { id: 'InstanceProfileName', arn: global('iam', 'instance-profile${Path}${InstanceProfileName}') },
  'AWS::IAM::ManagedPolicy': byArn('ManagedPolicyName', global('iam', 'policy${Path}${ManagedPolicyName}')),
  'AWS::IAM::Role': { id: 'RoleName', arn: global('iam', 'role${Path}${RoleName}') },
  'AWS::IAM::User': { id: 'UserName', arn: global('iam', 'user${Path}${UserName}') },
  'AWS::KMS::Alias': { id: 'AliasName', arn: regional('kms', '${AliasName}') },
  'AWS::KMS::Key': { id: 'KeyId', arn: regional('kms', 'key/${KeyId}'), attributes: { Arn: regional('kms', 'key/${KeyId}'), KeyId: '${KeyId}' } },
  'AWS::Kinesis::Stream': { id: 'Name', arn: regional('kinesis', 'stream/${Name}') },
  'AWS::KinesisFirehose::DeliveryStream': { id: 'DeliveryStreamName', arn: regional('firehose', 'deliverystream/${DeliveryStreamName}') },
  'AWS::Lambda::Function': { id: 'FunctionName', arn: regional('lambda', 'function:${FunctionName}') },
  'AWS::Logs::LogGroup': {
    id: 'LogGroupName', arn: regional('logs', 'log-group:${LogGroupName}'), attributes: { Arn: regional('logs', 'log-group:${LogGroupName}:*') },
  },
  'AWS::RDS::DBCluster': {
    id: 'DBClusterIdentifier',
    arn: regional('rds', 'cluster:${DBClusterIdentifier}'),
    attributes: { DBClusterArn: regional('rds', 'cluster:${DBClusterIdentifier}') },
  },
  'AWS::RDS::DBInstance': {
    id: 'DBInstanceIdentifier',
    arn: regional('rds', 'db:${DBInstanceIdentifier}'),
    attributes: { DBInstanceArn: regional('rds', 'db:${DBInstanceIdentifier}') },
  },
  'AWS::S3::Bucket': {
    id: 'BucketName',
    arn: 'arn:${Partition}:s3:::${BucketName}',
    attributes: {
      Arn: 'arn:${Partition}:s3:::${BucketName}',
      DomainName: `${BUCKET_DOMAIN}.\${URLSuffix}`,
      RegionalDomainName: `${BUCKET_DOMAIN}.\${Region}.\${URLSuffix}`,
    },
  },
  'AWS::S3Tables::TableBucket': byArn('TableBucketName', regional('s3tables', 'bucket/${TableBucketName}'), {
    TableBucketARN: regional('s3tables', 'bucket/${TableBucketName}'),
  }),
  'AWS::SNS::Topic': byArn('TopicName', regional('sns', '${TopicName}'), {
    TopicArn: regional('sns', '${TopicName}'), TopicName: '${TopicName}',
  }),
  'AWS::SQS::Queue': {
    id: 'QueueName',
    arn: regional('sqs', '${QueueName}'),
    ref: QUEUE_URL,
    attributes: { Arn: regional('sqs', '${QueueName}'), QueueName: '${QueueName}', QueueUrl: QUEUE_URL },
  },
  'AWS::SSM::Parameter': {
    id: 'Name', arn: regional('ssm', 'parameter/${Name}'), attributes: { Type: '${Type}', Value: '${Value}' },
  },
  'AWS::Scheduler::Schedule': { id: 'Name', arn: regional('scheduler', 'schedule/${GroupName}/${Name}') },
  'AWS::Scheduler::ScheduleGroup': { id: 'Name', arn: regional('scheduler', 'schedule-group/${Name}') },
  // Secrets Manager adds a hyphen and six characters to the name
  'AWS::SecretsManager::Secret': byArn('Name', regional('secretsmanager', 'secret:${Name}-Abc123'), {
    Id: regional('secretsmanager', 'secret:${Name}-Abc123'),
  }),
  'AWS::SecretsManager::SecretTargetAttachment': { id: 'SecretId' },
  'AWS::StepFunctions::Activity': byArn('Name', regional('states', 'activity:${Name}')),
  'AWS::StepFunctions::StateMachine': byArn('StateMachineName', regional('states', 'stateMachine:${StateMachineName}'), { Name: '${StateMachineName}' }),
};
