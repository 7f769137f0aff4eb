import assert from 'node:assert/strict';
import { test } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { EmrRelease, SparkEmrServerlessRuntime, SparkImage } from 'cdk-spark-emr-serverless';
import { BEIJING, Deployment, GOV_CLOUD, IRELAND } from '../lib/deployment';
import { Cell, differences } from '../lib/iam';
import { actionsOn } from '../lib/iam-reference';
import { applications } from '../lib/matrix';
import { REPOSITORY_POLICY } from '../lib/permissions';

for (const place of [IRELAND, BEIJING, GOV_CLOUD]) {
  test(`the policy of a repository lets EMR Serverless pull images, for this account and Region only: ${place.partition}`, async () => {
    const stack = new Stack(new App(), 'Stack');
    const repository = new Repository(stack, 'Repository');
    const { applicationArn } = new SparkEmrServerlessRuntime(stack, 'Spark', {
      release: EmrRelease.EMR_7_14_0,
      image: SparkImage.fromEcrRepository(repository, 'latest'),
    });
    const deployment = Deployment.of(stack, place);
    const resource = deployment.value(repository.repositoryArn);
    const arns = applications(deployment.value(applicationArn));

    const sources: [source: string, isAllowed: boolean, context: Record<string, string>][] = [
      ['this application', true, { 'aws:SourceArn': arns['this application'] }],
      ['another application', true, { 'aws:SourceArn': arns['another application'] }],
      ['the same id in another Region', false, { 'aws:SourceArn': arns['the same id in another Region'] }],
      ['the same id in another account', false, { 'aws:SourceArn': arns['the same id in another account'] }],
      ['nobody', false, {}],
    ];
    const services = ['emr-serverless.amazonaws.com', 'lambda.amazonaws.com'];
    const cells = (await actionsOn('ecr', 'repository')).flatMap((action) => services.flatMap((principal) =>
      sources.map(([source, isAllowed, context]): Cell => ({
        what: `${action} by ${principal} for ${source}`,
        question: { principal, action, resource, resourcePolicy: deployment.repositoryPolicy(resource), context },
        expected: isAllowed && principal === services[0] && REPOSITORY_POLICY.includes(action) ? 'allowed' : 'denied',
      }))));
    assert.deepEqual(await differences(cells), []);
  });
}
