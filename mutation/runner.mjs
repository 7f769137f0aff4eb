import * as fs from 'node:fs';
import Module, { createRequire } from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { determineHitLimitReached, DryRunStatus, TestStatus, toMutantRunResult } from '@stryker-mutator/api/test-runner';
// of the project, as the parts of jest are: the tests run as they do everywhere
import { expect } from 'expect';
import * as circus from 'jest-circus';
import { ModuleMocker } from 'jest-mock';
import ts from 'typescript';

// what these look at is not src: the packed library, its documents, the scripts and what they print, the examples, the workflows
const NOT_OF_SRC = ['benchmark', 'compatibility', 'demo', 'docs', 'languages', 'mutation', 'package', 'property-coverage', 'workflows']
  .map((name) => `${name}.test.ts`);

const require = createRequire(import.meta.url);
const mocker = new ModuleMocker(globalThis);

/** What Stryker and the code that it changed tell each other: which mutant is active, and which test reaches which mutant. */
const stryker = globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {};

/** Names are no ids, because some have the number of a token in them. */
const idOf = (file, index) => `${file} ${index}`;

/** A test can replace what a module exports, as in jest. */
const COMPILER_OPTIONS = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };

/** The first test of each file is that it loads. */
const LOADS = 0;

/**
 * Runs the tests in the process of Stryker's worker, which loads aws-cdk-lib once. jest would load it for each mutant.
 *
 * The test files are loaded anew for each mutant. So is `src` for a mutant that it reaches while it loads, for which Stryker has no filter.
 */
class Runner {
  /** For each file of src the test files, first those that noticed its last mutants: they probably notice the next. */
  orders = new Map();

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    this.root = process.cwd();
    this.tests = path.join(this.root, 'test');
    this.files = fs.readdirSync(this.tests, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts') && !NOT_OF_SRC.includes(name)).sort();
    // what the tests leave there is removed, before it is too much
    this.scratch = process.env.TMPDIR = fs.mkdtempSync(path.join(os.tmpdir(), 'mutation-'));
    this.env = { ...process.env };
    const { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } = circus;
    const jest = {
      fn: mocker.fn.bind(mocker),
      spyOn: mocker.spyOn.bind(mocker),
      restoreAllMocks: () => mocker.restoreAllMocks(),
      // the tests ask for modules of Node.js only
      requireActual: require,
    };
    Object.assign(globalThis, { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test });
    circus.addEventHandler((event) => this.on(event));
    const javascript = new Map();
    Module._extensions['.ts'] = (module, file) => {
      if (!javascript.has(file)) {
        javascript.set(file, ts.transpileModule(fs.readFileSync(file, 'utf8'), { fileName: file, compilerOptions: COMPILER_OPTIONS }).outputText);
      }
      module._compile(javascript.get(file), file);
    };
  }

  dispose() {
    fs.rmSync(this.scratch, { recursive: true });
  }

  async dryRun() {
    const tests = [];
    for (const file of this.files) {
      tests.push(...await this.run(file));
    }
    return { status: DryRunStatus.Complete, tests, mutantCoverage: stryker.mutantCoverage };
  }

  async mutantRun({ activeMutant, sandboxFileName, testFilter, hitLimit }) {
    if (!testFilter) { this.unload('src'); }
    Object.assign(stryker, { activeMutant: activeMutant.id, hitLimit, hitCount: hitLimit && 0 });
    const order = this.orderFor(path.relative(path.join(this.root, 'src'), sandboxFileName));
    const tests = [];
    for (const file of order.filter((name) => testFilter?.some((id) => id.startsWith(`${name} `)) ?? true)) {
      // what a file makes while it loads may fail any of its tests
      tests.push(...await this.run(file, testFilter?.includes(idOf(file, LOADS)) ? undefined : testFilter));
      if (tests.at(-1)?.status === TestStatus.Failed) {
        order.unshift(...order.splice(order.indexOf(file), 1));
        break;
      }
    }
    const result = determineHitLimitReached(stryker.hitCount, hitLimit) ?? { status: DryRunStatus.Complete, tests };
    Object.assign(stryker, { activeMutant: undefined, hitLimit: undefined, hitCount: undefined });
    if (!testFilter) { this.unload('src'); }
    await this.checkThatItPasses(tests.at(-1) ?? {});
    return toMutantRunResult(result, false);
  }

  /** At first the tests of the same folder. */
  orderFor(source) {
    if (!this.orders.has(source)) {
      const isNear = (file) => file.split(path.sep)[0] === source.split(path.sep)[0];
      this.orders.set(source, [...this.files.filter(isNear), ...this.files.filter((file) => !isNear(file))]);
    }
    return this.orders.get(source);
  }

  /**
   * If the test fails without the mutant too, then an earlier mutant left something behind, and Stryker tries again in a new worker. Or the
   * test needs another one before it, and the mutant has no result.
   */
  async checkThatItPasses({ id, fileName, status }) {
    if (status !== TestStatus.Failed) { return; }
    const [again] = await this.run(path.relative(this.tests, fileName), [id]);
    if (again?.status === TestStatus.Failed) { throw new Error(`${id} fails alone, without a mutant: ${again.failureMessage}`); }
  }

  /** Runs a test file until a test fails. */
  async run(file, testFilter) {
    const wanted = testFilter && new Set(testFilter);
    process.env = { ...this.env };
    this.load(file);
    testsBelow(circus.getState().rootDescribeBlock).forEach((test, index) => {
      test.id = idOf(file, index);
      if (wanted?.has(test.id) === false) { test.mode = 'skip'; }
    });
    this.results = [];
    await circus.run();
    stryker.currentTestId = undefined;
    mocker.restoreAllMocks();
    for (const name of fs.readdirSync(this.scratch)) {
      fs.rmSync(path.join(this.scratch, name), { recursive: true, force: true });
    }
    return this.results.map((result) => ({ ...result, fileName: path.join(this.tests, file) }));
  }

  /** Loads a test file. What does not load fails a test, because an error would not count in the score. */
  load(file) {
    this.unload('test');
    circus.resetState();
    let failure;
    circus.test('loads', () => {
      if (failure !== undefined) { throw failure; }
    });
    try {
      require(path.join(this.root, 'src'));
      stryker.currentTestId = idOf(file, LOADS);
      require(path.join(this.tests, file));
    } catch (error) {
      failure = error;
    }
  }

  unload(folder) {
    for (const file of Object.keys(require.cache)) {
      if (file.startsWith(path.join(this.root, folder, path.sep))) { delete require.cache[file]; }
    }
  }

  on({ name, test }) {
    if (name === 'test_start' && this.results.at(-1)?.status === TestStatus.Failed) { test.mode = 'skip'; }
    if (name === 'test_started') {
      stryker.currentTestId = test.id;
      mocker.clearAllMocks();
    }
    if (name === 'test_done') {
      // what runs between the tests belongs to all of them
      stryker.currentTestId = stryker.currentTestId.replace(/\d+$/, LOADS);
      this.results.push({ id: test.id, name: nameOf(test), timeSpentMs: test.duration, ...outcomeOf(test) });
    }
  }
}

function outcomeOf({ errors }) {
  if (errors.length === 0) { return { status: TestStatus.Success }; }
  const [error] = errors.flat();
  return { status: TestStatus.Failed, failureMessage: String(error?.stack ?? error) };
}

function testsBelow({ children }) {
  return children.flatMap((child) => child.type === 'test' ? child : testsBelow(child));
}

function nameOf({ name, parent }) {
  return parent.parent ? `${nameOf(parent)} ${name}` : name;
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'circus', Runner)];
