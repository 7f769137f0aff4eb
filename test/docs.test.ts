import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { execute } from './execute';

interface Block {
  readonly page: string;
  readonly title: string;
  readonly line: number;
  readonly code: string;
  readonly program: string;
}

const ROOT = path.join(__dirname, '..');
const { diagrams } = require('../scripts/lib/diagrams');
const { blocks, pages } = require('../scripts/lib/docs');
const BLOCKS: Block[] = blocks();
const PAGES: { name: string; text: string }[] = pages();
const page = (wanted: string) => PAGES.find(({ name }) => name === wanted)!.text;
/** The pages that show how to do something. */
const TASKS = PAGES.filter(({ name, text }) => name.startsWith('docs/') && /^This page (shows|helps) /m.test(text));

describe('the examples', () => {
  const { CDK_CONTEXT_JSON } = process.env;

  beforeAll(() => {
    // they name files of their reader, such as jobs/nightly.py, and install no packages
    process.chdir(path.join(ROOT, 'examples'));
    process.env.CDK_CONTEXT_JSON = JSON.stringify({ 'aws:cdk:bundling-stacks': [] });
  });

  afterAll(() => {
    process.chdir(ROOT);
    if (CDK_CONTEXT_JSON === undefined) { delete process.env.CDK_CONTEXT_JSON; } else { process.env.CDK_CONTEXT_JSON = CDK_CONTEXT_JSON; }
  });

  test('are on the README and on most of the pages by task', () => {
    expect(new Set(BLOCKS.map((block) => block.page)).size).toBeGreaterThan(12);
  });

  test.each(BLOCKS)('of $page, "$title", line $line, run', ({ program }) => {
    const apps = execute(program);

    expect(apps).toHaveLength(1);
    const templates = apps[0].synth().stacks.map((stack) => stack.template);
    expect(templates.length).toBeGreaterThanOrEqual(1);
    expect(JSON.stringify(templates)).toMatch(/AWS::EMRServerless::Application|emr-serverless:StartJobRun|emr-serverless:.*:\/applications\//);
  });

  test('of the README start with the program of examples/typescript, of at most 15 lines', () => {
    const [first] = BLOCKS;

    expect(first.page).toBe('README.md');
    expect(first.code).toBe(fs.readFileSync(path.join(ROOT, 'examples', 'typescript', 'app.ts'), 'utf8'));
    expect(first.code.trim().split('\n').length).toBeLessThanOrEqual(15);
  });

  test.each([['js', 'typescript', 'stack.test.ts'], ['py', 'python', 'test_stack.py']])('of a unit test in %s are what the example runs', (fence, language, file) => {
    const [, code] = new RegExp(`^\`\`\`${fence}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page('docs/testing.md'))!;

    expect(code).toBe(fs.readFileSync(path.join(ROOT, 'examples', language, file), 'utf8'));
  });
});

test('the pages for Python are what `npx projen docs` writes', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/docs.js', '--check', '--cached'], { cwd: ROOT, encoding: 'utf8' });

  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
}, 300_000);

describe('the pictures', () => {
  test('are drawn from their sources: `npx projen diagram` draws them anew', async () => {
    const drawn: { file: string; svg: string }[] = await diagrams();

    expect(drawn.length).toBeGreaterThan(0);
    drawn.forEach(({ file, svg }) => expect(fs.readFileSync(file, 'utf8')).toBe(svg));
  });

  test('have a text alternative that says the same in the README and in the picture', () => {
    const [, alternative] = /^!\[([^\]]+)\]\(https:\/\/raw\.githubusercontent\.com\/.*responsibilities\.svg\)$/m.exec(page('README.md'))!;

    expect(fs.readFileSync(path.join(ROOT, 'docs', 'images', 'responsibilities.svg'), 'utf8')).toContain(`<title>${alternative}`);
  });
});

describe('the pages', () => {
  const anchors = (text: string) => [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\w\- ]/g, '').replace(/ /g, '-'));
  const links = PAGES.flatMap(({ name, text }) => [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => ({ name, target })));

  const ofThisRepository = /^https:.*cdk-spark-emr-serverless\/(blob|tree)\/main\//;
  const local = links.flatMap(({ name, target }) => {
    if (ofThisRepository.test(target)) { return [{ name, target, linked: path.join(ROOT, target.replace(ofThisRepository, '')) }]; }
    if (/^https?:/.test(target)) { return []; }
    return [{ name, target, linked: path.join(ROOT, path.dirname(name), target.startsWith('#') ? path.basename(name) + target : target) }];
  });

  test.each(local)('link $target of $name leads somewhere', ({ linked }) => {
    const [file, anchor] = linked.split('#');

    expect(fs.existsSync(file)).toBe(true);
    if (anchor) { expect(anchors(fs.readFileSync(file, 'utf8'))).toContain(anchor); }
  });

  test('end lines of prose at 140 columns', () => {
    const long = PAGES.flatMap(({ name, text }) => text.replace(/^```[\s\S]*?^```$/gm, '').split('\n')
      // tables, pictures and URLs cannot be broken
      .filter((line) => line.length > 140 && !/^(\||!\[)|https?:\/\//.test(line)).map((line) => `${name}: ${line}`));

    expect(long).toEqual([]);
  });

  test('are all in the index', () => {
    const index = page('docs/README.md');

    PAGES.map(({ name }) => name).filter((name) => name.startsWith('docs/') && name !== 'docs/README.md')
      .forEach((name) => expect(index).toContain(`](${path.basename(name)})`));
  });

  test('by task are in the index for Python too, and in the README', () => {
    const python = fs.readFileSync(path.join(ROOT, 'docs/python/README.md'), 'utf8');
    const readme = page('README.md');

    TASKS.map(({ name }) => path.basename(name)).forEach((name) => {
      expect(python).toContain(`](${name})`);
      expect(readme).toContain(`/docs/${name})`);
    });
  });

  test('by task lead to a page of AWS', () => {
    expect(TASKS.length).toBeGreaterThan(12);
    TASKS.forEach(({ text }) => expect(text).toMatch(/^AWS documentation:\s\[.*\]\(https:\/\/(docs\.)?aws\.amazon\.com\//m));
  });
});

describe('the warnings', () => {
  const sources = fs.readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    .map((file) => fs.readFileSync(path.join(ROOT, 'src', file), 'utf8'));
  const written = sources.flatMap((source) => [...source.matchAll(/\bid: (['`])(.+?)\1/g)].map(([, , id]) => id));

  /** What the ids become that the source composes. */
  const composed: { [id: string]: string[] } = {
    '${kind}PolicyByHand': ['keyPolicyByHand', 'repositoryPolicyByHand'],
    '${prop}TooSmall': ['initialDriverCapacityTooSmall', 'initialExecutorCapacityTooSmall'],
  };
  const ids = [...new Set(written.flatMap((id) => composed[id] ?? id))].sort();

  test('are all in the table of docs/troubleshooting.md, each once', () => {
    const [, rows] = /^\| Id, after `cdk-spark-emr-serverless:` \|.*\n\|[-|]+\|\n((?:\|.*\n)+)/m.exec(page('docs/troubleshooting.md'))!;
    const listed = rows.trim().split('\n').flatMap((row) => [...row.split('|')[1].matchAll(/`(\w+)`/g)].map(([, id]) => id));

    expect(ids.length).toBeGreaterThan(25);
    expect(listed.sort()).toEqual(ids);
  });

  test('that an example acknowledges exist', () => {
    const acknowledged = PAGES.flatMap(({ text }) => [...text.matchAll(/'cdk-spark-emr-serverless:(\w+)'/g)].map(([, id]) => id));

    expect(acknowledged.length).toBeGreaterThan(0);
    expect(ids).toEqual(expect.arrayContaining(acknowledged));
  });
});
