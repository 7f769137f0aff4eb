import { FieldUtils, JsonPath, QueryLanguage } from 'aws-cdk-lib/aws-stepfunctions';
import {
  DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, Lazy, StringConcat, Token, Tokenization,
} from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { JobRun, JobRunOverrides } from './job-run';
import { Warning } from '../../private/annotations';
import { isLiteral, Problems, shown } from '../../private/checks';
import { DYNAMIC_REFERENCE } from '../../private/rendered';

// How a text stands in a state: an expression of the task is evaluated, and a text of the job never is.

/** What one task may have in place of what the job has. Texts in it may be expressions. */
export interface Expressions {
  readonly jobRunName?: string;
  readonly entryPointArguments?: string[];
  readonly entryPointArgumentsExpression?: string;
  readonly executionTimeoutMinutes?: number;
  readonly jobRunTags?: { readonly [key: string]: string };
}

const JSONATA = /^\{%.*%\}$/s;

/** Step Functions refuses a text that only begins, or only ends, like an expression. */
const LIKE_JSONATA = /^\s*\{%|%\}\s*$/;

/** Whether Step Functions decides what a text is. */
export function isExpression(text: string): boolean {
  return JSONATA.test(text) || hasField(text);
}

/** The fields of JSONPath in the request of a job, which nothing but a task could evaluate. */
export function fieldsIn(value: unknown): string[] {
  if (typeof value === 'string') { return fieldMarkers(value).map((marker) => pathOf(marker)!); }
  if (typeof value === 'number') { return [pathOf(value)].filter((path) => path !== undefined); }
  if (typeof value !== 'object' || value === null || Tokenization.isResolvable(value)) { return []; }
  return [...Array.isArray(value) ? listFieldsIn(value) : [], ...Object.entries(value).flat().flatMap(fieldsIn)];
}

/** The fields of JSONPath that other tokens resolve to. CDK does not see them, and would write their paths as texts. */
export function hiddenFieldsIn(scope: IConstruct, value: unknown): string[] {
  const resolver = new FieldFinder();
  Tokenization.resolve(value, { scope, resolver, preparing: false });
  const visible = fieldsIn(value);
  return [...resolver.fields].filter((path) => !visible.includes(path));
}

/** Notes the fields that it resolves. */
class FieldFinder extends DefaultTokenResolver {
  public readonly fields = new Set<string>();

  constructor() {
    super(new StringConcat());
  }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): any {
    for (const path of fieldsIn(Token.asString(token))) { this.fields.add(path); }
    return super.resolveToken(token, context, postProcessor);
  }
}

/** Lists what the language of the state cannot express. */
export function languageProblems(language: QueryLanguage, expressions: Expressions): Problems {
  const { entryPointArgumentsExpression: expression } = expressions;
  const texts = Object.entries(textsOf(expressions));
  return language === QueryLanguage.JSONATA ? [
    ...[
      ...texts.map(([prop, text]) => ({ prop, fields: fieldsIn(text) })),
      { prop: 'entryPointArguments', fields: listFieldsIn(expressions.entryPointArguments) },
      { prop: 'executionTimeout', fields: fieldsIn(expressions.executionTimeoutMinutes) },
    ].flatMap(({ prop, fields }) => fields.map((path) =>
      `\`${prop}\` must not contain a JSONPath field, because the state has JSONata, got: ${path}`)),
    ...texts.filter(([, text]) => LIKE_JSONATA.test(text) && !JSONATA.test(text)).map(([prop, text]) =>
      `\`${prop}\` must be a text, or one expression of JSONata with nothing in front of {% or after %}, got: ${shown(text)}`),
    ...expression !== undefined && !JSONATA.test(expression) && !Token.isUnresolved(expression)
      ? [`\`entryPointArgumentsExpression\` must be an expression of JSONata such as "{% $states.input.args %}", got: ${shown(expression)}`]
      : [],
  ] : [
    ...texts.filter(([, text]) => JSONATA.test(text)).map(([prop, text]) =>
      `\`${prop}\` must be no expression of JSONata, because the state has JSONPath (use EmrServerlessStartJobRun.jsonata()),`
      + ` got: ${shown(text)}`),
    ...expression !== undefined && !hasField(expression) && !/^(\$|States\.)/.test(expression)
      ? [`\`entryPointArgumentsExpression\` must be an expression of JSONPath such as "$.args", got: ${shown(expression)}`]
      : [],
  ];
}

/** What a field of JSONPath, a function of it, or a variable of JSONata looks like in a text that nothing evaluates. */
const LIKE_UNMARKED = /^\$\$?[.[]|^States\.\w+\(|\$states\./;

/** Warns of texts that somebody may have meant as expressions. */
export function unmarkedWarnings({ entryPointArgumentsExpression, ...expressions }: Expressions): Warning[] {
  const unmarked = Object.entries(textsOf(expressions))
    .filter(([, text]) => isLiteral(text) && !isExpression(text) && LIKE_UNMARKED.test(text));
  return unmarked.length === 0 ? [] : [{
    id: 'unmarkedExpression',
    message: `${unmarked.map(([prop, text]) => `\`${prop}\` is the text ${shown(text)}`).join(', ')}: Step Functions does not evaluate it.`
      + ' Give a JSONPath field as `JsonPath.stringAt(\'$.date\')`, and an expression of JSONata as "{% $states.input.date %}"',
  }];
}

/** The texts that may be expressions, by prop. */
function textsOf({ jobRunName, entryPointArguments = [], jobRunTags = {}, entryPointArgumentsExpression }: Expressions) {
  const texts: { [prop: string]: string | undefined } = {
    jobRunName,
    entryPointArgumentsExpression,
    ...Object.fromEntries(entryPointArguments.map((text, i) => [`entryPointArguments[${i}]`, text])),
    ...Object.fromEntries(Object.entries(jobRunTags).map(([key, text]) => [`jobRunTags.${key}`, text])),
  };
  return Object.fromEntries(Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The request of the job as a state has it: no text of it is evaluated. */
export function literalJobRun(language: QueryLanguage, jobRun: JobRun): JobRun {
  // in JSONPath, the end of a key marks an expression. No key of a request ends so
  return language === QueryLanguage.JSONATA ? withTexts(jobRun, (text) => asRendered(text, jsonataLiteral)) as JobRun : jobRun;
}

function withTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') { return change(value); }
  if (typeof value !== 'object' || value === null || Tokenization.isResolvable(value)) { return value; }
  if (Array.isArray(value)) { return value.map((item) => withTexts(item, change)); }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withTexts(member, change)]));
}

function jsonataLiteral(text: string): string {
  return LIKE_JSONATA.test(text) ? `{% "${outsideTokens(text, jsonataEscaped)}" %}` : text;
}

/** JSONata writes strings as JSON does. */
function jsonataEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('%', '\\u0025');
}

/** What the task has in place of what the job has, as a state has it. */
export function overridesIn(language: QueryLanguage, expressions: Expressions): JobRunOverrides {
  const { jobRunName, entryPointArguments, entryPointArgumentsExpression, executionTimeoutMinutes, jobRunTags } = expressions;
  const isJsonPath = language === QueryLanguage.JSON_PATH;
  const inLanguage = <T>(value: T) => isJsonPath ? withTexts(value, textInJsonPath) as T : value;
  return {
    name: inLanguage(jobRunName),
    // one expression stands where the list would
    entryPointArguments: (entryPointArgumentsExpression !== undefined && isJsonPath
      ? fieldOf(entryPointArgumentsExpression)
      : entryPointArgumentsExpression ?? (entryPointArguments && isJsonPath ? listInJsonPath(entryPointArguments) : entryPointArguments)
    ) as string[] | undefined,
    executionTimeoutMinutes,
    tags: inLanguage(jobRunTags),
  };
}

function fieldOf(expression: string): string {
  return hasField(expression) ? expression : JsonPath.stringAt(expression);
}

function textInJsonPath(text: string): string {
  return hasField(text) ? JsonPath.stringAt(formatted(text)) : text;
}

function listInJsonPath(list: string[]): string[] | string {
  return list.some(hasField)
    ? JsonPath.stringAt(`States.Array(${list.map((text) => hasField(text) ? formatted(text) : `'${escaped(text)}'`).join(', ')})`)
    : list;
}

/** The API takes strings only. `States.Format` makes one of a number in the input, too. */
function formatted(text: string): string {
  const markers = fieldMarkers(text);
  return `States.Format('${between(text, markers).map(escaped).join('{}')}', ${markers.map(pathOf).join(', ')})`;
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html#intrinsic-functions-escapes */
function escaped(text: string): string {
  return asRendered(text, (rendered) => outsideTokens(rendered, (literal) => literal.replace(/['\\{}]/g, '\\$&')));
}

function hasField(text: string): boolean {
  return fieldMarkers(text).length > 0;
}

/** What stands in a text for the fields of JSONPath. */
function fieldMarkers(text: string): string[] {
  return tokenMarkers(text).filter((marker) => pathOf(marker) !== undefined);
}

/** `$.date` of `JsonPath.stringAt('$.date')`, of which CDK makes the key with `.$`. */
function pathOf(value: string | string[] | number): string | undefined {
  return FieldUtils.renderObject({ value })!['value.$'];
}

function listFieldsIn(list: string[] = []): string[] {
  return [pathOfList(list)].filter((path) => path !== undefined);
}

function pathOfList(list: string[]): string | undefined {
  return Tokenization.reverseList(list) ? pathOf(list) : undefined;
}

/** What stands in a text for its tokens. */
function tokenMarkers(text: string): string[] {
  return Tokenization.reverseString(text).tokens.map((token) => Token.asString(token));
}

/** Changes a text as the template has it. What only the deployment knows is a token in it. */
function asRendered(text: string, change: (rendered: string) => string): string {
  return Token.isUnresolved(text)
    ? Lazy.uncachedString({ produce: (context) => changed(context.resolve(text), change) })
    : change(text);
}

function changed(resolved: any, change: (rendered: string) => string): string | undefined {
  if (typeof resolved === 'string') { return change(resolved); }
  if (typeof resolved !== 'object' || resolved === null) { return resolved; }
  const { 'Fn::Join': join, 'Fn::If': condition } = resolved;
  if (Array.isArray(join) && Array.isArray(join[1])) {
    return change(join[1].map((part) => Token.asString(part)).join(join[0]));
  }
  return Token.asString(Array.isArray(condition)
    ? { 'Fn::If': [condition[0], changed(condition[1], change), changed(condition[2], change)] }
    : resolved);
}

/** Changes what is between the tokens of a text, and between what CloudFormation replaces. */
function outsideTokens(text: string, change: (literal: string) => string): string {
  return outside(text, text.match(DYNAMIC_REFERENCE) ?? [], (piece) => outside(piece, tokenMarkers(piece), change));
}

function outside(text: string, markers: string[], change: (piece: string) => string): string {
  return between(text, markers).map(change).reduce((left, right, i) => `${left}${markers[i - 1]}${right}`);
}

/** The pieces of a text between the markers in it, which are in order. */
function between(text: string, markers: string[]): string[] {
  const pieces: string[] = [];
  let rest = text;
  for (const marker of markers) {
    const start = rest.indexOf(marker);
    pieces.push(rest.slice(0, start));
    rest = rest.slice(start + marker.length);
  }
  return [...pieces, rest];
}
