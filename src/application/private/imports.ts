import { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { identityCenterArnProblems } from './interactive';
import { LOGGING, loggingProblems } from './logging';
import { securityGroups } from './network';
import { nameProblems } from './problems';
import { architecture, emrRelease } from './settings';
import { applicationArnProblems } from '../../private/arn';
import { Problems } from '../../private/checks';
import { struct, text } from '../../private/reading';
import { policyTextProblems } from '../../private/rendered';
import type { Architecture } from '../architecture';
import type { EmrRelease } from '../emr-release';
import type { LoggingOptions } from '../logging';

/** The attributes of an existing application. */
export interface ImportedApplication extends LoggingOptions {
  readonly applicationArn?: string;
  readonly applicationId?: string;
  readonly applicationName?: string;
  readonly release?: EmrRelease;
  readonly architecture?: Architecture;
  readonly securityGroups?: ISecurityGroup[];
  readonly identityCenterInstanceArn?: string;
}

export const importedApplication = struct<ImportedApplication>({
  applicationArn: text,
  applicationId: text,
  applicationName: text,
  release: emrRelease,
  architecture,
  securityGroups,
  identityCenterInstanceArn: text,
  ...LOGGING,
});

export function importProblems(attrs: ImportedApplication): Problems {
  const { applicationArn, applicationId } = attrs;
  return [
    ...(applicationArn === undefined) === (applicationId === undefined)
      ? [`exactly one of \`applicationArn\` and \`applicationId\` must be given, got: ${applicationArn === undefined ? 'none' : 'both'}`]
      : [],
    ...applicationArn === undefined ? [] : applicationArnProblems('applicationArn', applicationArn),
    ...policyTextProblems('applicationId', applicationId, 64, /^[0-9a-zA-Z]+$/, '1 to 64 letters and digits'),
    ...nameProblems('applicationName', attrs.applicationName),
    ...loggingProblems(attrs),
    ...identityCenterArnProblems(attrs.identityCenterInstanceArn),
  ];
}
