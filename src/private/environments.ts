import { ResourceEnvironment } from 'aws-cdk-lib/core';
import { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import { differ, Problems } from './checks';

/** Checks that a resource belongs to the Region of the application. */
export function regionProblems(prop: string, resource?: IEnvironmentAware, env?: ResourceEnvironment): Problems {
  return resource && env ? partProblems(prop, 'Region', resource.env.region, env.region) : [];
}

/** Checks that a resource belongs to the Region and to the account of the application. */
export function environmentProblems(prop: string, resource?: IEnvironmentAware, env?: ResourceEnvironment): Problems {
  return resource && env
    ? [...regionProblems(prop, resource, env), ...partProblems(prop, 'account', resource.env.account, env.account)]
    : [];
}

/** Checks a part of an environment against the one of the application, or of another owner. */
export function partProblems(
  prop: string, part: 'account' | 'Region', value: string, expected: string, owner: string = 'the application',
): Problems {
  return differ(value, expected) ? [`\`${prop}\` must belong to the ${part} of ${owner}, ${expected}, got: ${value}`] : [];
}
