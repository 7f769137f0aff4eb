import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { FeatureUse } from './release-features';
import { patternProblems, Problems } from '../../private/checks';
import { boolean, Fields, text } from '../../private/reading';

/** The tools for interactive work, and the identities that it uses. */
export interface Interactive {
  readonly livyEndpoint?: boolean;
  readonly studio?: boolean;
  readonly sparkConnect?: boolean;
  readonly identityCenterInstanceArn?: string;
}

export const INTERACTIVE: Fields<Interactive> = {
  livyEndpoint: boolean,
  studio: boolean,
  sparkConnect: boolean,
  identityCenterInstanceArn: text,
};

export function interactiveProblems({ identityCenterInstanceArn, livyEndpoint }: Interactive): Problems {
  return [
    ...identityCenterArnProblems(identityCenterInstanceArn),
    ...identityCenterInstanceArn !== undefined && !livyEndpoint
      ? ['`identityCenterInstanceArn` must be given together with `livyEndpoint: true`, because only Livy propagates identities,'
        + ` got: ${livyEndpoint}`]
      : [],
  ];
}

export function identityCenterArnProblems(arn: string | undefined): Problems {
  return patternProblems('identityCenterInstanceArn', arn, 1024, /^arn:aws[a-zA-Z0-9-]*:sso:::instance\/(sso)?ins-[a-zA-Z0-9-.]{16}$/,
    'the ARN of an instance of IAM Identity Center (arn:<partition>:sso:::instance/ssoins-<16 characters>)');
}

export function interactiveFeatures({ livyEndpoint, studio, sparkConnect, identityCenterInstanceArn }: Interactive): FeatureUse[] {
  return [
    ...livyEndpoint ? [{ feature: 'livy', usedBy: '`livyEndpoint`' } as const] : [],
    ...studio ? [{ feature: 'studio', usedBy: '`studio`' } as const] : [],
    ...sparkConnect ? [{ feature: 'sparkConnect', usedBy: '`sparkConnect`' } as const] : [],
    ...identityCenterInstanceArn === undefined ? [] : [{ feature: 'identityCenter', usedBy: '`identityCenterInstanceArn`' } as const],
  ];
}

export function renderInteractive(interactive: Interactive): CfnApplication.InteractiveConfigurationProperty | undefined {
  const { livyEndpoint, studio, sparkConnect } = interactive;
  return livyEndpoint === undefined && studio === undefined && sparkConnect === undefined ? undefined : {
    livyEndpointEnabled: livyEndpoint,
    studioEnabled: studio,
    sessionEnabled: sparkConnect,
  };
}

export function renderIdentityCenter(interactive: Interactive): CfnApplication.IdentityCenterConfigurationProperty | undefined {
  const { identityCenterInstanceArn } = interactive;
  return identityCenterInstanceArn === undefined ? undefined : { identityCenterInstanceArn };
}
