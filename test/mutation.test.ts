import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

test('the runner of mutation testing has each member of jest that the tests use', () => {
  const used = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(join(__dirname, file), 'utf8').matchAll(/\bjest\.([a-z]\w*)/g)].map(([, member]) => member));
  const [, runner] = /const jest = \{(.*?)\n {4}\};/s.exec(readFileSync(join(__dirname, '../mutation/runner.mjs'), 'utf8'))!;

  expect([...new Set(used)].filter((member) => !new RegExp(`^ {6}${member}:`, 'm').test(runner))).toEqual([]);
  expect(used).toContain('spyOn');
});
