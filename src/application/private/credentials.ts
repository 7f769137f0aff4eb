import { Warning } from '../../private/annotations';
import { isLiteral } from '../../private/checks';
import { ApplicationConfiguration } from '../application-configuration';

/**
 * Whether the last words of a key name a credential. `spark.hadoop.fs.s3a.secret.key` names one, `…aws.credentials.provider` does not.
 */
export function isCredential(key: string): boolean {
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1.$2').toLowerCase().split(/[^a-z0-9]+/);
  const tail = words.slice(-2).join('');
  return /(password|passwd|pwd|passphrase|jaasconfig|secret|token|credential|credentials|(access|private|secret|account|api|encryption)key)$/.test(tail)
    // in the keys of Azure, the name of the storage account follows
    || /account\.key\.|client\.secret\./.test(key.toLowerCase());
}

/** Everybody who may describe the stack or the application can read the values. */
export function credentialWarnings(configurations: ApplicationConfiguration[]): Warning[] {
  const keys = plainTextCredentials(configurations);
  return keys.length === 0 ? [] : [{
    id: 'plainTextCredential',
    message: `${keys.map((key) => `"${key}"`).join(', ')} looks like a credential in plain text, readable in the template and to everybody`
      + ' who may describe the application. Keep it in AWS Secrets Manager and give EMR.secret@<name of the secret>',
  }];
}

function plainTextCredentials(configurations: ApplicationConfiguration[] = []): string[] {
  return configurations.flatMap(({ properties, configurations: inner }) => [
    ...Object.entries(properties ?? {})
      .filter(([key, value]) => isCredential(key) && isLiteral(value) && !value.startsWith('EMR.secret@') && !/^(true|false)$/.test(value))
      .map(([key]) => key),
    ...plainTextCredentials(inner),
  ]);
}
