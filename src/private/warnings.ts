import { Annotations } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';

/**
 * Adds a warning. Its id is part of the public contract: users acknowledge warnings by it.
 */
export function warn(construct: IConstruct, id: string, message: string): void {
  Annotations.of(construct).addWarningV2(`cdk-spark-emr-serverless:${id}`, message);
}
