/** The keys in these are no names of the API. */
const MAPS = ['properties', 'tags', 'logTypes', 'encryptionContext'];

/** What CloudFormation, Step Functions and Scheduler write in capitals, as the API has it. */
export function uncapitalized(value: unknown): unknown {
  if (Array.isArray(value)) { return value.map(uncapitalized); }
  if (typeof value !== 'object' || value === null) { return value; }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => {
    const name = key[0].toLowerCase() + key.slice(1);
    return [name, MAPS.includes(name) ? item : uncapitalized(item)];
  }));
}
