import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { before, describe, test } from 'node:test';
import { EmrRelease } from 'cdk-spark-emr-serverless';
import { PROGRAMS, run } from '../lib/programs';
import { checkWithSpark, lineOf, Properties, skippedWithoutSpark } from '../lib/spark';
import { VERIFICATION } from '../lib/tools';

interface Application {
  readonly name: string;
  readonly version: string;
  readonly properties: Properties;
}

interface Resource {
  readonly Type: string;
  readonly Properties: {
    readonly ReleaseLabel: string;
    readonly RuntimeConfiguration?: { readonly Classification: string; readonly Properties?: Properties }[];
  };
}

/**
 * The applications in the templates of examples and documentation, with the Spark of their release and the properties that all their jobs
 * start with.
 */
const APPLICATIONS: Application[] = PROGRAMS.flatMap((program) =>
  run(program, { builtinCloudFormationValidation: false }).synth().stacks
    .flatMap(({ template }) => Object.entries<Resource>(template.Resources))
    .filter(([, { Type }]) => Type === 'AWS::EMRServerless::Application')
    .map(([logicalId, { Properties: { ReleaseLabel, RuntimeConfiguration = [] } }]) => ({
      name: `${logicalId} of ${program.name}`,
      version: EmrRelease.of(ReleaseLabel).sparkVersion!,
      properties: RuntimeConfiguration.find(({ Classification }) => Classification === 'spark-defaults')?.Properties ?? {},
    })));

const VERSIONS = [...new Set(APPLICATIONS.map(({ version }) => version))];
const WITH_PROPERTIES = APPLICATIONS.filter(({ properties }) => Object.keys(properties).length > 0);

const docs: { pages(): { text: string }[] } = require('../../scripts/lib/docs');

/** Keys in the text of the documentation, as in "`spark.executor.instances`". */
const NAMED = docs.pages().flatMap(({ text }) => [...text.matchAll(/`(spark\.[\w.-]+)`/g)]).map(([, key]) => key);

test('examples and documentation set Spark properties for each Spark that they run', () => {
  assert.deepEqual([...new Set(WITH_PROPERTIES.map(({ version }) => version))].sort(), VERSIONS.sort());
});

for (const version of VERSIONS) {
  describe(`Spark ${version}`, () => {
    const skip = skippedWithoutSpark(version);
    const applications = WITH_PROPERTIES.filter((application) => application.version === version);
    let result: ReturnType<typeof checkWithSpark>;

    before(() => {
      if (skip) { return; }
      result = checkWithSpark(version, {
        ...Object.fromEntries(applications.map(({ name, properties }) => [name, properties])),
        'the text of the documentation': Object.fromEntries(NAMED.map((key) => [key, null])),
        'a key with a slip': { 'spark.executor.memory': '29g', 'spark.executor.memroy': '29g' },
        'a value with a slip': { 'spark.executor.memory': '29g', 'spark.dynamicAllocation.maxExecutors': 'many' },
      });
    });

    test('is the version that is pinned for it', { skip }, () => {
      assert.equal(readFileSync(path.join(VERIFICATION, 'requirements', `spark-${lineOf(version)}.txt`), 'utf8'), `pyspark==${version}\n`);
      assert.equal(result.spark, version);
    });

    for (const { name } of applications) {
      test(`takes each property of ${name} and runs a job with them`, { skip }, () => {
        assert.deepEqual(result.checks[name], { unknown: [], unreadable: [], lost: [], rows: [[0, 1683], [1, 1617], [2, 1650]] });
      });
    }

    test('knows each key that the documentation names, or EMR Serverless does', { skip }, () => {
      assert.ok(NAMED.includes('spark.executor.instances') && NAMED.includes('spark.ssl.internode.enabled'));
      assert.deepEqual(result.checks['the text of the documentation'].unknown, []);
    });

    test('does not know a key with a slip', { skip }, () => {
      assert.deepEqual(result.checks['a key with a slip'], { unknown: ['spark.executor.memroy'], unreadable: [] });
    });

    test('cannot read a value with a slip', { skip }, () => {
      assert.deepEqual(result.checks['a value with a slip'], { unknown: [], unreadable: ['spark.dynamicAllocation.maxExecutors'] });
    });
  });
}
