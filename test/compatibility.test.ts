import * as fs from 'fs';
import * as path from 'path';
import { execute } from './execute';

const { differences } = require('../scripts/lib/differences');

const EXAMPLES = path.join(__dirname, '..', 'examples', 'typescript');

/** What aws-cdk-lib makes by itself differs between its versions: the function of a custom resource, and the trust of a state machine. */
const OF_CDK = /^\/Resources\/(AWS679f53fac002430cb0da5b7982bd22872D164C4C|StateMachineRoleB840431D)\//;

/** What users have deployed: another logical id or another property replaces resources of theirs or takes away what they rely on. */
test.each(['minimal', 'everything', 'pipeline'])('examples/typescript/%s gives the template that is committed', (program) => {
  const committed = path.join(__dirname, 'templates', `${program}.json`);
  const [app] = execute(fs.readFileSync(path.join(EXAMPLES, `${program}.ts`), 'utf8'), EXAMPLES);
  const [{ template }] = app.synth().stacks;

  if (process.env.UPDATE_TEMPLATES) { fs.writeFileSync(committed, `${JSON.stringify(template, undefined, 2)}\n`); }

  const found: string[] = differences(JSON.parse(fs.readFileSync(committed, 'utf8')), template);
  expect(found.filter((difference) => !OF_CDK.test(difference))).toEqual([]);
});
