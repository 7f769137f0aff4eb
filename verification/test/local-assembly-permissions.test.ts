import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aws_iam as iam, aws_kms as kms, aws_s3 as s3, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { DATA, MANAGED, may, READ, readStack, role, statement, WRITE } from './local-assembly-parts';
import { ask } from '../lib/iam';

describe('what cannot be resolved', () => {
  const unknown = (stack: Stack) => new CfnParameter(stack, 'Unknown').valueAsString;

  test('allows nothing, and the rest of the policy holds', async () => {
    const assembly = readStack((stack) => {
      const owner = role(stack);
      owner.addToPolicy(statement(READ, DATA));
      owner.addToPolicy(statement(WRITE, unknown(stack)));
    });
    assert.equal(await may(assembly, READ), true);
    assert.equal(await may(assembly, WRITE), false);
    assert.deepEqual(assembly.warnings.map((warning) => warning.replace(/[0-9A-F]{8}/g, '')), [
      'Stack/Role: no resource Unknown in the template, and no value given for a parameter, in {"Action":"s3:PutObject","Effect":"Allow",'
      + '"Resource":{"Ref":"Unknown"}} of RoleDefaultPolicy: nothing is allowed by it',
    ]);
  });

  test('refuses everything if it may deny', async () => {
    const assembly = readStack((stack) => {
      const owner = role(stack);
      owner.addToPolicy(statement('*', '*'));
      owner.addToPolicy(statement(WRITE, unknown(stack), iam.Effect.DENY));
    });
    assert.equal(await may(assembly, READ), false);
    assert.match(assembly.warnings.join(), /^Stack\/Role\w+: .*"Effect":"Deny".*: because it may deny, everything is refused$/);
  });

  for (const [what, properties] of Object.entries({
    'a list of policies': { Policies: { 'Fn::If': ['Nothing', [], []] } },
    'a list of managed policies': { ManagedPolicyArns: { 'Fn::Split': [',', { Ref: 'Unknown' }] } },
  })) {
    test(`refuses everything if it is ${what}`, async () => {
      const assembly = readStack((stack) => {
        unknown(stack);
        const owner = role(stack);
        owner.addToPolicy(statement(READ, DATA));
        Object.entries(properties).forEach(([name, value]) => (owner.node.defaultChild as iam.CfnRole).addPropertyOverride(name, value));
      });
      assert.equal(await may(assembly, READ), false);
      assert.match(assembly.warnings.join(), /: the role is refused everything$/);
    });
  }

  test('is a resource that is no ARN', async () => {
    const assembly = readStack((stack) => role(stack).addToPolicy(statement(READ, 'Bucket')));
    assert.equal(await may(assembly, READ), false);
    assert.match(assembly.warnings.join(), /: Bucket is no ARN, in /);
  });

  test('is a policy of AWS, which is left out', async () => {
    const assembly = readStack((stack) => {
      const managed = iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole');
      role(stack, 'Role', { managedPolicies: [managed] }).addToPolicy(statement(READ, DATA));
    });
    assert.equal(await may(assembly, READ), true);
    assert.deepEqual(assembly.warnings.map((warning) => warning.replace(/^.*?: /, '')), [MANAGED]);
  });

  test('is a policy that is attached to nobody knows whom: it allows nobody anything, and refuses everybody what it may deny', async () => {
    const attached = (effect: iam.Effect) => readStack((stack) => {
      role(stack).addToPolicy(statement(READ, DATA));
      const roles = [iam.Role.fromRoleName(stack, 'Other', unknown(stack))];
      new iam.Policy(stack, 'Attached', { roles, statements: [statement(WRITE, DATA, effect)] });
    });
    assert.equal(await may(attached(iam.Effect.ALLOW), READ), true);
    assert.equal(await may(attached(iam.Effect.ALLOW), WRITE), false);
    assert.equal(await may(attached(iam.Effect.DENY), READ), false);
  });

  test('is the trust in somebody: nobody is trusted', async () => {
    const assembly = readStack((stack) => role(stack, 'Role', { assumedBy: new iam.ArnPrincipal(unknown(stack)) }));
    const [{ arn }] = assembly.roles;
    const question = { principal: 'emr-serverless.amazonaws.com', action: 'sts:AssumeRole', resource: arn, resourcePolicy: assembly.trustPolicy(arn) };
    assert.equal(await ask(question), 'denied');
    assert.match(assembly.warnings.join(), / of AssumeRolePolicyDocument: nothing is allowed by it$/);
  });

  test('leaves out a property of an application, and an application without a release', () => {
    const assembly = readStack((stack) => {
      const value = unknown(stack);
      const properties = { Type: 'Spark', ReleaseLabel: 'emr-7.14.0' };
      new CfnResource(stack, 'One', { type: 'AWS::EMRServerless::Application', properties: { ...properties, Name: value } });
      new CfnResource(stack, 'Two', { type: 'AWS::EMRServerless::Application', properties: { ...properties, ReleaseLabel: value } });
    });
    assert.deepEqual(assembly.applications.map(({ logicalId, properties }) => [logicalId, properties]), [['One', { Type: 'Spark', ReleaseLabel: 'emr-7.14.0' }]]);
    assert.deepEqual(assembly.warnings.map((warning) => warning.replace(/no resource .*?: /, '')), [
      'Stack/One: the application goes without Name', 'Stack/Two: it is left out',
    ]);
  });

  test('is a macro', () => {
    const assembly = readStack((stack) => {
      stack.addTransform('AWS::Serverless-2016-10-31');
      role(stack);
    });
    assert.deepEqual(assembly.warnings, ['Stack: the macro "AWS::Serverless-2016-10-31" does not run']);
  });
});

describe('a permissions boundary', () => {
  const bounded = (boundary: (stack: Stack) => iam.IManagedPolicy) => readStack((stack) => {
    role(stack, 'Role', { permissionsBoundary: boundary(stack) }).addToPolicy(statement('s3:*', '*'));
  });

  test('bounds the role if it is of the assembly', async () => {
    const assembly = bounded((stack) => new iam.ManagedPolicy(stack, 'Boundary', { statements: [statement(READ, '*')] }));
    assert.equal(await may(assembly, READ), true);
    assert.equal(await may(assembly, WRITE), false);
  });

  test('allows nothing if it is not', async () => {
    const assembly = bounded((stack) => iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary'));
    assert.equal(await may(assembly, READ), false);
    assert.match(assembly.warnings.join(), /: the policy arn:aws:iam::111122223333:policy\/boundary is not in the assembly: nothing is allowed by it$/);
  });

  test('allows nothing of which nothing can be resolved', async () => {
    const assembly = bounded((stack) => new iam.ManagedPolicy(stack, 'Boundary', {
      statements: [statement(READ, new CfnParameter(stack, 'Unknown').valueAsString)],
    }));
    assert.equal(await may(assembly, READ), false);
  });
});

test('a role that the app imports may do what the app grants it, and nobody assumes it', async () => {
  const assembly = readStack((stack) => {
    const imported = iam.Role.fromRoleName(stack, 'Imported', 'mwaa');
    imported.addToPrincipalPolicy(statement(READ, DATA));
  });
  const [{ arn, accessKeyId }] = assembly.roles;
  assert.deepEqual([arn, accessKeyId], ['arn:aws:iam::111122223333:role/mwaa', 'mwaa']);
  assert.equal(await may(assembly, READ, undefined, 'mwaa'), true);
  assert.equal(await may(assembly, WRITE, undefined, 'mwaa'), false);
  const question = { principal: 'emr-serverless.amazonaws.com', action: 'sts:AssumeRole', resource: arn, resourcePolicy: assembly.trustPolicy(arn) };
  assert.equal(await ask(question), 'denied');
  assert.deepEqual(assembly.warnings, ['mwaa: the role is not made by the assembly: it may do what policies of the assembly allow, and no service may assume it']);
});

test('a role that is not of the assembly is an error', () => {
  const assembly = readStack((stack) => role(stack));
  const arn = 'arn:aws:iam::111122223333:role/Other';
  for (const question of [() => assembly.identityPolicies(arn), () => assembly.boundary(arn), () => assembly.trustPolicy(arn)]) {
    assert.throws(question, { message: `no role ${arn} in the assembly` });
  }
});

describe('the key of a bucket', () => {
  const encrypted = (keyOf: (stack: Stack) => kms.IKey) => readStack((stack) => {
    new s3.Bucket(stack, 'Bucket', { encryptionKey: keyOf(stack), bucketName: 'amzn-s3-demo-bucket' });
    new s3.Bucket(stack, 'Plain', { bucketName: 'amzn-s3-demo-plain' });
  });

  test('is known with its policy', () => {
    const assembly = encrypted((stack) => new kms.Key(stack, 'Key'));
    const { arn, policy } = assembly.bucketKey('amzn-s3-demo-bucket')!;
    assert.match(arn, /^arn:aws:kms:eu-west-1:111122223333:key\/Key\w+$/);
    assert.equal(policy.Statement[0].Action, 'kms:*');
    assert.equal(assembly.keyPolicy(arn), policy);
    assert.throws(() => assembly.keyPolicy(`${arn}x`), { message: `no key ${arn}x in the assembly` });
    assert.equal(assembly.bucketKey('amzn-s3-demo-plain'), undefined);
    assert.equal(assembly.bucketKey('of-somebody-else'), undefined);
  });

  test('lets nobody in if its policy may deny what cannot be resolved', async () => {
    const assembly = encrypted((stack) => {
      const key = new kms.Key(stack, 'Key');
      const principals = [new iam.ArnPrincipal(new CfnParameter(stack, 'Unknown').valueAsString)];
      key.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals, actions: ['kms:Decrypt'], resources: ['*'] }));
      role(stack).addToPolicy(new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] }));
      return key;
    });
    const [{ arn: principal }] = assembly.roles;
    const { arn: resource, policy: resourcePolicy } = assembly.bucketKey('amzn-s3-demo-bucket')!;
    assert.equal(await ask({ principal, action: 'kms:Decrypt', resource, resourcePolicy, identityPolicies: assembly.identityPolicies(principal) }), 'denied');
    assert.match(assembly.warnings.join(), / of KeyPolicy: because it may deny, everything is refused/);
  });

  test('is named if it is not of the assembly', () => {
    const key = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const assembly = encrypted((stack) => kms.Key.fromKeyArn(stack, 'Key', key));
    assert.throws(() => assembly.keyPolicy(key));
    assert.equal(assembly.bucketKey('amzn-s3-demo-bucket'), undefined);
    assert.match(assembly.warnings.join(), /: its key arn:aws:kms:\S+ is not in the assembly: nobody decides on who may use it$/);
  });
});
