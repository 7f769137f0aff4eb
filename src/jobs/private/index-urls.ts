import { holdsCredential, namesCredential } from '../../private/credentials';

// URLs of indexes and packages. They may hold credentials: a user and a password, a parameter of the query, or a token in the path.

/** The parts of a URL. Together they are the URL. */
interface Parts {
  readonly scheme: string;
  readonly user: string;
  readonly host: string;
  readonly path: readonly string[];
  readonly query: readonly string[];
  readonly isSigned: boolean;
  readonly fragment: string;
}

/** A URL may have variables in it, which the installers replace, and is no URL for a parser then. */
function partsOf(url: string): Parts {
  const [, scheme = '', rest] = /([^:]*:\/\/)?(.*)/s.exec(url)!;
  const authority = rest.split(/[/?#]/, 1)[0];
  // where something else than a port follows the colon, a password has a slash in it
  const hasPassword = !authority.includes('@') && /^[^[].*:(?!\d*$)/.test(authority);
  const at = (hasPassword ? rest : authority).lastIndexOf('@') + 1;
  const [, path, queryText = '', fragment = ''] = /([^?#]*)(\?[^#]*)?(#.*)?/s.exec(rest.slice(at))!;
  const [host, ...segments] = path.split('/');
  const query = queryText === '' ? [] : queryText.slice(1).split('&');
  const isSigned = query.some((parameter) => /^sig(nature)?$/i.test(nameOf(parameter)));
  return { scheme, user: rest.slice(0, at), host, path: segments, query, isSigned, fragment };
}

/** The kinds of URLs. The parts of the path of an index may be a token where those of a package are a digest. */
export type UrlKind = 'index' | 'package';

/** The URL, as far as it tells which index or which package it is. */
export function withoutCredentials(url: string, kind: UrlKind): string {
  const parts = partsOf(url);
  const query = parts.query.filter((parameter) => !isSecretParameter(parameter, parts));
  return [parts.scheme, [parts.host, ...parts.path.map((_, i) => isToken(i, parts, kind) ? '' : parts.path[i])].join('/'),
    query.length === 0 ? '' : `?${query.join('&')}`, parts.fragment].join('');
}

/** A lock file or a configuration with what its URLs say. */
export function urlsWithoutCredentials(toml: string): string {
  return toml.replace(/:\/\/[^\s"']+/g, (url) => withoutCredentials(url, /\/simple\/?$/.test(url) ? 'index' : 'package'));
}

/** The URL with something else in place of each credential. */
export function withCredentials(url: string, kind: UrlKind, replace: (credential: string) => string): string {
  const parts = partsOf(url);
  const query = parts.query.map((parameter) => {
    const valueAt = parameter.indexOf('=') + 1;
    return isSecretParameter(parameter, parts) ? `${parameter.slice(0, valueAt)}${replace(parameter.slice(valueAt))}` : parameter;
  });
  return [parts.scheme, parts.user === '' ? '' : `${replace(parts.user.slice(0, -1))}@`,
    [parts.host, ...parts.path.map((segment, i) => isToken(i, parts, kind) ? replace(segment) : segment)].join('/'),
    query.length === 0 ? '' : `?${query.join('&')}`, parts.fragment].join('');
}

/** Parameters of signatures. Those of the second group are usual names too, and count with a signature only. */
const SIGNATURE = /^(sig|signature|x-(amz|goog|oss|cos)-.*|auth|authorization|jwt|sas|pat)$/i;
const WITH_SIGNATURE = /^(expires|policy|key-pair-id|awsaccesskeyid|googleaccessid|s[evprt]|spr|sip|skt|ske|sks|skv|skoid|sktid)$/i;

function isSecretParameter(parameter: string, { isSigned }: Parts): boolean {
  const name = nameOf(parameter);
  return SIGNATURE.test(name) || namesCredential(name) || holdsCredential(decoded(parameter))
    || (isSigned && WITH_SIGNATURE.test(name));
}

function nameOf(parameter: string): string {
  return decoded(parameter.split('=', 1)[0]);
}

/** Services whose URLs may begin with a token: Gemfury and packagecloud. */
const TOKEN_FIRST = ['pypi.fury.io', 'packagecloud.io'];

function isToken(i: number, { host, path }: Parts, kind: UrlKind): boolean {
  const segment = decoded(path[i]);
  if (i === 0 && host === 'dl.cloudsmith.io') { return !['public', 'basic'].includes(segment); }
  const mayBeRandom = kind === 'package' && !(i === 0 && TOKEN_FIRST.includes(host));
  return segment.length >= 16 && (holdsCredential(segment) || (!mayBeRandom && looksRandom(segment)));
}

/** Names are not like this, and neither are the UUIDs by which Azure DevOps knows feeds. */
function looksRandom(text: string): boolean {
  return /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w-]+$|^[0-9a-f]{32,}$/.test(text);
}

/** The text with the host and the last part of each URL only. A URL ends at a blank, because a password may have any other character. */
export function withoutUrls(text: string): string {
  return text.replace(/:\/\/(\S*)/g, (_, rest: string) => {
    const [authority, ...path] = rest.replace(/[?#].*/, '').split('/');
    const last = path.filter((part) => part !== '').pop();
    const host = authority.slice(authority.lastIndexOf('@') + 1);
    // a password may have a slash in it, and then the host is in the path
    if (path.some((part) => part.includes('@'))) { return '://…'; }
    return `://${host}${last === undefined ? '' : `/…/${last}`}`;
  });
}

/** These words of paths say nothing, and messages need them. */
const USUAL = ['simple', 'pypi', 'python', 'repository', 'packages'];

/** The user, the password, the query and the parts of the path of each URL of an index in a text, as they are written and decoded. */
export function secretParts(text: string): string[] {
  return [...text.matchAll(/:\/\/(\S*)/g)].flatMap(([, rest]) => {
    const at = rest.lastIndexOf('@');
    const [path, ...query] = rest.slice(at + 1).split(/[?#]/);
    const user = rest.slice(0, Math.max(at, 0));
    const colon = user.indexOf(':');
    const userParts = colon < 0 ? [user] : [user, user.slice(0, colon), user.slice(colon + 1)];
    const pathParts = path.split('/').slice(1).filter((part) => !USUAL.includes(part));
    return [...userParts, ...pathParts, ...query].flatMap(withDecoded);
  });
}

export function withDecoded(text: string): string[] {
  return [text, decoded(text)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
