import { escaped } from './refusal';

/** An object that DeleteObjects is to delete. */
export interface ToDelete {
  readonly key: string;
  readonly versionId?: string;
}

/** What DeleteObjects is to do. */
export interface Deletion {
  readonly objects: readonly ToDelete[];
  readonly quiet: boolean;
}

const TEXT = '[^<>]*';
const ONE = `<(?:Key|VersionId)>${TEXT}</\\w+>`;
const CONTENT = `(?:\\s|<Quiet>${TEXT}</Quiet>|<Object>(?:\\s|${ONE})*</Object>)*`;
const REQUEST = new RegExp(`^\\s*(?:<\\?xml[^<>]*\\?>)?\\s*<Delete(?: xmlns="[^"<>]*")?>(${CONTENT})</Delete>\\s*$`);

/** Undefined for what is not written as SDKs write it: comments, sections and the like may be read in more than one way. */
export function deletionOf(request: string): Deletion | undefined {
  const [, content] = REQUEST.exec(request) ?? [];
  if (content === undefined) { return undefined; }
  const objects = [...content.matchAll(/<Object>(.*?)<\/Object>/gs)].map(([, xml]) => {
    const elements = [...xml.matchAll(/<(\w+)>([^<>]*)<\/(\w+)>/g)];
    const names = elements.map(([, name]) => name);
    const isPlain = elements.every(([, opened, , closed]) => opened === closed) && new Set(names).size === names.length;
    const value = (wanted: string) => elements.filter(([, name]) => name === wanted).map(([, , text]) => unescaped(text))[0];
    return isPlain && value('Key') ? { key: value('Key'), versionId: value('VersionId') } : undefined;
  });
  if (objects.length === 0 || objects.includes(undefined)) { return undefined; }
  return { objects: objects as ToDelete[], quiet: /<Quiet>\s*true\s*<\/Quiet>/i.test(content) };
}

/** The request that S3 gets: of what was judged, and of nothing else. */
export function requestOf({ objects, quiet }: Deletion): string {
  const rendered = objects.map(({ key, versionId }) =>
    `<Object><Key>${exact(key)}</Key>${versionId ? `<VersionId>${exact(versionId)}</VersionId>` : ''}</Object>`);
  return `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${rendered.join('')}${quiet ? '<Quiet>true</Quiet>' : ''}</Delete>`;
}

/** XML takes one kind of white space for another unless it is a reference. */
function exact(text: string): string {
  return escaped(text).replace(/[\t\r\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const ENTITIES: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: '\'' };

function unescaped(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (entity, hex, decimal, name) => {
    if (name) { return Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : entity; }
    const code = hex ? parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
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
