import { isLiteral, Problems, shown } from '../../private/checks';
import { UNKNOWN, withoutTokens } from '../../private/rendered';

const MAX_TAGS = 200;

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
      ...typeof value !== 'string' || !isTagValue(value)
        ? [`a value of \`${prop}\` must be a text of at most 256 characters of A-Z a-z 0-9 space / _ . : = + @ -, got: ${shown(value)}`]
        : [],
    ]),
  ];
}

function isTagValue(value: string): boolean {
  const known = isLiteral(value) ? value : withoutTokens(value).replaceAll(UNKNOWN, '');
  return /^[\w /.:=+@-]{0,256}$/.test(known);
}
