import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { App, CfnWaitConditionHandle, Environment, Stack } from 'aws-cdk-lib';
import { EmrRelease } from 'cdk-spark-emr-serverless';
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

/** What constructs of aws-cdk-lib throw that are made for the library: `Key.fromKeyArn()`. */
const OF_CONSTRUCTS = ['MustBeFormatArnPartitionKmsRegionAccountKeyKeyid'];

/** What the library's functions that make values call their arguments. */
const ARGUMENTS = ['label', 'tagOrDigest', 'imageUri', 'directory'];

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
  /** What they gave: a refusal names one of these. */
  readonly given: (made: T) => string[];
  /** What they do with the result. */
  readonly use?: (stack: Stack, result: R) => void;
}

/** What becomes of it in the stack. Anything but a valid template or an error that tells the user what to change is a defect, and thrown. */
export function outcome<T, R>(stack: Stack, { make, act, given, use }: Attempt<T, R>): Outcome {
  let made: T;
  try {
    made = make(stack);
  } catch (error) {
    return judge(error as Error, ARGUMENTS, [...OF_VALUE_TYPES, ...OF_CONSTRUCTS]);
  }

  const before = constructs(stack);
  const names = given(made);
  let result: R;
  try {
    result = act(stack, made);
  } catch (error) {
    const refusal = judge(error as Error, names, OF_VALUE_TYPES);
    const added = constructs(stack).filter((one) => !before.includes(one));
    assert.deepEqual(refusal === 'refused' ? added : [], [], 'a refusal leaves constructs behind');
    return refusal;
  }
  use?.(stack, result);
  return synth(stack, names);
}

function constructs(stack: Stack): string[] {
  return stack.node.findAll().map(({ node }) => node.path);
}

function synth(stack: Stack, names: string[]): Outcome {
  try {
    (stack.node.root as App).synth();
  } catch (error) {
    return judge(error as Error, names, []);
  }
  assert.deepEqual(findings(CLOUD_ASSEMBLY), []);
  // the next one must bring its own report
  fs.rmSync(path.join(CLOUD_ASSEMBLY, 'validation-report.json'));
  return 'accepted';
}

function judge(error: Error, names: string[], ofCdk: string[]): Outcome {
  if (ofCdk.includes(error.name)) { return 'refused by aws-cdk-lib'; }

  const problems = error instanceof ValidationError ? problemsOf(error.message) : problemsAtSynth(error);
  if (!problems) { throw error; }
  for (const problem of problems) {
    assert.ok(namesOneOf(problem, names), `an error does not name what to change: ${problem}`);
    assert.ok(problem.length <= 1000, `an error is too long to read: ${problem.slice(0, 200)}… (${problem.length} characters)`);
    assert.doesNotMatch(problem, /[\0-\x1f]/, `an error is of several lines: ${JSON.stringify(problem)}`);
  }
  return 'refused';
}

function problemsOf(message: string): string[] {
  return /^\d+ problems in \[/.test(message) ? message.split('\n  - ').slice(1) : [message];
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
