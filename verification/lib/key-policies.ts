import { Deployment, Place, urlSuffix } from './deployment';
import { Cell, ENCRYPTION_CONTEXT } from './iam';
import { actionsWith } from './iam-reference';
import { AskedThing } from './log-destinations';
import { applications, OTHER_ACCOUNT } from './matrix';
import { KEY_POLICIES, LogWriter, Thing } from './permissions';

const SERVICES: { readonly [by in LogWriter]: (place: Place) => string } = {
  'EMR Serverless': () => 'emr-serverless.amazonaws.com',
  'CloudWatch Logs': (place) => `logs.${place.region}.${urlSuffix(place)}`,
};

/** Who must not have the keys, whomever they act for. */
const STRANGERS = ['lambda.amazonaws.com', 'ops.emr-serverless.amazonaws.com', 'logs.amazonaws.com'];

/** What CDK itself writes into the policy of a key: the account that owns it decides by its own policies. */
const OWN_ACCOUNT = 'a role of the account that owns it';

/** Everything that services and roles may do with the keys by the policies of these, where no other policy allows it. */
export async function keyPolicyCells(keys: AskedThing[], { place }: Deployment, applicationArn: string): Promise<Cell[]> {
  const withEncryptionContext = new Set(await actionsWith('kms', ENCRYPTION_CONTEXT));
  const contextOf = (by: LogWriter, action: string, context: Record<string, string>) =>
    by === 'EMR Serverless' || withEncryptionContext.has(action) ? context : {};

  const cell = (
    who: string, { what, arn, policy }: AskedThing, action: string, principal: string, context: Record<string, string>, isAllowed = false,
  ): Cell => ({
    what: `${action} with ${what} by ${who}`,
    question: { principal, action, resource: arn, resourcePolicy: policy, context },
    expected: isAllowed ? 'allowed' : 'denied',
  });

  return KEY_POLICIES.flatMap(({ by, of, for: whom, actions }) => keys.flatMap((key) => {
    const sources = SOURCES[by](place, applicationArn);
    const services = Object.entries(sources).flatMap(([source, context]) => (source === whom ? key.actions : actions).map((action) =>
      cell(`${by} for ${source}`, key, action, SERVICES[by](place), contextOf(by, action, context),
        of.includes(key.what as Thing) && source === whom && actions.includes(action))));
    const strangers = STRANGERS.flatMap((principal) => actions.map((action) =>
      cell(`${principal} for ${whom}`, key, action, principal, contextOf(by, action, sources[whom]))));
    const roles = Object.entries({ [OWN_ACCOUNT]: place.account, 'a role of another account': OTHER_ACCOUNT }).flatMap(([who, account]) =>
      actions.map((action) => cell(who, key, action, `arn:${place.partition}:iam::${account}:role/Admin`, contextOf(by, action, sources[whom]))));
    return [...services, ...strangers, ...roles];
  }));
}

/** For whom a service may say that it asks. */
const SOURCES: {
  readonly [by in LogWriter]: (place: Place, applicationArn: string) => { readonly [source: string]: Record<string, string> }
} = {
  'EMR Serverless': (_, applicationArn) => {
    const arns = applications(applicationArn);
    return {
      'an application of the account and Region': { 'aws:SourceArn': arns['this application'] },
      'an application of another Region': { 'aws:SourceArn': arns['the same id in another Region'] },
      'an application of another account': { 'aws:SourceArn': arns['the same id in another account'] },
      'nobody named': {},
    };
  },
  'CloudWatch Logs': ({ partition, region, account }) => {
    const logGroup = (ofRegion: string, ofAccount: string) =>
      ({ [ENCRYPTION_CONTEXT]: `arn:${partition}:logs:${ofRegion}:${ofAccount}:log-group:LogGroup` });
    return {
      'a log group of the account and Region': logGroup(region, account),
      'a log group of another Region': logGroup('xx-other-1', account),
      'a log group of another account': logGroup(region, OTHER_ACCOUNT),
      'nobody named': {},
    };
  },
};
