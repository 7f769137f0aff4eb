/** The longest time that a timer of Node.js takes; it ends a longer one at once. */
const LONGEST = 2 ** 31 - 1;

/** Does something later. Who ends the service does not wait for it. */
export function later(milliseconds: number, act: () => void): NodeJS.Timeout {
  return setTimeout(act, Math.min(milliseconds, LONGEST)).unref();
}
