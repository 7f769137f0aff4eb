import { Warning } from '../../private/annotations';
import { isLiteral, shown } from '../../private/checks';
import { holdsCredential, isCredential } from '../../private/credentials';
import { ApplicationConfiguration } from '../application-configuration';

/** Everybody who may describe the stack, and the application or the job run, can read the values. */
export function credentialWarnings(
  configurations: ApplicationConfiguration[],
  described: 'application' | 'job run' = 'application',
): Warning[] {
  const properties = configurations.flatMap(allProperties);
  const resolved = properties.filter(([, value]) => RESOLVED_BY_CLOUDFORMATION.test(value));
  const plain = properties.filter(([key, value]) => !RESOLVED_BY_CLOUDFORMATION.test(value) && isPlainText(key, value));
  return [
    ...plain.length === 0 ? [] : [{
      id: 'plainTextCredential',
      message: `${keysOf(plain)} looks like a credential in plain text, readable in the template and to everybody`
        + ` who may describe the ${described}. Keep it in AWS Secrets Manager and give EMR.secret@<name of the secret>`,
    }],
    ...resolved.length === 0 ? [] : [{
      id: 'resolvedCredential',
      message: `CloudFormation writes the secret of ${keysOf(resolved)} into the ${described}, readable to everybody who may describe the`
        + ` ${described}. Give EMR.secret@<name of the secret>, which EMR Serverless resolves for the job`,
    }],
  ];
}

/** A dynamic reference, such as the one of `secret.secretValue.unsafeUnwrap()`. */
const RESOLVED_BY_CLOUDFORMATION = /\{\{resolve:(secretsmanager|ssm-secure):/;

/** What a token stands for is not known. Only the shape of the text around it tells then. */
function isPlainText(key: string, value: string): boolean {
  return isLiteral(value) ? isCredential(key, value) : holdsCredential(value);
}

function allProperties({ properties = {}, configurations = [] }: ApplicationConfiguration): [string, string][] {
  return [...Object.entries(properties), ...configurations.flatMap(allProperties)];
}

function keysOf(properties: [string, string][]): string {
  return properties.map(([key]) => shown(key)).join(', ');
}
