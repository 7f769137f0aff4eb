import { Tokenization } from 'aws-cdk-lib/core';

/**
 * A copy whose keys are in alphabetical order, at every depth. The maps of some languages have no order, and the texts in a template must
 * not differ from one synthesis to the next. Tokens, and what CDK has resolved them to, stay as they are.
 */
export function ordered<T>(value: T): T {
  if (Array.isArray(value)) { return value.map(ordered) as T; }
  if (typeof value !== 'object' || value === null || Tokenization.isResolvable(value) || isFunction(value)) { return value; }
  return Object.fromEntries(Object.entries(value).sort(([key], [otherKey]) => key < otherKey ? -1 : 1)
    .map(([key, member]) => [key, ordered(member)])) as T;
}

/** CDK keeps a note of the type on the object of a function of CloudFormation. A copy would lose it. */
function isFunction(value: object): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}
