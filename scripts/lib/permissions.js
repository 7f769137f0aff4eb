'use strict';

/** The ARN of a resource, `…` for the Region and account of the deployment, that `Fn::GetAtt … Arn` or a `Ref` in an ARN stands for. */
const ARNS = {
  'AWS::EMRServerless::Application': (id) => `arn:aws:emr-serverless:…:/applications/<${id}>`,
  'AWS::IAM::Role': (id) => `arn:aws:iam::…:role/<${id}>`,
  'AWS::S3::Bucket': (id) => `arn:aws:s3:::<${id}>`,
};

const PSEUDO_PARAMETERS = {
  'AWS::AccountId': '…',
  'AWS::Partition': 'aws',
  'AWS::Region': '…',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** The resources of a template: what was created, by construct path. */
function resources(template) {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type !== 'AWS::CDK::Metadata')
    .map(([logicalId, resource]) => ({ type: resource.Type, name: nameOf(template, logicalId) }));
}

/**
 * Who may do what on which ARN, by the policies in a template: identity policies, inline policies and trust policies.
 */
function permissions(template) {
  return Object.entries(template.Resources).flatMap(([logicalId, { Type, Properties = {} }]) => {
    switch (Type) {
      case 'AWS::IAM::Policy':
      case 'AWS::IAM::ManagedPolicy':
        return [...Properties.Roles ?? [], ...Properties.Users ?? [], ...Properties.Groups ?? []]
          .flatMap((grantee) => identityRows(template, nameOf(template, grantee.Ref), Properties.PolicyDocument));
      case 'AWS::IAM::Role':
        return [
          ...trustRows(template, logicalId, Properties.AssumeRolePolicyDocument),
          ...(Properties.Policies ?? []).flatMap((policy) => identityRows(template, nameOf(template, logicalId), policy.PolicyDocument)),
        ];
      default:
        return [];
    }
  });
}

function identityRows(template, who, document) {
  return document.Statement.map((statement) => row(template, who, statement, list(statement.Resource)));
}

function trustRows(template, logicalId, document) {
  return document.Statement.map((statement) =>
    row(template, Object.values(statement.Principal).flatMap(list).map((principal) => text(template, principal)).join(', '), statement, [
      { 'Fn::GetAtt': [logicalId, 'Arn'] },
    ]));
}

function row(template, who, statement, on) {
  return {
    who,
    effect: statement.Effect,
    may: list(statement.Action),
    on: on.map((resource) => text(template, resource)),
    onlyIf: Object.values(statement.Condition ?? {}).flatMap(Object.entries)
      .map(([key, values]) => ({ key, oneOf: list(values).map((value) => value.Ref === 'AWS::AccountId' ? 'the account' : text(template, value)) })),
  };
}

/** A value of a template as a person reads it. */
function text(template, value) {
  if (typeof value !== 'object') { return String(value); }
  if (value.Ref) { return PSEUDO_PARAMETERS[value.Ref] ?? `<${nameOf(template, value.Ref)}>`; }
  if (value['Fn::Join']) { return shortened(value['Fn::Join'][1].map((part) => text(template, part)).join(value['Fn::Join'][0])); }
  if (typeof value['Fn::Sub'] === 'string') { return value['Fn::Sub'].replace(/\$\{([^!.}]+)\}/g, (_, name) => text(template, { Ref: name })); }
  if (value['Fn::GetAtt']) {
    const [logicalId, attribute] = value['Fn::GetAtt'];
    const arn = ARNS[template.Resources[logicalId].Type];
    return attribute === 'Arn' && arn ? arn(nameOf(template, logicalId)) : `<${nameOf(template, logicalId)}.${attribute}>`;
  }
  return JSON.stringify(value);
}

/** An asset has the digest of its content for a name, of which a person reads no more than the beginning. */
function shortened(arn) {
  return arn.replace(/\b([0-9a-f]{8})[0-9a-f]{56}\b/g, '$1…');
}

/** The path of the construct in its stack, without what CDK puts at its end. */
function nameOf(template, logicalId) {
  const constructPath = template.Resources[logicalId]?.Metadata?.['aws:cdk:path'] ?? logicalId;
  return constructPath.split('/').slice(1).filter((id) => id !== 'Resource').join('/') || logicalId;
}

function list(value) {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

module.exports = { permissions, resources };
