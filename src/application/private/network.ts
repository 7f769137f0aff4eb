import { CfnSecurityGroup, CfnSecurityGroupIngress, Connections, ISecurityGroup, ISubnet, IVpc, SelectedSubnets, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Lazy, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Problems } from '../../private/checks';
import { SparkEmrServerlessRuntimeProps } from '../spark-emr-serverless-runtime';

type NetworkProps = Pick<SparkEmrServerlessRuntimeProps, 'vpc' | 'vpcSubnets' | 'securityGroups'>;

const MAX_SUBNETS = 16;
const MAX_SECURITY_GROUPS = 5;

export function networkProblems({ vpc, vpcSubnets, securityGroups }: NetworkProps): Problems {
  if (!vpc) {
    return Object.entries({ vpcSubnets, securityGroups })
      .filter(([, value]) => value !== undefined)
      .map(([prop]) => `\`${prop}\` must not be given without \`vpc\``);
  }
  return [
    ...subnetProblems(vpc, vpcSubnets),
    ...countProblems('securityGroups', securityGroups, MAX_SECURITY_GROUPS, 'security groups'),
    ...openSecurityGroupProblems(securityGroups ?? []),
  ];
}

function subnetProblems(vpc: IVpc, vpcSubnets: SubnetSelection | undefined): Problems {
  try {
    const { subnetIds, isPendingLookup } = vpc.selectSubnets(vpcSubnets);
    // a VPC that has yet to be looked up has other subnets now than later, or none
    return isPendingLookup ? [] : countProblems('vpcSubnets', subnetIds, MAX_SUBNETS, 'subnets');
  } catch (error) {
    return [`\`vpcSubnets\` must be subnets that the \`vpc\` has: ${(error as Error).message}`];
  }
}

function countProblems(prop: string, items: unknown[] | undefined, max: number, what: string): Problems {
  const count = new Set(items).size;
  if (!items || Token.isUnresolved(items) || (count >= 1 && count <= max)) { return []; }
  return [`\`${prop}\` must be 1 to ${max} ${what}, got: ${count}`];
}

/** One subnet, as far as can be told, is one Availability Zone. */
export function isOneSubnet(subnets: SelectedSubnets): boolean {
  return !subnets.isPendingLookup && !Token.isUnresolved(subnets.subnetIds) && new Set(subnets.subnetIds).size === 1;
}

/** Each of them once, and the security groups that are added to the connections later as well. */
export function renderNetwork(subnets: ISubnet[], connections: Connections): CfnApplication.NetworkConfigurationProperty {
  return {
    subnetIds: [...new Set(subnets.map(({ subnetId }) => subnetId))],
    securityGroupIds: Lazy.list({
      produce: () => [...new Set(connections.securityGroups.map(({ securityGroupId }) => securityGroupId))],
    }),
  };
}

/** Security groups may be added, and opened, at any time before the template is rendered. */
export function validateSecurityGroups(construct: Construct, connections: Connections): void {
  construct.node.addValidation({
    validate: () => [
      ...countProblems('securityGroups', connections.securityGroups, MAX_SECURITY_GROUPS, 'security groups'),
      ...openSecurityGroupProblems(connections.securityGroups),
    ],
  });
}

/**
 * Security groups of this app that let the whole world in, which EMR Serverless refuses.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/vpc-access.html
 */
function openSecurityGroupProblems(securityGroups: ISecurityGroup[]): Problems {
  return securityGroups.filter(isOpenToTheWorld).map((securityGroup) =>
    '`securityGroups` must not let in the whole world (0.0.0.0/0 or ::/0), EMR Serverless refuses such a security group,'
    + ` got: ${securityGroup.node.path}`);
}

/** Its own rules, and those that others of its stack add to it by its id. */
function isOpenToTheWorld(securityGroup: ISecurityGroup): boolean {
  const stack = Stack.of(securityGroup);
  const id = JSON.stringify(stack.resolve(securityGroup.securityGroupId));
  // a nested stack has logical ids of its own
  return stack.node.findAll().filter((construct) => Stack.of(construct) === stack).some((construct) => {
    if (CfnSecurityGroupIngress.isCfnSecurityGroupIngress(construct)) {
      return JSON.stringify(stack.resolve(construct.groupId)) === id && letsInTheWorld(construct);
    }
    return CfnSecurityGroup.isCfnSecurityGroup(construct) && JSON.stringify(stack.resolve(construct.attrGroupId)) === id
      && ingressRules(construct).some(letsInTheWorld);
  });
}

function ingressRules(securityGroup: CfnSecurityGroup): CidrRule[] {
  const rules = Stack.of(securityGroup).resolve(securityGroup.securityGroupIngress);
  return Array.isArray(rules) ? rules : [];
}

interface CidrRule {
  readonly cidrIp?: string;
  readonly cidrIpv6?: string;
}

/** A network of no bits, however it is written, is the whole world. */
function letsInTheWorld({ cidrIp, cidrIpv6 }: CidrRule): boolean {
  return [cidrIp, cidrIpv6].some((cidr) => /\/0+$/.test(String(cidr)));
}
