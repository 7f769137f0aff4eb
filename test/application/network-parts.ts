import { Stack } from 'aws-cdk-lib';
import { IpAddresses, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';

/** A VPC with private subnets only, in two Availability Zones. */
export function vpcIn(stack: Stack): Vpc {
  return new Vpc(stack, 'Vpc', {
    ipAddresses: IpAddresses.cidr('10.0.0.0/16'),
    natGateways: 0,
    subnetConfiguration: [
      { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      { name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED },
    ],
  });
}

export function securityGroupsIn(vpc: Vpc, count: number): SecurityGroup[] {
  return Array.from({ length: count }, (_, i) => new SecurityGroup(Stack.of(vpc), `Group${i}`, { vpc }));
}
