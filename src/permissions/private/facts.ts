import type { ApplicationFacts } from '../../application/private/facts';

/** An application of this library. It knows more about itself than the CloudFormation resource does. */
interface KnownApplication {
  _facts(): ApplicationFacts;
}

/** What the library knows about an application. It is undefined for an application that was made without this library. */
export function factsOf(application: object): ApplicationFacts | undefined {
  return isKnown(application) ? application._facts() : undefined;
}

function isKnown(application: object): application is KnownApplication {
  return '_facts' in application;
}
