import { IConstruct } from 'constructs';
import { Problems } from './checks';

/**
 * Thrown for input that AWS would refuse. It is not aws-cdk-lib's class of that name: that one is internal and its
 * constructor has changed between minor versions.
 */
export class ValidationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ValidationError';
  }
}

/**
 * Throws one error that holds all the problems, before anything is added to the construct tree.
 */
export function refuse(scope: IConstruct, id: string, problems: Problems): void {
  if (problems.length === 0) { return; }
  const path = [scope.node.path, id].filter(Boolean).join('/');
  throw new ValidationError(problems.length === 1
    ? `${problems[0]} [${path}]`
    : `${problems.length} problems in [${path}]:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
}
