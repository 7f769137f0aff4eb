'use strict';

// What the compiler writes becomes two files: `index.js` has the public names, and `library.js` has the code. A part of the code runs, and
// a module of aws-cdk-lib is loaded, when something of it is used, as aws-cdk-lib does with its own modules. To find, read and compile
// forty small files takes longer than all that the library does for an application (docs/adr/0014-loading.md).
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');
const ts = require('typescript');
const { ROOT } = require('./lib/steps');

const LIB = path.join(ROOT, 'lib');
const INDEX = path.join(LIB, 'index.js');

const exported = exportsByModule();
const compiled = fs.readdirSync(LIB, { recursive: true }).filter((file) => file.endsWith('.js')).map((file) => path.join(LIB, file));
compiled.filter((file) => file !== INDEX).forEach((file) => rewrite(file, lazyRequires));
bundle(exported.map(([name]) => name));
compiled.forEach((file) => fs.rmSync(file));
fs.writeFileSync(INDEX, lazyExports(exported));

/** The modules that the index exports, and the names that each of them exports. */
function exportsByModule() {
  const modules = [...fs.readFileSync(INDEX, 'utf8').matchAll(/^__exportStar\(require\("([^"]+)"\), exports\);$/gm)]
    .map(([, name]) => [name, Object.keys(require(path.join(LIB, name)))]);
  // any other form of export would be lost
  assert.deepEqual(modules.flatMap(([, names]) => names).sort(), Object.keys(require(INDEX)).sort());
  return modules;
}

/** One file with all modules, each of which runs when it is asked for. Packages stay what they are. */
function bundle(modules) {
  const { outputFiles: [{ text }] } = esbuild.buildSync({
    stdin: { contents: `module.exports = { ${modules.map((name) => `"${name}": () => require("${name}")`).join(', ')} };`, resolveDir: LIB },
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    write: false,
  });
  fs.writeFileSync(path.join(LIB, 'library.js'), withClassNames(text));
}

/** A class that names itself gets an underscore in front of its name, which people would see in stack traces. */
function withClassNames(code) {
  const names = [...code.matchAll(/= class _(\w+)/g)].map(([, name]) => name);
  if (names.length === 0) { return code; }
  return code.replace(new RegExp(`\\b_(${names.join('|')})\\b`, 'g'), '$1');
}

/**
 * Node.js finds the names for `import { … }` by the assignments, and runs every getter then. The getters stand behind a function: one that
 * it saw would make it leave the name out.
 */
function lazyExports(modules) {
  return [
    '"use strict";',
    'Object.defineProperty(exports, "__esModule", { value: true });',
    ...modules.flatMap(([, names]) => names).map((name) => `exports.${name} = void 0;`),
    'const define = (name, descriptor) => Object.defineProperty(exports, name, { enumerable: true, configurable: true, ...descriptor });',
    'const lazily = (module, name) => define(name, {',
    '    get: () => {',
    '        const value = require("./library")[module]()[name];',
    '        define(name, { value });',
    '        return value;',
    '    },',
    '});',
    ...modules.flatMap(([module, names]) => names.map((name) => `lazily("${module}", "${name}");`)),
    '',
  ].join('\n');
}

function rewrite(file, transformer) {
  const { outputText } = ts.transpileModule(fs.readFileSync(file, 'utf8'), {
    fileName: file,
    compilerOptions: { allowJs: true, removeComments: true, module: 'commonjs', target: 'es2023' },
    transformers: { before: [transformer] },
  });
  fs.writeFileSync(file, outputText);
}

/** Turns `const x = require("y")` into a function that loads y when it is called first, and each use of x into a call. */
function lazyRequires(context) {
  const { factory } = context;
  return (source) => {
    const modules = new Map(source.statements.flatMap((statement) => {
      const [declaration] = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];
      return isRequire(declaration?.initializer) ? [[declaration.name.text, statement]] : [];
    }));
    refuseShadows(source, modules);

    const visit = (node) => {
      if (ts.isVariableStatement(node) && [...modules.values()].includes(node)) { return lazyDeclaration(factory, node); }
      if (ts.isIdentifier(node) && modules.has(node.text) && isUse(node)) { return factory.createCallExpression(node, undefined, []); }
      return ts.visitEachChild(node, visit, context);
    };
    return ts.visitNode(source, visit);
  };
}

function isRequire(node) {
  return node !== undefined && ts.isCallExpression(node) && ts.isIdentifier(node.expression)
    && (node.expression.text === 'require' || (/^__import(Star|Default)$/.test(node.expression.text) && isRequire(node.arguments[0])));
}

/** `let x = () => { const loaded = require("y"); x = () => loaded; return loaded; };` */
function lazyDeclaration(factory, statement) {
  const [{ name, initializer }] = statement.declarationList.declarations;
  const arrow = (body) => factory.createArrowFunction(undefined, undefined, [], undefined, undefined, body);
  const declare = (variable, value, flags) => factory.createVariableStatement(undefined, factory.createVariableDeclarationList(
    [factory.createVariableDeclaration(variable, undefined, undefined, value)], flags));
  const loaded = factory.createIdentifier('loaded');
  return declare(name, arrow(factory.createBlock([
    declare(loaded, initializer, ts.NodeFlags.Const),
    factory.createExpressionStatement(factory.createAssignment(name, arrow(loaded))),
    factory.createReturnStatement(loaded),
  ])), ts.NodeFlags.Let);
}

/** The name of a member, or of a key, is not the module. */
function isUse(node) {
  const { parent } = node;
  return ts.isPropertyAccessExpression(parent) ? parent.expression === node : parent.name !== node;
}

function isDeclaration(node) {
  return ts.isClassDeclaration(node) || ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node) || ts.isParameter(node)
    || ts.isBindingElement(node);
}

/** A local variable with the name of a module would be called as if it were the module. */
function refuseShadows(source, modules) {
  const visit = (node) => {
    if (ts.isShorthandPropertyAssignment(node) && modules.has(node.name.text)) {
      throw new Error(`${source.fileName}: write "${node.name.text}: ${node.name.text}", a module is a function here`);
    }
    if (isDeclaration(node) && node.name && ts.isIdentifier(node.name) && modules.has(node.name.text) && !isRequire(node.initializer)) {
      throw new Error(`${source.fileName}: "${node.name.text}" is the name of a module too, rename one of them`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}
