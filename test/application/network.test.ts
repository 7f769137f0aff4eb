import { App, CfnParameter, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ISubnet, Peer, Port, SecurityGroup, Subnet, SubnetFilter, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { securityGroupsIn, vpcIn } from './network-parts';
import { SparkEmrServerlessRuntime } from '../../src';
import { ENV, OTHER_ACCOUNT, application, newStack, onlyResource, warnings } from '../util';

let app: App;
let stack: Stack;
let vpc: Vpc;

beforeEach(() => {
  stack = newStack();
  app = stack.node.root as App;
  vpc = vpcIn(stack);
});

function subnets(count: number): ISubnet[] {
  return Array.from({ length: count }, (_, i) => Subnet.fromSubnetId(stack, `Subnet${i}`, `subnet-${i}`));
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
    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { securityGroups: securityGroupsIn(vpc, 1) }))
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
  const MESSAGE = 'all workers are in one Availability Zone: no job runs while the zone is unavailable or the subnet has no free IP addresses. Give subnets in two or more zones'
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

    Annotations.fromStack(stack).hasWarning('/Stack/Spark', Match.stringLikeRegexp('^all workers are in one Availability Zone'));
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
    const groups = securityGroupsIn(vpc, 2);

    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: groups });

    expect(application(stack).NetworkConfiguration.SecurityGroupIds)
      .toEqual(groups.map(({ securityGroupId }) => stack.resolve(securityGroupId)));
    expect(runtime.connections.securityGroups).toEqual(groups);
    Template.fromStack(stack).resourceCountIs('AWS::EC2::SecurityGroup', 2);
  });

  test.each([1, 2, 4, 5])('may be %d', (count) => {
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: securityGroupsIn(vpc, count) });

    expect(application(stack).NetworkConfiguration.SecurityGroupIds).toHaveLength(count);
  });

  test.each([0, 6, 7])('must not be %d', (count) => {
    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: securityGroupsIn(vpc, count) }))
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
    const [group] = securityGroupsIn(vpc, 1);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [group] });

    runtime.connections.allowFrom(Peer.ipv4('10.0.0.0/16'), Port.tcp(443));

    expect(onlyResource(stack, 'AWS::EC2::SecurityGroup').SecurityGroupIngress).toEqual([expect.objectContaining({ CidrIp: '10.0.0.0/16' })]);
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
    const five = securityGroupsIn(vpc, 5);

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [...five, five[0]] });

    expect(application(stack).NetworkConfiguration.SecurityGroupIds).toHaveLength(5);
  });
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
    const [first, added] = securityGroupsIn(vpc, 2);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [first] });

    runtime.connections.addSecurityGroup(added);

    expect(application(stack).NetworkConfiguration.SecurityGroupIds)
      .toEqual([first, added].map((group) => stack.resolve(group.securityGroupId)));
  });

  test('must not be the sixth', () => {
    const six = securityGroupsIn(vpc, 6);
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: six.slice(0, 5) });

    runtime.connections.addSecurityGroup(six[5]);

    expect(() => app.synth()).toThrow('[Stack/Spark] `securityGroups` must be 1 to 5 security groups, got: 6');
  });
});

describe('the Region and the account', () => {
  const ELSEWHERE = { ...ENV, region: 'us-east-1' };
  let here: Stack;
  let elsewhere: Stack;

  beforeEach(() => {
    here = new Stack(app, 'Here', { env: ENV });
    elsewhere = new Stack(app, 'Elsewhere', { env: ELSEWHERE });
  });

  test('of the VPC: the Region must be that of the application', () => {
    expect(() => new SparkEmrServerlessRuntime(here, 'Spark', { vpc: vpcIn(elsewhere) }))
      .toThrow('`vpc` must belong to the Region of the application, eu-west-1, got: us-east-1 [Here/Spark]');
  });

  test('of the VPC: the Region of an import must be that of the application', () => {
    const imported = Vpc.fromVpcAttributes(here, 'Vpc', {
      vpcId: 'vpc-1', region: 'us-east-1', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-1'],
    });

    expect(() => new SparkEmrServerlessRuntime(here, 'Spark', { vpc: imported }))
      .toThrow('`vpc` must belong to the Region of the application, eu-west-1, got: us-east-1 [Here/Spark]');
  });

  test('of the subnets: the Region must be that of the application', () => {
    const others = [1, 2].map((i) => Subnet.fromSubnetId(elsewhere, `Subnet${i}`, `subnet-${i}`));

    expect(() => new SparkEmrServerlessRuntime(here, 'Spark', { vpc: vpcIn(here), vpcSubnets: { subnets: others } }))
      .toThrow(/^`vpcSubnets` must belong to the Region of the application, eu-west-1, got: us-east-1 \[Here\/Spark\]$/);
  });

  test('of the security groups: the Region must be that of the application', () => {
    expect(() => new SparkEmrServerlessRuntime(here, 'Spark', { vpc: vpcIn(here), securityGroups: securityGroupsIn(vpcIn(elsewhere), 2) }))
      .toThrow(/^`securityGroups` must belong to the Region of the application, eu-west-1, got: us-east-1 \[Here\/Spark\]$/);
  });

  test('of the VPC: another account is warned of', () => {
    const owner = new Stack(app, 'Owner', { env: { ...ENV, account: OTHER_ACCOUNT } });

    new SparkEmrServerlessRuntime(here, 'Spark', { vpc: vpcIn(owner) });

    expect(warnings(here)).toEqual([`\`vpc\` is of account ${OTHER_ACCOUNT}, and the application is of account ${ENV.account}: account ${OTHER_ACCOUNT}`
      + ' must share the subnets with AWS Resource Access Manager [ack: cdk-spark-emr-serverless:vpcOfOtherAccount]']);
  });

  test.each([
    ['is not known', () => stack, () => elsewhere],
    ['of the VPC is not known', () => here, () => stack],
    ['is the same', () => here, () => here],
  ])('may be any one where that of the application %s', (_, ofApplication, ofVpc) => {
    const itsVpc = ofVpc() === stack ? vpc : vpcIn(ofVpc());

    expect(() => new SparkEmrServerlessRuntime(ofApplication(), 'Spark', { vpc: itsVpc, securityGroups: securityGroupsIn(itsVpc, 1) })).not.toThrow();
    expect(warnings(ofApplication())).toEqual([]);
  });

  test('of an imported application\'s security groups may be any, because an import does not tell them', () => {
    const runtime = SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(here, 'Spark', {
      applicationArn: `arn:aws:emr-serverless:us-east-1:${ENV.account}:/applications/00abc123`,
      securityGroups: [SecurityGroup.fromSecurityGroupId(here, 'Group', 'sg-1')],
    });

    expect(runtime.node.validate()).toEqual([]);
  });
});

describe('public subnets', () => {
  const WARNING = 'AWS asks for private subnets: workers reach the internet and other AWS services through a NAT gateway or an endpoint, and not'
    + ' through the internet gateway of a public subnet [ack: cdk-spark-emr-serverless:publicSubnets]';
  const imported = (ids: object) => Vpc.fromVpcAttributes(stack, 'Imported', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], ...ids });

  test('are warned of where the VPC has no others', () => {
    const subnetConfiguration = [{ name: 'Public', subnetType: SubnetType.PUBLIC }];

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc: new Vpc(stack, 'PublicVpc', { subnetConfiguration }) });

    expect(warnings(stack)).toEqual([WARNING]);
  });

  test('are warned of where they were chosen', () => {
    const both = imported({ publicSubnetIds: ['subnet-1', 'subnet-2'], privateSubnetIds: ['subnet-3', 'subnet-4'] });

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc: both, vpcSubnets: { subnetType: SubnetType.PUBLIC } });

    expect(ownWarnings()).toEqual([WARNING]);
  });

  test('are warned of beside private ones, because a job runs in any one of the subnets', () => {
    const both = imported({ publicSubnetIds: ['subnet-1', 'subnet-2'], privateSubnetIds: ['subnet-3', 'subnet-4'] });

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc: both, vpcSubnets: { subnets: [both.publicSubnets[0], both.privateSubnets[0]] } });

    expect(ownWarnings()).toEqual([WARNING]);
  });

  test('are not warned of where none is chosen', () => {
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc: imported({ publicSubnetIds: ['subnet-1', 'subnet-2'], privateSubnetIds: ['subnet-3', 'subnet-4'] }) });

    expect(ownWarnings()).toEqual([]);
  });

  test('are not warned of where the list is a token', () => {
    new SparkEmrServerlessRuntime(stack, 'Spark', {
      vpc: imported({ publicSubnetIds: Fn.split(',', Fn.importValue('subnets')), availabilityZones: Fn.split(',', Fn.importValue('zones')) }),
    });

    expect(ownWarnings()).toEqual([]);
  });
});

describe('the removal policy', () => {
  test.each([
    [RemovalPolicy.RETAIN, 'Retain', 'Retain'],
    [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RetainExceptOnCreate', 'Retain'],
    [RemovalPolicy.DESTROY, 'Delete', 'Delete'],
  ])('%s is that of the new security group, too', (removalPolicy, deletion, replacement) => {
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, removalPolicy });

    Template.fromStack(stack).hasResource('AWS::EC2::SecurityGroup', { DeletionPolicy: deletion, UpdateReplacePolicy: replacement });
  });

  test('is not that of a given security group', () => {
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: securityGroupsIn(vpc, 1), removalPolicy: RemovalPolicy.RETAIN });

    Template.fromStack(stack).hasResource('AWS::EC2::SecurityGroup', { DeletionPolicy: Match.absent() });
  });

  test('is the one of CloudFormation where none is given', () => {
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc });

    Template.fromStack(stack).hasResource('AWS::EC2::SecurityGroup', { DeletionPolicy: Match.absent() });
  });
});
