'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { differences } = require('./lib/differences');
const { askedFor, forEachLanguage } = require('./lib/languages');
const { compileLibrary } = require('./lib/library');
const { ROOT, fail, run } = require('./lib/steps');

const PROGRAMS = ['minimal', 'everything', 'pipeline'];
// what a user's own runs leave in an example
const MADE = ['node_modules', 'cdk.out', 'target', 'bin', 'obj', '.venv'];
const WORK = path.join(ROOT, '.languages');
// no packages are installed, and the template is the same
const CONTEXT = JSON.stringify({ 'aws:cdk:bundling-stacks': [] });

const names = process.argv.slice(2);
// TypeScript comes along: the others are compared with it, and Go's bindings are made of what it installs
const asked = askedFor(names.length > 0 ? ['typescript', ...names] : []);
compileLibrary();
copyJobs();
forEachLanguage('The same programs in every language, against the built packages', asked, test);

/**
 * Builds the package, installs it into a copy of the example as a user would, and compares what its programs synthesize with TypeScript.
 */
function test(language) {
  const folder = path.join(WORK, language.name);
  copyExample(language, folder);
  language.build();
  language.install(folder);
  PROGRAMS.forEach((program) => {
    const assembly = path.join(WORK, 'cdk.out', language.name, program);
    fs.rmSync(assembly, { recursive: true, force: true });
    run(`${language.name}: synthesize ${program}`, language.command(program), {
      cwd: folder,
      quiet: true,
      env: {
        CDK_OUTDIR: assembly,
        CDK_CONTEXT_JSON: CONTEXT,
        CDK_VALIDATION: 'false',
        JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
        ...language.env,
      },
    });
    compare(language, program, assembly);
  });
  if (language.types) { run(`${language.name}: check the types of the programs (mypy)`, language.types, { cwd: folder, quiet: true }); }
  if (language.unitTests) { run(`${language.name}: unit tests of a user`, language.unitTests, { cwd: folder, quiet: true, env: language.env }); }
}

/** The code of the jobs, which stands once beside the examples of all languages. */
function copyJobs() {
  const jobs = path.join(WORK, 'jobs');
  fs.rmSync(jobs, { recursive: true, force: true });
  fs.cpSync(path.join(ROOT, 'examples', 'jobs'), jobs, { recursive: true });
}

/** What the example keeps between two runs, such as installed dependencies, stays. */
function copyExample({ name, keep = [] }, folder) {
  const example = path.join(ROOT, 'examples', name);
  fs.mkdirSync(folder, { recursive: true });
  fs.readdirSync(folder).filter((entry) => !keep.includes(entry))
    .forEach((entry) => fs.rmSync(path.join(folder, entry), { recursive: true }));
  fs.readdirSync(example).filter((entry) => ![...MADE, ...keep].includes(entry))
    .forEach((entry) => fs.cpSync(path.join(example, entry), path.join(folder, entry), { recursive: true }));
}

function compare({ name }, program, assembly) {
  const found = differences(template(path.join(WORK, 'cdk.out', 'typescript', program)), template(assembly));
  if (found.length > 0) { fail(`${name}: ${program} differs from TypeScript:\n  ${found.join('\n  ')}`); }
}

function template(assembly) {
  const [file] = fs.readdirSync(assembly).filter((entry) => entry.endsWith('.template.json'));
  const { Resources, ...others } = JSON.parse(fs.readFileSync(path.join(assembly, file), 'utf8'));
  return { Resources: Object.fromEntries(Object.entries(Resources).map(([id, resource]) => [id, withCalls(resource)])), ...others };
}

/** aws-cdk-lib writes the call of a custom resource as a text, with the members in the order that the language gives them. */
function withCalls(resource) {
  if (resource.Type !== 'Custom::AWS') { return resource; }
  const properties = Object.entries(resource.Properties).map(([name, value]) => [name, value['Fn::Join'] ? parsed(value['Fn::Join'][1]) : value]);
  return { ...resource, Properties: Object.fromEntries(properties) };
}

/** What JSON says in which references stand within the texts. */
function parsed(parts) {
  const inText = (reference) => JSON.stringify(JSON.stringify(reference)).slice(1, -1);
  return JSON.parse(parts.map((part) => typeof part === 'string' ? part : inText(part)).join(''));
}
