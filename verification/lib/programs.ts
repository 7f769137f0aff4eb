import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, AppProps, Stack, StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as ts from 'typescript';
import { Deployment, IRELAND, Place, urlSuffix } from './deployment';

const ROOT = path.join(__dirname, '..', '..');
const EXAMPLES = path.join(ROOT, 'examples', 'typescript');

/** The place that programs with a place of their own were written for. */
const HOME = { partition: 'aws', region: 'eu-west-1' };

/** A program that users see: of examples/typescript, or a block of the documentation. */
export interface Program {
  readonly name: string;
  readonly code: string;
  /** Where its paths start. */
  readonly folder: string;
}

const docs: { blocks(): { page: string; line: number; program: string }[] } = require('../../scripts/lib/docs');

export const PROGRAMS: Program[] = [
  ...fs.readdirSync(EXAMPLES).filter((file) => /(?<!\.test)\.ts$/.test(file)).map((file) => ({
    name: `examples/typescript/${file}`,
    code: fs.readFileSync(path.join(EXAMPLES, file), 'utf8'),
    folder: EXAMPLES,
  })),
  ...docs.blocks().map(({ page, line, program }) => ({
    name: `the block in line ${line} of ${page}`,
    code: program,
    folder: path.join(ROOT, 'examples'),
  })),
];

/** Runs a program with the context of the examples, as it stands or as users of a place write it, and returns its app. */
export function run({ name, code, folder }: Program, props: AppProps, place?: Place): App {
  const javascript = ts.transpileModule(place ? translate(code, place) : code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  }).outputText;
  const { context } = JSON.parse(fs.readFileSync(path.join(EXAMPLES, 'cdk.json'), 'utf8'));
  const apps: App[] = [];
  const replaced: Record<PropertyKey, unknown> = {
    App: class extends App {
      constructor() {
        // no packages are installed, and the template is the same
        super({ ...props, context: { ...context, 'aws:cdk:bundling-stacks': [], ...props.context } });
        apps.push(this);
      }
    },
    Stack: class extends Stack {
      constructor(scope: Construct, id: string, stackProps?: StackProps) {
        super(scope, id, { env: { account: place?.account, region: place?.region }, ...stackProps });
      }
    },
  };
  const module = { exports: {} };
  const load = (id: string) => id !== 'aws-cdk-lib' ? require(id) : new Proxy(require(id), {
    get: (target, key) => replaced[key] ?? target[key],
  });
  // a module whose class a test imports runs only if it is the main module
  const program = new Function('require', 'module', 'exports', javascript);
  const before = process.cwd();
  process.chdir(folder);
  try {
    program(Object.assign(load, { main: module }), module, module.exports);
  } finally {
    process.chdir(before);
  }
  if (apps.length !== 1) { throw new Error(`${name} made ${apps.length} apps`); }
  return apps[0];
}

/** Every stack of every program, with the file that the program is from. */
export function deploymentsOfPrograms(): [file: string, deployment: Deployment][] {
  return PROGRAMS.flatMap((program) => {
    const file = program.name.replace(/^the block in line \d+ of /, '');
    return run(program, { builtinCloudFormationValidation: false }).node.findAll().filter((one) => Stack.isStack(one))
      .map((stack): [string, Deployment] => [file, Deployment.of(stack as Stack, IRELAND)]);
  });
}

/** What the JavaScript of a page exports, which is no program by itself. */
export function scriptOf(page: string): Record<string, new (...args: unknown[]) => never> {
  const [, code] = /^```js\n([\s\S]*?)^```$/m.exec(fs.readFileSync(path.join(ROOT, page), 'utf8'))!;
  const exports = {};
  new Function('require', 'exports', ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } }).outputText)(require, exports);
  return exports;
}

function translate(code: string, place: Place): string {
  return code
    .replaceAll(`${HOME.region}.amazonaws.com`, `${HOME.region}.${urlSuffix(place)}`)
    .replaceAll(`arn:${HOME.partition}:`, `arn:${place.partition}:`)
    .replaceAll(HOME.region, place.region);
}
