import { Fn } from 'aws-cdk-lib';
import { SparkEmrServerlessRuntime } from '../../src';
import { application, build, IDENTITY_CENTER_ARN, newStack, refusal } from '../util';

describe('interactive endpoints', () => {
  test.each([
    ['livyEndpoint', 'LivyEndpointEnabled'],
    ['studio', 'StudioEnabled'],
    ['sparkConnect', 'SessionEnabled'],
  ])('are on where %s is', (prop, property) => {
    expect(application(build({ [prop]: true })).InteractiveConfiguration).toEqual({ [property]: true });
  });

  test.each([
    ['livyEndpoint', 'LivyEndpointEnabled'],
    ['studio', 'StudioEnabled'],
    ['sparkConnect', 'SessionEnabled'],
  ])('are off where %s is', (prop, property) => {
    expect(application(build({ [prop]: false })).InteractiveConfiguration).toEqual({ [property]: false });
  });

  test('may be on all at once', () => {
    expect(application(build({ livyEndpoint: true, studio: true, sparkConnect: true })).InteractiveConfiguration)
      .toEqual({ LivyEndpointEnabled: true, StudioEnabled: true, SessionEnabled: true });
  });

  test('are absent unless they were asked for', () => {
    expect(application(build())).not.toHaveProperty('InteractiveConfiguration');
  });

  test('read back as off by default', () => {
    const { livyEndpoint, studio, sparkConnect } = new SparkEmrServerlessRuntime(newStack(), 'Spark');

    expect([livyEndpoint, studio, sparkConnect]).toEqual([false, false, false]);
  });

  test.each(['livyEndpoint', 'studio', 'sparkConnect'] as const)('read back as on: %s', (prop) => {
    expect(new SparkEmrServerlessRuntime(newStack(), 'Spark', { [prop]: true })[prop]).toBe(true);
  });
});

describe('IAM Identity Center', () => {
  const identityCenterInstanceArn = IDENTITY_CENTER_ARN;

  test('renders its instance', () => {
    expect(application(build({ identityCenterInstanceArn, livyEndpoint: true })).IdentityCenterConfiguration)
      .toEqual({ IdentityCenterInstanceArn: identityCenterInstanceArn });
  });

  test('is absent unless it was asked for', () => {
    expect(application(build())).not.toHaveProperty('IdentityCenterConfiguration');
  });

  test.each([
    'arn:aws:sso:::instance/ins-1234567890abcdef',
    'arn:aws:sso:::instance/ssoins-12-45.789-AbCdEf',
    'arn:aws-cn:sso:::instance/ssoins-1234567890abcdef',
    'arn:aws-us-gov:sso:::instance/ssoins-1234567890abcdef',
  ])('may have the instance %s', (arn) => {
    expect(application(build({ identityCenterInstanceArn: arn, livyEndpoint: true })).IdentityCenterConfiguration)
      .toEqual({ IdentityCenterInstanceArn: arn });
  });

  test.each([
    '',
    'ssoins-1234567890abcdef',
    'https://arn:aws:sso:::instance/ssoins-1234567890abcdef',
    'arn:aws:sso:::instance/ssoins-1234567890abcde',
    'arn:aws:sso:::instance/ssoins-1234567890abcdef0',
    'arn:aws:sso:::instance/ssoins-1234567890abcde_',
    'arn:aws:sso:::instance/1234567890abcdef',
    'arn:aws:sso::123456789012:instance/ssoins-1234567890abcdef',
    'arn:aws:sso:us-east-1::instance/ssoins-1234567890abcdef',
    'arn:aws:sso:::application/ssoins-1234567890abcdef',
    'arn:gcp:sso:::instance/ssoins-1234567890abcdef',
    'arn:aws:iam:::instance/ssoins-1234567890abcdef',
    'arn:aws:sso:::instance/*',
  ])('must not have the instance "%s"', (arn) => {
    expect(refusal({ identityCenterInstanceArn: arn, livyEndpoint: true })).toBe('`identityCenterInstanceArn` must be the ARN of an instance of'
      + ` IAM Identity Center (arn:<partition>:sso:::instance/ssoins-<16 characters>), got: "${arn}" [Stack/Spark]`);
  });

  test.each([undefined, false])('needs Livy, not livyEndpoint %s', (livyEndpoint) => {
    expect(refusal({ identityCenterInstanceArn, livyEndpoint })).toBe('`identityCenterInstanceArn` must be given together with `livyEndpoint: true`,'
      + ` because only Livy propagates identities, got: ${livyEndpoint} [Stack/Spark]`);
  });

  test('needs Livy whatever else is interactive', () => {
    expect(refusal({ identityCenterInstanceArn, studio: true, sparkConnect: true }))
      .toContain('`identityCenterInstanceArn` must be given together with `livyEndpoint: true`');
  });

  test('needs Livy even where the instance is a token', () => {
    expect(refusal({ identityCenterInstanceArn: Fn.importValue('Instance') })).toContain('`identityCenterInstanceArn` must be given together with `livyEndpoint: true`');
  });
});
