import { Aws } from 'aws-cdk-lib';
import { differ } from '../../src/private/checks';
import { couldBeKeyArn } from '../../src/private/keys';
import { KEY_ARN } from '../util';

test.each([['a', 'b', true], ['a', 'a', false], ['a', '', false], ['', 'a', false], ['a', Aws.REGION, false]])(
  '%p and %p are known to differ: %p', (value, otherValue, expected) => {
    expect(differ(value, otherValue)).toBe(expected);
  });

test.each([[KEY_ARN, true], [`x${KEY_ARN}`, false], [`${KEY_ARN}/`, false], [Aws.REGION, true], [`${Aws.REGION}*`, false]])(
  '%s could be the ARN of a key: %p', (arn, expected) => {
    expect(couldBeKeyArn(arn)).toBe(expected);
  });
