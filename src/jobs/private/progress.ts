import { spawn } from 'child_process';
import { printable } from '../../private/printable';

const SECONDS_BETWEEN = 10;

/** Runs in a process of its own, because the program waits for the installer. It ends when its input ends, as the program does. */
const TICKER = `
  const start = Date.now();
  setInterval(() => process.stderr.write('  … ' + Math.round((Date.now() - start) / 1000) + ' s\\n'), ${SECONDS_BETWEEN * 1000});
  process.stdin.on('end', () => process.exit()).on('error', () => process.exit()).resume();
`;

/** Says on the standard error what takes long, and for how long already. */
export function withProgress<T>(what: string, work: () => T): T {
  const start = Date.now();
  process.stderr.write(`${printable(what)}…\n`);
  const ticker = spawn(process.execPath, ['-e', TICKER], { stdio: ['pipe', 'ignore', 'inherit'], env: {} }).on('error', () => {});
  // the program may end although the ticker has not
  ticker.unref();
  try {
    const result = work();
    process.stderr.write(`${printable(what)}: done in ${((Date.now() - start) / 1000).toFixed(1)} s\n`);
    return result;
  } finally {
    ticker.stdin.destroy();
    ticker.kill();
  }
}
