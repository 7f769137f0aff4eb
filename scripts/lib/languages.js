'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { artifact, pack } = require('./library');
const { hasPython, installWheel, virtualEnvironment } = require('./python');
const { ROOT, fail, run } = require('./steps');

/** One version for all languages, the newest that npm, PyPI and Maven Central all have. */
const CDK = '2.271.0';
const CONSTRUCTS = '10.8.1';

const MYPY = '2.4.1';
const PYTEST = '9.2.0';
const TWINE = '7.0.0';

const MAVEN = `mvn -q -B "-Dmaven.repo.local=../maven" -Dcdk.version=${CDK} -Dconstructs.version=${CONSTRUCTS}`;

/** Whether a command is there and says a version that is no older. */
function hasCommand(command, minimum = '0.0.0') {
  // it is there once the project is installed
  const { coerce, gte } = require('semver');
  const { status, stdout } = spawnSync(command, { shell: true, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 && gte(coerce(stdout) ?? '0.0.0', minimum);
}

/** What is generated here is in no checksum database. */
const GO = { GOFLAGS: '-mod=mod', GOSUMDB: 'off' };

/** A folder of packages that no other project on the machine reads. */
const NUGET = { NUGET_PACKAGES: path.join(ROOT, '.languages', 'nuget') };

/**
 * How a language builds the package, installs it from a path into a copy of its example, and runs a program of it. No registry is ever
 * asked for the library itself.
 */
const LANGUAGES = [
  {
    name: 'typescript',
    needs: 'Node.js',
    isThere: () => true,
    keep: ['node_modules'],
    build: () => {
      pack('typescript: pack', 'js');
      const tarball = artifact('js', '.tgz');
      console.log(`  the npm package has ${fs.statSync(tarball).size.toLocaleString('en')} bytes`);
      run('typescript: check the package (publint, attw)', `npx publint --strict "${tarball}" && npx attw "${tarball}"`, { quiet: true });
    },
    install: (folder) => {
      // it pins another aws-cdk-lib, and npm leaves dependencies out when it goes back from that
      fs.rmSync(path.join(folder, 'package-lock.json'), { force: true });
      run('typescript: install', `npm install --no-save "${artifact('js', '.tgz')}" aws-cdk-lib@${CDK} constructs@${CONSTRUCTS}`,
        { cwd: folder, quiet: true });
    },
    command: (program) => `npx tsx ${program}.ts`,
    unitTests: 'npx jest',
  },
  {
    name: 'python',
    needs: 'Python 3.10 or later (python3, with venv)',
    isThere: hasPython,
    keep: ['venv', '.mypy_cache'],
    build: () => {
      pack('python: pack', 'python');
      const twine = path.join(ROOT, '.languages', 'twine');
      virtualEnvironment('twine', twine, `twine==${TWINE}\n`);
      run('python: check the package (twine)', `"${twine}/bin/twine" check --strict "${path.join(ROOT, 'dist', 'python')}"/*`, { quiet: true });
    },
    install: (folder) => {
      const venv = path.join(folder, 'venv');
      virtualEnvironment('python', venv, `aws-cdk-lib==${CDK}\nconstructs==${CONSTRUCTS}\nmypy==${MYPY}\npytest==${PYTEST}\n`);
      installWheel('python', venv, artifact('python', '.whl'));
    },
    command: (program) => `venv/bin/python ${program}.py`,
    types: 'venv/bin/python -m mypy --check-untyped-defs *.py',
    unitTests: `venv/bin/python -m pytest -q && venv/bin/python "${path.join(ROOT, 'scripts', 'python-docs.py')}"`,
  },
  {
    name: 'java',
    needs: 'Maven and a JDK 17 or later',
    isThere: () => hasCommand('mvn --version') && hasCommand('javac --version', '17.0.0'),
    keep: ['target'],
    build: () => pack('java: pack', 'java'),
    install: (folder) => {
      const pom = artifact('java', '.pom');
      run('java: install', `${MAVEN} org.apache.maven.plugins:maven-install-plugin:3.1.4:install-file "-Dfile=${pom.replace(/pom$/, 'jar')}" "-DpomFile=${pom}"`,
        { cwd: folder, quiet: true });
    },
    command: (program) => `${MAVEN} compile exec:java -Dexec.mainClass=example.${program[0].toUpperCase()}${program.slice(1)}`,
    unitTests: `${MAVEN} test`,
  },
  {
    name: 'csharp',
    needs: 'the .NET SDK 10 or later',
    isThere: () => hasCommand('dotnet --version', '10.0.0'),
    keep: [],
    build: () => pack('csharp: pack', 'dotnet'),
    install: (folder) => {
      // of the same version as before, but not the same; the nuget.config of the example names dist/dotnet, from the copy too
      fs.rmSync(path.join(NUGET.NUGET_PACKAGES, 'cdksparkemrserverless'), { recursive: true, force: true });
      run('csharp: install', 'dotnet restore', { cwd: folder, quiet: true, env: NUGET });
    },
    command: (program) => `dotnet run --no-restore -- ${program}`,
    unitTests: 'dotnet run --no-restore -- error',
    env: NUGET,
  },
  {
    name: 'go',
    needs: 'Go 1.25 or later',
    isThere: () => hasCommand('go version', '1.25.0'),
    keep: [],
    // the module is its source: whoever uses it compiles it, here the programs do. `npx projen package:go` compiles it too, for which the
    // module proxy must serve aws-cdk-lib
    build: () => pack('go: generate the module', 'go', '--code-only'),
    install: (folder) => {
      const modules = {
        'github.com/cdk-spark-emr-serverless/cdk-spark-emr-serverless-go/cdksparkemrserverless': path.join(ROOT, 'dist', 'go', 'cdksparkemrserverless'),
        ...goBindings(),
      };
      const replaces = Object.entries(modules).map(([name, replacement]) => `-replace "${name}=${replacement}"`).join(' ');
      run('go: install', `go mod edit ${replaces} && go mod tidy`, { cwd: folder, quiet: true, env: GO });
      run('go: compile', 'go build -p 2 ./...', { cwd: folder, quiet: true, env: GO });
    },
    command: (program) => `go run ./cmd/${program}`,
    unitTests: 'go test -p 2 ./...',
    env: GO,
  },
];

/**
 * Not every module proxy serves the module of aws-cdk-lib, which is larger than its limit: here it is generated from the npm package, once,
 * as it is for the published one.
 */
function goBindings() {
  const out = path.join(ROOT, '.languages', `go-aws-cdk-lib-${CDK}`);
  const cdk = path.join(ROOT, '.languages', 'typescript', 'node_modules', 'aws-cdk-lib');
  // what aws-cdk-lib brings along is inside it or beside it
  const folderOf = (name) => [path.join(cdk, 'node_modules', name), path.join(cdk, '..', name)].find((folder) => fs.existsSync(path.join(folder, 'package.json')));
  const schema = JSON.parse(fs.readFileSync(path.join(folderOf('@aws-cdk/cloud-assembly-schema'), 'package.json'), 'utf8'));
  const modules = {
    'aws-cdk-lib': ['github.com/aws/aws-cdk-go/awscdk/v2', 'awscdk'],
    '@aws-cdk/asset-awscli-v1': ['github.com/cdklabs/awscdk-asset-awscli-go/awscliv1/v2', 'awscliv1'],
    '@aws-cdk/asset-node-proxy-agent-v6': ['github.com/cdklabs/awscdk-asset-node-proxy-agent-go/nodeproxyagentv6/v2', 'nodeproxyagentv6'],
    '@aws-cdk/cloud-assembly-schema': [
      `github.com/cdklabs/cloud-assembly-schema-go/awscdkcloudassemblyschema/v${schema.version.split('.')[0]}`,
      'awscdkcloudassemblyschema',
    ],
  };
  const done = path.join(out, 'done');
  if (!fs.existsSync(done)) {
    Object.keys(modules).forEach((name) => run(`go: generate the module of ${name}, once`,
      `npx jsii-pacmak --code-only --target go --outdir "${out}" --no-npmignore --pack-command "npm pack --ignore-scripts" "${folderOf(name)}"`,
      { quiet: true, env: { NODE_OPTIONS: '--max-old-space-size=8192' } }));
    fs.writeFileSync(done, '');
  }
  return Object.fromEntries(Object.values(modules).map(([name, folder]) => [name, path.join(out, 'go', folder)]));
}

/**
 * The languages that a command is for: those that its arguments name and no other, or all. One that an argument or `REQUIRE_LANGUAGES`
 * names must not be skipped.
 */
function askedFor(args, { REQUIRE_LANGUAGES = '' } = process.env) {
  const required = REQUIRE_LANGUAGES.split(',').map((name) => name.trim()).filter(Boolean);
  checkNames('REQUIRE_LANGUAGES', required);
  checkNames('the arguments', args);
  return args.length > 0
    ? { languages: LANGUAGES.filter(({ name }) => args.includes(name)), required: args }
    : { languages: LANGUAGES, required };
}

function checkNames(source, names) {
  const known = LANGUAGES.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) { fail(`${source} must be names of ${known.join(', ')}, got: ${unknown.join(', ')}`); }
}

/** The languages whose tools are here, and those to skip. */
function split({ languages, required }) {
  const present = languages.filter((language) => language.isThere());
  const skipped = languages.filter((language) => !present.includes(language));
  const missing = skipped.filter(({ name }) => required.includes(name));
  if (missing.length > 0) {
    fail(`these languages were asked for: ${missing.map(({ name, needs }) => `${name}, which needs ${needs}`).join('; ')}`);
  }
  return { present, skipped };
}

/** Does something with each language that is asked for and whose tools are here, and says how long that took and what was skipped. */
function forEachLanguage(title, asked, act) {
  const { present, skipped } = split(asked);
  const results = present.map((language) => {
    const started = Date.now();
    act(language);
    return { name: language.name, seconds: (Date.now() - started) / 1000 };
  });
  console.log(`\n${title}:\n`);
  results.forEach(({ name, seconds }) => console.log(`  ✔ ${name.padEnd(12)} ${seconds.toFixed(0)} s`));
  skipped.forEach(({ name, needs }) => console.log(`  – ${name.padEnd(12)} skipped: ${needs} is not installed`));
}

module.exports = { CDK, CONSTRUCTS, askedFor, forEachLanguage };
