import { Duration, Stack } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { onlyResource } from '../util';

export const DAILY = ScheduleExpression.rate(Duration.days(1));

/** The properties of the only schedule. */
export function schedule(stack: Stack): Record<string, any> {
  return onlyResource(stack, 'AWS::Scheduler::Schedule');
}

/** The request that EventBridge Scheduler sends, after the deployment has put the name of the resource in place of each token. */
export function requestOf({ Target: { Input } }: Record<string, any>): any {
  const parts: unknown[] = typeof Input === 'string' ? [Input] : Input['Fn::Join'][1];
  return JSON.parse(parts.map((part) => typeof part === 'string' ? part : nameOf(part as object)).join(''));
}

function nameOf(token: object): string {
  return Object.values(token).flat().join('.');
}
