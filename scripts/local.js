'use strict';

const { createRequire } = require('node:module');
const path = require('node:path');
const { packLibrary } = require('./lib/library');
const { fail } = require('./lib/steps');
const { VERIFICATION, setUpPython, setUpSpark, setUpVerification } = require('./lib/verification');

const [folder, environment] = process.argv.slice(2);
if (!folder) { fail('`npm run local` needs a cloud assembly: npm run local -- ../my-app/cdk.out [aws://<account>/<Region>]'); }

setUpVerification(packLibrary());
const { require: typescript } = createRequire(path.join(VERIFICATION, 'package.json'))('tsx/cjs/api');
const load = (file) => typescript(path.join(VERIFICATION, 'local', file), __filename);

const assembly = read();
assembly.warnings.forEach((warning) => console.log(`⚠ ${warning}`));
if (!setUpPython(['moto'])) { fail('Python 3.10 or later (python3, with venv) is needed for the local service'); }
const needed = lines();
if (needed.length > 0) { setUpSpark(needed); }
load('local.ts').serve(assembly).catch((error) => fail(error.message));

function read() {
  const { LocalAssembly, placeIn } = load('assembly.ts');
  try {
    // npm changes to the folder of the project
    return LocalAssembly.read(path.resolve(process.env.INIT_CWD ?? '.', folder), environment && placeIn(...accountAndRegion()));
  } catch (error) {
    return fail(error.message);
  }
}

function accountAndRegion() {
  const [, account, region] = /^aws:\/\/(\d{12})\/([a-z0-9-]+)$/.exec(environment) ?? [];
  return account ? [account, region] : fail(`the environment must be aws://<account>/<Region>, such as aws://111122223333/eu-west-1, got: ${environment}`);
}

/** The lines of Spark that the applications have; each takes long to install. */
function lines() {
  const { lineOfRelease } = load('spark-release.ts');
  return [...new Set(assembly.applications.flatMap(({ properties }) => {
    try {
      return [lineOfRelease(String(properties.ReleaseLabel))];
    } catch (error) {
      console.log(`⚠ ${error.message}`);
      return [];
    }
  }))];
}
