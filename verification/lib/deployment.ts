import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Stack, Stage } from 'aws-cdk-lib';
import { AssetManifestArtifact, CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { boundarySource, identityPolicySources, Located, policyOf } from './policy-sources';
import { ResourceType, RESOURCE_TYPES } from './resource-types';

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

/** An ARN without an account, such as that of a bucket, counts as one of the account that everything here is deployed to. */
export function accountOf(arn: string): string {
  return arn.split(':')[4] || IRELAND.account;
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
  readonly Condition?: string;
  readonly Properties: Record<string, unknown>;
}

interface Template {
  readonly Resources?: { readonly [logicalId: string]: Omit<Resource, 'Properties'> & Partial<Resource> };
  readonly Parameters?: { readonly [logicalId: string]: { readonly Type: string; readonly Default?: unknown } };
  readonly Conditions?: { readonly [name: string]: unknown };
  readonly Transform?: unknown;
  readonly Mappings?: { readonly [name: string]: unknown };
  readonly Outputs?: { readonly [name: string]: { readonly Value: unknown; readonly Export?: { readonly Name: unknown } } };
}

/** Where a stack of an assembly is deployed, and with what. */
interface Target {
  readonly place: Place;
  /** The values of parameters, and what the service called a resource. */
  readonly given?: (logicalId: string) => string | undefined;
  /** What a value of the CDK app is in the template. */
  readonly toTemplate?: (value: unknown) => unknown;
}

/** A stack of an assembly, or one that is nested in it. */
interface Origin extends Target {
  /** Of the stack that CloudFormation is asked for. */
  readonly artifact: CloudFormationStackArtifact;
  readonly stackName: string;
  readonly template: Template;
  /** All that are deployed together, itself among them. */
  readonly deployments: Deployment[];
}

/** What CDK writes for a property that is not to be there. */
const NO_VALUE = 'AWS::NoValue';

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What a service calls a resource that nobody named; most take its unique name. */
const NAMES: { readonly [type: string]: (name: string) => string } = {
  // 16 lower-case letters and digits; the service's start with `00`
  'AWS::EMRServerless::Application': (name) => `00${digest(name).slice(0, 14)}`,
  // 63 characters at most
  'AWS::S3::Bucket': (name) => (name.length > 63 ? `${name.slice(0, 54)}-${digest(name).slice(0, 8)}` : name).toLowerCase(),
};

/** The one function of CloudFormation that a value consists of. */
function intrinsic(value: unknown): [name: string, operand: unknown] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) { return undefined; }
  const [first, ...others] = Object.entries(value);
  return others.length === 0 && first && (first[0] === 'Ref' || first[0].startsWith('Fn::')) ? first : undefined;
}

/**
 * The template of a stack as it stands after the deployment: no `Ref`, `Fn::GetAtt` or `Fn::Join` is left. What it cannot resolve is an
 * error, never a guess: to the engine that judges policies, a resource that is no ARN is everything.
 */
export class Deployment {
  /**
   * @param given the values of parameters, and what the service called a resource, by logical id; without, a name is made of the logical id
   */
  public static of(stack: Stack, place: Place, given: { readonly [logicalId: string]: string } = {}): Deployment {
    const assembly = Stage.of(stack)!.synth();
    const { template } = assembly.getStackArtifact(stack.artifactId);
    const unknown = Object.keys(given).find((logicalId) => !template.Resources?.[logicalId] && !template.Parameters?.[logicalId]);
    if (unknown) { throw new Error(`no resource or parameter ${unknown} in the template`); }
    const own: Target = { place, given: (logicalId) => given[logicalId], toTemplate: (value) => stack.resolve(value) };
    return Deployment.together(assembly.stacks, ({ id }) => id === stack.artifactId ? own : { place })
      .find(({ origin }) => origin.template === template)!;
  }

  /** Stacks of an assembly that are deployed together, and those that are nested in them. What one exports, the others import. */
  public static together(
    artifacts: readonly CloudFormationStackArtifact[], target: (artifact: CloudFormationStackArtifact) => Target,
  ): Deployment[] {
    const deployments: Deployment[] = [];
    for (const artifact of artifacts) {
      const { stackName, template } = artifact;
      deployments.push(new Deployment({ ...target(artifact), artifact, stackName, template, deployments }));
    }
    // those that are nested may have nested ones
    for (const deployment of deployments) { deployments.push(...Object.values(deployment.nested)); }
    return deployments;
  }

  private readonly resources: { readonly [logicalId: string]: Resource };
  private readonly nested: { readonly [logicalId: string]: Deployment };

  private constructor(private readonly origin: Origin) {
    this.resources = Object.fromEntries(Object.entries(origin.template.Resources ?? {})
      .map(([logicalId, resource]) => [logicalId, { ...resource, Properties: resource.Properties ?? {} }]));
    this.nested = Object.fromEntries(this.ofType('AWS::CloudFormation::Stack').flatMap((logicalId) => this.nestedStack(logicalId)));
  }

  public get place(): Place {
    return this.origin.place;
  }

  public get stackName(): string {
    return this.origin.stackName;
  }

  /** What a string of the CDK app, or of the template, is once deployed, such as the ARN of a role. */
  public value(written: unknown): string {
    return this.text(this.origin.toTemplate ? this.origin.toTemplate(written) : written);
  }

  /** The resources of a type, also those whose condition nobody can evaluate. */
  public ofType(type: string): string[] {
    return Object.keys(this.resources).filter((logicalId) => this.resources[logicalId].Type === type && this.mayExist(logicalId));
  }

  /** What of the stack is not there: nested stacks whose template is no asset, and what macros make of the template. */
  public missing(): string[] {
    const { Transform = [] } = this.origin.template;
    return [
      ...this.ofType('AWS::CloudFormation::Stack').filter((logicalId) => !this.nested[logicalId])
        .map((logicalId) => `the nested stack ${logicalId} is left out, because its template is no asset`),
      ...[Transform].flat().filter((macro) => macro !== 'AWS::LanguageExtensions').map((macro) => `the macro ${JSON.stringify(macro)} does not run`),
    ];
  }

  public logicalIds(): string[] {
    return Object.keys(this.resources);
  }

  /** The properties of a resource as the template has them. */
  public written(logicalId: string): Record<string, unknown> {
    return this.resources[logicalId].Properties;
  }

  /** The properties that a resource is created with. */
  public properties(logicalId: string): Record<string, unknown> {
    return this.resolved(logicalId, this.written(logicalId)) as Record<string, unknown>;
  }

  /** A part of a resource as it is created with it. */
  public resolved(logicalId: string, part: unknown): unknown {
    if (!this.exists(logicalId)) { throw new Error(`the condition of ${logicalId} is not met`); }
    return this.resolve(part);
  }

  /** The items of a list as the template has them, those that its conditions choose. */
  public items(list: unknown): unknown[] {
    const chosen = this.chosen(list) ?? [];
    const items = intrinsic(chosen) ? this.resolve(chosen) : chosen;
    return (Array.isArray(items) ? items : [items]).map((item) => this.chosen(item)).filter((item) => item !== undefined);
  }

  /** What the conditions choose. */
  public chosen(value: unknown): unknown {
    const [name, operand] = intrinsic(value) ?? [];
    if (name === 'Ref' && operand === NO_VALUE) { return undefined; }
    if (name !== 'Fn::If') { return value; }
    const [condition, met, unmet] = operand as [string, unknown, unknown];
    return this.chosen(this.condition({ Condition: condition }) ? met : unmet);
  }

  /** A name that no other resource of these stacks has: the logical id, where need be after the name of the stack. */
  public uniqueName(logicalId: string): string {
    const others = this.origin.deployments.filter((other) => other !== this && other.resources[logicalId]);
    return others.length > 0 ? `${this.stackName}-${logicalId}` : logicalId;
  }

  /** What the service called a resource, the name that the template gives it, else one made of its logical id. */
  public id(logicalId: string): string {
    const { Type, Properties } = this.resources[logicalId];
    const given = this.origin.given?.(logicalId);
    if (given !== undefined) { return given; }
    const named = this.chosen(at(Properties, this.type(logicalId).id));
    return named === undefined ? (NAMES[Type] ?? ((name) => name))(this.uniqueName(logicalId)) : this.text(named);
  }

  public arn(logicalId: string): string {
    const { arn } = this.type(logicalId);
    if (!arn) { throw new Error(`no ARN is known of ${logicalId} (${this.resources[logicalId].Type})`); }
    return this.filled(arn, logicalId);
  }

  /** The resource of a type that has this ARN, if there is one. */
  public find(type: string, arn: string): string | undefined {
    return this.ofType(type).find((logicalId) => this.arn(logicalId) === arn);
  }

  /**
   * Every policy that a role has: inline, of its own, and managed. One that is not of this stack is an error: nobody knows what it allows.
   */
  public identityPolicies(roleArn: string): { name: string; policy: Policy }[] {
    return identityPolicySources(this.role(roleArn), [this]).map((source) => ({ name: source.name, policy: policyOf(source) }));
  }

  /** The policy that bounds what the others of a role allow, if it has one. */
  public boundary(roleArn: string): Policy | undefined {
    const source = boundarySource(this.role(roleArn), [this]);
    return source && policyOf(source);
  }

  /** Every policy that says what a role, user or group may do, by where it is in the template. A boundary allows nothing. */
  public allIdentityPolicies(): { [where: string]: Policy } {
    const identities = Object.entries(this.resources).filter(([, { Type }]) => Type.startsWith('AWS::IAM::'));
    const boundaries = identities.flatMap(([, { Properties: { PermissionsBoundary: arn } }]) => arn ? [this.text(arn)] : []);
    const isBoundary = (logicalId: string) => this.resources[logicalId].Type === 'AWS::IAM::ManagedPolicy' && boundaries.includes(this.arn(logicalId));
    const found = identities.flatMap(([logicalId, { Properties }]) => [
      ...Properties.PolicyDocument && !isBoundary(logicalId) ? [[logicalId, Properties.PolicyDocument]] : [],
      ...(Properties.Policies as { PolicyName: string; PolicyDocument: unknown }[] | undefined ?? [])
        .map(({ PolicyName, PolicyDocument }) => [`${logicalId}/${PolicyName}`, PolicyDocument]),
    ]);
    return Object.fromEntries(found.map(([where, document]) => [where, this.policy(document)]));
  }

  public trustPolicy(roleArn: string): Policy {
    return this.policy(this.written(this.role(roleArn).logicalId).AssumeRolePolicyDocument);
  }

  public keyPolicy(keyArn: string): Policy {
    return this.policy(this.written(this.named('AWS::KMS::Key', keyArn)).KeyPolicy);
  }

  public repositoryPolicy(repositoryArn: string): Policy {
    return this.policy(this.written(this.named('AWS::ECR::Repository', repositoryArn)).RepositoryPolicyText);
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
    const chosen = this.chosen(value);
    if (typeof chosen === 'string') { return this.dynamic(chosen); }
    if (Array.isArray(chosen)) { return chosen.map((item) => this.resolve(item)).filter((item) => item !== undefined); }
    if (typeof chosen !== 'object' || chosen === null) { return chosen; }

    const [name, operand] = intrinsic(chosen) ?? [];
    switch (name) {
      case undefined: break;
      case 'Ref': return this.ref(operand as string);
      case 'Fn::Base64': return Buffer.from(this.text(operand)).toString('base64');
      case 'Fn::FindInMap': return this.mapped(operand as unknown[]);
      case 'Fn::GetAtt': return this.getAtt(...(typeof operand === 'string' ? operand.split(/\.(.*)/) : operand) as [string, string]);
      case 'Fn::GetAZs': return ['a', 'b', 'c'].map((zone) => (this.text(operand) || this.place.region) + zone);
      case 'Fn::GetStackOutput': return this.stackOutput(operand as { StackName: unknown; OutputName: unknown });
      case 'Fn::ImportValue': return this.imported(this.text(operand));
      case 'Fn::Join': return this.join(...operand as [string, unknown]);
      case 'Fn::Select': return this.select(...operand as [unknown, unknown]);
      case 'Fn::Split': return this.text((operand as unknown[])[1]).split((operand as string[])[0]);
      case 'Fn::Sub': return this.substituted(operand);
      case 'Fn::ToJsonString': return JSON.stringify(this.resolve(operand));
      default: throw new Error(`cannot resolve ${JSON.stringify(value)}`);
    }
    const resolved = Object.entries(chosen).map(([key, item]) => [key, this.resolve(item)]);
    return Object.fromEntries(resolved.filter(([, item]) => item !== undefined));
  }

  /** What another stack exports. */
  private imported(exportName: string): unknown {
    for (const deployment of this.origin.deployments) {
      const output = Object.values(deployment.origin.template.Outputs ?? {})
        .find(({ Export }) => Export !== undefined && deployment.isText(Export.Name, exportName));
      if (output) { return deployment.resolve(output.Value); }
    }
    throw new Error(`no stack exports ${exportName}`);
  }

  private isText(value: unknown, text: string): boolean {
    try {
      return this.resolve(value) === text;
    } catch {
      return false;
    }
  }

  /** The output of another stack, which is named by its name or its ARN. */
  private stackOutput({ StackName, OutputName }: { StackName: unknown; OutputName: unknown }): unknown {
    const stack = this.text(StackName);
    const name = this.text(OutputName);
    const exporter = this.origin.deployments.find(({ stackName }) => stack === stackName || stack.split('/')[1] === stackName);
    if (!exporter) { throw new Error(`no stack ${stack}`); }
    return exporter.output(name);
  }

  private output(name: string): unknown {
    const output = this.origin.template.Outputs?.[name];
    if (!output) { throw new Error(`stack ${this.stackName} has no output ${name}`); }
    return this.resolve(output.Value);
  }

  private exists(logicalId: string): boolean {
    const { Condition } = this.resources[logicalId];
    return Condition === undefined || this.condition({ Condition });
  }

  private mayExist(logicalId: string): boolean {
    try {
      return this.exists(logicalId);
    } catch {
      return true;
    }
  }

  private condition(written: unknown): boolean {
    const [[name, operand]] = Object.entries(written as Record<string, unknown>);
    const operands = operand as unknown[];
    switch (name) {
      case 'Condition': {
        const condition = this.origin.template.Conditions?.[operand as string];
        if (condition === undefined) { throw new Error(`no condition ${operand} in the template`); }
        return this.condition(condition);
      }
      case 'Fn::And': return operands.every((one) => this.condition(one));
      case 'Fn::Equals': return this.text(operands[0]) === this.text(operands[1]);
      case 'Fn::Not': return !this.condition(operands[0]);
      case 'Fn::Or': return operands.some((one) => this.condition(one));
      default: throw new Error(`cannot evaluate ${JSON.stringify(written)}`);
    }
  }

  private mapped([map, first, second, otherwise]: unknown[]): unknown {
    const keys = [map, first, second].map((key) => this.text(key));
    const found = keys.reduce<any>((within, key) => within?.[key], this.origin.template.Mappings);
    if (found !== undefined) { return found; }
    const fallback = (otherwise as { DefaultValue?: unknown } | undefined)?.DefaultValue;
    if (fallback === undefined) { throw new Error(`no ${keys.join('.')} in the mappings of the template`); }
    return this.resolve(fallback);
  }

  private policy(document: unknown): Policy {
    return this.resolve(document) as Policy;
  }

  private role(arn: string): Located {
    return { deployment: this, logicalId: this.named('AWS::IAM::Role', arn) };
  }

  private named(type: string, arn: string): string {
    const found = this.find(type, arn);
    if (!found) { throw new Error(`no ${type} ${arn} in the template`); }
    return found;
  }

  private text(value: unknown): string {
    const resolved = this.resolve(value);
    if (typeof resolved === 'number' || typeof resolved === 'boolean') { return String(resolved); }
    if (typeof resolved !== 'string') { throw new Error(`not a string: ${JSON.stringify(value)}`); }
    return resolved;
  }

  private join(delimiter: string, parts: unknown): string {
    const items = Array.isArray(parts) ? parts : this.resolve(parts);
    if (!Array.isArray(items)) { throw new Error(`not a list: ${JSON.stringify(parts)}`); }
    return items.map((part) => this.text(part)).join(delimiter);
  }

  /** A text with names of pseudo parameters, resources and attributes, or with variables that stand beside it. */
  private substituted(operand: unknown): string {
    const [text, variables = {}] = Array.isArray(operand) ? operand as [string, Record<string, unknown>?] : [operand as string];
    return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) { return `\${${name}}`; }
      if (name in variables) { return this.text(variables[name]); }
      const [logicalId, attribute] = name.split(/\.(.*)/);
      return this.text(attribute ? { 'Fn::GetAtt': [logicalId, attribute] } : { Ref: logicalId });
    });
  }

  /** CloudFormation looks up what stands in double braces. Nobody but AWS knows a secret. */
  private dynamic(text: string): string {
    return text.replace(/\{\{resolve:([^:}]+):([^}]+)\}\}/g, (reference, service: string, name: string) => {
      if (service !== 'ssm') { throw new Error(`cannot resolve ${reference}`); }
      return this.parameterValue(name.replace(/:\d+$/, ''));
    });
  }

  /** The value of a parameter of Systems Manager that these stacks make. */
  private parameterValue(name: string): string {
    for (const deployment of this.origin.deployments) {
      const parameter = deployment.ofType('AWS::SSM::Parameter').find((logicalId) => deployment.id(logicalId) === name);
      if (parameter) { return deployment.text(deployment.written(parameter).Value); }
    }
    throw new Error(`no stack makes the parameter ${name}`);
  }

  private select(index: unknown, list: unknown): unknown {
    const items = this.resolve(list) as unknown[];
    const selected = Number(this.text(index));
    if (!(selected in items)) { throw new Error(`no item ${selected} in ${JSON.stringify(list)}`); }
    return items[selected];
  }

  private ref(logicalId: string): unknown {
    const pseudo: Record<string, string> = {
      'AWS::AccountId': this.place.account,
      'AWS::Partition': this.place.partition,
      'AWS::Region': this.place.region,
      'AWS::StackId': `arn:${this.place.partition}:cloudformation:${this.place.region}:${this.place.account}:stack/${this.stackName}/${this.stackName}`,
      'AWS::StackName': this.stackName,
      'AWS::URLSuffix': urlSuffix(this.place),
    };
    if (pseudo[logicalId]) { return pseudo[logicalId]; }
    if (!this.resources[logicalId]) { return this.parameter(logicalId); }
    const { ref } = this.type(logicalId);
    return ref ? this.filled(ref, logicalId) : this.id(logicalId);
  }

  private parameter(logicalId: string): unknown {
    const { Type, Default } = this.origin.template.Parameters?.[logicalId] ?? {};
    const value = this.origin.given?.(logicalId) ?? Default;
    if (value === undefined || Type === undefined) { throw new Error(`no resource ${logicalId} in the template, and no value given for a parameter`); }
    const text = Type.startsWith('AWS::SSM::Parameter::Value') && value === Default ? this.parameterValue(String(value)) : String(value);
    return /List/.test(Type) ? text.split(',').map((item) => item.trim()) : text;
  }

  private getAtt(logicalId: string, attribute: string): unknown {
    if (!this.resources[logicalId]) { throw new Error(`no resource ${logicalId} in the template`); }
    const nested = this.nested[logicalId];
    if (nested && attribute.startsWith('Outputs.')) { return nested.output(attribute.slice('Outputs.'.length)); }
    const { arn, attributes = arn ? { Arn: arn } : {} } = this.type(logicalId);
    if (!attributes[attribute]) { throw new Error(`cannot resolve Fn::GetAtt ${logicalId}.${attribute}`); }
    return this.filled(attributes[attribute], logicalId);
  }

  private type(logicalId: string): ResourceType {
    const { Type } = this.resources[logicalId];
    const type = RESOURCE_TYPES[Type];
    if (!type) { throw new Error(`nobody said what CloudFormation makes of ${logicalId} (${Type})`); }
    return type;
  }

  /** A text with variables of a resource. */
  private filled(text: string, logicalId: string): string {
    const { partition, region, account } = this.place;
    const pseudo: Record<string, string> = { Partition: partition, Region: region, Account: account, URLSuffix: urlSuffix(this.place) };
    const { id } = this.type(logicalId);
    return text.replace(/\$\{([\w.]+)\}/g, (_, variable: string) => {
      if (pseudo[variable]) { return pseudo[variable]; }
      if (variable === id) { return this.id(logicalId); }
      const value = this.chosen(at(this.written(logicalId), variable)) ?? DEFAULTS[variable];
      if (value === undefined) { throw new Error(`${logicalId} has no ${variable}`); }
      return this.text(value);
    // the name of a parameter may start with a slash
    }).replace(/(?<=^arn:.*)\/\//, '/');
  }

  /** The template of a stack that is nested in this one is an asset. */
  private nestedStack(logicalId: string): [string, Deployment][] {
    const { TemplateURL, Parameters = {} } = this.written(logicalId) as { TemplateURL: unknown; Parameters?: Record<string, unknown> };
    const { artifact, place, deployments } = this.origin;
    const file = this.assetFile(TemplateURL);
    if (!file) { return []; }
    const given = (parameter: string) => Parameters[parameter] === undefined ? undefined : this.text(Parameters[parameter]);
    const template = JSON.parse(fs.readFileSync(file, 'utf8'));
    return [[logicalId, new Deployment({ artifact, place, deployments, given, template, stackName: `${this.stackName}-${logicalId}` })]];
  }

  /** The file of the assembly that is uploaded to a URL. */
  private assetFile(url: unknown): string | undefined {
    const { artifact } = this.origin;
    const manifests = artifact.dependencies.filter((one) => AssetManifestArtifact.isAssetManifestArtifact(one)) as AssetManifestArtifact[];
    for (const { contents: { files = {} } } of manifests) {
      for (const { source, destinations } of Object.values(files)) {
        const keys = Object.values(destinations).map(({ objectKey }) => objectKey);
        if (source.path && keys.some((key) => this.endsWith(url, `/${key}`))) { return path.join(artifact.assembly.directory, source.path); }
      }
    }
    return undefined;
  }

  private endsWith(value: unknown, text: string): boolean {
    try {
      return this.text(value).endsWith(text);
    } catch {
      return false;
    }
  }
}

/** What a property is without being given. */
const DEFAULTS: { readonly [property: string]: string } = { GroupName: 'default', Path: '/' };

/** A property that stands in others. */
function at(properties: Record<string, unknown>, names: string): unknown {
  return names.split('.').reduce<any>((within, name) => within?.[name], properties);
}
