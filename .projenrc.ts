import { awscdk, github, javascript } from 'projen';
import { COOLDOWN_DAYS, PUBLIB, RELEASE_ENVIRONMENT, secureSupplyChain, UPGRADE_ENVIRONMENT } from './projenrc/supply-chain';

const NAME = 'cdk-spark-emr-serverless';
const REPOSITORY = `https://github.com/${NAME}/${NAME}`;

// The lowest aws-cdk-lib whose CfnApplication types everything the library sets: the first with
// InteractiveConfiguration.SessionEnabled (Spark Connect).
const CDK_FLOOR = '2.253.0';
// What the tests run against besides the floor; examples/typescript installs the same version.
const CDK_NEWEST = '2.276.0';

function jestProject(displayName: string, cdk?: string) {
  return {
    displayName,
    testMatch: ['<rootDir>/test/**/*.test.ts'],
    modulePathIgnorePatterns: ['<rootDir>/.languages/', '<rootDir>/dist/', '<rootDir>/verification/'],
    clearMocks: true,
    transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.dev.json' }] },
    moduleNameMapper: {
      '^cdk-spark-emr-serverless$': '<rootDir>/src',
      ...cdk ? { '^aws-cdk-lib$': cdk, '^aws-cdk-lib/(.*)$': `${cdk}/$1` } : {},
    },
  };
}

const project = new awscdk.AwsCdkConstructLibrary({
  name: NAME,
  description: 'Spark on Amazon EMR Serverless for the AWS CDK: the application, execution roles that only it can assume, and least-privilege grants',
  keywords: ['aws', 'cdk', 'emr', 'emr-serverless', 'spark', 'apache-spark', 'pyspark', 'data-engineering', 'iam', 'least-privilege'],
  author: NAME,
  authorAddress: REPOSITORY,
  authorOrganization: true,
  repositoryUrl: `${REPOSITORY}.git`,
  homepage: `${REPOSITORY}#readme`,
  bugsUrl: `${REPOSITORY}/issues`,
  defaultReleaseBranch: 'main',
  license: 'Apache-2.0',
  stability: 'experimental',

  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.0.0',
  workflowNodeVersion: '22.x',
  projenVersion: '~0.103.25',
  projenrcTs: true,
  sampleCode: false,

  cdkVersion: CDK_FLOOR,
  constructsVersion: '10.5.0',
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.3',
  deps: ['semver@^7.8.6'],
  bundledDeps: ['semver@^7.8.6'],
  devDeps: [
    '@arethetypeswrong/cli@^0.18.5',
    '@types/semver@^7',
    // draws docs/images, as WebAssembly: no browser and no Graphviz on the machine
    '@viz-js/viz@^3.31.0',
    `aws-cdk-lib-newest@npm:aws-cdk-lib@${CDK_NEWEST}`,
    'esbuild@^0.28.2',
    'eslint-plugin-awscdk@^4.2.1',
    'fast-check@^4.10.2',
    'publint@^0.3.25',
    'yaml@^2.9.0',
  ],

  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: {
    include: ['src/**/*.ts', 'test/**/*.ts', '.projenrc.ts', 'projenrc/**/*.ts'],
    exclude: ['node_modules', 'lib', 'dist', 'examples', 'mutation', 'verification'],
  },
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'examples/typescript', 'mutation', 'scripts', 'verification'],
    fileExtensions: ['.ts', '.js', '.mjs'],
    ignorePatterns: ['cdk.out/'],
    projectService: false,
    tsconfigPath: './tsconfig.dev.json',
    commandOptions: { fix: false },
  },

  npmignoreEnabled: false,
  jestOptions: {
    jestVersion: '^30',
    junitReporting: false,
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    passWithNoTests: false,
    jestConfig: {
      coverageProvider: 'babel',
      coverageReporters: ['text-summary', 'lcovonly', 'json-summary'],
      coverageThreshold: { lines: 95, branches: 90, functions: 95, statements: 95 },
      collectCoverageFrom: ['src/**/*.ts'],
      // every test runs twice: at the lowest aws-cdk-lib that the library supports, and at the newest
      ...{ projects: [jestProject(`aws-cdk-lib ${CDK_FLOOR}`), jestProject(`aws-cdk-lib ${CDK_NEWEST}`, 'aws-cdk-lib-newest')] },
    },
  },

  compressAssembly: true,
  gitignore: ['.jsii.gz', '.jsii.tabl.json', '.jsii.docs.tabl.json', 'cdk.out/', 'node_modules/', '.languages/', 'target/', 'bin/', 'obj/', '.sandbox/', 'reports/', '.venv*/', '__pycache__/', '.pytest_cache/'],
  githubOptions: { mergify: false },
  // a build that changes a file fails; nothing pushes to the branch of a pull request
  buildWorkflowOptions: { mutableBuild: false, permissions: { contents: github.workflows.JobPermission.READ } },
  release: true,
  releaseEnvironment: RELEASE_ENVIRONMENT,
  bumpPackage: 'commit-and-tag-version@^12',
  jsiiReleaseVersion: PUBLIB,
  releaseToNpm: true,
  // no long-lived token where the registry takes one of the workflow; provenance on the registries that have it
  npmTrustedPublishing: true,
  npmProvenance: true,
  publishToPypi: { distName: NAME, module: 'cdk_spark_emr_serverless', trustedPublishing: true, attestations: true },
  publishToMaven: {
    javaPackage: 'io.github.cdksparkemrserverless',
    mavenGroupId: 'io.github.cdk-spark-emr-serverless',
    mavenArtifactId: NAME,
    mavenServerId: 'central-ossrh',
  },
  publishToNuget: { packageId: 'CdkSparkEmrServerless', dotNetNamespace: 'CdkSparkEmrServerless', trustedPublishing: true },
  publishToGo: { moduleName: `github.com/${NAME}/${NAME}-go`, packageName: 'cdksparkemrserverless' },
  depsUpgradeOptions: {
    // the lowest and the newest aws-cdk-lib are decisions, see above
    exclude: ['aws-cdk-lib', 'aws-cdk-lib-newest', 'constructs'],
    // what was published in the last days may still turn out to be malicious
    cooldown: COOLDOWN_DAYS,
    workflowOptions: {
      schedule: javascript.UpgradeDependenciesSchedule.WEEKLY,
      labels: ['dependencies'],
      projenCredentials: github.GithubCredentials.fromPersonalAccessToken({ environment: UPGRADE_ENVIRONMENT }),
    },
  },
});

// 1.13.0 misses optional platform packages on some registries, so that `npm ci` refuses the lock file.
project.package.addPackageResolutions('unrs-resolver@1.12.2');
// Its peer range ends before TypeScript 6, with which it works.
project.package.file.addOverride('overrides.eslint-plugin-awscdk', { typescript: '$typescript' });

project.package.file.addOverride('jsii.targets.python.classifiers', ['Framework :: AWS CDK', 'Framework :: AWS CDK :: 2']);

// after jsii's own rule, which ignores every assembly
project.gitignore.include('/.api/.jsii');

// An allow list: what is not named here is not published. The code is in three files (scripts/finish-library.js).
project.package.addField('files', ['lib/index.js', 'lib/jobs.js', 'lib/library.js', 'lib/**/*.d.ts', '.jsii', '.jsii.gz']);
// with the sources in them, the maps are more than half of the package
project.tsconfig?.file.addOverride('compilerOptions.inlineSourceMap', false);
project.tsconfig?.file.addOverride('compilerOptions.inlineSources', false);

// what projen sets up by itself is out of support (Java 11, .NET 6) or older than the generated go.mod asks for (Go 1.25)
const toolchains: [string, string, string, string][] = [
  ['package-java', 'release_maven', '0.with.java-version', '17'],
  ['package-dotnet', 'release_nuget', '1.with.dotnet-version', '10.x'],
  ['package-go', 'release_golang', '1.with.go-version', '^1.25.0'],
];
for (const [buildJob, releaseJob, step, version] of toolchains) {
  project.github?.tryFindWorkflow('build')?.file?.addOverride(`jobs.${buildJob}.steps.${step}`, version);
  project.github?.tryFindWorkflow('release')?.file?.addOverride(`jobs.${releaseJob}.steps.${step}`, version);
}

// jsii-diff compares with the last release, which is the newest tag
project.github?.tryFindWorkflow('build')?.file?.addOverride('jobs.build.steps.0.with.fetch-depth', 0);

// What needs more than Node.js, on each pull request and before each release; once a week more of it, and what takes long.
const verify = new github.GithubWorkflow(project.github!, 'verify');
verify.on({ pullRequest: {}, workflowCall: {}, workflowDispatch: {}, schedule: [{ cron: '30 4 * * 1' }] });
// the workflow that calls this one gives its own name
const WEEKLY = "github.workflow == 'verify' && github.event_name != 'pull_request'";
const { ACTIONS_SETUP_DOTNET, ACTIONS_SETUP_GO, ACTIONS_SETUP_JAVA, ACTIONS_SETUP_PYTHON } = github.ActionRefs;
const python = { uses: ACTIONS_SETUP_PYTHON, with: { 'python-version': '3.11' } };
const java = { uses: ACTIONS_SETUP_JAVA, with: { 'distribution': 'corretto', 'java-version': '17' } };
const dotnet = { uses: ACTIONS_SETUP_DOTNET, with: { 'dotnet-version': '10.x' } };
const go = { uses: ACTIONS_SETUP_GO, with: { 'go-version': '^1.25.0' } };
const checkout = { ...github.WorkflowSteps.checkout(), with: { 'persist-credentials': false } };
type Job = github.workflows.Job;
const verifyJob = (command: string, tools: github.workflows.JobStep[], options: Partial<Job> = {}): Job => ({
  runsOn: ['ubuntu-latest'],
  permissions: { contents: github.workflows.JobPermission.READ },
  steps: [checkout, ...project.renderWorkflowSetup({ mutable: false }), ...tools, { run: command }],
  ...options,
});
verify.addJobs({
  languages: verifyJob('npm run test:languages', [python, java, dotnet, go], {
    env: { CI: 'true', REQUIRE_LANGUAGES: 'typescript,python,java,csharp,go' },
  }),
  judges: verifyJob('npm run verify', [python, java], {
    env: {
      CI: 'true',
      FUZZ_RUNS: `\${{ ${WEEKLY} && '10000' || '300' }}`,
      // other props each week, the same ones for each change
      FUZZ_SEED: `\${{ ${WEEKLY} && github.run_id || '20261122' }}`,
    },
  }),
  mutation: verifyJob('npm run mutation', [], { if: WEEKLY, env: { CI: 'true' } }),
});

// the commands of the README, and the steps that `npm test` shows one by one
project.setScript('demo', 'node scripts/demo.js');
project.setScript('local', 'node scripts/local.js');
project.setScript('test', 'node scripts/test.js');
project.setScript('test:languages', 'node scripts/test-languages.js');
project.setScript('verify', 'node scripts/verify.js');
project.setScript('bench', 'node scripts/bench.js');
project.setScript('mutation', 'node scripts/mutation.js');
const EXTRACT = 'jsii-rosetta extract --strict';
const rosetta = project.addTask('rosetta', { description: 'Compile every example of the README, the doc comments and the docs in strict mode' });
rosetta.exec(EXTRACT);
// the assembly has no other pages than the README
rosetta.exec('node scripts/docs.js --check');
project.addTask('docs', { description: 'Write the documentation for Python from the one for TypeScript', exec: 'node scripts/docs.js' });
project.addTask('diagram', { description: 'Draw the pictures of the documentation', exec: 'node scripts/diagram.js' });
// what a renamed file left behind would be packed
project.compileTask.prependExec('node -e "fs.rmSync(\'lib\', { recursive: true, force: true })"');
project.compileTask.exec('node scripts/finish-library.js');
const compat = project.tasks.tryFind('compat')!;
compat.reset('node scripts/compat.js', { receiveArgs: true });
const typecheck = project.addTask('typecheck', { description: 'Check the types of the tests', exec: 'tsc --noEmit -p tsconfig.dev.json' });
const jest = project.addTask('jest', { description: 'Run the tests', exec: 'jest --ci', receiveArgs: true });
project.testTask.reset();
project.testTask.spawn(typecheck);
project.testTask.spawn(project.tasks.tryFind('eslint')!);
project.testTask.spawn(compat);
project.testTask.spawn(jest);
project.postCompileTask.spawn(rosetta);

// The packages of the other languages hold the examples in these languages; one of this library that cannot be translated fails, in strict
// mode. An example that a class inherits from aws-cdk-lib is translated as it stands. A release packs them from the npm package, which has
// no translations in it, so that each task makes them itself.
for (const language of ['python', 'java', 'dotnet', 'go']) {
  const task = project.tasks.tryFind(`package:${language}`)!;
  task.reset();
  task.exec(EXTRACT);
  task.exec(`jsii-pacmak -v --target ${language} --rosetta-unknown-snippets=translate`, { receiveArgs: true });
}
project.tasks.tryFind('package-all')!.reset('node scripts/package.js', { receiveArgs: true });

// jsii-docgen takes any assembly of the name that it finds below, and would take one that was installed from an older package
project.tasks.tryFind('docgen')!.prependExec('node -e "[\'examples/typescript\', \'verification\'].forEach((folder) => fs.rmSync(folder'
  + ' + \'/node_modules/cdk-spark-emr-serverless\', { recursive: true, force: true }))"');

// from 2.262 on aws-cdk-lib validates every synthesized template, 2 to 3 seconds a test file; the tests that are about that turn it on
jest.env('CDK_VALIDATION', 'false');

project.eslint?.addPlugins('awscdk');
// each file has the types of the project that it belongs to
project.eslint!.config.parserOptions.project = ['./tsconfig.dev.json', './examples/typescript/tsconfig.json', './verification/tsconfig.json'];
// no circle goes through a package, and to read the packages takes most of the time
project.eslint!.config.settings['import/ignore'] = ['node_modules'];
project.eslint?.addRules({
  'import/no-cycle': ['error'],
  '@stylistic/max-len': ['error', { code: 140, ignoreUrls: true, ignoreRegExpLiterals: true }],
  // `import x = require()` is how one function of semver comes in without the rest
  '@typescript-eslint/no-require-imports': ['error', { allowAsImport: true }],
  // the runner of Node.js waits for its tests by itself
  '@typescript-eslint/no-floating-promises': ['error', {
    allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['describe', 'test'] }],
  }],
});
project.eslint?.addOverride({ files: ['*.js', '*.mjs'], extends: ['plugin:@typescript-eslint/disable-type-checked'] });
// they have packages of their own, which need not be installed to lint
project.eslint?.addOverride({
  files: ['examples/**/*', 'mutation/**/*', 'verification/**/*'],
  rules: { 'import/no-unresolved': 'off', 'import/no-extraneous-dependencies': 'off' },
});
project.eslint?.addOverride({
  files: ['test/**/*.ts', '.projenrc.ts', 'examples/**/*', 'mutation/**/*', 'scripts/**/*', 'verification/**/*'],
  rules: {
    // tests load the scripts, which are plain JavaScript
    '@typescript-eslint/no-require-imports': 'off',
    // an expected message stands on one line, where people can search for it
    '@stylistic/max-len': ['error', { code: 140, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true }],
  },
});
// a longer file has more than one topic; CONTRIBUTING.md asks for about 500 lines
project.eslint?.addOverride({
  files: ['test/**/*.ts', 'verification/test/**/*.ts'],
  rules: { 'max-lines': ['error', { max: 550, skipBlankLines: false }] },
});
// What a folder may import: those to its right, of the folders that stand here. A type costs nothing and makes no circle at run time.
const FOLDERS = ['jobs', 'application', 'permissions', 'private'];
FOLDERS.forEach((folder, i) => project.eslint?.addOverride({
  files: [`src/${folder}/**/*.ts`],
  rules: {
    '@typescript-eslint/no-restricted-imports': ['error', {
      patterns: FOLDERS.slice(0, i).map((higher) => ({
        regex: `^(\\.\\./)+${higher}/`,
        allowTypeImports: folder !== 'private',
        message: `${folder} is below ${higher} (see Architecture in CONTRIBUTING.md)`,
      })),
    }],
  },
}));
project.eslint?.addOverride({
  files: ['src/**/*.ts'],
  rules: Object.fromEntries([
    'no-construct-in-interface',
    'no-construct-stack-suffix',
    'no-mutable-property-of-props-interface',
    'no-mutable-public-property-of-construct',
    'no-parent-name-construct-id-match',
    'pascal-case-construct-id',
    'prefer-grants-property',
    'props-name-convention',
    'require-props-default-doc',
  ].map((rule) => [`awscdk/${rule}`, 'error'])),
});

project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');
project.tasks.addEnvironment('JSII_SILENCE_SUPPORT_WARNING', '1');

secureSupplyChain(project);

project.synth();
