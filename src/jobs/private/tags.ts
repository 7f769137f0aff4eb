import { Stack } from 'aws-cdk-lib/core';
import { isLiteral, Problems, shown } from '../../private/checks';
import { attempt } from '../../private/reading';
import { mapKeyProblems, UNKNOWN, withoutTokens } from '../../private/rendered';

const MAX_TAGS = 200;

/** Lists the keys of tags that no request can have. */
export function tagKeyProblems(stack: Stack, prop: string, tags: { readonly [key: string]: unknown } = {}): Problems {
  return Object.keys(tags).flatMap((key) => mapKeyProblems(stack, prop, key));
}

/** @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/tagging.html */
export function tagProblems(prop: string, tags: { readonly [key: string]: unknown } = {}): Problems {
  const count = Object.keys(tags).length;
  return [
    ...count > MAX_TAGS ? [`\`${prop}\` must have at most ${MAX_TAGS} tags, got: ${count}`] : [],
    ...Object.entries(tags).flatMap(([key, value]) => [
      ...isLiteral(key) && !/^(?!aws:)[\w /.:=+@-]{1,128}$/i.test(key)
        ? [`a key of \`${prop}\` must be 1 to 128 characters of A-Z a-z 0-9 space / _ . : = + @ -, and must not start with "aws:",`
          + ` got: ${shown(key)}`]
        : [],
      ...tagValueProblems(prop, key, value),
    ]),
  ];
}

function tagValueProblems(prop: string, key: string, value: unknown): Problems {
  const problems: Problems = [];
  attempt(`${prop}.${key}`, problems, () => {
    if (typeof value === 'string' && isTagValue(value)) { return; }
    problems.push(`the value of ${shown(key)} in \`${prop}\` must be a text of at most 256 characters of A-Z a-z 0-9 space / _ . : = + @ -,`
      + ` got: ${shown(value)}`);
  });
  return problems;
}

function isTagValue(value: string): boolean {
  const literalText = isLiteral(value) ? value : withoutTokens(value).replaceAll(UNKNOWN, '');
  // the mark of a token may be in the text itself
  return !value.includes(UNKNOWN) && /^[\w /.:=+@-]{0,256}$/.test(literalText);
}
