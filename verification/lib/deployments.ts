import { Repository } from 'aws-cdk-lib/aws-ecr';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { EmrRelease, SparkEmrServerlessRuntime, SparkImage } from 'cdk-spark-emr-serverless';

import { grantAcrossAccounts, grantAll, KINDS, MERGED } from './applications';
import { BEIJING, Deployment, GOV_CLOUD, IRELAND, Place } from './deployment';
import { startedJob } from './jobs';
import { LogDestinations } from './log-destinations';
import { LOGGING_KINDS, loggingRoles } from './logging-roles';
import { OTHER_ACCOUNT } from './matrix';
import { ACTIONS, LOGGING } from './permissions';
import { secureApp } from './secure-app';
import { TwoApplications } from './two-applications';

/** Every way of logging, an image, Identity Center, roles and every action by its name. */
function everything(place: Place): Deployment {
  const destinations = new LogDestinations(place);
  const { stack } = destinations;
  for (const option of Object.keys(LOGGING)) {
    const id = option.replace(/\W/g, '');
    const logging = destinations.options(option);
    const created = new SparkEmrServerlessRuntime(stack, id, {
      ...logging,
      release: EmrRelease.EMR_7_14_0,
      livyEndpoint: true,
      identityCenterInstanceArn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef',
      image: SparkImage.fromEcrRepository(new Repository(stack, `${id}Repository`), '7.14.0'),
    });
    const imported = SparkEmrServerlessRuntime.fromSparkEmrServerlessRuntimeAttributes(stack, `${id}Imported`, {
      applicationId: '00f1abcdefgh0123',
      ...logging,
    });
    for (const runtime of [created, imported]) {
      const role = runtime.createExecutionRole('ExecutionRole');
      runtime.grantStartJobExecution(new Role(runtime, 'Submitter', { assumedBy: new AccountRootPrincipal() }), role.roleArn);
      const own = new Role(runtime, 'Own', { assumedBy: runtime.executionPrincipal });
      runtime.grants.writeLogs(own);
      runtime.grants.readLogs(own);
      const named = Object.keys(ACTIONS).filter((action) => ACTIONS[action].length > 0).map((action) => `emr-serverless:${action}`);
      runtime.grants.actions(own, ...named);
    }
  }
  return Deployment.of(stack, place);
}

/** Every stack whose policies are judged one by one. */
export const DEPLOYMENTS: { readonly [what: string]: () => Deployment } = {
  ...Object.fromEntries(Object.keys(KINDS).map((kind) => [`every verb, ${kind}`, () => grantAll(kind, IRELAND).deployment])),
  'every verb, in China': () => grantAll('created', BEIJING).deployment,
  'every verb, in GovCloud': () => grantAll('imported by ARN', GOV_CLOUD).deployment,
  'every verb, across accounts': () => grantAcrossAccounts(IRELAND, OTHER_ACCOUNT).deployment,
  'every verb, statements are merged': () => grantAll('created', IRELAND, MERGED).deployment,
  ...Object.fromEntries(Object.keys(LOGGING).flatMap((option) => Object.keys(LOGGING_KINDS).map((kind) =>
    [`every verb, ${option}, ${kind}`, () => loggingRoles(kind, option, IRELAND).deployment]))),
  'all else': () => everything(IRELAND),
  'all else, in China': () => everything(BEIJING),
  'all else, in GovCloud': () => everything(GOV_CLOUD),
  ...Object.fromEntries(Object.keys(LOGGING).filter((option) => LOGGING[option].submit).map((option) =>
    [`a job, ${option}`, () => startedJob({ option, logsOf: 'the job', hasTags: true }).deployment])),
  'a job, in China': () => startedJob({ place: BEIJING, hasTags: true }).deployment,
  'a job, in GovCloud': () => startedJob({ place: GOV_CLOUD, kind: 'imported by ARN' }).deployment,
  'two applications': () => Deployment.of(new TwoApplications(), IRELAND),
  'the secure app': () => Deployment.of(secureApp().stack, IRELAND),
};
