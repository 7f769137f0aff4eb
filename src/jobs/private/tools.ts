import { spawnSync } from 'child_process';

// Tools run without a shell: what they are given is never a command.

export interface ToolResult {
  readonly succeeded: boolean;
  /** Whether the tool could be started. */
  readonly found: boolean;
  readonly stdout: string;
  /** What the tool said of itself. Some tools say it on the standard output. */
  readonly messages: string;
}

const MAX_OUTPUT = 256 * 1024 * 1024;

export interface Environment { readonly [name: string]: string }

export function run(command: string, args: string[], directory?: string, environment: Environment = {}): ToolResult {
  const { error, status, signal, stdout, stderr } = spawnSync(command, args, {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    maxBuffer: MAX_OUTPUT,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const ended = signal ? `${command} was ended by ${signal}` : error && !isMissing(error) ? error.message : '';
  return {
    succeeded: status === 0,
    found: !isMissing(error),
    stdout: stdout ?? '',
    messages: [stderr?.trim() ? stderr : stdout, ended].join('\n'),
  };
}

function isMissing(error: Error | undefined): boolean {
  return ['ENOENT', 'EACCES', 'ENOTDIR'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}
