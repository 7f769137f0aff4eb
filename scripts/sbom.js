'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { ROOT } = require('./lib/steps');

const npm = (cwd, ...args) => execFileSync('npm', args, { cwd, encoding: 'utf8' });

/** The CycloneDX bill of materials of the npm package, which the packages of all other languages contain too. */
function billOfMaterials() {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'sbom-'));
  try {
    const [{ filename, name }] = JSON.parse(npm(ROOT, 'pack', '--ignore-scripts', '--json', '--pack-destination', scratch));
    // npm names the component after its folder
    const folder = path.join(scratch, name);
    fs.mkdirSync(folder);
    execFileSync('tar', ['-xzf', path.join(scratch, filename), '--strip-components=1', '-C', folder]);
    const manifest = path.join(folder, 'package.json');
    fs.writeFileSync(manifest, JSON.stringify({ ...JSON.parse(fs.readFileSync(manifest, 'utf8')), devDependencies: undefined }));
    // the peers are the user's: with this option npm does not miss them
    return npm(folder, 'sbom', '--legacy-peer-deps', '--sbom-format=cyclonedx', '--sbom-type=library');
  } finally {
    fs.rmSync(scratch, { recursive: true });
  }
}

const [file] = process.argv.slice(2);
fs.mkdirSync(path.dirname(file), { recursive: true });
fs.writeFileSync(file, billOfMaterials());
