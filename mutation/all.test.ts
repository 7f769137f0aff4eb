import * as fs from 'fs';
import * as path from 'path';

const ROOT = path.join(__dirname, '..');
const TEST_FILES = fs.readdirSync(path.join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts')).sort();

// what these look at is not src: the packed library, its documents, the scripts and what they print, the examples, the workflows
const NOT_OF_SRC = [
  'benchmark', 'compatibility', 'demo', 'docs', 'languages', 'package', 'property-coverage', 'workflows',
].map((name) => `${name}.test.ts`);

const stryker: { currentTestId?: string } = (globalThis as { __stryker__?: object }).__stryker__ ?? {};

/** What does not load fails a test; as it stands it would be an error of all tests, which Stryker leaves out of the score. */
function load(module: string): void {
  let failure: unknown;
  test('loads', () => {
    if (failure !== undefined) { throw failure; }
  });
  try {
    require(path.join(ROOT, module));
  } catch (error) {
    failure = error;
  }
}

describe('src', () => load('src'));

for (const file of TEST_FILES.filter((name) => !NOT_OF_SRC.includes(name))) {
  describe(file, () => {
    // what runs meanwhile would be static to Stryker, and every such mutant run all tests
    stryker.currentTestId = `${file} loads`;
    load(`test/${file}`);
    stryker.currentTestId = undefined;
  });
}
