import type { Deployment, Policy } from './deployment';

/** A resource, and the stack that it is in. */
export interface Located {
  readonly deployment: Deployment;
  readonly logicalId: string;
}

/** A policy as a template has it, in the resource that it is written in. */
export interface PolicySource extends Located {
  readonly name: string;
  /** Undefined if it is written elsewhere. */
  readonly document: unknown;
  /** Why nobody knows what it says, or that it is one of the role. */
  readonly problem?: Error;
}

/** What a policy says. What cannot be resolved is an error. */
export function policyOf({ deployment, logicalId, document, problem }: PolicySource): Policy {
  if (problem) { throw problem; }
  return deployment.resolved(logicalId, document) as Policy;
}

/** Every policy that a role has: inline, managed, and attached by a resource of its own. */
export function identityPolicySources(role: Located, deployments: readonly Deployment[]): PolicySource[] {
  const { deployment, logicalId } = role;
  const { Policies, ManagedPolicyArns } = deployment.written(logicalId);
  const inline = deployment.items(Policies) as { PolicyName: string; PolicyDocument: unknown }[];
  const others = [
    ...deployment.items(ManagedPolicyArns).map((arn) => managedPolicySource(role, arn, deployments)),
    ...attachedPolicySources(deployment.id(logicalId), deployments),
  ];
  return [
    ...inline.map(({ PolicyName, PolicyDocument }) => ({ ...role, name: PolicyName, document: PolicyDocument })),
    // one may be both
    ...others.filter((one, i) => !others.slice(0, i).some((before) => before.deployment === one.deployment && before.name === one.name)),
  ];
}

/** The policy that bounds what the others of a role allow, if it has one. */
export function boundarySource(role: Located, deployments: readonly Deployment[]): PolicySource | undefined {
  const boundary = role.deployment.chosen(role.deployment.written(role.logicalId).PermissionsBoundary);
  return boundary === undefined ? undefined : managedPolicySource(role, boundary, deployments);
}

/** The policies that resources of their own attach to a role, by its name. */
export function attachedPolicySources(roleName: string, deployments: readonly Deployment[]): PolicySource[] {
  return deployments.flatMap((deployment) => ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy']
    .flatMap((type) => deployment.ofType(type)).flatMap((logicalId): PolicySource[] => {
      const { PolicyDocument: document } = deployment.written(logicalId);
      const source = { deployment, logicalId, name: logicalId, document };
      try {
        return attachedRoles(source).includes(roleName) ? [source] : [];
      } catch (error) {
        return [{ ...source, problem: error as Error }];
      }
    }));
}

/** The names of the roles that a resource of its own attaches its policy to. */
export function attachedRoles({ deployment, logicalId }: Located): string[] {
  const { Roles, RoleName } = deployment.written(logicalId);
  return [...deployment.items(Roles), ...RoleName === undefined ? [] : [RoleName]].map((role) => deployment.value(role));
}

function managedPolicySource(role: Located, written: unknown, deployments: readonly Deployment[]): PolicySource {
  const unknown = { ...role, name: JSON.stringify(written), document: undefined };
  try {
    const arn = role.deployment.value(written);
    for (const deployment of deployments) {
      const logicalId = deployment.find('AWS::IAM::ManagedPolicy', arn);
      if (logicalId) { return { deployment, logicalId, name: logicalId, document: deployment.written(logicalId).PolicyDocument }; }
    }
    return { ...unknown, name: arn, problem: new Error(`no AWS::IAM::ManagedPolicy ${arn} in the template`) };
  } catch (error) {
    return { ...unknown, problem: error as Error };
  }
}
