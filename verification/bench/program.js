'use strict';

// One process of the benchmark: applications, each with an execution role and a submitter that may start its jobs, in stacks of a hundred.
// node program.js <"by hand" | "floor" | "library"> <number of applications>
const [variant, count] = process.argv.slice(2);
const PER_STACK = 100;

// of this process, so that others on the machine disturb less than with the time of the clock
const now = () => Object.values(process.cpuUsage()).reduce((sum, microseconds) => sum + microseconds) / 1000;

const started = now();
const iam = require('aws-cdk-lib/aws-iam');
const { App, Stack } = require('aws-cdk-lib/core');
const addApplication = { 'by hand': byHand, floor, 'library': withLibrary }[variant]();
const imported = now();

const app = new App({ treeMetadata: false });
const stacks = Array.from({ length: Math.ceil(count / PER_STACK) }, (_, i) => new Stack(app, `Stack${i}`));
for (let i = 0; i < count; i++) { addApplication(stacks[Math.floor(i / PER_STACK)], String(i)); }
const built = now();

const assembly = app.synth();
const synthesized = now();

const memory = process.resourceUsage().maxRSS / 1024;
const templates = assembly.stacks.map((stack) => stack.template);
console.log(JSON.stringify({
  import: imported - started,
  build: built - imported,
  synth: synthesized - built,
  total: synthesized - started,
  memory,
  constructs: stacks.flatMap((stack) => stack.node.children).filter(({ node }) => !node.id.endsWith('BootstrapVersion'))
    .flatMap(({ node }) => node.findAll()).length / count,
  resources: templates.flatMap(({ Resources }) => Object.keys(Resources)).length / count,
  template: templates.map((template) => JSON.stringify(template).length).reduce((sum, bytes) => sum + bytes) / count,
  files: Object.keys(require.cache),
}));

function withLibrary() {
  const { SparkEmrServerlessRuntime } = require('cdk-spark-emr-serverless');
  return (stack, id) => {
    const runtime = new SparkEmrServerlessRuntime(stack, `Spark${id}`);
    const executionRole = runtime.createExecutionRole('ExecutionRole');
    const submitter = new iam.Role(stack, `Submitter${id}`, { assumedBy: new iam.AccountRootPrincipal() });
    runtime.grantStartJobExecution(submitter, executionRole.roleArn);
  };
}

/** The same permissions and trust, as one would write them without the library. */
function byHand() {
  const { CfnApplication } = require('aws-cdk-lib/aws-emrserverless');
  return (stack, id) => {
    const application = new CfnApplication(stack, `Spark${id}`, properties(id));
    const executionRole = new iam.Role(stack, `ExecutionRole${id}`, { assumedBy: onBehalfOf(stack, application) });
    addSubmitter(stack, id, application, executionRole);
  };
}

/** The least that any L2 does: it is a construct around the same resources, with the ids of the library. What it does not do is by hand. */
function floor() {
  const { CfnApplication } = require('aws-cdk-lib/aws-emrserverless');
  const { Resource } = require('aws-cdk-lib/core');
  class Application extends Resource {
    constructor(scope, id, props) {
      super(scope, id);
      this.resource = new CfnApplication(this, 'Resource', props);
    }
  }
  return (stack, id) => {
    const application = new Application(stack, `Spark${id}`, properties(id));
    const executionRole = new iam.Role(application, 'ExecutionRole', { assumedBy: onBehalfOf(stack, application.resource) });
    addSubmitter(stack, id, application.resource, executionRole);
  };
}

function properties(id) {
  return { type: 'SPARK', releaseLabel: 'emr-spark-8.2.0', name: `Stack-Spark${id}` };
}

function onBehalfOf(stack, application) {
  return new iam.ServicePrincipal('emr-serverless.amazonaws.com', {
    conditions: {
      StringEquals: { 'aws:SourceAccount': stack.account },
      ArnLike: { 'aws:SourceArn': [application.attrArn, `${application.attrArn}/*`] },
    },
  });
}

function addSubmitter(stack, id, application, executionRole) {
  const submitter = new iam.Role(stack, `Submitter${id}`, { assumedBy: new iam.AccountRootPrincipal() });
  submitter.addToPolicy(new iam.PolicyStatement({
    actions: ['GetApplication', 'StartApplication', 'StartJobRun', 'StopApplication'].map((action) => `emr-serverless:${action}`),
    resources: [application.attrArn],
  }));
  submitter.addToPolicy(new iam.PolicyStatement({
    actions: ['CancelJobRun', 'GetJobRun'].map((action) => `emr-serverless:${action}`),
    resources: [`${application.attrArn}/jobruns/*`],
  }));
  submitter.addToPolicy(new iam.PolicyStatement({
    actions: ['iam:PassRole'],
    resources: [executionRole.roleArn],
    conditions: { StringLike: { 'iam:PassedToService': 'emr-serverless.amazonaws.com' } },
  }));
}
