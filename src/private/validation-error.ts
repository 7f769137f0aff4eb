import { IConstruct } from 'constructs';
import { Problems } from './checks';

/**
 * An error for input that AWS would refuse. The class of the same name in aws-cdk-lib is internal, and its constructor has changed between
 * minor versions.
 */
export class ValidationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ValidationError';
  }
}

/**
 * Throws one error with all problems. Call it before anything is added to the construct tree. There is no scope for a value that belongs to
 * no construct yet.
 */
export function refuse(scope: IConstruct | undefined, id: string, problems: Problems): void {
  if (problems.length === 0) { return; }
  const path = [scope?.node.path, id].filter(Boolean).join('/');
  const place = path === '' ? '' : ` [${path}]`;
  throw new ValidationError(problems.length === 1
    ? `${problems[0]}${place}`
    : `${problems.length} problems${place && ` in${place}`}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
}
