import { App } from 'aws-cdk-lib';
import * as ts from 'typescript';

/** Runs a TypeScript program as it stands and returns the apps that it made. */
export function execute(code: string): App[] {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const javascript = ts.transpileModule(code, { compilerOptions }).outputText;
  const apps: App[] = [];
  class RecordedApp extends App {
    constructor() {
      super();
      apps.push(this);
    }
  }
  const load = (name: string) => name === 'aws-cdk-lib' ? new Proxy(require('aws-cdk-lib'), {
    get: (target, key) => key === 'App' ? RecordedApp : target[key],
  }) : name === 'cdk-spark-emr-serverless' ? require('../src') : require(name);
  new Function('require', 'exports', javascript)(load, {});
  return apps;
}
