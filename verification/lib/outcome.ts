import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { App, CfnWaitConditionHandle, Environment, Stack } from 'aws-cdk-lib';
import { findings } from './validation';

// it is not public, nor are its typings packed
const { ValidationError } = require('cdk-spark-emr-serverless/lib/private/validation-error') as { ValidationError: typeof Error };

export type Outcome = 'accepted' | 'refused' | 'refused by aws-cdk-lib';

/** What the value types of aws-cdk-lib throw, and the constructs that are given to the library, by the names of their errors. */
const OF_VALUE_TYPES = [
  // Size and Duration: below zero, a token of another unit, a fraction where none is allowed
  'StorageAmountsCannotNegative', 'DurationAmountsCannotNegative', 'MustBeSizeSpecifiedSize', 'MustBeDurationSpecifiedDuration',
  'CannotConvertedIntoWhole', 'MustBeWholeNumber',
  // Vpc, of which subnets are selected
  'ThereSubnetGroups', 'ThereSubnetGroupsName',
  // Key.fromKeyArn
  'MustBeFormatArnPartitionKmsRegionAccountKeyKeyid',
];

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

/**
 * What becomes of `act` in the stack. Anything but a valid template or an error that tells the user what to change is a defect, and thrown.
 *
 * @param names what an error of the library must name one of
 * @param make what is in the stack before, and stays there when `act` fails
 */
export function outcome<T>(stack: Stack, names: ReadonlySet<string>, make: (stack: Stack) => T, act: (stack: Stack, made: T) => void): Outcome {
  let before: string[] | undefined;
  try {
    const made = make(stack);
    before = constructs(stack);
    act(stack, made);
  } catch (error) {
    const refusal = judge(error as Error, names);
    const added = constructs(stack).filter((one) => before?.includes(one) === false);
    assert.deepEqual(refusal === 'refused' ? added : [], [], 'a refusal leaves constructs behind');
    return refusal;
  }
  return synth(stack, names);
}

function constructs(stack: Stack): string[] {
  return stack.node.findAll().map(({ node }) => node.path);
}

function synth(stack: Stack, names: ReadonlySet<string>): Outcome {
  try {
    (stack.node.root as App).synth();
  } catch (error) {
    return judge(error as Error, names);
  }
  assert.deepEqual(findings(CLOUD_ASSEMBLY), []);
  // the next one must bring its own report
  fs.rmSync(path.join(CLOUD_ASSEMBLY, 'validation-report.json'));
  return 'accepted';
}

function judge(error: Error, names: ReadonlySet<string>): Outcome {
  if (OF_VALUE_TYPES.includes(error.name)) { return 'refused by aws-cdk-lib'; }

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

/** A prop in backticks, or a key that Spark reads. */
function namesOneOf(problem: string, names: ReadonlySet<string>): boolean {
  const props = [...problem.matchAll(/`([^`]+)`/g)].map(([, prop]) => prop.split(/[.[:]/)[0]);
  return props.some((prop) => names.has(prop)) || /["`]spark\.[\w.-]+["`]|-log4j2`/.test(problem);
}

/** Stops also what never comes back by itself, such as a regular expression that backtracks. */
export function withinSeconds<T>(seconds: number, act: () => T): T {
  return runInContext('act()', createContext({ act }), { timeout: seconds * 1000 });
}
