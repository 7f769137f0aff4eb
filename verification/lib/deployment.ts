import { createHash } from 'node:crypto';
import { Stack, Stage } from 'aws-cdk-lib';

export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

export const IRELAND: Place = { partition: 'aws', region: 'eu-west-1', account: '111122223333' };
export const BEIJING: Place = { ...IRELAND, partition: 'aws-cn', region: 'cn-north-1' };
export const GOV_CLOUD: Place = { ...IRELAND, partition: 'aws-us-gov', region: 'us-gov-west-1' };

/** The domain of AWS there. */
export function urlSuffix({ partition }: Place): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | string[];
  readonly Resource?: string | string[];
  readonly Principal?: Record<string, string | string[]>;
  readonly Condition?: Record<string, Record<string, string | string[]>>;
}

export interface Policy {
  readonly Version: string;
  readonly Statement: Statement[];
}

export interface StateMachine {
  readonly definition: Record<string, unknown>;
  readonly roleArn: string;
}

export interface ScheduleTarget {
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input?: string;
  readonly DeadLetterConfig?: { readonly Arn: string };
}

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

/** What `Fn::GetAtt … Arn` gives once a resource is deployed. */
const ARNS: { readonly [type: string]: (place: Place, name: string) => string } = {
  'AWS::ECR::Repository': ({ partition, region, account }, name) => `arn:${partition}:ecr:${region}:${account}:repository/${name}`,
  'AWS::EMRServerless::Application': ({ partition, region, account }, id) =>
    `arn:${partition}:emr-serverless:${region}:${account}:/applications/${id}`,
  'AWS::IAM::Role': ({ partition, account }, name) => `arn:${partition}:iam::${account}:role/${name}`,
  'AWS::KMS::Key': ({ partition, region, account }, name) => `arn:${partition}:kms:${region}:${account}:key/${name}`,
  'AWS::Logs::LogGroup': ({ partition, region, account }, name) => `arn:${partition}:logs:${region}:${account}:log-group:${name}:*`,
  'AWS::S3::Bucket': ({ partition }, name) => `arn:${partition}:s3:::${name}`,
  'AWS::SQS::Queue': ({ partition, region, account }, name) => `arn:${partition}:sqs:${region}:${account}:${name}`,
  'AWS::Scheduler::ScheduleGroup': ({ partition, region, account }, name) => `arn:${partition}:scheduler:${region}:${account}:schedule-group/${name}`,
  'AWS::StepFunctions::StateMachine': ({ partition, region, account }, name) => `arn:${partition}:states:${region}:${account}:stateMachine:${name}`,
};

/** Application ids are 16 lower-case letters and digits; the service's start with `00`. */
function applicationId(logicalId: string): string {
  return `00${createHash('sha256').update(logicalId).digest('hex').slice(0, 14)}`;
}

/**
 * The template of a stack as it stands after the deployment: no `Ref`, `Fn::GetAtt` or `Fn::Join` is left. What it cannot resolve is an error,
 * never a guess: to the engine that judges policies, a resource that is no ARN is everything.
 */
export class Deployment {
  /**
   * @param given the values of parameters, and what the service called a resource, by logical id; without, a name is made of the logical id
   */
  public static of(stack: Stack, place: Place, given: { readonly [logicalId: string]: string } = {}): Deployment {
    const assembly = Stage.of(stack)!.synth();
    return new Deployment(stack, assembly.getStackArtifact(stack.artifactId).template, place, given);
  }

  private readonly resources: { readonly [logicalId: string]: Resource };

  private constructor(
    private readonly stack: Stack,
    template: { Resources?: Record<string, Pick<Resource, 'Type'> & Partial<Resource>>; Parameters?: Record<string, unknown> },
    public readonly place: Place,
    private readonly given: { readonly [logicalId: string]: string },
  ) {
    this.resources = Object.fromEntries(Object.entries(template.Resources ?? {})
      .map(([logicalId, resource]) => [logicalId, { ...resource, Properties: resource.Properties ?? {} }]));
    const unknown = Object.keys(given).find((logicalId) => !this.resources[logicalId] && !template.Parameters?.[logicalId]);
    if (unknown) { throw new Error(`no resource or parameter ${unknown} in the template`); }
  }

  /** What a string of the CDK app is once deployed, such as the ARN of a role. */
  public value(token: string): string {
    return this.text(this.stack.resolve(token));
  }

  /** The properties that a resource is created with. */
  public properties(logicalId: string): Record<string, unknown> {
    return this.resolve(this.resources[logicalId].Properties) as Record<string, unknown>;
  }

  /** Every policy that a role has: inline, of its own, and managed. One that is not of this stack is an error: nobody knows what it allows. */
  public identityPolicies(roleArn: string): { name: string; policy: Policy }[] {
    const role = this.role(roleArn);
    const { Policies = [], ManagedPolicyArns = [] } = this.resources[role].Properties as {
      Policies?: { PolicyName: string; PolicyDocument: unknown }[];
      ManagedPolicyArns?: unknown[];
    };
    const managed = ManagedPolicyArns.map((arn) => this.named('AWS::IAM::ManagedPolicy', this.text(arn)));
    const attached = [...this.ofType('AWS::IAM::Policy'), ...this.ofType('AWS::IAM::ManagedPolicy')]
      .filter((logicalId) => (this.resources[logicalId].Properties.Roles as unknown[] | undefined ?? []).some((ref) => this.resolve(ref) === this.ref(role)));
    return [
      ...Policies.map(({ PolicyName, PolicyDocument }) => ({ name: PolicyName, policy: this.policy(PolicyDocument) })),
      ...[...new Set([...managed, ...attached])]
        .map((logicalId) => ({ name: logicalId, policy: this.policy(this.resources[logicalId].Properties.PolicyDocument) })),
    ];
  }

  /** The policy that bounds what the others of a role allow, if it has one. */
  public boundary(roleArn: string): Policy | undefined {
    const { PermissionsBoundary } = this.resources[this.role(roleArn)].Properties;
    if (PermissionsBoundary === undefined) { return undefined; }
    return this.policy(this.resources[this.named('AWS::IAM::ManagedPolicy', this.text(PermissionsBoundary))].Properties.PolicyDocument);
  }

  /** Every policy that says what a role, user or group may do, by where it is in the template. A boundary allows nothing. */
  public allIdentityPolicies(): { [where: string]: Policy } {
    const identities = Object.entries(this.resources).filter(([, { Type }]) => Type.startsWith('AWS::IAM::'));
    const boundaries = identities.flatMap(([, { Properties }]) => Properties.PermissionsBoundary ? [this.text(Properties.PermissionsBoundary)] : []);
    const found = identities.flatMap(([logicalId, { Properties }]) => [
      ...Properties.PolicyDocument && !boundaries.includes(this.ref(logicalId)) ? [[logicalId, Properties.PolicyDocument]] : [],
      ...(Properties.Policies as { PolicyName: string; PolicyDocument: unknown }[] | undefined ?? [])
        .map(({ PolicyName, PolicyDocument }) => [`${logicalId}/${PolicyName}`, PolicyDocument]),
    ]);
    return Object.fromEntries(found.map(([where, document]) => [where, this.policy(document)]));
  }

  public trustPolicy(roleArn: string): Policy {
    return this.policy(this.resources[this.role(roleArn)].Properties.AssumeRolePolicyDocument);
  }

  public keyPolicy(keyArn: string): Policy {
    return this.policy(this.resources[this.named('AWS::KMS::Key', keyArn)].Properties.KeyPolicy);
  }

  public repositoryPolicy(repositoryArn: string): Policy {
    return this.policy(this.resources[this.named('AWS::ECR::Repository', repositoryArn)].Properties.RepositoryPolicyText);
  }

  /** Every state machine, by its logical id. */
  public stateMachines(): { [logicalId: string]: StateMachine } {
    return Object.fromEntries(this.ofType('AWS::StepFunctions::StateMachine').map((logicalId) => {
      const { DefinitionString, RoleArn, ...others } = this.properties(logicalId);
      const other = Object.keys(others).find((name) => name.startsWith('Definition'));
      if (other) { throw new Error(`the definition of ${logicalId} is in ${other}`); }
      return [logicalId, { definition: JSON.parse(DefinitionString as string), roleArn: RoleArn as string }];
    }));
  }

  /** What every schedule of EventBridge Scheduler does, by its logical id. */
  public scheduleTargets(): { [logicalId: string]: ScheduleTarget } {
    return Object.fromEntries(this.ofType('AWS::Scheduler::Schedule').map((logicalId) => [logicalId, this.properties(logicalId).Target as ScheduleTarget]));
  }

  /** Every statement of every policy, also of keys, buckets and repositories. */
  public statements(): Statement[] {
    const documents = (value: unknown): Policy[] => {
      if (typeof value !== 'object' || value === null) { return []; }
      if ('Statement' in value && 'Version' in value) { return [this.policy(value)]; }
      return Object.values(value).flatMap(documents);
    };
    return documents(this.resources).flatMap((policy) => policy.Statement);
  }

  private resolve(value: unknown): unknown {
    if (Array.isArray(value)) { return value.map((item) => this.resolve(item)); }
    if (typeof value !== 'object' || value === null) { return value; }

    const [[name, operand] = ['', undefined], ...others] = Object.entries(value);
    if (others.length === 0 && name === 'Ref') { return this.ref(operand as string); }
    if (others.length === 0 && name === 'Fn::GetAtt') { return this.getAtt((operand as string[])[0], (operand as string[])[1]); }
    if (others.length === 0 && name === 'Fn::Join') { return this.join(...operand as [string, unknown[]]); }
    if (others.length === 0 && name === 'Fn::Select') { return this.select(...operand as [number | string, unknown]); }
    if (others.length === 0 && name === 'Fn::Split') { return this.text((operand as unknown[])[1]).split((operand as string[])[0]); }
    if (others.length === 0 && name === 'Fn::Sub') { return this.substituted(operand); }
    if (others.length === 0 && name === 'Fn::ImportValue') { return this.imported(operand as string); }
    if (name.startsWith('Fn::')) { throw new Error(`cannot resolve ${JSON.stringify(value)}`); }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.resolve(item)]));
  }

  /** What another stack of the app exports. */
  private imported(exportName: string): unknown {
    for (const { templateFile, stackName, template } of Stage.of(this.stack)!.synth().stacks) {
      const output = Object.values<{ Value: unknown; Export?: { Name: unknown } }>(template.Outputs ?? {}).find(({ Export }) => Export?.Name === exportName);
      const exporter = this.stack.node.root.node.findAll().find((one) => Stack.isStack(one) && one.templateFile === templateFile);
      if (output && exporter) { return new Deployment(exporter as Stack, template, this.place, {}).resolve(output.Value); }
      if (output) { throw new Error(`no stack ${stackName} exports ${exportName}`); }
    }
    throw new Error(`no stack exports ${exportName}`);
  }

  private ofType(type: string): string[] {
    return Object.keys(this.resources).filter((logicalId) => this.resources[logicalId].Type === type);
  }

  private policy(document: unknown): Policy {
    return this.resolve(document) as Policy;
  }

  private role(arn: string): string {
    return this.named('AWS::IAM::Role', arn);
  }

  private named(type: string, arn: string): string {
    const found = this.ofType(type).find((logicalId) => arn === (type === 'AWS::IAM::ManagedPolicy' ? this.ref(logicalId) : this.getAtt(logicalId, 'Arn')));
    if (!found) { throw new Error(`no ${type} ${arn} in the template`); }
    return found;
  }

  private text(value: unknown): string {
    const resolved = this.resolve(value);
    if (typeof resolved !== 'string') { throw new Error(`not a string: ${JSON.stringify(value)}`); }
    return resolved;
  }

  private join(delimiter: string, parts: unknown[]): string {
    return parts.map((part) => this.text(part)).join(delimiter);
  }

  /** Only what CDK itself writes: a text with names of pseudo parameters, resources and attributes. */
  private substituted(text: unknown): string {
    if (typeof text !== 'string') { throw new Error(`cannot resolve ${JSON.stringify({ 'Fn::Sub': text })}`); }
    return text.replace(/\$\{([^!}][^}]*)\}/g, (_, name: string) => {
      const [logicalId, attribute] = name.split(/\.(.*)/);
      return attribute ? this.getAtt(logicalId, attribute) : this.ref(logicalId);
    });
  }

  private select(index: number | string, list: unknown): unknown {
    const items = this.resolve(list) as unknown[];
    if (!(Number(index) in items)) { throw new Error(`no item ${index} in ${JSON.stringify(list)}`); }
    return items[Number(index)];
  }

  private ref(logicalId: string): string {
    const pseudo: Record<string, string> = {
      'AWS::AccountId': this.place.account,
      'AWS::Partition': this.place.partition,
      'AWS::Region': this.place.region,
      'AWS::URLSuffix': urlSuffix(this.place),
    };
    if (pseudo[logicalId]) { return pseudo[logicalId]; }
    const resource = this.resources[logicalId];
    if (!resource && this.given[logicalId] !== undefined) { return this.given[logicalId]; }
    if (!resource) { throw new Error(`no resource ${logicalId} in the template, and no value given for a parameter`); }
    switch (resource.Type) {
      case 'AWS::IAM::ManagedPolicy': return `arn:${this.place.partition}:iam::${this.place.account}:policy/${logicalId}`;
      case 'AWS::StepFunctions::StateMachine': return this.getAtt(logicalId, 'Arn');
      default: return this.id(logicalId);
    }
  }

  /** What the service called a resource, the name that the template gives it, else its logical id. */
  private id(logicalId: string): string {
    const { Type, Properties } = this.resources[logicalId];
    if (this.given[logicalId]) { return this.given[logicalId]; }
    switch (Type) {
      case 'AWS::EMRServerless::Application': return applicationId(logicalId);
      case 'AWS::IAM::Role': return this.text(Properties.RoleName ?? logicalId);
      case 'AWS::Logs::LogGroup': return this.text(Properties.LogGroupName ?? logicalId);
      case 'AWS::Scheduler::ScheduleGroup': return this.text(Properties.Name ?? logicalId);
      case 'AWS::S3::Bucket': return this.text(Properties.BucketName ?? logicalId.toLowerCase());
      default: return logicalId;
    }
  }

  private getAtt(logicalId: string, attribute: string): string {
    const resource = this.resources[logicalId];
    const arn = ARNS[resource?.Type];
    if (resource?.Type === 'AWS::EMRServerless::Application' && attribute === 'ApplicationId') { return this.id(logicalId); }
    if (attribute !== 'Arn' || !arn) { throw new Error(`cannot resolve Fn::GetAtt ${logicalId}.${attribute}`); }
    return arn(this.place, this.id(logicalId));
  }
}
