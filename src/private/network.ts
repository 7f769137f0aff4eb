import { CfnSecurityGroup, CfnSecurityGroupIngress, ISecurityGroup, ISubnet, SelectedSubnets } from 'aws-cdk-lib/aws-ec2';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Stack, Token } from 'aws-cdk-lib/core';
import { Problems } from './checks';
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
    ...countProblems('vpcSubnets', vpc.selectSubnets(vpcSubnets).subnetIds, MAX_SUBNETS, 'subnets'),
    ...countProblems('securityGroups', securityGroups, MAX_SECURITY_GROUPS, 'security groups'),
    ...openSecurityGroupProblems(securityGroups ?? []),
  ];
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

/** AWS wants each of them once. */
export function renderNetwork(subnets: ISubnet[], securityGroups: ISecurityGroup[]): CfnApplication.NetworkConfigurationProperty {
  return {
    subnetIds: [...new Set(subnets.map(({ subnetId }) => subnetId))],
    securityGroupIds: [...new Set(securityGroups.map(({ securityGroupId }) => securityGroupId))],
  };
}

/**
 * Security groups of this app that let the whole world in, which EMR Serverless refuses.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/vpc-access.html
 */
export function openSecurityGroupProblems(securityGroups: ISecurityGroup[]): Problems {
  return securityGroups.filter(isOpenToTheWorld).map((securityGroup) =>
    '`securityGroups` must not let in the whole world (0.0.0.0/0 or ::/0), EMR Serverless refuses such a security group,'
    + ` got: ${securityGroup.node.path}`);
}

function isOpenToTheWorld(securityGroup: ISecurityGroup): boolean {
  return securityGroup.node.findAll().some((construct) => {
    if (CfnSecurityGroup.isCfnSecurityGroup(construct)) {
      const rules = Stack.of(construct).resolve(construct.securityGroupIngress);
      return Array.isArray(rules) && rules.some(letsInTheWorld);
    }
    return CfnSecurityGroupIngress.isCfnSecurityGroupIngress(construct) && letsInTheWorld(construct);
  });
}

/** A network of no bits, however it is written, is the whole world. */
function letsInTheWorld({ cidrIp, cidrIpv6 }: { cidrIp?: string; cidrIpv6?: string }): boolean {
  return [cidrIp, cidrIpv6].some((cidr) => typeof cidr === 'string' && /\/0+$/.test(cidr));
}

