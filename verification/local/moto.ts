import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { withoutAws } from './machine-environment';
import { inEnvironment, missing } from '../lib/tools';

export const PYTHON = inEnvironment('moto', 'python');

/** moto keeps the state of the AWS services that the local service does not answer for itself; it decides nothing. */
export class Moto {
  public static async start(account: string): Promise<Moto> {
    if (!existsSync(PYTHON)) { throw new Error(missing(PYTHON)); }
    const server = spawn(PYTHON, [path.join(__dirname, 'moto_server.py')], { env: { ...withoutAws(), MOTO_ACCOUNT_ID: account } });
    const complaints = text(server.stderr);
    const died = once(server, 'close').then(async () => { throw new Error(`moto did not start:\n${await complaints}`); });
    const ready = once(createInterface(server.stdout), 'line', { signal: AbortSignal.timeout(60_000) });
    try {
      const [endpoint] = await Promise.race([ready, died]);
      // who forgets to close it may still end, and it ends with them
      [server, server.stdin, server.stdout, server.stderr].forEach((handle) => (handle as ChildProcess | Socket).unref());
      return new Moto(endpoint, server);
    } catch (error) {
      server.kill('SIGKILL');
      throw error;
    }
  }

  private readonly exited: Promise<unknown>;

  private constructor(public readonly endpoint: string, private readonly server: ChildProcess) {
    this.exited = once(server, 'exit');
  }

  public get pid(): number {
    return this.server.pid!;
  }

  public async close(): Promise<void> {
    this.server.ref();
    this.server.kill('SIGKILL');
    await this.exited;
  }
}
