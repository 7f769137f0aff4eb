import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, Stack } from 'aws-cdk-lib';

/** A folder for the files of a test, which is removed after all tests of the file. */
export function scratchFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'spark-code-test-'));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files below a folder, by their paths. */
export function write(folder: string, files: { [name: string]: string }): string {
  Object.entries(files).forEach(([name, content]) => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  });
  return folder;
}

/** What the CDK CLI uploads: the names of the objects, each with the paths of the files in it, or nothing if the object is one file. */
export function uploads(stack: Stack): { [key: string]: string[] | undefined } {
  const { directory } = (stack.node.root as App).synth();
  const manifest = JSON.parse(fs.readFileSync(path.join(directory, `${stack.artifactId}.assets.json`), 'utf8'));
  const assets = Object.values<any>(manifest.files).filter(({ source }) => !source.path.endsWith('.template.json'));
  return Object.fromEntries(assets.flatMap(({ source, destinations }) => Object.values<any>(destinations).map(({ objectKey }) => {
    const staged = path.resolve(directory, source.path);
    return [objectKey, source.packaging === 'zip' ? filesBelow(staged) : undefined];
  })));
}

function filesBelow(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => entry.isDirectory() ? filesBelow(path.join(folder, entry.name)).map((name) => `${entry.name}/${name}`) : entry.name)
    .sort();
}
