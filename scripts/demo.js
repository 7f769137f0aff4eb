'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { packLibrary } = require('./lib/library');
const { permissions, resources } = require('./lib/permissions');
const { hasPython } = require('./lib/python');
const { ROOT, fail, run } = require('./lib/steps');
const { table } = require('./lib/table');
const { findings } = require('./lib/validation-report');
const { VERIFICATION, setUpPython, setUpVerification } = require('./lib/verification');

const EXAMPLE = path.join(ROOT, 'examples', 'typescript');
const ASSEMBLY = path.join(EXAMPLE, 'cdk.out');

const tarball = packLibrary();
installExample(tarball);
run('Check the types of examples/typescript', 'npm run --silent build', { cwd: EXAMPLE });

fs.rmSync(ASSEMBLY, { recursive: true, force: true });
run('Synthesize examples/typescript, with CloudFormation validation', 'npx cdk synth --quiet --no-notices', {
  cwd: EXAMPLE,
  quiet: true,
  env: { CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_VALIDATION: 'true' },
});
checkFindings();
show(JSON.parse(fs.readFileSync(path.join(ASSEMBLY, 'SparkDemo.template.json'), 'utf8')));
tell();

/** The lock file of the example gives everything but the library, which comes from the tarball and is never asked for by name. */
function installExample(file) {
  run('Install it into examples/typescript, as its users do', `npm install --no-save "${file}"`, { cwd: EXAMPLE, quiet: true });
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

/** What the permissions do to a job. The server that keeps the state of applications and job runs is written in Python. */
function tell() {
  if (hasPython()) {
    console.log('\nNow what they do to jobs:');
    setUpVerification(tarball);
    setUpPython(['moto']);
    run('Submit jobs with the AWS SDK to a local endpoint, which decides by these permissions', 'npm run --silent story', { cwd: VERIFICATION });
  } else {
    console.log('\nWith Python 3.10 or later (python3, with venv), `npm run demo` also submits jobs with the AWS SDK to a local endpoint, which decides'
      + '\nby these permissions, and shows who was let in');
  }
  console.log('\nThe template is examples/typescript/cdk.out/SparkDemo.template.json. To deploy it to your AWS account, with credentials in place:\n');
  console.log('  cd examples/typescript');
  console.log('  npx cdk bootstrap   # once for an account and Region');
  console.log('  npx cdk deploy      # the CDK CLI, aws-cdk@^2, is installed there');
  console.log('  npx cdk destroy     # when you are done; the application must be stopped, and the bucket Data stays');
}
