import { Aws, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { SparkEmrServerlessRuntime } from '../../src';
import { namesCredential } from '../../src/private/credentials';
import { build, KEY_ARN, newStack, refusal, warnings as allWarnings } from '../util';
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
  'es.net.http.auth.pass',
  'spark.kafka.keystore.pass',
  'DB_PASS',
  'spark.my.pw',
  'spark.hadoop.fs.azure.sas.container.mine.blob.core.windows.net',
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
    'arn:aws:secretsmanager:us-east-1:123456789012:secret:my-secret-a1b2c3', 'alias/my-key', '${env:PASSWORD}',
    'arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:my-secret-a1b2c3', ' true ',
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

const SECRET_VALUES: [what: string, value: string][] = [
  ['the URL of a database', 'mongodb://user:hunter2@db.example.com/shop'],
  ['a URL without a user', 'redis://:hunter2@cache.example.com:6379'],
  ['a URL in a list', 'https://repo.example.com/a,https://user:hunter2@repo.example.com/b'],
  ['a password with a slash in a URL', 'amqp://user:hun/ter2@queue.example.com'],
  ['a JDBC URL', 'jdbc:postgresql://db.example.com:5432/shop?user=me&password=hunter2'],
  ['a JDBC URL of SQL Server', 'jdbc:sqlserver://db.example.com:1433;user=me;Password = hunter2;encrypt=true'],
  ['an option of Java', '-Xmx1g -Djavax.net.ssl.keyStorePassword=hunter2'],
  ['a login of Kafka', 'org.apache.kafka.common.security.plain.PlainLoginModule required username="me" password="hunter2";'],
  ['a JDBC URL of Oracle', 'jdbc:oracle:thin:hive/hunter2@//db.example.com:1521/x'],
  ['an option of a command', '--user me --password hunter2'],
  ['a Spark property of a command', '--conf spark.my.password=hunter2'],
  ['YAML', 'user: me, password: hunter2'],
  ['a dictionary of Python', "{'password': 'hunter2'}"],
  ['JSON in JSON', '{\\"password\\": \\"hunter2\\"}'],
  ['the signature of a URL', 'https://mine.blob.core.windows.net/x?sv=1&sig=hunter2'],
  ['JSON', '{"user": "me", "apiKey": "hunter2"}'],
  ['a header', 'Authorization: Basic aHVudGVyMg=='],
  ['a private key', `-----BEGIN ${'RSA '}PRIVATE KEY-----\\nhunter2`],
  ['a JSON Web Token', `eyJ${'hbGciOiJIUzI1NiJ9'}.eyJ${'zdWIiOiIxMjM0In0'}.c2lnbmF0dXJl`],
  // in parts, so that no scanner takes the examples for real ones
  ['an access key of AWS', `AKIA${'IOSFODNN7EXAMPLE'}`],
  ['a token of GitHub', `ghp_${'a1B2c3D4'.repeat(5)}`],
  ['a token of GitLab', `glpat-${'a1B2c3D4'.repeat(3)}`],
  ['a token of Slack', `xoxb-${'1234567890-abc'}`],
  ['a key of Stripe', `sk_live_${'a1B2c3D4'.repeat(3)}`],
  ['a token of another scheme', 'authorization: ApiKey hunter2'],
  ['a key of Anthropic', `sk-ant-${'a1B2c3D4'.repeat(3)}`],
  ['a key of Google', `AIza${'a1B2c'.repeat(7)}`],
  ['a token of npm', `npm_${'a1B2c3'.repeat(6)}`],
  ['a token of Vault', `hvs.${'a1B2c3D4'.repeat(3)}`],
  ['a token of Databricks', `dapi${'a1b2c3d4'.repeat(4)}`],
];

describe.each(SECRET_VALUES)('%s', (_, value) => {
  test('is warned of by its value', () => {
    expect(warnings(build({ sparkProperties: { 'spark.my.setting': value } })))
      .toEqual([expect.stringMatching(/^"spark\.my\.setting" looks like a credential in plain text/)]);
  });

  test('is not shown where it is refused', () => {
    const message = refusal({
      name: `${value} `,
      sparkProperties: { 'spark.my.setting': value, 'spark.driver.memory': value },
      configurations: [{ classification: 'spark-defaults', properties: { 'spark.my.setting': `${value}2` } }],
    });

    expect(message).toContain('"spark.my.setting" of "spark-defaults" must have one value, got: a value that is not shown here');
    expect(message).not.toContain(value);
    expect(message).not.toContain('hunter2');
  });

  test('is found beside a token', () => {
    const stack = newStack();

    new SparkEmrServerlessRuntime(stack, 'Spark', { sparkProperties: { 'spark.my.setting': `${value} ${Aws.REGION}` } });

    expect(warnings(stack)).toHaveLength(1);
  });
});

test.each([
  ['a URL', 'https://repo.example.com:8443/maven@v2'],
  ['a URL with a user', 'ssh://git@example.com/repo'],
  ['a port and an address', 'thrift://metastore.example.com:9083'],
  ['the ARN of a secret', 'arn:aws:secretsmanager:us-east-1:123456789012:secret:my-secret-a1b2c3'],
  ['the ARN of a key', 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'],
  ['an option that counts', '-DMAX_TOKEN=4096 -Dtoken=10'],
  ['an option that refers to a variable', '-Dpassword=${env:PASSWORD}'],
  ['a JDBC URL that asks for the password of a secret', 'jdbc:postgresql://db.example.com/shop?password=EMR.secret@db'],
  ['a word', 'basic authentication, bearer tokens'],
  ['two URLs, one with a user', 'http://a.example.com:80,http://git@b.example.com'],
  ['addresses of brokers', 'PLAINTEXT://a:9092,PLAINTEXT://b:9092/@x'],
  ['a variable of a shell', '-Dhttps.proxyPassword=$PROXY_PASSWORD'],
  ['a regular expression', '(?i)secret|password|token'],
  ['a package', 'org.apache.hadoop:hadoop-aws:3.4.1,io.delta:delta-spark_2.12:3.3.2'],
])('%s is no credential', (_, value) => {
  expect(warnings(build({ sparkProperties: { 'spark.my.setting': value } }))).toEqual([]);
});

test.each([
  ['spark.env.MAX_TOKEN', '4096', 0],
  ['spark.env.MAX_TOKEN', ' 4096.25 ', 0],
  ['spark.env.MAX_TOKEN', '4096x', 1],
  ['spark.env.MAX_TOKEN', '4096 x', 1],
  ['spark.env.PASSWORD', '4096', 1],
  ['spark.my.pw', '4096', 1],
  ['spark.pwd.token', '4096', 0],
  ['spark.hadoop.fs.s3a.server-side-encryption.key', KEY_ARN, 0],
  ['spark.hadoop.fs.s3a.encryption.key', '1234abcd-12ab-34cd-56ef-1234567890ab', 0],
  ['spark.hadoop.fs.s3a.encryption.key', ' 1234abcd-12ab-34cd-56ef-1234567890ab ', 0],
  ['spark.hadoop.fs.s3a.encryption.key', 'x1234abcd-12ab-34cd-56ef-1234567890ab', 1],
  ['spark.hadoop.fs.s3a.encryption.key', '1234abcd-12ab-34cd-56ef-1234567890abx', 1],
  ['spark.redaction.regex', '(?i)password=\\S+', 0],
  ['spark.regex.password', 'hunter2', 1],
  ['spark.my.password', '${env:X}hunter2', 1],
  ['spark.executorEnv.DBPASS', 'hunter2', 1],
  ['spark.executorEnv.PASSWORD_1', 'hunter2', 1],
  ['spark.executorEnv.DB_PASS_12', 'hunter2', 1],
  ['spark.executorEnv.password12', 'hunter2', 1],
  ['spark.my.to.ke.n', 'hunter2', 0],
  ['spark.my.signing.key', 'hunter2', 1],
  ['spark.my.bypass', 'hunter2', 0],
  ['spark.hadoop.fs.s3a.server-side-encryption.key', 'c2VjcmV0', 1],
])('the value of %s decides: %s', (key, value, count) => {
  expect(warnings(build({ sparkProperties: { [key]: value } }))).toHaveLength(count);
});

test('a huge key is judged in no time', () => {
  expect(namesCredential(`${'1'.repeat(500_000)}x`)).toBe(false);
}, 2000);

test('a token at the place of the password is no credential in plain text', () => {
  const stack = newStack();
  const value = new CfnParameter(stack, 'Value', { noEcho: true }).valueAsString;

  new SparkEmrServerlessRuntime(stack, 'Spark', {
    sparkProperties: { 'spark.a': `mongodb://user:${value}@db`, 'spark.b': `jdbc:x://db?password=${value}` },
  });

  expect(warnings(stack)).toEqual([]);
});

test.each([
  'spark.kafka.sasl.jaas.config', 'spark.hadoop.db.pwd',
])('the value of %s is not shown', (key) => {
  expect(refusal({
    sparkProperties: { [key]: 'hunter2' },
    configurations: [{ classification: 'spark-defaults', properties: { [key]: 'hunter3' } }],
  })).not.toContain('hunter');
});
