import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { App, CfnWaitConditionHandle, Environment, Stack } from 'aws-cdk-lib';
import { EmrRelease } from 'cdk-spark-emr-serverless';
import { SECRET, WILD } from './arbitrary-values';
import { findings } from './validation';

// it is not public: what the library throws shows it
const ValidationError = errorClass(() => EmrRelease.of(''));

export type Outcome = 'accepted' | 'refused' | 'refused by aws-cdk-lib';

/** What value types of aws-cdk-lib throw, by the names of their errors: Size and Duration. */
const OF_VALUE_TYPES = [
  // below zero, a token of another unit, a fraction where none is allowed
  'StorageAmountsCannotNegative', 'DurationAmountsCannotNegative', 'MustBeSizeSpecifiedSize', 'MustBeDurationSpecifiedDuration',
  'CannotConvertedIntoWhole', 'MustBeWholeNumber',
];

/** What constructs of aws-cdk-lib throw of values that the library hands on. */
const OF_CONSTRUCTS = ['DescriptionTooLong', 'InvalidJsonPathStart', 'TryingToResolveNonDataObject'];

/** What the library's functions that make values call their arguments. */
const ARGUMENTS = ['label', 'tagOrDigest', 'imageUri', 'directory', 'executionTimeout', 'maxAttempts', 'maxFailedAttemptsPerHour'];

// one for all apps of a process; thousands of them would fill the disk
const CLOUD_ASSEMBLY = fs.mkdtempSync(path.join(os.tmpdir(), 'outcome-'));
process.on('exit', () => fs.rmSync(CLOUD_ASSEMBLY, { recursive: true }));

// the other tests of this package do without the validator
delete process.env.CDK_VALIDATION;

/** The stack that something is tried in; what CDK's validator finds in its template is an error. */
export function newStack(env?: Environment): Stack {
  const app = new App({
    outdir: CLOUD_ASSEMBLY,
    analyticsReporting: false,
    treeMetadata: false,
    context: { '@aws-cdk/core:validateAgainstDefaultRules': true },
  });
  const stack = new Stack(app, 'Stack', { env });
  // a template must have a resource
  new CfnWaitConditionHandle(stack, 'Anchor');
  return stack;
}

/** Something that users do. */
export interface Attempt<T, R> {
  /** What they have before, which stays there when `act` fails. */
  readonly make: (stack: Stack) => T;
  readonly act: (stack: Stack, made: T) => R;
  /** What they gave: a refusal names one of these. Without, it may name anything. */
  readonly given?: (made: T) => string[];
  /** What they do with the result. */
  readonly use?: (stack: Stack, result: R) => void;
  /** What else must hold once there is a valid template. */
  readonly expect?: (stack: Stack, result: R) => void;
}

/**
 * What becomes of it in the stack. Anything but a valid template or an error that tells the user what to change is a defect, and thrown.
 */
export function outcome<T, R>(stack: Stack, { make, act, given, use, expect }: Attempt<T, R>): Outcome {
  let made: T;
  try {
    made = make(stack);
  } catch (error) {
    // what else they have is between them and aws-cdk-lib
    return isOfCdk(error as Error) ? 'refused by aws-cdk-lib' : judge(error as Error, ARGUMENTS, []);
  }

  const before = constructs(stack);
  const names = given?.(made);
  let result: R;
  try {
    result = act(stack, made);
  } catch (error) {
    const refusal = judge(error as Error, names, [...OF_VALUE_TYPES, ...OF_CONSTRUCTS]);
    const added = constructs(stack).filter((one) => !before.includes(one));
    assert.deepEqual(refusal === 'refused' ? added : [], [], 'a refusal leaves constructs behind');
    return refusal;
  }
  try {
    use?.(stack, result);
  } catch (error) {
    // what is hostile may be refused as late as it is used
    if (names) { throw error; }
    return judge(error as Error, names, [...OF_VALUE_TYPES, ...OF_CONSTRUCTS]);
  }
  const found = synth(stack, names);
  if (found === 'accepted') { expect?.(stack, result); }
  return found;
}

/** Whether a construct or a value type of aws-cdk-lib threw it, which says so where the first frame would be. */
function isOfCdk({ stack }: Error): boolean {
  return /\n {4}\.{3}\S+ in aws-cdk-lib\.{3}\n/.test(stack ?? '');
}

function constructs(stack: Stack): string[] {
  return stack.node.findAll().map(({ node }) => node.path);
}

function synth(stack: Stack, names?: string[]): Outcome {
  try {
    (stack.node.root as App).synth();
  } catch (error) {
    return judge(error as Error, names, []);
  }
  assert.deepEqual(findings(CLOUD_ASSEMBLY), []);
  annotations(stack).forEach((message) => checkReadable(message));
  checkPolicies(JSON.parse(fs.readFileSync(path.join(CLOUD_ASSEMBLY, 'Stack.template.json'), 'utf8')));
  // the next one must bring its own report
  fs.rmSync(path.join(CLOUD_ASSEMBLY, 'validation-report.json'));
  return 'accepted';
}

function judge(error: Error, names: string[] | undefined, ofCdk: string[]): Outcome {
  if (ofCdk.includes(error.name)) { return 'refused by aws-cdk-lib'; }

  const problems = error instanceof ValidationError ? problemsOf(error.message) : problemsAtSynth(error);
  if (!problems) { throw error; }
  assert.ok(error.message.length < 20_000, `an error has ${error.message.length} characters: ${JSON.stringify(error.message.slice(0, 200))}…`);
  for (const problem of problems) {
    assert.ok(!names || namesOneOf(problem, names), `an error does not name what to change: ${JSON.stringify(problem)}`);
    assert.ok(problem.length <= 1000, `an error is too long to read: ${problem.slice(0, 200)}… (${problem.length} characters)`);
    checkReadable(problem);
  }
  return 'refused';
}

/** What ends a line, moves the cursor, turns the direction of text, or is no character. */
const UNREADABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

function checkReadable(message: string): void {
  assert.doesNotMatch(message, UNREADABLE, `a message has a character that nobody can read: ${JSON.stringify(message)}`);
  assert.ok(!message.includes(SECRET), `a message has a secret: ${JSON.stringify(message)}`);
}

function annotations(stack: Stack): string[] {
  return stack.node.findAll().flatMap(({ node }) => node.metadata)
    .filter(({ type }) => /^aws:cdk:(info|warning|error)$/.test(type))
    .map(({ data }) => String(data));
}

/** A wildcard or a policy variable that was given; what IAM takes for the character itself is neither. */
const GIVEN_PATTERN = new RegExp(`${WILD}([*?]|\\$\\{(?![*?$]\\}))`);

function checkPolicies(value: unknown): void {
  if (typeof value !== 'object' || value === null) { return; }
  if ('Statement' in value && 'Version' in value) {
    const policy = JSON.stringify(value);
    assert.doesNotMatch(policy, GIVEN_PATTERN, `a policy has a wildcard or variable that was given: ${policy}`);
  }
  Object.values(value).forEach(checkPolicies);
}

function problemsOf(message: string): string[] {
  const [, count] = /^(\d+) problems(?: in \[[^\n]*\])?:\n/.exec(message) ?? [];
  if (!count) { return [message]; }
  const [list, more] = message.split(/\n {2}and (\d+) more$/);
  const problems = list.split('\n  - ').slice(1);
  assert.equal(problems.length + Number(more ?? 0), Number(count), `an error has more lines than problems: ${JSON.stringify(message)}`);
  return problems;
}

/** What `node.addValidation()` found comes in one error of aws-cdk-lib. */
function problemsAtSynth({ message }: Error): string[] | undefined {
  const [, ...problems] = message.split(/\n {2}(?=\[Stack)/);
  return message.startsWith('Validation failed with the following errors:') ? problems : undefined;
}

/** A prop in backticks, or a key or classification that was given in one. */
function namesOneOf(problem: string, names: string[]): boolean {
  const props = [...problem.matchAll(/`([^`]+)`/g)].map(([, prop]) => prop.split(/[.[:]/)[0]);
  const hasConfigurations = names.some((name) => ['sparkProperties', 'configurations'].includes(name));
  return props.some((prop) => names.includes(prop)) || (hasConfigurations && /["`]spark\.[\w.-]+["`]|-log4j2`/.test(problem));
}

/** Stops also what never comes back by itself, such as a regular expression that backtracks. */
export function withinSeconds<T>(seconds: number, act: () => T): T {
  return runInContext('act()', createContext({ act }), { timeout: seconds * 1000 });
}

function errorClass(refused: () => unknown): Function {
  try {
    refused();
  } catch (error) {
    return (error as Error).constructor;
  }
  throw new Error('nothing was thrown');
}
