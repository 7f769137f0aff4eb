import { spawnSync } from 'node:child_process';
import { inEnvironment, VERIFICATION } from './tools';

export const CFN_LINT = inEnvironment('cfn-lint', 'cfn-lint');

interface Match {
  readonly Filename: string;
  readonly Location: { readonly Path: (string | number)[] };
  readonly Message: string;
  readonly Rule: { readonly Id: string };
}

/** Errors and warnings in templates that go to these Regions, among them W3037 for an action that IAM does not have. */
export function cfnLint(templates: string[], regions: string[]): string[] {
  const { stdout, stderr, error } = spawnSync(CFN_LINT, [
    '--format', 'json', '--mandatory-checks', 'W3037', '--regions', ...regions, '--template', ...templates,
  ], { encoding: 'utf8', cwd: VERIFICATION, maxBuffer: 64 * 1024 * 1024 });
  if (error) { throw error; }
  if (!stdout) { throw new Error(`cfn-lint says nothing: ${stderr}`); }
  return (JSON.parse(stdout) as Match[]).map((match) => `${match.Rule.Id} ${match.Filename}/${match.Location.Path.join('/')}: ${match.Message}`);
}
