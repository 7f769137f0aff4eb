import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { Policy } from './deployment';
import { inEnvironment, VERIFICATION } from './tools';

export const CLOUDSPLAINING = inEnvironment('cloudsplaining', 'python');

/**
 * The risks that cloudsplaining sees in policies, by their names: escalation of privileges, exposure of resources and credentials,
 * exfiltration of data and wildcards for services, whatever the resources and conditions are; and with ` on every resource` what has
 * neither.
 */
export function risks(policies: { readonly [name: string]: Policy }): { [name: string]: string[] } {
  const { status, stdout, stderr, error } = spawnSync(CLOUDSPLAINING, [path.join(VERIFICATION, 'judges', 'risks.py')], {
    input: JSON.stringify(policies),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) { throw error; }
  if (status !== 0) { throw new Error(`cloudsplaining did not answer: ${stderr}`); }
  return JSON.parse(stdout);
}
