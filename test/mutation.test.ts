import { readdirSync, readFileSync } from 'fs';
import { basename, join } from 'path';

test('the runner of mutation testing has each member of jest that the tests use', () => {
  const used = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(join(__dirname, file), 'utf8').matchAll(/\bjest\.([a-z]\w*)/g)].map(([, member]) => member));
  const [, runner] = /const jest = \{(.*?)\n {4}\};/s.exec(readFileSync(join(__dirname, '../mutation/runner.mjs'), 'utf8'))!;

  expect([...new Set(used)].filter((member) => !new RegExp(`^ {6}${member}:`, 'm').test(runner))).toEqual([]);
  expect(used).toContain('spyOn');
});

test('the table of survivors names files and functions that exist', () => {
  const [, table] = /^## Survivors$([\s\S]*?)^## /m.exec(readFileSync(join(__dirname, '../mutation/README.md'), 'utf8'))!;
  const src = join(__dirname, '../src');
  const sources = new Map(readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    .map((file) => [basename(file), readFileSync(join(src, file), 'utf8')]));
  const named = table.split('\n').filter((row) => row.startsWith('| `')).map((row) => [...row.split('|')[1].matchAll(/`([^`]+)`/g)].map(([, name]) => name));

  expect(named.length).toBeGreaterThan(20);
  expect(named.flatMap((names) => {
    const [files, functions] = [true, false].map((isFile) => names.filter((name) => name.endsWith('.ts') === isFile));
    const text = files.map((file) => sources.get(file) ?? '').join('\n');
    return [
      ...files.filter((file) => !sources.has(file)),
      ...functions.filter((name) => !name.split('.').every((part) => new RegExp(`\\b${part.replace('()', '\\(')}`).test(text))),
    ];
  })).toEqual([]);
});
