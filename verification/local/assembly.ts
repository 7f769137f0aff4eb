import * as fs from 'node:fs';
import * as path from 'node:path';
import { CloudAssembly, CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Deployment, IRELAND, Place, Policy, ScheduleTarget, StateMachine, Statement } from '../lib/deployment';
import { attachedPolicySources, attachedRoles, boundarySource, identityPolicySources, Located, PolicySource } from '../lib/policy-sources';

interface OfStack {
  readonly logicalId: string;
  readonly stackName: string;
}

export interface LocalApplication extends OfStack {
  readonly applicationId: string;
  /** As CloudFormation has them, resolved. */
  readonly properties: Record<string, unknown>;
}

export interface LocalRole extends OfStack {
  readonly arn: string;
  /** The logical id, where need be after the name of the stack; of a role that is made elsewhere, its name. */
  readonly accessKeyId: string;
}

export interface LocalParameter {
  readonly name: string;
  readonly type: 'String' | 'StringList';
  readonly value: string;
}

interface LocalSecret {
  readonly name: string;
  readonly arn: string;
  readonly value: string;
}

/** A topic or a queue. */
interface Channel {
  readonly name: string;
  readonly fifo: boolean;
}

interface PoliciesOfRole {
  readonly identity: { name: string; policy: Policy }[];
  readonly boundary?: Policy;
  readonly trust: Policy;
}

const DENY_EVERYTHING: Statement = { Effect: 'Deny', Action: '*', Resource: '*' };
const DENY_EVERYBODY: Statement = { Effect: 'Deny', Principal: { AWS: '*' }, Action: '*', Resource: '*' };
const TRUST_NOBODY: Statement = { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };

/**
 * The stacks of a cloud assembly, as they are deployed to one account and Region. What cannot be resolved is no guess: nothing is allowed
 * by it, and a warning says so.
 */
export class LocalAssembly {
  /** @param place without, the account and Region that the assembly names, else 111122223333, and AWS_REGION or eu-west-1 */
  public static read(folder: string, place?: Place): LocalAssembly {
    const { stacksRecursively: stacks } = cloudAssembly(folder);
    if (stacks.length === 0) { throw new Error(`the cloud assembly ${folder} has no stack`); }
    return new LocalAssembly(stacks, place ?? placeOf(stacks));
  }

  /** What could not be resolved, by resource, and what follows from it. */
  public readonly warnings: readonly string[];
  /** The stacks that are deployed. */
  public readonly stacks: readonly CloudFormationStackArtifact[];

  public readonly applications: readonly LocalApplication[];
  public readonly roles: readonly LocalRole[];
  public readonly buckets: readonly string[];
  public readonly logGroups: readonly string[];
  public readonly parameters: readonly LocalParameter[];
  public readonly topics: readonly Channel[];
  public readonly queues: readonly Channel[];
  public readonly secrets: readonly LocalSecret[];

  private readonly deployments: readonly Deployment[];
  private readonly policies: { readonly [roleArn: string]: PoliciesOfRole };
  private readonly keys: { readonly [keyArn: string]: Policy };
  private readonly keysOfBuckets: { readonly [bucketName: string]: string };
  private readonly said = new Set<string>();

  private constructor(stacks: readonly CloudFormationStackArtifact[], public readonly place: Place) {
    this.stacks = stacks.filter((stack) => this.isHere(stack));
    this.deployments = Deployment.together(this.stacks, () => ({ place }));
    this.deployments.forEach((deployment) => deployment.missing().forEach((what) => this.warn(deployment.stackName, what)));

    this.applications = this.each('AWS::EMRServerless::Application', (application) => this.application(application));
    this.buckets = this.each('AWS::S3::Bucket', nameOf);
    this.logGroups = this.each('AWS::Logs::LogGroup', nameOf);
    this.parameters = this.each('AWS::SSM::Parameter', parameterOf);
    this.topics = this.each('AWS::SNS::Topic', (topic) => ({ name: nameOf(topic), fifo: isTrue(property(topic, 'FifoTopic')) }));
    this.queues = this.each('AWS::SQS::Queue', (queue) => ({ name: nameOf(queue), fifo: isTrue(property(queue, 'FifoQueue')) }));
    this.secrets = this.each('AWS::SecretsManager::Secret', secretOf);
    this.keys = Object.fromEntries(this.each('AWS::KMS::Key', (key) => [key.deployment.arn(key.logicalId), this.policyOfKey(key)]));
    this.keysOfBuckets = Object.fromEntries(this.each('AWS::S3::Bucket', (bucket) => this.keyOf(bucket)).flat());

    const made = this.each('AWS::IAM::Role', (role) => ({ ...ofStack(role), arn: role.deployment.arn(role.logicalId), located: role }));
    this.policies = Object.fromEntries([
      ...made.map(({ arn, located }) => [arn, this.policiesOf(located)]),
      ...this.rolesMadeElsewhere().map(({ arn, accessKeyId }) => [arn, this.policiesOfOther(accessKeyId)]),
    ]);
    this.roles = [
      ...made.map(({ located: { deployment, logicalId }, ...role }) => ({ ...role, accessKeyId: deployment.uniqueName(logicalId) })),
      ...this.rolesMadeElsewhere(),
    ];
    this.warnings = [...this.said];
  }

  public identityPolicies(roleArn: string): { name: string; policy: Policy }[] {
    return this.ofRole(roleArn).identity;
  }

  public boundary(roleArn: string): Policy | undefined {
    return this.ofRole(roleArn).boundary;
  }

  public trustPolicy(roleArn: string): Policy {
    return this.ofRole(roleArn).trust;
  }

  /** The key that a bucket encrypts with, if both are of the assembly. */
  public bucketKey(bucketName: string): { arn: string; policy: Policy } | undefined {
    const arn = this.keysOfBuckets[bucketName];
    return arn === undefined ? undefined : { arn, policy: this.keyPolicy(arn) };
  }

  public keyPolicy(keyArn: string): Policy {
    const found = this.keys[keyArn];
    if (!found) { throw new Error(`no key ${keyArn} in the assembly`); }
    return found;
  }

  /** Every state machine, by its logical id. */
  public stateMachines(): { [logicalId: string]: StateMachine } {
    return Object.assign({}, ...this.deployments.map((deployment) => deployment.stateMachines()));
  }

  /** What every schedule does, by its logical id. */
  public scheduleTargets(): { [logicalId: string]: ScheduleTarget } {
    return Object.assign({}, ...this.deployments.map((deployment) => deployment.scheduleTargets()));
  }

  /** The properties that a resource is created with, by its logical id, or by its logical id without the hash. */
  public propertiesOf(id: string): Record<string, unknown> {
    for (const deployment of this.deployments) {
      const logicalId = deployment.logicalIds().find((one) => one === id || one.replace(/[0-9A-F]{8}$/, '') === id);
      if (logicalId) { return deployment.properties(logicalId); }
    }
    throw new Error(`no resource ${id} in the assembly`);
  }

  private ofRole(roleArn: string): PoliciesOfRole {
    const found = this.policies[roleArn];
    if (!found) { throw new Error(`no role ${roleArn} in the assembly`); }
    return found;
  }

  private warn(what: string, message: string): void {
    this.said.add(`${what}: ${message}`);
  }

  private isHere({ stackName, environment: { account, region } }: CloudFormationStackArtifact): boolean {
    const here = [[account, this.place.account], [region, this.place.region]].every(([one, other]) => isUnknown(one) || one === other);
    if (!here) {
      this.warn(stackName, `it is a stack of aws://${account}/${region}, and the local service is aws://${this.place.account}/${this.place.region}:`
        + ' it is left out');
    }
    return here;
  }

  /** What is made of each resource of a type. One that cannot be resolved is left out. */
  private each<T>(type: string, make: (resource: Located) => T): T[] {
    return this.deployments.flatMap((deployment) => deployment.ofType(type).flatMap((logicalId) => {
      try {
        return [make({ deployment, logicalId })];
      } catch (error) {
        this.warn(where({ deployment, logicalId }), `${(error as Error).message}: it is left out`);
        return [];
      }
    }));
  }

  private application(application: Located): LocalApplication {
    const { deployment, logicalId } = application;
    const properties = Object.entries(deployment.written(logicalId)).flatMap(([name, written]): [string, unknown][] => {
      try {
        return [[name, deployment.resolved(logicalId, written)]];
      } catch (error) {
        if (name === 'ReleaseLabel') { throw error; }
        this.warn(where(application), `${(error as Error).message}: the application goes without ${name}`);
        return [];
      }
    });
    return { ...ofStack(application), applicationId: deployment.id(logicalId), properties: Object.fromEntries(properties) };
  }

  private policiesOf(role: Located): PoliciesOfRole {
    const { deployment, logicalId } = role;
    const boundary = boundarySource(role, this.deployments);
    const trust = { ...role, name: 'AssumeRolePolicyDocument', document: deployment.written(logicalId).AssumeRolePolicyDocument };
    return {
      identity: this.identity(role, () => identityPolicySources(role, this.deployments)),
      ...boundary && { boundary: whole(this.readable(where(role), boundary, DENY_EVERYTHING), DENY_EVERYTHING) },
      trust: whole(this.readable(where(role), trust, TRUST_NOBODY), TRUST_NOBODY),
    };
  }

  private identity(role: Located, sources: () => PolicySource[]): { name: string; policy: Policy }[] {
    try {
      return this.readablePolicies(where(role), sources());
    } catch (error) {
      this.warn(where(role), `${(error as Error).message}: the role is refused everything`);
      return [{ name: 'unknown', policy: whole(undefined, DENY_EVERYTHING) }];
    }
  }

  private readablePolicies(who: string, sources: PolicySource[]): { name: string; policy: Policy }[] {
    return sources.flatMap((source) => {
      const policy = this.readable(who, source, DENY_EVERYTHING);
      return policy && policy.Statement.length > 0 ? [{ name: source.name, policy }] : [];
    });
  }

  /**
   * A policy without what cannot be resolved: a statement that allows something is left out, and instead of any other, everything is
   * refused. One that is written elsewhere is undefined.
   */
  private readable(who: string, source: PolicySource, refusal: Statement): Policy | undefined {
    const { deployment, logicalId, name, document } = source;
    if (document === undefined) {
      this.warn(who, `the policy ${name} is not in the assembly: nothing is allowed by it`);
      return undefined;
    }
    const { Version, Statement: written } = document as { Version: string; Statement: unknown };
    const read = (statement: unknown): Statement[] => {
      try {
        if (source.problem) { throw source.problem; }
        return [checked(deployment.resolved(logicalId, statement) as Statement)];
      } catch (error) {
        const isAllow = (statement as Statement | undefined)?.Effect === 'Allow';
        this.warn(who, `${(error as Error).message}, in ${JSON.stringify(statement)} of ${name}: `
          + (isAllow ? 'nothing is allowed by it' : 'because it may deny, everything is refused'));
        return isAllow ? [] : [refusal];
      }
    };
    try {
      return { Version, Statement: deployment.items(written).flatMap(read) };
    } catch {
      return { Version, Statement: read(written) };
    }
  }

  /** Roles that the app imports and that its policies are attached to, by name. */
  private rolesMadeElsewhere(): LocalRole[] {
    const { partition, account } = this.place;
    const made = this.deployments.flatMap((deployment) => deployment.ofType('AWS::IAM::Role').map((logicalId) => deployment.id(logicalId)));
    const found = new Map<string, LocalRole>();
    for (const type of ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy']) {
      this.each(type, (policy) => attachedRoles(policy).forEach((name) => {
        if (made.includes(name)) { return; }
        found.set(name, { ...ofStack(policy), logicalId: name, arn: `arn:${partition}:iam::${account}:role/${name}`, accessKeyId: name });
      }));
    }
    return [...found.values()];
  }

  private policiesOfOther(roleName: string): PoliciesOfRole {
    this.warn(roleName, 'the role is not made by the assembly: it may do what policies of the assembly allow, and no service may assume it');
    const identity = this.readablePolicies(roleName, attachedPolicySources(roleName, this.deployments));
    return { identity, trust: whole(undefined, TRUST_NOBODY) };
  }

  private policyOfKey(key: Located): Policy {
    const source = { ...key, name: 'KeyPolicy', document: key.deployment.written(key.logicalId).KeyPolicy };
    return whole(this.readable(where(key), source, DENY_EVERYBODY), DENY_EVERYBODY);
  }

  private keyOf(bucket: Located): [bucketName: string, keyArn: string][] {
    const encryption = property(bucket, 'BucketEncryption') as {
      ServerSideEncryptionConfiguration: { ServerSideEncryptionByDefault?: { KMSMasterKeyID?: string } }[];
    } | undefined;
    const named = encryption?.ServerSideEncryptionConfiguration[0]?.ServerSideEncryptionByDefault?.KMSMasterKeyID;
    if (named === undefined) { return []; }
    const arn = Object.keys(this.keys).find((one) => one === named || one.endsWith(`:key/${named}`));
    if (arn) { return [[nameOf(bucket), arn]]; }
    this.warn(where(bucket), `its key ${named} is not in the assembly: nobody decides on who may use it`);
    return [];
  }
}

function cloudAssembly(folder: string): CloudAssembly {
  if (!fs.existsSync(folder)) { throw new Error(`there is no folder ${folder}`); }
  if (!fs.existsSync(path.join(folder, 'manifest.json'))) {
    throw new Error(`${folder} is no cloud assembly, because it has no manifest.json: \`cdk synth\` writes one into cdk.out`);
  }
  try {
    return new CloudAssembly(folder);
  } catch (error) {
    throw new Error(`the cloud assembly ${folder} cannot be read: ${(error as Error).message}`);
  }
}

/** The account and the Region that the stacks name, those with applications first. */
function placeOf(stacks: readonly CloudFormationStackArtifact[]): Place {
  const hasApplication = ({ template }: CloudFormationStackArtifact) =>
    Object.values<{ Type: string }>(template.Resources ?? {}).some(({ Type }) => Type === 'AWS::EMRServerless::Application');
  const inOrder = [...stacks.filter(hasApplication), ...stacks].map(({ environment }) => environment);
  const named = (part: 'account' | 'region') => inOrder.map((environment) => environment[part]).find((value) => !isUnknown(value));
  return placeIn(named('account'), named('region'));
}

export function placeIn(account = IRELAND.account, region = process.env.AWS_REGION || IRELAND.region): Place {
  return { partition: RegionInfo.get(region).partition ?? IRELAND.partition, region, account };
}

/** What CDK writes for an account or a Region that only the deployment knows. */
function isUnknown(value: string): boolean {
  return value.startsWith('unknown-');
}

function ofStack({ deployment: { stackName }, logicalId }: Located): OfStack {
  return { logicalId, stackName };
}

function where({ deployment: { stackName }, logicalId }: Located): string {
  return `${stackName}/${logicalId}`;
}

function nameOf(resource: Located): string {
  // a resource whose condition nobody can evaluate has no name
  property(resource, 'Name');
  return resource.deployment.id(resource.logicalId);
}

function property({ deployment, logicalId }: Located, name: string): unknown {
  return deployment.resolved(logicalId, deployment.written(logicalId)[name]);
}

function parameterOf(parameter: Located): LocalParameter {
  const [type, value] = ['Type', 'Value'].map((name) => property(parameter, name)) as [LocalParameter['type'], string];
  return { name: nameOf(parameter), type, value };
}

function isTrue(value: unknown): boolean {
  return String(value) === 'true';
}

/** A policy that is to decide alone: without a statement it allows nothing. */
function whole(policy: Policy | undefined, refusal: Statement): Policy {
  return policy && policy.Statement.length > 0 ? policy : { Version: '2012-10-17', Statement: [refusal] };
}

/** To the engine that decides, a resource that is no ARN is every resource. */
function checked(statement: Statement): Statement {
  const { Resource, NotResource } = statement as Statement & { NotResource?: string | string[] };
  for (const resource of [Resource ?? [], NotResource ?? []].flat()) {
    if (resource !== '*' && !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(resource)) { throw new Error(`${resource} is no ARN`); }
  }
  return statement;
}

function secretOf(secret: Located): LocalSecret {
  return { name: nameOf(secret), arn: secret.deployment.arn(secret.logicalId), value: secretValue(secret) };
}

/** What Secrets Manager makes up is not secret here. */
function secretValue(secret: Located): string {
  const generated = property(secret, 'GenerateSecretString') as { SecretStringTemplate?: string; GenerateStringKey?: string } | undefined;
  if (!generated) { return property(secret, 'SecretString') as string | undefined ?? ''; }
  const password = 'local-password';
  const { SecretStringTemplate, GenerateStringKey } = generated;
  return GenerateStringKey ? JSON.stringify({ ...JSON.parse(SecretStringTemplate ?? '{}'), [GenerateStringKey]: password }) : password;
}
