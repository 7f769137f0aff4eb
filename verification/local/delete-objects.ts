import { escaped } from './refusal';

/** An object that DeleteObjects is to delete. */
export interface ToDelete {
  readonly key: string;
  readonly versionId?: string;
  /** Its part of the request. */
  readonly xml: string;
}

const OBJECT = /<Object(?:\s[^>]*)?>.*?<\/Object>/gs;

export function objectsToDelete(request: string): ToDelete[] {
  return [...request.matchAll(OBJECT)].map(([xml]) => ({ xml, key: element('Key', xml)!, versionId: element('VersionId', xml) }));
}

function element(name: string, xml: string): string | undefined {
  const [, text] = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(xml) ?? [];
  return text && unescaped(text);
}

const ENTITIES: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: '\'' };

function unescaped(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (entity, hex, decimal, name) =>
    hex ? String.fromCodePoint(parseInt(hex, 16)) : decimal ? String.fromCodePoint(Number(decimal)) : ENTITIES[name] ?? entity);
}

/** The request without what IAM does not let the caller delete. */
export function requestWithout(request: string, denied: readonly ToDelete[]): string {
  return denied.reduce((rest, { xml }) => rest.replace(xml, () => ''), request);
}

/** S3 says of each object what came of it. */
export function answerWith(answer: string, denied: readonly { object: ToDelete; message: string }[]): string {
  const errors = denied.map(({ object: { key, versionId }, message }) => `<Error><Key>${escaped(key)}</Key>`
    + (versionId ? `<VersionId>${escaped(versionId)}</VersionId>` : '')
    + `<Code>AccessDenied</Code><Message>${escaped(message)}</Message></Error>`).join('');
  return /<DeleteResult[^>]*\/>/.test(answer)
    ? answer.replace(/<DeleteResult([^>]*)\/>/, (_, attributes) => `<DeleteResult${attributes}>${errors}</DeleteResult>`)
    : answer.replace('</DeleteResult>', () => `${errors}</DeleteResult>`);
}

export const NOTHING_DELETED = '<?xml version="1.0" encoding="UTF-8"?>\n'
  + '<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></DeleteResult>';
