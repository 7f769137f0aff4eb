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
    ? [...regionProblems(prop, resource, env), ...accountProblems(prop, resource.env.account, env.account)]
    : [];
}

export function accountProblems(prop: string, account: string, applicationAccount: string): Problems {
  return partProblems(prop, 'account', account, applicationAccount);
}

function partProblems(prop: string, part: string, value: string, expected: string): Problems {
  return differ(value, expected) ? [`\`${prop}\` must be of the application's ${part} ${expected}, got: ${value}`] : [];
}
