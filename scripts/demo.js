'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { installLibrary, packLibrary } = require('./lib/library');
const { permissions, resources } = require('./lib/permissions');
const { hasPython } = require('./lib/python');
const { ROOT, fail, isOutdated, run } = require('./lib/steps');
const { table } = require('./lib/table');
const { findings } = require('./lib/validation-report');
const { VERIFICATION, setUpPython, setUpSpark, setUpVerification } = require('./lib/verification');

const EXAMPLE = path.join(ROOT, 'examples', 'typescript');
const ASSEMBLY = path.join(EXAMPLE, 'cdk.out');

const tarball = packLibrary();
installLibrary(EXAMPLE, tarball);
checkTypes();
// it packages the Python packages of the pipeline and runs its jobs
const runsJobs = hasPython();
const { program, stack } = runsJobs ? { program: 'pipeline.ts', stack: 'Pipeline' } : { program: 'app.ts', stack: 'SparkDemo' };
if (runsJobs) {
  setUpVerification(tarball);
  setUpPython(['uv', 'moto', 'spark-4.1']);
  setUpSpark(['4.1']);
}
synthesize();
checkFindings();
show(JSON.parse(fs.readFileSync(path.join(ASSEMBLY, `${stack}.template.json`), 'utf8')));
tell();

/** Only a change of the example or of the library can bring an error. */
function checkTypes() {
  const note = path.join(EXAMPLE, 'node_modules', '.types-checked');
  const programs = fs.readdirSync(EXAMPLE).filter((file) => /\.(ts|json)$/.test(file)).map((file) => path.join(EXAMPLE, file));
  if (!isOutdated(note, [tarball, ...programs])) { return; }
  run('Check the types of examples/typescript', 'npm run --silent build', { cwd: EXAMPLE });
  fs.writeFileSync(note, '');
}

function synthesize() {
  fs.rmSync(ASSEMBLY, { recursive: true, force: true });
  const uv = path.join(VERIFICATION, '.venv', 'uv', 'bin');
  run(`Synthesize examples/typescript/${program}, with CloudFormation validation`, `npx cdk synth --quiet --no-notices --app "npx tsx ${program}"`, {
    cwd: EXAMPLE,
    quiet: true,
    env: { CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_VALIDATION: 'true', PATH: `${uv}${path.delimiter}${process.env.PATH}` },
  });
}

function checkFindings() {
  const found = findings(ASSEMBLY);
  if (found.length > 0) { fail(`CloudFormation validation found:\n  ${found.join('\n  ')}`); }
  console.log('  CloudFormation validation found nothing, not even a warning');
}

function show(template) {
  console.log('\nWhat was created\n');
  console.log(table(['resource', 'construct'], resources(template).map(({ type, name }) => [[type], [name]])));
  console.log('\nWho may do what on which ARN, read from the template (… is the Region and account it is deployed to)\n');
  console.log(table(['who', 'may', 'on'], permissions(template).map(({ who, effect, may, on, onlyIf }) => [
    [who],
    effect === 'Allow' ? may : may.map((action) => `not ${action}`),
    [...on, ...onlyIf.flatMap(({ key, oneOf }, i) => [
      `  ${i === 0 ? 'if' : 'and'} ${key} is`,
      ...oneOf.map((value, j) => `    ${j === 0 ? '' : 'or '}${value}`),
    ])],
  ])));
}

/** Runs the jobs, each call decided by the permissions. Spark and the server that keeps the objects of S3 are Python packages. */
function tell() {
  if (runsJobs) {
    run('Run its jobs on this machine: the AWS SDK calls a local endpoint, which decides each call by these permissions, also those of Spark',
      `npm run --silent story -- "${ASSEMBLY}"`, { cwd: VERIFICATION });
  } else {
    console.log('\nWith Python 3.10 or later (python3, with venv), `npm run demo` takes the example pipeline.ts instead, and runs its jobs with Spark on this'
      + '\nmachine: the AWS SDK calls a local endpoint, which decides each call by the permissions of the template');
  }
  console.log(`\nThe template is examples/typescript/cdk.out/${stack}.template.json. To deploy it to your AWS account, with credentials in place:\n`);
  console.log('  cd examples/typescript');
  console.log('  npx cdk bootstrap   # once for an account and Region');
  console.log(`  npx cdk deploy --app "npx tsx ${program}"   # the CDK CLI, aws-cdk@^2, is installed there`);
  console.log(`  npx cdk destroy --app "npx tsx ${program}"  # when you are done; the applications must be stopped, and the bucket Data stays`);
  if (runsJobs) { console.log('\nTo try it yourself on this machine: npm run local -- examples/typescript/cdk.out'); }
}
