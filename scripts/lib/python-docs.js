'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { gunzipSync } = require('node:zlib');
const { pages } = require('./docs');
const { ROOT } = require('./steps');

/** The pages that are for readers of every language, or written for Python by hand (the index). */
const NOT_TRANSLATED = ['README.md', 'docs/README.md'];

/** What the documentation for Python consists of: each generated file with its text. */
function pythonDocs(blocks) {
  const translated = pages().filter(({ name, text }) => !NOT_TRANSLATED.includes(name) && /^This page (shows|helps) /m.test(text));
  const names = new Set(translated.map(({ name }) => path.basename(name)));
  const toSnakeCase = snakeCase(blocks);
  return [
    ...translated.map((page) => ({
      name: `docs/python/${path.basename(page.name)}`,
      text: pythonPage(page, blocks.filter((block) => block.page === page.name), names, toSnakeCase),
    })),
    readme(blocks),
  ];
}

/** The README shows its examples in Python too, in the same order. */
function readme(blocks) {
  const { text } = pages().find(({ name }) => name === 'README.md');
  const examples = blocks.filter(({ page }) => page === 'README.md');
  return { name: 'README.md', text: text.replace(/^```py\n[\s\S]*?^```$/gm, () => `\`\`\`py\n${pythonCode(examples.shift().python)}\`\`\``) };
}

function pythonPage({ name, text }, blocks, names, toSnakeCase) {
  const rest = [...blocks];
  // what stands between backticks at the start of lines is code, the rest is prose
  const parts = text.replace(/^<!-- Generated .*\n\n/, '').replace(/<!-- typescript -->\n[\s\S]*?<!-- \/typescript -->\n/g, '').split(/(^```[\s\S]*?^```$)/m);
  const body = parts.map((part) => {
    if (!part.startsWith('```')) { return prose(part, names, toSnakeCase); }
    return part.startsWith('```ts') ? `\`\`\`py\n${pythonCode(rest.shift().python)}\`\`\`` : part;
  }).join('');
  const hasExamples = blocks.length > 0;
  return `<!-- Generated from ${name} by \`npx projen docs\`. Do not edit. -->\n\n`
    + (hasExamples ? body.replace(/^(# .*\n\nThis page [\s\S]*?)\n\n/, '$1\n\nThe examples use [these imports](README.md#imports).\n\n') : body);
}

/** What jsii-rosetta writes in a way that does not run, or that nobody would write. */
function pythonCode(code) {
  const lines = code.trimEnd().split('\n').map((line) => line.trimEnd());
  const withoutUndefined = lines.map((line) => line.replace(/\bundefined\b(?=[,)\]]|$)/g, 'None'));
  // it imports a name each time that it needs it
  const onceImported = withoutUndefined.map((line) => line.replace(/^(from \S+ import )(.*)$/, (_, from, list) => from + [...new Set(list.split(', '))].sort().join(', ')));
  // and in a line of its own, even if another line imports it too
  const imported = (line) => { const [, module, list] = /^from (\S+) import (.*)$/.exec(line) ?? []; return { module, names: list?.split(', ') ?? [] }; };
  const needed = onceImported.filter((line, i) => {
    const { module, names } = imported(line);
    return module === undefined || !onceImported.some((another, j) => {
      const other = imported(another);
      return other.module === module && names.every((name) => other.names.includes(name)) && (other.names.length > names.length || j < i);
    });
  });
  const spaced = needed.flatMap((line, i) => {
    const before = needed[i - 1] ?? '';
    const isImport = (one) => /^(from|import) /.test(one);
    if (isImport(before) && line !== '' && !isImport(line)) { return ['', line]; }
    if (/^class /.test(line) || (/^\S/.test(line) && /^ {4}/.test(needed[i - 2] ?? '') && before === '')) { return ['', line]; }
    return [line];
  });
  return `${spaced.join('\n')}\n`;
}

/**
 * Prose keeps its words: what changes are names and values in code spans, and links to what has no page for Python. Messages that contain
 * backticks stand between two of them, and stay as the library writes them.
 */
function prose(text, names, toSnakeCase) {
  return text
    .replace(/(``[^\n]+?``)|`([^`\n]+)`/g, (_, message, span) => message ?? `\`${codeSpan(span, toSnakeCase)}\``)
    .replace(/\]\((?!https?:|#)([^)#]+)(#[^)]*)?\)/g, (_, file, anchor = '') => `](${names.has(file) ? file : path.posix.join('..', file)}${anchor})`);
}

function codeSpan(span, toSnakeCase) {
  const fixed = { 'true': 'True', 'false': 'False', 'undefined': 'None', 'this': 'self', 'cdk-spark-emr-serverless': 'cdk_spark_emr_serverless' }[span];
  if (fixed) { return fixed; }
  // the names of Spark are the same in every language, and some end as props do
  if (/^spark\.[\w.-]+$/.test(span)) { return span; }
  return span
    .replace(/^aws-cdk-lib(\/([\w-]+))?$/, (_, _path, module) => module ? `aws_cdk.${module.replace(/-/g, '_')}` : 'aws_cdk')
    // a prop with its value is a keyword argument
    .replace(/^([a-z]\w*): (true|false|[A-Z]\w*\.\w+)$/, (_, name, value) => `${toSnakeCase(name)}=${{ true: 'True', false: 'False' }[value] ?? value}`)
    // texts
    .replace(/'([^']*)'/g, '"$1"')
    // methods of any library, and the names of this one
    .replace(/(?<![\w:/-])([a-z]\w*[A-Z]\w*)(?=\()/g, (name) => snake(name))
    .replace(/(?<![\w:/<-])([a-z]\w*[A-Z]\w*)(?![\w:/-])/g, (name) => toSnakeCase(name));
}

/**
 * The members and parameters of the library, and what the blocks show of other libraries, change their names in Python; nothing else does.
 */
function snakeCase(blocks) {
  const assembly = JSON.parse(gunzipSync(fs.readFileSync(path.join(ROOT, '.jsii.gz'))));
  const callables = (type) => [...type.methods ?? [], ...type.initializer ? [type.initializer] : []];
  const names = new Set(Object.values(assembly.types).flatMap((type) => [
    ...(type.properties ?? []).map(({ name }) => name),
    ...callables(type).flatMap(({ name, parameters = [] }) => [name, ...parameters.map((parameter) => parameter.name)]),
  ]));
  blocks.forEach(({ code, python }) => (code.match(/\b[a-z]\w*[A-Z]\w*\b/g) ?? [])
    .filter((name) => new RegExp(`\\b${snake(name)}\\b`).test(python)).forEach((name) => names.add(name)));
  return (name) => names.has(name) ? snake(name) : name;
}

/** As jsii does it. */
function snake(name) {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

module.exports = { pythonDocs };
