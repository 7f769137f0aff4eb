import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { CfnResource, Stack } from 'aws-cdk-lib/core';
import { Construct, Dependable, IConstruct } from 'constructs';
import { referencedBy } from './references';
import { Problems } from '../../private/checks';
import { OnceInASynthesis } from '../../private/once-in-a-synthesis';
import { refuse } from '../../private/validation-error';

/**
 * Refuses an application that CloudFormation cannot create, because something that it refers to leads back to it. An execution role refers
 * to the application, so the policy of a key that the application refers to must not name the role.
 *
 * aws-cdk-lib asks for the dependencies of a construct when all aspects have run, and before it connects the stacks. If a cycle leads
 * through two stacks, it would refuse to connect them, and name neither the key nor the role.
 */
export function refuseCycles(runtime: Construct, application: CfnApplication): void {
  REFERENCES.announce(application);
  const check = {};
  Dependable.implement(check, {
    get dependencyRoots() {
      refuse(runtime, '', cycleProblems(application));
      return [];
    },
  });
  application.node.addDependency(check);
}

function cycleProblems(application: CfnApplication): Problems {
  const way = REFERENCES.resultFor(application).wayBackTo(application);
  if (!way) { return []; }
  const steps = [...way.map((resource) => `${nameOf(resource)} (${resource.cfnResourceType})`), nameOf(application)];
  return ['what the application refers to must not lead back to it, because CloudFormation cannot create such a cycle,'
    + ` got: ${nameOf(application)} refers to ${steps.join(', which refers to ')}${remedy(way)}`];
}

function remedy(way: CfnResource[]): string {
  const [named, role] = way.slice(-2);
  if (role?.cfnResourceType !== 'AWS::IAM::Role') { return ''; }
  return named.cfnResourceType === 'AWS::KMS::Key'
    ? `. Use another key than ${nameOf(named)} for the secret, or for what else gives the role access to the key`
    : `. Allow the role in its own policy and not in ${nameOf(named)}, or do not give ${nameOf(way[0])} to the application`;
}

/** The path that the user knows: a construct of aws-cdk-lib and its resource have the same name to the user. */
function nameOf(resource: CfnResource): string {
  const { scope, path } = resource.node;
  return scope?.node.defaultChild === resource ? scope.node.path : path;
}

/** Which resources each resource needs. Each resource is resolved once. */
class References {
  private readonly needed = new Map<CfnResource, Set<CfnResource>>();
  /** The resources that have been searched, with all that they need. */
  private readonly searched = new Set<CfnResource>();

  /** The resources on the shortest way from the application back to it. */
  public wayBackTo(application: CfnResource): CfnResource[] | undefined {
    // what has been searched leads to an application only if a search has come to the application
    const skipped = this.searched.has(application) ? new Set() : this.searched;
    const cameFrom = new Map<CfnResource, CfnResource>();
    const found = [application];
    for (const resource of found) {
      for (const target of this.neededBy(resource)) {
        if (target === application) { return wayTo(resource, cameFrom); }
        if (!cameFrom.has(target) && !skipped.has(target)) {
          cameFrom.set(target, resource);
          found.push(target);
        }
      }
    }
    found.forEach((resource) => this.searched.add(resource));
    return undefined;
  }

  private neededBy(resource: CfnResource): Set<CfnResource> {
    let needed = this.needed.get(resource);
    if (!needed) {
      needed = new Set([...referencedBy(resource, propertiesOf(resource)), ...dependenciesOf(resource)]
        .filter(CfnResource.isCfnResource)
        .flatMap((target) => deployedBefore(resource, target)));
      this.needed.set(resource, needed);
    }
    return needed;
  }
}

const REFERENCES = new OnceInASynthesis(() => new References());

/** The resources on the way that a search came, without the first one. */
function wayTo(resource: CfnResource, cameFrom: Map<CfnResource, CfnResource>): CfnResource[] {
  const before = cameFrom.get(resource);
  return before ? [...wayTo(before, cameFrom), resource] : [];
}

/** A stack is deployed as a whole: before a bucket of another stack can be used, the policy of the bucket is there too. */
function deployedBefore(resource: CfnResource, target: CfnResource): CfnResource[] {
  const construct = target.node.scope;
  return !construct || Stack.isStack(construct) || Stack.of(target) === Stack.of(resource)
    ? [target]
    : construct.node.findAll().filter(CfnResource.isCfnResource).filter((found) => Stack.of(found) === Stack.of(target));
}

function propertiesOf(resource: CfnResource): unknown {
  // it is protected, for the classes of resources to override
  return (resource as unknown as { readonly cfnProperties: unknown }).cfnProperties;
}

/** What a resource explicitly depends on, by itself or by a construct around it. */
function dependenciesOf(resource: CfnResource): IConstruct[] {
  const constructs = resource.node.scopes
    // an application looks for cycles when it is asked for its dependencies
    .filter((scope) => !CfnApplication.isCfnApplication(scope))
    .flatMap((scope) => scope.node.dependencies)
    .flatMap((dependency) => dependency.node.findAll());
  return [...resource.obtainDependencies(), ...constructs];
}
