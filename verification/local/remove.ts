import * as fs from 'node:fs/promises';
import * as path from 'node:path';

/** Removes a folder, also one in which a job took away the right to write. */
export async function remove(folder: string): Promise<void> {
  await makeWritable(folder);
  await fs.rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

async function makeWritable(folder: string): Promise<void> {
  const entries = await fs.chmod(folder, 0o700).then(() => fs.readdir(folder, { withFileTypes: true }), () => []);
  for (const entry of entries.filter((one) => one.isDirectory())) { await makeWritable(path.join(folder, entry.name)); }
}
