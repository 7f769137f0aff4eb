import * as fs from 'fs';
import * as path from 'path';
import { execute } from './execute';

interface Block {
  readonly title: string;
  readonly nofixture: boolean;
  readonly code: string;
  readonly program: string;
}

const ROOT = path.join(__dirname, '..');
const BLOCKS: Block[] = require('../scripts/lib/readme').blocks();

describe('README', () => {
  test('has a block for each of its tasks', () => {
    expect(BLOCKS.length).toBeGreaterThan(12);
    expect(BLOCKS.filter(({ nofixture }) => nofixture)).toHaveLength(1);
  });

  test.each(BLOCKS.map((block, i) => ({ ...block, i })))('block $i, of "$title", runs', ({ program }) => {
    const apps = execute(program);

    expect(apps).toHaveLength(1);
    const templates = apps[0].synth().stacks.map((stack) => stack.template);
    expect(templates).toHaveLength(1);
    expect(JSON.stringify(templates)).toMatch(/AWS::EMRServerless::Application|emr-serverless:StartJobRun/);
  });

  test('starts with the program of examples/typescript, of at most 15 lines', () => {
    const [{ code }] = BLOCKS;

    expect(code).toBe(fs.readFileSync(path.join(ROOT, 'examples', 'typescript', 'app.ts'), 'utf8'));
    expect(code.trim().split('\n').length).toBeLessThanOrEqual(15);
  });

  test.each([['js', 'typescript', 'stack.test.ts'], ['py', 'python', 'test_stack.py']])('shows a unit test in %s that the example runs', (fence, language, file) => {
    const [, code] = new RegExp(`^\`\`\`${fence}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8'))!;

    expect(code).toBe(fs.readFileSync(path.join(ROOT, 'examples', language, file), 'utf8'));
  });
});
