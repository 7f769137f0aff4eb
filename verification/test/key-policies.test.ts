import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SparkEmrServerlessRuntime } from 'cdk-spark-emr-serverless';
import { BEIJING, Deployment, GOV_CLOUD, IRELAND } from '../lib/deployment';
import { differences } from '../lib/iam';
import { keyPolicyCells } from '../lib/key-policies';
import { LogDestinations } from '../lib/log-destinations';
import { LOGGING } from '../lib/permissions';

for (const place of [IRELAND, BEIJING, GOV_CLOUD]) {
  test(`the policy of a key lets the service that writes the logs use it, for this account and Region only: ${place.partition}`, async () => {
    const destinations = new LogDestinations(place);
    const [{ applicationArn, applicationId }] = Object.keys(LOGGING).map((option) =>
      new SparkEmrServerlessRuntime(destinations.stack, option.replace(/\W/g, ''), destinations.options(option)));
    const deployment = Deployment.of(destinations.stack, place);
    const keys = (await destinations.things(deployment, 's3Logs', applicationId, true)).filter(({ policy }) => policy);
    assert.equal(keys.length, 5);
    assert.deepEqual(await differences(await keyPolicyCells(keys, deployment, deployment.value(applicationArn))), []);
  });
}
