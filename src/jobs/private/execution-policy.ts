import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import { Problems } from '../../private/checks';
import { ordered } from '../../private/ordered';
import { refuseAtSynthesis } from '../../private/validation-error';
import type { SparkEmrServerlessJob } from '../spark-emr-serverless-job';

const MAX_CHARACTERS = 2048;

/** Statements may be added until the app is synthesized. What is wrong with one by itself is known at once. */
export function policyProblems(policy: PolicyDocument | undefined): Problems {
  return policy?.validateForIdentityPolicy().map((problem) => `\`executionPolicy\` must be a policy of a role, got: ${problem}`) ?? [];
}

/** The policy as the request has it: JSON without line breaks. */
export function renderPolicy(job: SparkEmrServerlessJob, policy: PolicyDocument): { readonly policy: string } {
  const json = (stack: Stack) => stack.toJsonString(ordered(stack.resolve(policy)));
  refuseAtSynthesis(job, () => {
    if (policy.isEmpty) { return ['`executionPolicy` must have at least one statement, got: none']; }
    const stack = Stack.of(job);
    const { length } = knownText(stack.resolve(json(stack)));
    return [
      ...policyProblems(policy),
      ...length > MAX_CHARACTERS ? [`\`executionPolicy\` must have at most ${MAX_CHARACTERS} characters as JSON, got: ${length}`] : [],
    ];
  });
  return { policy: Lazy.uncachedString({ produce: ({ scope }) => json(Stack.of(scope)) }) };
}

/** What is known of a text: the literal parts of `Fn::Join`. */
function knownText(resolved: unknown): string {
  if (typeof resolved === 'string') { return resolved; }
  const join = (resolved as { 'Fn::Join'?: [string, unknown[]] } | undefined)?.['Fn::Join'];
  return join ? join[1].map((part) => typeof part === 'string' ? part : '').join(join[0]) : '';
}
