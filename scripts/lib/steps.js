'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '..', '..');

/**
 * Runs a command and shows what it prints, or with `quiet` only what it printed when it failed. The first failure ends the script.
 */
function run(title, command, { cwd = ROOT, quiet = false, env = {} } = {}) {
  console.log(`\n▶ ${title}`);
  const started = Date.now();
  const result = spawnSync(command, {
    cwd,
    shell: true,
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    env: { ...process.env, npm_config_audit: 'false', npm_config_fund: 'false', ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status !== 0) {
    if (quiet) { process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`); }
    fail(`${title}: \`${command}\` failed${result.signal ? ` (${result.signal})` : ` with exit code ${result.status}`}`);
  }
  console.log(`  done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function fail(message) {
  console.error(`\n✖ ${message}`);
  process.exit(1);
}

/** Whether a file is missing, or older than something that it is made from. A folder stands for all that is in it. */
function isOutdated(made, sources) {
  if (!fs.existsSync(made)) { return true; }
  const files = sources.flatMap((source) => [source, ...(fs.statSync(source).isDirectory() ? fs.readdirSync(source, { recursive: true })
    .map((file) => path.join(source, file)) : [])]);
  // what npm unpacks keeps the time of its change, but not the other
  return Math.max(...files.map((file) => fs.statSync(file).mtimeMs)) > fs.statSync(made).ctimeMs;
}

/** Installs what a lock file says, when it is missing or older than the lock file. */
function install(folder = ROOT) {
  // the file in which npm notes what it installed
  const note = path.join(folder, 'node_modules', '.package-lock.json');
  if (!isOutdated(note, [path.join(folder, 'package-lock.json')])) { return; }
  run(`Install the dependencies of ${path.relative(ROOT, folder) || 'the project'} (npm ci), about a minute`, 'npm ci', { cwd: folder, quiet: true });
}

/** Checks what everything else stands on. */
function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) { fail(`Node.js 20 or later is needed, this is ${process.version}`); }
}

module.exports = { ROOT, run, fail, install, isOutdated, checkNode };
