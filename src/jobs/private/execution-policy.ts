import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { IResolveContext, Lazy, Stack } from 'aws-cdk-lib/core';
import { knownText } from '../../permissions/private/inline-policies';
import { Problems, shown } from '../../private/checks';
import { ordered } from '../../private/ordered';
import { refuseAtSynthesis } from '../../private/validation-error';
import type { SparkEmrServerlessJob } from '../spark-emr-serverless-job';

const MAX_CHARACTERS = 2048;

/** Statements may be added until the app is synthesized. What is wrong with one by itself is known at once. */
export function policyProblems(policy: PolicyDocument | undefined): Problems {
  return policy?.validateForIdentityPolicy().map((problem) => `\`executionPolicy\` must be a policy of a role, got: ${problem}`) ?? [];
}

/** @see https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_JobRunExecutionIamPolicy.html */
function documentProblems(document: unknown): Problems {
  const literalText = knownText(document);
  const [foreign] = /[^\x20-\xff]/u.exec(literalText) ?? [];
  return [
    ...literalText.length > MAX_CHARACTERS
      ? [`\`executionPolicy\` must have at most ${MAX_CHARACTERS} characters as JSON, got: ${literalText.length}`]
      : [],
    ...foreign === undefined ? []
      : [`\`executionPolicy\` must have only characters up to U+00FF, which IAM allows in a policy, got: ${shown(foreign)}`],
  ];
}

/** The policy as the request has it: JSON without line breaks. */
export function renderPolicy(job: SparkEmrServerlessJob, policy: PolicyDocument): { readonly policy: string } {
  refuseAtSynthesis(job, () => {
    if (policy.isEmpty) { return ['`executionPolicy` must have at least one statement, got: none']; }
    return [...policyProblems(policy), ...documentProblems(Stack.of(job).resolve(policy))];
  });
  return {
    policy: Lazy.uncachedString({
      // with the context, a stack finds what the policy refers to in other stacks
      produce: (context: IResolveContext) => Stack.of(context.scope).toJsonString(ordered(context.resolve(policy))),
    }),
  };
}
