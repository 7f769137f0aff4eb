import { App, CfnParameter, Fn, NestedStack, Stack } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnSecurityGroupIngress, Peer, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { securityGroupsIn, vpcIn } from './network-parts';
import { SparkEmrServerlessRuntime } from '../../src';
import { lazy, newStack } from '../util';

let app: App;
let stack: Stack;
let vpc: Vpc;

beforeEach(() => {
  stack = newStack();
  app = stack.node.root as App;
  vpc = vpcIn(stack);
});

describe('a security group that lets in the whole world', () => {
  const MESSAGE = '`securityGroups` must not allow inbound traffic from everywhere (0.0.0.0/0 or ::/0), because EMR Serverless refuses such a security group,'
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

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [...securityGroupsIn(vpc, 1), open] })).toThrow(MESSAGE);
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
      '[Stack/Spark] `securityGroups` must not allow inbound traffic from everywhere (0.0.0.0/0 or ::/0), because EMR Serverless refuses such a security group,'
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
    const [group] = securityGroupsIn(vpc, 1);
    open(group);

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [group] });

    expect(() => app.synth()).not.toThrow();
  });

  test('is not one where the first digit of what comes in is 0', () => {
    const [group] = securityGroupsIn(vpc, 1);
    new CfnSecurityGroupIngress(stack, 'Rule', { groupId: group.securityGroupId, ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '10.0.0.0/08' });

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [group] })).not.toThrow();
  });

  test('is not one where another is opened by a rule of its own', () => {
    const [group, open] = securityGroupsIn(vpc, 2);
    new CfnSecurityGroupIngress(stack, 'Rule', { groupId: open.securityGroupId, ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '0.0.0.0/0' });

    expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [group] })).not.toThrow();
  });

  test('is accepted elsewhere in the stack', () => {
    new SecurityGroup(stack, 'LoadBalancer', { vpc }).addIngressRule(Peer.anyIpv4(), Port.tcp(443));

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc });

    expect(() => app.synth()).not.toThrow();
  });
});

test.each(['0.0.0.0/0', '10.0.0.0/0', '0.0.0.0/00'])('a security group that lets in %s is open to the world', (cidr) => {
  const [group] = securityGroupsIn(vpc, 1);
  group.addIngressRule(Peer.ipv4(cidr), Port.tcp(22));

  expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [group] })).toThrow('must not allow inbound traffic from everywhere');
});

describe('a security group that is open to the world', () => {
  test('by a rule that stands elsewhere in its stack is refused at synthesis', () => {
    const [group] = securityGroupsIn(vpc, 1);
    new CfnSecurityGroupIngress(stack, 'Rule', { groupId: group.securityGroupId, ipProtocol: '-1', cidrIp: '0.0.0.0/0' });

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [group] });

    expect(() => app.synth()).toThrow('[Stack/Spark] `securityGroups` must not allow inbound traffic from everywhere');
  });

  test('and made without the construct of aws-cdk-lib is refused at synthesis', () => {
    const group = new CfnSecurityGroup(stack, 'Open', { groupDescription: 'open', securityGroupIngress: [{ ipProtocol: '-1', cidrIpv6: '::/0' }] });
    const imported = SecurityGroup.fromSecurityGroupId(stack, 'Imported', group.attrGroupId);

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [imported] });

    expect(() => app.synth()).toThrow('[Stack/Spark] `securityGroups` must not allow inbound traffic from everywhere');
  });

  test('is refused at a second synthesis where it was opened after the first', () => {
    const [group] = securityGroupsIn(vpc, 1);
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [group] });
    app.synth();

    new CfnSecurityGroupIngress(stack, 'Rule', { groupId: group.securityGroupId, ipProtocol: '-1', cidrIp: '0.0.0.0/0' });

    expect(() => app.synth({ force: true })).toThrow('must not allow inbound traffic from everywhere');
  });

  test('is refused in each application that has it', () => {
    const [group] = securityGroupsIn(vpc, 1);
    ['A', 'B'].forEach((id) => new SparkEmrServerlessRuntime(stack, id, { vpc, securityGroups: [group] }));
    group.addIngressRule(Peer.anyIpv4(), Port.tcp(22));

    expect(() => app.synth()).toThrow(/\[Stack\/A\] `securityGroups` must not(.*\n)+.*\[Stack\/B\] `securityGroups` must not/);
  });

  test('is looked for in one walk through the app, however many applications there are', () => {
    const [group] = securityGroupsIn(vpc, 1);
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

    expect(() => app.synth()).toThrow('must not allow inbound traffic from everywhere');
  });
});

test('a security group of a nested stack with the same logical id is another one', () => {
  const [group] = securityGroupsIn(vpc, 1);
  new SecurityGroup(new NestedStack(stack, 'Nested'), 'Group0', { vpc }).addIngressRule(Peer.anyIpv4(), Port.tcp(443));

  expect(() => new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [group] })).not.toThrow();
});

describe('a security group that another stack opens', () => {
  let other: Stack;

  beforeEach(() => {
    other = new Stack(app, 'Other');
  });

  test('with a rule of its own is refused', () => {
    const [group] = securityGroupsIn(vpc, 1);
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [group] });

    new CfnSecurityGroupIngress(other, 'Rule', { groupId: group.securityGroupId, ipProtocol: '-1', cidrIp: '0.0.0.0/0' });

    expect(() => app.synth()).toThrow('[Stack/Spark] `securityGroups` must not allow inbound traffic from everywhere');
  });

  test('as an import is refused', () => {
    const runtime = new SparkEmrServerlessRuntime(stack, 'Spark', { vpc });

    SecurityGroup.fromSecurityGroupId(other, 'Imported', runtime.connections.securityGroups[0].securityGroupId).addIngressRule(Peer.anyIpv6(), Port.tcp(22));

    expect(() => app.synth()).toThrow('[Stack/Spark] `securityGroups` must not allow inbound traffic from everywhere');
  });

  test('and that the application imports is refused', () => {
    const open = new CfnSecurityGroup(other, 'Open', { groupDescription: 'open', securityGroupIngress: [{ ipProtocol: '-1', cidrIp: '0.0.0.0/0' }] });
    const imported = SecurityGroup.fromSecurityGroupId(stack, 'Imported', open.ref);

    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [imported] });

    expect(() => app.synth()).toThrow('[Stack/Spark] `securityGroups` must not allow inbound traffic from everywhere');
  });

  test.each([
    ['both know its id', 'sg-1', 'sg-1'],
    ['one knows its id, and the other knows it at synthesis', 'sg-1', lazy('sg-1')],
  ])('is refused where %s', (_, here, there) => {
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', here)] });

    SecurityGroup.fromSecurityGroupId(other, 'Group', there).addIngressRule(Peer.anyIpv4(), Port.tcp(22));

    expect(() => app.synth()).toThrow('[Stack/Spark] `securityGroups` must not allow inbound traffic from everywhere');
  });

  test('is none where its id is another one', () => {
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] });

    SecurityGroup.fromSecurityGroupId(other, 'Group', 'sg-2').addIngressRule(Peer.anyIpv4(), Port.tcp(22));

    expect(() => app.synth()).not.toThrow();
  });

  test('is none where parameters of two stacks have the same name', () => {
    const [own, others] = [stack, other].map((scope) => new CfnParameter(scope, 'Group').valueAsString);
    new SparkEmrServerlessRuntime(stack, 'Spark', { vpc, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Imported', own)] });

    SecurityGroup.fromSecurityGroupId(other, 'Imported', others).addIngressRule(Peer.anyIpv4(), Port.tcp(22));

    expect(() => app.synth()).not.toThrow();
  });
});
