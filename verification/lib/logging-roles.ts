import { AccountRootPrincipal, ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { ISparkEmrServerlessRuntime, SparkEmrServerlessRuntime, SparkEmrServerlessRuntimeGrants, SparkExecutionRole } from 'cdk-spark-emr-serverless';
import { Grantee, granteeOf, grantVerb } from './applications';
import { Deployment, Place } from './deployment';
import { AskedThing, LogDestinations } from './log-destinations';
import { LOGGING, VERBS } from './permissions';

export const BARE = 'the CfnApplication of one';

type Application = (destinations: LogDestinations, option: string) => {
  grants: SparkEmrServerlessRuntimeGrants;
  applicationId: string;
  runtime?: ISparkEmrServerlessRuntime;
};

/** Where an application that logs may come from. */
export const LOGGING_KINDS: { readonly [kind: string]: Application } = {
  created: (destinations, option) => {
    const runtime = new SparkEmrServerlessRuntime(destinations.stack, 'Spark', destinations.options(option));
    return { grants: runtime.grants, applicationId: runtime.applicationId, runtime };
  },
  imported: (destinations, option) => {
    const runtime = SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(destinations.stack, 'Spark', {
      applicationId: '00f1abcdefgh0123',
      ...destinations.options(option),
    });
    return { grants: runtime.grants, applicationId: runtime.applicationId, runtime };
  },
  [BARE]: (destinations, option) => {
    const { application } = new SparkEmrServerlessRuntime(destinations.stack, 'Spark', destinations.options(option));
    return { grants: SparkEmrServerlessRuntimeGrants.fromApplication(application), applicationId: application.attrApplicationId };
  },
};

export interface LoggingRoles {
  readonly deployment: Deployment;
  /** Where logs go, and their keys. */
  readonly things: (allOfKms: boolean) => Promise<AskedThing[]>;
  /**
   * Who writes the logs: a role with a policy of its own, one with a managed policy, and two execution roles where there is a construct.
   */
  readonly writers: Grantee[];
  /** Who reads the logs in S3 and CloudWatch. */
  readonly reader: Grantee;
  /** Who was granted a verb, by verb. */
  readonly submitters: { readonly [verb: string]: Grantee };
}

/** A stack with an application that logs, roles that write the logs, each by another way, and one that was granted each verb. */
export function loggingRoles(kind: string, option: string, place: Place, context = {}): LoggingRoles {
  const destinations = new LogDestinations(place, context);
  const { stack } = destinations;
  const { grants, applicationId, runtime } = LOGGING_KINDS[kind](destinations, option);
  const role = (id: string) => new Role(stack, id, { assumedBy: new AccountRootPrincipal() });

  const writers = [
    role('Own'), role('Shared'),
    ...runtime ? [runtime.createExecutionRole('ExecutionRole'), new SparkExecutionRole(stack, 'SharedRole', { runtimes: [runtime] })] : [],
  ];
  grants.writeLogs(writers[0]);
  // a managed policy cannot be empty
  if (Object.keys(LOGGING[option].write).length > 0) { grants.writeLogs(new ManagedPolicy(stack, 'WriteLogs', { roles: [writers[1]] })); }

  const reader = role('Reader');
  grants.readLogs(reader);

  const jobs = role('Jobs');
  const submitters = Object.keys(VERBS).map((verb) => {
    const submitter = role(verb);
    grantVerb(grants, verb, submitter, jobs);
    return submitter;
  });

  const deployment = Deployment.of(stack, place);
  return {
    deployment,
    things: (allOfKms) => destinations.things(deployment, option, applicationId, allOfKms),
    writers: writers.map((writer) => granteeOf(deployment, writer)),
    reader: granteeOf(deployment, reader),
    submitters: Object.fromEntries(Object.keys(VERBS).map((verb, i) => [verb, granteeOf(deployment, submitters[i])])),
  };
}
