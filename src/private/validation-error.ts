import { IConstruct } from 'constructs';
import { Problems } from './checks';
import { printable } from './printable';

/** No error lists more. */
export const MAX_PROBLEMS = 50;

/**
 * An error for input that AWS would refuse. The class of the same name in aws-cdk-lib is internal, and its constructor has changed between
 * minor versions.
 */
export class ValidationError extends Error {
  constructor(public readonly problems: Problems, place?: string) {
    super(described(problems, place === undefined ? '' : printable(place)));
    this.name = 'ValidationError';
  }

  /** jsii shows the message for a constructor, and this text for a method. Both are the same. */
  public override toString(): string {
    return this.message;
  }
}

function described(problems: Problems, place: string): string {
  const [problem] = problems;
  if (problems.length === 1) { return `${printable(problem)}${place && ` [${place}]`}`; }
  const more = problems.length - MAX_PROBLEMS;
  return [
    `${problems.length} problems${place && ` in [${place}]`}:`,
    ...problems.slice(0, MAX_PROBLEMS).map((line) => `  - ${printable(line)}`),
    ...more > 0 ? [`  and ${more} more`] : [],
  ].join('\n');
}

/**
 * Throws one error with all problems. Call it before anything is added to the construct tree. There is no scope for a value that belongs to
 * no construct yet.
 */
export function refuse(scope: IConstruct | undefined, id: string, problems: Problems): void {
  if (problems.length === 0) { return; }
  throw new ValidationError(problems, [scope?.node.path, id].filter(Boolean).join('/') || undefined);
}

/** Looks for problems when the app is synthesized. CDK reports those of all constructs together. */
export function refuseAtSynthesis(construct: IConstruct, problems: () => Problems): void {
  const found = () => {
    try {
      return problems();
    } catch (error) {
      if (error instanceof ValidationError) { return error.problems; }
      throw error;
    }
  };
  construct.node.addValidation({ validate: () => [...new Set(found())].slice(0, MAX_PROBLEMS).map(printable) });
}
