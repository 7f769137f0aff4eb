'use strict';

// What the compiler writes becomes three files: `index.js` has the public names, `jobs.js` has the code of jobs, and `library.js` has all
// other code. A part of the code runs, and a module of aws-cdk-lib is loaded, when something of it is used, as aws-cdk-lib does with its
// own modules. To find, read and compile forty small files takes longer than all that the library does for an application
// (docs/adr/0014-loading.md).
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');
const ts = require('typescript');
const { ROOT } = require('./lib/steps');

const LIB = path.join(ROOT, 'lib');
const INDEX = path.join(LIB, 'index.js');

const isOfJobs = (module) => module.startsWith('./jobs/');

finish();

async function finish() {
  const exported = exportsByModule();
  const compiled = fs.readdirSync(LIB, { recursive: true }).filter((file) => file.endsWith('.js')).map((file) => path.join(LIB, file));
  compiled.filter((file) => file !== INDEX).forEach((file) => rewrite(file, requireWhereUsed));

  const modules = exported.map(([module]) => module);
  const shared = new Set();
  const jobs = await bundle(modules.filter(isOfJobs), [fromLibrary(shared), packages()]);
  const others = [...new Set([...modules.filter((module) => !isOfJobs(module)), ...shared])].sort();
  const library = await bundle(others, [withoutJobs(), packages()]);

  compiled.forEach((file) => fs.rmSync(file));
  fs.writeFileSync(path.join(LIB, 'jobs.js'), jobs);
  fs.writeFileSync(path.join(LIB, 'library.js'), library);
  fs.writeFileSync(INDEX, lazyExports(exported));
}

/** The modules that the index exports, and the names that each of them exports. */
function exportsByModule() {
  const modules = [...fs.readFileSync(INDEX, 'utf8').matchAll(/^__exportStar\(require\("([^"]+)"\), exports\);$/gm)]
    .map(([, name]) => [name, Object.keys(require(path.join(LIB, name)))]);
  // any other form of export would be lost
  assert.deepEqual(modules.flatMap(([, names]) => names).sort(), Object.keys(require(INDEX)).sort());
  return modules;
}

/** One file with some modules and what they require. Each runs when it is asked for. */
async function bundle(modules, plugins) {
  const entries = modules.map((module) => `"${module}": () => require("${module}")`);
  const { outputFiles: [{ text }] } = await esbuild.build({
    stdin: { contents: `module.exports = { ${entries.join(', ')} };`, resolveDir: LIB },
    bundle: true,
    plugins,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    write: false,
  });
  return withClassNames(text);
}

/** A package becomes a module, so that Node.js looks for it once and not for each module that requires it. */
function packages() {
  return {
    name: 'packages',
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, ({ path: name, namespace }) =>
        namespace === 'package' ? { external: true } : { path: name, namespace: 'package' });
      build.onLoad({ filter: /.*/, namespace: 'package' }, ({ path: name }) => ({ contents: `module.exports = require("${name}");` }));
    },
  };
}

/** The modules of jobs take all others from `library.js`. Collects which. */
function fromLibrary(shared) {
  return {
    name: 'library',
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ path: name, namespace, resolveDir }) => {
        if (namespace === 'library') { return { external: true }; }
        const module = moduleOf(resolveDir, name);
        if (isOfJobs(module)) { return undefined; }
        shared.add(module);
        return { path: module, namespace: 'library' };
      });
      build.onLoad({ filter: /.*/, namespace: 'library' }, ({ path: module }) => ({
        contents: `module.exports = require("./library")["${module}"]();`,
      }));
    },
  };
}

/** Code of jobs in `library.js` would be there twice, with two classes of one name. */
function withoutJobs() {
  return {
    name: 'without jobs',
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ path: name, importer, resolveDir }) => {
        const module = moduleOf(resolveDir, name);
        if (isOfJobs(module)) { throw new Error(`${importer} must not require ${module}`); }
        return undefined;
      });
    },
  };
}

/** The name that the index gives a module. */
function moduleOf(folder, name) {
  return `./${path.relative(LIB, path.resolve(folder, name)).split(path.sep).join('/')}`;
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
    'const lazily = (name, load) => define(name, {',
    '    get: () => {',
    '        const value = load()[name];',
    '        define(name, { value });',
    '        return value;',
    '    },',
    '});',
    ...modules.flatMap(([module, names]) => names.map((name) =>
      `lazily("${name}", () => require("./${isOfJobs(module) ? 'jobs' : 'library'}")["${module}"]());`)),
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

/** Drops `const x = require("y")`, and turns each use of x into `require("y")`: a module is loaded when it is used first. */
function requireWhereUsed(context) {
  const { factory } = context;
  return (source) => {
    const imports = source.statements.filter((statement) =>
      ts.isVariableStatement(statement) && isRequire(statement.declarationList.declarations[0].initializer));
    const modules = new Map(imports.map(({ declarationList: { declarations: [{ name, initializer }] } }) =>
      [name.text, initializer.arguments[0].text]));
    refuseShadows(source, modules);

    const requireOf = (name) => factory.createCallExpression(factory.createIdentifier('require'), undefined, [factory.createStringLiteral(name)]);
    const visit = (node) => {
      if (imports.includes(node)) { return undefined; }
      if (ts.isIdentifier(node) && modules.has(node.text) && isUse(node)) { return requireOf(modules.get(node.text)); }
      return ts.visitEachChild(node, visit, context);
    };
    return ts.visitNode(source, visit);
  };
}

/** An import of a module as a whole, or of its default, is wrapped by the compiler. */
function isRequire(node) {
  const called = node !== undefined && ts.isCallExpression(node) ? node.expression.text : undefined;
  if (/^__import(Star|Default)$/.test(called)) { throw new Error(`import names, not the module: ${node.getText()}`); }
  return called === 'require';
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

/** A local variable with the name of a module would be taken for the module. */
function refuseShadows(source, modules) {
  const visit = (node) => {
    if (ts.isShorthandPropertyAssignment(node) && modules.has(node.name.text)) {
      throw new Error(`${source.fileName}: write "${node.name.text}: ${node.name.text}", a module is a call here`);
    }
    if (isDeclaration(node) && node.name && ts.isIdentifier(node.name) && modules.has(node.name.text) && !isRequire(node.initializer)) {
      throw new Error(`${source.fileName}: "${node.name.text}" is the name of a module too, rename one of them`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}
