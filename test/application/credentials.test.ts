import { CfnParameter } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import { SparkEmrServerlessRuntime } from '../../src';
import { build, newStack, refusal, warnings as allWarnings } from '../util';
import { PLACES } from './property-places';

const CREDENTIAL_KEYS = [
  'spark.hadoop.fs.s3a.secret.key',
  'spark.hadoop.fs.s3a.access.key',
  'spark.hadoop.fs.s3a.session.token',
  'spark.hadoop.javax.jdo.option.ConnectionPassword',
  'spark.ssl.keyPassword',
  'spark.ssl.keyStorePassword',
  'spark.ssl.trustStorePassword',
  'spark.authenticate.secret',
  'spark.cassandra.auth.password',
  'spark.snowflake.sfPassword',
  'spark.snowflake.pem_private_key',
  'spark.hadoop.google.cloud.auth.service.account.private.key',
  'spark.kubernetes.authenticate.oauthToken',
  'spark.sql.catalog.rest.credential',
  'spark.sql.catalog.rest.s3.secret-access-key',
  'spark.my.apiKey',
  'spark.my.api_key',
  'spark.my.api__key',
  'spark.my.passphrase',
  'AWS_SECRET_ACCESS_KEY',
  'DB_PASSWORD',
  'password',
];

const SECRET = 'hunter2-Tr0ub4dor';

// the library warns of keys such as `password` for another reason, too
const warnings = (stack: Stack) => allWarnings(stack).filter((warning) => warning.endsWith(':plainTextCredential]'));

describe('a credential', () => {
  test.each(CREDENTIAL_KEYS)('is warned of by its key %s', (key) => {
    expect(warnings(build({ sparkProperties: { [key]: SECRET } }))).toEqual([
      `"${key}" looks like a credential in plain text, readable in the template and to everybody who may describe the application.`
        + ' Keep it in AWS Secrets Manager and give EMR.secret@<name of the secret> [ack: cdk-spark-emr-serverless:plainTextCredential]',
    ]);
  });

  // the name of the storage account comes last
  test.each([
    'spark.hadoop.fs.azure.account.key.mine.dfs.core.windows.net',
    'spark.hadoop.fs.azure.account.oauth2.client.secret.mine.dfs.core.windows.net',
  ])('is warned of by its key %s', (key) => {
    expect(warnings(build({ sparkProperties: { [key]: SECRET } }))).toHaveLength(1);
  });

  test('is not shown where the name of the storage account comes last in its key', () => {
    expect(refusal({ sparkProperties: { 'spark.hadoop.fs.azure.account.key.mine.dfs.core.windows.net': SECRET.repeat(100) } })).not.toContain(SECRET);
  });

  test('is warned of at the application', () => {
    Annotations.fromStack(build({ sparkProperties: { password: SECRET } }))
      .hasWarning('/Stack/Spark', Match.stringLikeRegexp('"password" looks like a credential in plain text'));
  });

  test.each([
    ['another classification', { configurations: [{ classification: 'hive-site', properties: { password: SECRET } }] }],
    ['spark-defaults among the configurations', { configurations: [{ classification: 'spark-defaults', properties: { password: SECRET } }] }],
    ['a configuration within another', {
      configurations: [{ classification: 'spark-env', configurations: [{ classification: 'export', properties: { password: SECRET } }] }],
    }],
  ])('is warned of in %s', (_, props) => {
    expect(warnings(build(props))).toEqual([expect.stringContaining('"password" looks like a credential in plain text')]);
  });

  test('is warned of once for all keys', () => {
    expect(warnings(build({ sparkProperties: { 'spark.password': SECRET, 'spark.a': 'b', 'spark.token': SECRET } })))
      .toEqual([expect.stringMatching(/^"spark\.password", "spark\.token" looks like/)]);
  });

  test('is warned of without its value', () => {
    expect(warnings(build({ sparkProperties: { password: SECRET } })).join()).not.toContain(SECRET);
  });

  test.each([
    'EMR.secret@my-secret', 'EMR.secret@arn:aws:secretsmanager:us-east-1:123456789012:secret:my-secret-a1b2c3', 'true', 'false',
  ])('is not warned of where the value is %s', (value) => {
    expect(warnings(build({ sparkProperties: { 'spark.hadoop.javax.jdo.option.ConnectionPassword': value } }))).toEqual([]);
  });

  test.each(['untrue', 'falsehood'])('is warned of where the value is %s', (value) => {
    expect(warnings(build({ sparkProperties: { password: value } }))).toHaveLength(1);
  });

  test('is not warned of where the value is a token', () => {
    const stack = newStack();

    const password = new CfnParameter(stack, 'Value', { noEcho: true }).valueAsString;

    new SparkEmrServerlessRuntime(stack, 'Spark', { sparkProperties: { password } });

    expect(warnings(stack)).toEqual([]);
  });

  test.each([
    'spark.hadoop.fs.s3a.aws.credentials.provider',
    'spark.hadoop.fs.s3.customAWSCredentialsProvider',
    'spark.sql.redaction.string.regex',
    'spark.executor.memory',
    'spark.hadoop.fs.s3a.encryption.algorithm',
    'spark.sql.shuffle.partitions',
    'spark.hadoop.hive.metastore.client.factory.class',
    'spark.dynamicAllocation.schedulerBacklogTimeout',
    'spark.kryo.registrationRequired',
  ])('is not what the key %s names', (key) => {
    expect(warnings(build({ sparkProperties: { [key]: '4g' } }))).toEqual([]);
  });

  test.each(CREDENTIAL_KEYS)('is not shown where %s has two values', (key) => {
    const message = refusal({
      sparkProperties: { [key]: SECRET },
      configurations: [{ classification: 'spark-defaults', properties: { [key]: `${SECRET}-2` } }],
    });

    expect(message).toContain(`"${key}" of "spark-defaults" must have one value, got: a value that is not shown here in \`sparkProperties\``
      + ' and a value that is not shown here in `configurations[0].properties`');
    expect(message).not.toContain(SECRET);
  });

  test.each(CREDENTIAL_KEYS)('is not shown where %s is too long', (key) => {
    const message = refusal({ sparkProperties: { [key]: SECRET.repeat(100) } });

    expect(message).toContain(`the value of "${key}" in \`sparkProperties\` must have 1 to 1024 characters, not only blanks, got: a value that is not shown here`);
    expect(message).not.toContain(SECRET);
  });

  test.each(PLACES)('is not shown where %s has it and another problem', (_, propsWith) => {
    const message = refusal({ ...propsWith({ '1bad': SECRET, 'spark.password': SECRET.repeat(100) }), name: '*' });

    expect(message).toContain('3 problems in [Stack/Spark]');
    expect(message).not.toContain(SECRET);
  });

  test('is not shown where it is not even a string', () => {
    const message = refusal({ sparkProperties: { password: [1234567890123] } });

    expect(message).not.toContain('1234567890123');
  });
});

test.each([
  'spark.kafka.sasl.jaas.config', 'spark.hadoop.db.pwd',
])('the value of %s is not shown', (key) => {
  expect(refusal({
    sparkProperties: { [key]: 'hunter2' },
    configurations: [{ classification: 'spark-defaults', properties: { [key]: 'hunter3' } }],
  })).not.toContain('hunter');
});
