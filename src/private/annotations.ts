import { Annotations } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { printable } from './printable';

export interface Warning {
  /** The id is part of the public contract, because users acknowledge warnings by it. */
  readonly id: string;
  readonly message: string;
}

export function warn(construct: IConstruct, ...warnings: Warning[]): void {
  warnings.forEach(({ id, message }) => Annotations.of(construct).addWarningV2(`cdk-spark-emr-serverless:${id}`, printable(message)));
}
