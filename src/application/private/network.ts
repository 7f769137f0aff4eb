import {
  CfnSecurityGroup, CfnSecurityGroupIngress, Connections, ISecurityGroup, ISubnet, IVpc, SecurityGroup, SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Lazy, RemovalPolicy, Stack, Token } from 'aws-cdk-lib/core';
import { Construct, IConstruct } from 'constructs';
import { referencedBy } from './references';
import { Warning } from '../../private/annotations';
import { differ, distinctCountProblems, NOT_SHOWN, Problems } from '../../private/checks';
import { holdsCredential } from '../../private/credentials';
import { regionProblems } from '../../private/environments';
import { OnceInASynthesis } from '../../private/once-in-a-synthesis';
import { Fields, instance, listOf, map, Reader } from '../../private/reading';
import { refuseAtSynthesis } from '../../private/validation-error';

/** The network that the props give. */
export interface GivenNetwork {
  readonly vpc?: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups?: ISecurityGroup[];
}

export const securityGroups = listOf(instance<ISecurityGroup>('a security group', 'securityGroupId', 'node'));

export const NETWORK: Fields<GivenNetwork> = {
  vpc: instance<IVpc>('a VPC', 'selectSubnets', 'node'),
  // the VPC checks the members
  vpcSubnets: map as Reader<SubnetSelection>,
  securityGroups,
};

/** The network with the selected subnets. */
export interface Network {
  readonly vpc?: IVpc;
  readonly securityGroups?: ISecurityGroup[];
  readonly subnets: ISubnet[];
  /** Whether one of the subnets is known to be public. */
  readonly hasPublicSubnets?: boolean;
  readonly problems: Problems;
  readonly warnings: Warning[];
}

const MAX_SUBNETS = 16;
const MAX_SECURITY_GROUPS = 5;

export function selectedNetwork(stack: Stack, { vpc, vpcSubnets, securityGroups: groups }: GivenNetwork): Network {
  if (!vpc) {
    const problems = Object.entries({ vpcSubnets, securityGroups: groups })
      .filter(([, value]) => value !== undefined)
      .map(([prop]) => `\`${prop}\` must not be given without \`vpc\``);
    return { subnets: [], problems, warnings: [] };
  }
  const selected = selectedSubnets(vpc, vpcSubnets);
  const vpcProblems = regionProblems('vpc', vpc, stack);
  return {
    vpc,
    securityGroups: groups,
    ...selected,
    problems: [
      ...vpcProblems,
      ...selected.problems,
      ...vpcProblems.length > 0 ? [] : distinctProblems(selected.subnets, (subnet) => regionProblems('vpcSubnets', subnet, stack)),
      ...distinctCountProblems('securityGroups', groups, MAX_SECURITY_GROUPS, 'security groups'),
      ...distinctProblems(groups ?? [], (group) => regionProblems('securityGroups', group, stack)),
      ...openSecurityGroupProblems(groups ?? [], opensItself),
    ],
    warnings: [...otherAccountWarnings(stack, vpc), ...selected.warnings],
  };
}

function distinctProblems<T>(items: T[], problemsOf: (item: T) => Problems): Problems {
  return [...new Set(items.flatMap(problemsOf))];
}

/** An account may share subnets with other accounts. */
function otherAccountWarnings(stack: Stack, { env }: IVpc): Warning[] {
  return differ(env.account, stack.account) ? [{
    id: 'vpcOfOtherAccount',
    message: `\`vpc\` is of account ${env.account}, and the application is of account ${stack.account}: account ${env.account} must share`
      + ' the subnets with AWS Resource Access Manager',
  }] : [];
}

function selectedSubnets(vpc: IVpc, vpcSubnets: SubnetSelection | undefined): Omit<Network, 'vpc' | 'securityGroups'> {
  try {
    // a VPC may be of another language, to which jsii cannot hand a frozen object
    const { subnetFilters, ...selection } = vpcSubnets ?? {};
    const { subnets: selected, subnetIds, hasPublic, isPendingLookup } = vpc.selectSubnets(vpcSubnets && {
      ...selection,
      ...subnetFilters && { subnetFilters: [...subnetFilters] },
    });
    const subnets = [...selected];
    // CDK has not looked up the VPC yet, and its subnets are not the real ones
    return isPendingLookup ? { subnets, problems: [], warnings: [] } : {
      subnets,
      hasPublicSubnets: hasPublic,
      problems: distinctCountProblems('vpcSubnets', subnetIds, MAX_SUBNETS, 'subnets'),
      warnings: [...oneSubnetWarnings(subnetIds), ...publicSubnetWarnings(vpc, subnetIds)],
    };
  } catch (error) {
    const problem = `\`vpcSubnets\` must be subnets that the \`vpc\` has: ${withoutCredential((error as Error).message)}`;
    return { subnets: [], problems: [problem], warnings: [] };
  }
}

/** CDK's message has the names that the caller gave. */
function withoutCredential(message: string): string {
  return holdsCredential(message) ? NOT_SHOWN : message.trim();
}

/** A single subnet is in a single Availability Zone. */
function oneSubnetWarnings(subnetIds: string[]): Warning[] {
  return Token.isUnresolved(subnetIds) || new Set(subnetIds).size !== 1 ? [] : [{
    id: 'oneSubnet',
    message: 'all workers are in one Availability Zone: no job runs while the zone is unavailable or the subnet has no free IP addresses.'
      + ' Give subnets in two or more zones',
  }];
}

/** Of an imported VPC, the library knows which subnets are public by the attributes that import it. */
function publicSubnetWarnings(vpc: IVpc, subnetIds: string[]): Warning[] {
  const publicIds = new Set(vpc.publicSubnets.map(({ subnetId }) => subnetId));
  return Token.isUnresolved(subnetIds) || !subnetIds.some((id) => publicIds.has(id)) ? [] : [{
    id: 'publicSubnets',
    message: 'AWS asks for private subnets: workers reach the internet and other AWS services through a NAT gateway or an endpoint, and not'
      + ' through the internet gateway of a public subnet',
  }];
}

/** The connections with the given security groups, or with a new security group. */
export function createConnections(
  scope: Construct,
  { vpc, securityGroups: groups }: Network,
  applicationName: string,
  removalPolicy?: RemovalPolicy,
): Connections | undefined {
  if (!vpc) { return undefined; }
  if (groups) { return new Connections({ securityGroups: [...groups] }); }
  const group = new SecurityGroup(scope, 'SecurityGroup', {
    vpc,
    description: `Workers of the EMR Serverless application ${applicationName}`,
  });
  // an application that stays cannot start without it
  if (removalPolicy) { group.applyRemovalPolicy(removalPolicy); }
  return new Connections({ securityGroups: [group] });
}

/** Renders each id once. Security groups that are added to the connections later are included. */
export function renderNetwork({ subnets }: Network, connections: Connections): CfnApplication.NetworkConfigurationProperty {
  return {
    subnetIds: [...new Set(subnets.map(({ subnetId }) => subnetId))],
    securityGroupIds: Lazy.list({
      produce: () => [...new Set(connections.securityGroups.map(({ securityGroupId }) => securityGroupId))],
    }),
  };
}

/** Checks the security groups at synthesis, because the app may add them, and rules to them, until then. */
export function validateSecurityGroups(construct: Construct, connections: Connections): void {
  OPENED.announce(construct);
  refuseAtSynthesis(construct, () => {
    const opened = OPENED.resultFor(construct);
    return [
      ...distinctCountProblems('securityGroups', connections.securityGroups, MAX_SECURITY_GROUPS, 'security groups'),
      ...openSecurityGroupProblems(connections.securityGroups, (group) => opened.has(identity(group, group.securityGroupId))),
    ];
  });
}

/**
 * EMR Serverless refuses security groups that allow traffic from the whole world.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/vpc-access.html
 */
function openSecurityGroupProblems(groups: ISecurityGroup[], isOpen: (group: ISecurityGroup) => boolean): Problems {
  return groups.filter(isOpen).map((group) =>
    '`securityGroups` must not allow inbound traffic from everywhere (0.0.0.0/0 or ::/0), because EMR Serverless refuses such a security'
    + ` group, got: ${group.node.path}`);
}

/** Whether a rule within the construct of the security group opens it. */
function opensItself(group: ISecurityGroup): boolean {
  return openedIn(group).has(identity(group, group.securityGroupId));
}

/** The open security groups of a stage. One walk through the stage finds them for all its applications. */
const OPENED = new OnceInASynthesis(openedIn);

/** The security groups that a construct below the scope opens to the whole world. */
function openedIn(scope: IConstruct): Set<string> {
  return new Set(scope.node.findAll().flatMap((construct) => {
    if (CfnSecurityGroupIngress.isCfnSecurityGroupIngress(construct)) {
      return construct.groupId !== undefined && letsInTheWorld(construct) ? [identity(construct, construct.groupId)] : [];
    }
    return CfnSecurityGroup.isCfnSecurityGroup(construct) && ingressRules(construct).some(letsInTheWorld)
      ? [identity(construct, construct.attrGroupId)]
      : [];
  }));
}

/** Identifies a security group of the app by its resource, an imported one by its id, and any other together with its stack. */
function identity(scope: IConstruct, securityGroupId: string): string {
  const resource = referencedBy(scope, securityGroupId).find(CfnSecurityGroup.isCfnSecurityGroup);
  if (resource) { return JSON.stringify(['resource', resource.node.path]); }
  const stack = Stack.of(scope);
  const id = stack.resolve(securityGroupId);
  return JSON.stringify(typeof id === 'string' ? ['id', id] : [stack.node.path, id]);
}

function ingressRules(securityGroup: CfnSecurityGroup): CidrRule[] {
  const rules = Stack.of(securityGroup).resolve(securityGroup.securityGroupIngress);
  return Array.isArray(rules) ? rules : [];
}

interface CidrRule {
  readonly cidrIp?: string;
  readonly cidrIpv6?: string;
}

/** Every CIDR block that ends with `/0` is the whole world. */
function letsInTheWorld({ cidrIp, cidrIpv6 }: CidrRule): boolean {
  return [cidrIp, cidrIpv6].some((cidr) => /\/0+$/.test(String(cidr)));
}
