import { Grantee } from './applications';
import { Place, Policy } from './deployment';
import { Answer, Cell } from './iam';
import { actionsOn } from './iam-reference';
import { AskedThing } from './log-destinations';
import { ACTIONS, Level, PASS_ROLE, QUEUE, RULE, SCHEDULE_TRUST, TRUST } from './permissions';

export const OTHER_ACCOUNT = '444455556666';

/** This application and those that it must not be taken for. */
export function applications(applicationArn: string): { readonly [which: string]: string } {
  const [arn, partition, service, region, account, resource] = applicationArn.split(':');
  const at = (otherRegion: string, otherAccount: string) => [arn, partition, service, otherRegion, otherAccount, resource].join(':');
  return {
    'this application': applicationArn,
    'another application': applicationArn.replace(/[^/]+$/, '00ff0123456789ab'),
    'an application whose id starts with this one\'s': `${applicationArn}0`,
    'an application whose id this one\'s starts with': applicationArn.slice(0, -1),
    'the same id in another Region': at(`${region.slice(0, -1)}9`, account),
    'the same id in another account': at(region, OTHER_ACCOUNT),
  };
}

const UNDER: { readonly [level in Level]: string } = { application: '', jobRun: '/jobruns/00job0123456789', session: '/sessions/00session012345' };

/**
 * Every action of EMR Serverless on every application, its job runs and its sessions; `allowed` are those on this application. Each is
 * asked only about what IAM checks it against: about anything else IAM is never asked.
 */
export function applicationCells(
  grantee: Grantee, applicationArn: string, allowed: { readonly [level in Level]?: readonly string[] },
): Cell[] {
  return Object.entries(ACTIONS).flatMap(([name, levels]) => {
    const action = `emr-serverless:${name}`;
    if (levels.length === 0) { return [cell(grantee, action, '*', '*', 'denied')]; }
    return levels.flatMap((level) => Object.entries(applications(applicationArn)).map(([which, arn]) => {
      const what = level === 'application' ? which : `a ${level} of ${which}`;
      const expected = which === 'this application' && allowed[level]?.includes(name) ? 'allowed' : 'denied';
      return cell(native(grantee, arn), action, arn + UNDER[level], what, expected);
    }));
  });
}

/** Each role to each service. */
export function passRoleCells(grantee: Grantee, executionRoleArn: string, passes: boolean): Cell[] {
  const [path, name] = [executionRoleArn.slice(0, executionRoleArn.lastIndexOf('/')), executionRoleArn.slice(executionRoleArn.lastIndexOf('/') + 1)];
  const [, partition, , , account] = executionRoleArn.split(':');
  const arns: { readonly [role: string]: string } = {
    'the execution role': executionRoleArn,
    'another role': `arn:${partition}:iam::${account}:role/Admin`,
    'a role whose name starts with its name': `${executionRoleArn}2`,
    'a role of its name under a path': `${path}/team/${name}`,
    'a role of its name in another account': executionRoleArn.replace(account, OTHER_ACCOUNT),
  };
  return PASS_ROLE.roles.flatMap((role) => PASS_ROLE.services.map((service) => {
    const allowed = passes && role === PASS_ROLE.allowed.role && service === PASS_ROLE.allowed.service;
    const context: Record<string, string> = service === 'no service named' ? {} : { 'iam:PassedToService': service };
    const arn = known(arns, role);
    return cell(native(grantee, arn), 'iam:PassRole', arn, `${role} to ${service}`, allowed ? 'allowed' : 'denied', context);
  }));
}

/** Who assumes an execution role, on whose behalf. */
export function assumeRoleCells(trust: Policy, roleArn: string, applicationArn: string, action = 'sts:AssumeRole'): Cell[] {
  const sources = Object.fromEntries(Object.entries(applications(applicationArn))
    .flatMap(([which, arn]) => [[which, arn], [`a job run of ${which}`, arn + UNDER.jobRun], [`a session of ${which}`, arn + UNDER.session]]));
  return trustCells(TRUST, trust, roleArn, applicationArn, sources, action);
}

/** Who assumes the role of a schedule, on whose behalf. */
export function assumeScheduleRoleCells(trust: Policy, roleArn: string, groupArn: string): Cell[] {
  return trustCells(SCHEDULE_TRUST, trust, roleArn, groupArn, {
    'its group': groupArn,
    'another group': groupArn.replace(/[^/]+$/, 'other'),
    'a group whose name starts with its name': `${groupArn}2`,
    'a group of its name in another account': groupArn.replace(/:\d{12}:/, `:${OTHER_ACCOUNT}:`),
  });
}

/** Who assumes a role, on behalf of which source; "its account" is that of the source's own. */
function trustCells(
  rows: typeof TRUST, trust: Policy, roleArn: string, sourceArn: string, sources: { readonly [which: string]: string }, action = 'sts:AssumeRole',
): Cell[] {
  const [, partition, , , account] = roleArn.split(':');
  const [, , , , accountOfSource] = sourceArn.split(':');
  const everyRole: Policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] };
  const accounts: { readonly [sourceAccount: string]: string } = { 'its account': accountOfSource, 'another account': OTHER_ACCOUNT };

  return rows.map(({ by, source, sourceAccount, expected }) => ({
    what: `${action} by ${by}, source ${source}, source account ${sourceAccount}`,
    question: {
      ...by.endsWith('.amazonaws.com') ? { principal: by } : {
        principal: `arn:${partition}:iam::${account}:role/Admin`,
        identityPolicies: [{ name: 'EveryRole', policy: everyRole }],
      },
      action,
      resource: roleArn,
      resourcePolicy: trust,
      context: {
        ...source === 'not said' ? {} : { 'aws:SourceArn': known(sources, source) },
        ...sourceAccount === 'not said' ? {} : { 'aws:SourceAccount': known(accounts, sourceAccount) },
      },
    },
    expected,
  }));
}

/** What Step Functions does with the rule that it manages, and with others. */
export async function ruleCells(grantee: Grantee, { partition, region, account }: Place, manages: boolean): Promise<Cell[]> {
  const rule = (name: string, at = region) => `arn:${partition}:events:${at}:${account}:rule/${name}`;
  const rules: { readonly [which: string]: string } = {
    'its rule': rule(RULE.name),
    'a rule whose name starts with its name': rule(`${RULE.name}2`),
    'the rule of another integration': rule('StepFunctionsGetEventsForBatchJobsRule'),
    'its rule in another Region': rule(RULE.name, `${region.slice(0, -1)}9`),
  };
  return thingCells(grantee, await everyAction('events', 'rule-on-default-event-bus', rules), manages ? { 'its rule': RULE.actions } : {});
}

/** What is sent to the queue of a schedule, and to others. */
export async function queueCells(grantee: Grantee, queueArn: string, sends: boolean): Promise<Cell[]> {
  const queues = { 'its queue': queueArn, 'another queue': `${queueArn}2` };
  return thingCells(grantee, await everyAction('sqs', 'queue', queues), sends ? { 'its queue': QUEUE.actions } : {});
}

async function everyAction(service: string, type: string, arns: { readonly [what: string]: string }): Promise<AskedThing[]> {
  const actions = await actionsOn(service, type);
  return Object.entries(arns).map(([what, arn]) => ({ what, arn, actions }));
}

/** All that can be done with things, those that are allowed and all others. */
export function thingCells(
  grantee: Grantee, things: AskedThing[], allowed: { readonly [thing: string]: readonly string[] | undefined },
): Cell[] {
  const unknown = Object.keys(allowed).filter((name) => !things.some(({ what }) => what === name));
  if (unknown.length > 0) { throw new Error(`unknown: ${unknown.join(', ')}`); }
  return things.flatMap(({ what, arn, actions, context, policy }) => actions.map((action) => ({
    what: `${action} on ${what}`,
    question: { ...grantee, action, resource: arn, resourcePolicy: policy, context },
    expected: allowed[what]?.includes(action) ? 'allowed' as const : 'denied' as const,
  })));
}

/** That an action is not asked about would be no proof that it is denied. */
export function unaskedActions(grantee: Grantee, cells: Cell[]): string[] {
  const asked = new Set(cells.map(({ question }) => question.action));
  return [...new Set(grantee.identityPolicies.flatMap(({ policy }) => policy.Statement.flatMap((statement) => statement.Action)))]
    .filter((action) => !asked.has(action));
}

function cell(
  grantee: Grantee, action: string, resource: string, what: string, expected: Answer, context: Record<string, string> = {},
): Cell {
  return { what: `${action} on ${what}`, question: { ...grantee, action, resource, context }, expected };
}

/**
 * With the same policies in the account of the resource: from any other it would be denied whatever the policies say, which says nothing of
 * them.
 */
function native(grantee: Grantee, arn: string): Grantee {
  return { ...grantee, principal: grantee.principal.replace(/:\d{12}:/, `:${arn.split(':')[4]}:`) };
}

/** A name of the table that nobody knows would be a question about nothing. */
function known(values: { readonly [name: string]: string }, name: string): string {
  if (!values[name]) { throw new Error(`unknown: ${name}`); }
  return values[name];
}
