'use strict';

const fs = require('node:fs');
const path = require('node:path');

/**
 * Everything that CDK's validation of the CloudFormation templates found, warnings included, as lines to print.
 *
 * A missing report is an error: it means that nothing was validated.
 */
function findings(cloudAssembly) {
  const file = path.join(cloudAssembly, 'validation-report.json');
  if (!fs.existsSync(file)) {
    throw new Error(`${file} is missing: the templates were not validated (aws-cdk-lib 2.262 or later is needed, and CDK_VALIDATION must not be false)`);
  }
  const { pluginReports } = JSON.parse(fs.readFileSync(file, 'utf8'));
  return pluginReports.flatMap(({ violations }) => violations).flatMap(({ severity, ruleName, description, violatingConstructs }) => {
    const places = violatingConstructs.map(({ constructPath }) => ` at ${constructPath}`);
    // what is found in no construct is found all the same
    return (places.length > 0 ? places : ['']).map((place) => `${severity} ${ruleName}${place}: ${description}`);
  });
}

module.exports = { findings };
