import { LocalAssembly, LocalParameter, LocalRole } from './assembly';

const { table } = require('../../scripts/lib/table') as { table(headings: string[], rows: string[][][], columns?: number): string };

/** Any will do: signatures are not checked. */
export const SECRET = 'local';

/** What a client is told to find the service, and to be a role. */
export function usage(assembly: LocalAssembly, endpoint: string): string {
  const { applications, place: { region } } = assembly;
  const roles = assembly.roles.map((role) => ({ ...role, purpose: purposeOf(assembly, role) }));
  const requests = requestsOf(assembly);
  return [
    'What a client needs to find the service. All SDKs read it, and so do the AWS CLI and Airflow:\n',
    ...Object.entries(environment(endpoint, region)).map(([name, value]) => `  export ${name}=${value}`),
    '\nThe access key says which role the client is. The secret is not checked:\n',
    table(['role', 'for', 'AWS_ACCESS_KEY_ID', 'ARN'], [...roles].sort((one, other) => order(one.purpose) - order(other.purpose))
      .map(({ stackName, logicalId, purpose, accessKeyId, arn }) => [[`${stackName}/${logicalId}`], [purpose], [accessKeyId], [arn]])),
    ...applications.length === 0 ? ['\nThe assembly has no application.'] : ['\nApplications\n', table(['application', 'id', 'release'], applications
      .map(({ stackName, logicalId, applicationId, properties }) => [[`${stackName}/${logicalId}`], [applicationId], [String(properties.ReleaseLabel)]]))],
    ...requests.flatMap(({ name, value }) => [`\nThe parameter ${name} is the request of a job:\n`, `  ${value}`]),
    ...tryIt(assembly, endpoint, requests),
  ].join('\n');
}

/** The services have variables of their own, for a client that calls others on AWS. */
export function environment(endpoint: string, region: string): { readonly [variable: string]: string } {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_EMR_SERVERLESS: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: region,
    // boto3 reads this one
    AWS_DEFAULT_REGION: region,
    AWS_SECRET_ACCESS_KEY: SECRET,
    // of a session on AWS, which nobody knows here
    AWS_SESSION_TOKEN: '',
  };
}

/** The parameters that are requests of jobs. */
export function requestsOf({ parameters }: LocalAssembly): LocalParameter[] {
  return parameters.filter(({ value }) => {
    try {
      const request = JSON.parse(value);
      return typeof request?.applicationId === 'string' && typeof request.executionRoleArn === 'string' && request.jobDriver !== undefined;
    } catch {
      return false;
    }
  });
}

type Purpose = 'to start job runs' | 'to run jobs' | '';

function order(purpose: Purpose): number {
  return ['to start job runs', 'to run jobs', ''].indexOf(purpose);
}

function purposeOf(assembly: LocalAssembly, { arn }: LocalRole): Purpose {
  if (allowedTo(assembly, arn, 'emr-serverless:StartJobRun').length > 0) { return 'to start job runs'; }
  return JSON.stringify(assembly.trustPolicy(arn)).includes('"emr-serverless.amazonaws.com"') ? 'to run jobs' : '';
}

/** A line for a shell that starts a job run as a role that may do so. */
function tryIt(assembly: LocalAssembly, endpoint: string, requests: LocalParameter[]): string[] {
  const [request] = requests;
  if (!request) { return []; }
  const { applicationId } = JSON.parse(request.value);
  const submitters = assembly.roles.filter(({ arn }) => allowedTo(assembly, arn, 'emr-serverless:StartJobRun').some((on) => on.endsWith(`/${applicationId}`)));
  // who may read the request was meant to send it
  const submitter = submitters.find(({ arn }) => allowedTo(assembly, arn, 'ssm:GetParameter').length > 0) ?? submitters[0];
  if (!submitter) { return []; }
  const variables = { ...environment(endpoint, assembly.place.region), AWS_ACCESS_KEY_ID: submitter.accessKeyId };
  const assignments = Object.entries(variables).filter(([name]) => !/_URL_/.test(name)).map(([name, value]) => `${name}=${value}`).join(' ');
  return [
    `\nTo start a job run as ${submitter.logicalId}:\n`,
    `  ${assignments} aws emr-serverless start-job-run --cli-input-json ${quoted(request.value)}`,
  ];
}

/** The resources on which a role is allowed an action by its name. */
function allowedTo(assembly: LocalAssembly, roleArn: string, action: string): string[] {
  return assembly.identityPolicies(roleArn).flatMap(({ policy }) => policy.Statement)
    .filter(({ Action, Effect }) => Effect === 'Allow' && [Action].flat().includes(action))
    .flatMap(({ Resource = [] }) => Resource);
}

function quoted(text: string): string {
  return `'${text.replaceAll('\'', '\'\\\'\'')}'`;
}
