import { contentOf } from './job-logs';

const LAST_BYTES = 256 * 1024;
const MAX_CHARACTERS = 1000;

/** A line of Spark's log. */
const LOG_LINE = /^\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d (?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL) /;

/** Why a job failed, in the words of the service. */
export function failure(exitCode: number, logs: Logs): string {
  const exceptions = lastExceptions({ stdout: contentOf(logs.stdout, LAST_BYTES), stderr: contentOf(logs.stderr, LAST_BYTES) });
  return `Job failed, please check complete logs in configured logging destination. ExitCode: ${exitCode}.`
    + (exceptions === undefined ? '' : ` Last few exceptions: ${shortened(exceptions)}`);
}

export interface Logs {
  /** spark-submit has what a Python program says on stderr here, too. */
  readonly stdout: string;
  readonly stderr: string;
}

/** The last exception that ended the driver, without the stack. */
export function lastExceptions({ stdout, stderr }: Logs): string | undefined {
  const lines = stderr.split(/\r?\n/);
  return ofPython(stdout.split(/\r?\n/)) ?? ofJava(lines) ?? lastError(lines);
}

/** The interpreter prints it after the last traceback that starts a line. What is no Python has no traceback. */
function ofPython(lines: readonly string[]): string | undefined {
  const traceback = lines.lastIndexOf('Traceback (most recent call last):');
  if (traceback < 0) { return lines.filter((line) => /^(Syntax|Indentation|Tab)Error: /.test(line)).pop(); }
  const start = lines.findIndex((line, i) => i > traceback && /^\S/.test(line));
  return start < 0 ? undefined : exceptionAt(lines, start);
}

function ofJava(lines: readonly string[]): string | undefined {
  const start = lines.reduce((last, line, i) => /^Exception in thread "/.test(line) ? i : last, -1);
  return start < 0 ? undefined : exceptionAt(lines, start);
}

/** spark-submit itself refuses a job in one line. */
function lastError(lines: readonly string[]): string | undefined {
  return lines.filter((line) => /^Error: /.test(line) || /^\S+ \S+ (?:ERROR|FATAL) /.test(line)).pop()?.replace(LOG_LINE, '');
}

/** The exception and its causes, without the frames of the stack and up to what Spark logs next. */
function exceptionAt(lines: readonly string[], start: number): string {
  const length = lines.slice(start).findIndex((line) => LOG_LINE.test(line));
  const exception = lines.slice(start, length < 0 ? undefined : start + length);
  const told = exception.filter((line) => line.trim() !== '' && !/^\s+(?:at |\.\.\. \d+ more$|Suppressed: )/.test(line));
  const causes = told.findIndex((line) => /^Caused by: /.test(line));
  // the other lines of causes are for the log
  return (causes < 0 ? told : [...told.slice(0, causes), ...told.slice(causes).filter((line) => /^Caused by: /.test(line))]).join('\n');
}

function shortened(text: string): string {
  return text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS - 1)}…`;
}
