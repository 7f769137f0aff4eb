import { App, CfnParameter, Fn, NestedStack, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  CfnSecurityGroup, CfnSecurityGroupIngress, ISubnet, IpAddresses, Peer, Port, SecurityGroup, Subnet, SubnetFilter, SubnetType, Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { SparkEmrServerlessRuntime } from '../../src';
import { application, ENV, newStack, onlyResource, warnings } from '../util';

let app: App;
let stack: Stack;
let vpc: Vpc;

beforeEach(() => {
  stack = newStack();
  app = stack.node.root as App;
  vpc = new Vpc(stack, 'Vpc', {
    ipAddresses: IpAddresses.cidr('10.0.0.0/16'),
    natGateways: 0,
    subnetConfiguration: [
      { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      { name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED },
    ],
  });
});

function subnets(count: number): ISubnet[] {
  return Array.from({ length: count }, (_, i) => Subnet.fromSubnetId(stack, `Subnet${i}`, `subnet-${i}`));
}

function securityGroups(count: number): SecurityGroup[] {
  return Array.from({ length: count }, (_, i) => new SecurityGroup(stack, `Group${i}`, { vpc }));
}

/** The warnings of the library itself: aws-cdk-lib warns of imported subnets. */
function ownWarnings(): string[] {
  return warnings(stack).filter((warning) => warning.includes('cdk-spark-emr-serverless:'));
}

describe('an application without a VPC', () => {
  test('has no network', () => {
    const alone = newStack();

    new SparkEmrServerlessRuntime(alone, 'Spark');

    expect(application(alone)).not.toHaveProperty('NetworkConfiguration');
  });

  test('creates neither security groups nor subnets', () => {
    const alone = newStack();

    new SparkEmrServerlessRuntime(alone, 'Spark');

    Template.fromStack(alone).resourceCountIs('AWS::EC2::SecurityGroup', 0);
    Template.fromStack(alone).resourceCountIs('AWS::EC2::Subnet', 0);
  });

  test('has no connections, and says which prop makes some', () => {
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark');

    expect(() => runtime.connections).toThrow('`connections` needs a VPC: give the application a `vpc` [Stack/Spark]');
  });

  test('reads back without subnets', () => {
    expect(new SparkEmrServerlessRuntime(stack, 'Spark').subnets).toEqual([]);
  });

  test('must not have a choice of subnets', () => {
    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } }))
      .toThrow('`vpcSubnets` must not be given without `vpc` [Stack/Spark]');
  });

  test('must not have security groups', () => {
    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { securityGroups: securityGroups(1) }))
      .toThrow('`securityGroups` must not be given without `vpc` [Stack/Spark]');
  });

  test('must not have an empty list of security groups', () => {
    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { securityGroups: [] }))
      .toThrow('`securityGroups` must not be given without `vpc` [Stack/Spark]');
  });
});

describe('the subnets', () => {
  test('are the private ones of the VPC', () => {
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { vpc });

    expect(application(stack).NetworkConfiguration.SubnetIds).toEqual(vpc.privateSubnets.map(({ subnetId }) => stack.resolve(subnetId)));
    expect(runtime.subnets).toEqual(vpc.privateSubnets);
  });

  test('are those that were chosen', () => {
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } });

    expect(application(stack).NetworkConfiguration.SubnetIds).toEqual(vpc.isolatedSubnets.map(({ subnetId }) => stack.resolve(subnetId)));
    expect(runtime.subnets).toEqual(vpc.isolatedSubnets);
  });

  test('read back as a copy', () => {
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { vpc });

    runtime.subnets.pop();

    expect(runtime.subnets).toHaveLength(2);
  });

  test.each([1, 2, 15, 16])('may be %d', (count) => {
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, vpcSubnets: { subnets: subnets(count) } });

    expect(application(stack).NetworkConfiguration.SubnetIds).toHaveLength(count);
  });

  test.each([0, 17, 20])('must not be %d', (count) => {
    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, vpcSubnets: { subnets: subnets(count) } }))
      .toThrow(`\`vpcSubnets\` must be 1 to 16 subnets, got: ${count} [Stack/Spark]`);
  });

  test('may be of another stack', () => {
    const jobs = new Stack(app, 'Jobs');

    new SparkEmrServerlessRuntime(jobs, 'Spark', { vpc });

    expect(application(jobs).NetworkConfiguration.SubnetIds).toEqual([
      { 'Fn::ImportValue': expect.stringContaining('VpcPrivateSubnet1') },
      { 'Fn::ImportValue': expect.stringContaining('VpcPrivateSubnet2') },
    ]);
  });
});

describe('the VPC', () => {
  test('may be imported with a list of subnets that is a token', () => {
    const imported = Vpc.fromVpcAttributes(stack, 'Imported', {
      vpcId: Fn.importValue('vpc'),
      availabilityZones: Fn.split(',', Fn.importValue('zones')),
      privateSubnetIds: Fn.split(',', Fn.importValue('subnets')),
    });

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc: imported });

    expect(application(stack).NetworkConfiguration.SubnetIds).toEqual({ 'Fn::Split': [',', { 'Fn::ImportValue': 'subnets' }] });
  });

  test('may be imported with subnets of which each is a token', () => {
    const imported = Vpc.fromVpcAttributes(stack, 'Imported', {
      vpcId: 'vpc-1',
      availabilityZones: ['a', 'b'],
      privateSubnetIds: [new CfnParameter(stack, 'One').valueAsString, new CfnParameter(stack, 'Other').valueAsString],
    });

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc: imported });

    expect(application(stack).NetworkConfiguration.SubnetIds).toEqual([{ Ref: 'One' }, { Ref: 'Other' }]);
  });

  test('may be one that is still to be looked up', () => {
    const known = newStack(ENV);

    new SparkEmrServerlessRuntime(known, 'Spark', { vpc: Vpc.fromLookup(known, 'Vpc', { isDefault: true }) });

    expect(application(known).NetworkConfiguration.SubnetIds).toEqual(['p-12345', 'p-67890']);
  });
});

describe('one subnet', () => {
  const MESSAGE = 'one subnet is one Availability Zone: no job runs while it is unavailable or out of addresses. Give subnets in two or more'
    + ' [ack: cdk-spark-emr-serverless:oneSubnet]';

  test('is warned of', () => {
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, vpcSubnets: { subnets: subnets(1) } });

    expect(ownWarnings()).toEqual([MESSAGE]);
  });

  test('is warned of where the VPC has no more', () => {
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc: new Vpc(stack, 'Small', { maxAzs: 1, natGateways: 0 }) });

    expect(ownWarnings()).toEqual([MESSAGE]);
  });

  test('is warned of at the application', () => {
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, vpcSubnets: { subnets: subnets(1) } });

    Annotations.fromStack(stack).hasWarning('/Stack/Spark', Match.stringLikeRegexp('^one subnet is one Availability Zone'));
  });

  test('is warned of where its id is a token', () => {
    const subnet = Subnet.fromSubnetId(stack, 'Subnet', new CfnParameter(stack, 'Id').valueAsString);

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, vpcSubnets: { subnets: [subnet] } });

    expect(ownWarnings()).toEqual([MESSAGE]);
  });

  test('is not warned of where there are two', () => {
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc });

    expect(ownWarnings()).toEqual([]);
  });

  test('is not warned of where a token may hold more', () => {
    const imported = Vpc.fromVpcAttributes(stack, 'Imported', {
      vpcId: 'vpc-1',
      availabilityZones: Fn.split(',', Fn.importValue('zones')),
      privateSubnetIds: Fn.split(',', Fn.importValue('subnets')),
    });

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc: imported });

    expect(ownWarnings()).toEqual([]);
  });

  test('is not warned of while the VPC is still to be looked up', () => {
    const known = newStack(ENV);
    const lookedUp = Vpc.fromLookup(known, 'Vpc', { isDefault: true });

    new SparkEmrServerlessRuntime(known, 'Spark', { vpc: lookedUp, vpcSubnets: { availabilityZones: ['dummy1a'] } });

    expect(warnings(known)).toEqual([]);
  });
});

describe('the security groups', () => {
  test('are a new one by default', () => {
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { vpc });

    const [securityGroup, ...more] = runtime.connections.securityGroups;
    expect(more).toEqual([]);
    expect(application(stack).NetworkConfiguration.SecurityGroupIds).toEqual([stack.resolve(securityGroup.securityGroupId)]);
  });

  test('are by default one that lets nothing in and everything out', () => {
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, name: 'jobs' });

    expect(onlyResource(stack, 'AWS::EC2::SecurityGroup')).toEqual({
      GroupDescription: 'Workers of the EMR Serverless application jobs',
      SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0', Description: expect.any(String), IpProtocol: '-1' }],
      VpcId: stack.resolve(vpc.vpcId),
    });
  });

  test('are those that were given, and no other', () => {
    const groups = securityGroups(2);

    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: groups });

    expect(application(stack).NetworkConfiguration.SecurityGroupIds)
      .toEqual(groups.map(({ securityGroupId }) => stack.resolve(securityGroupId)));
    expect(runtime.connections.securityGroups).toEqual(groups);
    Template.fromStack(stack).resourceCountIs('AWS::EC2::SecurityGroup', 2);
  });

  test.each([1, 2, 4, 5])('may be %d', (count) => {
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: securityGroups(count) });

    expect(application(stack).NetworkConfiguration.SecurityGroupIds).toHaveLength(count);
  });

  test.each([0, 6, 7])('must not be %d', (count) => {
    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: securityGroups(count) }))
      .toThrow(`\`securityGroups\` must be 1 to 5 security groups, got: ${count} [Stack/Spark]`);
  });

  test('may be imported by a token', () => {
    const securityGroup = SecurityGroup.fromSecurityGroupId(stack, 'Group', new CfnParameter(stack, 'Id').valueAsString);

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [securityGroup] });

    expect(application(stack).NetworkConfiguration.SecurityGroupIds).toEqual([{ Ref: 'Id' }]);
  });
});

describe('the connections', () => {
  test('let the jobs reach others', () => {
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { vpc });
    const database = new SecurityGroup(stack, 'Database', { vpc });

    runtime.connections.allowTo(database, Port.tcp(5432), 'queries');

    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: stack.resolve(database.securityGroupId),
      SourceSecurityGroupId: stack.resolve(runtime.connections.securityGroups[0].securityGroupId),
      FromPort: 5432,
      ToPort: 5432,
    });
  });

  test('let others reach the jobs', () => {
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { vpc });
    const client = new SecurityGroup(stack, 'Client', { vpc });

    client.connections.allowTo(runtime, Port.tcp(443));

    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: stack.resolve(runtime.connections.securityGroups[0].securityGroupId),
      SourceSecurityGroupId: stack.resolve(client.securityGroupId),
    });
  });

  test('work on the security groups that were given', () => {
    const [group] = securityGroups(1);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [group] });

    runtime.connections.allowFrom(Peer.ipv4('10.0.0.0/16'), Port.tcp(443));

    expect(onlyResource(stack, 'AWS::EC2::SecurityGroup').SecurityGroupIngress).toEqual([expect.objectContaining({ CidrIp: '10.0.0.0/16' })]);
  });
});

describe('a security group that lets in the whole world', () => {
  const MESSAGE = '`securityGroups` must not let in the whole world (0.0.0.0/0 or ::/0), EMR Serverless refuses such a security group,'
    + ' got: Stack/Open';

  const worlds = [
    ['0.0.0.0/0', Peer.anyIpv4()],
    ['::/0', Peer.anyIpv6()],
    ['0.0.0.0/0 as a range', Peer.ipv4('0.0.0.0/0')],
    ['::/0 as a range', Peer.ipv6('::/0')],
  ] as const;

  test.each(worlds)('is refused: %s', (_, world) => {
    const open = new SecurityGroup(stack, 'Open', { vpc });
    open.addIngressRule(world, Port.tcp(22));

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [open] })).toThrow(`${MESSAGE} [Stack/Spark]`);
  });

  test.each(worlds)('is refused where its rules are resources of their own: %s', (_, world) => {
    const open = new SecurityGroup(stack, 'Open', { vpc, disableInlineRules: true });
    open.addIngressRule(world, Port.tcp(22));

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [open] })).toThrow(`${MESSAGE} [Stack/Spark]`);
  });

  test('is refused where it was imported and opened here', () => {
    const open = SecurityGroup.fromSecurityGroupId(stack, 'Open', 'sg-1');
    open.addIngressRule(Peer.anyIpv4(), Port.tcp(22));

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [open] })).toThrow(`${MESSAGE} [Stack/Spark]`);
  });

  test('is refused where a later one is it', () => {
    const open = new SecurityGroup(stack, 'Open', { vpc });
    open.addIngressRule(Peer.ipv4('10.0.0.0/8'), Port.tcp(22));
    open.addIngressRule(Peer.anyIpv4(), Port.allTraffic());

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [...securityGroups(1), open] })).toThrow(MESSAGE);
  });

  test('is refused at synthesis where it was opened afterwards', () => {
    const open = new SecurityGroup(stack, 'Open', { vpc });
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [open] });

    open.connections.allowFromAnyIpv4(Port.tcp(22));

    expect(() => app.synth()).toThrow(`[Stack/Spark] ${MESSAGE}`);
  });

  test.each(worlds)('is refused at synthesis where it is the application\'s own: %s', (_, world) => {
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { vpc });

    runtime.connections.allowFrom(world, Port.tcp(22));

    expect(() => app.synth()).toThrow(
      '[Stack/Spark] `securityGroups` must not let in the whole world (0.0.0.0/0 or ::/0), EMR Serverless refuses such a security group,'
      + ' got: Stack/Spark/SecurityGroup');
  });

  test.each([
    ['a part of the world comes in', (group: SecurityGroup) => group.addIngressRule(Peer.ipv4('10.0.0.0/8'), Port.tcp(22))],
    ['a part of the IPv6 world comes in', (group: SecurityGroup) => group.addIngressRule(Peer.ipv6('2001:db8::/32'), Port.tcp(22))],
    ['a prefix list comes in', (group: SecurityGroup) => group.addIngressRule(Peer.prefixList('pl-1'), Port.tcp(22))],
    ['a security group comes in', (group: SecurityGroup) => group.addIngressRule(group, Port.allTraffic())],
    ['everything goes out', (group: SecurityGroup) => group.connections.allowToAnyIpv4(Port.allTraffic())],
    ['a token comes in', (group: SecurityGroup) => group.addIngressRule(Peer.ipv4(Fn.importValue('cidr')), Port.tcp(22))],
  ])('is not one where %s', (_, open) => {
    const [group] = securityGroups(1);
    open(group);

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [group] });

    expect(() => app.synth()).not.toThrow();
  });

  test('is not one where the first digit of what comes in is 0', () => {
    const [group] = securityGroups(1);
    new CfnSecurityGroupIngress(stack, 'Rule', { groupId: group.securityGroupId, ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '10.0.0.0/08' });

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [group] })).not.toThrow();
  });

  test('is not one where another is opened by a rule of its own', () => {
    const [group, open] = securityGroups(2);
    new CfnSecurityGroupIngress(stack, 'Rule', { groupId: open.securityGroupId, ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '0.0.0.0/0' });

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [group] })).not.toThrow();
  });

  test('is accepted elsewhere in the stack', () => {
    new SecurityGroup(stack, 'LoadBalancer', { vpc }).addIngressRule(Peer.anyIpv4(), Port.tcp(443));

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc });

    expect(() => app.synth()).not.toThrow();
  });
});

describe('what is given twice', () => {
  test('is one subnet, and one subnet is warned of', () => {
    const [subnet] = subnets(1);

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, vpcSubnets: { subnets: [subnet, subnet] } });

    expect(application(stack).NetworkConfiguration.SubnetIds).toEqual(['subnet-0']);
    expect(ownWarnings()).toEqual([expect.stringContaining('cdk-spark-emr-serverless:oneSubnet')]);
  });

  test('is one security group, and does not count towards the limit', () => {
    const five = securityGroups(5);

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [...five, five[0]] });

    expect(application(stack).NetworkConfiguration.SecurityGroupIds).toHaveLength(5);
  });
});

test.each(['0.0.0.0/0', '10.0.0.0/0', '0.0.0.0/00'])('a security group that lets in %s is open to the world', (cidr) => {
  const [group] = securityGroups(1);
  group.addIngressRule(Peer.ipv4(cidr), Port.tcp(22));

  expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [group] })).toThrow('must not let in the whole world');
});

test('subnets that the VPC does not have are refused with the prop and what it has', () => {
  expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { name: '', vpc, vpcSubnets: { subnetType: SubnetType.PUBLIC } }))
    .toThrow(/^2 problems in \[Stack\/Spark\]:\n {2}- `name` .*\n {2}- `vpcSubnets` must be subnets that the `vpc` has: There are no 'Public' subnet groups/);
});

describe('a VPC that is still to be looked up', () => {
  test.each([
    ['a subnet group', { subnetGroupName: 'App' }],
    ['Availability Zones', { availabilityZones: ['eu-west-1a'] }],
    ['filters', { subnetFilters: [SubnetFilter.byIds(['subnet-1'])] }],
  ])('is not refused for the subnets of %s that it does not have yet', (_, vpcSubnets) => {
    const known = newStack(ENV);

    new SparkEmrServerlessRuntime(known, 'Spark', { vpc: Vpc.fromLookup(known, 'Vpc', { vpcId: 'vpc-1' }), vpcSubnets });

    expect((known.node.root as App).synth().manifest.missing).toEqual([expect.objectContaining({ provider: 'vpc-provider' })]);
  });
});

describe('a security group that is added to the connections', () => {
  test('is one of the application', () => {
    const [first, added] = securityGroups(2);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [first] });

    runtime.connections.addSecurityGroup(added);

    expect(application(stack).NetworkConfiguration.SecurityGroupIds)
      .toEqual([first, added].map((group) => stack.resolve(group.securityGroupId)));
  });

  test('must not be the sixth', () => {
    const six = securityGroups(6);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: six.slice(0, 5) });

    runtime.connections.addSecurityGroup(six[5]);

    expect(() => app.synth()).toThrow('[Stack/Spark] `securityGroups` must be 1 to 5 security groups, got: 6');
  });
});

describe('a security group that is open to the world', () => {
  test('by a rule that stands elsewhere in its stack is refused at synthesis', () => {
    const [group] = securityGroups(1);
    new CfnSecurityGroupIngress(stack, 'Rule', { groupId: group.securityGroupId, ipProtocol: '-1', cidrIp: '0.0.0.0/0' });

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [group] });

    expect(() => app.synth()).toThrow('[Stack/Spark] `securityGroups` must not let in the whole world');
  });

  test('and made without the construct of aws-cdk-lib is refused at synthesis', () => {
    const group = new CfnSecurityGroup(stack, 'Open', { groupDescription: 'open', securityGroupIngress: [{ ipProtocol: '-1', cidrIpv6: '::/0' }] });
    const imported = SecurityGroup.fromSecurityGroupId(stack, 'Imported', group.attrGroupId);

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [imported] });

    expect(() => app.synth()).toThrow('[Stack/Spark] `securityGroups` must not let in the whole world');
  });

  test('is refused at a second synthesis where it was opened after the first', () => {
    const [group] = securityGroups(1);
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [group] });
    app.synth();

    new CfnSecurityGroupIngress(stack, 'Rule', { groupId: group.securityGroupId, ipProtocol: '-1', cidrIp: '0.0.0.0/0' });

    expect(() => app.synth({ force: true })).toThrow('must not let in the whole world');
  });

  test('is refused in each application that has it', () => {
    const [group] = securityGroups(1);
    ['A', 'B'].forEach((id) => new SparkEmrServerlessRuntime(stack, id, { vpc, securityGroups: [group] }));
    group.addIngressRule(Peer.anyIpv4(), Port.tcp(22));

    expect(() => app.synth()).toThrow(/\[Stack\/A\] `securityGroups` must not(.*\n)+.*\[Stack\/B\] `securityGroups` must not/);
  });

  test('is looked for in one walk through the app, however many applications there are', () => {
    const [group] = securityGroups(1);
    const walk = jest.spyOn(app.node, 'findAll');
    Array.from({ length: 5 }, (_, i) => new SparkEmrServerlessRuntime(stack, `Spark${i}`, { vpc, securityGroups: [group] }));
    const walkOfStack = jest.spyOn(stack.node, 'findAll');
    const before = walk.mock.calls.length;

    new SparkEmrServerlessRuntime(stack, 'Last', { vpc, securityGroups: [group] });
    expect([walk.mock.calls.length - before, walkOfStack.mock.calls.length]).toEqual([0, 0]);

    stack.node.children.forEach((child) => child.node.validate());
    expect(walk.mock.calls.length - before).toBe(1);
  });

  test('on an imported application is refused', () => {
    const runtime = SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(stack, 'Imported', {
      applicationId: '00abc123',
      securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')],
    });

    runtime.connections.allowFromAnyIpv4(Port.tcp(22));

    expect(() => app.synth()).toThrow('must not let in the whole world');
  });
});

test('a security group of a nested stack with the same logical id is another one', () => {
  const [group] = securityGroups(1);
  new SecurityGroup(new NestedStack(stack, 'Nested'), 'Group0', { vpc }).addIngressRule(Peer.anyIpv4(), Port.tcp(443));

  expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [group] })).not.toThrow();
});
