import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { App, Validations } from 'aws-cdk-lib';
import { AccountRootPrincipal, ManagedPolicy, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { Acknowledged, secureApp } from '../lib/secure-app';
import { findings, withValidation } from '../lib/validation';

const context = withValidation();

const folder = mkdtempSync(path.join(tmpdir(), 'nag-'));
after(() => rmSync(folder, { recursive: true }));

function build(name: string) {
  return secureApp({ outdir: path.join(folder, name), context });
}

/** What the packs and CDK's own validation find, as "<rule> at <path of the construct>". */
function judge(app: App): string[] {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new NIST80053R5Checks(app), new HIPAASecurityChecks(app), new PCIDSS321Checks(app));
  return findings(app.synth().directory).map((text) => text.replace(/^\w+ (.*?) at (\S+): .*$/s, '$1 at $2')).sort();
}

function acknowledge(acknowledged: Acknowledged[]): void {
  acknowledged.forEach(({ at, id, reason }) => Validations.of(at).acknowledge({ id, reason }));
}

test('a secure application has the findings that are listed, and no other', () => {
  const { app, acknowledged } = build('as-it-stands');

  assert.deepEqual(judge(app), acknowledged.map(({ at, id }) => `${id} at ${at.node.path}/Resource`).sort());
});

test('a secure application has no finding once the listed ones are acknowledged', () => {
  const { app, acknowledged } = build('acknowledged');
  acknowledge(acknowledged);

  assert.deepEqual(judge(app), []);
});

test('every pack notices what is not listed', () => {
  const { app, stack, acknowledged } = build('careless');
  acknowledge(acknowledged);
  new Role(stack, 'Careless', {
    assumedBy: new AccountRootPrincipal(),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonS3FullAccess')],
    inlinePolicies: { Inline: new PolicyDocument({ statements: [new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] })] }) },
  });

  assert.deepEqual(judge(app), [
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonS3FullAccess] at Secure/Careless/Resource',
    'AwsSolutions-IAM5[Resource::*] at Secure/Careless/Resource',
    'HIPAA.Security-IAMNoInlinePolicy at Secure/Careless/Resource',
    'NIST.800.53.R5-IAMNoInlinePolicy at Secure/Careless/Resource',
    'PCI.DSS.321-IAMNoInlinePolicy at Secure/Careless/Resource',
  ]);
});
