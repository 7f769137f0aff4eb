const report: { findings(cloudAssembly: string): string[] } = require('../../scripts/lib/validation-report');

/** Turns CDK's validation on, which other tests run without. Findings are errors, and go to the report instead of ending the synthesis. */
export function withValidation(): Record<string, boolean> {
  process.env.CDK_VALIDATION = 'true';
  return { '@aws-cdk/core:validateAgainstDefaultRules': true, '@aws-cdk/core:failSynthOnValidationErrors': false };
}

/** Everything in the report of a cloud assembly, warnings included; without a report, an error. */
export const findings = report.findings;
