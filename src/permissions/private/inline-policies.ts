import { CfnRole, Policy, PolicyDocument, Role } from 'aws-cdk-lib/aws-iam';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import { patternProblems, Problems } from '../../private/checks';
import { refuseAtSynthesis } from '../../private/validation-error';

/** Policies by their names. */
export interface InlinePolicies {
  readonly [name: string]: PolicyDocument;
}

/** IAM limits the characters of all inline policies of a role together, without white space. */
const MAX_CHARACTERS = 10_240;

export function inlinePolicyProblems(policies: InlinePolicies): Problems {
  return Object.keys(policies).flatMap((name) =>
    patternProblems('inlinePolicies', name, 128, /^[\w+=,.@-]+$/, 'policies with names of 1 to 128 characters of A-Z a-z 0-9 + = , . @ _ -'));
}

/**
 * Adds documents to the role as inline policies. Each policy has the statements that its document has at synthesis. An empty document adds
 * no policy. The policies are copies, because rendering freezes and merges the statements of a document.
 *
 * The limit includes the policies that are `attached` until then.
 */
export function addInlinePolicies(role: Role, policies: InlinePolicies, attached: ReadonlySet<Policy>): void {
  const filled = () => Object.entries(policies).filter(([, document]) => !document.isEmpty);
  const resource = role.node.defaultChild;
  if (CfnRole.isCfnRole(resource)) {
    // rule packs such as cdk-nag report a lazy value that is absent in the end
    if (Object.keys(policies).length > 0) {
      resource.policies = Lazy.uncachedAny(
        { produce: () => filled().map(([policyName, document]) => ({ policyName, policyDocument: copyOf(document) })) },
        { omitEmptyArray: true },
      );
    }
    role.node.addValidation({ validate: () => Object.values(policies).flatMap((document) => document.validateForIdentityPolicy()) });
    refuseAtSynthesis(role, () => sizeProblems(resource, attached));
  } else {
    // `Role.customizeRoles()` writes a report in place of the role, and reads the policies now
    filled().forEach(([name, document]) => role.attachInlinePolicy(new Policy(role, name, { document: copyOf(document) })));
  }
}

function copyOf(document: PolicyDocument): PolicyDocument {
  return PolicyDocument.fromJson(document.toJSON());
}

function sizeProblems(role: CfnRole, attached: ReadonlySet<Policy>): Problems {
  const stack = Stack.of(role);
  const own: unknown = stack.resolve(role.policies);
  const documents = [
    ...(Array.isArray(own) ? own : []).map(({ policyDocument }) => policyDocument),
    ...[...attached].map(({ document }) => stack.resolve(document)),
  ];
  const characters = documents.reduce<number>((sum, document) => sum + knownCharacters(document), 0);
  return characters <= MAX_CHARACTERS ? [] : [
    `\`policyDocument\`, \`inlinePolicies\` and what the role is granted must have at most ${MAX_CHARACTERS} characters together, without`
    + ` white space, got: ${characters}. Move statements to a managed policy (\`managedPolicies\`)`,
  ];
}

/** Counts the characters that are known at synthesis. It leaves out what only the deployment knows. */
export function knownCharacters(document: unknown): number {
  return knownText(document).length;
}

/** The JSON of a resolved document, without white space and without what only the deployment knows. */
export function knownText(document: unknown): string {
  const onlyKnown = (_: string, value: any) => {
    const [name = '', ...others] = Object.keys(value ?? {});
    if (others.length > 0 || !/^(Ref$|Fn::)/.test(name)) { return value; }
    const parts = name === 'Fn::Join' ? value[name][1] : [];
    return Array.isArray(parts) ? parts.filter((part) => typeof part === 'string').join('') : '';
  };
  return (JSON.stringify(document, onlyKnown) ?? '').replace(/\s/g, '');
}
