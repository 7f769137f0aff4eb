import { isLiteral } from '../../private/checks';
import { ApplicationConfiguration } from '../application-configuration';

/**
 * Whether a key names a credential, going by its last words: `spark.hadoop.fs.s3a.secret.key` does, `…aws.credentials.provider` does not.
 */
export function isCredential(key: string): boolean {
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1.$2').toLowerCase().split(/[^a-z0-9]+/);
  const tail = words.slice(-2).join('');
  return /(password|passwd|pwd|passphrase|jaasconfig|secret|token|credential|credentials|(access|private|secret|account|api|encryption)key)$/.test(tail)
    // Azure puts the name of the storage account behind
    || /account\.key\.|client\.secret\./.test(key.toLowerCase());
}

/** The properties that hold a credential in plain text. */
export function plainTextCredentials(configurations: ApplicationConfiguration[] = []): string[] {
  return configurations.flatMap(({ properties, configurations: inner }) => [
    ...Object.entries(properties ?? {})
      .filter(([key, value]) => isCredential(key) && isLiteral(value) && !value.startsWith('EMR.secret@') && !/^(true|false)$/.test(value))
      .map(([key]) => key),
    ...plainTextCredentials(inner),
  ]);
}
