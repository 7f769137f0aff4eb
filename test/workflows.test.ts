import * as fs from 'fs';
import * as path from 'path';
import { parse } from 'yaml';

const FOLDER = path.join(__dirname, '..', '.github', 'workflows');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, unknown>;
  readonly env?: Record<string, string>;
}

interface Job {
  readonly uses?: string;
  readonly needs?: string | string[];
  readonly environment?: string;
  readonly permissions?: Record<string, string>;
  readonly steps?: Step[];
}

/** All jobs, as [workflow, name of the job, job]. */
const JOBS = fs.readdirSync(FOLDER).flatMap((workflow) => {
  const { jobs } = parse(fs.readFileSync(path.join(FOLDER, workflow), 'utf8')) as { jobs: Record<string, Job> };
  return Object.entries(jobs).map(([name, job]): [string, string, Job] => [workflow, name, job]);
});

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, group]) => group);
const steps = (job: Job) => job.steps ?? [];
const needs = (job: Job) => [job.needs ?? []].flat();
const writes = (job: Job) => Object.keys(job.permissions ?? {}).filter((permission) => job.permissions![permission] === 'write');
const secrets = (job: Job) => matches(JSON.stringify(job), /secrets\.(\w+)/g).filter((secret) => secret !== 'GITHUB_TOKEN');

/** What a command asks a package manager for by name, without the version that the lock file or the command gives. */
function unpinned(run: string): string[] {
  const packages = matches(run, /\bnpx\b.*?'?(?:-p|--package)'?[ =]'?([^\s']+)/g).filter((name) => !/.@\d+\.\d+\.\d+$/.test(name));
  // projen is a dependency
  const programs = matches(run, /\bnpx (?:-y |--yes )?([^\s'-]\S*)/g).filter((name) => name !== 'projen');
  const installs = run.match(/\bnpm (install|i|update)\b.*|\bpip3? install\b(?!.*-r ).*/g) ?? [];
  return [...packages, ...programs, ...installs];
}

test.each([
  ["npx '-p' 'publib@latest' 'publib-npm'", ['publib@latest']],
  ["npx '-p' 'publib@^0.2.1' 'publib-npm'", ['publib@^0.2.1']],
  ['npx --package=publib publib-npm', ['publib']],
  ['npx npm-check-updates@20 --upgrade', ['npm-check-updates@20']],
  ['npm install', ['npm install']],
  ['pip install twine', ['pip install twine']],
  ["npx '-p' 'publib@0.2.1061' 'publib-npm'", []],
  ['cd .repo && npm ci && npx projen build', []],
])('`%s` asks without a version for %j', (run, expected) => {
  expect(unpinned(run)).toEqual(expected);
});

describe.each(JOBS)('%s: the job %s', (workflow, name, job) => {
  test('names each action by its commit', () => {
    const used = [job, ...steps(job)].flatMap(({ uses }) => uses ?? []);

    // what starts with $ is in the same commit
    expect(used.filter((uses) => !/^\$\/|@[0-9a-f]{40}$/.test(uses))).toEqual([]);
  });

  test('installs what the lock file or the command itself pins', () => {
    expect(steps(job).flatMap(({ run }) => unpinned(run ?? ''))).toEqual([]);
  });

  test('says what its token may do, and leaves the token in no checkout', () => {
    const checkouts = steps(job).filter(({ uses }) => uses?.startsWith('actions/checkout@'));

    expect(job.permissions).toBeDefined();
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  test('runs in an environment if it has a secret or may write', () => {
    expect(job.environment !== undefined).toBe(secrets(job).length > 0 || writes(job).length > 0);
  });

  if (workflow === 'release.yml' && job.environment) {
    test('publishes only what the workflow verify has passed', () => {
      expect(job.environment).toBe('release');
      expect(needs(job)).toEqual(expect.arrayContaining(['release', 'verify']));
      expect(JOBS.find(([, other]) => other === 'verify')![2].uses).toBe('$/.github/workflows/verify.yml');
    });
  }

  if (/^release_(npm|pypi|nuget)$/.test(name)) {
    test('has no long-lived token, because the registry trusts the workflow', () => {
      expect(secrets(job).filter((secret) => secret !== 'NUGET_USERNAME')).toEqual([]);
      expect(writes(job)).toEqual(['id-token']);
    });
  }
});

test('PyPI and NuGet get what tools with pinned versions send', () => {
  const file = '.github/publish-requirements.txt';
  const pins = fs.readFileSync(path.join(__dirname, '..', file), 'utf8').split('\n').filter((line) => line && !line.startsWith('#'));
  const isConstrained = ({ run, env }: Step) => run?.includes('publib') && env?.PIP_CONSTRAINT?.endsWith(file);

  expect(JOBS.filter(([, , job]) => steps(job).some(isConstrained)).map(([, name]) => name)).toEqual(['release_pypi', 'release_nuget']);
  expect(pins.map((pin) => pin.split('==')[0])).toEqual(expect.arrayContaining(['id', 'pypi-attestations', 'twine']));
  expect(pins.filter((pin) => !/^[\w.-]+==[\w.]+$/.test(pin))).toEqual([]);
});
