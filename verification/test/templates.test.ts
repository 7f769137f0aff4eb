import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { after, describe, test } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CFN_LINT, cfnLint } from '../lib/cfn-lint';
import { BEIJING, GOV_CLOUD, IRELAND, Place } from '../lib/deployment';
import { Program, PROGRAMS, run } from '../lib/programs';
import { skippedWithout } from '../lib/tools';
import { findings, withValidation } from '../lib/validation';

const PLACES = [IRELAND, BEIJING, GOV_CLOUD];

/** What cfn-lint finds and may find. An exception that no template needs any more is a failure too. */
const EXCEPTIONS = [{
  regions: ['cn-north-1', 'us-gov-west-1'],
  finding: /^E3002 .*\/InteractiveConfiguration\/SessionEnabled: Additional properties are not allowed/,
  reason: 'In cfn-lint 1.51.0 the resource has no Spark Connect in China and GovCloud. The programs ask for it on purpose, and AWS does not say'
    + ' where CloudFormation takes it: a deployment there may be refused.',
}, {
  regions: PLACES.map(({ region }) => region),
  finding: /^W3005 .*\/DependsOn\/\d+: '\w*(Role\w*|Starter\w+)' dependency already enforced/,
  reason: 'aws-cdk-lib lets a state machine depend on its role and on the policy of the role. It depends on the role by its properties, too.',
}];

const context = withValidation();

const folder = mkdtempSync(path.join(tmpdir(), 'templates-'));
after(() => rmSync(folder, { recursive: true }));

const synthesized = new Set<string>();

/** The folder of the cloud assembly of a program. */
function synthesize(program: Program, place?: Place): string {
  const outdir = path.join(folder, place?.region ?? 'anywhere', program.name.replace(/\W+/g, '-'));
  if (!synthesized.has(outdir)) {
    run(program, { outdir, context }, place).synth();
    synthesized.add(outdir);
  }
  return outdir;
}

function templates(cloudAssembly: string): string[] {
  return readdirSync(cloudAssembly).filter((file) => file.endsWith('.template.json')).map((file) => path.join(cloudAssembly, file));
}

for (const place of [undefined, ...PLACES]) {
  describe(place ? `programs written for ${place.region}` : 'programs as they stand', () => {
    for (const program of PROGRAMS) {
      test(`CDK finds nothing, not even a warning: ${program.name}`, () => {
        assert.deepEqual(findings(synthesize(program, place)), []);
      });
    }

    const regions = place ? [place.region] : PLACES.map(({ region }) => region);
    test(`cfn-lint finds nothing for ${regions.join(', ')}`, { skip: skippedWithout(CFN_LINT) }, () => {
      const files = PROGRAMS.map((program) => templates(synthesize(program, place)));
      files.forEach((found, i) => assert.ok(found.length > 0, `templates of ${PROGRAMS[i].name}`));

      const found = cfnLint(files.flat(), regions);

      const exceptions = EXCEPTIONS.filter((exception) => exception.regions.some((region) => regions.includes(region)));
      assert.deepEqual(found.filter((text) => !exceptions.some(({ finding }) => finding.test(text))), []);
      assert.deepEqual(exceptions.filter(({ finding }) => !found.some((text) => finding.test(text))), []);
    });
  });
}

describe('the judges', () => {
  const outdir = path.join(folder, 'wrong');
  const stack = new Stack(new App({ outdir, context }), 'Wrong');
  new CfnApplication(stack, 'Application', { type: 'SPARK', releaseLabel: 'emr-7.14.0', maximumCapacity: { cpu: 'sixteen', memory: '64 GB' } });
  new ManagedPolicy(stack, 'Policy', {
    statements: [new PolicyStatement({ actions: ['emr-serverless:StopJobRun'], resources: ['*'] })],
  });
  (stack.node.root as App).synth();

  test('CDK notices a value that CloudFormation refuses', () => {
    assert.match(findings(outdir).join('\n'), /^error F3031 at Wrong\/Application: MaximumCapacity\.Cpu: /);
  });

  test('cfn-lint notices an action that IAM does not have', { skip: skippedWithout(CFN_LINT) }, () => {
    assert.match(cfnLint(templates(outdir), ['eu-west-1']).join('\n'), /^W3037 .*stopjobrun/m);
  });
});
