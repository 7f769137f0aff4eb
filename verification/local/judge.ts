import { Policies, trustPolicyOf } from './policies';
import { Session } from './sessions';
import { accountOf, Policy, urlSuffix } from '../lib/deployment';
import { ALLOW_EVERYTHING, ask, Question } from '../lib/iam';

/** One thing that IAM must allow for a call. */
export interface Need {
  readonly action: string;
  readonly resource: string;
  /** What the request says of itself. What no policy asks for does not matter. */
  readonly context?: Record<string, string | string[]>;
  /** The policy of a key, the trust policy of a role. */
  readonly resourcePolicy?: Policy;
}

interface Rights {
  readonly identityPolicies: { name: string; policy: Policy }[];
  readonly boundary?: Policy;
}

/** What no policy mentions decides nothing, and would only make questions different that have the same answer. */
function mentions(policies: unknown): string {
  return JSON.stringify(policies ?? '').toLowerCase();
}

/** How many decisions are remembered. Jobs write objects of ever new names. */
const MOST_DECISIONS = 10_000;

/** IAM: decides by the policies of the role, of its session and of the resource. Policies do not change while it sits. */
export class Judge {
  private readonly rights = new Map<string, Rights & { readonly mentioned: string }>();
  private readonly decisions = new Map<string, Promise<string | undefined>>();

  constructor(private readonly policies: Policies) {}

  /** Why it is refused, as AWS's sentence ends; undefined where it is allowed. */
  public async decide(session: Session, region: string, need: Need): Promise<string | undefined> {
    const question = this.question(session, region, need);
    const { sessionPolicy } = session;
    const key = JSON.stringify([session.roleArn, sessionPolicy, question.action, question.resource, question.context]);
    if (this.decisions.size >= MOST_DECISIONS) { this.decisions.clear(); }
    if (!this.decisions.has(key)) { this.decisions.set(key, this.decision(question, sessionPolicy)); }
    return this.decisions.get(key)!;
  }

  /** Whether a service may assume a role on behalf of a resource. */
  public async assumes(service: string, roleArn: string, sourceArn: string): Promise<boolean> {
    return await ask({
      principal: service,
      action: 'sts:AssumeRole',
      resource: roleArn,
      resourcePolicy: trustPolicyOf(roleArn, this.policies),
      context: { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': this.policies.place.account },
    }) === 'allowed';
  }

  private question(session: Session, region: string, { action, resource, context = {}, resourcePolicy }: Need): Question {
    const { roleArn, sessionPolicy, userId } = session;
    const { mentioned: byRole, ...rights } = this.rightsOf(roleArn);
    const mentioned = byRole + mentions(sessionPolicy) + mentions(resourcePolicy);
    const now = new Date();
    const said: Record<string, string | string[]> = {
      'aws:CurrentTime': now.toISOString(),
      'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
      'aws:PrincipalAccount': accountOf(roleArn),
      'aws:PrincipalArn': roleArn,
      'aws:PrincipalType': 'AssumedRole',
      'aws:RequestedRegion': region,
      'aws:ResourceAccount': this.policies.place.account,
      // what goes over the loopback interface here goes over TLS there
      'aws:SecureTransport': 'true',
      'aws:userid': userId,
      ...context,
    };
    return {
      principal: roleArn,
      action,
      // a resource has no wildcards, but names of objects may have an asterisk; the wildcards of policies match this one too
      resource: resource === '*' ? resource : resource.replace(/\*/g, '∗'),
      context: Object.fromEntries(Object.entries(said).filter(([key]) => mentioned.includes(key.toLowerCase()))),
      ...rights,
      resourcePolicy,
    };
  }

  private rightsOf(roleArn: string): Rights & { readonly mentioned: string } {
    if (!this.rights.has(roleArn)) {
      const rights = { identityPolicies: this.policies.identityPolicies(roleArn), boundary: this.policies.boundary(roleArn) };
      this.rights.set(roleArn, { ...rights, mentioned: mentions(rights) });
    }
    return this.rights.get(roleArn)!;
  }

  private async decision(question: Question, sessionPolicy: Policy | undefined): Promise<string | undefined> {
    const { action, identityPolicies = [], boundary, resourcePolicy } = question;
    const bySession = { ...question, ...only(sessionPolicy), resourcePolicy: resourcePolicy && everybodyOfTheAccount(question) };
    if (await ask(question) === 'allowed' && (!sessionPolicy || await ask(bySession) === 'allowed')) { return undefined; }

    const kinds: [string, Policy[]][] = [
      ['an identity-based policy', identityPolicies.map(({ policy }) => policy)],
      ...boundary ? [['a permissions boundary', [boundary]] as [string, Policy[]]] : [],
      ...sessionPolicy ? [['a session policy', [sessionPolicy]] as [string, Policy[]]] : [],
    ];
    const denies = async (policies: Policy[]) => await ask({ ...bySession, ...only(...policies) }) === 'denied';
    for (const [kind, policies] of kinds) {
      if (await denies([...policies, ALLOW_EVERYTHING])) { return `with an explicit deny in ${kind}`; }
    }
    for (const [kind, policies] of kinds) {
      if (await denies(policies)) { return `because no ${kind.replace(/^an? /, '')} allows the ${action} action`; }
    }
    return `because no resource-based policy allows the ${action} action`;
  }
}

function only(...policies: (Policy | undefined)[]): Pick<Question, 'identityPolicies' | 'boundary'> {
  return { identityPolicies: policies.flatMap((policy) => policy ? [{ name: 'policy', policy }] : []), boundary: undefined };
}

/** A policy of a resource that leaves it to the policies of the account. */
function everybodyOfTheAccount({ principal, action }: Question): Policy {
  const [, partition, , , account] = principal.split(':');
  return {
    Version: '2012-10-17',
    Statement: [{
      Effect: 'Allow',
      Principal: { AWS: `arn:${partition}:iam::${account}:root` },
      Action: action,
      ...action.startsWith('sts:') ? {} : { Resource: '*' },
    }],
  };
}

/** The condition of a key that lets only a service use it for somebody. */
export function viaService(service: string, region: string, policies: Policies): string {
  return `${service}.${region}.${urlSuffix({ ...policies.place, region })}`;
}
