import * as fs from 'fs';
import * as path from 'path';
import { execute } from './execute';

const { differences } = require('../scripts/lib/differences');

const ROOT = path.join(__dirname, '..');

/** What users have deployed: another logical id or another property replaces resources of theirs or takes away what they rely on. */
test.each(['minimal', 'everything'])('examples/typescript/%s gives the template that is committed', (program) => {
  const committed = path.join(__dirname, 'templates', `${program}.json`);
  const [app] = execute(fs.readFileSync(path.join(ROOT, 'examples', 'typescript', `${program}.ts`), 'utf8'));
  const [{ template }] = app.synth().stacks;

  if (process.env.UPDATE_TEMPLATES) { fs.writeFileSync(committed, `${JSON.stringify(template, undefined, 2)}\n`); }

  expect(differences(JSON.parse(fs.readFileSync(committed, 'utf8')), template)).toEqual([]);
});
