'use strict';

const iam = require('aws-cdk-lib/aws-iam');
const { App, Stack } = require('aws-cdk-lib/core');
const { SparkEmrServerlessRuntime } = require('cdk-spark-emr-serverless');
const { table } = require('../../scripts/lib/table');

/** IAM's quota of managed policies for a role, before one asks for more. */
const MANAGED_POLICIES = 10;

/** One submitter that may start jobs on many applications: how many, until its policy overflows and until no more fit. */
function policies() {
  const rows = [[false, true], [false, false], [true, true], [true, false]].map(([minimize, shared]) => {
    const one = submitter(1, minimize, shared);
    const bytes = (submitter(11, minimize, shared).bytes - one.bytes) / 10;
    return [
      minimize ? 'yes' : 'no',
      shared ? 'one for all' : 'one each',
      Math.round(bytes).toLocaleString('en'),
      first((count) => submitter(count, minimize, shared).managed > 0),
      first((count) => submitter(count, minimize, shared).managed >= MANAGED_POLICIES),
    ].map((cell) => [String(cell)]);
  });
  console.log(table(['minimizePolicies', 'execution role', 'bytes a grant', 'first overflow policy at', 'tenth managed policy at'], rows));
}

function submitter(count, minimize, shared) {
  const app = new App({ context: { '@aws-cdk/aws-iam:minimizePolicies': minimize }, treeMetadata: false });
  const stack = new Stack(app, 'Stack');
  const role = new iam.Role(stack, 'Submitter', { assumedBy: new iam.AccountRootPrincipal() });
  // imported, as in a stack of the submitter's own, so that a stack's limit of 500 resources is not met first
  for (let i = 0; i < count; i++) {
    const id = i.toString().padStart(3, '0');
    const runtime = SparkEmrServerlessRuntime.fromApplicationArn(stack, `Spark${id}`, `arn:aws:emr-serverless:eu-west-1:111122223333:/applications/00f1abcdefgh0${id}`);
    runtime.grantStartJobExecution(role, `arn:aws:iam::111122223333:role/spark-execution${shared ? '' : `-${id}`}`);
  }
  const documents = Object.values(app.synth().stacks[0].template.Resources).filter(({ Properties }) => Properties.PolicyDocument);
  return {
    bytes: documents.map(({ Properties }) => JSON.stringify(Properties.PolicyDocument).length).reduce((sum, bytes) => sum + bytes),
    managed: documents.filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy').length,
  };
}

/** The lowest number of applications at which something is so; it stays so above. */
function first(isSo, low = 1, high = 1000) {
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isSo(middle)) { high = middle; } else { low = middle + 1; }
  }
  return isSo(low) ? low : `more than ${high}`;
}

module.exports = { policies };
