import { App } from 'aws-cdk-lib';
import * as ts from 'typescript';

/** Runs a TypeScript program as it stands, in a folder, and returns the apps that it made. No packages are installed. */
export function execute(code: string, folder = process.cwd()): App[] {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const javascript = ts.transpileModule(code, { compilerOptions }).outputText;
  const apps: App[] = [];
  class RecordedApp extends App {
    constructor() {
      super({ context: { 'aws:cdk:bundling-stacks': [] } });
      apps.push(this);
    }
  }
  const module = { exports: {} };
  const load = (name: string) => name === 'aws-cdk-lib' ? new Proxy(require('aws-cdk-lib'), {
    get: (target, key) => key === 'App' ? RecordedApp : target[key],
  }) : name === 'cdk-spark-emr-serverless' ? require('../src') : require(name);
  // a module whose class a test imports runs only if it is the main module
  const program = new Function('require', 'module', 'exports', javascript);
  const before = process.cwd();
  process.chdir(folder);
  try {
    program(Object.assign(load, { main: module }), module, module.exports);
  } finally {
    process.chdir(before);
  }
  return apps;
}
