import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const ROOT = path.join(__dirname, '..');
const { differences } = require('../scripts/lib/differences');
const { permissions } = require('../scripts/lib/permissions');
const { table } = require('../scripts/lib/table');
const { findings } = require('../scripts/lib/validation-report');

describe('the check of the validation report', () => {
  /** Synthesizes an application with CloudFormation validation on, at the newest aws-cdk-lib as the demo does. */
  function synthesize(architecture: string, validation = 'true'): string {
    const assembly = fs.mkdtempSync(path.join(os.tmpdir(), 'assembly-'));
    const { status, stderr } = spawnSync(process.execPath, ['-e', `
      const { App, Stack } = require('aws-cdk-lib-newest');
      const { CfnApplication } = require('aws-cdk-lib-newest/aws-emrserverless');
      const app = new App({ outdir: process.argv[1] });
      new CfnApplication(new Stack(app, 'Stack'), 'Spark', { type: 'SPARK', releaseLabel: 'emr-7.14.0', architecture: process.argv[2] });
      app.synth();
    `, assembly, architecture], { cwd: ROOT, encoding: 'utf8', env: { ...process.env, CDK_VALIDATION: validation } });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    return assembly;
  }

  test('finds nothing in a sound template', () => {
    expect(findings(synthesize('ARM64'))).toEqual([]);
  });

  test('finds a fault that CloudFormation validation only warns of', () => {
    expect(findings(synthesize('MIPS'))).toEqual([
      expect.stringMatching(/^warning W3030 at Stack\/Spark: .*'MIPS' is not one of \['ARM64', 'X86_64'\]/),
    ]);
  });

  test('finds what is in no construct', () => {
    const assembly = fs.mkdtempSync(path.join(os.tmpdir(), 'assembly-'));
    const violations = [{ severity: 'error', ruleName: 'F1101', description: 'no JSON', violatingConstructs: [] }];
    fs.writeFileSync(path.join(assembly, 'validation-report.json'), JSON.stringify({ pluginReports: [{ violations }] }));

    expect(findings(assembly)).toEqual(['error F1101: no JSON']);
  });

  test('fails where nothing was validated', () => {
    expect(() => findings(synthesize('MIPS', 'false'))).toThrow(/validation-report.json is missing/);
  });
});

describe('the table of permissions', () => {
  const template = {
    Resources: {
      Spark1: { Type: 'AWS::EMRServerless::Application', Metadata: { 'aws:cdk:path': 'Demo/Spark/Resource' } },
      Submitter1: {
        Type: 'AWS::IAM::Role',
        Metadata: { 'aws:cdk:path': 'Demo/Submitter/Resource' },
        Properties: {
          AssumeRolePolicyDocument: {
            Statement: [{
              Effect: 'Allow',
              Action: 'sts:AssumeRole',
              Principal: { Service: 'states.amazonaws.com' },
              Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
            }],
          },
          Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }] } }],
        },
      },
      Policy1: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          Roles: [{ Ref: 'Submitter1' }],
          PolicyDocument: {
            Statement: [{
              Effect: 'Allow',
              Action: ['emr-serverless:CancelJobRun', 'emr-serverless:GetJobRun'],
              Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Spark1', 'Arn'] }, '/jobruns/*']] },
            }],
          },
        },
      },
    },
  };

  test('tells who may do what on which ARN, from every policy of the template', () => {
    expect(permissions(template)).toEqual([
      {
        who: 'states.amazonaws.com',
        effect: 'Allow',
        may: ['sts:AssumeRole'],
        on: ['arn:aws:iam::…:role/<Submitter>'],
        onlyIf: [{ key: 'aws:SourceAccount', oneOf: ['the account'] }],
      },
      { who: 'Submitter', effect: 'Deny', may: ['s3:*'], on: ['*'], onlyIf: [] },
      {
        who: 'Submitter',
        effect: 'Allow',
        may: ['emr-serverless:CancelJobRun', 'emr-serverless:GetJobRun'],
        on: ['arn:aws:emr-serverless:…:/applications/<Spark>/jobruns/*'],
        onlyIf: [],
      },
    ]);
  });
});

test('the table of permissions names an asset by the beginning of its digest', () => {
  const digest = '0123456789abcdef'.repeat(4);
  const Resource = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { 'Fn::Sub': 'assets-${AWS::AccountId}-${AWS::Region}' }, `/${digest}.zip`]] };
  const Properties = { Roles: [{ Ref: 'Role1' }], PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource }] } };

  expect(permissions({ Resources: { Role1: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } }, P: { Type: 'AWS::IAM::Policy', Properties } } }))
    .toEqual([expect.objectContaining({ on: ['arn:aws:s3:::assets-…-…/01234567….zip'] })]);
});

describe('a table', () => {
  const rows = [[['Submitter'], ['a:B', 'a:C'], ['arn:aws:a']]];

  test('has a cell for each heading and a line for each value', () => {
    expect(table(['who', 'may', 'on'], rows, 80).split('\n')).toEqual([
      '┌───────────┬─────┬───────────┐',
      '│ who       │ may │ on        │',
      '├───────────┼─────┼───────────┤',
      '│ Submitter │ a:B │ arn:aws:a │',
      '│           │ a:C │           │',
      '└───────────┴─────┴───────────┘',
    ]);
  });

  test('is a list in a terminal that is too narrow', () => {
    expect(table(['who', 'may', 'on'], rows, 20).split('\n')).toEqual([
      'who       Submitter',
      'may       a:B',
      '          a:C',
      'on        arn:aws:a',
    ]);
  });
});

describe('the differences of two templates', () => {
  test('are none where they are equal, in whatever order of keys', () => {
    expect(differences({ a: [1, { b: null }], c: 'd' }, { c: 'd', a: [1, { b: null }] })).toEqual([]);
  });

  test('are told with their path, what was expected and what is there', () => {
    expect(differences({ a: [1, { b: 'c' }], d: true }, { a: [1, { b: 'x' }, 2], e: {} })).toEqual([
      '/a/1/b: expected "c", got "x"',
      '/a/2: expected nothing, got 2',
      '/d: expected true, got nothing',
      '/e: expected nothing, got {}',
    ]);
  });
});
