import { CfnSecurityGroup, CfnSecurityGroupIngress, ISecurityGroup, SelectedSubnets } from 'aws-cdk-lib/aws-ec2';
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
  if (!items || Token.isUnresolved(items) || (items.length >= 1 && items.length <= max)) { return []; }
  return [`\`${prop}\` must be 1 to ${max} ${what}, got: ${items.length}`];
}

/** One subnet, as far as can be told, is one Availability Zone. */
export function isOneSubnet(subnets: SelectedSubnets): boolean {
  return !subnets.isPendingLookup && !Token.isUnresolved(subnets.subnetIds) && subnets.subnetIds.length === 1;
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

function letsInTheWorld(rule: { cidrIp?: string; cidrIpv6?: string }): boolean {
  return rule.cidrIp === '0.0.0.0/0' || rule.cidrIpv6 === '::/0';
}

